//! The page before: nothing was sent yet. The person says by which method, or where to.

use std::collections::HashSet;

use super::{
    about::{About, Said},
    drawn::Drawn,
    lists,
};
use crate::{
    idx::{AnswerValue, AuthenticatorKey as Key, Field, MethodType},
    limits::MAX_DRAWN_OPTIONS,
    screen::{
        context::{Context, Form},
        element::{Element, ElementKind},
        input,
        phrase::Phrase,
        way::{Role, Way},
    },
    sort,
};

/// What is said before a method is used: of this authenticator, or of any other.
struct Before {
    key: Option<Key>,
    title: Said,
    hint: Said,
}

const VERIFY: &[Before] = &[
    Before {
        key: Some(Key::Email),
        title: &["verify.email.title"],
        hint: &["verify.email_send.hint", "verify.email_send_plain.hint"],
    },
    Before {
        key: Some(Key::Phone),
        title: &["verify.phone.title"],
        hint: &["verify.phone_send.hint", "verify.phone_send_plain.hint"],
    },
    Before { key: None, title: &["verify.named.title", "verify.unnamed.title"], hint: &[] },
];

const ENROLL: &[Before] = &[
    Before {
        key: Some(Key::Email),
        title: &["enroll.email.title"],
        hint: &["verify.email_send.hint", "verify.email_send_plain.hint"],
    },
    Before { key: Some(Key::Phone), title: &["enroll.phone.title"], hint: &["enroll.phone.hint"] },
    Before { key: None, title: &["enroll.named.title", "enroll.unnamed.title"], hint: &[] },
];

/// What the button of a method says, where it is the only one and where it stands beside others. The first that fits.
const BUTTONS: &[(Key, Option<MethodType>, &str, &str)] = &[
    (Key::Email, None, "verify.email_send.button", "verify.email_send.button"),
    (Key::Phone, Some(MethodType::Sms), "verify.sms.button", "verify.sms.button"),
    (Key::Phone, Some(MethodType::Voice), "verify.voice.button", "verify.voice.button"),
    (Key::OktaVerify, Some(MethodType::Push), "verify.push.button", "option.push.label"),
    (Key::OktaVerify, Some(MethodType::Totp), "option.totp.label", "option.totp.label"),
    (Key::OktaVerify, Some(MethodType::SignedNonce), "option.fastpass.label", "option.fastpass.label"),
    (Key::CustomApp, Some(MethodType::Push), "verify.push.button", "option.push.label"),
];

/// `authenticator-verification-data`: one way for each method, none of them taken by itself, since each sends something.
pub(super) fn draw(context: &Context<'_>, form: &Form<'_>, about: &About<'_>) -> Drawn {
    let methods = Methods::of(form);
    let mut inputs = lists::with_list(context, form, input::of(context, form));
    inputs.elements.retain(|element| !methods.is_at(element));
    inputs.paths.retain(|path| Some(path) != methods.path.as_ref());
    let paths = &inputs.paths;
    // What is taken because there is nothing else, but for the method.
    let taken =
        inputs.sets.first().into_iter().flatten().filter(|set| methods.node.is_none() || set.node != methods.node);
    let taken: Vec<_> = taken.cloned().collect();
    let mut drawn = page(about, "verify", VERIFY);
    for (place, method) in methods.in_order(about).into_iter().enumerate() {
        let label =
            button(about, method.as_ref().or(about.method.as_ref()), methods.values.len() < 2, "way.next.button");
        let way = Way { sets: taken.clone(), ..Way::submit(form, label, paths.clone()) };
        let way = way.role(if place == 0 { Role::Primary } else { Role::Alternative });
        drawn.ways.push(match (&methods.path, method) {
            (Some(path), Some(method)) => way.set(path, methods.node, wire(&methods, &method)),
            _ => way,
        });
    }
    drawn.inputs(inputs)
}

