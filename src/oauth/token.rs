//! The code for the tokens: `POST {oauthBase}/v1/token` (RFC 6749 section 4.1.3, idx.md section 9), and its answer.
//!
//! A code is good once. When the answer was lost the request is **not** sent again
//! ([`Sent::Maybe`](crate::error::Sent::Maybe)): start a new sign-in.

use std::{fmt, time::Duration};

use serde_json::{Map, Value};

use super::{
    errors,
    form::{Endpoint, Form},
};
use crate::{
    error::{Error, Result, sanitize},
    http::Response,
    limits::MAX_TOKEN_BYTES,
    secret::Secret,
};

const WHAT: &str = "the token request";

/// What tokens are given for. It is offered once.
#[derive(Clone)]
#[non_exhaustive]
pub enum Grant {
    /// The code that a sign-in ended with.
    InteractionCode {
        /// The code.
        code: Secret,
        /// [`Pkce::verifier`](super::Pkce::verifier).
        verifier: Secret,
        /// The redirect URI of the start.
        redirect_uri: String,
    },
    /// The code that came back from the browser (RFC 6749 section 4.1.3).
    AuthorizationCode {
        /// The code.
        code: Secret,
        /// [`Pkce::verifier`](super::Pkce::verifier).
        verifier: Secret,
        /// The redirect URI that the browser was sent out with.
        redirect_uri: String,
    },
}

impl Grant {
    /// The form for the token endpoint.
    pub fn form(&self) -> Form {
        match self {
            Grant::InteractionCode { code, verifier, redirect_uri } => Form::new(
                Endpoint::Token,
                [
                    ("grant_type", "interaction_code"),
                    ("interaction_code", code.expose()),
                    ("redirect_uri", redirect_uri),
                    ("code_verifier", verifier.expose()),
                ],
            ),
            Grant::AuthorizationCode { code, verifier, redirect_uri } => Form::new(
                Endpoint::Token,
                [
                    ("grant_type", "authorization_code"),
                    ("code", code.expose()),
                    ("redirect_uri", redirect_uri),
                    ("code_verifier", verifier.expose()),
                ],
            ),
        }
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grant::InteractionCode { .. } => f.write_str("InteractionCode"),
            Grant::AuthorizationCode { .. } => f.write_str("AuthorizationCode"),
        }
    }
}

/// How an access token is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    /// By whoever has it (RFC 6750).
    #[default]
    Bearer,
    /// With a proof of the key that it is bound to (RFC 9449).
    Dpop,
}

impl TokenType {
    /// The scheme that stands before the token in `Authorization`.
    pub const fn as_str(self) -> &'static str {
        match self {
            TokenType::Bearer => "Bearer",
            TokenType::Dpop => "DPoP",
        }
    }
}

/// The tokens as they came. The ID token is not verified yet: [`verify_id_token`](super::verify_id_token()).
#[derive(Clone, PartialEq, Eq)]
pub struct TokenResponse {
    /// How the access token is used. Whoever asked says whether that is what it asked for.
    pub token_type: TokenType,
    /// The access token; opaque to the app.
    pub access_token: Secret,
    /// The ID token; there whenever `openid` was asked for.
    pub id_token: Option<Secret>,
    /// The refresh token, when `offline_access` was granted.
    pub refresh_token: Option<Secret>,
    /// The device secret, when `device_sso` was granted.
    pub device_secret: Option<Secret>,
    /// The scopes that were granted: fewer, perhaps, than were asked for.
    pub scopes: Vec<String>,
    /// How long the access token lives from now on, when the server says so.
    pub expires_in: Option<Duration>,
}

impl TokenResponse {
    /// Reads the answer to a token request that asked for `requested` scopes (RFC 6749 section 5.1).
    ///
    /// # Errors
    /// As [`error_from_response`](super::error_from_response) for a refusal; [`Protocol`](crate::ErrorKind::Protocol),
    /// naming the member, when the answer is not a token response: a member of the wrong type, another token type than
    /// `Bearer` and `DPoP`, no ID token although `openid` was asked for.
    pub fn parse<S: AsRef<str>>(response: &Response, requested: &[S]) -> Result<TokenResponse> {
        let mut reply = Reply { response, members: errors::json_reply(response, WHAT)? };
        let token_type = reply.text("token_type")?.ok_or_else(|| reply.wrong("token_type", "is missing"))?;
        let known = [TokenType::Bearer, TokenType::Dpop];
        let Some(token_type) = known.into_iter().find(|known| token_type.eq_ignore_ascii_case(known.as_str())) else {
            let what = format!("is `{}`, and neither `Bearer` nor `DPoP`", sanitize(&token_type));
            return Err(reply.wrong("token_type", &what));
        };
        let access_token = reply.secret("access_token")?.ok_or_else(|| reply.wrong("access_token", "is missing"))?;
        let id_token = reply.secret("id_token")?;
        if id_token.is_none() && requested.iter().any(|scope| scope.as_ref() == "openid") {
            return Err(reply.wrong("id_token", "is missing although the scope `openid` was asked for"));
        }
        let scopes = match reply.text("scope")? {
            Some(scope) => scope.split_ascii_whitespace().map(str::to_owned).collect(),
            None => requested.iter().map(|scope| scope.as_ref().to_owned()).collect(),
        };
        Ok(TokenResponse {
            token_type,
            access_token,
            id_token,
            refresh_token: reply.secret("refresh_token")?,
            device_secret: reply.secret("device_secret")?,
            scopes,
            expires_in: reply.seconds("expires_in")?,
        })
    }
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse")
            .field("token_type", &self.token_type)
            .field("access_token", &self.access_token)
            .field("id_token", &self.id_token)
            .field("refresh_token", &self.refresh_token)
            .field("device_secret", &self.device_secret)
            .field("scopes", &self.scopes)
            .field("expires_in", &self.expires_in)
            .finish()
    }
}

