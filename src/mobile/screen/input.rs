//! Inputs: one control each, and what can be chosen in it.

use super::{
    ask::{Ask, Autofill, Direction, Keyboard},
    index,
    phrase::Phrase,
};
use crate::{
    mobile::{
        answer::JsonValue,
        field::{count_of, id_of},
        redacted,
    },
    screen as core,
};

/// One control. Its identity is way and path; its number is what `Draft.set` takes.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Input {
    /// The wire names that lead to it, joined by dots.
    pub path: String,
    /// The number of the field; for a passkey of the object that holds its members.
    pub node: i32,
    /// What it wants.
    pub ask: Ask,
    /// Its caption.
    pub label: Phrase,
    /// Whether it must be filled.
    pub required: bool,
    /// Hide what is typed.
    pub secret: bool,
    /// What stands in it already.
    pub preset: Option<JsonValue>,
    /// The least number of characters, or the least value of a number.
    pub min: Option<i64>,
    /// The largest.
    pub max: Option<i64>,
    /// What a platform may fill it with.
    pub autofill: Autofill,
    /// Which keyboard to show.
    pub keyboard: Keyboard,
    /// Which way it is written.
    pub direction: Direction,
    /// What can be chosen, for `Ask.Choice` and for whatever else has options.
    pub options: Vec<InputOption>,
    /// The notices about it, by their index in `Screen.notices`.
    pub messages: Vec<i32>,
}

/// A value that can be chosen in an input.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct InputOption {
    /// Its caption.
    pub label: Phrase,
    /// What to send.
    pub value: JsonValue,
}

redacted!(Input, InputOption);

impl Input {
    pub(super) fn of(input: core::Input) -> Self {
        let option = |option: core::InputOption| InputOption {
            label: Phrase::of(option.label),
            value: JsonValue::from(option.value),
        };
        Input {
            path: input.path,
            node: id_of(input.node),
            ask: Ask::of(input.ask),
            label: Phrase::of(input.label),
            required: input.required,
            secret: input.secret,
            preset: input.preset.map(JsonValue::from),
            min: input.min.map(count_of),
            max: input.max.map(count_of),
            autofill: Autofill::of(input.autofill),
            keyboard: input.keyboard.into(),
            direction: input.direction.into(),
            options: input.options.into_iter().map(option).collect(),
            messages: input.messages.into_iter().map(index).collect(),
        }
    }
}
