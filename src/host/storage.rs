//! Where the app keeps a sign-in that must outlive its process: a keychain, an encrypted file, a server's session.

use crate::{error::Result, secret::SecretBytes};

/// Keeps small values under names, across processes. Given to a client by `ClientBuilder::storage`.
///
/// **The values are secrets**: they hold what continues a sign-in. Keep them as the platform keeps passwords, readable
/// by this app alone, and in no backup.
///
/// Keys are made by the library: ASCII letters, digits, `-` and `.`, at most 64 of them, and never `.` at either end, so
/// each can be a file name. A value is at most [`MAX_SNAPSHOT_BYTES`](crate::limits::MAX_SNAPSHOT_BYTES) long, and as a
/// rule below 100 KB.
///
/// An error of `store` or `remove` does not fail the sign-in, which has gone on by then: its kind is logged at
/// [`LogLevel::Warn`](super::LogLevel). An error of `load` is returned to whoever asked. Use
/// [`ErrorKind::Callback`](crate::ErrorKind), and no secret in its text.
///
/// For threads see the [module](super).
pub trait Storage: Send + Sync {
    /// The value under `key`; `None` when there is none.
    fn load(&self, key: &str) -> Result<Option<SecretBytes>>;

    /// Keeps `value` under `key`, in place of what was there. It should be all or nothing: a process may end in the
    /// middle of it.
    fn store(&self, key: &str, value: &SecretBytes) -> Result<()>;

    /// Forgets what is under `key`. That nothing is there is no error.
    fn remove(&self, key: &str) -> Result<()>;
}
