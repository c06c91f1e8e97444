//! What a screen is made from: the step, read once, so that everything above is linear in its bytes.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::{input::Shared, known::Known};
use crate::{
    idx::{Authenticator, AuthenticatorKey, Json, Remediation, RemediationKind, Step},
    limits::MAX_POINTERS,
};

/// A step and what is asked about it often.
pub(super) struct Context<'s> {
    pub step: &'s Step,
    /// The remediations, in the server's order.
    pub forms: Vec<Form<'s>>,
    /// The actions beside them, each with its path (`currentAuthenticatorEnrollment.recover`).
    pub actions: Vec<(String, Remediation<'s>)>,
    /// The authenticator that the step is about.
    pub current: Option<Authenticator<'s>>,
    /// Whether the server knows already who signs in.
    pub knows_user: bool,
    /// Whether this is the way back into an account.
    pub recovers: bool,
    /// What the inputs of all forms share.
    pub inputs: Shared<'s>,
    kinds: HashSet<RemediationKind>,
    known: Knowledge,
    owners: Vec<(&'static str, Option<Authenticator<'s>>)>,
}

/// The members whose actions are known.
const OWNERS: [&str; 7] = [
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "enrollmentAuthenticator",
    "recoveryAuthenticator",
    "unenrollmentAuthenticator",
    "authenticatorChallenge",
    "webauthnAutofillUIChallenge",
];

/// What is known of authenticators, by node.
type Knowledge = RefCell<HashMap<u32, Rc<Known>>>;

/// One remediation.
#[derive(Clone)]
pub(super) struct Form<'s> {
    pub remediation: Remediation<'s>,
    pub kind: RemediationKind,
    /// What it is about: its own `relatesTo`, else what the step is about.
    pub authenticator: Option<Authenticator<'s>>,
    /// What is known of that.
    pub known: Option<Rc<Known>>,
}

impl<'s> Context<'s> {
    pub fn of(step: &'s Step) -> Self {
        let current = step.current_authenticator();
        let mut related = Related::default();
        let known = Knowledge::default();
        let form = |remediation: Remediation<'s>| {
            let authenticator = related.of(remediation).or(current);
            let known = authenticator.map(|one| learn(&known, one));
            Form { remediation, kind: remediation.kind(), authenticator, known }
        };
        let forms: Vec<_> = step.remediations().map(form).collect();
        let inputs = Shared::of(step, forms.iter().map(|form| form.kind.clone()));
        let kinds = forms.iter().map(|form| form.kind.clone()).collect();
        let user = step.member("user");
        Context {
            step,
            forms,
            actions: actions(step),
            current,
            knows_user: user.is_some_and(|user| user.text("identifier").is_some() || user.text("id").is_some()),
            inputs,
            kinds,
            known,
            owners: OWNERS.map(|name| (name, step.member(name).and_then(Authenticator::at))).into(),
            recovers: step.member("recoveryAuthenticator").is_some()
                || step.intent().is_some_and(|intent| intent.as_str().ends_with("RECOVERY")),
        }
    }

    /// What is known of an authenticator.
    pub fn known(&self, authenticator: Authenticator<'_>) -> Rc<Known> {
        learn(&self.known, authenticator)
    }

    /// Whether a remediation of this kind is offered.
    pub fn offers(&self, kind: &RemediationKind) -> bool {
        self.kinds.contains(kind)
    }

    /// The authenticator under which an action stands; `None` for a place whose actions nobody knows. What holds a
    /// challenge instead of an authenticator is about the one of the step.
    pub fn owner(&self, place: &str) -> Option<Option<Authenticator<'s>>> {
        let (_, owner) = self.owners.iter().find(|(name, _)| *name == place)?;
        Some(owner.or(self.current))
    }
}

fn learn(known: &Knowledge, authenticator: Authenticator<'_>) -> Rc<Known> {
    let read = || Rc::new(Known::of(authenticator));
    Rc::clone(known.borrow_mut().entry(authenticator.node()).or_insert_with(read))
}

/// The actions, with their paths in dots. A member beside the remediations may have a hyphen in its own name.
fn actions(step: &Step) -> Vec<(String, Remediation<'_>)> {
    let beside: HashSet<_> = step.json().members().map(|(_, value)| value.node()).collect();
    let mut actions = step.actions();
    for (path, action) in &mut actions {
        if !beside.contains(&action.node()) {
            *path = path.replacen('-', ".", 1);
        }
    }
    actions
}

/// The authenticators that forms name. Many forms name the same one, and following a pointer costs its index.
#[derive(Default)]
struct Related<'s> {
    known: HashMap<&'s str, Option<Authenticator<'s>>>,
}

impl<'s> Related<'s> {
    fn of(&mut self, remediation: Remediation<'s>) -> Option<Authenticator<'s>> {
        let pointer = remediation.json().get("relatesTo").map(Json::raw)?;
        if !self.known.contains_key(pointer) && self.known.len() == MAX_POINTERS {
            return None;
        }
        let find = || remediation.related().take(MAX_POINTERS).find_map(Authenticator::at);
        *self.known.entry(pointer).or_insert_with(find)
    }
}

impl Form<'_> {
    /// The key of its authenticator, also where only type and methods say it.
    pub fn key(&self) -> Option<AuthenticatorKey> {
        self.known.as_ref()?.key.clone()
    }
}
