//! Remediations: the ways to go on, as data (idx.md section 4).

use super::{
    authenticator,
    field::{Field, id_of},
    names::{PasskeyKind, RemediationKind},
    redacted,
};
use crate::idx;

/// One way to go on: a form, or an address for the user's browser. `Step.answer` answers it.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Remediation {
    /// Its number within the step: unique where names are not.
    pub id: i32,
    /// The wire name, for example `challenge-authenticator`.
    pub name: String,
    /// The name as one of the known ones.
    pub kind: RemediationKind,
    /// Whether it is a form that can be answered.
    pub is_form: bool,
    /// Whether it is polled instead of answered.
    pub is_pollable: bool,
    /// The address to open in the user's browser, where it is no form (social sign-in, smart card).
    pub navigation: Option<String>,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// The numbers of the authenticators it is about: `Step.authenticator` has them.
    pub authenticators: Vec<i32>,
    /// The identity provider of a redirect.
    pub idp: Option<IdentityProvider>,
}

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct IdentityProvider {
    /// Its id.
    pub id: String,
    /// Its name, to show.
    pub name: String,
    /// Its type, for example `GOOGLE`; an open set.
    pub provider_type: Option<String>,
}

/// An action beside the remediations, with its place as other SDKs write it: `currentAuthenticator-resend`.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct StepAction {
    /// Where it stands.
    pub path: String,
    /// What it is: answered like a remediation.
    pub action: Remediation,
}

/// What to give the platform's passkeys.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct PasskeyRequest {
    /// What the platform is to do.
    pub kind: PasskeyKind,
    /// The options in the words of Web Authentication Level 3, which Credential Manager and browsers take: a JSON object.
    pub json: String,
}

redacted!(Remediation, StepAction, PasskeyRequest);

impl Remediation {
    pub(super) fn of(remediation: idx::Remediation<'_>) -> Self {
        let idp = remediation.idp().map(|(id, name)| IdentityProvider {
            id: id.into_owned(),
            name: name.into_owned(),
            provider_type: remediation.idp_type().map(String::from),
        });
        Remediation {
            id: id_of(remediation.node()),
            name: remediation.name().into_owned(),
            kind: remediation.kind().into(),
            is_form: remediation.is_form(),
            is_pollable: remediation.is_pollable(),
            navigation: remediation.navigation().map(String::from),
            fields: remediation.fields().map(|field| Field::of(&field)).collect(),
            authenticators: authenticator::nodes(remediation.authenticators()),
            idp,
        }
    }
}

impl From<idx::PasskeyRequest> for PasskeyRequest {
    fn from(request: idx::PasskeyRequest) -> Self {
        PasskeyRequest { kind: request.kind.into(), json: request.json }
    }
}
