//! Installing into a folder that has the files of others, and taking away again exactly what was installed.
//!
//! What was installed is a list below `share`. A file that is there and not in it is somebody else's: it is never replaced or
//! removed, and neither is a folder that was there before, or that has become somebody else's, too.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Component, Path},
};

use anyhow::{Context, Result, bail};

/// Where the list is, from the prefix.
const LIST: &str = "share/interaction-code/installed.txt";

/// What the list says about itself.
const HEAD: &str = "# What `cargo xtask dist` installed, from the prefix on: `--uninstall` removes it.\n";

/// What was installed, by names from the prefix on; folders are those that were not there before.
#[derive(Debug, Default, PartialEq, Eq)]
struct Manifest {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

/// Installs everything that is below `staged`. What an earlier version installed and this one does not have is removed.
pub fn install(staged: &Path, prefix: &Path) -> Result<()> {
    let before = Manifest::read(prefix)?.unwrap_or_default();
    let mut now = Manifest::default();
    walk(staged, staged, &mut now.files)?;
    now.files.insert(LIST.to_owned());
    let strange: Vec<&str> = now
        .files
        .iter()
        .filter(|name| !before.files.contains(*name) && is_there(prefix, name))
        .map(String::as_str)
        .collect();
    if let [first, ..] = strange[..] {
        bail!(
            "{} is there and was not installed by this, as {} of {} files: name another folder, or remove what installed it",
            prefix.join(first).display(),
            strange.len(),
            now.files.len()
        );
    }
    let made = now.files.iter().flat_map(|name| above(name)).filter(|folder| !prefix.join(folder).is_dir());
    now.folders = made.chain(before.folders.iter().cloned()).collect();
    // First the list, so that what is broken off here can be uninstalled.
    let all = Manifest { files: before.files.union(&now.files).cloned().collect(), folders: now.folders.clone() };
    all.write(prefix)?;
    for name in now.files.iter().filter(|name| *name != LIST) {
        place(&staged.join(name), &prefix.join(name)).with_context(|| format!("installing {name}"))?;
    }
    let gone: Vec<&String> = before.files.difference(&now.files).collect();
    remove(prefix, &gone)?;
    let used: BTreeSet<String> = now.files.iter().flat_map(|name| above(name)).collect();
    // In reverse what is inside comes before what it is in.
    let left = now.folders.iter().rev().filter(|folder| used.contains(*folder) || !remove_folder(prefix, folder));
    now.folders = left.cloned().collect();
    now.write(prefix)
}

/// Removes what was installed, and gives how many files that were.
pub fn uninstall(prefix: &Path) -> Result<usize> {
    let manifest = Manifest::read(prefix)?
        .with_context(|| format!("{} is not there: nothing was installed by this", prefix.join(LIST).display()))?;
    let files: Vec<&String> = manifest.files.iter().filter(|name| *name != LIST).collect();
    remove(prefix, &files)?;
    // The list goes last, so that what is broken off can be done again.
    fs::remove_file(prefix.join(LIST))?;
    manifest.folders.iter().rev().for_each(|folder| {
        remove_folder(prefix, folder);
    });
    Ok(files.len())
}

impl Manifest {
    /// `None` when nothing was installed.
    fn read(prefix: &Path) -> Result<Option<Manifest>> {
        let path = prefix.join(LIST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let mut manifest = Manifest::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (kind, name) = line.split_once(' ').unwrap_or(("", line));
            // Somebody may have written into it: nothing above the prefix is ever removed.
            let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
            match kind {
                "file" if inside && !name.is_empty() => manifest.files.insert(name.to_owned()),
                "folder" if inside => manifest.folders.insert(name.to_owned()),
                _ => bail!("{} has a line that is not of it: {line:?}", path.display()),
            };
        }
        Ok(Some(manifest))
    }

    fn write(&self, prefix: &Path) -> Result<()> {
        let folders = self.folders.iter().map(|name| format!("folder {name}\n"));
        let files = self.files.iter().map(|name| format!("file {name}\n"));
        let text: String = [HEAD.to_owned()].into_iter().chain(folders).chain(files).collect();
        let path = prefix.join(LIST);
        fs::create_dir_all(path.parent().unwrap_or(prefix))?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
    }
}

/// The folders above a file, from the prefix (the empty name) on.
fn above(name: &str) -> impl Iterator<Item = String> {
    let cuts = name.match_indices('/').map(|(at, _)| name[..at].to_owned());
    [String::new()].into_iter().chain(cuts.collect::<Vec<_>>())
}

/// Whatever is there: also a link that leads nowhere.
fn is_there(prefix: &Path, name: &str) -> bool {
    prefix.join(name).symlink_metadata().is_ok()
}

fn walk(top: &Path, folder: &Path, files: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(top, &entry.path(), files)?;
        } else {
            let path = entry.path();
            let name = path.strip_prefix(top)?.to_str().context("our own names are plain")?;
            files.insert(name.to_owned());
        }
    }
    Ok(())
}

