//! What an unattended sign-in is given.

use std::fmt;

use super::report::Report;
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::StartOptions,
    screen::Outcome,
    secret::Secret,
};

/// Who signs in, and with what. Printing it shows no secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// The name to sign in with.
    pub username: String,
    /// The password: sent once per call at most, and never when it is empty.
    pub password: Secret,
    /// The new password, where the old one has expired. Sent once at most.
    pub new_password: Option<Secret>,
    /// Second factors to use, the one that is wanted most first. Without one, nothing is sent to the person: no mail, no
    /// text, no push.
    pub factors: Vec<FactorChoice>,
    /// What the sign-in is started with: the device token, the assurance to ask for …
    pub start: StartOptions,
}

impl Credentials {
    /// A user name and a password.
    pub fn new(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Credentials {
            username: username.into(),
            password: password.into(),
            new_password: None,
            factors: Vec::new(),
            start: StartOptions::default(),
        }
    }

    /// Takes this new password where the old one has expired.
    #[must_use]
    pub fn new_password(mut self, password: impl Into<Secret>) -> Self {
        self.new_password = Some(password.into());
        self
    }

    /// Uses this second factor, after those that were named before.
    #[must_use]
    pub fn factor(mut self, factor: FactorChoice) -> Self {
        self.factors.push(factor);
        self
    }

    /// Starts the sign-in with these options.
    #[must_use]
    pub fn start(mut self, options: StartOptions) -> Self {
        self.start = options;
        self
    }

    /// The report of credentials that are not worth a request.
    pub(super) fn refused(&self) -> Option<Report> {
        let (outcome, text, advice) = if self.username.trim().is_empty() {
            (Outcome::Usage, "the user name is empty", "Give the name to sign in with")
        } else if self.password.is_empty() {
            (Outcome::PasswordWrong, "the password is empty", "Nothing was sent: an empty password is never right")
        } else {
            return None;
        };
        let error = Error::new(ErrorKind::InvalidArgument, text).with_advice(advice);
        Some(Report::without_flow(self, outcome, error))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("factors", &self.factors)
            .field("start", &self.start)
            .finish_non_exhaustive()
    }
}

/// A second factor by the server's names: the key of an authenticator, with a method where it has several.
///
/// ```
/// let push: interaction_code::FactorChoice = "okta_verify:push".parse()?;
/// assert_eq!((push.key.as_str(), push.method.as_deref()), ("okta_verify", Some("push")));
/// # Ok::<(), interaction_code::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorChoice {
    /// The key: `okta_verify`, `okta_email`, `phone_number`, `google_otp`, `security_question`.
    pub key: String,
    /// The method: `push`, `totp`, `sms`, `voice`; `None` for whichever the server offers first.
    pub method: Option<String>,
}

impl FactorChoice {
    /// Whether something offered is what is meant.
    pub(super) fn takes(&self, key: Option<&str>, method: Option<&str>) -> bool {
        key == Some(self.key.as_str()) && self.method.as_deref().is_none_or(|wanted| method == Some(wanted))
    }
}

impl std::str::FromStr for FactorChoice {
    type Err = Error;

    /// Reads `key` or `key:method`. Errors: [`ErrorKind::InvalidArgument`].
    fn from_str(text: &str) -> Result<Self> {
        let (key, method) = match text.split_once(':') {
            Some((key, method)) => (key, Some(method)),
            None => (text, None),
        };
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        };
        if is_name(key) && method.is_none_or(is_name) && key != "okta_password" {
            return Ok(FactorChoice { key: key.to_owned(), method: method.map(str::to_owned) });
        }
        Err(Error::new(ErrorKind::InvalidArgument, "a second factor is written key or key:method")
            .with_advice("For example okta_verify:push, okta_email, phone_number:sms, google_otp"))
    }
}
