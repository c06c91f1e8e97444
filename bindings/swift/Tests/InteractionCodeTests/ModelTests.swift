// The model of the example, without a window.

import Foundation
import InteractionCode
import Observation
import SignInModel
import XCTest

final class ModelTests: OrgTest, @unchecked Sendable {
    /// Waits until the model says this.
    @MainActor
    private func until(_ model: SignInModel, _ said: (SignInModel) -> Bool) async throws {
        let end = Date(timeIntervalSinceNow: hang)
        while !said(model) {
            guard Date() < end else { throw Odd("the model did not come there: \(model.failure ?? "no failure")") }
            await Task.yield()
        }
    }

    /// A model at its first screen.
    @MainActor
    private func started(
        _ clientId: String = "app-push", hooks: SignInModel.Hooks = .init(), patience: CallOptions? = nil
    ) async throws -> SignInModel {
        let model = SignInModel(client: try org.client(clientId), hooks: hooks, patience: patience)
        model.start()
        try await until(model) { $0.screen != nil && !$0.isBusy }
        return model
    }

    /// What is to be typed on the screen, in order.
    @MainActor
    private func inputs(_ model: SignInModel) -> [Input] {
        model.screen?.elements.compactMap { if case .field(let input) = $0.kind { input } else { nil } } ?? []
    }

    /// Types into the inputs of the screen, and presses its first button.
    @MainActor
    private func give(_ model: SignInModel, _ texts: String...) async throws {
        for (input, text) in zip(inputs(model), texts) {
            model[text: input] = text
            XCTAssertEqual(model[text: input], text)
        }
        model.take(try XCTUnwrap(model.screen?.suggestedWay))
        XCTAssertTrue(model.isBusy)
        try await until(model) { !$0.isBusy }
    }

    @MainActor
    private func choice(_ model: SignInModel) throws -> (ChoiceElement, Element) {
        let found = model.screen?.elements.lazy.compactMap { if case .choice(let choice) = $0.kind { (choice, $0) } else { nil } }.first
        return try XCTUnwrap(found)
    }

    @MainActor
    private func pick(_ model: SignInModel, _ key: String) throws {
        let (choice, element) = try choice(model)
        model.choose(try XCTUnwrap(choice.options.first { $0.key == key }), of: choice, in: element)
    }

    @MainActor
    private func toThePush(_ model: SignInModel) async throws {
        try await give(model, user)
        try await give(model, password)
        try pick(model, "okta_verify")
        try await until(model) { $0.isWaiting }
    }

    @MainActor
    private func number(_ model: SignInModel) -> String? {
        model.screen?.elements.lazy.compactMap { if case .number(let value) = $0.kind { value } else { nil } }.first
    }

    @MainActor
    func testAWindowSignsInWithAWrongPasswordFirstAndAPush() async throws {
        let model = SignInModel(client: try org.client("app-push"))
        let changed = Shared(0)
        withObservationTracking { _ = model.screen } onChange: { changed.with { $0 += 1 } }
        model.start()
        try await until(model) { $0.screen != nil && !$0.isBusy }
        XCTAssertEqual(changed.now, 1)
        try await give(model, user)
        try await give(model, "wrong")
        XCTAssertEqual(model.screen?.notices.map(\.key), ["incorrectPassword"])
        XCTAssertEqual(model[text: try XCTUnwrap(inputs(model).first)], "")
        try await give(model, password)
        try pick(model, "okta_verify")
        try await until(model) { $0.isWaiting }
        try org.approve(number(model))
        try await until(model) { $0.tokens != nil }
        XCTAssertEqual(model.tokens?.email, user)
        XCTAssertNil(model.failure)
        XCTAssertNil(model.screen)
        XCTAssertFalse(model.isBusy || model.isWaiting)
    }

    @MainActor
    func testWhatIsMissingIsSaidBeforeAnythingIsSent() async throws {
        let model = try await started()
        let before = try org.requests()
        try await give(model)
        XCTAssertEqual(model.problems.map(\.path), ["identifier"])
        XCTAssertEqual(try org.requests(), before)
        try await give(model, user)
        XCTAssertTrue(model.problems.isEmpty)
    }

    @MainActor
    func testATextThatIsTypedIsObserved() async throws {
        let model = try await started()
        let input = try XCTUnwrap(inputs(model).first), changed = Shared(0)
        withObservationTracking { _ = model[text: input] } onChange: { changed.with { $0 += 1 } }
        model[text: input] = "a"
        XCTAssertEqual(changed.now, 1)
    }

