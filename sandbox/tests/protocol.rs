//! The rules around the steps: handles, lifetimes, single use, PKCE, client authentication, tokens and what becomes of
//! them, CORS.

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::Duration;
use support::*;

#[test]
fn an_answered_form_cannot_be_answered_again() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    let first = sign_in.form("identify");
    sign_in.identify("ada");
    assert_ne!(sign_in.now["stateHandle"], first["value"].as_array().unwrap().last().unwrap()["value"]);
    let second = sign_in.form("challenge-authenticator");
    sign_in.send(&first, json!({"identifier": "bob@example.com"}));
    assert_eq!((sign_in.status, sign_in.top()), (403, vec!["errors.E0000079"]));
    // The transaction itself is unharmed, and still about the same person.
    assert_eq!(sign_in.now["user"]["value"]["identifier"], "ada@example.com");
    sign_in.introspect();
    sign_in.password(PASSWORD);
    // A credential under an earlier handle is not even looked at.
    sign_in.send(&second, json!({"credentials": {"passcode": PASSWORD}}));
    assert_eq!((sign_in.status, sign_in.top()), (401, vec!["idx.session.expired"]));
}

#[test]
fn a_state_handle_is_good_for_the_steps_after_it_until_cancel() {
    // auth-js goes on from a page that it kept: for what carries no credential, its handle is still good.
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-signup");
    let first = sign_in.form("identify");
    let handle = first["value"].as_array().unwrap().last().unwrap()["value"].clone();
    sign_in.identify("ada");
    let recover = sign_in.now["currentAuthenticatorEnrollment"]["value"]["recover"].clone();
    sign_in.send(&recover, json!({"stateHandle": handle}));
    assert_eq!((sign_in.status, sign_in.names()), (200, vec!["select-authenticator-authenticate"]));
    sign_in.action("", "cancel");
    sign_in.send(&first, json!({"identifier": "ada@example.com"}));
    assert_eq!((sign_in.status, sign_in.top()), (401, vec!["idx.session.expired"]));
    assert!(sign_in.now.get("stateHandle").is_none() && sign_in.now.get("remediation").is_none());
    sign_in.introspect();
    sign_in.identify("ada").password(PASSWORD);
}

#[test]
fn a_refused_form_may_be_tried_again_with_the_old_handle_or_the_new() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada");
    let old = sign_in.form("challenge-authenticator");
    let before = sign_in.now["stateHandle"].clone();
    sign_in.password("wrong");
    assert_eq!((sign_in.status, sign_in.top()), (401, vec!["incorrectPassword"]));
    assert_ne!(sign_in.now["stateHandle"], before);
    sign_in.send(&old, json!({"credentials": {"passcode": "wrong again"}}));
    assert_eq!(sign_in.top(), ["incorrectPassword"]);
    sign_in.send(&old, json!({"credentials": {"passcode": PASSWORD}}));
    sign_in.finish();
}

#[test]
fn introspect_is_idempotent_by_either_handle() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada");
    let shown = sign_in.now.clone();
    sign_in.introspect();
    assert_eq!(sign_in.now, shown);
    let url = format!("{}/idp/idx/introspect", sandbox.origin());
    let by_state = post_json(&sign_in.agent, &url, &json!({"stateToken": shown["stateHandle"]}));
    assert_eq!(by_state.json, shown);
    assert_eq!(by_state.header("content-type"), "application/ion+json; okta-version=1.0.0");
    for bad in [
        json!({"interactionHandle": "nonsense"}),
        json!({"stateToken": "nonsense"}),
        json!({}),
        json!({"interactionHandle": 5}),
    ] {
        let refused = post_json(&sign_in.agent, &url, &bad);
        assert!(refused.status == 401 || refused.status == 400);
        assert!(refused.header("content-type").contains("application/json"));
        assert_eq!(refused.json["version"], "1.0.0");
    }
}

#[test]
fn transactions_expire() {
    let sandbox = start_with(|world| world.lifetimes.transaction = Duration::from_secs(3));
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    let form = sign_in.form("identify");
    std::thread::sleep(Duration::from_secs(3));
    sign_in.send(&form, json!({"identifier": "ada@example.com"}));
    assert_eq!((sign_in.status, sign_in.top()), (401, vec!["idx.session.expired"]));
    sign_in.introspect();
    assert_eq!((sign_in.status, sign_in.top()), (401, vec!["idx.session.expired"]));
}

