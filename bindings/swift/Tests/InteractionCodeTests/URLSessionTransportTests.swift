// The contract of a transport, point by point, against a server of plain sockets.

import Foundation
import XCTest
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

@testable import InteractionCode

final class URLSessionTransportTests: XCTestCase, @unchecked Sendable {
    private let transport = URLSessionTransport()

    private func request(
        _ url: String, _ method: String = "GET", _ headers: [(String, String)] = [], _ body: String = "",
        maxBody: Int64 = 1 << 20, timeoutMs: Int64 = 10_000
    ) -> TransportRequest {
        let headers = headers.map { HttpHeader(name: $0.0, value: $0.1) }
        return TransportRequest(method: method, url: url, headers: headers, body: Data(body.utf8), maxBody: maxBody, timeoutMs: timeoutMs)
    }

    private func get(_ url: String, maxBody: Int64 = 1 << 20, timeoutMs: Int64 = 10_000) throws -> TransportResponse {
        try transport.send(request: request(url, maxBody: maxBody, timeoutMs: timeoutMs), cancel: CancelToken())
    }

    private func failed(_ work: () throws -> TransportResponse) throws -> TransportError {
        try XCTUnwrap(failure(of: work) as? TransportError)
    }

    private func values(_ response: TransportResponse, _ name: String) -> [String] {
        response.headers.filter { $0.name.lowercased() == name }.map(\.value)
    }

    func testARequestGoesOutAsItIs() throws {
        let server = try RawServer("200 OK", "x")
        let headers = [("Accept", "application/ion+json; okta-version=1.0.0"), ("Content-Type", "application/json"),
                       ("User-Agent", "app/1 library/2"), ("Cookie", "a=1; b=2"), ("X-Twice", "1"), ("X-Twice", "2")]
        _ = try transport.send(
            request: request("\(server.url)/a%20b?q=%2F&r=1", "POST", headers, "{\"p\":\"ü😀\\u0000\"}"), cancel: CancelToken())
        let came = try XCTUnwrap(server.requests.now.first)
        XCTAssertEqual(came.line, "POST /a%20b?q=%2F&r=1 HTTP/1.1")
        XCTAssertEqual(String(decoding: came.body, as: UTF8.self), "{\"p\":\"ü😀\\u0000\"}")
        for (name, value) in headers.prefix(4) { XCTAssertEqual(came.values(name.lowercased()), [value], name) }
        #if !canImport(Darwin)
        XCTAssertEqual(came.values("connection"), ["close"])
        #endif
        XCTAssertEqual(came.values("x-twice").joined(separator: ", "), "1, 2")
        // The names that Foundation adds are those that HTTP needs, and what it can decode.
        let names = Set(came.head.components(separatedBy: "\r\n").dropFirst().map { $0.split(separator: ":")[0].lowercased() })
        let own = Set(headers.map { $0.0.lowercased() })
        let added: Set = ["host", "content-length", "connection", "accept-encoding", "accept-language"]
        XCTAssertTrue(names.subtracting(own).isSubset(of: added), "\(names)")
    }

    func testAGetHasNoBody() throws {
        let server = try RawServer("200 OK", "x")
        XCTAssertEqual(try get(server.url + "/keys").body, Data("x".utf8))
        let came = try XCTUnwrap(server.requests.now.first)
        XCTAssertEqual(came.line, "GET /keys HTTP/1.1")
        XCTAssertEqual(came.body, Data())
    }

    func testAnEmptyPostIsAPost() throws {
        let server = try RawServer("200 OK", "x")
        _ = try transport.send(request: request(server.url, "POST"), cancel: CancelToken())
        let came = try XCTUnwrap(server.requests.now.first)
        XCTAssertTrue(came.line.hasPrefix("POST "))
        XCTAssertEqual(came.values("content-length"), ["0"])
    }

    func testEveryStatusIsAResponse() throws {
        for status in [200, 204, 304, 400, 401, 403, 404, 407, 429, 500, 503] {
            let body = [204, 304].contains(status) ? "" : "said \(status)"
            let server = try RawServer("\(status) X\r\nWWW-Authenticate: Basic realm=\"x\"\r\nX-Odd: ü", body)
            let response = try get(server.url)
            XCTAssertEqual(response.status, Int32(status))
            XCTAssertEqual(String(decoding: response.body, as: UTF8.self), body)
            XCTAssertEqual(server.requests.now.count, 1, "\(status)")
        }
    }

    func testARedirectIsNotFollowed() throws {
        let elsewhere = try RawServer("200 OK", "elsewhere")
        for status in [301, 302, 303, 307, 308] {
            let server = try RawServer("\(status) Found\r\nLocation: \(elsewhere.url)/x\r\nSet-Cookie: a=1")
            let response = try transport.send(request: request(server.url, "POST", [], "secret"), cancel: CancelToken())
            XCTAssertEqual(response.status, Int32(status))
            XCTAssertEqual(values(response, "location"), ["\(elsewhere.url)/x"])
            XCTAssertEqual(server.requests.now.count, 1)
        }
        XCTAssertEqual(elsewhere.requests.now.count, 0)
    }

