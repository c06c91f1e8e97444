// `for try await step in signIn.steps`.

import Foundation
import InteractionCode
import XCTest

final class StepsTests: OrgTest, @unchecked Sendable {
    func testEachStepComesOnceAndTheLoopEndsWhenTheSignInIsComplete() async throws {
        let signIn = try await org.client("app-push").start()
        let ada = Ada()
        var (ids, approved) = ([Int64](), false)
        for try await step in signIn.steps {
            ids.append(step.id)
            if let number = step.numberChallenge {
                // Left as it is: the sequence polls.
                if !approved { try org.approve(number) }
                approved = true
            } else if case .proceed(let answer) = try await ada.byDefault(step) {
                try await signIn.proceed(answer: answer)
            }
        }
        XCTAssertTrue(approved && ada.seen.now.contains("incorrectPassword"))
        XCTAssertEqual(Set(ids).count, ids.count)
        for try await _ in signIn.steps { XCTFail("it is complete") }
        let tokens = try await signIn.finish()
        XCTAssertEqual(tokens.email, user)
    }

    func testAStepThatGotNoAnswerIsAMisuse() async throws {
        let signIn = try await org.client().start()
        var count = 0
        let error = try await failure { for try await _ in signIn.steps { count += 1 } }
        guard case SignInError.misuse(let details) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(details.kind, "invalid_state")
        XCTAssertEqual(count, 1)
    }

    func testAfterACallThatFailedTheSameStepComesAgain() async throws {
        let transport = Recorder(before: { if $0 == 3 { throw TransportError.network(reason: "made to fail", maybeSent: false) } })
        let signIn = try await org.client(transport: transport).start()
        var (ids, failures) = ([Int64](), 0)
        for try await step in signIn.steps {
            ids.append(step.id)
            guard let form = step.remediation(name: "identify") else { break }
            do {
                try await signIn.proceed(answer: form.answer().setting(path: "identifier", text: user))
            } catch SignInError.unreachable {
                failures += 1
            }
        }
        XCTAssertEqual(failures, 1)
        XCTAssertEqual(ids.count, 3)
        XCTAssertEqual(ids[0], ids[1])
    }

    func testAStepFromWhichNothingLeadsOnEndsTheLoop() async throws {
        let transport = changing { document in
            document = [
                "version": "1.0.0",
                "messages": ["type": "array", "value": [["message": "No.", "class": "ERROR", "i18n": ["key": "key.no"]]]],
            ]
        }
        let signIn = try await org.client(transport: transport).start()
        var seen: [String] = []
        let error = try await failure { for try await step in signIn.steps { seen += step.messages.map(\.text) } }
        guard case SignInError.ended(let details) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(seen, ["No."])
        XCTAssertEqual(details.serverMessages.map(\.key), ["key.no"])
    }
}
