//! Why a command could not do what it was asked: an error of the library's, or one of the program's own.

use std::fmt;

use interaction_code::{
    Error, ErrorKind,
    screen::{Ending, EndingKind, Outcome},
};

use crate::{exit, term::signals};

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
    /// Told to end: Ctrl-C, or another signal.
    Told(Outcome),
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
            Failure::Told(_) => "cancelled",
        }
    }

    /// A signal has told the program to end.
    pub fn told() -> Failure {
        Failure::Told(signals::told())
    }

    /// The exit code. `starting`: before there was a step.
    pub fn exit_code(&self, starting: bool) -> u8 {
        match self {
            Failure::Library(error) => exit::of_error(error, starting),
            Failure::Ended(ending) => ending.outcome().exit_code(),
            Failure::Usage(_) => exit::USAGE,
            Failure::Data(_) => exit::DATA,
            Failure::InputEnded(_) => exit::INPUT_ENDED,
            Failure::Told(outcome) => outcome.exit_code(),
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
            Failure::Told(_) => Error::new(ErrorKind::Cancelled, self.to_string()),
            other => Error::new(ErrorKind::Callback, other.to_string()),
        }
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
            Failure::Told(Outcome::HungUp) => f.write_str("the terminal hung up"),
            Failure::Told(Outcome::Terminated) => f.write_str("told to end"),
            Failure::Told(_) => f.write_str("interrupted"),
        }
    }
}
