//! What a sign-in is for.

use std::{fmt, time::Duration};

use crate::{
    oauth::{Claims, TokenType},
    secret::Secret,
};

/// The tokens of a complete sign-in. The ID token was verified: signature and claims.
#[derive(Clone)]
pub struct Tokens {
    /// How the access token is used: `Bearer`, or `DPoP` by a client with a DPoP key
    /// ([`Client::dpop_header`](super::Client::dpop_header)).
    pub token_type: TokenType,
    /// The name of the key that the tokens are bound to, with `DPoP`: that of the signer
    /// ([`KeySigner::key_ref`](crate::host::KeySigner::key_ref)), or the key's thumbprint. Tokens that are kept are good with
    /// that key only.
    pub key_ref: Option<String>,
    /// For APIs. Opaque: an app does not look inside.
    pub access_token: Secret,
    /// Who signed in, as a JWT; there when the scope `openid` was asked for.
    pub id_token: Option<Secret>,
    /// For new tokens later; there when `offline_access` was granted.
    pub refresh_token: Option<Secret>,
    /// For single sign-on between apps of one device; there when `device_sso` was granted.
    pub device_secret: Option<Secret>,
    /// The scopes that were granted; fewer, perhaps, than were asked for.
    pub scopes: Vec<String>,
    /// How long the access token lives, counted from its arrival, when the server says so.
    pub expires_in: Option<Duration>,
    /// When the access token ends, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// The claims of the verified ID token.
    pub claims: Option<Claims>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("token_type", &self.token_type)
            .field("scopes", &self.scopes)
            .field("expires_at", &self.expires_at)
            .field("id_token", &self.id_token)
            .field("refresh_token", &self.refresh_token)
            .finish_non_exhaustive()
    }
}
