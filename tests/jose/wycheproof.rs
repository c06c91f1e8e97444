//! The JWS, JWK and mixed vectors of Project Wycheproof. Of all of them the library accepts RS256 with a public key
//! only, so the vectors of every other algorithm must be refused, the valid ones too.
//!
//! Deviations, all of them on the strict side: none for RS256. Vectors 372 and 373 call a character outside the base64url
//! alphabet valid; they are HS256, which is refused anyway.

use interaction_code::jose::{KeySet, Profile, verify};
use serde_json::{Value, json};
use wycheproof_ng_kdf_jose::json_web::{TestName, TestSet};

fn accepts(key: &Value, token: &str) -> bool {
    let set = if key.get("keys").is_some() { key.clone() } else { json!({ "keys": [key] }) };
    KeySet::parse(set.to_string().as_bytes()).is_ok_and(|keys| verify(token, &keys, &Profile::ID_TOKEN).is_ok())
}

/// How many vectors of the file were looked at with a public key, and the ids of those that were accepted.
fn run(name: TestName) -> (usize, Vec<usize>) {
    let set = TestSet::load(name).unwrap();
    let mut seen = 0;
    let mut accepted = Vec::new();
    for group in &set.test_groups {
        for test in &group.tests {
            let Some(token) = &test.jws else { continue };
            let token = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
            if let Some(secret) = &group.private_key {
                assert!(!accepts(secret, &token), "{name:?} {}: with a key that could sign", test.tc_id);
            }
            let Some(key) = &group.public_key else { continue };
            seen += 1;
            let ours = accepts(key, &token);
            assert!(!ours || !test.result.must_fail(), "{name:?} {}: {}", test.tc_id, test.comment);
            assert!(
                ours || test.result.must_fail() || key["alg"] != "RS256",
                "{name:?} {}: {}",
                test.tc_id,
                test.comment
            );
            if ours {
                accepted.push(test.tc_id);
            }
        }
    }
    (seen, accepted)
}

#[test]
fn signatures() {
    assert_eq!(run(TestName::JsonWebSignature), (361, vec![33, 259, 260, 261, 262, 263, 345, 349]));
}

#[test]
fn keys() {
    assert_eq!(run(TestName::JsonWebKey), (11, vec![5]));
}

#[test]
fn both() {
    assert_eq!(run(TestName::JsonWebCrypto), (29, vec![33]));
}
