// A sign-in in the terminal, for any policy: it draws each screen, asks for what is in it, and takes the way that is chosen.
//
//     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070     # in another terminal
//     swift run SignInExample http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
import InteractionCode

func main(_ arguments: [String]) async throws {
    if arguments.first == "--render" { return try render(arguments.dropFirst()) }
    guard arguments.count == 3 else { fail("usage: SignInExample ISSUER CLIENT_ID REDIRECT_URI | --render FILE...") }
    let config = ClientConfig(issuer: arguments[0], clientId: arguments[1], redirectUri: arguments[2])
    let signIn = try await Client(config: config, hosts: Hosts(transport: URLSessionTransport())).start()
    for try await _ in signIn.steps() {                             // waits by itself where a screen is left as it is
        let draft = try signIn.draft(), way = draw(try draft.screen())
        do {
            if way.does == .open {
                let came = ask("open \(way.url ?? "") and give the address that it ends at")
                if let code = try await signIn.handleCallback(url: came) { show("type \(code) where you began\n") }
            } else if way.does != .wait, way.does != .launch {
                try fill(draft, way)
                try await signIn.take(draft: draft, way: way.index)
            }
        } catch SignInError.wrongAnswer(let details) {              // nothing was sent: the same screen comes again
            show("! \(details.text)\n")
        }
    }
    guard try signIn.isComplete() else { fail(try signIn.ending()?.phrase.text ?? "it ended") }
    show("signed in: \(try await signIn.finish().subject ?? "")\n")
}

func draw(_ screen: Screen) -> Way {
    show("\n\(screen.title.text)\n" + screen.notices.map { "! \($0.phrase.text)\n" }.joined())
    for element in screen.elements where element.isFront {
        switch element.kind {
        case .field, .choice, .waiting(_, _, _, _, quiet: true): break      // asked for by `fill`; nothing to say
        case .number(let value), .secret(let value, _, _, _), .text(_, let value?, _, _), .picture(_, let value?, _, _, _):
            show("\(element.phrase.text) \(value)\n")
        default: show("\(element.phrase.text)\n")                           // whatever it is
        }
    }
    if let unasked = screen.suggested.unasked { return screen.ways[Int(unasked)] }
    let suggested = screen.suggestedWay, others = screen.ways.filter { !$0.quiet && $0 != suggested }
    return choose("how to go on", (suggested.map { [$0] } ?? []) + others, \.label.text)
}

func fill(_ draft: Draft, _ way: Way) throws {
    while let element = try draft.next(way: way.index) {
        if case .choice(let choice) = element.kind {
            try draft.choose(choice: choice.node, option: choose(choice.label.text, choice.options, \.label.text).index)
        } else if case .field(let input) = element.kind, !input.options.isEmpty {
            try draft.setValue(node: input.node, value: choose(input.label.text, input.options, \.label.text).value)
        } else if case .field(let input) = element.kind {
            let text = ask(input.label.text, hidden: input.secret)          // "true" and "false" for a toggle
            if !text.isEmpty { try draft.setText(node: input.node, text: text) }
            guard case .newPassword(_, let again?, _) = input.ask else { continue }
            try draft.confirm(node: input.node, text: ask(again.text, hidden: true))
        }
    }
}

do { try await main(Array(CommandLine.arguments.dropFirst())) } catch { fail("\(error)") }