    func testCookiesAreTheLibrarys() throws {
        let server = try RawServer(
            "200 OK\r\nSet-Cookie: a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT; Path=/\r\nSet-Cookie: b=2; Secure\r\nSet-Cookie: c=\"x y\"", "x")
        for _ in 0..<2 {
            let came = values(try get(server.url), "set-cookie")
            XCTAssertEqual(came.sorted(), ["a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT; Path=/", "b=2; Secure", "c=\"x y\""])
        }
        // None was kept, and none of the app's comes along.
        XCTAssertEqual(server.requests.now.flatMap { $0.values("cookie") }, [])
        XCTAssertEqual(HTTPCookieStorage.shared.cookies?.count ?? 0, 0)
    }

    func testFoldedCookiesAreTakenApart() {
        for whole in [
            ["a=1"], ["a=1", "b=2"], ["a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT", "b=2; expires=Fri, 02-Jan-2032 00:00:00 GMT; Path=/"],
            ["a=", "b=; Max-Age=0", "c=x=y"], ["a=1,2", "b=3"],
        ] {
            XCTAssertEqual(cookies(whole.joined(separator: ", ")), whole)
            XCTAssertEqual(cookies(whole.joined(separator: ",")), whole)
        }
    }

    func testNothingComesFromACache() throws {
        let server = try RawServer("200 OK\r\nCache-Control: max-age=3600\r\nETag: \"1\"\r\nLast-Modified: Thu, 01 Jan 2032 00:00:00 GMT", "x")
        for _ in 0..<3 { XCTAssertEqual(try get(server.url + "/same").status, 200) }
        XCTAssertEqual(server.requests.now.count, 3)
        XCTAssertTrue(server.requests.now.allSatisfy { $0.values("if-none-match").isEmpty && $0.values("if-modified-since").isEmpty })
    }

