// A transport over Foundation's `URLSession`: an app that has one needs no other HTTP stack, and the system's proxies, VPN and
// managed certificates count.

import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Sends the library's requests by `URLSession`: `Client(config: …, hosts: Hosts(transport: URLSessionTransport()))`.
///
/// It keeps the contract of `Transport`: every request is sent once, no redirect is followed, nothing is cached, no cookie or
/// credential is kept, every status is a response, and the body ends at `maxBody`. Any number of threads may use one.
///
/// Each request has a connection of its own: a kept connection that has just died is what makes HTTP stacks send a request
/// again by themselves, and a password must not be sent twice. Keep one transport for all clients: on Linux it is kept for
/// the life of the process.
public final class URLSessionTransport: Transport {
    private let exchanges = Exchanges()
    #if canImport(Darwin)
    private let configuration: URLSessionConfiguration
    #else
    private let session: URLSession
    #endif

    /// A transport with a configuration of the app's (proxies, TLS versions, service type), of which a copy is taken. Its
    /// cache, cookies, credentials and additional headers are switched off, and its time limits are those of each request.
    public init(configuration: URLSessionConfiguration = .ephemeral) {
        let own = configuration.copy() as? URLSessionConfiguration ?? .ephemeral
        own.urlCache = nil
        own.requestCachePolicy = .reloadIgnoringLocalCacheData
        own.httpCookieStorage = nil
        own.httpShouldSetCookies = false
        own.httpCookieAcceptPolicy = .never
        own.urlCredentialStorage = nil
        own.httpAdditionalHeaders = nil
        #if canImport(Darwin)
        own.waitsForConnectivity = false
        configuration = own
        #else
        // Foundation on Linux ends the process when it lets go of a session that had TLS, so this one is kept.
        session = URLSession(configuration: own, delegate: exchanges, delegateQueue: nil)
        _ = Unmanaged.passRetained(session)
        #endif
    }

    public func send(request: TransportRequest, cancel: CancelToken) throws -> TransportResponse {
        guard request.timeoutMs > 0 else { throw TransportError.timedOut(maybeSent: false) }
        guard let url = URL(string: request.url) else {
            throw TransportError.failed(reason: "URLSession does not take this URL", maybeSent: false)
        }
        let end = Date(timeIntervalSinceNow: Double(request.timeoutMs) / 1000)
        let exchange = Exchange(maxBody: request.maxBody)
        #if canImport(Darwin)
        // A session of its own has a connection of its own; it is let go of when it is told to.
        let session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        #endif
        let task = session.dataTask(with: wire(request, url))
        exchanges.add(exchange, for: task)
        defer {
            task.cancel()
            exchanges.remove(task)
        }
        // A token that is cancelled already tells at once, and then nothing is sent.
        let registration = try cancel.onCancel(listener: OnCancel { exchange.cancel() })
        defer { try? registration.remove() }
        if exchange.begins() { task.resume() }
        let ended = exchange.ended.wait(until: end)
        return try (ended ?? .failure(.timedOut(maybeSent: true))).get()
    }

    private func wire(_ request: TransportRequest, _ url: URL) -> URLRequest {
        var wire = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData)
        // Foundation counts from the last byte; the end of the request is watched apart, and comes first.
        wire.timeoutInterval = Double(request.timeoutMs) / 1000 + 60
        wire.httpMethod = request.method
        wire.httpShouldHandleCookies = false
        for header in request.headers {
            let name = header.name.lowercased()
            let before = wire.value(forHTTPHeaderField: header.name)
            // Foundation would join what repeats by commas, which cookies are not.
            let joined = before.map { $0 + (name == "cookie" ? "; " : ", ") + header.value }
            wire.setValue(joined ?? header.value, forHTTPHeaderField: header.name)
        }
        #if !canImport(Darwin)
        wire.setValue("close", forHTTPHeaderField: "Connection")
        #endif
        if request.method == "POST" { wire.httpBody = request.body }
        return wire
    }
}

/// One request and its answer.
private final class Exchange: @unchecked Sendable {
    /// How it ended.
    let ended = Once<Result<TransportResponse, TransportError>>()
    private let maxBody: Int64
    private let lock = NSLock()
    private var (begun, cancelled) = (false, false)
    private var head: HTTPURLResponse?
    private var body = Data()

    init(maxBody: Int64) { self.maxBody = maxBody }

    /// Whether to send. From then on a byte may be on its way.
    func begins() -> Bool {
        lock.withLock {
            begun = !cancelled
            return begun
        }
    }

    func cancel() {
        let maybeSent = lock.withLock {
            cancelled = true
            return begun
        }
        ended.set(.failure(.cancelled(maybeSent: maybeSent)))
    }

    func came(_ response: URLResponse) {
        lock.withLock { head = response as? HTTPURLResponse }
        if response.expectedContentLength > maxBody { ended.set(.failure(.tooLarge)) }
    }

