//! Each row of the reference's table of quirks (idx.md section 13), by its number: what the server really sends, and that
//! it is read or answered as the row says. A row without a test of its own here fails the count at the end.

use interaction_code::idx::{
    AuthenticatorKey, BodyKind, Intent, MessageClass, MessageKey, MethodType, RemediationKind, Step, StepStatus,
};
use serde_json::{Value, json};

use super::compose::{HANDLE, composed, form, response, step_of};

fn read(value: Value) -> Step {
    Step::read(value.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn with(name: &str, member: Value) -> Step {
    let mut value = response(json!([form("identify", vec![])]));
    value[name] = member;
    read(value)
}

fn one(field: Value) -> Step {
    step_of(json!([form("x", vec![field])]))
}

/// The body of the first form with these values set, without its handle.
fn sent(step: &Step, values: &[(&str, Value)]) -> Value {
    let mut answer = step.remediations().next().unwrap().answer().unwrap();
    for (path, value) in values {
        answer.put(*path, value.clone()).unwrap();
    }
    let mut body: Value = serde_json::from_slice(&answer.body().unwrap_or_else(|error| panic!("{error}"))).unwrap();
    assert_eq!(body.as_object_mut().unwrap().remove("stateHandle"), Some(json!(HANDLE)));
    body
}

fn related(pointer: Value) -> (usize, usize) {
    let mut value = response(json!([form("launch-authenticator", vec![])]));
    value["remediation"]["value"][0]["relatesTo"] = pointer;
    value["currentAuthenticator"] = json!({"type": "object", "value": {"id": "a", "type": "app"}});
    value["authenticatorChallenge"] =
        json!({"type": "object", "value": {"challengeMethod": "LOOPBACK", "ports": ["1", 2]}});
    let step = read(value);
    (step.remediations().next().unwrap().related().count(), step.unresolved().len())
}

/// Row, what it is about, the test.
type Row = (u32, &'static str, fn());

const ROWS: &[Row] = &[
    (1, "relatesTo as string, array, without prefix", || {
        for pointer in
            [json!("authenticatorChallenge"), json!(["$.currentAuthenticator"]), json!("$.currentAuthenticator")]
        {
            assert_eq!(related(pointer), (1, 0));
        }
    }),
    (2, "relatesTo that leads nowhere", || {
        assert_eq!(related(json!("webauthnAutofillUIChallenge")), (0, 1));
        assert_eq!(related(json!(7)), (0, 0));
    }),
    (3, "relatesTo missing: inferred", || {
        for name in ["identify", "enroll-poll"] {
            let mut value = response(json!([form(name, vec![])]));
            value["currentAuthenticatorEnrollment"] = json!({"type": "object", "value": {"id": "e", "type": "app"}});
            let step = read(value);
            assert_eq!(step.remediation(name).unwrap().authenticators()[0].id().as_deref(), Some("e"));
        }
    }),
    (4, "field.form and field.value.form", || {
        let fields = json!({"value": [{"name": "id", "value": "a", "mutable": false}]});
        for field in [
            json!({"name": "authenticator", "form": fields}),
            json!({"name": "authenticator", "value": {"form": fields}}),
        ] {
            assert_eq!(sent(&one(field), &[]), json!({"authenticator": {"id": "a"}}));
        }
    }),
    (5, "option.form and option.value.form", || {
        let fields = json!({"value": [{"name": "id", "value": "a", "mutable": false}]});
        for option in [json!({"label": "A", "form": fields}), json!({"label": "A", "value": {"form": fields}})] {
            let step = one(json!({"name": "authenticator", "options": [option]}));
            assert_eq!(sent(&step, &[("authenticator", json!("a"))]), json!({"authenticator": {"id": "a"}}));
        }
    }),
    (6, "an immutable literal object", || {
        let literal = json!({"methodType": "push", "id": "autV"});
        let step = one(json!({"name": "authenticator", "value": literal, "mutable": false}));
        assert_eq!(sent(&step, &[]), json!({"authenticator": literal}));
        let resend = read(composed(2));
        let action = resend.action("currentAuthenticator-resend").unwrap().answer().unwrap();
        let body: Value = serde_json::from_slice(&action.body().unwrap()).unwrap();
        assert_eq!(body, json!({"authenticator": literal, "stateHandle": HANDLE}));
    }),
    (7, "mutable:false with options wants a choice", || {
        let step = one(json!({"name": "channel", "mutable": false, "options": [
            {"label": "QR", "value": "qrcode"}, {"label": "SMS", "value": "sms"}]}));
        assert_eq!(sent(&step, &[("channel", json!("sms"))]), json!({"channel": "sms"}));
    }),
    (8, "a preset under the wrong key", || {
        let step =
            one(json!({"name": "authenticator", "form": {"value": [{"name": "id", "id": "aut1", "mutable": false}]}}));
        assert_eq!(sent(&step, &[]), json!({"authenticator": {"id": "aut1"}}));
    }),
    (9, "required as a string, and misspelt", || {
        let step = one(json!({"name": "a", "required": "false"}));
        assert_eq!(sent(&step, &[]), json!({}));
        assert_eq!(sent(&one(json!({"name": "a", "requred": true})), &[]), json!({}));
        let step = one(json!({"name": "a", "required": "true"}));
        assert!(step.remediations().next().unwrap().answer().unwrap().body().is_err());
    }),
    (10, "required absent on a passcode", || {
        let step = one(json!({"name": "credentials", "required": true, "form": {"value": [{"name": "passcode"}]}}));
        let answer = step.remediations().next().unwrap().answer().unwrap();
        assert_eq!(answer.problems()[0].path, "credentials.passcode");
    }),
    (11, "stateHandle without mutable:false", || {
        let field = json!({"name": "stateHandle", "required": true, "value": "own", "visible": false});
        let step = step_of(json!([{"name": "x", "href": "https://a.example/x", "value": [field]}]));
        let answer = step.remediation("x").unwrap().answer().unwrap();
        assert!(answer.clone().set("stateHandle", "evil").is_err());
        assert_eq!(&answer.body().unwrap()[..], br#"{"stateHandle":"own"}"#);
    }),
    (12, "the handle of the form is not the one at the top", || {
        let step = one(json!({"name": "a"}));
        assert_eq!(step.state_handle().unwrap().expose(), "02.id.top");
        sent(&step, &[]);
    }),
    (13, "options that are display hints", || {
        let hint = json!({"inputType": "radio", "format": "f", "options": [{"label": "A", "value": "a"}]});
        let step =
            one(json!({"name": "p", "options": [{"label": "display", "value": {"type": "object", "value": hint}}]}));
        assert_eq!(sent(&step, &[("p", json!("a"))]), json!({"p": "a"}));
    }),
    (14, "an option without value but with type", || {
        let step = one(json!({"name": "methodType", "options": [{"label": "Voice", "type": "voice"}]}));
        assert_eq!(sent(&step, &[("methodType", json!("voice"))]), json!({"methodType": "voice"}));
    }),
    (15, "one field name several times", || {
        let part = |name: &str| json!({"name": "userProfile", "form": {"value": [{"name": name}]}});
        let step = step_of(json!([form("profile-update", vec![part("a"), part("b"), part("c")])]));
        let values = [("userProfile.a", json!("1")), ("userProfile.c", json!("3"))];
        assert_eq!(sent(&step, &values), json!({"userProfile": {"a": "1", "c": "3"}}));
    }),
    (16, "one remediation name several times", || {
        let idp = |id: &str| json!({"name": "redirect-idp", "method": "GET", "href": "https://a.example/i", "idp": {"id": id}});
        let step = step_of(json!([idp("1"), idp("2"), idp("3")]));
        let ids: Vec<_> = step.remediations_named("redirect-idp").map(|it| it.idp().unwrap().0.into_owned()).collect();
        assert_eq!(ids, ["1", "2", "3"]);
    }),
    (17, "two options of one id", || {
        // Nothing tells them apart but their place.
        let option =
            json!({"label": "RSA", "value": {"form": {"value": [{"name": "id", "value": "a", "mutable": false}]}}});
        let step = one(json!({"name": "authenticator", "options": [option, option]}));
        let form = step.remediations().next().unwrap();
        let second = form.field("authenticator").unwrap().options().nth(1).unwrap();
        assert!(form.answer().unwrap().select(&second).unwrap().body().is_ok());
        assert!(form.answer().unwrap().set("authenticator", "a").unwrap().body().is_err());
    }),
    (18, "an enrolment without key", || {
        let step = with(
            "authenticatorEnrollments",
            json!({"type": "array", "value": [{"type": "phone", "id": "sms1"}, {"type": "app"}]}),
        );
        let found = step.authenticators();
        assert_eq!((found[0].key(), found[0].known_key()), (None, Some(AuthenticatorKey::Phone)));
        assert_eq!((found[1].id(), found[1].known_key()), (None, None));
    }),
    (19, "methods as methodType", || {
        let step = with(
            "authenticators",
            json!({"value": [{"id": "a", "methods": [{"methodType": "otp"}, {"type": "new-one"}]}]}),
        );
        let methods = step.authenticators()[0].methods();
        assert_eq!(methods, [MethodType::Otp, MethodType::Other("new-one".into())]);
    }),
    (20, "custom_otp with type and method swapped", || {
        let step = with(
            "authenticators",
            json!({"value": [{"key": "custom_otp", "type": "otp", "methods": [{"type": "security_key"}]}]}),
        );
        assert_eq!(step.authenticators()[0].known_key(), Some(AuthenticatorKey::CustomOtp));
    }),
    (21, "strings where collections belong", || {
        let step = with("authenticatorEnrollments", json!({"type": "array", "value": "\u{200b}"}));
        assert!(step.authenticators().is_empty());
        assert_eq!(
            with("app", json!({"type": "object", "value": "OBJECT"})).member("app").unwrap().as_str().as_deref(),
            Some("OBJECT")
        );
    }),
    (22, "missing, null and empty user data", || {
        let step = with("user", json!({"type": "object", "value": {"profile": {"email": null}}}));
        assert!(step.member("user").unwrap().text("id").is_none());
        let step =
            with("authenticators", json!({"value": [{"id": "a", "displayName": "", "profile": {"email": null}}]}));
        assert_eq!(step.authenticators()[0].display_name().as_deref(), Some(""));
        assert_eq!(step.authenticators()[0].profile("email"), None);
    }),
    (23, "intent in lower case, none, unknown", || {
        for (wire, intent) in
            [("login", Intent::Login), ("none", Intent::None), ("Teleport", Intent::Other("Teleport".into()))]
        {
            assert_eq!(with("intent", json!(wire)).intent(), Some(intent));
        }
    }),
    (24, "messages without i18n and class, params of numbers", || {
        let step = with(
            "messages",
            json!({"type": "array", "value": [{"message": "m"}, {"message": "n", "class": "odd",
            "i18n": {"key": "k", "params": [1, "two"]}}]}),
        );
        let found = step.messages();
        assert_eq!(
            (found[0].key(), found[0].class(), found[1].class()),
            (None, MessageClass::Info, MessageClass::Info)
        );
        assert_eq!(found[1].params(), ["1", "two"]);
        let step = one(json!({"name": "a", "messages": {"type": "array", "value": [{"message": "m"}]}}));
        assert_eq!(step.messages()[0].class(), MessageClass::Error);
    }),
    (25, "markup in a message", || {
        let step = with("messages", json!({"value": [{"message": "<b>x</b>", "i18n": {"key": "idx.unknown.user"}}]}));
        assert_eq!(
            (step.messages()[0].text().as_ref(), step.messages()[0].known_key()),
            ("<b>x</b>", Some(MessageKey::from("idx.unknown.user")))
        );
    }),
    (26, "odd media types in accepts", || {
        for odd in ["application/vnd.okta.v1+json", "json", "a\r\nb", "application\\/json"] {
            let mut odd_form = form("x", vec![]);
            odd_form["accepts"] = json!(odd);
            let step = step_of(json!([odd_form]));
            assert_eq!(step.remediation("x").unwrap().accepts().as_deref(), Some(odd));
            sent(&step, &[]);
        }
    }),
    (27, "an address on another host", || {
        let mut foreign = form("x", vec![]);
        foreign["href"] = json!("http://localhost:1/x");
        // Read as data; refused when it is submitted (tests/states.rs).
        assert_eq!(step_of(json!([foreign])).remediation("x").unwrap().href().as_deref(), Some("http://localhost:1/x"));
    }),
    (28, "ports as strings and numbers", || {
        let step = with("authenticatorChallenge", json!({"type": "object", "value": {"ports": ["2000", 6511]}}));
        let ports: Vec<_> = step
            .member("authenticatorChallenge")
            .unwrap()
            .get("ports")
            .unwrap()
            .items()
            .filter_map(|it| it.as_u64())
            .collect();
        assert_eq!(ports, [2000, 6511]);
    }),
    (29, "enrolledDevices as string or list", || {
        for devices in [json!("phone"), json!(["phone", "tablet"])] {
            let data = json!({"type": "object", "value": {"id": "a", "contextualData": {"devicebootstrap": {"enrolledDevices": devices}}}});
            let step = with("currentAuthenticator", data);
            let found = step.current_authenticator().unwrap().contextual_data().unwrap();
            assert_eq!(found.get("devicebootstrap").unwrap().get("enrolledDevices").unwrap().to_value(), devices);
        }
    }),
    (30, "profile values that are no strings", || {
        let step = with(
            "authenticatorEnrollments",
            json!({"value": [{"id": "a", "profile": {"transports": ["usb"], "n": 5, "b": true}}]}),
        );
        let one = step.authenticators()[0];
        assert_eq!(
            (one.profile("n").as_deref(), one.profile("b").as_deref(), one.profile("transports")),
            (Some("5"), Some("true"), None)
        );
        assert_eq!(one.json().get("profile").unwrap().get("transports").unwrap().to_value(), json!(["usb"]));
    }),
    (31, "settings of any shape", || {
        for settings in [json!({}), json!({"minLength": 4}), json!({"complexity": {"minLength": 8}})] {
            let step = with("authenticators", json!({"value": [{"id": "a", "settings": settings}]}));
            assert_eq!(step.authenticators()[0].settings().unwrap().to_value(), settings);
        }
        assert!(with("authenticators", json!({"value": [{"id": "a"}]})).authenticators()[0].settings().is_none());
    }),
    (32, "qrcode with a capital Type", || {
        let data = json!({"type": "object", "value": {"id": "a", "contextualData": {"qrcode": {"href": "data:image/png;base64,AA==", "Type": "image/png"}}}});
        assert!(
            with("currentAuthenticator", data).current_authenticator().unwrap().qr_code().unwrap().starts_with("data:")
        );
    }),
    (33, "dates with and without fraction", || {
        for (text, at) in [
            ("2030-01-01T10:00:00.000Z", Some(1_893_492_000)),
            ("2030-01-01T10:00:00Z", Some(1_893_492_000)),
            ("2030-01-01T11:00:00+01:00", Some(1_893_492_000)),
            ("soon", None),
        ] {
            let step = with("expiresAt", json!(text));
            assert_eq!((step.expires_at(), step.expires_at_text().as_deref()), (at, Some(text)));
        }
    }),
    (34, "resend as action or remediation", || {
        assert!(read(composed(2)).action("resend").is_some());
        assert!(step_of(json!([form("resend", vec![])])).offers("resend"));
    }),
    (35, "success as member or remediation", || {
        let member = with("success", json!({"name": "success-redirect", "href": "https://a.example/go"}));
        let go = json!({"name": "success-redirect", "method": "GET", "href": "https://a.example/go"});
        for step in [member, step_of(json!([go]))] {
            assert_eq!(
                (step.status(), step.success_redirect().as_deref()),
                (StepStatus::SuccessRedirect, Some("https://a.example/go"))
            );
        }
    }),
    (36, "a GET with rel and a form is a navigation", || {
        let mut sso = form("device-apple-sso-extension", vec![json!({"name": "challengeRequest", "value": "c"})]);
        sso["method"] = json!("GET");
        let step = step_of(json!([sso]));
        let found = step.remediation("device-apple-sso-extension").unwrap();
        assert!(found.navigation().is_some() && !found.is_form() && found.answer().is_err());
    }),
    (37, "4xx as ordinary steps", || {
        for status in [400, 401, 403, 404, 429] {
            let response = interaction_code::http::Response::new(status, composed(0).to_string());
            let step = Step::from_response(&response).unwrap();
            assert_eq!((step.http_status(), step.status()), (status, StepStatus::Identification));
        }
    }),
    (38, "a session-expired body without version and handle", || {
        let body = br#"{"messages":{"type":"array","value":[{"message":"gone","i18n":{"key":"idx.session.expired"},"class":"ERROR"}]}}"#;
        assert_eq!(BodyKind::of(body).unwrap(), BodyKind::Ion);
        let step = Step::read(body).unwrap();
        assert!(step.is_terminal() && step.has_message(&MessageKey::SessionExpired));
        assert!(Step::read(b"").is_err());
    }),
    (39, "members that nobody knows", || {
        let step = with("__embeddedContract", json!({"a": [1]}));
        assert_eq!(step.member("__embeddedContract").unwrap().to_value(), json!({"a": [1]}));
    }),
    (40, "the legacy factor API", || {
        let fields = json!({"value": [{"name": "passcode", "type": "set"}]});
        let step = step_of(json!([form("challenge-factor", vec![json!({"name": "credentials", "form": fields})])]));
        assert_eq!(
            step.remediation("challenge-factor").unwrap().kind(),
            RemediationKind::Other("challenge-factor".into())
        );
        assert_eq!(sent(&step, &[("credentials.passcode", json!(["1"]))]), json!({"credentials": {"passcode": ["1"]}}));
        let ended = read(json!({"version": "1.0.0", "terminal": {"type": "object", "value": {"message":
            {"message": "go back", "i18n": {"key": "idx.session.expired"}}}}}));
        assert!(ended.is_terminal());
        assert_eq!(ended.messages().len(), 1);
    }),
    (41, "success forms of three to five fields", || {
        for extra in [vec![], vec!["code_verifier"], vec!["client_secret", "code_verifier"]] {
            let mut value = composed(5);
            let fields = value["successWithInteractionCode"]["value"].as_array_mut().unwrap();
            fields.truncate(3);
            fields.extend(extra.iter().map(|name| json!({"name": name, "required": true})));
            let step = read(value);
            let success = step.success_with_interaction_code().unwrap();
            assert_eq!(success.field("interaction_code").unwrap().value().unwrap().as_str().as_deref(), Some("ic"));
            assert_eq!(step.status(), StepStatus::Success);
        }
    }),
    (42, "unknown names everywhere", || {
        let mut value = response(json!([form("scan-iris", vec![json!({"name": "iris"})])]));
        value["currentAuthenticator"] =
            json!({"type": "object", "value": {"key": "iris", "type": "eye", "methods": [{"type": "left"}]}});
        let step = read(value);
        assert_eq!(step.status(), StepStatus::Other);
        assert_eq!(step.remediations().next().unwrap().kind(), RemediationKind::Other("scan-iris".into()));
        assert_eq!(step.current_authenticator().unwrap().known_key(), Some(AuthenticatorKey::Other("iris".into())));
        assert_eq!(sent(&step, &[("iris", json!("x"))]), json!({"iris": "x"}));
    }),
    (43, "custom_push is custom_app", || {
        let step = with("authenticators", json!({"value": [{"key": "custom_push"}]}));
        assert_eq!(step.authenticators()[0].known_key(), Some(AuthenticatorKey::CustomApp));
        assert_eq!(step.authenticators()[0].key().as_deref(), Some("custom_push"));
    }),
    (44, "spellings of the authenticator's id", || {
        for name in ["authenticatorId", "authenticatorid", "authenticatorsId", "authenticatorInstanceId"] {
            let step = with("authenticatorEnrollments", json!({"value": [{"id": "e", name: "aut1"}]}));
            assert_eq!(step.authenticators()[0].authenticator_id().as_deref(), Some("aut1"));
        }
    }),
    (45, "lengths as strings", || {
        let step = one(json!({"name": "a", "minLength": "2", "maxLength": "3"}));
        let field = step.remediations().next().unwrap().field("a").unwrap();
        assert_eq!((field.min_length(), field.max_length()), (Some(2), Some(3)));
    }),
];

#[test]
fn every_quirk_of_the_table_is_read_as_its_row_says() {
    let mut broken = Vec::new();
    for (row, what, test) in ROWS {
        if std::panic::catch_unwind(test).is_err() {
            broken.push(format!("row {row}: {what}"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    let rows: Vec<_> = ROWS.iter().map(|(row, _, _)| *row).collect();
    assert_eq!(rows, (1..=45).collect::<Vec<_>>());
}
