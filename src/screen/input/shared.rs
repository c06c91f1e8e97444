//! What all forms of a step share when their inputs are read: looked up once, and how much of what is costly may be made.
//!
//! A response may name a thousand forms that each want the same challenge, or fields whose names are longer than their
//! values. No person meets the seventeenth passkey form of a screen; what is left out there is the copy, not the input.

use std::cell::Cell;

use crate::{
    idx::{Authenticator, Json, Remediation, RemediationKind, Step},
    limits::{MAX_INPUT_COPIES, MAX_PATH_BYTES},
};

pub(in crate::screen) struct Shared<'s> {
    /// Passkeys may be offered in the box of the user name.
    pub passkeys_in_username: bool,
    pub captcha: Option<Json<'s>>,
    /// Where the policy of a password may be, beside the authenticator itself.
    policies: [Option<Authenticator<'s>>; 2],
    copies: Cell<u32>,
    paths: Cell<usize>,
}

impl<'s> Shared<'s> {
    pub fn of(step: &'s Step, kinds: impl Iterator<Item = RemediationKind>) -> Self {
        let mut kinds = kinds;
        let policy = |name| step.member(name).and_then(Authenticator::at).filter(|policy| policy.settings().is_some());
        Shared {
            passkeys_in_username: kinds.any(|kind| kind == RemediationKind::ChallengeWebauthnAutofillui),
            captcha: step.member("captcha"),
            policies: [policy("enrollmentAuthenticator"), policy("recoveryAuthenticator")],
            copies: Cell::new(MAX_INPUT_COPIES),
            paths: Cell::new(MAX_PATH_BYTES),
        }
    }

    /// Whose policy a new password has: that of its own authenticator, of the one being set up, or of the one being reset.
    pub fn policy(&self, own: Option<Authenticator<'s>>) -> Option<Authenticator<'s>> {
        let own = own.filter(|own| own.settings().is_some_and(|settings| settings.members().next().is_some()));
        let [enrolling, recovering] = self.policies;
        own.or(enrolling).or(recovering).filter(|_| self.copy())
    }

    /// The challenge of a form for the platform's passkeys.
    pub fn challenge(&self, form: Remediation<'s>) -> Option<String> {
        if self.copy() { form.passkey().map(|request| request.json) } else { None }
    }

    fn copy(&self) -> bool {
        let left = self.copies.get();
        self.copies.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether a path of this length may still be written down.
    pub fn has_room(&self, path: usize) -> bool {
        let left = self.paths.get();
        self.paths.set(left.saturating_sub(path + 1));
        left > path
    }
}
