//! Signing up, a forgotten password, a locked account.

mod support;

use interaction_code_sandbox::{EnrollmentSpec, Key};
use serde_json::json;
use support::*;

const SELECT: &str = "select-authenticator-authenticate";
const ENROLL: &str = "select-authenticator-enroll";

fn profile(email: &str) -> serde_json::Value {
    json!({"userProfile": {"firstName": "New", "lastName": "Person", "email": email}})
}

#[test]
fn signing_up() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-signup");
    assert_eq!(sign_in.names(), ["identify", "select-enroll-profile"]);
    sign_in.submit("select-enroll-profile", json!({}));
    assert_eq!(sign_in.names(), ["enroll-profile", "select-identify"]);
    sign_in.submit("enroll-profile", profile("nonsense"));
    assert_eq!(sign_in.status, 400);
    let field = &sign_in.form("enroll-profile")["value"][0]["form"]["value"][2];
    let keys: Vec<&str> =
        list(&field["messages"]).iter().map(|message| message["i18n"]["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["registration.error.invalidLoginEmail", "registration.error.doesNotMatchPattern"]);
    sign_in.submit("enroll-profile", profile("ADA@example.com"));
    assert_eq!(sign_in.messages(), ["registration.error.notUniqueWithinOrg"]);
    sign_in.submit("enroll-profile", json!({"userProfile": {"email": "new@example.com"}}));
    assert_eq!(sign_in.messages().len(), 2);
    sign_in.submit("enroll-profile", profile("new@example.com"));
    assert_eq!(sign_in.names(), [ENROLL]);
    sign_in.choose(ENROLL, "okta_email", json!({}));
    let code = sandbox.last_code("new@example.com").unwrap();
    sign_in.passcode(&code);
    sign_in.choose(ENROLL, "okta_password", json!({}));
    assert!(sign_in.now["currentAuthenticator"]["value"]["settings"]["complexity"].is_object());
    sign_in.passcode("weak");
    assert_eq!((sign_in.status, sign_in.messages()), (400, vec!["password.passwordRequirementsNotMet".to_owned()]));
    sign_in.passcode("Staple-Battery-7");
    let claims = sign_in.finish();
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("new@example.com"), &json!(true)));

    let mut again = SignIn::begin(&sandbox, "app-password");
    again.identify("new").password("Staple-Battery-7");
    again.finish();
}

#[test]
fn an_unfinished_sign_up_is_nobody() {
    let sandbox = start();
    let mut first = SignIn::begin(&sandbox, "app-signup");
    first.submit("select-enroll-profile", json!({})).submit("enroll-profile", profile("new@example.com"));
    let mut other = SignIn::begin(&sandbox, "app-signup");
    other.identify("new");
    assert_eq!(other.top(), ["idx.unknown.user"]);
    other.submit("select-enroll-profile", json!({})).submit("enroll-profile", profile("new@example.com"));
    assert_eq!(other.names(), [ENROLL]);
    first.introspect();
    assert_eq!(first.names(), ["identify", "select-enroll-profile"], "the first one starts over");
}

#[test]
fn the_sign_up_form_may_be_asked_for_again() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-signup");
    let enroll = sign_in.form("select-enroll-profile");
    sign_in.send(&enroll, json!({}));
    sign_in.submit("enroll-profile", profile("ada@example.com"));
    assert_eq!(sign_in.status, 400);
    sign_in.send(&enroll, json!({}));
    assert_eq!((sign_in.status, sign_in.names()), (200, vec!["enroll-profile", "select-identify"]));
    sign_in.submit("enroll-profile", profile("eve@example.com"));
    assert_eq!(sign_in.status, 200);
}

#[test]
fn sign_up_only_where_it_is_on() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-email");
    let handle = sign_in.now["stateHandle"].clone();
    let forged = json!({"href": format!("{}/idp/idx/enroll", sandbox.origin()), "value": []});
    sign_in.send(&forged, json!({"stateHandle": handle}));
    assert_eq!((sign_in.status, sign_in.top()), (403, vec!["errors.E0000079"]));
    assert_eq!(sign_in.names(), ["identify"]);
}

