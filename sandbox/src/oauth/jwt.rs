//! Tokens that clients sign: the assertion of `private_key_jwt`, and DPoP proofs. RS256 and ES256, which are what an org takes
//! of what this sandbox can check.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Value, json};

/// A signed token, taken apart; nothing of it is verified yet.
pub struct Jwt<'a> {
    /// The header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jwt<'a> {
    /// Takes a token apart; `None` when it is none.
    pub fn parse(token: &'a str) -> Option<Jwt<'a>> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let object = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object)
        };
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        Some(Jwt { header: object(header)?, claims: object(claims)?, input, signature })
    }

    /// Whether the holder of this key signed it, by the algorithm that its header names.
    pub fn is_signed_by(&self, jwk: &Value) -> bool {
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
        let message = self.input.as_bytes();
        match (self.header["alg"].as_str(), jwk["kty"].as_str(), jwk["crv"].as_str()) {
            (Some("RS256"), Some("RSA"), _) => bytes("n").zip(bytes("e")).is_some_and(|(n, e)| {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, &self.signature).is_ok()
            }),
            (Some("ES256"), Some("EC"), Some("P-256")) => bytes("x").zip(bytes("y")).is_some_and(|(x, y)| {
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, &self.signature).is_ok()
            }),
            _ => false,
        }
    }
}

/// The thumbprint of a public key (RFC 7638).
pub fn thumbprint(jwk: &Value) -> String {
    let members: &[&str] = if jwk["kty"] == "RSA" { &["e", "kty", "n"] } else { &["crv", "kty", "x", "y"] };
    let written: Vec<String> = members.iter().map(|name| format!("{}:{}", json!(name), jwk[name])).collect();
    crate::random::sha256_base64url(&format!("{{{}}}", written.join(",")))
}
