//! Bytes that the library made and the program keeps: saved flows, request bodies.

use super::{
    guard::{free, value},
    handles::{ic_buffer, ic_status},
    table::{self, kind},
    text::{ic_bytes, ic_str},
};
use crate::secret::SecretBytes;

/// What lies behind an `ic_buffer`.
pub struct BufferObject(pub(super) SecretBytes);
kind!(ic_buffer_handle, "ic_buffer", BufferObject);

/// The bytes. Secret: store them like a password, do not log them. Valid until the buffer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_buffer_bytes(buffer: ic_buffer) -> ic_bytes {
    value(ic_bytes::NONE, || Some(ic_bytes::of(&table::look(buffer)?.0)))
}

/// The same as text; everything that the library puts into a buffer is UTF-8. Valid until the buffer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_buffer_text(buffer: ic_buffer) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(std::str::from_utf8(&table::look(buffer)?.0).ok()?)))
}

/// Wipes and frees a buffer. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_buffer_free(buffer: ic_buffer) -> ic_status {
    free(buffer)
}
