//! What the claims of an ID token must say.

use interaction_code::{
    Error, ErrorKind, Secret,
    jose::{VerifyError, base64url, sha256},
    oauth::{Claims, IdTokenRules, verify_id_token},
};
use serde_json::{Map, Value, json};

use crate::tokens::{ACCESS_TOKEN, CLIENT, ISSUER, NOW, claims, good, header, keys, nonce, sign};

fn check(token: &str, rules: &IdTokenRules<'_>, access_token: Option<&str>) -> Result<Claims, Error> {
    verify_id_token(token, &keys(), rules, access_token).map_err(|error| match error {
        VerifyError::Invalid(error) => error,
        VerifyError::OtherKeys(error) => panic!("{error}"),
    })
}

/// The rule that a payload breaks under the rules of a sign-in; `""` when it is good.
fn rule_of(payload: &str) -> &'static str {
    let nonce = nonce();
    match check(
        &sign(&header(), payload.as_bytes()),
        &IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW),
        Some(ACCESS_TOKEN),
    ) {
        Ok(_) => "",
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidToken);
            assert!(!error.to_string().contains("ada") && !error.to_string().contains("evil"), "{error}");
            error.rule().unwrap()
        }
    }
}

/// The good claims with one of them changed, or removed when `value` is `None`.
fn changed(name: &str, value: Option<Value>) -> Map<String, Value> {
    let mut claims = claims();
    match value {
        Some(value) => claims.insert(name.to_owned(), value),
        None => claims.remove(name),
    };
    claims
}

fn token_with(name: &str, value: Option<Value>) -> String {
    sign(&header(), Value::Object(changed(name, value)).to_string().as_bytes())
}

#[test]
fn a_good_token_tells_who_signed_in() {
    let nonce = nonce();
    let claims = check(&good(), &IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW), Some(ACCESS_TOKEN)).unwrap();
    assert_eq!((claims.subject(), claims.issuer()), ("00u1", ISSUER));
    assert_eq!((claims.issued_at(), claims.expires_at(), claims.auth_time()), (NOW - 5, NOW + 3595, Some(NOW - 30)));
    assert_eq!((claims.name(), claims.preferred_username()), (Some("Ada Lovelace"), Some("ada@example.com")));
    assert_eq!((claims.email(), claims.acr()), (Some("ada@example.com"), Some("urn:okta:loa:2fa:any")));
    assert_eq!((claims.amr(), claims.groups()), (vec!["pwd", "otp"], vec!["a", "b"]));
    assert_eq!(claims.get("ver"), Some(&json!(1)));
    assert_eq!(serde_json::from_str::<Value>(claims.raw()).unwrap(), Value::Object(crate::tokens::claims()));
    let printed = format!("{claims:?}");
    assert!(printed.contains("email") && !printed.contains("ada") && !printed.contains("00u1"), "{printed}");
}

