//! Passkeys as the platform has them: requests of what servers were recorded to send, and responses, good and bad.

use serde_json::{Value, json};

use super::{PasskeyKind, bytes};
use crate::{ErrorKind, idx::Step};

/// The members of the recordings of Okta's SDKs (idx.md section 6.9).
fn step(name: &str, fields: &[&str], current: Value, enrolled: Value) -> Step {
    let fields: Vec<Value> =
        fields.iter().map(|name| json!({"name": name, "required": true, "visible": false})).collect();
    let body = json!({
        "version": "1.0.0",
        "remediation": {"value": [{
            "name": name, "href": "https://org.example/idp/idx/challenge/answer", "relatesTo": ["$.currentAuthenticator"],
            "value": [{"name": "credentials", "type": "object", "required": true, "form": {"value": fields}},
                {"name": "stateHandle", "required": true, "value": "02.id", "visible": false, "mutable": false}],
        }]},
        "currentAuthenticator": {"type": "object", "value": {"type": "security_key", "key": "webauthn", "id": "aut8",
            "contextualData": current}},
        "authenticatorEnrollments": {"type": "array", "value": enrolled},
    });
    Step::read(body.to_string().as_bytes()).unwrap()
}

fn request(step: &Step) -> (PasskeyKind, Value) {
    let request = step.remediations().next().unwrap().passkey().unwrap();
    (request.kind, serde_json::from_str(&request.json).unwrap())
}

const GET: [&str; 3] = ["authenticatorData", "clientData", "signatureData"];
const CREATE: [&str; 2] = ["attestation", "clientData"];

fn verify(data: Value, enrolled: Value) -> Step {
    step("challenge-authenticator", &GET, json!({"challengeData": data}), enrolled)
}

fn enrol(data: Value, enrolled: Value) -> Step {
    step("any-name", &CREATE, json!({"activationData": data}), enrolled)
}

#[test]
fn a_recorded_challenge_is_a_request_for_a_signature() {
    let data = json!({"challenge": "zuzEPJk5hr_g1ZwDwKZBxI2_zjE", "userVerification": "preferred", "new": [1],
        "extensions": {"appid": "https://foo.example"}});
    let enrolled = json!([
        {"id": "fwf1", "key": "webauthn", "type": "security_key", "credentialId": "AXFqM7oo", "profile": {"transports": "internal, hybrid"}},
        {"id": "fwf2", "key": "webauthn", "type": "security_key", "credentialId": "v4UN+/A=", "transports": ["usb"]},
        {"id": "fwf3", "key": "okta_email", "type": "email", "credentialId": "AAAA"},
        {"id": "fwf4", "key": "webauthn", "type": "security_key"}]);
    let (kind, options) = request(&verify(data, enrolled));
    assert_eq!(kind, PasskeyKind::Get);
    assert_eq!(
        options,
        json!({"challenge": "zuzEPJk5hr_g1ZwDwKZBxI2_zjE", "userVerification": "preferred", "new": [1], "rpId": "foo.example",
            "allowCredentials": [{"type": "public-key", "id": "AXFqM7oo", "transports": ["internal", "hybrid"]},
                {"type": "public-key", "id": "v4UN-_A", "transports": ["usb"]}]})
    );
}

#[test]
fn a_recorded_enrolment_is_a_request_for_a_passkey() {
    let data = json!({"rp": {"name": "Org"}, "user": {"displayName": "Ada", "name": "ada@example.com", "id": "00u120a31v0tSoCPT0h8"},
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}], "challenge": "Z5y2SDmV0z6MRkodB37qj2iYeHk", "attestation": "direct",
        "authenticatorSelection": {"userVerification": "discouraged", "requireResidentKey": false},
        "u2fParams": {"appid": "https://foo.example"}, "excludeCredentials": [], "extensions": {"credProps": true}});
    let enrolled = json!([{"id": "fwf1", "key": "webauthn", "type": "security_key", "credentialId": "AXFqM7oo"}]);
    let (kind, options) = request(&enrol(data.clone(), enrolled.clone()));
    assert_eq!(kind, PasskeyKind::Create);
    let mut wanted = data.clone();
    wanted["rp"]["id"] = "foo.example".into();
    wanted["excludeCredentials"] = json!([{"type": "public-key", "id": "AXFqM7oo"}]);
    assert_eq!(options, wanted);
    // On the device, others do not matter; an id that is no Base64 is its own bytes.
    let mut resident = data;
    resident["authenticatorSelection"]["requireResidentKey"] = true.into();
    resident["user"]["id"] = "ada@x".into();
    let (_, options) = request(&enrol(resident, enrolled));
    assert_eq!((&options["excludeCredentials"], &options["user"]["id"]), (&json!([]), &json!("YWRhQHg")));
}

