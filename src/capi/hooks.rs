//! Hooks for tests (feature `test-hooks`): the clock, the random numbers, a bug on demand. In no release: `cargo xtask dist`
//! checks that.

use std::{ffi::c_void, sync::Arc};

use super::{
    foreign::{self, UserData, Versioned, first, ic_destroy_fn},
    guard::{IC_OK, guard},
    handler::failed,
    handles::{ic_config, ic_error, ic_flow, ic_status},
    table,
    text::invalid,
};

/// The time now, in seconds since 1970.
pub type ic_now_fn = Option<unsafe extern "C" fn(user_data: *mut c_void) -> i64>;

/// A clock. For tests only. Initialise with zeroes and the size.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_clock {
    /// `sizeof(ic_clock)`.
    pub size: usize,
    /// Given back to each function.
    pub user_data: *mut c_void,
    /// Tells the time.
    pub now: ic_now_fn,
    /// Called once with `user_data` after the last use; may be NULL.
    pub destroy: ic_destroy_fn,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_clock {
    const NAME: &'static str = "ic_clock";
    const FIRST: usize = first(32, 16);
}

/// Fills `len` bytes. Returns `IC_OK`, or another number when there is no randomness.
pub type ic_fill_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, bytes: *mut u8, len: usize) -> ic_status>;

/// A source of random numbers. For tests only. Initialise with zeroes and the size.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_random {
    /// `sizeof(ic_random)`.
    pub size: usize,
    /// Given back to each function.
    pub user_data: *mut c_void,
    /// Fills bytes.
    pub fill: ic_fill_fn,
    /// Called once with `user_data` after the last use; may be NULL.
    pub destroy: ic_destroy_fn,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_random {
    const NAME: &'static str = "ic_random";
    const FIRST: usize = first(32, 16);
}

/// Takes the time from the program. For tests only. Ownership as `ic_config_set_transport`.
#[cfg(feature = "test-hooks")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_clock(
    config: ic_config,
    clock: *const ic_clock,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let clock = foreign::read(clock)?;
            let user = UserData::new(clock.user_data, clock.destroy);
            let now = clock.now.ok_or_else(|| invalid("the ic_clock has no now"))?;
            table::get(config)?.change(|builder| builder.clock(Arc::new(move || now(user.get()))))
        })
    }
}

/// Takes random numbers from the program. For tests only. Ownership as `ic_config_set_transport`.
#[cfg(feature = "test-hooks")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_random(
    config: ic_config,
    random: *const ic_random,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let random = foreign::read(random)?;
            let user = UserData::new(random.user_data, random.destroy);
            let fill = random.fill.ok_or_else(|| invalid("the ic_random has no fill"))?;
            table::get(config)?.change(|builder| {
                builder.random(Arc::new(move |bytes: &mut [u8]| {
                    match fill(user.get(), bytes.as_mut_ptr(), bytes.len()) {
                        IC_OK => Ok(()),
                        returned => Err(failed(returned, None, "the source of random numbers")),
                    }
                }))
            })
        })
    }
}

/// Panics while it works on the flow, as a bug of the library would: `IC_ERROR_INTERNAL`, and the flow cannot be used any
/// more. For tests only.
#[cfg(feature = "test-hooks")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_test_panic(flow: ic_flow, error: *mut ic_error) -> ic_status {
    // Without the message that a panic prints.
    let bug = || -> () { std::panic::resume_unwind(Box::new("a bug on demand")) };
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            table::get(flow)?.during(|_| {
                bug();
                Ok(())
            })
        })
    }
}
