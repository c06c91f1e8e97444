//! The C part of `cargo xtask test`: the C tests and examples against an installed library, in every way that finds faults.
//!
//! Plain with the shared and with the static library, under valgrind, with AddressSanitizer and UBSan, and what has threads
//! under the race detector. One build of the library serves all of them. The sandbox runs in this process.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    abi, c_examples, dist, library, prefix, report,
    run::{Counts, output, program, root, run, target},
    screens::Screens,
    setup,
};

/// The whole surface, hooks included, so that the tests can turn the clock.
const FEATURES: &str = "ureq,capi,file-storage,test-hooks";

/// A way to build and run the programs.
struct Way {
    name: &'static str,
    /// Which library: `shared` or `static`.
    link: &'static str,
    /// What the compiler adds: `none`, `address` or `thread`.
    sanitize: &'static str,
    /// The program that runs each test, with its options.
    with: Vec<String>,
    /// Symbols that a program has only when the sanitizers are really in it.
    proof: &'static [&'static str],
}

impl Way {
    fn folder(&self) -> PathBuf {
        target().join(format!("c/{}-{}", self.link, self.sanitize))
    }

    /// The race detector is for what has threads; the rest would only take its time.
    fn is_for_threads(&self) -> bool {
        self.sanitize == "thread"
    }

    /// Every screen is drawn once as programs do, and once under the sanitizers.
    fn draws_screens(&self) -> bool {
        self.link == "shared" && self.with.is_empty() && !self.is_for_threads()
    }
}

fn ways() -> Vec<Way> {
    let way = |name, link, sanitize, with, proof| Way { name, link, sanitize, with, proof };
    vec![
        way("plain, shared library", "shared", "none", vec![], &[]),
        way("plain, static library", "static", "none", vec![], &[]),
        way("valgrind", "shared", "none", valgrind(), &[]),
        way(
            "address and undefined-behaviour sanitizers",
            "shared",
            "address",
            vec![],
            &["__asan_init", "__ubsan_handle"],
        ),
        way("thread sanitizer", "shared", "thread", fixed_addresses(), &["__tsan_init"]),
    ]
}

/// What a program of ours leaves behind is an error. What is still reachable at the end is Rust's own.
fn valgrind() -> Vec<String> {
    let options = [
        "valgrind",
        "--quiet",
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect,possible",
        "--errors-for-leak-kinds=definite,indirect,possible",
        "--error-exitcode=99",
        "--fair-sched=yes",
        "--num-callers=30",
    ];
    let known = format!("--suppressions={}", root().join("packaging/valgrind.supp").display());
    options.map(str::to_owned).into_iter().chain([known]).collect()
}

/// The race detector of older compilers fails on kernels that spread addresses wider than it knows.
fn fixed_addresses() -> Vec<String> {
    let works = program("setarch", ["-R", "true"]).output().is_ok_and(|output| output.status.success());
    if works { vec!["setarch".to_owned(), "-R".to_owned()] } else { vec![] }
}

/// Everything of C. The counts are of programs: each has many tests.
pub fn all() -> Result<Counts> {
    setup::c_tools()?;
    report::head("the library for C");
    let built = library::build("dev", FEATURES)?;
    check_exports(&built.shared)?;
    let installed = target().join("c/prefix");
    prefix::stage(&installed, &built)?;
    report::good("exported symbols are those of tests/exports.txt, and the hooks");
    abi::check()?;
    report::good("the ABI is that of tests/abi");

    let screens = Screens::new()?;
    let mut counts = Counts::default();
    for way in ways() {
        report::head(&format!("C programs: {}", way.name));
        let (sandbox, tls) = (sandbox(false)?, sandbox(true)?);
        build(&way, &installed)?;
        prove(&way)?;
        counts.add(tests(&way, &sandbox, &tls)?);
        if !way.is_for_threads() {
            counts.add(c_examples::all(&way.folder(), &way.with, &sandbox));
        }
        if way.draws_screens() {
            for renderer in ["draw_screens", "draw_screens_cpp"] {
                let mut command = Command::new(way.folder().join(renderer));
                watchful(&mut command, &sandbox);
                counts.add(screens.compare(renderer, command)?);
            }
        }
        sandbox.stop();
        tls.stop();
    }
    report::head("an installation that was moved");
    counts.add(c_examples::moved(&installed)?);
    Ok(counts)
}

fn sandbox(tls: bool) -> Result<Sandbox> {
    let mut options = Options { tls, ..Options::default() };
    options.world.limits.poll_interval_ms = 500;
    Ok(Sandbox::start(options)?)
}

