//! Building the library for other languages: shared and static at once, and reading what came out.
//!
//! The crate types are given here and not in `Cargo.toml`: together with `lib` they would switch LTO off without a word
//! (cargo#9672).

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};

use crate::run::{cargo, describe, output, program, root, target};

/// What was built.
pub struct Built {
    pub shared: PathBuf,
    pub archive: PathBuf,
    /// What a program that links the archive needs of the system: `-lm`, …
    pub native: Vec<String>,
}

/// The symbols that the library exports: those of C, and UniFFI's own.
pub const EXPORTS: &str = "tests/exports.txt";

/// What the linker is told to keep out of a library that ships: UniFFI describes the whole interface in symbols that only its
/// generator reads, and they weigh 50 KB; and functions for futures, of which there are none, weigh another 20.
pub const HIDDEN: &str = "packaging/uniffi_metadata.map";

/// Functions of the same machine code are there once. Not for C, whose programs may compare the addresses of functions.
const FOLDED: &str = "-Wl,--icf=all";

/// The version of the library, and of the header.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `libinteraction_code.so.0`: the number is that of the ABI.
pub fn soname() -> Result<String> {
    Ok(format!("libinteraction_code.so.{}", abi_version()?))
}

/// `IC_ABI_VERSION` of the header.
fn abi_version() -> Result<u32> {
    let header = std::fs::read_to_string(root().join("include/interaction_code.h")).context("the header")?;
    let number = header.lines().find_map(|line| line.strip_prefix("#define IC_ABI_VERSION "));
    number.and_then(|number| number.trim().parse().ok()).context("the header does not say IC_ABI_VERSION")
}

/// Builds with a profile of cargo (`dev`, `dist`) and exactly these features.
pub fn build(profile: &str, features: &str) -> Result<Built> {
    linked(profile, features, &[])
}

/// As `build`, with more for the linker.
pub fn linked(profile: &str, features: &str, for_linker: &[&str]) -> Result<Built> {
    if !cfg!(target_os = "linux") {
        bail!(
            "installing the library is made for Linux so far; elsewhere use `cargo cinstall`, which the package is ready for"
        );
    }
    let mut command = cargo(&["rustc", "--package", "interaction-code", "--lib", "--profile", profile]);
    command.args(["--crate-type", "cdylib,staticlib", "--no-default-features", "--features", features, "--"]);
    command.arg(format!("-Clink-arg=-Wl,-soname,{}", soname()?)).arg("-Clink-arg=-Wl,--build-id=sha1");
    command.args(["--print", "native-static-libs"]);
    command.args(for_linker.iter().map(|argument| format!("-Clink-arg={argument}")));
    if profile == "dist" {
        command.env("CARGO_ENCODED_RUSTFLAGS", flags_of_dist());
        if has_uniffi(features) && cfg!(target_arch = "x86_64") {
            // Here rustc links with lld, which takes a second list of what to keep to itself.
            command.arg(format!("-Clink-arg=-Wl,--version-script={}", root().join(HIDDEN).display()));
            command.arg(format!("-Clink-arg={FOLDED}"));
        }
    }
    let folder = target().join(if profile == "dev" { "debug" } else { profile });
    let native = run_for_native_libraries(command)?;
    Ok(Built { shared: folder.join("libinteraction_code.so"), archive: folder.join("libinteraction_code.a"), native })
}

/// Flags of rustc for what ships. Frame pointers: where they are not the rule, as on phones they are, what unwinding has to
/// know of a function is a third less with them. Paths: panics name the files that they are in, and no path of this machine
/// may be in the library.
fn flags_of_dist() -> String {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let mut flags: Vec<String> =
        std::env::var("RUSTFLAGS").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    flags.push("-Cforce-frame-pointers=yes".to_owned());
    let mut remap = |from: &Path, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    remap(&cargo_home, "cargo");
    // Each crate is a folder below one that is named after the registry.
    let registries = std::fs::read_dir(cargo_home.join("registry/src")).into_iter().flatten().flatten();
    registries.for_each(|registry| remap(&registry.path(), "crates"));
    remap(&root(), "interaction-code");
    // With the component rust-src, the standard library's own files have a place here, too.
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = output(program(&rustc.to_string_lossy(), ["--print", "sysroot"])).unwrap_or_default();
    if !sysroot.trim().is_empty() {
        remap(&Path::new(sysroot.trim()).join("lib/rustlib/src/rust"), "rust");
    }
    flags.join("\x1f")
}

/// Runs cargo; its messages pass through, and the one that names the native libraries is read on the way.
fn run_for_native_libraries(mut command: std::process::Command) -> Result<Vec<String>> {
    let name = describe(&command);
    let mut child = command.stderr(Stdio::piped()).spawn().with_context(|| format!("{name} does not start"))?;
    let messages = child.stderr.take().context("the messages of cargo are a pipe")?;
    let mut native = None;
    for line in BufReader::new(messages).lines() {
        let line = line.unwrap_or_default();
        match line.strip_prefix("note: native-static-libs: ") {
            Some(list) => native = Some(list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()),
            // The note before it only announces it.
            None if line.is_empty() || line.starts_with("note: link against the following native artifacts") => {}
            None => eprintln!("{line}"),
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    let mut native = native.context("rustc does not say which native libraries the archive needs")?;
    // The last mention of each is the one that counts for a linker.
    let all = native.clone();
    let mut at = 0;
    native.retain(|library| {
        at += 1;
        // A C compiler adds what unwinds by itself, and the right one: `gcc -static` has no shared library of it.
        !all[at..].contains(library) && library != "-lgcc_s"
    });
    Ok(native)
}

/// The symbols that a shared library exports, sorted.
pub fn exports(shared: &Path) -> Result<Vec<String>> {
    let mut nm = program("nm", ["--dynamic", "--defined-only", "--format=posix"]);
    nm.arg(shared);
    let mut names: Vec<String> =
        output(nm)?.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

/// The symbols that a library with these features has to export, from `tests/exports.txt`, sorted.
pub fn promised(features: &str) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root().join(EXPORTS)).context(EXPORTS)?;
    let (c, uniffi) = (features.split(',').any(|feature| feature == "capi"), has_uniffi(features));
    let wanted = |name: &&str| if name.starts_with("ic_") { c } else { uniffi };
    let names = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut names: Vec<String> = names.filter(wanted).map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

fn has_uniffi(features: &str) -> bool {
    features.split(',').any(|feature| feature == "uniffi")
}
