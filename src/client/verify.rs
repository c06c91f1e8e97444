//! Tokens against the server's keys: with those that are here, and once more with newer ones. Every sign-in and every
//! refresh of a client verifies here, and an API its access tokens, so all share one key set and its rules.

use std::time::Duration;

use super::{Client, Inner};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    jose::{Algorithm, KeySet, VerifyError},
    limits::{DEFAULT_DEADLINE, DEFAULT_LEEWAY, MAX_LEEWAY},
    oauth::{AccessClaims, AccessTokenRules, Claims, IdTokenRules, verify_access_token, verify_id_token},
    secret::Secret,
};

/// What the app configured about verification.
#[derive(Clone, Debug)]
pub(super) struct Verification {
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) leeway: Duration,
}

impl Default for Verification {
    fn default() -> Self {
        Verification { algorithms: vec![Algorithm::Rs256], leeway: DEFAULT_LEEWAY }
    }
}

impl Verification {
    /// Errors: [`ErrorKind::InvalidArgument`].
    pub(super) fn check(&self) -> Result<()> {
        let invalid = |text: String| Err(Error::new(ErrorKind::InvalidArgument, text));
        if self.algorithms.is_empty() {
            return invalid("no algorithm is accepted for ID tokens, so none would be good".to_owned());
        }
        if self.leeway > MAX_LEEWAY {
            return invalid(format!("the leeway for clocks is more than {} s", MAX_LEEWAY.as_secs()));
        }
        Ok(())
    }
}

impl Client {
    /// The rules for access tokens that are sent to an API: this client's issuer, leeway and algorithms, the time now, and
    /// `audience`, which is what the API's tokens have in `aud`. Set more on what comes back: the kind of token, the clients
    /// and scopes that are wanted, the key that a DPoP proof proved.
    pub fn access_token_rules<'a>(&'a self, audience: &'a str) -> AccessTokenRules<'a> {
        let Inner { config, verification, system, .. } = &*self.0;
        let mut rules = AccessTokenRules::new(config.issuer.as_str(), audience, system.now());
        rules.algorithms = &verification.algorithms;
        rules.leeway = verification.leeway;
        rules
    }

    /// Verifies an access token that was sent to this API, with the server's published keys. Not for an app's own access
    /// token, which is opaque to it, nor for those of an org's own server (`https://acme.okta.com`), whose keys for access
    /// tokens are not published: ask the introspection endpoint about those.
    ///
    /// ```no_run
    /// # use interaction_code::{Call, Client, Result};
    /// fn who_calls(client: &Client, bearer: &str) -> Result<String> {
    ///     let mut rules = client.access_token_rules("api://default");
    ///     rules.scopes = &["orders.read"];
    ///     let claims = client.verify_access_token(bearer, &rules, &Call::new())?;
    ///     Ok(claims.subject().to_owned())
    /// }
    /// ```
    ///
    /// Errors: [`ErrorKind::InvalidToken`] with [`Error::rule`] (the table in [`access_token`](crate::oauth::access_token)):
    /// answer the caller with 401. Anything else means that the keys could not be had, which says nothing of the token.
    pub fn verify_access_token(&self, token: &str, rules: &AccessTokenRules<'_>, call: &Call) -> Result<AccessClaims> {
        self.0.with_keys(&call.started(DEFAULT_DEADLINE), |keys| verify_access_token(token, keys, rules))
    }
}

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
            .map_err(tokens_are_kept)
    }

    /// Verifies with the keys that are here, and once more with newer ones when those do not fit.
    pub(super) fn with_keys<T>(&self, call: &Call, verify: impl Fn(&KeySet) -> Result<T, VerifyError>) -> Result<T> {
        let mut keys = self.keys(call)?;
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
            keys = match if last { None } else { self.newer_keys(&keys, call)? } {
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
        "" if error.kind() != ErrorKind::InvalidToken => {
            error.with_advice("The tokens are kept: call finish again to verify them")
        }
        _ => error,
    }
}
