//! Errors: few variants, each of which says what the app can do; the details are the same in all.

use std::{fmt, time::Duration};

use crate::error::{Error, ErrorKind, Sent};

/// What is known of a failure. A handler that ends a run by an error of its own needs only `text`.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ErrorDetails {
    /// The class of the error as a stable word, for example `rate_limited`.
    #[uniffi(default = "callback")]
    pub kind: String,
    /// The class as a stable number: the same as in the C API.
    #[uniffi(default = 80)]
    pub code: i32,
    /// The whole error in one line, for logs and for developers. No secret is in it.
    pub text: String,
    /// What to do about it; may be empty.
    #[uniffi(default = "")]
    pub advice: String,
    /// Whether the request may have reached the server. If so, `refresh` before a credential is sent again.
    #[uniffi(default = false)]
    pub maybe_sent: bool,
    /// The HTTP status of the answer, when there was one.
    #[uniffi(default = None)]
    pub http_status: Option<i32>,
    /// Okta's request id, for logs and for Okta's support.
    #[uniffi(default = None)]
    pub request_id: Option<String>,
    /// The OAuth `error`, for example `invalid_grant` (RFC 6749 section 5.2).
    #[uniffi(default = None)]
    pub oauth_error: Option<String>,
    /// The OAuth `error_description`: text of the server.
    #[uniffi(default = None)]
    pub oauth_description: Option<String>,
    /// Okta's API error code, for example `E0000047`.
    #[uniffi(default = None)]
    pub api_code: Option<String>,
    /// The rule of token verification that failed, for example `nonce`.
    #[uniffi(default = None)]
    pub rule: Option<String>,
    /// How long to wait before trying again, in seconds, when the server says so.
    #[uniffi(default = None)]
    pub retry_after: Option<f64>,
    /// What the server said to the person.
    #[uniffi(default = [])]
    pub server_messages: Vec<ServerMessage>,
    /// What is wrong with the answer, each with its field.
    #[uniffi(default = [])]
    pub problems: Vec<AnswerProblem>,
}

/// A message of the server's that came with a failure.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ServerMessage {
    /// The i18n key, for example `errors.E0000004`. Decide by it, never by the text.
    pub key: Option<String>,
    /// The text in the user's language. Untrusted.
    pub text: String,
    /// The field it belongs to, as a dotted path.
    pub path: Option<String>,
}

/// One thing that is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AnswerProblem {
    /// The field, as a dotted path: `credentials.passcode`.
    pub path: String,
    /// What is wrong with it, in words. Never holds the value.
    pub reason: String,
}

impl From<crate::error::Problem> for AnswerProblem {
    fn from(problem: crate::error::Problem) -> Self {
        AnswerProblem { path: problem.path, reason: problem.what }
    }
}

/// Why a call failed. After any of them the sign-in is where it was.
#[derive(Clone, Debug, uniffi::Error)]
pub enum SignInError {
    /// The app cancelled the call.
    Cancelled { details: ErrorDetails },
    /// The time limit of the call passed: call again with more time.
    TimedOut { details: ErrorDetails },
    /// There is no way to the server: no network, a proxy, a certificate that is not trusted. Try again later.
    Unreachable { details: ErrorDetails },
    /// The server asks to wait: the details say how long.
    RetryLater { details: ErrorDetails },
    /// The answer does not fit the form, or the step offers no such thing: the details list the problems. Nothing was sent.
    WrongAnswer { details: ErrorDetails },
    /// The sign-in is over without tokens (expired, denied): show the server's messages in the details, then `restart`.
    Ended { details: ErrorDetails },
    /// The server refused the app itself: the advice in the details tells whoever set up the org what to look at.
    Refused { details: ErrorDetails },
    /// Something between here and the org, or the org, breaks the rules; a token failed verification.
    Untrusted { details: ErrorDetails },
    /// The app used the library wrongly: bad settings, a call at the wrong time, a second call at once.
    Misuse { details: ErrorDetails },
    /// The app's own callback failed, or its storage cannot be used now (`storage_unavailable`).
    App { details: ErrorDetails },
    /// A bug of the library. Please report it.
    Internal { details: ErrorDetails },
}

/// `Result` of everything that works.
pub type Result<T, E = SignInError> = std::result::Result<T, E>;

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.details().text)
    }
}

impl std::error::Error for SignInError {}

impl SignInError {
    /// What is known of the failure.
    pub(super) fn details(&self) -> &ErrorDetails {
        match self {
            SignInError::Cancelled { details }
            | SignInError::TimedOut { details }
            | SignInError::Unreachable { details }
            | SignInError::RetryLater { details }
            | SignInError::WrongAnswer { details }
            | SignInError::Ended { details }
            | SignInError::Refused { details }
            | SignInError::Untrusted { details }
            | SignInError::Misuse { details }
            | SignInError::App { details }
            | SignInError::Internal { details } => details,
        }
    }