/// The members of the answer, taken out one by one so that no copy of a token stays behind.
struct Reply<'a> {
    response: &'a Response,
    members: Map<String, Value>,
}

impl Reply<'_> {
    fn wrong(&self, name: &str, what: &str) -> Error {
        errors::protocol(self.response, format!("the token response cannot be used: `{name}` {what}"))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.members.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "is not a string")),
        }
    }

    fn secret(&mut self, name: &str) -> Result<Option<Secret>> {
        match self.text(name)?.map(Secret::new) {
            Some(secret) if secret.is_empty() => Err(self.wrong(name, "is empty")),
            Some(secret) if secret.len() > MAX_TOKEN_BYTES => Err(self.wrong(name, "is too long")),
            // RFC 6749 appendix A.12 and A.17: printable ASCII; anything else could break out of a header.
            Some(secret) if !secret.expose().bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') => {
                Err(self.wrong(name, "has characters that no token has"))
            }
            secret => Ok(secret),
        }
    }

    fn seconds(&mut self, name: &str) -> Result<Option<Duration>> {
        match self.members.remove(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(seconds) => Ok(Some(Duration::from_secs(seconds))),
                None => Err(self.wrong(name, "is not a whole number of seconds")),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const GOOD: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"at-1","scope":"openid profile",
        "id_token":"a.b.c","refresh_token":"rt-1","device_secret":"ds-1","unknown":{"a":[1]}}"#;

    fn parse(body: &str, requested: &[&str]) -> Result<TokenResponse> {
        let response = Response::new(200, body).header("Content-Type", "application/json; charset=utf-8");
        TokenResponse::parse(&response, requested)
    }

    #[test]
    fn a_token_response_is_read() {
        let tokens = parse(GOOD, &["openid", "profile", "offline_access"]).unwrap();
        assert_eq!(tokens.access_token.expose(), "at-1");
        assert_eq!(tokens.id_token.as_ref().map(Secret::expose), Some("a.b.c"));
        assert_eq!(tokens.scopes, ["openid", "profile"]);
        assert_eq!(tokens.expires_in, Some(Duration::from_secs(3600)));
        let printed = format!("{tokens:?}");
        assert!(!printed.contains("-1\"") && !printed.contains("a.b.c"), "{printed}");

        let least = parse(r#"{"token_type":"bEARER","access_token":"x"}"#, &["profile"]).unwrap();
        assert_eq!(least.token_type, TokenType::Bearer);
        let bound = parse(r#"{"token_type":"dpop","access_token":"x"}"#, &["profile"]).unwrap();
        assert_eq!((bound.token_type, bound.token_type.as_str()), (TokenType::Dpop, "DPoP"));
        assert_eq!((least.scopes, least.expires_in, least.id_token), (vec!["profile".to_owned()], None, None));
    }

    #[test]
    fn each_wrong_member_is_named() {
        for (from, to, name) in [
            (r#""Bearer""#, "1", "token_type"),
            (r#""Bearer""#, r#""mac""#, "token_type"),
            (r#""Bearer""#, r#""DPo""#, "token_type"),
            (r#""Bearer""#, "null", "token_type"),
            (r#""token_type""#, r#""tokentype""#, "token_type"),
            (r#""at-1""#, r#""""#, "access_token"),
            (r#""at-1""#, "7", "access_token"),
            (r#""at-1""#, r#""a\nb""#, "access_token"),
            (r#""access_token""#, r#""accesstoken""#, "access_token"),
            (r#""a.b.c""#, "null", "id_token"),
            (r#""a.b.c""#, r#""""#, "id_token"),
            (r#""id_token""#, r#""idtoken""#, "id_token"),
            (r#""rt-1""#, "[]", "refresh_token"),
            (r#""ds-1""#, "{}", "device_secret"),
            (r#""openid profile""#, "[]", "scope"),
            ("3600", r#""3600""#, "expires_in"),
            ("3600", "-1", "expires_in"),
            ("3600", "1.5", "expires_in"),
            ("3600", "null", "expires_in"),
            ("3600", "1e400", "cannot be read"),
            (r#""unknown""#, r#""id_token""#, "appears twice"),
        ] {
            let body = GOOD.replacen(from, to, 1);
            assert_ne!(body, GOOD, "{from}");
            let error = parse(&body, &["openid"]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
            assert!(error.text().contains(name), "{error}");
            assert!(!error.to_string().contains("at-1"), "{error}");
        }
        let long = GOOD.replace("at-1", &"x".repeat(MAX_TOKEN_BYTES + 1));
        assert!(parse(&long, &[]).unwrap_err().text().contains("too long"));
    }

    #[test]
    fn what_is_no_success_is_a_refusal() {
        let json = |status| Response::new(status, GOOD).header("Content-Type", "application/json");
        assert_eq!(TokenResponse::parse(&json(500), &["openid"]).unwrap_err().kind(), ErrorKind::Http);
        assert_eq!(TokenResponse::parse(&Response::new(200, GOOD), &["openid"]).unwrap_err().kind(), ErrorKind::Http);
    }
}
