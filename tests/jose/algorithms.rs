//! The algorithms that are accepted when a server is set up for them: each with a good token as its control, and each way
//! to get one past the verifier.

use interaction_code::jose::{Algorithm, KeySet, Profile, VerifyError, base64url, verify};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair,
    },
};
use rsa::{
    pss::BlindedSigningKey,
    rand_core::OsRng,
    sha2::Sha256,
    signature::{RandomizedSigner, SignatureEncoding},
};
use serde_json::{Value, json};

use crate::tokens::{claims, jwk, key, key_set, sign, signing_input};

/// A server of every algorithm, each with a key of its own name.
struct Server {
    p256: EcdsaKeyPair,
    p256_pkcs8: Vec<u8>,
    ed: Ed25519KeyPair,
}

impl Server {
    fn new() -> Server {
        let random = SystemRandom::new();
        let p256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Server {
            p256: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, p256.as_ref(), &random).unwrap(),
            p256_pkcs8: p256.as_ref().to_vec(),
            ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
        }
    }

    fn ec_jwk(&self) -> Value {
        let (x, y) = self.p256.public_key().as_ref()[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "kid": "e1", "use": "sig", "alg": "ES256",
            "x": base64url::encode(x), "y": base64url::encode(y)})
    }

    fn ed_jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "d1", "x": base64url::encode(self.ed.public_key().as_ref())})
    }

    fn keys(&self) -> Vec<Value> {
        let pss = json!({"kty": "RSA", "kid": "p1", "alg": "PS256", "n": rsa_jwk()["n"], "e": rsa_jwk()["e"]});
        vec![rsa_jwk(), self.ec_jwk(), self.ed_jwk(), pss]
    }

    fn es256(&self, input: &[u8]) -> Vec<u8> {
        self.p256.sign(&SystemRandom::new(), input).unwrap().as_ref().to_vec()
    }
}

fn rsa_jwk() -> Value {
    jwk(key().as_ref(), "k1")
}

fn ps256(salt: usize, input: &[u8]) -> Vec<u8> {
    BlindedSigningKey::<Sha256>::new_with_salt_len(key().clone(), salt).sign_with_rng(&mut OsRng, input).to_vec()
}

fn token(alg: &str, kid: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let header = json!({"alg": alg, "kid": kid}).to_string();
    let input = signing_input(header.as_bytes(), Value::Object(claims()).to_string().as_bytes());
    let signature = sign(input.as_bytes());
    format!("{input}.{}", base64url::encode(&signature))
}

fn rule(token: &str, keys: &KeySet, algorithms: &[Algorithm]) -> &'static str {
    match verify(token, keys, &Profile { algorithms, ..Profile::ID_TOKEN }) {
        Ok(verified) => {
            assert!(algorithms.contains(&verified.header.algorithm()));
            ""
        }
        Err(VerifyError::Invalid(error) | VerifyError::OtherKeys(error)) => error.rule().unwrap(),
    }
}

#[test]
fn an_algorithm_is_good_where_it_is_asked_for_and_nowhere_else() {
    let server = Server::new();
    let keys = key_set(&server.keys());
    let tokens = [
        (Algorithm::Rs256, sign(&json!({"alg": "RS256", "kid": "k1"}), b"{}")),
        (Algorithm::Ps256, token("PS256", "p1", |input| ps256(32, input))),
        (Algorithm::Es256, token("ES256", "e1", |input| server.es256(input))),
        (Algorithm::EdDsa, token("EdDSA", "d1", |input| server.ed.sign(input).as_ref().to_vec())),
    ];
    assert_eq!(tokens.len(), Algorithm::ALL.len());
    for (algorithm, token) in &tokens {
        for asked in Algorithm::ALL {
            let expected = if asked == algorithm { "" } else { "alg" };
            assert_eq!(rule(token, &keys, &[*asked]), expected, "{algorithm:?} where {asked:?} is asked for");
        }
        assert_eq!(rule(token, &keys, Algorithm::ALL), "");
        assert_eq!(rule(token, &keys, &[]), "alg");
        assert_eq!(Algorithm::from_name(algorithm.as_str()), Some(*algorithm));
    }
    for unknown in ["", "none", "rs256", "HS256", "RS384", "ES256K", "ES384", "Ed25519", "RSA-OAEP"] {
        assert_eq!(Algorithm::from_name(unknown), None, "{unknown}");
    }
}

