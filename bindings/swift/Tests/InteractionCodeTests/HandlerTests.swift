// What goes wrong in a handler, and what comes out of the run. Each time the sign-in is where it was.

import Foundation
import InteractionCode
import XCTest

/// Does something else with a step, or with a wait.
private final class Other: Ada, @unchecked Sendable {
    private let step: (@Sendable (Other, Step) async throws -> Action)?
    private let wait: (@Sendable (Waiting) async throws -> Wait)?

    init(
        step: (@Sendable (Other, Step) async throws -> Action)? = nil, wait: (@Sendable (Waiting) async throws -> Wait)? = nil
    ) {
        (self.step, self.wait) = (step, wait)
        super.init(mistypes: false)
    }
    override func remediate(_ step: Step) async throws -> Action {
        if let work = self.step { return try await work(self, step) }
        return try await super.remediate(step)
    }
    override func waiting(_ waiting: Waiting, at step: Step) async throws -> Wait {
        if let wait { return try await wait(waiting) }
        return try await super.waiting(waiting, at: step)
    }
}

final class HandlerTests: OrgTest, @unchecked Sendable {
    /// Runs a handler that does this; the error. The sign-in is then where it was, and is run to its end.
    private func failed(
        step: (@Sendable (Ada, Step) async throws -> Action)? = nil, wait: (@Sendable (Waiting) async throws -> Wait)? = nil
    ) async throws -> any Error {
        let signIn = try await org.client("app-push").start()
        let before = try signIn.step()
        let handler = step.map { step in Other(step: { try await step($0, $1) }) } ?? Other(wait: wait)
        let failed = try await failure { try await signIn.run(handler) }
        if wait == nil { XCTAssertTrue(try signIn.step().isSame(other: before)) }
        let tokens = try await signIn.run(Ada(mistypes: false))
        XCTAssertEqual(tokens.email, user)
        return failed
    }

    func testADeclaredErrorComesOutAsItWas() async throws {
        let thrown = SignInError.ended(details: appFailure(text: "the person went away"))
        let error = try await failed(step: { _, _ in throw thrown })
        XCTAssertEqual(error as? SignInError, thrown)
    }

    func testAnUndeclaredErrorComesOutAsItWas() async throws {
        let error = try await failed(step: { _, _ in throw Odd("hunter2") })
        XCTAssertEqual(error as? Odd, Odd("hunter2"))
        let cancelled = try await failed(step: { _, _ in throw CancellationError() })
        XCTAssertTrue(cancelled is CancellationError)
        let waiting = try await failed(wait: { _ in throw Odd("no patience") })
        XCTAssertEqual(waiting as? Odd, Odd("no patience"))
    }

    func testOfAnUndeclaredErrorOnlyTheTypeGoesThroughTheCore() throws {
        final class Throwing: RemediationHandler {
            func remediate(step: Step) throws -> Action { throw Odd("hunter2") }
            func waiting(step: Step, waiting: Waiting) throws -> Wait { .continue }
            func device(step: Step) throws -> Action? { nil }
            func showCode(code: String) throws {}
        }
        let signIn = try org.client().start()
        let error = try failure { try signIn.run(handler: Throwing()) }
        guard case SignInError.app = error else { return XCTFail("\(type(of: error))") }
        XCTAssertTrue("\(error)".contains("Odd"))
        XCTAssertFalse(String(reflecting: error).contains("hunter2"))
    }

    func testAHandlerThatCallsTheSignInAgainIsToldSo() async throws {
        let signIn = try await org.client().start()
        let told = Shared<[ErrorKind?]>([])
        let tokens = try await signIn.run(Other(step: { ada, step in
            for call in [{ _ = try await signIn.refresh() }, { _ = try await signIn.run(ada) }]
                as [() async throws -> Void]
            {
                let error = try await failure(of: call) as? SignInError
                told.with { $0.append(error?.details.kind) }
            }
            // Looking and saving is never busy.
            guard try signIn.step().isSame(other: step), try !signIn.isComplete(), try !signIn.save().isEmpty else { throw Odd("another step") }
            return try await ada.byDefault(step)
        }))
        XCTAssertEqual(tokens.email, user)
        XCTAssertEqual(Set(told.now), [.busy])
        XCTAssertGreaterThanOrEqual(told.now.count, 4)
    }

