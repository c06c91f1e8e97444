//! Every authenticator: verified by `ada`, set up by `bob`, and refused when the answer is wrong.

mod support;

use interaction_code_sandbox::{Enroll, MailKind, Options, PushStatus, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;
use support::*;

const SELECT: &str = "select-authenticator-authenticate";
const ENROLL: &str = "select-authenticator-enroll";

fn totp(secret: &str) -> totp_rs::Totp {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    totp_rs::Builder::new().with_secret(secret).build_noncompliant()
}

fn after_password<'a>(sandbox: &'a Sandbox, client: &str, user: &str) -> SignIn<'a> {
    let mut sign_in = SignIn::begin(sandbox, client);
    sign_in.identify(user).password(PASSWORD);
    assert_eq!(sign_in.status, 200);
    sign_in
}

#[test]
fn all_that_ada_has_is_offered() {
    let sandbox = start();
    let sign_in = after_password(&sandbox, "app-any", "ada");
    let keys: Vec<&str> =
        list(&sign_in.now["authenticatorEnrollments"]).iter().map(|entry| entry["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["okta_email", "phone_number", "phone_number", "google_otp", "okta_verify", "security_question"]);
}

#[test]
fn phones_are_told_apart_by_their_enrollment() {
    let sandbox = start();
    for (nth, method, kind, to) in
        [(0, "sms", MailKind::Sms, "+1 555 0100"), (1, "voice", MailKind::Voice, "+1 555 0101")]
    {
        let mut sign_in = after_password(&sandbox, "app-any", "ada");
        let option = sign_in.option(SELECT, "phone_number", nth);
        sign_in.choose_option(SELECT, &option, json!({"methodType": method}));
        let mail = sandbox.outbox().pop().unwrap();
        assert_eq!((mail.kind, mail.to.as_str()), (kind, to));
        let code = mail.code.unwrap();
        sign_in.passcode(&code);
        sign_in.finish();
    }
}

#[test]
fn without_a_method_type_there_is_another_page() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-any", "ada");
    let option = sign_in.option(SELECT, "phone_number", 1);
    sign_in.choose_option(SELECT, &option, json!({}));
    assert_eq!(sign_in.names(), ["authenticator-verification-data", SELECT]);
    assert!(sandbox.outbox().is_empty());
    let fields = sign_in.form("authenticator-verification-data")["value"][0]["form"].clone();
    let value = |name: &str| list(&fields).iter().find(|field| field["name"] == name).unwrap()["value"].clone();
    let chosen = json!({"id": value("id"), "enrollmentId": value("enrollmentId"), "methodType": "sms"});
    sign_in.submit("authenticator-verification-data", json!({"authenticator": chosen}));
    assert_eq!(sandbox.outbox()[0].to, "+1 555 0101");
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    sign_in.finish();
}

#[test]
fn one_time_passwords_are_computed_and_spent() {
    let sandbox = start();
    let code = totp("JBSWY3DPEHPK3PXP").generate_current().to_string();
    let mut sign_in = after_password(&sandbox, "app-any", "ada");
    sign_in.choose(SELECT, "google_otp", json!({})).passcode("000000");
    assert_eq!(sign_in.status, 401);
    assert_eq!(sign_in.messages(), ["authfactor.challenge.soft_token.invalid_passcode"]);
    sign_in.passcode(&code);
    sign_in.finish();
    let mut again = after_password(&sandbox, "app-any", "ada");
    again.choose(SELECT, "google_otp", json!({})).passcode(&code);
    assert_eq!(again.messages(), ["authfactor.challenge.soft_token.used_passcode"]);
}

#[test]
fn okta_verify_by_code_and_by_push() {
    let sandbox = start();
    let code = totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").generate_current().to_string();
    let mut sign_in = after_password(&sandbox, "app-any", "ada");
    sign_in.choose(SELECT, "okta_verify", json!({"methodType": "totp"}));
    sign_in.submit("challenge-authenticator", json!({"credentials": {"totp": code}}));
    sign_in.finish();

    let mut sign_in = after_password(&sandbox, "app-any", "ada");
    sign_in.choose(SELECT, "okta_verify", json!({"methodType": "push"}));
    assert!(sign_in.now["currentAuthenticator"]["value"]["contextualData"].is_null(), "no number was asked for");
    let push = sandbox.pushes().pop().unwrap();
    assert!(sandbox.approve(&push.id) && !sandbox.approve(&push.id));
    sign_in.submit("challenge-poll", json!({}));
    assert_eq!(sign_in.finish()["amr"], json!(["pwd", "swk", "mfa"]));
}

#[test]
fn a_number_challenge() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-push", "ada");
    sign_in.choose(SELECT, "okta_verify", json!({}));
    let number = sign_in.now["currentAuthenticator"]["value"]["contextualData"]["correctAnswer"].clone();
    let push = sandbox.pushes().pop().unwrap();
    assert_eq!(push.correct_answer.as_deref(), number.as_str());
    assert_eq!(sign_in.form("challenge-poll")["refresh"], 4000);
    let handle = sign_in.now["stateHandle"].clone();
    sign_in.submit("challenge-poll", json!({}));
    assert_eq!(sign_in.now["stateHandle"], handle, "a poll without news changes nothing");
    assert_eq!(sign_in.now["currentAuthenticator"]["value"]["contextualData"]["correctAnswer"], number);

    let wrong = push.choices.iter().find(|choice| Some(choice.as_str()) != number.as_str()).unwrap();
    assert!(sandbox.approve_with(&push.id, wrong));
    sign_in.submit("challenge-poll", json!({}));
    assert_eq!((sign_in.status, sign_in.top()), (200, vec!["api.authn.poll.error.push_rejected"]));
    assert_eq!(sign_in.names(), ["resend"]);
    let nested = sign_in.form("resend")["value"][0]["value"]["form"].clone();
    let value = |at: usize| nested["value"][at]["value"].clone();
    sign_in.submit("resend", json!({"authenticator": {"id": value(0), "methodType": value(1)}}));
    let push = sandbox.pushes().pop().unwrap();
    assert!(sandbox.approve_with(&push.id, push.correct_answer.as_deref().unwrap()));
    sign_in.submit("challenge-poll", json!({}));
    sign_in.finish();
}

