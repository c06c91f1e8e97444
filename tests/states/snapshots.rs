//! A saved flow: goes on in a fresh client, belongs to one client only, holds no password, and shows nothing of itself.

use interaction_code::{Call, Callback, ErrorKind, Snapshot, flow::SNAPSHOT_VERSION, limits::MAX_SNAPSHOT_BYTES};
use serde_json::{Value, json};

use super::{
    build::{full, json_response, refusal},
    compose::composed,
    fake::{Fake, ok},
};

fn saved() -> (Value, String) {
    let flow = Fake::at(full(), |_, _, _| unreachable!()).flow();
    let text = flow.save().unwrap().expose().to_owned();
    (serde_json::from_str(&text).unwrap(), text)
}

#[test]
fn a_saved_flow_goes_on_in_a_fresh_client() {
    let (_, text) = saved();
    let fake = Fake::new(|_, _, _| ok(&full()));
    let mut flow = fake.client().restore(&Snapshot::from_text(text.clone())).unwrap();
    assert_eq!(flow.step().unwrap().raw(), full().to_string());
    assert!(fake.paths().is_empty(), "restoring asks nobody");
    assert_eq!(flow.save().unwrap().expose(), text, "saved again it is the same");
    // The cookies of the flow go on with it.
    let answer = flow.step().unwrap().remediation("challenge-authenticator").unwrap().answer().unwrap();
    flow.proceed(answer.set("credentials.passcode", "p").unwrap(), &Call::new()).unwrap();
    let (path, body, cookie) = fake.last();
    assert_eq!((path.as_str(), cookie.as_deref()), ("/idp/idx/x", Some("DT=device-1")));
    assert_eq!(body["credentials"]["passcode"], "p");
    flow.refresh(&Call::new()).unwrap();
    assert_eq!(fake.last().1, json!({"interactionHandle": "handle-1"}));
    // The callback that this very transaction waits for is still the one that is taken.
    let state = serde_json::from_str::<Value>(&text).unwrap()["state"].as_str().unwrap().to_owned();
    let url = format!("com.example.app:/callback?interaction_code=c&state={state}");
    assert_eq!(flow.handle_callback(&url, &Call::new()).unwrap(), Callback::Complete);
    assert!(flow.is_complete());
}

#[test]
fn a_state_that_came_back_with_an_error_brings_no_code_also_after_saving() {
    let fake = Fake::at(full(), |_, _, _| ok(&full()));
    let mut flow = fake.flow();
    let state = serde_json::from_str::<Value>(flow.save().unwrap().expose()).unwrap()["state"].clone();
    let url = |answer: &str| format!("com.example.app:/callback?{answer}&state={}", state.as_str().unwrap());
    let call = Call::new();
    let error = flow.handle_callback(&url("error=access_denied"), &call).unwrap_err();
    assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, Some("access_denied")));
    let mut restored = fake.client().restore(&flow.save().unwrap()).unwrap();
    for flow in [&mut flow, &mut restored] {
        for answer in ["interaction_code=c", "otp=123456", "error=interaction_required"] {
            let error = flow.handle_callback(&url(answer), &call).unwrap_err();
            assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidCallback, Some("state")), "{answer}");
        }
        assert!(!flow.is_complete() && flow.step().is_ok(), "the sign-in itself goes on");
    }
    flow.restart(&call).unwrap();
    let state = serde_json::from_str::<Value>(flow.save().unwrap().expose()).unwrap()["state"].clone();
    let url = format!("com.example.app:/callback?interaction_code=c&state={}", state.as_str().unwrap());
    assert_eq!(flow.handle_callback(&url, &call).unwrap(), Callback::Complete);
}

