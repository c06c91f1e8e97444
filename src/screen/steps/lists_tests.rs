//! Lists of authenticators: what becomes one option, what several, in which words and which order.

use super::drawn::{self, Drawn};
use crate::{
    idx::Step,
    screen::{
        context::Context,
        element::{ChoiceElement, ChoiceOption, ElementKind},
        way::Does,
    },
};

/// A list of this name: `options` are (what `relatesTo` names, fields of the option), `members` stand beside it.
fn step(name: &str, options: &[(&str, &str)], before: &str, members: &str) -> Step {
    let options: Vec<_> = options
        .iter()
        .enumerate()
        .map(|(index, (to, fields))| {
            format!(r#"{{"label":"Label {index}","relatesTo":"{to}","value":{{"form":{{"value":[{fields}]}}}}}}"#)
        })
        .collect();
    let body = format!(
        r#"{{"version":"1.0.0","expiresAt":"2030-01-01T00:00:00.000Z","remediation":{{"value":[{before}
            {{"name":"{name}","href":"https://a.example/x","value":[{{"name":"authenticator","type":"object","options":[{}]}}]}}]}}{members}}}"#,
        options.join(",")
    );
    Step::read(body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

/// The list of a step, as its table draws it.
fn draw(step: &Step) -> Drawn {
    let context = Context::of(step);
    let list = context.forms.iter().find(|form| form.kind.as_str().starts_with("select-")).expect("a list");
    drawn::draw(&context, list)
}

fn list(drawn: &Drawn) -> &ChoiceElement {
    let found = drawn.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Choice(choice) => Some(choice),
        _ => None,
    });
    found.expect("a list")
}

fn lines(options: &[ChoiceOption]) -> Vec<String> {
    let line = |option: &ChoiceOption| {
        let more = [&option.detail, &option.note].map(|phrase| phrase.as_ref().map_or("-", |phrase| &phrase.text));
        format!("{} | {} | {}", option.label.text, more[0], more[1])
    };
    options.iter().map(line).collect()
}