#[test]
fn the_host_is_that_of_the_form_where_nothing_else_is_named() {
    let (_, options) = request(&verify(json!({"challenge": "a+/=", "credentialId": "AA=="}), json!([])));
    let allowed = json!([{"type": "public-key", "id": "AA"}]);
    assert_eq!((&options["rpId"], &options["allowCredentials"]), (&json!("org.example"), &allowed));
    let (_, options) = request(&verify(json!({"challenge": "not base64!", "rpId": "own.example"}), json!([])));
    assert_eq!((&options["rpId"], &options["challenge"]), (&json!("own.example"), &json!("not base64!")));
}

#[test]
fn the_autofill_form_has_its_own_challenge() {
    let body = json!({"version": "1.0.0", "remediation": {"value": [{"name": "challenge-webauthn-autofillui-authenticator",
        "relatesTo": ["webauthnAutofillUIChallenge"], "href": "https://org.example/x", "value": [{"name": "credentials",
            "form": {"value": [{"name": "authenticatorData"}, {"name": "clientData"}, {"name": "signatureData"}, {"name": "userHandle"}]}}]}]},
        "webauthnAutofillUIChallenge": {"type": "object", "value": {"challengeData": {"challenge": "-Lif"}}}});
    let step = Step::read(body.to_string().as_bytes()).unwrap();
    assert_eq!(request(&step).1, json!({"challenge": "-Lif", "rpId": "org.example", "allowCredentials": []}));
    let response = json!({"response": {"clientDataJSON": "_-8", "authenticatorData": "AQ", "signature": "Ag", "userHandle": "YWRh"}});
    let answer = step.remediations().next().unwrap().answer().unwrap().passkey(&response.to_string()).unwrap();
    let body: Value = serde_json::from_slice(answer.body().unwrap().as_slice()).unwrap();
    let wanted =
        json!({"clientData": "/+8=", "authenticatorData": "AQ==", "signatureData": "Ag==", "userHandle": "YWRh"});
    assert_eq!(body["credentials"], wanted);
}

#[test]
fn a_new_passkey_fills_in_what_the_form_has() {
    let fields = ["attestation", "clientData", "transports", "clientExtensions"];
    let step = step("enroll-authenticator", &fields, json!({"activationData": {"challenge": "AA"}}), json!([]));
    let response = json!({"id": "AQ", "rawId": "AQ", "type": "public-key", "response": {"clientDataJSON": "e30",
        "attestationObject": "oA==", "authenticatorData": "AQ", "transports": ["usb"], "publicKey": "AQ"}});
    let answer = step.remediations().next().unwrap().answer().unwrap().passkey(&response.to_string()).unwrap();
    let body: Value = serde_json::from_slice(answer.body().unwrap().as_slice()).unwrap();
    let wanted =
        json!({"clientData": "e30=", "attestation": "oA==", "transports": "[\"usb\"]", "clientExtensions": "{}"});
    assert_eq!(body["credentials"], wanted);
}

#[test]
fn a_bad_response_changes_nothing_and_is_not_quoted() {
    let step = enrol(json!({"challenge": "AA"}), json!([]));
    let begun = step
        .remediations()
        .next()
        .unwrap()
        .answer()
        .unwrap()
        .passkey(r#"{"response":{"clientDataJSON":"e30","attestationObject":"oA"}}"#);
    let mut answer = begun.unwrap();
    let before = answer.body().unwrap().as_slice().to_vec();
    let large = format!("\"{}\"", "x".repeat(300 * 1024));
    for bad in [
        "hunter2",
        "[]",
        "{}",
        r#"{"response":"hunter2"}"#,
        &large,
        r#"{"response":{"clientDataJSON":"e30"}}"#,
        r#"{"response":{"clientDataJSON":"hunter2 !","attestationObject":"oA"}}"#,
        r#"{"response":{"clientDataJSON":7,"attestationObject":"oA"}}"#,
        r#"{"response":{"clientDataJSON":"","attestationObject":"oA"}}"#,
        r#"{"response":{"clientDataJSON":"e30","authenticatorData":"AQ","signature":"Ag"}}"#,
    ] {
        let error = answer.put_passkey(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidAnswer);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        assert_eq!(answer.body().unwrap().as_slice(), before);
    }
    assert!(bytes("A").is_none() && bytes("=").is_none());
}

#[test]
fn a_form_that_wants_no_passkey_has_no_request() {
    let other =
        step("challenge-authenticator", &["passcode"], json!({"challengeData": {"challenge": "AA"}}), json!([]));
    let form = other.remediations().next().unwrap();
    assert!(form.passkey().is_none());
    assert_eq!(form.answer().unwrap().passkey("{}").unwrap_err().kind(), ErrorKind::InvalidAnswer);
    for data in [json!("AA"), json!(null), json!([1])] {
        assert!(verify(data, json!([])).remediations().next().unwrap().passkey().is_none());
    }
    let request = verify(json!({"challenge": "hunter2"}), json!([])).remediations().next().unwrap().passkey().unwrap();
    assert_eq!(format!("{request:?}"), "PasskeyRequest(get)");
}
