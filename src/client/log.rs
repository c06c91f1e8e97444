//! What goes into the app's log: a line for each request, a line for each step. See [`crate::host`] for what never does.

use std::time::Duration;

use super::Inner;
use crate::{
    error::{Error, Result, Sent, sanitize},
    host::{LogLevel, LogRecord},
    http::{Method, Response},
    idx::Step,
    limits::{MAX_LOGGED_NAMES, MAX_NAME_CHARS},
};

impl Inner {
    /// Logs a line; `text` is only made when somebody listens.
    pub(super) fn log(&self, level: LogLevel, text: impl FnOnce() -> String) {
        if let Some(sink) = &self.log {
            sink.log(&LogRecord::new(level, &text()));
        }
    }

    /// How a request ended. `path` has no query.
    pub(super) fn log_exchange(&self, method: Method, path: &str, outcome: &Result<Response>, took: Duration) {
        let level = if outcome.is_ok() { LogLevel::Debug } else { LogLevel::Info };
        self.log(level, || {
            let (method, path, ms) = (method.as_str(), name(path), took.as_millis());
            match outcome {
                Ok(response) => {
                    let id = response.request_id().map_or("no request id".into(), |id| format!("request {}", name(id)));
                    format!("{method} {path}: {} in {ms} ms, {id}", response.status)
                }
                Err(error) => {
                    let sent = if error.sent() == Sent::Maybe { "perhaps sent" } else { "not sent" };
                    format!("{method} {path}: {} after {ms} ms, {sent}", error.kind())
                }
            }
        });
    }

    /// The step that a flow has come to.
    pub(super) fn log_step(&self, step: &Step) {
        self.log(LogLevel::Info, || {
            let mut names: Vec<String> =
                step.remediations().take(MAX_LOGGED_NAMES).map(|remediation| name(&remediation.name())).collect();
            if step.remediations().nth(MAX_LOGGED_NAMES).is_some() {
                names.push("…".to_owned());
            }
            let names = if names.is_empty() { "nothing to answer".to_owned() } else { names.join(", ") };
            format!("step {}: {names}", step.status().as_str())
        });
    }

    /// The storage did not do what it was asked. Its error is the app's own, so only the kind is repeated.
    pub(super) fn log_storage(&self, what: &str, error: &Error) {
        self.log(LogLevel::Warn, || format!("the storage did not {what}: {}", error.kind()));
    }
}

/// A name of the server's, short and in one line.
fn name(text: &str) -> String {
    let short: String = text.chars().take(MAX_NAME_CHARS).collect();
    sanitize(&short)
}
