//! Small responses of the protocol, composed for these tests: one of each shape that the reference names.

use interaction_code::idx::Step;
use serde_json::{Value, json};

pub const HANDLE: &str = "02.id.composed";

/// A response with these remediations.
pub fn response(remediations: Value) -> Value {
    json!({"version": "1.0.0", "stateHandle": "02.id.top", "expiresAt": "2030-01-01T10:00:00.000Z", "intent": "LOGIN",
        "remediation": {"type": "array", "value": remediations}})
}

/// The step of such a response.
pub fn step_of(remediations: Value) -> Step {
    Step::read(response(remediations).to_string().as_bytes()).expect("a step")
}

/// A remediation with these fields and a `stateHandle` of its own.
pub fn form(name: &str, mut fields: Vec<Value>) -> Value {
    fields.push(json!({"name": "stateHandle", "required": true, "value": HANDLE, "visible": false, "mutable": false}));
    json!({"rel": ["create-form"], "name": name, "href": "https://a.example/idp/idx/x", "method": "POST",
        "accepts": "application/json; okta-version=1.0.0", "value": fields})
}

pub const COUNT: usize = 6;

/// The n-th composed response.
pub fn composed(n: usize) -> Value {
    match n {
        0 => identify(),
        1 => select(),
        2 => poll(),
        3 => question(),
        4 => profile(),
        _ => success(),
    }
}

fn identify() -> Value {
    let mut value = response(json!([
        form("identify", vec![
            json!({"name": "identifier", "label": "Username", "required": true, "maxLength": "100"}),
            json!({"name": "credentials", "type": "object", "required": true,
                "form": {"value": [{"name": "passcode", "secret": true, "label": "Password"}]}}),
            json!({"name": "rememberMe", "type": "boolean"}),
            json!({"name": "captchaVerify", "type": "object", "form": {"value": [
                {"name": "captchaId", "value": "cap1", "mutable": false},
                {"name": "captchaToken", "hint": "captcha", "visible": false, "required": true}]}, "relatesTo": "$.captcha"}),
        ]),
        {"name": "redirect-idp", "type": "GOOGLE", "idp": {"id": "0oaG", "name": "Google"}, "method": "GET",
            "href": "https://a.example/sso/idps/0oaG"},
        form("select-enroll-profile", vec![]),
    ]));
    value["captcha"] = json!({"type": "object", "value": {"id": "cap1", "siteKey": "k", "type": "HCAPTCHA"}});
    value["cancel"] = form("cancel", vec![]);
    value["currentAuthenticator"] = json!({"type": "object", "value": {"type": "password", "key": "okta_password",
        "id": "autP", "methods": [{"type": "password"}], "recover": form("recover", vec![])}});
    value
}

fn select() -> Value {
    let option = |label: &str, index: usize, fields: Value| {
        json!({"label": label, "relatesTo": format!("$.authenticatorEnrollments.value[{index}]"),
            "value": {"form": {"value": fields}}})
    };
    let mut value = response(json!([
        form(
            "select-authenticator-authenticate",
            vec![json!({"name": "authenticator", "type": "object", "options": [
                option("Phone", 0, json!([
                    {"name": "id", "required": true, "value": "autPhone", "mutable": false},
                    {"name": "methodType", "type": "string", "options": [
                        {"label": "SMS", "value": "sms"}, {"label": "Voice", "type": "voice"}]},
                    {"name": "enrollmentId", "required": true, "value": "sms1", "mutable": false}])),
                option("Phone", 1, json!([
                    {"name": "id", "required": true, "value": "autPhone", "mutable": false},
                    {"name": "methodType", "value": "sms", "mutable": false},
                    {"name": "enrollmentId", "required": true, "value": "sms2", "mutable": false}])),
                option("Gone", 9, json!([{"name": "id", "value": "autGone", "mutable": false}])),
            ]})]
        ),
        form("skip", vec![]),
    ]));
    value["authenticatorEnrollments"] = json!({"type": "array", "value": [
        {"type": "phone", "id": "sms1", "profile": {"phoneNumber": "+1 XXX-XXX-0100"}, "methods": [{"type": "sms"}]},
        {"type": "phone", "key": "phone_number", "id": "sms2", "methods": [{"methodType": "sms"}]}]});
    value
}

fn poll() -> Value {
    let mut challenge =
        form("challenge-poll", vec![json!({"name": "autoChallenge", "type": "boolean", "value": "false"})]);
    challenge["refresh"] = json!(4000);
    challenge["relatesTo"] = json!(["$.currentAuthenticator"]);
    let mut value = response(json!([challenge]));
    let push = json!({"name": "authenticator", "value": {"methodType": "push", "id": "autV"}, "mutable": false});
    value["currentAuthenticator"] = json!({"type": "object", "value": {"type": "app", "key": "okta_verify", "id": "autV",
        "contextualData": {"correctAnswer": 42}, "resend": form("resend", vec![push]),
        "cancel": form("cancel-polling", vec![])}});
    value["messages"] = json!({"type": "array", "value": [
        {"message": "<b>hi</b>", "i18n": {"key": "k", "params": [1, "two", null]}, "links": [{"url": "https://a.example"}]}]});
    value
}

fn question() -> Value {
    let answer = json!({"name": "answer", "required": true, "minLength": 4, "messages": {"type": "array", "value": [
        {"message": "too short", "i18n": {"key": "securityQuestion.answer.tooShort.arg", "params": ["4"]}}]}});
    let keys = json!([{"label": "Food", "value": "food"}, {"label": "Toy", "value": "toy"}]);
    let listed = json!([{"name": "questionKey", "required": true, "options": keys}, answer]);
    let own = json!([{"name": "questionKey", "value": "custom", "mutable": false},
        {"name": "question", "required": true}, answer]);
    response(json!([form(
        "enroll-authenticator",
        vec![json!({"name": "credentials", "required": true, "options": [
            {"label": "Choose", "value": {"form": {"value": listed}}}, {"label": "Own", "form": {"value": own}}]})],
    )]))
}

fn profile() -> Value {
    response(json!([form(
        "enroll-profile",
        vec![
            json!({"name": "userProfile", "form": {"value": [{"name": "firstName", "required": true, "minLength": 1}]}}),
            json!({"name": "userProfile", "value": {"form": {"value": [
            {"name": "country", "options": [{"label": "display", "value": {"type": "object", "value": {"inputType": "select",
                "options": [{"label": "Austria", "value": "AT"}, {"label": "Brazil", "value": "BR"}]}}}]},
            {"name": "news", "type": "boolean", "options": [{"label": "Yes", "value": true}]},
            {"name": "age", "type": "integer"}, {"name": "weight", "type": "number"}]}}}),
            json!({"name": "optedScopes", "form": {"value": [
            {"name": "custom1.custom2", "type": "boolean", "value": false},
            {"name": "openid", "type": "boolean", "value": true, "mutable": false}]}}),
        ]
    )]))
}

fn success() -> Value {
    let field = |name: &str, value: &str| json!({"name": name, "required": true, "value": value});
    json!({"version": "1.0.0", "stateHandle": HANDLE, "successWithInteractionCode": {"rel": ["create-form"], "name": "issue",
        "method": "POST", "href": "https://a.example/oauth2/v1/token", "value": [
            field("grant_type", "interaction_code"), field("interaction_code", "ic"), field("client_id", "0oa1"),
            {"name": "code_verifier", "required": true}]}})
}
