//! The screen as JSON: the two examples of its description, as values.

use interaction_code::{idx::Step, screen::Screen};
use serde_json::{Value, json};

/// The screen of a step as a value; node numbers are replaced by names that say what they are.
fn drawn(body: &Value) -> Value {
    let step = Step::read(body.to_string().as_bytes()).expect("a step");
    let mut value: Value = serde_json::from_str(&Screen::of(&step).to_json()).expect("JSON");
    for way in value["ways"].as_array_mut().expect("ways") {
        let nodes = way["nodes"].as_array().expect("nodes").iter();
        let name = |node: &Value| {
            step.node(node.as_u64().expect("a number") as u32)
                .and_then(|json| json.text("name"))
                .map(|name| name.into_owned())
        };
        way["nodes"] = nodes.map(|node| json!(name(node))).collect();
    }
    value
}

fn handle() -> Value {
    json!({"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false})
}

fn form(name: &str, fields: &[Value]) -> Value {
    let mut value = fields.to_vec();
    value.push(handle());
    json!({"name": name, "href": format!("https://a.example/idp/idx/{name}"), "method": "POST", "rel": ["create-form"],
        "value": value})
}

#[test]
fn a_password_step_is_the_example() {
    let message = json!({"class": "ERROR", "message": "Password is incorrect", "i18n": {"key": "incorrectPassword"}});
    let passcode = json!({"name": "passcode", "secret": true, "required": true,
        "messages": {"type": "array", "value": [message]}});
    let email = json!({"label": "Email", "relatesTo": "$.authenticatorEnrollments.value[0]", "value": {"form": {"value": [
        {"name": "id", "required": true, "value": "aut2", "mutable": false},
        {"name": "methodType", "required": false, "value": "email", "mutable": false}]}}});
    let body = json!({"version": "1.0.0", "stateHandle": "02.h",
        "remediation": {"type": "array", "value": [
            form("challenge-authenticator", &[json!({"name": "credentials", "type": "object", "required": true, "form": {"value": [passcode]}})]),
            form("select-authenticator-authenticate", &[json!({"name": "authenticator", "type": "object", "options": [email]})])]},
        "authenticatorEnrollments": {"type": "array", "value": [
            {"id": "eae1", "key": "okta_email", "type": "email", "displayName": "Email", "methods": [{"type": "email"}],
             "profile": {"email": "u***r@example.com"}}]},
        "currentAuthenticatorEnrollment": {"type": "object", "value": {"id": "lae1", "key": "okta_password", "type": "password",
            "displayName": "Password", "methods": [{"type": "password"}], "recover": form("recover", &[])}},
        "user": {"type": "object", "value": {"id": "00u", "identifier": "user@example.com"}},
        "app": {"type": "object", "value": {"name": "oidc_client", "label": "Shop", "id": "0oa"}},
        "cancel": form("cancel", &[])});
    let mut drawn = drawn(&body);
    let option = &mut drawn["elements"][1]["options"][0];
    assert!(option["node"].is_u64());
    option.as_object_mut().expect("an option").remove("node");
    // Which enrolment it is belongs to the option, too, where the server numbers them.
    option.as_object_mut().expect("an option").remove("enrollment");
    assert_eq!(
        drawn,
        json!({
      "name": "verify.okta_password.password", "title": {"key": "verify.password.title", "text": "Enter your password"},
      "subject": {"identifier": "user@example.com", "app": "Shop"},
      "notices": [{"severity": "error", "key": "incorrectPassword", "at": {"way": 0, "path": "credentials.passcode"},
        "text": {"key": "incorrectPassword", "text": "Password is incorrect", "source": "server"}}],
      "elements": [
        {"kind": "input", "way": 0, "path": "credentials.passcode", "ask": "password", "required": true, "secret": true,
         "direction": "ltr", "messages": [0], "keyboard": "secret",
         "label": {"key": "field.password.label", "text": "Password"},
         "autofill": {"ios": "password", "android": "password", "html": "current-password"}},
        {"kind": "choice", "way": 2, "path": "authenticator", "style": "list",
         "label": {"key": "select.verify.title", "text": "How do you want to verify?"},
         "options": [{"label": {"key": "option.email.label", "text": "Email"}, "key": "okta_email", "method": "email", "picks_at_once": true,
           "detail": {"key": "option.address.detail", "text": "u***r@example.com", "arguments": {"address": "u***r@example.com"}}}]}],
      "ways": [
        {"role": "primary", "does": "submit", "label": {"key": "verify.code.button", "text": "Verify"},
         "remediation": "challenge-authenticator", "inputs": ["credentials.passcode"], "nodes": ["challenge-authenticator"]},
        {"role": "link", "does": "act", "label": {"key": "way.forgot_password.link", "text": "Forgot your password?"},
         "action": "currentAuthenticatorEnrollment.recover", "nodes": ["recover"]},
        {"role": "link", "does": "choose", "label": {"key": "way.other.link", "text": "Use another method"},
         "remediation": "select-authenticator-authenticate", "inputs": ["authenticator"], "nodes": ["select-authenticator-authenticate"]},
        {"role": "cancel", "does": "act", "label": {"key": "way.cancel.link", "text": "Start over"}, "action": "cancel", "nodes": ["cancel"]}],
      "suggested": {"kind": "answer", "way": 0}, "ending": null})
    );
}

#[test]
fn an_unknown_form_is_the_example() {
    let device = json!({"name": "device", "type": "object", "form": {"value": [
        {"name": "trusted", "type": "boolean", "label": "Trust this device"},
        {"name": "kind", "value": "laptop", "visible": false},
        {"name": "color", "required": true, "options": [{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]}]}});
    let body = json!({"version": "1.0.0", "stateHandle": "02.h",
        "remediation": {"type": "array", "value": [form("frobnicate-device", &[device])]}});
    assert_eq!(
        drawn(&body),
        json!({
      "name": "other", "title": {"key": "other.form.title", "text": "One more step"},
      "elements": [
        {"kind": "input", "way": 0, "path": "device.trusted", "ask": "toggle", "direction": "auto",
         "label": {"key": "field.other.label", "text": "Trust this device", "source": "server"}},
        {"kind": "input", "way": 0, "path": "device.color", "ask": "choice", "required": true, "direction": "auto",
         "choice": {"style": "radio"}, "label": {"key": "field.other.label", "text": "device.color", "arguments": {"path": "device.color"}},
         "options": [{"label": {"key": "option.other.label", "text": "Red", "source": "server"}, "value": "r"},
           {"label": {"key": "option.other.label", "text": "Blue", "source": "server"}, "value": "b"}]}],
      "ways": [{"role": "primary", "does": "submit", "label": {"key": "way.continue.button", "text": "Continue"},
        "remediation": "frobnicate-device", "inputs": ["device.trusted", "device.color"], "nodes": ["frobnicate-device"]}],
      "suggested": {"kind": "answer", "way": 0}, "ending": null})
    );
}

#[test]
fn pictures_are_base64_and_no_secret_of_the_transaction_is_in_it() {
    let body = json!({"version": "1.0.0", "stateHandle": "02.secret-handle",
        "remediation": {"type": "array", "value": [form("enroll-authenticator", &[json!({"name": "credentials", "type": "object", "required": true,
            "form": {"value": [{"name": "passcode", "label": "Code"}]}})])]},
        "currentAuthenticator": {"type": "object", "value": {"id": "aut1", "key": "google_otp", "type": "app",
            "displayName": "Google Authenticator", "methods": [{"type": "otp"}],
            "contextualData": {"qrcode": {"method": "embedded", "href": "data:image/png;base64,+/+/AQ==", "type": "image/png"}, "sharedSecret": "ABCDEFGH"}}}});
    let step = Step::read(body.to_string().as_bytes()).expect("a step");
    let text = Screen::of(&step).to_json();
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let elements = value["elements"].as_array().expect("elements");
    let picture = elements.iter().find(|element| element["kind"] == "picture").expect("a picture");
    assert_eq!((&picture["bytes"], &picture["media"]), (&json!("+/+/AQ=="), &json!("image/png")));
    let secret = elements.iter().find(|element| element["kind"] == "secret").expect("a secret");
    assert_eq!((&secret["value"], &secret["grouped"]), (&json!("ABCDEFGH"), &json!("ABCD EFGH")));
    assert!(!text.contains("secret-handle"));
}
