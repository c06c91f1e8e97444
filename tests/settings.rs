//! The settings of a client as JSON: every member arrives, and every mistake is named without its value.

use interaction_code::{ClientAuthentication, ClientBuilder, Error, ErrorKind, limits::MAX_SETTINGS_BYTES};
use serde_json::{Value, json};

/// Good settings, with these members more, or in place of theirs.
fn settings(more: Value) -> String {
    let mut all = json!({
        "issuer": "https://acme.okta.com/oauth2/default",
        "client_id": "0oa1",
        "redirect_uri": "com.acme:/callback",
    });
    let more = more.as_object().expect("members").clone();
    all.as_object_mut().unwrap().extend(more);
    all.to_string()
}

fn error_of(json: &str) -> Error {
    ClientBuilder::from_json(json).err().unwrap_or_else(|| panic!("{json} was taken"))
}

/// A client that needs no transport of the build's own.
#[cfg(not(feature = "ureq"))]
fn built(json: &str) -> interaction_code::Client {
    struct None;
    impl interaction_code::http::Transport for None {
        fn send(
            &self,
            _: &interaction_code::http::Request,
            _: &interaction_code::Call,
        ) -> interaction_code::Result<interaction_code::http::Response> {
            Err(Error::new(ErrorKind::Offline, "there is none"))
        }
    }
    ClientBuilder::from_json(json).unwrap().transport(std::sync::Arc::new(None)).build().unwrap()
}

#[cfg(feature = "ureq")]
fn built(json: &str) -> interaction_code::Client {
    ClientBuilder::from_json(json).unwrap().build().unwrap()
}

#[test]
fn every_member_arrives() {
    let client = built(&settings(json!({})));
    let config = client.config();
    assert_eq!(config.issuer.as_str(), "https://acme.okta.com/oauth2/default");
    assert_eq!((config.client_id.as_str(), config.redirect_uri.as_str()), ("0oa1", "com.acme:/callback"));
    assert_eq!(config.scopes, ["openid", "profile"], "the default of the builder");
    assert_eq!(config.authentication, ClientAuthentication::None);

    for scopes in [json!("openid  offline_access\n"), json!(["openid", "offline_access"])] {
        let client = built(&settings(json!({"scopes": scopes})));
        assert_eq!(client.config().scopes, ["openid", "offline_access"]);
    }
    let more = json!({"user_agent": "acme/3", "accept_language": "de-AT", "device_token": "0123456789abcdef"});
    built(&settings(more));
}

#[test]
fn how_tokens_are_verified_is_checked() {
    built(&settings(json!({"token_algorithms": "RS256 ES256", "clock_leeway_s": 120})));
    built(&settings(json!({"token_algorithms": ["PS256", "EdDSA"], "clock_leeway_s": 0})));
    for (wrong, name) in [
        (json!({"token_algorithms": "none"}), "`token_algorithms`"),
        (json!({"token_algorithms": ["HS256"]}), "`token_algorithms`"),
        (json!({"token_algorithms": "rs256"}), "`token_algorithms`"),
        (json!({"token_algorithms": 1}), "`token_algorithms`"),
        (json!({"clock_leeway_s": -1}), "`clock_leeway_s`"),
        (json!({"clock_leeway_s": "60"}), "`clock_leeway_s`"),
    ] {
        let error = error_of(&settings(wrong));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.text().contains(name), "{error}");
    }
    for wrong in [json!({"token_algorithms": []}), json!({"clock_leeway_s": 121})] {
        let built = ClientBuilder::from_json(&settings(wrong)).unwrap().build();
        assert_eq!(built.err().map(|error| error.kind()), Some(ErrorKind::InvalidArgument));
    }
}

#[test]
fn a_secret_decides_how_the_client_authenticates() {
    let of = |more: Value| built(&settings(more)).config().authentication.clone();
    let secret = || interaction_code::Secret::from("s3cret");
    assert_eq!(of(json!({"client_authentication": "none"})), ClientAuthentication::None);
    assert_eq!(of(json!({"client_secret": "s3cret"})), ClientAuthentication::SecretBasic(secret()));
    let both = |method: &str| json!({"client_secret": "s3cret", "client_authentication": method});
    assert_eq!(of(both("client_secret_basic")), ClientAuthentication::SecretBasic(secret()));
    assert_eq!(of(both("client_secret_post")), ClientAuthentication::SecretPost(secret()));
    let wrong = [
        both("none"),
        both("s3cret_jwt"),
        json!({"client_authentication": "client_secret_post"}),
        json!({"client_authentication": "s3cret_jwt"}),
        json!({"client_secret": ""}),
    ];
    for wrong in wrong {
        let error = error_of(&settings(wrong));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.text().contains("`client_") && !error.text().contains("s3cret"), "{error}");
    }
}

