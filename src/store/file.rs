//! A directory of files, for what has no keychain: servers, command lines, daemons.
//!
//! On Unix the directory is its owner's alone (0700), and each file (0600); anything wider, another owner and symbolic links
//! are refused, not mended: somebody may have read it. What is in the files is **not encrypted**: whoever can read as this
//! user, or has the disk, has it. Elsewhere the directory has the rights that it inherits, which in a person's own profile
//! are theirs alone.
//!
//! A value is written whole to a file beside, brought to the disk, and renamed over the old one; the directory is brought to
//! the disk after it. So a process that ends at any moment leaves the old value or the new one. Who writes holds a lock on a file
//! of its own that is never removed (a lock on a file that is removed can be held by two); readers hold none. The lock is
//! held for the time of one write, never over the network, and ends with its process. On a network's file system a lock may
//! not reach other machines: use a directory of this machine.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind as IoKind, Read, Write},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, ErrorKind, Result},
    host::{Storage, Swapped},
    jose::sha256,
    limits::MAX_STORED_BYTES,
    secret::SecretBytes,
};

/// The file whose lock writers hold. No key begins with a dot.
const LOCK: &str = ".lock";
/// What the name of a half written file begins with.
const HALF: &str = ".new.";
/// The longest key.
const KEY_CHARS: usize = 64;

/// Values as files in one directory. Give it to a client: `builder.storage(Arc::new(FileStorage::open(path)?))`.
///
/// Any number of threads and processes may use one directory at once. A thread that writes waits for another that does.
#[derive(Debug)]
pub struct FileStorage {
    directory: PathBuf,
}

impl FileStorage {
    /// Opens a directory, and makes it when it is not there (its parent must be).
    ///
    /// Errors: [`ErrorKind::StorageUnavailable`], which says what is wrong with the directory and how to mend it.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self> {
        let directory = directory.into();
        match make_directory(&directory) {
            Ok(()) => {}
            Err(error) if error.kind() == IoKind::AlreadyExists => {}
            Err(error) => return Err(failed("make the directory", &error)),
        }
        let storage = FileStorage { directory };
        storage.check_directory()?;
        drop(storage.open_lock()?);
        Ok(storage)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn check_directory(&self) -> Result<()> {
        let about = fs::symlink_metadata(&self.directory).map_err(|error| failed("look at the directory", &error))?;
        if !about.is_dir() {
            return Err(refused("it is not a directory, or a symbolic link to one", "Name the directory itself"));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            if about.mode() & 0o077 != 0 {
                return Err(refused(
                    "others than its owner may use the directory",
                    "What is in it may have been read: remove it, and make it with mode 0700",
                ));
            }
        }
        Ok(())
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        if key.is_empty()
            || key.len() > KEY_CHARS
            || key.starts_with('.')
            || key.ends_with('.')
            || !key.bytes().all(good)
        {
            return Err(Error::new(ErrorKind::InvalidArgument, "this is no key of a storage")
                .with_advice("A key has at most 64 ASCII letters, digits, `-` and `.`, and no `.` at its ends"));
        }
        Ok(self.directory.join(key))
    }

    /// The file to lock, made when it is not there.
    fn open_lock(&self) -> Result<File> {
        let path = self.directory.join(LOCK);
        let lock = options().read(true).write(true).create(true).truncate(false).open(&path);
        let lock = lock.map_err(|error| failed("open its lock", &error))?;
        check_file(&path, &lock)?;
        Ok(lock)
    }

