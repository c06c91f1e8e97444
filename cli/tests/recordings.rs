//! `inspect --json` on every recording, against an independent walk of the same JSON: nothing is dropped.

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use support::run;

/// All JSON files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            files(&entry, found);
        } else if entry.extension().is_some_and(|end| end == "json") && !entry.ends_with("scenarios.json") {
            found.push(entry);
        }
    }
}

/// The content of a wrapper, or the value itself.
fn bare(value: &Value) -> &Value {
    match value.get("value") {
        Some(inner) if value.get("type").is_some() || inner.is_array() => inner,
        _ => value,
    }
}

fn list(value: &Value) -> &[Value] {
    bare(value).as_array().map_or(&[], Vec::as_slice)
}

/// The nested form of a field or an option.
fn form(holder: &Value) -> Option<&[Value]> {
    let form = holder.get("form").or_else(|| holder.get("value").and_then(|value| value.get("form")))?;
    Some(list(form))
}

/// Every field and option below a form, as lines: the path, then what can be chosen.
fn walk(fields: &[Value], path: &str, lines: &mut Vec<String>) {
    for field in fields {
        let name = field["name"].as_str().unwrap_or_default();
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let label = field["label"].as_str();
        lines.push(format!(
            "{path} {label:?} {:?} {:?}",
            lenient(field, "required", false),
            lenient(field, "secret", false)
        ));
        for option in list(&field["options"]) {
            let hint = option["value"].get("value").map(|hint| list(&hint["options"]));
            match (form(option), hint) {
                (Some(nested), _) => {
                    lines.push(format!("{path} > {:?}", option["label"].as_str()));
                    walk(nested, &path, lines);
                }
                (None, Some(choices)) => {
                    lines.extend(
                        choices
                            .iter()
                            .map(|choice| format!("{path} > {:?} = {}", choice["label"].as_str(), choice["value"])),
                    );
                }
                (None, None) => {
                    let value = option.get("value").or(option.get("type")).unwrap_or(&Value::Null);
                    lines.push(format!("{path} > {:?} = {value}", option["label"].as_str()));
                }
            }
        }
        if let Some(nested) = form(field) {
            walk(nested, &path, lines);
        }
    }
}

fn lenient(field: &Value, name: &str, default: bool) -> bool {
    match &field[name] {
        Value::Bool(value) => *value,
        Value::String(text) => text == "true",
        _ => default,
    }
}

/// The same lines from the program's output.
fn told(fields: &Value, lines: &mut Vec<String>) {
    for field in fields.as_array().expect("fields") {
        let path = field["path"].as_str().expect("a path");
        lines.push(format!(
            "{path} {:?} {:?} {:?}",
            field["label"].as_str(),
            field["required"].as_bool().unwrap(),
            field["secret"].as_bool().unwrap()
        ));
        for option in field["options"].as_array().expect("options") {
            match option.get("fields") {
                Some(nested) => {
                    lines.push(format!("{path} > {:?}", option["label"].as_str()));
                    told(nested, lines);
                }
                None => lines.push(format!("{path} > {:?} = {}", option["label"].as_str(), option["value"])),
            }
        }
    }
}

/// The texts of all messages anywhere: in `messages`, and the lone ones of old recordings.
fn messages(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value.get("message").and_then(Value::as_str) {
                    Some(text) if name == "message" => texts.push(text.to_owned()),
                    _ if name == "messages" => {
                        texts.extend(
                            list(value).iter().filter_map(|message| message["message"].as_str().map(str::to_owned)),
                        );
                    }
                    _ => messages(value, texts),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| messages(item, texts)),
        _ => {}
    }
}

/// Id, key and type of each authenticator, in the order of the places.
fn authenticators(body: &Value) -> Vec<(Value, Value, Value)> {
    const PLACES: [&str; 6] = [
        "authenticators",
        "authenticatorEnrollments",
        "currentAuthenticator",
        "currentAuthenticatorEnrollment",
        "enrollmentAuthenticator",
        "recoveryAuthenticator",
    ];
    let mut found = Vec::new();
    for value in PLACES.iter().filter_map(|place| body.get(place)).map(bare) {
        let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        found.extend(
            items
                .iter()
                .filter(|item| item.is_object())
                .map(|item| (item["id"].clone(), item["key"].clone(), item["type"].clone())),
        );
    }
    found
}