/// The promised symbols, and those that only a build for tests has.
fn check_exports(shared: &Path) -> Result<()> {
    let (hooks, others): (Vec<_>, Vec<_>) = library::exports(shared)?.into_iter().partition(|name| is_hook(name));
    if hooks.is_empty() {
        bail!("the library for tests has no hooks");
    }
    dist::differences(&others, &library::promised(FEATURES)?)
}

fn is_hook(name: &str) -> bool {
    name.starts_with("ic_test_") || name == "ic_config_set_clock" || name == "ic_config_set_random"
}

fn build(way: &Way, installed: &Path) -> Result<()> {
    let folder = way.folder();
    let mut configure = program("cmake", ["-G", "Ninja", "-S"]);
    configure.arg(root().join("tests/c")).arg("-B").arg(&folder);
    configure.arg(format!("-DCMAKE_PREFIX_PATH={}", installed.display()));
    configure.args([format!("-DIC_LINK={}", way.link), format!("-DIC_SANITIZE={}", way.sanitize)]);
    configure.arg(format!("-DIC_RUN_WITH={}", way.with.join(";")));
    // Its words are of interest only when it fails.
    output(configure)?;
    let mut make = program("cmake", ["--build"]);
    make.arg(&folder).args(if way.is_for_threads() { &["--target", "threaded"][..] } else { &[] });
    make.args(["--", "--quiet"]);
    run(make)
}

/// A sanitizer that is not linked in finds nothing, and says nothing.
fn prove(way: &Way) -> Result<()> {
    let programs = programs(way)?;
    for built in &programs {
        let mut nm = program("nm", ["--format=posix"]);
        nm.arg(way.folder().join(built));
        let symbols = output(nm)?;
        if let Some(missing) = way.proof.iter().find(|symbol| !symbols.contains(*symbol)) {
            bail!("{built} has no {missing}: it is not watched");
        }
    }
    if !way.proof.is_empty() {
        report::line(&format!("{} in all of {} programs", way.proof.join(" and "), programs.len()));
    }
    Ok(())
}

/// The names of the tests that are programs of ours.
fn programs(way: &Way) -> Result<Vec<String>> {
    let folder = way.folder();
    let names = output(ctest(way, &["--show-only"]))?;
    let names = names.lines().filter_map(|line| line.trim().strip_prefix("Test ")?.split_once(": "));
    let programs: Vec<String> =
        names.map(|(_, name)| name.trim().to_owned()).filter(|name| folder.join(name).is_file()).collect();
    if programs.is_empty() {
        bail!("there are no tests in {}", folder.display());
    }
    Ok(programs)
}

fn ctest(way: &Way, arguments: &[&str]) -> Command {
    let mut ctest = program("ctest", ["--test-dir"]);
    ctest.arg(way.folder()).args(arguments).args(if way.is_for_threads() { &["-L", "threads"][..] } else { &[] });
    ctest
}

/// Runs the tests; CMake's own report says how many there were.
fn tests(way: &Way, sandbox: &Sandbox, tls: &Sandbox) -> Result<Counts> {
    let authority = authority(tls)?;
    let report = way.folder().join("report.xml");
    // Two at a time; those that talk to the sandbox take turns, see tests/c/CMakeLists.txt.
    let mut ctest = ctest(way, &["--output-on-failure", "--no-tests=error", "--parallel", "2"]);
    ctest.arg("--output-junit").arg(&report);
    watchful(&mut ctest, sandbox);
    ctest.env("IC_SANDBOX_TLS", tls.issuer()).env("IC_SANDBOX_CA", authority);
    // The other ways are tried all the same: a fault that only one of them finds says more than the first.
    let passed = ctest.status().context("ctest does not start")?.success();
    let counts = Counts::of_report(&std::fs::read_to_string(&report).context("the report of ctest")?)?;
    if !passed && counts.failed == 0 {
        bail!("ctest failed, and its report has no failed test");
    }
    Ok(counts)
}

/// The file of the authority of a sandbox over TLS.
fn authority(tls: &Sandbox) -> Result<PathBuf> {
    let file = target().join("c/authority.pem");
    std::fs::create_dir_all(target().join("c"))?;
    std::fs::write(&file, tls.ca_pem().context("a sandbox over TLS has an authority")?)?;
    Ok(file)
}

/// What the programs and their watchers are told.
pub fn watchful(command: &mut Command, sandbox: &Sandbox) {
    command.env("IC_SANDBOX", sandbox.issuer()).env("IC_SANDBOX_ORIGIN", sandbox.origin());
    command.env("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1");
    command.env("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1");
    // Rust's locks are not seen by it, so only what the programs themselves touch is judged.
    command.env("TSAN_OPTIONS", "halt_on_error=1:ignore_noninstrumented_modules=1:second_deadlock_stack=1");
}
