//! Access tokens at the API that they are sent to: both kinds, a control for each, and one change for each rule.

use interaction_code::{
    ErrorKind,
    jose::{Algorithm, VerifyError},
    oauth::{AccessClaims, AccessTokenKind, AccessTokenRules, verify_access_token},
};
use serde_json::{Map, Value, json};

use crate::tokens::{CLIENT, ISSUER, NOW, claims as id_claims, header, keys, sign};

const API: &str = "api://default";
const JKT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

fn rules() -> AccessTokenRules<'static> {
    AccessTokenRules::new(ISSUER, API, NOW)
}

/// As Okta's custom authorization servers issue them.
fn okta() -> Map<String, Value> {
    let claims = json!({"ver": 1, "jti": "AT.x", "iss": ISSUER, "aud": API, "iat": NOW - 5, "exp": NOW + 3595,
        "cid": CLIENT, "uid": "00u1", "scp": ["openid", "orders.read"], "auth_time": NOW - 30, "sub": "ada@example.com"});
    claims.as_object().unwrap().clone()
}

/// As RFC 9068 has them.
fn rfc9068() -> Map<String, Value> {
    let claims = json!({"iss": ISSUER, "aud": [API, "https://other.example"], "exp": NOW + 3595, "iat": NOW - 5,
        "sub": "00u1", "client_id": CLIENT, "jti": "x", "scope": "openid orders.read"});
    claims.as_object().unwrap().clone()
}

fn with(mut claims: Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    match value {
        Value::Null => claims.remove(name),
        value => claims.insert(name.to_owned(), value),
    };
    claims
}

fn token(header: &Value, claims: Map<String, Value>) -> String {
    sign(header, Value::Object(claims).to_string().as_bytes())
}

fn at_jwt() -> Value {
    json!({"alg": "RS256", "kid": "k1", "typ": "at+jwt"})
}

