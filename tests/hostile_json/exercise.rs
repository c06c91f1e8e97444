//! Looks at everything in a step and answers everything that can be answered, in every way. What must hold whatever the
//! server sent is asserted here: nothing panics, polls stay within their limits, and a body is one JSON object that has
//! the form's own fixed values in it.

use interaction_code::{
    ErrorKind,
    idx::{Answer, AnswerValue, Field, Json, Remediation, Step},
    limits::{MAX_POLL_INTERVAL, MAX_RUN_STEPS, MIN_POLL_INTERVAL},
};
use serde_json::Value;

/// Every view of a step, and every answer to it.
pub fn exercise(step: &Step) {
    look(step);
    let actions = step.actions();
    for form in step.remediations().take(20).chain(actions.iter().take(20).map(|(_, action)| *action)) {
        answer_all(form);
    }
}

/// Every view of a step.
pub fn look(step: &Step) {
    let _ = (step.version(), step.state_handle(), step.expires_at_text(), step.expires_at(), step.intent());
    let _ = (step.status().as_str(), step.success_redirect(), step.failure_redirect(), step.number_challenge());
    let _ = (step.is_password_challenge(), step.has_error(), format!("{step:?}"));
    assert!(step.asks_the_same_as(step));
    if step.success_with_interaction_code().is_some() {
        assert!(!step.is_terminal());
    }
    if let Some((_, interval)) = step.poll() {
        assert!((MIN_POLL_INTERVAL..=MAX_POLL_INTERVAL).contains(&interval), "{interval:?}");
    }
    walk(step.json(), 0);
    let messages = step.messages();
    assert!(step.distinct_messages().len() <= messages.len());
    for message in &messages {
        let _ = (message.text(), message.known_key(), message.params(), message.class(), message.dotted_path());
        let _ = message.links().count();
    }
    for one in step.authenticators().into_iter().take(50) {
        let _ = (one.id(), one.known_key(), one.authenticator_type(), one.display_name(), one.methods(), one.state());
        let _ = (one.authenticator_id(), one.profile("email"), one.settings(), one.contextual_data());
        let _ = (one.correct_answer(), one.qr_code(), one.shared_secret(), one.actions().count(), one.action("poll"));
    }
    let _ = (step.current_authenticator(), step.unresolved());
    let actions = step.actions();
    for form in step.remediations().take(20).chain(actions.iter().take(20).map(|(_, action)| *action)) {
        look_at(form);
    }
}

fn walk(json: Json<'_>, depth: usize) {
    assert!(depth <= MAX_RUN_STEPS);
    let _ = (json.kind(), json.as_str(), json.as_bool(), json.as_f64(), json.as_u64(), json.scalar_text());
    let again = json.document().node(json.node()).expect("its own node");
    assert!(again == json && again.raw() == json.raw());
    json.members().for_each(|(_, value)| walk(value, depth + 1));
    json.items().for_each(|value| walk(value, depth + 1));
}

fn look_at(form: Remediation<'_>) {
    let _ = (form.name(), form.kind(), form.href(), form.method(), form.accepts(), form.produces(), form.navigation());
    let _ = (form.refresh_ms(), form.is_pollable(), form.idp(), form.idp_type(), form.related().count());
    assert!((MIN_POLL_INTERVAL..=MAX_POLL_INTERVAL).contains(&form.poll_interval()));
    let _ = form.authenticators();
    for field in form.all_fields().iter().take(50) {
        let _ = (field.label(), field.field_type(), field.is_required(), field.is_secret(), field.is_visible());
        let _ = (field.hint(), field.format(), field.min_length(), field.max_length(), field.input_type());
        let _ = (field.messages().len(), field.related().count(), field.choices().len(), field.value());
        for option in field.options() {
            let _ = (option.label(), option.value(), option.has_form(), option.preset("id"));
            let _ = (option.fields().count(), option.authenticators().count());
        }
        // Some field has this path; names may repeat and may be empty.
        assert!(form.field(&field.dotted_path()).is_ok());
    }
}

/// Answers a form with nothing, with something in each field, and with each option.
fn answer_all(form: Remediation<'_>) {
    if !form.is_form() {
        assert_eq!(form.answer().map(drop).unwrap_err().kind(), ErrorKind::InvalidState);
        return;
    }
    let empty = form.answer().expect("a form");
    check(&empty);
    let fields = form.all_fields();
    let values: [AnswerValue; 5] =
        ["x".into(), "".into(), true.into(), 7.into(), serde_json::json!({"a": [1, null]}).into()];
    let mut full = empty.clone();
    for field in fields.iter().take(60) {
        for value in &values {
            let mut answer = empty.clone();
            let before = body(&answer);
            match answer.put(field, value.clone()) {
                Ok(()) => check(&answer),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::InvalidAnswer);
                    assert!(!error.problems().is_empty());
                    assert_eq!(body(&answer), before, "an answer that was refused is as it was");
                }
            }
        }
        let _ = full.put(field.dotted_path(), "value");
        for option in field.options().take(8) {
            let mut answer = empty.clone();
            if answer.choose(&option).is_ok() {
                check(&answer);
            }
            let _ = full.choose(&option);
        }
        let _ = empty.clone().select_authenticator(field, "okta_email");
    }
    check(&full);
    if let Ok(extra) = empty.clone().extra("undeclared.member", 1).and_then(|it| it.extra(["deep", "er"], "x")) {
        check(&extra);
    }
    for forbidden in ["stateHandle", ""] {
        assert!(empty.clone().extra(forbidden, "evil").is_err());
    }
    assert!(empty.clone().set("no-such-field", "x").is_err());
}

fn body(answer: &Answer) -> Option<Vec<u8>> {
    answer.body().ok().map(|body| body.to_vec())
}

/// A body is one JSON object with every fixed top-level value as it came, or there are problems with paths.
fn check(answer: &Answer) {
    match answer.body() {
        Ok(body) => {
            assert!(answer.problems().is_empty());
            if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
                panic!("{error}: {}", String::from_utf8_lossy(&body));
            }
            // `Value` cannot hold all that is JSON: no 1e999, no lone surrogate.
            let Ok(value) = serde_json::from_slice::<Value>(&body) else { return };
            let members = value.as_object().expect("an object");
            let fields: Vec<Field<'_>> = answer.remediation().fields().collect();
            for field in
                fields.iter().filter(|field| !field.is_mutable() && !field.has_form() && !field.has_form_options())
            {
                // Of several fields of one name the first decides.
                let first = fields.iter().find(|other| other.name() == field.name()).map(Field::json);
                if let Some(preset) = field.value().filter(|_| first == Some(field.json())) {
                    assert_eq!(members.get(field.name()), Some(&preset.to_value()), "{}", field.name());
                }
            }
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidAnswer);
            assert!(!error.problems().is_empty() && error.problems() == answer.problems());
        }
    }
}
