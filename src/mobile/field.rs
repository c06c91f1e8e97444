//! Fields and options: what a form wants, as data (idx.md section 4).

use std::borrow::Cow;

use super::{authenticator, message::StepMessage, names::FieldType, redacted};
use crate::{idx, limits::MAX_DRAWN_PATH_BYTES};

/// One field of a form.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Field {
    /// Its number within the step: what `Answer.setting_field` and `Step.raw_node` take.
    pub id: i32,
    /// The wire name.
    pub name: String,
    /// The wire names that lead here, joined by dots: `credentials.passcode`. Empty when it would be longer than 1 KiB.
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
}

/// One option of a field.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct FieldOption {
    /// Its number within the step: what `Answer.choosing_option` takes.
    pub id: i32,
    /// The caption. Untrusted; never decide by it.
    pub label: Option<String>,
    /// The scalar that it stands for, as text.
    pub value: Option<String>,
    /// The fields that choosing it brings.
    pub fields: Vec<Field>,
    /// The numbers of the authenticators or enrolments it stands for: `Step.authenticator` has them.
    pub authenticators: Vec<i32>,
}

/// A scalar that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Choice {
    /// The caption.
    pub label: Option<String>,
    /// The value, as text.
    pub value: String,
}

redacted!(Field, FieldOption);

/// Names joined by dots, where that is not longer than anybody reads: the field can be set by its number, too.
pub(super) fn path_of(names: &[Cow<'_, str>]) -> Option<String> {
    let length: usize = names.iter().map(|name| name.len() + 1).sum();
    (length <= MAX_DRAWN_PATH_BYTES).then(|| names.join("."))
}

/// Node numbers are below the limit on values of a response, so they always fit.
pub(super) fn id_of(node: u32) -> i32 {
    i32::try_from(node).unwrap_or(i32::MAX)
}

/// The node of a number that came back; one that is none names nothing.
pub(super) fn node_of(id: i32) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

/// A count or a length.
pub(super) fn count_of(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Field {
    pub(super) fn of(field: &idx::Field<'_>) -> Self {
        let choice = |choice: idx::Choice<'_>| Choice {
            label: choice.label.map(String::from),
            value: choice.value.scalar_text().unwrap_or_default().into_owned(),
        };
        Field {
            id: id_of(field.json().node()),
            name: field.name().to_owned(),
            path: path_of(field.path()).unwrap_or_default(),
            label: field.label().map(String::from),
            field_type: field.field_type().into(),
            is_required: field.is_required(),
            is_secret: field.is_secret(),
            is_visible: field.is_visible(),
            is_mutable: field.is_mutable(),
            value: field.value().and_then(|value| value.scalar_text()).map(String::from),
            fields: field.fields().map(|field| Field::of(&field)).collect(),
            options: field.options().map(|option| FieldOption::of(&option)).collect(),
            choices: field.choices().into_iter().map(choice).collect(),
            input_type: field.input_type().map(String::from),
            hint: field.hint().map(String::from),
            format: field.format().map(String::from),
            min_length: field.min_length().map(count_of),
            max_length: field.max_length().map(count_of),
            messages: field.messages().iter().map(StepMessage::of).collect(),
        }
    }
}

impl FieldOption {
    fn of(option: &idx::FieldOption<'_>) -> Self {
        FieldOption {
            id: id_of(option.json().node()),
            label: option.label().map(String::from),
            value: option.value().and_then(|value| value.scalar_text()).map(String::from),
            fields: option.fields().map(|field| Field::of(&field)).collect(),
            authenticators: authenticator::nodes(option.authenticators()),
        }
    }
}
