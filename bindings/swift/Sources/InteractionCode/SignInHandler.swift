// The app's side of `signIn.run(handler)`: a method for each thing that a screen may ask for. It draws nothing and knows no rule.

/// Answers each step of a sign-in, by what its screen asks for. Implement what your org's policies ask for. What is not
/// implemented goes to `fill` or `choose`; what these do not answer ends the run by a `SignInError.app` that names it.
///
/// Methods may be `async` or not, and of the main actor; one is called at a time. `nil` leaves an input as it is. Give each the very
/// types that it has here: Swift takes one that gives a `String` in place of a `String?` for another method, without a word. What a
/// method throws comes out of `run` as it was, and the sign-in is where it was.
public protocol SignInHandler: AnyObject, Sendable {
    /// What the server says to the person: a wrong password, a code on its way. Decide by `key`, show `phrase.text`.
    func messages(_ notices: [Notice], on screen: Screen) async throws
    /// The name to sign in with.
    func username(_ input: Input, on screen: Screen) async throws -> String?
    /// The current password.
    func password(_ input: Input, on screen: Screen) async throws -> String?
    /// A new password or PIN; its `ask` has the rules. Unless implemented, `password` is asked.
    func newPassword(_ input: Input, on screen: Screen) async throws -> String?
    /// A code that was mailed or texted, or that an app shows.
    func code(_ input: Input, on screen: Screen) async throws -> String?
    /// An attribute of the person's profile.
    func profile(_ input: Input, on screen: Screen) async throws -> JsonValue?
    /// Any other input: a text (`"true"` and `"17"` do for what is no text), or the value of one of `input.options`. Hide what is
    /// typed where `input.secret`. Unless implemented, an optional one is left as it is.
    func fill(_ input: Input, on screen: Screen) async throws -> JsonValue?
    /// One of `choice.options`, each an authenticator or a way to use it. Unless implemented, `choose` is asked.
    func chooseAuthenticator(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption
    /// One of `choice.options`.
    func choose(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption
    /// Which of `screen.ways` to take where none is suggested.
    func way(on screen: Screen) async throws -> Way
    /// Opens an address in the person's browser, and gives the URL that the app was opened with afterwards.
    func openUrl(_ url: String, on screen: Screen) async throws -> String
    /// Hands an address to the operating system, so that another app opens; the run waits for it.
    func launchUrl(_ url: String, on screen: Screen) async throws
    /// Makes a passkey. In: `PublicKeyCredentialCreationOptionsJSON` of Web Authentication. Out: `RegistrationResponseJSON`, with
    /// `response.clientDataJSON` and `response.attestationObject` in base64url.
    func createPasskey(_ request: String, on screen: Screen) async throws -> String
    /// Signs with a passkey. In: `PublicKeyCredentialRequestOptionsJSON` of Web Authentication. Out: `AuthenticationResponseJSON`,
    /// with `response.clientDataJSON`, `.authenticatorData`, `.signature` and, where there is one, `.userHandle` in base64url.
    func getPasskey(_ request: String, on screen: Screen) async throws -> String
    /// The number that the person must choose in their app. Called before each poll while the step has one.
    func showNumber(_ number: String, _ waiting: Waiting) async throws
    /// Told before each poll what is being waited for. Unless implemented: shows the number, and waits on.
    func waiting(_ waiting: Waiting, at step: Step) async throws -> Wait
    /// A device challenge: what to do when an app on this device can answer it, for example `.poll` once that app was asked. Unless
    /// implemented, and for `nil`, it is given up, and the server offers another way.
    func device(_ step: Step) async throws -> Action?
    /// Shows the code that a link in a mail brought (`Action.callback`), which the person types where they began.
    func showCode(_ code: String) async throws
    /// What to do with a step. Unless implemented: shows its notices, and takes the suggested way of its screen.
    func remediate(_ step: Step) async throws -> Action
}

extension SignInHandler {
    public func messages(_ notices: [Notice], on screen: Screen) async throws {}
    public func username(_ input: Input, on screen: Screen) async throws -> String? { try await text(input, screen) }
    public func password(_ input: Input, on screen: Screen) async throws -> String? { try await text(input, screen) }
    public func newPassword(_ input: Input, on screen: Screen) async throws -> String? { try await password(input, on: screen) }
    public func code(_ input: Input, on screen: Screen) async throws -> String? { try await text(input, screen) }
    public func profile(_ input: Input, on screen: Screen) async throws -> JsonValue? { try await fill(input, on: screen) }
    public func fill(_ input: Input, on screen: Screen) async throws -> JsonValue? {
        if input.required && input.preset == nil { throw missing("fill", input.path) } else { return nil }
    }
    public func chooseAuthenticator(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption {
        try await choose(choice, on: screen)
    }
    public func choose(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption { throw missing("choose", choice.path) }
    public func way(on screen: Screen) async throws -> Way { throw missing("way", "one of \(screen.ways.map(\.label.text))") }
    public func openUrl(_ url: String, on screen: Screen) async throws -> String { throw missing("openUrl", "the browser") }
    public func launchUrl(_ url: String, on screen: Screen) async throws { throw missing("launchUrl", "another app") }
    public func createPasskey(_ request: String, on screen: Screen) async throws -> String { throw missing("createPasskey", "a passkey") }
    public func getPasskey(_ request: String, on screen: Screen) async throws -> String { throw missing("getPasskey", "a passkey") }
    public func showNumber(_ number: String, _ waiting: Waiting) async throws { throw missing("showNumber", "a number to be shown") }
    public func waiting(_ waiting: Waiting, at step: Step) async throws -> Wait {
        if let number = waiting.number { try await showNumber(number, waiting) }
        return .continue
    }

    public func device(_ step: Step) async throws -> Action? { nil }
    public func showCode(_ code: String) async throws { throw missing("showCode", "the code of a mail to be shown") }

    public func remediate(_ step: Step) async throws -> Action { try await byDefault(step) }

    /// What `remediate` does unless it is implemented. For an own `remediate`, which leaves to it what it does not care for.
    public func byDefault(_ step: Step) async throws -> Action {
        let draft = try step.draft(), screen = try draft.screen()
        if !screen.notices.isEmpty { try await messages(screen.notices, on: screen) }
        if screen.suggested.kind == .wait { return .poll }
        let suggested = screen.suggestedWay
        let way = if let suggested { suggested } else { try await self.way(on: screen) }
        switch (way.does, way.url) {
        case (.open, let url?): return .callback(url: try await openUrl(url, on: screen))
        case (.launch, let url?):
            try await launchUrl(url, on: screen)
            return .poll
        default:
            try await filled(draft, by: way, on: screen)
            return .take(draft: draft, way: way.index)
        }
    }

    /// Asks for everything in a way by the methods of the handler. For an own `remediate`.
    public func filled(_ draft: Draft, by way: Way, on screen: Screen) async throws {
        while let element = try draft.next(way: way.index) {
            if case .field(let input) = element.kind {
                try await give(draft, input, screen)
            } else if case .choice(let choice) = element.kind {
                let authenticators = choice.options.contains { $0.key != nil }
                let option = try await authenticators ? chooseAuthenticator(choice, on: screen) : choose(choice, on: screen)
                try draft.choose(choice: choice.node, option: option.index)
            }
        }
    }

    private func give(_ draft: Draft, _ input: Input, _ screen: Screen) async throws {
        let value: JsonValue?
        switch input.ask {
        case .passkey(let make, _, let options):
            guard let options else { return }
            let made = try await make ? createPasskey(options, on: screen) : getPasskey(options, on: screen)
            return try draft.setPasskey(node: input.node, response: made)
        case .username: value = try await username(input, on: screen).map(JsonValue.text)
        case .password: value = try await password(input, on: screen).map(JsonValue.text)
        case .newPassword: value = try await newPassword(input, on: screen).map(JsonValue.text)
        case .code: value = try await code(input, on: screen).map(JsonValue.text)
        case .profile, .email, .phone, .country: value = try await profile(input, on: screen)
        default: value = try await fill(input, on: screen)
        }
        guard let value else { return }
        try draft.setValue(node: input.node, value: value)
        if case .newPassword(_, .some, _) = input.ask, case .text(let text) = value { try draft.confirm(node: input.node, text: text) }
    }

    /// What `fill` says, as the text that goes into the input.
    private func text(_ input: Input, _ screen: Screen) async throws -> String? {
        switch try await fill(input, on: screen) {
        case .text(let text), .json(let text): text
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case nil: nil
        }
    }

    private func missing(_ method: String, _ wanted: String) -> SignInError {
        let text = "the handler does not implement \(method), and the server asks for \(wanted)"
        let advice = "Implement it in \(type(of: self)), with the very types of `SignInHandler`: `String?` is not `String`"
        return .app(details: appFailure(text: text, advice: advice))
    }
}

extension Screen {
    /// The one default among the ways, if there is one.
    public var suggestedWay: Way? { suggested.way.map { ways[Int($0)] } }
}
