//! From the library's views to the shape that is printed.

use std::borrow::Cow;

use interaction_code::{
    idx::{self, BodyKind, Json, JsonKind, MessageClass, RemediationKind, Step},
    limits::MAX_FORM_FIELDS,
};
use serde_json::Value;

use super::model::{Authenticator, Brings, Field, FieldOption, Idp, Inspection, Message, Remediation};

/// A response of the protocol.
pub fn step(step: &Step) -> Inspection {
    let handle = step.state_handle();
    let mut unresolved: Vec<String> = step.unresolved();
    let mut remediations = Vec::new();
    for view in step.remediations() {
        let mut left = MAX_FORM_FIELDS;
        let fields = flat(view.fields(), &mut left);
        if left == 0 {
            unresolved.push(format!("{}: only the first {MAX_FORM_FIELDS} of its fields are shown", view.name()));
        }
        remediations.push(remediation(view, owned(view.href()), fields));
    }
    Inspection {
        kind: BodyKind::Ion.as_str(),
        version: owned(step.version()),
        state_handle: handle.is_some(),
        intent: owned(step.json().text("intent")),
        expires_at: owned(step.expires_at_text()),
        status: Some(step.status().as_str()),
        terminal: step.is_terminal(),
        success_with_interaction_code: step.success_with_interaction_code().is_some(),
        remediations,
        authenticators: step.authenticators().into_iter().map(authenticator).collect(),
        messages: step.messages().iter().map(message).collect(),
        actions: step.actions().into_iter().map(|(path, action)| action_name(&path, action)).collect(),
        unresolved,
        user: step.user().map(|user| exact(user.json())),
        app: step.app().map(|app| exact(app.json())),
    }
}

/// An OAuth or API error. The body was read once already, so it is an object.
pub fn error(kind: BodyKind, body: &[u8]) -> Inspection {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let said = |key: Option<String>, text: Option<String>| Message {
        class: "ERROR",
        key,
        text: text.unwrap_or_default(),
        params: Vec::new(),
        path: None,
    };
    let mut messages = Vec::new();
    if kind == BodyKind::OAuthError {
        messages.push(said(text("error"), text("error_description").or_else(|| text("message"))));
    } else {
        messages.push(said(text("errorCode"), text("errorSummary")));
        let causes = body["errorCauses"].as_array().map(Vec::as_slice).unwrap_or_default();
        let summary = |cause: &Value| cause["errorSummary"].as_str().map(str::to_owned);
        messages.extend(causes.iter().filter_map(summary).map(|summary| said(None, Some(summary))));
    }
    Inspection {
        kind: kind.as_str(),
        version: None,
        state_handle: false,
        intent: None,
        expires_at: None,
        status: None,
        terminal: false,
        success_with_interaction_code: false,
        remediations: Vec::new(),
        authenticators: Vec::new(),
        messages,
        actions: Vec::new(),
        unresolved: Vec::new(),
        user: None,
        app: None,
    }
}

fn remediation(view: idx::Remediation<'_>, href: Option<String>, fields: Vec<Field>) -> Remediation {
    let kind = match view.kind() {
        RemediationKind::Other(_) => "other".to_owned(),
        known => known.as_str().to_owned(),
    };
    fn named(view: idx::Authenticator<'_>) -> Option<Cow<'_, str>> {
        view.id().or(view.key()).or(view.authenticator_type())
    }
    Remediation {
        name: view.name().into_owned(),
        kind,
        href,
        method: view.method().into_owned(),
        refresh_ms: view.refresh_ms().map(number),
        authenticators: view.authenticators().into_iter().filter_map(named).map(Cow::into_owned).collect(),
        fields,
        idp: view.idp().map(|(id, name)| Idp {
            id: id.into_owned(),
            name: name.into_owned(),
            idp_type: owned(view.idp_type()),
        }),
    }
}

/// Fields, each followed by those of its nested form; at most `left` of them, which is counted down.
fn flat<'a>(fields: impl Iterator<Item = idx::Field<'a>>, left: &mut usize) -> Vec<Field> {
    let mut all = Vec::new();
    add(fields, left, &mut all);
    all
}

