//! The static library as it is installed: one object, of which a linker sees the functions of the header and nothing else.
//!
//! What rustc makes has Rust's own library in it, with names that every other static library of Rust has, too; a program that
//! links two of them would have each twice. Here they are bound and hidden, so any number of them goes together.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::run::{output, program, run};

/// The name of every function of the header, and of the hooks of the tests.
const PREFIX: &str = "ic_";

/// Makes the archive that is installed, of the one that rustc made.
pub fn closed(made: &Path, archive: &Path) -> Result<()> {
    let functions: Vec<String> = seen(made)?.into_iter().filter(|name| name.starts_with(PREFIX)).collect();
    if functions.is_empty() {
        bail!("{} has no function of the header", made.display());
    }
    let object = beside(archive, "interaction_code.o")?;
    // The object is asked for by the names of its functions: what none of them leads to is left out. No group is left, by which
    // a linker would take a part of another library for the same as one of ours.
    let mut ld = program("ld", ["-r", "--force-group-allocation", "-o"]);
    ld.arg(&object).args(functions.iter().map(|name| format!("--undefined={name}"))).arg(made);
    run(ld)?;
    let mut objcopy = program("objcopy", ["--wildcard", &format!("--keep-global-symbol={PREFIX}*")]);
    // What Rust's own library has in it for LLVM of its own version: the linkers' plugin of another version ends at it.
    objcopy.args(["--remove-section=.llvmbc", "--remove-section=.llvmcmd"]).arg(&object);
    run(objcopy)?;
    if archive.exists() {
        // `ar` would add to it.
        fs::remove_file(archive)?;
    }
    let mut ar = program("ar", ["rcsD"]);
    ar.arg(archive).arg(&object);
    run(ar)?;
    fs::remove_file(&object)?;
    let mut left = seen(archive)?;
    left.retain(|name| !functions.contains(name));
    if !left.is_empty() {
        bail!("{} still shows {}", archive.display(), left.join(", "));
    }
    Ok(())
}

/// The symbols that a linker sees in an archive.
pub fn seen(archive: &Path) -> Result<Vec<String>> {
    let mut nm = program("nm", ["--extern-only", "--defined-only", "--format=posix"]);
    nm.arg(archive);
    // The name of a member is a line that ends in a colon.
    let lines = output(nm)?;
    let names = lines.lines().filter(|line| !line.ends_with(':')).filter_map(|line| line.split(' ').next());
    Ok(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn beside(archive: &Path, name: &str) -> Result<PathBuf> {
    let folder = archive.parent().context("an archive is in a folder")?;
    fs::create_dir_all(folder)?;
    Ok(folder.join(name))
}
