// Cancelling, letting go, many sign-ins.

import Foundation
import InteractionCode
import XCTest

final class LifeTests: OrgTest, @unchecked Sendable {
    /// The error of a task that does this and is cancelled once a request to `path` was answered.
    private func cancelled(after path: String, _ work: @escaping @Sendable () async throws -> Void) async throws -> any Error {
        let before = try org.requests(path)
        let running = Task { try await work() }
        try await inBackground { _ in try Org.shared.untilRequested(path, after: before) }
        running.cancel()
        let result = try await outcome(of: running)
        return try failure { try result.get() }
    }

    func testCancellingTheTaskEndsAWait() async throws {
        for transport in [nil, URLSessionTransport()] {
            try org.reset()
            let signIn = try org.waitingForPush(transport: transport)
            let error = try await cancelled(after: "/poll") { try await signIn.poll(call: never) }
            XCTAssertTrue(error is CancellationError, "\(error)")
            // Nothing runs on behind it.
            let step = try await signIn.refresh()
            XCTAssertNotNil(try step.numberChallenge())
        }
    }

    func testCancellingTheTaskEndsARunAndALoop() async throws {
        let signIn = try org.waitingForPush()
        final class Patient: Ada, @unchecked Sendable {
            override func showNumber(_ number: String, _ waiting: Waiting) async throws {}
        }
        for work in [
            { _ = try await signIn.run(Patient(), call: never) }, { for try await _ in signIn.steps(call: never) {} },
        ] as [@Sendable () async throws -> Void] {
            let error = try await cancelled(after: "/poll", work)
            XCTAssertTrue(error is CancellationError, "\(error)")
            XCTAssertNotNil(try signIn.step().numberChallenge())
        }
    }

    func testCancellingTheTaskEndsARequest() async throws {
        for own in [false, true] {
            try org.reset()
            let arrived = Signal()
            // The request is under way when its transport has it; the answer comes much later.
            let transport = Recorder(before: { if $0 > 2 { arrived.give() } })
            let signIn = try await org.client(transport: own ? transport : nil).start()
            try org.control("faults", [["path": "/idp/idx/introspect", "kind": "delay", "ms": 600_000]])
            let running = Task { try await signIn.refresh(call: never) }
            if own { try await inBackground { _ in try arrived.take() } }
            running.cancel()
            let result = try await outcome(of: running)
            XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
            try org.control("faults", [Any]())
            let step = try await signIn.refresh()
            XCTAssertTrue(try step.offers(kind: .identify))
        }
    }

    func testATaskThatIsCancelledBeforeItBeginsMakesNoCall() async throws {
        let signIn = try await org.client().start()
        let before = try org.requests()
        let go = Signal()
        let running = Task {
            try await inBackground { _ in try go.take() }
            try await signIn.refresh()
        }
        running.cancel()
        go.give()
        let result = await running.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        XCTAssertEqual(try org.requests(), before)
    }

    func testATokenOfTheAppEndsACallAndIsLeftAlone() async throws {
        let signIn = try org.waitingForPush()
        let token = CancelToken()
        let polls = try org.requests("/poll")
        let running = Task { try await signIn.poll(call: CallOptions(cancel: token, timeoutMs: 600_000)) }
        try await inBackground { _ in try Org.shared.untilRequested("/poll", after: polls) }
        try token.cancel()
        let result = try await outcome(of: running)
        XCTAssertThrowsError(try result.get()) { error in
            guard case SignInError.cancelled = error else { return XCTFail("\(error)") }
        }
        let untouched = CancelToken()
        let error = try await cancelled(after: "/poll") { try await signIn.poll(call: CallOptions(cancel: untouched)) }
        XCTAssertTrue(error is CancellationError)
        XCTAssertFalse(try untouched.isCancelled())
    }

    func testATimeLimitEndsAWait() async throws {
        let signIn = try org.waitingForPush()
        let late = try await failure { try await signIn.poll(call: CallOptions(timeoutMs: 300)) }
        guard case SignInError.timedOut = late else { return XCTFail("\(late)") }
        let negative = try await failure { try await signIn.poll(call: CallOptions(timeoutMs: -1)) }
        guard case SignInError.misuse = negative else { return XCTFail("\(negative)") }
    }

    func testAListenerIsToldOnceAndNotAfterItWasRemoved() throws {
        let (told, removed, late) = (Shared(0), Shared(0), Shared(0))
        let token = CancelToken()
        let registration = try token.onCancel(listener: OnCancel { told.with { $0 += 1 } })
        try token.onCancel(listener: OnCancel { removed.with { $0 += 1 } }).remove()
        try token.cancel()
        try token.cancel()
        _ = try token.onCancel(listener: OnCancel { late.with { $0 += 1 } })
        XCTAssertEqual([told.now, removed.now, late.now], [1, 0, 1])
        XCTAssertTrue(try token.isCancelled())
        try registration.remove()
    }

    func testTheLastReferenceIsLetGoOfWhileACallRuns() async throws {
        let (arrived, go) = (Signal(), Signal())
        let transport = Recorder(before: { number in
            guard number == 3 else { return }
            arrived.give()
            try go.take()
        })
        weak var gone: SignIn?
        var client: Client? = try org.client(transport: transport)
        var signIn = try await client?.start()
        gone = signIn
        // The task has the only reference, and lets go of it while the call runs.
        let running = Task { [held = Shared(signIn)] in
            try await held.with { one in defer { one = nil }; return one.map { one in { try await one.refresh() } } }?()
        }
        (client, signIn) = (nil, nil)
        try await inBackground { _ in try arrived.take() }
        XCTAssertNotNil(gone)
        go.give()
        let step = try await running.value
        XCTAssertEqual(try step?.offers(kind: .identify), true)
        let end = Date(timeIntervalSinceNow: hang)
        while gone != nil, Date() < end { await Task.yield() }
        XCTAssertNil(gone)
    }

    func testLookedAtFromManyThreadsWhileItIsUsedAndLetGoOf() async throws {
        let client = try org.client()
        for _ in 0..<20 {
            let signIn = try await client.start()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { for _ in 0..<50 { _ = try signIn.isComplete() ? nil : signIn.step() } }
                }
                group.addTask { try identify(signIn) }
                try await group.waitForAll()
            }
        }
    }

    /// The memory of the process, in bytes.
    private func resident() throws -> Int {
        let statm = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try XCTUnwrap(Int(statm.split(separator: " ")[1])) * 4096
    }

    func testAThousandSignInsWithoutGrowth() async throws {
        let clients = [try org.client(), try org.client(transport: URLSessionTransport())]
        for number in 0..<200 { try signsIn(clients[number % 2]) }
        let before = try resident()
        for number in 0..<1000 { try signsIn(clients[number % 2]) }
        let grown = try resident() - before
        // One sign-in that is not let go of has 5,000 bytes and more.
        XCTAssertLessThan(grown, 4_000_000)
    }

    func testAThousandAsynchronousCallsAndHandlersWithoutGrowth() async throws {
        let client = try org.client()
        var gone: [Weak] = []
        for number in 0..<300 {
            let (signIn, ada) = (try await client.start(), Ada(mistypes: false))
            _ = try await signIn.run(ada)
            if number % 50 == 0 { gone += [Weak(signIn), Weak(ada)] }
        }
        XCTAssertEqual(gone.compactMap(\.value).count, 0)
    }

    private struct Weak {
        weak var value: AnyObject?
        init(_ value: AnyObject) { self.value = value }
    }
}