/// A list for verifying with these enrolments, each chosen with these fields.
fn verify(options: &[(&str, &str)], before: &str, beside: &str) -> Drawn {
    let enrolled: Vec<_> = options.iter().map(|(enrolment, _)| *enrolment).collect();
    let pointers: Vec<_> =
        (0..options.len()).map(|index| format!("$.authenticatorEnrollments.value[{index}]")).collect();
    let options: Vec<_> = pointers.iter().zip(options).map(|(to, (_, fields))| (to.as_str(), *fields)).collect();
    let members = format!(r#","authenticatorEnrollments":{{"type":"array","value":[{}]}}{beside}"#, enrolled.join(","));
    draw(&step("select-authenticator-authenticate", &options, before, &members))
}

const NOTHING: &str = r#"{"name":"id","value":"a","mutable":false}"#;

#[test]
fn one_option_for_each_thing_to_do_in_words_that_tell_them_apart() {
    let methods = |values: &str| {
        format!(r#"{{"name":"id","value":"a","mutable":false}},{{"name":"methodType","options":[{values}]}}"#)
    };
    let phone = methods(r#"{"value":"sms"},{"value":"voice"},{"value":"sms"}"#);
    let app = methods(r#"{"value":"signed_nonce"},{"value":"push"},{"value":"totp"}"#);
    let drawn = verify(
        &[
            (r#"{"key":"okta_verify","id":"1","profile":{"deviceName":"Pixel"}}"#, &app),
            (r#"{"key":"phone_number","id":"2","profile":{"phoneNumber":"+1 XXX-1"}}"#, &phone),
            (r#"{"key":"phone_number","id":"3","nickname":"Work","profile":{"phoneNumber":"+1 XXX-2"}}"#, NOTHING),
            (r#"{"key":"okta_email","id":"4","profile":{"email":"u***r@example.com"}}"#, NOTHING),
            (r#"{"key":"custom_app","id":"5","displayName":"Acme","profile":{"deviceName":"Pad"}}"#, NOTHING),
            (r#"{"key":"iris","id":"6","description":"Look here"}"#, NOTHING),
        ],
        "",
        "",
    );
    assert_eq!(
        lines(&list(&drawn).options),
        [
            "Approve in Okta Verify | Pixel | -",
            "Code from Okta Verify | Pixel | -",
            "Okta Verify on this device | Pixel | -",
            "Text message | +1 XXX-1 | -",
            "Phone call | +1 XXX-1 | -",
            "Phone | Work, +1 XXX-2 | -",
            "Email | u***r@example.com | -",
            "Label 4 | Pad | -",
            "Label 5 | Look here | -",
        ]
    );
    let options = &list(&drawn).options;
    assert_eq!(options[3].node, options[4].node);
    assert_eq!((options[3].sets.len(), options[4].sets.len(), options[5].sets.len()), (1, 1, 0));
    assert_eq!(options[4].sets[0].path, "authenticator.methodType");
    assert!(options.iter().all(|option| option.picks_at_once));
}

#[test]
fn all_passkeys_of_a_person_are_one_option_and_what_looks_the_same_is_numbered() {
    let key = |id: &str| format!(r#"{{"key":"webauthn","id":"{id}","displayName":"Security Key or Biometric"}}"#);
    let (first, second) = (key("1"), key("2"));
    let without = r#"{"type":"security_key","id":"3","displayName":"FIDO2 (WebAuthn)"}"#;
    let webauthn = r#"{"name":"id","value":"a"},{"name":"methodType","value":"webauthn","mutable":false}"#;
    let phone = r#"{"key":"phone_number","id":"4"}"#;
    let drawn = verify(
        &[(&first, NOTHING), (phone, NOTHING), (&second, NOTHING), (without, webauthn), (phone, NOTHING)],
        "",
        "",
    );
    let options = &list(&drawn).options;
    assert_eq!(lines(options), ["Label 0 | - | -", "Phone | Number 1 | -", "Phone | Number 2 | -"]);
    assert_eq!((options[0].nodes.len(), options[0].node), (3, options[0].nodes[0]));

    let body = drawn_labels(
        r#"{"label":"Security Key or Biometric","relatesTo":"$.authenticators.value[0]","value":{"form":{"value":[]}}}"#,
    );
    assert_eq!(body, ["option.passkey.label"]);
}

/// The keys of the labels of one option as it came.
fn drawn_labels(option: &str) -> Vec<String> {
    let body = format!(
        r#"{{"version":"1.0.0","remediation":{{"value":[{{"name":"select-authenticator-authenticate","href":"https://a.example/x",
            "value":[{{"name":"authenticator","type":"object","options":[{option}]}}]}}]}},
            "authenticators":{{"type":"array","value":[{{"key":"webauthn","id":"1"}}]}}}}"#
    );
    let drawn = draw(&Step::read(body.as_bytes()).unwrap());
    list(&drawn).options.iter().map(|option| option.label.key.to_string()).collect()
}

#[test]
fn the_app_on_this_device_comes_first_where_it_is_known_and_what_is_asked_anyway_last() {
    let app = |known: bool| format!(r#"{{"key":"okta_verify","id":"1","deviceKnown":{known}}}"#);
    let methods = r#"{"name":"id","value":"a"},{"name":"methodType","options":[{"value":"push"},{"value":"signed_nonce"},{"value":"totp"}]}"#;
    let email = r#"{"key":"okta_email","id":"2","methods":[{"type":"email"}]}"#;
    let order = |known: bool, beside: &str, before: &str| -> Vec<String> {
        let drawn = verify(&[(email, NOTHING), (&app(known), methods)], before, beside);
        list(&drawn)
            .options
            .iter()
            .map(|option| option.label.key.replace("option.", "").replace(".label", ""))
            .collect()
    };
    assert_eq!(order(false, "", ""), ["email", "push", "totp", "fastpass"]);
    assert_eq!(order(true, "", ""), ["fastpass", "email", "push", "totp"]);
    let challenge = r#"{"name":"challenge-authenticator","href":"https://a.example/c"},"#;
    let current = format!(r#","currentAuthenticatorEnrollment":{{"type":"object","value":{email}}}"#);
    assert_eq!(order(false, &current, challenge), ["push", "totp", "fastpass", "email"]);
}

#[test]
fn a_list_of_what_is_asked_anyway_is_not_drawn_and_one_option_in_front_is_a_button() {
    let email = r#"{"key":"okta_email","id":"2"}"#;
    let alone = verify(&[(email, NOTHING)], "", "");
    assert_eq!((alone.ways[0].does, alone.ways[0].quiet), (Does::Submit, false));
    let challenge = r#"{"name":"challenge-authenticator","href":"https://a.example/c"},"#;
    let current = format!(r#","currentAuthenticatorEnrollment":{{"type":"object","value":{email}}}"#);
    let beside = verify(&[(email, NOTHING)], challenge, &current);
    assert_eq!((beside.ways[0].does, beside.ways[0].quiet), (Does::Choose, true));
    let recovery = verify(&[(email, NOTHING)], "", r#","recoveryAuthenticator":{"type":"object","value":{"id":"r"}}"#);
    assert_eq!((&*recovery.name, &*recovery.title.key), ("select.recover", "select.recover.title"));
}

#[test]
fn what_is_needed_now_comes_before_what_can_wait() {
    let members = r#","authenticators":{"type":"array","value":[
        {"key":"google_otp","id":"1","allowedFor":"sso"},
        {"key":"phone_number","id":"2","gracePeriod":{"type":"BY_DATE_TIME","expiry":"2031-05-06T07:08:09.000Z"}},
        {"key":"okta_email","id":"3","gracePeriod":{"type":"BY_DATE_TIME","expiry":"2029-01-01T00:00:00.000Z"}},
        {"key":"webauthn","id":"4","gracePeriod":{"type":"BY_SKIP_COUNT","remainingSkips":2}},
        {"key":"okta_password","id":"5","gracePeriod":{"type":"BY_SKIP_COUNT","remainingSkips":0}},
        {"key":"security_question","id":"6","allowedFor":"any"}]},
        "authenticatorEnrollments":{"type":"array","value":[{"key":"okta_password","id":"p"}]}"#;
    let pointers: Vec<_> = (0..6).map(|index| format!("$.authenticators.value[{index}]")).collect();
    let options: Vec<_> = pointers.iter().map(|to| (to.as_str(), NOTHING)).collect();
    let with_skip = r#"{"name":"skip","href":"https://a.example/skip"},"#;
    let drawn = draw(&step("select-authenticator-enroll", &options, with_skip, members));
    let choice = list(&drawn);
    let names: Vec<_> = choice.groups.iter().map(|group| group.name).collect();
    assert_eq!(names, ["now", "soon", "optional"]);
    let found: Vec<_> = choice.options.iter().map(|option| option.group.unwrap()).collect();
    assert_eq!(found, ["now", "now", "soon", "soon", "optional", "optional"]);
    assert_eq!(
        lines(&choice.options),
        [
            "Email | - | -",
            "Label 4 | - | Add one more",
            "Phone | - | Due by 2031-05-06T07:08:09.000Z",
            "Label 3 | - | Times you can still skip: 2",
            "Label 0 | - | For signing in",
            "Label 5 | - | For signing in and recovery",
        ]
    );
    let one_kind = draw(&step("select-authenticator-enroll", &options[..1], with_skip, members));
    assert!(list(&one_kind).groups.is_empty() && list(&one_kind).options[0].group.is_none());
}

#[test]
fn an_option_that_leads_nowhere_is_drawn_all_the_same() {
    let drawn = draw(&step("select-authenticator-enroll", &[("$.nowhere", NOTHING), ("$.nowhere", NOTHING)], "", ""));
    let options = &list(&drawn).options;
    assert_eq!(lines(options), ["Label 0 | - | -", "Label 1 | - | -"]);
    assert!(options.iter().all(|option| option.key.is_none()) && options[0].node != options[1].node);
}

#[test]
fn unlocking_asks_for_the_name_beside_the_list() {
    let body = br#"{"version":"1.0.0","remediation":{"value":[{"name":"select-authenticator-unlock-account","href":"https://a.example/x","value":[
        {"name":"identifier","label":"Username"},{"name":"authenticator","type":"object","options":[
        {"label":"Email","relatesTo":"$.authenticators.value[0]","value":{"form":{"value":[{"name":"id","value":"a","mutable":false}]}}}]}]}]},
        "authenticators":{"type":"array","value":[{"key":"okta_email","id":"1"}]}}"#;
    let drawn = draw(&Step::read(body).unwrap());
    assert_eq!((&*drawn.title.key, drawn.ways[0].does), ("unlock.form.title", Does::Submit));
    assert_eq!(drawn.ways[0].inputs, ["identifier", "authenticator"]);
    let kinds: Vec<_> = drawn.elements.iter().map(|element| element.kind.as_str()).collect();
    assert_eq!(kinds, ["text", "input", "choice"]);
}

/// A form for switching the channel, with these fields of it.
fn channels(field: &str) -> Drawn {
    let body = format!(
        r#"{{"version":"1.0.0","remediation":{{"value":[{{"name":"select-enrollment-channel","href":"https://a.example/x","value":[
            {{"name":"authenticator","type":"object","value":{{"form":{{"value":[{NOTHING},{field}]}}}}}}]}}]}},
            "currentAuthenticator":{{"type":"object","value":{{"key":"okta_verify","id":"a","contextualData":{{"selectedChannel":"qrcode"}}}}}}}}"#
    );
    draw(&Step::read(body.as_bytes()).unwrap())
}

