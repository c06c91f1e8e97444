//! Storages: where the program keeps flows over the end of the process.

use std::{
    ffi::{CString, c_char, c_void},
    sync::{Mutex, PoisonError},
};

use super::{
    foreign::{UserData, Versioned, first, ic_destroy_fn},
    guard::{IC_OK, status, value},
    handler::failed,
    handles::{ic_status, ic_stored, ic_stored_handle},
    table::{self, Lent, kind},
    text::{bytes, invalid},
};
use crate::{
    error::{Error, ErrorKind, Result},
    host::{Storage, Swapped},
    jose::sha256,
    limits::MAX_STORED_BYTES,
    secret::SecretBytes,
};

/// The length of a SHA-256.
const HASH_BYTES: usize = 32;

/// Finds what is stored under `key` and gives it to `ic_stored_append`, in one or more pieces; nothing is stored when that is
/// not called. Returns `IC_OK`, or another number when the storage cannot be read.
pub type ic_load_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, key: *const c_char, stored: ic_stored) -> ic_status>;

/// What a swap returns: the new value is there, and nobody was overtaken.
pub const IC_SWAP_DONE: i32 = 0;
/// What a swap returns: another value was there than was expected. Nothing was changed.
pub const IC_SWAP_CHANGED: i32 = 1;
/// What a swap returns: the new value is there, but this storage cannot compare and replace in one act, so that another process
/// may have written in between.
pub const IC_SWAP_UNGUARDED: i32 = 2;

/// Puts `len` bytes under `key`, or removes what is there (`data` is NULL), if what is there now has the SHA-256 `expected` (32
/// bytes; `ic_sha256_matches` compares) or, where that is NULL, if nothing is there; otherwise changes nothing. All or nothing,
/// durable when it returns, one act among all processes that can reach the data. Returns an `IC_SWAP_...` number, or any other
/// when the storage cannot be used.
pub type ic_swap_fn = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        key: *const c_char,
        expected: *const u8,
        data: *const u8,
        len: usize,
    ) -> i32,
>;

/// Finds the keys that begin with `prefix`, and gives each to `ic_stored_append`, followed by a line feed. Returns `IC_OK`, or
/// another number when the storage cannot be used.
pub type ic_keys_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, prefix: *const c_char, stored: ic_stored) -> ic_status>;

/// Keeps flows over the end of the process. Initialise with `IC_STORAGE_INIT`. All three functions are needed. Keys are file
/// names (ASCII letters, digits, `.` and `-`); the bytes are secret: keep them like a password. Called on the thread of the call
/// that changed the flow, at once from several threads. A storage that fails does not fail the sign-in: it is logged.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_storage {
    /// `sizeof(ic_storage)`.
    pub size: usize,
    /// Given back to each function.
    pub user_data: *mut c_void,
    /// Finds.
    pub load: ic_load_fn,
    /// Compares and replaces.
    pub swap: ic_swap_fn,
    /// Lists.
    pub keys: ic_keys_fn,
    /// Called once with `user_data` after the last use, on any thread; may be NULL.
    pub destroy: ic_destroy_fn,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_storage {
    const NAME: &'static str = "ic_storage";
    const FIRST: usize = first(48, 24);
}

/// A storage that is owned by clients.
pub(super) struct ForeignStorage {
    load: unsafe extern "C" fn(*mut c_void, *const c_char, ic_stored) -> ic_status,
    swap: unsafe extern "C" fn(*mut c_void, *const c_char, *const u8, *const u8, usize) -> i32,
    keys: unsafe extern "C" fn(*mut c_void, *const c_char, ic_stored) -> ic_status,
    user: UserData,
}

impl ForeignStorage {
    pub(super) fn new(given: ic_storage) -> Result<Self> {
        let user = UserData::new(given.user_data, given.destroy);
        match (given.load, given.swap, given.keys) {
            (Some(load), Some(swap), Some(keys)) => Ok(ForeignStorage { load, swap, keys, user }),
            _ => Err(invalid("the ic_storage lacks load, swap or keys")),
        }
    }
}

fn key_of(key: &str) -> Result<CString> {
    CString::new(key).map_err(|_| Error::new(ErrorKind::Internal, "a storage key holds a NUL"))
}

