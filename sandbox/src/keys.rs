//! The signing key, the JSON Web Key Set, and the tokens that it signs.
//!
//! One RSA key per process: making one takes a moment, and tests start many sandboxes. It is new in every process, so a
//! token of yesterday's sandbox is not accepted today.

use crate::error::Error;
use crate::random::sha256_base64url;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The key that signs every token of this process.
pub struct Signer {
    pair: RsaKeyPair,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    kid: String,
}

impl Signer {
    /// The process's key, made on first use.
    pub fn shared() -> Result<&'static Signer, Error> {
        static KEY: OnceLock<Result<Signer, String>> = OnceLock::new();
        KEY.get_or_init(Signer::make)
            .as_ref()
            .map_err(|reason| Error::Key { what: "signing key", reason: reason.clone() })
    }

    fn make() -> Result<Signer, String> {
        let private = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).map_err(|error| error.to_string())?;
        let der = private.to_pkcs8_der().map_err(|error| error.to_string())?;
        let pair = RsaKeyPair::from_pkcs8(der.as_bytes()).map_err(|error| error.to_string())?;
        let modulus = private.n().to_bytes_be();
        let exponent = private.e().to_bytes_be();
        let kid = sha256_base64url(&URL_SAFE_NO_PAD.encode(&modulus));
        Ok(Signer { pair, modulus, exponent, kid })
    }

    /// The key set that `/v1/keys` serves.
    pub fn jwks(&self) -> Value {
        json!({"keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.kid,
            "e": URL_SAFE_NO_PAD.encode(&self.exponent),
            "n": URL_SAFE_NO_PAD.encode(&self.modulus),
        }]})
    }

    /// A signed token with these claims, or `None` when signing fails (it cannot with a good key).
    pub fn sign(&self, claims: &Value) -> Option<String> {
        self.sign_as(&self.kid, claims)
    }

    /// The same under the id of a key that [`Signer::jwks`] does not list, for tokens that only the server itself reads.
    pub fn sign_unpublished(&self, claims: &Value) -> Option<String> {
        self.sign_as(&sha256_base64url(&self.kid), claims)
    }

    fn sign_as(&self, kid: &str, claims: &Value) -> Option<String> {
        let header = json!({"alg": "RS256", "kid": kid});
        let input =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).ok()?;
        Some(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a token that this key signed under its published id. Says nothing about its lifetime.
    pub fn verify(&self, token: &str) -> Option<Value> {
        let (input, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        RsaPublicKeyComponents { n: &self.modulus, e: &self.exponent }
            .verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature)
            .ok()?;
        let (header, claims) = input.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header["alg"] != "RS256" || header["kid"] != self.kid.as_str() {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The `at_hash` of an access token: the left half of its SHA-256.
    pub fn at_hash(access_token: &str) -> String {
        let hash = ring::digest::digest(&ring::digest::SHA256, access_token.as_bytes());
        URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
    }
}