    func testAHandlerThatIsOnlyHeldByTheRun() async throws {
        weak var gone: Ada?
        func run(_ signIn: SignIn) async throws -> String? {
            let handler = Ada()
            gone = handler
            return try await signIn.run(handler).email
        }
        let email = try await run(org.client("app-push").start())
        XCTAssertEqual(email, user)
        // The thread of the run ends a moment after its outcome is here.
        let end = Date(timeIntervalSinceNow: hang)
        while gone != nil, Date() < end { await Task.yield() }
        XCTAssertNil(gone)
    }

    func testAHandlerIsLetGoOfWhenItsRunIsCancelled() async throws {
        let asked = Signal()
        weak var gone: Ada?
        let signIn = try await org.client().start()
        do {
            let handler = Other(step: { _, _ in
                asked.give()
                try await Task.sleep(nanoseconds: 600_000_000_000)
                return .poll
            })
            gone = handler
            let running = Task { [handler] in try await signIn.run(handler) }
            try await inBackground { _ in try asked.take() }
            running.cancel()
            let result = try await outcome(of: running)
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError) }
        }
        // Its own task ends a moment later.
        let end = Date(timeIntervalSinceNow: hang)
        while gone != nil, Date() < end { await Task.yield() }
        XCTAssertNil(gone)
        let step = try await signIn.refresh()
        XCTAssertTrue(try step.offers(kind: .identify))
    }

    func testAHandlerThatNeverAnswersDoesNotHoldACancel() async throws {
        let (asked, waiting) = (Signal(), Shared<CheckedContinuation<Void, Never>?>(nil))
        let signIn = try await org.client().start()
        let token = CancelToken()
        let running = Task {
            try await signIn.run(Other(step: { _, _ in
                await withCheckedContinuation { person in
                    waiting.with { $0 = person }
                    asked.give()
                }
                return .refresh
            }), call: CallOptions(cancel: token))
        }
        try await inBackground { _ in try asked.take() }
        try token.cancel()
        let result = try await outcome(of: running)
        // By a token of the app, and not by the task: the error says so.
        XCTAssertThrowsError(try result.get()) { error in
            guard case SignInError.cancelled = error else { return XCTFail("\(type(of: error))") }
        }
        waiting.now?.resume()
    }

    func testCancelByTheHandlerEndsTheRun() async throws {
        let signIn = try await org.client().start()
        let error = try await failure { try await signIn.run(Other(step: { _, _ in .cancel })) }
        guard case SignInError.cancelled = error else { return XCTFail("\(type(of: error))") }
    }

    func testAskingAgainStopsTheWait() async throws {
        let asked = Shared(0)
        let signIn = try await org.client("app-push").start()
        let error = try await failure {
            try await signIn.run(Other(
                step: { ada, step in
                    guard try step.pollIntervalMs() != nil else { return try await ada.byDefault(step) }
                    asked.with { $0 += 1 }
                    return .cancel
                },
                wait: { waiting in
                    guard waiting.number != nil, waiting.intervalMs > 0, waiting.remainingMs > 0 else { throw Odd("\(waiting)") }
                    return .ask
                }))
        }
        guard case SignInError.cancelled = error else { return XCTFail("\(error)") }
        XCTAssertEqual(asked.now, 1)
    }

    func testWhatIsAskedAndNotImplementedIsNamed() async throws {
        final class Empty: SignInHandler {}
        let signIn = try await org.client().start()
        let error = try await failure { try await signIn.run(Empty()) }
        guard case SignInError.app(let details) = error else { return XCTFail("\(type(of: error))") }
        XCTAssertTrue(details.text.contains("fill") && details.text.contains("identifier"), details.text)
        XCTAssertTrue(details.advice.contains("Empty"), details.advice)
    }

    @MainActor
    func testAHandlerMayBeOfTheMainActor() async throws {
        @MainActor
        final class Window: SignInHandler {
            var shown: [String] = []
            func username(_ input: Input, on screen: Screen) -> String? { shown.append(input.path); return user }
            func password(_ input: Input, on screen: Screen) async -> String? {
                shown.append(input.path)
                return InteractionCodeTests.password
            }
        }
        let window = Window()
        let tokens = try await org.client().start().run(window)
        XCTAssertEqual(tokens.email, user)
        XCTAssertEqual(window.shown, ["identifier", "credentials.passcode"])
    }

    func testALogThatFailsIsNobodysToTell() throws {
        final class Log: LogSink {
            let lines = Shared<[String]>([])
            func log(level: LogLevel, text: String) throws {
                lines.with { $0.append(text) }
                throw Odd("disk full")
            }
        }
        let log = Log()
        try identify(org.client(log: log).start())
        XCTAssertTrue(log.lines.now.contains { $0.contains("/identify") })
        XCTAssertFalse(log.lines.now.contains { $0.contains(user) })
    }
}