/// Whatever a storage returns is its own failure: its number is told in the text.
fn refused(returned: ic_status) -> Error {
    Error::new(ErrorKind::StorageUnavailable, failed(returned, None, "the storage").text())
        .with_advice("What is in the storage is still there: try again when it can be used")
}

impl ForeignStorage {
    /// Lets a function fill an `ic_stored`.
    fn filled(
        &self,
        name: &str,
        fill: impl FnOnce(*const c_char, ic_stored) -> ic_status,
    ) -> Result<Option<SecretBytes>> {
        let name = key_of(name)?;
        let lent = Lent::<ic_stored_handle>::new(StoredObject::default())?;
        let stored = table::get(lent.handle())?;
        match fill(name.as_ptr(), lent.handle()) {
            IC_OK => Ok(stored.take()),
            returned => Err(refused(returned)),
        }
    }
}

impl Storage for ForeignStorage {
    fn load(&self, key: &str) -> Result<Option<SecretBytes>> {
        // SAFETY: the program gave this function for this pointer.
        self.filled(key, |key, stored| unsafe { (self.load)(self.user.get(), key, stored) })
    }

    fn swap(&self, key: &str, expected: Option<&[u8; 32]>, value: Option<&SecretBytes>) -> Result<Swapped> {
        let key = key_of(key)?;
        let expected = expected.map_or(std::ptr::null(), |hash| hash.as_ptr());
        // An empty value is a value: its pointer is not NULL.
        let (data, len) = value.map_or((std::ptr::null(), 0), |value| (value.as_ptr(), value.len()));
        // SAFETY: as above; the bytes live until the call returns.
        match unsafe { (self.swap)(self.user.get(), key.as_ptr(), expected, data, len) } {
            IC_SWAP_DONE => Ok(Swapped::Done),
            IC_SWAP_CHANGED => Ok(Swapped::Changed),
            IC_SWAP_UNGUARDED => Ok(Swapped::Unguarded),
            other => Err(refused(other)),
        }
    }

    fn keys(&self, prefix: &str) -> Result<Vec<String>> {
        // SAFETY: as above.
        let found = self.filled(prefix, |prefix, stored| unsafe { (self.keys)(self.user.get(), prefix, stored) })?;
        let text = found.as_ref().map(|found| std::str::from_utf8(found)).transpose();
        let text =
            text.map_err(|_| Error::new(ErrorKind::StorageUnavailable, "the storage lists keys that are not UTF-8"))?;
        Ok(text.unwrap_or_default().split_terminator('\n').map(str::to_owned).collect())
    }
}

/// Whether bytes have this SHA-256 (`hash_len` is 32): what a storage compares when it swaps. False for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_sha256_matches(
    hash: *const c_void,
    hash_len: usize,
    data: *const c_void,
    len: usize,
) -> bool {
    // SAFETY: by the conventions of the header.
    value(false, || unsafe {
        let hash = bytes(hash, hash_len, HASH_BYTES, "hash").ok()?;
        let data = bytes(data, len, MAX_STORED_BYTES, "data").ok()?;
        Some(hash == sha256(data))
    })
}

/// What lies behind an `ic_stored`.
#[derive(Default)]
pub struct StoredObject(Mutex<Option<SecretBytes>>);
kind!(ic_stored_handle, "ic_stored", StoredObject);

impl StoredObject {
    fn take(&self) -> Option<SecretBytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Adds bytes to what was found. They are copied.
/// Errors: `IC_ERROR_LIMIT_EXCEEDED` beyond 8 MB, `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_stored_append(stored: ic_stored, data: *const c_void, len: usize) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        let object = table::get(stored)?;
        let mut found = object.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before: &[u8] = found.as_deref().map_or(&[], Vec::as_slice);
        let more = bytes(data, len, MAX_STORED_BYTES - before.len(), "data")?;
        // New memory each time: a moved one would leave a copy behind.
        let mut grown = SecretBytes::with_capacity(before.len() + more.len());
        grown.extend_from_slice(before);
        grown.extend_from_slice(more);
        *found = Some(grown);
        Ok(())
    })
}
