//! From an answer to the request body (idx.md section 4.5), and what is wrong on the way.
//!
//! Immutable and preset values are copied from the form byte for byte, nested ones too; fields of the same name are
//! merged; a field of an option that was not chosen is not sent; optional empty texts are left out.

use std::{borrow::Cow, collections::HashMap};

use super::{
    answer::{Answer, AnswerValue, Input},
    authenticator::Authenticator,
    document::{Json, JsonKind},
    field::{Field, FieldOption, FieldType, fields_of},
};
use crate::{error::Problem, limits::MAX_FORM_FIELDS, secret::SecretBytes};

/// What is written for a member.
enum Out<'a> {
    /// A value of the form, as it came.
    Raw(&'a str),
    /// A value of the app's.
    Value(&'a AnswerValue),
    /// A nested object.
    Object(Members<'a>),
}

/// The members of an object, in the order of the form.
#[derive(Default)]
struct Members<'a> {
    list: Vec<(Cow<'a, str>, Out<'a>)>,
    places: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Members<'a> {
    fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    fn get(&mut self, name: &str) -> Option<&mut Out<'a>> {
        self.places.get(name).and_then(|place| self.list.get_mut(*place)).map(|(_, out)| out)
    }

    /// Adds a member; two objects of the same name become one, otherwise the first stays.
    fn put(&mut self, name: Cow<'a, str>, out: Out<'a>) {
        match (self.get(&name), out) {
            (None, out) => {
                self.places.insert(name.clone(), self.list.len());
                self.list.push((name, out));
            }
            (Some(Out::Object(own)), Out::Object(more)) => {
                more.list.into_iter().for_each(|(name, out)| own.put(name, out));
            }
            (Some(_), _) => {}
        }
    }
}

/// Builds the body of an answer, or says everything that is wrong with it.
pub(super) fn build(answer: &Answer) -> Result<SecretBytes, Vec<Problem>> {
    let mut problems = Vec::new();
    let fields: Vec<_> = fields_of(answer.form(), Vec::new()).take(MAX_FORM_FIELDS + 1).collect();
    if fields.len() > MAX_FORM_FIELDS {
        let what = format!("has more than {MAX_FORM_FIELDS} fields, which this library does not answer");
        return Err(vec![Problem { path: answer.remediation().name().into_owned(), what }]);
    }
    let mut members = level(&fields, Some(&answer.input), &mut problems);
    if let Some(handle) = step_handle(answer.document().root()) {
        members.put(Cow::Borrowed("stateHandle"), Out::Raw(handle.raw()));
    }
    add_extra(&mut members, &answer.extra, &mut Vec::new(), &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    // Reserved at once, so that no half-grown copy of a secret is left in freed memory.
    let mut body = SecretBytes::with_capacity(size(&members));
    write(&members, &mut body);
    Ok(body)
}

/// The handle at the top of the response.
fn step_handle(json: Json<'_>) -> Option<Json<'_>> {
    json.document().root().get("stateHandle").filter(|handle| handle.kind() == JsonKind::String)
}

fn level<'a>(fields: &[Field<'a>], input: Option<&'a Input>, problems: &mut Vec<Problem>) -> Members<'a> {
    let mut members = Members::default();
    let given: HashMap<&str, &'a Input> = input.map(Input::named).unwrap_or_default();
    for field in fields {
        if let Some(out) = member(field, given.get(field.name()).copied(), problems) {
            members.put(Cow::Owned(field.name().to_owned()), out);
        }
    }
    members
}

fn member<'a>(field: &Field<'a>, input: Option<&'a Input>, problems: &mut Vec<Problem>) -> Option<Out<'a>> {
    if input.is_some_and(|input| input.left_out) && !field.is_required() {
        return None;
    }
    if field.has_form_options() {
        return with_options(field, input, problems);
    }
    if field.has_form() {
        return with_form(field, input, problems);
    }
    let given = input.filter(|input| !input.is_empty());
    let preset = field.value();
    // Declared without its value, the handle of the step itself is meant.
    if field.name() == "stateHandle" && field.path().len() == 1 && preset.is_none() {
        let handle = step_handle(field.json());
        if handle.is_none() && field.is_required() {
            problem(field, "is required, and the step has none", problems);
        }
        return handle.map(|handle| Out::Raw(handle.raw()));
    }
    if !field.is_mutable() && preset.is_some() {
        return preset.map(|value| Out::Raw(value.raw()));
    }
    match given.and_then(|input| input.value.as_ref()) {
        Some(AnswerValue::Text(text)) if text.is_empty() => {}
        Some(value) => {
            check(field, value, problems);
            return Some(Out::Value(value));
        }
        None if preset.is_some() => return preset.map(|value| Out::Raw(value.raw())),
        None => {}
    }
    if field.is_required() {
        if let Some(only) = only_choice(field) {
            return Some(Out::Raw(only.raw()));
        }
        problem(field, "is required", problems);
    }
    None
}

/// The value of a choice that leaves none. A yes is never taken for the person.
fn only_choice<'a>(field: &Field<'a>) -> Option<Json<'a>> {
    let mut options = field.options();
    let value = options.next()?.value()?;
    (options.next().is_none() && value.as_bool().is_none()).then_some(value)
}

