//! Every recorded form: each of its fields is asked for, set or explained, none is the server's, and what is given is sent.

use std::collections::HashSet;

use crate::{
    drafts::{TYPED, inputs, problems},
    fixtures::{Fixtures, text},
};
use interaction_code::{
    idx::{AnswerValue, Field, FieldType, Remediation, Step},
    screen::{Ask, Does, Element, ElementKind, Input, Screen},
};
use serde_json::{Value, json};

/// A value that a person might give.
fn sample(input: &Input) -> AnswerValue {
    if let Some(last) = input.options.last() {
        return last.value.clone();
    }
    match &input.ask {
        Ask::Username | Ask::Email => "bea@example.net".into(),
        Ask::Phone { .. } => "+1 555 123 4567".into(),
        Ask::Toggle | Ask::Consent { .. } => true.into(),
        Ask::Number { .. } => 7.into(),
        Ask::Passkey { make: true, .. } => {
            json!({"id": "a", "response": {"clientDataJSON": "AAAA", "attestationObject": "AAAA"}}).to_string().into()
        }
        Ask::Passkey { .. } => {
            json!({"id": "a", "response": {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": "AAAA"}})
                .to_string()
                .into()
        }
        _ => TYPED.into(),
    }
}

fn recorded(test: &str) -> Option<Vec<(String, Step)>> {
    let fixtures = Fixtures::open(test)?;
    let files = fixtures.list("files").iter().filter(|entry| entry["kind"] == "idx");
    let read = |entry: &Value| {
        let file = text(entry, "file").to_owned();
        let step = Step::read(&fixtures.bytes(test, &file)?).unwrap_or_else(|error| panic!("{file}: {error}"));
        Some((file, step))
    };
    files.map(read).collect()
}

#[test]
fn every_recorded_form_is_answered_by_its_inputs() {
    let Some(steps) = recorded("screen: answers of every recorded form") else { return };
    let (mut answered, mut members) = (0, 0);
    for (file, step) in &steps {
        let screen = Screen::of(step);
        for (index, way) in screen.ways.iter().enumerate() {
            if matches!(way.does, Does::Open | Does::Launch) || way.nodes.is_empty() {
                continue;
            }
            let mine = |element: &&Element| {
                element.way.is_some_and(|other| screen.ways[other].nodes.first() == way.nodes.first())
            };
            let choices: Vec<_> = screen
                .elements
                .iter()
                .filter(mine)
                .filter_map(|element| match &element.kind {
                    ElementKind::Choice(choice) if way.inputs.contains(&choice.path) => Some(choice),
                    _ => None,
                })
                .collect();
            // Each option of a choice once.
            let rounds = choices.iter().map(|choice| choice.options.len()).max().unwrap_or(1).max(1);
            for round in 0..rounds {
                let mut draft = screen.draft();
                for input in inputs(&screen) {
                    draft.set(input, sample(input)).unwrap();
                    if matches!(input.ask, Ask::NewPassword { .. }) {
                        draft.confirm(input, TYPED).unwrap();
                    }
                }
                for choice in &choices {
                    if let Some(option) = choice.options.get(round) {
                        draft.choose(option).unwrap();
                    }
                }
                let place = format!("{file}: way {index} ({:?} {:?}), option {round}", way.remediation, way.action);
                let answer =
                    draft.answer(index).unwrap_or_else(|error| panic!("{place}: {error}: {:?}", problems(&error)));
                let sent = answer.body().unwrap_or_else(|error| panic!("{place}: {:?}", error.problems()));
                let sent: Value = serde_json::from_slice(&sent).expect("JSON");
                members += types_fit(answer.remediation(), &sent, &place);
                assert!(!format!("{draft:?} {answer:?} {:?}", screen.elements).contains(TYPED), "{place}");
                answered += 1;
            }
        }
    }
    assert!(answered > 500 && members > 1_000, "{answered} answers with {members} members");
}

/// Every member that a field of the form declares as a scalar has its type; how many there are.
fn types_fit(form: Remediation<'_>, sent: &Value, place: &str) -> usize {
    let fits = |field: &Field<'_>| {
        let value = field.path().iter().try_fold(sent, |at, name| at.get(name.as_ref()))?;
        let fits = match field.field_type() {
            FieldType::Boolean => value.is_boolean() || !field.is_mutable(),
            FieldType::Integer | FieldType::Number => value.is_number(),
            FieldType::Object => value.is_object(),
            _ => !value.is_null(),
        };
        assert!(fits, "{place}: {} is {value}", field.dotted_path());
        Some(())
    };
    form.all_fields().iter().filter_map(fits).count()
}

/// Fields that are no inputs though they may be changed, with the reason.
fn is_explained(form: Remediation<'_>, field: &Field<'_>) -> bool {
    const PASSKEY: [&str; 7] = [
        "clientData",
        "authenticatorData",
        "signatureData",
        "userHandle",
        "attestation",
        "transports",
        "clientExtensions",
    ];
    let values: HashSet<_> = field.choices().iter().map(|choice| choice.value.raw().to_owned()).collect();
    (form.name() == "select-identify" && field.name() == "identifier")
        || (form.name() == "device-apple-sso-extension" && field.name() == "challengeRequest")
        || (PASSKEY.contains(&field.name()) && form.passkey().is_some())
        || (field.is_required() && values.len() == 1)
        || (field.value().is_some() && !field.is_visible())
}

#[test]
fn every_recorded_field_is_asked_for_or_set_or_explained() {
    let Some(steps) = recorded("screen: fields of every recorded form") else { return };
    let (mut asked, mut missing) = (0, Vec::new());
    for (file, step) in &steps {
        let screen = Screen::of(step);
        for form in step.remediations().filter(|form| form.is_form()) {
            let ways: Vec<_> =
                screen.ways.iter().enumerate().filter(|(_, way)| way.nodes.contains(&form.node())).collect();
            let of_form = |element: &&Element| element.way.is_some_and(|at| ways.iter().any(|(index, _)| *index == at));
            let elements: Vec<_> = screen.elements.iter().filter(of_form).collect();
            for field in form.all_fields() {
                let leaf = !field.has_form() && !field.has_form_options();
                if !leaf || !field.is_mutable() || is_explained(form, &field) {
                    continue;
                }
                let path = field.dotted_path();
                let set =
                    !ways.is_empty() && ways.iter().all(|(_, way)| way.sets.iter().any(|preset| preset.path == path));
                let count = elements.iter().filter(|element| holds(element, &path)).count();
                match (set, count) {
                    (true, 0) | (false, 1) => asked += 1,
                    _ => missing.push(format!("{file}: {} {path}: set {set}, {count} inputs", form.name())),
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(asked > 200, "{asked}");
}

/// Whether an element asks for this path, or decides it by what can be chosen in it.
fn holds(element: &Element, path: &str) -> bool {
    match &element.kind {
        ElementKind::Input(input) => input.path == path,
        ElementKind::Choice(choice) if choice.path == path => true,
        ElementKind::Choice(choice) => choice.options.iter().any(|option| {
            option.fields.iter().any(|input| input.path == path) || option.sets.iter().any(|preset| preset.path == path)
        }),
        _ => false,
    }
}

#[test]
fn nothing_that_the_server_decides_is_asked_for() {
    let Some(steps) = recorded("screen: no input is the server's") else { return };
    let mut seen = 0;
    for (file, step) in &steps {
        let screen = Screen::of(step);
        let fields: Vec<_> = step.remediations().flat_map(Remediation::all_fields).collect();
        for input in inputs(&screen) {
            assert!(!input.label.text.trim().is_empty(), "{file}: {input:?}");
            assert!(input.options.iter().all(|option| !option.label.text.trim().is_empty()), "{file}: {input:?}");
            seen += 1;
            if matches!(input.ask, Ask::Passkey { .. }) {
                continue;
            }
            let field = fields.iter().find(|field| field.json().node() == input.node);
            let field = field.unwrap_or_else(|| panic!("{file}: {input:?} is no field"));
            assert_eq!(field.dotted_path(), input.path, "{file}");
            assert!(field.is_mutable() || field.options().next().is_some(), "{file}: {input:?}");
            assert!(!["stateHandle", "id", "enrollmentId"].contains(&field.name()), "{file}: {input:?}");
            assert!(field.is_visible() || field.value().is_none(), "{file}: {input:?}");
        }
    }
    assert!(seen > 200, "{seen}");
}
