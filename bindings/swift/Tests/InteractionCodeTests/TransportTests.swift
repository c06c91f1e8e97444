// The app's own transport: it fails at each request in turn, in each way.

import Foundation
import InteractionCode
import XCTest

final class TransportTests: OrgTest, @unchecked Sendable {
    private let requests = 6  // interact, introspect, identify, answer, token, keys

    func testSignsInOverATransportOfTheApp() throws {
        let transport = Recorder()
        XCTAssertEqual(try signsIn(org.client(transport: transport)).email, user)
        XCTAssertEqual(transport.sent.now.count, requests)
    }

    func testAFailureBeforeAnythingLeftCanBeRepeated() throws {
        for at in 1...requests {
            let transport = Recorder(before: { if $0 == at { throw TransportError.network(reason: "made to fail", maybeSent: false) } })
            let failures = Shared(0)
            func untilDone<Value>(_ work: () throws -> Value) throws -> Value {
                while true {
                    do {
                        return try work()
                    } catch SignInError.unreachable(let details) {
                        XCTAssertFalse(details.maybeSent)
                        failures.with { $0 += 1 }
                    }
                }
            }
            let client = try org.client(transport: transport)
            let signIn = try untilDone { try client.start() }
            for work in [{ try identify(signIn) }, { try enter(signIn) }] as [() throws -> Step] {
                let before = try signIn.step()
                _ = try untilDone {
                    XCTAssertTrue(try signIn.step().isSame(other: before))
                    return try work()
                }
            }
            XCTAssertEqual(try untilDone { try signIn.finish() }.email, user)
            XCTAssertEqual(failures.now, 1, "at \(at)")
        }
    }

    func testAfterALostAnswerTheServerIsAsked() throws {
        let transport = Recorder(change: { request, response in
            if request.url.hasSuffix("/identify") { throw TransportError.network(reason: "lost", maybeSent: true) }
            return response
        })
        let signIn = try org.client(transport: transport).start()
        let before = try signIn.step()
        let error = try failure { try identify(signIn) } as? SignInError
        XCTAssertEqual(error?.details.maybeSent, true)
        XCTAssertTrue(try signIn.step().isSame(other: before))
        XCTAssertTrue(try signIn.refresh().isPasswordChallenge())
        try enter(signIn)
        XCTAssertEqual(try signIn.finish().email, user)
    }

    func testEachFailureOfATransportHasItsError() throws {
        let all: [(any Error, ErrorKind, Bool)] = [
            (TransportError.cancelled(maybeSent: true), .cancelled, true),
            (TransportError.timedOut(maybeSent: true), .timeout, true),
            (TransportError.offline(reason: "no route", maybeSent: false), .offline, false),
            (TransportError.tls(reason: "not trusted", maybeSent: true), .tls, true),
            (TransportError.proxy(reason: "407", maybeSent: false), .proxy, false),
            (TransportError.network(reason: "reset", maybeSent: true), .network, true),
            (TransportError.tooLarge, .limitExceeded, true),
            (TransportError.failed(reason: "odd", maybeSent: true), .callback, true),
            (Odd("hunter2"), .callback, true),
        ]
        for (thrown, kind, maybeSent) in all {
            let client = try org.client(transport: Recorder(before: { _ in throw thrown }))
            let error = try XCTUnwrap(failure { try client.start() } as? SignInError)
            XCTAssertEqual(error.details.kind, kind)
            XCTAssertEqual(error.details.maybeSent, maybeSent, "\(kind)")
            XCTAssertFalse(String(reflecting: error).contains("hunter2"))
        }
    }

    func testAnAnswerThatIsNoneIsAnError() throws {
        for (status, body) in [(99, Data()), (700, Data()), (200, Data("\0not json".utf8)), (200, Data(count: 9_000_000))] {
            let transport = Recorder(change: { TransportResponse(status: Int32(status), headers: $1.headers, body: body) })
            XCTAssertTrue(try failure { try org.client(transport: transport).start() } is SignInError)
        }
    }

    func testRetryLaterSaysWhen() throws {
        let signIn = try org.client().start()
        try org.control("faults", [["path": "/idp/idx/identify", "kind": "status", "status": 429, "retry_after": 7]])
        let error = try failure { try identify(signIn) }
        guard case SignInError.retryLater(let details) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(details.httpStatus, 429)
        XCTAssertGreaterThan(details.retryAfter ?? 0, 0)
    }
}
