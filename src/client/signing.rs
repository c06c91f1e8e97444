//! A key that signs for the app ([`KeySigner`]), made ready: its public half read once, its signatures brought into the form
//! of JOSE, and the first of them checked before anything is sent.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    error::{Error, ErrorKind, Result},
    host::{KeySigner, SignFailure, SignatureFormat},
    jose::{Algorithm, PublicKey, compact, json, p256_from_der},
    secret::Secret,
};

/// A signer, and what is known of its key.
pub(super) struct SigningKey {
    signer: Arc<dyn KeySigner>,
    public: PublicKey,
    algorithm: Algorithm,
    key_id: Option<String>,
    key_ref: String,
    /// Whether a signature of it was seen to be good.
    proved: AtomicBool,
}

impl SigningKey {
    /// Reads the public key. `what` is the setting, for the error.
    ///
    /// Errors: [`ErrorKind::InvalidArgument`] when it is no public key that can be used.
    pub(super) fn new(signer: Arc<dyn KeySigner>, what: &str) -> Result<SigningKey> {
        let invalid = |text: &str| Error::new(ErrorKind::InvalidArgument, format!("the public key of {what} {text}"));
        let jwk = json::parse_object(signer.public_jwk().as_bytes())
            .map_err(|fault| invalid(&format!("is no JWK: {fault}")))?;
        let public = PublicKey::from_jwk(&jwk).ok_or_else(|| {
            invalid("cannot be used").with_advice(
                "Give a public key on P-256 or Ed25519, or one of RSA with 2048 bits or more, without private members",
            )
        })?;
        let algorithm = match jwk.get("alg") {
            None => public.usual_algorithm(),
            Some(named) => named
                .as_str()
                .and_then(Algorithm::from_name)
                .filter(|algorithm| public.fits(*algorithm))
                .ok_or_else(|| invalid("names an algorithm that does not fit it"))?,
        };
        let key_id = jwk.get("kid").and_then(|kid| kid.as_str()).map(str::to_owned);
        let key_ref = signer.key_ref().unwrap_or_else(|| public.thumbprint());
        Ok(SigningKey { signer, public, algorithm, key_id, key_ref, proved: AtomicBool::new(false) })
    }

    pub(super) fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// `kid` of the JWK.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The name under which the key is found again.
    pub(super) fn key_ref(&self) -> &str {
        &self.key_ref
    }

    /// The signed token of what is to be signed.
    ///
    /// Errors: those of the signer, see [`KeySigner::sign`]; rule `signer_mismatch` when what it gave is not its signature.
    /// Nothing was sent.
    pub(super) fn sign(&self, input: &str) -> Result<Secret> {
        let given = self.signer.sign(input.as_bytes()).map_err(failed)?;
        let signature = match (self.algorithm, self.signer.format()) {
            (Algorithm::Es256, SignatureFormat::Der) => p256_from_der(&given).ok_or_else(mismatch)?.to_vec(),
            _ => given,
        };
        if !self.proved.load(Ordering::Relaxed) {
            if !self.public.verify(self.algorithm, input.as_bytes(), &signature) {
                return Err(mismatch());
            }
            self.proved.store(true, Ordering::Relaxed);
        }
        Ok(Secret::new(compact(input, &signature)))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

fn failed(failure: SignFailure) -> Error {
    let (kind, text, advice) = match failure {
        SignFailure::Locked => (ErrorKind::Callback, "is locked", "Unlock the device and try again"),
        SignFailure::Cancelled => (ErrorKind::Cancelled, "was not released by the person", "Try again when they agree"),
        SignFailure::Gone => (
            ErrorKind::Callback,
            "is no more",
            "What was bound to it is lost: make a new key, and sign in again or register it",
        ),
        SignFailure::Transient => (ErrorKind::Callback, "could not be used just now", "Try again"),
        SignFailure::Other => (ErrorKind::Callback, "could not sign", "Look at the signer; nothing was sent"),
    };
    Error::new(kind, format!("the key that signs for the app {text}")).with_rule(failure.as_str()).with_advice(advice)
}

fn mismatch() -> Error {
    Error::new(ErrorKind::Callback, "the signer gave something that is not the signature of its public key")
        .with_rule("signer_mismatch")
        .with_advice("Check that it signs the message itself and not a hash, with that key, in the format that it says")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::client::SoftwareKey;

    /// What becomes of a signature on its way out.
    type Way = dyn Fn(Vec<u8>) -> Result<Vec<u8>, SignFailure> + Send + Sync;

    /// A signer whose answers a test decides.
    struct Signer {
        key: SoftwareKey,
        format: SignatureFormat,
        answer: Box<Way>,
        asked: Mutex<u32>,
    }

    impl KeySigner for Signer {
        fn public_jwk(&self) -> String {
            self.key.public_jwk()
        }

        fn format(&self) -> SignatureFormat {
            self.format
        }

        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
            *self.asked.lock().unwrap() += 1;
            (self.answer)(self.key.sign(message)?)
        }
    }

    fn outcome(
        format: SignatureFormat,
        answer: impl Fn(Vec<u8>) -> Result<Vec<u8>, SignFailure> + Send + Sync + 'static,
    ) -> Option<&'static str> {
        let signer =
            Signer { key: SoftwareKey::generate().unwrap(), format, answer: Box::new(answer), asked: Mutex::new(0) };
        let error = SigningKey::new(Arc::new(signer), "x").unwrap().sign("a.b").err()?;
        assert!(!error.advice().is_empty());
        Some(error.rule().unwrap())
    }

