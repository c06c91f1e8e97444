// A sign-in behind a screen: what the screen shows, and what its buttons do. It has nothing of SwiftUI in it, so it is tested
// where there is none; `SignInView.swift` is a screen for it.

import InteractionCode
import Observation

/// The state of one sign-in screen. All of it is of the main actor; what waits, waits elsewhere.
@MainActor
@Observable
public final class SignInModel {
    /// What the server asks now: show its forms.
    public private(set) var step: Step?
    /// What the server says to the person: the messages of the step.
    public var messages: [StepMessage] { step?.messages ?? [] }
    /// The number to choose in the other app. Show it whenever there is one.
    public var number: String? { step?.numberChallenge }
    /// Whether a request is under way: show that, and disable the buttons.
    public private(set) var isBusy = false
    /// Whether something is waited for that happens elsewhere: a push, a link in a mail.
    public private(set) var isWaiting = false
    /// Why the last call failed, for the person to read.
    public private(set) var failure: String?
    /// Who signed in: the sign-in is over. Keep them in the keychain.
    public private(set) var tokens: Tokens?

    private let client: Client
    private var signIn: SignIn?
    private var work: Task<Void, Never>?

    public init(client: Client) { self.client = client }

    /// Starts, or starts anew.
    public func start() {
        perform { [client] _ in try await client.start() }
    }

    /// Sends an answer: `model.submit(form.answer().setting(path: field.path, text: text))`.
    public func submit(_ answer: Answer) {
        onSignIn { try await $0.proceed(answer: answer) }
    }

    /// Sends the code or the push again.
    public func resend() {
        onSignIn { try await $0.resend() }
    }

    /// Back to the first page.
    public func back() {
        onSignIn { try await $0.cancel() }
    }

    /// Ends what is under way: the screen is going away. `start` begins anew.
    public func cancel() {
        work?.cancel()
    }

    private func onSignIn(_ call: @escaping @Sendable (SignIn) async throws -> Step) {
        perform { signIn in
            guard let signIn else { return nil }
            _ = try await call(signIn)
            return signIn
        }
    }

    /// One thing at a time: what waits is ended first, and then this is done.
    private func perform(_ call: @escaping @Sendable (SignIn?) async throws -> SignIn?) {
        guard !isBusy else { return }
        let before = work
        before?.cancel()
        isBusy = true
        failure = nil
        work = Task {
            await before?.value
            do {
                signIn = try await call(signIn)
                try await follow()
            } catch is CancellationError {
                // The person, or the screen, has gone another way.
            } catch {
                failure = error.localizedDescription
            }
            isBusy = false
            isWaiting = false
        }
    }

    /// Shows the step; while it can be polled, waits for the next one. Tokens at the end.
    private func follow() async throws {
        guard let signIn else { return }
        for try await next in signIn.steps {
            step = next
            guard next.pollIntervalMs != nil else { return }
            isBusy = false
            isWaiting = true
        }
        isBusy = true
        tokens = try await signIn.finish()
        step = nil
    }
}
