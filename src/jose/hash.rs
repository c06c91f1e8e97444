//! SHA-256, the one hash of RS256, of PKCE and of `at_hash`.

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use super::base64url;

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    let mut hash = [0; SHA256_OUTPUT_LEN];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// What `at_hash` must be for `token` when the ID token is signed with RS256: the left half of its SHA-256, in base64url
/// (OpenID Connect Core section 3.1.3.6).
pub fn half_hash(token: &str) -> String {
    let hash = sha256(token.as_bytes());
    let (half, _) = hash.split_at(hash.len() / 2);
    base64url::encode(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_openid_connect() {
        // OpenID Connect Core, appendix A.3.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
