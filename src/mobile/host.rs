//! What an app may bring beside a transport: a storage for sign-ins, a sink for log lines.

use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    host,
    jose::sha256,
    secret::SecretBytes,
};

/// The app's own storage or log failed.
#[derive(Clone, Debug, uniffi::Error)]
pub enum HostError {
    /// It failed. `reason` is for developers; no secret in it.
    Failed { reason: String },
}

impl std::fmt::Display for HostError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let HostError::Failed { reason } = self;
        f.write_str(reason)
    }
}

impl std::error::Error for HostError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        HostError::Failed { reason: super::error::unexpected(&error.reason) }
    }
}

impl From<HostError> for Error {
    fn from(HostError::Failed { reason }: HostError) -> Self {
        Error::new(ErrorKind::Callback, crate::error::sanitize(&reason))
    }
}

/// What became of a swap in a storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Swapped {
    /// The new value is there, and nobody was overtaken.
    Done,
    /// Another value was there than was expected. Nothing was changed.
    Changed,
    /// The new value is there, but this storage cannot compare and replace in one act: another process may have written in
    /// between.
    Unguarded,
}

/// Keeps sign-ins over the end of the process: they save themselves, `Client.resume` goes on. The values are secrets: keep
/// them in the keychain or an encrypted file. Keys can be file names: at most 64 ASCII letters, digits, `-` and `.`.
///
/// What it throws means that it cannot be used now (locked, no space), and never that there is nothing. A sign-in goes on
/// without it: `SignIn.storageTrouble` tells. It is called by several threads at once.
#[uniffi::export(foreign)]
pub trait Storage: Send + Sync {
    /// The value under `key`; none when there certainly is none.
    fn load(&self, key: String) -> Result<Option<Vec<u8>>, HostError>;
    /// Puts `value` under `key`, or removes what is there (no value), if what is there now has the SHA-256 `expected` (32 bytes) or,
    /// without one, if nothing is there; otherwise changes nothing and says so. All or nothing, and durable when it returns.
    fn swap(&self, key: String, expected: Option<Vec<u8>>, value: Option<Vec<u8>>) -> Result<Swapped, HostError>;
    /// The keys that begin with `prefix`, in any order.
    fn keys(&self, prefix: String) -> Result<Vec<String>, HostError>;
}

/// What `Storage.swap` has to know: whether what is there (none: nothing) is what is expected (none: nothing). For platforms that
/// have no SHA-256 of their own.
// Nothing in it can panic, so it need not say that it may fail.
#[uniffi::export]
pub fn stored_is_expected(expected: Option<Vec<u8>>, found: Option<Vec<u8>>) -> bool {
    let found = found.map(SecretBytes::from);
    expected.as_deref() == found.map(|found| sha256(&found)).as_ref().map(|hash| hash.as_slice())
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// Something that should not happen.
    Error,
    /// Something failed, and the sign-in goes on.
    Warn,
    /// The course of the sign-in.
    Info,
    /// Every request.
    Debug,
}

/// Takes log lines: methods, paths, statuses, times, request ids; never bodies, queries or values.
#[uniffi::export(foreign)]
pub trait LogSink: Send + Sync {
    /// Takes one line.
    fn log(&self, level: LogLevel, text: String) -> Result<(), HostError>;
}

/// The app's storage, as the core sees it.
pub(super) struct ForeignStorage(pub(super) Arc<dyn Storage>);

impl host::Storage for ForeignStorage {
    fn load(&self, key: &str) -> crate::error::Result<Option<SecretBytes>> {
        Ok(self.0.load(key.to_owned())?.map(SecretBytes::from))
    }

    fn swap(
        &self,
        key: &str,
        expected: Option<&[u8; 32]>,
        value: Option<&SecretBytes>,
    ) -> crate::error::Result<host::Swapped> {
        let (expected, value) = (expected.map(|hash| hash.to_vec()), value.map(|value| value.to_vec()));
        Ok(match self.0.swap(key.to_owned(), expected, value)? {
            Swapped::Done => host::Swapped::Done,
            Swapped::Changed => host::Swapped::Changed,
            Swapped::Unguarded => host::Swapped::Unguarded,
        })
    }

    fn keys(&self, prefix: &str) -> crate::error::Result<Vec<String>> {
        Ok(self.0.keys(prefix.to_owned())?)
    }
}

/// The app's log, as the core sees it.
pub(super) struct ForeignLog(pub(super) Arc<dyn LogSink>);

impl host::LogSink for ForeignLog {
    fn log(&self, record: &host::LogRecord<'_>) {
        let level = match record.level {
            host::LogLevel::Error => LogLevel::Error,
            host::LogLevel::Warn => LogLevel::Warn,
            host::LogLevel::Info => LogLevel::Info,
            host::LogLevel::Debug => LogLevel::Debug,
        };
        // A log that fails is nobody's to tell.
        let _ = self.0.log(level, record.text.to_owned());
    }
}