#[test]
fn a_push_that_is_denied_expires_or_is_left() {
    let sandbox = start_with(|world| world.lifetimes.push = Duration::from_millis(80));
    let mut sign_in = after_password(&sandbox, "app-push", "ada");
    sign_in.choose(SELECT, "okta_verify", json!({}));
    sandbox.deny(&sandbox.pushes()[0].id);
    sign_in.submit("challenge-poll", json!({}));
    assert_eq!(sign_in.top(), ["api.authn.poll.error.push_rejected"]);
    sign_in.action("", "cancel").identify("ada").password(PASSWORD).choose(SELECT, "okta_verify", json!({}));
    std::thread::sleep(Duration::from_millis(100));
    sign_in.submit("challenge-poll", json!({}));
    assert_eq!(sign_in.top(), ["E0000010"]);
    assert_eq!(sandbox.outbox().last().unwrap().status, Some(PushStatus::Expired));
    sign_in.action("", "cancel").identify("ada").password(PASSWORD).choose(SELECT, "okta_verify", json!({}));
    let push = sandbox.pushes()[0].id.clone();
    sign_in.action("", "cancel");
    assert!(!sandbox.approve(&push), "nobody waits for it any more");
}

#[test]
fn pushes_that_approve_themselves_and_codes_that_are_fixed() {
    let sandbox = Sandbox::start(Options {
        auto_approve_push: Some(Duration::from_millis(50)),
        fixed_code: Some("123456".into()),
        ..Options::default()
    })
    .unwrap();
    let mut sign_in = after_password(&sandbox, "app-push", "ada");
    sign_in.choose(SELECT, "okta_verify", json!({}));
    std::thread::sleep(Duration::from_millis(80));
    sign_in.submit("challenge-poll", json!({}));
    sign_in.finish();
    let mut sign_in = after_password(&sandbox, "app-email", "ada");
    sign_in.choose(SELECT, "okta_email", json!({})).passcode("123456");
    sign_in.finish();
}

#[test]
fn a_security_question() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-any", "ada");
    sign_in.choose(SELECT, "security_question", json!({}));
    let fields = sign_in.form("challenge-authenticator")["value"][0]["form"]["value"].clone();
    assert_eq!((&fields[0]["value"], &fields[0]["mutable"]), (&json!("disliked_food"), &json!(false)));
    assert_eq!(fields[0]["label"], "What is the food you least liked as a child?");
    assert_eq!((&fields[0]["visible"], &fields[1]["label"]), (&json!(false), &json!("Answer")));
    let answer = |text: &str| json!({"credentials": {"questionKey": "disliked_food", "answer": text}});
    sign_in.submit("challenge-authenticator", answer("spinach"));
    assert_eq!(sign_in.messages(), ["authfactor.challenge.question_factor.answer_invalid"]);
    sign_in.submit("challenge-authenticator", answer(" Mushrooms "));
    sign_in.finish();
}

