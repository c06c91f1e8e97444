//! Finding Swift: the one on `PATH`, or else Debian 13's in a root of its own below `target/swift`.
//!
//! Whatever is mounted there is mounted in a mount namespace that ends with the process (`unshare --mount`), so nothing of
//! it is ever seen outside, and `rm -rf target` is safe at any time. The package is seen inside under the same path as
//! outside, so paths in messages are right.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result};

use crate::{
    report,
    run::{program, run, target},
    setup,
};

/// The release of Debian that has Swift 6.0.
const RELEASE: &str = "trixie";

/// What is installed in the root. SwiftPM asks git for versions; the linker wants the C and C++ libraries.
const PACKAGES: [&str; 5] = ["swiftlang", "libc6-dev", "libstdc++-14-dev", "git", "ca-certificates"];

/// What of it nobody needs who only builds and tests: debugger, editor service, static and embedded libraries, documents.
const LEFT_OUT: [&str; 24] = [
    "/usr/libexec/swift/bin/clangd*",
    "/usr/libexec/swift/bin/docc",
    "/usr/libexec/swift/bin/lldb*",
    "/usr/libexec/swift/bin/llvm-cov",
    "/usr/libexec/swift/bin/sourcekit-lsp",
    "/usr/libexec/swift/bin/swift-build-sdk-interfaces",
    "/usr/libexec/swift/bin/swift-format",
    "/usr/libexec/swift/lib/liblldb*",
    "/usr/libexec/swift/lib/libLTO*",
    "/usr/libexec/swift/lib/libsourcekitd*",
    "/usr/libexec/swift/lib/libswiftGenericMetadataBuilder*",
    "/usr/libexec/swift/lib/python3*",
    "/usr/libexec/swift/lib/swift/FrameworkABIBaseline/*",
    "/usr/libexec/swift/lib/swift/embedded/*",
    "/usr/libexec/swift/lib/swift_static/*",
    "/usr/libexec/swift/libexec/swift/linux/swift-backtrace-static",
    "/usr/libexec/gcc/*/*/cc1*",
    "/usr/libexec/gcc/*/*/lto*",
    "/usr/lib/gcc/*/*/lib*san*",
    "/usr/share/doc/*",
    "/usr/share/info/*",
    "/usr/share/locale/*",
    "/usr/share/man/*",
    "/usr/share/lintian/*",
];

/// What must be free where the root is made, in kilobytes: the root itself, and the packages while they are unpacked.
const NEEDED_KB: u64 = 3_000_000;

/// A Swift that works.
pub struct Swift {
    /// The private root, when it is not the system's own.
    root: Option<PathBuf>,
}

impl Swift {
    /// The system's Swift, or the private one, which is made when it is not there. `None` when neither can be had here: that
    /// was said loudly. Errors: the private one could be made here, and making it failed.
    pub fn find() -> Result<Option<Swift>> {
        let own = Command::new("swift").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if own.is_ok_and(|status| status.success()) {
            return Ok(Some(Swift { root: None }));
        }
        let folder = target().join("swift");
        fs::create_dir_all(&folder)?;
        let root = folder.canonicalize()?.join("root");
        fs::write(root.with_file_name(ENTER), ENTER_SCRIPT)?;
        let ready = root.join(".ready");
        let swift = Swift { root: Some(root.clone()) };
        if fs::read_to_string(&ready).ok() == Some(recipe()) && swift.works(&folder) {
            return Ok(Some(swift));
        }
        if let Err(why) = possible(&folder) {
            report::loud(&format!(
                "Swift was SKIPPED, nothing is proven about it: {why}. Install Swift 6 so that `swift` is on PATH (swift.org; \
                 Debian 13: apt-get install swiftlang) and run this again"
            ));
            return Ok(None);
        }
        make(&root, &ready)?;
        Ok(Some(swift))
    }

    /// Whether it is the private one, in which `IC_AUTHORITY` can name a certificate authority to trust.
    pub fn is_private(&self) -> bool {
        self.root.is_some()
    }

    /// A program of the toolchain, run in `folder`, which must exist; nothing outside of it is seen.
    pub fn command(&self, name: &str, folder: &Path) -> Command {
        let Some(root) = &self.root else {
            let mut command = Command::new(name);
            command.current_dir(folder);
            return command;
        };
        let mut command = private(root, folder);
        command.arg(name).env("HOME", "/root").env("LANG", "C.UTF-8").env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        command
    }

    fn works(&self, folder: &Path) -> bool {
        let mut version = self.command("swift", folder);
        version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    }
}

