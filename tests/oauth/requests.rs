//! Golden requests.

use interaction_code::{
    Secret,
    http::{Method, Request},
    oauth::{ClientAuthentication, Grant, InteractParameters, Issuer, Pkce, StartOptions},
};

const RANDOM: [u8; 32] = [
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240,
    91, 88, 5, 88, 83, 132, 141, 121,
];

fn issuer() -> Issuer {
    Issuer::parse("https://acme.okta.com/oauth2/default").unwrap()
}

fn parameters() -> InteractParameters {
    InteractParameters {
        client_id: "0oa1".into(),
        redirect_uri: "com.example:/cb".into(),
        scopes: vec!["openid".into(), "profile".into(), "offline_access".into()],
        state: "Zk3".into(),
        nonce: "9aX".into(),
        challenge: Pkce::from_random(&RANDOM).challenge(),
        ..InteractParameters::default()
    }
}

fn made(issuer: &Issuer, auth: &ClientAuthentication, parameters: &InteractParameters) -> Request {
    auth.request(issuer, &parameters.client_id, &parameters.form(auth).unwrap())
}

fn body(request: &Request) -> &str {
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.header_value("Content-Type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.header_value("Accept"), Some("application/json"));
    std::str::from_utf8(&request.body).unwrap()
}

#[test]
fn interact_of_a_public_client() {
    let request = made(&issuer(), &ClientAuthentication::None, &parameters());
    assert_eq!(request.url, "https://acme.okta.com/oauth2/default/v1/interact");
    assert_eq!(
        body(&request),
        "client_id=0oa1&scope=openid+profile+offline_access&redirect_uri=com.example%3A%2Fcb\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=Zk3&nonce=9aX"
    );
    assert_eq!(request.headers.len(), 2);
    let org = Issuer::parse("https://acme.okta.com").unwrap();
    let request = made(&org, &ClientAuthentication::None, &parameters());
    assert_eq!(request.url, "https://acme.okta.com/oauth2/v1/interact");
}

#[test]
fn interact_with_everything() {
    let parameters = InteractParameters {
        options: StartOptions {
            login_hint: Some("ada+1@example.com".into()),
            acr_values: vec!["urn:okta:loa:2fa:any".into(), "phr".into()],
            max_age: Some(0),
            activation_token: Some("a&b".into()),
            recovery_token: Some("c=d".into()),
            extra: vec![("idp".into(), "0oaG".into()), ("ü".into(), "1 % 2".into())],
            ..StartOptions::default()
        },
        ..parameters()
    };
    // `interact` takes the secret in the body whatever the method at `token` is.
    for auth in [ClientAuthentication::SecretPost("s:1".into()), ClientAuthentication::SecretBasic("s:1".into())] {
        let request = made(&issuer(), &auth, &parameters);
        assert_eq!(
            body(&request),
            "client_id=0oa1&scope=openid+profile+offline_access&redirect_uri=com.example%3A%2Fcb\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=Zk3&nonce=9aX\
             &login_hint=ada%2B1%40example.com&acr_values=urn%3Aokta%3Aloa%3A2fa%3Aany+phr&max_age=0\
             &activation_token=a%26b&recovery_token=c%3Dd&idp=0oaG&%C3%BC=1+%25+2&client_secret=s%3A1"
        );
        assert_eq!(request.header_value("Authorization"), None);
    }
}

#[test]
fn redeeming_a_code() {
    let redeem = |auth: ClientAuthentication| {
        let pkce = Pkce::from_random(&RANDOM);
        let (code, verifier) = (Secret::from("ic_4f"), pkce.verifier().clone());
        let grant = Grant::InteractionCode { code, verifier, redirect_uri: "com.example:/cb".to_owned() };
        let form = grant.form();
        let printed = format!("{grant:?} {form:?}");
        assert!(!printed.contains("ic_4f") && !printed.contains("dBjft"), "{printed}");
        auth.request(&issuer(), "0oa1", &form)
    };
    let common = "grant_type=interaction_code&interaction_code=ic_4f&redirect_uri=com.example%3A%2Fcb\
                  &code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let public = redeem(ClientAuthentication::None);
    assert_eq!(public.url, "https://acme.okta.com/oauth2/default/v1/token");
    assert_eq!(body(&public), format!("client_id=0oa1&{common}"));
    assert_eq!(public.header_value("Authorization"), None);

    let post = redeem(ClientAuthentication::SecretPost("s:1".into()));
    assert_eq!(body(&post), format!("client_id=0oa1&{common}&client_secret=s%3A1"));
    assert_eq!(post.header_value("Authorization"), None);

    let basic = redeem(ClientAuthentication::SecretBasic("s:1".into()));
    assert_eq!(body(&basic), common);
    assert_eq!(basic.header_value("Authorization"), Some("Basic MG9hMTpzJTNBMQ=="));
    let printed = format!("{basic:?} {post:?}");
    assert!(!printed.contains("MG9h") && !printed.contains("ic_4f") && !printed.contains("dBjft"), "{printed}");
}
