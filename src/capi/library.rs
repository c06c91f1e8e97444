//! What the library says about itself.

use std::ffi::c_void;

use super::{
    guard::{status, value},
    handles::ic_status,
    table,
    text::ic_str,
};
use crate::error::{Error, ErrorKind};

/// The ABI of this header. A library with another `ic_abi_version()` does not fit to it.
pub const IC_ABI_VERSION: u32 = 0;

/// `ic_features`: the built-in HTTPS transport. Without it, every client needs `ic_config_set_transport`.
pub const IC_FEATURE_UREQ: u64 = 1;
/// `ic_features`: certificates can be checked by the operating system (`ic_config_set_platform_verifier`).
pub const IC_FEATURE_PLATFORM_VERIFIER: u64 = 2;
/// `ic_features`: the hooks for tests (clock, random numbers). Never in a release.
pub const IC_FEATURE_TEST_HOOKS: u64 = 0x8000_0000_0000_0000;

/// The ABI version of the library: equal to the header's `IC_ABI_VERSION` when they fit together.
#[unsafe(no_mangle)]
pub extern "C" fn ic_abi_version() -> u32 {
    IC_ABI_VERSION
}

/// The version of the library, for example `0.1.0`. Valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn ic_version() -> ic_str {
    ic_str::of(env!("CARGO_PKG_VERSION"))
}

/// What the library was built with: the sum of `IC_FEATURE_...` bits.
#[unsafe(no_mangle)]
pub extern "C" fn ic_features() -> u64 {
    let mut features = 0;
    if cfg!(feature = "ureq") {
        features |= IC_FEATURE_UREQ;
    }
    if cfg!(feature = "platform-verifier") {
        features |= IC_FEATURE_PLATFORM_VERIFIER;
    }
    if cfg!(feature = "test-hooks") {
        features |= IC_FEATURE_TEST_HOOKS;
    }
    features
}

/// How many handles are alive in this process, of all types. A program that freed everything sees 0; check it at the end of
/// tests, since leak checkers do not see handles.
#[unsafe(no_mangle)]
pub extern "C" fn ic_live_handles() -> usize {
    value(0, || Some(table::live()))
}

/// Whether a handle (of any type) is alive: `IC_OK`, or `IC_ERROR_INVALID_HANDLE`. For debugging; a program that needs it to
/// decide something has lost track of its handles.
#[unsafe(no_mangle)]
pub extern "C" fn ic_handle_check(handle: *const c_void) -> ic_status {
    status(|| {
        if table::is_live(handle.addr()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidHandle, "this is no live handle"))
    })
}

/// The name of a status as a stable word, for example `timeout`; `ok` for `IC_OK`; NULL for a number that this library does
/// not know. Valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn ic_status_name(status: ic_status) -> ic_str {
    value(ic_str::NONE, || match status {
        super::guard::IC_OK => Some(ic_str::of("ok")),
        number => ErrorKind::from_code(number).map(|kind| ic_str::of(kind.as_str())),
    })
}