#[test]
fn wrong_and_stale_codes() {
    let sandbox = start_with(|world| {
        world.lifetimes.passcode = Duration::from_millis(150);
        world.limits.suspend_after = 4;
    });
    let mut sign_in = after_password(&sandbox, "app-email", "ada");
    sign_in.choose(SELECT, "okta_email", json!({}));
    let first = sign_in.mailed();
    let wrong = if first == "000000" { "000001" } else { "000000" };
    sign_in.passcode(wrong);
    assert_eq!((sign_in.status, sign_in.messages()), (401, vec!["api.authn.error.PASSCODE_INVALID".to_owned()]));
    assert!(sign_in.top().is_empty(), "it is said on the field");
    std::thread::sleep(Duration::from_millis(200));
    sign_in.passcode(&first);
    assert_eq!(sign_in.messages(), ["api.authn.error.PASSCODE_INVALID"]);
    sign_in.action("currentAuthenticatorEnrollment", "resend");
    assert_eq!(sandbox.outbox().len(), 2);
    sign_in.passcode("");
    assert_eq!((sign_in.status, sign_in.messages()), (400, vec!["model.validation.field.blank".to_owned()]));
    sign_in.passcode(wrong).passcode(wrong);
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    assert_eq!((sign_in.status, sign_in.top()), (403, vec!["authfactor.challenge.suspended_factor"]));
}

#[test]
fn resending_voids_the_code_before() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-email", "ada");
    sign_in.choose(SELECT, "okta_email", json!({}));
    let first = sign_in.mailed();
    loop {
        sign_in.action("currentAuthenticatorEnrollment", "resend");
        if sign_in.mailed() != first {
            break;
        }
    }
    sign_in.passcode(&first);
    assert_eq!(sign_in.messages(), ["api.authn.error.PASSCODE_INVALID"]);
    sign_in.action("currentAuthenticatorEnrollment", "poll");
    assert_eq!(sign_in.status, 200);
    let second = sign_in.mailed();
    sign_in.passcode(&second);
    sign_in.finish();
}

#[test]
fn bob_sets_up_mail() {
    let sandbox = start();
    for client in ["app-email", "app-passwordless"] {
        sandbox.reset();
        let mut sign_in = SignIn::begin(&sandbox, client);
        sign_in.identify("bob");
        if client == "app-email" {
            sign_in.password(PASSWORD);
        }
        assert_eq!(sign_in.names(), [ENROLL]);
        sign_in.choose(ENROLL, "okta_email", json!({}));
        assert_eq!(sandbox.outbox()[0].to, "bob@example.com");
        sign_in.action("currentAuthenticator", "resend");
        sign_in.action("currentAuthenticator", "poll");
        let code = sign_in.mailed();
        sign_in.passcode(&code);
        sign_in.finish();
    }
}

#[test]
fn bob_sets_up_a_phone() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-any", "bob");
    assert_eq!(sign_in.names(), [ENROLL]);
    let option = sign_in.option(ENROLL, "phone_number", 0);
    sign_in.choose_option(ENROLL, &option, json!({}));
    assert_eq!(sign_in.names(), ["authenticator-enrollment-data", ENROLL]);
    let id = option["value"]["form"]["value"][0]["value"].clone();
    let phone = |number: &str| json!({"authenticator": {"id": id, "methodType": "sms", "phoneNumber": number}});
    sign_in.submit("authenticator-enrollment-data", phone("12345"));
    assert_eq!((sign_in.status, sign_in.top()), (400, vec!["api.factors.error.sms.invalid_phone"]));
    sign_in.submit("authenticator-enrollment-data", phone("+1 555 010 0199"));
    assert_eq!(sandbox.outbox()[0].to, "+15550100199");
    let code = sign_in.mailed();
    sign_in.passcode(&code);
    sign_in.finish();
    // Next time it is there.
    let mut again = after_password(&sandbox, "app-any", "bob");
    again.choose(SELECT, "phone_number", json!({"methodType": "voice"}));
    assert_eq!(sandbox.outbox()[1].kind, MailKind::Voice);
}

