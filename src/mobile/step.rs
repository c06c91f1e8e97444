//! Steps: what the server asks now, as data.

use super::{
    form::{Copies, Remediation, id_of},
    names::{AuthenticatorKey, AuthenticatorState, Intent, MessageClass, MethodType, StepStatus},
    redacted,
};
use crate::idx;

/// What the server asks now: one response of the protocol, as data. Nothing unknown is an error: it is in the lists by its
/// wire name, and `raw` has the response as it came.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Step {
    /// Which step this is: answers name it.
    pub id: i64,
    /// What it asks for, by all of its remediations.
    pub status: StepStatus,
    /// The HTTP status it came with. A 4xx is an ordinary step: read the messages.
    pub http_status: i32,
    /// Okta's request id, for logs and for Okta's support.
    pub request_id: Option<String>,
    /// What the transaction is for.
    pub intent: Option<Intent>,
    /// The ways to go on, in the server's order: the first is the one it suggests. Names may repeat.
    pub remediations: Vec<Remediation>,
    /// What can be done beside them.
    pub actions: Vec<StepAction>,
    /// Every authenticator and enrolment, each place one entry.
    pub authenticators: Vec<Authenticator>,
    /// The authenticator that the step is about.
    pub current_authenticator: Option<Authenticator>,
    /// What the server says to the person, each once.
    pub messages: Vec<StepMessage>,
    /// The number that the person must choose in their app. Always show it.
    pub number_challenge: Option<String>,
    /// When this state ends, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// Whether there is nothing to answer: the messages say how it ended.
    pub is_terminal: bool,
    /// Whether a message of class `Error` is among the messages.
    pub has_error: bool,
    /// Whether the step verifies the password of a known user.
    pub is_password_challenge: bool,
    /// How long to wait before polling, in milliseconds, where the step is polled.
    pub poll_interval_ms: Option<i64>,
    /// Where a success that brings no tokens here sends the user's browser.
    pub success_redirect: Option<String>,
    /// Where a failure sends the user's browser.
    pub failure_redirect: Option<String>,
    /// The response as it came: JSON. Holds secrets: do not log it.
    pub raw: String,
}

/// An action beside the remediations, with its place as other SDKs write it: `currentAuthenticator-resend`.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct StepAction {
    /// Where it stands.
    pub path: String,
    /// What it is: answered like a remediation.
    pub action: Remediation,
}

/// One authenticator or enrolment in one place of a response (idx.md section 6).
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Authenticator {
    /// Its number within the step.
    pub node: i32,
    /// The server's id. May repeat.
    pub id: Option<String>,
    /// Its key as one of the known ones.
    pub key: Option<AuthenticatorKey>,
    /// The category, for example `phone`; an open set.
    pub authenticator_type: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// What it is doing in this step.
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
    /// The data of this step (a WebAuthn challenge, say) as it came: JSON.
    pub contextual_data: Option<String>,
    /// The rules of it (those of a password, say) as they came: JSON.
    pub settings: Option<String>,
    /// The authenticator as it came: JSON.
    pub raw: String,
}

/// A message to the person (idx.md section 7).
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StepMessage {
    /// The text in the user's language. Untrusted: may contain markup.
    pub text: String,
    /// The i18n key, for example `errors.E0000004`. Decide by it, never by the text.
    pub key: Option<String>,
    /// The parameters of the key, numbers as text.
    pub params: Vec<String>,
    /// How serious it is.
    pub severity: MessageClass,
    /// The field it belongs to, as a dotted path.
    pub path: Option<String>,
    /// Help links. Open only `https` ones.
    pub links: Vec<MessageLink>,
}

/// A link of a message.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MessageLink {
    /// Where it leads.
    pub url: String,
    /// Its caption.
    pub label: Option<String>,
}

redacted!(Step, StepAction, Authenticator);

#[uniffi::export]
impl Step {
    /// The first remediation of this wire name, if the step offers it.
    pub fn remediation(&self, name: String) -> Option<Remediation> {
        self.remediations.iter().find(|remediation| remediation.name == name).cloned()
    }

    /// Whether a message has this i18n key.
    pub fn has_message(&self, key: String) -> bool {
        self.messages.iter().any(|message| message.key.as_ref() == Some(&key))
    }
}

impl Step {
    pub(super) fn of(id: i64, step: &idx::Step) -> Self {
        let copies = Copies::new();
        let allowed = |remediation: &idx::Remediation<'_>| copies.allow(remediation.json().raw().len());
        let action = |(path, action)| StepAction { path, action: Remediation::of(id, action, &copies) };
        let remediations = step.remediations().take_while(allowed);
        let remediations = remediations.map(|remediation| Remediation::of(id, remediation, &copies)).collect();
        let actions = step.actions().into_iter().take_while(|(_, action)| allowed(action));
        Step {
            id,
            status: step.status().into(),
            http_status: step.http_status().into(),
            request_id: step.request_id().map(str::to_owned),
            intent: step.intent().map(Intent::from),
            remediations,
            actions: actions.map(action).collect(),
            authenticators: step.authenticators().into_iter().map(Authenticator::of).collect(),
            current_authenticator: step.current_authenticator().map(Authenticator::of),
            messages: step.distinct_messages().iter().map(StepMessage::of).collect(),
            number_challenge: step.number_challenge().map(String::from),
            expires_at: step.expires_at(),
            is_terminal: step.is_terminal(),
            has_error: step.has_error(),
            is_password_challenge: step.is_password_challenge(),
            poll_interval_ms: step.poll().map(|(_, every)| i64::try_from(every.as_millis()).unwrap_or(i64::MAX)),
            success_redirect: step.success_redirect().map(String::from),
            failure_redirect: step.failure_redirect().map(String::from),
            raw: step.raw().to_owned(),
        }
    }
}

impl Authenticator {
    pub(super) fn of(authenticator: idx::Authenticator<'_>) -> Self {
        let profile = |name| authenticator.profile(name).map(String::from);
        Authenticator {
            node: id_of(authenticator.node()),
            id: authenticator.id().map(String::from),
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
            contextual_data: authenticator.contextual_data().map(|json| json.raw().to_owned()),
            settings: authenticator.settings().map(|json| json.raw().to_owned()),
            raw: authenticator.json().raw().to_owned(),
        }
    }
}

impl StepMessage {
    pub(super) fn of(message: &idx::Message<'_>) -> Self {
        let link = |(url, label): (std::borrow::Cow<'_, str>, Option<std::borrow::Cow<'_, str>>)| MessageLink {
            url: url.into_owned(),
            label: label.map(String::from),
        };
        StepMessage {
            text: message.text().into_owned(),
            key: message.key().map(String::from),
            params: message.params().into_iter().map(String::from).collect(),
            severity: message.class().into(),
            path: message.dotted_path(),
            links: message.links().map(link).collect(),
        }
    }
}
