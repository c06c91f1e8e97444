//! What a host brings while an unattended sign-in is under way: a code, a number to show, a new password.

use super::{
    super::poll::{Wait, Waiting},
    factor::Factor,
};
use crate::{
    error::{Error, ErrorKind, Result},
    screen::{CodeSource, Rule, Screen},
    secret::Secret,
};

/// The host's side of [`Client::authenticate`](crate::Client::authenticate). Called on the thread that called it, one call at
/// a time; an error ends the run with it.
pub trait Prompts {
    /// A code (or the answer to a security question) is asked for. `None`: nobody has one, and the run ends with
    /// [`MfaRequired`](crate::screen::Outcome::MfaRequired). After a wrong one it is called again, with
    /// [`CodeRequest::attempt`] counted up; the same code again is not sent.
    fn code(&self, request: &CodeRequest<'_>) -> Result<Option<Secret>> {
        let _ = request;
        Ok(None)
    }

    /// The number that the person must choose on their phone, before the first poll and whenever it changes. It **must** be
    /// shown, or nobody can approve the push: in PAM as a prompt, since sshd holds texts back until the end.
    fn number(&self, number: &str) -> Result<()>;

    /// Told before each poll of a push, and in between after [`Wait::ContinueFor`]. [`Wait::Ask`] gives the push up.
    fn waiting(&self, waiting: &Waiting<'_>) -> Result<Wait> {
        let _ = waiting;
        Ok(Wait::Continue)
    }

    /// The password has expired, and the credentials bring no new one. `None`: the run ends with
    /// [`PasswordExpired`](crate::screen::Outcome::PasswordExpired).
    fn new_password(&self, request: &NewPasswordRequest<'_>) -> Result<Option<Secret>> {
        let _ = request;
        Ok(None)
    }
}

/// Nobody is there: no code, no new password, and a push with a number is given up.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPrompts;

impl Prompts for NoPrompts {
    fn number(&self, _: &str) -> Result<()> {
        Err(Error::new(ErrorKind::Callback, "a push wants a number shown, and nobody is there to see it")
            .with_advice("Give the sign-in prompts that show it, or use another factor"))
    }
}

/// A code that is asked for.
#[derive(Debug)]
#[non_exhaustive]
pub struct CodeRequest<'a> {
    /// What it is a code of.
    pub factor: Factor,
    /// Where the person has it from; `None` for a security question.
    pub source: Option<CodeSource>,
    /// What to ask: the caption of the field, or the security question.
    pub label: &'a str,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// The screen that a person would see, with what the server says about a code that it refused.
    pub screen: &'a Screen,
}

/// A new password that is asked for.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewPasswordRequest<'a> {
    /// Its rules.
    pub rules: &'a [Rule],
    /// The screen that a person would see.
    pub screen: &'a Screen,
}
