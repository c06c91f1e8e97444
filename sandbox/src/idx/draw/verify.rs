//! Draws the first page, the choice of an authenticator, and its challenge.

use super::Page;
use crate::account::{Detail, Enrollment};
use crate::factor::{Key, Method};
use crate::idx::authenticator::{authenticator, enrollment};
use crate::idx::form::{Paper, credentials, required};
use crate::idx::options;
use crate::idx::policy::Candidate;
use crate::idx::turn::Turn;
use crate::world::Identify;
use serde_json::{Value, json};

impl Turn<'_> {
    pub(super) fn draw_identify(&self, paper: &Paper, page: &mut Page) {
        let policy = &self.client.policy;
        let mut identifier = required("identifier", "Username");
        if let Some(hint) = &self.tx.asked.login_hint {
            identifier["value"] = hint.clone().into();
        }
        let mut fields = vec![identifier];
        let one_form = policy.identify == Identify::OneForm;
        if one_form {
            fields.push(credentials(vec![json!({"name": "passcode", "label": "Password", "secret": true})]));
        }
        fields.push(json!({"name": "rememberMe", "type": "boolean", "label": "Remember this device"}));
        page.remediations.push(paper.form("identify", "identify", fields));
        if policy.registration {
            page.remediations.push(paper.form("select-enroll-profile", "enroll", Vec::new()));
        }
        if !policy.unlock.is_empty() {
            page.remediations.push(paper.form("unlock-account", "unlock-account", Vec::new()));
        }
        if one_form || self.can_recover() {
            let mut current = authenticator(Key::Password, Key::Password.methods());
            if self.can_recover() {
                current["recover"] = paper.form("recover", "recover", Vec::new());
            }
            page.object("currentAuthenticator", current);
        }
    }

    /// The candidate with this enrolment id.
    pub(super) fn candidate(&self, id: &str) -> Option<Candidate> {
        self.candidates().into_iter().find(|candidate| candidate.enrollment.id == id)
    }

    pub(super) fn current(&self, of: &Enrollment, methods: &[Method]) -> Value {
        let mut current = enrollment(of, methods);
        current["authenticatorId"] = of.key().id().into();
        current
    }

    /// The candidates, and the form to choose one: always on the selection page, beside a challenge when there is a
    /// choice at all.
    pub(super) fn draw_candidates(&self, paper: &Paper, page: &mut Page, always: bool) {
        let candidates = self.candidates();
        let choices: usize = candidates.iter().map(|candidate| candidate.methods.len()).sum();
        if always || choices > 1 {
            page.remediations.push(options::to_authenticate(paper, &candidates));
        }
        let mut keys: Vec<Key> = candidates.iter().map(|candidate| candidate.enrollment.key()).collect();
        keys.dedup();
        page.array("authenticators", keys.iter().map(|key| authenticator(*key, key.methods())).collect());
        let enrollments = candidates.iter().map(|entry| enrollment(&entry.enrollment, &entry.methods)).collect();
        page.array("authenticatorEnrollments", enrollments);
    }

    pub(super) fn draw_challenge(&self, paper: &Paper, page: &mut Page, id: &str, method: Method) {
        let Some(of) = self.account().and_then(|account| account.enrollment(id)) else { return };
        let field = match (&of.detail, method) {
            (Detail::Password, _) => vec![json!({"name": "passcode", "label": "Password", "secret": true})],
            (Detail::OktaVerify(..), _) => vec![options::code_field("totp")],
            // The question is the label of its key, as recorded; clients show it from there or from `contextualData`.
            (Detail::Question { key, question, .. }, _) => vec![
                json!({
                    "name": "questionKey", "label": question, "required": true, "value": key, "visible": false,
                    "mutable": false,
                }),
                json!({"name": "answer", "label": "Answer", "required": true, "secret": true}),
            ],
            _ => vec![options::code_field("passcode")],
        };
        let target = "$.currentAuthenticatorEnrollment";
        let fields = vec![credentials(field)];
        page.remediations.push(paper.about(target, "challenge-authenticator", "challenge/answer", fields));
        let usable = if of.key() == Key::Phone { of.methods() } else { vec![method] };
        let mut current = self.current(of, &usable);
        match &of.detail {
            Detail::Password if self.can_recover() => {
                current["recover"] = paper.form("recover", "recover", Vec::new());
            }
            Detail::Email(_) => {
                current["resend"] = paper.form("resend", "challenge/resend", Vec::new());
                current["poll"] = self.mail_poll(paper);
                current["contextualData"] = json!({"useEmailMagicLink": false});
            }
            Detail::Phone(_) => current["resend"] = paper.form("resend", "challenge/resend", Vec::new()),
            Detail::Question { key, question, .. } => {
                current["contextualData"] = json!({"enrolledQuestion": {"questionKey": key, "question": question}});
            }
            _ => {}
        }
        page.object("currentAuthenticatorEnrollment", current);
        self.draw_candidates(paper, page, false);
    }

    pub(super) fn mail_poll(&self, paper: &Paper) -> Value {
        let mut poll = paper.form("poll", "challenge/poll", Vec::new());
        poll["refresh"] = self.engine.world.limits.poll_interval_ms.into();
        poll
    }
}