#[test]
fn one_change_breaks_one_rule() {
    let absent = None;
    let over = 61;
    for (name, value, expected) in [
        ("iss", Some(json!("https://evil.example")), "iss"),
        ("iss", Some(json!("https://acme.okta.com/oauth2/default/")), "iss"),
        ("iss", Some(json!("https://acme.okta.com/oauth2/Default")), "iss"),
        ("iss", Some(json!("https://ACME.okta.com/oauth2/default")), "iss"),
        ("iss", Some(json!("http://acme.okta.com/oauth2/default")), "iss"),
        ("iss", Some(json!("https://acme.okta.com:443/oauth2/default")), "iss"),
        ("iss", Some(json!("https://acme.okta.com")), "iss"),
        ("iss", Some(json!([ISSUER])), "iss"),
        ("iss", Some(json!(1)), "iss"),
        ("iss", absent.clone(), "iss"),
        ("aud", Some(json!([CLIENT])), ""),
        ("aud", Some(json!("api://default")), "aud"),
        ("aud", Some(json!("0oa1 ")), "aud"),
        ("aud", Some(json!("0OA1")), "aud"),
        ("aud", Some(json!([])), "aud"),
        ("aud", Some(json!([CLIENT, "evil"])), "aud"),
        ("aud", Some(json!([CLIENT, 1])), "aud"),
        ("aud", Some(json!([[CLIENT]])), "aud"),
        ("aud", Some(json!({"a": CLIENT})), "aud"),
        ("aud", Some(json!(1)), "aud"),
        ("aud", absent.clone(), "aud"),
        ("azp", Some(json!(CLIENT)), ""),
        ("azp", Some(json!("evil")), "azp"),
        ("azp", Some(json!(1)), "azp"),
        ("azp", Some(json!([CLIENT])), "azp"),
        ("azp", Some(json!(null)), "azp"),
        ("exp", Some(json!(NOW - 59)), ""),
        ("exp", Some(json!(NOW - 60)), "exp"),
        ("exp", Some(json!(NOW as f64 + 0.5)), ""),
        ("exp", Some(json!(0)), "exp"),
        ("exp", Some(json!(-1)), "exp"),
        ("exp", Some(json!(i64::MIN)), "exp"),
        ("exp", Some(json!(u64::MAX)), ""),
        ("exp", Some(json!("1795172400")), "exp"),
        ("exp", Some(json!(null)), "exp"),
        ("exp", absent.clone(), "exp"),
        ("iat", Some(json!(NOW + 60)), ""),
        ("iat", Some(json!(NOW + over)), "iat"),
        ("iat", Some(json!(NOW - 660)), ""),
        ("iat", Some(json!(NOW - 661)), "iat"),
        ("iat", Some(json!(i64::MIN)), "iat"),
        ("iat", Some(json!("1795168800")), "iat"),
        ("iat", absent.clone(), "iat"),
        ("nbf", Some(json!(NOW + 60)), ""),
        ("nbf", Some(json!(NOW + over)), "nbf"),
        ("nbf", Some(json!("0")), "nbf"),
        ("sub", Some(json!("x".repeat(255))), ""),
        ("sub", Some(json!("x".repeat(256))), "sub"),
        ("sub", Some(json!("")), "sub"),
        ("sub", Some(json!(1)), "sub"),
        ("sub", Some(json!("a\0b")), "sub"),
        ("sub", Some(json!("é")), "sub"),
        ("sub", absent.clone(), "sub"),
        ("nonce", Some(json!("of-another-sign-in")), "nonce"),
        ("nonce", Some(json!("")), "nonce"),
        ("nonce", Some(json!([crate::tokens::NONCE])), "nonce"),
        ("nonce", absent.clone(), "nonce"),
        ("auth_time", absent.clone(), ""),
        ("auth_time", Some(json!(NOW + over)), "auth_time"),
        ("auth_time", Some(json!("1795168800")), "auth_time"),
        ("at_hash", absent.clone(), ""),
        ("at_hash", Some(json!("77QmUPtjPfzWtF2AnpK9RA")), "at_hash"),
        ("at_hash", Some(json!("77QmUPtjPfzWtF2AnpK9RQ==")), "at_hash"),
        ("at_hash", Some(json!(base64url::encode(&sha256(ACCESS_TOKEN.as_bytes())))), "at_hash"),
        ("at_hash", Some(json!(base64url::encode(&[7; 24]))), "at_hash"),
        ("at_hash", Some(json!("")), "at_hash"),
        ("at_hash", Some(json!(1)), "at_hash"),
        ("ds_hash", Some(json!("x")), ""),
        ("acr", absent, ""),
    ] {
        let payload = Value::Object(changed(name, value)).to_string();
        assert_eq!(rule_of(&payload), expected, "{name}: {payload:.300}");
    }
}

