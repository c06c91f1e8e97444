//! Strings and bytes across the border.
//!
//! In: `const char *`, NUL-terminated UTF-8; bytes as pointer and length. Out: a borrowed [`ic_str`] that dies with the
//! handle it was read from. What a getter has to compute (an unescaped string, say) is kept beside the object, each text
//! once, so reading the same thing a million times takes no more memory than reading it once.

use std::{
    borrow::Cow,
    collections::HashSet,
    ffi::{c_char, c_void},
    sync::{Mutex, PoisonError},
};

use crate::{
    error::{Error, ErrorKind, Result},
    limits::MAX_BODY_BYTES,
    secret::wipe,
};

/// A borrowed text: UTF-8, `len` bytes, not NUL-terminated. It is valid until the handle that it was read from is freed.
/// `data` is NULL where there is no such text (a field without a label, a bad handle), and not NULL for an empty one.
/// Print it with `printf("%.*s", IC_STR_ARG(text))`; compare it with `ic_str_is`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ic_str {
    /// The first byte, or NULL.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

/// Borrowed bytes, `len` of them. Valid until the handle that they were read from is freed. `data` is NULL where there
/// are none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ic_bytes {
    /// The first byte, or NULL.
    pub data: *const u8,
    /// How many bytes.
    pub len: usize,
}

impl ic_str {
    /// No text.
    pub(super) const NONE: ic_str = ic_str { data: std::ptr::null(), len: 0 };

    /// Borrows `text`, which must live as long as the handle that the caller reads from.
    pub(super) fn of(text: &str) -> ic_str {
        ic_str { data: text.as_ptr().cast(), len: text.len() }
    }
}

impl ic_bytes {
    /// No bytes.
    pub(super) const NONE: ic_bytes = ic_bytes { data: std::ptr::null(), len: 0 };

    /// Borrows `bytes`, as [`ic_str::of`].
    pub(super) fn of(bytes: &[u8]) -> ic_bytes {
        ic_bytes { data: bytes.as_ptr(), len: bytes.len() }
    }
}

/// Computed texts of one object, each kept once, wiped with it.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashSet<Box<str>>>);

impl Kept {
    /// A text that lives as long as this: borrowed ones do already.
    pub(super) fn keep(&self, text: Cow<'_, str>) -> ic_str {
        let text = match text {
            Cow::Borrowed(text) => return ic_str::of(text),
            Cow::Owned(text) => text,
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(text.as_str()) {
            wipe(&mut text.into_bytes());
            return ic_str::of(known);
        }
        let text = text.into_boxed_str();
        let out = ic_str::of(&text);
        kept.insert(text);
        out
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        for text in std::mem::take(kept) {
            wipe(&mut text.into_string().into_bytes());
        }
    }
}

/// A text from C. Errors: `InvalidArgument` (NULL, not UTF-8), `LimitExceeded`.
///
/// # Safety
/// `pointer` is NULL or points to a NUL-terminated string that stays as it is for `'a`.
pub(super) unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<&'a str> {
    // SAFETY: by this function's contract.
    unsafe { optional_text(pointer, name) }?.ok_or_else(|| invalid(format!("{name} is NULL")))
}

/// As [`text`]; NULL is no text.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn optional_text<'a>(pointer: *const c_char, name: &str) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // A string that is not terminated must not be read for ever.
    // SAFETY: every byte up to the NUL is readable, and the count stops there.
    let length = (0..=MAX_BODY_BYTES).find(|at| unsafe { *pointer.add(*at) } == 0);
    let length = length.ok_or_else(|| {
        Error::new(ErrorKind::LimitExceeded, format!("{name} has more than {MAX_BODY_BYTES} bytes"))
            .with_advice("Strings end in a NUL; check that this one does")
    })?;
    // SAFETY: `length` bytes were just read.
    let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map(Some).map_err(|_| invalid(format!("{name} is not UTF-8")))
}

