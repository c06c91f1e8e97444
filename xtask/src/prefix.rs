//! Laying out an installation: headers, libraries, `pkg-config` and CMake packages, man page, licences, below one folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    library::{Built, VERSION, soname},
    run::root,
};

/// Makes the folder new.
pub fn stage(prefix: &Path, built: &Built) -> Result<()> {
    let lib = prefix.join("lib");
    if prefix.exists() {
        // Only what an earlier run made is removed: never somebody's `/usr/local`.
        if !lib.join("cmake/InteractionCode").is_dir() || fs::read_dir(prefix)?.count() > 3 {
            bail!("{} is there and is no installation of this library alone; name another folder", prefix.display());
        }
        fs::remove_dir_all(prefix)?;
    }
    copy_tree(&root().join("include"), &prefix.join("include"))?;
    copy_tree(&root().join("packaging/cmake"), &lib.join("cmake/InteractionCode"))?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(licence), &prefix.join("share/doc/interaction-code").join(licence))?;
    }
    let page = "interaction_code.3";
    copy(&root().join("packaging").join(page), &prefix.join("share/man/man3").join(page))?;
    copy(&built.archive, &lib.join("libinteraction_code.a"))?;
    shared(&lib, &built.shared)?;
    pkg_config(&lib, &built.native)?;
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

fn pkg_config(lib: &Path, native: &[String]) -> Result<()> {
    let template = fs::read_to_string(root().join("packaging/interaction_code.pc.in"))?;
    let text = template.replace("@VERSION@", VERSION).replace("@LIBS_PRIVATE@", &native.join(" "));
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
