//! The rules that claims of every token share, whatever it is for: who issued it, for whom, when, about whom.

use std::time::Duration;

use serde_json::Value;

use super::claims::Claims;
use crate::{
    error::{Error, ErrorKind},
    limits::{CLOCK_SKEW_TOLD, MAX_LEEWAY},
};

/// A token that broke `rule`.
pub(super) fn broken(rule: &'static str, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidToken, text).with_rule(rule)
}

pub(super) const CLOCK: &str = "Check the date and time of this device";

/// The claims of one token, held against the shared rules.
#[derive(Clone, Copy)]
pub(super) struct ClaimRules<'a> {
    /// The token as the subject of a sentence: `the ID token`.
    pub(super) what: &'static str,
    pub(super) claims: &'a Claims,
    /// The time now, in seconds since 1970.
    pub(super) now: i64,
    pub(super) leeway: Duration,
    /// How far the server's clock is ahead of this device's, in seconds, when it said so. It explains, and changes nothing.
    pub(super) server_ahead: Option<i64>,
}

impl ClaimRules<'_> {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// `iss`, byte by byte.
    pub(super) fn issuer(&self, expected: &str) -> Result<String, Error> {
        match self.text("iss") {
            Some(issuer) if issuer == expected => Ok(issuer.to_owned()),
            _ => Err(broken("iss", format!("{} is not from the configured issuer", self.what)).with_advice(
                "Configure the issuer exactly as the authorization server names itself (host name, `/oauth2/...`)",
            )),
        }
    }

    /// `aud`: a text, or a list of texts; `None` for everything else.
    pub(super) fn audiences(&self) -> Option<Vec<&str>> {
        match self.claims.get("aud")? {
            Value::String(audience) => Some(vec![audience]),
            Value::Array(list) => list.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }

    /// `exp`, `iat` and `nbf`; `(exp, iat)` comes back. Not issued longer ago than `max_age`.
    pub(super) fn times(&self, max_age: Option<Duration>) -> Result<(i64, i64), Error> {
        let (now, leeway, what) = (self.now, self.leeway(), self.what);
        let expires_at = self.number("exp")?;
        if expires_at <= now.saturating_sub(leeway) {
            let ago = now.saturating_sub(expires_at);
            return Err(self.untimely("exp", format!("{what} has expired {ago} s ago by this device")));
        }
        let issued_at = self.number("iat")?;
        if issued_at > now.saturating_add(leeway) {
            let ahead = issued_at.saturating_sub(now);
            return Err(self.untimely("iat", format!("{what} is from {ahead} s in the future by this device")));
        }
        let age = now.saturating_sub(issued_at);
        if max_age.is_some_and(|limit| age > seconds(limit).saturating_add(leeway)) {
            return Err(self.untimely("iat", format!("{what} is {age} s old by this device")));
        }
        if self.claims.get("nbf").is_some() && self.number("nbf")? > now.saturating_add(leeway) {
            return Err(self.untimely("nbf", format!("{what} is not valid yet by this device")));
        }
        Ok((expires_at, issued_at))
    }

    /// `sub`: 1 to 255 printable ASCII characters.
    pub(super) fn subject(&self) -> Result<String, Error> {
        match self.text("sub") {
            Some(subject)
                if (1..=255).contains(&subject.len()) && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)) =>
            {
                Ok(subject.to_owned())
            }
            _ => Err(broken("sub", format!("{} names no usable subject", self.what))),
        }
    }

    pub(super) fn number(&self, rule: &'static str) -> Result<i64, Error> {
        self.claims.time(rule).ok_or_else(|| broken(rule, format!("{} has no usable `{rule}`", self.what)))
    }

    pub(super) fn leeway(&self) -> i64 {
        seconds(self.leeway.min(MAX_LEEWAY))
    }

    /// A rule about time is broken; when the clocks are apart, that is said.
    pub(super) fn untimely(&self, rule: &'static str, text: String) -> Error {
        let told = i64::try_from(CLOCK_SKEW_TOLD.as_secs()).unwrap_or(i64::MAX);
        let Some(ahead) = self.server_ahead.filter(|ahead| ahead.saturating_abs() > told) else {
            return broken(rule, text).with_advice(CLOCK);
        };
        let way = if ahead > 0 { "behind" } else { "ahead of" };
        let text = format!("{text}, whose clock is {} s {way} the server's", ahead.saturating_abs());
        broken(rule, text).with_clock_skew(ahead).with_advice(CLOCK)
    }
}

pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