    /// The same failure for the core, when an app throws it in a callback.
    pub(super) fn into_core(self) -> Error {
        let details = self.details();
        let kind = ErrorKind::from_code(details.code).unwrap_or(ErrorKind::Callback);
        let sent = if details.maybe_sent { Sent::Maybe } else { Sent::No };
        Error::new(kind, details.text.clone())
            .with_sent(sent)
            .with_retry_after(details.retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
    }
}

impl From<Error> for SignInError {
    fn from(error: Error) -> Self {
        let details = details_of(&error);
        match error.kind() {
            ErrorKind::Cancelled => SignInError::Cancelled { details },
            ErrorKind::Timeout => SignInError::TimedOut { details },
            ErrorKind::Offline | ErrorKind::Tls | ErrorKind::Proxy | ErrorKind::Network => {
                SignInError::Unreachable { details }
            }
            ErrorKind::RateLimited => SignInError::RetryLater { details },
            ErrorKind::InvalidAnswer | ErrorKind::NotFound => SignInError::WrongAnswer { details },
            ErrorKind::Expired | ErrorKind::Terminal => SignInError::Ended { details },
            ErrorKind::OAuth | ErrorKind::Api => SignInError::Refused { details },
            ErrorKind::Http
            | ErrorKind::Protocol
            | ErrorKind::ForeignOrigin
            | ErrorKind::LimitExceeded
            | ErrorKind::InvalidToken => SignInError::Untrusted { details },
            ErrorKind::InvalidArgument
            | ErrorKind::InvalidHandle
            | ErrorKind::Busy
            | ErrorKind::InvalidState
            | ErrorKind::InvalidCallback
            | ErrorKind::InvalidSnapshot => SignInError::Misuse { details },
            ErrorKind::Callback | ErrorKind::StorageUnavailable => SignInError::App { details },
            ErrorKind::Internal | ErrorKind::NoThread => SignInError::Internal { details },
        }
    }
}

/// An exception that the app did not declare. Only its type is kept: the text may be a whole stack trace, and hold anything.
impl From<uniffi::UnexpectedUniFFICallbackError> for SignInError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Error::new(ErrorKind::Callback, unexpected(&error.reason)).into()
    }
}

/// `KeyError('boom')`, `java.lang.IllegalStateException: boom\n at …`: what thing it was.
pub(super) fn unexpected(reason: &str) -> String {
    let name: String =
        reason.chars().take_while(|c| c.is_ascii_alphanumeric() || "._$".contains(*c)).take(100).collect();
    let name = if name.is_empty() { "an exception" } else { &name };
    format!("a callback of the app threw {name}, which it does not declare")
}

pub(super) fn details_of(error: &Error) -> ErrorDetails {
    let own = |text: Option<&str>| text.map(str::to_owned);
    let messages = error.messages().iter().map(|message| ServerMessage {
        key: message.key.clone(),
        text: message.text.clone(),
        path: message.path.clone(),
    });
    let problems = error.problems().iter().cloned().map(AnswerProblem::from);
    ErrorDetails {
        kind: error.kind().as_str().to_owned(),
        code: error.kind().code(),
        text: error.to_string(),
        advice: error.advice().to_owned(),
        maybe_sent: error.sent() == Sent::Maybe,
        http_status: error.http_status().map(i32::from),
        request_id: own(error.request_id()),
        oauth_error: own(error.oauth_error()),
        oauth_description: own(error.oauth_description()),
        api_code: own(error.api_code()),
        rule: own(error.rule()),
        retry_after: error.retry_after().map(|wait| wait.as_secs_f64()),
        server_messages: messages.collect(),
        problems: problems.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_undeclared_exception_only_the_type_is_kept() {
        for (reason, name) in [
            ("KeyError('hunter2')", "KeyError"),
            ("java.lang.IllegalStateException: hunter2\n\tat a.b", "java.lang.IllegalStateException"),
            ("", "an exception"),
        ] {
            let text = unexpected(reason);
            assert!(text.contains(name) && !text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn the_defaults_of_the_details_are_those_of_a_callback() {
        // The attribute takes only literals.
        assert_eq!((ErrorKind::Callback.code(), ErrorKind::Callback.as_str()), (80, "callback"));
    }

    #[test]
    fn an_error_that_goes_through_the_app_keeps_its_class() {
        for kind in ErrorKind::ALL {
            let error = SignInError::from(Error::new(*kind, "x").with_sent(Sent::Maybe)).into_core();
            assert_eq!((error.kind(), error.sent()), (*kind, Sent::Maybe));
        }
    }
}
