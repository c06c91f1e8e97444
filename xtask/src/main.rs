//! The project's own tasks, what README and CI call: `cargo xtask demo | test | bench`.
//!
//! Each task sets up what it needs and says what it installs; on a machine where it may not, it says what is missing.

mod bench;
mod demo;
mod report;
mod run;
mod setup;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Signs a user in against the sandbox, before your eyes.
    Demo {
        /// You answer the steps, in the terminal.
        #[arg(long)]
        interactive: bool,
        /// The client of the sandbox to sign in to; its policy decides the steps.
        #[arg(long, default_value = "app-email")]
        client: String,
    },
    /// Passes all tests: formatting, lints, docs, every test of every crate, other vendors' clients.
    Test {
        /// Leaves out what needs Node.js and Chromium, loudly.
        #[arg(long)]
        no_vendors: bool,
    },
    /// Measures side by side, as ratios: reading responses, and whole sign-ins.
    Bench,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Demo { interactive: true, client } => demo::interactive(&client),
        Task::Demo { interactive: false, client } => demo::watch(&client),
        Task::Test { no_vendors } => test::all(no_vendors),
        Task::Bench => bench::all(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
