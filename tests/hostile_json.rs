//! Whatever a server sends: reading it, looking at all of it and answering all of it never panics, ends in bounded time,
//! and never builds a body that is not JSON.
//!
//! Property tests with a fixed number of cases on arbitrary JSON and on mutated responses of the protocol, and single
//! responses made to hurt: too large, too deep, too many, of the wrong type everywhere. The rules of an answer are in
//! `hostile_json/answers.rs`, the quirks of the reference's table, row by row, in `hostile_json/quirks.rs`.

#[path = "hostile_json/answers.rs"]
mod answers;
#[path = "hostile_json/compose.rs"]
mod compose;
#[path = "hostile_json/exercise.rs"]
mod exercise;
#[path = "hostile_json/quirks.rs"]
mod quirks;

use std::time::Duration;

use compose::{composed, form, step_of};
use exercise::exercise;
use interaction_code::{
    ErrorKind,
    idx::{BodyKind, MessageClass, Step},
    limits::{MAX_BODY_BYTES, MAX_FORM_FIELDS, MAX_JSON_DEPTH, MAX_PATH_BYTES},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The members of the protocol, so that arbitrary JSON gets past the first look at it.
const NAMES: &[&str] = &[
    "version",
    "stateHandle",
    "remediation",
    "value",
    "type",
    "name",
    "href",
    "method",
    "rel",
    "form",
    "options",
    "label",
    "required",
    "mutable",
    "visible",
    "secret",
    "relatesTo",
    "messages",
    "message",
    "i18n",
    "key",
    "params",
    "class",
    "refresh",
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "authenticators",
    "authenticatorEnrollments",
    "id",
    "methods",
    "contextualData",
    "profile",
    "successWithInteractionCode",
    "success",
    "cancel",
    "resend",
    "poll",
    "recover",
    "minLength",
    "maxLength",
    "inputType",
    "expiresAt",
    "intent",
    "terminal",
];

/// Values that mean something in the protocol, or nearly do.
const WORDS: &[&str] = &[
    "",
    "array",
    "object",
    "identify",
    "challenge-poll",
    "select-authenticator-authenticate",
    "skip",
    "stateHandle",
    "POST",
    "GET",
    "https://a.example/idp/idx/identify",
    "$.authenticators.value[0]",
    "$.currentAuthenticator",
    "$..[[]][-1][99999999999999999999]",
    "$$.$",
    "true",
    "false",
    "ERROR",
    "2030-01-01T10:00:00.000Z",
    "2030-13-99",
    "\u{0}\u{202e}\u{feff}\"\\",
    "create-form",
    "boolean",
    "id",
    "\u{1f511}",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![8 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => ".{0,6}"];
    leaf.prop_recursive(7, 96, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// How one place of a response is changed.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Wrap,
    Unwrap,
    Repeat,
    Rename(&'static str),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => any_json().prop_map(Change::Replace),
        2 => prop::sample::select(WORDS).prop_map(|word| Change::Replace(word.into())),
        2 => Just(Change::Remove),
        1 => Just(Change::Wrap),
        1 => Just(Change::Unwrap),
        1 => Just(Change::Repeat),
        2 => prop::sample::select(NAMES).prop_map(Change::Rename),
    ]
}

/// Every pointer of a value, in order.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(object) => object.iter().for_each(|(key, inner)| {
            pointers(inner, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, inner)| pointers(inner, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn changed(mut value: Value, changes: &[(prop::sample::Index, Change)]) -> Value {
    for (index, change) in changes {
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        let pointer = all[index.index(all.len())].clone();
        let Some(place) = value.pointer_mut(&pointer) else { continue };
        match change {
            Change::Replace(other) => *place = other.clone(),
            Change::Remove => *place = Value::Null,
            Change::Wrap => *place = json!({"type": "array", "value": [place.take()]}),
            Change::Unwrap => *place = place.get("value").cloned().unwrap_or_default(),
            Change::Repeat => {
                if let Value::Array(items) = place {
                    items.extend(items.clone());
                }
            }
            Change::Rename(name) => {
                if let Value::Object(object) = place
                    && let Some((key, _)) = object.iter().next().map(|(key, value)| (key.clone(), value.clone()))
                {
                    let inner = object.remove(&key).unwrap_or_default();
                    object.insert((*name).to_owned(), inner);
                }
            }
        }
    }
    value
}

/// A case that works longer is a bug, also on a slow machine and without optimisation.
const LIMIT: Duration = Duration::from_secs(5);

/// Counts the time that this thread worked, and not that in which others did: a busy machine changes nothing of it. Where the
/// system does not say it, only that the case comes to its end.
fn bounded<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let worked = || {
        let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        said.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    };
    let begun = worked();
    let result = work();
    if let Some((begun, now)) = begun.zip(worked()) {
        assert!(now - begun < LIMIT, "{what} took {:?}", now - begun);
    }
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_json_is_a_step_or_an_error(mut value in any_json()) {
        // As it is, and as something that claims to be a step.
        for claims in [false, true] {
            if claims && let Value::Object(object) = &mut value {
                object.insert("version".to_owned(), "1.0.0".into());
            }
            let text = value.to_string();
            bounded("arbitrary JSON", || {
                let _ = BodyKind::of(text.as_bytes());
                match Step::read(text.as_bytes()) {
                    Ok(step) => exercise(&step),
                    Err(error) => assert!(matches!(error.kind(), ErrorKind::Protocol | ErrorKind::LimitExceeded)),
                }
            });
            if claims && value.is_object() {
                prop_assert!(Step::read(text.as_bytes()).is_ok());
            }
        }
    }

    #[test]
    fn a_mutated_response_is_read_and_answered(
        which in 0..compose::COUNT,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any_change()), 1..8),
    ) {
        let mut value = changed(composed(which), &changes);
        if let Value::Object(object) = &mut value {
            object.insert("version".to_owned(), "1.0.0".into());
            let text = value.to_string();
            bounded("a mutated response", || exercise(&Step::read(text.as_bytes()).expect("it has a version")));
        }
    }

    #[test]
    fn damaged_bytes_are_an_error_or_a_step(
        which in 0..compose::COUNT,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        let mut bytes = composed(which).to_string().into_bytes();
        for (index, byte, how) in damage {
            let at = index.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        bounded("damaged bytes", || {
            if let Ok(step) = Step::read(&bytes) {
                assert_eq!(step.raw().as_bytes(), bytes);
                exercise(&step);
            }
        });
    }
}

fn refused(body: &[u8], kind: ErrorKind) {
    let error = bounded("a refusal", || Step::read(body).map(drop).expect_err("it must be refused"));
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().len() < 400, "{error}");
}

