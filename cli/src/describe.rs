//! `completions` and `man`: what a shell completes, and the manual, made from the definition of the command line.

use std::{io, path::Path};

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::{
    args::{Arguments, Completions, Manual},
    exit,
    failure::Failure,
    result, term,
};

const NAME: &str = "interaction-code";

/// Prints what a shell completes.
pub fn completions(options: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), NAME, &mut script);
    print(&script)
}

/// Prints one page of the manual, or writes all of them to a folder.
pub fn manual(options: &Manual) -> u8 {
    let done = match &options.all {
        Some(folder) => clap_mangen::generate_to(Arguments::command(), folder)
            .map(|()| exit::SUCCESS)
            .map_err(|error| cannot_write(folder, &error)),
        None => page(options.page.as_deref()).map(|page| print(&page)),
    };
    done.unwrap_or_else(|failure| {
        term::error_line(&failure.to_string());
        failure.exit_code(false)
    })
}

fn page(name: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut command = Arguments::command();
    command.build();
    let found = match name {
        None => Some(&command),
        Some(name) => command.find_subcommand(name),
    };
    let unknown = || Failure::Usage(format!("there is no command `{}`", term::clean(name.unwrap_or_default())));
    let mut page = Vec::new();
    let written = Man::new(found.ok_or_else(unknown)?.clone()).render(&mut page);
    written.map(|()| page).map_err(|error| Failure::Usage(error.to_string()))
}

fn print(bytes: &[u8]) -> u8 {
    let mut out = io::stdout().lock();
    let printed = io::Write::write_all(&mut out, bytes).and_then(|()| io::Write::flush(&mut out));
    result::written(printed, exit::SUCCESS)
}

fn cannot_write(folder: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!("the manual cannot be written to {}: {error}", folder.display()))
}
