//! Elements: what to draw, in order.

use std::fmt;

use super::{
    ask::{Ask, Autofill, Direction, Keyboard, Rule},
    notice::Link,
    phrase::Phrase,
};
use crate::idx::{AnswerValue, Remediation};

/// One thing to draw.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// What it is, with its own members.
    pub kind: ElementKind,
    /// Always drawable: what a face shows for a kind that it does not know.
    pub text: Phrase,
    /// The index of the way it belongs to (the first of its form); `None` for what is always shown.
    pub way: Option<usize>,
}

/// What an element is. An open set: a face draws [`Element::text`] of what it does not know.
#[derive(Clone)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // most elements are inputs, which are the large ones
pub enum ElementKind {
    /// A paragraph, a numbered step, a warning, or a value to copy.
    Text(TextElement),
    /// One control.
    Input(Input),
    /// A list of things that can be chosen, each with what it brings.
    Choice(ChoiceElement),
    /// A picture.
    Picture(Picture),
    /// A secret to type in elsewhere.
    Secret {
        /// The secret.
        value: String,
        /// Its characters apart, for the ear.
        spelled: String,
        /// In groups of four, for the eye.
        grouped: String,
        /// Whether to offer to copy it.
        copy: bool,
    },
    /// The number to choose in an app: text, may begin with zeros. Show it very large.
    Number {
        /// The number.
        value: String,
    },
    /// The rules of a new password or PIN, with ticks ([`Draft::meets`](super::Draft::meets)).
    Requirements(Requirements),
    /// What an app would be allowed.
    Consent {
        /// The scopes.
        scopes: Vec<Scope>,
    },
    /// Something happens elsewhere.
    Waiting(WaitingElement),
    /// A page of a vendor, for a face that has a web view.
    Frame {
        /// Whose page it is.
        vendor: String,
        /// The vendor's host.
        host: Option<String>,
        /// The vendor's signed token.
        token: Option<String>,
        /// The vendor's script: https.
        script: Option<String>,
        /// The path of the input that it fills.
        fills: String,
    },
    /// What is being approved, in two columns.
    Facts {
        /// The rows.
        rows: Vec<Fact>,
    },
}

impl ElementKind {
    /// The word, `snake_case`.
    pub fn as_str(&self) -> &'static str {
        match self {
            ElementKind::Text(_) => "text",
            ElementKind::Input(_) => "input",
            ElementKind::Choice(_) => "choice",
            ElementKind::Picture(_) => "picture",
            ElementKind::Secret { .. } => "secret",
            ElementKind::Number { .. } => "number",
            ElementKind::Requirements(_) => "requirements",
            ElementKind::Consent { .. } => "consent",
            ElementKind::Waiting(_) => "waiting",
            ElementKind::Frame { .. } => "frame",
            ElementKind::Facts { .. } => "facts",
        }
    }
}

/// A text to read. The text itself is [`Element::text`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TextElement {
    /// What it is for.
    pub role: TextRole,
    /// A literal to copy: an address of an app or of the web.
    pub value: Option<String>,
    /// Whether to offer to copy the value.
    pub copy: bool,
    /// Links that belong to it.
    pub links: Vec<Link>,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRole {
    /// Explains.
    Hint,
    /// One of several to do in order: number them.
    Step,
    /// Warns.
    Warning,
    /// The law.
    Legal,
}

/// One control. Its identity is way and path.
#[derive(Clone)]
#[non_exhaustive]
pub struct Input {
    /// The wire names that lead to it, joined by dots.
    pub path: String,
    /// The number of the field; for a passkey of the object that holds its members.
    pub node: u32,
    /// What it wants.
    pub ask: Ask,
    /// Its caption.
    pub label: Phrase,
    /// Whether it must be filled.
    pub required: bool,
    /// Hide what is typed.
    pub secret: bool,
    /// What stands in it already.
    pub preset: Option<AnswerValue>,
    /// The least number of characters, or the least value of a number.
    pub min: Option<u64>,
    /// The largest.
    pub max: Option<u64>,
    /// What a platform may fill it with.
    pub autofill: Autofill,
    /// Which keyboard to show.
    pub keyboard: Keyboard,
    /// Which way it is written.
    pub direction: Direction,
    /// What can be chosen, for `Ask::Choice` and for whatever else has options.
    pub options: Vec<InputOption>,
    /// The notices about it, by their index in [`Screen::notices`](super::Screen::notices).
    pub messages: Vec<usize>,
}

