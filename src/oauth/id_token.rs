//! When an ID token is good (OpenID Connect Core section 3.1.3.7, RFC 8725). The signature is always checked.
//!
//! Every rule has a name, which [`Error::rule`](crate::Error::rule) gives back; those of the form and the signature are
//! in [`jose`], those of the claims are here, in the order in which they are checked:
//!
//! | rule | what must hold |
//! |---|---|
//! | `iss` | equal to the issuer, byte for byte |
//! | `aud` | the client id, or an array with it and no audience that is not allowed |
//! | `azp` | equal to the client id; there when there are several audiences |
//! | `exp` | later than now, less the leeway |
//! | `iat` | there, not later than now plus the leeway, and not older than [`IdTokenRules::max_issue_age`] |
//! | `nbf` | not later than now plus the leeway, when it is there |
//! | `sub` | 1 to 255 printable ASCII characters |
//! | `nonce` | equal to the one that was sent |
//! | `acr` | one of those that were asked for, unless only wished for (`:ifpossible`) |
//! | `auth_time` | there and recent enough when `max_age` was asked for; never in the future |
//! | `at_hash`, `ds_hash` | the hash of the access token / device secret that came with it, when it is there |

use std::time::Duration;

use serde_json::Value;

use super::claims::Claims;
use crate::{
    error::{Error, ErrorKind},
    jose::{self, KeySet, Profile, VerifyError},
    limits::{DEFAULT_LEEWAY, MAX_ISSUE_AGE, MAX_LEEWAY},
    secret::{Secret, constant_time_eq},
};

/// What an ID token is held against.
#[derive(Clone, Debug)]
pub struct IdTokenRules<'a> {
    /// The issuer, [`Issuer::as_str`](super::Issuer::as_str).
    pub issuer: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// Audiences that may stand beside the client id. None by default.
    pub extra_audiences: &'a [&'a str],
    /// The nonce that was sent; `None` only where none was (a refresh).
    pub nonce: Option<&'a Secret>,
    /// The `max_age` that was asked for, in seconds.
    pub max_age: Option<u64>,
    /// The `acr_values` that were asked for.
    pub acr_values: &'a [String],
    /// The device secret that came with the ID token.
    pub device_secret: Option<&'a Secret>,
    /// How old the ID token may be; `None` for any age.
    pub max_issue_age: Option<Duration>,
    /// How far the clocks may be apart; cut to [`MAX_LEEWAY`].
    pub leeway: Duration,
    /// The time now, in seconds since 1970.
    pub now: i64,
}

impl<'a> IdTokenRules<'a> {
    /// The rules of a sign-in that asked for nothing special: leeway of a minute, issued within the last ten minutes.
    /// `now` in seconds since 1970.
    pub fn new(issuer: &'a str, client_id: &'a str, nonce: Option<&'a Secret>, now: i64) -> Self {
        IdTokenRules {
            issuer,
            client_id,
            extra_audiences: &[],
            nonce,
            max_age: None,
            acr_values: &[],
            device_secret: None,
            max_issue_age: Some(MAX_ISSUE_AGE),
            leeway: DEFAULT_LEEWAY,
            now,
        }
    }
}

/// Verifies an ID token: its form and signature, then its claims. `access_token` is the one that came with it.
///
/// # Errors
/// [`VerifyError::OtherKeys`] when no key of `keys` verifies it: fetch the keys once more, verify again.
/// [`VerifyError::Invalid`] for everything else. Both hold an error of kind
/// [`InvalidToken`](ErrorKind::InvalidToken) with the name of the rule, and no content of the token.
pub fn verify_id_token(
    token: &str,
    keys: &KeySet,
    rules: &IdTokenRules<'_>,
    access_token: Option<&str>,
) -> Result<Claims, VerifyError> {
    let verified = jose::verify(token, keys, &Profile::ID_TOKEN)?;
    let claims = Claims::read(&verified)?;
    Ok(Check { rules, claims: &claims }.all(access_token).map(|found| {
        let Found { subject, issuer, expires_at, issued_at } = found;
        claims.with_required(subject, issuer, expires_at, issued_at)
    })?)
}

/// An ID token that broke `rule`.
pub(super) fn broken(rule: &'static str, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidToken, text).with_rule(rule)
}

const CLOCK: &str = "Check the date and time of this device";
const REPLAY: &str = "The token belongs to another sign-in; start again";

struct Check<'a> {
    rules: &'a IdTokenRules<'a>,
    claims: &'a Claims,
}

struct Found {
    subject: String,
    issuer: String,
    expires_at: i64,
    issued_at: i64,
}

