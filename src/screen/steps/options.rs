//! The options of a list of authenticators: one for each thing that a person can do, in words that tell them apart.

use std::{borrow::Cow, collections::HashMap, rc::Rc};

use super::{
    about::{About, names_passkeys},
    groups::Grace,
    methods::values_of,
};
use crate::{
    idx::{AnswerValue, Authenticator, AuthenticatorKey as Key, Field, FieldOption, MethodType},
    limits::{MAX_DRAWN_OPTIONS, MAX_METHODS, MAX_NAME_BYTES},
    screen::{
        address,
        context::{Context, Form},
        element::ChoiceOption,
        input,
        known::{Known, key_by},
        phrase::Phrase,
        way::Preset,
    },
    sort,
};

/// What stands in the second line.
enum Detail {
    Nothing,
    Device,
    Phone,
    Email,
    Description,
}

/// What an option of a key and method is called. The first that fits; `None` is any method.
const LABELS: &[(Key, Option<MethodType>, &str, Detail)] = &[
    (Key::OktaVerify, Some(MethodType::Push), "option.push.label", Detail::Device),
    (Key::OktaVerify, Some(MethodType::Totp), "option.totp.label", Detail::Device),
    (Key::OktaVerify, Some(MethodType::SignedNonce), "option.fastpass.label", Detail::Device),
    (Key::Phone, Some(MethodType::Sms), "option.sms.label", Detail::Phone),
    (Key::Phone, Some(MethodType::Voice), "option.voice.label", Detail::Phone),
    (Key::Phone, None, "option.phone.label", Detail::Phone),
    (Key::Email, None, "option.email.label", Detail::Email),
    (Key::Webauthn, None, "option.passkey.label", Detail::Nothing),
    (Key::CustomApp, None, OTHER, Detail::Device),
];

/// Everything else goes by its own name.
const OTHER: &str = "option.other.label";

/// One option, and what decides about its place.
pub(super) struct Entry<'s> {
    pub drawn: ChoiceOption,
    pub authenticator: Option<Authenticator<'s>>,
    known: Option<Rc<Known>>,
    pub key: Option<Key>,
    pub method: Option<MethodType>,
    id: Option<String>,
    /// It is what the person is being asked for anyway.
    pub is_current: bool,
    /// Which group of the same app it stands in.
    run: usize,
}

/// The options of a field. In a list for verifying, an authenticator with several methods is several things to do, and all
/// passkeys are one.
pub(super) fn of<'s>(
    context: &Context<'s>,
    form: &Form<'s>,
    field: &Field<'s>,
    verifies: bool,
    current: Option<&About<'s>>,
) -> Vec<Entry<'s>> {
    let mut entries: Vec<Entry<'s>> = Vec::new();
    let mut alike: HashMap<(Key, Option<String>, Option<MethodType>), usize> = HashMap::new();
    for option in field.options().take(MAX_DRAWN_OPTIONS) {
        for entry in expanded(context, form, &option, verifies) {
            // Any of the passkeys is accepted; one app that was set up twice asks both devices.
            let same = match (&entry.key, verifies) {
                (Some(Key::Webauthn), true) => Some((Key::Webauthn, None, None)),
                (Some(Key::CustomApp), true) => Some((Key::CustomApp, entry.id.clone(), entry.method.clone())),
                _ => None,
            };
            let is_current = current.is_some_and(|current| entry.is_of(current));
            if let Some(first) = same.as_ref().and_then(|same| alike.get(same)).and_then(|at| entries.get_mut(*at)) {
                first.drawn.nodes.extend(entry.drawn.nodes);
                first.is_current |= is_current;
                continue;
            }
            alike.extend(same.map(|same| (same, entries.len())));
            let run = match entries.last() {
                Some(last) if last.key == entry.key && last.id == entry.id => last.run,
                _ => entries.len(),
            };
            entries.push(Entry { is_current, run, ..entry });
        }
        if entries.len() >= MAX_DRAWN_OPTIONS {
            entries.truncate(MAX_DRAWN_OPTIONS);
            break;
        }
    }
    entries
}