#[test]
fn channels_have_words_for_people_and_the_one_in_use_is_last() {
    let drawn = channels(
        r#"{"name":"channel","required":true,"options":[{"label":"QRCODE","value":"qrcode"},{"label":"EMAIL","value":"email"},
            {"label":"By pigeon","value":"pigeon"},{"label":"DRUMS","value":"drums"}]}"#,
    );
    assert_eq!(
        lines(&list(&drawn).options),
        ["Link by email | - | -", "By pigeon | - | -", "drums | - | -", "Scan a picture | - | -"]
    );
    assert_eq!(
        (drawn.ways[0].does, &drawn.ways[0].inputs[..]),
        (Does::Choose, &["authenticator.channel".to_owned()][..])
    );
    let decided = channels(r#"{"name":"channel","value":"email","mutable":false}"#);
    assert_eq!((&*decided.ways[0].label.key, decided.ways[0].does), ("way.channel.link", Does::Submit));
    assert!(decided.elements.is_empty());
}

#[test]
fn a_long_list_is_cut_and_drawn_in_time_linear_in_its_length() {
    let options: Vec<_> = (0..5_000).map(|_| ("$.authenticators.value[0]", NOTHING)).collect();
    let members = r#","authenticators":{"type":"array","value":[{"key":"phone_number","id":"1"}]}"#;
    let drawn = draw(&step("select-authenticator-authenticate", &options, "", members));
    let options = &list(&drawn).options;
    assert_eq!(options.len(), crate::limits::MAX_DRAWN_OPTIONS);
    assert_eq!(options[1_999].detail.as_ref().map(|detail| &*detail.text), Some("Number 2000"));
}