#[test]
fn signatures_of_another_form_are_refused() {
    let server = Server::new();
    let keys = key_set(&server.keys());
    let good = |input: &[u8]| server.es256(input);
    let der = |input: &[u8]| {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &server.p256_pkcs8, &random).unwrap();
        pair.sign(&random, input).unwrap().as_ref().to_vec()
    };
    // The order of the group of P-256.
    let n = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
        0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let half = |input: &[u8], at: usize| good(input)[at * 32..][..32].to_vec();
    type Sign<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;
    let rows: Vec<(&str, &str, &str, Sign<'_>, &str)> = vec![
        ("control", "ES256", "e1", Box::new(good), ""),
        ("DER", "ES256", "e1", Box::new(der), "signature"),
        ("r = 0", "ES256", "e1", Box::new(|i| [vec![0; 32], half(i, 1)].concat()), "signature"),
        ("s = 0", "ES256", "e1", Box::new(|i| [half(i, 0), vec![0; 32]].concat()), "signature"),
        ("r = s = 0", "ES256", "e1", Box::new(|_| vec![0; 64]), "signature"),
        ("r = n", "ES256", "e1", Box::new(|i| [n.to_vec(), half(i, 1)].concat()), "signature"),
        ("s = n", "ES256", "e1", Box::new(|i| [half(i, 0), n.to_vec()].concat()), "signature"),
        ("s before r", "ES256", "e1", Box::new(|i| [half(i, 1), half(i, 0)].concat()), "signature"),
        ("a byte less", "ES256", "e1", Box::new(|i| good(i)[..63].to_vec()), "signature"),
        ("a byte more", "ES256", "e1", Box::new(|i| [good(i), vec![0]].concat()), "signature"),
        ("nothing", "ES256", "e1", Box::new(|_| Vec::new()), "signature"),
        ("over something else", "ES256", "e1", Box::new(|_| good(b"x")), "signature"),
        ("an EC key for RS256", "RS256", "e1", Box::new(good), "kid"),
        ("an EC key for PS256", "PS256", "e1", Box::new(good), "kid"),
        ("an EC key for EdDSA", "EdDSA", "e1", Box::new(good), "kid"),
        ("an RSA key for ES256", "ES256", "k1", Box::new(good), "kid"),
        ("an Ed25519 key for ES256", "ES256", "d1", Box::new(good), "kid"),
        ("control", "EdDSA", "d1", Box::new(|i| server.ed.sign(i).as_ref().to_vec()), ""),
        ("a byte less", "EdDSA", "d1", Box::new(|i| server.ed.sign(i).as_ref()[..63].to_vec()), "signature"),
        ("zeros", "EdDSA", "d1", Box::new(|_| vec![0; 64]), "signature"),
        ("s + L", "EdDSA", "d1", Box::new(|i| plus_order(server.ed.sign(i).as_ref())), "signature"),
        ("control", "PS256", "p1", Box::new(|i| ps256(32, i)), ""),
        ("a short salt", "PS256", "p1", Box::new(|i| ps256(20, i)), "signature"),
        ("no salt", "PS256", "p1", Box::new(|i| ps256(0, i)), "signature"),
        ("a key that is for RS256", "PS256", "k1", Box::new(|i| ps256(32, i)), "kid"),
        ("a key that is for PS256", "RS256", "p1", Box::new(|i| ps256(32, i)), "kid"),
    ];
    for (name, alg, kid, sign, expected) in rows {
        assert_eq!(rule(&token(alg, kid, sign), &keys, Algorithm::ALL), expected, "{alg}: {name}");
    }
}

