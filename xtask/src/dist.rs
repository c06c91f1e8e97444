//! `cargo xtask dist`: what a C or C++ program installs, below one folder, checked before it is called done.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    library::{self, Built},
    prefix, report,
    run::{output, program, root, run, target},
};

/// What a C program needs and no more.
pub const FEATURES: &str = "ureq,capi";
/// For programs that bring their own transport.
pub const SMALL: &str = "capi";
/// A phone brings its own transport, too.
pub const PHONE: &str = "uniffi";

/// What only the sandbox has: nothing of it may ever be in a library that ships.
const OF_THE_SANDBOX: &[&str] = &[
    "interaction_code_sandbox",
    "interaction-code-sandbox",
    "/sandbox/outbox",
    "Correct-Horse-9",
    "app-passwordless",
    "sandbox-secret",
];

pub fn all(folder: Option<&Path>, features: Option<&str>) -> Result<()> {
    let features = features.unwrap_or(FEATURES);
    let default = target().join("package");
    let folder = folder.unwrap_or(&default);

    report::head("the library without its HTTPS transport, for its size");
    let small = library::build("dist", SMALL)?;
    let small = stripped(&small.shared)?.len() as u64;
    report::head(&format!("the library with {features}"));
    let built = library::build("dist", features)?;
    check_exports(&built, features)?;

    report::head(&format!("installing below {}", folder.display()));
    prefix::stage(folder, &built)?;
    split_debug(folder)?;
    check_contents(&prefix::real_name(&folder.join("lib")), "ic_flow_start")?;
    check_contents(&folder.join("lib/libinteraction_code.a"), "ic_flow_start")?;
    tree(folder, folder)?;

    report::head("sizes, stripped");
    let real = fs::metadata(prefix::real_name(&folder.join("lib")))?.len();
    report::line(&format!("{:<28} {:.2} MB", format!("shared, {features}"), megabytes(real)));
    report::line(&format!("{:<28} {:.2} MB", format!("shared, {SMALL}"), megabytes(small)));
    report::good("exports, SONAME, contents and native libraries are what they have to be");
    Ok(())
}

/// Exactly the promised symbols, and the SONAME.
pub fn check_exports(built: &Built, features: &str) -> Result<()> {
    let (exported, promised) = (library::exports(&built.shared)?, library::promised(features)?);
    differences(&exported, &promised)?;
    let mut readelf = program("readelf", ["--dynamic", "--wide"]);
    readelf.arg(&built.shared);
    let wanted = format!("[{}]", library::soname()?);
    if !output(readelf)?.lines().any(|line| line.contains("(SONAME)") && line.contains(&wanted)) {
        bail!("the shared library does not have the SONAME {wanted}");
    }
    Ok(())
}

/// Says what is exported and not promised, and the other way round.
pub fn differences(exported: &[String], promised: &[String]) -> Result<()> {
    let without = |these: &[String], those: &[String]| {
        these.iter().filter(|name| !those.contains(name)).map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let (extra, lost) = (without(exported, promised), without(promised, exported));
    if extra.is_empty() && lost.is_empty() {
        return Ok(());
    }
    bail!("exported, not in tests/exports.txt: [{extra}]; in tests/exports.txt, not exported: [{lost}]");
}

/// The debug information goes into a file beside the library, where debuggers look for it.
fn split_debug(folder: &Path) -> Result<()> {
    let library = prefix::real_name(&folder.join("lib"));
    let debug = PathBuf::from(format!("{}.debug", library.display()));
    let with = |tool: &str, arguments: &[&str], files: &[&Path]| {
        let mut command = program(tool, arguments);
        command.args(files);
        run(command)
    };
    with("objcopy", &["--only-keep-debug"], &[&library, &debug])?;
    with("strip", &["--strip-unneeded"], &[&library])?;
    // objcopy wants to find the file while it notes its name.
    with("objcopy", &[&format!("--add-gnu-debuglink={}", debug.display())], &[&library])?;
    with("strip", &["--strip-debug"], &[&folder.join("lib/libinteraction_code.a")])
}

/// Nothing of the sandbox, of tests, or of the machine that built it. `known` is what it has: the search can find something.
pub fn check_contents(file: &Path, known: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let home = std::env::home_dir().map(|home| format!("{}/", home.display())).filter(|home| home.len() > 3);
    let root = format!("{}/", root().display());
    let of_machine = home.iter().chain([&root]).map(String::as_str);
    for text in OF_THE_SANDBOX.iter().copied().chain(["ic_test_"]).chain(of_machine) {
        if has(text) {
            bail!("{} contains `{text}`, which must never ship", file.display());
        }
    }
    if !has(known) {
        bail!("{} does not contain `{known}`, which it has", file.display());
    }
    Ok(())
}

/// The bytes of a library without its symbols.
pub fn stripped(library: &Path) -> Result<Vec<u8>> {
    let copy = target().join("stripped.so");
    let mut strip = program("strip", ["--strip-unneeded", "-o"]);
    strip.args([copy.as_path(), library]);
    run(strip)?;
    let bytes = fs::read(&copy)?;
    fs::remove_file(copy)?;
    Ok(bytes)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn tree(top: &Path, folder: &Path) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            tree(top, &path)?;
            continue;
        }
        let name = path.strip_prefix(top)?.display().to_string();
        match fs::read_link(&path) {
            Ok(to) => report::line(&format!("{name:<58} -> {}", to.display())),
            Err(_) => report::line(&format!("{name:<58} {:>9.1} KB", entry.metadata()?.len() as f64 / 1e3)),
        }
    }
    Ok(())
}
