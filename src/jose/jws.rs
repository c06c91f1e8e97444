//! The compact form of a signed token (RFC 7515 section 3.1) and what its header may say.
//!
//! [`Jws::parse`] takes a token apart and holds its header against a [`Profile`]; nothing is believed before the
//! signature is checked, which [`verify`](super::verify()) does.

use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{algorithm::Algorithm, base64url, json};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::MAX_TOKEN_BYTES,
};

/// What kind of token is expected. Decided by the caller, never by the token (RFC 8725 sections 3.1 and 3.11).
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// The algorithms that are accepted.
    pub algorithms: &'a [Algorithm],
    /// The values of `typ` that are accepted, compared without case.
    pub types: &'a [&'a str],
    /// Whether `typ` must be there.
    pub type_required: bool,
}

impl Profile<'static> {
    /// An ID token of Okta's: RS256, `typ` absent or `JWT`.
    pub const ID_TOKEN: Profile<'static> =
        Profile { algorithms: &[Algorithm::Rs256], types: &["JWT"], type_required: false };
}

/// The header of a token, after the rules of the profile.
#[derive(Clone, Debug)]
pub struct Header {
    algorithm: Algorithm,
    key_id: Option<String>,
}

impl Header {
    /// The algorithm, which is one of the profile's.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// `kid`: the name of the key, when the token has one. Untrusted text.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    fn check(header: &Map<String, Value>, profile: &Profile<'_>) -> Result<Header> {
        for (name, rule) in [("crit", "crit"), ("b64", "b64"), ("zip", "zip")] {
            if header.contains_key(name) {
                return Err(invalid(
                    rule,
                    format!("the token asks for the extension `{name}`, which is not supported"),
                ));
            }
        }
        let named = header.get("alg").and_then(Value::as_str).unwrap_or_default();
        let algorithm = profile.algorithms.iter().copied().find(|algorithm| algorithm.as_str() == named);
        let Some(algorithm) = algorithm else {
            return Err(invalid("alg", "the token is not signed with an algorithm that is accepted here").with_advice(
                "Okta signs with RS256. Accept another algorithm only when the server is set up to sign with it",
            ));
        };
        let accepted = match header.get("typ") {
            None => !profile.type_required,
            Some(Value::String(named)) => profile.types.iter().any(|accepted| accepted.eq_ignore_ascii_case(named)),
            Some(_) => false,
        };
        if !accepted {
            return Err(invalid("typ", "the token is of another type than the one expected").with_advice(
                "Perhaps an access token or a logout token was passed for an ID token, or the other way round",
            ));
        }
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(kid)) => Some(kid.clone()),
            Some(_) => return Err(invalid("kid", "the `kid` of the token is not a string")),
        };
        Ok(Header { algorithm, key_id })
    }
}

/// A token taken apart. Its signature is **not** checked.
pub struct Jws<'a> {
    /// The header.
    pub header: Header,
    /// What the signature is over: header and payload as they stand in the token.
    pub signing_input: &'a str,
    /// The payload, decoded.
    pub payload: Zeroizing<Vec<u8>>,
    /// The signature, decoded.
    pub signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes `token` apart and checks its form and its header.
    ///
    /// # Errors
    /// [`InvalidToken`](ErrorKind::InvalidToken) with one of the rules `size`, `parts`,
    /// `encrypted_id_token_unsupported`, `base64`, `json`, `crit`, `b64`, `zip`, `alg`, `typ`, `kid`.
    pub fn parse(token: &'a str, profile: &Profile<'_>) -> Result<Jws<'a>> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(invalid("size", format!("the token is longer than {MAX_TOKEN_BYTES} bytes")));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(wrong_parts(parts.len()));
        };
        let decode = |part: &str, name: &str| {
            base64url::decode(part)
                .ok_or_else(|| invalid("base64", format!("the {name} of the token is not strict base64url")))
        };
        let header = decode(header, "header")?;
        let header = json::parse_object(&header)
            .map_err(|fault| invalid("json", format!("the header of the token cannot be read: {fault}")))?;
        let header = Header::check(&header, profile)?;
        let signing_input = token.get(..token.len() - signature.len() - 1).unwrap_or_default();
        let payload = Zeroizing::new(decode(payload, "payload")?);
        Ok(Jws { header, signing_input, payload, signature: decode(signature, "signature")? })
    }
}

impl fmt::Debug for Jws<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jws").field("header", &self.header).finish_non_exhaustive()
    }
}

fn wrong_parts(count: usize) -> Error {
    if count == 5 {
        invalid("encrypted_id_token_unsupported", "the token is encrypted, which is not supported")
            .with_advice("Switch ID token encryption off for this app in the Okta admin console")
    } else {
        invalid("parts", format!("a signed token has 3 parts, this text has {count}"))
    }
}

/// A token that broke `rule`.
pub(super) fn invalid(rule: &'static str, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidToken, text).with_rule(rule)
}
