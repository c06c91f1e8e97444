//! Answers: what goes back for a form.
//!
//! An [`Answer`] is built from a remediation with wire names and knows its form, so it can say what is wrong before
//! anything is sent. It is separate from the step, may be built in any order, and takes no copy of a secret but its own.
//!
//! ```
//! # let body = br#"{"version":"1.0.0","remediation":{"value":[{"name":"identify","href":"https://a.example/idp/idx/identify",
//! #   "value":[{"name":"identifier","required":true},{"name":"credentials","type":"object","required":true,
//! #   "form":{"value":[{"name":"passcode","secret":true}]}},
//! #   {"name":"stateHandle","required":true,"value":"02.id","mutable":false}]}]}}"#;
//! # let step = interaction_code::idx::Step::read(body)?;
//! let answer = step
//!     .remediation("identify")?
//!     .answer()?
//!     .set("identifier", "ada@example.com")?
//!     .set(["credentials", "passcode"], "Correct-Horse-9")?;
//! assert!(answer.problems().is_empty());
//! # Ok::<(), interaction_code::Error>(())
//! ```

use std::{collections::HashMap, fmt, sync::Arc};

use super::{
    body,
    document::{Document, Json},
    field::{Field, FieldOption, fields_of},
    remediation::Remediation,
};
use crate::{
    error::{Error, ErrorKind, Problem, Result},
    secret::{Secret, SecretBytes},
    sort,
};

/// A value for a field. Texts are secrets: most are passwords, codes or names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerValue {
    /// A text.
    Text(Secret),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other JSON value, as text. An object given for a nested form is taken apart into its fields.
    Json(Secret),
}

impl From<&str> for AnswerValue {
    fn from(text: &str) -> Self {
        AnswerValue::Text(text.into())
    }
}

impl From<String> for AnswerValue {
    fn from(text: String) -> Self {
        AnswerValue::Text(text.into())
    }
}

impl From<Secret> for AnswerValue {
    fn from(text: Secret) -> Self {
        AnswerValue::Text(text)
    }
}

impl From<bool> for AnswerValue {
    fn from(value: bool) -> Self {
        AnswerValue::Bool(value)
    }
}

impl From<i64> for AnswerValue {
    fn from(value: i64) -> Self {
        AnswerValue::Integer(value)
    }
}

impl From<serde_json::Value> for AnswerValue {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::String(text) => AnswerValue::Text(text.into()),
            serde_json::Value::Bool(value) => AnswerValue::Bool(value),
            serde_json::Value::Number(number) if number.is_i64() => {
                AnswerValue::Integer(number.as_i64().unwrap_or_default())
            }
            other => AnswerValue::Json(other.to_string().into()),
        }
    }
}

/// The way to a field: a list of wire names, or a dotted text that is matched against the form (names may contain dots).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerPath {
    /// `"credentials.passcode"`
    Dotted(String),
    /// `["credentials", "passcode"]`
    Names(Vec<String>),
}

impl From<&str> for AnswerPath {
    fn from(path: &str) -> Self {
        AnswerPath::Dotted(path.to_owned())
    }
}

impl From<String> for AnswerPath {
    fn from(path: String) -> Self {
        AnswerPath::Dotted(path)
    }
}

impl<const N: usize> From<[&str; N]> for AnswerPath {
    fn from(path: [&str; N]) -> Self {
        AnswerPath::Names(path.iter().map(|name| (*name).to_owned()).collect())
    }
}

impl From<&[&str]> for AnswerPath {
    fn from(path: &[&str]) -> Self {
        AnswerPath::Names(path.iter().map(|name| (*name).to_owned()).collect())
    }
}

impl From<Vec<String>> for AnswerPath {
    fn from(path: Vec<String>) -> Self {
        AnswerPath::Names(path)
    }
}

impl From<&Field<'_>> for AnswerPath {
    fn from(field: &Field<'_>) -> Self {
        AnswerPath::Names(field.path().iter().map(|name| name.clone().into_owned()).collect())
    }
}

/// What the app gave, as a tree of names.
#[derive(Clone, Default)]
pub(super) struct Input {
    pub value: Option<AnswerValue>,
    pub option: Option<usize>,
    /// Not to be sent, although the form has a value for it.
    pub left_out: bool,
    pub children: Vec<(String, Input)>,
}

