//! Notices: what the server says, each message once, where it belongs.
//!
//! A text is shown as it came, without its markup, unless [the table](rules) says otherwise. What a device check found is one
//! notice with items, in the server's order.

mod device;
mod place;
mod rules;

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use place::Slots;
use rules::{Rule, Says};

use super::{context::Context, element::Element, markup, phrase::Phrase};
use crate::idx::{Message, MessageClass, RemediationKind, Step};

pub(super) use device::ways as device_ways;

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

impl Severity {
    /// Every word.
    pub const ALL: &'static [Severity] = &[Severity::Error, Severity::Warning, Severity::Info, Severity::Success];

    /// The word, `snake_case`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
            Severity::Success => "success",
        }
    }
}

/// The messages of a step, each once, at the input that it is about; the inputs are told which are theirs.
pub(super) fn of(context: &Context<'_>, elements: &mut [Element]) -> Vec<Notice> {
    let step = context.step;
    let mut slots = Slots::of(elements);
    let unsaid = said_elsewhere(context);
    let mut notices: Vec<Notice> = Vec::new();
    let mut known: HashMap<(Option<String>, String), usize> = HashMap::new();
    let mut device = device::Group::new(context);
    for message in step.messages() {
        let key = message.key().unwrap_or_default();
        if unsaid.contains(&key.as_ref()) {
            continue;
        }
        let identity = (message.key().map(|key| key.into_owned()), message.text().into_owned());
        if device::is_part(&key) {
            if let Entry::Vacant(place) = known.entry(identity) {
                place.insert(device.add(&message, &mut notices));
            }
            continue;
        }
        let rule = rules::of(&key);
        let Some(notice) = notice(context, &message, rule) else { continue };
        let slot = slots.of_message(step, &message).or_else(|| slots.only(rule?.asks));
        let index = *known.entry(identity).or_insert_with(|| {
            notices.push(notice);
            notices.len() - 1
        });
        if let (Some(slot), Some(notice)) = (slot, notices.get_mut(index)) {
            notice.at = notice.at.take().or_else(|| slots.place(slot));
            if notice.at.is_some() {
                slots.mark(slot, elements, index);
            }
        }
    }
    notices
}

/// The keys that the screen says by itself: by its title, or by the form that answers it.
fn said_elsewhere(context: &Context<'_>) -> Vec<&'static str> {
    let mut keys = Vec::new();
    for form in &context.forms {
        keys.extend(match form.kind {
            RemediationKind::ReenrollAuthenticatorWarning | RemediationKind::ReenrollCustomPasswordExpiryWarning => {
                Some("idx.password.expiring.message")
            }
            RemediationKind::RequestActivationEmail => Some("idx.expired.activation.token"),
            _ => None,
        });
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// One message in the right words; `None` for one that says nothing.
fn notice(context: &Context<'_>, message: &Message<'_>, rule: Option<&Rule>) -> Option<Notice> {
    let key = message.key().map(|key| key.into_owned());
    let severity = rule.and_then(|rule| rule.severity).unwrap_or(of_class(message.class()));
    let says = rule.map_or(Says::AsSent, |rule| rule.says);
    let says = if key.as_deref().is_some_and(rules::is_custom) { Says::AsSent } else { says };
    let sent = as_sent(message);
    let notice = |text| Notice { severity, key: key.clone(), text, at: None, links: links(message), items: Vec::new() };
    match says {
        Says::Ours(ours) => Some(notice(Phrase::ours(ours, &[]))),
        Says::Parameter => message.params().first().and_then(|text| said(message.key(), text)).or(sent).map(notice),
        Says::Under(title) => {
            let items: Vec<_> = sent.map(notice).into_iter().collect();
            let text = match title {
                "error.app_setup.title" => Phrase::ours(title, &[("authenticator", &authenticator(context.step))]),
                _ => Phrase::ours(title, &[]),
            };
            Some(Notice { links: Vec::new(), items, ..notice(text) })
        }
        Says::AsSent => sent.map(notice),
    }
}

/// The message in the server's words; `None` when they are empty.
fn as_sent(message: &Message<'_>) -> Option<Phrase> {
    said(message.key(), &message.text())
}

/// A text of the server's under the key of its message; `None` for an empty one.
fn said(key: Option<Cow<'_, str>>, text: &str) -> Option<Phrase> {
    let key = key.map_or(Cow::Borrowed("notice.other.text"), |key| Cow::Owned(key.into_owned()));
    let phrase = Phrase::server(key, text);
    (!phrase.text.is_empty()).then_some(phrase)
}

/// The links of a message, and those in its text.
fn links(message: &Message<'_>) -> Vec<Link> {
    let given = message.links().filter(|(url, _)| super::address::opens(url)).map(|(url, label)| {
        let label = label.map(|label| markup::plain(&label).into_owned()).filter(|label| !label.is_empty());
        Link { label: label.unwrap_or_else(|| url.to_string()), url: url.into_owned() }
    });
    let mut links: Vec<_> = given.collect();
    for link in markup::links(&message.text()) {
        if links.iter().all(|known| known.url != link.url) {
            links.push(link);
        }
    }
    links
}

fn of_class(class: MessageClass) -> Severity {
    match class {
        MessageClass::Error => Severity::Error,
        MessageClass::Warning => Severity::Warning,
        MessageClass::Info => Severity::Info,
    }
}

/// What the authenticator that the step is about is called.
fn authenticator(step: &Step) -> String {
    let name = step.current_authenticator().and_then(|current| current.display_name());
    name.filter(|name| !name.is_empty()).map_or("Okta Verify".to_owned(), |name| name.into_owned())
}
