//! Lists: what to prove with, what to set up, by which channel. The person picks one thing, and that is sent.

use super::{
    about::{About, Said},
    drawn::Drawn,
    form as any_form, groups,
    methods::values_of,
    options,
};
use crate::{
    idx::{Field, FieldOption, RemediationKind as Kind},
    limits::MAX_DRAWN_OPTIONS,
    screen::{
        context::{Context, Form},
        element::{ChoiceElement, ChoiceOption, Element, ElementKind, ListStyle},
        input::{self, FormInputs},
        phrase::Phrase,
        way::{Role, Way},
    },
    sort,
};

/// What each list is for.
struct List {
    name: &'static str,
    title: &'static str,
    hint: Said,
    /// An authenticator with several methods is several things to do.
    verifies: bool,
}

const VERIFY: List = List { name: "select.verify", title: "select.verify.title", hint: &[], verifies: true };
const RECOVER: List = List { name: "select.recover", title: "select.recover.title", ..VERIFY };
const ENROLL: List =
    List { name: "select.enroll", title: "select.enroll.title", hint: &["select.enroll.hint"], verifies: false };
const UNLOCK: List =
    List { name: "select.unlock", title: "unlock.form.title", hint: &["unlock.form.hint"], verifies: true };

/// What the channels are called where the server says only their names.
const CHANNELS: [(&str, &str); 5] = [
    ("qrcode", "channel.qrcode.label"),
    ("email", "channel.email.label"),
    ("sms", "channel.sms.label"),
    ("samedevice", "channel.same.label"),
    ("devicebootstrap", "channel.known.label"),
];

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let list = match form.kind {
        Kind::SelectAuthenticatorEnroll => ENROLL,
        Kind::SelectAuthenticatorUnlockAccount => UNLOCK,
        _ if context.recovers => RECOVER,
        _ => VERIFY,
    };
    let title = Phrase::ours(list.title, &[]);
    let mut inputs = input::of(context, form);
    let Some((place, field)) = inputs.list.take() else {
        return Drawn { name: list.name.to_owned(), title, ..any_form::other(context, form) };
    };
    let (choice, only_current) = choice(context, form, &list, &field);
    let is_unlock = form.kind == Kind::SelectAuthenticatorUnlockAccount;
    let is_first = context.forms.first().is_some_and(|first| first.remediation == form.remediation);
    let label = Phrase::ours("way.next.button", &[]);
    let way = match choice.options.as_slice() {
        // With something to type beside it, or with nothing to choose from, picking alone does not send it.
        _ if is_unlock || inputs.paths.len() > 1 => Way::submit(form, label, inputs.paths.clone()),
        [_] if is_first => Way::submit(form, label, inputs.paths.clone()),
        _ => Way::choose(form, label, inputs.paths.clone()),
    };
    let way = if only_current { way.quiet() } else { way };
    let place = place.min(inputs.elements.len());
    inputs.elements.insert(place, Element::choice(choice));
    let drawn = Drawn::new(list.name, title);
    let drawn = list.hint.first().into_iter().fold(drawn, |drawn, hint| drawn.hint(Phrase::ours(hint, &[])));
    drawn.way(way).inputs(inputs)
}

/// The inputs of a form with its list among them, for a form that is no list but has one.
pub(super) fn with_list<'s>(context: &Context<'s>, form: &Form<'s>, mut inputs: FormInputs<'s>) -> FormInputs<'s> {
    if let Some((place, field)) = inputs.list.take() {
        let (choice, _) = choice(context, form, &VERIFY, &field);
        inputs.elements.insert(place.min(inputs.elements.len()), Element::choice(choice));
    }
    inputs
}