fn compare(file: &Path, body: &Value, result: &Value) {
    let place = file.display();
    let remediations = body.get("remediation").map(list).unwrap_or_default();
    let shown = result["remediations"].as_array().expect("remediations");
    assert_eq!(shown.len(), remediations.len(), "{place}");
    assert_eq!(result["state_handle"], body["stateHandle"].is_string(), "{place}");
    for (recorded, shown) in remediations.iter().zip(shown) {
        assert_eq!(shown["name"], recorded["name"], "{place}");
        assert_eq!(shown["href"], recorded["href"], "{place}");
        assert_eq!(shown["refresh_ms"], recorded["refresh"], "{place}");
        let (mut expected, mut lines) = (Vec::new(), Vec::new());
        walk(recorded.get("value").map(list).unwrap_or_default(), "", &mut expected);
        told(&shown["fields"], &mut lines);
        // Options stand in their field, and nested forms after it, in both; only the interleaving differs.
        expected.sort();
        lines.sort();
        assert_eq!(lines, expected, "{place}");
    }
    let shown: Vec<_> = result["authenticators"]
        .as_array()
        .expect("authenticators")
        .iter()
        .map(|it| (it["id"].clone(), it["key"].clone(), it["type"].clone()))
        .collect();
    assert_eq!(shown, authenticators(body), "{place}");
    let mut expected = Vec::new();
    messages(body, &mut expected);
    let mut texts: Vec<_> = result["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| message["text"].as_str().unwrap().to_owned())
        .collect();
    expected.sort();
    texts.sort();
    assert_eq!(texts, expected, "{place}");
    assert_eq!(result["success_with_interaction_code"], body.get("successWithInteractionCode").is_some(), "{place}");
    assert_eq!(
        (&result["version"], &result["intent"], &result["expires_at"]),
        (&body["version"], &body["intent"], &body["expiresAt"]),
        "{place}"
    );
    // The handle itself is nowhere, but in an address that the server put it into.
    let mut rest = result.clone();
    for remediation in rest["remediations"].as_array_mut().expect("remediations") {
        remediation["href"] = Value::Null;
    }
    if let Some(handle) = body["stateHandle"].as_str().filter(|handle| handle.len() >= 16) {
        assert!(!rest.to_string().contains(handle), "{place}");
    }
}

#[test]
fn nothing_of_any_recording_is_dropped() {
    let folder = std::env::var_os("IC_FIXTURES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures"), PathBuf::from);
    if !folder.is_dir() {
        let line = format!(
            "\n!!! SKIPPED: no recordings at {}.\n!!! Set IC_FIXTURES to the folder that has them.\n",
            folder.display()
        );
        // Not `eprintln!`: the harness would swallow it, and a test that proves nothing must not look as if it did.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
        return;
    }
    let mut all = Vec::new();
    files(&folder, &mut all);
    assert!(!all.is_empty(), "no recordings in {}", folder.display());
    let mut counts = [0; 3];
    for file in &all {
        let bytes = fs::read(file).expect("a file");
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let ran = run(["inspect".as_ref(), file.as_os_str(), "--json".as_ref()], b"");
        let step = ["version", "stateHandle", "remediation", "messages"].iter().any(|name| body.get(name).is_some());
        if step {
            assert_eq!(ran.code, 0, "{}: {ran}", file.display());
            let result = ran.json();
            assert_eq!(result["kind"], "ion", "{}", file.display());
            compare(file, &body, &result);
            counts[0] += 1;
        } else if body.get("error").or(body.get("errorCode")).is_some() {
            assert_eq!(ran.code, 0, "{}: {ran}", file.display());
            let key = body.get("error").or(body.get("errorCode"));
            assert_eq!(Some(&ran.json()["messages"][0]["key"]), key, "{}", file.display());
            counts[1] += 1;
        } else {
            assert_eq!((ran.code, ran.stdout.as_str()), (65, ""), "{}: {ran}", file.display());
            counts[2] += 1;
        }
    }
    println!("{} recordings: {} steps, {} errors, {} of other kinds", all.len(), counts[0], counts[1], counts[2]);
}