#[test]
fn what_is_no_response_is_refused_in_one_line() {
    let before = "{\"version\":\"1.0.0\",\"a\":";
    let deep = |levels: usize| format!("{before}{}{}}}", "[".repeat(levels), "]".repeat(levels)).into_bytes();
    assert!(Step::read(&deep(MAX_JSON_DEPTH - 1)).is_ok());
    refused(&deep(MAX_JSON_DEPTH), ErrorKind::LimitExceeded);
    refused(&deep(200), ErrorKind::LimitExceeded);
    refused(&deep(500_000), ErrorKind::LimitExceeded);
    refused(&vec![b'['; 1_000_000], ErrorKind::Protocol);
    refused(&vec![b' '; 3_000_000], ErrorKind::LimitExceeded);
    let padded = |length: usize| [br#"{"version":"1.0.0"}"#.as_slice(), &vec![b' '; length - 19]].concat();
    assert!(Step::read(&padded(MAX_BODY_BYTES)).is_ok());
    refused(&padded(MAX_BODY_BYTES + 1), ErrorKind::LimitExceeded);
    refused(format!("{before}[{}0]}}", "0,".repeat(900_000)).as_bytes(), ErrorKind::LimitExceeded);
    for body in
        ["", " ", "x", "{", "{}", "[]", "null", "\"version\"", "<html>", "{\"version\":1}", "{\"a\":1}{\"b\":2}"]
    {
        refused(body.as_bytes(), ErrorKind::Protocol);
    }
    refused(b"\xff\xfe{\"version\":\"1.0.0\"}", ErrorKind::Protocol);
    refused(b"\xef\xbb\xbf{\"version\":\"1.0.0\"}", ErrorKind::Protocol);
    // Nothing of the body is in the text of the error.
    let error = Step::read(b"{\"version\":\"1.0.0\",\"password\":\"hunter2\" hunter2}").unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn ten_thousand_fields_are_a_bounded_form() {
    let fields: Vec<_> = (0..10_000).map(|n| json!({"name": format!("f{n}"), "value": n})).collect();
    let step = step_of(json!([form("identify", fields)]));
    let form = step.remediation("identify").unwrap();
    bounded("10,000 fields", || {
        assert_eq!(form.fields().count(), 10_001);
        assert_eq!(form.all_fields().len(), MAX_FORM_FIELDS);
        // Seen, but not answered: nothing is sent that leaves a field out.
        let error = form.answer().unwrap().body().map(drop).unwrap_err();
        assert_eq!((error.kind(), error.problems().len()), (ErrorKind::InvalidAnswer, 1), "{error}");
    });
    bounded("all views of 10,000 fields", || exercise::look(&step));
}

#[test]
fn a_form_of_as_many_fields_as_are_allowed_is_answered() {
    let last = MAX_FORM_FIELDS - 2;
    let fields: Vec<_> = (0..=last).map(|n| json!({"name": format!("f{n}"), "value": n})).collect();
    let step = step_of(json!([form("identify", fields)]));
    let form = step.remediation("identify").unwrap();
    let answer = form.answer().unwrap().set("f7", 5).unwrap();
    let body = bounded("as many as are allowed", || answer.body().unwrap_or_else(|error| panic!("{error}")));
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), MAX_FORM_FIELDS);
    assert_eq!((&body["f7"], &body[format!("f{last}")]), (&json!(5), &json!(last)));
}

