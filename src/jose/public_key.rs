//! A public key as a JWK says it (RFC 7517, RFC 7518 section 6, RFC 8037 section 2): read, used, written, and named by its
//! thumbprint (RFC 7638).

use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    base64url,
    curve::{Ed25519Key, P256Key},
    hash::sha256,
    rsa::RsaKey,
};

/// The members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2, 6.4.1).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key that is good enough to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA, 2048 to 8192 bits: RS256 and PS256.
    Rsa(RsaKey),
    /// P-256: ES256.
    P256(P256Key),
    /// Ed25519: EdDSA.
    Ed25519(Ed25519Key),
}

impl PublicKey {
    /// The key in a JWK; what the JWK says of its use is not looked at. `None` when it is of another kind, too weak,
    /// misshapen, or has a member that only a private key has.
    pub fn from_jwk(jwk: &Map<String, Value>) -> Option<PublicKey> {
        if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
            return None;
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| base64url::decode(text(name)?);
        Some(match (text("kty")?, text("crv")) {
            ("RSA", _) => PublicKey::Rsa(RsaKey::new(bytes("n")?, bytes("e")?)?),
            ("EC", Some("P-256")) => PublicKey::P256(P256Key::new(&bytes("x")?, &bytes("y")?)?),
            ("OKP", Some("Ed25519")) => PublicKey::Ed25519(Ed25519Key::new(&bytes("x")?)?),
            _ => return None,
        })
    }

    /// Whether the key is of the kind that the algorithm signs with.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        matches!(
            (self, algorithm),
            (PublicKey::Rsa(_), Algorithm::Rs256 | Algorithm::Ps256)
                | (PublicKey::P256(_), Algorithm::Es256)
                | (PublicKey::Ed25519(_), Algorithm::EdDsa)
        )
    }

    /// The algorithm that is used with a key of this kind when nobody says another.
    pub fn usual_algorithm(&self) -> Algorithm {
        match self {
            PublicKey::Rsa(_) => Algorithm::Rs256,
            PublicKey::P256(_) => Algorithm::Es256,
            PublicKey::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// Whether `signature` is this key's over `message`, by this algorithm. A key of another kind verifies nothing.
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (PublicKey::Rsa(key), Algorithm::Rs256) => key.verify(message, signature),
            (PublicKey::Rsa(key), Algorithm::Ps256) => key.verify_pss(message, signature),
            (PublicKey::P256(key), Algorithm::Es256) => key.verify(message, signature),
            (PublicKey::Ed25519(key), Algorithm::EdDsa) => key.verify(message, signature),
            _ => false,
        }
    }

    /// The JWK with nothing but the members that make the key, in the order and form of RFC 7638 section 3.3.
    pub fn to_jwk(&self) -> String {
        let encode = base64url::encode;
        match self {
            PublicKey::Rsa(key) => {
                let (n, e) = key.numbers();
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n))
            }
            PublicKey::P256(key) => {
                let (x, y) = key.coordinates();
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, encode(x), encode(y))
            }
            PublicKey::Ed25519(key) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(key.bytes())),
        }
    }

    /// The thumbprint by SHA-256, in base64url (RFC 7638): the name by which a token is bound to the key (`cnf.jkt`).
    pub fn thumbprint(&self) -> String {
        base64url::encode(&sha256(self.to_jwk().as_bytes()))
    }
}
