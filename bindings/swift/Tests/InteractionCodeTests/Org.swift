// A sandbox from the outside, and clients of it. The environment says where it is: IC_SANDBOX, IC_SANDBOX_ORIGIN.

import Foundation
import XCTest

import InteractionCode

let user = "ada@example.com"
let password = "Correct-Horse-9"
let redirectUri = "com.example.app:/callback"

/// In seconds: what has not come by then never comes. How fast a cancel is, is measured and not tested: a busy machine takes
/// longer for anything.
let hang = 300.0

/// Nothing that these calls wait for comes by itself.
let never = CallOptions(timeoutMs: 600_000)

/// The end of a task, in the time that anything may take.
func outcome<Value: Sendable>(of running: Task<Value, any Error>) async throws -> Result<Value, any Error> {
    let ended = await withTaskGroup(of: Result<Value, any Error>?.self) { group in
        group.addTask { await running.result }
        group.addTask {
            try? await Task.sleep(nanoseconds: UInt64(hang) * 1_000_000_000)
            return nil
        }
        let first = await group.next()
        group.cancelAll()
        return first ?? nil
    }
    guard let ended else { throw Odd("what was cancelled goes on") }
    return ended
}

/// The sandbox: its issuer, its outbox, pushes, faults, the requests it got.
final class Org: Sendable {
    static let shared = Org()
    let issuer: String
    private let origin: String
    private let transport = URLSessionTransport()

    private init() {
        let environment = ProcessInfo.processInfo.environment
        guard let issuer = environment["IC_SANDBOX"], let origin = environment["IC_SANDBOX_ORIGIN"] else {
            fatalError("these tests are started by `cargo xtask test --only swift`")
        }
        (self.issuer, self.origin) = (issuer, origin)
    }

    @discardableResult
    func control(_ path: String, _ body: Any? = nil) throws -> Any {
        let data = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        let request = TransportRequest(
            method: data == nil ? "GET" : "POST", url: "\(origin)/sandbox/\(path)",
            headers: data == nil ? [] : [HttpHeader(name: "Content-Type", value: "application/json")],
            body: data ?? Data(), maxBody: 1 << 24, timeoutMs: 10_000)
        let response = try transport.send(request: request, cancel: CancelToken())
        guard response.status < 300 else { throw Odd("the sandbox says \(response.status) to \(path)") }
        let said = response.body.isEmpty ? Data("null".utf8) : response.body
        return try JSONSerialization.jsonObject(with: said, options: .fragmentsAllowed)
    }

    func list(_ path: String) throws -> [[String: Any]] { try control(path) as? [[String: Any]] ?? [] }

    func reset() throws { try control("reset", [:] as [String: Any]) }

    func code() throws -> String { try list("outbox?to=\(user)&kind=email").last?["code"] as? String ?? "" }

    func approve(_ number: String?) throws {
        let id = try XCTUnwrap(list("push").last?["id"] as? String)
        try control("push/\(id)/approve", ["answer": number])
    }

    func requests(_ path: String = "") throws -> Int {
        try list("requests").filter { ($0["path"] as? String ?? "").contains(path) }.count
    }

    func config(_ clientId: String) -> ClientConfig {
        let scopes = ["openid", "profile", "email", "offline_access"]
        return ClientConfig(issuer: issuer, clientId: clientId, redirectUri: redirectUri, scopes: scopes)
    }

    func client(
        _ clientId: String = "app-password", transport: Transport? = nil, storage: Storage? = nil, log: LogSink? = nil
    ) throws -> Client {
        try Client(config: config(clientId), hosts: Hosts(transport: transport, storage: storage, log: log))
    }

    /// A sign-in that waits for a push.
    func waitingForPush(transport: Transport? = nil) throws -> SignIn {
        let signIn = try client("app-push", transport: transport).start()
        try identify(signIn)
        try enter(signIn)
        try choose(signIn, "okta_verify")
        return signIn
    }

    /// Waits until the sandbox has got one more request of this kind.
    func untilRequested(_ path: String, after before: Int) throws {
        let end = Date(timeIntervalSinceNow: hang)
        while try requests(path) <= before {
            guard Date() < end else { throw Odd("no request to \(path) came") }
        }
    }
}

/// An error that the library knows nothing of.
struct Odd: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }
}

/// Fills in one text of a remediation and sends it; the next step.
@discardableResult
func give(_ signIn: SignIn, _ remediation: String, _ path: String, _ text: String) throws -> Step {
    try signIn.proceed(answer: signIn.step().answerNamed(name: remediation).setting(path: path, text: text))
}

@discardableResult
func identify(_ signIn: SignIn) throws -> Step { try give(signIn, "identify", "identifier", user) }

@discardableResult
func enter(_ signIn: SignIn, _ text: String = password) throws -> Step {
    try give(signIn, "challenge-authenticator", "credentials.passcode", text)
}

@discardableResult
func choose(_ signIn: SignIn, _ key: String) throws -> Step {
    let answer = try signIn.step().answerNamed(name: "select-authenticator-authenticate")
    return try signIn.proceed(answer: answer.choosingAuthenticator(path: "authenticator", id: key))
}

/// A whole sign-in with a password; the tokens.
@discardableResult
func signsIn(_ client: Client) throws -> Tokens {
    let signIn = try client.start()
    try identify(signIn)
    try enter(signIn)
    return try signIn.finish()
}

/// What a call throws.
func failure<Value>(of call: () throws -> Value, file: StaticString = #filePath, line: UInt = #line) throws -> any Error {
    do {
        _ = try call()
    } catch {
        return error
    }
    XCTFail("it did not throw", file: file, line: line)
    throw Odd("it did not throw")
}

func failure<Value>(
    of call: () async throws -> Value, file: StaticString = #filePath, line: UInt = #line
) async throws -> any Error {
    do {
        _ = try await call()
    } catch {
        return error
    }
    XCTFail("it did not throw", file: file, line: line)
    throw Odd("it did not throw")
}

/// Something that two threads share.
final class Shared<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    init(_ value: Value) { self.value = value }

    @discardableResult
    func with<Result>(_ work: (inout Value) throws -> Result) rethrows -> Result { try lock.withLock { try work(&value) } }
    var now: Value { with { $0 } }
}

/// Something that is waited for.
final class Signal: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func give() { semaphore.signal() }
    func take() throws {
        guard semaphore.wait(timeout: .now() + hang) == .success else { throw Odd("what was waited for did not come") }
    }
}

/// A test with a sandbox as it was at the beginning.
class OrgTest: XCTestCase, @unchecked Sendable {
    let org = Org.shared

    override func setUpWithError() throws { try org.reset() }
}