    fn read(path: &Path) -> Result<Option<SecretBytes>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == IoKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("open a file", &error)),
        };
        let size = check_file(path, &file)?;
        // One more, to see a file that has grown.
        let mut value = SecretBytes::with_capacity(size + 1);
        let most = u64::try_from(MAX_STORED_BYTES + 1).unwrap_or(u64::MAX);
        (&mut file).take(most).read_to_end(&mut value).map_err(|error| failed("read a file", &error))?;
        if value.len() > MAX_STORED_BYTES {
            return Err(refused("a file in it is too large", "The library did not write it: remove it"));
        }
        Ok(Some(value))
    }

    /// Writes a whole file beside, and puts it in the place of the old one. The lock is held.
    fn write(&self, key: &str, path: &Path, value: &SecretBytes) -> Result<()> {
        let half = self.directory.join(format!("{HALF}{key}"));
        match fs::remove_file(&half) {
            Err(error) if error.kind() != IoKind::NotFound => return Err(failed("remove a half written file", &error)),
            _ => {}
        }
        let written = (|| {
            let mut file = options().write(true).create_new(true).open(&half)?;
            file.write_all(value)?;
            file.sync_all()?;
            drop(file);
            fs::rename(&half, path)?;
            self.sync_directory()
        })();
        written.map_err(|error| {
            let _ = fs::remove_file(&half);
            failed("write a file", &error)
        })
    }

    /// Brings a change of names to the disk; Windows does that by itself.
    fn sync_directory(&self) -> std::io::Result<()> {
        #[cfg(unix)]
        File::open(&self.directory)?.sync_all()?;
        Ok(())
    }
}

impl Storage for FileStorage {
    fn load(&self, key: &str) -> Result<Option<SecretBytes>> {
        self.check_directory()?;
        FileStorage::read(&self.path(key)?)
    }

    fn swap(&self, key: &str, expected: Option<&[u8; 32]>, value: Option<&SecretBytes>) -> Result<Swapped> {
        let path = self.path(key)?;
        if value.is_some_and(|value| value.len() > MAX_STORED_BYTES) {
            return Err(Error::new(ErrorKind::LimitExceeded, "the value is too large for the storage"));
        }
        self.check_directory()?;
        // Ends when the file is closed, and with the process.
        let lock = self.open_lock()?;
        lock.lock().map_err(|error| failed("lock it", &error))?;
        let found = FileStorage::read(&path)?.map(|found| sha256(&found));
        if found.as_ref() != expected {
            return Ok(Swapped::Changed);
        }
        match value {
            Some(value) => self.write(key, &path, value)?,
            None if found.is_some() => {
                fs::remove_file(&path).map_err(|error| failed("remove a file", &error))?;
                self.sync_directory().map_err(|error| failed("remove a file", &error))?;
            }
            None => {}
        }
        Ok(Swapped::Done)
    }

    fn keys(&self, prefix: &str) -> Result<Vec<String>> {
        self.check_directory()?;
        let mut keys = Vec::new();
        for entry in fs::read_dir(&self.directory).map_err(|error| failed("list the directory", &error))? {
            let entry = entry.map_err(|error| failed("list the directory", &error))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with(prefix) && self.path(&name).is_ok() {
                keys.push(name);
            }
        }
        Ok(keys)
    }
}

