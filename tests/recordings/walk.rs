//! What a response holds, found twice: by a walk over plain JSON that knows nothing of the library, and by asking the
//! library. The two must be equal, so nothing the server said can have been dropped on the way.
//!
//! The walk is written from the protocol reference alone: forms are arrays of objects under `value`, a field may hold a
//! form in `form` or `value.form`, an option too; an action is whatever has `rel: ["create-form"]` outside the list of
//! remediations; a message is whatever has a text in `message`.

use std::collections::BTreeMap;

use interaction_code::idx::{Authenticator, Field, Json, Message, MessageClass, Remediation, Step};
use serde_json::Value;

/// The members that hold authenticators (idx.md section 3.1), in the order of the reference.
const PLACES: [&str; 7] = [
    "authenticators",
    "authenticatorEnrollments",
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "enrollmentAuthenticator",
    "recoveryAuthenticator",
    "unenrollmentAuthenticator",
];

/// Everything that is compared. Lists of what stands in objects are sorted, those of arrays are in the server's order.
#[derive(Debug, PartialEq, Default)]
pub struct Facts {
    pub remediations: Vec<FormFacts>,
    pub actions: Vec<(String, FormFacts)>,
    pub authenticators: Vec<AuthenticatorFacts>,
    pub messages: Vec<MessageFacts>,
    pub dangling: usize,
}

#[derive(Debug, PartialEq, Clone, PartialOrd, Eq, Ord, Default)]
pub struct FormFacts {
    pub name: String,
    pub href: Option<String>,
    pub method: Option<String>,
    pub accepts: Option<String>,
    pub refresh: Option<String>,
    pub fields: Vec<FieldFacts>,
}

#[derive(Debug, PartialEq, Clone, PartialOrd, Eq, Ord)]
pub struct FieldFacts {
    pub path: Vec<String>,
    pub label: Option<String>,
    /// required, secret, visible, mutable
    pub flags: [bool; 4],
    /// The preset value as JSON text, unless it is a nested form.
    pub value: Option<String>,
    /// Label, scalar value, number of fields it brings.
    pub options: Vec<(Option<String>, Option<String>, usize)>,
    pub messages: usize,
}

#[derive(Debug, PartialEq)]
pub struct AuthenticatorFacts {
    pub place: String,
    pub id: Option<String>,
    pub key: Option<String>,
    pub kind: Option<String>,
    pub display_name: Option<String>,
    pub methods: Vec<String>,
}

#[derive(Debug, PartialEq, Clone, PartialOrd, Eq, Ord)]
pub struct MessageFacts {
    pub path: Vec<String>,
    pub key: Option<String>,
    pub text: String,
    pub class: String,
    pub params: Vec<String>,
}