#[test]
fn cancel_starts_over_under_the_same_handle() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    let (code, done) = (sign_in.code(), sign_in.now.clone());
    sign_in.action("", "cancel");
    assert_eq!(sign_in.names(), ["identify"]);
    assert!(sign_in.now.get("user").is_none());
    let form = [
        ("grant_type", "interaction_code"),
        ("interaction_code", &code),
        ("client_id", "app-password"),
        ("code_verifier", VERIFIER),
    ];
    let href = done["successWithInteractionCode"]["href"].as_str().unwrap();
    assert_eq!(post_form(&sign_in.agent, href, &form).json["error"], "invalid_grant");
    sign_in.introspect();
    sign_in.identify("ada").password(PASSWORD);
    sign_in.finish();
}

#[test]
fn accounts_lock() {
    let sandbox = start_with(|world| world.limits.lock_after = 3);
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password("wrong").password("wrong").password(PASSWORD);
    sign_in.finish();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password("wrong").password("wrong").password("wrong");
    assert_eq!(sign_in.top(), ["incorrectPassword"]);
    sign_in.password(PASSWORD);
    assert_eq!((sign_in.status, sign_in.top()), (401, vec!["errors.E0000004"]));
    sandbox.reset();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    sign_in.finish();
}

#[test]
fn unknown_users_and_missing_fields() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("nobody");
    assert_eq!((sign_in.status, sign_in.top()), (200, vec!["idx.unknown.user"]));
    assert_eq!(sign_in.names(), ["identify"]);
    sign_in.submit("identify", json!({}));
    assert_eq!((sign_in.status, sign_in.messages()), (400, vec!["error.username.required".to_owned()]));
    sign_in.submit("identify", json!({"identifier": {"a": 1}}));
    assert_eq!(sign_in.status, 400);
    sign_in.identify("ada").password("");
    assert_eq!((sign_in.status, sign_in.messages()), (400, vec!["error.password.required".to_owned()]));
    let mut one_form = SignIn::begin(&sandbox, "app-one-form");
    for user in ["nobody@example.com", "ada@example.com"] {
        one_form.submit("identify", json!({"identifier": user, "credentials": {"passcode": "wrong"}}));
        assert_eq!((one_form.status, one_form.top()), (401, vec!["errors.E0000004"]));
    }
}

#[test]
fn a_code_is_redeemed_once_with_the_right_verifier() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    let tokens = sign_in.tokens();
    assert_eq!(tokens.status, 200);
    assert_eq!(tokens.header("cache-control"), "no-store");
    let again = sign_in.tokens();
    assert_eq!((again.status, &again.json["error"]), (400, &json!("invalid_grant")));
    // Reuse ends what was issued.
    let userinfo = sign_in
        .agent
        .get(format!("{}/v1/userinfo", sandbox.issuer()))
        .header("authorization", format!("Bearer {}", tokens.json["access_token"].as_str().unwrap()))
        .call();
    assert_eq!(read(userinfo.unwrap()).status, 401);

    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    let wrong = sign_in.redeem(&VERIFIER.replace('a', "b"));
    assert_eq!(wrong.json["error_description"], "PKCE verification failed.");
    assert_eq!(sign_in.tokens().json["error"], "invalid_grant", "a failed try burns the code");
}

#[test]
fn codes_expire() {
    let sandbox = start_with(|world| world.lifetimes.interaction_code = Duration::from_millis(50));
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    std::thread::sleep(Duration::from_millis(80));
    let late = sign_in.tokens();
    assert_eq!((late.status, &late.json["error"]), (400, &json!("invalid_grant")));
}

