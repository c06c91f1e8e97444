//! Messages: class, key and text of everything the engine tells a person.

use serde_json::{Value, json};
use std::borrow::Cow;

/// A message, for the whole step or for one field of its form.
#[derive(Debug, Clone)]
pub struct Message {
    class: &'static str,
    key: Cow<'static, str>,
    text: String,
    params: Vec<Value>,
    /// The path of the field it belongs to, by names; empty for the whole step.
    pub field: &'static [&'static str],
}

impl Message {
    /// An `ERROR` about the whole step.
    pub fn error(key: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Message {
        Message { class: "ERROR", key: key.into(), text: text.into(), params: Vec::new(), field: &[] }
    }

    /// An `INFO`.
    pub fn info(key: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Message {
        Message { class: "INFO", ..Message::error(key, text) }
    }

    /// A `WARNING`.
    pub fn warning(key: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Message {
        Message { class: "WARNING", ..Message::error(key, text) }
    }

    /// The same with a parameter.
    #[must_use]
    pub fn param(mut self, value: impl Into<Value>) -> Message {
        self.params.push(value.into());
        self
    }

    /// The same about one field.
    #[must_use]
    pub fn on(mut self, field: &'static [&'static str]) -> Message {
        self.field = field;
        self
    }

    /// As the wire has it.
    pub fn json(&self) -> Value {
        json!({
            "class": self.class, "message": self.text,
            "i18n": {"key": self.key, "params": self.params},
        })
    }

    /// A wrong or expired code.
    pub fn wrong_code() -> Message {
        Message::error("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again.").on(&["credentials", "passcode"])
    }

    /// Wrong, unknown or locked: nobody is told which.
    pub fn authentication_failed() -> Message {
        Message::error("errors.E0000004", "Authentication failed")
    }

    /// A field that has to be filled in.
    pub fn blank(field: &'static [&'static str]) -> Message {
        Message::error("model.validation.field.blank", "The field cannot be left blank").on(field)
    }

    /// A submission that does not belong to the step.
    pub fn not_now() -> Message {
        let text = "This operation is not allowed in the user's current authentication state.";
        Message::error("errors.E0000079", text)
    }

    /// A submission with values that the form does not offer.
    pub fn bad_choice(field: &'static [&'static str]) -> Message {
        Message::error("errors.E0000035", "The value is not one of those that the form offers.").on(field)
    }
}

/// The wire's wrapper of a list.
pub fn list(messages: &[&Message]) -> Value {
    json!({"type": "array", "value": messages.iter().map(|message| message.json()).collect::<Vec<_>>()})
}
