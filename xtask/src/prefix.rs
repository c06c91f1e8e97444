//! Laying out an installation: headers, libraries, `pkg-config` and CMake packages, man page, licences, below one folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    archive,
    library::{Built, VERSION, soname},
    run::{root, target},
};

/// Where libraries are, unless a system has them elsewhere.
pub const LIBDIR: &str = "lib";

/// Makes the folder new, with the libraries below `lib`.
pub fn stage(prefix: &Path, built: &Built) -> Result<()> {
    stage_with(prefix, Path::new(LIBDIR), built)
}

/// Makes the folder new; `libdir` is where in it the libraries are.
pub fn stage_with(prefix: &Path, libdir: &Path, built: &Built) -> Result<()> {
    let lib = prefix.join(libdir);
    if !prefix.starts_with(target()) {
        bail!("{} is no folder of cargo's, and may be somebody's", prefix.display());
    }
    if prefix.exists() {
        fs::remove_dir_all(prefix)?;
    }
    copy_tree(&root().join("include"), &prefix.join("include"))?;
    copy_tree(&root().join("packaging/cmake"), &lib.join("cmake/InteractionCode"))?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(licence), &prefix.join("share/doc/interaction-code").join(licence))?;
    }
    let page = "interaction_code.3";
    copy(&root().join("packaging").join(page), &prefix.join("share/man/man3").join(page))?;
    let known = "valgrind.supp";
    copy(&root().join("packaging").join(known), &prefix.join("share/interaction-code").join(known))?;
    archive::closed(&built.archive, &lib.join("libinteraction_code.a"))?;
    shared(&lib, &built.shared)?;
    pkg_config(&lib, libdir, &built.native)?;
    targets_agree(&built.native)
}

/// The library under its full version, with the names that the loader and the linker look for.
fn shared(lib: &Path, built: &Path) -> Result<()> {
    copy(built, &real_name(lib))?;
    let loaded = lib.join(soname()?);
    link(&real_name(lib), &loaded)?;
    link(&loaded, &lib.join("libinteraction_code.so"))
}

/// A link to a file in the same folder.
fn link(to: &Path, name: &Path) -> Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::symlink(to.file_name().unwrap_or_default(), name).context("a link to the library");
    #[cfg(not(unix))]
    copy(to, name)
}

/// `lib/libinteraction_code.so.0.1.0`
pub fn real_name(lib: &Path) -> PathBuf {
    lib.join(format!("libinteraction_code.so.{VERSION}"))
}

fn pkg_config(lib: &Path, libdir: &Path, native: &[String]) -> Result<()> {
    let template = fs::read_to_string(root().join("packaging/interaction_code.pc.in"))?;
    // From `libdir`/pkgconfig.
    let up = vec![".."; libdir.components().count() + 1].join("/");
    let text = template.replace("@VERSION@", VERSION).replace("@LIBS_PRIVATE@", &native.join(" "));
    let text = text.replace("@UP@", &up).replace("@LIBDIR@", &libdir.display().to_string());
    let folder = lib.join("pkgconfig");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("interaction_code.pc"), text).context("interaction_code.pc")
}

/// The CMake package is installed as it is, by `cargo cinstall` too; so its list has to be what rustc says.
fn targets_agree(native: &[String]) -> Result<()> {
    let text = fs::read_to_string(root().join("packaging/cmake/InteractionCodeTargets.cmake"))?;
    let names: Vec<&str> = native.iter().map(|library| library.trim_start_matches("-l")).collect();
    if !text.contains(&format!("INTERFACE_LINK_LIBRARIES {})", names.join(" "))) {
        bail!("InteractionCodeTargets.cmake does not list what rustc says that the archive needs: {}", names.join(" "));
    }
    Ok(())
}

pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?.path();
        let target = to.join(entry.file_name().unwrap_or_default());
        if entry.is_dir() { copy_tree(&entry, &target)? } else { copy(&entry, &target)? }
    }
    Ok(())
}
