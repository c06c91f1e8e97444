//! Each row of the tables of authenticators, drawn from the smallest step that has it.

use super::drawn::{self, Drawn};
use crate::{
    idx::Step,
    screen::{
        context::Context,
        element::{Element, ElementKind, TextRole, WaitingFor},
        known::Known,
        way::{Does, Role},
    },
};

/// A step of one form and the members beside it.
fn step(name: &str, form: &str, members: &str) -> Step {
    let body = format!(
        r#"{{"version":"1.0.0","expiresAt":"2030-01-01T00:00:00.000Z","remediation":{{"value":[
            {{"name":"{name}","href":"https://a.example/x","method":"POST"{form}}}]}}{members}}}"#
    );
    Step::read(body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn draw(step: &Step) -> Drawn {
    let context = Context::of(step);
    drawn::draw(&context, &context.forms[0])
}

/// A challenge for this authenticator.
fn about(name: &str, authenticator: &str) -> Drawn {
    draw(&step(
        name,
        "",
        &format!(r#","currentAuthenticator":{{"type":"object","value":{{"id":"a",{authenticator}}}}}"#),
    ))
}

fn texts(drawn: &Drawn) -> Vec<&str> {
    let text = |element: &Element| matches!(element.kind, ElementKind::Text(_));
    drawn.elements.iter().filter(|element| text(element)).map(|element| &*element.text.key).collect()
}

fn waiting(drawn: &Drawn) -> Option<WaitingFor> {
    drawn.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Waiting(waiting) => {
            assert_eq!(drawn.ways[waiting.poll].does, Does::Wait);
            Some(waiting.what)
        }
        _ => None,
    })
}

