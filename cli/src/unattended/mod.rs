//! The commands that ask nobody: `verify-password`, `authenticate` and `config explain`.
//!
//! Standard output carries the report of the library as one line of JSON, whatever happened; the exit code is its outcome.

pub mod args;
mod secrets;
mod settings;

use std::{
    io::{self, Write as _},
    time::Duration,
};

use interaction_code::{
    Call, CancelToken, CodeRequest, Credentials, NewPasswordRequest, Prompts, Report, Secret,
    limits::{DEFAULT_DEADLINE, DEFAULT_WAIT_DEADLINE},
    screen::Outcome,
};
use serde_json::json;

use self::args::{Authenticate, Config, Explain, VerifyPassword, Who};
use crate::{exit, failure::Failure, files, json_text, result, term};

/// Runs `verify-password` and returns its exit code.
pub fn verify_password(options: &VerifyPassword) -> u8 {
    let call = call(&options.who, DEFAULT_DEADLINE);
    let report = call.and_then(|call| {
        let client = settings::client(&options.app, options.who.quiet)?;
        let credentials = Credentials::new(&options.who.username, password(&options.who, &call)?);
        Ok(told(client.verify_password(&credentials, &call), &call))
    });
    end(&options.who, report)
}

/// Runs `authenticate` and returns its exit code.
pub fn authenticate(options: &Authenticate) -> u8 {
    let call = call(&options.who, DEFAULT_WAIT_DEADLINE);
    let report = call.and_then(|call| {
        let client = settings::client(&options.app, options.who.quiet)?;
        let mut credentials = Credentials::new(&options.who.username, password(&options.who, &call)?);
        credentials.factors = options.factor.clone();
        let report = told(client.authenticate(&credentials, &Host { options, call: &call }, &call), &call);
        if let (Some(path), Some(tokens)) = (&options.tokens, &report.tokens) {
            let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
            let held = json!({
                "access_token": tokens.access_token.expose(), "id_token": text(&tokens.id_token),
                "refresh_token": text(&tokens.refresh_token), "expires_at": tokens.expires_at, "scopes": tokens.scopes,
            });
            files::write_secret(path, &held.to_string())?;
        }
        Ok(report)
    });
    end(&options.who, report)
}

fn call(who: &Who, usual: Duration) -> Result<Call, Failure> {
    let cancel = CancelToken::new();
    term::signals::listen(&cancel)?;
    let limit = who.timeout.map_or(usual, Duration::from_secs);
    Ok(Call::new().cancel(&cancel).timeout(limit).started(limit))
}

/// The report of a run that a signal ended says which.
fn told(mut report: Report, call: &Call) -> Report {
    if report.outcome == Outcome::Cancelled && call.token().is_cancelled() {
        report.outcome = term::signals::told();
    }
    report
}

fn password(who: &Who, call: &Call) -> Result<Secret, Failure> {
    let question = format!("Password of {}", term::clean(&who.username));
    match (&who.askpass, who.password_fd) {
        (Some(program), _) => secrets::from_program(program, &[&question], call)?
            .ok_or_else(|| Failure::InputEnded("the askpass program gave no password".to_owned())),
        (None, Some(number)) => secrets::from_descriptor(number),
        (None, None) => secrets::from_stdin(&question, call),
    }
}

/// What `authenticate` brings on the way.
struct Host<'a> {
    options: &'a Authenticate,
    call: &'a Call,
}

impl Prompts for Host<'_> {
    fn code(&self, request: &CodeRequest<'_>) -> interaction_code::Result<Option<Secret>> {
        let Some(program) = &self.options.code_program else { return Ok(None) };
        let (label, attempt) = (term::clean(request.label), request.attempt.to_string());
        let key = term::clean(request.factor.key.as_deref().unwrap_or_default());
        secrets::from_program(program, &[&label, &key, &attempt], self.call)
    }

    fn number(&self, number: &str) -> interaction_code::Result<()> {
        let number = term::clean(number);
        match &self.options.number_program {
            Some(program) => secrets::tell(program, &[&number], self.call),
            None => {
                // Also when nothing else is said: without it nobody can approve the push.
                anstream::eprintln!("Choose {number} on your phone.");
                Ok(())
            }
        }
    }

    fn new_password(&self, _: &NewPasswordRequest<'_>) -> interaction_code::Result<Option<Secret>> {
        let number = self.options.new_password_fd;
        number.map(secrets::from_descriptor).transpose().map_err(|failure| failure.to_library())
    }
}

/// Prints the report, and returns the exit code.
fn end(who: &Who, report: Result<Report, Failure>) -> u8 {
    let (line, text, code) = match report {
        Ok(report) => (report.to_json(), report.text(), report.outcome.exit_code()),
        Err(failure) => {
            // Nothing was sent: the command line, a file, or what was to be read was not good.
            let code = failure.exit_code(true);
            let outcome = Outcome::from_exit_code(code).unwrap_or(Outcome::Usage);
            let text = failure.to_string();
            let line = Report::of_outcome(&who.username, outcome, &text).to_json();
            (line, text, code)
        }
    };
    if code == exit::USAGE {
        term::error_line(&text);
    } else if !who.quiet {
        term::note(&text);
    }
    result::written(print(&line), code)
}

/// A text and a line break on standard output.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Runs a command about settings and returns its exit code.
pub fn config(command: &Config) -> u8 {
    let Config::Explain(options) = command;
    match explain(options) {
        Ok(code) => code,
        Err(failure) => {
            term::error_line(&failure.to_string());
            failure.exit_code(true)
        }
    }
}

fn explain(options: &Explain) -> Result<u8, Failure> {
    let settings = settings::gather(&options.app)?;
    let (explained, warnings) = (settings.explain(), settings::warnings(&settings));
    let problem = settings.builder().and_then(|builder| builder.build()).err().map(|error| error.to_string());
    let printed = if options.json {
        let rows = explained
            .iter()
            .map(|one| json!({"name": one.name, "value": one.value, "source": one.source, "also": one.also}));
        json_text::print(&json!({
            "schema": 1, "settings": rows.collect::<Vec<_>>(), "warnings": warnings, "problem": problem,
        }))
    } else {
        let mut text = String::new();
        for one in &explained {
            let value = one.value.as_deref().unwrap_or("(secret, not shown)");
            let value: String = term::clean(value).chars().take(120).collect();
            let also = if one.also.is_empty() { String::new() } else { format!("; also in {}", one.also.join(", ")) };
            text.push_str(&format!("{:<28} {value}\n{:<28}   from {}{also}\n", one.name, "", term::clean(&one.source)));
        }
        warnings.iter().for_each(|warning| term::note(warning));
        problem.iter().for_each(|problem| term::error_line(problem));
        print(text.trim_end())
    };
    let code = if problem.is_some() || !warnings.is_empty() { exit::USAGE } else { exit::SUCCESS };
    Ok(result::written(printed, code))
}
