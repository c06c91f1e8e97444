//! What a verified ID token says about the user.

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    error::Result,
    jose::{base64url, json},
};

/// The claims of an ID token, verified: [`verify_id_token`](super::verify_id_token()) makes them, and [`Claims::of_kept`]
/// reads them again. (The access token of a resource server has the same inside [`AccessClaims`](super::AccessClaims).)
///
/// Times are seconds since 1970 (UTC). A claim of another type than the usual one is not lost: [`Claims::get`] has it.
#[derive(Clone, PartialEq)]
pub struct Claims {
    raw: String,
    members: Map<String, Value>,
    subject: String,
    issuer: String,
    expires_at: i64,
    issued_at: i64,
}

impl Claims {
    /// The payload of a verified token as claims; the required ones are checked by the caller, who fills them in. `what` is
    /// the token as the subject of a sentence.
    pub(super) fn read(payload: &[u8], what: &str) -> Result<Claims> {
        let bad = |text: String| super::claim_rules::broken("json", text);
        let members = json::parse_object(payload)
            .map_err(|fault| bad(format!("the claims of {what} cannot be read: {fault}")))?;
        let raw =
            String::from_utf8(payload.to_vec()).map_err(|_| bad(format!("the claims of {what} are not UTF-8")))?;
        Ok(Claims { raw, members, subject: String::new(), issuer: String::new(), expires_at: 0, issued_at: 0 })
    }

    /// The claims of an ID token that was verified when it came, and that the app has kept since: for
    /// [`IdTokenRules::previous`](super::IdTokenRules::previous). Nothing of it is verified again, its end neither.
    ///
    /// Errors: [`InvalidToken`](crate::ErrorKind::InvalidToken) when the text is no such token.
    pub fn of_kept(id_token: &str) -> Result<Claims> {
        let damaged = || super::claim_rules::broken("json", "the ID token that was kept is damaged");
        let payload = id_token.split('.').nth(1).and_then(base64url::decode).ok_or_else(damaged)?;
        let claims = Claims::read(&payload, "the ID token that was kept")?;
        let text = |name: &str| claims.text(name).map(str::to_owned).ok_or_else(damaged);
        let time = |name: &str| claims.time(name).ok_or_else(damaged);
        let (subject, issuer, expires_at, issued_at) = (text("sub")?, text("iss")?, time("exp")?, time("iat")?);
        Ok(claims.with_required(subject, issuer, expires_at, issued_at))
    }

    pub(super) fn with_required(mut self, subject: String, issuer: String, expires_at: i64, issued_at: i64) -> Claims {
        self.subject = subject;
        self.issuer = issuer;
        self.expires_at = expires_at;
        self.issued_at = issued_at;
        self
    }

    /// `sub`: the user's id at this issuer, stable and never reused. Not empty.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// `iss`: equal to the configured issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `exp`: when the ID token ends, in seconds since 1970.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// `iat`: when the ID token was made, in seconds since 1970.
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// `auth_time`: when the user authenticated, in seconds since 1970.
    pub fn auth_time(&self) -> Option<i64> {
        self.time("auth_time")
    }

    /// `name`: the full name, for display.
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// `preferred_username`: the login. May change, so it is no key for anything.
    pub fn preferred_username(&self) -> Option<&str> {
        self.text("preferred_username")
    }

    /// `email`. Verified only when `email_verified` says so.
    pub fn email(&self) -> Option<&str> {
        self.text("email")
    }

    /// `amr`: how the user authenticated (RFC 8176), for example `pwd`, `otp`, `mfa`.
    pub fn amr(&self) -> Vec<&str> {
        self.texts("amr")
    }

    /// `acr`: the assurance that was reached.
    pub fn acr(&self) -> Option<&str> {
        self.text("acr")
    }

    /// `groups`, where the authorization server is set up to tell them.
    pub fn groups(&self) -> Vec<&str> {
        self.texts("groups")
    }

    /// Any claim, as JSON.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// The names of all claims.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// All claims, as the JSON text that was signed.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The strings of an array; a lone string counts as an array of one.
    fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// A time as whole seconds since 1970; a fraction is dropped (RFC 7519 section 2, `NumericDate`).
    pub(super) fn time(&self, name: &str) -> Option<i64> {
        let number = self.get(name)?.as_number()?;
        // `as` saturates, which is right for a time: absurdly far is far.
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claims")?;
        f.debug_list().entries(self.names()).finish()
    }
}