fn check(token: &str, rules: &AccessTokenRules<'_>) -> Result<AccessClaims, &'static str> {
    verify_access_token(token, &keys(), rules).map_err(|error| {
        let (VerifyError::Invalid(error) | VerifyError::OtherKeys(error)) = error;
        assert_eq!(error.kind(), ErrorKind::InvalidToken);
        assert!(!error.to_string().contains("ada@"), "{error}");
        error.rule().unwrap()
    })
}

fn rule(token: &str, rules: &AccessTokenRules<'_>) -> &'static str {
    check(token, rules).err().unwrap_or("")
}

#[test]
fn a_good_token_tells_who_calls_and_with_what() {
    let claims = check(&token(&header(), okta()), &rules()).unwrap();
    assert_eq!((claims.subject(), claims.client_id(), claims.issuer()), ("ada@example.com", CLIENT, ISSUER));
    assert_eq!((claims.issued_at(), claims.expires_at()), (NOW - 5, NOW + 3595));
    assert!(claims.has_scope("orders.read") && !claims.has_scope("orders"));
    assert_eq!((claims.scopes().len(), claims.get("uid"), claims.key_thumbprint()), (2, Some(&json!("00u1")), None));
    assert!(!format!("{claims:?}").contains("ada@"));

    let other = AccessTokenRules { kind: AccessTokenKind::Rfc9068, ..rules() };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        let header = json!({"alg": "RS256", "kid": "k1", "typ": typ});
        let claims = check(&token(&header, rfc9068()), &other).unwrap();
        assert_eq!(
            (claims.client_id(), claims.scopes()),
            (CLIENT, &["openid".to_owned(), "orders.read".to_owned()][..])
        );
    }
}

#[test]
fn one_change_breaks_one_rule() {
    let absent = Value::Null;
    for (name, value, expected) in [
        ("iss", json!("https://acme.okta.com"), "iss"),
        ("iss", absent.clone(), "iss"),
        ("aud", json!([API]), ""),
        ("aud", json!(["x", API]), ""),
        ("aud", json!(CLIENT), "aud"),
        ("aud", json!("api://default/"), "aud"),
        ("aud", json!([]), "aud"),
        ("aud", json!([API, 1]), "aud"),
        ("aud", json!({}), "aud"),
        ("aud", absent.clone(), "aud"),
        ("exp", json!(NOW - 59), ""),
        ("exp", json!(NOW - 60), "exp"),
        ("exp", json!("9999999999"), "exp"),
        ("exp", absent.clone(), "exp"),
        ("iat", json!(NOW - 1_000_000), ""),
        ("iat", json!(NOW + 61), "iat"),
        ("iat", absent.clone(), "iat"),
        ("nbf", json!(NOW + 61), "nbf"),
        ("nbf", json!("0"), "nbf"),
        ("sub", absent.clone(), "sub"),
        ("sub", json!(1), "sub"),
        ("sub", json!("x".repeat(256)), "sub"),
        ("nonce", json!("n"), "nonce"),
        ("at_hash", json!("h"), "at_hash"),
        ("cnf", json!({ "jkt": JKT }), "cnf"),
        ("cnf", json!({"x5t#S256": "x"}), "cnf"),
        ("cnf", json!("x"), "cnf"),
    ] {
        let changed = token(&header(), with(okta(), name, value.clone()));
        assert_eq!(rule(&changed, &rules()), expected, "{name}: {value:.80}");
        let changed = token(&at_jwt(), with(rfc9068(), name, value.clone()));
        let kind = AccessTokenRules { kind: AccessTokenKind::Rfc9068, ..rules() };
        assert_eq!(rule(&changed, &kind), expected, "RFC 9068: {name}: {value:.80}");
    }
    for (name, value, expected) in [
        ("cid", absent.clone(), "cid"),
        ("cid", json!(""), "cid"),
        ("cid", json!([CLIENT]), "cid"),
        ("scp", json!("openid"), "scp"),
        ("scp", json!([1]), "scp"),
        ("scp", absent.clone(), ""),
    ] {
        assert_eq!(rule(&token(&header(), with(okta(), name, value.clone())), &rules()), expected, "{name}: {value}");
    }
    let kind = AccessTokenRules { kind: AccessTokenKind::Rfc9068, ..rules() };
    for (name, value, expected) in [
        ("client_id", absent.clone(), "client_id"),
        ("client_id", json!(1), "client_id"),
        ("jti", absent.clone(), "jti"),
        ("jti", json!(""), "jti"),
        ("jti", json!(1), "jti"),
        ("scope", json!(["openid"]), "scope"),
        ("scope", absent, ""),
    ] {
        assert_eq!(rule(&token(&at_jwt(), with(rfc9068(), name, value.clone())), &kind), expected, "{name}: {value}");
    }
}

#[test]
fn the_two_kinds_and_the_id_token_are_never_taken_for_each_other() {
    let kind = AccessTokenRules { kind: AccessTokenKind::Rfc9068, ..rules() };
    assert_eq!(rule(&token(&header(), okta()), &kind), "typ");
    assert_eq!(rule(&token(&header(), rfc9068()), &kind), "typ");
    assert_eq!(rule(&token(&at_jwt(), okta()), &rules()), "typ");
    assert_eq!(rule(&token(&at_jwt(), okta()), &kind), "client_id");
    assert_eq!(rule(&token(&header(), rfc9068()), &rules()), "cid");
    // An ID token of the same server, by the same key.
    assert_eq!(rule(&token(&header(), id_claims()), &rules()), "aud");
    // Also where an API has taken its client id for its audience.
    let careless = AccessTokenRules { audience: CLIENT, ..rules() };
    assert_eq!(rule(&token(&header(), id_claims()), &careless), "cid");
    assert_eq!(rule(&token(&header(), with(id_claims(), "cid", json!(CLIENT))), &careless), "nonce");
    for typ in ["dpop+jwt", "logout+jwt", "secevent+jwt"] {
        let header = json!({"alg": "RS256", "kid": "k1", "typ": typ});
        assert_eq!(rule(&token(&header, okta()), &rules()), "typ");
        assert_eq!(rule(&token(&header, rfc9068()), &kind), "typ");
    }
    assert_eq!(rule("opaque", &rules()), "parts");
}

#[test]
fn clients_scopes_keys_and_algorithms_are_what_the_api_wants() {
    let good = token(&header(), okta());
    let of = |clients| AccessTokenRules { clients, ..rules() };
    assert_eq!(rule(&good, &of(&["0oa9", CLIENT])), "");
    assert_eq!(rule(&good, &of(&["0oa9"])), "cid");
    let wants = |scopes| AccessTokenRules { scopes, ..rules() };
    assert_eq!(rule(&good, &wants(&["orders.read", "openid"])), "");
    assert_eq!(rule(&good, &wants(&["orders.read", "orders.write"])), "scp");
    assert_eq!(rule(&good, &wants(&["orders"])), "scp");
    assert_eq!(rule(&token(&header(), with(okta(), "scp", Value::Null)), &wants(&["openid"])), "scp");

    let bound = token(&header(), with(okta(), "cnf", json!({ "jkt": JKT })));
    let proved = |thumbprint| AccessTokenRules { key_thumbprint: thumbprint, ..rules() };
    assert_eq!(check(&bound, &proved(Some(JKT))).unwrap().key_thumbprint(), Some(JKT));
    assert_eq!(rule(&bound, &proved(Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"))), "cnf");
    assert_eq!(rule(&bound, &proved(Some(""))), "cnf");
    assert_eq!(rule(&bound, &proved(None)), "cnf");
    assert_eq!(rule(&good, &proved(Some(JKT))), "cnf");

    assert_eq!(rule(&good, &AccessTokenRules { algorithms: &[Algorithm::Es256], ..rules() }), "alg");
    assert_eq!(rule(&token(&json!({"alg": "RS256", "kid": "k2"}), okta()), &rules()), "kid");
    assert_eq!(rule(&token(&json!({"alg": "RS256", "kid": "k0"}), okta()), &rules()), "signature");
}
