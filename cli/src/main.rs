//! The command line of `interaction-code`: `sign-in`, `inspect`, and what asks nobody.
//!
//! The rules that every command keeps:
//!
//! * standard output carries the result and nothing else, written by [`result`]; everything for people goes to standard error;
//! * signals are waited for by [`term::signals`], and whatever way the program ends, the terminal is as before;
//! * a secret is never taken from the arguments, and never printed but where `--show-tokens` asks for it;
//! * text of the server's is cleaned before it reaches the terminal;
//! * every ending has an exit code of its own kind ([`exit`] has the table, `--help` shows it).

mod args;
mod describe;
mod draw;
mod exit;
mod failure;
mod files;
mod inspect;
mod json_text;
mod result;
mod sign_in;
mod stdout;
mod term;
mod unattended;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            if error.use_stderr() {
                // A terminal that has gone away cannot be told.
                let _ = error.print();
                return ExitCode::from(exit::USAGE);
            }
            let printed = result::check_standard_output().map(|()| result::written(error.print(), exit::SUCCESS));
            return ExitCode::from(printed.unwrap_or_else(|code| code));
        }
    };
    if let Err(code) = result::check_standard_output() {
        return ExitCode::from(code);
    }
    ExitCode::from(match arguments.command {
        Command::SignIn(options) => sign_in::command(&options),
        Command::Inspect(options) => inspect::command(&options),
        Command::Completions(options) => describe::completions(&options),
        Command::Man(options) => describe::manual(&options),
        Command::VerifyPassword(options) => unattended::verify_password(&options),
        Command::Authenticate(options) => unattended::authenticate(&options),
        Command::Config(command) => unattended::config(&command),
    })
}
