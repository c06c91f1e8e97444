//! Remediations, fields, options: what a form wants, as data (idx.md section 4).

use std::cell::Cell;

use super::{
    names::{FieldType, RemediationKind},
    redacted,
    step::{Authenticator, StepMessage},
};
use crate::{idx, limits::MAX_BODY_BYTES};

/// One way to go on: a form, or an address for the user's browser.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Remediation {
    /// The step that it belongs to.
    pub step: i64,
    /// Its number within the step: unique where names are not.
    pub id: i32,
    /// The wire name, for example `challenge-authenticator`.
    pub name: String,
    /// The name as one of the known ones.
    pub kind: RemediationKind,
    /// Whether it is a form that can be answered.
    pub is_form: bool,
    /// Whether it is polled instead of answered.
    pub is_pollable: bool,
    /// The address to open in the user's browser, where it is no form (social sign-in, smart card).
    pub navigation: Option<String>,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The authenticators it is about.
    pub authenticators: Vec<Authenticator>,
    /// The identity provider of a redirect.
    pub idp: Option<IdentityProvider>,
    /// What to give the platform's passkeys, where the form wants what they make: `Answer.setting_passkey` takes what comes back.
    pub passkey: Option<PasskeyRequest>,
    /// The remediation as it came: JSON.
    pub raw: String,
}

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct IdentityProvider {
    /// Its id.
    pub id: String,
    /// Its name, to show.
    pub name: String,
    /// Its type, for example `GOOGLE`; an open set.
    pub provider_type: Option<String>,
}

/// What to give the platform's passkeys.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PasskeyRequest {
    /// What the platform is to do.
    pub kind: PasskeyKind,
    /// The options in the words of Web Authentication Level 3, which Credential Manager and browsers take: a JSON object.
    pub json: String,
}

/// What the platform is to do with passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PasskeyKind {
    /// Make one.
    Create,
    /// Sign with one.
    Get,
}

/// One field of a form.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Field {
    /// Its number within the step.
    pub id: i32,
    /// The wire name.
    pub name: String,
    /// The wire names that lead here, joined by dots: `credentials.passcode`.
    pub path: String,
    /// The caption in the user's language. Untrusted.
    pub label: Option<String>,
    /// What type the value has.
    pub field_type: FieldType,
    /// Whether the server flags it as required.
    pub is_required: bool,
    /// Password-like: hide what is typed.
    pub is_secret: bool,
    /// Whether to show it; a hidden one is supplied by the program.
    pub is_visible: bool,
    /// Whether it may be set.
    pub is_mutable: bool,
    /// The preset value, a scalar as text.
    pub value: Option<String>,
    /// The fields of the nested form.
    pub fields: Vec<Field>,
    /// What can be chosen, in the server's order.
    pub options: Vec<FieldOption>,
    /// The scalar choices: those of the options, or of a display hint among them.
    pub choices: Vec<Choice>,
    /// How to show the choices (`select`, `radio`, `checkbox`, `text`), where the server says so.
    pub input_type: Option<String>,
    /// Which facility of the platform fills it: `webauthn`, `captcha`.
    pub hint: Option<String>,
    /// The format of the text, for example `alphanumeric`.
    pub format: Option<String>,
    /// The least number of characters.
    pub min_length: Option<i64>,
    /// The largest number of characters.
    pub max_length: Option<i64>,
    /// What is wrong with it, or said about it.
    pub messages: Vec<StepMessage>,
    /// The field as it came: JSON.
    pub raw: String,
}

/// One option of a field.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FieldOption {
    /// Its number within the step: what `Answer.choosing` takes.
    pub id: i32,
    /// The caption. Untrusted; never decide by it.
    pub label: Option<String>,
    /// The scalar that it stands for, as text.
    pub value: Option<String>,
    /// The fields that choosing it brings.
    pub fields: Vec<Field>,
    /// The authenticators or enrolments it stands for.
    pub authenticators: Vec<Authenticator>,
    /// The option as it came: JSON.
    pub raw: String,
}

/// A scalar that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Choice {
    /// The caption.
    pub label: Option<String>,
    /// The value, as text.
    pub value: String,
}

redacted!(Remediation, PasskeyRequest, Field, FieldOption);

/// Node numbers are below the limit on values of a response, so they always fit.
pub(super) fn id_of(node: u32) -> i32 {
    i32::try_from(node).unwrap_or(i32::MAX)
}