impl Input {
    /// What was given, by name.
    pub fn named(&self) -> HashMap<&str, &Input> {
        self.children.iter().map(|(name, input)| (name.as_str(), input)).collect()
    }

    pub(super) fn at(&mut self, path: &[String]) -> &mut Input {
        let Some((name, rest)) = path.split_first() else { return self };
        let index = self.children.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
            self.children.push((name.clone(), Input::default()));
            self.children.len() - 1
        });
        self.children[index].1.at(rest)
    }

    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.option.is_none() && self.children.iter().all(|(_, child)| child.is_empty())
    }
}

/// What goes back for one form: built with wire names, checked against the form before anything is sent.
///
/// It knows its form, is separate from the step, and can be built in any order. Immutable and preset values of the form
/// need not be set: they go back as they came. Texts given to it are wiped when it is dropped.
#[derive(Clone)]
pub struct Answer {
    document: Arc<Document>,
    node: u32,
    pub(super) input: Input,
    pub(super) extra: Input,
}

impl Answer {
    pub(super) fn new(remediation: Json<'_>) -> Self {
        Answer {
            document: Arc::clone(remediation.document()),
            node: remediation.node(),
            input: Input::default(),
            extra: Input::default(),
        }
    }

    fn json(&self) -> Json<'_> {
        self.document.node(self.node).unwrap_or_else(|| self.document.root())
    }

    /// The form that is answered, on the step that it came with.
    pub fn remediation(&self) -> Remediation<'_> {
        Remediation::at(self.json()).expect("an answer is made from a remediation only")
    }

    /// The document that the form is part of.
    pub(crate) fn document(&self) -> &Arc<Document> {
        &self.document
    }

    pub(super) fn form(&self) -> Option<Json<'_>> {
        self.json().get("value").map(Json::unwrap_ion)
    }

    /// Sets a field. A later value replaces an earlier one. Setting the id of an option (`authenticator.id`,
    /// `authenticator.enrollmentId`, `credentials.questionKey`) chooses the option that has it; so does giving a field
    /// that has such options an id, an enrolment id or an authenticator key as its text.
    ///
    /// Errors: [`ErrorKind::InvalidAnswer`] when the form has no such field, or the server does not let it be changed.
    /// Whether the value fits is checked by [`Answer::problems`], and before anything is sent.
    pub fn set(mut self, path: impl Into<AnswerPath>, value: impl Into<AnswerValue>) -> Result<Self> {
        self.put(path, value)?;
        Ok(self)
    }

    /// As [`Answer::set`], in place: on an error the answer is as it was.
    pub fn put(&mut self, path: impl Into<AnswerPath>, value: impl Into<AnswerValue>) -> Result<()> {
        let path = path.into();
        let value = value.into();
        let names = self.resolve(&path)?;
        refuse_broken(&value, &names)?;
        if let AnswerValue::Json(text) = &value
            && let Ok(serde_json::Value::Object(members)) = serde_json::from_str(text.expose())
            && self.fields_at(&names).iter().any(|field| field.has_form() || field.has_form_options())
        {
            let before = self.input.clone();
            for (name, value) in members {
                let path: Vec<String> = names.iter().cloned().chain([name]).collect();
                self.put(path, value).inspect_err(|_| self.input = before.clone())?;
            }
            return Ok(());
        }
        self.fill(&names, value);
        Ok(())
    }

    pub(super) fn fill(&mut self, names: &[String], value: AnswerValue) {
        let input = self.input.at(names);
        (input.value, input.left_out) = (Some(value), false);
    }

    /// Leaves out a field that the form does not require, although it has a value: an optional `methodType` or
    /// `phoneNumber`, so that the server asks on a page of its own (idx.md section 4.5). Setting it later takes it in again.
    ///
    /// Errors: [`ErrorKind::InvalidAnswer`] when the form has no such field, or requires it.
    pub fn leave_out(mut self, path: impl Into<AnswerPath>) -> Result<Self> {
        self.put_out(path)?;
        Ok(self)
    }

    /// As [`Answer::leave_out`], in place.
    pub fn put_out(&mut self, path: impl Into<AnswerPath>) -> Result<()> {
        let path = path.into();
        let names = self.existing(&path)?;
        if self.fields_at(&names).iter().all(|field| field.is_required() || field.name() == "stateHandle") {
            return Err(refused(&names.join("."), "the form requires this field"));
        }
        let input = self.input.at(&names);
        *input = Input { left_out: true, ..Input::default() };
        Ok(())
    }

    /// Chooses an option of a field, by the option itself. Errors: [`ErrorKind::InvalidAnswer`] when the option belongs
    /// to another form.
    pub fn select(mut self, option: &FieldOption<'_>) -> Result<Self> {
        self.choose(option)?;
        Ok(self)
    }

    /// As [`Answer::select`], in place.
    pub fn choose(&mut self, option: &FieldOption<'_>) -> Result<()> {
        let path: Vec<String> = option.field_path().iter().map(|name| name.clone().into_owned()).collect();
        let mine = Arc::ptr_eq(option.json().document(), &self.document)
            && self.fields_at(&path).iter().any(|field| field.options().any(|own| own.json() == option.json()));
        if !mine {
            return Err(refused(
                &path.join("."),
                "the option belongs to another form; take it from the step being answered",
            ));
        }
        self.take(option);
        Ok(())
    }

    /// As [`Answer::choose`], for an option that is known to be of this form.
    pub(super) fn take(&mut self, option: &FieldOption<'_>) {
        let path: Vec<String> = option.field_path().iter().map(|name| name.clone().into_owned()).collect();
        if option.has_form() {
            let input = self.input.at(&path);
            (input.option, input.value, input.left_out) = (Some(option.index()), None, false);
            return;
        }
        let raw = option.value().map(Json::raw).unwrap_or("null");
        let value: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
        self.fill(&path, value.into());
    }

    /// Chooses among the options of the field at `path` the one of this authenticator: by enrolment id, id, or key.
    /// Errors: [`ErrorKind::InvalidAnswer`] when there is none or, ids repeating, more than one.
    pub fn select_authenticator(self, path: impl Into<AnswerPath>, id: &str) -> Result<Self> {
        let path = path.into();
        let names = self.resolve(&path)?;
        let fields = self.fields_at(&names);
        let options: Vec<FieldOption<'_>> = fields.iter().flat_map(Field::options).collect();
        let option = body::option_by_text(&options, id).map_err(|what| refused(&names.join("."), what))?;
        let index = option.index();
        let mut answer = self.clone();
        let input = answer.input.at(&names);
        (input.option, input.value, input.left_out) = (Some(index), None, false);
        Ok(answer)
    }

    /// Adds a member that the form does not declare. The protocol needs it in places (`reason` and `statusCode` when a
    /// device challenge is cancelled, idx.md section 10.4). Errors: [`ErrorKind::InvalidAnswer`] when the form declares
    /// it: use [`Answer::set`].
    pub fn extra(mut self, path: impl Into<AnswerPath>, value: impl Into<AnswerValue>) -> Result<Self> {
        self.put_extra(path, value)?;
        Ok(self)
    }

    /// As [`Answer::extra`], in place.
    pub fn put_extra(&mut self, path: impl Into<AnswerPath>, value: impl Into<AnswerValue>) -> Result<()> {
        let path = path.into();
        if self.resolve(&path).is_ok_and(|names| !self.fields_at(&names).is_empty()) || is_reserved(&path) {
            return Err(refused(&dotted(&path), "the form declares this member; set it as a field"));
        }
        let names = match path {
            AnswerPath::Names(names) => names,
            AnswerPath::Dotted(text) => self.split_extra(&text),
        };
        if names.is_empty() || names.iter().any(String::is_empty) {
            return Err(refused(&names.join("."), "a member needs a name"));
        }
        let value = value.into();
        refuse_broken(&value, &names)?;
        self.extra.at(&names).value = Some(value);
        Ok(())
    }

    /// The declared part of the dotted path, then the rest as one name.
    fn split_extra(&self, text: &str) -> Vec<String> {
        let cuts = text.match_indices('.').map(|(at, _)| at).collect::<Vec<_>>();
        let declared = cuts.into_iter().rev().find_map(|at| Some((self.match_dotted(&text[..at])?, &text[at + 1..])));
        match declared {
            Some((mut names, rest)) => {
                names.push(rest.to_owned());
                names
            }
            None => vec![text.to_owned()],
        }
    }

    /// What is wrong with the answer, each with its path; empty when it can be sent.
    pub fn problems(&self) -> Vec<Problem> {
        match body::build(self) {
            Ok(_) => Vec::new(),
            Err(problems) => problems,
        }
    }

    /// The request body by idx.md section 4.5. Errors: [`ErrorKind::InvalidAnswer`] with [`Error::problems`].
    pub fn body(&self) -> Result<SecretBytes> {
        body::build(self).map_err(|problems| {
            Error::new(
                ErrorKind::InvalidAnswer,
                format!("the answer to {} does not fit the form", self.remediation().name()),
            )
            .with_problems(problems)
            .with_advice("Nothing was sent; correct the answer and send it again")
        })
    }

    /// The names of an existing field for this path, or what is wrong.
    fn existing(&self, path: &AnswerPath) -> Result<Vec<String>> {
        let names = match path {
            AnswerPath::Names(names) if !self.fields_at(names).is_empty() => Some(names.clone()),
            AnswerPath::Names(_) => None,
            AnswerPath::Dotted(text) => self.match_dotted(text),
        };
        names.ok_or_else(|| {
            refused(&dotted(path), "the form has no such field (a member that it does not declare is an extra)")
        })
    }

    /// As [`Answer::existing`], for a field that may be changed.
    fn resolve(&self, path: &AnswerPath) -> Result<Vec<String>> {
        let names = self.existing(path)?;
        let fields = self.fields_at(&names);
        // An immutable inside an option is not changed by naming it: it says which option is meant.
        let selector = names.len() > 1 && self.fields_at(&names[..names.len() - 1]).iter().any(Field::has_form_options);
        let fixed =
            |field: &Field<'_>| !field.is_mutable() && (field.value().is_some() || field.name() == "stateHandle");
        if !selector && fields.iter().all(fixed) {
            return Err(refused(&names.join("."), "the server does not let this field be changed"));
        }
        Ok(names)
    }

    /// Every field at these names: in nested forms and in all options.
    fn fields_at(&self, names: &[String]) -> Vec<Field<'_>> {
        let mut level: Vec<Field<'_>> = fields_of(self.form(), Vec::new()).collect();
        for (depth, name) in names.iter().enumerate() {
            level.retain(|field| field.name() == name);
            if depth + 1 < names.len() {
                level = level.iter().flat_map(children).collect();
            }
        }
        if names.is_empty() { Vec::new() } else { level }
    }

    /// The names that a dotted path stands for; where several readings fit, the one with the longest first name.
    fn match_dotted(&self, text: &str) -> Option<Vec<String>> {
        fn find<'a>(level: Vec<Field<'a>>, text: &str) -> Option<Vec<String>> {
            let mut names: Vec<String> = level.iter().map(|field| field.name().to_owned()).collect();
            sort::by_key(&mut names, |name| std::cmp::Reverse(name.len()));
            names.dedup();
            for name in names.into_iter().filter(|name| !name.is_empty()) {
                let Some(rest) = text.strip_prefix(&name) else { continue };
                if rest.is_empty() {
                    return Some(vec![name]);
                }
                let Some(rest) = rest.strip_prefix('.') else { continue };
                let below = level.iter().filter(|field| field.name() == name).flat_map(children).collect();
                if let Some(mut found) = find(below, rest) {
                    found.insert(0, name);
                    return Some(found);
                }
            }
            None
        }
        find(fields_of(self.form(), Vec::new()).collect(), text)
    }
}

/// The fields directly below a field, also those that an option would bring.
fn children<'a>(field: &Field<'a>) -> Vec<Field<'a>> {
    field.fields().chain(field.options().flat_map(|option| option.fields())).collect()
}

/// Text that is not exactly one JSON value would change the body around it.
pub(super) fn refuse_broken(value: &AnswerValue, names: &[String]) -> Result<()> {
    match value {
        AnswerValue::Json(text) if serde_json::from_str::<serde::de::IgnoredAny>(text.expose()).is_err() => {
            Err(refused(&names.join("."), "is not one JSON value"))
        }
        _ => Ok(()),
    }
}

fn dotted(path: &AnswerPath) -> String {
    match path {
        AnswerPath::Dotted(text) => text.clone(),
        AnswerPath::Names(names) => names.join("."),
    }
}

/// `stateHandle` is the form's own, declared or not.
fn is_reserved(path: &AnswerPath) -> bool {
    dotted(path) == "stateHandle"
}

fn refused(path: &str, what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidAnswer, "the answer does not fit the form")
        .with_problems(vec![Problem { path: path.to_owned(), what: what.into() }])
        .with_advice("Nothing was sent; the answer is as it was")
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({})", self.remediation().name())
    }
}
