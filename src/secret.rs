//! Values that must not be seen: passwords, codes, handles, tokens, keys.
//!
//! A [`Secret`] never shows its text through `Debug` or `Display`, and its memory is overwritten when it is dropped.
//! It is read on purpose only, with [`Secret::expose`]. Comparing two secrets takes the same time wherever they differ.

use std::{
    fmt, io,
    ops::{Deref, DerefMut},
};

use serde::Serialize;

/// What `Debug` and `Display` of anything secret print.
pub const REDACTED: &str = "[redacted]";

/// A text that is redacted when printed and wiped when dropped.
///
/// ```
/// let password = interaction_code::Secret::from("Correct-Horse-9");
/// assert_eq!(format!("{password:?} {password}"), "[redacted] [redacted]");
/// assert_eq!(password.expose(), "Correct-Horse-9");
/// ```
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// Takes ownership of `text`; the memory of this very string is wiped on drop.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text itself. Do not log it, and do not keep copies of it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How many bytes the text has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        drop(SecretBytes(std::mem::take(&mut self.0).into_bytes()));
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret::new(text)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Bytes that are redacted when printed and wiped when dropped: the bodies of requests and responses.
///
/// Growing moves them and leaves a copy behind, so reserve what is needed at once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Empty, with room for this many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        SecretBytes(Vec::with_capacity(capacity))
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        SecretBytes(bytes)
    }
}

impl From<&[u8]> for SecretBytes {
    fn from(bytes: &[u8]) -> Self {
        SecretBytes(bytes.to_vec())
    }
}

impl Deref for SecretBytes {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for SecretBytes {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for SecretBytes {
    fn drop(&mut self) {
        // What lies behind the end was in use before, perhaps.
        self.0.resize(self.0.capacity(), 0);
        wipe(&mut self.0);
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Overwrites bytes that held secrets. As `zeroize` does it, but in one sweep instead of byte by byte: a response is large.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}

/// `value` as JSON, in memory of the right size: a buffer that grows while it is written leaves copies behind.
pub(crate) fn to_json(value: &impl Serialize) -> serde_json::Result<Secret> {
    let mut size = Size(0);
    serde_json::to_writer(&mut size, value)?;
    let mut bytes = SecretBytes::with_capacity(size.0);
    serde_json::to_writer(&mut *bytes, value)?;
    let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|_| serde::ser::Error::custom("not UTF-8"))?;
    Ok(Secret(text))
}

/// Counts what is written.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Compares two byte strings in a time that depends on their lengths only.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    // The optimiser cannot leave this loop early: every byte goes into `difference`, which is hidden from it.
    let difference = a.iter().zip(b).fold(a.len() ^ b.len(), |seen, (x, y)| seen | usize::from(x ^ y));
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparison_sees_every_difference() {
        assert!(constant_time_eq(b"", b""));
        assert!(constant_time_eq(b"abc", b"abc"));
        for other in ["ab", "abcd", "abd", "xbc", ""] {
            assert!(!constant_time_eq(b"abc", other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn nothing_that_prints_shows_the_text() {
        let secret = Secret::from("hunter2");
        for printed in [format!("{secret}"), format!("{secret:?}"), format!("{:#?}", Some(&secret))] {
            assert!(!printed.contains("hunter2"), "{printed}");
        }
    }
}