/// The server's order, but: the app on this device first where it is known to be there, else last of its own app; what the
/// person is asked for anyway last of all.
pub(super) fn in_order(entries: &mut Vec<Entry<'_>>) {
    sort::by_key(entries, |entry| {
        let fastpass = entry.method == Some(MethodType::SignedNonce);
        let known = fastpass && entry.known.as_ref().is_some_and(|known| known.is_here);
        (entry.is_current, !known, entry.run, fastpass)
    });
}

/// What looks the same is told apart by its number.
pub(super) fn number(options: &mut [ChoiceOption]) {
    let looks = |option: &ChoiceOption| {
        let text = |phrase: &Option<Phrase>| phrase.as_ref().map(|phrase| phrase.text.clone());
        (option.label.text.clone(), text(&option.detail), text(&option.note))
    };
    let mut counts: HashMap<_, (usize, usize)> = HashMap::new();
    for option in options.iter() {
        counts.entry(looks(option)).or_default().0 += 1;
    }
    for option in options {
        let Some((all, nth)) = counts.get_mut(&looks(option)).filter(|(all, _)| *all > 1) else { continue };
        *nth += 1;
        debug_assert!(nth <= all);
        let number = Phrase::ours("option.nth.detail", &[("n", &nth.to_string())]);
        match &option.detail {
            None => option.detail = Some(number),
            Some(_) => option.note = Some(number),
        }
    }
}

/// One option as the things that a person can do with it.
fn expanded<'s>(context: &Context<'s>, form: &Form<'s>, option: &FieldOption<'s>, verifies: bool) -> Vec<Entry<'s>> {
    let authenticator = option.authenticators().next();
    let method_field = option.fields().find(|field| field.name() == "methodType");
    let preset = method_field.as_ref().and_then(Field::value).and_then(|value| value.scalar_text());
    let by_method = || key_by(&MethodType::from(preset.as_deref()?));
    let known = authenticator.map(|authenticator| context.known(authenticator));
    let key = known.as_ref().and_then(|known| known.key.clone().or_else(by_method));
    let open = method_field.as_ref().filter(|_| preset.is_none());
    let values = open.filter(|_| verifies).map(values_of).unwrap_or_default();
    let brings = input::of_option(context, form, option);
    let entry = |method: Option<&str>, set: Option<&Field<'_>>| {
        let drawn = drawn(option, authenticator, known.as_deref(), key.as_ref(), method);
        // What the option decides by itself is not asked for.
        let own = set.map(|field| field.json().node());
        let fields: Vec<_> = brings.fields.iter().filter(|input| Some(input.node) != own).cloned().collect();
        let method_set = set.zip(method).map(|(field, method)| Preset {
            path: field.dotted_path(),
            node: own,
            value: AnswerValue::from(method),
        });
        let others = brings.sets.iter().filter(|set| own.is_none() || set.node != own).cloned();
        Entry {
            drawn: ChoiceOption {
                sets: method_set.into_iter().chain(others).collect(),
                picks_at_once: !fields.iter().any(|input| input.required && input.preset.is_none()),
                fields,
                ..drawn
            },
            authenticator,
            known: known.clone(),
            key: key.clone(),
            method: method.map(MethodType::from),
            id: option.preset("id").map(Cow::into_owned),
            is_current: false,
            run: 0,
        }
    };
    if values.is_empty() {
        return vec![entry(preset.as_deref(), None)];
    }
    values.iter().take(MAX_METHODS).map(|value| entry(Some(value), open)).collect()
}

