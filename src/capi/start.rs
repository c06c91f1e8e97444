//! What a sign-in may be started with.

use std::ffi::c_char;

use super::{
    foreign::{self, Versioned, first},
    text::{invalid, optional_text, text},
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::MAX_EXTRA_PARAMETERS,
    oauth::{Device, StartOptions},
    secret::Secret,
};

/// A name and a value, both NUL-terminated UTF-8.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_pair {
    /// The name.
    pub name: *const c_char,
    /// The value.
    pub value: *const c_char,
}

/// What a sign-in is started with; everything is optional (idx.md section 2.1). Initialise with `IC_START_OPTIONS_INIT`.
/// The texts are copied by the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_start_options {
    /// `sizeof(ic_start_options)`.
    pub size: usize,
    /// Who wants to sign in (`login_hint`), or NULL.
    pub login_hint: *const c_char,
    /// The assurance to ask for (`acr_values`), separated by spaces, or NULL.
    pub acr_values: *const c_char,
    /// A one-time token from an activation mail, or NULL; confidential clients only.
    pub activation_token: *const c_char,
    /// A one-time token from a recovery mail, or NULL.
    pub recovery_token: *const c_char,
    /// Further parameters of `interact`, 64 at most, or NULL. They cannot name what the library sets itself.
    pub extra: *const ic_pair,
    /// How many further parameters.
    pub extra_count: usize,
    /// The oldest session to accept, in seconds (`max_age`); used when `has_max_age` is set.
    pub max_age: u64,
    /// Not 0 when `max_age` is meant: an age of 0 has a meaning.
    pub has_max_age: i32,
    /// Whose device it is, for a server that signs in for many people; a member that is NULL leaves it to the config's own.
    /// The device token: 1 to 32 characters, random, the same for every sign-in on the device and for no other device; or NULL.
    pub device_token: *const c_char,
    /// The `User-Agent` of the person's browser, or NULL.
    pub device_user_agent: *const c_char,
    /// The person's address, or several with commas between them, or NULL; confidential clients only.
    pub device_forwarded_for: *const c_char,
    /// The person's `Accept-Language`, or NULL.
    pub device_languages: *const c_char,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_start_options {
    const NAME: &'static str = "ic_start_options";
    // Without the device's members. 64-bit numbers are aligned by 4 on 32-bit x86, by 8 elsewhere.
    const FIRST: usize = first(72, if align_of::<u64>() == 4 { 40 } else { 48 });
}

/// The options from C; NULL is none.
///
/// # Safety
/// `options` is NULL or points to a struct that says its size, with good texts.
pub(super) unsafe fn options_of(options: *const ic_start_options) -> Result<StartOptions> {
    if options.is_null() {
        return Ok(StartOptions::default());
    }
    // SAFETY: by this function's contract, for all of this function.
    unsafe {
        let given = foreign::read(options)?;
        let secret = |pointer, name| optional_text(pointer, name).map(|text| text.map(Secret::from));
        let acr_values = optional_text(given.acr_values, "acr_values")?.unwrap_or_default();
        let mut extra = Vec::new();
        if given.extra_count > 0 && (given.extra.is_null() || !given.extra.is_aligned()) {
            return Err(invalid("extra is NULL or not aligned, and extra_count is not 0"));
        }
        if given.extra_count > MAX_EXTRA_PARAMETERS {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("there are more than {MAX_EXTRA_PARAMETERS} extra parameters"),
            ));
        }
        for index in 0..given.extra_count {
            let pair = given.extra.add(index).read();
            extra.push((text(pair.name, "extra.name")?.to_owned(), text(pair.value, "extra.value")?.to_owned()));
        }
        Ok(StartOptions {
            login_hint: optional_text(given.login_hint, "login_hint")?.map(str::to_owned),
            acr_values: acr_values.split(' ').filter(|value| !value.is_empty()).map(str::to_owned).collect(),
            max_age: (given.has_max_age != 0).then_some(given.max_age),
            activation_token: secret(given.activation_token, "activation_token")?,
            recovery_token: secret(given.recovery_token, "recovery_token")?,
            extra,
            device: Device {
                token: secret(given.device_token, "device_token")?,
                user_agent: optional_text(given.device_user_agent, "device_user_agent")?.map(str::to_owned),
                forwarded_for: optional_text(given.device_forwarded_for, "device_forwarded_for")?.map(str::to_owned),
                languages: optional_text(given.device_languages, "device_languages")?.map(str::to_owned),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_before_the_device_is_understood() {
        let mut options: ic_start_options = unsafe {
            // SAFETY: zero is a good value of every member.
            std::mem::zeroed()
        };
        options.size = ic_start_options::FIRST;
        options.login_hint = c"ada".as_ptr();
        // What is beyond its struct is not the library's to read: here it would not even be a text.
        options.device_token = std::ptr::dangling();
        assert!(ic_start_options::FIRST < size_of::<ic_start_options>(), "members were added since");
        assert!(ic_start_options::FIRST > std::mem::offset_of!(ic_start_options, has_max_age));
        // SAFETY: a good struct of the size that it says.
        let read = unsafe { options_of(&options) }.unwrap();
        assert!(read.login_hint.as_deref() == Some("ada") && read.device == Device::default());
        options.size -= 1;
        // SAFETY: as above.
        assert!(unsafe { options_of(&options) }.is_err(), "smaller than any version");
    }
}
