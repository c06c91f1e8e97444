// The app's side of `signIn.run(handler)`: a method for each thing that a server may want of a person.

/// Answers the steps of a sign-in. Implement what your org's policies ask for; what is asked and not implemented ends the
/// run by a `SignInError.app` that names it. Methods may be `async` or not, and of the main actor; one is called at a time.
///
/// What a method throws comes out of `run` as it was, and the sign-in is where it was.
public protocol Handler: AnyObject, Sendable {
    /// What the server says to the person: a wrong password, a code on its way. Decide by `key`, show `text`.
    func show(_ messages: [StepMessage], at step: Step) async throws
    /// The name to sign in with.
    func username(_ field: Field, at step: Step) async throws -> String
    /// A password: the one to sign in with, or a new one (`step.isPasswordChallenge` tells).
    func password(_ field: Field, at step: Step) async throws -> String
    /// A code that was mailed or texted, or that an app shows.
    func code(_ field: Field, at step: Step) async throws -> String
    /// A member of the person's profile; `nil` leaves it out.
    func profile(_ field: Field, at step: Step) async throws -> JsonValue?
    /// One of `field.options`, each of which is an authenticator. Unless implemented, `choose` is asked.
    func chooseAuthenticator(_ field: Field, at step: Step) async throws -> FieldOption
    /// One of `field.options`.
    func choose(_ field: Field, at step: Step) async throws -> FieldOption
    /// Any other value. `nil` leaves the field out, which is what happens to an optional one unless this is implemented.
    func ask(_ field: Field, at step: Step) async throws -> JsonValue?
    /// The number that the person must choose in their app. Called before each poll while the step has one.
    func show(number: String, _ waiting: Waiting) async throws
    /// Told before each poll what is being waited for. Unless implemented: shows the number, and waits on.
    func waiting(_ waiting: Waiting) async throws -> Wait
    /// Opens an address in the person's browser, and gives the URL that the app was opened with afterwards.
    func open(url: String, at step: Step) async throws -> String
    /// Makes a passkey. In: `PublicKeyCredentialCreationOptionsJSON` of Web Authentication. Out: `RegistrationResponseJSON`, with
    /// `response.clientDataJSON` and `response.attestationObject` in base64url.
    func createPasskey(_ request: String, at step: Step) async throws -> String
    /// Signs with a passkey. In: `PublicKeyCredentialRequestOptionsJSON` of Web Authentication. Out: `AuthenticationResponseJSON`,
    /// with `response.clientDataJSON`, `.authenticatorData`, `.signature` and, where there is one, `.userHandle` in base64url.
    func getPasskey(_ request: String, at step: Step) async throws -> String
    /// What to do with a step. Unless implemented: shows its messages, and fills in its first form by the methods above.
    func remediate(_ step: Step) async throws -> Action
}

extension Handler {
    public func show(_ messages: [StepMessage], at step: Step) async throws {}
    public func username(_ field: Field, at step: Step) async throws -> String { throw missing("username", field.path) }
    public func password(_ field: Field, at step: Step) async throws -> String { throw missing("password", field.path) }
    public func code(_ field: Field, at step: Step) async throws -> String { throw missing("code", field.path) }
    public func profile(_ field: Field, at step: Step) async throws -> JsonValue? { try await ask(field, at: step) }
    public func choose(_ field: Field, at step: Step) async throws -> FieldOption { throw missing("choose", field.path) }
    public func chooseAuthenticator(_ field: Field, at step: Step) async throws -> FieldOption { try await choose(field, at: step) }
    public func ask(_ field: Field, at step: Step) async throws -> JsonValue? {
        if field.isRequired { throw missing("ask", field.path) } else { return nil }
    }
    public func show(number: String, _ waiting: Waiting) async throws { throw missing("show(number:)", "a number to show") }
    public func waiting(_ waiting: Waiting) async throws -> Wait {
        if let number = waiting.number { try await show(number: number, waiting) }
        return .continue
    }
    public func open(url: String, at step: Step) async throws -> String { throw missing("open(url:)", "the browser") }
    public func createPasskey(_ request: String, at step: Step) async throws -> String { throw missing("createPasskey", "a passkey") }
    public func getPasskey(_ request: String, at step: Step) async throws -> String { throw missing("getPasskey", "a passkey") }

    public func remediate(_ step: Step) async throws -> Action { try await byDefault(step) }

    /// What `remediate` does unless it is implemented. For an own `remediate`, which leaves to it what it does not care for.
    public func byDefault(_ step: Step) async throws -> Action {
        if !step.messages.isEmpty { try await show(step.messages, at: step) }
        guard let form = step.remediations.first(where: \.isForm) else {
            guard let url = step.remediations.lazy.compactMap(\.navigation).first else { throw missing("remediate", "what is no form") }
            return .callback(url: try await open(url: url, at: step))
        }
        return form.isPollable ? .poll : .proceed(answer: try await filled(form, at: step))
    }

    /// An answer to a form, every field of it asked for by the methods of the handler. For an own `remediate`.
    public func filled(_ form: Remediation, at step: Step) async throws -> Answer {
        guard let wanted = form.passkey else { return try await filled(form.answer(), form.fields, at: step) }
        let creates = wanted.kind == .create
        let made = try await creates ? createPasskey(wanted.json, at: step) : getPasskey(wanted.json, at: step)
        return form.answer().settingPasskey(response: made)
    }

    private func filled(_ begun: Answer, _ fields: [Field], at step: Step) async throws -> Answer {
        var answer = begun
        for field in fields where field.isVisible && (field.isMutable || field.value == nil) {
            if !field.options.isEmpty {
                let authenticators = field.options.contains { !$0.authenticators.isEmpty }
                let option = try await authenticators ? chooseAuthenticator(field, at: step) : choose(field, at: step)
                answer = try await filled(answer.choosing(option: option.id), option.fields, at: step)
            } else if !field.fields.isEmpty {
                answer = try await filled(answer, field.fields, at: step)
            } else if let value = try await value(of: field, at: step) {
                answer = answer.settingField(field: field.id, value: value)
            }
        }
        return answer
    }

    private func value(of field: Field, at step: Step) async throws -> JsonValue? {
        let about = step.currentAuthenticator?.key ?? .password
        switch field.name {
        case "identifier": return .text(text: try await username(field, at: step))
        case "passcode" where about == .password: return .text(text: try await password(field, at: step))
        case "passcode", "totp": return .text(text: try await code(field, at: step))
        default: return try await field.path.hasPrefix("userProfile.") ? profile(field, at: step) : ask(field, at: step)
        }
    }

    private func missing(_ method: String, _ wanted: String) -> SignInError {
        let text = "the handler does not implement \(method), and the server asks for \(wanted)"
        return .app(details: ErrorDetails(text: text, advice: "Implement it in \(type(of: self))"))
    }
}