/// Bytes from C; a length of zero accepts NULL. Errors: `InvalidArgument`, `LimitExceeded` beyond `most`.
///
/// # Safety
/// `data` points to `len` readable bytes that stay as they are for `'a`, unless `len` is zero.
pub(super) unsafe fn bytes<'a>(data: *const c_void, len: usize, most: usize, name: &str) -> Result<&'a [u8]> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(invalid(format!("{name} is NULL, and its length is not 0")));
    }
    if len > most {
        return Err(Error::new(ErrorKind::LimitExceeded, format!("{name} has more than {most} bytes")));
    }
    // SAFETY: by this function's contract.
    Ok(unsafe { std::slice::from_raw_parts(data.cast(), len) })
}

/// Where a result goes. It is set to `nothing` at once, and to the result on success only.
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Errors: `InvalidArgument` when the pointer is NULL.
    ///
    /// # Safety
    /// `pointer` is NULL or points to a writable `T` for as long as this lives.
    pub(super) unsafe fn new(pointer: *mut T, nothing: T, name: &str) -> Result<Self> {
        // SAFETY: by this function's contract.
        unsafe { Out::optional(pointer, nothing, name) }?.ok_or_else(|| is_null(name))
    }

    /// As [`Out::new`]; NULL is nowhere.
    ///
    /// # Safety
    /// As [`Out::new`].
    pub(super) unsafe fn optional(pointer: *mut T, nothing: T, name: &str) -> Result<Option<Self>> {
        if pointer.is_null() {
            return Ok(None);
        }
        if !pointer.is_aligned() {
            return Err(is_not_aligned(name));
        }
        // SAFETY: by this function's contract.
        unsafe { pointer.write(nothing) };
        Ok(Some(Out(pointer)))
    }

    pub(super) fn set(self, value: T) {
        // SAFETY: by the contract of `new`.
        unsafe { self.0.write(value) };
    }
}

#[cold]
#[inline(never)]
fn is_not_aligned(name: &str) -> Error {
    invalid(format!("{name} is not aligned"))
}

#[cold]
#[inline(never)]
fn is_null(name: &str) -> Error {
    invalid(format!("{name} is NULL"))
}

pub(super) fn invalid(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_checked() {
        let kind = |bytes: &[u8]| {
            // SAFETY: every case ends in a NUL.
            unsafe { text(bytes.as_ptr().cast(), "x") }.map_err(|error| error.kind())
        };
        assert_eq!(kind(b"caf\xc3\xa9\0"), Ok("café"));
        assert_eq!(kind(b"\0"), Ok(""));
        assert_eq!(kind(b"\xff\xfe\0"), Err(ErrorKind::InvalidArgument));
        let mut huge = vec![b'x'; MAX_BODY_BYTES + 1];
        huge.push(0);
        assert_eq!(kind(&huge), Err(ErrorKind::LimitExceeded));
        // SAFETY: NULL is allowed.
        assert!(unsafe { text(std::ptr::null(), "x") }.is_err());
    }

    #[test]
    fn bytes_are_checked() {
        let kind = |data: *const u8, len| {
            // SAFETY: the good case is a slice of two; the others are refused before anything is read.
            unsafe { bytes(data.cast(), len, 10, "x") }.map_err(|error| error.kind())
        };
        assert_eq!(kind(std::ptr::null(), 0), Ok(&[][..]));
        assert_eq!(kind(std::ptr::null(), 1), Err(ErrorKind::InvalidArgument));
        assert_eq!(kind(b"ab".as_ptr(), 2), Ok(&b"ab"[..]));
        assert_eq!(kind(b"ab".as_ptr(), usize::MAX), Err(ErrorKind::LimitExceeded));
    }

    #[test]
    fn the_same_text_is_kept_once() {
        let kept = Kept::default();
        let (first, again) = (kept.keep(Cow::Owned("a".into())), kept.keep(Cow::Owned("a".into())));
        assert_eq!((first.data, first.len), (again.data, 1));
        assert_eq!(kept.0.lock().unwrap().len(), 1);
    }
}
