//! `inspect` on small composed bodies: one for each quirk of the protocol, errors, and bad input.

mod support;

use serde_json::{Value, json};
use support::{Folder, Ran, run};

fn inspect(body: &[u8]) -> Ran {
    run(["inspect", "-", "--json"], body)
}

fn understood(body: &Value) -> Value {
    let ran = inspect(body.to_string().as_bytes());
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stderr.is_empty(), "{ran}");
    ran.json()
}

/// A step with one remediation.
fn step(remediation: Value) -> Value {
    json!({"version": "1.0.0", "stateHandle": "02.id.s3cret-handle", "remediation": {"type": "array", "value": [remediation]}})
}

fn form(name: &str, fields: Value) -> Value {
    json!({"rel": ["create-form"], "name": name, "href": format!("https://example.okta.com/idp/idx/{name}"), "method": "POST", "value": fields})
}

fn fields_of(body: &Value) -> Vec<Value> {
    understood(body)["remediations"][0]["fields"].as_array().expect("fields").clone()
}

#[test]
fn the_shape_is_the_documented_one() {
    let body = json!({
        "version": "1.0.0", "stateHandle": "02.id.s3cret-handle", "expiresAt": "2030-01-01T10:00:00.000Z", "intent": "LOGIN",
        "remediation": {"type": "array", "value": [
            form("challenge-poll", json!([{"name": "stateHandle", "required": true, "value": "02.id.s3cret-handle", "mutable": false, "visible": false}])),
            {"name": "redirect-idp", "href": "https://example.okta.com/sso?stateToken=02.other", "method": "GET", "type": "GOOGLE"}]},
        "currentAuthenticator": {"type": "object", "value": {"id": "aut1", "key": "okta_verify", "type": "app", "displayName": "Okta Verify",
            "methods": [{"type": "push"}], "contextualData": {"correctAnswer": "77", "sharedSecret": "JBSWY3DP"},
            "resend": {"name": "resend", "href": "https://example.okta.com/r", "method": "POST"}}},
        "messages": {"type": "array", "value": [{"message": "Hello", "class": "INFO", "i18n": {"key": "k", "params": ["a", 1]}}]},
        "cancel": form("cancel", json!([]))});
    let mut body = body;
    body["remediation"]["value"][0]["refresh"] = 4000.into();
    let ran = inspect(body.to_string().as_bytes());
    ran.hides(&["s3cret-handle", "JBSWY3DP"]);
    let expected = concat!(
        r#"{"kind":"ion","version":"1.0.0","state_handle":true,"intent":"LOGIN","expires_at":"2030-01-01T10:00:00.000Z","#,
        r#""status":"challenge_poll","terminal":false,"success_with_interaction_code":false,"remediations":["#,
        r#"{"name":"challenge-poll","kind":"challenge-poll","href":"https://example.okta.com/idp/idx/challenge-poll","method":"POST","#,
        r#""refresh_ms":4000,"authenticators":["aut1"],"fields":[{"path":"stateHandle","label":null,"type":"string","#,
        r#""required":true,"secret":false,"visible":false,"mutable":false,"options":[],"messages":[],"#,
        r#""preset":null,"min_length":null,"max_length":null}],"idp":null},"#,
        r#"{"name":"redirect-idp","kind":"redirect-idp","href":"https://example.okta.com/sso?stateToken=02.other","method":"GET","#,
        r#""refresh_ms":null,"authenticators":[],"fields":[],"idp":null}],"authenticators":[{"id":"aut1","key":"okta_verify","type":"app","#,
        r#""display_name":"Okta Verify","methods":["push"],"state":"authenticating","actions":["resend"],"#,
        r#""profile":null,"number":"77","qr_code":null,"contextual_data":{"correctAnswer":"77","sharedSecret":"(hidden)"}}],"#,
        r#""messages":[{"class":"INFO","key":"k","text":"Hello","params":["a",1],"path":null}],"#,
        r#""actions":["resend","cancel"],"unresolved":[],"user":null,"app":null}"#,
        "\n"
    );
    assert_eq!(sorted(&ran.stdout, "actions"), sorted(expected, "actions"));
}

/// The text with the list at the top under `name` in order: the order of members is the reader's of the test.
fn sorted(text: &str, name: &str) -> String {
    let mut value: Value = serde_json::from_str(text).expect("JSON");
    let list = value[name].as_array_mut().expect("a list");
    list.sort_by_key(Value::to_string);
    let start = text.rfind(&format!("\"{name}\":[")).expect("the list");
    format!("{}{}", &text[..start], value[name])
}

