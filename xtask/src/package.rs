//! `cargo xtask test --only package`: the release as C programs install it, used in the ways that are hard to get right.
//!
//! A program without any shared library, one that has another static library of Rust in it, one that CMake builds against a
//! package in the folders of a distribution, one in Go, and a folder that has the files of others. Each program signs in.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    archive,
    c_examples::signed_in,
    demo_lang::REDIRECT_URI,
    dist::{self, Place},
    library::Built,
    person::Person,
    report,
    run::{Counts, output, program, root, run, target},
    setup,
};

/// Where distributions of more than one architecture have their libraries.
const MULTIARCH: &str = "lib/x86_64-linux-gnu";

pub fn all() -> Result<Counts> {
    setup::c_tools()?;
    setup::go()?;
    let place = Place::new(None, None, None)?;
    let built = dist::all(&place, None)?;
    report::head("programs with what was installed");
    let tried = Tried { prefix: place.folder(), folder: target().join("programs") };
    if tried.folder.exists() {
        fs::remove_dir_all(&tried.folder)?;
    }
    fs::create_dir_all(&tried.folder)?;
    let mut counts = Counts::default();
    for (what, done) in [
        ("a program without any shared library", tried.fully_static()),
        ("beside another static library of Rust, in either order", tried.beside_rust()),
        ("in Go", tried.go()),
        (
            "below /usr, with the libraries where a distribution has them, beside the files of others",
            tried.placed(&built),
        ),
    ] {
        counts.tell(what, done);
    }
    Ok(counts)
}

struct Tried {
    prefix: PathBuf,
    folder: PathBuf,
}

impl Tried {
    /// As the documentation says it: `gcc -static app.c $(pkg-config --static --cflags --libs interaction_code)`.
    fn fully_static(&self) -> Result<()> {
        let found = self.pkg_config(&["--static", "--cflags", "--libs", "interaction_code"])?;
        let built = self.folder.join("static");
        let mut cc = self.cc(&["-static"], &["examples/c/quick_start.c"], &built);
        cc.args(found.split_whitespace());
        quietly(cc)?;
        let mut readelf = program("readelf", ["--program-headers", "--dynamic", "--wide"]);
        readelf.arg(&built);
        if let Some(line) = output(readelf)?.lines().find(|line| line.contains("INTERP") || line.contains("NEEDED")) {
            bail!("it is not fully static: {line}");
        }
        signs_in(Command::new(&built))
    }

    fn beside_rust(&self) -> Result<()> {
        let second = self.folder.join("libsecond.a");
        let mut rustc = program("rustc", ["--edition", "2024", "--crate-type", "staticlib", "-O", "-o"]);
        rustc.arg(&second).arg(root().join("tests/c/beside/second.rs"));
        run(rustc)?;
        let ours = self.prefix.join("lib/libinteraction_code.a");
        let strange: Vec<String> = archive::seen(&ours)?.into_iter().filter(|name| !name.starts_with("ic_")).collect();
        if !strange.is_empty() {
            bail!("the archive shows what is not of the header: {}", strange.join(", "));
        }
        let found = self.pkg_config(&["--static", "--cflags", "--libs-only-l", "interaction_code"])?;
        let system = found.split_whitespace().filter(|word| *word != "-linteraction_code");
        let system: Vec<&str> = system.collect();
        for (name, archives) in [("second-last", [&ours, &second]), ("second-first", [&second, &ours])] {
            let built = self.folder.join(name);
            let mut cc = self.cc(&[], &["tests/c/beside/beside.c"], &built);
            cc.arg("-Wl,--fatal-warnings").args(archives).args(&system);
            quietly(cc)?;
            signs_in(Command::new(&built))?;
        }
        Ok(())
    }

