//! The org as a whole: its name, how long things live, how often one may try, what passwords look like.

use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// Facts about the org as a whole.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Org {
    /// The name that one-time-password apps show.
    pub name: String,
    /// Browser origins that CORS lets in; `"*"` lets every origin in (each is still echoed exactly).
    pub trusted_origins: Vec<String>,
}

impl Default for Org {
    fn default() -> Self {
        Org { name: "Sandbox".into(), trusted_origins: vec!["*".into()] }
    }
}

/// How long things live. In the file: seconds, fractions allowed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    /// A transaction, counted from interact.
    #[serde(deserialize_with = "seconds")]
    pub transaction: Duration,
    /// A mailed or texted code.
    #[serde(deserialize_with = "seconds")]
    pub passcode: Duration,
    /// A push that nobody answers.
    #[serde(deserialize_with = "seconds")]
    pub push: Duration,
    /// The interaction code.
    #[serde(deserialize_with = "seconds")]
    pub interaction_code: Duration,
    /// Access tokens.
    #[serde(deserialize_with = "seconds")]
    pub access_token: Duration,
    /// ID tokens.
    #[serde(deserialize_with = "seconds")]
    pub id_token: Duration,
    /// Refresh tokens, counted from their last use.
    #[serde(deserialize_with = "seconds")]
    pub refresh_token: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Lifetimes {
            transaction: seconds(3600),
            passcode: seconds(300),
            push: seconds(300),
            interaction_code: seconds(60),
            access_token: seconds(3600),
            id_token: seconds(3600),
            refresh_token: seconds(7 * 86_400),
        }
    }
}

/// Attempts, intervals and sizes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Wrong passwords in a row that lock an account.
    pub lock_after: u32,
    /// Whether a locked account is told so (`error.auth.lockedOut`) or looks like a wrong password (`errors.E0000004`).
    pub show_lockout: bool,
    /// Wrong codes or answers in a row that suspend one authenticator of a user.
    pub suspend_after: u32,
    /// The `refresh` of polls, in milliseconds.
    pub poll_interval_ms: u64,
    /// Requests that one client may make in a minute from one address and device; 0 is no limit.
    pub requests_per_minute: u32,
    /// Days that `erin` still has: what an expiring password says.
    pub days_to_expiry: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            lock_after: 10,
            show_lockout: false,
            suspend_after: 5,
            poll_interval_ms: 4000,
            requests_per_minute: 0,
            days_to_expiry: 5,
        }
    }
}

/// What a new password must look like; sent to the client as `settings.complexity`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordRules {
    /// Characters at least.
    pub min_length: usize,
    /// Lower-case letters at least.
    pub min_lower: usize,
    /// Upper-case letters at least.
    pub min_upper: usize,
    /// Digits at least.
    pub min_number: usize,
    /// Other characters at least.
    pub min_symbol: usize,
    /// Whether parts of the user name are refused.
    pub exclude_username: bool,
}

impl Default for PasswordRules {
    fn default() -> Self {
        PasswordRules {
            min_length: 8,
            min_lower: 1,
            min_upper: 1,
            min_number: 1,
            min_symbol: 0,
            exclude_username: true,
        }
    }
}

pub(super) fn optional_seconds<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Duration>, D::Error> {
    seconds(input).map(Some)
}

fn seconds<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    let value = f64::deserialize(input)?;
    Duration::try_from_secs_f64(value).map_err(serde::de::Error::custom)
}
