//! The guard that every entry stands behind: no panic leaves the library, and every failure becomes a status and, where
//! the caller wants one, an error object.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{
    handles::{ic_error, ic_status},
    table,
};
use crate::error::{Error, ErrorKind, Result};

/// Everything went well.
pub const IC_OK: ic_status = 0;

/// Runs the body of an entry. `error` is set to NULL first, and to an error object when the body fails.
///
/// # Safety
/// `error` is NULL or points to a writable `ic_error`.
pub(super) unsafe fn guard(error: *mut ic_error, body: impl FnOnce() -> Result<()>) -> ic_status {
    if error.is_null() || !error.is_aligned() {
        return status(body);
    }
    // SAFETY: by this function's contract.
    unsafe {
        error.write(std::ptr::null_mut());
        settled(error, caught(body))
    }
}

/// What follows is the same for every entry, and in the library once.
///
/// # Safety
/// `error` points to a writable `ic_error`.
#[inline(never)]
unsafe fn settled(error: *mut ic_error, result: Result<()>) -> ic_status {
    let Err(cause) = result else { return IC_OK };
    let status = cause.kind().code();
    // Out of slots there is still the status.
    let object = catch_unwind(AssertUnwindSafe(|| table::insert(super::error::ErrorObject::new(cause))));
    if let Ok(Ok(handle)) = object {
        // SAFETY: by this function's contract.
        unsafe { error.write(handle) };
    }
    status
}

/// Runs the body of an entry that has no error object.
pub(super) fn status(body: impl FnOnce() -> Result<()>) -> ic_status {
    number(caught(body))
}

/// Frees a handle; NULL is fine.
pub(super) fn free<K: table::Kind>(handle: *mut K) -> ic_status {
    status(|| if handle.is_null() { Ok(()) } else { table::remove(handle) })
}

/// Runs the body of a getter: `nothing` where there is no value, for a bad handle too, and after a panic.
pub(super) fn value<T>(nothing: T, body: impl FnOnce() -> Option<T>) -> T {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Some(value)) => value,
        Ok(None) | Err(_) => nothing,
    }
}

#[inline(never)]
fn number(result: Result<()>) -> ic_status {
    match result {
        Ok(()) => IC_OK,
        Err(cause) => cause.kind().code(),
    }
}

fn caught(body: impl FnOnce() -> Result<()>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| Err(a_bug(payload)))
}

#[cold]
#[inline(never)]
fn a_bug(payload: Box<dyn Any + Send>) -> Error {
    // Whatever the payload is, it is not looked at: it might hold a value of the user's. Dropping it might panic, too;
    // what that leaves is forgotten.
    if let Err(again) = catch_unwind(AssertUnwindSafe(move || drop(payload))) {
        std::mem::forget(again);
    }
    Error::new(ErrorKind::Internal, "a bug of the library ended this call")
        .with_advice("The handle it worked on cannot be used any more: free it. Please report this")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_internal_error() {
        let quiet = || -> Result<()> { std::panic::resume_unwind(Box::new("secret")) };
        let mut error = std::ptr::dangling_mut();
        // SAFETY: `error` is a local.
        let status = unsafe { guard(&mut error, quiet) };
        assert_eq!(status, ErrorKind::Internal.code());
        let object = table::get(error).unwrap();
        assert!(!object.error().to_string().contains("secret"));
        table::remove(error).unwrap();
        assert_eq!(value(7, || std::panic::resume_unwind(Box::new("x"))), 7);
    }

    #[test]
    fn success_leaves_no_error() {
        let mut error = std::ptr::dangling_mut();
        // SAFETY: `error` is a local.
        assert_eq!(unsafe { guard(&mut error, || Ok(())) }, IC_OK);
        assert!(error.is_null());
    }
}
