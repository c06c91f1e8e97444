//! The first page and the ways on from it: who is it, forgotten password, locked account, and back again.

use super::message::Message;
use super::transaction::{Purpose, Step};
use super::turn::{Turn, Turned};
use crate::factor::{Key, Method};
use crate::world::Identify;

impl Turn<'_> {
    /// `/identify`: of the first page, and of recovery.
    pub fn identify(&mut self) -> Turned {
        match self.tx.step {
            Step::Identify | Step::IdentifyRecovery => {}
            _ => return Turned::not_now(),
        }
        let Some(name) = self.text(&["identifier"]) else {
            let message = Message::error("error.username.required", "Please enter a username").on(&["identifier"]);
            return Turned::refused(400, message);
        };
        let one_form = matches!(self.tx.step, Step::Identify) && self.client.policy.identify == Identify::OneForm;
        let known = self
            .state
            .accounts
            .iter()
            .find(|account| !account.staged && account.login.eq_ignore_ascii_case(name.trim()))
            .map(|account| account.id.clone());
        if one_form {
            return self.identify_with_password(known);
        }
        let Some(user) = known else {
            // As the org does: said, but no failure, and the page stays.
            let shown: String = name.chars().filter(|letter| !letter.is_control()).take(100).collect();
            let text = format!("There is no account with the Username {shown}.");
            return Turned::Next(vec![Message::info("idx.unknown.user", text)]);
        };
        self.tx.user = Some(user);
        if matches!(self.tx.step, Step::IdentifyRecovery) {
            self.tx.purpose = Purpose::Recover;
        }
        self.advance();
        Turned::NEXT
    }

    fn identify_with_password(&mut self, known: Option<String>) -> Turned {
        let Some(password) = self.text(&["credentials", "passcode"]) else {
            let message = Message::error("error.password.required", "Please enter a password");
            return Turned::refused(400, message.on(&["credentials", "passcode"]));
        };
        let Some(user) = known else {
            self.state.passwords += 1;
            return Turned::refused(401, Message::authentication_failed());
        };
        self.tx.user = Some(user);
        if let Some(refused) = self.check_password(&password, Message::authentication_failed()) {
            // The page asks again who it is, so nobody is known.
            self.tx.user = None;
            return refused;
        }
        self.tx.prove(Key::Password, Method::Password);
        self.advance();
        Turned::NEXT
    }

    /// `/identify/select`: back to the first page.
    pub fn select_identify(&mut self) -> Turned {
        if !matches!(self.tx.step, Step::EnrollProfile | Step::IdentifyRecovery | Step::UnlockSelect) {
            return Turned::not_now();
        }
        self.tx.restart();
        Turned::NEXT
    }

    /// `/recover`: forgotten password, from the first page or from the challenge for the password.
    pub fn recover(&mut self) -> Turned {
        if !self.can_recover() {
            return Turned::not_now();
        }
        match self.tx.step {
            Step::Identify => self.tx.step = Step::IdentifyRecovery,
            _ => {
                self.tx.purpose = Purpose::Recover;
                self.advance();
            }
        }
        Turned::NEXT
    }

    /// Whether the step offers recovery.
    pub fn can_recover(&self) -> bool {
        !self.client.policy.recovery.is_empty()
            && self.tx.purpose == Purpose::SignIn
            && matches!(self.tx.step, Step::Identify | Step::Challenge { method: Method::Password, .. })
    }

    /// `/unlock-account`: from the first page.
    pub fn unlock_account(&mut self) -> Turned {
        if self.client.policy.unlock.is_empty() || !matches!(self.tx.step, Step::Identify) {
            return Turned::not_now();
        }
        self.tx.purpose = Purpose::Unlock;
        self.tx.step = Step::UnlockSelect;
        Turned::NEXT
    }

    /// `/cancel`: everything from the beginning, under the same interaction handle.
    pub fn cancel(&mut self) -> Turned {
        self.drop_push();
        if let Some(code) = self.tx.code.take() {
            self.state.grants.codes.remove(&code);
        }
        self.tx.restart();
        Turned::NEXT
    }

    /// `/skip`: what may be skipped.
    pub fn skip(&mut self) -> Turned {
        match &self.tx.step {
            Step::Reenroll { warning: true } => self.tx.warned = true,
            Step::SelectEnroll
            | Step::PhoneData
            | Step::Enroll(_)
            | Step::ChannelData { .. }
            | Step::EnrollPoll { .. }
                if self.can_skip_enrollment() =>
            {
                self.drop_push();
                let open: Vec<usize> = self.open_stages().into_iter().map(|(at, _)| at).collect();
                self.tx.skipped.extend(open);
            }
            _ => return Turned::not_now(),
        }
        self.advance();
        Turned::NEXT
    }
}
