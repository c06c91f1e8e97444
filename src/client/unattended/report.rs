//! What came of an unattended sign-in: the outcome, the fact about the password, and what a host may want to know beside it.

use std::{borrow::Cow, time::Duration};

use serde_json::{Value, json};

use super::{Ended, credentials::Credentials, factor, factor::Factor};
use crate::{
    client::{Flow, Tokens},
    error::{Error, ErrorKind, ErrorMessage, Sent, sanitize},
    idx::{Json, MessageKey, Step},
    screen::{Outcome, PasswordFact, Screen},
};

/// Counts changes of meaning in the line of JSON; members are added without one.
const SCHEMA: u32 = 1;

/// How an unattended sign-in ended. Nothing of it but [`Report::tokens`] is a secret.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// How it ended: an exit code, and a PAM code.
    pub outcome: Outcome,
    /// What is known about the password.
    pub password: PasswordFact,
    /// How many times a password was handed to the transport: 0 or 1.
    pub passwords_sent: u32,
    /// The password is good and about to expire.
    pub expiring: Option<PasswordExpiry>,
    /// The tokens, when it signed in.
    pub tokens: Option<Box<Tokens>>,
    /// What could be proved next ([`Outcome::MfaRequired`]) or set up ([`Outcome::MfaEnrollRequired`]).
    pub factors: Vec<Factor>,
    /// What the server said last, each once.
    pub messages: Vec<ErrorMessage>,
    /// The error that ended it, where one did.
    pub error: Option<Error>,
    /// The step that it came to, as a word ([`StepStatus`](crate::idx::StepStatus)).
    pub step: Option<&'static str>,
    /// Okta's request id of the last answer.
    pub request_id: Option<String>,
    /// The name as the server has it, where it said so.
    pub identifier: Option<String>,
    /// The name that was given.
    pub username: String,
    /// How many requests it took, the fetch of keys not counted.
    pub requests: u64,
}

/// When a password expires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordExpiry {
    /// In how many days, where the server says so; 0 is today.
    pub days: Option<u64>,
}

/// What a run learnt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub password: PasswordFact,
    pub submitted: u32,
    pub expiring: Option<PasswordExpiry>,
}

impl PasswordExpiry {
    pub(super) fn of(step: &Step) -> Self {
        let current = step.current_authenticator().and_then(|current| current.settings());
        PasswordExpiry { days: current.and_then(|settings| settings.get("daysToExpiry")).and_then(Json::as_u64) }
    }
}

impl Report {
    /// Before there was a transaction.
    pub(super) fn of_start(given: &Credentials, error: Error) -> Report {
        let outcome = Outcome::of_error(&error, true);
        Report::without_flow(given, outcome, error)
    }

    /// The report of a program that could not even begin, for one form of result whatever happened: its command line is
    /// wrong, the input with the password ended.
    pub fn of_outcome(username: &str, outcome: Outcome, text: &str) -> Report {
        let kind = if outcome == Outcome::Cancelled { ErrorKind::Cancelled } else { ErrorKind::InvalidArgument };
        let given = Credentials::new(username, "");
        Report::without_flow(&given, outcome, Error::new(kind, sanitize(text)))
    }

    pub(super) fn without_flow(given: &Credentials, outcome: Outcome, error: Error) -> Report {
        Report {
            outcome,
            password: PasswordFact::NotEvaluated,
            passwords_sent: 0,
            expiring: None,
            tokens: None,
            factors: Vec::new(),
            messages: error.messages().to_vec(),
            request_id: error.request_id().map(str::to_owned),
            error: Some(error),
            step: None,
            identifier: None,
            username: given.username.clone(),
            requests: 0,
        }
    }

    pub(super) fn of_run(flow: &Flow, given: &Credentials, ended: Ended, facts: super::Facts) -> Report {
        let step = flow.step().ok();
        let wants = matches!(ended.outcome, Outcome::MfaRequired | Outcome::MfaEnrollRequired);
        let mut messages = step.map(Step::error_messages).unwrap_or_default();
        if let Some(error) = ended.error.as_ref().filter(|error| !error.messages().is_empty()) {
            messages = error.messages().to_vec();
        }
        let of_step = || step?.request_id().map(str::to_owned);
        let identifier = step.and_then(Step::user).and_then(|user| user.identifier()).map(Cow::into_owned);
        Report {
            outcome: ended.outcome,
            password: facts.password,
            passwords_sent: facts.submitted,
            expiring: facts.expiring,
            factors: step.filter(|_| wants).map(|step| factor::offered(&Screen::of(step))).unwrap_or_default(),
            messages,
            request_id: ended.error.as_ref().and_then(Error::request_id).map(str::to_owned).or_else(of_step),
            step: step.map(|step| step.status().as_str()),
            identifier,
            username: given.username.clone(),
            requests: flow.requests(),
            error: ended.error,
            tokens: ended.tokens,
        }
    }

