//! Choosing an authenticator and starting its challenge: codes are sent, pushes go out.

use super::message::Message;
use super::policy::Candidate;
use super::transaction::{Purpose, Step};
use super::turn::{Turn, Turned};
use crate::account::{Detail, Enrollment};
use crate::factor::{Key, Method};
use crate::outbox::{MailKind, PushStatus};
use crate::random;

impl Turn<'_> {
    /// `/challenge`: an authenticator was chosen, or a rejected push shall be sent again.
    pub fn challenge(&mut self) -> Turned {
        match self.tx.step {
            Step::Select
            | Step::VerificationData { .. }
            | Step::Challenge { .. }
            | Step::Push { .. }
            | Step::PushRejected => {}
            Step::UnlockSelect => return self.challenge_to_unlock(),
            _ => return Turned::not_now(),
        }
        let candidates = self.candidates();
        self.choose(&candidates)
    }

    fn challenge_to_unlock(&mut self) -> Turned {
        let Some(name) = self.text(&["identifier"]) else {
            let message = Message::error("error.username.required", "Please enter a username").on(&["identifier"]);
            return Turned::refused(400, message);
        };
        let known =
            |account: &&crate::account::Account| !account.staged && account.login.eq_ignore_ascii_case(name.trim());
        self.tx.user = self.state.accounts.iter().find(known).map(|account| account.id.clone());
        let candidates = self.candidates();
        if candidates.is_empty() {
            self.tx.user = None;
            let text = "We cannot unlock this account. Please contact your administrator.";
            return Turned::refused(403, Message::error("oie.selfservice.user.unlock.not.allowed", text));
        }
        let turned = self.choose(&candidates);
        if let Turned::Refused(..) = turned {
            self.tx.user = None;
        }
        turned
    }

    fn choose(&mut self, candidates: &[Candidate]) -> Turned {
        const CHOICE: &[&str] = &["authenticator"];
        let id = self.text(&["authenticator", "id"]).unwrap_or_default();
        let enrollment_id = self.text(&["authenticator", "enrollmentId"]);
        let method = self.text(&["authenticator", "methodType"]);
        let key = Key::of_id(&id);
        let chosen = candidates.iter().find(|candidate| {
            key == Some(candidate.enrollment.key())
                && enrollment_id.as_ref().is_none_or(|wanted| *wanted == candidate.enrollment.id)
        });
        let Some(candidate) = chosen else {
            return Turned::refused(400, Message::bad_choice(CHOICE));
        };
        let method = match method {
            Some(name) => match Method::of_wire(&name).filter(|method| candidate.methods.contains(method)) {
                Some(method) => Some(method),
                None => return Turned::refused(400, Message::bad_choice(&["authenticator", "methodType"])),
            },
            None => match candidate.methods.as_slice() {
                // Nothing is sent by merely looking at these; and a push has nothing else to ask.
                [only @ (Method::Password | Method::Otp | Method::Totp | Method::SecurityQuestion | Method::Push)] => {
                    Some(*only)
                }
                _ => None,
            },
        };
        let enrollment = candidate.enrollment.clone();
        let Some(method) = method else {
            self.drop_push();
            self.tx.step = Step::VerificationData { enrollment: enrollment.id };
            return Turned::NEXT;
        };
        if let Some(suspended) = self.suspended(enrollment.key()) {
            return suspended;
        }
        self.drop_push();
        self.begin(&enrollment, method)
    }

    fn begin(&mut self, enrollment: &Enrollment, method: Method) -> Turned {
        let id = enrollment.id.clone();
        let kind = match method {
            Method::Email => Some(MailKind::Email),
            Method::Sms => Some(MailKind::Sms),
            Method::Voice => Some(MailKind::Voice),
            _ => None,
        };
        self.tx.step = match (method, kind, &enrollment.detail) {
            (Method::Push, ..) => self.push(),
            (_, Some(kind), Detail::Email(to) | Detail::Phone(to)) => {
                let code = self.send_code(kind, to);
                Step::Challenge { enrollment: id, method, code: Some(code) }
            }
            _ => Step::Challenge { enrollment: id, method, code: None },
        };
        Turned::NEXT
    }

    fn push(&mut self) -> Step {
        let login = self.account().map(|account| account.login.clone()).unwrap_or_default();
        let mut mail = self.mail(MailKind::Push, &login);
        mail.subject = "Did you just try to sign in?".into();
        mail.text = format!("Sign-in to {}", self.client.label.as_deref().unwrap_or(&self.client.id));
        mail.status = Some(PushStatus::Pending);
        let mut number = None;
        if self.number_challenge() {
            let (right, choices) = random::numbers();
            mail.text.push_str(&format!(". Pick the number that the sign-in shows: {}.", choices.join(", ")));
            mail.correct_answer = Some(right.clone());
            mail.choices = choices;
            number = Some(right);
        }
        let push = mail.id.clone();
        self.state.send(mail);
        Step::Push { push, number }
    }

    /// `/challenge/resend`: the code again, a new one, the old one void.
    pub fn resend(&mut self) -> Turned {
        match self.tx.step.clone() {
            Step::Challenge { enrollment, method, code: Some(_) } => {
                let Some(enrollment) = self.account().and_then(|account| account.enrollment(&enrollment)).cloned()
                else {
                    return Turned::not_now();
                };
                self.begin(&enrollment, method)
            }
            Step::Enroll(enrolling) => self.resend_enrollment(enrolling),
            Step::EnrollPoll { channel, target: Some(target), .. } => {
                self.drop_push();
                self.wait_for_phone(channel, Some(target))
            }
            _ => Turned::not_now(),
        }
    }

    /// Whether an unlock is under way with nothing proved yet.
    pub fn unlocking(&self) -> bool {
        self.tx.purpose == Purpose::Unlock
    }
}
