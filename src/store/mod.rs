//! Storages that are ready: a directory of files ([`FileStorage`], feature `file-storage`), and what tests any other one
//! (`conformance`, feature `test-hooks`).
//!
//! An app on a phone brings the platform's own (Keychain, Keystore) as a [`Storage`](crate::Storage).

#[cfg(any(feature = "test-hooks", test))]
pub mod conformance;
#[cfg(feature = "file-storage")]
mod file;

#[cfg(feature = "file-storage")]
pub use file::FileStorage;
