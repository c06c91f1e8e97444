// Between the core, which asks on the thread that runs, and a handler, which may be asynchronous.

/// Asks a handler, and waits for it on the thread of `SignIn.run`, which is the library's own; nothing else touches this. Keeps
/// what the handler threw: of an error that is no `SignInError` only the type goes through the core.
final class Asking: RemediationHandler, @unchecked Sendable {
    private let handler: any SignInHandler
    private let cancel: CancelToken?
    private(set) var thrown: (any Error)?

    /// A question that is open when `cancel` is cancelled is given up. Whatever is said to it, the core then ends the call.
    init(_ handler: any SignInHandler, _ cancel: CancelToken?) { (self.handler, self.cancel) = (handler, cancel) }

    func remediate(step: Step) throws -> Action { try wait(.refresh) { try await $0.remediate(step) } }
    func waiting(step: Step, waiting: Waiting) throws -> Wait { try wait(.continue) { try await $0.waiting(waiting, at: step) } }

    func device(step: Step) throws -> Action? { try wait(nil) { try await $0.device(step) } }
    func showCode(code: String) throws { try wait(()) { try await $0.showCode(code) } }

    private func wait<Value: Sendable>(
        _ givenUp: Value, _ work: @escaping @Sendable (any SignInHandler) async throws -> Value
    ) throws -> Value {
        let answer = Once<Result<Value, any Error>>()
        let task = Task { [handler] in
            do { answer.set(.success(try await work(handler))) } catch { answer.set(.failure(error)) }
        }
        let registration = try cancel?.onCancel(listener: OnCancel {
            answer.set(.success(givenUp))
            task.cancel()
        })
        defer { try? registration?.remove() }
        do { return try answer.wait().get() } catch { thrown = error; throw error }
    }
}