    @MainActor
    func testANewPasswordIsTypedTwiceAndItsRulesAreTicked() async throws {
        let model = try await started("app-password")
        try await give(model, "carol@example.com")
        try await give(model, password)
        let input = try XCTUnwrap(inputs(model).first)
        guard case .newPassword(let rules, .some, _) = input.ask else { return XCTFail("\(input.ask)") }
        let length = try XCTUnwrap(rules.first { $0.kind == .minLength })
        XCTAssertEqual(model.meets(length, input.path), false)
        model[text: input] = "Another-Horse-8"
        XCTAssertEqual(model.meets(length, input.path), true)
        let toggle = try XCTUnwrap(inputs(model).first { $0.ask == .toggle })
        XCTAssertFalse(model[isOn: toggle])
        model[isOn: toggle] = true
        XCTAssertTrue(model[isOn: toggle])
        try await give(model)
        XCTAssertEqual(model.problems.map(\.path), [input.path])
        model[again: input] = "Another-Horse-8"
        try await give(model)
        try await until(model) { $0.tokens != nil }
    }

    @MainActor
    func testAPhoneIsEnrolledWithTheInputsThatItsOptionBrings() async throws {
        let model = try await started("app-any")
        try await give(model, "bob@example.com")
        try await give(model, password)
        try pick(model, "phone_number")
        try await until(model) { !$0.isBusy }
        if case .choice(let choice)? = model.screen?.elements.first(where: { if case .choice = $0.kind { true } else { false } })?.kind {
            let (_, element) = try self.choice(model)
            model.choose(try XCTUnwrap(choice.options.first), of: choice, in: element)
            XCTAssertEqual(model.chosen(choice)?.index, 0)
        }
        for input in inputs(model) + (model.screen.map(brought) ?? []) where !input.options.isEmpty {
            model[option: input] = input.options.first
            XCTAssertEqual(model[option: input], input.options.first)
        }
        let number = try XCTUnwrap((inputs(model) + (model.screen.map(brought) ?? [])).first { if case .phone = $0.ask { true } else { false } })
        model[text: number] = "+1 555 0199"
        model.take(try XCTUnwrap(model.screen?.suggestedWay))
        try await until(model) { !$0.isBusy }
        try await give(model, XCTUnwrap(org.list("outbox").last?["code"] as? String))
        try await until(model) { $0.tokens != nil }
    }

    @MainActor
    private func brought(_ screen: Screen) -> [Input] {
        screen.elements.flatMap { if case .choice(let choice) = $0.kind { choice.options.first?.fields ?? [] } else { [Input]() } }
    }

    @MainActor
    func testAnAppIsSetUpByAPictureOrByItsSecret() async throws {
        let model = try await started("app-any")
        try await give(model, "bob@example.com")
        try await give(model, password)
        try pick(model, "google_otp")
        try await until(model) { !$0.isBusy }
        var (picture, secret) = (Data(), "")
        for element in model.screen?.elements ?? [] {
            if case .picture(.qr, _, "image/png", let data, _) = element.kind { picture = data }
            if case .secret(let value, _, _, _) = element.kind { secret = value }
        }
        XCTAssertEqual(picture.prefix(4), Data([0x89, 0x50, 0x4E, 0x47]))
        XCTAssertFalse(secret.isEmpty)
    }

    /// A prompt that the person closes is shown again when they press the button again.
    @MainActor
    func testAPasskeyIsAskedOfTheAppAsOftenAsItIsWanted() async throws {
        let transport = changing { document in
            firstForm(&document) { form in
                let fields = ["clientData", "authenticatorData", "signatureData"].map { ["name": $0, "required": true, "visible": false] }
                let value = form["value"] as? [[String: Any]] ?? []
                let credentials: [String: Any] = ["name": "credentials", "type": "object", "required": true, "form": ["value": fields]]
                form["name"] = "challenge-authenticator"
                form["relatesTo"] = ["$.currentAuthenticator"]
                form["value"] = [credentials] + value.filter { $0["name"] as? String == "stateHandle" }
            }
            let data = ["challengeData": ["challenge": "Z5y2"]]
            let key: [String: Any] = ["contextualData": data, "type": "security_key", "key": "webauthn", "id": "aut1", "displayName": "X"]
            document["currentAuthenticator"] = ["type": "object", "value": key]
        }
        let asked = Shared(0)
        var hooks = SignInModel.Hooks()
        hooks.passkey = { make, request in
            XCTAssertTrue(!make && request.contains("Z5y2"))
            if asked.with({ $0 += 1; return $0 }) == 1 { throw CancellationError() }
            return #"{"response":{"clientDataJSON":"Y2Q","authenticatorData":"YWQ","signature":"_-8"}}"#
        }
        let model = SignInModel(client: try org.client(transport: transport), hooks: hooks)
        model.start()
        try await until(model) { $0.screen != nil && !$0.isBusy }
        let way = try XCTUnwrap(model.screen?.ways.first { $0.does == .passkey })
        let sent = transport.sent.now.count
        for times in 1...2 {
            model.take(way)
            try await until(model) { !$0.isBusy }
            XCTAssertEqual(asked.now, times)
            XCTAssertEqual(transport.sent.now.count, sent + times - 1)
        }
        XCTAssertTrue(String(decoding: transport.sent.now.last?.body ?? Data(), as: UTF8.self).contains("clientData"))
    }

