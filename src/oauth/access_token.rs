//! When an access token is good, for the API that it is sent to (a resource server). An app never looks into its own
//! access tokens: those of the org's own server are opaque even to an API, and no key for them is published.
//!
//! Two kinds are known. Both are signed by the keys of a custom authorization server; which one it issues is a matter of its
//! configuration, and never of the token:
//!
//! | | [`Okta`](AccessTokenKind::Okta) | [`Rfc9068`](AccessTokenKind::Rfc9068) |
//! |---|---|---|
//! | `typ` | absent or `JWT` | `at+jwt`, required |
//! | the client | `cid` | `client_id` |
//! | scopes | `scp`, a list | `scope`, words |
//! | required | `sub`, `cid` | `sub`, `client_id`, `jti` |
//!
//! The rules, in the order in which they are checked; [`Error::rule`](crate::Error::rule) gives the name back:
//!
//! | rule | what must hold |
//! |---|---|
//! | those of [`jose`] | form, header, key, signature |
//! | `iss` | equal to the issuer, byte for byte |
//! | `aud` | one of the audiences is this API |
//! | `exp`, `iat`, `nbf` | as in an ID token, and of any age |
//! | `sub` | 1 to 255 printable ASCII characters |
//! | `cid` / `client_id` | there: an ID token has none, so it never passes for an access token; one of [`AccessTokenRules::clients`] when those are named |
//! | `nonce`, `at_hash` | absent: an ID token has them |
//! | `jti` | there (RFC 9068) |
//! | `scp` / `scope` | a list of texts / words, and all of [`AccessTokenRules::scopes`] are among them |
//! | `cnf` | the token is bound to the key that the caller has proved (RFC 9449 section 6.1); a token that is bound and a caller that proved none is refused |
//!
//! For a DPoP-bound token check the proof of the request first, and hand the thumbprint of its key in.

use std::{fmt, ops::Deref, time::Duration};

use serde_json::Value;

use super::{
    claim_rules::{ClaimRules, broken},
    claims::Claims,
};
use crate::{
    error::Error,
    jose::{self, Algorithm, KeySet, Profile, VerifyError},
    limits::DEFAULT_LEEWAY,
    secret::constant_time_eq,
};

/// What an access token looks like. See the [module](self).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessTokenKind {
    /// That of Okta's custom authorization servers.
    #[default]
    Okta,
    /// That of RFC 9068.
    Rfc9068,
}

impl AccessTokenKind {
    fn profile(self, algorithms: &[Algorithm]) -> Profile<'_> {
        match self {
            AccessTokenKind::Okta => Profile { algorithms, types: &["JWT"], type_required: false },
            AccessTokenKind::Rfc9068 => {
                Profile { algorithms, types: &["at+jwt", "application/at+jwt"], type_required: true }
            }
        }
    }

    fn client_claim(self) -> &'static str {
        match self {
            AccessTokenKind::Okta => "cid",
            AccessTokenKind::Rfc9068 => "client_id",
        }
    }
}

/// What an access token is held against.
#[derive(Clone, Debug)]
pub struct AccessTokenRules<'a> {
    /// The issuer, exactly as the authorization server names itself.
    pub issuer: &'a str,
    /// This API: what its tokens have in `aud`, for example `api://default`.
    pub audience: &'a str,
    /// What the server issues.
    pub kind: AccessTokenKind,
    /// The clients whose tokens are taken; none named: those of any.
    pub clients: &'a [&'a str],
    /// The scopes that must all have been granted.
    pub scopes: &'a [&'a str],
    /// The thumbprint (RFC 7638) of the key that the caller proved with a DPoP proof, when there was one.
    pub key_thumbprint: Option<&'a str>,
    /// The algorithms that are accepted; RS256 by default.
    pub algorithms: &'a [Algorithm],
    /// How far the clocks may be apart; cut to [`MAX_LEEWAY`](crate::limits::MAX_LEEWAY).
    pub leeway: Duration,
    /// The time now, in seconds since 1970.
    pub now: i64,
}

impl<'a> AccessTokenRules<'a> {
    /// Okta's tokens of this issuer for this API, by any client and with any scopes. `now` in seconds since 1970.
    pub fn new(issuer: &'a str, audience: &'a str, now: i64) -> Self {
        AccessTokenRules {
            issuer,
            audience,
            kind: AccessTokenKind::Okta,
            clients: &[],
            scopes: &[],
            key_thumbprint: None,
            algorithms: &[Algorithm::Rs256],
            leeway: DEFAULT_LEEWAY,
            now,
        }
    }
}

/// The claims of an access token, verified: only [`verify_access_token`] makes them. Everything that [`Claims`] tells is
/// here, too.
#[derive(Clone, PartialEq)]
pub struct AccessClaims {
    claims: Claims,
    client_id: String,
    scopes: Vec<String>,
}

