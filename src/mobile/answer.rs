//! Answers: what goes back for a form. Each method gives a new answer, so they chain in every language, and refuses at once
//! what the form has not.

use std::sync::Arc;

use super::{
    error::{AnswerProblem, Result},
    field::node_of,
    names::{AuthenticatorKey, MethodType},
    redacted,
};
use crate::{
    idx::{self, AnswerValue},
    secret::Secret,
};

/// A value for a field.
#[derive(Clone, PartialEq, uniffi::Enum)]
pub enum JsonValue {
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// `true` or `false`.
    Boolean {
        /// The value.
        value: bool,
    },
    /// A whole number.
    Integer {
        /// The value.
        value: i64,
    },
    /// Any other JSON value, as text; an object given for a nested form is taken apart into its fields.
    Json {
        /// The JSON text.
        json: String,
    },
}

/// What goes back for one form, made by `Step.answer`. It never changes. An answer to an older step is refused, and nothing
/// sent. Errors of all methods: `SignInError.WrongAnswer`, when the form has no such field or option.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Answer(idx::Answer);

redacted!(JsonValue, Answer);

#[uniffi::export]
impl Answer {
    /// This answer with the name to sign in with.
    pub fn identifier(&self, name: String) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.core().identifier(Secret::from(name))?))
    }

    /// This answer with the password, PIN or code, wherever the form wants it.
    pub fn passcode(&self, passcode: String) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.core().passcode(Secret::from(passcode))?))
    }

    /// This answer with whether this device is remembered.
    pub fn remember_me(&self, remember: bool) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.core().remember_me(remember)?))
    }

    /// This answer with the authenticator of this kind chosen and, when given, how it is used. Refused when the form offers
    /// more than one of it: then `choosing_option` takes the option itself.
    #[uniffi::method(default(method = None))]
    pub fn choosing(&self, authenticator: AuthenticatorKey, method: Option<MethodType>) -> Result<Arc<Answer>> {
        let method = method.map(idx::MethodType::from);
        Ok(Answer::new(self.0.choosing(&authenticator.into(), method.as_ref())?))
    }

    /// This answer with a field set to a text, by its dotted path: `credentials.passcode`.
    pub fn setting(&self, path: String, text: String) -> Result<Arc<Answer>> {
        self.with(|answer| answer.put(path, Secret::from(text)))
    }

    /// This answer with a field set to any value.
    pub fn setting_value(&self, path: String, value: JsonValue) -> Result<Arc<Answer>> {
        self.with(|answer| answer.put(path, value.core()?))
    }

    /// This answer with the field of this number (`Field.id`) set: the way where names have dots or repeat.
    pub fn setting_field(&self, field: i32, value: JsonValue) -> Result<Arc<Answer>> {
        self.with(|answer| answer.put_at(node_of(field), value.core()?))
    }

    /// This answer with the option of this number (`FieldOption.id`) chosen. Its own fields can be set afterwards.
    pub fn choosing_option(&self, option: i32) -> Result<Arc<Answer>> {
        self.with(|answer| answer.choose_at(node_of(option)))
    }

    /// This answer with, among the options of the field at `path`, the one of this authenticator chosen: by enrolment id, id
    /// or key (`okta_email`).
    pub fn choosing_authenticator(&self, path: String, id: String) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.0.clone().select_authenticator(path, &id)?))
    }

    /// This answer with a member that the form does not declare; the protocol needs it in places (idx.md section 10.4).
    pub fn adding_extra(&self, path: String, value: JsonValue) -> Result<Arc<Answer>> {
        self.with(|answer| answer.put_extra(path, value.core()?))
    }

    /// This answer without a field that the form does not require, also where the server fixed its value.
    pub fn leaving_out(&self, path: String) -> Result<Arc<Answer>> {
        self.with(|answer| answer.put_out(path))
    }

    /// This answer with what the platform gave for `Step.passkey`: its JSON as it is (`RegistrationResponseJSON`,
    /// `AuthenticationResponseJSON`; binary members in base64url), at most 256 KiB.
    pub fn setting_passkey(&self, response: String) -> Result<Arc<Answer>> {
        self.with(|answer| answer.put_passkey(&response))
    }

    /// What is still wrong with it, each with its path; empty when it can be sent.
    pub fn problems(&self) -> Result<Vec<AnswerProblem>> {
        Ok(self.0.problems().into_iter().map(AnswerProblem::from).collect())
    }
}

impl Answer {
    pub(super) fn new(answer: idx::Answer) -> Arc<Self> {
        Arc::new(Answer(answer))
    }

    /// The answer for the core.
    pub(super) fn core(&self) -> idx::Answer {
        self.0.clone()
    }

    fn with(&self, change: impl FnOnce(&mut idx::Answer) -> crate::Result<()>) -> Result<Arc<Answer>> {
        let mut answer = self.0.clone();
        change(&mut answer)?;
        Ok(Answer::new(answer))
    }
}

impl JsonValue {
    pub(super) fn core(self) -> crate::Result<AnswerValue> {
        Ok(match self {
            JsonValue::Text { text } => AnswerValue::from(text),
            JsonValue::Boolean { value } => AnswerValue::Bool(value),
            JsonValue::Integer { value } => AnswerValue::Integer(value),
            JsonValue::Json { json } => AnswerValue::from_json(&json)?,
        })
    }
}

impl From<AnswerValue> for JsonValue {
    fn from(value: AnswerValue) -> Self {
        match value {
            AnswerValue::Text(text) => JsonValue::Text { text: text.expose().to_owned() },
            AnswerValue::Bool(value) => JsonValue::Boolean { value },
            AnswerValue::Integer(value) => JsonValue::Integer { value },
            AnswerValue::Json(json) => JsonValue::Json { json: json.expose().to_owned() },
        }
    }
}
