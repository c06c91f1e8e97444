//! Storages: where the program keeps flows over the end of the process.

use std::{
    ffi::{CString, c_char, c_void},
    sync::{Mutex, PoisonError},
};

use super::{
    foreign::{UserData, Versioned, first, ic_destroy_fn},
    guard::{IC_OK, status},
    handler::failed,
    handles::{ic_status, ic_stored, ic_stored_handle},
    table::{self, Lent, kind},
    text::{bytes, invalid},
};
use crate::{
    error::{Error, ErrorKind, Result},
    host::Storage,
    limits::MAX_SNAPSHOT_BYTES,
    secret::SecretBytes,
};

/// Finds what is stored under `key` and gives it to `ic_stored_append`, in one or more pieces; nothing is stored when that is
/// not called. Returns `IC_OK`, or another number when the storage cannot be read.
pub type ic_load_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, key: *const c_char, stored: ic_stored) -> ic_status>;

/// Stores `len` bytes under `key`, in place of what was there, durably and all at once. Returns `IC_OK`, or another number
/// when it cannot.
pub type ic_store_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, key: *const c_char, data: *const u8, len: usize) -> ic_status>;

/// Removes what is stored under `key`; that there is nothing is fine. Returns `IC_OK`, or another number when it cannot.
pub type ic_remove_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, key: *const c_char) -> ic_status>;

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
    /// Stores.
    pub store: ic_store_fn,
    /// Removes.
    pub remove: ic_remove_fn,
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
    store: unsafe extern "C" fn(*mut c_void, *const c_char, *const u8, usize) -> ic_status,
    remove: unsafe extern "C" fn(*mut c_void, *const c_char) -> ic_status,
    user: UserData,
}

impl ForeignStorage {
    pub(super) fn new(given: ic_storage) -> Result<Self> {
        let user = UserData::new(given.user_data, given.destroy);
        match (given.load, given.store, given.remove) {
            (Some(load), Some(store), Some(remove)) => Ok(ForeignStorage { load, store, remove, user }),
            _ => Err(invalid("the ic_storage lacks load, store or remove")),
        }
    }
}

fn key_of(key: &str) -> Result<CString> {
    CString::new(key).map_err(|_| Error::new(ErrorKind::Internal, "a storage key holds a NUL"))
}

/// Whatever a storage returns is its own failure: its number is told in the text.
fn checked(returned: ic_status, what: &str) -> Result<()> {
    if returned == IC_OK {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Callback, failed(returned, None, what).text()))
}

impl Storage for ForeignStorage {
    fn load(&self, key: &str) -> Result<Option<SecretBytes>> {
        let key = key_of(key)?;
        let lent = Lent::<ic_stored_handle>::new(StoredObject::default())?;
        let stored = table::get(lent.handle())?;
        // SAFETY: the program gave this function for this pointer.
        let returned = unsafe { (self.load)(self.user.get(), key.as_ptr(), lent.handle()) };
        checked(returned, "the storage")?;
        Ok(stored.take())
    }

    fn store(&self, key: &str, value: &SecretBytes) -> Result<()> {
        let key = key_of(key)?;
        // SAFETY: as above; the bytes live until the call returns.
        checked(unsafe { (self.store)(self.user.get(), key.as_ptr(), value.as_ptr(), value.len()) }, "the storage")
    }

    fn remove(&self, key: &str) -> Result<()> {
        let key = key_of(key)?;
        // SAFETY: as above.
        checked(unsafe { (self.remove)(self.user.get(), key.as_ptr()) }, "the storage")
    }
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
        let more = bytes(data, len, MAX_SNAPSHOT_BYTES - before.len(), "data")?;
        // New memory each time: a moved one would leave a copy behind.
        let mut grown = SecretBytes::with_capacity(before.len() + more.len());
        grown.extend_from_slice(before);
        grown.extend_from_slice(more);
        *found = Some(grown);
        Ok(())
    })
}
