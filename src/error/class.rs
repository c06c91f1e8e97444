//! What an app can do about an error: few classes over the many kinds, the same in every face.

use super::{Error, ErrorKind};

/// What an app can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The app cancelled the call.
    Cancelled,
    /// The time limit of the call passed: call again with more time.
    TimedOut,
    /// There is no way to the server: no network, a proxy, a certificate that is not trusted.
    Unreachable,
    /// The server asks to wait, or cannot answer now (a 5xx, an outage): the same call again after a while.
    RetryLater,
    /// The answer does not fit the form, or the step offers no such thing. Nothing was sent.
    WrongAnswer,
    /// The sign-in is over without tokens.
    Ended,
    /// The server refused the app itself.
    Refused,
    /// What answered breaks the rules, or a token failed verification.
    Untrusted,
    /// The object does another call.
    Busy,
    /// The app used the library wrongly.
    Misuse,
    /// The app's own callback failed, or its storage cannot be used now.
    App,
    /// A bug of the library, or the machine is out of something.
    Internal,
}

impl Error {
    /// What an app can do about it.
    pub fn class(&self) -> ErrorClass {
        match self.kind() {
            ErrorKind::Cancelled => ErrorClass::Cancelled,
            ErrorKind::Timeout => ErrorClass::TimedOut,
            ErrorKind::Offline | ErrorKind::Tls | ErrorKind::Proxy | ErrorKind::Network => ErrorClass::Unreachable,
            ErrorKind::RateLimited => ErrorClass::RetryLater,
            // Whoever answers so, the org or what stands before it: it is not about the app.
            ErrorKind::OAuth | ErrorKind::Api | ErrorKind::Http if self.is_outage() => ErrorClass::RetryLater,
            ErrorKind::InvalidAnswer | ErrorKind::NotFound => ErrorClass::WrongAnswer,
            ErrorKind::Expired | ErrorKind::Terminal => ErrorClass::Ended,
            ErrorKind::OAuth | ErrorKind::Api => ErrorClass::Refused,
            ErrorKind::Http
            | ErrorKind::Protocol
            | ErrorKind::ForeignOrigin
            | ErrorKind::LimitExceeded
            | ErrorKind::InvalidToken => ErrorClass::Untrusted,
            ErrorKind::Busy => ErrorClass::Busy,
            ErrorKind::InvalidArgument
            | ErrorKind::InvalidHandle
            | ErrorKind::InvalidState
            | ErrorKind::InvalidCallback
            | ErrorKind::InvalidSnapshot => ErrorClass::Misuse,
            ErrorKind::Callback | ErrorKind::StorageUnavailable => ErrorClass::App,
            ErrorKind::Internal | ErrorKind::NoThread => ErrorClass::Internal,
        }
    }

    /// A status of 5xx, or the OAuth errors that stand for one (RFC 6749 section 4.1.2.1).
    fn is_outage(&self) -> bool {
        self.http_status().is_some_and(|status| status >= 500)
            || matches!(self.oauth_error(), Some("server_error" | "temporarily_unavailable"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_no_refusal_of_the_app() {
        for kind in [ErrorKind::Http, ErrorKind::Api, ErrorKind::OAuth] {
            for status in [500, 502, 503, 504] {
                assert_eq!(Error::new(kind, "x").with_http_status(status).class(), ErrorClass::RetryLater);
            }
        }
        for error in ["server_error", "temporarily_unavailable"] {
            assert_eq!(Error::new(ErrorKind::OAuth, "x").with_oauth(error, None).class(), ErrorClass::RetryLater);
        }
        assert_eq!(Error::new(ErrorKind::OAuth, "x").with_oauth("invalid_client", None).class(), ErrorClass::Refused);
        assert_eq!(Error::new(ErrorKind::Api, "x").with_http_status(403).class(), ErrorClass::Refused);
        assert_eq!(Error::new(ErrorKind::Http, "x").with_http_status(302).class(), ErrorClass::Untrusted);
        // A status alone makes no outage of what says more.
        assert_eq!(Error::new(ErrorKind::InvalidToken, "x").with_http_status(503).class(), ErrorClass::Untrusted);
    }
}
