//! Authenticators and enrolments: what a person proves who they are with (idx.md section 6).
//!
//! The same authenticator may stand in several places of one response: offered, enrolled, being verified. Each place is
//! one [`Authenticator`] here, with the state that the place gives it, so nothing is merged away.

use std::borrow::Cow;

use super::{
    document::{Json, JsonKind},
    names::{AuthenticatorKey, MethodType},
    remediation::Remediation,
};

/// What an authenticator is doing in this step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthenticatorState {
    /// Offered by the policy.
    Available,
    /// The person has it.
    Enrolled,
    /// Being set up now.
    Enrolling,
    /// Being verified now.
    Authenticating,
    /// Being recovered or reset now.
    Recovering,
}

impl AuthenticatorState {
    /// The state as a word, `snake_case`.
    pub fn as_str(self) -> &'static str {
        match self {
            AuthenticatorState::Available => "available",
            AuthenticatorState::Enrolled => "enrolled",
            AuthenticatorState::Enrolling => "enrolling",
            AuthenticatorState::Authenticating => "authenticating",
            AuthenticatorState::Recovering => "recovering",
        }
    }
}

/// The spellings of the id of the authenticator behind an enrolment (idx.md quirk 44).
const ID_SPELLINGS: [&str; 4] = ["authenticatorId", "authenticatorid", "authenticatorsId", "authenticatorInstanceId"];

/// One authenticator in one place. A view: valid as long as its step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Authenticator<'a> {
    json: Json<'a>,
}

impl<'a> Authenticator<'a> {
    /// The authenticator at this value; `None` for a value that is none (the captcha, a device challenge, a string).
    pub(crate) fn at(json: Json<'a>) -> Option<Self> {
        let is_one = json.kind() == JsonKind::Object
            && json.get("challengeMethod").is_none()
            && ["id", "key", "type"].iter().any(|name| json.get(name).is_some())
            && json.get("siteKey").is_none();
        is_one.then_some(Authenticator { json })
    }

    /// The id: `aut…` for an authenticator, another prefix for an enrolment. May repeat.
    pub fn id(self) -> Option<Cow<'a, str>> {
        self.json.text("id")
    }

    /// The id of the credential behind it, as it came: of a passkey, a token, a card.
    pub fn credential_id(self) -> Option<Cow<'a, str>> {
        self.json.text("credentialId")
    }

    /// The key as it came, for example `okta_email`. Missing on some enrolments.
    pub fn key(self) -> Option<Cow<'a, str>> {
        self.json.text("key")
    }

    /// The key as one of the known ones; where it is missing, inferred from the type where that is certain.
    pub fn known_key(self) -> Option<AuthenticatorKey> {
        if let Some(key) = self.key() {
            return Some(AuthenticatorKey::from(key.as_ref()));
        }
        match self.authenticator_type()?.as_ref() {
            "password" => Some(AuthenticatorKey::Password),
            "email" => Some(AuthenticatorKey::Email),
            "phone" => Some(AuthenticatorKey::Phone),
            "security_question" => Some(AuthenticatorKey::SecurityQuestion),
            "tac" => Some(AuthenticatorKey::TemporaryAccessCode),
            _ => None,
        }
    }

    /// The category, for example `phone`, `app`, `security_key`; an open set.
    pub fn authenticator_type(self) -> Option<Cow<'a, str>> {
        self.json.text("type")
    }

    /// The name to show. May be empty.
    pub fn display_name(self) -> Option<Cow<'a, str>> {
        self.json.text("displayName")
    }

    /// The methods, as they came. Old recordings name them `methodType`.
    pub fn method_names(self) -> Vec<Cow<'a, str>> {
        let methods = self.json.get("methods").map(Json::unwrap_ion);
        methods.into_iter().flat_map(Json::items).filter_map(Authenticator::method_name).collect()
    }

    /// The name of one element of `methods`.
    pub(crate) fn method_name(method: Json<'a>) -> Option<Cow<'a, str>> {
        method.text("type").or_else(|| method.text("methodType")).or_else(|| method.as_str())
    }

    /// The methods as known ones.
    pub fn methods(self) -> Vec<MethodType> {
        self.method_names().iter().map(|name| MethodType::from(name.as_ref())).collect()
    }

    /// The id of the authenticator behind an enrolment, in any of its spellings.
    pub fn authenticator_id(self) -> Option<Cow<'a, str>> {
        ID_SPELLINGS.iter().find_map(|name| self.json.text(name))
    }

    /// What it is doing in this step.
    pub fn state(self) -> AuthenticatorState {
        self.json.document().places().state(self.json.node())
    }

    /// A member of `profile`, masked by the server where it is personal: `email`, `phoneNumber`, `deviceName`.
    pub fn profile(self, name: &str) -> Option<Cow<'a, str>> {
        self.json.get("profile")?.get(name)?.scalar_text()
    }

    /// The policy of the authenticator (password rules, days to expiry), as it came.
    pub fn settings(self) -> Option<Json<'a>> {
        self.json.present("settings")
    }

    /// The data of this step (QR code, number to match, WebAuthn challenge), as it came.
    pub fn contextual_data(self) -> Option<Json<'a>> {
        self.json.present("contextualData")
    }

    /// What a passkey or a token is asked to sign, as it came.
    pub fn challenge_data(self) -> Option<Json<'a>> {
        self.contextual_data()?.present("challengeData")
    }

    /// What a passkey or an app is set up with, as it came.
    pub fn activation_data(self) -> Option<Json<'a>> {
        self.contextual_data()?.present("activationData")
    }

    /// The number the person must choose in their app (number challenge). Always show it.
    pub fn correct_answer(self) -> Option<Cow<'a, str>> {
        self.contextual_data()?.get("correctAnswer")?.scalar_text()
    }

    /// The picture to scan: a `data:image/…;base64,` URL.
    pub fn qr_code(self) -> Option<Cow<'a, str>> {
        self.contextual_data()?.get("qrcode")?.text("href")
    }

    /// The secret to type in where a picture cannot be scanned, in Base32.
    pub fn shared_secret(self) -> Option<Cow<'a, str>> {
        self.contextual_data()?.text("sharedSecret")
    }

    /// The actions of this authenticator (`resend`, `poll`, `send`, `recover`, `cancel`, and any other), with the
    /// member they stand under.
    pub fn actions(self) -> impl Iterator<Item = (Cow<'a, str>, Remediation<'a>)> + use<'a> {
        self.json.members().filter_map(|(key, value)| {
            value.get("href").and_then(|href| href.as_str())?;
            let is_action = value.get("name").is_some() || value.get("rel").is_some() || value.get("method").is_some();
            Some((key.as_str()?, Remediation::at(value).filter(|_| is_action)?))
        })
    }

    /// The action of this name (the member it stands under, or its wire name).
    pub fn action(self, name: &str) -> Option<Remediation<'a>> {
        self.actions().find(|(key, action)| key == name || action.name() == name).map(|(_, action)| action)
    }

    /// The number of this authenticator: stable for the life of the step, unique where ids are not.
    pub fn node(self) -> u32 {
        self.json.node()
    }

    /// The authenticator as it came.
    pub fn json(self) -> Json<'a> {
        self.json
    }
}
