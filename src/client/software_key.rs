//! Keys in memory, where no hardware holds one: made here, or read from a file of the app's.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256},
};
use zeroize::Zeroizing;

use crate::{
    error::{Error, ErrorKind, Result},
    host::{KeySigner, SignFailure},
    jose::{Ed25519Key, P256Key, PublicKey, RsaKey},
    secret::SecretBytes,
};

/// A private key in the memory of the process: P-256 (ES256), Ed25519 (EdDSA) or RSA (RS256).
///
/// For servers that have their key in a file, and for devices without hardware for keys. Whoever reads the process's memory
/// or the file has the key; a key in hardware (your own [`KeySigner`]) is better wherever there is one.
pub struct SoftwareKey {
    pair: Pair,
    public: PublicKey,
    key_id: Option<String>,
    pkcs8: SecretBytes,
}

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<rsa::KeyPair>),
}

impl SoftwareKey {
    /// A new key on P-256.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the operating system gives no random numbers.
    pub fn generate() -> Result<SoftwareKey> {
        let none = |_| Error::new(ErrorKind::Internal, "the operating system gave no random numbers for a key");
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(none)?;
        SoftwareKey::from_pkcs8(document.as_ref())
    }

    /// The key in PKCS#8 (DER), as [`SoftwareKey::pkcs8`] gives it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when it is no private key on P-256 or Ed25519, nor one of RSA with 2048 bits or more.
    pub fn from_pkcs8(der: &[u8]) -> Result<SoftwareKey> {
        let random = SystemRandom::new();
        let read = if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random) {
            // What stands before the two coordinates says that they are not compressed.
            let point = pair.public_key().as_ref().get(1..).and_then(|point| point.split_at_checked(point.len() / 2));
            point.and_then(|(x, y)| P256Key::new(x, y)).map(|key| (PublicKey::P256(key), Pair::P256(pair)))
        } else if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            Ed25519Key::new(pair.public_key().as_ref()).map(|key| (PublicKey::Ed25519(key), Pair::Ed25519(pair)))
        } else if let Ok(pair) = rsa::KeyPair::from_pkcs8(der) {
            let parts = rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
            RsaKey::new(parts.n, parts.e).map(|key| (PublicKey::Rsa(key), Pair::Rsa(Box::new(pair))))
        } else {
            None
        };
        let (public, pair) = read.ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "the private key cannot be read")
                .with_advice("Give PKCS#8, not encrypted: P-256, Ed25519, or RSA with 2048 bits or more")
        })?;
        Ok(SoftwareKey { pair, public, key_id: None, pkcs8: der.into() })
    }

    /// The key in a PEM file: `-----BEGIN PRIVATE KEY-----`, which is PKCS#8, not encrypted.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`].
    pub fn from_pem(pem: &str) -> Result<SoftwareKey> {
        let invalid = || {
            Error::new(ErrorKind::InvalidArgument, "the private key is not a PEM file with one PRIVATE KEY in it")
                .with_advice("`openssl pkcs8 -topk8 -nocrypt -in key.pem` makes one of another kind of file")
        };
        let (_, inner) = pem.split_once("-----BEGIN PRIVATE KEY-----").ok_or_else(invalid)?;
        let (inner, _) = inner.split_once("-----END PRIVATE KEY-----").ok_or_else(invalid)?;
        let mut text = Zeroizing::new(String::with_capacity(inner.len()));
        text.extend(inner.split_ascii_whitespace());
        let der = Zeroizing::new(STANDARD.decode(text.as_bytes()).map_err(|_| invalid())?);
        SoftwareKey::from_pkcs8(&der)
    }

    /// Names the key as the server knows it (`kid`).
    #[must_use]
    pub fn with_key_id(mut self, key_id: &str) -> Self {
        self.key_id = Some(key_id.to_owned());
        self
    }

    /// The private key in PKCS#8 (DER), to be kept where the app keeps its secrets.
    pub fn pkcs8(&self) -> &SecretBytes {
        &self.pkcs8
    }
}

impl KeySigner for SoftwareKey {
    fn public_jwk(&self) -> String {
        let jwk = self.public.to_jwk();
        match &self.key_id {
            None => jwk,
            Some(key_id) => {
                let named = format!("{{\"kid\":{},", serde_json::Value::from(key_id.as_str()));
                jwk.replacen('{', &named, 1)
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::P256(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()).ok(),
            Pair::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok().map(|()| signature)
            }
        }
        .ok_or(SignFailure::Other)
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftwareKey({})", self.public.usual_algorithm().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::json::parse_object;

    fn signs(key: &SoftwareKey) {
        let jwk = parse_object(key.public_jwk().as_bytes()).unwrap();
        let public = PublicKey::from_jwk(&jwk).unwrap();
        let signature = key.sign(b"message").unwrap();
        assert!(public.verify(public.usual_algorithm(), b"message", &signature));
        assert!(!public.verify(public.usual_algorithm(), b"messagf", &signature));
    }

    #[test]
    fn keys_are_made_kept_and_read_again() {
        let key = SoftwareKey::generate().unwrap().with_key_id("k\"1");
        signs(&key);
        assert_eq!(parse_object(key.public_jwk().as_bytes()).unwrap()["kid"], "k\"1");
        assert!(format!("{key:?}").len() < 30);
        let again = SoftwareKey::from_pkcs8(key.pkcs8()).unwrap();
        assert_eq!(again.public, key.public);
        assert_ne!(again.public, SoftwareKey::generate().unwrap().public);

        let text = STANDARD.encode(key.pkcs8().as_slice());
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let pem =
            format!("# key\n-----BEGIN PRIVATE KEY-----\r\n{}\r\n-----END PRIVATE KEY-----\n", lines.join("\r\n"));
        assert_eq!(SoftwareKey::from_pem(&pem).unwrap().public, key.public);
        signs(
            &SoftwareKey::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref()).unwrap(),
        );
        let rsa = ::rsa::RsaPrivateKey::new(&mut ::rsa::rand_core::OsRng, 2048).unwrap();
        let der = ::rsa::pkcs8::EncodePrivateKey::to_pkcs8_der(&rsa).unwrap();
        signs(&SoftwareKey::from_pkcs8(der.as_bytes()).unwrap());

        for bad in ["", "x", "-----BEGIN PRIVATE KEY-----", &pem.replace("PRIVATE", "PUBLIC"), &pem.replace("MI", "!I")]
        {
            let error = SoftwareKey::from_pem(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
        assert!(SoftwareKey::from_pkcs8(&key.pkcs8()[1..]).is_err());
    }
}
