//! What an app may bring beside a transport: a storage for sign-ins, a sink for log lines.

use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    host,
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

/// Keeps sign-ins over the end of the process: they save themselves, `Client.resume` goes on. The values are secrets: keep
/// them in the keychain or an encrypted file. Keys can be file names. A storage that fails does not fail the sign-in.
#[uniffi::export(foreign)]
pub trait Storage: Send + Sync {
    /// The value under `key`, if there is one.
    fn load(&self, key: String) -> Result<Option<Vec<u8>>, HostError>;
    /// Keeps `value` under `key`, in place of what was there.
    fn store(&self, key: String, value: Vec<u8>) -> Result<(), HostError>;
    /// Forgets what is under `key`.
    fn remove(&self, key: String) -> Result<(), HostError>;
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

    fn store(&self, key: &str, value: &SecretBytes) -> crate::error::Result<()> {
        Ok(self.0.store(key.to_owned(), value.to_vec())?)
    }

    fn remove(&self, key: &str) -> crate::error::Result<()> {
        Ok(self.0.remove(key.to_owned())?)
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