#[test]
fn forms_within_forms_end() {
    let mut field = json!({"name": "n", "required": true});
    for _ in 0..14 {
        field = json!({"name": "n", "form": {"value": [field]}});
    }
    let step = step_of(json!([form("identify", vec![field])]));
    let form = step.remediation("identify").unwrap();
    let deepest = form.all_fields().into_iter().map(|field| field.path().len()).max();
    assert_eq!(deepest, Some(15));
    let answer = form.answer().unwrap().set(["n"; 15], "x").unwrap();
    let body: Value = serde_json::from_slice(&answer.body().unwrap()).unwrap();
    assert_eq!(body.pointer(&"/n".repeat(15)), Some(&json!("x")));
    exercise(&step);
}

/// What costs most where something is looked for again and again: each within the limits of a response.
#[test]
fn the_worst_that_fits_a_response_ends_in_bounded_time() {
    let many = |count: usize, make: &dyn Fn(usize) -> Value| (0..count).map(make).collect::<Vec<_>>();
    let messages = json!({"version": "1.0.0", "messages": {"type": "array",
        "value": many(30_000, &|n| json!({"message": format!("m{n}")}))}});
    let step = Step::read(messages.to_string().as_bytes()).unwrap();
    bounded("30,000 messages", || assert_eq!(step.distinct_messages().len(), 30_000));

    // Names with an escape are copied wherever they are part of a path: each message sits below 28 of the longest.
    let name = format!("é\"{}", "x".repeat(1000));
    let mut field = json!({"name": name, "messages": {"value": many(30_000, &|_| json!({"message": "m"}))}});
    (0..27).for_each(|_| field = json!({"name": name, "value": [field]}));
    let nested = json!({"version": "1.0.0", "value": [field]}).to_string();
    let step = Step::read(nested.as_bytes()).unwrap();
    bounded("30,000 messages far down", || {
        let messages = step.messages();
        let paths: usize = messages.iter().flat_map(|message| message.path()).map(|name| name.len()).sum();
        assert_eq!((messages.len(), paths <= MAX_PATH_BYTES), (30_000, true));
        assert!(messages.iter().all(|message| message.class() == MessageClass::Error), "all are on a field");
    });

    // As many options as fit, each pointing at the far end of as long a list.
    let list = many(5_000, &|n| json!({"id": n.to_string()}));
    let options = many(5_000, &|n| json!({"label": "x", "relatesTo": format!("$.authenticators.value[{n}]")}));
    let authenticator = json!({"name": "authenticator", "type": "object", "options": options});
    let mut response = compose::response(json!([form("select-authenticator-authenticate", vec![authenticator])]));
    response["authenticators"] = json!({"type": "array", "value": list});
    let step = Step::read(response.to_string().as_bytes()).unwrap();
    let form = step.remediation("select-authenticator-authenticate").unwrap();
    bounded("5,000 pointers: unresolved", || assert!(step.unresolved().is_empty()));
    bounded("5,000 pointers: authenticators", || assert_eq!(form.authenticators().len(), MAX_FORM_FIELDS.min(5_000)));
    bounded("5,000 options: choosing one", || {
        assert!(form.answer().unwrap().select_authenticator("authenticator", "no-such").is_err());
    });
}

#[test]
fn a_message_in_a_bare_form_knows_its_field() {
    let messages = json!({"type": "array", "value": [{"message": "no", "class": "ERROR"}]});
    let field = json!({"name": "credentials", "form": [{"name": "passcode", "messages": messages}]});
    let step = step_of(json!([form("identify", vec![field])]));
    assert_eq!(step.messages()[0].dotted_path().as_deref(), Some("credentials.passcode"));
}

#[test]
fn pointers_that_lead_in_circles_end() {
    let step = Step::read(
        br#"{"version":"1.0.0","a":{"relatesTo":"$.b"},"b":{"relatesTo":["$.a","$.b","b.relatesTo[2]"]},
        "remediation":{"relatesTo":"$.remediation","value":[{"name":"identify","relatesTo":"$.remediation.value[0]",
        "href":"https://a.example/x","value":[{"name":"x","relatesTo":"$.remediation.value[0].value[0]"}]}]}}"#,
    )
    .unwrap();
    bounded("circles", || exercise(&step));
    assert!(step.unresolved().is_empty());
    assert_eq!(step.remediation("identify").unwrap().related().count(), 1);
}
