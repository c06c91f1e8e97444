//! What the server says: each message once, at its input, in the right words.

use interaction_code::{
    idx::Step,
    screen::{ElementKind, Notice, PhraseSource, Screen, Severity},
};
use serde_json::{Value, json};

use crate::endings::ended;

fn message(key: &str, class: &str, text: &str) -> Value {
    json!({"message": text, "i18n": {"key": key, "params": []}, "class": class})
}

fn list(messages: Vec<Value>) -> Value {
    json!({"type": "array", "value": messages})
}

/// A step with one form of these fields, and messages of its own.
fn form(name: &str, fields: Value, messages: Vec<Value>) -> Step {
    let mut fields = fields;
    let handle = json!({"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false});
    fields.as_array_mut().expect("fields").push(handle);
    let form =
        json!({"name": name, "href": format!("https://a.example/idp/idx/{name}"), "method": "POST", "value": fields});
    let mut body =
        json!({"version": "1.0.0", "stateHandle": "02.h", "remediation": {"type": "array", "value": [form]}});
    if !messages.is_empty() {
        body["messages"] = list(messages);
    }
    Step::read(body.to_string().as_bytes()).expect("a step")
}

fn identify(messages: Vec<Value>, of_name: Option<Value>) -> Screen {
    let mut name = json!({"name": "identifier", "label": "Username", "required": true});
    if let Some(of_name) = of_name {
        name["messages"] = list(vec![of_name]);
    }
    let passcode = json!({"name": "passcode", "label": "Password", "secret": true});
    let credentials = json!({"name": "credentials", "type": "object", "required": true, "form": {"value": [passcode]}});
    Screen::of(&form("identify", json!([name, credentials]), messages))
}

fn at(notice: &Notice) -> Option<&str> {
    notice.at.as_ref().map(|place| place.path.as_str())
}

/// The notices that the input with this path is told of.
fn told(screen: &Screen, path: &str) -> Vec<usize> {
    let inputs = screen.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Input(input) if input.path == path => Some(input.messages.clone()),
        _ => None,
    });
    inputs.flatten().collect()
}

#[test]
fn a_message_of_a_field_is_at_its_input_once() {
    let said = || message("registration.error.x", "ERROR", "Too short");
    let screen = identify(vec![said()], Some(said()));
    assert_eq!(screen.notices.len(), 1);
    assert_eq!(at(&screen.notices[0]), Some("identifier"));
    assert_eq!(told(&screen, "identifier"), [0]);
    assert_eq!(screen.notices[0].text.text, "Too short");
    assert_eq!(screen.notices[0].text.source, PhraseSource::Server);
}

#[test]
fn a_key_of_a_field_goes_to_the_only_input_that_asks_for_it() {
    let screen = identify(vec![message("incorrectPassword", "ERROR", "Wrong")], None);
    assert_eq!(at(&screen.notices[0]), Some("credentials.passcode"));
    assert_eq!(told(&screen, "credentials.passcode"), [0]);
    assert!(told(&screen, "identifier").is_empty());
    // Which of the two was wrong must not be told.
    let screen = identify(vec![message("errors.E0000004", "ERROR", "Unable to sign in")], None);
    assert_eq!((at(&screen.notices[0]), screen.notices[0].text.key.as_ref()), (None, "error.sign_in.text"));
    assert_eq!(screen.notices[0].key.as_deref(), Some("errors.E0000004"));
}

#[test]
fn an_unknown_user_is_an_error_at_the_name_without_markup() {
    let text = "No account for <b>x</b>. <a href=\"https://a.example/signup\">Sign up</a>";
    let screen = identify(vec![message("idx.unknown.user", "INFO", text)], None);
    let notice = &screen.notices[0];
    assert_eq!((notice.severity, at(notice)), (Severity::Error, Some("identifier")));
    assert_eq!(notice.text.text, "No account for x. Sign up");
    assert_eq!((notice.links[0].url.as_str(), notice.links[0].label.as_str()), ("https://a.example/signup", "Sign up"));
}

#[test]
fn empty_texts_get_ours_or_are_dropped() {
    let screen = identify(
        vec![
            message("error.username.required", "ERROR", ""),
            message("error.password.required", "ERROR", ""),
            message("unknown.key", "ERROR", " "),
            json!({"message": "Plain"}),
        ],
        None,
    );
    let texts: Vec<_> = screen.notices.iter().map(|notice| (at(notice), notice.text.key.as_ref())).collect();
    let expected = [
        (Some("identifier"), "check.required.text"),
        (Some("credentials.passcode"), "check.required.text"),
        (None, "notice.other.text"),
    ];
    assert_eq!(texts, expected);
    assert_eq!((screen.notices[2].severity, screen.notices[2].key.as_deref()), (Severity::Info, None));
}

