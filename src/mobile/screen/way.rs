//! Ways: everything that can be done at a step.

use super::{index, phrase::Phrase};
use crate::{
    mobile::{
        answer::JsonValue,
        field::{count_of, id_of},
        names::closed,
        redacted,
    },
    screen as core,
};

/// One thing that can be done. `SignIn.take` does it.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Way {
    /// Its index among the ways of the screen: what `SignIn.take` and `Draft.answer` take.
    pub index: i32,
    /// How much it matters.
    pub role: Role,
    /// What its button or link says.
    pub label: Phrase,
    /// What taking it does.
    pub does: Does,
    /// The numbers of the remediations and actions that it stands for; the first is sent. Empty for what is none of them
    /// (`restart`).
    pub nodes: Vec<i32>,
    /// The wire name, when it is a remediation.
    pub remediation: Option<String>,
    /// The path of the action, when it is one: `cancel`, `currentAuthenticatorEnrollment.recover`; `restart` for a fresh
    /// transaction.
    pub action: Option<String>,
    /// The paths of the inputs (and of the choice) that go with it.
    pub inputs: Vec<String>,
    /// What taking it sets by itself: the word of a form with two answers.
    pub sets: Vec<Preset>,
    /// What to open or to launch.
    pub url: Option<String>,
    /// When to show it, in milliseconds after the step came.
    pub after_ms: i64,
    /// It can be taken by name and need not be drawn.
    pub quiet: bool,
}

closed! {
    /// How much a way matters.
    Role of screen {
        /// The one to draw largest: none or one of a screen.
        Primary,
        /// As good: a button.
        Alternative,
        /// A small link.
        Link,
        /// Leaves: none or one of a screen.
        Cancel,
    }
}

closed! {
    /// What taking a way does.
    Does of screen {
        /// Sends its form: what the person gave and what the way sets.
        Submit,
        /// Takes an action: `resend`, `recover`, `cancel`, `send`; or `restart`.
        Act,
        /// Shows the choice that belongs to it; picking an option sends the form.
        Choose,
        /// Hands the address, https, to a browser; the way back is the redirect callback.
        Open,
        /// Hands the address to the operating system, so that another app opens; go on waiting.
        Launch,
        /// The platform's passkeys; what they give goes into the input, then the form is sent.
        Passkey,
        /// Polls.
        Wait,
    }
}

/// A value that is set without asking.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Preset {
    /// The wire names that lead to the field, joined by dots.
    pub path: String,
    /// The number of the field; none for a member that the form does not declare.
    pub node: Option<i32>,
    /// The value.
    pub value: JsonValue,
}

redacted!(Way);

impl Way {
    pub(super) fn of(at: usize, way: core::Way) -> Self {
        Way {
            index: index(at),
            role: way.role.into(),
            label: Phrase::of(way.label),
            does: way.does.into(),
            nodes: way.nodes.into_iter().map(id_of).collect(),
            remediation: way.remediation,
            action: way.action,
            inputs: way.inputs,
            sets: way.sets.into_iter().map(Preset::of).collect(),
            url: way.url,
            after_ms: count_of(way.after_ms),
            quiet: way.quiet,
        }
    }
}

impl Preset {
    pub(super) fn of(preset: core::Preset) -> Self {
        Preset { path: preset.path, node: preset.node.map(id_of), value: JsonValue::from(preset.value) }
    }
}