    /// How long to wait before trying again, where the server says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.error.as_ref().and_then(Error::retry_after)
    }

    /// What happened, for a person who looks at a log: a sentence or two, in English, with the server's own words.
    pub fn text(&self) -> String {
        if let Some(error) = &self.error {
            return error.to_string();
        }
        let mut text = self.outcome.doc().to_owned();
        if self.messages.iter().any(|message| message.key.as_deref() == Some(MessageKey::UnknownUser.as_str())) {
            text = "The org does not know this user.".to_owned();
        }
        for message in self.messages.iter().filter(|message| !message.text.is_empty()) {
            text.push(' ');
            text.push_str(&message.text);
        }
        text
    }

    /// One line of JSON for another program, without a secret: no password, no code, no token.
    ///
    /// `schema` (1), `outcome`, `exit_code`, `pam`, `password`, `password_current` (true, false, or null where nobody knows),
    /// `password_expiring`, `password_expires_in_days`, `passwords_sent`, `username` (as it was given), `identifier` (as the
    /// server has it), `subject`, `preferred_username`, `groups`, `signed_in_at`, `expires_at` (of a verified ID token and of
    /// the access token, when it signed in), `factors` (`key`, `method`, `label`), `step`, `text`, `messages` (`key`, `text`,
    /// `path`), `error`, `sent` (`no`, `maybe`), `http_status`, `oauth_error`, `rule`, `retry_after` (seconds), `request_id`,
    /// `requests`. What does not apply is null or empty; members are added over time.
    pub fn to_json(&self) -> String {
        let claims = self.tokens.as_ref().and_then(|tokens| tokens.claims.as_ref());
        let current = match self.password {
            PasswordFact::Verified => Some(true),
            PasswordFact::Wrong => Some(false),
            _ => None,
        };
        let factors = self
            .factors
            .iter()
            .map(|factor| json!({"key": factor.key, "method": factor.method, "label": factor.label}));
        let messages =
            self.messages.iter().map(|message| json!({"key": message.key, "text": message.text, "path": message.path}));
        let error = self.error.as_ref();
        let sent = error.map(|error| if error.sent() == Sent::Maybe { "maybe" } else { "no" });
        let members = [
            ("schema", SCHEMA.into()),
            ("outcome", self.outcome.as_str().into()),
            ("exit_code", self.outcome.exit_code().into()),
            ("pam", self.outcome.pam().into()),
            ("password", self.password.as_str().into()),
            ("password_current", current.into()),
            ("password_expiring", self.expiring.is_some().into()),
            ("password_expires_in_days", self.expiring.and_then(|expiry| expiry.days).into()),
            ("passwords_sent", self.passwords_sent.into()),
            ("username", self.username.as_str().into()),
            ("identifier", self.identifier.as_deref().into()),
            ("subject", claims.map(|claims| claims.subject()).into()),
            ("preferred_username", claims.and_then(|claims| claims.preferred_username()).into()),
            ("groups", claims.map(|claims| claims.groups()).into()),
            ("signed_in_at", claims.map(|claims| claims.issued_at()).into()),
            ("expires_at", self.tokens.as_ref().and_then(|tokens| tokens.expires_at).into()),
            ("factors", factors.collect()),
            ("step", self.step.into()),
            ("text", self.text().into()),
            ("messages", messages.collect()),
            ("error", error.map(|error| error.kind().as_str()).into()),
            ("sent", sent.into()),
            ("http_status", error.and_then(Error::http_status).into()),
            ("oauth_error", error.and_then(Error::oauth_error).into()),
            ("rule", error.and_then(Error::rule).into()),
            ("retry_after", self.retry_after().map(|wait| wait.as_secs()).into()),
            ("request_id", self.request_id.as_deref().into()),
            ("requests", self.requests.into()),
        ];
        let members = members.map(|(name, value): (&str, Value)| format!("\"{name}\":{value}"));
        for_terminals(&format!("{{{}}}", members.join(",")))
    }
}

/// The same JSON with every character as an escape that a terminal or a reader of logs could take for something else.
fn for_terminals(line: &str) -> String {
    let mut safe = String::with_capacity(line.len());
    for c in line.chars() {
        // All of them fit one escape, and stand in texts only.
        if c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            safe.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    safe
}
