//! A key that signs for the app and may stay where it is: in a Secure Enclave, an Android Keystore, a TPM, a PKCS#11 token.

use std::fmt;

/// How the bytes of an ECDSA signature are put together. Other signatures have one form only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignatureFormat {
    /// `r` and `s`, 32 bytes each, one after the other: what PKCS#11, TPMs, CryptoKit's `rawRepresentation` and this
    /// library's own keys give.
    #[default]
    Raw,
    /// A DER sequence of two integers: what Security.framework, Java and OpenSSL give.
    Der,
}

/// Why a key did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignFailure {
    /// The device or the key is locked; it can be used after it was unlocked.
    Locked,
    /// The person declined (a fingerprint, a PIN).
    Cancelled,
    /// The key is no more: deleted, made invalid by a new fingerprint, on another device.
    Gone,
    /// Busy, a session that was lost: the same may go well the next time.
    Transient,
    /// Anything else.
    Other,
}

impl SignFailure {
    /// The failure as a stable word, which the error of the call has for its rule.
    pub const fn as_str(self) -> &'static str {
        match self {
            SignFailure::Locked => "key_locked",
            SignFailure::Cancelled => "key_cancelled",
            SignFailure::Gone => "key_gone",
            SignFailure::Transient => "key_transient",
            SignFailure::Other => "key_failed",
        }
    }
}

impl fmt::Display for SignFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Signs with a key that the app has. Given to a client for `private_key_jwt` (a server, a managed machine) and for DPoP.
///
/// It may block and may ask the person; neither cancel nor deadline of the call ends it. It is asked once for each request
/// that is sent, so a key that asks for a fingerprint each time asks as often. The first signature is checked against
/// [`KeySigner::public_jwk`], before anything is sent: a key that signs something else, or with another key, is found at
/// once and called `signer_mismatch`.
///
/// For threads see the [module](super).
pub trait KeySigner: Send + Sync {
    /// The public key as a JWK (RFC 7517): P-256, Ed25519, or RSA of 2048 to 8192 bits. With `alg` in it the key signs by
    /// that algorithm; without, P-256 by ES256, Ed25519 by EdDSA, RSA by RS256. With `kid` in it that name is sent where the
    /// server looks the key up. Private members are refused. It is asked once, when the client is built.
    fn public_jwk(&self) -> String;

    /// How an ECDSA signature is written.
    fn format(&self) -> SignatureFormat {
        SignatureFormat::Raw
    }

    /// The name under which the app finds the key again, in another process: kept beside tokens that are bound to it. Not a
    /// secret. By default the thumbprint of the key serves.
    fn key_ref(&self) -> Option<String> {
        None
    }

    /// Signs `message` (the message itself, not its hash).
    ///
    /// # Errors
    /// Why not. The error of the call is of kind [`Callback`](crate::ErrorKind::Callback), or
    /// [`Cancelled`](crate::ErrorKind::Cancelled) when the person declined, with [`SignFailure::as_str`] for its rule;
    /// nothing was sent.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure>;
}
