//! Elements: what to draw, in order.

use super::{ask::Rule, index, input::Input, notice::ScreenLink, phrase::Phrase, way::Preset};
use crate::{
    mobile::{
        field::{count_of, id_of},
        names::closed,
        redacted,
    },
    screen as core,
};

/// One thing to draw.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Element {
    /// What it is, with its own members.
    pub kind: ElementKind,
    /// Always drawable: what a face shows for a kind that it does not know.
    pub phrase: Phrase,
    /// The index of the way it belongs to (the first of its form); none for what is always shown.
    pub way: Option<i32>,
    /// Whether to draw it when the screen comes; the others are drawn when their way is taken.
    pub is_front: bool,
}

/// What an element is.
#[allow(clippy::large_enum_variant)] // copied over once, never kept
#[derive(Clone, PartialEq, uniffi::Enum)]
pub enum ElementKind {
    /// A paragraph, a numbered step, a warning, or a value to copy. The text itself is the element's phrase.
    Text {
        /// What it is for.
        role: TextRole,
        /// A literal to copy: an address of an app or of the web.
        value: Option<String>,
        /// Whether to offer to copy the value.
        copy: bool,
        /// Links that belong to it.
        links: Vec<ScreenLink>,
    },
    /// One control.
    Field {
        /// The control.
        input: Input,
    },
    /// A list of things that can be chosen, each with what it brings.
    Choice {
        /// The list.
        choice: ChoiceElement,
    },
    /// A picture.
    Picture {
        /// What it shows.
        what: PictureKind,
        /// What the square picture says, where the server says it in words, too. Never decoded from the picture.
        content: Option<String>,
        /// The media type, for example `image/png`.
        media: String,
        /// The picture.
        data: Vec<u8>,
        /// What to say instead of it.
        label: Phrase,
    },
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
    /// The rules of a new password or PIN, with ticks (`Draft.meets`).
    Requirements {
        /// The path of the input they are for.
        input: String,
        /// The rules, in order.
        rules: Vec<Rule>,
    },
    /// What an app would be allowed.
    Consent {
        /// The scopes.
        scopes: Vec<Scope>,
    },
    /// Something happens elsewhere.
    Waiting {
        /// What is waited for.
        what: WaitingFor,
        /// How often to ask the server, in milliseconds.
        interval_ms: i64,
        /// Until when, in seconds since 1970.
        until: Option<i64>,
        /// The index of the way that asks the server.
        poll: i32,
        /// Draw nothing: the person has something else to do on this screen.
        quiet: bool,
    },
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

closed! {
    /// What a text is for.
    TextRole of screen {
        /// Explains.
        Hint,
        /// One of several to do in order: number them.
        Step,
        /// Warns.
        Warning,
        /// The law.
        Legal,
    }
}

closed! {
    /// How a list is drawn.
    ListStyle of screen {
        /// Rows; touching one picks it.
        List,
        /// Buttons of a radio; what the chosen one brings is drawn below it.
        Radio,
    }
}

closed! {
    /// What a picture shows.
    PictureKind of screen {
        /// A square code to scan.
        Qr,
        /// A logo: decoration.
        Logo,
    }
}

closed! {
    /// What is waited for.
    WaitingFor of screen {
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
}

/// A list of things that can be chosen: authenticators, channels, kinds of question.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ChoiceElement {
    /// The wire names that lead to the field, joined by dots.
    pub path: String,
    /// The number of the field.
    pub node: i32,
    /// Its caption.
    pub label: Phrase,
    /// How to draw it.
    pub style: ListStyle,
    /// The groups, in order; options name them. Empty when there is one kind only.
    pub groups: Vec<ChoiceGroup>,
    /// What can be chosen.
    pub options: Vec<ChoiceOption>,
}

/// A group of options.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ChoiceGroup {
    /// `now`, `soon`, `optional`, or another word.
    pub name: String,
    /// Its heading.
    pub label: Phrase,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ChoiceOption {
    /// Its index among the options of the choice: what `Draft.choose` takes.
    pub index: i32,
    /// Its caption.
    pub label: Phrase,
    /// A second line: a masked address, the name of a device.
    pub detail: Option<Phrase>,
    /// A third one: until when, what for.
    pub note: Option<Phrase>,
    /// The name of its group.
    pub group: Option<String>,
    /// The key of the authenticator, as it came.
    pub key: Option<String>,
    /// The method, as it came.
    pub method: Option<String>,
    /// The id of the enrolment, where it is one.
    pub enrollment: Option<String>,
    /// The address of a logo: https. Decoration.
    pub logo: Option<String>,
    /// The number of the option that is sent.
    pub node: i32,
    /// The numbers of all options that this one stands for.
    pub nodes: Vec<i32>,
    /// What picking it sets besides.
    pub sets: Vec<Preset>,
    /// What it brings: drawn when it is chosen.
    pub fields: Vec<Input>,
    /// Whether picking it can be sent at once: nothing that it brings must be filled.
    pub picks_at_once: bool,
}

/// A scope that an app asks for.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Scope {
    /// Its name, literally.
    pub name: String,
    /// Its caption.
    pub label: Phrase,
    /// What it means.
    pub detail: Option<String>,
}