#[test]
fn bob_sets_up_an_authenticator_app() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-any", "bob");
    sign_in.choose(ENROLL, "google_otp", json!({}));
    let context = sign_in.now["currentAuthenticator"]["value"]["contextualData"].clone();
    assert!(context["qrcode"]["href"].as_str().unwrap().starts_with("data:image/png;base64,iVBORw0KGgo"));
    sign_in.passcode("000000");
    assert_eq!(sign_in.status, 401);
    let again = &sign_in.now["currentAuthenticator"]["value"]["contextualData"]["sharedSecret"];
    assert_eq!(again, &context["sharedSecret"], "a wrong code does not change the secret");
    let code = totp(context["sharedSecret"].as_str().unwrap()).generate_current().to_string();
    sign_in.passcode(&code);
    sign_in.finish();
}

#[test]
fn bob_sets_up_a_question() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-any", "bob");
    sign_in.choose(ENROLL, "security_question", json!({}));
    let submit = |sign_in: &mut SignIn, credentials: Value| {
        sign_in.submit("enroll-authenticator", json!({"credentials": credentials}));
    };
    submit(&mut sign_in, json!({"questionKey": "first_award", "answer": "abc"}));
    assert_eq!((sign_in.status, sign_in.messages()), (400, vec!["securityQuestion.answer.tooShort.arg".to_owned()]));
    submit(&mut sign_in, json!({"questionKey": "nonsense", "answer": "abcdef"}));
    assert_eq!(sign_in.messages(), ["errors.E0000035"]);
    submit(&mut sign_in, json!({"questionKey": "custom", "question": "Where?", "answer": "over there"}));
    sign_in.finish();
}

#[test]
fn bob_sets_up_okta_verify() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-push", "bob");
    sign_in.choose(ENROLL, "okta_verify", json!({"channel": "qrcode"}));
    assert_eq!(sign_in.names(), ["enroll-poll", "select-enrollment-channel"]);
    assert!(sign_in.now["currentAuthenticator"]["value"]["contextualData"]["qrcode"].is_object());
    let id = sign_in.form("select-enrollment-channel")["value"][0]["value"]["form"]["value"][0]["value"].clone();
    sign_in.submit("select-enrollment-channel", json!({"authenticator": {"id": id, "channel": "email"}}));
    assert_eq!(sign_in.names(), ["enrollment-channel-data", "select-enrollment-channel"]);
    for name in sign_in.names() {
        assert!(sign_in.form(name).get("relatesTo").is_none(), "{name}, as recorded");
    }
    sign_in.submit("enrollment-channel-data", json!({"email": "bob@example.com"}));
    sign_in.action("currentAuthenticator", "resend");
    sign_in.submit("enroll-poll", json!({}));
    assert_eq!(sign_in.names()[0], "enroll-poll");
    let waiting = sandbox.pushes();
    assert_eq!(waiting.len(), 1);
    assert!(sandbox.approve(&waiting[0].id));
    sign_in.submit("enroll-poll", json!({}));
    sign_in.finish();
}

#[test]
fn what_is_optional_can_be_skipped_and_what_is_impossible_ends() {
    let sandbox = start_with(|world| {
        world.client_mut("app-any").unwrap().policy.stages[1].enroll = Enroll::Optional;
        world.client_mut("app-email").unwrap().policy.stages[1].enroll = Enroll::Never;
    });
    let mut sign_in = after_password(&sandbox, "app-any", "bob");
    assert_eq!(sign_in.names(), [ENROLL, "skip"]);
    sign_in.choose(ENROLL, "google_otp", json!({}));
    assert_eq!(sign_in.names(), ["enroll-authenticator", ENROLL, "skip"]);
    sign_in.submit("skip", json!({}));
    assert_eq!(sign_in.finish()["amr"], json!(["pwd"]));
    let mut ends = SignIn::begin(&sandbox, "app-email");
    ends.identify("bob").password(PASSWORD);
    assert_eq!((ends.status, ends.top()), (403, vec!["oie.assurance.unsatisfiable"]));
}

#[test]
fn a_choice_that_is_not_offered() {
    let sandbox = start();
    let mut sign_in = after_password(&sandbox, "app-email", "ada");
    for chosen in [json!({"id": "autnonsense"}), json!({}), json!({"id": "autsandbox0email00002", "methodType": "sms"})]
    {
        sign_in.submit(SELECT, json!({"authenticator": chosen}));
        assert_eq!((sign_in.status, sign_in.messages()), (400, vec!["errors.E0000035".to_owned()]));
    }
    sign_in.submit(SELECT, json!({"authenticator": "x"}));
    assert_eq!(sign_in.status, 400);
}