/// `authenticator-enrollment-data`: the phone, and whether it is texted or called.
pub(super) fn draw_enrollment(context: &Context<'_>, form: &Form<'_>, about: &About<'_>) -> Drawn {
    let methods = Methods::of(form);
    let only = match methods.values.as_slice() {
        [] => about.method.clone(),
        [only] => Some(MethodType::from(only.as_str())),
        _ => None,
    };
    let inputs = lists::with_list(context, form, input::of(context, form));
    let label = button(about, only.as_ref(), true, "way.next.button");
    let sets = inputs.sets.first().cloned().unwrap_or_default();
    let way = Way { sets, ..Way::submit(form, label, inputs.paths.clone()) };
    page(about, "enroll", ENROLL).way(way).inputs(inputs)
}

fn page(about: &About<'_>, area: &str, rows: &[Before]) -> Drawn {
    let before = rows.iter().find(|row| row.key.is_none() || row.key == about.key);
    let title = before.map_or_else(|| about.title(&[]), |row| about.title(row.title));
    // Without the method: the page on which it is used has that in its name.
    let name = match &about.key {
        Some(key) => format!("{area}.{}", key.as_str()),
        None => area.to_owned(),
    };
    let hint = before.and_then(|row| about.say(row.hint));
    let drawn = Drawn::new(name, title);
    match hint {
        Some(text) => drawn.hint(text),
        None => drawn,
    }
}

fn button(about: &About<'_>, method: Option<&MethodType>, alone: bool, otherwise: &'static str) -> Phrase {
    let fits = |(key, wanted, _, _): &&(Key, Option<MethodType>, &str, &str)| {
        Some(key) == about.key.as_ref() && (wanted.is_none() || wanted.as_ref() == method)
    };
    let row = BUTTONS.iter().find(fits);
    let key = row.map_or(otherwise, |(_, _, single, beside)| if alone { single } else { beside });
    about.say(&[key]).unwrap_or_else(|| Phrase::ours(otherwise, &[]))
}

/// The methods that a form lets the person choose from.
struct Methods {
    path: Option<String>,
    node: Option<u32>,
    /// As they came, each once.
    values: Vec<String>,
}

impl Methods {
    fn of(form: &Form<'_>) -> Self {
        let mut fields = form.remediation.fields().flat_map(|field| field.fields());
        let open = |field: &Field<'_>| field.name() == "methodType" && field.value().is_none();
        let Some(field) = fields.find(open) else {
            return Methods { path: None, node: None, values: Vec::new() };
        };
        Methods { path: Some(field.dotted_path()), node: Some(field.json().node()), values: values_of(&field) }
    }

    fn is_at(&self, element: &Element) -> bool {
        matches!(&element.kind, ElementKind::Input(input) if self.node == Some(input.node))
    }

    /// In the order of the buttons; one `None` where there is nothing to choose.
    fn in_order(&self, about: &About<'_>) -> Vec<Option<MethodType>> {
        let mut methods: Vec<_> = self.values.iter().map(|value| MethodType::from(value.as_str())).collect();
        let known = about.known.as_ref().is_some_and(|known| known.is_here);
        sort::by_key(&mut methods, |method| (*method == MethodType::SignedNonce) != known);
        if methods.is_empty() { vec![None] } else { methods.into_iter().map(Some).collect() }
    }
}

/// The word on the wire for a method: an alias goes back as it came.
fn wire(methods: &Methods, method: &MethodType) -> AnswerValue {
    let value = methods.values.iter().find(|value| MethodType::from(value.as_str()) == *method);
    AnswerValue::from(value.map_or(method.as_str(), String::as_str))
}

/// The values of a choice, each once, in order.
pub(super) fn values_of(field: &Field<'_>) -> Vec<String> {
    let mut seen = HashSet::new();
    let texts = field.options().take(MAX_DRAWN_OPTIONS).flat_map(|option| option.choices());
    let texts = texts.filter_map(|choice| choice.value.scalar_text()).map(|text| text.into_owned());
    texts.filter(|text| seen.insert(text.clone())).take(MAX_DRAWN_OPTIONS).collect()
}
