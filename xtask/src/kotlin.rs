//! Kotlin: the package built with Maven, tested under JUnit; its examples, the Java one among them.
//!
//! Everything is below `target/kotlin`: the library staged as a resource for JNA, the code of docs/kotlin.md as a source, what
//! Maven builds. The committed folder stays clean. One run of Maven compiles everything once, passes the tests, makes the jar.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    bindings,
    c_examples::signed_in,
    demo_lang::REDIRECT_URI,
    kotlin_jar, library,
    person::Person,
    prefix::copy,
    report,
    run::{Counts, program, root, run, target},
    screens::Screens,
    setup,
};

/// An example, by its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    Kotlin,
    Java,
}

impl Example {
    pub fn source(self) -> &'static str {
        match self {
            Example::Kotlin => "bindings/kotlin/examples/SignIn.kt",
            Example::Java => "bindings/kotlin/examples/SignInJava.java",
        }
    }

    /// What the compiler makes of it.
    pub fn class(self) -> &'static str {
        match self {
            Example::Kotlin => "SignInKt",
            Example::Java => "SignInJava",
        }
    }
}

/// A built package: what of it an example is run with.
pub struct Package {
    pub class_path: Vec<PathBuf>,
}

impl Package {
    /// The package of this build folder, with what it needs.
    pub fn of(build: &Path) -> Result<Package> {
        let own = [build.join("classes"), build.join("test-classes")];
        let libraries = fs::read_to_string(build.join("classpath")).context("what Maven fetched")?;
        Ok(Package { class_path: own.into_iter().chain(libraries.trim().split(':').map(PathBuf::from)).collect() })
    }

    /// An example with its three arguments.
    pub fn example(&self, example: Example, sandbox: &Sandbox, client_id: &str) -> Command {
        let mut java = self.program(example);
        java.args([&sandbox.issuer(), client_id, REDIRECT_URI]);
        java
    }

    /// An example that draws the files that it is given.
    fn renderer(&self, example: Example) -> Command {
        let mut java = self.program(example);
        java.arg("--render");
        java
    }

    /// An example without arguments.
    fn program(&self, example: Example) -> Command {
        let class_path: Vec<_> = self.class_path.iter().map(|path| path.display().to_string()).collect();
        let mut java = program("java", ["-Dstdout.encoding=UTF-8", "-Dfile.encoding=UTF-8", "-cp"]);
        java.arg(class_path.join(":")).arg(example.class());
        java
    }
}

/// Generates, compares, builds.
pub fn package() -> Result<Package> {
    stage()?;
    let mut build = maven("build", "native");
    build.args(["process-test-classes"]);
    run(build)?;
    Package::of(&folder().join("build"))
}

/// Generates and compares, builds, passes the tests.
pub fn all() -> Result<Counts> {
    report::head("Kotlin: generated source");
    stage()?;
    report::head("Kotlin: package, tests under JUnit");
    let mut options = Options::default();
    options.world.limits.poll_interval_ms = 500;
    let tls = Sandbox::start(Options { tls: true, ..options.clone() })?;
    let sandbox = Sandbox::start(options)?;
    let mut counts = tests(&sandbox, &tls)?;
    if counts.failed > 0 {
        return Ok(counts);
    }
    report::head("Kotlin: examples");
    let package = Package::of(&folder().join("build"))?;
    for example in [Example::Kotlin, Example::Java] {
        for client in ["app-email", "app-push"] {
            sandbox.reset();
            let person = Person { sandbox: &sandbox, mistypes: true, aloud: false };
            signed_in(&person.uses(package.example(example, &sandbox, client))?)?;
            report::line(&format!("{} signs in to {client}, after a mistyped password", example.source()));
            counts.passed += 1;
        }
    }
    let screens = Screens::new()?;
    for example in [Example::Kotlin, Example::Java] {
        counts.add(screens.compare(example.source(), package.renderer(example))?);
    }
    report::head("Kotlin: an app that was shrunk");
    counts.add(kotlin_jar::shrunk(&folder(), &sandbox)?);
    Ok(counts)
}

pub fn folder() -> PathBuf {
    target().join("kotlin")
}

/// Builds the library, compares the generated source, and lays out what Maven takes from here.
fn stage() -> Result<()> {
    setup::java()?;
    let built = library::build("dev", "ureq,file-storage,uniffi")?;
    bindings::kotlin(&built.shared)?;
    copy(&built.shared, &folder().join("native").join(jna_folder()?).join("libinteraction_code.so"))?;
    docs()
}

