//! The shape of `inspect --json`. Members and their order are fixed: programs read them.

use serde::Serialize;
use serde_json::Value;

/// The whole of it.
#[derive(Serialize)]
pub struct Inspection {
    /// `ion`, `oauth_error` or `api_error`.
    pub kind: &'static str,
    /// The protocol version, as it came.
    pub version: Option<String>,
    /// Whether there is a state handle. The handle itself is a secret.
    pub state_handle: bool,
    /// What the transaction is for, as it came.
    pub intent: Option<String>,
    /// When the state ends, as it came.
    pub expires_at: Option<String>,
    /// The library's word for the step.
    pub status: Option<&'static str>,
    /// Whether there is nothing to answer.
    pub terminal: bool,
    /// Whether the interaction code is here.
    pub success_with_interaction_code: bool,
    /// The ways to go on, in the server's order.
    pub remediations: Vec<Remediation>,
    /// Authenticators and enrolments, each place one entry.
    pub authenticators: Vec<Authenticator>,
    /// All messages, those of fields with their path.
    pub messages: Vec<Message>,
    /// The actions beside the remediations, by wire name.
    pub actions: Vec<String>,
    /// What points at nothing, and what was cut.
    pub unresolved: Vec<String>,
    /// Who signs in, as it came.
    pub user: Option<Value>,
    /// The app that is signed in to, with its links, as it came.
    pub app: Option<Value>,
}

#[derive(Serialize)]
pub struct Remediation {
    pub name: String,
    /// The name where the library knows it, else `other`.
    pub kind: String,
    pub href: Option<String>,
    pub method: String,
    pub refresh_ms: Option<Value>,
    /// The authenticators it is about: id, else key, else type.
    pub authenticators: Vec<String>,
    /// The fields, each followed by those of its nested form.
    pub fields: Vec<Field>,
    /// Where it sends the browser, for a sign-in with another provider.
    pub idp: Option<Idp>,
}

#[derive(Serialize)]
pub struct Idp {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub idp_type: Option<String>,
}

#[derive(Serialize)]
pub struct Field {
    /// Wire names joined by dots.
    pub path: String,
    pub label: Option<String>,
    #[serde(rename = "type")]
    pub field_type: String,
    pub required: bool,
    pub secret: bool,
    pub visible: bool,
    pub mutable: bool,
    pub options: Vec<FieldOption>,
    pub messages: Vec<Message>,
    /// What stands in it already; never the state handle, and nothing of a secret field.
    pub preset: Option<Value>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
}

#[derive(Serialize)]
pub struct FieldOption {
    pub label: Option<String>,
    #[serde(flatten)]
    pub brings: Brings,
}

/// What choosing an option means: a value to send, or a form to fill in.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Brings {
    Value(Value),
    Fields(Vec<Field>),
}

#[derive(Serialize)]
pub struct Authenticator {
    pub id: Option<String>,
    pub key: Option<String>,
    #[serde(rename = "type")]
    pub authenticator_type: Option<String>,
    pub display_name: Option<String>,
    pub methods: Vec<String>,
    pub state: &'static str,
    pub actions: Vec<String>,
    /// What tells one enrolment from another, as it came: a masked address, the name of a device.
    pub profile: Option<Value>,
    /// The number to choose in the app.
    pub number: Option<String>,
    /// The picture to scan, as it came. It may hold the secret of an authenticator that is set up.
    pub qr_code: Option<String>,
    /// What belongs to the challenge, as it came; a shared secret is hidden.
    pub contextual_data: Option<Value>,
}

#[derive(Serialize)]
pub struct Message {
    /// `ERROR`, `WARNING` or `INFO`.
    pub class: &'static str,
    pub key: Option<String>,
    pub text: String,
    pub params: Vec<Value>,
    /// The field it belongs to; `null` for a message of the step.
    pub path: Option<String>,
}