/// What the root is made by. Another recipe makes it anew.
fn recipe() -> String {
    format!("{RELEASE}\n{}\n{}\n", PACKAGES.join(" "), LEFT_OUT.join("\n"))
}

/// Whether a root can be made here; `Err` says why not.
fn possible(folder: &Path) -> Result<(), String> {
    if !setup::is_root() {
        return Err("there is no `swift`, and only root can set one up (debootstrap)".to_owned());
    }
    if which::which("apt-get").is_err() && which::which("debootstrap").is_err() {
        return Err("there is no `swift`, and no `debootstrap` to set one up".to_owned());
    }
    let namespace = Command::new("unshare").args(["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !namespace.is_ok_and(|output| output.status.success()) {
        return Err("there is no `swift`, and setting one up needs mounts, which are not allowed here".to_owned());
    }
    let df = Command::new("df").args(["-Pk"]).arg(folder).output();
    let listed = df.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free = listed.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse().ok()).unwrap_or(0);
    if free < NEEDED_KB {
        return Err(format!(
            "there is no `swift`, and setting one up needs {} GB of disk; {:.1} are free",
            NEEDED_KB / 1_000_000,
            free as f64 / 1e6
        ));
    }
    setup::debootstrap().map_err(|error| format!("there is no `swift`, and no `debootstrap` to set one up ({error})"))
}

/// Makes the root. One that is only half there is made anew.
fn make(root: &Path, ready: &Path) -> Result<()> {
    let begun = Instant::now();
    report::line(&format!(
        "setting up Debian 13 with Swift in target/swift/root, apart from this system: {}",
        PACKAGES.join(", ")
    ));
    report::line("some 400 MB to download, which takes minutes; 1.2 GB of disk afterwards");
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    fs::create_dir_all(root)?;
    // It mounts /proc by itself while it works.
    let mut bootstrap = program("unshare", ["--mount", "--propagation", "private", "debootstrap", "--variant=minbase"]);
    bootstrap.arg(RELEASE).arg(root).stdout(Stdio::null());
    outside_only(&mut bootstrap);
    report::line("waiting for debootstrap: it fetches and unpacks the base of Debian");
    run(bootstrap).context("debootstrap")?;
    // Before anything is unpacked, so that it never takes the room.
    let excludes: String = LEFT_OUT.iter().map(|path| format!("path-exclude={path}\n")).collect();
    fs::write(root.join("etc/dpkg/dpkg.cfg.d/small"), excludes)?;
    if let Ok(resolver) = fs::read("/etc/resolv.conf") {
        fs::write(root.join("etc/resolv.conf"), resolver)?;
    }
    let inside = root.join("root");
    let apt = |arguments: &[&str]| {
        let mut apt = private(root, &inside);
        apt.args(["apt-get", "-o", "Dpkg::Use-Pty=0"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C.UTF-8");
        apt.stdout(Stdio::null());
        run(apt)
    };
    report::line("waiting for apt-get in the new root: it fetches and unpacks Swift, the largest part");
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], &PACKAGES[..]].concat())?;
    apt(&["clean"])?;
    for left in ["var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "usr/share/man"] {
        let _ = fs::remove_dir_all(root.join(left));
    }
    fs::write(ready, recipe())?;
    report::line(&format!("Swift is set up, in {} s", begun.elapsed().as_secs()));
    Ok(())
}

/// A program in the root: what is mounted for it is gone when it ends, however it ends.
fn private(root: &Path, folder: &Path) -> Command {
    let mut command = program("unshare", ["--mount", "--propagation", "private", "sh"]);
    command.arg(root.with_file_name(ENTER)).arg(root).arg(folder);
    outside_only(&mut command);
    command
}

/// Takes out what names folders of this system: they are not in the root, or are others.
fn outside_only(command: &mut Command) {
    for name in ["TMPDIR", "TMP", "TEMP", "TEMPDIR"] {
        command.env_remove(name);
    }
}

/// The name of what goes into the root, beside it.
const ENTER: &str = "enter.sh";

/// What goes into the root: with /proc, and with a folder of the outside under the same path.
const ENTER_SCRIPT: &str = r#"root=$1 folder=$2; shift 2
mount -t proc proc "$root/proc" || exit 125
case $folder in
    "$root"/*) inside=${folder#"$root"} ;;
    *) inside=$folder; mkdir -p "$root$inside" && mount --bind "$folder" "$root$inside" || exit 125 ;;
esac
# The certificate authority to trust, instead of those of the system.
[ -z "$IC_AUTHORITY" ] || mount --bind "$IC_AUTHORITY" "$root/etc/ssl/certs/ca-certificates.crt" || exit 125
exec chroot "$root" env --chdir="$inside" "$@"
"#;
