//! What a screen is made from: the step, read once, so that everything above is linear in its bytes.

use super::input::Shared;
use crate::idx::{Authenticator, AuthenticatorKey, Remediation, RemediationKind, Step};

/// A step and what is asked about it often.
pub(super) struct Context<'s> {
    pub step: &'s Step,
    /// The remediations, in the server's order.
    pub forms: Vec<Form<'s>>,
    /// The actions beside them, each with its path (`currentAuthenticatorEnrollment.recover`).
    pub actions: Vec<(String, Remediation<'s>)>,
    /// What the inputs of all forms share.
    pub inputs: Shared<'s>,
}

/// One remediation.
#[derive(Clone)]
pub(super) struct Form<'s> {
    pub remediation: Remediation<'s>,
    pub kind: RemediationKind,
    /// What it is about (idx.md section 4.4).
    pub authenticator: Option<Authenticator<'s>>,
}

impl<'s> Context<'s> {
    pub fn of(step: &'s Step) -> Self {
        let form = |remediation: Remediation<'s>| Form {
            remediation,
            kind: remediation.kind(),
            authenticator: remediation.related().find_map(Authenticator::at).or_else(|| step.current_authenticator()),
        };
        let actions = step.actions().into_iter().map(|(path, action)| (path.replace('-', "."), action));
        let forms: Vec<_> = step.remediations().map(form).collect();
        let inputs = Shared::of(step, forms.iter().map(|form: &Form<'_>| form.kind.clone()));
        Context { step, forms, actions: actions.collect(), inputs }
    }
}

impl Form<'_> {
    /// The key of its authenticator.
    pub fn key(&self) -> Option<AuthenticatorKey> {
        self.authenticator?.known_key()
    }
}