fn add<'a>(fields: impl Iterator<Item = idx::Field<'a>>, left: &mut usize, all: &mut Vec<Field>) {
    for view in fields {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let options = view.options().flat_map(|option| options(&option, left)).collect();
        all.push(Field {
            path: view.dotted_path(),
            label: owned(view.label()),
            field_type: view.field_type().as_str().to_owned(),
            required: view.is_required(),
            secret: view.is_secret(),
            visible: view.is_visible(),
            mutable: view.is_mutable(),
            options,
            messages: view.messages().iter().map(message).collect(),
            preset: preset(&view),
            min_length: view.min_length(),
            max_length: view.max_length(),
        });
        // An iterator over boxed fields: the recursion must not grow the type.
        let nested: Vec<_> = view.fields().collect();
        add(nested.into_iter(), left, all);
    }
}

/// What stands in a field; nothing that is a secret of the person or of the transaction.
fn preset(view: &idx::Field<'_>) -> Option<Value> {
    const OF_THE_TRANSACTION: [&str; 2] = ["stateHandle", "stateToken"];
    let told = !view.is_secret() && !OF_THE_TRANSACTION.contains(&view.name());
    view.value().filter(|_| told).map(exact)
}

/// One option, or the choices that a display hint stands for (idx.md section 4.2).
fn options(view: &idx::FieldOption<'_>, left: &mut usize) -> Vec<FieldOption> {
    let label = owned(view.label());
    if view.has_form() {
        let fields: Vec<_> = view.fields().collect();
        return vec![FieldOption { label, brings: Brings::Fields(flat(fields.into_iter(), left)) }];
    }
    if let Some(value) = view.value() {
        return vec![FieldOption { label, brings: Brings::Value(exact(value)) }];
    }
    let Some(hint) = view.json().get("value").and_then(|value| value.get("value")) else {
        return vec![FieldOption { label, brings: Brings::Value(Value::Null) }];
    };
    let listed = hint.get("options").map(Json::unwrap_ion);
    let choice = |json: Json<'_>| FieldOption {
        label: owned(json.text("label")),
        brings: Brings::Value(json.get("value").map_or(Value::Null, exact)),
    };
    listed.into_iter().flat_map(Json::items).map(choice).collect()
}

fn authenticator(view: idx::Authenticator<'_>) -> Authenticator {
    Authenticator {
        id: owned(view.id()),
        key: owned(view.key()),
        authenticator_type: owned(view.authenticator_type()),
        display_name: owned(view.display_name()),
        methods: view.method_names().into_iter().map(Cow::into_owned).collect(),
        state: view.state().as_str(),
        actions: view.actions().map(|(member, action)| action_name(&member, action)).collect(),
        profile: view.json().present("profile").map(exact),
        number: owned(view.correct_answer()),
        qr_code: owned(view.qr_code()),
        contextual_data: view.contextual_data().map(contextual_data),
    }
}

fn contextual_data(json: Json<'_>) -> Value {
    let mut data = exact(json);
    if let Some(secret) = data.get_mut("sharedSecret") {
        *secret = Value::from("(hidden)");
    }
    data
}

fn message(view: &idx::Message<'_>) -> Message {
    let params = view.json().get("i18n").and_then(|i18n| i18n.get("params"));
    Message {
        class: match view.class() {
            MessageClass::Error => "ERROR",
            MessageClass::Warning => "WARNING",
            MessageClass::Info => "INFO",
        },
        key: owned(view.key()),
        text: view.text().into_owned(),
        params: params.into_iter().flat_map(Json::items).map(exact).collect(),
        path: view.dotted_path(),
    }
}

fn owned(text: Option<Cow<'_, str>>) -> Option<String> {
    text.map(Cow::into_owned)
}

/// The value as it came; a number too large for the reader of JSON as text.
fn exact(json: Json<'_>) -> Value {
    match json.to_value() {
        Value::Null if json.kind() != JsonKind::Null => Value::String(json.raw().to_owned()),
        value => value,
    }
}

/// The wire name of an action, or where it stands when it has none.
fn action_name(place: &str, action: idx::Remediation<'_>) -> String {
    if action.name().is_empty() { place.to_owned() } else { action.name().into_owned() }
}

/// A whole number without a point, where it is one.
fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT { Value::from(value as i64) } else { Value::from(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_readable() {
        for (value, text) in [(4000.0, "4000"), (0.0, "0"), (1e9, "1000000000"), (0.5, "0.5"), (1e300, "1e+300")] {
            assert_eq!(number(value).to_string(), text);
        }
    }
}