/// The signature with the order of the group added to `s`: the same number modulo it, which must not be good twice.
fn plus_order(signature: &[u8]) -> Vec<u8> {
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut changed = signature.to_vec();
    let mut carry = 0;
    for (byte, add) in changed[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + add + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
    changed
}

#[test]
fn keys_on_curves_are_as_strict_as_rsa_keys() {
    let server = Server::new();
    let (ec, ed) = (server.ec_jwk(), server.ed_jwk());
    let es256 = token("ES256", "e1", |input| server.es256(input));
    let eddsa = token("EdDSA", "d1", |input| server.ed.sign(input).as_ref().to_vec());
    let random = SystemRandom::new();
    let p384 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random).unwrap();
    let p384 = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, p384.as_ref(), &random).unwrap();
    let (wide_x, wide_y) = p384.public_key().as_ref()[1..].split_at(48);

    let changed = |jwk: &Value, changes: Value| {
        let mut jwk = jwk.clone();
        jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        jwk
    };
    let zeros = base64url::encode(&[0; 32]);
    let x = base64url::decode(ec["x"].as_str().unwrap()).unwrap();
    let one_more = base64url::encode(&[vec![0], x.clone()].concat());
    for (name, token, jwk, expected) in [
        ("control", &es256, ec.clone(), ""),
        ("no alg", &es256, json!({"kty": "EC", "crv": "P-256", "kid": "e1", "x": ec["x"], "y": ec["y"]}), ""),
        ("off the curve", &es256, changed(&ec, json!({"y": ec["x"]})), "signature"),
        ("at infinity", &es256, changed(&ec, json!({"x": zeros, "y": zeros})), "signature"),
        ("x and y the other way round", &es256, changed(&ec, json!({"x": ec["y"], "y": ec["x"]})), "signature"),
        ("a zero before x", &es256, changed(&ec, json!({"x": one_more})), "kid"),
        ("x too short", &es256, changed(&ec, json!({"x": base64url::encode(&x[1..])})), "kid"),
        ("no y", &es256, changed(&ec, json!({"y": null})), "kid"),
        ("another curve", &es256, changed(&ec, json!({"crv": "P-384"})), "kid"),
        ("another curve, in lower case", &es256, changed(&ec, json!({"crv": "p-256"})), "kid"),
        ("secp256k1", &es256, changed(&ec, json!({"crv": "secp256k1"})), "kid"),
        ("no curve", &es256, changed(&ec, json!({"crv": null})), "kid"),
        (
            "P-384",
            &es256,
            json!({"kty": "EC", "crv": "P-384", "kid": "e1", "x": base64url::encode(wide_x), "y": base64url::encode(wide_y)}),
            "kid",
        ),
        ("alg ES384", &es256, changed(&ec, json!({"alg": "ES384"})), "kid"),
        ("alg RS256", &es256, changed(&ec, json!({"alg": "RS256"})), "kid"),
        ("private", &es256, changed(&ec, json!({"d": ec["x"]})), "kid"),
        ("for encryption", &es256, changed(&ec, json!({"use": "enc"})), "kid"),
        ("only to derive", &es256, changed(&ec, json!({"key_ops": ["deriveKey"]})), "kid"),
        ("control", &eddsa, ed.clone(), ""),
        ("Ed448", &eddsa, changed(&ed, json!({"crv": "Ed448"})), "kid"),
        ("X25519", &eddsa, changed(&ed, json!({"crv": "X25519"})), "kid"),
        ("kty EC", &eddsa, changed(&ed, json!({"kty": "EC"})), "kid"),
        ("too long", &eddsa, changed(&ed, json!({"x": base64url::encode(&[7; 33])})), "kid"),
        ("zeros", &eddsa, changed(&ed, json!({"x": zeros})), "signature"),
        ("private", &eddsa, changed(&ed, json!({"d": zeros})), "kid"),
    ] {
        // Beside it a good key of another name, which must not be tried.
        let keys = key_set(&[jwk, rsa_jwk()]);
        assert_eq!(rule(token, &keys, Algorithm::ALL), expected, "{name}");
    }
}

#[test]
fn without_a_name_the_one_key_of_the_kind_is_meant() {
    let server = Server::new();
    let input = signing_input(br#"{"alg":"ES256"}"#, b"{}");
    let token = format!("{input}.{}", base64url::encode(&server.es256(input.as_bytes())));
    assert_eq!(rule(&token, &key_set(&server.keys()), Algorithm::ALL), "");
    let mut twice = server.keys();
    let mut other = Server::new().ec_jwk();
    other["kid"] = json!("e2");
    twice.push(other);
    assert_eq!(rule(&token, &key_set(&twice), Algorithm::ALL), "kid");
}
