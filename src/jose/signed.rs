//! What the app signs about itself: the assertion of `private_key_jwt` (RFC 7523 section 3) and the proof of DPoP (RFC 9449
//! section 4.2). Only what is to be signed is made here; time, random numbers and the signature come from outside.

use serde_json::{Map, Value, json};

use super::{algorithm::Algorithm, base64url, hash::sha256, public_key::PublicKey};

/// How long an assertion is good, in seconds.
pub const ASSERTION_LIFETIME: i64 = 60;

/// An assertion of `private_key_jwt`.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    /// The app: issuer and subject of the assertion.
    pub client_id: &'a str,
    /// Whom it is for: one text, never a list.
    pub audience: &'a str,
    /// The name of the key at the server.
    pub key_id: Option<&'a str>,
    /// Random, of this assertion alone.
    pub id: &'a str,
    /// The time now, in seconds since 1970.
    pub now: i64,
}

impl Assertion<'_> {
    /// What is to be signed, by this algorithm.
    pub fn signing_input(&self, algorithm: Algorithm) -> String {
        let mut header = json!({"alg": algorithm.as_str(), "typ": "JWT"});
        if let Some(key_id) = self.key_id {
            header["kid"] = key_id.into();
        }
        signing_input(
            &header,
            &json!({
                "iss": self.client_id,
                "sub": self.client_id,
                "aud": self.audience,
                "jti": self.id,
                "iat": self.now,
                "exp": self.now.saturating_add(ASSERTION_LIFETIME),
            }),
        )
    }
}

/// A proof of DPoP, for one request.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// The method as it is sent.
    pub method: &'a str,
    /// The address as it is sent; its query and fragment are left out of the proof.
    pub url: &'a str,
    /// The last nonce of that server.
    pub nonce: Option<&'a str>,
    /// The access token that goes with the request, at a resource.
    pub access_token: Option<&'a str>,
    /// Random, of this proof alone.
    pub id: &'a str,
    /// The time now, in seconds since 1970.
    pub now: i64,
}

impl Proof<'_> {
    /// What is to be signed, by this algorithm and with the private half of `key`.
    pub fn signing_input(&self, algorithm: Algorithm, key: &PublicKey) -> String {
        let jwk: Value = serde_json::from_str(&key.to_jwk()).unwrap_or_default();
        let mut claims = Map::new();
        claims.insert("jti".to_owned(), self.id.into());
        claims.insert("htm".to_owned(), self.method.into());
        claims.insert("htu".to_owned(), target(self.url).into());
        claims.insert("iat".to_owned(), self.now.into());
        if let Some(nonce) = self.nonce {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        if let Some(token) = self.access_token {
            claims.insert("ath".to_owned(), base64url::encode(&sha256(token.as_bytes())).into());
        }
        let header = json!({"typ": "dpop+jwt", "alg": algorithm.as_str(), "jwk": jwk});
        signing_input(&header, &Value::Object(claims))
    }
}

/// The address without query and fragment, and otherwise letter by letter as it is sent (RFC 9449 section 4.2).
fn target(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

fn signing_input(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64url::encode(header.to_string().as_bytes()), base64url::encode(claims.to_string().as_bytes()))
}

/// A signed token of what was signed and its signature.
pub fn compact(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", base64url::encode(signature))
}