fn with_form<'a>(field: &Field<'a>, input: Option<&'a Input>, problems: &mut Vec<Problem>) -> Option<Out<'a>> {
    let given = input.filter(|input| !input.is_empty());
    let fields: Vec<_> = field.fields().collect();
    // An optional form with a required or a fixed field is sent all the same: the server refuses the step without it.
    let demanded = |nested: &Field<'a>| nested.is_required() || (!nested.is_mutable() && nested.value().is_some());
    if given.is_none() && !field.is_required() && !fields.iter().any(demanded) {
        return None;
    }
    if let Some(value) = given.and_then(|input| input.value.as_ref()) {
        problem(field, "is a form: set its fields, or give an object", problems);
        return Some(Out::Value(value));
    }
    let members = level(&fields, input, problems);
    if field.is_required() && field.name() == "credentials" {
        undeclared_required(&fields, &members, problems);
    }
    (!members.list.is_empty()).then_some(Out::Object(members))
}

/// Passcodes mostly lack the `required` flag that their `credentials` have: without one the answer is pointless.
fn undeclared_required(fields: &[Field<'_>], members: &Members<'_>, problems: &mut Vec<Problem>) {
    for field in fields {
        let wanted = field.required_flag().is_none()
            && field.is_visible()
            && field.is_mutable()
            && field.field_type() == FieldType::String
            && field.options().next().is_none();
        if wanted && !members.has(field.name()) {
            problem(field, "is required", problems);
        }
    }
}

fn with_options<'a>(field: &Field<'a>, input: Option<&'a Input>, problems: &mut Vec<Problem>) -> Option<Out<'a>> {
    let given = input.filter(|input| !input.is_empty());
    let options: Vec<_> = field.options().collect();
    let option = match chosen(field, &options, given) {
        Ok(Some(option)) => option,
        Ok(None) => return None,
        Err(what) => {
            problem(field, what, problems);
            return None;
        }
    };
    if !option.has_form() {
        return option.value().map(|value| Out::Raw(value.raw()));
    }
    let fields: Vec<_> = option.fields().collect();
    // Members given for another option would be lost in silence.
    for (name, child) in given.map(|input| input.children.as_slice()).unwrap_or_default() {
        if !child.is_empty() && !fields.iter().any(|field| field.name() == name) {
            let path = format!("{}.{name}", field.dotted_path());
            problems.push(Problem { path, what: "belongs to an option that was not chosen".into() });
        }
    }
    let members = level(&fields, input, problems);
    if field.name() == "credentials" {
        undeclared_required(&fields, &members, problems);
    }
    Some(Out::Object(members))
}

/// The option that the input means; `None` when nothing is chosen and nothing needs to be.
fn chosen<'f, 'a>(
    field: &Field<'a>,
    options: &'f [FieldOption<'a>],
    given: Option<&Input>,
) -> Result<Option<&'f FieldOption<'a>>, String> {
    if let Some(input) = given {
        if let Some(index) = input.option {
            return options.get(index).map(Some).ok_or_else(|| "has no such option".to_owned());
        }
        if let Some(value) = &input.value {
            let AnswerValue::Text(text) = value else { return Err("names no option".to_owned()) };
            return option_by_text(options, text.expose()).map(Some);
        }
        let fitting: Vec<_> = options.iter().filter(|option| fits(option, input)).collect();
        return match fitting.as_slice() {
            [only] => Ok(Some(*only)),
            [] => Err("no option has the given fields and ids".to_owned()),
            _ => Err("more than one option fits: select the option itself, or by enrollmentId".to_owned()),
        };
    }
    match options {
        [only] if field.is_required() || field.name() == "authenticator" => Ok(Some(only)),
        // `authenticator` mostly lacks the flag, and a submission without a choice is pointless.
        _ if field.is_required() || field.name() == "authenticator" => Err("choose one of the options".to_owned()),
        _ => Ok(None),
    }
}

