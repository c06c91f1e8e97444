//! Answers: what goes back for a form, as data. Each method gives a new answer, so they chain in every language.

use super::{error::Result, form::Remediation, redacted};
use crate::{
    error::{Error, ErrorKind},
    idx::{self, AnswerValue, Step},
};

/// A value for a field.
#[derive(Clone, PartialEq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
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

/// One part of an answer.
#[derive(Clone, PartialEq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum AnswerPart {
    /// A field by its path.
    Value {
        /// Wire names joined by dots.
        path: String,
        /// What to set it to.
        value: JsonValue,
    },
    /// A field by its number.
    FieldValue {
        /// `Field.id`.
        field: i32,
        /// What to set it to.
        value: JsonValue,
    },
    /// An option by its number.
    Choice {
        /// `FieldOption.id`.
        option: i32,
    },
    /// Among the options of a field, the one of an authenticator.
    AuthenticatorChoice {
        /// The path of the field.
        path: String,
        /// Enrolment id, id, or key.
        id: String,
    },
    /// A member that the form does not declare.
    Extra {
        /// Its path.
        path: String,
        /// Its value.
        value: JsonValue,
    },
    /// What the platform's passkeys gave.
    Passkey {
        /// The platform's JSON.
        response: String,
    },
}

/// What goes back for one form. It names the step that it answers: an answer to an older step is refused, and nothing sent.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Answer {
    /// `Step.id`.
    pub step: i64,
    /// `Remediation.id`.
    pub remediation: i32,
    /// What was set, in order; a later value replaces an earlier one.
    pub parts: Vec<AnswerPart>,
}

redacted!(JsonValue, AnswerPart, Answer);

#[uniffi::export]
impl Remediation {
    /// Starts an answer to this form. What the server fixed in it goes back as it came, by itself.
    pub fn answer(&self) -> Answer {
        Answer { step: self.step, remediation: self.id, parts: Vec::new() }
    }

    /// The field at this dotted path, also in nested forms and in options.
    pub fn field(&self, path: String) -> Option<super::form::Field> {
        fn find(fields: &[super::form::Field], path: &str) -> Option<super::form::Field> {
            fields.iter().find_map(|field| {
                let own = (field.path == path).then(|| field.clone());
                let below = || find(&field.fields, path);
                own.or_else(below).or_else(|| field.options.iter().find_map(|option| find(&option.fields, path)))
            })
        }
        find(&self.fields, &path)
    }
}

#[uniffi::export]
impl Answer {
    /// This answer with a field set to a text, by its dotted path: `credentials.passcode`.
    pub fn setting(&self, path: String, text: String) -> Answer {
        self.with(AnswerPart::Value { path, value: JsonValue::Text { text } })
    }

    /// This answer with a field set to any value.
    pub fn setting_value(&self, path: String, value: JsonValue) -> Answer {
        self.with(AnswerPart::Value { path, value })
    }

    /// This answer with the field of this number set: the way where names have dots or repeat.
    pub fn setting_field(&self, field: i32, value: JsonValue) -> Answer {
        self.with(AnswerPart::FieldValue { field, value })
    }

    /// This answer with the option of this number chosen. Its own fields can be set afterwards.
    pub fn choosing(&self, option: i32) -> Answer {
        self.with(AnswerPart::Choice { option })
    }

    /// This answer with, among the options of the field at `path`, the one of this authenticator chosen: by enrolment id, id
    /// or key (`okta_email`).
    pub fn choosing_authenticator(&self, path: String, id: String) -> Answer {
        self.with(AnswerPart::AuthenticatorChoice { path, id })
    }

    /// This answer with a member that the form does not declare; the protocol needs it in places (idx.md section 10.4).
    pub fn adding_extra(&self, path: String, value: JsonValue) -> Answer {
        self.with(AnswerPart::Extra { path, value })
    }

    /// This answer with what the platform gave for `Remediation.passkey`: its JSON as it is (`RegistrationResponseJSON`,
    /// `AuthenticationResponseJSON`; binary members in base64url), at most 256 KiB. A response that does not fit is an error of
    /// kind `InvalidAnswer` when the answer is sent; nothing is sent then.
    pub fn setting_passkey(&self, response: String) -> Answer {
        self.with(AnswerPart::Passkey { response })
    }
}

impl Answer {
    fn with(&self, part: AnswerPart) -> Answer {
        let mut answer = self.clone();
        answer.parts.push(part);
        answer
    }

    /// The answer for the core, to the step that it names.
    pub(super) fn build(&self, step: &Step) -> Result<idx::Answer> {
        let node = u32::try_from(self.remediation).ok();
        let remediation = node.and_then(|node| step.remediation_at(node)).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the step has no remediation or action with this number")
                .with_advice("Start the answer from a remediation of the step")
        })?;
        let mut answer = remediation.answer()?;
        let number = |id: i32| u32::try_from(id).unwrap_or(u32::MAX);
        for part in &self.parts {
            match part {
                AnswerPart::Value { path, value } => answer.put(path.as_str(), value.core()?)?,
                AnswerPart::FieldValue { field, value } => answer.put_at(number(*field), value.core()?)?,
                AnswerPart::Choice { option } => answer.choose_at(number(*option))?,
                AnswerPart::AuthenticatorChoice { path, id } => {
                    answer = answer.select_authenticator(path.as_str(), id)?
                }
                AnswerPart::Extra { path, value } => answer.put_extra(path.as_str(), value.core()?)?,
                AnswerPart::Passkey { response } => answer.put_passkey(response)?,
            }
        }
        Ok(answer)
    }
}

impl JsonValue {
    fn core(&self) -> Result<AnswerValue> {
        Ok(match self {
            JsonValue::Text { text } => AnswerValue::from(text.as_str()),
            JsonValue::Boolean { value } => AnswerValue::Bool(*value),
            JsonValue::Integer { value } => AnswerValue::Integer(*value),
            JsonValue::Json { json } => AnswerValue::from_json(json)?,
        })
    }
}
