//! Makes tokens, good and bad. Signs with the `rsa` crate, which the library does not use.

use std::sync::OnceLock;

use interaction_code::{
    Secret,
    jose::{KeySet, base64url},
};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::SigningKey,
    rand_core::OsRng,
    sha2::Sha256,
    signature::{SignatureEncoding, Signer},
    traits::PublicKeyParts,
};
use serde_json::{Map, Value, json};

pub const ISSUER: &str = "https://acme.okta.com/oauth2/default";
pub const CLIENT: &str = "0oa1";
pub const NONCE: &str = "n-0S6_WzA2Mj";
pub const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
pub const AT_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";
pub const NOW: i64 = 1_795_168_800;

/// The server's key, one for the process.
pub fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap())
}

/// A key that is not the server's.
pub fn other_key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut OsRng, 2048).unwrap())
}

pub fn jwk(key: &RsaPublicKey, kid: &str) -> Value {
    let number = |number: &rsa::BigUint| base64url::encode(&number.to_bytes_be());
    json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": number(key.n()), "e": number(key.e())})
}

pub fn key_set(keys: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// The server's key set: `k1`, and another key.
pub fn keys() -> KeySet {
    key_set(&[jwk(other_key().as_ref(), "k0"), jwk(key().as_ref(), "k1")])
}

pub fn header() -> Value {
    json!({"alg": "RS256", "kid": "k1"})
}

/// The claims of a good ID token.
pub fn claims() -> Map<String, Value> {
    let claims = json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "00u1", "nonce": NONCE, "at_hash": AT_HASH, "acr": "urn:okta:loa:2fa:any",
        "iat": NOW - 5, "exp": NOW + 3595, "auth_time": NOW - 30, "amr": ["pwd", "otp"], "ver": 1, "jti": "ID.x",
        "name": "Ada Lovelace", "preferred_username": "ada@example.com", "email": "ada@example.com", "groups": ["a", "b"],
    });
    claims.as_object().unwrap().clone()
}

/// `header.payload`, encoded.
pub fn signing_input(header: &[u8], payload: &[u8]) -> String {
    format!("{}.{}", base64url::encode(header), base64url::encode(payload))
}

/// A token with exactly these bytes, signed with `key`.
pub fn sign_with(key: &RsaPrivateKey, header: &[u8], payload: &[u8]) -> String {
    let input = signing_input(header, payload);
    let signature = SigningKey::<Sha256>::new(key.clone()).sign(input.as_bytes());
    format!("{input}.{}", base64url::encode(&signature.to_bytes()))
}

/// A token of the server's with this header and payload.
pub fn sign(header: &Value, payload: &[u8]) -> String {
    sign_with(key(), header.to_string().as_bytes(), payload)
}

/// The good token.
pub fn good() -> String {
    sign(&header(), Value::Object(claims()).to_string().as_bytes())
}

pub fn nonce() -> Secret {
    Secret::from(NONCE)
}
