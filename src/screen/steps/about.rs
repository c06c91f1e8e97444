//! What can be said about the authenticator of a form: what it is, how it is used, and the names and addresses in a text.
//!
//! A text is given as a list, the one that says most first: "Type the code we sent to {email}", then "Type the code we sent
//! you". The first whose arguments are all known is said, so that no table has to ask what the server left out.

use std::borrow::Cow;

use crate::{
    idx::{Authenticator, AuthenticatorKey, Json, MethodType},
    screen::{
        context::Form,
        phrase::{Phrase, english},
    },
};

/// Keys of texts, the one that says most first.
pub(super) type Said = &'static [&'static str];

/// The names that products have in every language, for where the server sends none.
const PROPER_NAMES: &[(AuthenticatorKey, &str)] = &[
    (AuthenticatorKey::OktaVerify, "Okta Verify"),
    (AuthenticatorKey::GoogleOtp, "Google Authenticator"),
    (AuthenticatorKey::SymantecVip, "Symantec VIP"),
    (AuthenticatorKey::Duo, "Duo Security"),
    (AuthenticatorKey::RsaToken, "RSA SecurID"),
    (AuthenticatorKey::YubikeyToken, "YubiKey"),
];

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

/// What kind of authenticator it is: its key, else what its type and methods say where that is certain.
pub(in crate::screen) fn key_of(authenticator: Authenticator<'_>) -> Option<AuthenticatorKey> {
    authenticator.known_key().or_else(|| authenticator.methods().iter().find_map(key_by))
}

/// The only kind of authenticator that has this method.
pub(super) fn key_by(method: &MethodType) -> Option<AuthenticatorKey> {
    match method {
        MethodType::Push | MethodType::Totp | MethodType::SignedNonce => Some(AuthenticatorKey::OktaVerify),
        MethodType::Webauthn => Some(AuthenticatorKey::Webauthn),
        _ => None,
    }
}

/// The name to show: the server's, else that of the product, else nothing.
pub(super) fn name_of(authenticator: Authenticator<'_>, key: Option<&AuthenticatorKey>) -> Option<String> {
    let display = authenticator.display_name().filter(|name| !name.trim().is_empty()).map(Cow::into_owned);
    display.or_else(|| {
        let product = PROPER_NAMES.iter().find(|(known, _)| Some(known) == key);
        product.map(|(_, name)| (*name).to_owned())
    })
}

/// A member of the profile that says something.
pub(super) fn profile(authenticator: Authenticator<'_>, name: &str) -> Option<String> {
    authenticator.profile(name).filter(|value| !value.trim().is_empty()).map(Cow::into_owned)
}

/// The authenticator of a form, as far as it is known.
pub(super) struct About<'s> {
    pub authenticator: Option<Authenticator<'s>>,
    pub key: Option<AuthenticatorKey>,
    /// The method in use; nothing where the person has yet to choose it.
    pub method: Option<MethodType>,
    arguments: Vec<(&'static str, String)>,
}

impl<'s> About<'s> {
    pub fn of(form: &Form<'s>) -> Self {
        let authenticator = form.authenticator;
        let key = authenticator.and_then(key_of);
        let mut about = About { authenticator, method: method(form, key.as_ref()), key, arguments: Vec::new() };
        about.learn();
        about
    }

    /// Collects what texts may name.
    fn learn(&mut self) {
        let Some(authenticator) = self.authenticator else { return };
        let data = |name| authenticator.contextual_data()?.text(name).filter(|text| !text.is_empty());
        let address = |name, there| data(name).map(Cow::into_owned).or_else(|| profile(authenticator, there));
        let known = [
            ("authenticator", name_of(authenticator, self.key.as_ref())),
            ("provider", name_of(authenticator, self.key.as_ref())),
            ("email", address("email", "email")),
            ("second", profile(authenticator, "secondaryEmail")),
            ("phone", address("phoneNumber", "phoneNumber")),
            ("device", first_device(authenticator)),
        ];
        self.arguments.extend(known.into_iter().filter_map(|(name, value)| Some((name, value?))));
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
        let raw = self.authenticator.and_then(Authenticator::key);
        // The wire's own spelling of a key that nobody has heard of is long at most as a name may be.
        let parts = [
            self.key.as_ref().map(|key| key.as_str().to_owned()).or_else(|| raw.map(Cow::into_owned)),
            // An app is set up by a channel, whatever it can do afterwards.
            self.channel().map(Cow::into_owned).or_else(|| Some(self.method.as_ref()?.as_str().to_owned())),
        ];
        for part in parts.into_iter().map_while(|part| part) {
            name.push('.');
            name.push_str(&part);
        }
        name
    }

    /// A member of the data of this step.
    pub fn data(&self, name: &str) -> Option<Json<'s>> {
        self.authenticator?.contextual_data()?.present(name).map(Json::unwrap_ion)
    }

    /// The channel by which an app is being set up.
    pub fn channel(&self) -> Option<Cow<'s, str>> {
        let chosen = self.data("selectedChannel").and_then(Json::as_str);
        let shown = || ["qrcode", "samedevice", "devicebootstrap"].into_iter().find(|name| self.data(name).is_some());
        chosen.or_else(|| shown().map(Cow::Borrowed))
    }
}

/// The arguments of a text of ours.
fn names(key: &str) -> impl Iterator<Item = &'static str> {
    let text = english(key).unwrap_or_default();
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// A device that already has the app: the first of them, or the only one.
fn first_device(authenticator: Authenticator<'_>) -> Option<String> {
    let devices = authenticator.contextual_data()?.get("devicebootstrap")?.unwrap_ion().get("enrolledDevices")?;
    let first = devices.as_str().or_else(|| devices.unwrap_ion().items().find_map(Json::as_str));
    first.filter(|name| !name.is_empty()).map(Cow::into_owned)
}

/// The method that a form uses: what it says itself, then what its authenticator has left.
fn method(form: &Form<'_>, key: Option<&AuthenticatorKey>) -> Option<MethodType> {
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
    let methods = form.authenticator.map(Authenticator::methods).unwrap_or_default();
    match (methods.as_slice(), key) {
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
