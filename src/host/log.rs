//! Log lines: what the library did, for the person who looks after the app.
//!
//! A line holds names of the protocol, numbers and Okta's request ids. It never holds a body, a query, a value that
//! somebody typed, a label, a message of the server's, or anything else about the user: logs are read by many.

use std::fmt;

/// How much a line matters. The numbers are stable, and the greater the finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(i32)]
pub enum LogLevel {
    /// Something that should not happen.
    Error = 1,
    /// Something that the app should know of, though the sign-in goes on: the storage failed.
    Warn = 2,
    /// The course of the sign-in: its steps, and requests that failed.
    Info = 3,
    /// Every request that was answered.
    Debug = 4,
}

impl LogLevel {
    /// The level as a word, `snake_case`.
    pub const fn as_str(self) -> &'static str {
        match self {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        }
    }

    /// The level as a number, 1 to 4.
    pub const fn code(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One line.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LogRecord<'a> {
    /// How much it matters.
    pub level: LogLevel,
    /// The line: English, no line break, no control character. Its wording may change with any version.
    pub text: &'a str,
}

impl<'a> LogRecord<'a> {
    pub(crate) fn new(level: LogLevel, text: &'a str) -> Self {
        LogRecord { level, text }
    }
}

/// Takes log lines. Given to a client by `ClientBuilder::log`; it picks the levels it wants. For threads see the
/// [module](super).
pub trait LogSink: Send + Sync {
    /// Takes one line, which is gone when this returns.
    fn log(&self, record: &LogRecord<'_>);
}