    /// A code is not sent again at once: its button comes later, when the screen says.
    @MainActor
    func testTheButtonToSendAgainComesAfterItsTime() async throws {
        let asked = Shared<[Int64]>([]), go = Shared<[CheckedContinuation<Void, Never>]>([])
        var hooks = SignInModel.Hooks()
        hooks.pause = { time in
            asked.with { $0.append(time) }
            await withCheckedContinuation { waiting in go.with { $0.append(waiting) } }
        }
        let model = try await started(hooks: hooks)
        try await toThePush(model)
        let resend = try XCTUnwrap(model.screen?.ways.first { $0.afterMs > 0 && !$0.quiet })
        XCTAssertFalse(model.ways.contains(resend))
        try await until(model) { _ in !go.now.isEmpty }
        XCTAssertEqual(asked.now.last, resend.afterMs)
        func challenges() throws -> Int { try org.list("requests").filter { ($0["path"] as? String)?.hasSuffix("/idx/challenge") == true }.count }
        let sent = try challenges()
        go.now.forEach { $0.resume() }
        try await until(model) { $0.ways.contains(resend) }
        go.with { $0 = [] }
        model.take(resend)
        try await until(model) { $0.isWaiting && !$0.isBusy }
        XCTAssertNil(model.failure)
        XCTAssertEqual(try challenges(), sent + 1)
        model.cancel()
        try await until(model) { !$0.isWaiting }
        go.now.forEach { $0.resume() }
    }

    @MainActor
    func testAWaitIsLeftForTheFirstPageAndACancelledOneIsQuiet() async throws {
        let model = try await started()
        try await toThePush(model)
        XCTAssertNotNil(number(model))
        model.take(try XCTUnwrap(model.screen?.ways.first { $0.role == .cancel }))
        try await until(model) { $0.screen?.name == "identify" && !$0.isBusy }
        XCTAssertNil(number(model))
        try await toThePush(model)
        model.cancel()
        try await until(model) { !$0.isWaiting && !$0.isBusy }
        XCTAssertNil(model.failure)
    }

    /// One stretch of waiting has an end, the wait has none.
    @MainActor
    func testAWaitGoesOnForAsLongAsItTakes() async throws {
        let model = try await started(patience: CallOptions(timeoutMs: 1200))
        let before = try org.requests("/poll")
        try await toThePush(model)
        try await until(model) { _ in ((try? org.requests("/poll")) ?? 0) >= before + 5 }
        XCTAssertTrue(model.isWaiting)
        XCTAssertNil(model.failure)
        try org.approve(number(model))
        try await until(model) { $0.tokens != nil }
    }

    /// The link in the mail is waited for while the code is typed.
    @MainActor
    func testACodeIsTypedWhileALinkIsWaitedFor() async throws {
        let model = try await started("app-email")
        try await give(model, user)
        try await give(model, password)
        if model.isWaiting == false { try pick(model, "okta_email") }
        try await until(model) { $0.isWaiting && !$0.isBusy }
        let polls = try org.requests("/poll")
        let input = try XCTUnwrap(inputs(model).first)
        model[text: input] = try org.code()
        try await until(model) { _ in ((try? org.requests("/poll")) ?? 0) > polls + 1 }
        XCTAssertEqual(model[text: input], try org.code())
        model.take(try XCTUnwrap(model.screen?.suggestedWay))
        try await until(model) { $0.tokens != nil }
    }

    @MainActor
    func testAFailureIsForThePersonToRead() async throws {
        let transport = Recorder(before: { _ in throw TransportError.offline(reason: "no network", maybeSent: false) })
        let model = SignInModel(client: try org.client(transport: transport))
        model.start()
        try await until(model) { $0.failure != nil }
        XCTAssertEqual(model.failure, "There is no connection. Look at your network, then try again.")
        XCTAssertFalse(model.isBusy)
    }
}