impl Check<'_> {
    fn all(&self, access_token: Option<&str>) -> Result<Found, Error> {
        let issuer = self.issuer()?;
        self.audience()?;
        let (expires_at, issued_at) = self.times()?;
        let subject = self.subject()?;
        self.nonce()?;
        self.acr()?;
        self.auth_time()?;
        self.hash("at_hash", access_token)?;
        self.hash("ds_hash", self.rules.device_secret.map(Secret::expose))?;
        Ok(Found { subject, issuer, expires_at, issued_at })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    fn issuer(&self) -> Result<String, Error> {
        match self.text("iss") {
            Some(issuer) if issuer == self.rules.issuer => Ok(issuer.to_owned()),
            _ => Err(broken("iss", "the ID token is not from the configured issuer").with_advice(
                "Configure the issuer exactly as the authorization server names itself (host name, `/oauth2/...`)",
            )),
        }
    }

    fn audience(&self) -> Result<(), Error> {
        let other = || {
            broken("aud", "the ID token is not for this client")
                .with_advice("Check the client id; perhaps an access token was passed for an ID token")
        };
        let audiences: Vec<&str> = match self.claims.get("aud") {
            Some(Value::String(audience)) => vec![audience],
            Some(Value::Array(list)) => list.iter().map(Value::as_str).collect::<Option<_>>().ok_or_else(other)?,
            _ => return Err(other()),
        };
        if !audiences.contains(&self.rules.client_id) {
            return Err(other());
        }
        let allowed =
            |audience: &&str| *audience == self.rules.client_id || self.rules.extra_audiences.contains(audience);
        if !audiences.iter().all(allowed) {
            return Err(broken("aud", "the ID token is also for somebody else")
                .with_advice("Allow the other audience on purpose, or have it removed from the authorization server"));
        }
        match self.claims.get("azp") {
            None if audiences.len() > 1 => Err(broken("azp", "the ID token has several audiences, and no `azp`")),
            Some(party) if party != self.rules.client_id => {
                Err(broken("azp", "the ID token was issued to another client").with_advice("Check the client id"))
            }
            _ => Ok(()),
        }
    }

    /// `exp` and `iat`.
    fn times(&self) -> Result<(i64, i64), Error> {
        let (now, leeway) = (self.rules.now, self.leeway());
        let number = |rule: &'static str| {
            self.claims.time(rule).ok_or_else(|| broken(rule, format!("the ID token has no usable `{rule}`")))
        };
        let expires_at = number("exp")?;
        if expires_at <= now.saturating_sub(leeway) {
            let ago = now.saturating_sub(expires_at);
            return Err(
                broken("exp", format!("the ID token has expired {ago} s ago by this device")).with_advice(CLOCK)
            );
        }
        let issued_at = number("iat")?;
        if issued_at > now.saturating_add(leeway) {
            let ahead = issued_at.saturating_sub(now);
            return Err(broken("iat", format!("the ID token is from {ahead} s in the future by this device"))
                .with_advice(CLOCK));
        }
        let age = now.saturating_sub(issued_at);
        if self.rules.max_issue_age.is_some_and(|limit| age > seconds(limit).saturating_add(leeway)) {
            return Err(broken("iat", format!("the ID token is {age} s old by this device")).with_advice(CLOCK));
        }
        if self.claims.get("nbf").is_some() && number("nbf")? > now.saturating_add(leeway) {
            return Err(broken("nbf", "the ID token is not valid yet by this device").with_advice(CLOCK));
        }
        Ok((expires_at, issued_at))
    }

    fn subject(&self) -> Result<String, Error> {
        match self.text("sub") {
            Some(subject)
                if (1..=255).contains(&subject.len()) && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)) =>
            {
                Ok(subject.to_owned())
            }
            _ => Err(broken("sub", "the ID token names no usable subject")),
        }
    }

    fn nonce(&self) -> Result<(), Error> {
        let Some(sent) = self.rules.nonce else { return Ok(()) };
        match self.text("nonce") {
            Some(nonce) if constant_time_eq(nonce.as_bytes(), sent.expose().as_bytes()) => Ok(()),
            Some(_) => {
                Err(broken("nonce", "the nonce of the ID token is not the one that was sent").with_advice(REPLAY))
            }
            None => Err(broken("nonce", "the ID token has no usable nonce, although one was sent").with_advice(REPLAY)),
        }
    }

    fn acr(&self) -> Result<(), Error> {
        let asked = self.rules.acr_values;
        // Two values are wishes: the server may not, or does not, answer with them (idx.md 2.1).
        let is_wish = |value: &String| value.ends_with(":ifpossible") || value == "urn:okta:app:mfa:attestation";
        if asked.is_empty() || asked.iter().any(is_wish) {
            return Ok(());
        }
        match self.text("acr") {
            Some(reached) if asked.iter().any(|value| value == reached) => Ok(()),
            _ => Err(broken("acr", "the sign-in did not reach the assurance that was asked for")
                .with_advice("Check that the policy of the app can satisfy the requested `acr_values`")),
        }
    }

    fn auth_time(&self) -> Result<(), Error> {
        let Some(value) = self.claims.get("auth_time") else {
            return match self.rules.max_age {
                None => Ok(()),
                Some(_) => Err(broken("auth_time", "the ID token does not say when the user authenticated")),
            };
        };
        let bad = |text: &str| Err(broken("auth_time", text));
        let (now, leeway) = (self.rules.now, self.leeway());
        match self.claims.time("auth_time") {
            Some(at) if at > now.saturating_add(leeway) => {
                bad("the user authenticated in the future by this device").map_err(|error| error.with_advice(CLOCK))
            }
            Some(at) => match self.rules.max_age {
                Some(limit)
                    if now.saturating_sub(at) > i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(leeway) =>
                {
                    bad("the user authenticated longer ago than `max_age` allows")
                        .map_err(|error| error.with_advice("Start again: the user has to authenticate once more"))
                }
                _ => Ok(()),
            },
            None if value.is_null() && self.rules.max_age.is_none() => Ok(()),
            None => bad("the `auth_time` of the ID token is not a number"),
        }
    }

    fn hash(&self, rule: &'static str, token: Option<&str>) -> Result<(), Error> {
        let (Some(claimed), Some(token)) = (self.claims.get(rule), token) else { return Ok(()) };
        let expected = jose::half_hash(token);
        match claimed.as_str() {
            Some(claimed) if constant_time_eq(claimed.as_bytes(), expected.as_bytes()) => Ok(()),
            _ => {
                Err(broken(rule, "the ID token belongs to other tokens than those that came with it")
                    .with_advice(REPLAY))
            }
        }
    }

    fn leeway(&self) -> i64 {
        seconds(self.rules.leeway.min(MAX_LEEWAY))
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
