//! Swift: the package built with SwiftPM, tested with `swift test`; its example, used by a person.
//!
//! Everything is below `target/swift`: the package is built from a staged copy with the library beside it, so the committed
//! folder stays clean. What has not changed is left as it is there, so another run builds only what has.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    bindings,
    c_examples::signed_in,
    demo_lang::REDIRECT_URI,
    library,
    person::Person,
    report,
    run::{Counts, root, run, target},
    screens::Screens,
    swift_root::Swift,
};

/// Where the example is.
pub const EXAMPLE: &str = "bindings/swift/Examples/SignIn/main.swift";

/// Seconds for all tests together; each is bounded by itself, too.
const PATIENCE: &str = "480";

/// The built package.
pub struct Package {
    swift: Swift,
    folder: PathBuf,
}

impl Package {
    /// The example with its three arguments.
    pub fn example(&self, sandbox: &Sandbox, client_id: &str) -> Command {
        let mut command = self.start();
        command.args([&sandbox.issuer(), client_id, REDIRECT_URI]);
        command
    }

    /// The example, which draws the files that it is given.
    fn renderer(&self) -> Command {
        let mut command = self.start();
        command.arg("--render");
        command
    }

    fn start(&self) -> Command {
        let built = self.folder.join(".build/debug/SignInExample");
        self.command(&built.display().to_string())
    }

    /// A program in the package's folder, with the library.
    fn command(&self, name: &str) -> Command {
        let mut command = self.swift.command(name, &self.folder);
        command.env("LD_LIBRARY_PATH", self.folder.join("lib"));
        // Only loopback is talked to.
        for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy);
        }
        command
    }

    /// `swift` with a subcommand, and with how the package is built: a warning is an error.
    fn swiftpm(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("swift");
        command.args(arguments).args(["-Xswiftc", "-warnings-as-errors", "-Xlinker"]);
        command.arg(format!("-L{}", self.folder.join("lib").display()));
        // `libswiftObservation.so` of Swift 6.0 on Linux names a function that it does not have, and never calls.
        command.args(["-Xlinker", "--allow-shlib-undefined"]);
        command
    }
}

/// Generates, compares, builds the example, for `cargo xtask demo`.
pub fn package() -> Result<Package> {
    let package = staged()?.context("the demo needs Swift")?;
    run(package.swiftpm(&["build", "--quiet", "--product", "SignInExample"]))?;
    Ok(package)
}

/// Generates and compares, builds, passes the tests.
pub fn all() -> Result<Counts> {
    report::head("Swift: generated sources");
    let Some(package) = staged()? else {
        return Ok(Counts { skipped: 1, ..Counts::default() });
    };
    report::head("Swift: package, examples, tests");
    let begun = Instant::now();
    run(package.swiftpm(&["build", "--quiet", "--build-tests"]))?;
    report::line(&format!("built without a warning, in {} s", begun.elapsed().as_secs()));
    let mut options = Options::default();
    options.world.limits.poll_interval_ms = 500;
    let sandbox = Sandbox::start(options)?;
    let begun = Instant::now();
    let mut counts = tests(&package, &sandbox)?;
    report::line(&format!("{} tests in {} s", counts.passed + counts.failed, begun.elapsed().as_secs()));
    for client in ["app-email", "app-push"] {
        sandbox.reset();
        let person = Person { sandbox: &sandbox, mistypes: true, aloud: false };
        signed_in(&person.uses(package.example(&sandbox, client))?)?;
        report::line(&format!("{EXAMPLE} signs in to {client}, after a mistyped password"));
        counts.passed += 1;
    }
    counts.add(screens(&package)?);
    if package.swift.is_private() {
        over_tls(&package)?;
        counts.passed += 1;
    } else {
        report::loud(
            "nobody signs in over TLS here: this system's Swift trusts what the system trusts, and nothing else",
        );
        counts.skipped += 1;
    }
    Ok(counts)
}

/// What the example draws of every response. A private Swift sees the package's folder only.
fn screens(package: &Package) -> Result<Counts> {
    let folder = package.folder.join("screens");
    let counts = Screens::new()?.copied(&folder)?.compare(EXAMPLE, package.renderer());
    fs::remove_dir_all(&folder)?;
    counts
}

/// The example over TLS. Foundation on Linux trusts what the system does, so the sandbox's authority becomes the system's.
fn over_tls(package: &Package) -> Result<()> {
    let sandbox = Sandbox::start(Options { tls: true, ..Options::default() })?;
    let authority = package.folder.join("lib/authority.pem");
    fs::write(&authority, sandbox.ca_pem().context("a sandbox over TLS has an authority")?)?;
    let mut example = package.example(&sandbox, "app-email");
    example.env("IC_AUTHORITY", &authority);
    let person = Person { sandbox: &sandbox, mistypes: true, aloud: false };
    signed_in(&person.uses(example)?)?;
    report::line(&format!("{EXAMPLE} signs in over TLS"));
    Ok(())
}

