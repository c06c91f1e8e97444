//! Generated tokens, good and bad, on which the library and two other verifiers must agree: `jsonwebtoken` and
//! `jwt-compact`, which share no code with it (other parsers, other arithmetic).
//!
//! Some thousands in each run; `IC_AGREEMENT=100000 cargo test --test jose agree` does as many as that says. The seed is
//! fixed, so a token that they do not agree on is found again by its number.

use std::time::{SystemTime, UNIX_EPOCH};

use interaction_code::{
    Secret,
    jose::{Algorithm, KeySet, base64url, half_hash},
    oauth::{IdTokenRules, verify_id_token},
};
use jwt_compact::{
    AlgorithmExt, TimeOptions, UntrustedToken,
    alg::{Ed25519, Es256, Rsa},
    jwk::JsonWebKey,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::SigningKey,
    pss::BlindedSigningKey,
    rand_core::OsRng,
    sha2::Sha256,
    signature::{RandomizedSigner, SignatureEncoding, Signer},
};
use serde_json::{Map, Value, json};

use crate::tokens::{CLIENT, ISSUER, NONCE, jwk, key, key_set, other_key, signing_input};

const USUAL: u32 = 2_000;
const TOKEN: &str = "an-access-token";

/// The keys of a server, one for each algorithm.
struct Keys {
    rsa: &'static RsaPrivateKey,
    p256: EcdsaKeyPair,
    ed: Ed25519KeyPair,
}

impl Keys {
    fn new(rsa: &'static RsaPrivateKey) -> Keys {
        let random = SystemRandom::new();
        let p256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Keys {
            rsa,
            p256: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, p256.as_ref(), &random).unwrap(),
            ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
        }
    }

    /// The key of an algorithm, whose name is its `kid`.
    fn jwk(&self, algorithm: Algorithm) -> Value {
        let name = algorithm.as_str();
        match algorithm {
            Algorithm::Es256 => {
                let (x, y) = self.p256.public_key().as_ref()[1..].split_at(32);
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                json!({"kty": "EC", "crv": "P-256", "kid": name, "alg": name, "x": x, "y": y})
            }
            Algorithm::EdDsa => {
                let x = base64url::encode(self.ed.public_key().as_ref());
                json!({"kty": "OKP", "crv": "Ed25519", "kid": name, "alg": name, "x": x})
            }
            _ => {
                let mut jwk = jwk(self.rsa.as_ref(), name);
                jwk["alg"] = json!(name);
                jwk
            }
        }
    }

    fn sign(&self, algorithm: Algorithm, input: &str) -> Vec<u8> {
        let input = input.as_bytes();
        match algorithm {
            Algorithm::Rs256 => SigningKey::<Sha256>::new(self.rsa.clone()).sign(input).to_vec(),
            Algorithm::Ps256 => {
                BlindedSigningKey::<Sha256>::new(self.rsa.clone()).sign_with_rng(&mut OsRng, input).to_vec()
            }
            Algorithm::Es256 => self.p256.sign(&SystemRandom::new(), input).unwrap().as_ref().to_vec(),
            _ => self.ed.sign(input).as_ref().to_vec(),
        }
    }
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// A token, and whether it is good.
fn generate(random: &mut StdRng, keys: &Keys, others: &Keys, algorithm: Algorithm, now: i64) -> (String, bool) {
    let mut header = json!({"alg": algorithm.as_str(), "kid": algorithm.as_str()});
    let mut claims = json!({"iss": ISSUER, "aud": CLIENT, "sub": "00u1", "nonce": NONCE, "iat": now - 5,
        "exp": now + 3600, "at_hash": half_hash(algorithm, TOKEN)});
    let far = random.random_range(300..1_000_000_000_i64);
    let mut by = keys;
    let mut good = true;
    // What is wrong before it is signed.
    match random.random_range(0..24) {
        0 => claims["exp"] = json!(now - far),
        1 => claims["exp"] = json!("9999999999"),
        2 => drop(claims.as_object_mut().unwrap().remove("exp")),
        3 => claims["iss"] = json!(format!("{ISSUER}/")),
        4 => claims["aud"] = json!("another"),
        5 => claims["aud"] = json!(["another"]),
        6 => drop(claims.as_object_mut().unwrap().remove("aud")),
        7 => claims["nbf"] = json!(now + far),
        8 => claims["nonce"] = json!("another"),
        9 => by = others,
        10 => header["kid"] = json!("nobody's"),
        11 => {
            let other = Algorithm::ALL.iter().find(|other| **other != algorithm).unwrap();
            header["alg"] = json!(other.as_str());
        }
        12 => header["alg"] = json!("none"),
        13 => header["alg"] = json!("HS256"),
        wanted => {
            match wanted {
                14 => header["typ"] = json!("JWT"),
                15 => claims["aud"] = json!([CLIENT]),
                16 => claims["nbf"] = json!(now - far),
                17 => claims["groups"] = json!(["é", {"a": [1, null, -2.5]}]),
                18 => claims["iat"] = json!(now - random.random_range(0..600)),
                _ => {}
            }
            good = true;
        }
    }
    good &= {
        let wrong_claims = claims["exp"].as_i64().is_none_or(|exp| exp <= now)
            || claims["iss"] != ISSUER
            || (claims["aud"] != CLIENT && claims["aud"] != json!([CLIENT]))
            || claims["nbf"].as_i64().is_some_and(|nbf| nbf > now)
            || claims["nonce"] != NONCE;
        let right_header = header["alg"] == algorithm.as_str() && header["kid"] == algorithm.as_str();
        !wrong_claims && right_header && std::ptr::eq(by, keys)
    };
    let input = signing_input(header.to_string().as_bytes(), claims.to_string().as_bytes());
    let mut signature = by.sign(algorithm, &input);
    // And afterwards.
    let token = |input: &str, signature: &[u8]| format!("{input}.{}", base64url::encode(signature));
    let changed = match random.random_range(0..18) {
        0 => {
            let at = random.random_range(0..signature.len());
            signature[at] ^= 1 << random.random_range(0..8);
            token(&input, &signature)
        }
        1 => token(&input, &signature[..random.random_range(0..signature.len())]),
        2 => token(&input, &[signature.as_slice(), &[0]].concat()),
        3 => token(&input, &[&[0], signature.as_slice()].concat()),
        4 => {
            // Other claims under the same signature.
            let (head, _) = input.split_once('.').unwrap();
            let mut changed = claims.clone();
            changed["sub"] = json!("00u2");
            token(&format!("{head}.{}", base64url::encode(changed.to_string().as_bytes())), &signature)
        }
        5 => {
            let (_, payload) = input.split_once('.').unwrap();
            header["x"] = json!(1);
            token(&format!("{}.{payload}", base64url::encode(header.to_string().as_bytes())), &signature)
        }
        6 => format!("{input}."),
        7 => input.clone(),
        8 => format!("{}.x", token(&input, &signature)),
        9 => format!("{}=", token(&input, &signature)),
        10 => format!("{}\n", token(&input, &signature)),
        _ => return (token(&input, &signature), good),
    };
    (changed, false)
}

