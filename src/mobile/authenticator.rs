//! Authenticators and enrolments, as data (idx.md section 6).

use super::{
    field::id_of,
    names::{AuthenticatorKey, AuthenticatorState, MethodType},
    redacted,
};
use crate::idx;

/// One authenticator or enrolment in one place of a response.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Authenticator {
    /// Its number within the step: what remediations and options name it by, and what `Step.raw_node` takes.
    pub node: i32,
    /// The id of the authenticator, or of the enrolment where it is one.
    pub id: Option<String>,
    /// The id of the authenticator that an enrolment is one of.
    pub authenticator_id: Option<String>,
    /// The id of the credential behind it: of a passkey, a token, a card.
    pub credential_id: Option<String>,
    /// The key as one of the known ones.
    pub key: Option<AuthenticatorKey>,
    /// Its type, for example `app`.
    pub authenticator_type: Option<String>,
    /// The name in the user's language. Untrusted; never decide by it.
    pub display_name: Option<String>,
    /// What it is doing.
    pub state: AuthenticatorState,
    /// How it can be used.
    pub methods: Vec<MethodType>,
    /// The masked address of an enrolment, for example `a***a@example.com`.
    pub email: Option<String>,
    /// The masked number of an enrolment.
    pub phone_number: Option<String>,
    /// The device of an enrolment.
    pub device_name: Option<String>,
    /// The number that the person must choose in their app. Always show it.
    pub correct_answer: Option<String>,
    /// The picture to scan: a `data:image/…;base64,` URL.
    pub qr_code: Option<String>,
    /// The secret to type in where a picture cannot be scanned, in Base32.
    pub shared_secret: Option<String>,
    /// What a passkey or a token is asked to sign, as it came: JSON.
    pub challenge_data: Option<String>,
    /// What a passkey or an app is set up with, as it came: JSON.
    pub activation_data: Option<String>,
    /// Its rules (those of a password, say), as they came: JSON.
    pub settings: Option<String>,
}

redacted!(Authenticator);

impl Authenticator {
    pub(super) fn of(authenticator: idx::Authenticator<'_>) -> Self {
        let raw = |json: idx::Json<'_>| json.raw().to_owned();
        let profile = |name| authenticator.profile(name).map(String::from);
        Authenticator {
            node: id_of(authenticator.node()),
            id: authenticator.id().map(String::from),
            authenticator_id: authenticator.authenticator_id().map(String::from),
            credential_id: authenticator.credential_id().map(String::from),
            key: authenticator.known_key().map(AuthenticatorKey::from),
            authenticator_type: authenticator.authenticator_type().map(String::from),
            display_name: authenticator.display_name().map(String::from),
            state: authenticator.state().into(),
            methods: authenticator.methods().into_iter().map(MethodType::from).collect(),
            email: profile("email"),
            phone_number: profile("phoneNumber"),
            device_name: profile("deviceName"),
            correct_answer: authenticator.correct_answer().map(String::from),
            qr_code: authenticator.qr_code().map(String::from),
            shared_secret: authenticator.shared_secret().map(String::from),
            challenge_data: authenticator.challenge_data().map(raw),
            activation_data: authenticator.activation_data().map(raw),
            settings: authenticator.settings().map(raw),
        }
    }
}

/// The numbers of authenticators.
pub(super) fn nodes<'a>(all: impl IntoIterator<Item = idx::Authenticator<'a>>) -> Vec<i32> {
    all.into_iter().map(|authenticator| id_of(authenticator.node())).collect()
}