#[test]
fn a_complete_flow_and_a_refused_one_are_saved_whole() {
    let mut flow = Fake::at(full(), |_, _, _| ok(&composed(5))).flow();
    let answer = |flow: &interaction_code::Flow| {
        let step = flow.form_step().unwrap();
        let answer = step.remediation("challenge-authenticator").unwrap().answer().unwrap();
        answer.set("credentials.passcode", "hunter2").unwrap()
    };
    flow.proceed(answer(&flow), &Call::new()).unwrap();
    let again = Fake::new(|path, _, _| {
        assert_eq!(path, "/oauth2/default/v1/token");
        Ok(json_response(400, r#"{"error":"invalid_grant"}"#))
    });
    let mut restored = again.client().restore(&flow.save().unwrap()).unwrap();
    assert!(restored.is_complete());
    assert_eq!(restored.finish(&Call::new()).unwrap_err().oauth_error(), Some("invalid_grant"));
    assert_eq!(
        restored.save().map(drop).unwrap_err().kind(),
        ErrorKind::InvalidState,
        "a spent code is nothing to save"
    );

    let mut flow = Fake::at(full(), |_, _, _| Ok(json_response(403, &refusal().to_string()))).flow();
    flow.proceed(answer(&flow), &Call::new()).unwrap();
    let snapshot = flow.save().unwrap();
    for secret in ["hunter2", "passcode\\\":\\\"h"] {
        assert!(!snapshot.expose().contains(secret), "a password that was sent is not in a saved flow");
    }
    let restored = Fake::new(|_, _, _| unreachable!()).client().restore(&snapshot).unwrap();
    assert_eq!(restored.step().unwrap().http_status(), 403);
    assert_eq!(restored.form_step().unwrap().raw(), full().to_string());
}

#[test]
fn a_saved_flow_says_that_it_is_secret_and_shows_nothing() {
    let (value, text) = saved();
    assert_eq!(value["interaction_code_flow"], SNAPSHOT_VERSION);
    assert!(value["warning"].as_str().unwrap().contains("secret"));
    let fake = Fake::new(|_, _, _| unreachable!());
    let snapshot = Snapshot::from_text(text);
    let flow = fake.client().restore(&snapshot).unwrap();
    let printed = format!("{snapshot:?} {flow:?} {:?} {:?}", flow.step(), flow.client());
    for member in ["state", "nonce", "code_verifier", "interaction_handle"] {
        assert!(!printed.contains(value[member].as_str().unwrap()), "{member}: {printed}");
    }
    assert!(!printed.contains("device-1") && !printed.contains("02.id"), "{printed}");
}

#[test]
fn what_is_not_a_saved_flow_of_this_client_is_refused() {
    let (value, text) = saved();
    let refused = |issuer: &str, id: &str, uri: &str, text: &str| {
        let fake = Fake::new(|_, _, _| unreachable!());
        let error = fake.client_of(issuer, id, uri).restore(&Snapshot::from_text(text)).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::InvalidSnapshot, "{error}");
        for member in ["state", "nonce", "code_verifier", "interaction_handle"] {
            assert!(!error.to_string().contains(value[member].as_str().unwrap()), "{error}");
        }
    };
    let mine = ("https://a.example/oauth2/default", "0oa1", "com.example.app:/callback");
    refused("https://a.example", mine.1, mine.2, &text);
    refused("https://b.example/oauth2/default", mine.1, mine.2, &text);
    refused(mine.0, "0oa2", mine.2, &text);
    refused(mine.0, mine.1, "com.example.app:/other", &text);
    let here = |text: &str| refused(mine.0, mine.1, mine.2, text);
    for text in ["", "{}", "[]", "null", "x", "{\"interaction_code_flow\":\"1\"}", "{\"interaction_code_flow\":1}"] {
        here(text);
    }
    for cut in [1, text.len() / 2, text.len() - 1] {
        here(&text[..cut]);
    }
    here(&format!("{text}{text}"));
    here(&format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_SNAPSHOT_BYTES)));
    let changed = |name: &str, to: Value| {
        let mut value = value.clone();
        value[name] = to;
        here(&value.to_string());
    };
    changed("interaction_code_flow", json!(SNAPSHOT_VERSION + 1));
    changed("interaction_code_flow", json!(0));
    changed("phase", json!("redeemed"));
    changed("phase", json!("succeeded"));
    changed("interaction_code", json!("code-1"));
    changed("state", json!(""));
    changed("nonce", json!(""));
    changed("code_verifier", json!("short"));
    changed("code_verifier", json!(7));
    changed("response", Value::Null);
    changed("response", json!("<html>"));
    changed("response", json!("{}"));
    changed("form_response", json!("{"));
    changed("http_status", json!("200"));
    changed("http_status", json!(70_000));
    changed("cookies", json!({"name": "a"}));
    changed("cookies", json!([{"name": "a"}]));
    changed("cookies", json!([{"name": "a", "value": "b", "expires": "never"}]));
    changed("extra", json!([["a"]]));
    changed("extra", json!([["a", 1]]));
    changed("acr_values", json!([1]));
    changed("max_age", json!(-1));
    changed("state_is_burnt", json!("no"));
    changed("user_agent", json!(["a"]));
    here(&text.replacen('{', "{\"nonce\":\"x\",", 1));
    for missing in
        ["issuer", "state", "nonce", "interaction_handle", "phase", "client_id", "redirect_uri", "code_verifier"]
    {
        let mut value = value.clone();
        value.as_object_mut().unwrap().remove(missing);
        here(&value.to_string());
    }
}
