//! `cargo xtask demo --lang c|cpp|swift|kotlin|java|python`: the example of that language, built as its users build it, used by a person.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use clap::ValueEnum;
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    kotlin, library,
    person::Person,
    prefix, python, report,
    run::{output, program, root, run, target},
    setup, swift,
};

/// A language that there is an example in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Rust,
    C,
    Cpp,
    Swift,
    Kotlin,
    Java,
    Python,
}

pub const REDIRECT_URI: &str = "com.example.app:/callback";

/// Signs in with the example of another language.
pub fn watch(language: Language, client_id: &str) -> Result<()> {
    match language {
        Language::Python => {
            report::head("building the Python package");
            let python = python::package()?;
            let source = "bindings/python/examples/sign_in.py";
            watched(source, |sandbox| python::example(&python, sandbox, client_id))
        }
        Language::Swift => {
            report::head("building the Swift package");
            let package = swift::package()?;
            watched(swift::EXAMPLE, |sandbox| package.example(sandbox, client_id))
        }
        Language::Kotlin | Language::Java => {
            report::head("building the Kotlin package");
            let package = kotlin::package()?;
            let example = if language == Language::Java { kotlin::Example::Java } else { kotlin::Example::Kotlin };
            watched(example.source(), |sandbox| package.example(example, sandbox, client_id))
        }
        Language::Cpp => native("c++", "-std=c++17", "examples/cpp/sign_in.cpp", client_id),
        Language::C | Language::Rust => native("cc", "-std=c11", "examples/c/sign_in.c", client_id),
    }
}

/// The example of C or C++.
fn native(compiler: &str, standard: &str, source: &str, client_id: &str) -> Result<()> {
    setup::compilers()?;
    report::head("building the library for C");
    let folder = target().join("demo");
    stage(&folder)?;
    report::head(&format!("building {source}"));
    let built = compile(&folder, compiler, &[standard, "-Wall", "-Wextra"], source, "sign_in")?;
    watched(source, |sandbox| sign_in(&folder, &built, sandbox, client_id))
}

/// The sandbox, and a person who uses the example before your eyes.
fn watched(source: &str, example: impl FnOnce(&Sandbox) -> Command) -> Result<()> {
    report::head("starting the sandbox");
    let sandbox = Sandbox::start(Options::default())?;
    report::line(&format!("an Identity Engine org of our own at {}", sandbox.issuer()));
    report::head(&format!("{source}: what it prints, and what a person types"));
    let person = Person { sandbox: &sandbox, mistypes: false, aloud: true };
    person.uses(example(&sandbox))?;
    report::good("signed in; the sandbox is stopped");
    Ok(())
}

/// Builds the library quickly and installs it below `folder`/prefix.
fn stage(folder: &Path) -> Result<()> {
    prefix::stage(&folder.join("prefix"), &library::build("dev", "ureq,capi,file-storage")?)
}

/// Compiles one source as the documentation says: with `pkg-config`, which finds the library below `folder`/prefix.
pub fn compile(folder: &Path, compiler: &str, flags: &[&str], source: &str, name: &str) -> Result<PathBuf> {
    let mut pkg_config = program("pkg-config", ["--cflags", "--libs", "interaction_code"]);
    // The archive does not say what it needs; `pkg-config` knows.
    let shared = folder.join("prefix/lib/libinteraction_code.so").exists();
    pkg_config.args(if shared { &[][..] } else { &["--static"] });
    pkg_config.env("PKG_CONFIG_PATH", folder.join("prefix/lib/pkgconfig"));
    let found = output(pkg_config)?;
    let built = folder.join(name);
    let mut command = program(compiler, flags);
    command.arg(root().join(source)).arg("-o").arg(&built).args(found.split_whitespace());
    run(command)?;
    Ok(built)
}

/// The example with its three arguments, and with the library that it was built with.
pub fn sign_in(folder: &Path, built: &Path, sandbox: &Sandbox, client_id: &str) -> Command {
    let mut command = Command::new(built);
    command.args([&sandbox.issuer(), client_id, REDIRECT_URI]);
    command.env("LD_LIBRARY_PATH", folder.join("prefix/lib"));
    command
}