/// A value that can be chosen in an input.
#[derive(Clone)]
#[non_exhaustive]
pub struct InputOption {
    /// Its caption.
    pub label: Phrase,
    /// What to send.
    pub value: AnswerValue,
}

/// A list of things that can be chosen: authenticators, channels, kinds of question.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChoiceElement {
    /// The wire names that lead to the field, joined by dots.
    pub path: String,
    /// The number of the field.
    pub node: u32,
    /// Its caption.
    pub label: Phrase,
    /// How to draw it.
    pub style: ListStyle,
    /// The groups, in order; options name them. Empty when there is one kind only.
    pub groups: Vec<Group>,
    /// What can be chosen.
    pub options: Vec<ChoiceOption>,
}

/// How a list is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListStyle {
    /// Rows; touching one picks it.
    List,
    /// Buttons of a radio; what the chosen one brings is drawn below it.
    Radio,
}

/// A group of options.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group {
    /// `now`, `soon`, `optional`, or another word.
    pub name: &'static str,
    /// Its heading.
    pub label: Phrase,
}

/// One thing that can be chosen. Its identity is the node with its `sets`, never the label.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChoiceOption {
    /// Its caption.
    pub label: Phrase,
    /// A second line: a masked address, the name of a device.
    pub detail: Option<Phrase>,
    /// A third one: until when, what for.
    pub note: Option<Phrase>,
    /// The name of its group.
    pub group: Option<&'static str>,
    /// The key of the authenticator, as it came.
    pub key: Option<String>,
    /// The method, as it came.
    pub method: Option<String>,
    /// The id of the enrolment, where it is one.
    pub enrollment: Option<String>,
    /// The address of a logo: https. Decoration.
    pub logo: Option<String>,
    /// The number of the option that is sent.
    pub node: u32,
    /// The numbers of all options that this one stands for.
    pub nodes: Vec<u32>,
    /// What picking it sets besides, as (number of the field, value): the method of one authenticator that has several.
    pub sets: Vec<super::way::Preset>,
    /// What it brings: drawn when it is chosen.
    pub fields: Vec<Input>,
    /// Whether picking it can be sent at once: nothing that it brings must be filled.
    pub picks_at_once: bool,
}

/// A picture.
#[derive(Clone)]
#[non_exhaustive]
pub struct Picture {
    /// What it shows.
    pub what: PictureKind,
    /// What the square picture says, where the server says it in words, too. Never decoded from the picture.
    pub content: Option<String>,
    /// The media type, for example `image/png`.
    pub media: String,
    /// The picture.
    pub bytes: Vec<u8>,
    /// What to say instead of it.
    pub alt: Phrase,
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// A square code to scan.
    Qr,
    /// A logo: decoration.
    Logo,
}

/// The rules of a new password or PIN.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Requirements {
    /// The path of the input they are for.
    pub input: String,
    /// The rules, in order.
    pub rules: Vec<Rule>,
}

/// A scope that an app asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// Its name, literally.
    pub name: String,
    /// Its caption.
    pub label: Phrase,
    /// What it means.
    pub detail: Option<String>,
}

/// Something happens elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitingElement {
    /// What is waited for.
    pub what: WaitingFor,
    /// How often to ask the server, in milliseconds.
    pub interval_ms: u64,
    /// Until when, in seconds since 1970.
    pub until: Option<i64>,
    /// The index of the way that asks the server.
    pub poll: usize,
    /// Draw nothing: the person has something else to do on this screen.
    pub quiet: bool,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitingFor {
    /// A notification to be approved.
    Push,
    /// An app.
    App,
    /// A link in a mail.
    Mail,
    /// An app to be set up.
    Setup,
    /// This device.
    Device,
    /// The server.
    Server,
}

