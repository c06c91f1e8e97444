//! What a server may say of itself, and what it may not (oauth.md D1 and D2).

use interaction_code::{
    ErrorKind,
    http::Response,
    limits::MAX_METADATA_BYTES,
    oauth::{Endpoint, Issuer, Metadata},
};

const ISSUER: &str = "https://as.example/tenant";

fn document(issuer: &str) -> String {
    format!(
        r#"{{"issuer":"{issuer}","authorization_endpoint":"https://login.example/authorize?x=1",
        "token_endpoint":"https://as.example/token","jwks_uri":"https://as.example/keys",
        "pushed_authorization_request_endpoint":"https://as.example/par","code_challenge_methods_supported":["S256"],
        "authorization_response_iss_parameter_supported":true,"unknown":{{"a":[1]}}}}"#
    )
}

fn parse_at(issuer: &str, body: &str) -> Result<Metadata, interaction_code::Error> {
    let response = Response::new(200, body).header("Content-Type", "application/json");
    Metadata::parse(&response, &Issuer::parse(issuer).unwrap())
}

#[test]
fn the_document_is_asked_for_below_the_issuer_and_read() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let request = Metadata::request(&issuer);
    assert_eq!(request.url, "https://as.example/tenant/.well-known/openid-configuration");
    assert_eq!(request.max_body, MAX_METADATA_BYTES);
    let metadata = parse_at(ISSUER, &document(ISSUER)).unwrap();
    assert!(metadata.names_issuer_in_callback && metadata.was_discovered && !metadata.requires_pushed_authorization);
    assert_eq!(metadata.endpoint(Endpoint::Token, &issuer).unwrap(), "https://as.example/token");
    assert_eq!(metadata.endpoint(Endpoint::PushedAuthorization, &issuer).unwrap(), "https://as.example/par");
    // Some servers have a slash at the end of their name: then it is part of it.
    let slash = "https://as.example/tenant/";
    assert_eq!(parse_at(slash, &document(slash)).unwrap().issuer, slash);
    assert_eq!(Metadata::request(&Issuer::parse(slash).unwrap()).url, request.url);
}

#[test]
fn an_issuer_speaks_for_itself_only() {
    for other in [
        "https://evil.example/tenant",
        "https://as.example/tenant/",
        "https://as.example/Tenant",
        "https://AS.example/tenant",
        "http://as.example/tenant",
        "https://as.example:443/tenant",
        "https://as.example",
        "",
    ] {
        let error = parse_at(ISSUER, &document(other)).expect_err(other);
        assert_eq!(error.kind(), ErrorKind::Protocol, "{other}");
        assert!(error.text().contains("another issuer"), "{error}");
    }
    let twice = document(ISSUER).replacen('{', &format!(r#"{{"issuer":"{ISSUER}","#), 1);
    assert_eq!(parse_at(ISSUER, &twice).unwrap_err().kind(), ErrorKind::Protocol);
}

#[test]
fn what_is_no_document_is_an_error() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let good = document(ISSUER);
    for (from, to) in [
        (r#""token_endpoint""#, r#""tokenendpoint""#),
        (r#""https://as.example/keys""#, "1"),
        ("S256", "plain"),
        (r#"["S256"]"#, r#""S256""#),
        ("true", r#""true""#),
    ] {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good);
        assert_eq!(parse_at(ISSUER, &changed).unwrap_err().kind(), ErrorKind::Protocol, "{from}");
    }
    for (response, kind) in [
        (Response::new(200, *b"<html>").header("Content-Type", "text/html"), ErrorKind::Http),
        (Response::new(200, *b""), ErrorKind::Http),
        (Response::new(302, *b"").header("Location", "https://evil.example/x"), ErrorKind::Http),
        (Response::new(404, *b""), ErrorKind::Http),
        (Response::new(200, *b"[]").header("Content-Type", "application/json"), ErrorKind::Protocol),
    ] {
        assert_eq!(Metadata::parse(&response, &issuer).unwrap_err().kind(), kind);
    }
}

#[test]
fn endpoints_are_https() {
    for address in [
        "http://as.example/token",
        "https://user@as.example/token",
        "https://as.example@evil.example/token",
        "//as.example/token",
        "/token",
        "https://as.example/token#x",
        "https://as.exämple/token",
        "ftp://as.example/token",
        "http://127.0.0.1/token",
        "javascript:alert(1)",
    ] {
        let error =
            parse_at(ISSUER, &document(ISSUER).replace("https://as.example/token", address)).expect_err(address);
        assert_eq!(error.kind(), ErrorKind::ForeignOrigin, "{address}");
        assert!(!error.to_string().contains("/token") || address.starts_with('/'), "{error}");
    }
    // On this machine http will do, but only to this machine.
    let local = "http://127.0.0.1:4000";
    let plain = document(local).replace("https://as.example", local);
    assert!(parse_at(local, &plain).is_ok());
    assert!(parse_at(local, &plain.replace("http://127.0.0.1:4000/token", "http://as.example/token")).is_err());
    // An endpoint that nobody uses does no harm until then.
    let odd = document(ISSUER).replace("https://as.example/par", "http://as.example/par");
    let metadata = parse_at(ISSUER, &odd).unwrap();
    let error = metadata.endpoint(Endpoint::PushedAuthorization, &Issuer::parse(ISSUER).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignOrigin);
}

#[test]
fn of_okta_nothing_is_asked() {
    let issuer = Issuer::parse("https://acme.okta.com/oauth2/default/").unwrap();
    let metadata = Metadata::of_okta(&issuer);
    assert!(issuer.is_okta_path() && !metadata.was_discovered && !metadata.names_issuer_in_callback);
    assert_eq!(metadata.issuer, "https://acme.okta.com/oauth2/default");
    assert_eq!(metadata.authorization_endpoint, "https://acme.okta.com/oauth2/default/v1/authorize");
    assert_eq!(metadata.jwks_uri, "https://acme.okta.com/oauth2/default/v1/keys");
    for other in ["https://as.example", "https://as.example/x/oauth2", "https://as.example/oauth2x"] {
        assert!(!Issuer::parse(other).unwrap().is_okta_path(), "{other}");
    }
    assert!(Issuer::parse("https://acme.okta.com/oauth2").unwrap().is_okta_path());
}