fn member(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

/// The elements of an ION collection, wrapped or bare.
fn elements(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(object)) => {
            object.get("value").and_then(Value::as_array).map(|items| items.iter().collect()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn is_form_holder(value: &Value) -> bool {
    value.get("form").is_some_and(|form| !elements(Some(form)).is_empty() || form["value"].is_array())
}

/// The walk over plain JSON.
pub struct Walk<'v> {
    root: &'v Value,
    /// JSON pointer of each field found in a form, with its path.
    fields: BTreeMap<String, Vec<String>>,
}

impl<'v> Walk<'v> {
    pub fn facts(root: &'v Value) -> Facts {
        let mut walk = Walk { root, fields: BTreeMap::new() };
        let list = walk.pointed("/remediation");
        let remediations = list.iter().map(|(pointer, form)| walk.form(form, pointer)).collect();
        let mut actions = Vec::new();
        for (key, value) in root.as_object().into_iter().flatten() {
            if !["remediation", "successWithInteractionCode", "success", "failure"].contains(&key.as_str()) {
                walk.actions(value, &format!("/{key}"), key, &mut actions);
            }
        }
        if let Some(success) = root.get("successWithInteractionCode") {
            walk.form(success, "/successWithInteractionCode");
        }
        actions.sort();
        let mut messages = Vec::new();
        walk.messages(root, "", &mut messages);
        messages.sort();
        let mut dangling = 0;
        walk.relates(root, &mut dangling);
        Facts { remediations, actions, authenticators: walk.authenticators(), messages, dangling }
    }

    /// The elements of the collection at a pointer, each with its own pointer.
    fn pointed(&self, pointer: &str) -> Vec<(String, &'v Value)> {
        let holder = self.root.pointer(pointer);
        let bare = holder.is_some_and(Value::is_array);
        let at = |index| if bare { format!("{pointer}/{index}") } else { format!("{pointer}/value/{index}") };
        elements(holder).into_iter().enumerate().map(|(index, value)| (at(index), value)).collect()
    }

    fn form(&mut self, form: &Value, pointer: &str) -> FormFacts {
        let mut fields = Vec::new();
        self.fields_at(&format!("{pointer}/value"), &[], &mut fields);
        FormFacts {
            name: member(form, "name").unwrap_or_default(),
            href: member(form, "href"),
            method: member(form, "method"),
            accepts: member(form, "accepts"),
            refresh: form.get("refresh").map(Value::to_string),
            fields,
        }
    }

    /// The fields of the form at a pointer, each followed by those of its nested form and of its options.
    fn fields_at(&mut self, pointer: &str, path: &[String], found: &mut Vec<FieldFacts>) {
        for (pointer, field) in self.pointed(pointer) {
            let own: Vec<String> = path.iter().cloned().chain(member(field, "name")).collect();
            self.fields.insert(pointer.clone(), own.clone());
            let flag = |name: &str, default: bool| match &field[name] {
                Value::Bool(flag) => *flag,
                Value::String(text) => text == "true",
                _ => default,
            };
            let options = elements(field.get("options"));
            let scalar = |option: &Value| match &option["value"] {
                Value::Object(_) | Value::Array(_) | Value::Null => None,
                scalar => Some(scalar.to_string()),
            };
            let brings = |option: &Value| {
                let form = if option["form"].is_null() { &option["value"]["form"] } else { &option["form"] };
                elements(Some(form)).len()
            };
            found.push(FieldFacts {
                path: own.clone(),
                label: member(field, "label"),
                flags: [
                    flag("required", false),
                    flag("secret", false),
                    flag("visible", true),
                    flag("mutable", true) && field["name"] != "stateHandle",
                ],
                value: field.get("value").filter(|value| !is_form_holder(value)).map(Value::to_string),
                options: options.iter().map(|it| (member(it, "label"), scalar(it), brings(it))).collect(),
                messages: elements(field.get("messages")).len(),
            });
            for nested in ["/form", "/value/form"] {
                self.fields_at(&format!("{pointer}{nested}"), &own, found);
            }
            for (option, _) in self.pointed(&format!("{pointer}/options")) {
                for nested in ["/form", "/value/form"] {
                    self.fields_at(&format!("{option}{nested}"), &own, found);
                }
            }
        }
    }

    fn actions(&mut self, value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, FormFacts)>) {
        let create_form = |rel: &Value| rel.as_array().is_some_and(|rel| rel.iter().any(|one| one == "create-form"));
        if value.get("rel").is_some_and(create_form) {
            found.push((path.to_owned(), self.form(value, pointer)));
            return;
        }
        match value {
            Value::Object(object) => {
                for (key, inner) in object {
                    // `value` is the wrapper; anything else is a level of the path.
                    let deeper = if key == "value" { path.to_owned() } else { format!("{path}-{key}") };
                    self.actions(inner, &format!("{pointer}/{key}"), &deeper, found);
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter().enumerate() {
                    self.actions(inner, &format!("{pointer}/{index}"), path, found);
                }
            }
            _ => {}
        }
    }

    fn authenticators(&self) -> Vec<AuthenticatorFacts> {
        let mut found = Vec::new();
        for place in PLACES {
            let holder = &self.root[place];
            let content = if holder.get("value").is_some() { &holder["value"] } else { holder };
            let list: Vec<&Value> = content.as_array().map_or_else(|| vec![content], |items| items.iter().collect());
            for one in list.into_iter().filter(|one| one.is_object()) {
                let name =
                    |method: &Value| member(method, "type").or_else(|| member(method, "methodType")).expect("a method");
                found.push(AuthenticatorFacts {
                    place: place.to_owned(),
                    id: member(one, "id"),
                    key: member(one, "key"),
                    kind: member(one, "type"),
                    display_name: member(one, "displayName"),
                    methods: elements(one.get("methods")).into_iter().map(name).collect(),
                });
            }
        }
        found
    }

    fn messages(&self, value: &Value, pointer: &str, found: &mut Vec<MessageFacts>) {
        if let Some(text) = member(value, "message") {
            // The innermost field around it, if it is inside one.
            let around = self.fields.iter().filter(|(field, _)| pointer.starts_with(&format!("{field}/")));
            let path = around.max_by_key(|(field, _)| field.len()).map(|(_, path)| path.clone()).unwrap_or_default();
            let default = if path.is_empty() { "INFO" } else { "ERROR" };
            let params = value["i18n"]["params"].as_array().map(Vec::as_slice).unwrap_or_default();
            let as_text = |param: &Value| param.as_str().map_or_else(|| param.to_string(), str::to_owned);
            found.push(MessageFacts {
                path,
                key: member(&value["i18n"], "key").filter(|key| !key.is_empty()),
                text,
                class: member(value, "class").unwrap_or_else(|| default.to_owned()),
                params: params.iter().map(as_text).collect(),
            });
        }
        match value {
            Value::Object(object) => {
                object.iter().for_each(|(key, inner)| self.messages(inner, &format!("{pointer}/{key}"), found));
            }
            Value::Array(items) => {
                let each = items.iter().enumerate();
                each.for_each(|(index, inner)| self.messages(inner, &format!("{pointer}/{index}"), found));
            }
            _ => {}
        }
    }

    fn relates(&self, value: &Value, dangling: &mut usize) {
        let pointers = match &value["relatesTo"] {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for path in pointers {
            let pointer = path.trim_start_matches("$.").replace(['.', '['], "/").replace(']', "");
            *dangling += usize::from(self.root.pointer(&format!("/{pointer}")).is_none());
        }
        match value {
            Value::Object(object) => object.values().for_each(|inner| self.relates(inner, dangling)),
            Value::Array(items) => items.iter().for_each(|inner| self.relates(inner, dangling)),
            _ => {}
        }
    }
}

/// The same facts, asked from the library.
pub fn of_library(step: &Step) -> Facts {
    let mut actions: Vec<_> = step.actions().into_iter().map(|(path, action)| (path, form_of(action))).collect();
    actions.sort();
    let mut messages: Vec<_> = step.messages().iter().map(message_of).collect();
    messages.sort();
    Facts {
        remediations: step.remediations().map(form_of).collect(),
        actions,
        authenticators: step.authenticators().into_iter().map(authenticator_of).collect(),
        messages,
        dangling: step.unresolved().len(),
    }
}

fn form_of(form: Remediation<'_>) -> FormFacts {
    FormFacts {
        name: form.name().into_owned(),
        href: form.href().map(Into::into),
        method: form.json().text("method").map(|_| form.method().into_owned()),
        accepts: form.accepts().map(Into::into),
        refresh: form.json().get("refresh").map(|refresh| refresh.to_value().to_string()),
        fields: form.all_fields().iter().map(field_of).collect(),
    }
}

fn field_of(field: &Field<'_>) -> FieldFacts {
    let option = |option: interaction_code::idx::FieldOption<'_>| {
        let value = option.value().map(|value| value.to_value().to_string());
        (option.label().map(Into::into), value, option.fields().count())
    };
    FieldFacts {
        path: field.path().iter().map(|name| name.clone().into_owned()).collect(),
        label: field.label().map(Into::into),
        flags: [field.is_required(), field.is_secret(), field.is_visible(), field.is_mutable()],
        value: field.value().map(|value| value.to_value().to_string()),
        options: field.options().map(option).collect(),
        messages: field.messages().len(),
    }
}

fn authenticator_of(one: Authenticator<'_>) -> AuthenticatorFacts {
    let node = one.json().node();
    let around = one.json().document().root().members().filter(|(_, value)| value.node() <= node).last();
    AuthenticatorFacts {
        place: around.and_then(|(key, _)| key.as_str()).expect("inside a member").into_owned(),
        id: one.id().map(Into::into),
        key: one.key().map(Into::into),
        kind: one.authenticator_type().map(Into::into),
        display_name: one.display_name().map(Into::into),
        methods: one.method_names().into_iter().map(Into::into).collect(),
    }
}

pub fn message_of(message: &Message<'_>) -> MessageFacts {
    MessageFacts {
        path: message.path().iter().map(|name| name.clone().into_owned()).collect(),
        key: message.key().map(Into::into),
        text: message.text().into_owned(),
        class: class_word(message.class()).to_owned(),
        params: message.params().into_iter().map(Into::into).collect(),
    }
}

pub fn class_word(class: MessageClass) -> &'static str {
    match class {
        MessageClass::Error => "ERROR",
        MessageClass::Warning => "WARNING",
        MessageClass::Info => "INFO",
    }
}

/// The whole tree again, from the library's nodes.
pub fn rebuilt(json: Json<'_>) -> Value {
    use interaction_code::idx::JsonKind;
    match json.kind() {
        JsonKind::Object => json
            .members()
            .map(|(key, value)| (key.as_str().expect("a name is a string").into_owned(), rebuilt(value)))
            .collect(),
        JsonKind::Array => json.items().map(rebuilt).collect(),
        JsonKind::String => Value::String(json.as_str().expect("a string").into_owned()),
        _ => serde_json::from_str(json.raw()).expect("a scalar"),
    }
}
