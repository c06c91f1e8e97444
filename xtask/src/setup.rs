//! Setting up what a task needs: it installs what it may, says what it installs, and otherwise what is missing.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{
    report,
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
    report::line("npm ci in tests/vendors (other vendors' clients, pinned by package-lock.json)");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    run(npm)
}

/// Installs a Debian package where this is root on Debian; otherwise says what is missing.
fn install(package: &str, program: &str, what: &str) -> Result<()> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    if !root || which::which("apt-get").is_err() {
        bail!("`{program}` is missing: {what}. Install it (Debian: apt-get install {package}) and run this again");
    }
    report::line(&format!("installing the Debian package {package}: {what}"));
    for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq", "--no-install-recommends", package]] {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
        run(apt)?;
    }
    if which::which(program).is_err() {
        bail!("the package {package} is installed, and `{program}` is still not found");
    }
    Ok(())
}
