//! The one error type of the library.
//!
//! An [`Error`] says what happened ([`Error::kind`] and its text), what to do about it (the text ends in it), and what
//! the other side said: HTTP status, Okta request id (give it to Okta's support), OAuth error, API error code, messages.
//! [`Error::sent`] tells whether the request may have reached the server: after `Sent::Maybe` a credential may have been
//! evaluated, so ask the server with `Flow::refresh` instead of sending it again.
//!
//! A wrong password is **not** an error: a 4xx answer with a form in it is a step with messages. No error text, and no
//! `Debug` of an error, holds a password, a code, a handle or a token.

mod class;
mod kind;

use std::{fmt, time::Duration};

pub use class::ErrorClass;
pub use kind::ErrorKind;

use crate::limits::{MAX_ERROR_MESSAGES, MAX_ERROR_TEXT, MAX_RETRY_AFTER};

/// `Result` with the library's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whether bytes of the failed request may have reached the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Sent {
    /// Certainly not: the request may be sent again.
    #[default]
    No,
    /// Perhaps: the server may be further on. Ask it (`Flow::refresh`) before a credential goes out again.
    Maybe,
}

/// One message of the server's, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorMessage {
    /// The i18n key, for example `errors.E0000004`. Match on this, never on the text.
    pub key: Option<String>,
    /// The server's text in the user's language. Untrusted: may contain markup.
    pub text: String,
    /// The field it belongs to, as a dotted path, when it belongs to one.
    pub path: Option<String>,
}

/// One thing that is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Dotted path of the field, for example `credentials.passcode`.
    pub path: String,
    /// What is wrong with it, in words. Never holds the value.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

/// The error of every fallible call. See the [module](self) for how to read it.
#[derive(Clone)]
pub struct Error(Box<Details>);

#[derive(Clone)]
struct Details {
    kind: ErrorKind,
    text: String,
    advice: &'static str,
    sent: Sent,
    http_status: Option<u16>,
    request_id: Option<String>,
    oauth_error: Option<String>,
    oauth_description: Option<String>,
    api_code: Option<String>,
    rule: Option<&'static str>,
    messages: Vec<ErrorMessage>,
    problems: Vec<Problem>,
    retry_after: Option<Duration>,
    clock_skew: Option<i64>,
}

impl Error {
    /// A new error: what happened, in one sentence without a full stop and without any value of the user's.
    pub fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Error(Box::new(Details {
            kind,
            text: text.into(),
            advice: "",
            sent: Sent::No,
            http_status: None,
            request_id: None,
            oauth_error: None,
            oauth_description: None,
            api_code: None,
            rule: None,
            messages: Vec::new(),
            problems: Vec::new(),
            retry_after: None,
            clock_skew: None,
        }))
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_advice(mut self, advice: &'static str) -> Self {
        self.0.advice = advice;
        self
    }

    /// Sets whether the request may have reached the server.
    #[must_use]
    pub fn with_sent(mut self, sent: Sent) -> Self {
        self.0.sent = sent;
        self
    }

