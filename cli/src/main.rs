//! The command line of `interaction-code`: `sign-in` and `inspect`.
//!
//! The rules that every command keeps:
//!
//! * standard output carries the result and nothing else; everything for people goes to standard error;
//! * a secret is never taken from the arguments, and never printed but where `--show-tokens` asks for it;
//! * text of the server's is cleaned before it reaches the terminal;
//! * every ending has an exit code of its own kind ([`exit`] has the table, `--help` shows it).

mod args;
mod draw;
mod exit;
mod failure;
mod files;
mod inspect;
mod json_text;
mod sign_in;
mod term;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { exit::USAGE } else { exit::SUCCESS };
            // A terminal that has gone away cannot be told.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    ExitCode::from(match arguments.command {
        Command::SignIn(options) => sign_in::command(&options),
        Command::Inspect(options) => inspect::command(&options),
    })
}
