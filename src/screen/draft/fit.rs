//! Values as their input wants them: what people type has spaces, what faces give is often a text.

use crate::{
    idx::AnswerValue,
    screen::{ask::Ask, element::Input},
};

/// A value in the type of its input, without what the server would stumble over. What does not fit stays as it is, and is
/// found by the checks.
pub(super) fn value(input: &Input, value: AnswerValue) -> AnswerValue {
    if let Some(option) = input.options.iter().find(|option| is_same(&option.value, &value)) {
        return option.value.clone();
    }
    let AnswerValue::Text(text) = &value else { return value };
    let typed = text.expose();
    match &input.ask {
        Ask::Toggle | Ask::Consent { .. } => match typed {
            "true" => true.into(),
            "false" => false.into(),
            _ => value,
        },
        Ask::Number { whole } => match typed.trim().parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) if !whole && serde_json::from_str::<serde_json::Number>(typed).is_ok() => {
                AnswerValue::Json(typed.trim().into())
            }
            Err(_) => value,
        },
        Ask::Phone { .. } => without(typed, char::is_whitespace),
        Ask::Code { group: Some(_), .. } => without(typed, |c| c.is_whitespace() || matches!(c, '-' | '‐' | '–')),
        Ask::Code { .. } => AnswerValue::from(typed.trim()),
        Ask::Value { json } if json != "string" => AnswerValue::from_json(typed).unwrap_or(value),
        _ => value,
    }
}

/// Whether a value means the same: faces that know texts only send `"true"` for `true`.
pub(super) fn is_same(own: &AnswerValue, given: &AnswerValue) -> bool {
    match (own, given) {
        (AnswerValue::Bool(own), AnswerValue::Text(text)) => text.expose() == if *own { "true" } else { "false" },
        (AnswerValue::Integer(own), AnswerValue::Text(text)) => text.expose().parse() == Ok(*own),
        (own, given) => own == given,
    }
}

fn without(text: &str, drop: fn(char) -> bool) -> AnswerValue {
    // Reserved at once: a text that grows leaves copies of itself behind.
    let mut kept = String::with_capacity(text.len());
    kept.extend(text.chars().filter(|c| !drop(*c)));
    kept.into()
}
