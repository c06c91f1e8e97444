//! Polls: has the push been answered, has the phone been set up? A poll that finds nothing new changes nothing, not even
//! the state handle, so that it never disturbs a form that is being filled in meanwhile.

use super::message::Message;
use super::transaction::Step;
use super::turn::{Turn, Turned};
use crate::account::Detail;
use crate::factor::{Key, Method};
use crate::outbox::PushStatus;

impl Turn<'_> {
    /// `/challenge/poll` and `/authenticators/poll`.
    pub fn poll(&mut self) -> Turned {
        match self.tx.step.clone() {
            Step::Push { push, .. } => match self.push_status(&push) {
                PushStatus::Pending => Turned::Still,
                PushStatus::Approved if !self.account().is_some_and(|account| account.locked) => {
                    self.proved(Key::OktaVerify, Method::Push)
                }
                PushStatus::Expired => {
                    // As recorded: the polling window is over, and nothing is left to answer.
                    let text = "The operation is not allowed.";
                    self.tx.step = super::policy::terminal(400, Message::error("E0000010", text));
                    Turned::NEXT
                }
                _ => {
                    self.tx.step = Step::PushRejected;
                    Turned::NEXT
                }
            },
            Step::EnrollPoll { push, otp, .. } => match self.push_status(&push) {
                PushStatus::Pending => Turned::Still,
                PushStatus::Approved => {
                    let both = Key::OktaVerify.methods().to_vec();
                    self.enrolled(Key::OktaVerify, Detail::OktaVerify(otp, both), Method::Push)
                }
                _ => {
                    self.tx.step = Step::SelectEnroll;
                    Turned::NEXT
                }
            },
            // Mailed codes can be polled for too; nothing here opens the mail elsewhere, so there is never news.
            Step::Challenge { method: Method::Email, .. } | Step::Enroll(super::transaction::Enrolling::Email(_)) => {
                Turned::Still
            }
            _ => Turned::not_now(),
        }
    }
}