    func came(_ data: Data) {
        let tooLarge = lock.withLock {
            if Int64(body.count + data.count) > maxBody { return true }
            body.append(data)
            return false
        }
        if tooLarge { ended.set(.failure(.tooLarge)) }
    }

    func complete(_ response: URLResponse?) {
        let (head, body) = lock.withLock { (self.head ?? response as? HTTPURLResponse, self.body) }
        if let head {
            ended.set(.success(TransportResponse(status: Int32(head.statusCode), headers: headers(head), body: body)))
        } else {
            ended.set(.failure(.failed(reason: "URLSession gave no HTTP answer", maybeSent: true)))
        }
    }
}

/// The exchanges under way, told by `URLSession` on a queue of its own.
private final class Exchanges: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let lock = NSLock()
    private var all: [ObjectIdentifier: Exchange] = [:]

    func add(_ exchange: Exchange, for task: URLSessionTask) { lock.withLock { all[ObjectIdentifier(task)] = exchange } }
    func remove(_ task: URLSessionTask) { lock.withLock { all[ObjectIdentifier(task)] = nil } }
    private func of(_ task: URLSessionTask) -> Exchange? { lock.withLock { all[ObjectIdentifier(task)] } }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        of(task)?.came(response)
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        // There is no credential: a 401 is a response, and certificates are the system's to check.
        #if !canImport(Darwin)
        // Elsewhere than on Apple's systems this comes after the whole answer, and nothing comes after it.
        if let response = challenge.failureResponse { of(task)?.complete(response); return }
        #endif
        completionHandler(.performDefaultHandling, nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        of(dataTask)?.came(response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) { of(dataTask)?.came(data) }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error { of(task)?.ended.set(.failure(transportError(error))) } else { of(task)?.complete(task.response) }
    }
}

/// The headers of an answer. Foundation joins what repeats by commas, so cookies are taken apart again.
private func headers(_ response: HTTPURLResponse) -> [HttpHeader] {
    var headers: [HttpHeader] = []
    for (name, value) in response.allHeaderFields {
        guard let name = name as? String, let value = value as? String else { continue }
        let values = name.lowercased() == "set-cookie" ? cookies(value) : [value]
        headers += values.map { HttpHeader(name: name, value: $0) }
    }
    return headers
}

/// `a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT, b=2` is two cookies: a comma begins one only where `name=` follows.
func cookies(_ joined: String) -> [String] {
    var cookies: [String] = []
    for part in joined.split(separator: ",", omittingEmptySubsequences: false) {
        let pair = part.prefix { $0 != ";" }
        let name = pair.prefix { $0 != "=" }.drop { $0 == " " }
        let begins = name.endIndex < pair.endIndex && !name.isEmpty && !name.contains { $0 == " " || $0 == "\"" }
        if begins || cookies.isEmpty {
            cookies.append(String(part.drop { $0 == " " }))
        } else {
            cookies[cookies.count - 1] += "," + part
        }
    }
    return cookies
}

/// What `URLSession` says, in the words of the library. Only its code crosses: its description may have the URL.
private func transportError(_ error: any Error) -> TransportError {
    let told = error as NSError
    let reason = "URLSession: error \(told.code)"
    if told.domain == NSURLErrorDomain {
        switch URLError.Code(rawValue: told.code) {
        case .cannotFindHost, .dnsLookupFailed, .cannotConnectToHost, .notConnectedToInternet, .dataNotAllowed,
            .internationalRoamingOff, .callIsActive:
            return .offline(reason: reason, maybeSent: false)
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .appTransportSecurityRequiresSecureConnection:
            return .tls(reason: reason, maybeSent: false)
        case .clientCertificateRejected, .clientCertificateRequired:
            return .tls(reason: reason, maybeSent: true)
        case .timedOut: return .timedOut(maybeSent: true)
        case .badURL, .unsupportedURL: return .failed(reason: reason, maybeSent: false)
        default: break
        }
        #if !canImport(Darwin)
        // Elsewhere than on Apple's systems Foundation has no word for what fails in TLS, only the text of curl.
        let text = told.localizedDescription
        let isTLS = text.contains("SSL") || text.contains("TLS")
        if isTLS, text.contains("certificate") || text.contains("connect") { return .tls(reason: reason, maybeSent: false) }
        #endif
    }
    return .network(reason: reason, maybeSent: true)
}

/// A value that one thread waits for: the first that is set.
final class Once<Value: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var value: Value?

    /// Sets the value, unless it is set.
    func set(_ value: Value) {
        condition.withLock {
            self.value = self.value ?? value
            condition.broadcast()
        }
    }

    /// Waits until it is set.
    func wait() -> Value {
        condition.withLock {
            while true {
                if let value { return value }
                condition.wait()
            }
        }
    }

    /// Waits until it is set, no longer than to `end`.
    func wait(until end: Date) -> Value? {
        condition.withLock {
            while value == nil, condition.wait(until: end) {}
            return value
        }
    }
}
