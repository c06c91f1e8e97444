//! The hashes: SHA-256 of PKCE, thumbprints and most algorithms, and the half hashes of an ID token.

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, SHA512, digest};

use super::{algorithm::Algorithm, base64url};

/// More of the stack than a hash takes.
const STACK_BYTES: usize = 8 * 1024;

/// SHA-256 of `bytes`. What is hashed is a token or a verifier: its last block does not stay on the stack.
pub fn sha256(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let hash = hash_of(bytes);
    zeroize::zeroize_stack::<STACK_BYTES>();
    hash
}

/// In a frame of its own, below which everything is wiped afterwards.
#[inline(never)]
fn hash_of(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut hash = [0; SHA256_OUTPUT_LEN];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// What `at_hash` must be for `token` when the ID token is signed with this algorithm: the left half of its hash by the
/// algorithm's own hash function, in base64url (OpenID Connect Core section 3.1.3.6). That of EdDSA on Ed25519 is SHA-512.
pub fn half_hash(algorithm: Algorithm, token: &str) -> String {
    let function = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &SHA256,
        Algorithm::EdDsa => &SHA512,
    };
    let hash = digest(function, token.as_bytes());
    let (half, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    base64url::encode(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

    #[test]
    fn the_example_of_openid_connect() {
        // OpenID Connect Core, appendix A.3.
        for algorithm in [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256] {
            assert_eq!(half_hash(algorithm, TOKEN), "77QmUPtjPfzWtF2AnpK9RQ");
        }
        // Half of 64 bytes.
        assert_eq!(half_hash(Algorithm::EdDsa, TOKEN).len(), 43);
    }
}
