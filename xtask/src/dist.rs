//! `cargo xtask dist`: what a C or C++ program installs, below one folder, checked before it is called done.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    library::{self, Built},
    manifest, prefix, report,
    run::{output, program, root, run, target},
};

/// What a C program needs and no more.
pub const FEATURES: &str = "ureq,capi,file-storage";
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

/// Where it goes: what the person says, as with any program that is built from source.
pub struct Place {
    /// Where it is used.
    prefix: PathBuf,
    /// Where the libraries are, from the prefix on.
    libdir: PathBuf,
    /// Before the prefix while it is installed (`DESTDIR`): the root of a package that is made.
    dest: Option<PathBuf>,
    /// Nobody named it: it is a folder of cargo's, and only ours.
    own: bool,
}

impl Place {
    pub fn new(prefix: Option<&Path>, libdir: Option<&Path>, dest: Option<PathBuf>) -> Result<Place> {
        let own = prefix.is_none() && dest.is_none();
        let prefix = std::path::absolute(prefix.map_or_else(|| target().join("package"), Path::to_path_buf))?;
        let libdir = libdir.unwrap_or(Path::new(prefix::LIBDIR));
        let below = libdir.strip_prefix(&prefix).unwrap_or(libdir);
        let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
        if !plain
            || below.as_os_str().is_empty()
            || below.to_str().is_none_or(|text| text.contains(char::is_whitespace))
        {
            bail!("{} is no folder below {}: the package is found from there", libdir.display(), prefix.display());
        }
        let dest = dest.filter(|dest| !dest.as_os_str().is_empty()).map(std::path::absolute).transpose()?;
        Ok(Place { libdir: below.to_path_buf(), prefix, dest, own })
    }

    /// The folder that is written to.
    pub fn folder(&self) -> PathBuf {
        match &self.dest {
            Some(dest) => dest.join(self.prefix.strip_prefix("/").unwrap_or(&self.prefix)),
            None => self.prefix.clone(),
        }
    }
}

/// Removes what was installed, and nothing else.
pub fn uninstall(place: &Place) -> Result<()> {
    let folder = place.folder();
    let files = manifest::uninstall(&folder)?;
    report::good(&format!("{files} files are removed from {}", folder.display()));
    Ok(())
}

/// Builds, installs, and gives what was built.
pub fn all(place: &Place, features: Option<&str>) -> Result<Built> {
    let features = features.unwrap_or(FEATURES);

    report::head("the library without its HTTPS transport, for its size");
    let small = library::build("dist", SMALL)?;
    let small = stripped(&small.shared)?.len() as u64;
    report::head(&format!("the library with {features}"));
    let built = library::build("dist", features)?;
    check_exports(&built, features)?;

    let real = install(place, &built)?;
    report::head("sizes, stripped");
    report::line(&format!("{:<28} {:.2} MB", format!("shared, {features}"), megabytes(real)));
    report::line(&format!("{:<28} {:.2} MB", format!("shared, {SMALL}"), megabytes(small)));
    report::good("exports, SONAME, contents and native libraries are what they have to be");
    Ok(built)
}

/// Lays it out, checks it, and puts it where it belongs. Gives the bytes of the shared library.
pub fn install(place: &Place, built: &Built) -> Result<u64> {
    let folder = place.folder();
    report::head(&format!("installing below {}", folder.display()));
    let staged = target().join("stage");
    prefix::stage_with(&staged, &place.libdir, built)?;
    let lib = staged.join(&place.libdir);
    split_debug(&lib)?;
    check_contents(&prefix::real_name(&lib), "ic_flow_start")?;
    check_contents(&lib.join("libinteraction_code.a"), "ic_flow_start")?;
    tree(&staged, &staged)?;
    if place.own && folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    manifest::install(&staged, &folder)?;
    Ok(fs::metadata(prefix::real_name(&lib))?.len())
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
fn split_debug(lib: &Path) -> Result<()> {
    let library = prefix::real_name(lib);
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
    with("strip", &["--strip-debug"], &[&lib.join("libinteraction_code.a")])
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
