//! Where authenticators stand in a response, and what each of them is doing there (idx.md sections 3.1 and 6.1).
//!
//! One table for all who ask: the members that hold authenticators, and which of them holds the one that the step is about.
//! It is read once for a response and kept with it, so that an authenticator is asked for its state as often as one likes.

use std::sync::Arc;

use super::{
    authenticator::{Authenticator, AuthenticatorState},
    document::{Document, Json, JsonKind},
    names::RemediationKind as Kind,
    remediation::{Remediation, remediations_of},
};

/// The members of a response that hold authenticators, in the order they are listed.
const PLACES: [&str; 7] = [
    "authenticators",
    "authenticatorEnrollments",
    "currentAuthenticator",
    "currentAuthenticatorEnrollment",
    "enrollmentAuthenticator",
    "recoveryAuthenticator",
    "unenrollmentAuthenticator",
];

/// Those that hold the authenticator that the step is about: the first that is there. Servers send one of the first two;
/// the others are the same one again, or all there is.
const CURRENT: std::ops::Range<usize> = 2..6;

/// What a response says about authenticators, by node.
pub(super) struct Places {
    /// The remediations, in the server's order.
    pub remediations: Vec<u32>,
    /// Every authenticator, place by place.
    pub authenticators: Vec<u32>,
    /// The authenticators that the step is about, the one that counts first.
    pub current: Vec<u32>,
    /// Where the values of the top-level members begin, and what an authenticator in each does; in the order of the text.
    states: Vec<(u32, AuthenticatorState)>,
}

impl Document {
    /// Found at the first look.
    pub(super) fn places(self: &Arc<Self>) -> &Places {
        self.places.get_or_init(|| Places::of(self.root()))
    }
}

impl Places {
    fn of(root: Json<'_>) -> Self {
        let remediations: Vec<_> = remediations_of(root).map(Remediation::node).collect();
        let held = |name: &str| root.present(name).map(Json::unwrap_ion);
        let mut authenticators = Vec::new();
        for value in PLACES.into_iter().filter_map(held) {
            match value.kind() {
                JsonKind::Array => authenticators.extend(value.items().filter_map(Authenticator::at)),
                _ => authenticators.extend(Authenticator::at(value)),
            }
        }
        let current = PLACES[CURRENT].iter().filter_map(|name| Authenticator::at(held(name)?));
        let doing = doing(root);
        let state =
            |(name, value): (Json<'_>, Json<'_>)| (value.node(), state_in(&name.as_str().unwrap_or_default(), doing));
        Places {
            remediations,
            authenticators: authenticators.into_iter().map(Authenticator::node).collect(),
            current: current.map(Authenticator::node).collect(),
            states: root.members().map(state).collect(),
        }
    }

    /// What the authenticator at this node does.
    pub fn state(&self, node: u32) -> AuthenticatorState {
        let after = self.states.partition_point(|(start, _)| *start <= node);
        let place = after.checked_sub(1).and_then(|at| self.states.get(at));
        place.map_or(AuthenticatorState::Available, |(_, state)| *state)
    }
}

/// What an authenticator in the member of this name does, when the current one does this.
fn state_in(member: &str, doing: AuthenticatorState) -> AuthenticatorState {
    match (member, doing) {
        ("authenticatorEnrollments", _) => AuthenticatorState::Enrolled,
        // What the person has is not set up again: it is verified before something else is.
        ("currentAuthenticatorEnrollment", AuthenticatorState::Enrolling) => AuthenticatorState::Authenticating,
        ("currentAuthenticator" | "currentAuthenticatorEnrollment", state) => state,
        ("enrollmentAuthenticator", _) => AuthenticatorState::Enrolling,
        ("recoveryAuthenticator", _) => AuthenticatorState::Recovering,
        _ => AuthenticatorState::Available,
    }
}

/// What the current authenticator is doing: the remediations say.
fn doing(root: Json<'_>) -> AuthenticatorState {
    let telling = remediations_of(root).find_map(|remediation| match remediation.kind() {
        Kind::ResetAuthenticator => Some(AuthenticatorState::Recovering),
        Kind::EnrollAuthenticator
        | Kind::EnrollPoll
        | Kind::EnrollmentChannelData
        | Kind::SelectEnrollmentChannel
        | Kind::AuthenticatorEnrollmentData
        | Kind::EnrollAuthenticatorPromotion
        | Kind::EnrollWebauthnResidentkey
        | Kind::EnrollProfile => Some(AuthenticatorState::Enrolling),
        _ => None,
    });
    telling.unwrap_or(AuthenticatorState::Authenticating)
}

#[cfg(test)]
mod tests {
    use crate::idx::{AuthenticatorState::*, Step};

    #[test]
    fn one_order_of_what_is_current() {
        let members = [
            "authenticators",
            "currentAuthenticator",
            "currentAuthenticatorEnrollment",
            "enrollmentAuthenticator",
            "recoveryAuthenticator",
            "unenrollmentAuthenticator",
        ];
        let step = |from: usize| {
            let held: Vec<_> = members[from..]
                .iter()
                .map(|name| format!(r#""{name}":{{"type":"object","value":{{"id":"{name}","poll":{{"name":"poll","href":"https://a.example/p"}}}}}}"#))
                .collect();
            let forms = r#"{"name":"identify"},{"name":"enroll-authenticator"}"#;
            let body = format!(r#"{{{},"version":"1.0.0","remediation":{{"value":[{forms}]}}}}"#, held.join(","));
            Step::read(body.as_bytes()).unwrap()
        };
        for (from, expected) in [(0, Some(1)), (1, Some(1)), (2, Some(2)), (3, Some(3)), (4, Some(4)), (5, None)] {
            let step = step(from);
            let current = step.current_authenticator();
            let id = |at: usize| members[at].to_owned();
            assert_eq!(current.and_then(|one| one.id()).map(|id| id.into_owned()), expected.map(id), "{from}");
            // Whoever asks for the current one gets this one.
            assert_eq!(step.remediation("identify").unwrap().authenticators().first().copied(), current);
            assert_eq!(step.poll().map(|(poll, _)| poll), current.and_then(|one| one.action("poll")));
        }
        let states: Vec<_> = step(0).authenticators().iter().map(|one| one.state()).collect();
        assert_eq!(states, [Available, Enrolling, Authenticating, Enrolling, Recovering, Available]);
    }
}
