// The package as people see it: texts without secrets, errors that read well.

import Foundation
import InteractionCode
import XCTest

final class PackageTests: OrgTest, @unchecked Sendable {
    func testNothingPrintsASecret() throws {
        let signIn = try org.client().start()
        let step = try identify(signIn)
        let form = try XCTUnwrap(step.remediationNamed(name: "challenge-authenticator"))
        let answer = try step.answer(remediation: form.id).setting(path: "credentials.passcode", text: password)
        let draft = try signIn.draft(), screen = try draft.screen()
        let input = try XCTUnwrap(draft.next(way: XCTUnwrap(screen.suggested.way)))
        if case .field(let input) = input.kind { try draft.setText(node: input.node, text: password) }
        let take = Action.take(draft: draft, way: 0)
        try enter(signIn)
        let tokens = try signIn.finish()
        let handle = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(step.raw().utf8)) as? [String: Any])["stateHandle"] as? String
        let secrets = [password, handle, tokens.accessToken, tokens.refreshToken, tokens.idToken, "recover-me", "hint-of-ada", "the-device"].compactMap(\.self)
        XCTAssertEqual(secrets.count, 8)
        let header = HttpHeader(name: "cookie", value: password)
        let values: [Any] = [
            step, form, form.fields[0], answer, draft, screen, input, input.kind, screen.ways[0], take, tokens, JsonValue.text(text: password), header,
            JsonValue.json(json: "\"\(password)\""), Action.proceed(answer: answer), Action.callback(url: "x:/?code=\(password)"),
            StartOptions(loginHint: "hint-of-ada", recoveryToken: "recover-me"), Parameter(name: "x", value: password),
            TransportRequest(method: "POST", url: "https://a.b", headers: [header], body: Data(password.utf8), maxBody: 1, timeoutMs: 1),
            TransportResponse(status: 200, headers: [header], body: Data(password.utf8)),
            Waiting(number: "1", intervalMs: 1, remainingMs: 1, lastFailure: nil), signIn,
            Device(token: "the-device"), StartOptions(device: Device(token: "the-device")),
            StepAction(path: "x", action: form), Hosts(transport: Recorder()), CallOptions(cancel: CancelToken()),
        ] + (try step.authenticators()) as [Any]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), "\([value])", "\(Optional(value) as Any)", dumped] {
                XCTAssertFalse(secrets.contains { text.contains($0) }, "\(type(of: value)) prints a secret")
            }
        }
    }

    func testAnErrorReadsWell() throws {
        let config = ClientConfig(issuer: "not a url", clientId: "x", redirectUri: "y")
        let error = try failure { try Client(config: config) }
        guard case SignInError.misuse(let details) = error else { return XCTFail("\(type(of: error))") }
        XCTAssertEqual(details.kind, .invalidArgument)
        XCTAssertFalse(details.text.isEmpty || details.advice.isEmpty)
        XCTAssertEqual("\(error)", details.text)
        XCTAssertEqual(details.text.components(separatedBy: details.advice).count, 2)
        XCTAssertEqual(error.localizedDescription, details.phrase.text)
        XCTAssertEqual((error as? SignInError)?.details, details)
        XCTAssertEqual("\(SignInError.ended(details: appFailure(text: "over")))", "over")
        XCTAssertEqual("\(SignInError.app(details: appFailure(text: "no", advice: "Do it")))", "no. Do it")
        XCTAssertEqual(TransportError.offline(reason: "no route", maybeSent: false).localizedDescription, "no route")
        XCTAssertEqual("\(TransportError.tooLarge)", "the answer is larger than the request accepts")
        XCTAssertEqual(HostError.failed(reason: "disk full").localizedDescription, "disk full")
    }

    func testTheDetailsAreThereWhateverTheCase() {
        let details = appFailure(text: "x")
        let all: [SignInError] = [
            .cancelled(details: details), .timedOut(details: details), .unreachable(details: details),
            .retryLater(details: details), .wrongAnswer(details: details), .ended(details: details), .refused(details: details),
            .untrusted(details: details), .busy(details: details), .misuse(details: details), .app(details: details), .internal(details: details),
        ]
        XCTAssertEqual(Set(all).count, 12)
        XCTAssertEqual(all.map(\.details), Array(repeating: details, count: 12))
    }

    func testSettingsInJSONAndAConfidentialClient() throws {
        let client = try Client.confidential(config: org.config("app-web"), clientSecret: "sandbox-secret")
        XCTAssertEqual(try signsIn(client).email, user)
        let json = #"{"issuer": "\#(org.issuer)", "client_id": "app-password", "redirect_uri": "\#(redirectUri)"}"#
        XCTAssertEqual(try signsIn(Client.fromJson(json: json)).subject, try signsIn(client).subject)
        XCTAssertTrue(try failure { try Client.fromJson(json: "{") } is SignInError)
        XCTAssertEqual((try failure { try client.restore(saved: "no snapshot") } as? SignInError)?.details.kind, .invalidSnapshot)
    }
}
