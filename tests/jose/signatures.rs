//! Form, header, key and signature.

use interaction_code::{
    ErrorKind,
    jose::{KeySet, Profile, VerifyError, base64url, verify},
};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::SigningKey,
    pkcs8::{EncodePublicKey, LineEnding},
    pss::BlindedSigningKey,
    rand_core::OsRng,
    sha2::{Sha256, Sha384},
    signature::{RandomizedSigner, SignatureEncoding, Signer},
};
use serde_json::{Value, json};

use crate::tokens::{claims, good, header, jwk, key, key_set, keys, other_key, sign, sign_with, signing_input};

/// The rule that `token` breaks, `""` when it is good; `"unknown key"` when the set has none of that name.
fn rule_with(token: &str, keys: &KeySet) -> &'static str {
    match verify(token, keys, &Profile::ID_TOKEN) {
        Ok(_) => "",
        Err(VerifyError::OtherKeys(error)) => {
            assert_eq!(error.kind(), ErrorKind::InvalidToken);
            let rule = error.rule().unwrap();
            assert!(["kid", "signature"].contains(&rule), "another set could change that: {rule}");
            if error.text().contains("does not publish") { "unknown key" } else { rule }
        }
        Err(VerifyError::Invalid(error)) => {
            assert_eq!(error.kind(), ErrorKind::InvalidToken);
            assert_ne!(error.rule(), Some("signature"), "a fresh key set might help");
            assert!(!error.to_string().contains("ada@example.com"), "{error}");
            error.rule().unwrap()
        }
    }
}

fn rule(token: &str) -> &'static str {
    rule_with(token, &keys())
}

/// The good claims under the good header with these members set.
fn with_header(members: Value) -> String {
    let mut changed = header();
    for (name, value) in members.as_object().unwrap() {
        changed[name] = value.clone();
    }
    sign(&changed, Value::Object(claims()).to_string().as_bytes())
}

/// The good claims and this header, signed by `sign`.
fn signed_by(header: Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let input = signing_input(header.to_string().as_bytes(), Value::Object(claims()).to_string().as_bytes());
    let signature = sign(input.as_bytes());
    format!("{input}.{}", base64url::encode(&signature))
}

fn part(token: &str, index: usize) -> &str {
    token.split('.').nth(index).unwrap()
}

#[test]
fn good_tokens_pass() {
    assert_eq!(rule(&good()), "");
    for members in [
        json!({"typ": "JWT"}),
        json!({"typ": "jwt"}),
        // Keys in the token are ignored, whatever they are.
        json!({"jku": "https://evil.example/keys", "x5u": "https://evil.example", "jwk": {"kty": "oct"}, "x5c": ["x"]}),
        json!({"unknown": {"a": [1]}}),
    ] {
        assert_eq!(rule(&with_header(members.clone())), "", "{members}");
    }
}

#[test]
fn other_algorithms_are_refused() {
    let rs384 = |input: &[u8]| SigningKey::<Sha384>::new(key().clone()).sign(input).to_vec();
    let ps256 =
        |input: &[u8]| BlindedSigningKey::<Sha256>::new(key().clone()).sign_with_rng(&mut OsRng, input).to_vec();
    let hmac = |secret: &[u8], input: &[u8]| {
        ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret), input).as_ref().to_vec()
    };
    let public = key().to_public_key();
    let pem = public.to_public_key_pem(LineEnding::LF).unwrap();
    let der = public.to_public_key_der().unwrap();
    let key_text = jwk(&public, "k1").to_string();
    let alg = |name: &str| json!({"alg": name, "kid": "k1"});
    for (name, token, expected) in [
        ("none", signed_by(alg("none"), |_| Vec::new()), "alg"),
        ("NONE", signed_by(alg("NONE"), |_| Vec::new()), "alg"),
        ("none with a signature", with_header(json!({"alg": "none"})), "alg"),
        ("rs256", with_header(json!({"alg": "rs256"})), "alg"),
        ("no alg", sign(&json!({"kid": "k1"}), b"{}"), "alg"),
        ("alg a number", with_header(json!({"alg": 256})), "alg"),
        ("alg an array", with_header(json!({"alg": ["RS256"]})), "alg"),
        ("HS256 with the PEM", signed_by(alg("HS256"), |input| hmac(pem.as_bytes(), input)), "alg"),
        ("HS256 with the DER", signed_by(alg("HS256"), |input| hmac(der.as_bytes(), input)), "alg"),
        ("HS256 with the JWK", signed_by(alg("HS256"), |input| hmac(key_text.as_bytes(), input)), "alg"),
        ("RS384", signed_by(alg("RS384"), rs384), "alg"),
        ("PS256", signed_by(alg("PS256"), ps256), "alg"),
        ("RS384 called RS256", signed_by(header(), rs384), "signature"),
        ("PS256 called RS256", signed_by(header(), ps256), "signature"),
        ("HS256 called RS256", signed_by(header(), |input| hmac(pem.as_bytes(), input)), "signature"),
    ] {
        assert_eq!(rule(&token), expected, "{name}");
    }
}

