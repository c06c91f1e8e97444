//! Passwords: checking one, locking accounts, and what a new one must look like.

use super::message::Message;
use super::turn::{Turn, Turned};
use crate::world::PasswordRules;
use crate::world::PasswordState;
use serde_json::Value;
use subtle::ConstantTimeEq;

const PASSCODE: &[&str] = &["credentials", "passcode"];

impl Turn<'_> {
    /// Checks the person's password. `None` when it is right; what a wrong one is told is up to the page.
    pub fn check_password(&mut self, given: &str, wrong: Message) -> Option<Turned> {
        let limits = self.engine.world.limits.clone();
        let show_lockout = self.client.policy.show_lockout.unwrap_or(limits.show_lockout);
        self.state.passwords += 1;
        let account = self.account_mut()?;
        if account.locked {
            return Some(if show_lockout {
                let text = "Your account is locked. Please contact your administrator.";
                Turned::refused(403, Message::error("error.auth.lockedOut", text))
            } else {
                Turned::refused(401, Message::authentication_failed())
            });
        }
        let right = account.password.as_ref().is_some_and(|known| known.as_bytes().ct_eq(given.as_bytes()).into());
        if right {
            account.wrong_passwords = 0;
            return None;
        }
        account.wrong_passwords += 1;
        if account.wrong_passwords >= limits.lock_after {
            account.locked = true;
        }
        Some(Turned::refused(401, wrong))
    }

    /// Sets the new password of the form that came in; `Some` when it is not good enough.
    pub fn set_password(&mut self) -> Option<Turned> {
        let Some(password) = self.text(PASSCODE) else {
            let message = Message::error("error.password.required", "Please enter a password");
            return Some(Turned::refused(400, message.on(PASSCODE)));
        };
        let rules = self.engine.world.password.clone();
        let account = self.account()?;
        let reused = account.password.as_deref() == Some(password.as_str());
        if let Some(reason) = flaw(&rules, &password, &account.login).or(reused.then_some("it is the current one")) {
            let text = format!("Password requirements were not met: {reason}.");
            let message = Message::error("password.passwordRequirementsNotMet", text);
            return Some(Turned::refused(400, message.on(PASSCODE)));
        }
        let everywhere = self.body["credentials"]["revokeSessions"] == Value::Bool(true);
        let account = self.account_mut()?;
        account.password = Some(password);
        account.password_state = PasswordState::Active;
        account.wrong_passwords = 0;
        let id = account.id.clone();
        if everywhere {
            self.state.grants.revoke_user(&id);
        }
        None
    }
}

/// What is wrong with a new password, if anything.
fn flaw(rules: &PasswordRules, password: &str, login: &str) -> Option<&'static str> {
    let count = |kind: fn(&char) -> bool| password.chars().filter(kind).count();
    let symbol = |letter: &char| !letter.is_alphanumeric();
    if password.chars().count() < rules.min_length {
        return Some("it is too short");
    }
    if password.len() > 1024 {
        return Some("it is too long");
    }
    if count(|letter| letter.is_lowercase()) < rules.min_lower {
        return Some("it has too few lower-case letters");
    }
    if count(|letter| letter.is_uppercase()) < rules.min_upper {
        return Some("it has too few upper-case letters");
    }
    if count(|letter| letter.is_ascii_digit()) < rules.min_number {
        return Some("it has too few numbers");
    }
    if password.chars().filter(symbol).count() < rules.min_symbol {
        return Some("it has too few symbols");
    }
    let lower = password.to_lowercase();
    let local = login.split('@').next().unwrap_or_default().to_lowercase();
    // Parts of the name count from four letters on, as the org counts them.
    let mut parts = local.split(|letter: char| !letter.is_alphanumeric());
    if rules.exclude_username && parts.any(|part| part.chars().count() >= 4 && lower.contains(part)) {
        return Some("it contains parts of the username");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        let rules = PasswordRules::default();
        assert_eq!(flaw(&rules, "Correct-Horse-9", "ada@example.com"), None);
        for bad in ["Sh0rt", "alllower99", "ALLUPPER99", "NoNumbersHere", "Smithy-was-1"] {
            assert!(flaw(&rules, bad, "smithy@example.com").is_some(), "{bad}");
        }
    }
}