impl AccessClaims {
    /// The client that the token was issued to. Not empty.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The scopes that were granted.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Whether this scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// The thumbprint of the key that the token is bound to, `cnf.jkt` (RFC 9449 section 6.1).
    pub fn key_thumbprint(&self) -> Option<&str> {
        self.claims.get("cnf")?.get("jkt")?.as_str()
    }
}

impl Deref for AccessClaims {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.claims
    }
}

impl fmt::Debug for AccessClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.claims.fmt(f)
    }
}

const WHAT: &str = "the access token";

/// Verifies an access token that was sent to this API: its form and signature, then its claims.
///
/// # Errors
/// [`VerifyError::OtherKeys`] when no key of `keys` verifies it: fetch the keys once more, verify again.
/// [`VerifyError::Invalid`] for everything else. Both hold an error of kind
/// [`InvalidToken`](crate::ErrorKind::InvalidToken) with the name of the rule, and no content of the token.
pub fn verify_access_token(
    token: &str,
    keys: &KeySet,
    rules: &AccessTokenRules<'_>,
) -> Result<AccessClaims, VerifyError> {
    let verified = jose::verify(token, keys, &rules.kind.profile(rules.algorithms))?;
    let claims = Claims::read(&verified.payload, WHAT)?;
    let shared = ClaimRules { what: WHAT, claims: &claims, now: rules.now, leeway: rules.leeway, server_ahead: None };
    let issuer = shared.issuer(rules.issuer)?;
    if !shared.audiences().is_some_and(|audiences| audiences.contains(&rules.audience)) {
        return Err(broken("aud", "the access token is not for this API")
            .with_advice("Check the audience of the authorization server; perhaps an ID token was sent")
            .into());
    }
    let (expires_at, issued_at) = shared.times(None)?;
    let subject = shared.subject()?;
    let client_id = client(&shared, rules)?;
    if let Some(name) = ["nonce", "at_hash"].into_iter().find(|name| claims.get(name).is_some()) {
        return Err(broken(name, "an ID token was sent for an access token").into());
    }
    if rules.kind == AccessTokenKind::Rfc9068 && shared.text("jti").is_none_or(str::is_empty) {
        return Err(broken("jti", "the access token has no usable `jti`").into());
    }
    let scopes = scopes(&shared, rules)?;
    bound(&claims, rules.key_thumbprint)?;
    let claims = claims.with_required(subject, issuer, expires_at, issued_at);
    Ok(AccessClaims { claims, client_id, scopes })
}

fn client(shared: &ClaimRules<'_>, rules: &AccessTokenRules<'_>) -> Result<String, Error> {
    let rule = rules.kind.client_claim();
    match shared.text(rule).filter(|client| !client.is_empty()) {
        Some(client) if rules.clients.is_empty() || rules.clients.contains(&client) => Ok(client.to_owned()),
        Some(_) => Err(broken(rule, "the access token was issued to a client that is not allowed here")),
        None => Err(broken(rule, format!("the access token has no usable `{rule}`"))
            .with_advice("Perhaps an ID token was sent, or the server issues the other kind of access token")),
    }
}

fn scopes(shared: &ClaimRules<'_>, rules: &AccessTokenRules<'_>) -> Result<Vec<String>, Error> {
    let (rule, granted) = match rules.kind {
        AccessTokenKind::Okta => ("scp", list(shared.claims.get("scp"))),
        AccessTokenKind::Rfc9068 => ("scope", words(shared.claims.get("scope"))),
    };
    let granted = granted.ok_or_else(|| broken(rule, format!("the `{rule}` of the access token cannot be read")))?;
    match rules.scopes.iter().all(|wanted| granted.iter().any(|scope| scope == wanted)) {
        true => Ok(granted),
        false => Err(broken(rule, "the access token was not granted a scope that is needed here")
            .with_advice("Answer with 403 and `insufficient_scope` (RFC 6750 section 3.1)")),
    }
}

fn list(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    }
}

fn words(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::String(text)) => Some(text.split_ascii_whitespace().map(str::to_owned).collect()),
        Some(_) => None,
    }
}

/// A token that is bound to a key is good with that key only.
fn bound(claims: &Claims, proved: Option<&str>) -> Result<(), Error> {
    let Some(confirmation) = claims.get("cnf") else {
        return match proved {
            None => Ok(()),
            Some(_) => Err(broken("cnf", "the access token is bound to no key, and the request proved one")),
        };
    };
    match (confirmation.get("jkt").and_then(Value::as_str), proved) {
        (Some(bound), Some(proved)) if constant_time_eq(bound.as_bytes(), proved.as_bytes()) => Ok(()),
        (Some(_), Some(_)) => Err(broken("cnf", "the access token is bound to another key than the request proved")),
        (Some(_), None) => Err(broken("cnf", "the access token is bound to a key, and the request proved none")
            .with_advice("Check the DPoP proof of the request, and hand its key's thumbprint in")),
        (None, _) => Err(broken("cnf", "the access token is bound in a way that is not supported")),
    }
}
