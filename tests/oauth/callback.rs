//! The URL that the app is opened with: what is accepted, and for which rule the rest is refused.

use interaction_code::{
    Error, ErrorKind, Secret,
    oauth::{Callback, Issuer},
};

const REDIRECT: &str = "com.example.app:/callback";

fn parse(url: &str) -> Result<Callback, Error> {
    parse_at(REDIRECT, url)
}

fn parse_at(redirect_uri: &str, url: &str) -> Result<Callback, Error> {
    Callback::parse(url, redirect_uri, &Secret::from("s-1+/="))
}

fn rule_at(redirect_uri: &str, url: &str) -> &'static str {
    match parse_at(redirect_uri, url) {
        Ok(_) => "",
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidCallback);
            assert!(!error.to_string().contains("s3cret"), "{error}");
            error.rule().unwrap()
        }
    }
}

#[test]
fn every_answer_is_told_apart() {
    let state = "state=s-1%2B%2F%3D";
    let code = |callback| match callback {
        Ok(Callback::InteractionCode(code)) => code.expose().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code(parse(&format!("{REDIRECT}?interaction_code=ic%5F1&{state}"))), "ic_1");
    assert_eq!(code(parse(&format!("{REDIRECT}?{state}&interaction_code=ic_1&unknown=1&unknown=2#_=_"))), "ic_1");
    assert_eq!(code(parse(&format!("{REDIRECT}?{state}&interaction_code=ic_1#"))), "ic_1");
    let required = parse(&format!("{REDIRECT}?error=interaction_required&error_description=x&{state}"));
    assert!(matches!(required, Ok(Callback::InteractionRequired)));
    assert!(
        matches!(parse(&format!("{REDIRECT}?otp=123456&{state}")), Ok(Callback::Otp(otp)) if otp.expose() == "123456")
    );
    let Ok(Callback::Failed(error)) =
        parse(&format!("{REDIRECT}?error=access_denied&error_description=no%1B%5B31m+way&{state}"))
    else {
        panic!()
    };
    assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, Some("access_denied")));
    assert_eq!(error.oauth_description(), Some("no [31m way"));
    assert!(error.advice().contains("Identity Engine"));
    let printed = format!("{:?}", parse(&format!("{REDIRECT}?interaction_code=s3cret&{state}")));
    assert!(!printed.contains("s3cret"), "{printed}");
}

#[test]
fn what_is_not_the_answer_is_refused() {
    let state = "state=s-1%2B%2F%3D";
    let code = "interaction_code=s3cret";
    for (rest, expected) in [
        (format!("?{code}"), "state"),
        (format!("?{code}&state="), "state"),
        (format!("?{code}&state=other"), "state"),
        (format!("?{code}&state=s-1"), "state"),
        // Not encoded: `+` is a blank.
        (format!("?{code}&state=s-1+/="), "state"),
        ("?error=access_denied".to_owned(), "state"),
        ("?error=access_denied&state=other".to_owned(), "state"),
        (format!("?{code}&{state}&{state}"), "duplicate"),
        (format!("?{code}&{state}&state=other"), "duplicate"),
        (format!("?{code}&{code}&{state}"), "duplicate"),
        (format!("?{code}&interaction%5Fcode=x&{state}"), "duplicate"),
        (format!("?error=a&error=b&{state}"), "duplicate"),
        (format!("?code=a&code=b&{state}"), "duplicate"),
        (format!("?{code}&iss=a&iss=b&{state}"), "duplicate"),
        (format!("?code=a&error=b&{state}"), "ambiguous"),
        (format!("?{code}&error=b&{state}"), "ambiguous"),
        (format!("?{code}&otp=1&{state}"), "ambiguous"),
        (format!("?code=s3cret&{state}"), "code"),
        (format!("?interaction_code=&{state}"), "code"),
        (format!("?interaction_code=a%00b&{state}"), "code"),
        (format!("?interaction_code=%FF&{state}"), "code"),
        (format!("?otp=&{state}"), "code"),
        (format!("?error=&{state}"), "code"),
        (format!("?{state}"), "empty"),
        (format!("?Interaction_Code=x&{state}"), "empty"),
        (String::new(), "state"),
        ("?".to_owned(), "state"),
        (format!("#{code}&{state}"), "fragment"),
        (format!("?{code}&{state}#x"), "fragment"),
        (format!("?{code}&{state}#_=_x"), "fragment"),
        (format!("/?{code}&{state}"), "address"),
        (format!("/../x?{code}&{state}"), "address"),
        (format!("x?{code}&{state}"), "address"),
        (format!("&{code}&{state}"), "address"),
        (format!("?{code}&{state}&x={}", "x".repeat(16 * 1024)), "size"),
    ] {
        assert_eq!(rule_at(REDIRECT, &format!("{REDIRECT}{rest}")), expected, "{rest:.200}");
    }
}

#[test]
fn the_address_is_compared_as_text() {
    let registered = "https://app.example/login/callback";
    let answer = "?interaction_code=s3cret&state=s-1%2B%2F%3D";
    assert_eq!(rule_at(registered, &format!("{registered}{answer}")), "");
    for other in [
        "https://app.example/login",
        "https://app.example/login/callback/",
        "https://app.example/login/../login/callback",
        "https://app.example/login/%63allback",
        "https://app.example/login/callback%2e",
        "https://app.example./login/callback",
        "https://app.example:443/login/callback",
        "https://ada@app.example/login/callback",
        "https://app.example@evil.example/login/callback",
        "https://evil.example/login/callback",
        "http://app.example/login/callback",
        "HTTPS://app.example/login/callback",
        "https://APP.example/login/callback",
        " https://app.example/login/callback",
        "//app.example/login/callback",
        "",
    ] {
        assert_eq!(rule_at(registered, &format!("{other}{answer}")), "address", "{other}");
    }
    // The port of a loopback redirect is part of the address.
    assert_eq!(
        rule_at("http://127.0.0.1:8080/callback", &format!("http://127.0.0.1:8081/callback{answer}")),
        "address"
    );
    // A registered query stays in front.
    let with_query = "https://app.example/cb?tenant=a";
    let rest = &answer[1..];
    assert_eq!(rule_at(with_query, &format!("{with_query}&{rest}")), "");
    for other in ["https://app.example/cb?", "https://app.example/cb?tenant=b&", "https://app.example/cb?tenant=ab&"] {
        assert_eq!(rule_at(with_query, &format!("{other}{rest}")), "address", "{other}");
    }
}

#[test]
fn a_named_issuer_must_be_this_one() {
    let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
    let parse = |iss: &str| {
        let url = format!("{REDIRECT}?interaction_code=x&state=s{iss}");
        Callback::parse_from(Some(&issuer), &url, REDIRECT, &Secret::from("s")).map_err(|error| error.rule().unwrap())
    };
    assert!(parse("").is_ok());
    assert!(parse("&iss=https%3A%2F%2Facme.okta.com%2Foauth2%2Fdefault").is_ok());
    for other in ["&iss=https%3A%2F%2Fevil.example", "&iss=https%3A%2F%2Facme.okta.com%2Foauth2%2Fdefault%2F", "&iss="]
    {
        assert_eq!(parse(other).err(), Some("iss"), "{other}");
    }
}
