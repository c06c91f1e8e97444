//! The URL that a browser is sent out with, the same pushed beforehand, what is kept meanwhile, and what may come back.

use interaction_code::{
    Error, ErrorKind, Secret,
    http::Response,
    limits::{AUTHORIZATION_LIFETIME, MAX_AUTHORIZE_URL_BYTES},
    oauth::{
        AuthorizeOptions, CodeCallback, Grant, Pending, Pushed,
        pending::{AUTHORIZATION_VERSION, Binding},
    },
};

const ISSUER: &str = "https://as.example";
const REDIRECT: &str = "com.example.app:/callback";
const BEGUN: i64 = 1_700_000_000;

fn binding() -> Binding<'static> {
    Binding { issuer: ISSUER, client_id: "0oa1", redirect_uri: REDIRECT }
}

fn pending() -> Pending {
    let mut pending = Pending::new(binding(), &[[1; 32], [2; 32], [3; 32]], BEGUN);
    pending.scopes = vec!["openid".into(), "profile".into()];
    pending
}

fn query(url: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

fn value(pairs: &[(String, String)], name: &str) -> String {
    let found: Vec<_> = pairs.iter().filter(|(other, _)| other == name).collect();
    assert_eq!(found.len(), 1, "{name} once");
    found[0].1.clone()
}

#[test]
fn the_url_is_the_same_every_time() {
    let url = AuthorizeOptions::default().url("https://as.example/authorize", &pending()).unwrap();
    assert_eq!(
        url,
        "https://as.example/authorize?client_id=0oa1&response_type=code&redirect_uri=com.example.app%3A%2Fcallback\
         &scope=openid+profile&state=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE&nonce=AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\
         &code_challenge=9H8dZVL7_Xd3bTvIcPHyn9OJzAWqA-0MVCNJv4vHR_g&code_challenge_method=S256"
            .replace("9H8dZVL7_Xd3bTvIcPHyn9OJzAWqA-0MVCNJv4vHR_g", &pending().pkce.challenge())
    );
    let full = AuthorizeOptions {
        login_hint: Some("ada+x@example.com ü%".into()),
        prompt: vec!["login".into(), "consent".into()],
        acr_values: vec!["a".into(), "b".into()],
        max_age: Some(0),
        ui_locales: vec!["de-AT".into(), "de".into()],
        id_token_hint: Some("a.b.c".into()),
        idp: Some("0oaidp".into()),
        resources: vec!["https://api.example/a".into(), "urn:x".into()],
        extra: vec![("audience".into(), "x y".into())],
        ..AuthorizeOptions::default()
    };
    let pairs = query(&full.url("https://as.example/authorize?tenant=1", &pending()).unwrap());
    for (name, expected) in [
        ("tenant", "1"),
        ("login_hint", "ada+x@example.com ü%"),
        ("prompt", "login consent"),
        ("acr_values", "a b"),
        ("max_age", "0"),
        ("ui_locales", "de-AT de"),
        ("id_token_hint", "a.b.c"),
        ("idp", "0oaidp"),
        ("audience", "x y"),
        ("response_type", "code"),
    ] {
        assert_eq!(value(&pairs, name), expected);
    }
    assert_eq!(pairs.iter().filter(|(name, _)| name == "resource").count(), 2);
    assert!(!format!("{full:?}").contains("ada"));
}

#[test]
fn nothing_of_the_librarys_can_be_replaced() {
    let refused = |change: &dyn Fn(&mut AuthorizeOptions)| {
        let mut options = AuthorizeOptions::default();
        change(&mut options);
        options.url("https://as.example/authorize", &pending()).unwrap_err()
    };
    for name in
        ["state", "nonce", "client_id", "redirect_uri", "response_mode", "response_type", "request", "scope", ""]
    {
        let error = refused(&|options| options.extra.push((name.into(), "x".into())));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
    }
    refused(&|options| options.extra = vec![("a".into(), "1".into()), ("a".into(), "2".into())]);
    refused(&|options| options.prompt = vec!["none".into(), "login".into()]);
    refused(&|options| options.prompt = vec!["a b".into()]);
    refused(&|options| options.resources = vec!["https://a.example/#x".into()]);
    let long = refused(&|options| options.login_hint = Some("x".repeat(MAX_AUTHORIZE_URL_BYTES)));
    assert_eq!(long.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn a_pushed_request_has_the_same_parameters_and_an_answer_that_is_read_strictly() {
    let form = AuthorizeOptions::default().form(&pending()).unwrap();
    assert!(form.pairs.iter().any(|(name, value)| name == "redirect_uri" && value.expose() == REDIRECT));
    assert!(!form.pairs.iter().any(|(name, _)| name == "client_id"), "that is the authentication's");

    let parse = |status: u16, body: &str| {
        Pushed::parse(&Response::new(status, body).header("Content-Type", "application/json"))
    };
    let good = r#"{"request_uri":"urn:ietf:params:oauth:request_uri:6esc","expires_in":60}"#;
    let pushed = parse(201, good).unwrap();
    assert_eq!(
        pushed.url("https://as.example/authorize", "0oa1").unwrap(),
        "https://as.example/authorize?client_id=0oa1&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc"
    );
    let huge = good.replace("60", "18446744073709551615");
    assert_eq!(parse(201, &huge).unwrap().expires_in, u64::MAX);
    let long = good.replace("6esc", &"x".repeat(20_000));
    for (status, body, kind) in [
        (200, good, ErrorKind::Protocol),
        (201, "{}", ErrorKind::Protocol),
        (201, "[]", ErrorKind::Protocol),
        (201, r#"{"request_uri":"https://evil.example/x","expires_in":60}"#, ErrorKind::Protocol),
        (201, r#"{"request_uri":"","expires_in":60}"#, ErrorKind::Protocol),
        (201, r#"{"request_uri":"urn:a b","expires_in":60}"#, ErrorKind::Protocol),
        (201, r#"{"request_uri":"urn:a","expires_in":0}"#, ErrorKind::Protocol),
        (201, r#"{"request_uri":"urn:a","expires_in":-1}"#, ErrorKind::Protocol),
        (201, r#"{"request_uri":"urn:a","expires_in":"60"}"#, ErrorKind::Protocol),
        (201, r#"{"request_uri":"urn:a"}"#, ErrorKind::Protocol),
        (201, &long, ErrorKind::Protocol),
        (400, r#"{"error":"invalid_request"}"#, ErrorKind::OAuth),
        (401, r#"{"error":"invalid_client"}"#, ErrorKind::OAuth),
        (413, "", ErrorKind::Http),
        (429, "{}", ErrorKind::RateLimited),
        (302, "", ErrorKind::Http),
    ] {
        assert_eq!(parse(status, body).unwrap_err().kind(), kind, "{status} {body:.60}");
    }
}

#[test]
fn what_is_saved_is_bound_to_its_client_and_has_a_version() {
    let mut original = pending();
    original.max_age = Some(60);
    original.acr_values = vec!["a".into()];
    original.names_issuer = true;
    let saved = original.write().unwrap();
    let read = Pending::read(saved.expose(), binding()).unwrap();
    assert_eq!(read.write().unwrap(), saved);
    assert!(read.state == original.state && read.nonce == original.nonce && read.pkce == original.pkce);
    let Grant::AuthorizationCode { verifier, redirect_uri, .. } = read.grant("c".into()) else {
        panic!("a code grant")
    };
    assert!(verifier == *original.pkce.verifier() && redirect_uri == REDIRECT);
    assert!(!format!("{read:?} {saved:?}").contains("AQEB"));

    for (from, to) in [
        ("https://as.example", "https://as.example/"),
        ("0oa1", "0oa2"),
        ("com.example.app:/callback", "com.example.app:/other"),
        (r#""interaction_code_authorization":1"#, r#""interaction_code_authorization":2"#),
        (r#""created_at":"#, r#""created":"#),
        (r#""nonce":"AgIC"#, r#""nonce":1,"x":"AgIC"#),
        ("AwMD", "!!!!"),
    ] {
        let changed = saved.expose().replacen(from, to, 1);
        assert_ne!(changed, saved.expose(), "{from}");
        assert_eq!(Pending::read(&changed, binding()).unwrap_err().kind(), ErrorKind::InvalidSnapshot, "{from}");
    }
    assert_eq!(AUTHORIZATION_VERSION, 1);
    assert!(Pending::read(&"x".repeat(100_000), binding()).is_err());
    let life = AUTHORIZATION_LIFETIME.as_secs() as i64;
    assert!(!original.is_expired(BEGUN - 9_999) && !original.is_expired(BEGUN + life));
    assert!(original.is_expired(BEGUN + life + 1) && original.is_expired(i64::MAX));
}

fn back(pending: &Pending, url: &str) -> Result<CodeCallback, Error> {
    pending.callback(url, ISSUER)
}

#[test]
fn only_the_right_state_burns() {
    let pending = pending();
    let own = format!("state={}", pending.state.expose());
    let code = back(&pending, &format!("{REDIRECT}?code=c%2D1&{own}"));
    assert!(matches!(code, Ok(CodeCallback::Code(code)) if code.expose() == "c-1"));

    // Not this sign-in's: nothing is burnt.
    for (url, rule) in [
        (format!("{REDIRECT}?code=c"), "state"),
        (format!("{REDIRECT}?code=c&state="), "state"),
        (format!("{REDIRECT}?code=c&state=AQEB"), "state"),
        (format!("{REDIRECT}?error=access_denied"), "state"),
        (format!("{REDIRECT}?error=access_denied&state=x"), "state"),
        (format!("{REDIRECT}?code=c&{own}&{own}"), "duplicate"),
        (format!("{REDIRECT}#code=c&{own}"), "state"),
        (format!("{REDIRECT}/?code=c&{own}"), "address"),
        (format!("{REDIRECT}x?code=c&{own}"), "address"),
        (format!("COM.example.app:/callback?code=c&{own}"), "address"),
        (format!("com.example.app:/%63allback?code=c&{own}"), "address"),
        (format!("com.example.app:/x/../callback?code=c&{own}"), "address"),
        (format!("com.example.app://user@/callback?code=c&{own}"), "address"),
        (format!("{REDIRECT}?{}&{own}", "x".repeat(20_000)), "size"),
        (String::new(), "address"),
    ] {
        let error = back(&pending, &url).expect_err(&url);
        assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidCallback, Some(rule)), "{url:.80}");
        assert!(!error.to_string().contains("AQEB"), "{error}");
    }

    // The right state: used up, whatever came with it.
    for (rest, kind, rule) in [
        ("error=access_denied&error_description=no%1B%5B31m", ErrorKind::OAuth, None),
        ("error=login_required", ErrorKind::OAuth, None),
        ("error=interaction_required", ErrorKind::OAuth, None),
        ("error=consent_required", ErrorKind::OAuth, None),
        ("error=brand_new", ErrorKind::OAuth, None),
        ("code=c&error=access_denied", ErrorKind::InvalidCallback, Some("ambiguous")),
        ("code=c&code=d", ErrorKind::InvalidCallback, Some("duplicate")),
        ("code=c&iss=https://as.example&iss=https://as.example", ErrorKind::InvalidCallback, Some("duplicate")),
        ("code=c&iss=https://evil.example", ErrorKind::InvalidCallback, Some("iss")),
        ("code=c&iss=https://as.example/", ErrorKind::InvalidCallback, Some("iss")),
        ("interaction_code=c", ErrorKind::InvalidCallback, Some("code")),
        ("code=", ErrorKind::InvalidCallback, Some("code")),
        ("code=%00", ErrorKind::InvalidCallback, Some("code")),
        ("x=1", ErrorKind::InvalidCallback, Some("empty")),
    ] {
        let Ok(CodeCallback::Failed(error)) = back(&pending, &format!("{REDIRECT}?{rest}&{own}")) else {
            panic!("{rest}");
        };
        assert_eq!((error.kind(), error.rule()), (kind, rule), "{rest}");
        assert!(!error.to_string().contains('\u{1b}') && !error.to_string().contains("AQEB"), "{error}");
        assert!(!error.advice().is_empty() || error.oauth_error() == Some("brand_new"), "{error}");
    }
    let Ok(CodeCallback::Failed(error)) = back(&pending, &format!("{REDIRECT}?code=c&{own}#x=1")) else { panic!() };
    assert_eq!(error.rule(), Some("fragment"));
    let huge = format!("{REDIRECT}?error=x&error_description={}&{own}", "y".repeat(16_000));
    let Ok(CodeCallback::Failed(error)) = back(&pending, &huge) else { panic!() };
    assert!(error.oauth_description().unwrap().len() <= 4_000);
}

#[test]
fn a_server_that_names_itself_always_does() {
    let mut pending = pending();
    pending.names_issuer = true;
    let own = format!("code=c&state={}", pending.state.expose());
    let named = back(&pending, &format!("{REDIRECT}?{own}&iss=https%3A%2F%2Fas.example"));
    assert!(matches!(named, Ok(CodeCallback::Code(_))));
    let Ok(CodeCallback::Failed(error)) = back(&pending, &format!("{REDIRECT}?{own}")) else { panic!() };
    assert_eq!(error.rule(), Some("iss"));
    // A second server's code, fed to the sign-in at the first one.
    let other = Pending::new(Binding { issuer: "https://b.example", ..binding() }, &[[9; 32]; 3], BEGUN);
    assert!(back(&pending, &format!("{REDIRECT}?code=c&state={}", other.state.expose())).is_err());
    assert!(
        interaction_code::oauth::callback::state_of(&format!("{REDIRECT}?a=1&state=x%2By#z")).unwrap()
            == Secret::from("x+y")
    );
}