#[test]
fn a_code_is_bound_to_client_server_and_redirect_uri() {
    let sandbox = start();
    for (name, value) in [("client_id", "app-email"), ("redirect_uri", "com.example.app:/other")] {
        let mut sign_in = SignIn::begin(&sandbox, "app-password");
        sign_in.identify("ada").password(PASSWORD);
        let code = sign_in.code();
        let mut form = vec![
            ("grant_type", "interaction_code"),
            ("interaction_code", &code),
            ("code_verifier", VERIFIER),
            (name, value),
        ];
        if name != "client_id" {
            form.push(("client_id", "app-password"));
        }
        let answer = post_form(&sign_in.agent, &format!("{}/v1/token", sandbox.issuer()), &form);
        assert_eq!(answer.json["error"], "invalid_grant", "{name}");
    }
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    sign_in.now["successWithInteractionCode"]["href"] = format!("{}/oauth2/v1/token", sandbox.origin()).into();
    assert_eq!(sign_in.tokens().json["error"], "invalid_grant");
}

#[test]
fn interact_checks_what_it_is_given() {
    let sandbox = start();
    let (agent, challenge, url) = (agent(), challenge(), format!("{}/v1/interact", sandbox.issuer()));
    let good = interact_form("app-password", &challenge);
    let with = |name: &str, value: Option<&'static str>| -> Answer {
        let mut form: Vec<(&str, &str)> = good.iter().filter(|(known, _)| *known != name).copied().collect();
        form.extend(value.map(|value| (name.to_owned().leak() as &str, value)));
        post_form(&agent, &url, &form)
    };
    for (name, value, status, error) in [
        ("client_id", None, 401, "invalid_client"),
        ("client_id", Some("nobody"), 401, "invalid_client"),
        ("client_id", Some("app-web"), 401, "invalid_client"),
        ("client_secret", Some("x"), 401, "invalid_client"),
        ("redirect_uri", None, 400, "invalid_request"),
        ("redirect_uri", Some("com.example.app:/callback/"), 400, "invalid_request"),
        ("code_challenge", None, 400, "invalid_request"),
        ("code_challenge", Some("test"), 400, "invalid_request"),
        ("code_challenge_method", Some("plain"), 400, "invalid_request"),
        ("code_challenge_method", None, 400, "invalid_request"),
        ("state", None, 400, "invalid_request"),
        ("scope", None, 400, "invalid_request"),
        ("scope", Some("openid nonsense"), 400, "invalid_scope"),
        ("acr_values", Some("urn:nonsense"), 400, "invalid_request"),
        ("max_age", Some("soon"), 400, "invalid_request"),
        ("activation_token", Some("x"), 400, "invalid_request"),
        ("recovery_token", Some("x"), 400, "invalid_request"),
    ] {
        let answer = with(name, value);
        assert_eq!((answer.status, answer.json["error"].as_str()), (status, Some(error)), "{name} {value:?}");
        assert!(!answer.header("x-okta-request-id").is_empty());
    }
    let web: Vec<_> =
        good.iter().copied().filter(|(name, _)| *name != "client_id").chain([("client_id", "app-web")]).collect();
    for (secret, status) in [(None, 401), (Some("sandbox-secret"), 200), (Some("wrong"), 401)] {
        let form: Vec<_> = web.iter().copied().chain(secret.map(|secret| ("client_secret", secret))).collect();
        assert_eq!(post_form(&agent, &url, &form).status, status, "{secret:?}");
    }
    let twice: Vec<_> = good.iter().copied().chain([("state", "other")]).collect();
    assert_eq!(post_form(&agent, &url, &twice).json["error"], "invalid_request");
    assert_eq!(post_json(&agent, &url, &json!({"client_id": "app-password"})).json["error"], "invalid_request");
    let off = start_with(|world| world.client_mut("app-password").unwrap().interaction_code = false);
    let answer = post_form(&agent, &format!("{}/v1/interact", off.issuer()), &good);
    assert_eq!((answer.status, answer.json["error"].as_str()), (400, Some("unauthorized_client")));
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
}

