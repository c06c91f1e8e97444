//! Setting up what a task needs: it installs what it may, says what it installs, and otherwise what is missing.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{
    apt, report,
    run::{cargo, root, run},
};

/// The parts of the Rust toolchain that the checks need, and a C compiler for `ring`.
pub fn toolchain() -> Result<()> {
    for (component, probe) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let present = cargo(&[probe, "--version"]).output().is_ok_and(|output| output.status.success());
        if !present {
            report::line(&format!("installing the Rust component {component} with rustup"));
            let mut rustup = Command::new("rustup");
            rustup.args(["component", "add", component]);
            run(rustup)?;
        }
    }
    if which::which("cc").is_err() {
        install("gcc", "cc", "the C compiler that the crate `ring` needs")?;
    }
    Ok(())
}

/// Node.js with npm, and Chromium, for other vendors' clients. `Err` says what is missing.
pub fn vendors() -> Result<()> {
    let node = Command::new("node").arg("--version").output();
    let version = node.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    let major: u32 = version.trim().trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    if major == 0 {
        install("nodejs", "node", "Node.js, which other vendors' clients run in")?;
    } else if major < 20 {
        bail!("Node.js 20 or newer is needed for other vendors' clients; here is {}", version.trim());
    }
    if which::which("npm").is_err() {
        install("npm", "npm", "npm, which installs other vendors' clients")?;
    }
    if which::which("chromium").is_err() {
        install("chromium", "chromium", "the browser that the Sign-In Widget runs in")?;
    }
    let folder = root().join("tests/vendors");
    report::line("waiting for npm: it fetches other vendors' clients, as tests/vendors/package-lock.json pins them");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    run(npm)
}

/// What a C or C++ program is built with.
pub fn compilers() -> Result<()> {
    for (package, program, what) in [
        ("gcc", "cc", "the C compiler"),
        ("g++", "c++", "the C++ compiler"),
        ("pkg-config", "pkg-config", "pkg-config, which programs find the library with"),
    ] {
        if which::which(program).is_err() {
            install(package, program, what)?;
        }
    }
    Ok(())
}

/// What the C programs are built, run and watched with.
pub fn c_tools() -> Result<()> {
    compilers()?;
    for (package, program, what) in [
        ("clang", "clang++", "the second compiler that the headers are proven with"),
        ("cmake", "ctest", "CMake, which builds and runs the C tests"),
        ("ninja-build", "ninja", "Ninja, which CMake builds with"),
        ("binutils", "nm", "nm, which lists the symbols of the library"),
        ("valgrind libc6-dbg", "valgrind", "valgrind, which finds leaks and bad accesses"),
        ("abigail-tools", "abidiff", "abidiff, which compares the ABI"),
        ("python3", "python3", "Python, which signs in by ctypes"),
    ] {
        if which::which(program).is_err() {
            install(package, program, what)?;
        }
    }
    for (package, library, what) in [
        ("libcmocka-dev", "cmocka", "cmocka, the framework of the C tests"),
        ("libcurl4-openssl-dev", "libcurl", "libcurl, the transport of an example"),
    ] {
        if !has_library(library) {
            apt(package, library, what)?;
            if !has_library(library) {
                bail!("the package {package} is installed, and pkg-config still does not find `{library}`");
            }
        }
    }
    Ok(())
}

/// Go, which calls C by cgo.
pub fn go() -> Result<()> {
    if which::which("go").is_err() {
        install("golang-go", "go", "Go, which signs in by cgo")?;
    }
    Ok(())
}

/// Python with what makes environments, which Debian packs apart from it.
pub fn python() -> Result<()> {
    let works = || Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    let works = || works().is_ok_and(|output| output.status.success());
    if !works() {
        apt(
            "python3 python3-venv",
            "python3 -m venv",
            "Python with environments, which the Python package is tested in",
        )?;
        if !works() {
            bail!("the package python3-venv is installed, and `python3 -m venv` still does not work");
        }
    }
    Ok(())
}

/// A JDK and Maven, which the Kotlin package is built and tested with.
pub fn java() -> Result<()> {
    let version = Command::new("javac").arg("-version").output();
    let version = version.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    let major = version.trim().trim_start_matches("javac ").split('.').next().and_then(|number| number.parse().ok());
    match major {
        Some(17_u32..) => {}
        None => {
            install("openjdk-17-jdk-headless", "javac", "the JDK that the Kotlin package is built and tested with")?
        }
        Some(_) => bail!("a JDK of 17 or newer is needed for the Kotlin package; here is {}", version.trim()),
    }
    if which::which("mvn").is_err() {
        install("maven", "mvn", "Maven, which builds the Kotlin package")?;
    }
    Ok(())
}

/// What a root for Swift is made with.
pub fn debootstrap() -> Result<()> {
    if which::which("debootstrap").is_err() {
        install("debootstrap", "debootstrap", "debootstrap, which makes a root with Swift")?;
    }
    Ok(())
}

/// Whether this process may install.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

fn has_library(name: &str) -> bool {
    Command::new("pkg-config").args(["--exists", name]).status().is_ok_and(|status| status.success())
}

/// Installs Debian packages that bring a program.
fn install(packages: &str, program: &str, what: &str) -> Result<()> {
    apt(packages, program, what)?;
    if which::which(program).is_err() {
        bail!("the package {packages} is installed, and `{program}` is still not found");
    }
    Ok(())
}

/// Installs Debian packages where this is root on Debian; otherwise says what is missing.
fn apt(packages: &str, missing: &str, what: &str) -> Result<()> {
    if !is_root() || which::which("apt-get").is_err() {
        bail!("`{missing}` is missing: {what}. Install it (Debian: apt-get install {packages}) and run this again");
    }
    report::line(&format!("installing from Debian {packages}: {what}"));
    apt::install(&packages.split(' ').collect::<Vec<_>>())
}
