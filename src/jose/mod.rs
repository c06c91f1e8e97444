//! Signed JSON (JOSE): bytes in, bytes out. No I/O, no clock, no randomness, and nothing of Okta's.
//!
//! What verifying a token takes: strict base64url and JSON, the compact form of a JWS (RFC 7515), key sets (RFC 7517), and
//! RS256, PS256, ES256 (RFC 7518 section 3) and EdDSA (RFC 8037). [`verify()`] puts them together; what the claims must say
//! is the business of [`oauth`](crate::oauth).
//!
//! The rules, which are RFC 8725's: the algorithm comes from the [`Profile`], never from the token; keys come from the
//! [`KeySet`], never from the token (`jku`, `jwk`, `x5u`, `x5c` are ignored); whatever can be read in two ways (duplicate
//! members, padding, stray bits, `crit`) is refused. Each refusal is an error of kind
//! [`InvalidToken`](crate::ErrorKind::InvalidToken) whose [`rule`](crate::Error::rule) names what was broken:
//!
//! | rule | the token |
//! |---|---|
//! | `size` | is longer than [`MAX_TOKEN_BYTES`](crate::limits::MAX_TOKEN_BYTES) |
//! | `parts` | has not three parts |
//! | `encrypted_id_token_unsupported` | has five parts: it is encrypted |
//! | `base64` | has a part that is not strict base64url |
//! | `json` | has a header or claims that are not one strict JSON object |
//! | `alg` | is not signed with an algorithm of the profile |
//! | `typ` | is of another type |
//! | `crit`, `b64`, `zip` | asks for an extension; none is supported |
//! | `kid` | names no key, several, or one that must not verify |
//! | `signature` | was not signed by that key, or was changed |

mod algorithm;
pub mod base64url;
mod curve;
mod ecdsa_der;
mod hash;
pub mod json;
mod jws;
mod keys;
mod public_key;
mod rsa;
mod signed;
mod verify;

pub use algorithm::Algorithm;
pub use curve::{Ed25519Key, P256Key};
pub use ecdsa_der::p256_from_der;
pub use hash::{half_hash, sha256};
pub use jws::{Header, Jws, Profile};
pub use keys::{Key, KeySet};
pub use public_key::PublicKey;
pub use rsa::RsaKey;
pub use signed::{ASSERTION_LIFETIME, Assertion, Proof, compact};
pub use verify::{Verified, VerifyError, verify};
