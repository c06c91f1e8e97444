// The steps of a sign-in as a sequence: `for try await step in signIn.steps()`.

extension SignIn {
    /// The current step, and then each that follows: `next` as a sequence. The body of the loop answers the step (`take`,
    /// `proceed`, `resend`, …); one that is waited on (a push, a link in a mail) it may leave as it is, and it is polled, each time
    /// by the limits of `call`. After a call that failed, the same step comes again. The sequence ends with the sign-in: `ending`
    /// says how, and `finish` gives the tokens of one that is complete.
    ///
    /// It throws what `next` throws: what a poll throws, `CancellationError` when the task is cancelled, and `SignInError.misuse`
    /// when a step that wants an answer got none. After an error the loop can be entered again.
    public func steps(call: CallOptions? = nil) -> Steps { Steps(signIn: self, call: call) }
}

/// The steps of a sign-in, each once it is asked. Made by `SignIn.steps`.
public struct Steps: AsyncSequence, AsyncIteratorProtocol, Sendable {
    fileprivate let signIn: SignIn
    fileprivate let call: CallOptions?

    public func makeAsyncIterator() -> Steps { self }

    public func next() async throws -> Step? {
        guard case .at(let step) = try await signIn.next(call: call) else { return nil }
        return step
    }
}