#[test]
fn the_words_and_the_weight_come_from_the_table() {
    let one = |key: &str, class: &str| identify(vec![message(key, class, "As sent")], None).notices.remove(0);
    let limited = one("tooManyRequests", "ERROR");
    assert_eq!((limited.severity, limited.text.key.as_ref()), (Severity::Warning, "error.limit.text"));
    assert_eq!(one("errors.E0000150", "ERROR").text.text, "As sent");
    assert_eq!(one("E0000009", "ERROR").text.key, "error.server.text");
    let unlocked = one("oie.selfservice.unlock_user.landing.to.app.success.message", "INFO");
    assert_eq!((unlocked.severity, unlocked.text.text.as_str()), (Severity::Success, "As sent"));
    let setup = one("oie.authenticator.app.method.push.force.upgrade.number_challenge", "ERROR");
    assert_eq!((setup.text.key.as_ref(), setup.items[0].text.text.as_str()), ("error.app_setup.title", "As sent"));
    assert!(setup.text.text.contains("Okta Verify"));
    let reader = one("api.authenticator.error.nfc.sign_in_to_use", "WARNING");
    assert_eq!((reader.severity, reader.text.key.as_ref()), (Severity::Warning, "error.unusable.title"));
    // The organization's own words are never replaced, and a family ends at a dot or a line.
    assert_eq!(one("security.access_denied_custom_message", "ERROR").text.text, "As sent");
    assert_eq!(one("passwordless", "INFO").severity, Severity::Info);
}

#[test]
fn the_next_code_is_asked_for_in_the_other_systems_words() {
    let passcode = json!({"name": "passcode", "label": "Code", "required": true});
    let fields = json!([{"name": "credentials", "type": "object", "required": true, "form": {"value": [passcode]}}]);
    let mut next = message("errors.E0000113", "ERROR", "API call exceeded");
    next["i18n"]["params"] = json!(["Wait for the token to change"]);
    let screen = Screen::of(&form("challenge-authenticator", fields, vec![next]));
    let notice = &screen.notices[0];
    assert_eq!((notice.severity, notice.text.text.as_str()), (Severity::Info, "Wait for the token to change"));
    assert_eq!(at(notice), Some("credentials.passcode"));
}

#[test]
fn a_device_check_is_one_notice_with_items() {
    let key = |rest: &str| format!("idx.error.code.access_denied.device_assurance.remediation.{rest}");
    let mut help = message(&key("additional_help_default"), "ERROR", "Help");
    help["links"] = json!([{"url": "https://a.example/help", "label": "Help page"}, {"url": "javascript:x"}]);
    let mut rule = message(&key("macos.upgrade_os_version"), "ERROR", "Update the system");
    rule["deviceRemediation"] = json!({"type": "object", "value": {"name": "x", "fallback":
        {"type": "APP_LINK", "href": "https://a.example/fix"}}});
    let mut second = message(&key("macos.use_biometrics"), "ERROR", "Use Touch ID");
    second["deviceRemediation"] = json!({"type": "object", "value": {"name": "y", "fallback":
        {"type": "MESSAGE", "message": {"message": "Open the settings", "i18n": {"key": "x.y"}}}}});
    let messages = vec![
        message(&key("title"), "ERROR", "Not compliant"),
        message(&key("explanation_multiple_rules"), "ERROR", "Choose one"),
        message(&key("option_index"), "ERROR", "Option 1:"),
        rule,
        message(&key("option_index"), "ERROR", "Option 2:"),
        second,
        help,
    ];
    let mut body = json!({"version": "1.0.0", "stateHandle": "02.h"});
    body["messages"] = list(messages);
    let screen = Screen::of(&Step::read(body.to_string().as_bytes()).unwrap());
    assert_eq!(screen.notices.len(), 1);
    let head = &screen.notices[0];
    let texts: Vec<_> = head.items.iter().map(|item| (item.text.text.as_str(), item.items.len())).collect();
    assert_eq!((head.text.text.as_str(), head.severity), ("Not compliant", Severity::Error));
    assert_eq!(texts, [("Choose one", 0), ("Option 1:", 1), ("Option 2:", 1), ("Help", 0)]);
    assert_eq!(head.items[2].items[0].items[0].text.text, "Open the settings");
    assert_eq!(head.items[3].links.len(), 1);
    assert!(screen.ways.iter().any(|way| way.url.as_deref() == Some("https://a.example/fix")));
    assert_eq!(screen.name, "ended.device_refused");
}

#[test]
fn two_messages_with_the_same_words_are_one_wherever_they_stand() {
    let key = "something.said.twice";
    let step = ended(&[(key, "INFO"), (key, "INFO"), ("another", "INFO")], json!({}));
    assert_eq!(Screen::of(&step).notices.len(), 2);
}

/// Each message of a hostile response is compared with none of the others, and copies no path without end.
#[test]
fn a_storm_of_messages_is_taken_in_one_pass() {
    let passcode = json!({"name": "passcode", "label": "Password", "secret": true});
    let credentials = json!({"name": "credentials", "type": "object", "required": true, "form": {"value": [passcode]}});
    let long = "x".repeat(1_000);
    let nested = json!({"name": long, "type": "object", "form": {"value": [credentials]}});
    let mut fields: Vec<_> = (0..1_000).map(|n| json!({"name": format!("f{n}"), "label": "F"})).collect();
    fields.push(nested);
    let messages = (0..12_000).map(|n| message("incorrectPassword", "ERROR", &format!("{n}"))).collect();
    let screen = Screen::of(&form("challenge-authenticator", Value::from(fields), messages));
    assert_eq!(screen.notices.len(), 12_000);
    let placed = screen.notices.iter().filter_map(at).map(str::len).sum::<usize>();
    assert!(placed > 1_000_000 && placed <= interaction_code::limits::MAX_PATH_BYTES, "{placed}");
}
