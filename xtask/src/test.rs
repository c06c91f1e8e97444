//! `cargo xtask test`: everything that must hold, in the order in which it fails fastest.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{
    c, dist, kotlin, python, report,
    run::{Counts, cargo, root, run, run_tests, target},
    setup, swift,
};

/// A part of the tests that can be passed alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The C tests and the C and C++ examples, in every way.
    C,
    /// The Python package: generated module, wheel, types, tests, example.
    Python,
    /// The Kotlin package: generated source, tests under JUnit, the Kotlin and Java examples.
    Kotlin,
    /// The Swift package: generated sources, `swift test`, the example.
    Swift,
}

/// Passes one part.
pub fn only(part: Part) -> Result<()> {
    match part {
        Part::C => summary(c::all()?),
        Part::Python => summary(python::all()?),
        Part::Kotlin => summary(kotlin::all()?),
        Part::Swift => summary(swift::all()?),
    }
}

pub fn all(no_vendors: bool) -> Result<()> {
    report::head("set-up");
    setup::toolchain()?;
    fixtures();

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

    let mut counts = Counts::default();
    report::head("tests of every crate");
    setup::c_tools()?;
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    // Everything was set up above, so what is missing now is a failure.
    tests.env("IC_TOOLS_REQUIRED", "1");
    counts.add(run_tests(tests)?);
    // What only other builds have: a test's clock and random numbers, and settings without a transport.
    let package = ["test", "--quiet", "--package", "interaction-code"];
    counts.add(run_tests(cargo(&[&package[..], &["--features", "test-hooks", "--test", "hooks"]].concat()))?);
    counts.add(run_tests(cargo(&[&package[..], &["--no-default-features", "--test", "settings"]].concat()))?);

    counts.add(c::all()?);
    counts.add(python::all()?);
    counts.add(kotlin::all()?);
    counts.add(swift::all()?);
    dist::all(None, None)?;

    report::head("other vendors' clients against the sandbox");
    if no_vendors {
        report::loud("skipped because of --no-vendors: nothing is proven about other vendors' clients");
        counts.skipped += 1;
    } else {
        setup::vendors().context("other vendors' clients (leave them out with --no-vendors)")?;
        counts.add(vendors()?);
    }

    summary(counts)
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
    run(cargo(&["build", "--package", "interaction-code-sandbox", "--quiet"]))?;
    let mut node = Command::new("npm");
    node.args(["test", "--silent"]).current_dir(root().join("tests/vendors"));
    // Everything was set up above, so what is missing now is a failure.
    node.env("SANDBOX_BIN", target().join("debug/interaction-code-sandbox")).env("VENDORS_REQUIRED", "1");
    run_tests(node)
}