    /// `r` and `s` as a DER sequence.
    fn der(raw: &[u8]) -> Vec<u8> {
        let integer = |number: &[u8]| {
            let digits = &number[number.iter().take_while(|byte| **byte == 0).count()..];
            let sign = usize::from(digits[0] & 0x80 != 0);
            [&[2, (digits.len() + sign) as u8], &[0][..sign], digits].concat()
        };
        let content = [integer(&raw[..32]), integer(&raw[32..])].concat();
        [&[0x30, content.len() as u8], content.as_slice()].concat()
    }

    #[test]
    fn a_signature_that_is_not_the_keys_is_never_used() {
        use SignatureFormat::{Der, Raw};
        assert_eq!(outcome(Raw, Ok), None);
        assert_eq!(outcome(Der, |raw| Ok(der(&raw))), None);
        for (format, give) in [
            (Raw, (|raw| der(&raw)) as fn(Vec<u8>) -> Vec<u8>),
            (Der, |raw| raw),
            (Der, |raw| [der(&raw), vec![0]].concat()),
            (Raw, |raw| raw[..63].to_vec()),
            (Raw, |_| Vec::new()),
            (Raw, |_| SoftwareKey::generate().unwrap().sign(b"a.b").unwrap()),
        ] {
            assert_eq!(outcome(format, move |raw| Ok(give(raw))), Some("signer_mismatch"));
        }
    }

    #[test]
    fn a_failure_keeps_its_reason() {
        for (failure, rule) in [
            (SignFailure::Locked, "key_locked"),
            (SignFailure::Cancelled, "key_cancelled"),
            (SignFailure::Gone, "key_gone"),
            (SignFailure::Transient, "key_transient"),
            (SignFailure::Other, "key_failed"),
        ] {
            assert_eq!(outcome(SignatureFormat::Raw, move |_| Err(failure)), Some(rule));
        }
    }

    #[test]
    fn a_key_that_cannot_be_used_is_told_when_the_client_is_built() {
        struct Jwk(String);
        impl KeySigner for Jwk {
            fn public_jwk(&self) -> String {
                self.0.clone()
            }
            fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignFailure> {
                Err(SignFailure::Other)
            }
        }
        let good = SoftwareKey::generate().unwrap().public_jwk();
        let key = |jwk: String| SigningKey::new(Arc::new(Jwk(jwk)), "the app");
        assert!(key(good.clone()).is_ok());
        let named = key(good.replacen('{', r#"{"kid":"k7","alg":"ES256","#, 1)).unwrap();
        assert_eq!((named.key_id(), named.algorithm()), (Some("k7"), Algorithm::Es256));
        assert_eq!(named.key_ref(), named.public().thumbprint());
        for bad in [
            "".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            good.replace("P-256", "P-384"),
            good.replacen('{', r#"{"d":"AAAA","#, 1),
            good.replacen('{', r#"{"alg":"RS256","#, 1),
            good.replacen('{', r#"{"alg":7,"#, 1),
            r#"{"kty":"oct","k":"AAAA"}"#.to_owned(),
        ] {
            assert_eq!(key(bad.clone()).unwrap_err().kind(), ErrorKind::InvalidArgument, "{bad}");
        }
    }
}