/// Remediation, authenticator, title, texts, and the button of the first way.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str], &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("challenge-authenticator", r#""key":"okta_password""#, "verify.password.title", &[], "verify.code.button"),
    ("challenge-authenticator", r#""type":"password""#, "verify.password.title", &[], "verify.code.button"),
    ("challenge-authenticator", r#""key":"okta_email","profile":{"email":"u***r@example.com"}"#,
        "verify.email.title", &["verify.email.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"okta_email","profile":{"email":"u***r@example.com","secondaryEmail":"v***s@example.com"}"#,
        "verify.email.title", &["verify.email_two.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"okta_email","profile":{"email":" "}"#, "verify.email.title", &["verify.email_plain.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"phone_number","methods":[{"type":"sms"}],"profile":{"phoneNumber":"+1 XXX"}"#,
        "verify.phone.title", &["verify.sms.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"phone_number","methods":[{"type":"voice"}]"#, "verify.phone.title", &["verify.voice_plain.hint"], "verify.code.button"),
    ("challenge-poll", r#""key":"okta_verify","methods":[{"type":"push"}]"#, "verify.named.title", &["verify.push.hint"], "way.poll.link"),
    ("challenge-poll", r#""key":"custom_push","displayName":"Acme","methods":[{"type":"push"}]"#, "verify.named.title", &["verify.push.hint"], "way.poll.link"),
    ("challenge-poll", r#""key":"okta_verify","contextualData":{"correctAnswer":"07"}"#, "verify.number.title", &["verify.number.hint"], "way.poll.link"),
    ("challenge-authenticator", r#""key":"okta_verify","methods":[{"type":"totp"}]"#, "verify.named.title", &["verify.totp.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""type":"app","methods":[{"type":"totp"}]"#, "verify.named.title", &["verify.totp.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"google_otp""#, "verify.named.title", &["verify.totp.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"symantec_vip""#, "verify.named.title", &["verify.totp.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"security_question""#, "verify.question.title", &[], "verify.code.button"),
    ("challenge-authenticator", r#""key":"webauthn","displayName":"Security Key or Biometric""#, "verify.passkey.title", &["verify.passkey.hint"], "verify.passkey.button"),
    ("challenge-authenticator", r#""key":"webauthn","displayName":"Acme key","description":"The green one""#,
        "verify.named.title", &["verify.passkey.hint", "authenticator.description"], "verify.passkey.button"),
    ("challenge-authenticator", r#""key":"duo""#, "verify.named.title", &["verify.frame.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"rsa_token""#, "verify.named.title", &["verify.token.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"onprem_mfa""#, "verify.unnamed.title", &["verify.token.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"custom_otp","displayName":"Acme OTP""#, "verify.named.title", &["verify.token.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"yubikey_token""#, "verify.yubikey.title", &["verify.yubikey.hint"], "verify.code.button"),
    ("challenge-authenticator", r#""key":"tac""#, "verify.tac.title", &["verify.tac.hint"], "verify.code.button"),
    ("challenge-poll", r#""key":"nfc_pin","contextualData":{"challenge":{"type":"object","value":{"challengeMethod":"LOOPBACK"}}}"#,
        "verify.badge.title", &["verify.badge.hint"], "way.poll.link"),
    ("challenge-authenticator", r#""key":"nfc_pin""#, "verify.pin.title", &[], "verify.code.button"),
    ("challenge-authenticator", r#""key":"iris","displayName":"Iris""#, "verify.named.title", &[], "verify.code.button"),
    ("challenge-authenticator", r#""key":"iris""#, "verify.unnamed.title", &[], "verify.code.button"),
    ("enroll-authenticator", r#""key":"okta_password""#, "enroll.password.title", &[], "way.save.button"),
    ("enroll-authenticator", r#""key":"okta_email""#, "enroll.email.title", &["verify.email_plain.hint"], "verify.code.button"),
    ("enroll-authenticator", r#""key":"phone_number","methods":[{"type":"sms"}]"#, "enroll.phone.title", &["verify.sms_plain.hint"], "verify.code.button"),
    ("enroll-poll", r#""key":"okta_verify","contextualData":{"selectedChannel":"qrcode","qrcode":{"href":"data:image/png;base64,AAAA"}}"#,
        "enroll.named.title", &["enroll.app_get.hint", "enroll.app_add.hint", "enroll.app_scan.hint"], "way.poll.link"),
    ("enroll-poll", r#""key":"okta_verify","contextualData":{"selectedChannel":"email","email":"a@example.com"}"#, "enroll.named.title", &["enroll.app_mail.hint"], "way.poll.link"),
    ("enroll-poll", r#""key":"okta_verify","contextualData":{"selectedChannel":"sms","phoneNumber":"+1"}"#, "enroll.named.title", &["enroll.app_sms.hint"], "way.poll.link"),
    ("enroll-poll", r#""key":"okta_verify","contextualData":{"selectedChannel":"devicebootstrap","devicebootstrap":{"enrolledDevices":["Phone","Pad"]}}"#,
        "enroll.app_here.title", &["enroll.app_known.hint"], "way.poll.link"),
    ("enroll-poll", r#""key":"okta_verify","contextualData":{"devicebootstrap":{"enrolledDevices":"Phone"}}"#,
        "enroll.app_here.title", &["enroll.app_known.hint"], "way.poll.link"),
    ("enroll-poll", r#""key":"custom_app","displayName":"Acme""#, "enroll.named.title", &["enroll.custom_app.hint"], "way.poll.link"),
    ("enroll-authenticator", r#""key":"security_question""#, "enroll.question.title", &[], "way.save.button"),
    ("enroll-authenticator", r#""key":"webauthn""#, "enroll.passkey.title", &["verify.passkey.hint"], "enroll.passkey.button"),
    ("enroll-authenticator", r#""key":"rsa_token""#, "enroll.named.title", &["verify.token.hint"], "verify.code.button"),
    ("enroll-authenticator", r#""key":"symantec_vip""#, "enroll.named.title", &["enroll.vip.hint"], "verify.code.button"),
    ("enroll-authenticator", r#""key":"duo""#, "enroll.named.title", &["verify.frame.hint"], "verify.code.button"),
    ("enroll-authenticator", r#""key":"yubikey_token""#, "enroll.yubikey.title", &["verify.yubikey.hint"], "verify.code.button"),
    ("enroll-poll", r#""key":"nfc_pin""#, "enroll.badge.title", &["verify.badge.hint"], "way.poll.link"),
    ("enroll-authenticator", r#""key":"nfc_pin""#, "enroll.pin.title", &[], "way.save.button"),
    ("enroll-authenticator", r#""key":"iris""#, "enroll.unnamed.title", &[], "way.continue.button"),
    ("authenticator-verification-data", r#""key":"okta_email","profile":{"email":"u***r@example.com"}"#, "verify.email.title", &["verify.email_send.hint"], "verify.email_send.button"),
    ("authenticator-verification-data", r#""key":"phone_number","methods":[{"type":"sms"}]"#, "verify.phone.title", &["verify.phone_send_plain.hint"], "verify.sms.button"),
    ("authenticator-verification-data", r#""key":"okta_verify","methods":[{"type":"push"}]"#, "verify.named.title", &[], "verify.push.button"),
    ("authenticator-enrollment-data", r#""key":"phone_number","methods":[{"type":"sms"}]"#, "enroll.phone.title", &["enroll.phone.hint"], "verify.sms.button"),
    ("authenticator-enrollment-data", r#""key":"okta_email""#, "enroll.email.title", &["verify.email_send_plain.hint"], "verify.email_send.button"),
    ("select-authenticator-enroll-data", r#""key":"phone_number""#, "enroll.phone.title", &["enroll.phone.hint"], "way.next.button"),
    ("enrollment-channel-data", r#""key":"okta_verify""#, "enroll.link_to.title", &[], "enroll.link_to.button"),
    ("reset-authenticator", r#""key":"okta_password""#, "reset.password.title", &[], "way.save.button"),
    ("reset-authenticator", r#""key":"google_otp","contextualData":{"sharedSecret":"ABCDEFGH"}"#, "reset.other.title", &["enroll.otp_key.hint"], "verify.code.button"),
    ("reenroll-authenticator", r#""key":"okta_password""#, "renew.password.title", &["renew.password.hint"], "way.save.button"),
    ("reenroll-authenticator-warning", r#""key":"okta_password","settings":{"daysToExpiry":5}"#, "expiring.password.title", &["expiring.password.hint"], "way.save.button"),
    ("reenroll-authenticator-warning", r#""key":"okta_password","settings":{"daysToExpiry":0}"#, "expiring.password.title", &["expiring.today.hint"], "way.save.button"),
    ("device-challenge-poll", r#""key":"okta_verify""#, "wait.device.title", &["device.probe.hint"], "way.poll.link"),
    ("launch-webauthn-authenticator", r#""key":"webauthn""#, "verify.passkey.title", &[], "passkey.key.button"),
    ("enroll-webauthn-residentkey", r#""key":"webauthn""#, "enroll.passkey.title", &[], "passkey.make.link"),
    ("enroll-authenticator-promotion", r#""key":"webauthn""#, "enroll.promotion.title", &["enroll.promotion.hint"], "enroll.passkey.button"),
];

#[test]
fn each_row_has_its_title_texts_and_button() {
    for (name, authenticator, title, hints, button) in CASES {
        let drawn = about(name, authenticator);
        let found = (&*drawn.title.key, texts(&drawn), &*drawn.ways[0].label.key);
        assert_eq!(found, (*title, hints.to_vec(), *button), "{name} {authenticator}");
        assert!(!drawn.title.text.contains('{') && drawn.ways[0].nodes.len() == 1, "{name} {authenticator}");
    }
}

#[test]
fn a_screen_is_named_by_key_and_method() {
    let name = |form: &str, authenticator: &str| about(form, authenticator).name;
    assert_eq!(
        name("challenge-authenticator", r#""key":"okta_email","methods":[{"type":"email"}]"#),
        "verify.okta_email.email"
    );
    assert_eq!(name("challenge-authenticator", r#""key":"okta_password""#), "verify.okta_password.password");
    assert_eq!(name("challenge-authenticator", r#""key":"iris","methods":[{"type":"left"}]"#), "verify.iris.left");
    assert_eq!(name("challenge-poll", r#""key":"custom_push","methods":[{"type":"push"}]"#), "verify.custom_app.push");
    assert_eq!(
        name("enroll-authenticator", r#""key":"google_otp","methods":[{"type":"otp"}]"#),
        "enroll.google_otp.otp"
    );
    assert_eq!(
        name("authenticator-verification-data", r#""key":"phone_number","methods":[{"type":"sms"}]"#),
        "verify.phone_number"
    );
}

#[test]
fn what_is_waited_for_is_said() {
    let waits = |form: &str, authenticator: &str| waiting(&about(form, authenticator));
    assert_eq!(waits("challenge-poll", r#""key":"okta_verify","methods":[{"type":"push"}]"#), Some(WaitingFor::Push));
    assert_eq!(waits("enroll-poll", r#""key":"okta_verify""#), Some(WaitingFor::Setup));
    assert_eq!(waits("enroll-poll", r#""key":"nfc_pin""#), Some(WaitingFor::Device));
    assert_eq!(waits("challenge-poll", r#""key":"iris""#), Some(WaitingFor::App));
    assert_eq!(waits("challenge-authenticator", r#""key":"okta_email""#), None);
}

#[test]
fn a_number_keeps_its_zeros_and_a_mail_is_polled_beside_the_code() {
    let drawn = about("challenge-poll", r#""key":"okta_verify","contextualData":{"correctAnswer":"07"}"#);
    let number =
        drawn.elements.iter().find(|element| matches!(&element.kind, ElementKind::Number { value } if value == "07"));
    assert!(number.is_some());

    let mail = |data: &str| {
        about(
            "challenge-authenticator",
            &format!(
                r#""key":"okta_email","contextualData":{{{data}}},
                "poll":{{"name":"poll","method":"POST","href":"https://a.example/poll","refresh":4000}}"#
            ),
        )
    };
    let drawn = mail("");
    assert_eq!(texts(&drawn), ["verify.email_plain.hint", "verify.email_link.hint"]);
    assert_eq!(waiting(&drawn), Some(WaitingFor::Mail));
    assert_eq!((drawn.ways[1].quiet, drawn.ways[1].action.as_deref()), (true, Some("currentAuthenticator.poll")));
    assert_eq!(texts(&mail(r#""useEmailMagicLink":false"#)), ["verify.email_plain.hint"]);
}

#[test]
fn one_way_for_each_method_and_none_is_taken_for_the_person() {
    let form = |options: &str| {
        format!(
            r#","value":[{{"name":"authenticator","form":{{"value":[{{"name":"id","value":"a","mutable":false}},
                {{"name":"methodType","required":true,"options":[{options}]}}]}}}}]"#
        )
    };
    let ways = |key: &str, options: &str| -> Vec<(String, Role, usize)> {
        let current = format!(r#","currentAuthenticator":{{"type":"object","value":{{"id":"a","key":"{key}"}}}}"#);
        let drawn = draw(&step("authenticator-verification-data", &form(options), &current));
        drawn.ways.iter().map(|way| (way.label.key.to_string(), way.role, way.sets.len())).collect()
    };
    let (sms, voice) = (r#"{"label":"SMS","value":"sms"}"#, r#"{"label":"Voice","type":"voice"}"#);
    assert_eq!(
        ways("phone_number", &format!("{sms},{voice},{sms}")),
        [("verify.sms.button".to_owned(), Role::Primary, 1), ("verify.voice.button".to_owned(), Role::Alternative, 1)]
    );
    let okta_verify = r#"{"value":"signed_nonce"},{"value":"push"},{"value":"totp"}"#;
    let labels: Vec<_> = ways("okta_verify", okta_verify).into_iter().map(|(label, ..)| label).collect();
    assert_eq!(labels, ["option.push.label", "option.totp.label", "option.fastpass.label"]);
}

#[test]
fn setting_up_on_this_device_launches_known_schemes_only() {
    let device = |url: &str| {
        about(
            "enroll-poll",
            &format!(
                r#""key":"okta_verify","contextualData":{{"selectedChannel":"samedevice","samedevice":{{
                "orgUrl":"https://acme.example","downloadHref":"https://store.example/ov","setupOVUrl":"{url}"}}}}"#
            ),
        )
    };
    let drawn = device("com-okta-authenticator:/setup");
    let does: Vec<_> = drawn.ways.iter().map(|way| (way.does, way.role)).collect();
    assert_eq!(does, [(Does::Launch, Role::Primary), (Does::Wait, Role::Link), (Does::Open, Role::Link)]);
    assert_eq!(waiting(&drawn), Some(WaitingFor::Setup));
    let copied = drawn.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Text(text) if text.copy => Some((text.role, text.value.as_deref())),
        _ => None,
    });
    assert_eq!(copied, Some((TextRole::Step, Some("https://acme.example"))));
    let relative = device("okta-verify.html");
    assert_eq!(relative.ways[0].does, Does::Wait);
}

#[test]
fn a_device_challenge_starts_the_app_only_where_it_has_an_address() {
    let challenge = |method: &str, href: &str| {
        let members = format!(
            r#","authenticatorChallenge":{{"type":"object","value":{{"challengeMethod":"{method}","href":"{href}","downloadHref":"https://store.example"}}}}"#
        );
        draw(&step("device-challenge-poll", r#","relatesTo":"authenticatorChallenge""#, &members))
    };
    for method in ["CUSTOM_URI", "UNIVERSAL_LINK", "APP_LINK"] {
        let drawn = challenge(method, "https://acme.example/launch");
        assert_eq!((&*drawn.title.key, drawn.ways[0].does), ("fastpass.form.title", Does::Launch), "{method}");
        assert_eq!((drawn.ways.len(), waiting(&drawn)), (3, Some(WaitingFor::Device)), "{method}");
        assert_eq!(challenge(method, "").title.key, "wait.device.title", "{method}");
        assert_eq!(challenge(method, "javascript:x").title.key, "wait.device.title", "{method}");
    }
    for method in ["LOOPBACK", "CHROME_DTC", "APPLE_SSO_EXTENSION", "TELEPATHY"] {
        let drawn = challenge(method, "https://acme.example/launch");
        assert_eq!((&*drawn.title.key, drawn.ways.len()), ("wait.device.title", 1), "{method}");
    }
    let in_data = r#""key":"okta_verify","contextualData":{"challenge":{"type":"object","value":{"challengeMethod":"LOOPBACK"}}}"#;
    assert_eq!(about("challenge-poll", in_data).title.key, "wait.device.title");
}

#[test]
fn a_password_kept_elsewhere_is_changed_there() {
    let form = |url: &str| {
        let form = format!(r#","customExpiredPasswordName":"Acme","customExpiredPasswordURL":"{url}""#);
        draw(&step("reenroll-custom-password-expiry", &form, ""))
    };
    let drawn = form("https://pw.example/change");
    assert_eq!(texts(&drawn), ["renew.elsewhere.hint"]);
    assert_eq!((drawn.ways[0].does, drawn.ways[0].url.as_deref()), (Does::Open, Some("https://pw.example/change")));
    assert!(drawn.ways[1].quiet && drawn.ways[1].nodes.len() == 1);
    let no_address = form("http://pw.example");
    assert_eq!((no_address.ways.len(), no_address.ways[0].does), (1, Does::Submit));
}

#[test]
fn a_federated_authenticator_is_a_redirect_with_its_own_words() {
    let redirect = |key: &str, beside: &str| {
        let body = format!(
            r#"{{"version":"1.0.0","remediation":{{"value":[{{"name":"redirect-idp","method":"GET","href":"https://a.example/sso"}}{beside}]}},
                "currentAuthenticator":{{"type":"object","value":{{"id":"a","key":"{key}","displayName":"Acme"}}}}}}"#
        );
        let drawn = draw(&Step::read(body.as_bytes()).unwrap());
        (drawn.title.key.to_string(), drawn.ways[0].label.key.to_string(), drawn.ways[0].does)
    };
    let enrolls = r#",{"name":"select-authenticator-enroll","href":"https://a.example/x"}"#;
    let keys = |title: &str, button: &str| (title.to_owned(), button.to_owned(), Does::Open);
    assert_eq!(redirect("external_idp", ""), keys("verify.named.title", "verify.idp.button"));
    assert_eq!(redirect("external_idp", enrolls), keys("enroll.idp.title", "verify.idp.button"));
    assert_eq!(redirect("smart_card_idp", ""), keys("redirect.card.title", "way.card.button"));
    assert_eq!(redirect("smart_card_idp", enrolls), keys("enroll.card.title", "way.card.button"));
}

#[test]
fn a_key_that_is_missing_is_told_by_its_methods() {
    use crate::idx::AuthenticatorKey as Key;
    let key = |members: &str| {
        let step =
            step("x", "", &format!(r#","currentAuthenticator":{{"type":"object","value":{{"id":"a",{members}}}}}"#));
        step.current_authenticator().and_then(|one| Known::of(one).key)
    };
    assert_eq!(key(r#""type":"app","methods":[{"type":"signed_nonce"}]"#), Some(Key::OktaVerify));
    assert_eq!(key(r#""type":"security_key","methods":[{"methodType":"webauthn"}]"#), Some(Key::Webauthn));
    assert_eq!(key(r#""type":"app","methods":[{"type":"otp"}]"#), None);
}

#[test]
fn a_form_that_repeats_draws_its_picture_a_few_times_only() {
    let forms = vec![r#"{"name":"enroll-authenticator","href":"https://a.example/x"}"#; 50].join(",");
    let body = format!(
        r#"{{"version":"1.0.0","remediation":{{"value":[{forms}]}},"currentAuthenticator":{{"type":"object","value":{{"id":"a",
            "key":"google_otp","displayName":"{}","contextualData":{{"qrcode":{{"href":"data:image/png;base64,AAAA"}}}}}}}}}}"#,
        "x".repeat(10_000)
    );
    let step = Step::read(body.as_bytes()).unwrap();
    let context = Context::of(&step);
    let all: Vec<_> = context.forms.iter().map(|form| drawn::draw(&context, form)).collect();
    let elements = || all.iter().flat_map(|drawn| &drawn.elements);
    let pictures = elements().filter(|element| matches!(element.kind, ElementKind::Picture(_))).count();
    assert_eq!((all.len(), pictures), (50, 4));
    assert!(all.iter().all(|drawn| drawn.title.text.len() < 1_000));
}

#[test]
fn sending_without_asking_next_time_is_asked_beside_the_button() {
    let form = r#","value":[{"name":"authenticator","form":{"value":[{"name":"id","value":"a","mutable":false},
        {"name":"methodType","value":"push","mutable":false},{"name":"autoChallenge","type":"boolean","value":true,"required":"false"}]}}]"#;
    let current = r#","currentAuthenticator":{"type":"object","value":{"id":"a","key":"okta_verify","methods":[{"type":"push"}]}}"#;
    let drawn = draw(&step("authenticator-verification-data", form, current));
    let toggle = drawn.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Input(input) => Some((&*input.label.key, input.ask.as_str(), input.preset.is_some(), element.way)),
        _ => None,
    });
    assert_eq!(toggle, Some(("field.auto_push.label", "toggle", true, Some(0))));
    assert_eq!((drawn.ways.len(), &*drawn.ways[0].label.key), (1, "verify.push.button"));
}
