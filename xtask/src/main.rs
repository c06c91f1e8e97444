//! The project's own tasks, what README and CI call: `cargo xtask demo | test | bindings | bench | dist | wheel | jar`.
//!
//! Each task sets up what it needs and says what it installs; on a machine where it may not, it says what is missing.

mod abi;
mod apt;
mod archive;
mod bench;
mod bench_c;
mod bench_faces;
mod bindings;
mod c;
mod c_examples;
mod demo;
mod demo_lang;
mod dist;
mod kotlin;
mod kotlin_jar;
mod library;
mod manifest;
mod mends;
mod package;
mod person;
mod prefix;
mod python;
mod redacted;
mod report;
mod run;
mod screens;
mod setup;
mod sizes;
mod swift;
mod swift_async;
mod swift_root;
mod test;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::demo_lang::Language;

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
        /// The language of the example that signs in.
        #[arg(long, value_enum, default_value = "rust", conflicts_with = "interactive")]
        lang: Language,
        /// The client of the sandbox to sign in to; its policy decides the steps.
        #[arg(long, default_value = "app-email")]
        client: String,
    },
    /// Passes all tests: formatting, lints, docs, every test of every crate, other vendors' clients.
    Test {
        /// Leaves out what needs Node.js and Chromium, loudly.
        #[arg(long)]
        no_vendors: bool,
        /// Passes only one part; `rust` is the one to run while you work on the library.
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Compares the generated sources of Swift, Kotlin and Python with what the library says; `IC_BLESS=1` rewrites them.
    Bindings,
    /// Builds and installs what C and C++ programs use: libraries, headers, pkg-config and CMake packages, man page.
    Dist {
        /// Where to install; `target/package` unless given. What others installed there stays as it is. A package is made with
        /// the environment variable DESTDIR, which stands before the prefix while it is installed.
        #[arg(long)]
        prefix: Option<PathBuf>,
        /// Where the libraries go below the prefix; `lib` unless given (`lib64`, `lib/x86_64-linux-gnu`).
        #[arg(long)]
        libdir: Option<PathBuf>,
        /// The features of the library; `ureq,capi,file-storage` unless given.
        #[arg(long)]
        features: Option<String>,
        /// Removes what was installed below the prefix, and nothing else.
        #[arg(long, conflicts_with_all = ["features", "libdir"])]
        uninstall: bool,
    },
    /// Builds the Python wheel that people install, and tries it.
    Wheel {
        /// The features of the library beside `uniffi`; `platform-verifier` trusts what the operating system trusts.
        #[arg(long, default_value = "ureq,file-storage")]
        features: String,
    },
    /// Builds the jar that Kotlin and Java programs add, and signs in with it.
    Jar {
        /// The features of the library beside `uniffi`; `platform-verifier` trusts what the operating system trusts.
        #[arg(long, default_value = "ureq,file-storage")]
        features: String,
    },
    /// Measures side by side, as ratios: reading responses, whole sign-ins, the C face, its memory; a look from Python; the size of each build.
    Bench {
        /// Takes only one part.
        #[arg(long, value_enum)]
        only: Option<bench::Part>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Demo { interactive: true, client, .. } => demo::interactive(&client),
        Task::Demo { lang: Language::Rust, client, .. } => demo::watch(&client),
        Task::Demo { lang, client, .. } => demo_lang::watch(lang, &client),
        Task::Test { only: Some(part), .. } => test::only(part),
        Task::Test { no_vendors, only: None } => test::all(no_vendors),
        Task::Bindings => bindings::all(),
        Task::Dist { prefix, libdir, features, uninstall } => {
            let dest = std::env::var_os("DESTDIR").map(PathBuf::from);
            dist::Place::new(prefix.as_deref(), libdir.as_deref(), dest).and_then(|place| match uninstall {
                true => dist::uninstall(&place),
                false => dist::all(&place, features.as_deref()).map(drop),
            })
        }
        Task::Wheel { features } => python::wheel(&features),
        Task::Jar { features } => kotlin_jar::jar(&features),
        Task::Bench { only: Some(part) } => bench::only(part),
        Task::Bench { only: None } => bench::all(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