#[test]
fn nested_forms_follow_their_field_and_options_bring_theirs() {
    let body = step(form(
        "select-authenticator-authenticate",
        json!([
            {"name": "authenticator", "type": "object", "options": [
                {"label": "Phone", "value": {"form": {"value": [
                    {"name": "id", "value": "aut9", "required": true, "mutable": false},
                    {"name": "methodType", "options": [{"label": "SMS", "value": "sms"}, {"label": "Voice", "type": "voice"}]}]}}},
                {"label": "Bare", "form": [{"name": "id", "value": "aut1"}]}]},
            {"name": "credentials", "required": true, "form": {"value": [{"name": "passcode", "secret": true, "label": "Code"}]}},
            {"name": "deep", "value": {"form": {"value": [{"name": "er", "form": {"value": [{"name": "est"}]}}]}}},
            {"name": "userProfile", "form": {"value": [{"name": "a"}]}},
            {"name": "userProfile", "form": {"value": [{"name": "b"}]}},
            {"name": "optedScopes", "form": {"value": [{"name": "custom1.custom2", "type": "boolean"}]}}
        ]),
    ));
    let fields = fields_of(&body);
    let paths: Vec<_> = fields.iter().map(|field| field["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "authenticator",
            "credentials",
            "credentials.passcode",
            "deep",
            "deep.er",
            "deep.er.est",
            "userProfile",
            "userProfile.a",
            "userProfile",
            "userProfile.b",
            "optedScopes",
            "optedScopes.custom1.custom2"
        ]
    );
    let options = &fields[0]["options"];
    assert_eq!((options[0]["label"].as_str(), options[1]["label"].as_str()), (Some("Phone"), Some("Bare")));
    assert_eq!(options[0]["fields"][0]["path"], "authenticator.id");
    assert_eq!(
        options[0]["fields"][1]["options"],
        json!([{"label": "SMS", "value": "sms"}, {"label": "Voice", "value": "voice"}])
    );
    assert_eq!(options[1]["fields"][0]["path"], "authenticator.id");
    assert_eq!(
        (&fields[2]["secret"], &fields[2]["label"], &fields[1]["type"]),
        (&json!(true), &json!("Code"), &json!("object"))
    );
}