/// Whether an option has all the given members, and its fixed ones have the given values.
fn fits(option: &FieldOption<'_>, input: &Input) -> bool {
    let fields: Vec<_> = option.fields().collect();
    input.children.iter().filter(|(_, child)| !child.is_empty()).all(|(name, child)| {
        let Some(field) = fields.iter().find(|field| field.name() == name) else { return false };
        match (&child.value, field.value()) {
            (Some(value), Some(preset)) if !field.is_mutable() => is_same(value, preset),
            (Some(value), _) => {
                let choices = field.choices();
                choices.is_empty() || choices.iter().any(|choice| is_same(value, choice.value))
            }
            (None, _) => true,
        }
    })
}

/// The option of this enrolment id, authenticator id, or authenticator key: the first of these that one option has.
pub(super) fn option_by_text<'f, 'a>(
    options: &'f [FieldOption<'a>],
    text: &str,
) -> Result<&'f FieldOption<'a>, String> {
    let by_preset =
        |name: &'static str| move |option: &FieldOption<'a>| option.preset(name).is_some_and(|own| own == text);
    let related = |option: &FieldOption<'a>, read: fn(Authenticator<'a>) -> Option<Cow<'a, str>>| {
        option.authenticators().any(|authenticator| read(authenticator).is_some_and(|own| own == text))
    };
    let tests: [&dyn Fn(&FieldOption<'a>) -> bool; 6] = [
        &by_preset("enrollmentId"),
        &by_preset("id"),
        &by_preset("questionKey"),
        &|option| option.value().is_some_and(|value| value.scalar_text().is_some_and(|own| own == text)),
        &|option| related(option, Authenticator::id),
        &|option| related(option, Authenticator::key),
    ];
    for test in tests {
        let fitting: Vec<_> = options.iter().filter(|option| test(option)).collect();
        match fitting.as_slice() {
            [] => {}
            [only] => return Ok(*only),
            _ => return Err("more than one option fits: select the option itself, or by enrollmentId".to_owned()),
        }
    }
    Err("has no option of this id, enrollmentId or key".to_owned())
}

/// Type, choices and length of a value. Hidden fields are checked too: a wrong one would only come back as an error.
fn check(field: &Field<'_>, value: &AnswerValue, problems: &mut Vec<Problem>) {
    let choices = field.choices();
    if !choices.is_empty() {
        // A boolean goes as one, also where its options are the texts "true" and "false" (idx.md section 4.2).
        let boolean = field.field_type() == FieldType::Boolean;
        let means =
            |own: Json<'_>| boolean && matches!(value, AnswerValue::Bool(value) if own.as_bool() == Some(*value));
        if !choices.iter().any(|choice| is_same(value, choice.value) || means(choice.value)) {
            let allowed: Vec<_> = choices.iter().filter_map(|choice| choice.value.scalar_text()).take(20).collect();
            problem(field, format!("is none of the options: {}", allowed.join(", ")), problems);
        }
        return;
    }
    let fits = match (field.field_type(), value) {
        (FieldType::String, AnswerValue::Text(_)) | (FieldType::Boolean, AnswerValue::Bool(_)) => true,
        (FieldType::Integer | FieldType::Number, AnswerValue::Integer(_)) => true,
        (FieldType::Number, AnswerValue::Json(text)) => {
            serde_json::from_str::<serde_json::Number>(text.expose()).is_ok()
        }
        (FieldType::Object, AnswerValue::Json(text)) => text.expose().trim_start().starts_with('{'),
        (FieldType::Other(_), _) => true,
        _ => false,
    };
    if !fits {
        problem(field, format!("wants a value of type {}", field.field_type().as_str()), problems);
    }
    if let AnswerValue::Text(text) = value {
        let length = text.expose().chars().count() as u64;
        if let Some(least) = field.min_length().filter(|least| length < *least) {
            problem(field, format!("is too short: at least {least} characters"), problems);
        }
        if let Some(most) = field.max_length().filter(|most| length > *most) {
            problem(field, format!("is too long: at most {most} characters"), problems);
        }
    }
}