#[test]
fn the_confidential_client_authenticates() {
    let sandbox = start();
    let url = format!("{}/v1/token", sandbox.issuer());
    for (secret, header, status) in [
        (Some("sandbox-secret"), None, 200),
        (None, Some(basic("app-web", "sandbox-secret")), 200),
        (None, Some(basic("app-web", "wrong")), 401),
        (None, Some("Basic ???".to_owned()), 401),
        (Some("wrong"), None, 401),
        (None, None, 401),
        (Some("sandbox-secret"), Some(basic("app-web", "sandbox-secret")), 400),
    ] {
        let mut sign_in = SignIn::begin(&sandbox, "app-web");
        sign_in.identify("ada").password(PASSWORD);
        let code = sign_in.code();
        let mut form =
            vec![("grant_type", "interaction_code"), ("interaction_code", code.as_str()), ("code_verifier", VERIFIER)];
        if header.is_none() {
            form.push(("client_id", "app-web"));
        }
        form.extend(secret.map(|secret| ("client_secret", secret)));
        let mut request = sign_in.agent.post(&url);
        if let Some(header) = &header {
            request = request.header("authorization", header);
        }
        let answer = read(request.send_form(form).unwrap());
        assert_eq!(answer.status, status, "{secret:?} {header:?}: {}", answer.text);
    }
}

fn refresh(sign_in: &SignIn, token: &Value, scope: Option<&str>) -> Answer {
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("client_id", sign_in.client.as_str()),
        ("refresh_token", token.as_str().unwrap()),
    ];
    form.extend(scope.map(|scope| ("scope", scope)));
    post_form(&sign_in.agent, &format!("{}/v1/token", sign_in.sandbox.issuer()), &form)
}

#[test]
fn refresh_tokens_rotate_and_reuse_ends_the_family() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    let first = sign_in.tokens().json;
    let second = refresh(&sign_in, &first["refresh_token"], None).json;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let keys = get(&sign_in.agent, &format!("{}/v1/keys", sandbox.issuer())).json;
    assert!(verify(second["id_token"].as_str().unwrap(), &keys).get("nonce").is_none());
    let wider = refresh(&sign_in, &second["refresh_token"], Some("openid phone"));
    assert_eq!(wider.json["error"], "invalid_scope");
    let narrow = refresh(&sign_in, &second["refresh_token"], Some("openid offline_access")).json;
    assert_eq!(narrow["scope"], "openid offline_access");
    assert_eq!(refresh(&sign_in, &first["refresh_token"], None).json["error"], "invalid_grant");
    assert_eq!(refresh(&sign_in, &narrow["refresh_token"], None).json["error"], "invalid_grant", "the family is over");
}

#[test]
fn no_openid_no_id_token_and_no_offline_access_no_refresh_token() {
    let sandbox = start();
    let (agent, challenge) = (agent(), challenge());
    let form: Vec<_> = interact_form("app-password", &challenge)
        .into_iter()
        .filter(|(name, _)| *name != "nonce")
        .map(|(name, value)| (name, if name == "scope" { "profile" } else { value }))
        .collect();
    let handle = post_form(&agent, &format!("{}/v1/interact", sandbox.issuer()), &form).json;
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.handle = handle["interaction_handle"].as_str().unwrap().into();
    sign_in.introspect();
    sign_in.identify("ada").password(PASSWORD);
    let tokens = sign_in.tokens().json;
    assert!(tokens.get("id_token").is_none() && tokens.get("refresh_token").is_none());
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let userinfo = agent.get(format!("{}/v1/userinfo", sandbox.issuer())).header("authorization", bearer).call();
    assert_eq!(read(userinfo.unwrap()).status, 403);
}

