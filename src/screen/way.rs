//! Ways: everything that can be done at a step, cancel and "send again" included.

use std::fmt;

use super::{address, context::Form, phrase::Phrase};
use crate::idx::{AnswerValue, Remediation};

/// One thing that can be done.
#[derive(Clone)]
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

impl fmt::Debug for Way {
    /// What it does; never its address, which may carry a token of the transaction, nor what it sets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.remediation.as_deref().or(self.action.as_deref()).unwrap_or("no node");
        write!(f, "Way({} {}: {name})", self.role.as_str(), self.does.as_str())
    }
}

impl Way {
    /// A way without a node; primary, as a table draws it that knows of nothing else.
    pub(super) fn new(does: Does, label: Phrase) -> Self {
        Way {
            role: Role::Primary,
            label,
            does,
            nodes: Vec::new(),
            remediation: None,
            action: None,
            inputs: Vec::new(),
            sets: Vec::new(),
            url: None,
            after_ms: 0,
            quiet: false,
        }
    }

    fn of_form(does: Does, form: &Form<'_>, label: Phrase, inputs: Vec<String>) -> Self {
        let remediation = form.remediation;
        let name = Some(remediation.name().into_owned());
        Way { nodes: vec![remediation.node()], remediation: name, inputs, ..Way::new(does, label) }
    }

    /// Sends a form.
    pub(super) fn submit(form: &Form<'_>, label: Phrase, inputs: Vec<String>) -> Self {
        Way::of_form(Does::Submit, form, label, inputs)
    }

    /// Shows the choice of a form; picking sends it.
    pub(super) fn choose(form: &Form<'_>, label: Phrase, inputs: Vec<String>) -> Self {
        Way::of_form(Does::Choose, form, label, inputs)
    }

    /// Asks the platform's passkeys, then sends the form.
    pub(super) fn passkey(form: &Form<'_>, label: Phrase, inputs: Vec<String>) -> Self {
        Way::of_form(Does::Passkey, form, label, inputs)
    }

    /// Polls a form. Quiet: the waiting element stands for it.
    pub(super) fn wait(form: &Form<'_>, inputs: Vec<String>) -> Self {
        Way::of_form(Does::Wait, form, Phrase::ours("way.poll.link", &[]), inputs).role(Role::Link).quiet()
    }

    /// Opens an address for a remediation. Without one that may be opened there is none in it.
    pub(super) fn open(form: &Form<'_>, label: Phrase, url: &str) -> Self {
        let url = address::opens(url).then(|| url.to_owned());
        Way { url, ..Way::of_form(Does::Open, form, label, Vec::new()) }
    }

    /// Opens an address that belongs to no remediation; `None` for one that may not be opened.
    pub(super) fn open_page(label: Phrase, url: &str) -> Option<Self> {
        address::opens(url).then(|| Way { url: Some(url.to_owned()), ..Way::new(Does::Open, label) })
    }

    /// Launches an app; `None` for an address that may not be launched. Nothing is sent: a poll goes on.
    pub(super) fn launch(label: Phrase, url: &str) -> Option<Self> {
        address::launches(url).then(|| Way { url: Some(url.to_owned()), ..Way::new(Does::Launch, label) })
    }

    /// Takes an action: its path (`currentAuthenticator.resend`) and itself.
    pub(super) fn act(path: &str, action: Remediation<'_>, label: Phrase) -> Self {
        let way = Way::new(Does::Act, label).role(Role::Link);
        Way { nodes: vec![action.node()], action: Some(path.to_owned()), ..way }
    }

    /// As another role.
    pub(super) fn role(self, role: Role) -> Self {
        Way { role, ..self }
    }

    /// Not drawn.
    pub(super) fn quiet(self) -> Self {
        Way { quiet: true, ..self }
    }

    /// Shown that many milliseconds after the step came.
    pub(super) fn after(self, after_ms: u64) -> Self {
        Way { after_ms, ..self }
    }

    /// Which sets a field by itself; `node` is `None` for a member that the form does not declare.
    pub(super) fn set(mut self, path: impl Into<String>, node: Option<u32>, value: impl Into<AnswerValue>) -> Self {
        self.sets.push(Preset { path: path.into(), node, value: value.into() });
        self
    }
}
