//! Setting up authenticators: choosing one, and proving that it works.

use super::answer::totp_message;
use super::message::Message;
use super::transaction::{Channel, Enrolling, Step};
use super::turn::{Turn, Turned};
use crate::account::{Detail, Otp, QUESTIONS, question_text};
use crate::factor::{Key, Method};
use crate::outbox::{MailKind, PushStatus};

/// Shortest answer to a security question.
const SHORTEST_ANSWER: usize = 4;

impl Turn<'_> {
    /// `/credential/enroll`: an authenticator to set up was chosen, or its number or channel was given.
    pub fn enroll(&mut self) -> Turned {
        match self.tx.step {
            Step::SelectEnroll
            | Step::PhoneData
            | Step::Enroll(_)
            | Step::ChannelData { .. }
            | Step::EnrollPoll { .. } => {}
            _ => return Turned::not_now(),
        }
        let key = self.text(&["authenticator", "id"]).and_then(|id| Key::of_id(&id));
        let Some(key) = key.filter(|key| self.enrollable().contains(key)) else {
            return Turned::refused(400, Message::bad_choice(&["authenticator"]));
        };
        match key {
            Key::Phone => return self.enroll_phone(),
            Key::OktaVerify => return self.enroll_okta_verify(),
            _ => self.drop_push(),
        }
        let step = match key {
            Key::Email => {
                let to = self.account().map(|account| account.email.clone()).unwrap_or_default();
                Enrolling::Email(self.send_code(MailKind::Email, &to))
            }
            Key::GoogleOtp => Enrolling::GoogleOtp(Otp::generate()),
            Key::SecurityQuestion => Enrolling::Question,
            _ => Enrolling::Password,
        };
        self.tx.step = Step::Enroll(step);
        Turned::NEXT
    }

    fn enroll_phone(&mut self) -> Turned {
        let method = match self.text(&["authenticator", "methodType"]) {
            None => Method::Sms,
            Some(name) => match Method::of_wire(&name) {
                Some(method @ (Method::Sms | Method::Voice)) => method,
                _ => return Turned::refused(400, Message::bad_choice(&["authenticator", "methodType"])),
            },
        };
        let Some(number) = self.text(&["authenticator", "phoneNumber"]) else {
            if matches!(self.tx.step, Step::PhoneData) {
                return Turned::refused(400, Message::blank(&["authenticator", "phoneNumber"]));
            }
            self.drop_push();
            self.tx.step = Step::PhoneData;
            return Turned::NEXT;
        };
        let Some(number) = phone_number(&number) else {
            let text = "Unable to initiate factor enrollment: Invalid Phone Number.";
            return Turned::refused(400, Message::error("api.factors.error.sms.invalid_phone", text));
        };
        self.drop_push();
        let kind = if method == Method::Voice { MailKind::Voice } else { MailKind::Sms };
        let code = self.send_code(kind, &number);
        self.tx.step = Step::Enroll(Enrolling::Phone { number, method, code });
        Turned::NEXT
    }

    fn enroll_okta_verify(&mut self) -> Turned {
        let channel = match self.text(&["authenticator", "channel"]) {
            None => Channel::Qr,
            Some(name) => match Channel::of_wire(&name) {
                Some(channel) => channel,
                None => return Turned::refused(400, Message::bad_choice(&["authenticator", "channel"])),
            },
        };
        self.drop_push();
        match channel {
            Channel::Qr => self.wait_for_phone(channel, None),
            Channel::Email | Channel::Sms => {
                self.tx.step = Step::ChannelData { channel };
                Turned::NEXT
            }
        }
    }

    /// `/challenge/send`: where the link for Okta Verify shall go.
    pub fn send_link(&mut self) -> Turned {
        let Step::ChannelData { channel } = self.tx.step else { return Turned::not_now() };
        let (name, target): (&'static [&'static str], _) = match channel {
            Channel::Sms => (&["phoneNumber"], self.text(&["phoneNumber"]).map(|number| phone_number(&number))),
            _ => (&["email"], self.text(&["email"]).map(|email| Some(email).filter(|email| email.contains('@')))),
        };
        match target {
            None => Turned::refused(400, Message::blank(name)),
            Some(None) => Turned::refused(400, Message::bad_choice(name)),
            Some(target) => self.wait_for_phone(channel, target),
        }
    }

    /// Waits for a phone to take over the secret; approving the entry in the outbox stands for that.
    pub fn wait_for_phone(&mut self, channel: Channel, target: Option<String>) -> Turned {
        let login = self.account().map(|account| account.login.clone()).unwrap_or_default();
        let mut mail = self.mail(MailKind::Enroll, target.as_deref().unwrap_or(&login));
        mail.subject = "Set up Okta Verify".into();
        mail.text = "Approving this entry stands for scanning the QR code or opening the link on the phone.".into();
        mail.status = Some(PushStatus::Pending);
        let push = mail.id.clone();
        self.state.send(mail);
        self.tx.step = Step::EnrollPoll { channel, push, target, otp: Otp::generate() };
        Turned::NEXT
    }

    /// A new code for an enrolment that has one.
    pub fn resend_enrollment(&mut self, enrolling: Enrolling) -> Turned {
        let again = match enrolling {
            Enrolling::Email(_) => {
                let to = self.account().map(|account| account.email.clone()).unwrap_or_default();
                Enrolling::Email(self.send_code(MailKind::Email, &to))
            }
            Enrolling::Phone { number, method, .. } => {
                let kind = if method == Method::Voice { MailKind::Voice } else { MailKind::Sms };
                let code = self.send_code(kind, &number);
                Enrolling::Phone { number, method, code }
            }
            _ => return Turned::not_now(),
        };
        self.tx.step = Step::Enroll(again);
        Turned::NEXT
    }

    /// The proof that a new authenticator works.
    pub fn answer_enrollment(&mut self, enrolling: Enrolling) -> Turned {
        const PASSCODE: &[&str] = &["credentials", "passcode"];
        let key = enrolling.key();
        if key != Key::Password
            && let Some(suspended) = self.suspended(key)
        {
            return suspended;
        }
        let needs_code = matches!(key, Key::Email | Key::Phone | Key::GoogleOtp);
        if needs_code && self.text(PASSCODE).is_none() {
            return Turned::refused(400, Message::blank(PASSCODE));
        }
        let (detail, method) = match enrolling {
            Enrolling::Password => {
                if let Some(refused) = self.set_password() {
                    return refused;
                }
                (Detail::Password, Method::Password)
            }
            Enrolling::Email(code) => {
                if let Some(message) = self.check_code(Some(&code)) {
                    return self.wrong(key, message);
                }
                let address = self.account().map(|account| account.email.clone()).unwrap_or_default();
                if let Some(account) = self.account_mut() {
                    account.email_verified = true;
                }
                (Detail::Email(address), Method::Email)
            }
            Enrolling::Phone { number, method, code } => {
                if let Some(message) = self.check_code(Some(&code)) {
                    return self.wrong(key, message);
                }
                (Detail::Phone(number), method)
            }
            Enrolling::GoogleOtp(mut otp) => {
                let given = self.text(PASSCODE).unwrap_or_default();
                if let Some(message) = totp_message(&mut otp, &given, PASSCODE) {
                    return self.wrong(key, message);
                }
                (Detail::GoogleOtp(otp), Method::Otp)
            }
            Enrolling::Question => match self.new_question() {
                Ok(detail) => (detail, Method::SecurityQuestion),
                Err(message) => return Turned::refused(400, message),
            },
        };
        self.enrolled(key, detail, method)
    }

    /// Adds what was set up; having just worked, it counts as a proof.
    pub fn enrolled(&mut self, key: Key, detail: Detail, method: Method) -> Turned {
        if let Some(account) = self.account_mut() {
            account.add(detail);
        }
        self.proved(key, method)
    }

    fn new_question(&self) -> Result<Detail, Message> {
        let key = self.text(&["credentials", "questionKey"]).unwrap_or_default();
        let question = if key == "custom" {
            self.text(&["credentials", "question"]).ok_or_else(|| Message::blank(&["credentials", "question"]))?
        } else if QUESTIONS.iter().any(|(known, _)| *known == key) {
            question_text(&key).to_owned()
        } else {
            return Err(Message::bad_choice(&["credentials", "questionKey"]));
        };
        const ANSWER: &[&str] = &["credentials", "answer"];
        let answer = self.text(ANSWER).unwrap_or_default();
        if answer.trim().chars().count() < SHORTEST_ANSWER {
            let text = format!("The security question answer must be at least {SHORTEST_ANSWER} characters in length");
            let message = Message::error("securityQuestion.answer.tooShort.arg", text);
            return Err(message.param(SHORTEST_ANSWER).on(ANSWER));
        }
        if answer.contains(['<', '>']) || question.contains(['<', '>']) {
            return Err(Message::error("tagsNotAllowed", "Tags are not allowed.").on(ANSWER));
        }
        if answer.len() > 1024 || question.len() > 1024 {
            return Err(Message::bad_choice(ANSWER));
        }
        Ok(Detail::Question { key, question, answer })
    }
}

/// A number in E.164, blanks and punctuation taken out; `None` when it cannot be one.
fn phone_number(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+')?;
    let good = (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (good && !digits.starts_with('0')).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::phone_number;

    #[test]
    fn numbers() {
        assert_eq!(phone_number("+1 (555) 010-0123").as_deref(), Some("+15550100123"));
        for bad in ["", "+", "5550100", "+1555", "+0123456789", "+1555010012x", "+12345678901234567"] {
            assert_eq!(phone_number(bad), None, "{bad}");
        }
    }
}
