//! The JWS, JWK and mixed vectors of Project Wycheproof, with a public key each: first as an Okta org is verified (RS256
//! alone, so the vectors of every other algorithm must be refused, the valid ones too), then with every algorithm that can be
//! asked for.
//!
//! No vector that must fail is ever accepted. Where the library refuses a valid one of its algorithms, it is in
//! [`DEVIATIONS`], with the reason. Vectors 372 and 373 call a character outside the base64url alphabet valid; they are
//! HS256, which is refused anyway.

use interaction_code::jose::{Algorithm, KeySet, Profile, verify};
use serde_json::{Value, json};
use wycheproof_ng_kdf_jose::json_web::{TestName, TestSet};

/// Valid vectors with a key of RS256, PS256, ES256 or EdDSA that are refused: all on the strict side.
const DEVIATIONS: [(&str, usize, &str); 2] = [
    ("JsonWebSignature", 346, "the token is PS384, and the key says that it is for PS256"),
    ("JsonWebSignature", 350, "the token is PS384, and the key says that it is for PS256"),
];

fn accepts(key: &Value, token: &str, algorithms: &[Algorithm]) -> bool {
    let set = if key.get("keys").is_some() { key.clone() } else { json!({ "keys": [key] }) };
    let profile = Profile { algorithms, ..Profile::ID_TOKEN };
    KeySet::parse(set.to_string().as_bytes()).is_ok_and(|keys| verify(token, &keys, &profile).is_ok())
}

/// How many vectors of the file were looked at with a public key, and the ids of those that were accepted.
fn run(name: TestName, algorithms: &[Algorithm]) -> (usize, Vec<usize>) {
    let file = format!("{name:?}");
    let set = TestSet::load(name).unwrap();
    let mut seen = 0;
    let mut accepted = Vec::new();
    for group in &set.test_groups {
        for test in &group.tests {
            let Some(token) = &test.jws else { continue };
            let token = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
            if let Some(secret) = &group.private_key {
                assert!(!accepts(secret, &token, algorithms), "{file} {}: with a key that could sign", test.tc_id);
            }
            let Some(key) = &group.public_key else { continue };
            seen += 1;
            let ours = accepts(key, &token, algorithms);
            let known = key["alg"].as_str().and_then(Algorithm::from_name).is_some_and(|own| algorithms.contains(&own));
            let deviates = DEVIATIONS.iter().any(|(other, id, _)| *other == file && *id == test.tc_id);
            assert!(!ours || !test.result.must_fail(), "{file} {}: {}", test.tc_id, test.comment);
            assert_eq!(
                !ours && known && !test.result.must_fail(),
                deviates && known,
                "{file} {}: {}",
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

const RS256: &[Algorithm] = &[Algorithm::Rs256];

#[test]
fn signatures() {
    assert_eq!(run(TestName::JsonWebSignature, RS256), (361, vec![33, 259, 260, 261, 262, 263, 345, 349]));
    assert_eq!(
        run(TestName::JsonWebSignature, Algorithm::ALL),
        (361, vec![18, 33, 259, 260, 261, 262, 263, 272, 273, 274, 275, 287, 288, 345, 349, 378])
    );
}

#[test]
fn keys() {
    assert_eq!(run(TestName::JsonWebKey, RS256), (11, vec![5]));
    assert_eq!(run(TestName::JsonWebKey, Algorithm::ALL), (11, vec![5]));
}

#[test]
fn both() {
    assert_eq!(run(TestName::JsonWebCrypto, RS256), (29, vec![33]));
    assert_eq!(run(TestName::JsonWebCrypto, Algorithm::ALL), (29, vec![18, 33]));
}