    /// Sets the HTTP status of the answer.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// Sets Okta's request id.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.0.request_id = id.map(sanitize);
        self
    }

    /// Sets the OAuth error and its description (cleaned and cut).
    #[must_use]
    pub fn with_oauth(mut self, error: &str, description: Option<&str>) -> Self {
        self.0.oauth_error = Some(sanitize(error));
        self.0.oauth_description = description.map(sanitize);
        self
    }

    /// Sets the API error code, for example `E0000047`.
    #[must_use]
    pub fn with_api_code(mut self, code: &str) -> Self {
        self.0.api_code = Some(sanitize(code));
        self
    }

    /// Names the rule of token verification that failed.
    #[must_use]
    pub fn with_rule(mut self, rule: &'static str) -> Self {
        self.0.rule = Some(rule);
        self
    }

    /// Adds the server's messages (cleaned and cut).
    #[must_use]
    pub fn with_messages(mut self, messages: impl IntoIterator<Item = ErrorMessage>) -> Self {
        self.0.messages = messages
            .into_iter()
            .take(MAX_ERROR_MESSAGES)
            .map(|message| ErrorMessage {
                key: message.key.as_deref().map(sanitize),
                text: sanitize(&message.text),
                path: message.path.as_deref().map(sanitize),
            })
            .collect();
        self
    }

    /// Adds what is wrong with an answer.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.0.problems = problems;
        self
    }

    /// Sets how long to wait before trying again, cut to a day.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait.map(|wait| wait.min(MAX_RETRY_AFTER));
        self
    }

    /// Sets how far the server's clock is ahead of this device's, in seconds.
    #[must_use]
    pub fn with_clock_skew(mut self, seconds: i64) -> Self {
        self.0.clock_skew = Some(seconds);
        self
    }

    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without the advice.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What to do about it; may be empty.
    pub fn advice(&self) -> &str {
        self.0.advice
    }

    /// Whether the request may have reached the server.
    pub fn sent(&self) -> Sent {
        self.0.sent
    }

    /// The HTTP status of the answer, when there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Okta's `X-Okta-Request-Id` of the answer, for logs and for Okta's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The OAuth `error` (RFC 6749 section 5.2), for example `invalid_grant`.
    pub fn oauth_error(&self) -> Option<&str> {
        self.0.oauth_error.as_deref()
    }

    /// The OAuth `error_description`: untrusted text, control characters removed.
    pub fn oauth_description(&self) -> Option<&str> {
        self.0.oauth_description.as_deref()
    }

    /// Okta's API error code, for example `E0000047`.
    pub fn api_code(&self) -> Option<&str> {
        self.0.api_code.as_deref()
    }

    /// The rule of token verification that failed, for example `nonce` or `exp`.
    pub fn rule(&self) -> Option<&'static str> {
        self.0.rule
    }

    /// What the server said, when it said it in messages.
    pub fn messages(&self) -> &[ErrorMessage] {
        &self.0.messages
    }

    /// What is wrong with an answer, each with its path.
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// How far the server's clock is ahead of this device's, in seconds (negative: behind), where a token was refused for its
    /// times and the clocks are more than [`CLOCK_SKEW_TOLD`](crate::limits::CLOCK_SKEW_TOLD) apart.
    pub fn clock_skew(&self) -> Option<i64> {
        self.0.clock_skew
    }

    /// How long to wait before trying again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &*self.0;
        f.write_str(&details.text)?;
        if let Some(error) = &details.oauth_error {
            write!(f, ": {error}")?;
        }
        if let Some(description) = &details.oauth_description {
            write!(f, " ({description})")?;
        }
        if let Some(code) = &details.api_code {
            write!(f, " [{code}]")?;
        }
        for message in &details.messages {
            write!(f, "; {}", message.text)?;
        }
        for (index, problem) in details.problems.iter().enumerate() {
            // It is a sentence for the person, and here a part of one.
            write!(f, "{} {}", if index == 0 { ":" } else { ";" }, problem.to_string().trim_end_matches('.'))?;
        }
        if let Some(status) = details.http_status {
            write!(f, " (HTTP {status}")?;
            if let Some(id) = &details.request_id {
                write!(f, ", request {id}")?;
            }
            f.write_str(")")?;
        }
        if let Some(wait) = details.retry_after {
            write!(f, "; try again in {} s", wait.as_secs().max(1))?;
        }
        // Where the server answered, the status says it.
        if details.sent == Sent::Maybe && details.http_status.is_none() {
            f.write_str("; the request may have reached the server")?;
        }
        if !details.advice.is_empty() {
            write!(f, ". {}", details.advice)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {self})", self.0.kind)
    }
}

impl std::error::Error for Error {}

/// Text from outside, made safe for a terminal and a log: no control characters, at most [`MAX_ERROR_TEXT`] characters.
pub fn sanitize(text: &str) -> String {
    // Marks of direction and of lines can make a log line read as something else; they go with the control characters.
    let misleading =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let unsafe_char = |c: char| c.is_control() || misleading(c);
    let mut clean: String = text.chars().take(MAX_ERROR_TEXT).map(|c| if unsafe_char(c) { ' ' } else { c }).collect();
    if text.chars().nth(MAX_ERROR_TEXT).is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_says_what_happened_and_what_to_do() {
        let error = Error::new(ErrorKind::OAuth, "the server refused to start the sign-in")
            .with_oauth("unauthorized_client", Some("grant\u{1b}[31m not allowed"))
            .with_http_status(400)
            .with_request_id(Some("abc"))
            .with_advice("Enable the Interaction Code grant for the app");
        assert_eq!(
            error.to_string(),
            "the server refused to start the sign-in: unauthorized_client (grant [31m not allowed) \
             (HTTP 400, request abc). Enable the Interaction Code grant for the app"
        );
    }

    #[test]
    fn outside_text_is_cut_and_cleaned() {
        let long = "x".repeat(2_000_000) + "\r\n";
        let error = Error::new(ErrorKind::OAuth, "no").with_oauth(&long, Some("a\r\nb\u{202e}c"));
        assert_eq!(error.oauth_error().map(|text| text.chars().count()), Some(MAX_ERROR_TEXT + 1));
        assert_eq!(error.oauth_description(), Some("a  b c"));
    }
}