fn ours(token: &str, keys: &KeySet, algorithm: Algorithm, now: i64) -> bool {
    let nonce = Secret::from(NONCE);
    let rules = IdTokenRules { algorithms: &[algorithm], ..IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), now) };
    verify_id_token(token, keys, &rules, Some(TOKEN)).is_ok()
}

fn jsonwebtoken(token: &str, key: &Value, algorithm: Algorithm) -> bool {
    let Ok(header) = jsonwebtoken::decode_header(token) else { return false };
    if header.kid.as_deref() != key["kid"].as_str() {
        return false;
    }
    let algorithm: jsonwebtoken::Algorithm = algorithm.as_str().parse().unwrap();
    let mut validation = jsonwebtoken::Validation::new(algorithm);
    validation.set_audience(&[CLIENT]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation.validate_nbf = true;
    let key = serde_json::from_value(key.clone()).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(&key).unwrap();
    jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation).is_ok_and(|data| data.claims["nonce"] == NONCE)
}

fn jwt_compact(token: &str, key: &Value, algorithm: Algorithm) -> bool {
    let Ok(token) = UntrustedToken::new(token) else { return false };
    if token.header().key_id.as_deref() != key["kid"].as_str() {
        return false;
    }
    // It takes a key for what it is given for, and does not know some names of algorithms there.
    let mut key = key.clone();
    key.as_object_mut().unwrap().remove("alg");
    let key: JsonWebKey<'_> = serde_json::from_value(key).unwrap();
    let token = match algorithm {
        Algorithm::Rs256 => Rsa::rs256().validator::<Map<String, Value>>(&(&key).try_into().unwrap()).validate(&token),
        Algorithm::Ps256 => Rsa::ps256().validator::<Map<String, Value>>(&(&key).try_into().unwrap()).validate(&token),
        Algorithm::Es256 => Es256.validator::<Map<String, Value>>(&(&key).try_into().unwrap()).validate(&token),
        _ => Ed25519.validator::<Map<String, Value>>(&(&key).try_into().unwrap()).validate(&token),
    };
    let (Ok(token), times) = (token, TimeOptions::default()) else { return false };
    let claims = token.claims();
    let custom = &claims.custom;
    let audience = custom.get("aud");
    claims.validate_expiration(&times).is_ok()
        && (claims.not_before.is_none() || claims.validate_maturity(&times).is_ok())
        && custom.get("iss") == Some(&json!(ISSUER))
        && (audience == Some(&json!(CLIENT)) || audience == Some(&json!([CLIENT])))
        && custom.get("nonce") == Some(&json!(NONCE))
}

#[test]
fn the_library_and_two_others_agree() {
    let count = std::env::var("IC_AGREEMENT").map_or(USUAL, |text| text.parse().expect("IC_AGREEMENT is a number"));
    let (own, others) = (Keys::new(key()), Keys::new(other_key()));
    let keys = key_set(&Algorithm::ALL.iter().map(|algorithm| own.jwk(*algorithm)).collect::<Vec<_>>());
    let mut random = StdRng::seed_from_u64(11);
    let mut accepted = 0;
    for number in 0..count {
        let now = now();
        let algorithm = Algorithm::ALL[number as usize % Algorithm::ALL.len()];
        let (token, good) = generate(&mut random, &own, &others, algorithm, now);
        let jwk = own.jwk(algorithm);
        let verdicts = [
            ours(&token, &keys, algorithm, now),
            jsonwebtoken(&token, &jwk, algorithm),
            jwt_compact(&token, &jwk, algorithm),
        ];
        assert_eq!(verdicts, [good; 3], "token {number}, {algorithm:?}: {token}");
        accepted += u32::from(good);
    }
    // Neither all nor none: the generator makes both.
    assert!(accepted > count / 10 && accepted < count / 2, "{accepted} of {count} are good");
}