#[cfg(unix)]
fn make_directory(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_directory(path: &Path) -> std::io::Result<()> {
    fs::create_dir(path)
}

/// A new file is its owner's alone.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// That what was opened is what the name says, a plain file and its owner's alone; its size.
fn check_file(path: &Path, file: &File) -> Result<usize> {
    let about = file.metadata().map_err(|error| failed("look at a file", &error))?;
    let named = fs::symlink_metadata(path);
    if !about.is_file() || named.is_ok_and(|named| !named.is_file()) {
        return Err(refused("a file in it is no plain file", "The library did not make it: remove it"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if about.mode() & 0o077 != 0 {
            return Err(refused(
                "others than its owner may use a file in it",
                "What is in it may have been read: remove it, and sign in again",
            ));
        }
    }
    usize::try_from(about.len())
        .ok()
        .filter(|size| *size <= MAX_STORED_BYTES)
        .ok_or_else(|| refused("a file in it is too large", "The library did not write it: remove it"))
}

fn refused(what: &str, advice: &'static str) -> Error {
    Error::new(ErrorKind::StorageUnavailable, format!("the storage is not used: {what}")).with_advice(advice)
}

fn failed(what: &str, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::StorageUnavailable, format!("the storage could not {what}: {}", error.kind()))
        .with_advice("Look at the directory: owner, mode, space")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::store::conformance;

    const KEY: &str = "interaction-code.a";

    fn opened() -> (tempfile::TempDir, FileStorage) {
        let folder = tempfile::tempdir().unwrap();
        let storage = FileStorage::open(folder.path().join("kept")).unwrap();
        (folder, storage)
    }

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn it_keeps_the_contract() {
        conformance::check(&opened().1).unwrap();
    }

    #[test]
    fn whatever_is_wider_than_its_owner_is_refused() {
        let (folder, storage) = opened();
        let value = SecretBytes::from(&b"secret"[..]);
        assert_eq!(storage.swap(KEY, None, Some(&value)).unwrap(), Swapped::Done);
        let file = storage.directory().join(KEY);
        let modes = [storage.directory(), &file, &storage.directory().join(LOCK)]
            .map(|path| fs::metadata(path).unwrap().permissions().mode() & 0o777);
        assert_eq!(modes, [0o700, 0o600, 0o600]);
        let refused = |what: &str| {
            let error = storage.load(KEY).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::StorageUnavailable, "{what}");
            assert_eq!(storage.swap(KEY, None, Some(&value)).unwrap_err().kind(), error.kind(), "{what}");
        };
        chmod(&file, 0o640);
        refused("a file for the group");
        chmod(&file, 0o600);
        chmod(storage.directory(), 0o750);
        refused("a directory for the group");
        FileStorage::open(storage.directory()).unwrap_err();
        chmod(storage.directory(), 0o700);
        fs::rename(&file, folder.path().join("elsewhere")).unwrap();
        symlink(folder.path().join("elsewhere"), &file).unwrap();
        refused("a symbolic link");
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        refused("a directory for a file");
        let link = folder.path().join("link");
        symlink(storage.directory(), &link).unwrap();
        assert_eq!(FileStorage::open(&link).unwrap_err().kind(), ErrorKind::StorageUnavailable);
        assert_eq!(
            FileStorage::open(folder.path().join("no/parent")).unwrap_err().kind(),
            ErrorKind::StorageUnavailable
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() {
        let (_folder, storage) = opened();
        let value = SecretBytes::from(&b"secret"[..]);
        storage.swap(KEY, None, Some(&value)).unwrap();
        // The directory is gone, and nobody made a new one in its place by saying "nothing is there".
        let elsewhere = storage.directory().with_extension("away");
        fs::rename(storage.directory(), &elsewhere).unwrap();
        assert_eq!(storage.load(KEY).unwrap_err().kind(), ErrorKind::StorageUnavailable);
        assert_eq!(storage.keys("").unwrap_err().kind(), ErrorKind::StorageUnavailable);
        assert_eq!(storage.swap(KEY, None, Some(&value)).unwrap_err().kind(), ErrorKind::StorageUnavailable);
        fs::rename(&elsewhere, storage.directory()).unwrap();
        assert_eq!(storage.load(KEY).unwrap().unwrap().as_slice(), b"secret");
    }

    #[test]
    fn a_half_written_file_of_a_killed_process_is_no_value() {
        let (_folder, storage) = opened();
        let half = storage.directory().join(format!("{HALF}{KEY}"));
        options().write(true).create_new(true).open(&half).unwrap().write_all(b"hal").unwrap();
        assert!(storage.load(KEY).unwrap().is_none() && storage.keys("").unwrap().is_empty());
        let value = SecretBytes::from(&b"whole"[..]);
        assert_eq!(storage.swap(KEY, None, Some(&value)).unwrap(), Swapped::Done);
        assert!(!half.exists());
        assert_eq!(storage.keys("interaction").unwrap(), [KEY]);
    }

    #[test]
    fn names_that_are_no_keys_are_refused() {
        let (_folder, storage) = opened();
        for key in ["", ".", "..", ".lock", "a/b", "../a", "a\0", "é", "a.", &"a".repeat(65), "a\\b", "C:a"] {
            assert_eq!(storage.load(key).unwrap_err().kind(), ErrorKind::InvalidArgument, "{key:?}");
            assert_eq!(storage.swap(key, None, None).unwrap_err().kind(), ErrorKind::InvalidArgument, "{key:?}");
        }
    }
}
