//! Each line of the decision by a small form that fits it.

use serde_json::{Value, json};

use super::{FormInputs, of, of_option};
use crate::{
    idx::{AnswerValue, Step},
    screen::{
        ask::{Ask, CaptchaKind, ChoiceStyle, CodeSource, Keyboard},
        context::Context,
        element::{ElementKind, Input},
    },
};

fn step(name: &str, fields: Value, more: Value) -> Step {
    let mut body = json!({"version": "1.0.0", "stateHandle": "02.h", "remediation": {"type": "array", "value": [
        {"name": name, "href": "https://a.example/idp/idx/x", "method": "POST", "value": fields}]}});
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    Step::read(body.to_string().as_bytes()).expect("a step")
}

fn with<T>(step: &Step, read: impl FnOnce(FormInputs<'_>) -> T) -> T {
    let context = Context::of(step);
    read(of(&context, &context.forms[0]))
}

fn inputs(name: &str, fields: Value, more: Value) -> Vec<Input> {
    with(&step(name, fields, more), |found| {
        let input = |kind: &ElementKind| match kind {
            ElementKind::Input(input) => Some(input.clone()),
            _ => None,
        };
        found.elements.iter().filter_map(|element| input(&element.kind)).collect()
    })
}

fn only(name: &str, fields: Value, more: Value) -> Input {
    let found = inputs(name, fields, more);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.into_iter().next().expect("one")
}

fn current(key: &str, more: Value) -> Value {
    let mut authenticator = json!({"id": "aut1", "key": key, "type": "x"});
    for (name, value) in more.as_object().expect("members") {
        authenticator[name] = value.clone();
    }
    json!({"currentAuthenticator": {"type": "object", "value": authenticator}})
}

fn credentials(fields: Value) -> Value {
    json!([{"name": "credentials", "type": "object", "required": true, "form": {"value": fields}},
        {"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false}])
}

fn passcode(key: &str) -> Input {
    only(
        "challenge-authenticator",
        credentials(json!([{"name": "passcode", "label": "Enter code"}])),
        current(key, json!({})),
    )
}

#[test]
fn a_sign_in_asks_for_name_and_password_and_nothing_of_the_server() {
    let found = inputs(
        "identify",
        json!([{"name": "rememberMe", "type": "boolean", "label": "Remember this device"},
            {"name": "identifier", "label": "Username"},
            {"name": "credentials", "type": "object", "required": true, "form": {"value": [{"name": "passcode", "label": "Password", "secret": true}]}},
            {"name": "app", "value": "x", "mutable": false}, {"name": "trace", "value": "y", "visible": false},
            {"name": "id", "value": "z"},
            {"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false}]),
        json!({}),
    );
    let seen: Vec<_> = found.iter().map(|input| (input.path.as_str(), input.ask.clone(), input.required)).collect();
    let expected = [
        ("identifier", Ask::Username, true),
        ("credentials.passcode", Ask::Password, true),
        ("rememberMe", Ask::Toggle, false),
    ];
    assert_eq!(seen, expected);
    assert_eq!(found[0].autofill.html, "username");
    assert!(found[1].secret && found[1].keyboard == Keyboard::Secret);
}

#[test]
fn a_name_box_beside_passkey_autofill_says_so() {
    let body = json!({"version": "1.0.0", "remediation": {"type": "array", "value": [
        {"name": "identify", "href": "https://a.example/x", "value": [{"name": "identifier"}]},
        {"name": "challenge-webauthn-autofillui-authenticator", "href": "https://a.example/x", "value": []}]}});
    let step = Step::read(body.to_string().as_bytes()).unwrap();
    with(&step, |found| match &found.elements[0].kind {
        ElementKind::Input(input) => assert_eq!(input.autofill.html, "username webauthn"),
        other => panic!("{other:?}"),
    });
}

#[test]
fn the_members_of_a_passkey_are_one_input_at_their_object() {
    let member = |name: &str| json!({"name": name, "label": name, "required": true, "visible": false});
    let data = json!({"contextualData": {"challengeData": {"challenge": "AAAA"}}});
    let fields = credentials(json!([member("authenticatorData"), member("clientData"), member("signatureData")]));
    let input = only("challenge-authenticator", fields, current("webauthn", data));
    assert_eq!(input.path, "credentials");
    let Ask::Passkey { make: false, autofill: false, options: Some(options) } = &input.ask else { panic!("{input:?}") };
    assert!(options.contains("AAAA") && input.required);
    let fields = credentials(json!([member("clientData"), member("attestation"), {"name": "transports"}]));
    let input = only("enroll-authenticator", fields, current("webauthn", json!({})));
    assert!(matches!(input.ask, Ask::Passkey { make: true, options: None, .. }));
    // Members alone, by the hint, and another form's text of the same name.
    let hinted = json!([{"name": "proof", "hint": "webauthn", "visible": false}]);
    assert!(matches!(only("frobnicate", hinted, json!({})).ask, Ask::Passkey { .. }));
    let token = credentials(json!([{"name": "clientData", "label": "User name"}]));
    assert!(matches!(only("enroll-authenticator", token, current("rsa_token", json!({}))).ask, Ask::Value { .. }));
}

#[test]
fn a_captcha_is_asked_for_with_its_key_and_stands_last() {
    let fields = json!([
        {"name": "captchaVerify", "form": {"value": [{"name": "captchaId", "value": "cap1", "mutable": false, "visible": false},
            {"name": "captchaToken", "label": "Captcha Token", "required": true, "visible": false, "hint": "captcha"}]}, "relatesTo": "$.captcha"},
        {"name": "identifier"}]);
    let captcha = json!({"captcha": {"type": "object", "value": {"id": "cap1", "siteKey": "site", "type": "HCAPTCHA", "name": "x"}}});
    let found = inputs("identify-recovery", fields, captcha);
    let expected = Ask::Captcha { id: Some("cap1".into()), site_key: Some("site".into()), kind: CaptchaKind::Hcaptcha };
    assert_eq!((found.len(), found[1].path.as_str(), &found[1].ask), (2, "captchaVerify.captchaToken", &expected));
    assert_eq!(found[1].label.text, "Confirm that you are a person");
}

#[test]
fn a_frame_stands_beside_the_input_that_it_fills() {
    let data = json!({"displayName": "Duo Security", "contextualData": {"host": "h.example", "signedToken": "t", "script": "https://h.example/s.js"}});
    let step = step(
        "challenge-authenticator",
        credentials(json!([{"name": "signatureData", "required": true}])),
        current("duo", data),
    );
    with(&step, |found| {
        let [frame, input] = found.elements.as_slice() else { panic!("two elements") };
        let ElementKind::Frame { vendor, host, token, script, fills } = &frame.kind else { panic!("a frame") };
        assert_eq!((vendor.as_str(), fills.as_str()), ("Duo Security", "credentials.signatureData"));
        assert_eq!(
            [host, token, script].map(|text| text.as_deref().unwrap()),
            ["h.example", "t", "https://h.example/s.js"]
        );
        assert!(matches!(&input.kind, ElementKind::Input(input) if input.ask == Ask::Frame));
        assert_eq!(found.paths, ["credentials.signatureData"]);
    });
}

#[test]
fn lists_of_authenticators_are_drawn_by_their_own_table() {
    let option =
        json!({"label": "Email", "value": {"form": {"value": [{"name": "id", "value": "aut1", "mutable": false}]}}});
    let fields = json!([{"name": "identifier"}, {"name": "authenticator", "type": "object", "options": [option]}]);
    with(&step("select-authenticator-unlock-account", fields, json!({})), |found| {
        assert_eq!(found.paths, ["identifier", "authenticator"]);
        let (at, field) = found.list.expect("a list");
        assert_eq!((at, field.name(), found.elements.len()), (1, "authenticator", 1));
    });
}

#[test]
fn what_an_option_brings_is_asked_for_and_what_is_clear_is_set() {
    let option = json!({"label": "Phone", "value": {"form": {"value": [
        {"name": "id", "required": true, "value": "aut1", "mutable": false},
        {"name": "phoneNumber", "label": "Phone number"},
        {"name": "methodType", "type": "string", "required": true, "options": [{"label": "SMS", "value": "sms"}]},
        {"name": "channel", "options": [{"label": "QRCODE", "value": "qrcode"}, {"label": "EMAIL", "value": "email"}]}]}}});
    let step = step("select-authenticator-enroll", json!([{"name": "authenticator", "options": [option]}]), json!({}));
    let context = Context::of(&step);
    let field = context.forms[0].remediation.fields().next().unwrap();
    let found = of_option(&context, &context.forms[0], &field.options().next().unwrap());
    let paths: Vec<_> = found.fields.iter().map(|input| input.path.as_str()).collect();
    assert_eq!(paths, ["authenticator.phoneNumber", "authenticator.channel"]);
    assert_eq!(found.fields[0].ask, Ask::Phone { method: Some("sms".into()) });
    let labels: Vec<_> = found.fields[1].options.iter().map(|option| option.label.text.as_str()).collect();
    assert_eq!(labels, ["Scan a picture", "Link by email"]);
    assert_eq!(
        (found.sets[0].path.as_str(), &found.sets[0].value),
        ("authenticator.methodType", &AnswerValue::from("sms"))
    );
}

#[test]
fn a_security_question_is_a_choice_of_two_forms() {
    let questions =
        json!([{"label": "Least liked food?", "value": "disliked_food"}, {"label": "First pet?", "value": "pet"}]);
    let answer = json!({"name": "answer", "label": "Answer", "required": true});
    let options = json!([
        {"label": "Pick one", "value": {"form": {"value": [{"name": "questionKey", "type": "string", "required": true, "options": questions}, answer]}}},
        {"label": "", "value": {"form": {"value": [{"name": "questionKey", "required": true, "value": "custom", "mutable": false},
            {"name": "question", "label": "QUESTION", "required": true}, answer]}}}]);
    let fields = json!([{"name": "credentials", "type": "object", "required": true, "options": options}]);
    with(&step("enroll-authenticator", fields, current("security_question", json!({}))), |found| {
        let ElementKind::Choice(choice) = &found.elements[0].kind else { panic!("a choice") };
        let labels: Vec<_> = choice.options.iter().map(|option| option.label.text.as_str()).collect();
        assert_eq!(labels, ["Pick one", "Write your own"]);
        let listed = &choice.options[0];
        assert_eq!(listed.fields[0].ask, Ask::Choice { style: ChoiceStyle::Radio });
        assert!(matches!(listed.fields[1].ask, Ask::Answer { question: None }) && listed.fields[1].secret);
        assert!(!listed.picks_at_once);
        let own: Vec<_> = choice.options[1].fields.iter().map(|input| input.label.text.as_str()).collect();
        assert_eq!(own, ["Your own question", "Answer"]);
        assert_eq!(found.paths, ["credentials"]);
    });
}

#[test]
fn a_question_is_the_label_of_its_answer() {
    let fields = credentials(
        json!([{"name": "questionKey", "label": "Which game?", "required": true, "value": "game", "visible": false, "mutable": false},
        {"name": "answer", "label": "Answer", "required": true}]),
    );
    let input = only("challenge-authenticator", fields, current("security_question", json!({})));
    assert_eq!((input.label.text.as_str(), input.secret), ("Which game?", true));
    let enrolled = json!({"contextualData": {"enrolledQuestion": {"questionKey": "game", "question": "What game?"}}});
    let fields = credentials(json!([{"name": "answer", "label": "Answer", "required": true}]));
    let input = only("challenge-authenticator", fields, current("security_question", enrolled));
    assert_eq!(input.ask, Ask::Answer { question: Some("What game?".into()) });
}

#[test]
fn scopes_that_may_be_declined_come_before_those_that_may_not() {
    let scope = |name: &str, mutable: bool| json!({"name": name, "label": format!("The {name}"), "type": "boolean", "value": true, "mutable": mutable, "desc": "What it is"});
    let fields = json!([{"name": "consent", "type": "boolean", "required": true, "visible": false},
        {"name": "optedScopes", "type": "object", "form": {"value": [scope("openid", false), scope("custom1.custom2", true)]}}]);
    with(&step("granular-consent", fields, json!({})), |found| {
        let [changeable, fixed] = found.elements.as_slice() else { panic!("two elements") };
        let ElementKind::Input(input) = &changeable.kind else { panic!("an input") };
        assert_eq!(input.ask, Ask::Consent { scope: "custom1.custom2".into(), detail: Some("What it is".into()) });
        assert_eq!(input.preset, Some(true.into()));
        assert!(matches!(&fixed.kind, ElementKind::Consent { scopes } if scopes[0].name == "openid"));
        let sets: Vec<_> = found.sets.iter().map(|sets| (sets[0].path.as_str(), sets[0].value.clone())).collect();
        assert_eq!(sets, [("consent", true.into()), ("consent", false.into())]);
    });
}

#[test]
fn the_method_of_a_challenge_is_one_way_each() {
    let method = |options: Value| {
        json!([{"name": "authenticator", "form": {"value": [{"name": "id", "value": "a", "mutable": false},
            {"name": "methodType", "type": "string", "required": true, "options": options}]}}])
    };
    let sms = json!({"label": "SMS", "value": "sms"});
    let fields = method(json!([sms, {"label": "Voice", "value": "voice"}, sms]));
    with(&step("authenticator-verification-data", fields.clone(), json!({})), |found| {
        let sets: Vec<_> = found.sets.iter().map(|sets| sets[0].value.clone()).collect();
        assert_eq!((sets, found.elements.len()), (vec!["sms".into(), "voice".into()], 0));
    });
    with(&step("authenticator-verification-data", method(json!([sms])), json!({})), |found| {
        assert_eq!((found.sets.len(), found.sets[0].len()), (1, 1));
    });
    // Where something is set up, the method is chosen beside the number.
    let input = only("authenticator-enrollment-data", fields, json!({}));
    assert_eq!((input.ask, input.options.len()), (Ask::Choice { style: ChoiceStyle::Radio }, 2));
    assert_eq!(input.options[0].label.text, "Text message");
}

#[test]
fn options_are_sent_in_the_type_of_their_field() {
    let hint = |inner: Value| json!([{"label": "display", "value": {"type": "object", "value": inner}}]);
    let profile = |field: Value| json!([{"name": "userProfile", "form": {"value": [field]}}]);
    let ask = |field: Value| only("enroll-profile", profile(field), json!({}));
    let texts = json!([{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]);
    let input = ask(
        json!({"name": "news", "type": "boolean", "required": true, "options": hint(json!({"inputType": "radio", "options": texts}))}),
    );
    assert_eq!(input.ask, Ask::Choice { style: ChoiceStyle::Radio });
    let values: Vec<_> = input.options.iter().map(|option| option.value.clone()).collect();
    assert_eq!(values, [true.into(), false.into()]);
    let many: Vec<_> = (0..9).map(|n| json!({"label": format!("No {n}"), "value": n.to_string()})).collect();
    assert_eq!(ask(json!({"name": "size", "options": many})).ask, Ask::Choice { style: ChoiceStyle::Select });
    let country = |kind: &str| hint(json!({"inputType": kind, "format": "country-code"}));
    assert_eq!(ask(json!({"name": "land", "options": country("text")})).ask, Ask::Country);
    assert_eq!(ask(json!({"name": "land", "options": country("select")})).ask, Ask::Country);
    let box_of = json!({"name": "terms", "type": "boolean", "required": true, "options": hint(json!({"inputType": "checkbox"}))});
    let input = ask(box_of);
    assert_eq!((input.ask, input.required), (Ask::Toggle, true));
    assert_eq!(ask(json!({"name": "n", "type": "integer"})).ask, Ask::Number { whole: true });
    assert_eq!(ask(json!({"name": "n", "type": "number"})).ask, Ask::Number { whole: false });
    assert_eq!(ask(json!({"name": "mobilePhone"})).ask, Ask::Phone { method: None });
    assert_eq!(ask(json!({"name": "secondEmail"})).ask, Ask::Email);
    assert_eq!(ask(json!({"name": "city", "label": "City"})).ask, Ask::Profile { attribute: "city".into() });
}

#[test]
fn a_code_says_where_it_comes_from() {
    let rows = [
        ("okta_email", CodeSource::Email, true, false),
        ("phone_number", CodeSource::Sms, true, false),
        ("google_otp", CodeSource::App, true, false),
        ("okta_verify", CodeSource::App, true, false),
        ("rsa_token", CodeSource::Token, false, false),
        ("custom_otp", CodeSource::Token, false, false),
        ("yubikey_token", CodeSource::Key, false, true),
        ("tac", CodeSource::Temporary, false, true),
        ("nfc_pin", CodeSource::Card, true, true),
        ("frobnicator", CodeSource::Unknown, false, false),
    ];
    for (key, source, digits, secret) in rows {
        let input = passcode(key);
        assert_eq!(input.ask, Ask::Code { source, digits, length: None, group: None }, "{key}");
        assert_eq!((input.secret, input.required), (secret, true), "{key}");
    }
    let fields = || credentials(json!([{"name": "passcode", "format": "alphanumeric", "maxLength": 6}]));
    let input = only("challenge-authenticator", fields(), current("okta_email", json!({})));
    assert_eq!(input.ask, Ask::Code { source: CodeSource::Email, digits: false, length: Some(6), group: None });
    let voice = current("phone_number", json!({"methods": [{"type": "voice"}]}));
    let input = only("challenge-authenticator", credentials(json!([{"name": "passcode"}])), voice);
    assert!(matches!(input.ask, Ask::Code { source: CodeSource::Voice, .. }));
    let device = only("user-code", json!([{"name": "userCode", "required": true, "value": "ABCDWXYZ"}]), json!({}));
    assert_eq!(device.ask, Ask::Code { source: CodeSource::Device, digits: false, length: Some(8), group: Some(4) });
    assert_eq!(device.preset, Some("ABCDWXYZ".into()));
}

#[test]
fn a_passcode_is_a_password_where_it_is_one_flagged_or_not() {
    assert_eq!(passcode("okta_password").ask, Ask::Password);
    assert!(passcode("okta_password").secret);
    let secret = || credentials(json!([{"name": "passcode", "secret": true}]));
    assert_eq!(only("challenge-authenticator", secret(), json!({})).ask, Ask::Password);
    let new = |name: &str, fields: Value, more: Value| match only(name, fields, more).ask {
        Ask::NewPassword { rules, pin, .. } => Some((rules.len(), pin)),
        _ => None,
    };
    let plain = || credentials(json!([{"name": "passcode"}]));
    for name in ["enroll-authenticator", "reset-authenticator", "reenroll-authenticator-warning"] {
        assert_eq!(new(name, plain(), current("okta_password", json!({}))), Some((1, false)), "{name}");
    }
    assert_eq!(new("enroll-profile", plain(), json!({})), Some((1, false)));
    assert_eq!(new("reset-authenticator", secret(), json!({})), Some((1, false)));
    let length = json!({"settings": {"minLength": 6, "maxLength": 6}});
    assert_eq!(new("enroll-authenticator", plain(), current("nfc_pin", length)), Some((3, true)));
    // Another authenticator is set up again by a code.
    assert_eq!(new("reset-authenticator", plain(), current("google_otp", json!({}))), None);
}

#[test]
fn the_rules_stand_before_the_password_wherever_the_policy_is() {
    let policy = json!({"type": "object", "value": {"id": "a", "key": "okta_password", "settings": {"complexity": {"minLength": 8}}}});
    for place in ["currentAuthenticator", "enrollmentAuthenticator", "recoveryAuthenticator"] {
        let step =
            step("enroll-profile", credentials(json!([{"name": "passcode", "secret": true}])), json!({place: policy}));
        with(&step, |found| {
            let [requirements, input] = found.elements.as_slice() else { panic!("{place}: two elements") };
            assert!(matches!(&requirements.kind, ElementKind::Requirements(all) if all.rules.len() == 2), "{place}");
            assert!(matches!(&input.kind, ElementKind::Input(_)));
        });
    }
    let found = inputs("enroll-profile", credentials(json!([{"name": "passcode"}])), json!({}));
    assert_eq!(found.len(), 1);
}

#[test]
fn what_is_hidden_and_undecided_is_asked_for_and_what_is_fixed_is_not() {
    let found = inputs(
        "frobnicate",
        json!([{"name": "a", "visible": false, "required": true}, {"name": "b", "mutable": false}, {"name": "c", "visible": false, "value": 1},
            {"name": "d", "mutable": false, "options": [{"label": "One", "value": 1}, {"label": "Two", "value": 2}]},
            {"name": "e", "required": true, "options": [{"label": "One", "value": 1}]}, {"name": "a"}]),
        json!({}),
    );
    let paths: Vec<_> = found.iter().map(|input| input.path.as_str()).collect();
    assert_eq!(paths, ["a", "d"]);
    assert_eq!(found[0].label.text, "a");
    assert_eq!(found[1].options[1].value, AnswerValue::Integer(2));
    assert!(inputs("select-identify", json!([{"name": "identifier"}]), json!({})).is_empty());
    assert!(
        inputs("device-apple-sso-extension", json!([{"name": "challengeRequest", "required": true}]), json!({}))
            .is_empty()
    );
}

#[test]
fn a_label_of_an_administrator_stands_whatever_it_says() {
    let input =
        only("identify", json!([{"name": "identifier", "label": "IDENTIFIER", "customLabel": true}]), json!({}));
    assert_eq!((input.label.text.as_str(), input.label.key.as_ref()), ("IDENTIFIER", "field.custom.label"));
    let input = only("identify", json!([{"name": "identifier", "label": "<b>Badge</b> number"}]), json!({}));
    assert_eq!(input.label.text, "Badge number");
}

#[test]
fn thousands_of_passkey_forms_share_few_copies() {
    let form = json!({"name": "x", "href": "https://a.example/x", "value": credentials(json!([{"name": "clientData"}, {"name": "attestation"}]))});
    let body = json!({"version": "1.0.0", "remediation": {"type": "array", "value": vec![form; 2_000]},
        "currentAuthenticator": {"type": "object", "value": {"id": "a", "key": "webauthn", "contextualData": {"activationData": {"challenge": "AAAA"}}}}});
    let step = Step::read(body.to_string().as_bytes()).unwrap();
    let context = Context::of(&step);
    let asks = context.forms.iter().flat_map(|form| of(&context, form).elements);
    let copies = asks.filter(|element| {
        matches!(&element.kind, ElementKind::Input(Input { ask: Ask::Passkey { options: Some(_), .. }, .. }))
    });
    assert_eq!(copies.count(), 16);
}
