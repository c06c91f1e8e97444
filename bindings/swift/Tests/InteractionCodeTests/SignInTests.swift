// Whole sign-ins: by pull, by push, by `async`; a wrong password, a number, another process.

import Foundation
import InteractionCode
import XCTest

final class SignInTests: OrgTest, @unchecked Sendable {
    func testByPullWithAWrongPasswordFirst() throws {
        let signIn = try org.client("app-email").start()
        XCTAssertTrue(try identify(signIn).isPasswordChallenge())
        let refused = try enter(signIn, "wrong")
        XCTAssertTrue(try refused.hasError() && refused.hasMessage(key: .incorrectPassword))
        try enter(signIn)
        try choose(signIn, "okta_email")
        try enter(signIn, org.code())
        XCTAssertTrue(try signIn.isComplete())
        let tokens = try signIn.finish()
        XCTAssertEqual(tokens.email, user)
        XCTAssertFalse(tokens.accessToken.isEmpty || tokens.refreshToken == nil)
        let claims = try JSONSerialization.jsonObject(with: Data(XCTUnwrap(tokens.claims).utf8)) as? [String: Any]
        XCTAssertEqual(tokens.subject, claims?["sub"] as? String)
    }

    func testByPushWithAWrongPasswordFirst() async throws {
        for clientId in ["app-email", "app-push"] {
            try org.reset()
            let ada = Ada()
            let tokens = try await org.client(clientId).start().run(ada)
            XCTAssertEqual(tokens.email, user)
            XCTAssertTrue(ada.seen.now.contains("incorrectPassword"))
            XCTAssertEqual(!ada.numbers.now.isEmpty, clientId == "app-push")
        }
    }

