//! Whatever comes from outside: no panic, and never a way around a check.

use interaction_code::{
    Secret,
    http::Response,
    jose::{KeySet, Profile, base64url, json, verify},
    oauth::{Callback, Issuer, TokenResponse, error_from_response, interaction_handle, path_of, retry_after},
};
use proptest::prelude::*;

/// Text that looks like an address often enough to get past the first check.
fn address() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "https://",
        "http://",
        "HTTPS://",
        "acme.okta.com",
        "evil.com",
        "@",
        ":",
        "443",
        "/",
        "\\",
        "?",
        "#",
        ".",
        "..",
        "%2e",
        "%00",
        "\t",
        " ",
        "é",
        "xn--",
        "[::1]",
        "127.0.0.1",
        "localhost",
        "//",
        "oauth2",
        "v1",
        "_=_",
        "&",
        "state=s",
        "interaction_code=x",
        "error=",
        "com.example:/cb",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #[test]
    fn an_address_that_is_followed_is_the_orgs(text in address()) {
        let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
        if let Ok(href) = issuer.check_href(&text) {
            prop_assert!(href.starts_with("https://acme.okta.com/"));
            prop_assert_eq!(url::Url::parse(&href).unwrap().origin().ascii_serialization(), issuer.origin());
        }
        let _ = path_of(&text);
        if let Ok(other) = Issuer::parse(&text) {
            prop_assert!(other.as_str().starts_with("https://") || other.is_loopback_http());
            let again = Issuer::parse(other.as_str()).unwrap();
            prop_assert_eq!(again, other);
        }
    }

    #[test]
    fn a_callback_that_is_believed_has_the_state(text in address()) {
        if Callback::parse(&text, "com.example:/cb", &Secret::from("s")).is_ok() {
            prop_assert!(text.starts_with("com.example:/cb?") && text.contains("state=s"));
        }
    }

    #[test]
    fn bytes_are_read_or_refused(status in 0..1000_u16, json in any::<bool>(), body: Vec<u8>, header: String) {
        let _ = KeySet::parse(&body);
        let _ = json::parse_object(&body);
        let text = String::from_utf8_lossy(&body);
        let three = format!("{}.{}.{}", base64url::encode(&body), text, base64url::encode(header.as_bytes()));
        prop_assert!(verify(&text, &KeySet::default(), &Profile::ID_TOKEN).is_err());
        prop_assert!(verify(&three, &KeySet::default(), &Profile::ID_TOKEN).is_err());
        let mut response = Response::new(status, body).header("Retry-After", &header).header("Location", &header);
        response = response.header("Content-Type", if json { "application/json" } else { &header });
        let _ = retry_after(&response);
        prop_assert!(error_from_response(&response, "it").http_status() == Some(status));
        prop_assert!(interaction_handle(&response).is_err() && TokenResponse::parse(&response, &["openid"]).is_err());
    }

    #[test]
    fn base64url_has_one_form(bytes: Vec<u8>, text: String) {
        prop_assert_eq!(base64url::decode(&base64url::encode(&bytes)), Some(bytes));
        if let Some(bytes) = base64url::decode(&text) {
            prop_assert_eq!(base64url::encode(&bytes), text);
        }
    }

    #[test]
    fn strict_json_is_what_serde_json_reads(value in json_value()) {
        let text = serde_json::json!({ "a": value }).to_string();
        let expected: serde_json::Map<_, _> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(json::parse_object(text.as_bytes()).ok(), Some(expected));
    }
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}
