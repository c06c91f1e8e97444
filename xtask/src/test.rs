//! `cargo xtask test`: everything that must hold, in the order in which it fails fastest; each part can be passed alone.

use std::{process::Command, time::Instant};

use clap::ValueEnum;

use anyhow::{Context, Result, bail};

use crate::{
    c, kotlin, package, python, report,
    run::{Counts, cargo, root, run, run_tests, target},
    setup, swift,
};

/// A part of the tests that can be passed alone, in the order in which all of them are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting, lints with each set of features, docs.
    Lints,
    /// Every test of every crate, examples in documents included.
    Rust,
    /// The C tests and the C and C++ examples, in every way.
    C,
    /// The Python package: generated module, wheel, types, tests, example.
    Python,
    /// The Kotlin package: generated source, tests under JUnit, the Kotlin and Java examples.
    Kotlin,
    /// The Swift package: generated sources, `swift test`, the example.
    Swift,
    /// What C and C++ programs install, for a release: built, its symbols compared, used by programs in C and in Go.
    Package,
    /// okta-auth-js and the Sign-In Widget, unmodified, against the sandbox.
    Vendors,
}

impl Part {
    /// Whether it counts tests.
    fn has_tests(self) -> bool {
        self != Part::Lints
    }

    fn pass(self) -> Result<Counts> {
        match self {
            Part::Lints => lints().map(|()| Counts::default()),
            Part::Rust => rust(),
            Part::C => c::all(),
            Part::Python => python::all(),
            Part::Kotlin => kotlin::all(),
            Part::Swift => swift::all(),
            Part::Package => package::all(),
            Part::Vendors => vendors(),
        }
    }
}

/// Passes one part.
pub fn only(part: Part) -> Result<()> {
    setup::toolchain()?;
    let counts = part.pass()?;
    if part.has_tests() { summary(counts) } else { Ok(()) }
}

/// Passes all parts, and says how long each took.
pub fn all(no_vendors: bool) -> Result<()> {
    report::head("set-up");
    setup::toolchain()?;
    fixtures();
    let mut counts = Counts::default();
    let mut took = Vec::new();
    for part in Part::value_variants() {
        if *part == Part::Vendors && no_vendors {
            report::loud("skipped because of --no-vendors: nothing is proven about other vendors' clients");
            counts.skipped += 1;
            continue;
        }
        let begun = Instant::now();
        counts.add(part.pass()?);
        took.push(format!("{} {} s", name(*part), begun.elapsed().as_secs()));
    }
    report::head("what took how long");
    report::line(&took.join(", "));
    summary(counts)
}

/// The word for `--only`.
fn name(part: Part) -> String {
    part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn lints() -> Result<()> {
    report::head("formatting, lints, docs");
    run(cargo(&["fmt", "--all", "--check"]))?;
    run(cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    // A phone brings its own transport; a managed fleet trusts what its system trusts.
    for features in [
        &["--no-default-features"][..],
        &["--no-default-features", "--features", "capi"],
        &["--no-default-features", "--features", "uniffi"],
        &["--no-default-features", "--features", "ureq,capi"],
        &["--features", "platform-verifier,test-hooks"],
    ] {
        let lints = ["--", "-D", "warnings"];
        run(cargo(&[&["clippy", "--package", "interaction-code", "--lib", "--quiet"], features, &lints].concat()))?;
    }
    let mut docs = cargo(&["doc", "--workspace", "--no-deps", "--quiet", "--document-private-items"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    run(docs)?;
    report::good("formatting, lints and docs are clean");
    Ok(())
}

fn rust() -> Result<Counts> {
    report::head("tests of every crate");
    setup::c_tools()?;
    let mut counts = Counts::default();
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    // Everything was set up above, so what is missing now is a failure.
    tests.env("IC_TOOLS_REQUIRED", "1");
    counts.add(run_tests(tests)?);
    // What only other builds have: a test's clock and random numbers, and settings without a transport.
    let package = ["test", "--quiet", "--package", "interaction-code"];
    counts.add(run_tests(cargo(&[&package[..], &["--features", "test-hooks", "--test", "hooks"]].concat()))?);
    counts.add(run_tests(cargo(&[&package[..], &["--no-default-features", "--test", "settings"]].concat()))?);
    Ok(counts)
}

fn summary(Counts { passed, failed, skipped }: Counts) -> Result<()> {
    if passed == 0 {
        bail!("no test ran");
    }
    report::head("all of it");
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 {
        bail!("{failed} tests failed");
    }
    Ok(())
}

/// The recordings are not part of the project: the tests say so where they are absent, and this says it once more.
fn fixtures() {
    let named = std::env::var_os("IC_FIXTURES").map(std::path::PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/fixtures"));
    if !folder.join("scenarios.json").is_file() {
        report::loud(
            "no recorded responses here: set IC_FIXTURES to their folder; the tests that replay them are skipped",
        );
    }
}

/// The clients run in Node.js and in Chromium, against the real program.
fn vendors() -> Result<Counts> {
    report::head("other vendors' clients against the sandbox");
    setup::vendors().context("other vendors' clients (leave them out with --no-vendors)")?;
    run(cargo(&["build", "--package", "interaction-code-sandbox", "--package", "interaction-code-cli", "--quiet"]))?;
    let mut node = Command::new("npm");
    node.args(["test", "--silent"]).current_dir(root().join("tests/vendors"));
    // Everything was set up above, so what is missing now is a failure.
    node.env("SANDBOX_BIN", target().join("debug/interaction-code-sandbox")).env("VENDORS_REQUIRED", "1");
    run_tests(node)
}
