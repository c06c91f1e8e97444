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
//!
//! A refreshed ID token ([`IdTokenRules::previous`], OpenID Connect Core section 12.2) is held against the one before as
//! well: the same `sub`, every audience of before, the same `azp` and `auth_time`, an `iat` that is not earlier, and, when
//! it has one at all, the same `nonce`.
//!
//! When a rule about time is broken and the server's clock is known to be apart from this device's, the error says how far
//! ([`Error::clock_skew`](crate::Error::clock_skew)). It is never a reason to accept a token.

use std::time::Duration;

use serde_json::Value;

use super::{
    claim_rules::{ClaimRules, broken},
    claims::Claims,
};
use crate::{
    error::Error,
    jose::{self, Algorithm, KeySet, Profile, VerifyError},
    limits::{DEFAULT_LEEWAY, MAX_ISSUE_AGE},
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
    /// The algorithms that are accepted; RS256 by default. Never chosen by the token.
    pub algorithms: &'a [Algorithm],
    /// The ID token before this one, when it came by a refresh.
    pub previous: Option<&'a Claims>,
    /// How far the clocks may be apart; cut to [`MAX_LEEWAY`](crate::limits::MAX_LEEWAY).
    pub leeway: Duration,
    /// How far the server's clock is ahead of this device's, in seconds, when it said so. It explains a refusal, and never
    /// prevents one.
    pub server_ahead: Option<i64>,
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
            algorithms: &[Algorithm::Rs256],
            previous: None,
            leeway: DEFAULT_LEEWAY,
            server_ahead: None,
            now,
        }
    }
}

/// Verifies an ID token: its form and signature, then its claims. `access_token` is the one that came with it.
///
/// # Errors
/// [`VerifyError::OtherKeys`] when no key of `keys` verifies it: fetch the keys once more, verify again.
/// [`VerifyError::Invalid`] for everything else. Both hold an error of kind
/// [`InvalidToken`](crate::ErrorKind::InvalidToken) with the name of the rule, and no content of the token.
pub fn verify_id_token(
    token: &str,
    keys: &KeySet,
    rules: &IdTokenRules<'_>,
    access_token: Option<&str>,
) -> Result<Claims, VerifyError> {
    let verified = jose::verify(token, keys, &Profile { algorithms: rules.algorithms, ..Profile::ID_TOKEN })?;
    let claims = Claims::read(&verified.payload, "the ID token")?;
    let shared = ClaimRules {
        what: "the ID token",
        claims: &claims,
        now: rules.now,
        leeway: rules.leeway,
        server_ahead: rules.server_ahead,
    };
    let found = Check { rules, shared, algorithm: verified.header.algorithm() }.all(access_token)?;
    let Found { subject, issuer, expires_at, issued_at } = found;
    Ok(claims.with_required(subject, issuer, expires_at, issued_at))
}

const REPLAY: &str = "The token belongs to another sign-in; start again";

struct Check<'a> {
    rules: &'a IdTokenRules<'a>,
    shared: ClaimRules<'a>,
    algorithm: Algorithm,
}

struct Found {
    subject: String,
    issuer: String,
    expires_at: i64,
    issued_at: i64,
}

impl Check<'_> {
    fn all(&self, access_token: Option<&str>) -> Result<Found, Error> {
        let issuer = self.shared.issuer(self.rules.issuer)?;
        self.audience()?;
        let (expires_at, issued_at) = self.shared.times(self.rules.max_issue_age)?;
        let subject = self.shared.subject()?;
        self.nonce()?;
        self.acr()?;
        self.auth_time()?;
        self.hash("at_hash", access_token)?;
        self.hash("ds_hash", self.rules.device_secret.map(Secret::expose))?;
        if let Some(previous) = self.rules.previous {
            self.follows(previous, &subject, issued_at)?;
        }
        Ok(Found { subject, issuer, expires_at, issued_at })
    }

    fn claim(&self, name: &str) -> Option<&Value> {
        self.shared.claims.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.shared.text(name)
    }

    /// What a refreshed token must have in common with the one before.
    fn follows(&self, previous: &Claims, subject: &str, issued_at: i64) -> Result<(), Error> {
        let other = |rule: &'static str| {
            let text = format!("the `{rule}` of the refreshed ID token does not fit the ID token before it");
            Err(broken(rule, text).with_advice("Do not use the new tokens: they may be somebody else's; sign in again"))
        };
        let before = ClaimRules { claims: previous, ..self.shared };
        if before.text("sub") != Some(subject) {
            return other("sub");
        }
        let (now_for, then_for) = (self.shared.audiences().unwrap_or_default(), before.audiences().unwrap_or_default());
        if !then_for.iter().all(|audience| now_for.contains(audience)) {
            return other("aud");
        }
        if self.claim("azp") != previous.get("azp") {
            return other("azp");
        }
        if previous.time("iat").is_some_and(|then| issued_at < then) {
            return other("iat");
        }
        // It may be left out; when it is there, it is that of the sign-in.
        for rule in ["auth_time", "nonce"] {
            if self.claim(rule).is_some_and(|value| previous.get(rule).is_some_and(|before| before != value)) {
                return other(rule);
            }
        }
        Ok(())
    }

    fn audience(&self) -> Result<(), Error> {
        let other = || {
            broken("aud", "the ID token is not for this client")
                .with_advice("Check the client id; perhaps an access token was passed for an ID token")
        };
        let audiences = self.shared.audiences().ok_or_else(other)?;
        if !audiences.contains(&self.rules.client_id) {
            return Err(other());
        }
        let allowed =
            |audience: &&str| *audience == self.rules.client_id || self.rules.extra_audiences.contains(audience);
        if !audiences.iter().all(allowed) {
            return Err(broken("aud", "the ID token is also for somebody else")
                .with_advice("Allow the other audience on purpose, or have it removed from the authorization server"));
        }
        match self.claim("azp") {
            None if audiences.len() > 1 => Err(broken("azp", "the ID token has several audiences, and no `azp`")),
            Some(party) if party != self.rules.client_id => {
                Err(broken("azp", "the ID token was issued to another client").with_advice("Check the client id"))
            }
            _ => Ok(()),
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
        let Some(value) = self.claim("auth_time") else {
            return match self.rules.max_age {
                None => Ok(()),
                Some(_) => Err(broken("auth_time", "the ID token does not say when the user authenticated")),
            };
        };
        let bad = |text: &str| Err(broken("auth_time", text));
        let (now, leeway) = (self.rules.now, self.shared.leeway());
        match self.shared.claims.time("auth_time") {
            Some(at) if at > now.saturating_add(leeway) => {
                let text = "the user authenticated in the future by this device".to_owned();
                Err(self.shared.untimely("auth_time", text))
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
        let (Some(claimed), Some(token)) = (self.claim(rule), token) else { return Ok(()) };
        let expected = jose::half_hash(self.algorithm, token);
        match claimed.as_str() {
            Some(claimed) if constant_time_eq(claimed.as_bytes(), expected.as_bytes()) => Ok(()),
            _ => {
                Err(broken(rule, "the ID token belongs to other tokens than those that came with it")
                    .with_advice(REPLAY))
            }
        }
    }
}
