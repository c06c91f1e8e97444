//! Fields and options: what a form wants (idx.md sections 4.2 and 4.3).
//!
//! A form is a tree: a field may hold a nested form, and an option of a field may hold one too. A field is named by its
//! **path**, the list of wire names that leads to it (`["credentials", "passcode"]`). The dotted text is for showing and
//! for convenience; names themselves may contain dots.

use std::borrow::Cow;

use super::{
    authenticator::Authenticator,
    document::{Json, JsonKind},
    message::{self, Message},
    relates,
};
use crate::limits::MAX_FORM_DEPTH;

/// The names that lead to a field, outermost first.
pub type FieldPath<'a> = Vec<Cow<'a, str>>;

/// What type a field's value has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldType {
    /// A text; the default.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A nested form, or an object.
    Object,
    /// Any other type, as it came.
    Other(String),
}

impl FieldType {
    /// The wire name.
    pub fn as_str(&self) -> &str {
        match self {
            FieldType::String => "string",
            FieldType::Boolean => "boolean",
            FieldType::Integer => "integer",
            FieldType::Number => "number",
            FieldType::Object => "object",
            FieldType::Other(name) => name,
        }
    }
}

/// One field of a form. A view: valid as long as its step.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    json: Json<'a>,
    path: FieldPath<'a>,
}

impl<'a> Field<'a> {
    /// The field at this value; `path` ends in its own name.
    pub(crate) fn at(json: Json<'a>, path: FieldPath<'a>) -> Self {
        Field { json, path }
    }

    /// The wire name: the key in the body. Empty when the server sent none.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", |name| name.as_ref())
    }

    /// The names that lead here, this field's own last.
    pub fn path(&self) -> &FieldPath<'a> {
        &self.path
    }

    /// The path joined by dots, for showing.
    pub fn dotted_path(&self) -> String {
        self.path.join(".")
    }

    /// The caption in the user's language. Untrusted text.
    pub fn label(&self) -> Option<Cow<'a, str>> {
        self.json.text("label")
    }

    /// The type, inferred where the server leaves it out.
    pub fn field_type(&self) -> FieldType {
        match self.json.text("type").as_deref() {
            Some("string") => FieldType::String,
            Some("boolean") => FieldType::Boolean,
            Some("integer") => FieldType::Integer,
            Some("number") => FieldType::Number,
            Some("object") => FieldType::Object,
            Some(other) => FieldType::Other(other.to_owned()),
            None if self.form().is_some() || self.has_form_options() => FieldType::Object,
            None => match self.json.get("value").map(Json::kind) {
                Some(JsonKind::Bool) => FieldType::Boolean,
                Some(JsonKind::Number) => FieldType::Number,
                Some(JsonKind::Object) => FieldType::Object,
                _ => FieldType::String,
            },
        }
    }

    /// Whether the server flags it as required.
    pub fn is_required(&self) -> bool {
        self.flag("required").unwrap_or(false)
    }

    /// The `required` flag, when there is one. A passcode mostly has none although its form is required.
    pub fn required_flag(&self) -> Option<bool> {
        self.flag("required")
    }

    /// Password-like: hide what is typed.
    pub fn is_secret(&self) -> bool {
        self.flag("secret").unwrap_or(false)
    }

    /// Whether to show it; a hidden one is supplied by the program.
    pub fn is_visible(&self) -> bool {
        self.flag("visible").unwrap_or(true)
    }

    /// Whether the app may set it. `stateHandle` never is (idx.md quirk 11).
    pub fn is_mutable(&self) -> bool {
        self.flag("mutable").unwrap_or(true) && self.name() != "stateHandle"
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.json.get(name)?.as_bool()
    }

    /// The preset value, unless it is a nested form. One mock puts it under the field's own name (idx.md quirk 8).
    pub fn value(&self) -> Option<Json<'a>> {
        match self.json.present("value") {
            Some(value) if is_form_holder(value) => None,
            Some(value) => Some(value),
            None if matches!(self.name(), "id") => self.json.present("id"),
            None => None,
        }
    }

    /// The nested form as an array of fields, where there is one: `form`, or `value.form`.
    pub(super) fn form(&self) -> Option<Json<'a>> {
        form_array(self.json).or_else(|| self.json.get("value").and_then(form_array))
    }

    /// Whether this field holds a nested form.
    pub fn has_form(&self) -> bool {
        self.form().is_some()
    }

    /// The fields of the nested form.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> + use<'a> {
        fields_of(self.form(), self.path.clone())
    }

    /// What can be chosen, in the server's order.
    pub fn options(&self) -> impl Iterator<Item = FieldOption<'a>> + use<'a> {
        let path = self.path.clone();
        let listed = self.json.get("options").map(Json::unwrap_ion);
        let items = listed.into_iter().flat_map(Json::items);
        items.enumerate().map(move |(index, json)| FieldOption::at(json, index, path.clone()))
    }

    /// The scalar choices: those of the options, or of a display hint among them (idx.md section 4.2).
    pub fn choices(&self) -> Vec<Choice<'a>> {
        self.options().flat_map(|option| option.choices()).collect()
    }

    /// How to render the choices (`select`, `radio`, `checkbox`, `text`), where a display hint says so.
    pub fn input_type(&self) -> Option<Cow<'a, str>> {
        self.options().find_map(|option| option.display_hint()?.text("inputType"))
    }

    /// Whether an option holds a nested form, so that choosing one decides which fields follow.
    pub fn has_form_options(&self) -> bool {
        self.options().any(|option| option.has_form())
    }

    /// What is wrong with this field, or said about it.
    pub fn messages(&self) -> Vec<Message<'a>> {
        message::listed(self.json).map(|json| Message::of_field(json, self.path.clone())).collect()
    }

    /// Which facility of the browser fills it: `webauthn`, `captcha`.
    pub fn hint(&self) -> Option<Cow<'a, str>> {
        self.json.text("hint")
    }

    /// The format of the text, for example `alphanumeric` for a code with letters.
    pub fn format(&self) -> Option<Cow<'a, str>> {
        self.json.text("format")
    }

    /// The least number of characters.
    pub fn min_length(&self) -> Option<u64> {
        self.json.get("minLength")?.as_u64()
    }

    /// The largest number of characters.
    pub fn max_length(&self) -> Option<u64> {
        self.json.get("maxLength")?.as_u64()
    }

    /// What the field is about: an authenticator, the captcha.
    pub fn related(&self) -> impl Iterator<Item = Json<'a>> + use<'a> {
        relates::pointers(self.json).filter_map(|pointer| pointer.target)
    }

    /// The field as it came.
    pub fn json(&self) -> Json<'a> {
        self.json
    }
}

