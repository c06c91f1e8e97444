//! What is known of an authenticator, read once however many forms and options point at it.
//!
//! Texts are cut to what a person reads, so that a long one is not copied for each form.

use std::{borrow::Cow, cell::Cell};

use crate::{
    idx::{Authenticator, AuthenticatorKey, Json, MethodType},
    limits::{MAX_METHODS, MAX_PHRASE_CHARS, MAX_PICTURE_COPIES},
};

/// The names that products have in every language, for where the server sends none.
const PROPER_NAMES: &[(AuthenticatorKey, &str)] = &[
    (AuthenticatorKey::OktaVerify, "Okta Verify"),
    (AuthenticatorKey::GoogleOtp, "Google Authenticator"),
    (AuthenticatorKey::SymantecVip, "Symantec VIP"),
    (AuthenticatorKey::Duo, "Duo Security"),
    (AuthenticatorKey::RsaToken, "RSA SecurID"),
    (AuthenticatorKey::YubikeyToken, "YubiKey"),
];

/// One authenticator.
pub(super) struct Known {
    /// What it is: its key, else what its type and methods say where that is certain.
    pub key: Option<AuthenticatorKey>,
    /// The methods, as far as they are looked at.
    pub methods: Vec<MethodType>,
    /// The name to show: the server's, else that of the product.
    pub name: Option<String>,
    pub nickname: Option<String>,
    pub description: Option<String>,
    pub email: Option<String>,
    pub second_email: Option<String>,
    pub phone: Option<String>,
    pub device: Option<String>,
    /// Where the link for setting it up was sent.
    pub sent_to: (Option<String>, Option<String>),
    /// A device that has the app already.
    pub other_device: Option<String>,
    /// The channel by which it is being set up.
    pub channel: Option<String>,
    /// The app is on this device.
    pub is_here: bool,
    pictures: Cell<u8>,
}

impl Known {
    pub fn of(authenticator: Authenticator<'_>) -> Self {
        let own = |name| said(authenticator.json().text(name));
        let profile = |name| said(authenticator.profile(name));
        let data = authenticator.contextual_data();
        let of_data = |name| said(data?.text(name));
        let listed = authenticator.json().get("methods").map(Json::unwrap_ion);
        let names = listed.into_iter().flat_map(Json::items).filter_map(Authenticator::method_name).take(MAX_METHODS);
        let methods: Vec<_> = names.map(|name| MethodType::from(cut(&name).as_str())).collect();
        let key = match authenticator.known_key() {
            Some(AuthenticatorKey::Other(name)) => Some(AuthenticatorKey::Other(cut(&name))),
            Some(key) => Some(key),
            None => methods.iter().find_map(key_by),
        };
        let product = PROPER_NAMES.iter().find(|(known, _)| Some(known) == key.as_ref());
        let shown = ["qrcode", "samedevice", "devicebootstrap"].into_iter();
        let shown = || shown.clone().find(|name| data.is_some_and(|data| data.present(name).is_some()));
        Known {
            name: own("displayName").or_else(|| product.map(|(_, name)| (*name).to_owned())),
            nickname: own("nickname").or_else(|| profile("nickname")),
            description: own("description"),
            email: profile("email"),
            second_email: profile("secondaryEmail"),
            phone: profile("phoneNumber"),
            device: profile("deviceName"),
            sent_to: (of_data("email"), of_data("phoneNumber")),
            other_device: data.and_then(first_device),
            channel: of_data("selectedChannel").or_else(|| shown().map(str::to_owned)),
            is_here: authenticator.json().get("deviceKnown").and_then(Json::as_bool).unwrap_or(false),
            methods,
            key,
            pictures: Cell::new(0),
        }
    }

    /// Whether pictures and addresses of this step are drawn once more.
    pub fn may_show(&self) -> bool {
        let shown = self.pictures.get();
        self.pictures.set(shown.saturating_add(1));
        shown < MAX_PICTURE_COPIES
    }
}

/// The only kind of authenticator that has this method.
pub(super) fn key_by(method: &MethodType) -> Option<AuthenticatorKey> {
    match method {
        MethodType::Push | MethodType::Totp | MethodType::SignedNonce => Some(AuthenticatorKey::OktaVerify),
        MethodType::Webauthn => Some(AuthenticatorKey::Webauthn),
        _ => None,
    }
}

/// A device that already has the app: the first of them, or the only one.
fn first_device(data: Json<'_>) -> Option<String> {
    let devices = data.get("devicebootstrap")?.unwrap_ion().get("enrolledDevices")?;
    said(devices.as_str().or_else(|| devices.unwrap_ion().items().find_map(Json::as_str)))
}

/// A text that says something.
fn said(text: Option<Cow<'_, str>>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).map(|text| cut(&text))
}

/// One character more than is drawn, so that it shows that there was more.
fn cut(text: &str) -> String {
    text.chars().take(MAX_PHRASE_CHARS + 1).collect()
}
