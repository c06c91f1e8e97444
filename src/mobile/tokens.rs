//! Tokens: what a sign-in is for.

use super::redacted;
use crate::client;

/// The tokens of a complete sign-in, the ID token verified.
#[derive(Clone, PartialEq, uniffi::Record)]
pub struct Tokens {
    /// For APIs. Opaque.
    pub access_token: String,
    /// Who signed in, as a JWT; there when the scope `openid` was asked for.
    pub id_token: Option<String>,
    /// For new tokens later; there when `offline_access` was granted.
    pub refresh_token: Option<String>,
    /// For single sign-on between apps of one device; there when `device_sso` was granted.
    pub device_secret: Option<String>,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// How long the access token lives, in seconds from its arrival.
    pub expires_in: Option<i64>,
    /// When the access token ends, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// `sub`: the user's id, stable and never reused.
    pub subject: Option<String>,
    /// `preferred_username`: the login. May change.
    pub preferred_username: Option<String>,
    /// `name`: the full name, for display.
    pub name: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// All claims of the verified ID token: the JSON that was signed.
    pub claims: Option<String>,
}

redacted!(Tokens);

impl From<client::Tokens> for Tokens {
    fn from(tokens: client::Tokens) -> Self {
        let text = |secret: crate::Secret| secret.expose().to_owned();
        let claims = tokens.claims.as_ref();
        let own = |text: Option<&str>| text.map(str::to_owned);
        Tokens {
            access_token: text(tokens.access_token),
            id_token: tokens.id_token.map(text),
            refresh_token: tokens.refresh_token.map(text),
            device_secret: tokens.device_secret.map(text),
            scopes: tokens.scopes,
            expires_in: tokens.expires_in.map(|time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX)),
            expires_at: tokens.expires_at,
            subject: claims.map(|claims| claims.subject().to_owned()),
            preferred_username: own(claims.and_then(|claims| claims.preferred_username())),
            name: own(claims.and_then(|claims| claims.name())),
            email: own(claims.and_then(|claims| claims.email())),
            claims: claims.map(|claims| claims.raw().to_owned()),
        }
    }
}
