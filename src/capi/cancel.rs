//! Cancel tokens, and the limits of one call.

use std::time::Duration;

use super::{
    foreign::{self, Versioned, first},
    guard::{free, guard, status, value},
    handles::{ic_cancel, ic_error, ic_status},
    table::{self, kind},
    text::Out,
};
use crate::{
    call::{Call, CancelToken},
    error::Result,
};

kind!(ic_cancel_handle, "ic_cancel", CancelToken);

/// How long a call may take, and what ends it. Initialise with `IC_CALL_INIT`. NULL instead of one is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_call {
    /// `sizeof(ic_call)`.
    pub size: usize,
    /// Ends the call when it is triggered, also before; NULL: nothing does. Borrowed for the call.
    pub cancel: ic_cancel,
    /// The time limit in milliseconds; 0 is the default: 30 s for one exchange with the server, five minutes where a person
    /// is waited for (`ic_flow_poll`, `ic_flow_run`).
    pub timeout_ms: u64,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_call {
    const NAME: &'static str = "ic_call";
    const FIRST: usize = first(24, 16);
}

/// A time as C has it.
pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The limits of a call from C.
///
/// # Safety
/// `call` is NULL or points to a struct that says its size.
pub(super) unsafe fn call_of(call: *const ic_call) -> Result<Call> {
    if call.is_null() {
        return Ok(Call::new());
    }
    // SAFETY: by this function's contract.
    let given = unsafe { foreign::read(call) }?;
    let mut call = Call::new();
    if !given.cancel.is_null() {
        call = call.cancel(&*table::get(given.cancel)?);
    }
    Ok(match given.timeout_ms {
        0 => call,
        ms => call.timeout(Duration::from_millis(ms)),
    })
}

/// Makes a cancel token. Free it with `ic_cancel_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` when `out` is NULL, `IC_ERROR_LIMIT_EXCEEDED` when there are too many handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_cancel_new(out: *mut ic_cancel, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            out.set(table::insert(CancelToken::new())?);
            Ok(())
        })
    }
}

/// A second handle of the same token, for another owner; each is freed by itself.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_cancel_clone(cancel: ic_cancel, out: *mut ic_cancel, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            out.set(table::duplicate(cancel)?);
            Ok(())
        })
    }
}

/// Ends every call that has this token, now and in future, with `IC_ERROR_CANCELLED`; the flow is where it was. Any number of
/// times. Not from a signal handler: it takes a lock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_cancel_trigger(cancel: ic_cancel) -> ic_status {
    status(|| {
        table::get(cancel)?.cancel();
        Ok(())
    })
}

/// Whether `ic_cancel_trigger` was called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_cancel_is_triggered(cancel: ic_cancel) -> bool {
    value(false, || Some(table::look(cancel)?.is_cancelled()))
}

/// Frees a cancel token. NULL is fine. Calls that have it go on, and can be ended by its clones only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_cancel_free(cancel: ic_cancel) -> ic_status {
    free(cancel)
}