#[test]
fn the_text_of_the_claims_is_strict() {
    let text = Value::Object(claims()).to_string();
    let insert = |member: &str| text.replacen('{', &format!("{{{member},"), 1);
    for (name, payload) in [
        ("aud twice", insert(r#""aud":"0oa1""#)),
        ("aud twice, escaped", insert(r#""\u0061ud":"evil""#)),
        ("twice, deep", insert(r#""x":{"a":1,"a":1}"#)),
        ("100 deep", insert(&format!("\"x\":{}1{}", "[".repeat(100), "]".repeat(100)))),
        ("17 deep", insert(&format!("\"x\":{}1{}", "[".repeat(16), "]".repeat(16)))),
        ("lone surrogate", insert(r#""x":"\ud800""#)),
        ("1e400", insert(r#""x":1e400"#)),
        ("exp 1e400", text.replace(&(NOW + 3595).to_string(), "1e400")),
        ("a string", "\"x\"".to_owned()),
        ("nothing", String::new()),
        ("two objects", format!("{text}{text}")),
    ] {
        assert_eq!(rule_of(&payload), "json", "{name}");
    }
    assert_eq!(rule_of(&insert(&format!("\"x\":{}1{}", "[".repeat(15), "]".repeat(15)))), "");
}

#[test]
fn other_tokens_of_the_server_are_no_id_tokens() {
    // Okta's access token: same issuer and key, another audience, `cid` for the client.
    let access = json!({"iss": ISSUER, "aud": "api://default", "cid": CLIENT, "sub": "ada@example.com", "uid": "00u1",
        "iat": NOW, "exp": NOW + 3600, "scp": ["openid"]});
    assert_eq!(rule_of(&access.to_string()), "aud");
    // A logout token has no nonce.
    let logout = json!({"iss": ISSUER, "aud": CLIENT, "sub": "00u1", "iat": NOW, "exp": NOW + 120, "jti": "x",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}}});
    assert_eq!(rule_of(&logout.to_string()), "nonce");
}

#[test]
fn what_was_asked_for_must_have_happened() {
    let nonce = nonce();
    let rules = || IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW);
    let rule = |token: &str, rules: &IdTokenRules<'_>| match check(token, rules, Some(ACCESS_TOKEN)) {
        Ok(_) => "",
        Err(error) => error.rule().unwrap(),
    };
    // max_age, in seconds; the leeway is added.
    let aged = |max_age| IdTokenRules { max_age: Some(max_age), ..rules() };
    assert_eq!(rule(&good(), &aged(0)), "");
    assert_eq!(rule(&token_with("auth_time", Some(json!(NOW - 360))), &aged(300)), "");
    assert_eq!(rule(&token_with("auth_time", Some(json!(NOW - 361))), &aged(300)), "auth_time");
    assert_eq!(rule(&token_with("auth_time", Some(json!(0))), &aged(u64::MAX)), "");
    assert_eq!(rule(&token_with("auth_time", None), &aged(300)), "auth_time");
    assert_eq!(rule(&token_with("auth_time", Some(json!(null))), &aged(300)), "auth_time");

    let asked = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    for (values, token, expected) in [
        (asked(&["urn:okta:loa:2fa:any"]), good(), ""),
        (asked(&["phr", "urn:okta:loa:2fa:any"]), good(), ""),
        (asked(&["phr"]), good(), "acr"),
        (asked(&["phr"]), token_with("acr", None), "acr"),
        (asked(&["phr"]), token_with("acr", Some(json!(["phr"]))), "acr"),
        (asked(&["urn:okta:loa:2fa:any:ifpossible"]), token_with("acr", None), ""),
    ] {
        assert_eq!(rule(&token, &IdTokenRules { acr_values: &values, ..rules() }), expected, "{values:?}");
    }

    // A leeway of more than two minutes is not given.
    let wide = IdTokenRules { leeway: std::time::Duration::from_secs(3600), ..rules() };
    assert_eq!(rule(&token_with("exp", Some(json!(NOW - 119))), &wide), "");
    assert_eq!(rule(&token_with("exp", Some(json!(NOW - 121))), &wide), "exp");
    let none = IdTokenRules { leeway: std::time::Duration::ZERO, ..rules() };
    assert_eq!(rule(&token_with("exp", Some(json!(NOW))), &none), "exp");
    assert_eq!(rule(&token_with("iat", Some(json!(NOW + 1))), &none), "iat");
}

#[test]
fn audiences_can_be_allowed_on_purpose() {
    let nonce = nonce();
    let rules = IdTokenRules { extra_audiences: &["api"], ..IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW) };
    let rule = |members: Value| {
        let mut claims = claims();
        claims.extend(members.as_object().unwrap().clone());
        check(&sign(&header(), Value::Object(claims).to_string().as_bytes()), &rules, None)
            .map_err(|e| e.rule().unwrap())
            .err()
    };
    assert_eq!(rule(json!({"aud": [CLIENT, "api"], "azp": CLIENT})), None);
    assert_eq!(rule(json!({"aud": [CLIENT, "api"]})), Some("azp"));
    assert_eq!(rule(json!({"aud": [CLIENT, "api"], "azp": "api"})), Some("azp"));
    assert_eq!(rule(json!({"aud": [CLIENT, "other"], "azp": CLIENT})), Some("aud"));
    // `azp` never stands in for `aud`.
    assert_eq!(rule(json!({"aud": "api", "azp": CLIENT})), Some("aud"));
}

#[test]
fn tokens_that_come_together_belong_together() {
    let nonce = nonce();
    let secret = Secret::from(ACCESS_TOKEN);
    let rules = IdTokenRules { device_secret: Some(&secret), ..IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW) };
    assert!(check(&token_with("ds_hash", Some(json!(crate::tokens::AT_HASH))), &rules, None).is_ok());
    let error = check(&token_with("ds_hash", Some(json!("x"))), &rules, None).unwrap_err();
    assert_eq!(error.rule(), Some("ds_hash"));
    let error = check(&good(), &rules, Some("another")).unwrap_err();
    assert_eq!(error.rule(), Some("at_hash"));
    // Without an access token there is nothing to compare with; without a nonce sent there is none to ask for.
    let later = IdTokenRules { nonce: None, max_issue_age: None, ..rules };
    let mut old = changed("iat", Some(json!(NOW - 100_000)));
    old.remove("nonce");
    assert!(check(&sign(&header(), Value::Object(old).to_string().as_bytes()), &later, None).is_ok());
}

#[test]
fn a_refreshed_token_belongs_to_the_one_before() {
    let before = Claims::of_kept(&good()).unwrap();
    assert_eq!((before.subject(), before.issuer(), before.issued_at()), ("00u1", ISSUER, NOW - 5));
    let rules = IdTokenRules {
        previous: Some(&before),
        extra_audiences: &["api"],
        ..IdTokenRules::new(ISSUER, CLIENT, None, NOW)
    };
    let absent = None;
    for (name, value, expected) in [
        ("ver", Some(json!(1)), None),
        ("iat", Some(json!(NOW)), None),
        ("iat", Some(json!(NOW - 6)), Some("iat")),
        ("sub", Some(json!("00u2")), Some("sub")),
        ("sub", Some(json!("00U1")), Some("sub")),
        ("azp", Some(json!(CLIENT)), Some("azp")),
        ("nonce", absent.clone(), None),
        ("nonce", Some(json!("another")), Some("nonce")),
        ("nonce", Some(json!([crate::tokens::NONCE])), Some("nonce")),
        ("auth_time", absent, None),
        ("auth_time", Some(json!(NOW - 29)), Some("auth_time")),
        ("auth_time", Some(json!(NOW - 31)), Some("auth_time")),
        ("at_hash", Some(json!("77QmUPtjPfzWtF2AnpK9RA")), Some("at_hash")),
    ] {
        let outcome = check(&token_with(name, value.clone()), &rules, Some(ACCESS_TOKEN));
        assert_eq!(outcome.err().map(|error| error.rule().unwrap()), expected, "{name}: {value:?}");
    }
    // Every audience of before is there still; more of them only as the app allows.
    let several = |audiences: Value| {
        let mut claims = changed("aud", Some(audiences));
        claims.insert("azp".to_owned(), json!(CLIENT));
        sign(&header(), Value::Object(claims).to_string().as_bytes())
    };
    let wide = Claims::of_kept(&several(json!([CLIENT, "api"]))).unwrap();
    let rules = IdTokenRules { previous: Some(&wide), ..rules };
    assert!(check(&several(json!(["api", CLIENT])), &rules, None).is_ok());
    assert_eq!(check(&several(json!([CLIENT])), &rules, None).unwrap_err().rule(), Some("aud"));

    for damaged in ["", "a.b.c", "x", &good()[..40], "e30.e30.e30"] {
        assert_eq!(Claims::of_kept(damaged).unwrap_err().rule(), Some("json"), "{damaged}");
    }
}

#[test]
fn the_servers_clock_explains_and_never_helps() {
    let nonce = nonce();
    for ahead in [None, Some(0), Some(60), Some(-60), Some(61), Some(-3600), Some(i64::MIN), Some(i64::MAX)] {
        let rules = IdTokenRules { server_ahead: ahead, ..IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW) };
        for (name, value) in [
            ("exp", json!(NOW - 60)),
            ("iat", json!(NOW + 61)),
            ("iat", json!(NOW - 661)),
            ("nbf", json!(NOW + 61)),
            ("auth_time", json!(NOW + 61)),
        ] {
            let error = check(&token_with(name, Some(value)), &rules, None).unwrap_err();
            let told = ahead.filter(|ahead| !(-60..=60).contains(ahead));
            assert_eq!((error.rule(), error.clock_skew()), (Some(name), told));
            assert_eq!(error.text().contains("the server's"), told.is_some(), "{error}");
            assert!(error.advice().contains("date and time"), "{error}");
        }
        assert!(check(&good(), &rules, None).is_ok());
        assert_eq!(check(&token_with("sub", None), &rules, None).unwrap_err().clock_skew(), None);
    }
    let rules = IdTokenRules { server_ahead: Some(-300), ..IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW) };
    assert_eq!(
        check(&token_with("exp", Some(json!(NOW - 300))), &rules, None).unwrap_err().text(),
        "the ID token has expired 300 s ago by this device, whose clock is 300 s ahead of the server's"
    );
}

#[test]
fn a_refusal_says_what_to_do() {
    let nonce = nonce();
    let rules = IdTokenRules::new(ISSUER, CLIENT, Some(&nonce), NOW);
    let error = check(&token_with("exp", Some(json!(NOW - 300))), &rules, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the ID token has expired 300 s ago by this device. Check the date and time of this device"
    );
}
