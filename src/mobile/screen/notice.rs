//! Notices: what the server says, each message once, where it belongs.

use super::{index, phrase::Phrase};
use crate::{mobile::names::closed, screen as core};

/// A message of the server, for the person.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Notice {
    /// How serious it is.
    pub severity: Severity,
    /// The wire key, where the server sent one.
    pub key: Option<String>,
    /// What it says.
    pub phrase: Phrase,
    /// The input that it is about; at the top when there is none.
    pub at: Option<Place>,
    /// Links that belong to it.
    pub links: Vec<ScreenLink>,
    /// What belongs to it, in order: the parts of a device check.
    pub items: Vec<Notice>,
}

closed! {
    /// How serious a notice is.
    Severity of screen {
        /// Something went wrong: read it out at once.
        Error,
        /// Something will go wrong.
        Warning,
        /// Something to know.
        Info,
        /// Something went well.
        Success,
    }
}

/// An input, by way and path.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Place {
    /// The index of the way.
    pub way: i32,
    /// The path of the input.
    pub path: String,
}

/// A link that belongs to a text.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ScreenLink {
    /// The address: https.
    pub url: String,
    /// What it says; the address where the server says nothing.
    pub label: String,
}

impl Notice {
    pub(super) fn of(notice: core::Notice) -> Self {
        Notice {
            severity: notice.severity.into(),
            key: notice.key,
            phrase: Phrase::of(notice.text),
            at: notice.at.map(|place| Place { way: index(place.way), path: place.path }),
            links: notice.links.into_iter().map(ScreenLink::of).collect(),
            items: notice.items.into_iter().map(Notice::of).collect(),
        }
    }
}

impl ScreenLink {
    pub(super) fn of(link: core::Link) -> Self {
        ScreenLink { url: link.url, label: link.label }
    }
}