#[test]
fn a_missing_or_unknown_member_is_named() {
    for name in ["issuer", "client_id", "redirect_uri"] {
        let mut all: Value = serde_json::from_str(&settings(json!({}))).unwrap();
        all.as_object_mut().unwrap().remove(name);
        let error = error_of(&all.to_string());
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.text(), format!("the settings have no `{name}`"));
    }
    let error = error_of(r#"{"isuer": "s3cret"}"#);
    assert_eq!(error.text(), "the settings have an unknown member `isuer`");
    let long = "n".repeat(5000) + "\n\u{1b}[31m";
    let error = error_of(&settings(json!({long: "s3cret"})));
    assert!(error.to_string().len() < 300 && !error.to_string().contains(['\n', '\u{1b}']), "{error}");
}

#[test]
fn a_wrong_type_is_named_with_the_type_that_is_wanted() {
    let names = [
        "issuer",
        "client_id",
        "redirect_uri",
        "client_secret",
        "client_authentication",
        "discovery",
        "user_agent",
        "accept_language",
    ];
    for name in names {
        for wrong in [json!(5), json!(true), json!(null), json!(["s3cret"]), json!({"s3cret": 1})] {
            let error = error_of(&settings(json!({name: wrong})));
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert_eq!(error.text(), format!("`{name}` must be a text"));
        }
    }
    for wrong in [json!(5), json!(null), json!(["openid", 5]), json!({"s3cret": 1})] {
        let error = error_of(&settings(json!({"scopes": wrong})));
        assert_eq!(error.text(), "`scopes` must be a text of words, or a list of texts");
    }
    assert_eq!(error_of(&settings(json!({"network": "s3cret"}))).text(), "`network` must be an object");
}

#[test]
fn what_is_not_one_strict_object_is_refused() {
    for bad in ["", "[]", "null", "{", "{} {}", r#"{"issuer": "a", "issuer": "s3cret"}"#, &"[".repeat(100_000)] {
        let error = error_of(bad);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.text().starts_with("the settings: ") && !error.text().contains("s3cret"), "{error}");
    }
    let padded = |len: usize| {
        let json = settings(json!({}));
        let room = len - json.len();
        json + &" ".repeat(room)
    };
    assert!(ClientBuilder::from_json(&padded(MAX_SETTINGS_BYTES)).is_ok());
    assert_eq!(error_of(&padded(MAX_SETTINGS_BYTES + 1)).kind(), ErrorKind::LimitExceeded);
}

#[test]
fn values_are_checked_when_the_client_is_built() {
    for more in [json!({"issuer": "http://s3cret.example"}), json!({"scopes": ""}), json!({"scopes": []})] {
        let builder = ClientBuilder::from_json(&settings(more)).unwrap();
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
}

#[cfg(feature = "ureq")]
mod network {
    use super::*;

    fn network(members: Value) -> String {
        settings(json!({"network": members}))
    }

    #[test]
    fn every_member_arrives() {
        for proxy in ["system", "none", "http://proxy.acme.example:3128", "socks5://user:pass@127.0.0.1:1080"] {
            built(&network(json!({"proxy": proxy, "connect_timeout_ms": 3000, "read_timeout_ms": 1})));
        }
        let refused = |members: Value| {
            let error = ClientBuilder::from_json(&network(members)).unwrap().build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(!error.to_string().contains("s3cret"), "{error}");
            error.text().to_owned()
        };
        assert!(refused(json!({"proxy": "s3cret://s3cret"})).contains("proxy"));
        assert!(refused(json!({"connect_timeout_ms": 0})).contains("time limit"));
        assert!(refused(json!({"read_timeout_ms": 0})).contains("time limit"));
        assert!(refused(json!({"extra_roots_pem": "s3cret"})).contains("certificate"));
        assert!(refused(json!({"pinned_roots_pem": "s3cret"})).contains("certificate"));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let text = |members: Value| {
            let error = error_of(&network(members));
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            error.text().to_owned()
        };
        assert_eq!(text(json!({"poxy": "s3cret"})), "the settings have an unknown member `network.poxy`");
        assert_eq!(text(json!({"proxy": 5})), "`network.proxy` must be a text");
        for wrong in [json!(-1), json!(1.5), json!("5"), json!(null)] {
            let wanted = "`network.read_timeout_ms` must be a whole number, not negative";
            assert_eq!(text(json!({"read_timeout_ms": wrong})), wanted);
        }
        assert_eq!(text(json!({"extra_roots_pem": []})), "`network.extra_roots_pem` must be a text");
    }

    #[cfg(feature = "platform-verifier")]
    #[test]
    fn the_platform_may_decide_or_not() {
        for on in [true, false] {
            built(&network(json!({"platform_verifier": on})));
        }
        let error = error_of(&network(json!({"platform_verifier": "yes"})));
        assert_eq!(error.text(), "`network.platform_verifier` must be true or false");
    }

    #[cfg(not(feature = "platform-verifier"))]
    #[test]
    fn a_build_without_the_feature_says_so() {
        let error = error_of(&network(json!({"platform_verifier": true})));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.text().contains("feature `platform-verifier`"), "{error}");
    }
}

#[cfg(not(feature = "ureq"))]
#[test]
fn a_build_without_the_transport_says_so() {
    let error = error_of(&settings(json!({"network": {}})));
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.text().contains("feature `ureq`"), "{error}");
}
