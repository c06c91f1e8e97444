//! Key sets (JWKS, RFC 7517): which keys of a set may verify, and which one a token means.
//!
//! One key that cannot be used (of another type, for encryption, too weak, misshapen) does not spoil the set: it is
//! counted in [`KeySet::skipped`] and never chosen. Symmetric keys (`oct`) and keys with private members are such keys:
//! nobody may verify with a key that could also sign.

use serde_json::{Map, Value};

use super::{algorithm::Algorithm, json, jws::Header, public_key::PublicKey};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::{MAX_JWKS_BYTES, MAX_JWKS_KEYS},
};

/// A public key of a set, which may verify signatures.
#[derive(Clone, Debug)]
pub struct Key {
    id: Option<String>,
    /// The one algorithm that the set allows for it.
    algorithm: Option<Algorithm>,
    public: PublicKey,
}

impl Key {
    /// The key's name, `kid`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The key itself.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Whether tokens of this algorithm may be verified with the key: its kind fits, and the set says no other.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.public.fits(algorithm) && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Whether `signature` is this key's over `message`, by this algorithm.
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.fits(algorithm) && self.public.verify(algorithm, message, signature)
    }

    /// The key in `jwk`, or `None` when it must not verify.
    fn from_jwk(jwk: &Map<String, Value>) -> Option<Key> {
        let is_for_signatures = jwk.get("use").is_none_or(|usage| usage == "sig");
        let may_verify = match jwk.get("key_ops") {
            None => true,
            Some(Value::Array(operations)) => operations.iter().any(|operation| operation == "verify"),
            Some(_) => false,
        };
        let public = PublicKey::from_jwk(jwk).filter(|_| is_for_signatures && may_verify)?;
        let algorithm = match jwk.get("alg") {
            None => None,
            Some(named) => Some(named.as_str().and_then(Algorithm::from_name).filter(|own| public.fits(*own))?),
        };
        Some(Key { id: key_id(jwk)?, algorithm, public })
    }
}

/// `Some(None)` without a `kid`, `None` when it is not a string.
fn key_id(jwk: &Map<String, Value>) -> Option<Option<String>> {
    match jwk.get("kid") {
        None => Some(None),
        Some(Value::String(id)) => Some(Some(id.clone())),
        Some(_) => None,
    }
}

/// The keys a server signs with.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    usable: Vec<Key>,
    /// The names of keys that are in the set but must not verify.
    skipped: Vec<Option<String>>,
}

/// What a header's `kid` leads to in a set.
pub(super) enum Found<'a> {
    One(&'a Key),
    /// No key of that name: the server may have a new one.
    Unknown,
    /// A key that must not verify, or of another algorithm.
    Unusable,
    /// Several keys, and nothing to choose by.
    Ambiguous,
}