/// One option of a field. A view: valid as long as its step.
///
/// Labels are for people and change with the language; ids may repeat. Keep the option itself, or its index.
#[derive(Clone, Debug)]
pub struct FieldOption<'a> {
    json: Json<'a>,
    index: usize,
    path: FieldPath<'a>,
}

impl<'a> FieldOption<'a> {
    /// The option at this value, the `index`-th of the field at `path`.
    pub(crate) fn at(json: Json<'a>, index: usize, path: FieldPath<'a>) -> Self {
        FieldOption { json, index, path }
    }

    /// Its place among the options of the field.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The path of the field it belongs to.
    pub fn field_path(&self) -> &FieldPath<'a> {
        &self.path
    }

    /// The caption. Untrusted text; never decide by it.
    pub fn label(&self) -> Option<Cow<'a, str>> {
        self.json.text("label")
    }

    /// The scalar to send, when the option is one. A legacy option says it as `type` (idx.md quirk 14).
    pub fn value(&self) -> Option<Json<'a>> {
        let value = match self.json.present("value") {
            Some(value) => value,
            None if !self.has_form() => self.json.get("type")?,
            None => return None,
        };
        (!is_form_holder(value) && !is_display_hint(value)).then_some(value)
    }

    fn form(&self) -> Option<Json<'a>> {
        form_array(self.json).or_else(|| self.json.get("value").and_then(form_array))
    }

    /// Whether choosing it brings a nested form.
    pub fn has_form(&self) -> bool {
        self.form().is_some()
    }

    /// The fields that choosing it brings; their paths continue that of the field.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> + use<'a> {
        fields_of(self.form(), self.path.clone())
    }

    /// The preset text of a direct sub-field: `id`, `enrollmentId`, `methodType`.
    pub fn preset(&self, name: &str) -> Option<Cow<'a, str>> {
        self.fields().find(|field| field.name() == name)?.value()?.scalar_text()
    }

    /// The authenticators (or enrolments) it stands for, by `relatesTo`.
    pub fn authenticators(&self) -> impl Iterator<Item = Authenticator<'a>> + use<'a> {
        relates::pointers(self.json).filter_map(|pointer| Authenticator::at(pointer.target?))
    }

    fn display_hint(&self) -> Option<Json<'a>> {
        let value = self.json.get("value")?;
        if is_display_hint(value) { value.get("value") } else { None }
    }

    /// The scalar choices of this option: itself, or those of its display hint (idx.md section 4.2).
    pub fn choices(&self) -> Vec<Choice<'a>> {
        if let Some(hint) = self.display_hint() {
            let listed = hint.get("options").map(Json::unwrap_ion);
            let items = listed.into_iter().flat_map(Json::items);
            return items
                .filter_map(|json| Some(Choice { label: json.text("label"), value: json.get("value")?, json }))
                .collect();
        }
        self.value().map(|value| Choice { label: self.label(), value, json: self.json }).into_iter().collect()
    }

    /// The option as it came.
    pub fn json(&self) -> Json<'a> {
        self.json
    }
}

/// A scalar that may be chosen.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The caption.
    pub label: Option<Cow<'a, str>>,
    /// The value to send.
    pub value: Json<'a>,
    /// The choice as it came: an option, or an entry of a display hint.
    pub json: Json<'a>,
}

/// The fields of a form (an array of objects) below `path`. Deeper than the limit there are none.
pub(super) fn fields_of<'a>(form: Option<Json<'a>>, path: FieldPath<'a>) -> impl Iterator<Item = Field<'a>> + use<'a> {
    let form = form.filter(|_| path.len() < MAX_FORM_DEPTH);
    let items = form.into_iter().flat_map(Json::items).filter(|item| item.kind() == JsonKind::Object);
    items.map(move |json| {
        let mut path = path.clone();
        path.push(json.text("name").unwrap_or_default());
        Field::at(json, path)
    })
}

/// `form` as an array of fields: `form.value`, or a bare array.
fn form_array(holder: Json<'_>) -> Option<Json<'_>> {
    let form = holder.get("form")?.unwrap_ion();
    (form.kind() == JsonKind::Array).then_some(form)
}

fn is_form_holder(value: Json<'_>) -> bool {
    value.kind() == JsonKind::Object && form_array(value).is_some()
}

/// `{"type": "object", "value": {"inputType": …}}`: says how to show the choices, and may hold them.
fn is_display_hint(value: Json<'_>) -> bool {
    value.get("value").is_some_and(|inner| inner.get("inputType").is_some() || inner.get("options").is_some())
}