    func testAPhoneIsEnrolledByAHandler() async throws {
        final class Bob: Ada, @unchecked Sendable {
            override func username(_ input: Input, on screen: Screen) async throws -> String? { "bob@example.com" }
            override func choose(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption {
                seen.with { $0.append(choice.path) }
                return choice.options.first { $0.key == "phone_number" } ?? choice.options[0]
            }
            override func profile(_ input: Input, on screen: Screen) async throws -> JsonValue? {
                guard case .phone = input.ask else { throw Odd("\(input.ask)") }
                return .text(text: "+1 555 0199")
            }
            override func code(_ input: Input, on screen: Screen) async throws -> String? {
                try org.list("outbox").last?["code"] as? String
            }
        }
        let bob = Bob(mistypes: false)
        let tokens = try await org.client("app-any").start().run(bob)
        XCTAssertEqual(tokens.email, "bob@example.com")
        XCTAssertFalse(bob.seen.now.isEmpty)
        XCTAssertEqual(try org.list("outbox").last?["kind"] as? String, "sms")
    }

    func testASecurityQuestionIsAnsweredByAHandler() async throws {
        final class Asked: Ada, @unchecked Sendable {
            override func choose(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption {
                try XCTUnwrap(choice.options.first { $0.key == "security_question" })
            }
            override func fill(_ input: Input, on screen: Screen) async throws -> JsonValue? {
                guard case .answer = input.ask else { return nil }
                seen.with { $0.append("question") }
                return .text(text: "mushrooms")
            }
        }
        let ada = Asked(mistypes: false)
        let tokens = try await org.client("app-any").start().run(ada)
        XCTAssertEqual(tokens.email, user)
        XCTAssertEqual(ada.seen.now, ["question"])
    }

    func testByScreenAndDraft() async throws {
        let typed = ["identifier": user, "credentials.passcode": password]
        let signIn = try await org.client().start()
        while case .at = try await signIn.next() {
            let draft = try signIn.draft(), way = try XCTUnwrap(draft.screen().suggestedWay)
            XCTAssertFalse(try draft.problems(way: way.index).isEmpty)
            while case .field(let input)? = try draft.next(way: way.index)?.kind {
                if let text = typed[input.path] { try draft.setText(node: input.node, text: text) }
            }
            XCTAssertTrue(try draft.problems(way: way.index).isEmpty)
            try await signIn.take(draft: draft, way: way.index)
        }
        let tokens = try await signIn.finish()
        XCTAssertEqual(tokens.email, user)
    }

    func testARefusedPasswordIsNotOfferedAgain() async throws {
        final class Stubborn: Ada, @unchecked Sendable {
            override func password(_ input: Input, on screen: Screen) async throws -> String? { "wrong" }
        }
        let signIn = try await org.client().start()
        let before = try org.requests("/challenge/answer")
        let error = try await failure { try await signIn.run(Stubborn()) }
        guard case SignInError.wrongAnswer = error else { return XCTFail("\(error)") }
        XCTAssertEqual(try org.requests("/challenge/answer"), before + 1)
        XCTAssertFalse(String(reflecting: error).contains("wrong\""))
        let tokens = try await signIn.run(Ada(mistypes: false))
        XCTAssertEqual(tokens.email, user)
    }

    func testAsyncByHand() async throws {
        let signIn = try await org.client("app-push").start()
        let name = try signIn.step().answerNamed(name: "identify")
        var step = try await signIn.proceed(answer: name.setting(path: "identifier", text: user))
        let passcode = try step.answerNamed(name: "challenge-authenticator")
        step = try await signIn.proceed(answer: passcode.setting(path: "credentials.passcode", text: password))
        let select = try XCTUnwrap(step.remediationNamed(name: "select-authenticator-authenticate"))
        let option = try XCTUnwrap(step.field(remediation: select.id, path: "authenticator")?.options.first)
        step = try await signIn.proceed(answer: step.answer(remediation: select.id).choosingOption(option: option.id))
        let polls = try org.requests("/poll")
        async let polled = signIn.poll()
        try org.untilRequested("/poll", after: polls)
        try org.approve(step.numberChallenge())
        _ = try await polled
        XCTAssertTrue(try signIn.isComplete())
        let tokens = try await signIn.finish()
        XCTAssertEqual(tokens.email, user)
    }

    func testManyAtOnce() async throws {
        let client = try org.client(transport: URLSessionTransport())
        let users = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<16 {
                group.addTask { try await client.start().run(Ada(mistypes: false)).email }
            }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        XCTAssertEqual(users, [user])
    }

    func testSavedHereAndRestoredInAnotherProcess() throws {
        let signIn = try org.client().start()
        try identify(signIn)
        let here = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let other = Process()
        other.executableURL = URL(fileURLWithPath: here).deletingLastPathComponent().appendingPathComponent("Resume")
        other.arguments = [org.issuer, "app-password", redirectUri, password]
        let (input, output) = (Pipe(), Pipe())
        (other.standardInput, other.standardOutput) = (input, output)
        try other.run()
        input.fileHandleForWriting.write(Data(try signIn.save().utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        other.waitUntilExit()
        XCTAssertEqual(other.terminationStatus, 0)
        XCTAssertEqual(said, "\(user)\n")
    }

    func testAStorageOfTheAppKeepsASignIn() throws {
        final class Drawer: Storage {
            let kept = Shared<[String: Data]>([:])
            func load(key: String) throws -> Data? { kept.now[key] }
            func swap(key: String, expected: Data?, value: Data?) throws -> Swapped {
                kept.with { kept in
                    guard storedIsExpected(expected: expected, found: kept[key]) else { return .changed }
                    kept[key] = value
                    return .done
                }
            }
            func keys(prefix: String) throws -> [String] { kept.now.keys.filter { $0.hasPrefix(prefix) } }
        }
        let drawer = Drawer()
        let first = try org.client(storage: drawer).start()
        try identify(org.client(storage: drawer).start())
        XCTAssertEqual(try org.client(storage: drawer).resumeAll().count, 2)
        let resumed = try XCTUnwrap(org.client(storage: drawer).resume())
        XCTAssertNil(try resumed.storageTrouble())
        XCTAssertTrue(try resumed.refresh().isPasswordChallenge())
        try enter(resumed)
        XCTAssertEqual(try resumed.finish().email, user)
        // What stays is the other sign-in, and the device, which is a known one the next time.
        XCTAssertEqual(drawer.kept.now.count, 2)
        XCTAssertEqual(try org.client(storage: drawer).resumeAll().map { try $0.save() }, [try first.save()])
    }

    func testAnAnswerToAnEarlierStepIsNotSent() throws {
        let signIn = try org.client().start()
        let old = try signIn.step().answerNamed(name: "identify").setting(path: "identifier", text: user)
        try identify(signIn)
        let before = try org.requests()
        let failed = try failure { try signIn.proceed(answer: old) } as? SignInError
        XCTAssertEqual(failed?.details.kind, .invalidAnswer)
        XCTAssertEqual(try org.requests(), before)
    }

    func testAWrongAnswerNamesTheFieldAndNotTheValue() throws {
        let signIn = try org.client().start()
        let answer = try signIn.step().answerNamed(name: "identify")
        let failed = try failure { try answer.setting(path: "identifyer", text: "hunter2") }
        guard case SignInError.wrongAnswer = failed else { return XCTFail("\(type(of: failed))") }
        XCTAssertTrue("\(failed)".contains("identifyer"))
        XCTAssertFalse(String(reflecting: failed).contains("hunter2"))
    }

    func testEveryWaitingCallIsThereForAsync() async throws {
        let signIn = try await org.client("app-email").start()
        try identify(signIn)
        try enter(signIn)
        try choose(signIn, "okta_email")
        let mailed = try org.list("outbox").count
        let resent = try await signIn.resend()
        XCTAssertTrue(try resent.offers(kind: .challengeAuthenticator))
        XCTAssertGreaterThan(try org.list("outbox").count, mailed)
        let refreshed = try await signIn.refresh()
        XCTAssertTrue(try refreshed.offers(kind: .challengeAuthenticator))
        let cancelled = try await signIn.cancel()
        XCTAssertTrue(try cancelled.offers(kind: .identify))
        let restarted = try await signIn.restart()
        XCTAssertTrue(try restarted.offers(kind: .identify))
        for call in [signIn.skip, signIn.send] as [(CallOptions?) async throws -> Step] {
            let failed = try await failure { try await call(nil) }
            XCTAssertEqual((failed as? SignInError)?.details.kind, .notFound)
        }
        let failed = try await failure { _ = try await signIn.handleCallback(url: "com.example.other:/x") }
        XCTAssertEqual((failed as? SignInError)?.details.kind, .invalidCallback)
        let recovering = try await org.client("app-signup").start()
        try identify(recovering)
        let recovery = try await recovering.recover()
        XCTAssertFalse(try recovery.remediations().isEmpty)
    }
}
