// Whole sign-ins: by pull, by push, by `async`; a wrong password, a number, another process.

import Foundation
import InteractionCode
import XCTest

final class SignInTests: OrgTest, @unchecked Sendable {
    func testByPullWithAWrongPasswordFirst() throws {
        let signIn = try org.client("app-email").start()
        XCTAssertTrue(try identify(signIn).isPasswordChallenge)
        let refused = try enter(signIn, "wrong")
        XCTAssertTrue(refused.hasError && refused.hasMessage(key: "incorrectPassword"))
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

    func testAsyncByHand() async throws {
        let signIn = try await org.client("app-push").start()
        let form = try XCTUnwrap(signIn.step().remediation(name: "identify"))
        var step = try await signIn.proceed(answer: form.answer().setting(path: "identifier", text: user))
        step = try await signIn.proceed(
            answer: XCTUnwrap(step.remediation(name: "challenge-authenticator")).answer()
                .setting(path: "credentials.passcode", text: password))
        let select = try XCTUnwrap(step.remediation(name: "select-authenticator-authenticate"))
        let option = try XCTUnwrap(select.field(path: "authenticator")?.options.first)
        step = try await signIn.proceed(answer: select.answer().choosing(option: option.id))
        let polls = try org.requests("/poll")
        async let polled = signIn.poll()
        try org.untilRequested("/poll", after: polls)
        try org.approve(step.numberChallenge)
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
            func store(key: String, value: Data) throws { kept.with { $0[key] = value } }
            func remove(key: String) throws { kept.with { $0[key] = nil } }
        }
        let drawer = Drawer()
        try identify(org.client(storage: drawer).start())
        let resumed = try XCTUnwrap(org.client(storage: drawer).resume())
        XCTAssertTrue(try resumed.refresh().isPasswordChallenge)
        try enter(resumed)
        XCTAssertEqual(try resumed.finish().email, user)
        XCTAssertTrue(drawer.kept.now.isEmpty)
        XCTAssertNil(try org.client(storage: drawer).resume())
    }

    func testAnAnswerToAnEarlierStepIsNotSent() throws {
        let signIn = try org.client().start()
        let old = try XCTUnwrap(signIn.step().remediation(name: "identify")).answer().setting(path: "identifier", text: user)
        try identify(signIn)
        let before = try org.requests()
        let failed = try failure { try signIn.proceed(answer: old) } as? SignInError
        XCTAssertEqual(failed?.details.kind, "invalid_answer")
        XCTAssertEqual(try org.requests(), before)
    }

    func testAWrongAnswerNamesTheFieldAndNotTheValue() throws {
        let signIn = try org.client().start()
        let form = try XCTUnwrap(signIn.step().remediation(name: "identify"))
        let failed = try failure { try signIn.proceed(answer: form.answer().setting(path: "identifyer", text: "hunter2")) }
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
        XCTAssertNotNil(resent.remediation(name: "challenge-authenticator"))
        XCTAssertGreaterThan(try org.list("outbox").count, mailed)
        let refreshed = try await signIn.refresh()
        XCTAssertNotNil(refreshed.remediation(name: "challenge-authenticator"))
        let cancelled = try await signIn.cancel()
        XCTAssertNotNil(cancelled.remediation(name: "identify"))
        let restarted = try await signIn.restart()
        XCTAssertNotNil(restarted.remediation(name: "identify"))
        for call in [signIn.skip, signIn.send] as [(CallOptions?) async throws -> Step] {
            let failed = try await failure { try await call(nil) }
            XCTAssertEqual((failed as? SignInError)?.details.kind, "not_found")
        }
        let failed = try await failure { try await signIn.handleCallback(url: "com.example.other:/x") }
        XCTAssertEqual((failed as? SignInError)?.details.kind, "invalid_callback")
        let recovering = try await org.client("app-signup").start()
        try identify(recovering)
        let recovery = try await recovering.recover()
        XCTAssertFalse(recovery.remediations.isEmpty)
    }
}
