// Forms that the sandbox does not have: passkeys, profiles, a browser, what nobody has thought of.

import Foundation
import InteractionCode
import XCTest

/// Answers as it is told, and remembers what it was asked.
private final class Told: SignInHandler {
    let asked = Shared<[String]>([])

    private func note(_ what: String) { asked.with { $0.append(what) } }
    func createPasskey(_ request: String, on screen: Screen) -> String {
        note(request)
        return #"{"response":{"clientDataJSON":"Y2Q","attestationObject":"_-8"}}"#
    }
    func getPasskey(_ request: String, on screen: Screen) -> String {
        note(request)
        return #"{"response":{"clientDataJSON":"Y2Q","authenticatorData":"YWQ","signature":"_-8"}}"#
    }
    func profile(_ input: Input, on screen: Screen) -> JsonValue? {
        note(input.path)
        return input.required ? .text(text: "Ada") : nil
    }
    func fill(_ input: Input, on screen: Screen) -> JsonValue? {
        note(input.path)
        if let option = input.options.last { return option.value }
        if case .number = input.ask { return .integer(value: 7) }
        return .text(text: "mushrooms")
    }
    func choose(_ choice: ChoiceElement, on screen: Screen) -> ChoiceOption {
        note(choice.path)
        return choice.options[1]
    }
    func way(on screen: Screen) -> Way { screen.ways[0] }
    func openUrl(_ url: String, on screen: Screen) -> String {
        note(url)
        return "com.example.app:/callback?error=access_denied"
    }
}

