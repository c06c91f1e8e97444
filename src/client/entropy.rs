//! Random bytes from the operating system. Without them there is no sign-in: nothing weaker is ever used.

use rand::{TryRng, rngs::SysRng};

use crate::error::{Error, ErrorKind, Result};

/// Three independent values of 256 bits: state, nonce, PKCE verifier.
pub(super) fn random() -> Result<[[u8; 32]; 3]> {
    let mut values = [[0; 32]; 3];
    for value in &mut values {
        SysRng.try_fill_bytes(value).map_err(|_| {
            Error::new(ErrorKind::Internal, "the operating system gave no random numbers")
                .with_advice("Check the system's entropy source; a sign-in without it would not be safe")
        })?;
    }
    Ok(values)
}
