//! Notices: what the server says, each message once, where it belongs.

use super::{context::Context, element::Element, phrase::Phrase, way::Way};

/// A message of the server, for the person.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Notice {
    /// How serious it is.
    pub severity: Severity,
    /// The wire key, where the server sent one.
    pub key: Option<String>,
    /// What it says.
    pub text: Phrase,
    /// The input that it is about; at the top when there is none.
    pub at: Option<Place>,
    /// Links that belong to it.
    pub links: Vec<Link>,
    /// What belongs to it, in order: the parts of a device check.
    pub items: Vec<Notice>,
}

/// How serious a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Something went wrong: read it out at once.
    Error,
    /// Something will go wrong.
    Warning,
    /// Something to know.
    Info,
    /// Something went well.
    Success,
}

/// An input, by way and path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The index of the way.
    pub way: usize,
    /// The path of the input.
    pub path: String,
}

/// A link that belongs to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// The address: https.
    pub url: String,
    /// What it says; the address where the server says nothing.
    pub label: String,
}

/// The messages of a step, each once, at the input that it is about.
pub(super) fn of(_context: &Context<'_>, _ways: &[Way], _elements: &[Element]) -> Vec<Notice> {
    Vec::new()
}