final class FormTests: OrgTest, @unchecked Sendable {
    /// Shows the handler a first page with this instead of its form; what it said, what was then sent.
    private func answered(
        _ document: [String: Any], _ handler: any SignInHandler
    ) async throws -> (error: any Error, sent: [String: Any]) {
        let data = try JSONSerialization.data(withJSONObject: document)
        let stop = Shared<TransportRequest?>(nil)
        let origin = org.issuer.replacingOccurrences(of: "/oauth2/default", with: "")
        let escaped = origin.replacingOccurrences(of: "/", with: "\\/")
        let changed = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "ORIGIN", with: escaped)
        let transport = Recorder(
            before: { _ in if stop.now != nil { throw TransportError.offline(reason: "enough", maybeSent: false) } },
            change: { request, response in
                guard !request.url.hasSuffix("/introspect") else {
                    return TransportResponse(status: 200, headers: response.headers, body: Data(changed.utf8))
                }
                if !request.url.hasSuffix("/interact") { stop.with { $0 = request } }
                return response
            })
        let signIn = try await org.client(transport: transport).start()
        let error = try await failure { try await signIn.run(handler) }
        let body = stop.now.map { try? JSONSerialization.jsonObject(with: $0.body) as? [String: Any] } ?? nil
        return (error, body ?? [:])
    }

    private func form(
        _ name: String, _ fields: [[String: Any]], _ data: [String: Any] = [:], key: String = "webauthn"
    ) -> [String: Any] {
        let value: [String: Any] = ["contextualData": data, "type": "x", "key": key, "id": "aut1", "displayName": "X"]
        let handle: [String: Any] = ["name": "stateHandle", "value": "s", "visible": false, "mutable": false, "required": true]
        let one: [String: Any] = [
            "rel": ["create-form"], "name": name, "href": "ORIGIN/idp/idx/x", "method": "POST", "value": fields + [handle],
            "relatesTo": ["$.currentAuthenticator"],
        ]
        return [
            "version": "1.0.0", "stateHandle": "s", "remediation": ["type": "array", "value": [one]],
            "currentAuthenticator": ["type": "object", "value": value],
        ]
    }

    private func credentials(_ names: [String]) -> [[String: Any]] {
        let fields = names.map { ["name": $0, "required": true, "visible": false] as [String: Any] }
        return [["name": "credentials", "type": "object", "required": true, "form": ["value": fields]]]
    }

    func testAPasskeyIsMade() async throws {
        let told = Told()
        let fields = credentials(["clientData", "attestation"])
        let data = ["activationData": ["challenge": "Z5y2"]]
        let (_, sent) = try await answered(form("enroll-authenticator", fields, data), told)
        XCTAssertEqual(sent["credentials"] as? [String: String], ["clientData": "Y2Q=", "attestation": "/+8="])
        XCTAssertEqual(told.asked.now.count, 1)
        let asked = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(told.asked.now[0].utf8)) as? [String: Any])
        XCTAssertEqual(asked["challenge"] as? String, "Z5y2")
        XCTAssertEqual((asked["rp"] as? [String: String])?["id"], "127.0.0.1")
    }

    func testAPasskeySigns() async throws {
        let told = Told()
        let fields = credentials(["clientData", "authenticatorData", "signatureData"])
        let data = ["challengeData": ["challenge": "Z5y2"]]
        let (_, sent) = try await answered(form("challenge-authenticator", fields, data), told)
        let wanted = ["clientData": "Y2Q=", "authenticatorData": "YWQ=", "signatureData": "/+8="]
        XCTAssertEqual(sent["credentials"] as? [String: String], wanted)
        XCTAssertEqual(told.asked.now.count, 1)
        let asked = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(told.asked.now[0].utf8)) as? [String: Any])
        XCTAssertEqual(asked["challenge"] as? String, "Z5y2")
        XCTAssertEqual(asked["rpId"] as? String, "127.0.0.1")
    }

    func testAProfileIsFilledInAndWhatIsOptionalLeftOut() async throws {
        let told = Told()
        let members: [[String: Any]] = [
            ["name": "firstName", "label": "First name", "required": true], ["name": "nickName", "label": "Nickname"],
        ]
        let fields: [[String: Any]] = [["name": "userProfile", "type": "object", "required": true, "form": ["value": members]]]
        let (_, sent) = try await answered(form("enroll-profile", fields), told)
        XCTAssertEqual(sent["userProfile"] as? [String: String], ["firstName": "Ada"])
        XCTAssertEqual(told.asked.now, ["userProfile.firstName", "userProfile.nickName"])
    }

    func testAnythingElseIsAsked() async throws {
        let told = Told()
        let options: [[String: Any]] = [["label": "A", "value": "a"], ["label": "B", "value": "b"]]
        let fields: [[String: Any]] = [
            ["name": "xCount", "type": "integer", "required": true], ["name": "xKind", "options": options, "required": true],
            ["name": "xFood", "type": "x-food", "required": true],
        ]
        let (_, sent) = try await answered(form("x-frobnicate", fields, key: "x-odd"), told)
        XCTAssertEqual(sent["xCount"] as? Int, 7)
        XCTAssertEqual(sent["xKind"] as? String, "b")
        XCTAssertEqual(sent["xFood"] as? String, "mushrooms")
        XCTAssertEqual(told.asked.now, ["xCount", "xKind", "xFood"])
    }

    func testTheBrowserIsOpenedAndItsCallbackTaken() async throws {
        let told = Told()
        let redirect: [String: Any] = [
            "name": "redirect-idp", "href": "https://127.0.0.1/sso/idps/1", "method": "GET", "type": "GOOGLE", "idp": ["id": "1", "name": "G"],
        ]
        let page: [String: Any] = ["version": "1.0.0", "stateHandle": "s", "remediation": ["type": "array", "value": [redirect]]]
        let (error, sent) = try await answered(page, told)
        XCTAssertTrue(told.asked.now.first?.hasSuffix("/sso/idps/1") == true)
        XCTAssertTrue(sent.isEmpty)
        // What came back has no `state`, so it is not the answer to this sign-in.
        XCTAssertEqual((error as? SignInError)?.details.kind, .invalidCallback, "\(error)")
    }

    func testAnUnknownRemediationIsAnsweredGenerically() async throws {
        let transport = changing { document in
            firstForm(&document) { form in
                form["name"] = "x-frobnicate"
                let odd: [String: Any] = ["name": "xFrobs", "type": "x-frob", "label": "Frobs"]
                form["value"] = [odd] + (form["value"] as? [[String: Any]] ?? [])
            }
        }
        let signIn = try await org.client(transport: transport).start()
        let step = try signIn.step(), form = try step.remediations()[0]
        XCTAssertEqual(form.kind, .other(name: "x-frobnicate"))
        XCTAssertEqual(form.fields[0].fieldType, .other(name: "x-frob"))
        XCTAssertEqual(try step.rawNode(node: form.id)?.contains("xFrobs"), true)
        XCTAssertTrue(try signIn.screen().elements.contains { $0.phrase.text == "Frobs" })
        let tokens = try await signIn.run(Ada())
        XCTAssertEqual(tokens.email, user)
    }

    func testEveryMessageWithItsKeyAndParametersIsReachable() throws {
        let transport = changing { document in
            let messages = ["ERROR", "WARNING", "INFO", "X-OTHER"].enumerated().map { number, name in
                let i18n: [String: Any] = ["key": "key.\(number)", "params": ["p\(number)", number, "ü"]]
                return ["message": "m\(number)", "class": name, "i18n": i18n] as [String: Any]
            }
            document["messages"] = ["type": "array", "value": messages]
            firstForm(&document) { form in
                var fields = form["value"] as? [[String: Any]] ?? [[:]]
                let said: [String: Any] = ["message": "f", "class": "ERROR", "i18n": ["key": "key.field"]]
                fields[0]["messages"] = ["type": "array", "value": [said]]
                form["value"] = fields
            }
        }
        let step = try org.client(transport: transport).start().step()
        let messages = try step.messages()
        XCTAssertEqual(messages.compactMap(\.key).sorted(), ["key.0", "key.1", "key.2", "key.3", "key.field"])
        let raw = try JSONSerialization.jsonObject(with: Data(step.raw().utf8)) as? [String: Any]
        let came = (raw?["messages"] as? [String: Any])?["value"] as? [[String: Any]] ?? []
        XCTAssertEqual(came.count, 4)
        for one in came {
            let i18n = one["i18n"] as? [String: Any]
            let message = try XCTUnwrap(messages.first { $0.key == i18n?["key"] as? String })
            XCTAssertEqual(message.text, one["message"] as? String)
            XCTAssertEqual(message.params, (i18n?["params"] as? [Any])?.map { "\($0)" })
        }
        let severities = messages.filter { $0.key != "key.field" }.map(\.severity)
        XCTAssertEqual(severities.prefix(3), [.error, .warning, .info])
        let field = try XCTUnwrap(step.remediations().first?.fields.first)
        XCTAssertEqual(field.messages.map(\.key), ["key.field"])
        XCTAssertEqual(messages.first { $0.key == "key.field" }?.path, field.path)
    }

    func testAnyTextComesAndGoesAsItIs() throws {
        let texts = ["😀👩‍👩‍👧", "a\0b", "שלום \u{202E}abc", "", String(repeating: "ﷺ", count: 300), "\"\\/\n\u{2028}", "\u{FEFF}e\u{301}"]
        for text in texts {
            let transport = changing { document in
                firstForm(&document) { form in
                    var fields = form["value"] as? [[String: Any]] ?? [[:]]
                    fields[0]["label"] = text
                    form["value"] = fields
                }
            }
            let signIn = try org.client(transport: transport).start()
            let step = try signIn.step(), form = try XCTUnwrap(step.remediation(kind: .identify))
            XCTAssertEqual(form.fields[0].label.map { Array($0.utf8) }, Array(text.utf8))
            let answer = try step.answer(remediation: form.id).setting(path: "identifier", text: text)
            if text.isEmpty {
                XCTAssertEqual((try failure { try signIn.proceed(answer: answer) } as? SignInError)?.details.kind, .invalidAnswer)
                continue
            }
            _ = try? signIn.proceed(answer: answer)
            let request = try XCTUnwrap(transport.sent.now.last { $0.url.hasSuffix("/identify") })
            let body = try JSONSerialization.jsonObject(with: request.body) as? [String: Any]
            XCTAssertEqual((body?["identifier"] as? String).map { Array($0.utf8) }, Array(text.utf8))
        }
    }
}
