//! `/challenge/answer`: the proof itself. Codes, passwords, answers, and new passwords after recovery or expiry.

use super::message::Message;
use super::transaction::{Passcode, Purpose, Step};
use super::turn::{Turn, Turned};
use crate::account::{Detail, Otp, OtpVerdict};
use crate::factor::{Key, Method};
use std::time::SystemTime;
use subtle::ConstantTimeEq;

impl Turn<'_> {
    /// Takes the answer to the current challenge, enrolment or demand for a new password.
    pub fn answer(&mut self) -> Turned {
        match self.tx.step.clone() {
            Step::Challenge { enrollment, method, code } => self.answer_challenge(&enrollment, method, code.as_ref()),
            Step::Enroll(enrolling) => self.answer_enrollment(enrolling),
            Step::Reenroll { .. } => self.new_password(),
            Step::Reset => {
                let turned = self.new_password();
                if let (Turned::Next(_), Some(account)) = (&turned, self.account_mut()) {
                    // Whoever has set a new password is not locked out by forgotten ones.
                    account.locked = false;
                }
                turned
            }
            _ => Turned::not_now(),
        }
    }

    fn new_password(&mut self) -> Turned {
        if let Some(refused) = self.set_password() {
            return refused;
        }
        if self.tx.purpose == Purpose::Recover {
            self.tx.purpose = Purpose::SignIn;
            if let Some(account) = self.account_mut().filter(|account| !account.has(Key::Password)) {
                account.add(Detail::Password);
            }
        }
        self.tx.prove(Key::Password, Method::Password);
        self.advance();
        Turned::NEXT
    }

    fn answer_challenge(&mut self, enrollment: &str, method: Method, code: Option<&Passcode>) -> Turned {
        let Some(enrollment) = self.account().and_then(|account| account.enrollment(enrollment)).cloned() else {
            return Turned::not_now();
        };
        let key = enrollment.key();
        if key == Key::Password {
            let Some(password) = self.text(&["credentials", "passcode"]) else {
                let message = Message::error("error.password.required", "Please enter a password");
                return Turned::refused(400, message.on(&["credentials", "passcode"]));
            };
            let wrong = Message::error("incorrectPassword", "Password is incorrect");
            if let Some(refused) = self.check_password(&password, wrong) {
                return refused;
            }
            return self.proved(key, method);
        }
        if let Some(suspended) = self.suspended(key) {
            return suspended;
        }
        let refused = match &enrollment.detail {
            Detail::Email(_) | Detail::Phone(_) => self.check_code(code),
            Detail::GoogleOtp(_) => self.check_totp(&enrollment.id, &["credentials", "passcode"]),
            Detail::OktaVerify(..) => self.check_totp(&enrollment.id, &["credentials", "totp"]),
            Detail::Question { answer, .. } => self.check_answer(answer),
            Detail::Password => Some(Message::not_now()),
        };
        match refused {
            None if self.account().is_some_and(|account| account.locked)
                && !self.unlocking()
                && self.tx.purpose != Purpose::Recover =>
            {
                Turned::refused(401, Message::authentication_failed())
            }
            None => self.proved(key, method),
            Some(blank) if self.blank_answer() => Turned::refused(400, Message::blank(blank.field)),
            Some(message) => self.wrong(key, message),
        }
    }

    /// Remembers the proof, and goes on.
    pub fn proved(&mut self, key: Key, method: Method) -> Turned {
        if let Some(account) = self.account_mut() {
            account.wrong_answers.remove(&key);
        }
        self.tx.prove(key, method);
        self.advance();
        Turned::NEXT
    }

    fn blank_answer(&self) -> bool {
        ["passcode", "totp", "answer"].iter().all(|name| self.text(&["credentials", name]).is_none())
    }

    /// Checks a code that was sent. Wrong and too late are told alike.
    pub fn check_code(&self, code: Option<&Passcode>) -> Option<Message> {
        let given = self.text(&["credentials", "passcode"]).unwrap_or_default();
        let right = code.is_some_and(|code| {
            code.expires_at > SystemTime::now() && bool::from(code.value.as_bytes().ct_eq(given.trim().as_bytes()))
        });
        (!right).then(Message::wrong_code)
    }

    fn check_totp(&mut self, enrollment: &str, field: &'static [&'static str]) -> Option<Message> {
        let given = self.text(field).unwrap_or_default();
        let account = self.account_mut()?;
        let known = account.enrollments.iter_mut().find(|known| known.id == enrollment)?;
        let (Detail::GoogleOtp(otp) | Detail::OktaVerify(otp, _)) = &mut known.detail else {
            return Some(Message::not_now());
        };
        totp_message(otp, &given, field)
    }

    fn check_answer(&self, answer: &str) -> Option<Message> {
        const FIELD: &[&str] = &["credentials", "answer"];
        let given = self.text(FIELD).unwrap_or_default();
        let same = |left: &str, right: &str| left.trim().to_lowercase() == right.trim().to_lowercase();
        (!same(&given, answer)).then(|| {
            let text = "Your answer doesn't match our records. Please try again.";
            Message::error("authfactor.challenge.question_factor.answer_invalid", text).on(FIELD)
        })
    }
}

/// Checks a time-based code, and spends it.
pub fn totp_message(otp: &mut Otp, given: &str, field: &'static [&'static str]) -> Option<Message> {
    match otp.check(given.trim()) {
        OtpVerdict::Right => None,
        OtpVerdict::Used => {
            let text = "Each code can only be used once. Please wait for a new code and try again.";
            Some(Message::error("authfactor.challenge.soft_token.used_passcode", text).on(field))
        }
        OtpVerdict::Wrong => {
            let text = "Your code doesn't match our records. Please try again.";
            Some(Message::error("authfactor.challenge.soft_token.invalid_passcode", text).on(field))
        }
    }
}