fn drawn(
    option: &FieldOption<'_>,
    authenticator: Option<Authenticator<'_>>,
    about: Option<&Known>,
    key: Option<&Key>,
    method: Option<&str>,
) -> ChoiceOption {
    let known = method.map(MethodType::from);
    let row = LABELS
        .iter()
        .find(|(wanted, method, _, _)| Some(wanted) == key && (method.is_none() || method.as_ref() == known.as_ref()));
    let (label, detail) = row.map_or((OTHER, &Detail::Description), |(_, _, label, detail)| (*label, detail));
    let logo = authenticator.and_then(|authenticator| authenticator.json().text("logoUri"));
    let node = option.json().node();
    ChoiceOption {
        label: named(label, option, about.and_then(|about| about.name.as_deref()), key),
        detail: about.and_then(|about| detailed(detail, about)),
        note: None,
        group: None,
        key: authenticator.and_then(Authenticator::key).filter(|key| key.len() <= MAX_NAME_BYTES).map(Cow::into_owned),
        method: method.map(str::to_owned),
        enrollment: option.preset("enrollmentId").map(Cow::into_owned),
        logo: logo.filter(|url| url.len() <= MAX_NAME_BYTES && address::opens(url)).map(Cow::into_owned),
        node,
        nodes: vec![node],
        sets: Vec::new(),
        fields: Vec::new(),
        picks_at_once: true,
    }
}

/// The first line: ours where the table has one, else the name that the server or the organization gave.
fn named(label: &'static str, option: &FieldOption<'_>, name: Option<&str>, key: Option<&Key>) -> Phrase {
    let server = option.label().filter(|text| input::says_something(text, key.map_or("", Key::as_str)));
    match label {
        "option.passkey.label" => match server.filter(|text| names_passkeys(text)) {
            Some(text) => Phrase::server(OTHER, &text),
            None => Phrase::ours(label, &[]),
        },
        "option.push.label" | "option.totp.label" | "option.fastpass.label" => {
            Phrase::ours(label, &[("authenticator", name.unwrap_or("Okta Verify"))])
        }
        OTHER => match (server, name) {
            (Some(text), _) => Phrase::server(OTHER, &text),
            (None, Some(name)) => Phrase::ours(OTHER, &[("authenticator", name)]),
            (None, None) => {
                let key = key.map(Key::as_str).filter(|key| !key.is_empty());
                Phrase::ours("field.other.label", &[("path", key.unwrap_or("authenticator"))])
            }
        },
        _ => Phrase::ours(label, &[]),
    }
}

/// The second line.
fn detailed(detail: &Detail, about: &Known) -> Option<Phrase> {
    let address = |value: &String| Phrase::ours("option.address.detail", &[("address", value)]);
    match detail {
        Detail::Nothing => None,
        Detail::Device => about.nickname.as_ref().or(about.device.as_ref()).map(address),
        Detail::Email => about.email.as_ref().map(address),
        Detail::Phone => about.phone.as_ref().map(|number| match &about.nickname {
            Some(name) => Phrase::ours("option.named.detail", &[("name", name), ("address", number)]),
            None => address(number),
        }),
        Detail::Description => about.description.as_ref().map(|text| Phrase::server("authenticator.description", text)),
    }
}

impl Entry<'_> {
    /// Whether it is what the person is being asked for.
    fn is_of(&self, current: &About<'_>) -> bool {
        let (Some(own), Some(asked)) = (self.authenticator, current.authenticator) else { return false };
        let alike = self.key.is_some() && self.key == current.key;
        let same = match (own.id(), asked.id()) {
            // Nobody has two passwords, whatever their ids are.
            (Some(own), Some(asked)) => own == asked || (alike && self.key == Some(Key::Password)),
            _ => alike,
        };
        same && (self.method.is_none() || current.method.is_none() || self.method == current.method)
    }

    /// How long setting it up may wait, when the step ends at `ends`.
    pub fn grace(&self, ends: Option<i64>) -> Grace {
        self.authenticator.map_or(Grace::None, |authenticator| Grace::of(authenticator, ends))
    }
}
