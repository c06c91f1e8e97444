// A sign-in in the terminal, in the pull style: the program looks at each step and answers it.
//
//     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070     # in another terminal
//     swift run SignInExample http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
//
// It asks for whatever the server asks, by wire names, so it also answers steps that nobody thought of. A program for
// people hides what is typed where `field.isSecret`.

import Foundation
import InteractionCode

do {
    try await main()
} catch {
    fail("\(error)")
}

func main() async throws {
    guard CommandLine.arguments.count == 4 else { fail("usage: SignInExample ISSUER CLIENT_ID REDIRECT_URI") }
    let config = ClientConfig(
        issuer: CommandLine.arguments[1], clientId: CommandLine.arguments[2], redirectUri: CommandLine.arguments[3])
    let client = try Client(config: config, hosts: Hosts(transport: URLSessionTransport()))
    let signIn = try await client.start()
    for try await step in signIn.steps {
        for message in step.messages {
            show("! \(message.text)\n")
        }
        guard let form = step.remediations.first(where: \.isForm) else { fail("the sign-in ended without tokens") }
        if form.isPollable {
            show("waiting … \(step.numberChallenge.map { "choose \($0) in your app" } ?? "")\n")
            try await signIn.poll()
        } else {
            try await signIn.proceed(answer: fill(form))
        }
    }
    show("signed in: \(try await signIn.finish().subject ?? "")\n")
}

/// Asks for every field of a form.
func fill(_ form: Remediation) -> Answer {
    show("— \(form.name)\n")
    return form.fields.reduce(form.answer(), fillField)
}

func fillField(_ answer: Answer, _ field: Field) -> Answer {
    guard field.isVisible, field.isMutable || field.value == nil else { return answer }
    if !field.options.isEmpty {
        for (number, option) in field.options.enumerated() {
            show("  \(number + 1)) \(option.label ?? "")\n")
        }
        guard let number = Int(ask(field.path)), field.options.indices.contains(number - 1) else {
            fail("that is none of the numbers")
        }
        let option = field.options[number - 1]
        return option.fields.reduce(answer.choosing(option: option.id), fillField)
    }
    if !field.fields.isEmpty {
        return field.fields.reduce(answer, fillField)
    }
    let text = ask(field.label ?? field.path)
    if text.isEmpty {
        return answer
    }
    let value: JsonValue = field.fieldType == .boolean ? .boolean(value: text == "yes") : .text(text: text)
    return answer.settingField(field: field.id, value: value)
}

func ask(_ what: String) -> String {
    show("  \(what): ")
    guard let line = readLine() else { fail("the input is at its end") }
    return line
}

/// Prints at once, also where the output is a pipe.
func show(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}

func fail(_ why: String) -> Never {
    FileHandle.standardError.write(Data("\(why)\n".utf8))
    exit(1)
}
