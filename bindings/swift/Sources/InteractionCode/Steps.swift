// The steps of a sign-in as a sequence: `for try await step in signIn.steps`.

extension SignIn {
    /// The current step, and then each that follows. The body of the loop answers the step (`proceed`, `resend`, `skip`, …);
    /// one that is waited on (a push, a link in a mail) it may leave as it is, and it is polled. After a call that failed, the
    /// same step comes again. The sequence ends when the sign-in is complete: then `finish`.
    ///
    /// It throws what a poll throws, `CancellationError` when the task is cancelled, `SignInError.ended` after a step that no
    /// answer leads on from, and `SignInError.misuse` when a step that wants an answer got none. Each `for` begins at the
    /// current step, so after an error the loop can be entered again.
    public var steps: Steps { Steps(signIn: self) }
}

/// The steps of a sign-in, each once it is asked. Made by `SignIn.steps`.
public struct Steps: AsyncSequence, AsyncIteratorProtocol, Sendable {
    fileprivate let signIn: SignIn
    fileprivate var last: (id: Int64, requests: Int64)?

    public func makeAsyncIterator() -> Steps { self }

    public mutating func next() async throws -> Step? {
        try Task.checkCancellation()
        if try signIn.isComplete() { return nil }
        var step = try signIn.step()
        if let last, last.id == step.id, try last.requests == signIn.requests() {
            guard step.pollIntervalMs != nil else { throw unanswered(step) }
            step = try await signIn.poll()
            if try signIn.isComplete() { return nil }
        }
        last = try (step.id, signIn.requests())
        return step
    }

    private func unanswered(_ step: Step) -> SignInError {
        let messages = step.messages.map { ServerMessage(key: $0.key, text: $0.text, path: $0.path) }
        return step.isTerminal
            ? .ended(details: ErrorDetails(
                kind: "terminal", code: 71, text: "the sign-in ended without tokens", advice: "restart begins anew",
                httpStatus: step.httpStatus, requestId: step.requestId, serverMessages: messages))
            : .misuse(details: ErrorDetails(
                kind: "invalid_state", code: 22, text: "the step got no answer", advice: "Answer each step, or leave the loop"))
    }
}