    func testARequestIsSentOnceWhateverHappens() throws {
        for breaks in [{ $0.reset() }, { _ in }, { $0.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"); }]
            as [@Sendable (Connection) -> Void]
        {
            let server = try RawServer { connection, _ in breaks(connection) }
            let error = try failed { try transport.send(request: request(server.url, "POST", [], "secret"), cancel: CancelToken()) }
            guard case .network(_, maybeSent: true) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(server.requests.now.count, 1)
        }
    }

    func testAConnectionThatDiedBetweenTwoRequestsIsNotARetry() throws {
        let server = try RawServer { connection, _ in
            // Says that it stays, and goes.
            connection.write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx")
        }
        for count in 1...5 {
            _ = try transport.send(request: request(server.url, "POST", [], "secret"), cancel: CancelToken())
            XCTAssertEqual(server.requests.now.count, count)
        }
    }

    func testTheBodyEndsAtItsLimit() throws {
        let exact = try RawServer("200 OK", String(repeating: "x", count: 1000))
        XCTAssertEqual(try get(exact.url, maxBody: 1000).body.count, 1000)
        guard case .tooLarge = try failed({ try get(exact.url, maxBody: 999) }) else { return XCTFail("not too large") }
        // Without a length, and without an end: it is stopped while it comes.
        let stopped = Signal()
        let endless = try RawServer { connection, _ in
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write(String(repeating: "x", count: 65_536)) {}
            stopped.give()
        }
        guard case .tooLarge = try failed({ try get(endless.url, maxBody: 1 << 20) }) else { return XCTFail("not too large") }
        try stopped.take()
    }

    func testACompressedBodyIsDecodedAndItsLimitIsThatOfWhatIsInIt() throws {
        // 100,000 times `x`, by gzip.
        let packed = try XCTUnwrap(Data(base64Encoded: gzipped))
        let server = try RawServer { connection, _ in
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n")
            connection.write(packed)
        }
        XCTAssertEqual(try get(server.url).body, Data(repeating: UInt8(ascii: "x"), count: 100_000))
        guard case .tooLarge = try failed({ try get(server.url, maxBody: 5000) }) else { return XCTFail("not too large") }
    }

    func testTheTimeLimitIsKept() throws {
        for drips in [false, true] {
            let server = try RawServer { connection, _ in
                if drips { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx") }
                connection.untilClosed()
            }
            // On a busy machine the limit may be over before anything was sent; then with more.
            let sent = try [300, 3_000, 30_000].contains { (limit: Int64) in
                let begun = Date()
                let error = try failed { try get(server.url, timeoutMs: limit) }
                XCTAssertGreaterThan(Date().timeIntervalSince(begun), Double(limit) / 1000 - 0.01, "not before its time")
                guard case .timedOut(let maybeSent) = error else { throw Odd("\(error)") }
                return maybeSent
            }
            XCTAssertTrue(sent)
        }
        guard case .timedOut(maybeSent: false) = try failed({ try get("http://127.0.0.1:9", timeoutMs: 0) }) else {
            return XCTFail("a limit that is over is over")
        }
    }

    func testACancelEndsARequest() throws {
        for drips in [false, true] {
            let (arrived, closed) = (Signal(), Signal())
            let server = try RawServer { connection, _ in
                if drips { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx") }
                arrived.give()
                connection.untilClosed()
                closed.give()
            }
            let token = CancelToken()
            Thread.detachNewThread {
                try? arrived.take()
                try? token.cancel()
            }
            // By the cancel, and not by its limit.
            let error = try failed { try transport.send(request: request(server.url, timeoutMs: 600_000), cancel: token) }
            guard case .cancelled(maybeSent: true) = error else { return XCTFail("\(error)") }
            // And the connection is let go of.
            try closed.take()
        }
    }

    func testACancelledTokenSendsNothing() throws {
        let server = try RawServer("200 OK", "x")
        let token = CancelToken()
        try token.cancel()
        let error = try failed { try transport.send(request: request(server.url), cancel: token) }
        guard case .cancelled(maybeSent: false) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(server.requests.now.count, 0)
    }

    func testAServerThatIsNotThereIsOffline() throws {
        var server: RawServer? = try RawServer("200 OK", "x")
        let url = try XCTUnwrap(server?.url)
        server = nil
        for url in [url, "http://no-such-host.invalid/"] {
            let error = try failed { try get(url) }
            guard case .offline(let reason, maybeSent: false) = error else { return XCTFail("\(error)") }
            XCTAssertFalse(reason.contains("invalid") || reason.contains("127.0.0.1"))
        }
    }

    func testACertificateThatIsNotTrustedIsOfTLSAndNothingIsSent() throws {
        let issuer = try XCTUnwrap(ProcessInfo.processInfo.environment["IC_SANDBOX_TLS"])
        let error = try failed { try transport.send(request: request(issuer + "/v1/interact", "POST", [], "secret"), cancel: CancelToken()) }
        guard case .tls(_, maybeSent: false) = error else { return XCTFail("\(error)") }
        // A server that speaks no TLS.
        let plain = try RawServer("200 OK", "x")
        let odd = try failed { try get(plain.url.replacingOccurrences(of: "http://", with: "https://"), timeoutMs: 3000) }
        XCTAssertFalse("\(odd)".contains("secret"))
        XCTAssertEqual(plain.requests.now.count, 0)
    }

    func testNoReasonHasASecret() throws {
        let server = try RawServer { connection, _ in connection.reset() }
        for url in ["\(server.url)/?code=hunter2", "http://no-such-host.invalid/?code=hunter2", "hunter2://x", "http://[hunter2"] {
            let error = try failed {
                try transport.send(request: request(url, "POST", [("Cookie", "hunter2")], "hunter2"), cancel: CancelToken())
            }
            XCTAssertFalse("\(error) \(String(reflecting: error)) \(error.localizedDescription)".contains("hunter2"))
        }
    }

    func testSeveralThreadsAtOnce() throws {
        let server = try RawServer { connection, request in
            let body = request.line
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        let wrong = Shared<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 32) { number in
            let body = (try? self.get("\(server.url)/\(number)"))?.body ?? Data()
            if body != Data("GET /\(number) HTTP/1.1".utf8) { wrong.with { $0.append("\(number)") } }
        }
        XCTAssertEqual(wrong.now, [])
    }

    func testAConfigurationOfTheAppLosesWhatTheContractForbids() throws {
        let configuration = URLSessionConfiguration.default
        configuration.urlCache = URLCache(memoryCapacity: 1 << 20, diskCapacity: 0, diskPath: nil)
        configuration.httpAdditionalHeaders = ["X-Of-The-App": "1", "Accept": "x/y"]
        configuration.timeoutIntervalForResource = 77
        let own = URLSessionTransport(configuration: configuration)
        let server = try RawServer("200 OK\r\nCache-Control: max-age=3600\r\nSet-Cookie: a=1", "x")
        for _ in 0..<2 { _ = try own.send(request: request(server.url, "GET", [("Accept", "a/b")]), cancel: CancelToken()) }
        XCTAssertEqual(server.requests.now.flatMap { $0.values("accept") }, ["a/b", "a/b"])
        XCTAssertEqual(server.requests.now.flatMap { $0.values("x-of-the-app") + $0.values("cookie") }, [])
        // The app's object is as it was.
        XCTAssertNotNil(configuration.urlCache)
        XCTAssertEqual(configuration.httpAdditionalHeaders?.count, 2)
    }

    func testManyRequestsDoNotKeepAnything() throws {
        let server = try RawServer("200 OK", "x")
        let open = { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        for _ in 0..<20 { _ = try get(server.url) }
        let before = try open()
        for _ in 0..<200 { _ = try get(server.url) }
        // Those of the last few may still be closing.
        let end = Date(timeIntervalSinceNow: hang)
        while try open() >= before + 20, Date() < end { Thread.sleep(forTimeInterval: 0.01) }
        XCTAssertLessThan(try open(), before + 20)
    }
}

private let gzipped = """
    H4sIAAAAAAACA+3BMQEAAADCoNqLbw0PoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBXA3ERB/6ghgEA
    """
