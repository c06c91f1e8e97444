// The view model of the example, without a view.

import Foundation
import InteractionCode
import Observation
import SignInModel
import XCTest

final class ModelTests: OrgTest, @unchecked Sendable {
    /// Waits until the model says this.
    @MainActor
    private func until(_ model: SignInModel, _ said: @escaping (SignInModel) -> Bool) async throws {
        let end = Date(timeIntervalSinceNow: 15)
        while !said(model) {
            guard Date() < end else { throw Odd("the model did not come there: \(model.failure ?? "no failure")") }
            await Task.yield()
        }
    }

    @MainActor
    private func give(_ model: SignInModel, _ remediation: String, _ path: String, _ text: String) async throws {
        let form = try XCTUnwrap(model.step?.remediation(name: remediation))
        model.submit(form.answer().setting(path: path, text: text))
        XCTAssertTrue(model.isBusy)
        try await until(model) { !$0.isBusy }
    }

    @MainActor
    private func toThePush(_ model: SignInModel) async throws {
        model.start()
        try await until(model) { $0.step != nil && !$0.isBusy }
        try await give(model, "identify", "identifier", user)
        try await give(model, "challenge-authenticator", "credentials.passcode", password)
        let form = try XCTUnwrap(model.step?.remediation(name: "select-authenticator-authenticate"))
        model.submit(form.answer().choosingAuthenticator(path: "authenticator", id: "okta_verify"))
        try await until(model) { $0.isWaiting }
    }

    func testAScreenSignsInWithAWrongPasswordFirstAndAPush() async throws {
        try await signsInWithAPush()
    }

    @MainActor
    private func signsInWithAPush() async throws {
        let model = SignInModel(client: try org.client("app-push"))
        let changed = Shared(0)
        withObservationTracking { _ = model.step } onChange: { changed.with { $0 += 1 } }
        model.start()
        try await until(model) { $0.step != nil && !$0.isBusy }
        XCTAssertEqual(changed.now, 1)
        try await give(model, "identify", "identifier", user)
        try await give(model, "challenge-authenticator", "credentials.passcode", "wrong")
        XCTAssertEqual(model.messages.map(\.key), ["incorrectPassword"])
        model.cancel()
        try await toThePush(model)
        try org.approve(model.number)
        try await until(model) { $0.tokens != nil }
        XCTAssertEqual(model.tokens?.email, user)
        XCTAssertNil(model.failure)
        XCTAssertFalse(model.isBusy && model.isWaiting)
    }

    func testAWaitIsLeftForTheFirstPageAndACancelledOneIsQuiet() async throws {
        try await leavesAWait()
    }

    @MainActor
    private func leavesAWait() async throws {
        let model = SignInModel(client: try org.client("app-push"))
        try await toThePush(model)
        model.resend()
        try await until(model) { $0.isWaiting && !$0.isBusy }
        XCTAssertNotNil(model.number)
        model.back()
        try await until(model) { $0.step?.remediation(name: "identify") != nil && !$0.isBusy }
        XCTAssertNil(model.number)
        try await toThePush(model)
        model.cancel()
        try await until(model) { !$0.isWaiting && !$0.isBusy }
        XCTAssertNil(model.failure)
    }

    func testAFailureIsForThePersonToRead() async throws {
        try await fails()
    }

    @MainActor
    private func fails() async throws {
        let transport = Recorder(before: { _ in throw TransportError.offline(reason: "no network", maybeSent: false) })
        let model = SignInModel(client: try org.client(transport: transport))
        model.start()
        try await until(model) { $0.failure != nil }
        XCTAssertTrue(model.failure?.contains("no network") == true)
        XCTAssertFalse(model.isBusy)
    }
}