impl KeySet {
    /// Reads a key set: the body of `{oauthBase}/v1/keys`.
    ///
    /// # Errors
    /// [`LimitExceeded`](ErrorKind::LimitExceeded) when it is longer than [`MAX_JWKS_BYTES`] or has more than
    /// [`MAX_JWKS_KEYS`] keys; [`Protocol`](ErrorKind::Protocol) when it is not a strict JSON object with an array
    /// `keys`.
    pub fn parse(body: &[u8]) -> Result<KeySet> {
        if body.len() > MAX_JWKS_BYTES {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the key set is longer than {MAX_JWKS_BYTES} bytes"),
            ));
        }
        let set = json::parse_object(body)
            .map_err(|fault| Error::new(ErrorKind::Protocol, format!("the key set cannot be read: {fault}")))?;
        let Some(Value::Array(list)) = set.get("keys") else {
            return Err(Error::new(ErrorKind::Protocol, "the key set has no array `keys`"));
        };
        if list.len() > MAX_JWKS_KEYS {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the key set has {} keys, more than {MAX_JWKS_KEYS}", list.len()),
            ));
        }
        let mut keys = KeySet::default();
        for jwk in list {
            match jwk.as_object().and_then(Key::from_jwk) {
                Some(key) => keys.usable.push(key),
                None => keys.skipped.push(jwk.get("kid").and_then(Value::as_str).map(str::to_owned)),
            }
        }
        Ok(keys)
    }

    /// The keys that may verify, in the order of the set.
    pub fn keys(&self) -> &[Key] {
        &self.usable
    }

    /// How many keys of the set must not verify (another type, encryption, private, too weak, misshapen).
    pub fn skipped(&self) -> usize {
        self.skipped.len()
    }

    /// Whether there is a key of this name, usable or not.
    pub fn has(&self, kid: &str) -> bool {
        self.usable.iter().any(|key| key.id() == Some(kid))
            || self.skipped.iter().any(|skipped| skipped.as_deref() == Some(kid))
    }

    /// The key a header means: by `kid`; without one, the only key that fits its algorithm.
    pub(super) fn find(&self, header: &Header) -> Found<'_> {
        let mut fitting = self
            .usable
            .iter()
            .filter(|key| key.fits(header.algorithm()) && (header.key_id().is_none() || key.id() == header.key_id()));
        match (fitting.next(), fitting.next(), header.key_id()) {
            (Some(key), None, _) => Found::One(key),
            (Some(_), Some(_), _) => Found::Ambiguous,
            (None, _, Some(kid)) if self.has(kid) => Found::Unusable,
            (None, ..) => Found::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::base64url;

    fn jwk(extra: &str) -> String {
        let n = base64url::encode(&[0xff; 256]);
        format!(r#"{{"kty":"RSA","e":"AQAB","n":"{n}"{extra}}}"#)
    }

    fn set(keys: &[String]) -> KeySet {
        KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
    }

    #[test]
    fn keys_that_may_verify_are_kept() {
        for extra in [
            "",
            r#","kid":"a","use":"sig","alg":"RS256","key_ops":["verify"]"#,
            r#","x5c":["MIIC"],"x5t":"x","unknown":{"a":1}"#,
            r#","alg":"PS256""#,
        ] {
            assert_eq!(set(&[jwk(extra)]).keys().len(), 1, "{extra}");
        }
    }

    #[test]
    fn a_key_that_must_not_verify_does_not_spoil_the_set() {
        for bad in [
            jwk(r#","use":"enc""#),
            jwk(r#","use":1"#),
            jwk(r#","key_ops":["encrypt"]"#),
            jwk(r#","key_ops":"verify""#),
            jwk(r#","alg":"RS384""#),
            jwk(r#","alg":"HS256""#),
            jwk(r#","alg":"ES256""#),
            jwk(r#","alg":"rs256""#),
            jwk(r#","alg":null"#),
            jwk(r#","kid":7"#),
            jwk(r#","d":"AQAB""#),
            jwk(r#","k":"AQAB""#),
            jwk("").replace("RSA", "EC"),
            jwk("").replace("RSA", "rsa"),
            jwk("").replace("AQAB", "AQ"),
            jwk("").replace("AQAB", "AAAB"),
            jwk("").replace("AQAB", "AQAB="),
            jwk("").replace("\"e\"", "\"f\""),
            r#"{"kty":"oct","kid":"a","k":"c2VjcmV0"}"#.to_owned(),
            "{}".to_owned(),
            "[]".to_owned(),
            "null".to_owned(),
        ] {
            let keys = set(&[bad.clone(), jwk(r#","kid":"good""#)]);
            assert_eq!((keys.keys().len(), keys.skipped()), (1, 1), "{bad}");
            assert!(keys.has("good"));
        }
    }

    #[test]
    fn what_is_not_a_key_set_is_refused() {
        for (body, kind) in [
            ("".to_owned(), ErrorKind::Protocol),
            ("<html>".to_owned(), ErrorKind::Protocol),
            ("{}".to_owned(), ErrorKind::Protocol),
            (r#"{"keys":{}}"#.to_owned(), ErrorKind::Protocol),
            (r#"{"keys":[],"keys":[]}"#.to_owned(), ErrorKind::Protocol),
            (r#"{"keys":[{"kty":"RSA","kty":"RSA"}]}"#.to_owned(), ErrorKind::Protocol),
            (format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 65].join(",")), ErrorKind::LimitExceeded),
            (format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(MAX_JWKS_BYTES)), ErrorKind::LimitExceeded),
        ] {
            assert_eq!(KeySet::parse(body.as_bytes()).unwrap_err().kind(), kind, "{body:.60}");
        }
        assert!(set(&vec!["{}".to_owned(); 64]).keys().is_empty());
    }
}
