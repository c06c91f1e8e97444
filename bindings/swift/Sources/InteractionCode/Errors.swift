// How errors read, and what nothing prints: a secret.

extension SignInError: CustomStringConvertible {
    /// What is known of the failure, whatever the case.
    public var details: ErrorDetails {
        switch self {
        case .cancelled(let details), .timedOut(let details), .unreachable(let details), .retryLater(let details),
            .wrongAnswer(let details), .ended(let details), .refused(let details), .untrusted(let details),
            .busy(let details), .misuse(let details), .app(let details), .internal(let details): details
        }
    }

    /// What `localizedDescription` is, which SwiftUI and UIKit show: `details.phrase`.
    var forThePerson: String { details.phrase.text }

    /// The whole error in one line, with what to do about it, for developers. No secret is in it.
    public var description: String {
        // What the library throws has its advice in the text already.
        details.text.hasSuffix(details.advice) ? details.text : "\(details.text). \(details.advice)"
    }
}

extension TransportError: CustomStringConvertible {
    var forThePerson: String { description }

    /// What went wrong, in words. `localizedDescription` is the same.
    public var description: String {
        switch self {
        case .cancelled: "the request was cancelled"
        case .timedOut: "the time of the request was over"
        case .offline(let reason, _), .tls(let reason, _), .proxy(let reason, _), .network(let reason, _),
            .failed(let reason, _): reason
        case .tooLarge: "the answer is larger than the request accepts"
        }
    }
}

extension HostError: CustomStringConvertible {
    var forThePerson: String { description }

    /// What went wrong, in words. `localizedDescription` is the same.
    public var description: String { switch self { case .failed(let reason): reason } }
}

/// A value that may hold secrets: printed, interpolated, dumped or shown by a debugger, it says only what it is.
public protocol Redacted: CustomReflectable, CustomStringConvertible, CustomDebugStringConvertible {}

extension Redacted {
    /// Its type.
    public var description: String { "\(type(of: self)) [redacted]" }

    /// The same.
    public var debugDescription: String { description }

    /// Without members.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
