//! How a sign-in ended: each row of the table by a step that has it, what is no ending, errors, and what is drawn.

use interaction_code::{
    Error, ErrorKind, ErrorMessage,
    idx::Step,
    screen::{Does, ElementKind, Ending, EndingKind, Outcome, Retry, Role, Screen, SuggestedKind, TextRole},
};
use serde_json::{Value, json};

/// A step without a form: messages by key and class, and more members.
pub fn ended(messages: &[(&str, &str)], more: Value) -> Step {
    let message = |(key, class): &(&str, &str)| {
        let mut message = json!({"message": format!("The server's words for {key}"), "i18n": {"key": key}});
        if !class.is_empty() {
            message["class"] = json!(class);
        }
        message
    };
    let mut body = json!({"version": "1.0.0", "stateHandle": "02.h"});
    if !messages.is_empty() {
        let value: Vec<_> = messages.iter().map(message).collect();
        body["messages"] = json!({"type": "array", "value": value});
    }
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    Step::read(body.to_string().as_bytes()).expect("a step")
}

fn action(name: &str) -> Value {
    json!({"name": name, "href": format!("https://a.example/idp/idx/{name}"), "method": "POST", "rel": ["create-form"],
        "value": [{"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false}]})
}

/// Key, class, kind, good, exit code.
const ROWS: &[(&str, &str, EndingKind, bool, u8)] = &[
    ("oie.selfservice.unlock_user.success.message", "INFO", EndingKind::Unlocked, true, 31),
    ("oie.selfservice.unlock_user.landing.to.app.success.message", "INFO", EndingKind::Unlocked, true, 31),
    ("idx.recovery.completed", "INFO", EndingKind::Recovered, true, 31),
    ("idx.email.verification.required", "INFO", EndingKind::MailSent, true, 31),
    ("idx.request.activation.email", "INFO", EndingKind::MailSent, true, 31),
    ("idx.device.activated", "INFO", EndingKind::DeviceActivated, true, 31),
    ("idx.transferred.to.new.tab", "INFO", EndingKind::Moved, true, 31),
    ("idx.return.to.original.tab", "INFO", EndingKind::Moved, true, 31),
    ("idx.enter.otp.in.original.tab", "INFO", EndingKind::CodeElsewhere, true, 31),
    ("idx.session.expired", "ERROR", EndingKind::Expired, false, 28),
    ("error.expired.session", "ERROR", EndingKind::Expired, false, 28),
    ("idx.return.link.expired", "INFO", EndingKind::LinkExpired, false, 29),
    ("idx.return.stale", "", EndingKind::LinkExpired, false, 29),
    ("idx.return.error", "ERROR", EndingKind::LinkExpired, false, 29),
    ("idx.expired.activation.token", "ERROR", EndingKind::LinkExpired, false, 29),
    ("idx.missing.activation.token", "ERROR", EndingKind::LinkExpired, false, 29),
    ("idx.invalid.forgot.password.token", "ERROR", EndingKind::LinkExpired, false, 29),
    ("idx.invalid.reset.password.token", "ERROR", EndingKind::LinkExpired, false, 29),
    ("idx.invalid.device.code", "ERROR", EndingKind::LinkExpired, false, 29),
    ("core.system.transaction_resource_not_found", "ERROR", EndingKind::TimedOut, false, 22),
    ("api.authn.poll.error.push_rejected", "ERROR", EndingKind::PushRejected, false, 21),
    ("idx.operation.cancelled.by.user", "ERROR", EndingKind::Declined, false, 29),
    ("idx.operation.cancelled.on.other.device", "ERROR", EndingKind::Declined, false, 29),
    ("idx.device.not.activated.consent.denied", "INFO", EndingKind::Declined, false, 29),
    ("tooManyRequests", "ERROR", EndingKind::Limited, false, 30),
    ("oie.tooManyRequests", "ERROR", EndingKind::Limited, false, 30),
    ("errors.E0000150", "ERROR", EndingKind::Limited, false, 30),
    ("errors.E0000151", "ERROR", EndingKind::Limited, false, 30),
    ("idx.error.server.safe.mode.enrollment.unavailable", "ERROR", EndingKind::Unavailable, false, 29),
    ("E0000010", "ERROR", EndingKind::Unavailable, false, 29),
    ("authfactor.challenge.suspended_factor", "ERROR", EndingKind::Locked, false, 14),
    ("errors.E0000119", "ERROR", EndingKind::Locked, false, 14),
    ("idx.activating.inactive.user", "ERROR", EndingKind::Locked, false, 14),
    ("oie.selfservice.unlock_user.failed.message", "ERROR", EndingKind::Locked, false, 14),
    ("oie.selfservice.unlock_user.challenge.failed.permissions", "ERROR", EndingKind::Locked, false, 14),
    ("oie.selfservice.reset.password.not.allowed", "ERROR", EndingKind::NotAllowed, false, 29),
    ("oie.selfservice.user.unlock.not.allowed", "ERROR", EndingKind::NotAllowed, false, 29),
    ("errors.E0000035", "ERROR", EndingKind::NotAllowed, false, 29),
    ("idx.reset.password.activating.user", "ERROR", EndingKind::NotAllowed, false, 29),
    ("idx.error.registration.unavailable", "ERROR", EndingKind::NotAllowed, false, 29),
    ("registration.error.notUniqueWithinOrg", "ERROR", EndingKind::NotAllowed, false, 29),
    ("idx.error.code.no_matching_policy", "ERROR", EndingKind::NotAllowed, false, 40),
    ("idx.error.code.access_denied.device_assurance.remediation.title", "ERROR", EndingKind::DeviceRefused, false, 25),
    ("device.assurance.custom.remediation.x", "ERROR", EndingKind::DeviceRefused, false, 25),
    ("core.auth.factor.signedNonce.error", "ERROR", EndingKind::DeviceRefused, false, 25),
    ("core.auth.factor.signedNonce.error.deletedDevice", "ERROR", EndingKind::DeviceRefused, false, 25),
    (
        "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.windows",
        "ERROR",
        EndingKind::DeviceRefused,
        false,
        25,
    ),
    ("security.access_denied", "ERROR", EndingKind::Denied, false, 27),
    ("security.access_denied_custom_message", "ERROR", EndingKind::Denied, false, 27),
    ("idx.error.code.user_not_assigned", "ERROR", EndingKind::Denied, false, 26),
    ("idx.error.user.not.assigned.to.app", "ERROR", EndingKind::Denied, false, 26),
    ("oie.assurance.unsatisfiable", "ERROR", EndingKind::Denied, false, 24),
    ("api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE", "ERROR", EndingKind::Recovered, false, 29),
    ("idx.identity.provider.auth.error", "ERROR", EndingKind::Failed, false, 29),
    ("idx.device.not.activated.internal.error", "INFO", EndingKind::Failed, false, 29),
    ("E0000009", "ERROR", EndingKind::Failed, false, 29),
    ("E0000020", "ERROR", EndingKind::Failed, false, 29),
    ("something.nobody.knows", "ERROR", EndingKind::Failed, false, 29),
    ("something.nobody.knows", "INFO", EndingKind::Other, true, 31),
    ("something.nobody.knows", "", EndingKind::Other, true, 31),
    // The end of a key of the table is no family of it.
    ("idx.session.expiredness", "ERROR", EndingKind::Failed, false, 29),
];

#[test]
fn the_key_decides_and_not_the_class() {
    for (key, class, kind, good, code) in ROWS {
        let ending = Ending::at(&ended(&[(key, class)], json!({}))).expect(key);
        assert_eq!((ending.kind, ending.good), (*kind, *good), "{key}");
        assert_eq!(ending.outcome().exit_code(), *code, "{key}");
        assert_eq!(
            ending.retry == Retry::Later,
            matches!(kind, EndingKind::Limited | EndingKind::Unavailable),
            "{key}"
        );
        assert!(!ending.text.text.is_empty() && ending.text.key.starts_with("ended."), "{key}");
        if *kind != EndingKind::Other && !key.contains("nobody") && !key.ends_with("ness") {
            assert_eq!(ending.key.as_deref(), Some(*key));
        }
    }
    let seen = |kind: &&EndingKind| ROWS.iter().any(|(_, _, row, _, _)| row == *kind);
    let by_step = [EndingKind::SignedIn, EndingKind::Redirect, EndingKind::EnrollDevice];
    assert!(EndingKind::ALL.iter().all(|kind| seen(&kind) || by_step.contains(kind)), "a kind without a row");
}

#[test]
fn the_first_row_wins_over_the_first_message() {
    let step = ended(&[("idx.error.user.not.assigned.to.app", "ERROR"), ("idx.session.expired", "ERROR")], json!({}));
    assert_eq!(Ending::at(&step).unwrap().kind, EndingKind::Expired);
}

#[test]
fn successes_failures_and_devices_end_by_the_step() {
    let kind = |messages: &[(&str, &str)], more: Value| Ending::at(&ended(messages, more)).map(|ending| ending.kind);
    let code = action("issue");
    assert_eq!(kind(&[], json!({"successWithInteractionCode": code})), Some(EndingKind::SignedIn));
    let to = |name: &str| json!({"name": name, "href": "https://a.example/x", "method": "GET"});
    assert_eq!(kind(&[], json!({"success": to("success-redirect")})), Some(EndingKind::Redirect));
    let as_remediation = json!({"remediation": {"type": "array", "value": [to("success-redirect")]}});
    assert_eq!(kind(&[], as_remediation), Some(EndingKind::Redirect));
    let denied = [("idx.error.user.not.assigned.to.app", "ERROR")];
    assert_eq!(kind(&denied, json!({"success": to("success-redirect")})), Some(EndingKind::Denied));
    assert_eq!(kind(&denied, json!({"failure": to("failure-redirect")})), Some(EndingKind::Denied));
    assert_eq!(kind(&[], json!({"failure": to("failure-redirect")})), Some(EndingKind::Failed));
    let device = json!({"deviceEnrollment": {"type": "object", "value": {"name": "oda"}}});
    assert_eq!(kind(&[], device.clone()), Some(EndingKind::EnrollDevice));
    assert_eq!(kind(&[("idx.session.expired", "ERROR")], device), Some(EndingKind::EnrollDevice));
    assert_eq!(kind(&[], json!({})), Some(EndingKind::Other));
    assert!(!Ending::at(&ended(&[], json!({}))).unwrap().good);
}

#[test]
fn what_can_go_on_is_no_ending() {
    let bad = [("idx.session.expired", "ERROR")];
    let form = json!({"remediation": {"type": "array", "value": [action("identify")]}});
    assert_eq!(Ending::at(&ended(&bad, form)), None);
    let mut poll = action("poll");
    poll["refresh"] = json!(4000);
    let polled = json!({"currentAuthenticator": {"type": "object", "value": {"type": "app", "poll": poll}}});
    assert_eq!(Ending::at(&ended(&bad, polled)), None);
    let resend =
        json!({"currentAuthenticator": {"type": "object", "value": {"type": "app", "resend": action("resend")}}});
    assert_eq!(Ending::at(&ended(&[("api.authn.poll.error.push_rejected", "ERROR")], resend)), None);
    let skip = json!({"remediation": {"type": "array", "value": [action("skip")]}});
    assert_eq!(Ending::at(&ended(&[], skip)), None);
}

#[test]
fn a_read_only_org_is_a_push_that_ran_out_when_it_was_polled() {
    let ending = Ending::at(&ended(&[("E0000010", "ERROR")], json!({}))).unwrap();
    assert_eq!(ending.clone().after_poll().kind, EndingKind::TimedOut);
    assert_eq!(ending.after_poll().outcome(), Outcome::PushExpired);
    let denied = Ending::at(&ended(&[("security.access_denied", "ERROR")], json!({}))).unwrap();
    assert_eq!(denied.after_poll().kind, EndingKind::Denied);
}

#[test]
fn errors_end_a_sign_in_or_leave_it_where_it_was() {
    let of = |error: Error| Ending::of_error(&error).map(|ending| ending.kind);
    let oauth = |code: &str| of(Error::new(ErrorKind::OAuth, "x").with_oauth(code, None));
    assert_eq!(oauth("access_denied"), Some(EndingKind::Denied));
    assert_eq!(oauth("invalid_grant"), Some(EndingKind::Expired));
    assert_eq!(oauth("slow_down"), Some(EndingKind::Limited));
    assert_eq!(oauth("invalid_client"), Some(EndingKind::Failed));
    let api = |code: &str| of(Error::new(ErrorKind::Api, "x").with_http_status(429).with_api_code(code));
    assert_eq!((api("E0000047"), api("E0000119")), (Some(EndingKind::Limited), Some(EndingKind::Locked)));
    assert_eq!(of(Error::new(ErrorKind::Api, "x").with_http_status(403)), Some(EndingKind::Denied));
    let message = ErrorMessage { key: Some("idx.recovery.completed".into()), text: String::new(), path: None };
    let good = Ending::of_error(&Error::new(ErrorKind::Terminal, "x").with_messages([message])).unwrap();
    assert!(good.good && good.kind == EndingKind::Recovered);
    assert_eq!(of(Error::new(ErrorKind::Expired, "x")), Some(EndingKind::Expired));
    assert_eq!(of(Error::new(ErrorKind::RateLimited, "x")), Some(EndingKind::Limited));
    for kind in
        [ErrorKind::Cancelled, ErrorKind::Timeout, ErrorKind::Offline, ErrorKind::InvalidAnswer, ErrorKind::Http]
    {
        assert_eq!(of(Error::new(kind, "x")), None, "{kind}");
    }
}

#[test]
fn the_words_lead_back() {
    for (number, kind) in EndingKind::ALL.iter().enumerate() {
        assert_eq!(kind.code() as usize, number + 1);
        assert_eq!(EndingKind::from_code(kind.code()), Some(*kind));
        assert_eq!(EndingKind::from_name(kind.as_str()), Some(*kind));
        assert!(kind.doc().ends_with('.'), "{kind:?}");
        let ending = Ending::of_kind(*kind);
        let title = format!("ended.{}.title", if *kind == EndingKind::Other { "nothing" } else { kind.as_str() });
        assert_eq!((ending.kind, ending.text.key.as_ref()), (*kind, title.as_str()));
    }
    assert_eq!(EndingKind::from_code(0), None);
}

#[test]
fn an_ending_is_drawn_with_the_ways_that_are_left() {
    let cancel = json!({"cancel": action("cancel")});
    let screen = Screen::of(&ended(&[("security.access_denied", "ERROR")], cancel.clone()));
    assert_eq!(screen.suggested.kind, SuggestedKind::End);
    assert_eq!((screen.name.as_str(), screen.title.key.as_ref()), ("ended.denied", "ended.denied.title"));
    let drawn: Vec<_> =
        screen.ways.iter().map(|way| (way.role, way.action.as_deref(), way.label.key.as_ref())).collect();
    assert_eq!(drawn, [(Role::Primary, Some("cancel"), "ended.again.button")]);
    assert_eq!(screen.notices.len(), 1);

    // Without a cancel a fresh transaction takes its place, where it makes sense.
    let ways = |key: &str, class: &str| Screen::of(&ended(&[(key, class)], json!({}))).ways;
    let restart = ways("idx.session.expired", "ERROR");
    assert_eq!((restart[0].action.as_deref(), restart[0].does), (Some("restart"), Does::Act));
    assert!(restart[0].nodes.is_empty() && restart[0].role == Role::Primary);
    assert!(ways("security.access_denied", "ERROR").is_empty());
    assert!(ways("idx.return.to.original.tab", "INFO").is_empty());
    assert_eq!(ways("idx.return.stale", "").len(), 1);
    assert_eq!(ways("tooManyRequests", "ERROR")[0].after_ms, 60_000);

    // What can be left out stays, and is the way on.
    let mut more = cancel;
    more["remediation"] = json!({"type": "array", "value": [action("skip")]});
    let screen = Screen::of(&ended(&[("something.unknown", "INFO")], more));
    let roles: Vec<_> = screen.ways.iter().map(|way| (way.role, way.label.key.as_ref())).collect();
    assert_eq!(roles, [(Role::Primary, "way.continue.button"), (Role::Cancel, "ended.again.button")]);
    assert!(screen.ending.is_some());
}

#[test]
fn a_success_opens_its_address_and_a_refusal_keeps_it_small() {
    let to = |url: &str| json!({"success": {"name": "success-redirect", "href": url, "method": "GET"}});
    let screen = Screen::of(&ended(&[], to("https://a.example/app")));
    assert_eq!((screen.ways[0].does, screen.ways[0].role), (Does::Open, Role::Primary));
    assert_eq!(screen.ways[0].url.as_deref(), Some("https://a.example/app"));
    let screen = Screen::of(&ended(&[("security.access_denied", "ERROR")], to("https://a.example/app")));
    assert_eq!((screen.ways[0].does, screen.ways[0].role), (Does::Open, Role::Link));
    assert!(Screen::of(&ended(&[], to("javascript:alert(1)"))).ways.iter().all(|way| way.does != Does::Open));
}

#[test]
fn the_code_for_the_other_window_is_a_secret_with_its_facts() {
    let more = json!({
        "app": {"type": "object", "value": {"label": "Shop"}},
        "client": {"type": "object", "value": {"browser": "Firefox", "os": "Linux", "location": {"city": "Bern", "country": "Switzerland"}}},
        "currentAuthenticator": {"type": "object", "value": {"type": "email", "key": "okta_email", "contextualData": {"otp": "012345"}}}
    });
    let screen = Screen::of(&ended(&[("idx.enter.otp.in.original.tab", "INFO")], more));
    let mut kinds = screen.elements.iter().map(|element| &element.kind);
    assert!(matches!(kinds.next(), Some(ElementKind::Secret { value, grouped, spelled, .. })
        if value == "012345" && grouped == "0123 45" && spelled == "0 1 2 3 4 5"));
    let Some(ElementKind::Facts { rows }) = kinds.next() else { panic!("no facts") };
    let rows: Vec<_> = rows.iter().map(|row| (row.label.key.as_ref(), row.value.as_str())).collect();
    let expected = [
        ("fact.app.label", "Shop"),
        ("fact.browser.label", "Firefox, Linux"),
        ("fact.place.label", "Bern, Switzerland"),
    ];
    assert_eq!(rows, expected);
    assert!(matches!(kinds.next(), Some(ElementKind::Text(text)) if text.role == TextRole::Warning));
    assert!(!format!("{screen:?}").contains("012345"));
    // Nothing of it may be there, either.
    let bare = Screen::of(&ended(
        &[("idx.enter.otp.in.original.tab", "INFO")],
        json!({"client": {"type": "object", "value": {}}}),
    ));
    assert_eq!(bare.elements.len(), 1);
}

#[test]
fn a_device_is_set_up_in_the_app_or_at_who_manages_it() {
    let screen =
        |device: Value| Screen::of(&ended(&[], json!({"deviceEnrollment": {"type": "object", "value": device}})));
    let own = screen(json!({"name": "oda", "signInUrl": "https://a.example"}));
    let copied = |screen: &Screen| {
        let texts = screen.elements.iter().filter_map(|element| match &element.kind {
            ElementKind::Text(text) => text.value.clone(),
            _ => None,
        });
        texts.collect::<Vec<_>>()
    };
    assert_eq!((own.elements.len(), copied(&own)), (3, vec!["https://a.example".to_owned()]));
    let managed = screen(json!({"name": "ws1", "vendor": "Acme MDM", "enrollmentLink": "https://m.example/e"}));
    assert_eq!((managed.elements.len(), copied(&managed)), (1, vec!["https://m.example/e".to_owned()]));
    assert!(managed.elements[0].text.text.contains("Acme MDM"));
}
