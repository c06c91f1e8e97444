//! Ways: everything that can be done at a step, cancel and "send again" included.

use super::phrase::Phrase;
use crate::idx::AnswerValue;

/// One thing that can be done.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Way {
    /// How much it matters.
    pub role: Role,
    /// What its button or link says.
    pub label: Phrase,
    /// What taking it does.
    pub does: Does,
    /// The numbers of the remediations and actions that it stands for; the first is sent. Empty for what is none of them
    /// (`restart`).
    pub nodes: Vec<u32>,
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
    pub after_ms: u64,
    /// It can be taken by name and need not be drawn.
    pub quiet: bool,
    /// What to say below it.
    pub hint: Option<Phrase>,
}

/// How much a way matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The one to draw largest: none or one of a screen.
    Primary,
    /// As good: a button.
    Alternative,
    /// A small link.
    Link,
    /// Leaves: none or one of a screen.
    Cancel,
}

/// What taking a way does. The network act of each is the driver's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Does {
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

/// A value that is set without asking.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Preset {
    /// The wire names that lead to the field, joined by dots.
    pub path: String,
    /// The number of the field; `None` for a member that the form does not declare.
    pub node: Option<u32>,
    /// The value.
    pub value: AnswerValue,
}
