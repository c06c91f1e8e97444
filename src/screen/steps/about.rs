//! What can be said about the authenticator of a form: what it is, how it is used, and the names and addresses in a text.
//!
//! A text is given as a list, the one that says most first: "Type the code we sent to {email}", then "Type the code we sent
//! you". The first whose arguments are all known is said, so that no table has to ask what the server left out.

use std::rc::Rc;

use crate::{
    idx::{Authenticator, AuthenticatorKey, Json, MethodType},
    screen::{
        context::Form,
        known::Known,
        phrase::{Phrase, english},
    },
};

/// Keys of texts, the one that says most first.
pub(super) type Said = &'static [&'static str];

/// The names that the server gives passkeys when the organization has given none.
const UNNAMED_PASSKEYS: [&str; 6] = [
    "Security Key or Biometric",
    "Security Key or Biometric Authenticator",
    "FIDO2 (WebAuthn)",
    "Passkey",
    "Passkeys",
    "webauthn",
];

/// Whether an organization gave its passkeys a name of its own.
pub(super) fn names_passkeys(name: &str) -> bool {
    !name.is_empty() && !UNNAMED_PASSKEYS.iter().any(|default| default.eq_ignore_ascii_case(name))
}

/// The authenticator of a form, as far as it is known.
pub(super) struct About<'s> {
    pub authenticator: Option<Authenticator<'s>>,
    pub known: Option<Rc<Known>>,
    pub key: Option<AuthenticatorKey>,
    /// The method in use; nothing where the person has yet to choose it.
    pub method: Option<MethodType>,
    arguments: Vec<(&'static str, String)>,
}

impl<'s> About<'s> {
    pub fn of(form: &Form<'s>) -> Self {
        let known = form.known.clone();
        let key = form.key();
        let mut about = About {
            authenticator: form.authenticator,
            method: method(form, known.as_deref()),
            key,
            known,
            arguments: Vec::new(),
        };
        about.learn();
        about
    }

    /// Collects what texts may name.
    fn learn(&mut self) {
        let Some(known) = self.known.as_deref() else { return };
        let (email, phone) = &known.sent_to;
        let arguments = [
            ("authenticator", &known.name),
            ("provider", &known.name),
            ("email", if email.is_some() { email } else { &known.email }),
            ("second", &known.second_email),
            ("phone", if phone.is_some() { phone } else { &known.phone }),
            ("device", &known.other_device),
        ];
        self.arguments.extend(arguments.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    }

    /// Adds something that texts may name.
    pub fn knowing(mut self, name: &'static str, value: Option<String>) -> Self {
        self.arguments.extend(value.map(|value| (name, value)));
        self
    }

    /// The value of an argument.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The first of these texts whose arguments are all known.
    pub fn say(&self, said: &[&'static str]) -> Option<Phrase> {
        said.iter().find_map(|key| {
            let wanted = self.arguments.iter().filter(|(name, _)| names(key).any(|wanted| wanted == *name));
            let wanted: Vec<_> = wanted.map(|(name, value)| (*name, value.as_str())).collect();
            (wanted.len() == names(key).count()).then(|| Phrase::ours(key, &wanted))
        })
    }

    /// As [`About::say`]; where none can be said, a title that fits anything.
    pub fn title(&self, said: Said) -> Phrase {
        self.say(said).unwrap_or_else(|| Phrase::ours("other.form.title", &[]))
    }

    /// `area.key.method`, as far as they are known.
    pub fn name(&self, area: &str) -> String {
        let mut name = area.to_owned();
        let parts = [
            self.key.as_ref().map(AuthenticatorKey::as_str),
            // An app is set up by a channel, whatever it can do afterwards.
            self.channel().or_else(|| self.method.as_ref().map(MethodType::as_str)),
        ];
        for part in parts.into_iter().map_while(|part| part) {
            name.push('.');
            name.push_str(part);
        }
        name
    }

    /// A member of the data of this step.
    pub fn data(&self, name: &str) -> Option<Json<'s>> {
        self.authenticator?.contextual_data()?.present(name).map(Json::unwrap_ion)
    }

    /// The channel by which an app is being set up.
    pub fn channel(&self) -> Option<&str> {
        self.known.as_ref()?.channel.as_deref()
    }
}

/// The arguments of a text of ours.
fn names(key: &str) -> impl Iterator<Item = &'static str> {
    let text = english(key).unwrap_or_default();
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// The method that a form uses: what it says itself, then what its authenticator has left.
fn method(form: &Form<'_>, known: Option<&Known>) -> Option<MethodType> {
    use AuthenticatorKey as Key;
    let mut open = false;
    for field in form.remediation.fields().flat_map(|field| field.fields()) {
        match field.name() {
            "totp" => return Some(MethodType::Totp),
            "methodType" => match field.value().and_then(Json::scalar_text) {
                Some(method) => return Some(MethodType::from(method.as_ref())),
                None => open = true,
            },
            _ => {}
        }
    }
    let methods = known.map(|known| known.methods.as_slice()).unwrap_or_default();
    match (methods, known.and_then(|known| known.key.as_ref())) {
        _ if open && methods.len() != 1 => None,
        ([method], _) => Some(method.clone()),
        (methods, Some(Key::OktaVerify | Key::CustomApp)) if form.remediation.is_pollable() => {
            methods.contains(&MethodType::Push).then_some(MethodType::Push)
        }
        ([], Some(Key::Password)) => Some(MethodType::Password),
        ([], Some(Key::Email)) => Some(MethodType::Email),
        ([], Some(Key::SecurityQuestion)) => Some(MethodType::SecurityQuestion),
        ([], Some(Key::Webauthn)) => Some(MethodType::Webauthn),
        (methods, _) => methods.first().cloned(),
    }
}