/// One row of what is being approved.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Fact {
    /// What it is.
    pub label: Phrase,
    /// Its value, as the server says it.
    pub value: String,
}

redacted!(Element, ElementKind, Fact);

impl Element {
    pub(super) fn of(element: core::Element, is_front: bool) -> Self {
        let way = element.way.map(index);
        Element { kind: ElementKind::of(element.kind), phrase: Phrase::of(element.text), way, is_front }
    }
}

impl ElementKind {
    fn of(kind: core::ElementKind) -> Self {
        match kind {
            core::ElementKind::Text(text) => ElementKind::Text {
                role: text.role.into(),
                value: text.value,
                copy: text.copy,
                links: text.links.into_iter().map(ScreenLink::of).collect(),
            },
            core::ElementKind::Input(input) => ElementKind::Field { input: Input::of(input) },
            core::ElementKind::Choice(choice) => ElementKind::Choice { choice: ChoiceElement::of(choice) },
            core::ElementKind::Picture(picture) => ElementKind::Picture {
                what: picture.what.into(),
                content: picture.content,
                media: picture.media,
                data: picture.bytes,
                label: Phrase::of(picture.alt),
            },
            core::ElementKind::Secret { value, spelled, grouped, copy } => {
                ElementKind::Secret { value, spelled, grouped, copy }
            }
            core::ElementKind::Number { value } => ElementKind::Number { value },
            core::ElementKind::Requirements(requirements) => ElementKind::Requirements {
                input: requirements.input,
                rules: requirements.rules.into_iter().map(Rule::of).collect(),
            },
            core::ElementKind::Consent { scopes } => {
                ElementKind::Consent { scopes: scopes.into_iter().map(Scope::of).collect() }
            }
            core::ElementKind::Waiting(waiting) => ElementKind::Waiting {
                what: waiting.what.into(),
                interval_ms: count_of(waiting.interval_ms),
                until: waiting.until,
                poll: index(waiting.poll),
                quiet: waiting.quiet,
            },
            core::ElementKind::Frame { vendor, host, token, script, fills } => {
                ElementKind::Frame { vendor, host, token, script, fills }
            }
            core::ElementKind::Facts { rows } => ElementKind::Facts {
                rows: rows.into_iter().map(|row| Fact { label: Phrase::of(row.label), value: row.value }).collect(),
            },
        }
    }
}

impl ChoiceElement {
    pub(super) fn of(choice: core::ChoiceElement) -> Self {
        let group = |group: core::Group| ChoiceGroup { name: group.name.to_owned(), label: Phrase::of(group.label) };
        let options = choice.options.into_iter().enumerate();
        ChoiceElement {
            path: choice.path,
            node: id_of(choice.node),
            label: Phrase::of(choice.label),
            style: choice.style.into(),
            groups: choice.groups.into_iter().map(group).collect(),
            options: options.map(|(at, option)| ChoiceOption::of(at, option)).collect(),
        }
    }
}

impl ChoiceOption {
    fn of(at: usize, option: core::ChoiceOption) -> Self {
        ChoiceOption {
            index: index(at),
            label: Phrase::of(option.label),
            detail: option.detail.map(Phrase::of),
            note: option.note.map(Phrase::of),
            group: option.group.map(str::to_owned),
            key: option.key,
            method: option.method,
            enrollment: option.enrollment,
            logo: option.logo,
            node: id_of(option.node),
            nodes: option.nodes.into_iter().map(id_of).collect(),
            sets: option.sets.into_iter().map(Preset::of).collect(),
            fields: option.fields.into_iter().map(Input::of).collect(),
            picks_at_once: option.picks_at_once,
        }
    }
}

impl Scope {
    fn of(scope: core::Scope) -> Self {
        Scope { name: scope.name, label: Phrase::of(scope.label), detail: scope.detail }
    }
}
