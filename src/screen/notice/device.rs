//! What a check of the device found: many messages in one order, which only together say something. They are one notice: a
//! heading, what is wrong and what can be done as its items, each with its links, help last.

use std::collections::HashSet;

use super::{Notice, Severity, as_sent, links, rules, said};
use crate::{
    idx::{Json, Message, RemediationKind, Step},
    screen::{
        context::Context,
        phrase::Phrase,
        way::{Role, Way},
    },
};

const FAMILIES: [&str; 3] =
    ["idx.error.code.access_denied.device_assurance", "device.assurance.custom", "idx.device_assurance"];

/// The part of the family that says until when the person may go on.
const GRACE: &str = "idx.device_assurance.grace_period";

/// Whether a key is part of a device check.
pub(super) fn is_part(key: &str) -> bool {
    rules::within(key, &FAMILIES)
}

/// What part of the notice a message is.
enum Part {
    /// Until when one may go on.
    Grace,
    /// Begins a way of putting it right.
    Option,
    /// Help with everything.
    Help,
    /// Anything else: an explanation, or a rule of the option before it.
    Rule,
}

fn part(key: &str) -> Part {
    if rules::within(key, &[GRACE]) {
        return Part::Grace;
    }
    let has = |word: &str| key.split('.').any(|part| part.starts_with(word));
    match () {
        () if has("option_index") => Part::Option,
        () if has("additional_help") => Part::Help,
        () => Part::Rule,
    }
}

/// The notice under way.
pub(super) struct Group {
    /// Its index, once it is there.
    at: Option<usize>,
    severity: Severity,
    /// The form says until when one may go on.
    form_says_until: bool,
    /// Rules belong to the last option.
    in_option: bool,
}

impl Group {
    pub fn new(context: &Context<'_>) -> Self {
        let grace = context.forms.iter().any(|form| form.kind == RemediationKind::DeviceAssuranceGracePeriod);
        let severity = if grace { Severity::Warning } else { Severity::Error };
        Group { at: None, severity, form_says_until: grace, in_option: false }
    }

    /// Adds a message; the first one is the heading. The index of the notice.
    pub fn add(&mut self, message: &Message<'_>, notices: &mut Vec<Notice>) -> usize {
        let key = message.key().unwrap_or_default();
        let part = part(&key);
        let is_grace = matches!(part, Part::Grace);
        if is_grace {
            self.severity = Severity::Warning;
        }
        let date = message.params().first().filter(|_| is_grace).cloned();
        let text = match date {
            Some(date) => Some(Phrase::ours("device.grace.hint", &[("date", &date)])),
            None => as_sent(message),
        };
        let next = self.at.unwrap_or(notices.len());
        let Some(text) = text.filter(|_| !(is_grace && self.form_says_until)) else { return next };
        let key = (!key.is_empty()).then(|| key.into_owned());
        let items: Vec<_> = fallback_text(message).into_iter().map(|text| self.item(None, text)).collect();
        let notice = Notice { links: links(message), items, ..self.item(key, text) };
        let Some(head) = self.at.and_then(|at| notices.get_mut(at)) else {
            self.at = Some(next);
            notices.push(notice);
            return next;
        };
        match part {
            Part::Option => self.in_option = true,
            Part::Help => self.in_option = false,
            Part::Grace | Part::Rule => {}
        }
        match head.items.last_mut().filter(|_| self.in_option && matches!(part, Part::Rule)) {
            Some(option) => option.items.push(notice),
            None => head.items.push(notice),
        }
        next
    }

    fn item(&self, key: Option<String>, text: Phrase) -> Notice {
        Notice { severity: self.severity, key, text, at: None, links: Vec::new(), items: Vec::new() }
    }
}

/// What to do about one rule, as the app of the vendor would (idx.md section 10.7).
fn remediation<'a>(message: &Message<'a>) -> Option<Json<'a>> {
    message.json().present("deviceRemediation").map(Json::unwrap_ion)
}

/// What is said where no app can put it right.
fn fallback_text(message: &Message<'_>) -> Option<Phrase> {
    let fallback = remediation(message)?.get("fallback")?.get("message")?;
    let key = fallback.get("i18n").and_then(|i18n| i18n.text("key")).filter(|key| !key.is_empty());
    said(key, &fallback.text("message")?)
}

/// The ways that a device check offers: its app, launched where something can be put right; each address once.
pub(in crate::screen) fn ways(step: &Step) -> Vec<Way> {
    let mut seen = HashSet::new();
    let launch = |message: &Message<'_>| {
        let url = remediation(message)?.get("fallback")?.text("href")?;
        let label = Phrase::ours("enroll.app_open.button", &[("authenticator", "Okta Verify")]);
        let way = Way::launch(label, &url)?.role(Role::Alternative);
        seen.insert(url.into_owned()).then_some(way)
    };
    step.messages().iter().filter_map(launch).collect()
}