#[test]
fn tokens_are_used_asked_about_and_ended() {
    let sandbox = start();
    for issuer in [sandbox.issuer(), sandbox.org_issuer()] {
        let mut sign_in = SignIn::begin_at(&sandbox, "app-password", issuer.clone());
        sign_in.identify("ada").password(PASSWORD);
        let tokens = sign_in.tokens().json;
        let discovered = discovery(&sign_in.agent, &issuer);
        assert_eq!(discovered["issuer"], issuer.as_str());
        assert_eq!(discovered["code_challenge_methods_supported"], json!(["S256"]));
        let oauth = get(&sign_in.agent, &format!("{issuer}/.well-known/oauth-authorization-server")).json;
        assert_eq!(oauth, discovered);
        let endpoint = |name: &str| discovered[name].as_str().unwrap().to_owned();
        let keys = get(&sign_in.agent, &endpoint("jwks_uri")).json;
        let access = tokens["access_token"].as_str().unwrap();
        let claims = verify(tokens["id_token"].as_str().unwrap(), &keys);
        if issuer.ends_with("default") {
            let claims = verify(access, &keys);
            assert_eq!((&claims["aud"], &claims["cid"]), (&json!("api://default"), &json!("app-password")));
        } else {
            // It has the form of a JWT, but nobody else can check it.
            let header = URL_SAFE_NO_PAD.decode(access.split('.').next().unwrap()).unwrap();
            let header: Value = serde_json::from_slice(&header).unwrap();
            assert!(header["kid"].is_string() && list(&keys["keys"]).iter().all(|key| key["kid"] != header["kid"]));
        }
        let userinfo = || {
            let request = sign_in.agent.get(endpoint("userinfo_endpoint"));
            read(request.header("authorization", format!("Bearer {access}")).call().unwrap())
        };
        assert_eq!(userinfo().json["sub"], claims["sub"]);
        let ask = |token: &str| {
            let form = [("client_id", "app-password"), ("token", token)];
            post_form(&sign_in.agent, &endpoint("introspection_endpoint"), &form).json
        };
        assert_eq!((&ask(access)["active"], &ask(access)["client_id"]), (&json!(true), &json!("app-password")));
        assert_eq!(ask("nonsense"), json!({"active": false}));
        let revoke = |token: &str| {
            let form = [("client_id", "app-password"), ("token", token)];
            post_form(&sign_in.agent, &endpoint("revocation_endpoint"), &form).status
        };
        assert_eq!(revoke("nonsense"), 200);
        assert_eq!(ask(access)["active"], true);
        assert_eq!(revoke(tokens["refresh_token"].as_str().unwrap()), 200);
        assert_eq!(ask(access)["active"], false);
        assert_eq!(userinfo().status, 401);
        assert!(userinfo().header("www-authenticate").contains("invalid_token"));
    }
}

#[test]
fn logout_returns_where_it_may() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    let hint = sign_in.tokens().json["id_token"].as_str().unwrap().to_owned();
    let logout = |query: &str| get(&sign_in.agent, &format!("{}/v1/logout?{query}", sandbox.issuer()));
    let answer = logout(&format!("id_token_hint={hint}&post_logout_redirect_uri=com.example.app:/logout&state=a%20b"));
    assert_eq!((answer.status, answer.header("location")), (302, "com.example.app:/logout?state=a+b"));
    assert_eq!(logout(&format!("id_token_hint={hint}")).status, 200);
    assert_eq!(logout(&format!("id_token_hint={hint}&post_logout_redirect_uri=com.evil:/")).status, 400);
    assert_eq!(logout(&format!("id_token_hint={}x", hint)).status, 400);
    assert_eq!(logout("").status, 400);
}

#[test]
fn browsers_are_let_in() {
    let sandbox = start();
    let agent = agent();
    let url = format!("{}/idp/idx/introspect", sandbox.origin());
    let preflight = agent
        .options(&url)
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,x-okta-user-agent-extended")
        .call();
    let preflight = read(preflight.unwrap());
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(preflight.header("access-control-allow-credentials"), "true");
    assert_eq!(preflight.header("access-control-allow-headers"), "content-type,x-okta-user-agent-extended");
    assert!(preflight.header("vary").contains("Origin"));
    let answer = agent.post(&url).header("origin", "http://localhost:3000").send("{}").unwrap();
    let answer = read(answer);
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
    assert!(answer.header("access-control-expose-headers").contains("X-Okta-Request-Id"));

    let strict = start_with(|world| world.org.trusted_origins = vec!["http://localhost:3000".into()]);
    let request = agent.get(format!("{}/v1/keys", strict.issuer())).header("origin", "http://localhost:3001");
    assert_eq!(read(request.call().unwrap()).header("access-control-allow-origin"), "");
}

#[test]
fn rates_are_limited() {
    let sandbox = start_with(|world| world.limits.requests_per_minute = 3);
    let agent = agent();
    let challenge = challenge();
    let url = format!("{}/v1/interact", sandbox.issuer());
    let statuses: Vec<u16> =
        (0..5).map(|_| post_form(&agent, &url, &interact_form("app-password", &challenge)).status).collect();
    // A minute may end in between, once.
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    let refused = post_form(&agent, &url, &interact_form("app-password", &challenge));
    if refused.status == 429 {
        assert_eq!(refused.json["errorCode"], "E0000047");
    }
    assert!(!refused.header("x-rate-limit-reset").is_empty());
}