fn tests(package: &Package, sandbox: &Sandbox) -> Result<Counts> {
    let written = package.folder.join("report.xml");
    let _ = fs::remove_file(&written);
    let untrusted = Sandbox::start(Options { tls: true, ..Options::default() })?;
    // One after the other, each in a process of its own: they share the sandbox.
    let mut tests = package.command("timeout");
    tests.args([PATIENCE, "swift", "test", "--skip-build", "--parallel", "--num-workers", "1", "--xunit-output"]);
    tests.arg(&written).arg("--quiet").arg("--disable-swift-testing");
    tests.env("IC_SANDBOX", sandbox.issuer()).env("IC_SANDBOX_ORIGIN", sandbox.origin());
    tests.env("IC_SANDBOX_TLS", untrusted.issuer());
    let passed = tests.status().context("swift test does not start")?.success();
    let counts = Counts::of_report(&fs::read_to_string(&written).context("the report of swift test")?)?;
    if !passed && counts.failed == 0 {
        bail!("swift test failed, and its report has no failed test");
    }
    Ok(counts)
}

/// The package with the library beside it, where there is a Swift.
fn staged() -> Result<Option<Package>> {
    let built = library::build("dev", "ureq,file-storage,uniffi")?;
    bindings::swift(&built.shared)?;
    let page = docs()?;
    let Some(swift) = Swift::find()? else { return Ok(None) };
    let folder = target().join("swift/package");
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let mut kept = BTreeSet::new();
    stage(&root().join("bindings/swift"), &folder, &mut kept)?;
    let test = folder.join("Tests/InteractionCodeTests/DocsTests.swift");
    write(&test, page.as_bytes(), &mut kept)?;
    let library = fs::read(&built.shared)?;
    for name in ["libinteraction_code.so".to_owned(), library::soname()?] {
        write(&folder.join("lib").join(name), &library, &mut kept)?;
    }
    for part in ["Sources", "Examples", "Tests", "lib"] {
        forget(&folder.join(part), &kept)?;
    }
    Ok(Some(Package { swift, folder }))
}

/// Copies a folder. What is there already stays as it is, so that it is not built again.
fn stage(from: &Path, to: &Path, kept: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() { stage(&path, &to, kept)? } else { write(&to, &fs::read(&path)?, kept)? }
    }
    Ok(())
}

fn write(path: &Path, content: &[u8], kept: &mut BTreeSet<PathBuf>) -> Result<()> {
    if fs::read(path).ok().as_deref() != Some(content) {
        fs::create_dir_all(path.parent().context("a file in a folder")?)?;
        fs::write(path, content).with_context(|| format!("writing {}", path.display()))?;
    }
    kept.insert(path.to_path_buf());
    Ok(())
}

/// Removes what an earlier run has staged and this one has not.
fn forget(folder: &Path, kept: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            forget(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The code in docs/swift.md is code: the whole program is the example, a quoted piece is in the file that it names, and every
/// piece that is marked `run` is run, in this test.
fn docs() -> Result<String> {
    let page = fs::read_to_string(root().join("docs/swift.md")).context("docs/swift.md")?;
    let (mut pieces, mut whole) = (Vec::new(), 0);
    for block in page.split("\n```swift ").skip(1) {
        let (mark, code) = block.split_once('\n').context("a block without a line")?;
        let (code, _) = code.split_once("\n```").context("a block without an end")?;
        match mark.split_once(' ') {
            None if mark == "file" => {
                let example = fs::read_to_string(root().join(EXAMPLE))?;
                ensure!(example.trim_end() == code.trim_end(), "docs/swift.md does not have {EXAMPLE} as it is");
                whole += 1;
            }
            None if mark == "run" => pieces.push(code),
            Some(("in", file)) => {
                let source = fs::read_to_string(root().join("bindings/swift").join(file))?;
                ensure!(source.contains(code.trim_end()), "a piece of docs/swift.md is not in {file}");
            }
            _ => bail!("a block of docs/swift.md is marked `{mark}`"),
        }
    }
    let blocks = page.matches("```swift").count();
    ensure!(whole == 1 && pieces.len() >= 6, "docs/swift.md has {whole} whole programs and {} pieces", pieces.len());
    ensure!(blocks == page.matches("\n```swift ").count(), "a block of docs/swift.md has no mark");
    let body = pieces.join("\n").replace('\n', "\n        ");
    Ok(format!(
        "// Made of docs/swift.md: every piece of it that is marked `run`, in its order.\n\n\
         import Foundation\nimport InteractionCode\nimport XCTest\n\n\
         final class DocsTests: XCTestCase {{\n    func testEveryPieceRuns() async throws {{\n        \
         let issuer = Org.shared.issuer\n        var atTheEnd = false\n        \
         defer {{ XCTAssertTrue(atTheEnd) }}\n        {body}\n        atTheEnd = true\n    }}\n}}\n"
    ))
}
