//! The result of a command: one line of JSON on standard output, in one way for every command, and an exit code.
//!
//! A program gets the line always; a terminal, where a person reads, only when it is asked for (`--json`). Members are added
//! over time, never renamed, and a failure has the same ones whatever failed; `schema` would count a change of meaning.

use std::io::{self, IsTerminal as _};

use clap::Args;
use interaction_code::{Error, Sent, screen::Ending};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{exit, failure::Failure, json_text, stdout, term};

/// The number of the meaning of the members.
pub const SCHEMA: u32 = 1;

/// The options of every command that has a result.
#[derive(Args, Clone, Copy)]
pub struct ResultOptions {
    /// Print the result as one line of JSON also to a terminal; anything else gets it always
    #[arg(long, help_heading = "Answers and results")]
    pub json: bool,
}

impl ResultOptions {
    /// Whether the line is printed.
    pub fn wants_line(self) -> bool {
        self.json || !io::stdout().is_terminal()
    }
}

/// Prints the line if it is `wanted`, and returns the exit code: `code`, or that of a result that could not be written.
pub fn write(line: &impl Serialize, wanted: bool, code: u8) -> u8 {
    written(if wanted { json_text::print(line) } else { Ok(()) }, code)
}

/// The exit code after something was printed on standard output.
pub fn written(printed: io::Result<()>, code: u8) -> u8 {
    match printed {
        Ok(()) => code,
        Err(error) => {
            term::error_line(&format!("the result could not be written: {error}"));
            if code == exit::SUCCESS { exit::OUTPUT } else { code }
        }
    }
}

/// Says that there is no standard output, before anything is done; `Ok` where there is one.
pub fn check_standard_output() -> Result<(), u8> {
    if stdout::was_closed() {
        term::error_line("there is no standard output for the result; send it to /dev/null to do without");
        return Err(exit::OUTPUT);
    }
    Ok(())
}

/// What there is to say of a failure. Every member stands in every line, with `null` or nothing in it where it does not apply.
#[derive(Serialize)]
pub struct Failed {
    pub schema: u32,
    pub outcome: &'static str,
    pub kind: &'static str,
    pub exit_code: u8,
    pub text: String,
    pub advice: Option<String>,
    pub sent: &'static str,
    pub http_status: Option<u16>,
    pub request_id: Option<String>,
    pub oauth_error: Option<String>,
    pub oauth_description: Option<String>,
    pub api_code: Option<String>,
    pub rule: Option<&'static str>,
    pub retry_after: Option<u64>,
    pub messages: Vec<Value>,
    pub problems: Vec<Value>,
    pub ending: Option<Value>,
}

impl Failed {
    /// The line of a failure. `starting`: before there was a step.
    pub fn of(failure: &Failure, starting: bool) -> Failed {
        let mut line = Failed {
            schema: SCHEMA,
            outcome: "error",
            kind: failure.kind(),
            exit_code: failure.exit_code(starting),
            text: failure.to_string(),
            advice: None,
            sent: "no",
            http_status: None,
            request_id: None,
            oauth_error: None,
            oauth_description: None,
            api_code: None,
            rule: None,
            retry_after: None,
            messages: Vec::new(),
            problems: Vec::new(),
            ending: None,
        };
        match failure {
            Failure::Library(error) => line.tell_of_error(error),
            Failure::Ended(ending) => line.tell_of_ending(ending),
            _ => {}
        }
        line
    }

    fn tell_of_error(&mut self, error: &Error) {
        self.text = error.text().to_owned();
        self.advice = Some(error.advice().to_owned()).filter(|advice| !advice.is_empty());
        self.sent = if error.sent() == Sent::Maybe { "maybe" } else { "no" };
        self.http_status = error.http_status();
        self.request_id = error.request_id().map(str::to_owned);
        self.oauth_error = error.oauth_error().map(str::to_owned);
        self.oauth_description = error.oauth_description().map(str::to_owned);
        self.api_code = error.api_code().map(str::to_owned);
        self.rule = error.rule();
        self.retry_after = error.retry_after().map(|wait| wait.as_secs());
        let message = |key, text, path| json!({"key": key, "text": text, "path": path});
        self.messages = error.messages().iter().map(|one| message(&one.key, &one.text, &one.path)).collect();
        self.problems = error.problems().iter().map(|one| json!({"path": one.path, "what": one.what})).collect();
    }

    fn tell_of_ending(&mut self, ending: &Ending) {
        if ending.good {
            self.outcome = "done";
        }
        let (kind, retry) = (ending.kind.as_str(), ending.retry.as_str());
        self.ending = Some(json!({"kind": kind, "good": ending.good, "key": ending.key, "retry": retry}));
    }
}