#[test]
fn back_to_the_first_page() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-signup");
    sign_in.submit("select-enroll-profile", json!({})).submit("select-identify", json!({}));
    assert_eq!(sign_in.names(), ["identify", "select-enroll-profile"]);
    sign_in.action("currentAuthenticator", "recover");
    assert_eq!(sign_in.names(), ["identify-recovery", "select-identify"]);
    sign_in.submit("select-identify", json!({}));
    assert_eq!(sign_in.names(), ["identify", "select-enroll-profile"]);
}

fn new_password(sign_in: &mut SignIn) {
    assert_eq!(sign_in.names(), [SELECT]);
    assert_eq!(sign_in.now["recoveryAuthenticator"]["value"]["key"], "okta_password");
    assert_eq!(sign_in.now["intent"], "CREDENTIAL_RECOVERY");
    sign_in.choose(SELECT, "okta_email", json!({}));
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    assert_eq!(sign_in.names(), ["reset-authenticator"]);
    assert_eq!(sign_in.now["recoveryAuthenticator"]["value"]["settings"]["complexity"]["minLength"], 8);
    sign_in.submit("reset-authenticator", json!({"credentials": {"passcode": "weak"}}));
    assert_eq!(sign_in.messages(), ["password.passwordRequirementsNotMet"]);
    let credentials = json!({"passcode": "Staple-Battery-7", "revokeSessions": true});
    sign_in.submit("reset-authenticator", json!({"credentials": credentials}));
    sign_in.finish();
}

#[test]
fn a_forgotten_password_from_the_first_page() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-signup");
    sign_in.action("currentAuthenticator", "recover");
    sign_in.submit("identify-recovery", json!({"identifier": "nobody@example.com"}));
    assert_eq!((sign_in.status, sign_in.top()), (200, vec!["idx.unknown.user"]));
    sign_in.submit("identify-recovery", json!({"identifier": "ada@example.com"}));
    new_password(&mut sign_in);
}

#[test]
fn a_forgotten_password_from_the_challenge() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-signup");
    sign_in.identify("ada").action("currentAuthenticatorEnrollment", "recover");
    new_password(&mut sign_in);
    let mut old = SignIn::begin(&sandbox, "app-password");
    old.identify("ada").password(PASSWORD);
    assert_eq!(old.top(), ["incorrectPassword"]);
    let mut bob = SignIn::begin(&sandbox, "app-signup");
    bob.identify("bob").action("currentAuthenticatorEnrollment", "recover");
    assert_eq!((bob.status, bob.top()), (403, vec!["oie.selfservice.reset.password.not.allowed"]));
}

#[test]
fn unlocking_an_account() {
    let sandbox = start_with(|world| {
        world.client_mut("app-password").unwrap().policy.unlock = vec![Key::Email];
        world.user_mut("dan@example.com").unwrap().enrollments.push(EnrollmentSpec::Email { address: None });
    });
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    assert_eq!(sign_in.names(), ["identify", "unlock-account"]);
    sign_in.submit("unlock-account", json!({}));
    let option = sign_in.option("select-authenticator-unlock-account", "okta_email", 0);
    let id = option["value"]["form"]["value"][0]["value"].clone();
    let choice = |user: &str| json!({"identifier": user, "authenticator": {"id": id, "methodType": "email"}});
    sign_in.submit("select-authenticator-unlock-account", choice("bob@example.com"));
    assert_eq!((sign_in.status, sign_in.top()), (403, vec!["oie.selfservice.user.unlock.not.allowed"]));
    sign_in.submit("select-authenticator-unlock-account", choice("dan@example.com"));
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    assert_eq!((sign_in.status, sign_in.top()), (200, vec!["oie.selfservice.unlock_user.success.message"]));
    let mut now = SignIn::begin(&sandbox, "app-password");
    now.identify("dan").password(PASSWORD);
    now.finish();
}
