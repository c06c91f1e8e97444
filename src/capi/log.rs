//! Logs: what the library tells about its work, without anything secret.

use std::ffi::c_void;

use super::{
    foreign::{UserData, Versioned, first, ic_destroy_fn},
    text::{ic_str, invalid},
};
use crate::{
    error::Result,
    host::{LogLevel, LogRecord, LogSink},
};

/// Something should not have happened.
pub const IC_LOG_ERROR: i32 = 1;
/// Something failed, and the sign-in goes on.
pub const IC_LOG_WARN: i32 = 2;
/// The course of the sign-in: its steps, requests that failed.
pub const IC_LOG_INFO: i32 = 3;
/// Every request.
pub const IC_LOG_DEBUG: i32 = 4;

/// Takes one line. `level` is one of `IC_LOG_...`, the greater the finer; `text` has no line break and ends with the call.
pub type ic_log_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, text: ic_str)>;

/// Takes the lines of a log. Initialise with `IC_LOG_INIT`. Called on the thread of the call that has something to tell, at
/// once from several threads.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_log {
    /// `sizeof(ic_log)`.
    pub size: usize,
    /// Given back to each function.
    pub user_data: *mut c_void,
    /// Takes one line.
    pub log: ic_log_fn,
    /// Called once with `user_data` after the last use, on any thread; may be NULL.
    pub destroy: ic_destroy_fn,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_log {
    const NAME: &'static str = "ic_log";
    const FIRST: usize = first(32, 16);
}

/// A log that is owned by clients.
pub(super) struct ForeignLog {
    log: unsafe extern "C" fn(*mut c_void, i32, ic_str),
    user: UserData,
}

impl ForeignLog {
    pub(super) fn new(given: ic_log) -> Result<Self> {
        let user = UserData::new(given.user_data, given.destroy);
        let log = given.log.ok_or_else(|| invalid("the ic_log has no log"))?;
        Ok(ForeignLog { log, user })
    }
}

impl LogSink for ForeignLog {
    fn log(&self, record: &LogRecord<'_>) {
        let level = match record.level {
            LogLevel::Error => IC_LOG_ERROR,
            LogLevel::Warn => IC_LOG_WARN,
            LogLevel::Info => IC_LOG_INFO,
            LogLevel::Debug => IC_LOG_DEBUG,
        };
        // SAFETY: the program gave this function for this pointer; the text lives until it returns.
        unsafe { (self.log)(self.user.get(), level, ic_str::of(record.text)) };
    }
}
