//! `inspect`: what the library understands of a recorded response, or the screen that it would make of it; as text or as
//! one line of JSON.
//!
//! A step of the protocol, an OAuth error and an API error are understood, whatever is in them: exit code 0. Anything
//! else is named for what it seems to be, on standard error, with exit code 65 and nothing on standard output. The
//! state handle is never printed, in addresses neither.

mod human;
mod model;
mod other;
mod read;

use std::{
    fs::File,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use interaction_code::{
    Error, ErrorKind,
    idx::{BodyKind, Step},
    limits::MAX_BODY_BYTES,
    screen::Screen,
};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{args::Inspect, draw, exit, failure::Failure, files, json_text, result, term};

/// Runs the command and returns its exit code.
pub fn command(options: &Inspect) -> u8 {
    match &options.files[..] {
        [file] => ended(one(file, options)),
        files if options.screen && !options.json => several(files),
        _ => ended(Err(Failure::Usage("several responses can only be drawn: --screen, and not --json".to_owned()))),
    }
}

fn ended(printed: Result<io::Result<()>, Failure>) -> u8 {
    match printed {
        Ok(printed) => result::written(printed, exit::SUCCESS),
        Err(failure) => {
            term::error_line(&failure.to_string());
            failure.exit_code(false)
        }
    }
}

fn one(file: &Path, options: &Inspect) -> Result<io::Result<()>, Failure> {
    let body = body(file)?;
    if options.screen {
        let screen = Screen::of(&read_step(&body)?);
        let data = || serde_json::from_str::<Value>(&screen.to_json()).map_err(io::Error::other);
        return Ok(if options.json { data().and_then(|data| json_text::print(&data)) } else { print_lines(&screen) });
    }
    let understood = understand(&body)?;
    Ok(if options.json { json_text::print(&understood) } else { human::print(&understood) })
}

/// Draws one screen after the other, each below the name of its file. What has no screen is said, and is passed over.
fn several(files: &[PathBuf]) -> u8 {
    let mut code = exit::SUCCESS;
    for file in files {
        let drawn = body(file).and_then(|body| {
            let screen = read_step(&body).map(|step| Screen::of(&step));
            screen.inspect_err(|_| term::note(&format!("{} is not drawn:", file.display())))
        });
        let printed = drawn.map(|screen| print_line(&file.display().to_string()).and_then(|()| print_lines(&screen)));
        code = code.max(ended(printed));
    }
    code
}

/// Draws a screen in lines, in which nothing acts on a terminal.
fn print_lines(screen: &Screen) -> io::Result<()> {
    draw::lines(screen).iter().try_for_each(|line| print_line(line))?;
    io::stdout().flush()
}

fn print_line(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{}", line.replace(json_text::is_unsafe, " "))
}

/// A step, for what only a step has.
fn read_step(body: &[u8]) -> Result<Step, Failure> {
    match understand(body)?.kind {
        kind if kind == BodyKind::Ion.as_str() => Step::read(body).map_err(|error| Failure::Data(error.to_string())),
        kind => Err(Failure::Data(format!("the response is no step but an error ({kind}): it has no screen"))),
    }
}

/// The recorded bytes, one more than the library takes at most.
fn body(file: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = if files::is_stdin(file) {
        if io::stdin().is_terminal() {
            term::note("Paste the response, then end the input (Ctrl-D).");
        }
        files::read_bounded(io::stdin().lock(), MAX_BODY_BYTES)
    } else {
        File::open(file).and_then(|file| files::read_bounded(file, MAX_BODY_BYTES))
    };
    read.map_err(|error| {
        let name = file.display();
        match error.kind() {
            io::ErrorKind::FileTooLarge => {
                Failure::Data(format!("{name} is too large to be a response of this protocol: {error}"))
            }
            _ => Failure::Usage(format!("{name} cannot be read: {error}")),
        }
    })
}

/// What the library makes of a body.
fn understand(body: &[u8]) -> Result<model::Inspection, Failure> {
    if body.trim_ascii().is_empty() {
        return Err(Failure::Data("the response is empty".to_owned()));
    }
    let refused = |error: Error| match error.kind() {
        ErrorKind::Protocol if body.trim_ascii_start().starts_with(b"<") => {
            Failure::Data("the response is not JSON; it seems to be a page of HTML or XML".to_owned())
        }
        _ => Failure::Data(error.to_string()),
    };
    match BodyKind::of(body).map_err(refused)? {
        BodyKind::Ion => Ok(read::step(&Step::read(body).map_err(refused)?)),
        kind @ (BodyKind::OAuthError | BodyKind::ApiError) => Ok(read::error(kind, body)),
        BodyKind::Other => Err(Failure::Data(format!(
            "the response is JSON, but not of this protocol; it seems to be {}",
            other::seems_to_be(body)
        ))),
    }
}