/// Lays out the code of docs/kotlin.md.
pub fn docs() -> Result<()> {
    let docs = folder().join("docs");
    fs::create_dir_all(&docs)?;
    let page = fs::read_to_string(root().join("docs/kotlin.md")).context("docs/kotlin.md")?;
    let main = fs::read_to_string(root().join(Example::Kotlin.source()))?;
    if blocks(&page, "kotlin file") != [main] {
        bail!("the program in docs/kotlin.md is not {}", Example::Kotlin.source());
    }
    let java = fs::read_to_string(root().join(Example::Java.source()))?;
    if !blocks(&page, "java part").iter().all(|part| java.contains(part.as_str())) {
        bail!("the Java in docs/kotlin.md is not part of {}", Example::Java.source());
    }
    write(&docs.join("DocsPieces.kt"), &pieces(&page)?)
}

/// The code of the page as one function, so that a piece can use what an earlier one made.
fn pieces(page: &str) -> Result<String> {
    let (top, body) = (blocks(page, "kotlin declare"), blocks(page, "kotlin run"));
    let all = page.matches("```kotlin").count();
    if body.len() < 6 || all != top.len() + body.len() + 1 {
        bail!("docs/kotlin.md has {all} pieces of Kotlin, and not all of them are marked `file`, `declare` or `run`");
    }
    let (top, body) = (top.concat(), body.concat());
    Ok(format!(
        "package io.github.interactioncode.docs\n\nimport io.github.interactioncode.*\nimport kotlinx.coroutines.*\n\n{top}\n\
         @Suppress(\"UNUSED_VARIABLE\", \"AssignedValueIsNeverRead\")\n\
         suspend fun docs(issuer: String) {{\n{body}}}\n"
    ))
}

/// The fenced blocks of a kind.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let fence = format!("```{kind}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block.to_owned()).collect()
}

pub fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// Where JNA looks for a library among the resources.
pub fn jna_folder() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("linux-x86-64"),
        "aarch64" => Ok("linux-aarch64"),
        other => bail!("which name JNA has for Linux on {other} is not known here"),
    }
}

/// Maven with the folders of the build. Quiet: it prints what goes wrong.
pub fn maven(build: &str, native: &str) -> Command {
    let mut maven = program("mvn", ["--quiet", "--batch-mode"]);
    maven.current_dir(root().join("bindings/kotlin"));
    for (name, sub) in [("build", build), ("native", native), ("docs", "docs")] {
        maven.arg(format!("-Dic.{name}={}", folder().join(sub).display()));
    }
    report::line("mvn, which fetches from Maven Central what pom.xml pins: Kotlin, coroutines, JNA, OkHttp, JUnit");
    maven
}

fn tests(sandbox: &Sandbox, tls: &Sandbox) -> Result<Counts> {
    let reports = folder().join("build/surefire-reports");
    if reports.exists() {
        fs::remove_dir_all(&reports)?;
    }
    let authority = folder().join("authority.pem");
    write(&authority, &tls.ca_pem().context("the authority of the sandbox")?)?;
    let mut maven = maven("build", "native");
    maven.arg("package");
    maven.env("IC_SANDBOX", sandbox.issuer()).env("IC_SANDBOX_ORIGIN", sandbox.origin());
    maven.env("IC_SANDBOX_TLS", tls.issuer()).env("IC_SANDBOX_CA", &authority);
    let passed = maven.status().context("mvn does not start")?.success();
    let mut counts = Counts::default();
    for entry in fs::read_dir(&reports).context("Maven did not come to the tests")?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "xml") {
            counts.add(Counts::of_report(&fs::read_to_string(entry.path())?)?);
        }
    }
    report::line(&format!("{} passed, {} failed", counts.passed, counts.failed));
    if !passed && counts.failed == 0 {
        bail!("Maven failed, and its reports have no failed test");
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    #[test]
    fn blocks_are_taken_by_their_kind() {
        let page = "```kotlin run\na\n```\nx\n```kotlin\nb\n```\n```kotlin run\nc\n```\n";
        assert_eq!(super::blocks(page, "kotlin run"), ["a\n", "c\n"]);
    }
}
