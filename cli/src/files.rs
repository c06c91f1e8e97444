//! Files that the command line names: read with a limit, and a word of warning where others could read a secret too.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// The largest file with a secret, an answers file or certificates, in bytes.
pub const MAX_FILE: usize = 1024 * 1024;

/// Whether a path means standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads `limit` bytes at most; one more than that is an error of kind [`io::ErrorKind::FileTooLarge`].
pub fn read_bounded(source: impl Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    source.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes")));
    }
    Ok(bytes)
}

/// A file that must be there.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    File::open(path).and_then(|file| read_bounded(file, MAX_FILE)).map_err(|error| cannot(path, "read", &error))
}

/// A text file that may hold a secret. The second value: whether others on this machine could read it.
pub fn read_secret(path: &Path) -> Result<(Zeroizing<String>, bool), Failure> {
    let file = File::open(path).map_err(|error| cannot(path, "read", &error))?;
    let open_to_others = is_open_to_others(&file);
    let bytes = read_bounded(file, MAX_FILE).map_err(|error| cannot(path, "read", &error))?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| Failure::Usage(format!("{} is not UTF-8 text", path.display())))?;
    Ok((Zeroizing::new(text.to_owned()), open_to_others))
}

/// A file, and whether others on this machine could read it.
pub fn read_with_mode(path: &Path) -> Result<(Zeroizing<Vec<u8>>, bool), Failure> {
    let file = File::open(path).map_err(|error| cannot(path, "read", &error))?;
    let open_to_others = is_open_to_others(&file);
    Ok((read_bounded(file, MAX_FILE).map_err(|error| cannot(path, "read", &error))?, open_to_others))
}

/// The text without its last line break.
pub fn without_line_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The first line of a text.
pub fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Writes a secret to a file that only its owner can read, all of it or nothing.
pub fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        // Made with mode 0600 beside its destination, then moved over it.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| cannot(path, "written", &error))
}

fn cannot(path: &Path, what: &str, error: &io::Error) -> Failure {
    Failure::Usage(format!("{} cannot be {what}: {error}", path.display()))
}

#[cfg(unix)]
fn is_open_to_others(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.metadata().is_ok_and(|data| data.is_file() && data.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_limit() {
        assert_eq!(read_bounded(io::repeat(b'x').take(10), 10).unwrap().len(), 10);
        let error = read_bounded(io::repeat(b'x'), 10).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn line_breaks_go_once() {
        assert_eq!(without_line_break("a\r\n"), "a");
        assert_eq!(without_line_break("a\n\n"), "a\n");
        assert_eq!(first_line("a\nb"), "a");
    }

    #[test]
    fn a_secret_is_written_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved");
        for text in ["one", "two"] {
            write_secret(&path, text).unwrap();
            let (read, open_to_others) = read_secret(&path).unwrap();
            assert_eq!((read.as_str(), open_to_others), (text, false));
        }
        assert!(write_secret(&folder.path().join("nowhere/saved"), "x").is_err());
    }
}