    fn go(&self) -> Result<()> {
        let built = self.folder.join("go");
        let mut go = program("go", ["build", "-o"]);
        go.arg(&built).arg(".").current_dir(root().join("examples/go"));
        go.env("CGO_ENABLED", "1").env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"));
        // Nothing is fetched, and nothing is kept outside of cargo's folder.
        go.env("GOTOOLCHAIN", "local").env("GOPROXY", "off").env("GOFLAGS", "-buildvcs=false");
        go.env("GOCACHE", target().join("go"));
        run(go)?;
        let mut command = Command::new(&built);
        command.env("LD_LIBRARY_PATH", self.prefix.join("lib"));
        // A pointer that is none ends the program, and each pointer that goes to C is looked at.
        command.env("GODEBUG", "invalidptr=1,cgocheck=1").env("GOGC", "1");
        signs_in(command)
    }

    /// A package is made of it, in which somebody else's library is already; CMake builds against it; then it is removed.
    fn placed(&self, built: &Built) -> Result<()> {
        let dest = self.folder.join("dest");
        for (name, text) in [
            ("usr/include/other.h", "int other(void);\n"),
            (&format!("usr/{MULTIARCH}/libother.a"), "!<arch>\n"),
            (&format!("usr/{MULTIARCH}/pkgconfig/other.pc"), "Name: other\n"),
            ("usr/share/doc/other/README", "of another\n"),
        ] {
            let path = dest.join(name);
            fs::create_dir_all(path.parent().context("a folder")?)?;
            fs::write(path, text)?;
        }
        let before = contents(&dest)?;
        let place = Place::new(Some(Path::new("/usr")), Some(Path::new(MULTIARCH)), Some(dest.clone()))?;
        dist::install(&place, built)?;
        dist::install(&place, built)?;
        let installed = contents(&dest)?;
        if before.iter().any(|(name, bytes)| installed.get(name) != Some(bytes)) {
            bail!("the files of another library are not as they were");
        }
        let pkgconfig = dest.join("usr").join(MULTIARCH).join("pkgconfig");
        let mut named = program("pkg-config", ["--variable=valgrind_suppressions", "interaction_code"]);
        named.env("PKG_CONFIG_PATH", &pkgconfig);
        let named = output(named)?;
        if !Path::new(named.trim()).is_file() {
            bail!("the suppressions are not where pkg-config says: {named}");
        }
        let cmake = self.folder.join("consumer");
        let mut configure = program("cmake", ["-G", "Ninja", "-S"]);
        configure.arg(root().join("tests/c/consumer")).arg("-B").arg(&cmake);
        configure.arg(format!("-DCMAKE_PREFIX_PATH={}", dest.join("usr").display()));
        output(configure)?;
        let mut make = program("cmake", ["--build"]);
        make.arg(&cmake).args(["--", "--quiet"]);
        quietly(make)?;
        for kind in ["shared", "static"] {
            signs_in(Command::new(cmake.join(kind)))?;
        }
        dist::uninstall(&place)?;
        if contents(&dest)? != before {
            bail!("after the removal there is not what was there before");
        }
        Ok(())
    }

    fn pkg_config(&self, arguments: &[&str]) -> Result<String> {
        let mut pkg_config = program("pkg-config", arguments);
        pkg_config.env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"));
        output(pkg_config)
    }

    /// The C compiler with these sources; what else it gets stands after them.
    fn cc(&self, flags: &[&str], sources: &[&str], built: &Path) -> Command {
        let mut cc = program("cc", ["-std=c11", "-Wall", "-Wextra"]);
        cc.args(flags).arg("-I").arg(self.prefix.join("include"));
        cc.args(sources.iter().map(|source| root().join(source))).arg("-o").arg(built);
        cc
    }
}

/// Its words are of interest only when it fails: a static `getaddrinfo` warns.
fn quietly(command: Command) -> Result<()> {
    output(command).map(drop)
}

/// The program signs in to a sandbox, after a mistyped password.
fn signs_in(mut command: Command) -> Result<()> {
    let sandbox = Sandbox::start(Options::default())?;
    command.args([&sandbox.issuer(), "app-email", REDIRECT_URI]);
    let person = Person { sandbox: &sandbox, mistypes: true, aloud: false };
    signed_in(&person.uses(command)?)
}

/// Every file below a folder with its bytes, and every folder.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            found.extend(contents(&path)?);
            found.insert(path, Vec::new());
        } else {
            let bytes = fs::read(&path)?;
            found.insert(path, bytes);
        }
    }
    Ok(found)
}
