//! Where the app keeps what must outlive its process: a keychain, an encrypted file, a server's session.

use crate::{error::Result, secret::SecretBytes};

/// What became of a swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Swapped {
    /// The new value is there, durably, and nobody was overtaken.
    Done,
    /// Another value was there than was expected. Nothing was changed.
    Changed,
    /// The new value is there, but this storage cannot compare and replace in one act: another process may have written in
    /// between. What then holds within one process only says so (a session's guarantee).
    Unguarded,
}

/// Keeps small values under names, across processes. Given to a client by `ClientBuilder::storage`.
///
/// **The values are secrets**: they hold what continues a sign-in, and tokens. Keep them as the platform keeps passwords,
/// readable by this app alone, and in no backup.
///
/// Keys are made by the library: ASCII letters, digits, `-` and `.`, at most 64 of them, and never `.` at either end, so
/// each can be a file name. A value is at most [`MAX_STORED_BYTES`](crate::limits::MAX_STORED_BYTES) long, and as a
/// rule below 100 KB.
///
/// An error of any function means: the storage **cannot be used now** (locked, no space, broken). It never means that there
/// is nothing, and the library never takes it for that. Any kind will do, and no secret in its text; the app gets it back
/// as [`ErrorKind::StorageUnavailable`](crate::ErrorKind), from the call that needs the storage, and of a sign-in, which goes on
/// without, from `Flow::storage_trouble`.
///
/// For threads see the [module](super). `store::conformance` (feature `test-hooks`) tests an implementation.
pub trait Storage: Send + Sync {
    /// The value under `key`; `None` when there certainly is none.
    fn load(&self, key: &str) -> Result<Option<SecretBytes>>;

    /// Puts `value` under `key`, or removes what is there (`None`), if what is there now has the SHA-256 `expected`, or, without
    /// one, if nothing is there. Otherwise it changes nothing and says [`Swapped::Changed`].
    ///
    /// It is all or nothing, whenever the process may end; durable when it returns; and one act among all who can reach
    /// the data, other processes too. A storage that cannot do the last compares as well as it can, and says
    /// [`Swapped::Unguarded`] for [`Swapped::Done`].
    fn swap(&self, key: &str, expected: Option<&[u8; 32]>, value: Option<&SecretBytes>) -> Result<Swapped>;

    /// The keys that begin with `prefix`, in any order.
    fn keys(&self, prefix: &str) -> Result<Vec<String>>;
}
