//! Every client of the default world, signed in to by every user it concerns, over real sockets.

mod support;

use serde_json::json;
use support::*;

fn paths(sandbox: &interaction_code_sandbox::Sandbox) -> Vec<String> {
    let last = |path: &str| path.rsplit("/idp/idx/").next().unwrap().rsplit("/v1/").next().unwrap().to_owned();
    sandbox.requests().iter().map(|seen| last(&seen.path)).collect()
}

#[test]
fn password_takes_five_requests() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    assert_eq!(sign_in.names(), ["identify"]);
    sign_in.identify("ada");
    assert_eq!(sign_in.names(), ["challenge-authenticator"]);
    assert_eq!(sign_in.now["currentAuthenticatorEnrollment"]["value"]["key"], "okta_password");
    sign_in.password(PASSWORD);
    assert_eq!(sign_in.tokens().status, 200);
    assert_eq!(paths(&sandbox), ["interact", "introspect", "identify", "challenge/answer", "token"]);
}

#[test]
fn one_form_takes_four_requests() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-one-form");
    sign_in.submit("identify", json!({"identifier": "ada@example.com", "credentials": {"passcode": PASSWORD}}));
    assert_eq!(sign_in.tokens().status, 200);
    assert_eq!(paths(&sandbox), ["interact", "introspect", "identify", "token"]);
}

#[test]
fn email_takes_seven_requests() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-email");
    sign_in.identify("ada").password(PASSWORD);
    assert_eq!(sign_in.names(), ["select-authenticator-authenticate"]);
    assert!(sandbox.outbox().is_empty());
    sign_in.choose("select-authenticator-authenticate", "okta_email", json!({}));
    let current = &sign_in.now["currentAuthenticatorEnrollment"]["value"];
    assert_eq!(current["profile"]["email"], "a***a@example.com");
    assert!(current["resend"].is_object() && current["poll"]["refresh"].is_number());
    let code = sandbox.last_code("ada@example.com").unwrap();
    sign_in.passcode(&code);
    assert_eq!(sign_in.tokens().status, 200);
    let expected = ["interact", "introspect", "identify", "challenge/answer", "challenge", "challenge/answer", "token"];
    assert_eq!(paths(&sandbox), expected);
}

#[test]
fn confidential_client_on_both_servers() {
    let sandbox = start();
    for issuer in [sandbox.issuer(), sandbox.org_issuer()] {
        let mut sign_in = SignIn::begin_at(&sandbox, "app-web", issuer);
        sign_in.identify("ada").password(PASSWORD);
        let fields = list(&sign_in.now["successWithInteractionCode"]).iter();
        assert!(fields.clone().any(|field| field["name"] == "client_secret"));
        let claims = sign_in.finish();
        assert_eq!(claims["amr"], json!(["pwd"]));
        assert_eq!(claims["preferred_username"], "ada@example.com");
    }
}

#[test]
fn passwordless() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-passwordless");
    sign_in.identify("ada").choose("select-authenticator-authenticate", "okta_email", json!({}));
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    assert_eq!(sign_in.finish()["amr"], json!(["otp"]));
}

#[test]
fn every_password_user_of_the_single_factor_apps() {
    let sandbox = start();
    for client in ["app-password", "app-web"] {
        for user in ["ada", "bob"] {
            let mut sign_in = SignIn::begin(&sandbox, client);
            sign_in.identify(user).password(PASSWORD);
            assert_eq!(sign_in.finish()["email"], format!("{user}@example.com"));
        }
    }
}

#[test]
fn an_expired_password_is_changed() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("carol").password(PASSWORD);
    assert_eq!(sign_in.names(), ["reenroll-authenticator"]);
    let settings = &sign_in.now["currentAuthenticator"]["value"]["settings"];
    assert_eq!(settings["complexity"]["minLength"], 8);
    for bad in ["short", PASSWORD] {
        sign_in.submit("reenroll-authenticator", json!({"credentials": {"passcode": bad}}));
        assert_eq!(sign_in.status, 400);
        assert!(sign_in.messages().contains(&"password.passwordRequirementsNotMet".into()));
    }
    sign_in.submit("reenroll-authenticator", json!({"credentials": {"passcode": "Staple-Battery-7"}}));
    sign_in.finish();
    // From now on the new one counts, and nothing has to be changed.
    let mut again = SignIn::begin(&sandbox, "app-password");
    again.identify("carol").password(PASSWORD);
    assert_eq!(again.top(), ["incorrectPassword"]);
    again.password("Staple-Battery-7");
    again.finish();
}

