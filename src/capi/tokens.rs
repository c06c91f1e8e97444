//! Tokens: what a sign-in is for.

use std::{borrow::Cow, ffi::c_char};

use super::{
    guard::{free, value},
    handles::{ic_status, ic_tokens},
    table::{self, kind},
    text::{Kept, Out, ic_str, text},
};
use crate::{client::Tokens, oauth::Claims, secret::Secret};

/// What lies behind an `ic_tokens`.
pub struct TokensObject {
    tokens: Tokens,
    kept: Kept,
}
kind!(ic_tokens_handle, "ic_tokens", TokensObject);

impl TokensObject {
    pub(super) fn new(tokens: Tokens) -> Self {
        TokensObject { tokens, kept: Kept::default() }
    }
}

fn text_of(tokens: ic_tokens, read: impl for<'a> FnOnce(&'a Tokens) -> Option<Cow<'a, str>>) -> ic_str {
    value(ic_str::NONE, || {
        let object = table::look(tokens)?;
        Some(object.kept.keep(read(&object.tokens)?))
    })
}

fn token_of(tokens: ic_tokens, read: impl FnOnce(&Tokens) -> Option<&Secret>) -> ic_str {
    text_of(tokens, |tokens| read(tokens).map(|token| Cow::Borrowed(token.expose())))
}

fn claims_of(tokens: ic_tokens, read: impl FnOnce(&Claims) -> Option<&str>) -> ic_str {
    text_of(tokens, |tokens| read(tokens.claims.as_ref()?).map(Cow::Borrowed))
}

/// The access token, for APIs. Opaque: do not look inside.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_access_token(tokens: ic_tokens) -> ic_str {
    token_of(tokens, |tokens| Some(&tokens.access_token))
}

/// The ID token: who signed in, as a JWT. Verified: signature and claims. There when the scope `openid` was asked for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_id_token(tokens: ic_tokens) -> ic_str {
    token_of(tokens, |tokens| tokens.id_token.as_ref())
}

/// The refresh token, for new tokens later; there when `offline_access` was granted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_refresh_token(tokens: ic_tokens) -> ic_str {
    token_of(tokens, |tokens| tokens.refresh_token.as_ref())
}

/// The device secret, for single sign-on between apps of one device; there when `device_sso` was granted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_device_secret(tokens: ic_tokens) -> ic_str {
    token_of(tokens, |tokens| tokens.device_secret.as_ref())
}

/// The scopes that were granted, separated by spaces; fewer, perhaps, than were asked for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_scopes(tokens: ic_tokens) -> ic_str {
    text_of(tokens, |tokens| Some(tokens.scopes.join(" ").into()))
}

/// How long the access token lives, in seconds from its arrival. False when the server does not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_expires_in(tokens: ic_tokens, out: *mut u64) -> bool {
    value(false, || {
        // SAFETY: by the conventions of the header.
        let out = unsafe { Out::new(out, 0, "out") }.ok()?;
        out.set(table::look(tokens)?.tokens.expires_in?.as_secs());
        Some(true)
    })
}

/// When the access token ends, in seconds since 1970. False when the server does not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_expires_at(tokens: ic_tokens, out: *mut i64) -> bool {
    value(false, || {
        // SAFETY: by the conventions of the header.
        let out = unsafe { Out::new(out, 0, "out") }.ok()?;
        out.set(table::look(tokens)?.tokens.expires_at?);
        Some(true)
    })
}

/// All claims of the verified ID token, as the JSON text that was signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_claims_json(tokens: ic_tokens) -> ic_str {
    claims_of(tokens, |claims| Some(claims.raw()))
}

/// `sub`: the user's id at this issuer, stable and never reused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_subject(tokens: ic_tokens) -> ic_str {
    claims_of(tokens, |claims| Some(claims.subject()))
}

/// `iss`: equal to the issuer of the client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_issuer(tokens: ic_tokens) -> ic_str {
    claims_of(tokens, |claims| Some(claims.issuer()))
}

/// A claim of the verified ID token: the text of a string, the JSON of anything else; NULL when there is no such claim.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_claim(tokens: ic_tokens, name: *const c_char) -> ic_str {
    // SAFETY: by the conventions of the header.
    let Ok(name) = (unsafe { text(name, "name") }) else { return ic_str::NONE };
    text_of(tokens, |tokens| match tokens.claims.as_ref()?.get(name)? {
        serde_json::Value::String(text) => Some(Cow::Borrowed(text.as_str())),
        other => Some(Cow::Owned(other.to_string())),
    })
}

/// Wipes and frees tokens. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_tokens_free(tokens: ic_tokens) -> ic_status {
    free(tokens)
}