/// Whether a given value is this value of the form.
fn is_same(value: &AnswerValue, preset: Json<'_>) -> bool {
    match value {
        AnswerValue::Text(text) => preset.as_str().is_some_and(|own| own == text.expose()),
        AnswerValue::Bool(value) => preset.kind() == JsonKind::Bool && preset.as_bool() == Some(*value),
        AnswerValue::Integer(value) => preset.raw() == value.to_string(),
        AnswerValue::Json(text) => {
            serde_json::from_str::<serde_json::Value>(text.expose()).is_ok_and(|own| own == preset.to_value())
        }
    }
}

fn problem(field: &Field<'_>, what: impl Into<String>, problems: &mut Vec<Problem>) {
    problems.push(Problem { path: field.dotted_path(), what: what.into() });
}

/// Merges undeclared members in; nothing that is there already is replaced.
fn add_extra<'a>(members: &mut Members<'a>, extra: &'a Input, path: &mut Vec<&'a str>, problems: &mut Vec<Problem>) {
    for (name, input) in &extra.children {
        path.push(name);
        match (members.get(name), &input.value) {
            (None, Some(value)) => members.put(Cow::Borrowed(name), Out::Value(value)),
            (None, None) => {
                let mut nested = Members::default();
                add_extra(&mut nested, input, path, problems);
                members.put(Cow::Borrowed(name), Out::Object(nested));
            }
            (Some(Out::Object(own)), None) => add_extra(own, input, path, problems),
            (Some(_), _) => problems.push(Problem { path: path.join("."), what: "is in the body already".into() }),
        }
        path.pop();
    }
}

/// An upper bound of what [`write()`] writes: six bytes a byte is the worst escape.
fn size(members: &Members<'_>) -> usize {
    let value = |out: &Out<'_>| match out {
        Out::Raw(raw) => raw.len(),
        Out::Value(AnswerValue::Text(text)) => 6 * text.len() + 2,
        Out::Value(AnswerValue::Json(text)) => text.len(),
        Out::Value(AnswerValue::Bool(_) | AnswerValue::Integer(_)) => 24,
        Out::Object(nested) => size(nested),
    };
    2 + members.list.iter().map(|(name, out)| 6 * name.len() + 4 + value(out)).sum::<usize>()
}

fn write(members: &Members<'_>, body: &mut Vec<u8>) {
    body.push(b'{');
    for (index, (name, out)) in members.list.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        write_text(name, body);
        body.push(b':');
        match out {
            Out::Raw(raw) => body.extend_from_slice(raw.as_bytes()),
            Out::Value(AnswerValue::Text(text)) => write_text(text.expose(), body),
            Out::Value(AnswerValue::Bool(value)) => body.extend_from_slice(value.to_string().as_bytes()),
            Out::Value(AnswerValue::Integer(value)) => body.extend_from_slice(value.to_string().as_bytes()),
            Out::Value(AnswerValue::Json(text)) => body.extend_from_slice(text.expose().as_bytes()),
            Out::Object(nested) => write(nested, body),
        }
    }
    body.push(b'}');
}

fn write_text(text: &str, body: &mut Vec<u8>) {
    // Writing a string to a vector cannot fail.
    let _ = serde_json::to_writer(body, text);
}
