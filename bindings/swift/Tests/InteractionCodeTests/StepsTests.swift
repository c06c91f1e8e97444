// `for try await step in signIn.steps()`.

import Foundation
import InteractionCode
import XCTest

final class StepsTests: OrgTest, @unchecked Sendable {
    func testEachStepComesOnceAndTheLoopEndsWhenTheSignInIsComplete() async throws {
        let signIn = try await org.client("app-push").start()
        let ada = Ada()
        var (seen, approved) = ([Step](), false)
        for try await step in signIn.steps() {
            XCTAssertFalse(try seen.contains { try $0.isSame(other: step) })
            seen.append(step)
            if let number = try step.numberChallenge() {
                // Left as it is: the sequence polls.
                if !approved { try org.approve(number) }
                approved = true
            } else if case .take(let draft, let way) = try await ada.byDefault(step) {
                try await signIn.take(draft: draft, way: way)
            }
        }
        XCTAssertTrue(approved && ada.seen.now.contains("incorrectPassword"))
        for try await _ in signIn.steps() { XCTFail("it is complete") }
        XCTAssertEqual(try signIn.ending()?.kind, .signedIn)
        let tokens = try await signIn.finish()
        XCTAssertEqual(tokens.email, user)
    }

    func testAStepThatGotNoAnswerIsAMisuse() async throws {
        let signIn = try await org.client().start()
        var count = 0
        let error = try await failure { for try await _ in signIn.steps() { count += 1 } }
        guard case SignInError.misuse(let details) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(details.kind, .invalidState)
        XCTAssertEqual(count, 1)
    }

    func testAfterACallThatFailedTheSameStepComesAgain() async throws {
        let transport = Recorder(before: { if $0 == 3 { throw TransportError.network(reason: "made to fail", maybeSent: false) } })
        let signIn = try await org.client(transport: transport).start()
        var (seen, failures) = ([Step](), 0)
        for try await step in signIn.steps() {
            seen.append(step)
            guard try step.offers(kind: .identify) else { break }
            do {
                try await signIn.proceed(answer: step.answerNamed(name: "identify").setting(path: "identifier", text: user))
            } catch SignInError.unreachable {
                failures += 1
            }
        }
        XCTAssertEqual(failures, 1)
        XCTAssertEqual(seen.count, 3)
        XCTAssertTrue(try seen[0].isSame(other: seen[1]))
    }

    func testTheTimeOfAWaitIsTheCallers() async throws {
        let signIn = try org.waitingForPush()
        var count = 0
        let late = try await failure { for try await _ in signIn.steps(call: CallOptions(timeoutMs: 300)) { count += 1 } }
        guard case SignInError.timedOut = late else { return XCTFail("\(late)") }
        XCTAssertEqual(count, 1)
        // The loop is entered again, and the wait goes on.
        try org.approve(signIn.step().numberChallenge())
        for try await _ in signIn.steps() { count += 1 }
        XCTAssertEqual(count, 1)
        XCTAssertTrue(try signIn.isComplete())
    }

    func testAStepFromWhichNothingLeadsOnEndsTheLoop() async throws {
        let transport = changing { document in
            document = [
                "version": "1.0.0",
                "messages": ["type": "array", "value": [["message": "No.", "class": "ERROR", "i18n": ["key": "key.no"]]]],
            ]
        }
        let signIn = try await org.client(transport: transport).start()
        for try await _ in signIn.steps() { XCTFail("it has ended") }
        XCTAssertEqual(try signIn.ending()?.good, false)
        XCTAssertEqual(try signIn.screen().notices.map(\.phrase.text), ["No."])
        let error = try await failure { try await signIn.run(Ada()) }
        guard case SignInError.ended(let details) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(details.serverMessages.map(\.key), ["key.no"])
    }
}
