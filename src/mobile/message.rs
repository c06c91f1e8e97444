//! Messages to the person, as data (idx.md section 7).

use std::borrow::Cow;

use super::{about::DeviceRemediation, field::path_of, names::MessageClass};
use crate::idx;

/// A message to the person.
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
    /// What it offers to do with this device.
    pub device_remediation: Option<DeviceRemediation>,
}

/// A link of a message.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MessageLink {
    /// Where it leads.
    pub url: String,
    /// Its caption.
    pub label: Option<String>,
}

impl StepMessage {
    pub(super) fn of(message: &idx::Message<'_>) -> Self {
        let link = |(url, label): (Cow<'_, str>, Option<Cow<'_, str>>)| MessageLink {
            url: url.into_owned(),
            label: label.map(String::from),
        };
        StepMessage {
            text: message.text().into_owned(),
            key: message.key().map(String::from),
            params: message.params().into_iter().map(String::from).collect(),
            severity: message.class().into(),
            path: (!message.path().is_empty()).then(|| path_of(message.path())).flatten(),
            links: message.links().map(link).collect(),
            device_remediation: message.device_remediation().map(DeviceRemediation::of),
        }
    }
}
