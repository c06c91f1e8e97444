// Waiting without blocking: what the `async` methods stand on. Each call has a thread of its own: the pool of Swift's tasks has
// one for each core and must never be blocked, and a dispatch queue has an end, too.

import Foundation

/// Does any blocking work of this package on a thread of its own: `try await inBackground { try client.start(call: $0) }`.
///
/// When the task is cancelled, the call is: within 200 ms it ends by `CancellationError`, and the sign-in is where it was. A
/// token in `call` ends the work by `SignInError.cancelled`, and is not touched when the task is cancelled.
public func inBackground<Value: Sendable>(
    _ call: CallOptions? = nil, _ work: @escaping @Sendable (CallOptions) throws -> Value
) async throws -> Value {
    try Task.checkCancellation()
    let token = CancelToken()
    let given = try call?.cancel?.onCancel(listener: OnCancel { try? token.cancel() })
    defer { try? given?.remove() }
    let options = CallOptions(cancel: token, timeoutMs: call?.timeoutMs)
    return try await withTaskCancellationHandler {
        do {
            return try await withCheckedThrowingContinuation { waiting in
                let thread = Thread { waiting.resume(with: Result { try work(options) }) }
                (thread.name, thread.stackSize) = ("InteractionCode", 1 << 20)
                thread.start()
            }
        } catch SignInError.cancelled(let details) {
            let byApp = try call?.cancel?.isCancelled() ?? false
            throw Task.isCancelled && !byApp ? CancellationError() : SignInError.cancelled(details: details)
        }
    } onCancel: {
        try? token.cancel()
    }
}

/// A closure that is called once, when a token is cancelled: `try token.onCancel(listener: OnCancel { … })`.
public final class OnCancel: CancelListener {
    private let work: @Sendable () -> Void

    /// `work` is called on the thread that cancels, and must not block.
    public init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    public func cancelled() { work() }
}

extension SignIn {
    /// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. What the handler throws,
    /// whatever it is, comes out as it was, and the sign-in can be run again.
    ///
    /// The handler may take its time, and may be of the main actor. When the task is cancelled while it is asked, the task
    /// that it is asked in is cancelled, and what it says is not waited for.
    public func run(_ handler: any SignInHandler, call: CallOptions? = nil) async throws -> Tokens {
        try await inBackground(call) { options in
            let asking = Asking(handler, options.cancel)
            do { return try self.run(handler: asking, call: options) } catch { throw asking.thrown ?? error }
        }
    }
}
