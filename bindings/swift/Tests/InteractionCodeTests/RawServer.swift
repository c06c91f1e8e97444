// A server of plain sockets on the loopback address: what a test wants, byte for byte, and what came in, as it came.

import Foundation
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One connection to a `RawServer`.
final class Connection: Sendable {
    private let handle: Int32
    init(_ handle: Int32) { self.handle = handle }

    /// A request, head and body; `nil` when the other side is gone.
    func request() -> RawRequest? {
        var came = Data()
        let end = Data("\r\n\r\n".utf8)
        while true {
            if let head = came.range(of: end) {
                let request = RawRequest(head: String(decoding: came[..<head.lowerBound], as: UTF8.self))
                let length = request.values("content-length").first.flatMap { Int($0) } ?? 0
                while came.count < head.upperBound + length {
                    guard read(into: &came) else { return nil }
                }
                return RawRequest(head: request.head, body: Data(came[head.upperBound...]))
            }
            guard read(into: &came) else { return nil }
        }
    }

    private func read(into came: inout Data) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(handle, &bytes, bytes.count, 0)
        if count > 0 { came.append(contentsOf: bytes[..<count]) }
        return count > 0
    }

    /// Whether it went out.
    @discardableResult
    func write(_ text: String) -> Bool { write(Data(text.utf8)) }

    @discardableResult
    func write(_ data: Data) -> Bool {
        var sent = 0
        while sent < data.count {
            let count = data.withUnsafeBytes { send(handle, $0.baseAddress! + sent, data.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Waits until the other side closes.
    func untilClosed() {
        var ignored = Data()
        while read(into: &ignored) {}
    }

    /// Breaks the connection: a reset, not an end.
    func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(handle, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    }

    fileprivate func close() { _ = Foundation.close(handle) }
}

/// What came in.
struct RawRequest: Sendable {
    let head: String
    var body = Data()

    var line: String { head.components(separatedBy: "\r\n")[0] }

    /// The values of a header, in order.
    func values(_ name: String) -> [String] {
        head.components(separatedBy: "\r\n").dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name else { return nil }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
    }
}

/// Answers each connection by a closure, on a thread of its own. Stops when it is let go of.
final class RawServer: Sendable {
    let url: String
    let requests = Shared<[RawRequest]>([])
    private let listener: Int32

    /// `answer` is given the connection and its first request.
    init(_ answer: @escaping @Sendable (Connection, RawRequest) -> Void) throws {
        let listener = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw Odd("no socket") }
        self.listener = listener
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        let requests = requests
        Thread.detachNewThread {
            while true {
                let handle = accept(listener, nil, nil)
                guard handle >= 0 else { return }
                Thread.detachNewThread {
                    let connection = Connection(handle)
                    if let request = connection.request() {
                        requests.with { $0.append(request) }
                        answer(connection, request)
                    }
                    connection.close()
                }
            }
        }
    }

    /// Answers every request in the same way.
    convenience init(_ head: String, _ body: String = "") throws {
        try self.init { connection, _ in
            connection.write("HTTP/1.1 \(head)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = Foundation.close(listener)
    }
}