/// The list, and whether there is nothing in it but what the person is asked for anyway.
fn choice(context: &Context<'_>, form: &Form<'_>, list: &List, field: &Field<'_>) -> (ChoiceElement, bool) {
    let is_list = |form: &&Form<'_>| {
        matches!(
            form.kind,
            Kind::SelectAuthenticatorAuthenticate
                | Kind::SelectAuthenticatorEnroll
                | Kind::SelectAuthenticatorUnlockAccount
                | Kind::Skip
        )
    };
    // What is asked for is what the form in front is about; without one nothing is.
    let current = context.forms.first().filter(|first| !is_list(first)).map(About::of);
    let mut entries = options::of(context, form, field, list.verifies, current.as_ref());
    options::in_order(&mut entries);
    let groups = if list.verifies { Vec::new() } else { groups::arrange(context, &mut entries) };
    let only_current = !entries.is_empty() && entries.iter().all(|entry| entry.is_current);
    let mut options: Vec<ChoiceOption> = entries.into_iter().map(|entry| entry.drawn).collect();
    options::number(&mut options);
    let choice = ChoiceElement {
        path: field.dotted_path(),
        node: field.json().node(),
        label: Phrase::ours(list.title, &[]),
        style: ListStyle::List,
        groups,
        options,
    };
    (choice, only_current)
}

/// The channels by which an app can be set up, the one in use last. A channel that is decided already is a link.
pub(super) fn draw_channels(context: &Context<'_>, form: &Form<'_>, about: &About<'_>) -> Drawn {
    let title = Phrase::ours("enroll.channel.title", &[]);
    let mut inputs = input::of(context, form);
    let drawn = Drawn::new(about.name("select.channel"), title.clone());
    let open = |field: &Field<'_>| field.name() == "channel" && field.options().next().is_some();
    let field = form.remediation.fields().flat_map(|field| field.fields()).find(open);
    let asked = |field: &Field<'_>| inputs.elements.iter().any(|element| is_at(element, field.json().node()));
    let Some(field) = field.filter(asked) else {
        let sets = inputs.sets.first().cloned().unwrap_or_default();
        let way = Way::submit(form, Phrase::ours("way.channel.link", &[]), inputs.paths.clone()).role(Role::Link);
        return drawn.way(Way { sets, ..way }).inputs(with_list(context, form, inputs));
    };
    let current = about.channel();
    let values = values_of(&field);
    let mut options: Vec<ChoiceOption> = field.options().take(MAX_DRAWN_OPTIONS).filter_map(channel).collect();
    sort::by_key(&mut options, |option| current.is_some() && option.method.as_deref() == current);
    let choice = ChoiceElement {
        path: field.dotted_path(),
        node: field.json().node(),
        label: title,
        style: ListStyle::List,
        groups: Vec::new(),
        options,
    };
    let node = field.json().node();
    if let Some(element) = inputs.elements.iter_mut().find(|element| is_at(element, node)) {
        *element = Element::choice(choice);
    }
    let way = Way::choose(form, Phrase::ours("way.next.button", &[]), inputs.paths.clone());
    // The only channel there is, or the one in use alone: nothing to choose.
    let nothing_else = values.iter().all(|value| Some(value.as_str()) == current);
    drawn.way(if nothing_else { way.quiet() } else { way }).inputs(inputs)
}

fn channel(option: FieldOption<'_>) -> Option<ChoiceOption> {
    let value = option.value()?.scalar_text()?.into_owned();
    let ours = CHANNELS.iter().find(|(channel, _)| *channel == value).map(|(_, key)| *key);
    let label = option.label().filter(|text| input::says_something(text, &value));
    let label = match (label, ours) {
        (Some(text), _) => Phrase::server("option.other.label", &text),
        (None, Some(key)) => Phrase::ours(key, &[]),
        (None, None) => Phrase::ours("field.other.label", &[("path", &value)]),
    };
    let node = option.json().node();
    Some(ChoiceOption {
        label,
        detail: None,
        note: None,
        group: None,
        key: None,
        method: Some(value),
        enrollment: None,
        logo: None,
        node,
        nodes: vec![node],
        sets: Vec::new(),
        fields: Vec::new(),
        picks_at_once: true,
    })
}

/// Whether an element asks for this field.
fn is_at(element: &Element, node: u32) -> bool {
    match &element.kind {
        ElementKind::Input(input) => input.node == node,
        ElementKind::Choice(choice) => choice.node == node,
        _ => false,
    }
}