/// One row of what is being approved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// What it is.
    pub label: Phrase,
    /// Its value, as the server says it.
    pub value: String,
}

impl Element {
    /// An element in front; `text` is what is drawn by who does not know its kind.
    pub(super) fn new(kind: ElementKind, text: Phrase) -> Self {
        Element { kind, text, way: None }
    }

    fn paragraph(role: TextRole, text: Phrase) -> Self {
        Element::new(ElementKind::Text(TextElement { role, value: None, copy: false, links: Vec::new() }), text)
    }

    /// A paragraph that explains.
    pub(super) fn hint(text: Phrase) -> Self {
        Element::paragraph(TextRole::Hint, text)
    }

    /// One of several things to do in order.
    pub(super) fn step(text: Phrase) -> Self {
        Element::paragraph(TextRole::Step, text)
    }

    /// A paragraph that warns.
    pub(super) fn warning(text: Phrase) -> Self {
        Element::paragraph(TextRole::Warning, text)
    }

    /// What the law wants to be there.
    pub(super) fn legal(text: Phrase, links: Vec<Link>) -> Self {
        let text_element = TextElement { role: TextRole::Legal, value: None, copy: false, links };
        Element::new(ElementKind::Text(text_element), text)
    }

    /// The same paragraph with a value to copy.
    pub(super) fn copying(mut self, literal: &str) -> Self {
        if let ElementKind::Text(text) = &mut self.kind {
            (text.value, text.copy) = (Some(literal.to_owned()), true);
        }
        self
    }

    /// A code or key to type in elsewhere.
    pub(super) fn secret(value: &str, copy: bool) -> Self {
        let characters: Vec<String> = value.chars().map(String::from).collect();
        let grouped = characters.chunks(4).map(|group| group.concat()).collect::<Vec<_>>().join(" ");
        let spelled = characters.join(" ");
        let secret = ElementKind::Secret { value: value.to_owned(), spelled, grouped, copy };
        Element::new(secret, Phrase::ours("field.code.label", &[]))
    }

    /// The control of an input; its label is what is drawn otherwise.
    pub(super) fn input(input: Input) -> Self {
        let text = input.label.clone();
        Element::new(ElementKind::Input(input), text)
    }

    /// A list of things that can be chosen.
    pub(super) fn choice(choice: ChoiceElement) -> Self {
        let text = choice.label.clone();
        Element::new(ElementKind::Choice(choice), text)
    }

    /// Something happens elsewhere: `poll` is the index of the way that asks the server, `remediation` what it polls. Whether
    /// it is drawn is decided when everything else of the screen is known.
    pub(super) fn waiting(what: WaitingFor, poll: usize, remediation: Remediation<'_>, text: Phrase) -> Self {
        let interval_ms = u64::try_from(remediation.poll_interval().as_millis()).unwrap_or(u64::MAX);
        let waiting = WaitingElement { what, interval_ms, until: None, poll, quiet: false };
        Element::new(ElementKind::Waiting(waiting), text)
    }

    /// The same, shown with this way.
    pub(super) fn of_way(self, way: usize) -> Self {
        Element { way: Some(way), ..self }
    }
}

impl fmt::Debug for ElementKind {
    /// The word, and what is in it where that is not for the person's eyes only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ElementKind::Input(input) => input.fmt(f),
            ElementKind::Choice(choice) => choice.fmt(f),
            ElementKind::Picture(picture) => picture.fmt(f),
            ElementKind::Requirements(requirements) => requirements.fmt(f),
            ElementKind::Waiting(waiting) => waiting.fmt(f),
            other => f.write_str(other.as_str()),
        }
    }
}

impl fmt::Debug for Input {
    /// Where it is and what it wants; never what stands in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Input({}: {})", self.path, self.ask.as_str())
    }
}

impl fmt::Debug for InputOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InputOption({:?})", self.label)
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({:?}, {} bytes)", self.what, self.bytes.len())
    }
}