fn length(count: Option<u64>) -> Option<i64> {
    count.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

/// How much may be copied of one response. A value is copied once for each thing that it is part of or that points at it, so
/// without an end a small response could become gigabytes. What is beyond is left out of the lists; the step's `raw` has all.
pub(super) struct Copies(Cell<usize>);

/// Far above what a response of the largest size needs that is not made for this.
const MOST_COPIED: usize = 16 * MAX_BODY_BYTES;

impl Copies {
    pub(super) fn new() -> Self {
        Copies(Cell::new(MOST_COPIED))
    }

    /// Whether so many more bytes may be copied.
    pub(super) fn allow(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    fn authenticators<'a>(&self, all: impl IntoIterator<Item = idx::Authenticator<'a>>) -> Vec<Authenticator> {
        let allowed = all.into_iter().take_while(|one| self.allow(one.json().raw().len()));
        allowed.map(Authenticator::of).collect()
    }

    /// Each has the list of the person's passkeys, so none is made when nothing may be copied any more.
    fn passkey(&self, remediation: idx::Remediation<'_>) -> Option<PasskeyRequest> {
        let made = self.allow(1).then(|| remediation.passkey()).flatten()?;
        let kind = match made.kind {
            idx::PasskeyKind::Create => PasskeyKind::Create,
            idx::PasskeyKind::Get => PasskeyKind::Get,
        };
        self.allow(made.json.len()).then_some(PasskeyRequest { kind, json: made.json })
    }

    fn fields<'a>(&self, all: impl IntoIterator<Item = idx::Field<'a>>) -> Vec<Field> {
        let size = |field: &idx::Field<'_>| {
            let path: usize = field.path().iter().map(|name| name.len() + 1).sum();
            // Each of its messages has the path, too.
            field.json().raw().len() + path * (1 + field.messages().len())
        };
        let allowed = all.into_iter().take_while(|field| self.allow(size(field)));
        allowed.map(|field| Field::of(&field, self)).collect()
    }

    fn options<'a>(&self, all: impl IntoIterator<Item = idx::FieldOption<'a>>) -> Vec<FieldOption> {
        let allowed = all.into_iter().take_while(|option| self.allow(option.json().raw().len()));
        allowed.map(|option| FieldOption::of(&option, self)).collect()
    }
}

impl Remediation {
    pub(super) fn of(step: i64, remediation: idx::Remediation<'_>, copies: &Copies) -> Self {
        let idp = remediation.idp().map(|(id, name)| IdentityProvider {
            id: id.into_owned(),
            name: name.into_owned(),
            provider_type: remediation.idp_type().map(String::from),
        });
        Remediation {
            step,
            id: id_of(remediation.node()),
            name: remediation.name().into_owned(),
            kind: remediation.kind().into(),
            is_form: remediation.is_form(),
            is_pollable: remediation.is_pollable(),
            navigation: remediation.navigation().map(String::from),
            fields: copies.fields(remediation.fields()),
            authenticators: copies.authenticators(remediation.authenticators()),
            idp,
            passkey: copies.passkey(remediation),
            raw: remediation.json().raw().to_owned(),
        }
    }
}

impl Field {
    fn of(field: &idx::Field<'_>, copies: &Copies) -> Self {
        let choice = |choice: idx::Choice<'_>| Choice {
            label: choice.label.map(String::from),
            value: choice.value.scalar_text().unwrap_or_default().into_owned(),
        };
        Field {
            id: id_of(field.json().node()),
            name: field.name().to_owned(),
            path: field.dotted_path(),
            label: field.label().map(String::from),
            field_type: field.field_type().into(),
            is_required: field.is_required(),
            is_secret: field.is_secret(),
            is_visible: field.is_visible(),
            is_mutable: field.is_mutable(),
            value: field.value().and_then(|value| value.scalar_text()).map(String::from),
            fields: copies.fields(field.fields()),
            options: copies.options(field.options()),
            choices: field.choices().into_iter().map(choice).collect(),
            input_type: field.input_type().map(String::from),
            hint: field.hint().map(String::from),
            format: field.format().map(String::from),
            min_length: length(field.min_length()),
            max_length: length(field.max_length()),
            messages: field.messages().iter().map(StepMessage::of).collect(),
            raw: field.json().raw().to_owned(),
        }
    }
}

impl FieldOption {
    fn of(option: &idx::FieldOption<'_>, copies: &Copies) -> Self {
        FieldOption {
            id: id_of(option.json().node()),
            label: option.label().map(String::from),
            value: option.value().and_then(|value| value.scalar_text()).map(String::from),
            fields: copies.fields(option.fields()),
            authenticators: copies.authenticators(option.authenticators()),
            raw: option.json().raw().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mobile::step::Step;

    #[test]
    fn a_small_response_does_not_become_a_large_one() {
        // Each of many options points at the same large authenticator: ten gigabytes, if each had its copy.
        let options = vec![r#"{"label":"x","value":"y","relatesTo":"$.authenticators.value[0]"}"#; 10_000].join(",");
        let large = "x".repeat(1_000_000);
        let body = format!(
            r#"{{"version":"1.0.0","authenticators":{{"type":"array","value":[{{"id":"a","key":"okta_email","d":"{large}"}}]}},
            "remediation":{{"value":[{{"name":"x","href":"https://a.example/x","value":[{{"name":"f","options":[{options}]}}]}}]}}}}"#
        );
        let step = Step::of(1, &idx::Step::read(body.as_bytes()).unwrap());
        let options = &step.remediations[0].fields[0].options;
        let copied: usize = options.iter().flat_map(|option| &option.authenticators).map(|one| one.raw.len()).sum();
        assert!(copied > 0 && copied <= MOST_COPIED, "{copied}");
        assert_eq!((step.authenticators.len(), step.raw.len()), (1, body.len()));
    }
}