#[test]
fn odd_fields_are_read_all_the_same() {
    let body = step(form(
        "enroll-profile",
        json!([
            {"name": "a", "required": "false", "requred": true},
            {"name": "b", "required": "true", "visible": "false", "type": "set"},
            {"name": "country", "options": [{"label": "display", "value": {"type": "object", "value": {"inputType": "select",
                "options": [{"label": "Austria", "value": "AT"}, {"label": "Japan", "value": 7}]}}}]},
            {"name": "free", "options": [{"label": "display", "value": {"type": "object", "value": {"inputType": "text"}}}]},
            {"name": "flag", "type": "boolean", "options": [{"label": "Yes", "value": "true"}, {"label": "Nothing"}]},
            {"name": "authenticator", "value": {"methodType": "push", "id": "aut3"}, "mutable": false},
            {"name": "email", "messages": {"type": "array", "value": [{"message": "Taken", "i18n": {"key": "registration.error.notUniqueWithinOrg"}}]}},
            {"label": "No name"}, 7
        ]),
    ));
    let result = understood(&body);
    let fields = result["remediations"][0]["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 8);
    assert_eq!(
        (&fields[0]["required"], &fields[1]["required"], &fields[1]["visible"]),
        (&json!(false), &json!(true), &json!(false))
    );
    assert_eq!(fields[1]["type"], "set");
    assert_eq!(fields[2]["options"], json!([{"label": "Austria", "value": "AT"}, {"label": "Japan", "value": 7}]));
    assert_eq!(fields[3]["options"], json!([]));
    assert_eq!(fields[4]["options"], json!([{"label": "Yes", "value": "true"}, {"label": "Nothing", "value": null}]));
    assert_eq!(fields[5]["type"], "object");
    let said = json!([{"class": "ERROR", "key": "registration.error.notUniqueWithinOrg", "text": "Taken", "params": [], "path": "email"}]);
    assert_eq!((&fields[6]["messages"], &result["messages"]), (&said, &said));
    assert_eq!(fields[7]["path"], "");
}

#[test]
fn pointers_resolve_or_are_reported() {
    let remediation = |relates: Value| {
        let mut remediation = form("launch-authenticator", json!([]));
        remediation["relatesTo"] = relates;
        let mut body = step(remediation);
        body["authenticators"] = json!({"type": "array", "value": [{"id": "aut1", "type": "email"}, {"key": "phone_number", "methods": [{"methodType": "sms"}]}]});
        understood(&body)
    };
    for (relates, expected) in [
        (json!("$.authenticators.value[1]"), json!(["phone_number"])),
        (json!(["$.authenticators.value[0]"]), json!(["aut1"])),
        (json!("authenticators.value[0]"), json!(["aut1"])),
    ] {
        let result = remediation(relates);
        assert_eq!((&result["remediations"][0]["authenticators"], &result["unresolved"]), (&expected, &json!([])));
    }
    let result = remediation(json!("authenticatorChallenge"));
    assert_eq!(result["remediations"][0]["authenticators"], json!([]));
    assert!(result["unresolved"][0].as_str().unwrap().contains("authenticatorChallenge"), "{result}");
    assert_eq!(result["authenticators"][1]["methods"], json!(["sms"]));
}

#[test]
fn unknown_and_missing_things_are_data() {
    let result = understood(&step(json!({"name": "scan-iris", "value": [{"name": "iris"}]})));
    let iris = &result["remediations"][0];
    assert_eq!(
        (&iris["name"], &iris["kind"], &iris["href"], &iris["method"]),
        (&json!("scan-iris"), &json!("other"), &Value::Null, &json!("POST"))
    );

    let result = understood(
        &json!({"version": "1.0.0", "intent": "none", "authenticatorEnrollments": {"type": "array", "value": "\u{200b}"},
        "app": {"type": "object", "value": "OBJECT"}, "remediation": null}),
    );
    assert_eq!(
        (&result["intent"], &result["terminal"], &result["state_handle"]),
        (&json!("none"), &json!(true), &json!(false))
    );
    assert_eq!(
        (&result["expires_at"], &result["authenticators"], &result["status"]),
        (&Value::Null, &json!([]), &json!("terminal"))
    );

    // A body of an expired session has neither version nor handle.
    let result = understood(
        &json!({"messages": {"type": "array", "value": [{"message": "Expired", "class": "ERROR", "i18n": {"key": "idx.session.expired"}}]}}),
    );
    assert_eq!(
        (&result["kind"], &result["version"], &result["messages"][0]["key"]),
        (&json!("ion"), &Value::Null, &json!("idx.session.expired"))
    );

    let result = understood(
        &json!({"version": "1.0.0", "successWithInteractionCode": {"name": "issue", "href": "https://example.okta.com/oauth2/v1/token",
        "value": [{"name": "interaction_code", "value": "s3cret-code"}]}}),
    );
    assert_eq!(
        (&result["success_with_interaction_code"], &result["status"], &result["terminal"]),
        (&json!(true), &json!("success"), &json!(false))
    );
    assert!(!result.to_string().contains("s3cret-code"));
}

#[test]
fn poll_intervals_are_told_as_they_came() {
    for (refresh, expected) in [
        (json!(0), json!(0)),
        (json!(1e9), json!(1_000_000_000)),
        (json!("4000"), json!(4000)),
        (json!(0.5), json!(0.5)),
        (json!([]), Value::Null),
    ] {
        let mut remediation = form("challenge-poll", json!([]));
        remediation["refresh"] = refresh;
        assert_eq!(understood(&step(remediation))["remediations"][0]["refresh_ms"], expected);
    }
}

#[test]
fn errors_become_messages() {
    let oauth = understood(&json!({"error": "unauthorized_client", "error_description": "The grant is not allowed."}));
    assert_eq!(oauth["kind"], "oauth_error");
    assert_eq!(
        oauth["messages"],
        json!([{"class": "ERROR", "key": "unauthorized_client", "text": "The grant is not allowed.", "params": [], "path": null}])
    );
    assert_eq!(
        (&oauth["status"], &oauth["terminal"], &oauth["remediations"]),
        (&Value::Null, &json!(false), &json!([]))
    );

    let api = understood(
        &json!({"errorCode": "E0000001", "errorSummary": "Api validation failed", "errorLink": "E0000001", "errorId": "oae1",
        "errorCauses": [{"errorSummary": "login: taken"}, {"errorSummary": "email: taken"}]}),
    );
    let texts: Vec<_> = api["messages"].as_array().unwrap().iter().map(|message| message["text"].clone()).collect();
    assert_eq!(
        (api["kind"].clone(), texts),
        (json!("api_error"), vec![json!("Api validation failed"), json!("login: taken"), json!("email: taken")])
    );
    assert_eq!(api["messages"][0]["key"], "E0000001");
}

#[test]
fn presets_providers_people_and_apps_are_told() {
    let fields = json!([
        {"name": "identifier", "label": "Name", "value": "ada@example.com", "required": true},
        {"name": "passcode", "secret": true, "value": "s3cret-value", "minLength": 4},
        {"name": "code", "maxLength": "6"},
        {"name": "stateHandle", "value": "02.id.s3cret-handle", "mutable": false, "visible": false}]);
    let mut body = step(form("identify", fields));
    body["remediation"]["value"].as_array_mut().unwrap().push(json!({"name": "redirect-idp", "type": "GOOGLE",
        "href": "https://example.okta.com/sso", "method": "GET", "idp": {"id": "0oa1", "name": "Search engine"}}));
    body["user"] = json!({"type": "object", "value": {"identifier": "ada@example.com"}});
    body["app"] = json!({"type": "object", "value": {"label": "Shop", "clientUri": {"href": "https://shop.example"}}});
    body["authenticatorEnrollments"] = json!({"type": "array", "value": [
        {"type": "phone", "key": "phone_number", "profile": {"phoneNumber": "+1 XXX-XXX-1234"}}]});
    let told = understood(&body);
    let fields = &told["remediations"][0]["fields"];
    assert_eq!((&fields[0]["preset"], &fields[1]["preset"]), (&json!("ada@example.com"), &Value::Null));
    assert_eq!((&fields[1]["min_length"], &fields[2]["max_length"]), (&json!(4), &json!(6)));
    assert_eq!(told["remediations"][1]["idp"], json!({"id": "0oa1", "name": "Search engine", "type": "GOOGLE"}));
    assert_eq!((&told["user"]["identifier"], &told["app"]["label"]), (&json!("ada@example.com"), &json!("Shop")));
    assert_eq!(told["app"]["clientUri"]["href"], "https://shop.example");
    assert_eq!(told["authenticators"][0]["profile"]["phoneNumber"], "+1 XXX-XXX-1234");
    inspect(body.to_string().as_bytes()).hides(&["s3cret"]);
}

#[test]
fn the_screen_is_drawn_in_lines_and_told_as_data() {
    let identifier = json!({"name": "identifier", "label": "User\u{1b}[2Jname\u{202e}", "required": true});
    let passcode = json!({"name": "passcode", "label": "Password", "secret": true});
    let credentials = json!({"name": "credentials", "type": "object", "required": true, "form": {"value": [passcode]}});
    let mut body = step(form("identify", json!([identifier, credentials])));
    body["messages"] = json!({"type": "array", "value": [
        {"message": "<b>No such</b> user", "class": "INFO", "i18n": {"key": "idx.unknown.user"}}]});
    let ran = run(["inspect", "-", "--screen"], body.to_string().as_bytes());
    assert_eq!(ran.code, 0, "{ran}");
    let expected = [
        "# Sign in",
        "! error No such user {identifier}",
        "? User [2Jname [username*] >0",
        "? Password [password*] >0",
        "> 0 Sign in [primary submit]",
        "$ answer 0",
        "",
    ];
    assert_eq!(ran.stdout.split('\n').collect::<Vec<_>>(), expected, "{ran}");
    let data = run(["inspect", "-", "--screen", "--json"], body.to_string().as_bytes()).json();
    assert_eq!((&data["name"], &data["notices"][0]["severity"]), (&json!("identify"), &json!("error")));
    assert_eq!(data["elements"].as_array().map(Vec::len), Some(2));
    let error = run(["inspect", "-", "--screen"], br#"{"error": "access_denied"}"#);
    assert_eq!((error.code, error.stdout.as_str()), (65, ""), "{error}");
}

#[test]
fn several_screens_are_drawn_each_below_the_name_of_its_file() {
    let folder = Folder::new();
    let page = step(form("identify", json!([{"name": "identifier", "label": "Name", "required": true}])));
    let [one, error, two] = [
        ("one.json", page.to_string()),
        ("error.json", r#"{"error": "s3cret"}"#.to_owned()),
        ("two.json", page.to_string()),
    ]
    .map(|(name, body)| folder.file(name, &body));
    let ran = run(["inspect", "--screen", &one, &error, &two], b"");
    let lines = ["# Sign in", "? Name [username*] >0", "> 0 Next [primary submit]", "$ answer 0"].join("\n");
    assert_eq!((ran.code, &ran.stdout), (65, &format!("{one}\n{lines}\n{two}\n{lines}\n")), "{ran}");
    assert!(ran.stderr.contains("error.json is not drawn") && ran.stderr.contains("oauth_error"), "{ran}");
    for options in [&["--json"][..], &[], &["--screen", "--json"]] {
        let ran = run([&["inspect", &one, &two], options].concat(), b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{ran}");
    }
}

#[test]
fn what_is_not_of_the_protocol_is_named() {
    for (body, words) in [
        ("", "empty"),
        (" \n", "empty"),
        ("not json", "not JSON"),
        ("<html><body>Sign in to the guest network</body></html>", "HTML"),
        ("{\"version\":\"1.0.0\"", "not JSON"),
        (r#"{"access_token":"s3cret","token_type":"Bearer"}"#, "token response"),
        (r#"{"interaction_handle":"s3cret"}"#, "interact"),
        (r#"{"keys":[]}"#, "key set"),
        (r#"{"message":"Forbidden"}"#, "proxy"),
        ("[]", "list"),
        ("7", "lone value"),
    ] {
        let ran = inspect(body.as_bytes());
        assert_eq!((ran.code, ran.stdout.as_str()), (65, ""), "{ran}");
        assert!(ran.stderr.contains(words) && ran.stderr.lines().count() == 1, "{words}: {ran}");
        ran.hides(&["s3cret"]);
    }
    let ran = inspect(b"\xff\xfe{\0");
    assert_eq!(ran.code, 65, "{ran}");
    let missing = run(["inspect", "no-such-file.json"], b"");
    assert_eq!(missing.code, 64, "{missing}");
}

#[test]
fn what_is_too_much_is_refused_or_cut() {
    let large = format!(r#"{{"version":"1.0.0","x":"{}"}}"#, "y".repeat(3_000_000));
    let deep = format!(r#"{{"version":"1.0.0","x":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let deeper = "[".repeat(1_000_000);
    let many = format!(r#"{{"version":"1.0.0","x":[{}0]}}"#, "0,".repeat(300_000));
    for body in [large, deep, deeper, many] {
        let ran = inspect(body.as_bytes());
        assert_eq!((ran.code, ran.stdout.as_str()), (65, ""), "{ran}");
        assert!(ran.stderr.lines().count() == 1 && ran.stderr.len() < 300, "{ran}");
    }
    let fields: Vec<_> = (0..10_000).map(|number| json!({"name": format!("f{number}"), "label": "x"})).collect();
    let result = understood(&step(form("identify", Value::from(fields))));
    assert_eq!(result["remediations"][0]["fields"].as_array().unwrap().len(), 4_096);
    assert!(result["unresolved"].to_string().contains("4096"), "{}", result["unresolved"]);
}

#[test]
fn people_read_it_too_and_nothing_acts_on_their_terminal() {
    let folder = Folder::new();
    let mut body =
        step(form("identify", json!([{"name": "identifier", "label": "User\u{1b}[2Jname\u{202e}", "required": true}])));
    body["messages"] =
        json!({"type": "array", "value": [{"message": "Nope\u{9b}31m", "class": "ERROR", "i18n": {"key": "k"}}]});
    body["remediation"]["value"][0]["href"] = json!("https://example.okta.com/x?stateToken=02.id.s3cret-handle");
    let file = folder.file("step.json", &body.to_string());
    let ran = run(["inspect", file.as_str()], b"");
    assert_eq!(ran.code, 0, "{ran}");
    ran.hides(&["s3cret-handle"]);
    for part in ["status  identification", "ERROR Nope", "identifier  string", "required"] {
        assert!(ran.stdout.contains(part), "{part}: {ran}");
    }
    let json = run(["inspect", file.as_str(), "--json"], b"");
    for text in [&ran.stdout, &json.stdout] {
        assert!(text.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{text:?}");
    }
    assert_eq!(json.json()["messages"][0]["text"], "Nope\u{9b}31m");
}

#[test]
fn help_and_version_are_there() {
    let version = run(["--version"], b"");
    assert_eq!((version.code, version.stdout.trim()), (0, concat!("interaction-code ", env!("CARGO_PKG_VERSION"))));
    for arguments in [&["--help"][..], &["sign-in", "--help"], &["inspect", "--help"]] {
        let help = run(arguments, b"");
        assert!(help.code == 0 && help.stdout.contains("Usage:"), "{help}");
    }
    let help = run(["sign-in", "--help"], b"");
    for part in ["{\"$file\": \"path\"}", "callback (with \"url\")", "Exit codes:", "130  interrupted"] {
        assert!(help.stdout.contains(part), "{part}: {help}");
    }
    for arguments in [&["inspect"][..], &["sign-in", "--client-id", "x"], &["dance"], &[]] {
        let wrong = run(arguments, b"");
        assert!(wrong.code == 64 && wrong.stdout.is_empty(), "{wrong}");
    }
}