#[test]
fn an_expiring_password_warns() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-one-form");
    sign_in.submit("identify", json!({"identifier": "erin@example.com", "credentials": {"passcode": PASSWORD}}));
    assert_eq!(sign_in.names(), ["reenroll-authenticator-warning", "skip"]);
    assert_eq!(sign_in.top(), ["idx.password.expiring.message"]);
    assert_eq!(sign_in.now["currentAuthenticator"]["value"]["settings"]["daysToExpiry"], 5);
    sign_in.submit("skip", json!({}));
    sign_in.finish();
    let mut change = SignIn::begin(&sandbox, "app-password");
    change.identify("erin").password(PASSWORD);
    change.submit("reenroll-authenticator-warning", json!({"credentials": {"passcode": "Staple-Battery-7"}}));
    change.finish();
}

#[test]
fn a_locked_account_looks_like_a_wrong_password() {
    let sandbox = start();
    for password in [PASSWORD, "wrong"] {
        let mut sign_in = SignIn::begin(&sandbox, "app-password");
        sign_in.identify("dan").password(password);
        assert_eq!((sign_in.status, sign_in.top()), (401, vec!["errors.E0000004"]));
        assert_eq!(sign_in.names(), ["challenge-authenticator"]);
    }
    let mut one_form = SignIn::begin(&sandbox, "app-one-form");
    one_form.submit("identify", json!({"identifier": "dan@example.com", "credentials": {"passcode": PASSWORD}}));
    assert_eq!((one_form.status, one_form.top()), (401, vec!["errors.E0000004"]));
    assert_eq!(one_form.names(), ["identify"]);
    let told = start_with(|world| world.limits.show_lockout = true);
    let mut sign_in = SignIn::begin(&told, "app-password");
    sign_in.identify("dan").password(PASSWORD);
    assert_eq!((sign_in.status, sign_in.top()), (403, vec!["error.auth.lockedOut"]));
}

#[test]
fn an_unassigned_user_ends_after_the_right_password() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-email");
    sign_in.identify("frank").password("wrong");
    assert_eq!(sign_in.top(), ["incorrectPassword"]);
    sign_in.password(PASSWORD);
    assert_eq!((sign_in.status, sign_in.top()), (400, vec!["idx.error.code.user_not_assigned"]));
    assert!(sign_in.names().is_empty());
    sign_in.introspect();
    assert_eq!(sign_in.top(), ["idx.error.code.user_not_assigned"]);
    sign_in.action("", "cancel");
    assert_eq!(sign_in.names(), ["identify"]);
}

#[test]
fn acr_values_ask_for_a_second_factor() {
    let sandbox = start();
    let agent = agent();
    let challenge = challenge();
    let mut form = interact_form("app-password", &challenge);
    form.push(("acr_values", "urn:okta:loa:2fa:any"));
    form.push(("login_hint", "ada@example.com"));
    let answer = post_form(&agent, &format!("{}/v1/interact", sandbox.issuer()), &form);
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.handle = answer.json["interaction_handle"].as_str().unwrap().into();
    sign_in.introspect();
    assert_eq!(sign_in.form("identify")["value"][0]["value"], "ada@example.com");
    sign_in.identify("ada").password(PASSWORD);
    sign_in.choose("select-authenticator-authenticate", "okta_email", json!({}));
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    let claims = sign_in.finish();
    assert_eq!(claims["acr"], "urn:okta:loa:2fa:any");
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
}

#[test]
fn many_at_once() {
    fn shared<T: Send + Sync>(_: &T) {}
    let sandbox = start();
    shared(&sandbox);
    std::thread::scope(|scope| {
        for user in ["ada", "bob", "ada", "bob"] {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for _ in 0..5 {
                    let mut sign_in = SignIn::begin(sandbox, "app-password");
                    sign_in.identify(user).password(PASSWORD);
                    assert_eq!(sign_in.finish()["preferred_username"], format!("{user}@example.com"));
                }
            });
        }
    });
}

#[test]
fn more_assurance_than_the_user_has() {
    let sandbox = start();
    let (agent, challenge) = (agent(), challenge());
    let mut form = interact_form("app-password", &challenge);
    form.push(("acr_values", "urn:okta:loa:2fa:any"));
    let answer = post_form(&agent, &format!("{}/v1/interact", sandbox.issuer()), &form);
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.handle = answer.json["interaction_handle"].as_str().unwrap().into();
    sign_in.introspect();
    sign_in.identify("bob").password(PASSWORD);
    assert_eq!(sign_in.names(), ["select-authenticator-enroll"], "bob may set one up");
}
