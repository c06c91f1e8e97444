//! Reads the body of an answer, bounded, into memory that is wiped.

use std::io::Read;

use super::errors;
use crate::{
    error::{Error, ErrorKind},
    limits::MAX_HEADERS,
    secret::SecretBytes,
};

/// What is reserved for a body that does not say how long it is.
const FIRST: usize = 16 * 1024;

/// Why a body was not read.
pub(super) enum Failure {
    /// The connection failed.
    Read(ureq::Error),
    /// It is not acceptable.
    Refused(Error),
}

/// Reads to the end, `max` bytes at most. `declared` is its `Content-Length`.
///
/// No reallocation leaves a copy behind: the memory is reserved at once, or moved into larger memory and wiped.
pub(super) fn read(mut source: impl Read, declared: Option<u64>, max: usize) -> Result<SecretBytes, Failure> {
    let declared = match declared.map(usize::try_from) {
        Some(Ok(length)) if length <= max => Some(length),
        Some(_) => return Err(too_large(max)),
        None => None,
    };
    let mut body = SecretBytes::from(vec![0; declared.unwrap_or(FIRST.min(max))]);
    let mut filled = 0;
    loop {
        if filled == body.len() {
            // Full: what matters now is whether there is more. Reading the end also gives the connection back.
            let mut next = SecretBytes::from(vec![0]);
            if read_some(&mut source, next.as_mut_slice())? == 0 {
                break;
            }
            if filled >= max {
                return Err(too_large(max));
            }
            let mut larger = SecretBytes::from(vec![0; (2 * filled).clamp(FIRST.min(max), max)]);
            larger[..filled].copy_from_slice(&body);
            larger[filled] = next[0];
            body = larger;
            filled += 1;
        } else {
            match read_some(&mut source, &mut body[filled..])? {
                0 => break,
                amount => filled += amount,
            }
        }
    }
    body.truncate(filled);
    Ok(body)
}

fn read_some(source: &mut impl Read, into: &mut [u8]) -> Result<usize, Failure> {
    // ureq wraps its own errors into I/O errors here; this takes them out again.
    source.read(into).map_err(|error| Failure::Read(error.into()))
}

fn too_large(max: usize) -> Failure {
    let text = if max >= 10_000 { format!("{} KB", max / 1024) } else { format!("{max} bytes") };
    let error = Error::new(ErrorKind::LimitExceeded, format!("the answer is larger than {text}"));
    Failure::Refused(error.with_advice("No answer of this protocol is; check the issuer, and what is in between"))
}

/// The headers of an answer as pairs. `Set-Cookie` stays as many headers as it was.
pub(super) fn headers(map: &ureq::http::HeaderMap) -> Result<Vec<(String, String)>, Failure> {
    if map.len() > MAX_HEADERS {
        return Err(Failure::Refused(errors::too_many_headers()));
    }
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(map.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_of(length: usize, declared: Option<u64>, max: usize) -> Result<usize, ErrorKind> {
        let bytes: Vec<u8> = (0..length).map(|n| n as u8).collect();
        match read(bytes.as_slice(), declared, max) {
            Ok(body) => {
                assert_eq!(*body, bytes);
                Ok(body.len())
            }
            Err(Failure::Refused(error)) => Err(error.kind()),
            Err(Failure::Read(_)) => unreachable!("memory does not fail"),
        }
    }

    #[test]
    fn bodies_are_read_whole_or_refused() {
        for length in [0, 1, FIRST - 1, FIRST, FIRST + 1, 100_000] {
            assert_eq!(read_of(length, None, 100_000), Ok(length));
            assert_eq!(read_of(length, Some(length as u64), 100_000), Ok(length));
            if length > 0 {
                assert_eq!(read_of(length, None, length - 1), Err(ErrorKind::LimitExceeded));
                assert_eq!(read_of(length, Some(length as u64), length - 1), Err(ErrorKind::LimitExceeded));
            }
        }
        assert_eq!(read_of(0, Some(u64::MAX), 10), Err(ErrorKind::LimitExceeded));
        assert_eq!(read_of(0, None, 0), Ok(0));
    }
}
