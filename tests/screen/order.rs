//! What is in front, in which order, what is quiet, and what the default is: by small steps of our own.

use interaction_code::{
    idx::Step,
    screen::{Does, ElementKind, Role, Screen, SuggestedKind, Way},
};
use serde_json::{Value, json};

/// A form of this name with these fields, posted to an address of its own.
fn form(name: &str, fields: &[Value]) -> Value {
    let mut value = fields.to_vec();
    value.push(json!({"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false}));
    json!({"name": name, "href": format!("https://a.example/idp/idx/{name}"), "method": "POST", "rel": ["create-form"],
        "value": value})
}

fn text(name: &str) -> Value {
    json!({"name": name, "label": name, "required": true})
}

fn idp(name: &str) -> Value {
    json!({"name": "redirect-idp", "type": "OIDC", "idp": {"id": name, "name": name}, "method": "GET",
        "href": format!("https://a.example/sso/idps/{name}")})
}

fn poll(name: &str) -> Value {
    let mut poll = form(name, &[]);
    poll["refresh"] = json!(4000);
    poll
}

/// A list of authenticators with one option a key and method.
fn list(name: &str, options: &[(&str, &str)]) -> Value {
    let option = |(index, (key, method)): (usize, &(&str, &str))| {
        json!({"label": key, "relatesTo": format!("$.authenticators.value[{index}]"), "value": {"form": {"value": [
            {"name": "id", "required": true, "value": format!("aut{key}"), "mutable": false},
            {"name": "methodType", "required": false, "value": method, "mutable": false}]}}})
    };
    let options: Vec<_> = options.iter().enumerate().map(option).collect();
    form(name, &[json!({"name": "authenticator", "type": "object", "options": options})])
}

fn authenticators(options: &[(&str, &str)]) -> Value {
    let one = |(key, method): &(&str, &str)| json!({"id": format!("aut{key}"), "key": key, "type": "app", "displayName": key, "methods": [{"type": method}]});
    json!({"type": "array", "value": options.iter().map(one).collect::<Vec<_>>()})
}

fn current(key: &str, method: &str, more: Value) -> Value {
    let mut value = json!({"id": format!("aut{key}"), "key": key, "type": "app", "displayName": key,
        "methods": [{"type": method}]});
    more.as_object().expect("members").iter().for_each(|(name, member)| value[name] = member.clone());
    json!({"type": "object", "value": value})
}

fn screen(remediations: &[Value], more: Value) -> Screen {
    let mut body = json!({"version": "1.0.0", "stateHandle": "02.h",
        "remediation": {"type": "array", "value": remediations}, "cancel": form("cancel", &[])});
    more.as_object().expect("members").iter().for_each(|(name, member)| body[name] = member.clone());
    Screen::of(&Step::read(body.to_string().as_bytes()).expect("a step"))
}

fn keys(screen: &Screen) -> Vec<String> {
    let shown = |way: &Way| format!("{}{}", way.label.key, if way.quiet { " (quiet)" } else { "" });
    screen.ways.iter().map(shown).collect()
}

fn way<'s>(screen: &'s Screen, key: &str) -> &'s Way {
    screen.ways.iter().find(|way| way.label.key == key).unwrap_or_else(|| panic!("{key} in {:?}", keys(screen)))
}

fn suggested(screen: &Screen) -> (SuggestedKind, Option<&str>) {
    let way = screen.suggested.way.map(|way| screen.ways[way].label.key.as_ref());
    (screen.suggested.kind, way)
}

#[test]
fn a_first_page_with_everything_has_its_order() {
    let idps: Vec<_> = ["a", "b", "c", "d", "e", "f"].map(idp).into();
    let mut all = vec![form("identify", &[text("identifier")])];
    all.extend(idps);
    all.push(json!({"name": "piv-idp", "method": "GET", "href": "https://a.mtls.example/x"}));
    all.extend(["select-enroll-profile", "launch-authenticator", "unlock-account"].map(|name| form(name, &[])));
    let recover =
        json!({"currentAuthenticator": current("okta_password", "password", json!({"recover": form("recover", &[])}))});
    let screen = screen(&all, recover);
    let idp = "way.idp.button";
    assert_eq!(
        keys(&screen),
        [
            "way.next.button",
            "fastpass.form.button",
            "way.card.button",
            idp,
            idp,
            idp,
            idp,
            idp,
            idp,
            "way.forgot_password.link",
            "way.unlock.link",
            "way.signup.link",
            "way.cancel.link (quiet)"
        ]
    );
    let providers: Vec<_> =
        screen.ways.iter().filter(|way| way.label.key == idp).map(|way| way.label.text.as_str()).collect();
    assert_eq!(providers.first(), Some(&"Continue with a"));
    assert_eq!(providers.last(), Some(&"Continue with f"));
    assert_eq!(suggested(&screen), (SuggestedKind::Answer, Some("way.next.button")));
    assert!(screen.subject.is_none() && screen.name == "identify");
}

#[test]
fn a_list_beside_a_challenge_is_a_link_and_quiet_when_it_offers_nothing_else() {
    let challenge = form(
        "challenge-authenticator",
        &[json!({"name": "credentials", "type": "object", "required": true,
        "form": {"value": [{"name": "passcode", "label": "Code", "secret": true}]}})],
    );
    for (options, is_quiet) in [
        (&[("okta_password", "password")][..], true),
        (&[("okta_password", "password"), ("okta_email", "email")][..], false),
    ] {
        let list = list("select-authenticator-authenticate", options);
        let more = json!({"authenticators": authenticators(options), "currentAuthenticator": current("okta_password", "password", json!({}))});
        let screen = screen(&[challenge.clone(), list], more);
        let other = way(&screen, "way.other.link");
        assert_eq!((other.role, other.does, other.quiet), (Role::Link, Does::Choose, is_quiet));
        assert_eq!(suggested(&screen), (SuggestedKind::Answer, Some("verify.code.button")));
        // The list is drawn for whoever takes the way.
        assert!(
            screen
                .elements
                .iter()
                .any(|element| matches!(element.kind, ElementKind::Choice(_)) && element.way.is_some())
        );
    }
}

#[test]
fn a_list_alone_is_in_front_and_skip_is_offered_but_never_the_default() {
    let options = [("okta_email", "email"), ("google_otp", "otp")];
    let all = [list("select-authenticator-enroll", &options), form("skip", &[])];
    let screen = screen(&all, json!({"authenticators": authenticators(&options)}));
    assert_eq!(screen.name, "select.enroll");
    assert_eq!(suggested(&screen), (SuggestedKind::Answer, Some("way.next.button")));
    let skip = screen.suggested.skip.expect("it can be left out");
    assert_eq!((screen.ways[skip].role, screen.ways[skip].label.key.as_ref()), (Role::Alternative, "way.skip.button"));
}

#[test]
fn a_push_is_waited_for_and_sent_again_after_a_while_only() {
    let resend = json!({"resend": form("resend", &[])});
    let screen =
        screen(&[poll("challenge-poll")], json!({"currentAuthenticator": current("okta_verify", "push", resend)}));
    assert_eq!(suggested(&screen), (SuggestedKind::Wait, Some("way.poll.link")));
    let resend = way(&screen, "resend.push.link");
    assert_eq!((resend.role, resend.after_ms, resend.quiet), (Role::Link, 30_000, false));
    assert!(screen.ways.iter().all(|way| way.role != Role::Primary));
}

#[test]
fn a_denied_push_is_one_way_that_waits_for_a_word() {
    let resend = form("resend", &[]);
    let more = json!({"currentAuthenticator": current("okta_verify", "push", json!({"resend": resend.clone()}))});
    let screen = screen(&[resend], more);
    assert_eq!(suggested(&screen), (SuggestedKind::Answer, Some("resend.push.button")));
    let again: Vec<_> = screen.ways.iter().filter(|way| way.label.key.starts_with("resend.")).collect();
    assert_eq!((again.len(), again[0].nodes.len(), again[0].after_ms), (1, 2, 0));
}

#[test]
fn nothing_is_sent_again_before_it_was_sent() {
    let data = form(
        "authenticator-verification-data",
        &[json!({"name": "authenticator", "type": "object", "form": {"value": [
        {"name": "id", "required": true, "value": "aut1", "mutable": false}, {"name": "methodType", "value": "email", "mutable": false}]}})],
    );
    let more = json!({"currentAuthenticator": current("okta_email", "email", json!({"resend": form("resend", &[])}))});
    let screen = screen(&[data], more);
    assert_eq!(suggested(&screen), (SuggestedKind::Answer, Some("verify.email_send.button")));
    assert!(way(&screen, "resend.email.link").quiet);
}

#[test]
fn an_app_on_this_device_is_asked_and_given_up_with_the_reason() {
    let challenge = json!({"type": "object", "value": {"challengeMethod": "LOOPBACK", "domain": "http://localhost", "ports": ["1"],
        "cancel": form("cancel-polling", &[])}});
    let mut poll = poll("device-challenge-poll");
    poll["relatesTo"] = json!("authenticatorChallenge");
    let screen = screen(&[poll], json!({"authenticatorChallenge": challenge}));
    assert_eq!(suggested(&screen), (SuggestedKind::Device, Some("way.stop.link")));
    assert_eq!(screen.suggested.reason, Some("OV_UNREACHABLE_BY_LOOPBACK"));
    let stop = way(&screen, "way.stop.link");
    let sets: Vec<_> = stop.sets.iter().map(|preset| (preset.path.as_str(), preset.node)).collect();
    assert_eq!(sets, [("reason", None), ("statusCode", None)]);
    // The transaction can still be left: that is another way.
    assert_eq!(way(&screen, "way.cancel.link").role, Role::Cancel);
}

#[test]
fn only_an_apps_address_is_launched_and_only_https_is_opened() {
    for (href, launched) in [
        ("com-okta-authenticator:/deviceChallenge?challengeRequest=x", true),
        ("https://app.example/x", true),
        ("http://app.example/x", false),
        ("javascript:alert(1)", false),
        ("okta-verify.html", false),
    ] {
        let challenge = json!({"type": "object", "value": {"challengeMethod": "CUSTOM_URI", "href": href}});
        let mut poll = poll("device-challenge-poll");
        poll["relatesTo"] = json!(["$.authenticatorChallenge"]);
        let screen = screen(&[poll], json!({"authenticatorChallenge": challenge}));
        assert_eq!(
            screen.ways.iter().any(|way| way.does == Does::Launch && way.url.as_deref() == Some(href)),
            launched,
            "{href}"
        );
        assert_eq!(screen.suggested.kind, SuggestedKind::Device, "{href}: an app is never launched unasked");
    }
    let idp = json!({"name": "redirect-idp", "method": "GET", "href": "javascript:alert(1)", "idp": {"id": "x", "name": "X"}});
    let screen = screen(&[idp], json!({}));
    assert!(screen.ways.iter().all(|way| way.url.is_none()));
    assert_eq!(screen.suggested.kind, SuggestedKind::Answer);
}

#[test]
fn one_provider_is_opened_and_several_are_chosen_from() {
    let one = screen(&[idp("a"), form("select-enroll-profile", &[])], json!({}));
    assert_eq!(suggested(&one), (SuggestedKind::Open, Some("way.idp.button")));
    let several = screen(&[idp("a"), idp("b"), form("select-enroll-profile", &[])], json!({}));
    assert_eq!(suggested(&several), (SuggestedKind::Answer, None));
    assert!(several.ways.iter().all(|way| way.role != Role::Primary));
    assert!(!several.elements.iter().any(|element| element.way.is_none()), "{:?}", several.elements);
}

#[test]
fn a_consent_is_two_ways_and_no_default() {
    let mut consent = form("consent", &[json!({"name": "consent", "type": "boolean", "required": true})]);
    consent["scopes"] = json!([{"name": "email", "label": "See your email", "value": "email"}]);
    let screen = screen(&[consent], json!({"app": {"type": "object", "value": {"label": "Shop"}}}));
    assert_eq!(screen.title.text, "Shop asks for access");
    assert_eq!(suggested(&screen), (SuggestedKind::Answer, None));
    assert_eq!(keys(&screen)[..2], ["consent.allow.button", "consent.deny.button"]);
    for (key, value) in [("consent.allow.button", true), ("consent.deny.button", false)] {
        let [preset] = way(&screen, key).sets.as_slice() else { panic!("one word each") };
        assert_eq!((preset.path.as_str(), &preset.value), ("consent", &value.into()));
    }
    assert!(!screen.elements.iter().any(|element| matches!(element.kind, ElementKind::Input(_))));
}

#[test]
fn what_is_sent_unasked_is_a_short_list() {
    for name in ["cancel-transaction", "device-apple-sso-extension"] {
        assert_eq!(screen(&[form(name, &[])], json!({})).suggested.kind, SuggestedKind::Submit, "{name}");
    }
    for name in [
        "resend",
        "skip",
        "launch-authenticator",
        "launch-nfc-authenticator",
        "authenticator-verification-data",
        "keep-me-signed-in",
        "consent",
        "device-assurance-grace-period",
        "request-activation-email",
        "unlock-account",
        "select-identify",
        "select-enroll-profile",
        "enroll-webauthn-residentkey",
        "frobnicate",
        "user-code",
    ] {
        let screen = screen(&[form(name, &[])], json!({}));
        let kind = screen.suggested.kind;
        assert!(matches!(kind, SuggestedKind::Answer | SuggestedKind::End), "{name}: {kind:?}");
    }
}

#[test]
fn a_recovery_offers_no_account_and_the_first_page_nothing_to_leave() {
    let all = [form("identify-recovery", &[text("identifier")]), form("select-enroll-profile", &[])];
    let recovery = screen(&all, json!({"recoveryAuthenticator": current("okta_password", "password", json!({}))}));
    assert!(way(&recovery, "way.signup.link").quiet && !way(&recovery, "way.cancel.link").quiet);
    let first = screen(&[form("identify", &[text("identifier")])], json!({}));
    assert!(way(&first, "way.cancel.link").quiet);
    let known = json!({"user": {"type": "object", "value": {"id": "u", "identifier": "ada@example.com"}}});
    assert!(!way(&screen(&[form("identify", &[text("credentials")])], known), "way.cancel.link").quiet);
}

#[test]
fn the_way_back_asks_no_name() {
    let all = [
        form("enroll-profile", &[json!({"name": "userProfile", "form": {"value": [text("lastName")]}})]),
        form("select-identify", &[text("identifier")]),
    ];
    let screen = screen(&all, json!({}));
    assert_eq!(keys(&screen), ["signup.form.button", "way.back.link", "way.cancel.link"]);
    assert!(way(&screen, "way.back.link").inputs.is_empty());
}

#[test]
fn an_action_at_a_place_that_nobody_knows_is_there_by_name() {
    let factor = json!({"type": "object", "value": {"poll": form("poll", &[]), "zap": form("zap", &[])}});
    let screen = screen(
        &[form("challenge-factor", &[text("passcode")])],
        json!({"factor": factor, "context": form("context", &[])}),
    );
    for path in ["factor.poll", "factor.zap"] {
        let way = screen.ways.iter().find(|way| way.action.as_deref() == Some(path)).expect(path);
        assert!(way.quiet && way.label.text == path);
    }
    assert!(!screen.ways.iter().any(|way| way.action.as_deref() == Some("context")));
}

#[test]
fn unknown_forms_are_drawn_in_order_and_the_first_of_them_leads() {
    let screen = screen(&[form("x", &[text("a")]), form("y", &[text("a")]), form("z", &[])], json!({}));
    let drawn: Vec<_> = screen.ways.iter().map(|way| (way.role, way.remediation.as_deref())).collect();
    let (primary, other) = (Role::Primary, Role::Alternative);
    assert_eq!(drawn[..3], [(primary, Some("x")), (other, Some("y")), (other, Some("z"))]);
    assert_eq!((screen.name.as_str(), screen.title.key.as_ref()), ("other", "other.form.title"));
}

/// Seconds, were anything walked once for each of something else.
#[test]
fn a_storm_of_forms_and_actions_is_linear() {
    let forms: Vec<_> = (0..3_000)
        .map(|index| {
            json!({"name": "redirect-idp", "method": "GET", "href": format!("https://a.example/{index}"),
        "relatesTo": [format!("$.authenticators.value[{index}]")]})
        })
        .collect();
    let some: Vec<_> = (0..3_000).map(|index| json!({"id": format!("a{index}"), "key": "external_idp"})).collect();
    let mut owner = serde_json::Map::new();
    (0..3_000).for_each(|index| {
        owner.insert(
            format!("resend-{index}"),
            json!({"name": "resend", "method": "POST", "href": format!("https://a.example/r{index}")}),
        );
    });
    owner.insert("id".into(), json!("x"));
    let more = json!({"authenticators": {"type": "array", "value": some}, "currentAuthenticator": {"type": "object", "value": owner}});
    let screen = screen(&forms, more);
    assert_eq!(screen.ways.len(), 6_001);
}
