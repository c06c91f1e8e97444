//! Captions of inputs and of what can be chosen in them.
//!
//! The server's label is in the person's language and says what the organization wants, so it wins, but where it says
//! nothing: empty, all capitals, or only the wire name again. Then ours stands, and without any of ours the path.

use std::borrow::Cow;

use crate::{
    idx::{Choice, Field, FieldType, JsonKind},
    screen::{
        ask::{Ask, CodeSource},
        element::InputOption,
        markup,
        phrase::Phrase,
    },
};

/// The key of a label that an administrator wrote: no app has its own words for it.
const CUSTOM: &str = "field.custom.label";

/// Whether a label of the server's says more than its wire name does.
pub(in crate::screen) fn says_something(label: &str, wire: &str) -> bool {
    let label = label.trim();
    let capitals = label.chars().any(char::is_uppercase) && !label.chars().any(char::is_lowercase);
    !label.is_empty() && !capitals && label.to_lowercase() != wire.to_lowercase()
}

/// The caption of an input.
pub(super) fn of(field: &Field<'_>, ask: &Ask, own: Option<&str>) -> Phrase {
    let key = key(field.name(), ask);
    let label = field.label();
    if let (Some(label), Some(true)) = (&label, field.json().get("customLabel").and_then(|flag| flag.as_bool()))
        && !label.trim().is_empty()
    {
        return Phrase::server(CUSTOM, &markup::plain(label));
    }
    if let Ask::Answer { question: Some(question) } = ask {
        return Phrase::server("field.answer.label", &markup::plain(question));
    }
    if let Some(label) = label.filter(|label| fits(label, field.name(), ask)) {
        return Phrase::server(key.unwrap_or("field.other.label"), &markup::plain(&label));
    }
    match key {
        Some("option.other.label") => Phrase::ours("option.other.label", &[("authenticator", own.unwrap_or("Duo"))]),
        Some(key) => Phrase::ours(key, &[]),
        None => Phrase::ours("field.other.label", &[("path", &field.dotted_path())]),
    }
}

/// What is asked of a program, not of a person, has a label for programs: "Signature Data", "Captcha Token".
fn fits(label: &str, name: &str, ask: &Ask) -> bool {
    !matches!(ask, Ask::Captcha { .. } | Ask::Passkey { .. } | Ask::Frame) && says_something(label, name)
}

fn key(name: &str, ask: &Ask) -> Option<&'static str> {
    Some(match (ask, name) {
        (Ask::Username, _) => "field.username.label",
        (Ask::Password, _) => "field.password.label",
        (Ask::NewPassword { pin: true, .. }, _) => "field.pin.label",
        (Ask::NewPassword { .. }, _) => "field.new_password.label",
        (Ask::Code { source: CodeSource::Card, .. }, _) => "field.pin.label",
        (Ask::Code { source: CodeSource::Device, .. }, _) => "field.device_code.label",
        (Ask::Code { .. }, "nextPasscode") => "field.next_code.label",
        (Ask::Code { .. }, _) => "field.code.label",
        (Ask::Answer { .. }, _) => "field.answer.label",
        (Ask::Phone { .. }, _) => "field.phone.label",
        (Ask::Country, _) => "field.country.label",
        (Ask::Email, _) => "field.email.label",
        (Ask::Captcha { .. }, _) => "field.captcha.label",
        (Ask::Passkey { .. }, _) => "option.passkey.label",
        (Ask::Frame, _) => "option.other.label",
        (Ask::Choice { .. }, "methodType") => "field.method.label",
        (Ask::Choice { .. }, "channel") => "field.channel.label",
        (Ask::Choice { .. }, "questionKey" | "credentials") => "field.question.label",
        (Ask::Toggle, "rememberMe") => "field.remember.label",
        (Ask::Toggle, "revokeSessions") => "field.revoke.label",
        (Ask::Toggle, "autoChallenge") => "field.auto_push.label",
        (Ask::Value { .. }, "question") => "field.own_question.label",
        (Ask::Value { .. }, "clientData") => "field.token_user.label",
        (Ask::Value { .. }, "credentialId") => "field.vip_id.label",
        _ => return None,
    })
}

/// A plain value that can be chosen, with the JSON type that the field wants: the server writes some booleans as texts.
pub(super) fn option(field: &Field<'_>, choice: &Choice<'_>) -> InputOption {
    let boolean = choice.value.as_bool().filter(|_| field.field_type() == FieldType::Boolean);
    let value = match boolean {
        Some(boolean) => boolean.into(),
        None => choice.value.to_value().into(),
    };
    let spelled = match choice.value.kind() {
        JsonKind::String => choice.value.as_str().unwrap_or_default(),
        _ => Cow::Borrowed(choice.value.raw()),
    };
    let key = match (field.name(), spelled.as_ref()) {
        ("methodType", "sms") => Some("option.sms.label"),
        ("methodType", "voice") => Some("option.voice.label"),
        ("methodType", "email") => Some("option.email.label"),
        ("channel", "qrcode") => Some("channel.qrcode.label"),
        ("channel", "email") => Some("channel.email.label"),
        ("channel", "sms") => Some("channel.sms.label"),
        ("channel", "samedevice") => Some("channel.same.label"),
        ("channel", "devicebootstrap") => Some("channel.known.label"),
        _ => None,
    };
    let said = choice.label.as_deref().map(markup::plain).filter(|label| !label.trim().is_empty());
    let label = match (said.as_deref(), key) {
        (Some(label), _) if says_something(label, &spelled) => {
            Phrase::server(key.unwrap_or("option.other.label"), label)
        }
        (_, Some(key)) => Phrase::ours(key, &[]),
        // "FR", "XL": all there is to say about a value that is its own name.
        (Some(label), None) => Phrase::server("option.other.label", label),
        (None, None) if spelled.trim().is_empty() => Phrase::server("option.other.label", "–"),
        (None, None) => Phrase::server("option.other.label", &spelled),
    };
    InputOption { label, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_says_nothing_is_not_taken() {
        for (label, wire) in
            [("", "x"), ("  ", "x"), ("QRCODE", "channel"), ("NFC", "method"), ("Answer", "answer"), ("EMAIL", "email")]
        {
            assert!(!says_something(label, wire), "{label}");
        }
        for (label, wire) in
            [("First name", "firstName"), ("パスワード", "passcode"), ("Wie heißt du?", "answer"), ("7", "n")]
        {
            assert!(says_something(label, wire), "{label}");
        }
    }
}
