//! One call that verifies a signed token: form, header, key, signature.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    jws::{Header, Jws, Profile, invalid},
    keys::{Found, KeySet},
};
use crate::error::Error;

/// A token whose signature is good. What its claims say is not checked yet.
#[derive(Clone)]
pub struct Verified {
    /// The header.
    pub header: Header,
    /// The payload, decoded.
    pub payload: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("header", &self.header).finish_non_exhaustive()
    }
}

/// Why a token was not verified, and whether a fresh key set may change that.
#[derive(Clone, Debug)]
pub enum VerifyError {
    /// No key of this set verifies the token: it is not there, must not verify (use, algorithm, strength), is there twice,
    /// or is another one under the same name. Fetch the set once more and verify again; when the new one does not help
    /// either, this is the error (rule `kid` or `signature`).
    OtherKeys(Error),
    /// The token is bad, whatever the keys are.
    Invalid(Error),
}

impl VerifyError {
    /// The error in it.
    pub fn error(&self) -> &Error {
        match self {
            VerifyError::OtherKeys(error) | VerifyError::Invalid(error) => error,
        }
    }
}

impl From<Error> for VerifyError {
    fn from(error: Error) -> Self {
        VerifyError::Invalid(error)
    }
}

impl From<VerifyError> for Error {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::OtherKeys(error) | VerifyError::Invalid(error) => error,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl std::error::Error for VerifyError {}

/// Checks the form, the header and the signature of `token` (RFC 7515 section 5.2).
///
/// # Errors
/// [`VerifyError::OtherKeys`] when no key of the set verifies it, and otherwise [`VerifyError::Invalid`]; both hold an
/// error with the broken rule, see the [module](super).
pub fn verify(token: &str, keys: &KeySet, profile: &Profile<'_>) -> Result<Verified, VerifyError> {
    let jws = Jws::parse(token, profile)?;
    let kid = |what| Err(VerifyError::OtherKeys(invalid("kid", what)));
    let key = match keys.find(&jws.header) {
        Found::One(key) => key,
        Found::Unknown => {
            let error = invalid("kid", "the token is signed with a key that the server does not publish");
            return Err(VerifyError::OtherKeys(
                error.with_advice("Check that the issuer is the one that issued the token"),
            ));
        }
        Found::Unusable => return kid("the token names a key that must not verify it (its type, use or strength)"),
        Found::Ambiguous => return kid("several keys of the server fit the token, and it does not say which"),
    };
    if !key.verify(jws.header.algorithm(), jws.signing_input.as_bytes(), &jws.signature) {
        return Err(VerifyError::OtherKeys(
            invalid("signature", "the signature of the token is not valid")
                .with_advice("The token was changed or forged; do not use it"),
        ));
    }
    Ok(Verified { header: jws.header, payload: jws.payload })
}
