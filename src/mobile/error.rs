//! Errors: few variants, each of which says what the app can do; the details are the same in all.

use std::{fmt, time::Duration};

use super::{
    names::closed,
    screen::{Phrase, Retry},
};
use crate::{
    error::{Error, ErrorClass, ErrorKind as CoreKind, Sent},
    screen::Failure,
};

/// What is known of a failure. A handler that ends a run by an error of its own makes them by `app_failure`.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ErrorDetails {
    /// What happened.
    pub kind: ErrorKind,
    /// What happened as a stable number, for logs and statistics.
    pub code: i32,
    /// What to show the person. Everything else here is for developers.
    pub phrase: Phrase,
    /// When it makes sense to try again.
    pub retry: Retry,
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

closed! {
    /// What happened, in full. What an app does about it is in the class of the error.
    ErrorKind of error {
        /// A value given to the library is unusable (configuration, option, header text). Fix the call.
        InvalidArgument,
        /// Another language only: the library was given something that it did not make.
        InvalidHandle,
        /// The object is in use by another call, of another thread or the one that this is called back from. Nothing was done.
        Busy,
        /// The answer does not fit the form; the problems of the error list what is wrong. Nothing was sent.
        InvalidAnswer,
        /// The step has no such remediation, field, option or action. Nothing was sent.
        NotFound,
        /// The flow cannot do this now (for example: redeem before there is a code). Nothing was sent.
        InvalidState,
        /// The call was cancelled by the app. The flow is where it was.
        Cancelled,
        /// The deadline of the call passed. The flow is where it was.
        Timeout,
        /// The server cannot be reached: no name, no route, connection refused.
        Offline,
        /// The server's certificate is not trusted, or TLS failed.
        Tls,
        /// The proxy refused, or wants authentication.
        Proxy,
        /// The connection broke while a request was under way.
        Network,
        /// The server answered with an OAuth error, which the error carries.
        OAuth,
        /// The server answered with an API error, whose code the error carries.
        Api,
        /// The server asks to wait; the error says how long.
        RateLimited,
        /// An HTTP answer that is neither of the protocol nor an error of the server's own kind (a proxy page, a 5xx, a redirect).
        Http,
        /// The answer is not of this protocol, or breaks it.
        Protocol,
        /// The server named an address outside the org; nothing was sent there.
        ForeignOrigin,
        /// Something is larger, deeper or longer than the limits allow.
        LimitExceeded,
        /// The transaction is over (expired, used up); start again.
        Expired,
        /// The sign-in ended without tokens: the server has no next step. The messages of the error say why.
        Terminal,
        /// A token failed verification; the error names the rule.
        InvalidToken,
        /// The callback URL is not the answer to this flow (address, `state`, duplicated parameters).
        InvalidCallback,
        /// The saved flow cannot be restored here.
        InvalidSnapshot,
        /// The app's own callback or transport reported an error.
        Callback,
        /// The app's storage cannot be used now: locked, no space, broken. Nothing was lost by it, and what is in it is still there.
        StorageUnavailable,
        /// No random numbers, or a bug of the library.
        Internal,
        /// The system gave no thread to connect with: a limit of the process or of the machine. Nothing was sent; try again.
        NoThread,
    }
}

/// The details of an error that the app itself throws in a callback: `text` is for developers, `advice` says what to do.
#[uniffi::export(default(advice = ""))]
pub fn app_failure(text: String, advice: String) -> ErrorDetails {
    ErrorDetails { advice, ..details_of(&Error::new(CoreKind::Callback, text)) }
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
    /// The server asks to wait, or cannot answer now: the same again later. The details say how long, where it is known.
    RetryLater { details: ErrorDetails },
    /// The answer does not fit the form, or the step offers no such thing: the details list the problems. Nothing was sent.
    WrongAnswer { details: ErrorDetails },
    /// The sign-in is over without tokens (expired, denied): show the server's messages in the details, then `restart`.
    Ended { details: ErrorDetails },
    /// The server refused the app itself: the advice in the details tells whoever set up the org what to look at.
    Refused { details: ErrorDetails },
    /// Something between here and the org, or the org, breaks the rules; a token failed verification.
    Untrusted { details: ErrorDetails },
    /// The sign-in does another call already. Nothing was done.
    Busy { details: ErrorDetails },
    /// The app used the library wrongly: bad settings, a call at the wrong time.
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
            | SignInError::Busy { details }
            | SignInError::Misuse { details }
            | SignInError::App { details }
            | SignInError::Internal { details } => details,
        }
    }

    /// The same failure for the core, when an app throws it in a callback.
    pub(super) fn into_core(self) -> Error {
        let details = self.details();
        let kind = CoreKind::from_code(details.code).unwrap_or(CoreKind::Callback);
        let sent = if details.maybe_sent { Sent::Maybe } else { Sent::No };
        Error::new(kind, details.text.clone())
            .with_sent(sent)
            .with_retry_after(details.retry_after.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
    }
}

impl From<Error> for SignInError {
    fn from(error: Error) -> Self {
        let details = details_of(&error);
        match error.class() {
            ErrorClass::Cancelled => SignInError::Cancelled { details },
            ErrorClass::TimedOut => SignInError::TimedOut { details },
            ErrorClass::Unreachable => SignInError::Unreachable { details },
            ErrorClass::RetryLater => SignInError::RetryLater { details },
            ErrorClass::WrongAnswer => SignInError::WrongAnswer { details },
            ErrorClass::Ended => SignInError::Ended { details },
            ErrorClass::Refused => SignInError::Refused { details },
            ErrorClass::Untrusted => SignInError::Untrusted { details },
            ErrorClass::Busy => SignInError::Busy { details },
            ErrorClass::Misuse => SignInError::Misuse { details },
            ErrorClass::App => SignInError::App { details },
            ErrorClass::Internal => SignInError::Internal { details },
        }
    }
}

/// An exception that the app did not declare. Only its type is kept: the text may be a whole stack trace, and hold anything.
impl From<uniffi::UnexpectedUniFFICallbackError> for SignInError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Error::new(CoreKind::Callback, unexpected(&error.reason)).into()
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
    let failure = Failure::of(error);
    let problems = error.problems().iter().cloned().map(AnswerProblem::from);
    ErrorDetails {
        kind: error.kind().into(),
        code: error.kind().code(),
        phrase: Phrase::of(failure.text),
        retry: failure.retry.into(),
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
    fn what_an_app_throws_has_its_text_and_its_advice() {
        let details = app_failure("no".to_owned(), "Do it".to_owned());
        assert_eq!(
            (details.kind, details.code, &*details.text, &*details.advice),
            (ErrorKind::Callback, 80, "no", "Do it")
        );
        assert_eq!(details.phrase.key, "failed.other.text");
    }

    #[test]
    fn an_error_that_goes_through_the_app_keeps_its_class() {
        for kind in CoreKind::ALL {
            let error = SignInError::from(Error::new(*kind, "x").with_sent(Sent::Maybe)).into_core();
            assert_eq!((error.kind(), error.sent()), (*kind, Sent::Maybe));
        }
    }
}
