//! The screen as data: what a person sees and can do, decided by the core. A face draws it, and repeats no rule.

mod ask;
mod draft;
mod element;
mod ending;
mod input;
mod notice;
mod phrase;
mod suggested;
mod way;

use super::redacted;
use crate::screen as core;

pub use draft::Draft;
pub(super) use draft::way_of;
use element::Element;
pub use ending::{Ending, Retry};
use notice::Notice;
pub use phrase::Phrase;
use suggested::Suggested;
use way::Way;

/// What a person sees and can do at one step: draw the title, the notices, the elements in their order, and a button or link
/// for each way. Equal steps give equal screens.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Screen {
    /// `area[.key[.method]]`: `identify`, `verify.okta_email.email`, `ended.unlocked`, `other`. For an app that wants its own
    /// picture for one screen; never decide by a phrase.
    pub name: String,
    /// The heading.
    pub title: Phrase,
    /// Who signs in and to what, where there is something to say about it.
    pub subject: Option<Subject>,
    /// What the server says, each once.
    pub notices: Vec<Notice>,
    /// What to draw, in order.
    pub elements: Vec<Element>,
    /// Everything that can be done, cancel included.
    pub ways: Vec<Way>,
    /// The one default.
    pub suggested: Suggested,
    /// How it ended, when it ended.
    pub ending: Option<Ending>,
}

/// Who signs in, and to what.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Subject {
    /// The user name, as the server knows it.
    pub identifier: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// The app's label.
    pub app: Option<String>,
    /// The address of the app's logo: https. Decoration.
    pub logo: Option<String>,
    /// Links that belong to the app.
    pub links: Vec<SubjectLink>,
    /// The device or browser that asked, where the server says so.
    pub client: Option<SubjectClient>,
}

/// A link that belongs to the app.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SubjectLink {
    /// `home`, `terms` or `privacy`.
    pub what: String,
    /// The address: https.
    pub url: String,
}

/// The device or browser that asked for a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SubjectClient {
    /// The browser, as the server names it.
    pub browser: Option<String>,
    /// The operating system, as the server names it.
    pub os: Option<String>,
    /// Where it is, as the server names it.
    pub place: Option<String>,
}

redacted!(Screen, Subject);

impl Screen {
    pub(super) fn of(screen: core::Screen) -> Self {
        let mut front = screen.front().into_iter().peekable();
        let elements = screen.elements.into_iter().enumerate();
        let elements = elements.map(|(at, element)| Element::of(element, front.next_if_eq(&at).is_some()));
        Screen {
            elements: elements.collect(),
            name: screen.name,
            title: Phrase::of(screen.title),
            subject: screen.subject.map(Subject::of),
            notices: screen.notices.into_iter().map(Notice::of).collect(),
            ways: screen.ways.into_iter().enumerate().map(|(at, way)| Way::of(at, way)).collect(),
            suggested: Suggested::of(screen.suggested),
            ending: screen.ending.map(Ending::of),
        }
    }
}

impl Subject {
    fn of(subject: core::Subject) -> Self {
        let link = |link: core::SubjectLink| SubjectLink { what: link.what.to_owned(), url: link.url };
        let client =
            |client: core::SubjectClient| SubjectClient { browser: client.browser, os: client.os, place: client.place };
        Subject {
            identifier: subject.identifier,
            name: subject.name,
            app: subject.app,
            logo: subject.logo,
            links: subject.links.into_iter().map(link).collect(),
            client: subject.client.map(client),
        }
    }
}

/// An index of the core: of a way, or of a notice.
fn index(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}