/// Puts a file or a link where it belongs: beside it first, so that a program that runs with the old one goes on.
fn place(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder)?;
    let name = to.file_name().context("a file has a name")?.to_string_lossy();
    let beside = folder.join(format!(".{name}.new"));
    let _ = fs::remove_file(&beside);
    match fs::read_link(from) {
        #[cfg(unix)]
        Ok(target) => std::os::unix::fs::symlink(target, &beside)?,
        _ => drop(fs::copy(from, &beside)?),
    }
    fs::rename(&beside, to)?;
    Ok(())
}

fn remove(prefix: &Path, files: &[&String]) -> Result<()> {
    for name in files {
        match fs::remove_file(prefix.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("removing {}", prefix.join(name).display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether the folder is gone. One with something in it stays.
fn remove_folder(prefix: &Path, folder: &str) -> bool {
    let path = prefix.join(folder);
    fs::remove_dir(&path).is_ok() || !path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files; what is in one is its name.
    fn with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in files {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), name).unwrap();
        }
        folder
    }

    /// Everything that is in a folder, folders too.
    fn all(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                found.extend(all(&entry.path()).into_iter().map(|inner| format!("{name}/{inner}")));
            }
            found.push(name);
        }
        found.sort();
        found
    }

    const OTHERS: &[&str] = &["include/other.h", "lib/libother.a", "share/doc/other/README"];
    const OURS: &[&str] = &["include/ours.h", "lib/libours.a", "lib/cmake/Ours/Config.cmake", "share/doc/ours/LICENSE"];

    #[test]
    fn what_others_installed_is_there_afterwards() {
        let (prefix, staged) = (with(OTHERS), with(OURS));
        let before = all(prefix.path());
        install(staged.path(), prefix.path()).unwrap();
        install(staged.path(), prefix.path()).unwrap();
        assert!(OURS.iter().chain(OTHERS).all(|name| prefix.path().join(name).is_file()));
        assert_eq!(uninstall(prefix.path()).unwrap(), OURS.len());
        assert_eq!(all(prefix.path()), before);
        let again = uninstall(prefix.path()).unwrap_err().to_string();
        assert!(again.contains("nothing was installed"), "{again}");
    }

    #[test]
    fn a_folder_that_was_not_there_goes_and_one_that_has_become_anothers_stays() {
        let (outer, staged) = (tempfile::tempdir().unwrap(), with(OURS));
        let prefix = outer.path().join("new/prefix");
        install(staged.path(), &prefix).unwrap();
        uninstall(&prefix).unwrap();
        assert_eq!(all(outer.path()), ["new"]);
        install(staged.path(), &prefix).unwrap();
        fs::write(prefix.join("lib/cmake/Ours/Mine.cmake"), "").unwrap();
        uninstall(&prefix).unwrap();
        let left = ["lib", "lib/cmake", "lib/cmake/Ours", "lib/cmake/Ours/Mine.cmake"];
        assert_eq!(all(&prefix), left);
    }

    #[test]
    fn nothing_of_others_is_replaced() {
        let (prefix, staged) = (with(&["lib/libours.a"]), with(OURS));
        let refused = install(staged.path(), prefix.path()).unwrap_err().to_string();
        assert!(refused.contains("lib/libours.a") && refused.contains("not installed by this"), "{refused}");
        assert_eq!(all(prefix.path()), ["lib", "lib/libours.a"]);
    }

    #[test]
    fn what_a_new_version_no_longer_has_goes() {
        let (prefix, staged) = (with(OTHERS), with(OURS));
        install(staged.path(), prefix.path()).unwrap();
        let next = with(&["include/ours.h", "lib/libours.so.2"]);
        install(next.path(), prefix.path()).unwrap();
        let there = |name: &str| prefix.path().join(name).exists();
        assert!(there("lib/libours.so.2") && !there("lib/libours.a") && !there("lib/cmake"));
        uninstall(prefix.path()).unwrap();
        assert_eq!(all(prefix.path()), all(with(OTHERS).path()));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_installed_as_links() {
        let (prefix, staged) = (with(&[]), with(&["lib/libours.so.1"]));
        std::os::unix::fs::symlink("libours.so.1", staged.path().join("lib/libours.so")).unwrap();
        install(staged.path(), prefix.path()).unwrap();
        let link = prefix.path().join("lib/libours.so");
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("libours.so.1"));
        uninstall(prefix.path()).unwrap();
        assert_eq!(all(prefix.path()), [""; 0]);
    }

    #[test]
    fn a_list_that_somebody_wrote_removes_nothing_elsewhere() {
        for line in ["file ../other", "file /etc/passwd", "folder ..", "file ", "other x", "file", "file a/../../b"] {
            let outer = with(&["other", "b", "prefix/share/interaction-code/installed.txt"]);
            let prefix = outer.path().join("prefix");
            fs::write(prefix.join(LIST), format!("{HEAD}{line}\n")).unwrap();
            let refused = uninstall(&prefix).unwrap_err().to_string();
            assert!(refused.contains("not of it"), "{line}: {refused}");
            assert!(outer.path().join("other").exists() && outer.path().join("b").exists());
        }
    }
}
