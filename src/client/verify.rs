//! ID tokens against the server's keys: with those that are here, and once more with newer ones. Every sign-in and every
//! refresh of a client verifies here, so all share one key set and its rules.

use super::Inner;
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    jose::{KeySet, VerifyError},
    oauth::{Claims, IdTokenRules, verify_id_token},
    secret::Secret,
};

impl Inner {
    /// Verifies an ID token by `rules`; `access_token` is the one that came with it.
    ///
    /// Errors: [`ErrorKind::InvalidToken`] when it is not good; anything else when the keys could not be had, which says
    /// nothing of the token: it can be verified later.
    pub(super) fn verify_id_token(
        &self,
        id_token: &Secret,
        rules: &IdTokenRules<'_>,
        access_token: Option<&str>,
        call: &Call,
    ) -> Result<Claims> {
        self.with_keys(call, |keys| verify_id_token(id_token.expose(), keys, rules, access_token))
    }

    /// Verifies with the keys that are here, and once more with newer ones when those do not fit.
    pub(super) fn with_keys<T>(&self, call: &Call, verify: impl Fn(&KeySet) -> Result<T, VerifyError>) -> Result<T> {
        let mut keys = self.keys(call).map_err(tokens_are_kept)?;
        for last in [false, true] {
            let error = match verify(&keys) {
                Ok(verified) => {
                    self.keys_were_good(&keys);
                    return Ok(verified);
                }
                Err(VerifyError::Invalid(error)) => return Err(error),
                Err(VerifyError::OtherKeys(error)) => error,
            };
            self.keys_were_bad(&keys);
            keys = match if last { None } else { self.newer_keys(&keys, call).map_err(tokens_are_kept)? } {
                Some(newer) => newer,
                None => return Err(error),
            };
        }
        Err(Error::new(ErrorKind::Internal, "the token was verified twice without a result"))
    }
}

/// The keys could not be had: nothing is lost by that.
fn tokens_are_kept(error: Error) -> Error {
    match error.advice() {
        "" => error.with_advice("The tokens are kept: call finish again to verify them"),
        _ => error,
    }
}