#[test]
fn signatures_of_others_and_over_others_are_refused() {
    let token = good();
    let (head, payload, signature) = (part(&token, 0), part(&token, 1), part(&token, 2));
    let other_payload = base64url::encode(br#"{"sub":"admin"}"#);
    let other_header = base64url::encode(br#"{"kid":"k1","alg":"RS256"}"#);
    let bytes = base64url::decode(signature).unwrap();
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        base64url::encode(&bytes)
    };
    for (name, token) in [
        ("empty signature", format!("{head}.{payload}.")),
        ("other payload", format!("{head}.{other_payload}.{signature}")),
        ("other header", format!("{other_header}.{payload}.{signature}")),
        ("first bit", format!("{head}.{payload}.{}", flipped(0))),
        ("last bit", format!("{head}.{payload}.{}", flipped(255))),
        ("short", format!("{head}.{payload}.{}", base64url::encode(&bytes[..255]))),
        ("long", format!("{head}.{payload}.{}", base64url::encode(&[&bytes[..], &[0]].concat()))),
        ("zeros", format!("{head}.{payload}.{}", base64url::encode(&[0; 256]))),
        ("another key's", sign_with(other_key(), header().to_string().as_bytes(), b"{}")),
    ] {
        assert_eq!(rule(&token), "signature", "{name}");
    }
    // The attacker's key in the header changes nothing.
    let own = jwk(other_key().as_ref(), "k1");
    let header = json!({"alg": "RS256", "kid": "k1", "jwk": own});
    assert_eq!(rule(&sign_with(other_key(), header.to_string().as_bytes(), b"{}")), "signature");
}

#[test]
fn the_form_is_strict() {
    let token = good();
    let (head, payload, signature) = (part(&token, 0), part(&token, 1), part(&token, 2));
    // 256 bytes end in a character of which four bits count: any other tail is the same signature, written differently.
    let last = signature.chars().last().unwrap();
    let sloppy = "BCDEFGHIJKLMNOP".chars().map(|c| c.to_string()).find(|c| *c != last.to_string()).unwrap();
    let sloppy = if "AQgw".contains(last) { sloppy } else { panic!("not a canonical tail: {last}") };
    let sloppy = format!("{head}.{payload}.{}{sloppy}", &signature[..signature.len() - 1]);
    let json_form = json!({"payload": payload, "protected": head, "signature": signature}).to_string();
    for (name, token, expected) in [
        ("empty", String::new(), "parts"),
        ("one part", head.to_owned(), "parts"),
        ("two parts", format!("{head}.{payload}"), "parts"),
        ("four parts", format!("{token}."), "parts"),
        ("five parts", format!("{token}.x.y"), "encrypted_id_token_unsupported"),
        ("six parts", format!("{token}.x.y.z"), "parts"),
        ("JSON", json_form, "parts"),
        ("too long", "x".repeat(32 * 1024 + 1), "size"),
        ("padding at the end", format!("{token}=="), "base64"),
        ("padding in the middle", format!("{head}.{payload}=.{signature}"), "base64"),
        ("newline at the end", format!("{token}\n"), "base64"),
        ("newline inside", token.replacen('.', "\n.", 1), "base64"),
        ("blank at the start", format!(" {token}"), "base64"),
        ("the other alphabet", format!("{head}.{payload}.{}+", &signature[..signature.len() - 1]), "base64"),
        ("bits left over", sloppy, "base64"),
        ("empty header", format!(".{payload}.{signature}"), "json"),
        ("outside ASCII", format!("{token}é"), "base64"),
    ] {
        assert_eq!(rule(&token), expected, "{name}");
    }
    for (name, header) in [
        ("not JSON", &b"x"[..]),
        ("an array", b"[]"),
        ("twice", br#"{"alg":"RS256","alg":"RS256","kid":"k1"}"#),
        ("twice, escaped", br#"{"alg":"RS256","\u0061lg":"none","kid":"k1"}"#),
        ("twice, deep", br#"{"alg":"RS256","kid":"k1","jwk":{"a":1,"a":2}}"#),
        ("trailing", br#"{"alg":"RS256","kid":"k1"}x"#),
        ("a mark before it", b"\xef\xbb\xbf{\"alg\":\"RS256\",\"kid\":\"k1\"}"),
        ("not UTF-8", b"{\"alg\":\"RS256\",\"kid\":\"k1\xff\"}"),
    ] {
        assert_eq!(rule(&sign_with(key(), header, b"{}")), "json", "{name}");
    }
}

#[test]
fn extensions_and_other_types_are_refused() {
    for (members, expected) in [
        (json!({"crit": ["exp"], "exp": 1}), "crit"),
        (json!({"crit": ["unknown"]}), "crit"),
        (json!({"crit": []}), "crit"),
        (json!({"crit": ["b64"], "b64": false}), "crit"),
        (json!({"b64": false}), "b64"),
        (json!({"b64": true}), "b64"),
        (json!({"zip": "DEF"}), "zip"),
        (json!({"typ": "at+jwt"}), "typ"),
        (json!({"typ": "application/at+jwt"}), "typ"),
        (json!({"typ": "dpop+jwt"}), "typ"),
        (json!({"typ": "logout+jwt"}), "typ"),
        (json!({"typ": ""}), "typ"),
        (json!({"typ": ["JWT"]}), "typ"),
        (json!({"typ": null}), "typ"),
        (json!({"kid": 1}), "kid"),
        (json!({"kid": null}), "kid"),
    ] {
        assert_eq!(rule(&with_header(members.clone())), expected, "{members}");
    }
}

#[test]
fn the_key_is_the_one_that_is_named() {
    for kid in ["k2", "", "K1", "k1 ", "../../etc/passwd", "k1' OR '1'='1", "k1\0", "*"] {
        assert_eq!(rule(&with_header(json!({ "kid": kid }))), "unknown key", "{kid}");
    }
    assert_eq!(rule(&with_header(json!({"kid": "k0"}))), "signature");

    let own = jwk(key().as_ref(), "k1");
    let without = |name: &str| {
        let mut jwk = own.clone();
        jwk.as_object_mut().unwrap().remove(name);
        jwk
    };
    let with = |name: &str, value: Value| {
        let mut jwk = own.clone();
        jwk[name] = value;
        jwk
    };
    let no_kid = sign(&json!({"alg": "RS256"}), b"{}");
    let other = jwk(other_key().as_ref(), "k2");
    let oct = json!({"kty": "oct", "kid": "k1", "k": "c2VjcmV0"});
    let token = good();
    for (name, token, keys, expected) in [
        ("only kty, n, e", &no_kid, vec![json!({"kty": "RSA", "n": own["n"], "e": own["e"]})], ""),
        ("no alg", &token, vec![without("alg")], ""),
        ("no use", &token, vec![without("use")], ""),
        ("no kid, one key", &no_kid, vec![own.clone()], ""),
        ("no kid, one usable key", &no_kid, vec![own.clone(), with("use", json!("enc")), oct.clone()], ""),
        ("no kid, two keys", &no_kid, vec![own.clone(), other.clone()], "kid"),
        ("no kid, no key", &no_kid, vec![], "unknown key"),
        ("no key", &token, vec![], "unknown key"),
        ("the key has no kid", &token, vec![without("kid")], "unknown key"),
        ("kid twice", &token, vec![own.clone(), jwk(other_key().as_ref(), "k1")], "kid"),
        ("the same key twice", &token, vec![own.clone(), own.clone()], "kid"),
        ("another key twice", &token, vec![own.clone(), other.clone(), other.clone()], ""),
        ("an encryption key of the same kid", &token, vec![with("use", json!("enc")), own.clone()], ""),
        ("use enc", &token, vec![with("use", json!("enc"))], "kid"),
        ("no verify in key_ops", &token, vec![with("key_ops", json!(["encrypt"]))], "kid"),
        ("RS384 key", &token, vec![with("alg", json!("RS384"))], "kid"),
        ("private key", &token, vec![with("d", json!("AQAB"))], "kid"),
        ("oct", &token, vec![oct], "kid"),
        ("EC", &token, vec![with("kty", json!("EC"))], "kid"),
        ("e = 1", &token, vec![with("e", json!("AQ"))], "kid"),
        ("e even", &token, vec![with("e", json!("AQAC"))], "kid"),
        ("e larger than 2^32", &token, vec![with("e", json!("AQAAAAE"))], "kid"),
        ("e with a leading zero", &token, vec![with("e", json!("AAEAAQ"))], "kid"),
        ("n of 16 Kibit", &token, vec![with("n", json!(base64url::encode(&[0xff; 2048])))], "kid"),
        ("n padded", &token, vec![with("n", json!(format!("{}==", own["n"].as_str().unwrap())))], "kid"),
        ("bad keys beside it", &token, vec![json!(7), json!({"kty": "RSA"}), own.clone()], ""),
    ] {
        assert_eq!(rule_with(token, &key_set(&keys)), expected, "{name}");
    }
    let small = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
    let keys = key_set(&[jwk(&small.to_public_key(), "k1")]);
    assert_eq!(rule_with(&sign_with(&small, header().to_string().as_bytes(), b"{}"), &keys), "kid");
}
