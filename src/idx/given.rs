//! What an app put into an answer, for who must tell two answers apart without keeping what is in them.

use super::answer::{Answer, AnswerValue, Input};
use crate::sort;

impl Answer {
    /// Each value that was given, with its dotted path, in the order of the names: not what the form brings itself.
    pub(crate) fn given(&self) -> Vec<(String, Given<'_>)> {
        let mut found = Vec::new();
        walk(&self.input, String::new(), &mut found);
        walk(&self.extra, String::new(), &mut found);
        sort::by(&mut found, |(a, _), (b, _)| a.cmp(b));
        found
    }
}

/// A value, or the number of the option that was chosen.
pub(crate) enum Given<'a> {
    Value(&'a AnswerValue),
    Option(usize),
}

impl Given<'_> {
    /// It as bytes. A flag and a number cannot be taken for a text.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Given::Value(AnswerValue::Text(text)) => {
                out.push(b't');
                out.extend_from_slice(text.expose().as_bytes());
            }
            Given::Value(AnswerValue::Json(text)) => {
                out.push(b'j');
                out.extend_from_slice(text.expose().as_bytes());
            }
            Given::Value(AnswerValue::Bool(value)) => out.extend_from_slice(&[b'b', u8::from(*value)]),
            Given::Value(AnswerValue::Integer(value)) => {
                out.push(b'i');
                out.extend_from_slice(&value.to_le_bytes());
            }
            Given::Option(number) => {
                out.push(b'o');
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
    }

    /// The most bytes that [`Given::write`] adds.
    pub(crate) fn len(&self) -> usize {
        match self {
            Given::Value(AnswerValue::Text(text) | AnswerValue::Json(text)) => 1 + text.len(),
            Given::Value(_) | Given::Option(_) => 1 + size_of::<u64>(),
        }
    }
}

fn walk<'a>(input: &'a Input, path: String, found: &mut Vec<(String, Given<'a>)>) {
    if let Some(value) = &input.value {
        found.push((path.clone(), Given::Value(value)));
    }
    if let Some(number) = input.option {
        found.push((path.clone(), Given::Option(number)));
    }
    for (name, child) in &input.children {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        walk(child, path, found);
    }
}
