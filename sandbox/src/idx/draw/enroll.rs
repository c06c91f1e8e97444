//! Draws what sets something up: the choice of an authenticator, its enrolment, and new passwords.

use super::Page;
use crate::account::QUESTIONS;
use crate::factor::Key;
use crate::idx::authenticator::{authenticator, enrollment, masked_email, masked_phone, password_settings};
use crate::idx::form::{Paper, credentials, fixed};
use crate::idx::message::Message;
use crate::idx::options;
use crate::idx::qr;
use crate::idx::transaction::{Channel, Enrolling};
use crate::idx::turn::Turn;
use crate::world::PasswordState;
use serde_json::{Value, json};

impl Turn<'_> {
    /// What can be set up, and the form to choose: always on the selection page, beside an enrolment when there is a
    /// choice at all; and `skip` when nothing of it is demanded.
    pub(super) fn draw_enrollable(&self, paper: &Paper, page: &mut Page, always: bool) {
        let keys = self.enrollable();
        if always || keys.len() > 1 {
            page.remediations.push(options::to_enroll(paper, &keys));
        }
        if self.can_skip_enrollment() {
            page.remediations.push(paper.form("skip", "skip", Vec::new()));
        }
        page.array("authenticators", keys.iter().map(|key| authenticator(*key, key.methods())).collect());
        let enrolled = self.account().map(|account| account.enrollments.as_slice()).unwrap_or_default();
        let enrolled = enrolled.iter().map(|known| enrollment(known, &known.methods())).collect();
        page.array("authenticatorEnrollments", enrolled);
    }

    pub(super) fn draw_enroll(&self, paper: &Paper, page: &mut Page, enrolling: &Enrolling) {
        let key = enrolling.key();
        let mut current = authenticator(key, key.methods());
        let fields = match enrolling {
            Enrolling::Password => {
                current["settings"] = self.settings(false);
                credentials(vec![json!({"name": "passcode", "label": "Enter password", "secret": true})])
            }
            Enrolling::Question => options::questions(),
            _ => credentials(vec![options::code_field("passcode")]),
        };
        match enrolling {
            Enrolling::Email(_) => {
                current["resend"] = paper.form("resend", "challenge/resend", Vec::new());
                current["poll"] = self.mail_poll(paper);
                if let Some(account) = self.account() {
                    current["profile"] = json!({"email": masked_email(&account.email)});
                }
            }
            Enrolling::Phone { number, method, .. } => {
                current = authenticator(key, &[*method]);
                current["resend"] = paper.form("resend", "challenge/resend", Vec::new());
                current["profile"] = json!({"phoneNumber": masked_phone(number)});
            }
            Enrolling::GoogleOtp(otp) => {
                let secret = otp.base32();
                current["contextualData"] = json!({"sharedSecret": secret});
                if let Some(image) = self.qr(&secret) {
                    current["contextualData"]["qrcode"] = image;
                }
            }
            Enrolling::Question => {
                let questions: Vec<Value> =
                    QUESTIONS.iter().map(|(key, text)| json!({"questionKey": key, "question": text})).collect();
                let keys: Vec<&str> = QUESTIONS.iter().map(|(key, _)| *key).chain(["custom"]).collect();
                current["contextualData"] = json!({"questions": questions, "questionKeys": keys});
            }
            Enrolling::Password => {}
        }
        let target = "$.currentAuthenticator";
        page.remediations.push(paper.about(target, "enroll-authenticator", "challenge/answer", vec![fields]));
        page.object("currentAuthenticator", current);
        self.draw_enrollable(paper, page, false);
    }

    pub(super) fn draw_enroll_poll(
        &self,
        paper: &Paper,
        page: &mut Page,
        channel: Channel,
        target: Option<&str>,
        secret: &str,
    ) {
        let mut poll = paper.about("$.currentAuthenticator", "enroll-poll", "challenge/poll", Vec::new());
        poll["refresh"] = self.engine.world.limits.poll_interval_ms.into();
        page.remediations.push(poll);
        page.remediations.push(options::enrollment_channel(paper));
        let mut current = authenticator(Key::OktaVerify, Key::OktaVerify.methods());
        let mut context = json!({"selectedChannel": channel.wire()});
        match (channel, target) {
            (Channel::Qr, _) => {
                if let Some(image) = self.qr(secret) {
                    context["qrcode"] = image;
                }
            }
            (Channel::Email, Some(target)) => {
                context["email"] = target.into();
                current["resend"] = paper.form("resend", "challenge/resend", vec![fixed("email", target)]);
            }
            (Channel::Sms, Some(target)) => {
                context["phoneNumber"] = target.into();
                current["resend"] = paper.form("resend", "challenge/resend", vec![fixed("phoneNumber", target)]);
            }
            _ => {}
        }
        current["contextualData"] = context;
        page.object("currentAuthenticator", current);
        self.draw_enrollable(paper, page, false);
    }

    pub(super) fn draw_new_password(&self, paper: &Paper, page: &mut Page, warning: bool) {
        let elsewhere = self.account().is_some_and(|account| {
            matches!(account.password_state, PasswordState::Elsewhere | PasswordState::ElsewhereSoon)
        });
        let name = match (elsewhere, warning) {
            (false, false) => "reenroll-authenticator",
            (false, true) => "reenroll-authenticator-warning",
            (true, false) => "reenroll-custom-password-expiry",
            (true, true) => "reenroll-custom-password-expiry-warning",
        };
        let mut form = new_password(paper, name, "$.currentAuthenticator");
        if elsewhere {
            form["customExpiredPasswordName"] = "Example Directory".into();
            form["customExpiredPasswordURL"] = "https://directory.example/password".into();
        }
        page.remediations.push(form);
        let mut current = authenticator(Key::Password, Key::Password.methods());
        current["settings"] = self.settings(warning);
        // Clients look for the rules of an expired password here, of an expiring one there.
        page.object("enrollmentAuthenticator", current.clone());
        page.object("currentAuthenticator", current);
        if warning {
            page.remediations.push(paper.form("skip", "skip", Vec::new()));
            let days = self.engine.world.limits.days_to_expiry;
            let org = self.engine.world.org.name.clone();
            let text = format!("Your password for {org} will expire in {days} days.");
            page.messages.push(Message::warning("idx.password.expiring.message", text).param(org));
        }
    }

    pub(super) fn settings(&self, expiring: bool) -> Value {
        password_settings(&self.engine.world.password, &self.engine.world.limits, expiring)
    }

    pub(super) fn qr(&self, secret: &str) -> Option<Value> {
        let account = self.account()?;
        qr::image(&qr::otpauth(&self.engine.world.org.name, &account.login, secret))
    }
}

/// A form that asks for a new password.
pub(super) fn new_password(paper: &Paper, name: &str, relates_to: &str) -> Value {
    let passcode = json!({"name": "passcode", "label": "New password", "secret": true});
    let revoke = json!({
        "name": "revokeSessions", "type": "boolean", "label": "Sign me out of all other devices", "required": false,
    });
    paper.about(relates_to, name, "challenge/answer", vec![credentials(vec![passcode, revoke])])
}
