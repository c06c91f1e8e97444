// A person at the keyboard, and transports as an app brings them.

import Foundation
import InteractionCode

/// Ada: mistypes her password at first, reads her mail, approves pushes by their number.
class Ada: SignInHandler, @unchecked Sendable {
    let org = Org.shared
    let seen = Shared<[String]>([])
    let numbers = Shared<[String]>([])
    private let mistypes: Shared<Bool>

    init(mistypes: Bool = true) { self.mistypes = Shared(mistypes) }

    func messages(_ notices: [Notice], on screen: Screen) async throws { seen.with { $0 += notices.compactMap(\.key) } }
    func username(_ input: Input, on screen: Screen) async throws -> String? { user }
    func password(_ input: Input, on screen: Screen) async throws -> String? {
        mistypes.with { mistypes in
            defer { mistypes = false }
            return mistypes ? "wrong" : InteractionCodeTests.password
        }
    }
    func code(_ input: Input, on screen: Screen) async throws -> String? { try org.code() }
    func profile(_ input: Input, on screen: Screen) async throws -> JsonValue? { nil }
    func fill(_ input: Input, on screen: Screen) async throws -> JsonValue? { nil }
    func choose(_ choice: ChoiceElement, on screen: Screen) async throws -> ChoiceOption { choice.options[0] }
    func showNumber(_ number: String, _ waiting: Waiting) async throws {
        if numbers.with({ numbers in numbers.append(number); return numbers.count }) == 1 { try org.approve(number) }
    }

    func remediate(_ step: Step) async throws -> Action { try await byDefault(step) }
    func waiting(_ waiting: Waiting, at step: Step) async throws -> Wait {
        if let number = waiting.number { try await showNumber(number, waiting) }
        return .continue
    }
}

/// Sends by `URLSession`; may be told to do something else with the n-th request, or with an answer.
final class Recorder: Transport, @unchecked Sendable {
    let sent = Shared<[TransportRequest]>([])
    private let transport = URLSessionTransport()
    private let before: @Sendable (Int) throws -> Void
    private let change: @Sendable (TransportRequest, TransportResponse) throws -> TransportResponse

    init(
        before: @escaping @Sendable (Int) throws -> Void = { _ in },
        change: @escaping @Sendable (TransportRequest, TransportResponse) throws -> TransportResponse = { $1 }
    ) {
        (self.before, self.change) = (before, change)
    }

    func send(request: TransportRequest, cancel: CancelToken) throws -> TransportResponse {
        let number = sent.with { sent in sent.append(request); return sent.count }
        try before(number)
        return try change(request, transport.send(request: request, cancel: cancel))
    }
}

/// A transport that changes the document of the first step.
func changing(_ change: @escaping @Sendable (inout [String: Any]) -> Void) -> Recorder {
    Recorder(change: { request, response in
        guard request.url.hasSuffix("/introspect") else { return response }
        var document = try JSONSerialization.jsonObject(with: response.body) as? [String: Any] ?? [:]
        change(&document)
        let body = try JSONSerialization.data(withJSONObject: document)
        return TransportResponse(status: response.status, headers: response.headers, body: body)
    })
}

/// Changes the first form of a document.
func firstForm(_ document: inout [String: Any], _ change: (inout [String: Any]) -> Void) {
    var remediation = document["remediation"] as? [String: Any] ?? [:]
    var forms = remediation["value"] as? [[String: Any]] ?? [[:]]
    change(&forms[0])
    remediation["value"] = forms
    document["remediation"] = remediation
}
