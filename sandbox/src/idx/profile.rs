//! Signing up: the profile form and its checks.

use super::message::Message;
use super::transaction::{Purpose, Step};
use super::turn::{Turn, Turned};
use crate::account::Account;
use crate::random;
use crate::world::{PasswordState, PushAnswer};
use std::collections::HashMap;

const FIRST: &[&str] = &["userProfile", "firstName"];
const LAST: &[&str] = &["userProfile", "lastName"];
const EMAIL: &[&str] = &["userProfile", "email"];

/// Longest name.
pub const LONGEST_NAME: usize = 50;
/// Longest address.
pub const LONGEST_EMAIL: usize = 100;

impl Turn<'_> {
    /// `/enroll`: to the sign-up form. Asking for it once more leads there again: auth-js starts over from the first page
    /// that it kept when a sign-up was refused.
    pub fn select_enroll_profile(&mut self) -> Turned {
        if !self.client.policy.registration || !matches!(self.tx.step, Step::Identify | Step::EnrollProfile) {
            return Turned::not_now();
        }
        self.tx.step = Step::EnrollProfile;
        Turned::NEXT
    }

    /// `/enroll/new`: the filled-in form.
    pub fn enroll_profile(&mut self) -> Turned {
        if !matches!(self.tx.step, Step::EnrollProfile) {
            return Turned::not_now();
        }
        let trimmed =
            |path: &[&str]| self.text(path).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let (first, last, email) = (trimmed(FIRST), trimmed(LAST), trimmed(EMAIL));
        let mut messages = Vec::new();
        for (value, field, name) in [(&first, FIRST, "First name"), (&last, LAST, "Last name")] {
            match value {
                None => messages.push(Message::blank(field)),
                Some(text) if text.chars().count() > LONGEST_NAME || text.contains(['<', '>']) => {
                    let text = format!("Provided value for property '{name}' does not match required pattern");
                    messages.push(Message::error("registration.error.doesNotMatchPattern", text).param(name).on(field));
                }
                Some(_) => {}
            }
        }
        match &email {
            None => messages.push(Message::blank(EMAIL)),
            Some(address) if !is_email(address) => {
                let text = "'Email' must be in the form of an email address";
                messages.push(Message::error("registration.error.invalidLoginEmail", text).param("Email").on(EMAIL));
                let text = "Provided value for property 'Email' does not match required pattern";
                messages.push(Message::error("registration.error.doesNotMatchPattern", text).param("Email").on(EMAIL));
            }
            Some(address) if self.taken(address) => {
                let text = "A user with this Email already exists";
                messages.push(Message::error("registration.error.notUniqueWithinOrg", text).param("Email").on(EMAIL));
            }
            Some(_) => {}
        }
        let (Some(first), Some(last), Some(email)) = (first, last, email) else {
            return Turned::Refused(400, messages);
        };
        if !messages.is_empty() {
            return Turned::Refused(400, messages);
        }
        self.state.accounts.retain(|account| !account.login.eq_ignore_ascii_case(&email));
        let account = Account {
            push: PushAnswer::Wait,
            id: random::id("00u"),
            login: email.clone(),
            email,
            email_verified: false,
            first_name: first,
            last_name: last,
            password: None,
            password_state: PasswordState::Active,
            locked: false,
            assigned: true,
            staged: true,
            enrollments: Vec::new(),
            wrong_passwords: 0,
            wrong_answers: HashMap::new(),
        };
        self.tx.user = Some(account.id.clone());
        self.tx.purpose = Purpose::Register;
        self.state.accounts.push(account);
        self.advance();
        Turned::NEXT
    }

    fn taken(&self, address: &str) -> bool {
        self.state.accounts.iter().any(|account| !account.staged && account.login.eq_ignore_ascii_case(address))
    }
}

/// Good enough to be an address: one `@`, something on both sides, a dot in the host, nothing odd.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "<>()[],;:\\\"@".contains(letter);
    text.len() <= LONGEST_EMAIL
        && !local.is_empty()
        && !text.replacen('@', "", 1).contains(odd)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !host.contains("..")
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn addresses() {
        assert!(is_email("new.person+x@example.com"));
        for bad in ["x", "@example.com", "x@", "x@example", "x y@example.com", "x@@example.com", "x@.com", "x@a..b"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
