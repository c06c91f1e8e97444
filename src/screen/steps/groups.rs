//! What must be set up now, what soon, and what if one likes.

use std::{borrow::Cow, collections::HashSet};

use super::options::Entry;
use crate::{
    idx::{Authenticator, AuthenticatorKey as Key, Json, RemediationKind},
    screen::{context::Context, element::Group, phrase::Phrase},
    sort,
};

/// The groups, in order.
const GROUPS: [(&str, &str); 3] =
    [("now", "group.now.label"), ("soon", "group.soon.label"), ("optional", "group.optional.label")];

/// What an authenticator is for, by `allowedFor`.
const USAGES: [(&str, &str); 3] =
    [("sso", "usage.sign_in.note"), ("recovery", "usage.recovery.note"), ("any", "usage.both.note")];

/// How long setting up an authenticator may wait.
#[derive(PartialEq, Eq)]
pub(super) enum Grace {
    /// Nobody says.
    None,
    /// Until a date, as it came.
    Until(Option<String>),
    /// So many times.
    Skips(u64),
    /// No longer.
    Over,
}

impl Grace {
    /// `ends` is when the step ends: a screen has no clock, and what ends before the step does is over for the person.
    pub fn of(authenticator: Authenticator<'_>, ends: Option<i64>) -> Self {
        let Some(grace) = authenticator.json().present("gracePeriod") else { return Grace::None };
        if let Some(skips) = grace.get("remainingSkips").and_then(Json::as_u64) {
            return if skips > 0 { Grace::Skips(skips) } else { Grace::Over };
        }
        let Some(expiry) = grace.text("expiry") else { return Grace::None };
        let format = &time::format_description::well_known::Rfc3339;
        match time::OffsetDateTime::parse(&expiry, format) {
            Ok(date) if ends.is_some_and(|ends| date.unix_timestamp() <= ends) => Grace::Over,
            Ok(_) => Grace::Until(Some(expiry.into_owned())),
            Err(_) => Grace::Until(None),
        }
    }

    fn note(&self) -> Option<Phrase> {
        match self {
            Grace::Until(Some(date)) => Some(Phrase::ours("grace.date.note", &[("date", date)])),
            Grace::Skips(count) => Some(Phrase::ours("grace.skips.note", &[("count", &count.to_string())])),
            _ => None,
        }
    }
}

/// Sorts a list for setting up into its groups and notes what is said of each option. No groups where there is only one.
pub(super) fn arrange(context: &Context<'_>, entries: &mut Vec<Entry<'_>>) -> Vec<Group> {
    let ends = context.step.expires_at();
    let can_skip = context.forms.iter().any(|form| form.kind == RemediationKind::Skip);
    let has = Enrolled::of(context);
    for entry in entries.iter_mut() {
        let grace = entry.grace(ends);
        entry.drawn.group = Some(match grace {
            Grace::Until(_) | Grace::Skips(_) => "soon",
            Grace::None if can_skip => "optional",
            Grace::None | Grace::Over => "now",
        });
        let another = || has.another(entry).then(|| Phrase::ours("option.another.note", &[]));
        entry.drawn.note = grace.note().or_else(another).or_else(|| usage(entry.authenticator?));
    }
    let rank = |entry: &Entry<'_>| GROUPS.iter().position(|(name, _)| Some(*name) == entry.drawn.group);
    sort::by_key(entries, rank);
    let used: HashSet<_> = entries.iter().filter_map(|entry| entry.drawn.group).collect();
    if used.len() < 2 {
        entries.iter_mut().for_each(|entry| entry.drawn.group = None);
        return Vec::new();
    }
    let groups = GROUPS.iter().filter(|(name, _)| used.contains(name));
    groups.map(|(name, label)| Group { name, label: Phrase::ours(label, &[]) }).collect()
}

fn usage(authenticator: Authenticator<'_>) -> Option<Phrase> {
    let allowed = authenticator.json().text("allowedFor")?;
    let (_, note) = USAGES.iter().find(|(word, _)| allowed.eq_ignore_ascii_case(word))?;
    Some(Phrase::ours(note, &[]))
}

/// What the person has already.
struct Enrolled<'s> {
    keys: HashSet<Key>,
    ids: HashSet<Cow<'s, str>>,
}

impl<'s> Enrolled<'s> {
    fn of(context: &Context<'s>) -> Self {
        let list = context.step.member("authenticatorEnrollments");
        let all: Vec<_> = list.into_iter().flat_map(Json::items).filter_map(Authenticator::at).collect();
        Enrolled {
            keys: all.iter().filter_map(|one| context.known(*one).key.clone()).collect(),
            ids: all.iter().flat_map(|one| one.authenticator_id().into_iter().chain(one.id())).collect(),
        }
    }

    /// Whether one like it is there. Of some keys an organization has several authenticators: those go by their ids.
    fn another(&self, entry: &Entry<'_>) -> bool {
        match &entry.key {
            Some(Key::ExternalIdp | Key::CustomApp | Key::CustomOtp | Key::Other(_)) | None => {
                entry.authenticator.and_then(Authenticator::id).is_some_and(|id| self.ids.contains(&id))
            }
            Some(key) => self.keys.contains(key),
        }
    }
}
