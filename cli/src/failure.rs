//! Why a command could not do what it was asked: an error of the library's, or one of the program's own.

use std::fmt;

use interaction_code::{
    Error, ErrorKind, Sent,
    screen::{Ending, EndingKind},
};
use serde_json::{Map, Value, json};

use crate::exit;

/// Why a command failed. No text of it holds a secret.
#[derive(Debug)]
pub enum Failure {
    /// The library said so.
    Library(Error),
    /// The sign-in ended without tokens, well or not.
    Ended(Box<Ending>),
    /// The command line, or a file it names, cannot be used.
    Usage(String),
    /// The input is not what it should be.
    Data(String),
    /// The input ended too early.
    InputEnded(String),
    /// Ctrl-C.
    Interrupted,
}

impl Failure {
    /// The kind as a stable word.
    pub fn kind(&self) -> &'static str {
        match self {
            Failure::Library(error) => error.kind().as_str(),
            Failure::Ended(ending) if ending.kind == EndingKind::Expired => ErrorKind::Expired.as_str(),
            Failure::Ended(_) => ErrorKind::Terminal.as_str(),
            Failure::Usage(_) => "usage",
            Failure::Data(_) => "bad_input",
            Failure::InputEnded(_) => "input_ended",
            Failure::Interrupted => "cancelled",
        }
    }

    /// The exit code. `starting`: before there was a step.
    pub fn exit_code(&self, starting: bool) -> u8 {
        match self {
            Failure::Library(error) => exit::of_error(error, starting),
            Failure::Ended(ending) => ending.outcome().exit_code(),
            Failure::Usage(_) => exit::USAGE,
            Failure::Data(_) => exit::DATA,
            Failure::InputEnded(_) => exit::INPUT_ENDED,
            Failure::Interrupted => exit::INTERRUPTED,
        }
    }

    /// The same with `context` in front of what happened.
    #[must_use]
    pub fn within(self, context: &str) -> Self {
        match self {
            Failure::Usage(text) => Failure::Usage(format!("{context}: {text}")),
            Failure::Data(text) => Failure::Data(format!("{context}: {text}")),
            Failure::InputEnded(text) => Failure::InputEnded(format!("{context}: {text}")),
            other => other,
        }
    }

    /// For a callback of the library's, which takes only its own errors; the caller keeps the failure itself.
    pub fn to_library(&self) -> Error {
        match self {
            Failure::Library(error) => error.clone(),
            Failure::Interrupted => Error::new(ErrorKind::Cancelled, "interrupted"),
            other => Error::new(ErrorKind::Callback, other.to_string()),
        }
    }

    /// The members of the JSON line that say what happened.
    pub fn members(&self) -> Map<String, Value> {
        let error = match self {
            Failure::Library(error) => error,
            Failure::Ended(ending) => {
                let (kind, retry) = (ending.kind.as_str(), ending.retry.as_str());
                let ending = json!({"kind": kind, "good": ending.good, "key": ending.key, "retry": retry});
                return members(json!({"text": self.to_string(), "messages": [], "ending": ending}));
            }
            _ => return members(json!({"text": self.to_string(), "messages": []})),
        };
        let messages: Vec<_> = error
            .messages()
            .iter()
            .map(|message| json!({"key": message.key, "text": message.text, "path": message.path}))
            .collect();
        let problems: Vec<_> =
            error.problems().iter().map(|problem| json!({"path": problem.path, "what": problem.what})).collect();
        members(json!({
            "text": error.text(),
            "advice": error.advice(),
            "sent": if error.sent() == Sent::Maybe { "maybe" } else { "no" },
            "http_status": error.http_status(),
            "request_id": error.request_id(),
            "oauth_error": error.oauth_error(),
            "oauth_description": error.oauth_description(),
            "api_code": error.api_code(),
            "rule": error.rule(),
            "retry_after": error.retry_after().map(|wait| wait.as_secs()),
            "messages": messages,
            "problems": problems,
        }))
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Library(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Library(error) => error.fmt(f),
            Failure::Ended(ending) => f.write_str(&ending.text.text),
            Failure::Usage(text) | Failure::Data(text) | Failure::InputEnded(text) => f.write_str(text),
            Failure::Interrupted => f.write_str("interrupted"),
        }
    }
}
