//! The app's storage as the client uses it: every failure is of one kind, and a value can be put whatever is there.

use crate::{
    error::{Error, ErrorKind, Result},
    host::{Storage, Swapped},
    jose::sha256,
    limits::MAX_SWAPS,
    secret::SecretBytes,
};

/// Whatever the app's storage said, for the app: it knows its own error by the text.
pub(super) fn unavailable(error: Error) -> Error {
    if error.kind() == ErrorKind::StorageUnavailable {
        return error;
    }
    let text = match error.text() {
        "" => "the storage cannot be used now",
        text => text,
    };
    Error::new(ErrorKind::StorageUnavailable, text)
        .with_advice("What is in the storage is still there: try again when it can be used")
}

/// Loads a value.
pub(super) fn load(storage: &dyn Storage, key: &str) -> Result<Option<SecretBytes>> {
    storage.load(key).map_err(unavailable)
}

/// Puts a value, or removes it, whatever is there. `believed`: the hash of what is there, as far as is known.
pub(super) fn put(
    storage: &dyn Storage,
    key: &str,
    value: Option<&SecretBytes>,
    believed: Option<[u8; 32]>,
) -> Result<()> {
    let mut expected = believed;
    for _ in 0..MAX_SWAPS {
        match storage.swap(key, expected.as_ref(), value).map_err(unavailable)? {
            Swapped::Done | Swapped::Unguarded => return Ok(()),
            Swapped::Changed => expected = load(storage, key)?.map(|found| sha256(&found)),
        }
        if expected.is_none() && value.is_none() {
            return Ok(());
        }
    }
    Err(Error::new(ErrorKind::StorageUnavailable, "the value in the storage is another one at each try")
        .with_advice("Swap must compare the SHA-256 of what is there: see the contract of the storage"))
}
