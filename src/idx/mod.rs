//! The protocol of the Identity Engine: responses read into steps, answers turned into bodies. Pure: no I/O, no clock.
//!
//! The server decides at run time what it asks, so nothing here fails on what it does not know. A [`Step`] is a document
//! with typed views: [`Remediation`], [`Field`], [`FieldOption`], [`Authenticator`], [`Message`]; each reaches the JSON
//! it came from with `json()`. An [`Answer`] is built from a remediation and checked before anything is sent.
//!
//! Sections named in these pages ("idx.md 4.5") are those of `docs/protocol/idx.md`, which says what goes over the wire.

mod about;
mod answer;
mod answer_typed;
mod authenticator;
mod body;
mod body_kind;
mod by_node;
#[cfg(test)]
pub(crate) mod costs;
mod document;
mod field;
mod given;
mod index;
mod message;
mod message_keys;
mod names;
mod parts;
mod passkey;
mod places;
mod relates;
mod remediation;
mod same;
mod status;
mod step;

pub use about::{App, Asker, Captcha, DeviceChallenge, DeviceRemediation, User};
pub use answer::{Answer, AnswerPath, AnswerValue};
pub use authenticator::{Authenticator, AuthenticatorState};
pub use body_kind::BodyKind;
pub use document::{Document, Json, JsonKind};
pub use field::{Choice, Field, FieldOption, FieldPath, FieldType};
pub use message::{Message, MessageClass};
pub use message_keys::{DEVICE_ASSURANCE, DEVICE_ASSURANCE_CUSTOM, MessageKey, REGISTRATION_USER_NAME};
pub use names::{AuthenticatorKey, Intent, MethodType, RemediationKind};
#[cfg(feature = "capi")]
pub(crate) use parts::Part;
pub use passkey::{PasskeyKind, PasskeyRequest};
pub use remediation::Remediation;
pub use status::StepStatus;
pub use step::Step;
