//! `/v1/token`: interaction codes and refresh tokens for tokens. Every single-use value is really used once, every
//! binding (client, server, redirect URI, PKCE) is really checked.

use super::{Server, client, dpop, interact, issue};
use crate::engine::Engine;
use crate::random;
use crate::server::message::{Form, Reply, Request};
use crate::world::Client;
use std::time::SystemTime;
use subtle::ConstantTimeEq;

/// Answers a token request.
pub fn handle(engine: &Engine, server: Server, request: &Request) -> Reply {
    redeem(engine, server, request).unwrap_or_else(|refusal| refusal)
}

fn redeem(engine: &Engine, server: Server, request: &Request) -> Result<Reply, Reply> {
    let invalid = |text: &str| Reply::oauth(400, "invalid_request", text);
    let form = request.form().map_err(invalid)?;
    let client = client::authenticate(engine, request, &form)?;
    if let Some(reply) = engine.throttle(&mut engine.state(), &client.id, request) {
        return Err(reply);
    }
    // Before anything of the grant is looked at: a code survives the question for a nonce.
    let key = dpop::check(engine, request)?;
    if client.dpop && key.is_none() {
        return Err(dpop::missing());
    }
    match form.get("grant_type") {
        Some("interaction_code") => code(engine, server, request, &form, client, "interaction_code", key),
        Some("authorization_code") => code(engine, server, request, &form, client, "code", key),
        Some("refresh_token") => refresh_token(engine, server, request, &form, client, key),
        Some(_) => Err(Reply::oauth(
            400,
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server. Configured grant types: [authorization_code, interaction_code, refresh_token].",
        )),
        None => Err(invalid("The token request must specify a 'grant_type'.")),
    }
}

fn bad_grant(text: &str) -> Reply {
    Reply::oauth(400, "invalid_grant", text)
}

/// Redeems a code of either kind; `member` is the parameter that has it.
fn code(
    engine: &Engine,
    server: Server,
    request: &Request,
    form: &Form,
    client: &Client,
    member: &str,
    key: Option<String>,
) -> Result<Reply, Reply> {
    let browser = member == "code";
    let need = |name: &str| {
        form.get(name)
            .ok_or_else(|| Reply::oauth(400, "invalid_request", &format!("The '{name}' parameter is required.")))
    };
    let given = need(member)?;
    let verifier = need("code_verifier")?;
    let stale = || {
        bad_grant(match browser {
            true => "The authorization code is invalid or has expired.",
            false => "The interaction code is invalid or has expired.",
        })
    };

    let mut state = engine.state();
    let Some(code) = state.grants.codes.get_mut(given) else { return Err(stale()) };
    if code.grant.client_id != client.id || code.grant.server != server || code.browser != browser {
        return Err(stale());
    }
    if code.used {
        // Somebody has this code who should not: what was issued for it ends too (RFC 6749 4.1.2).
        let family = code.grant.family.clone();
        state.grants.revoke_family(&family);
        return Err(stale());
    }
    // One try, whatever comes of it.
    code.used = true;
    let code = code.clone();
    state.end_transaction(&code.transaction);
    if code.expires_at <= SystemTime::now() {
        return Err(stale());
    }
    let redirect_uri = form.get("redirect_uri");
    if redirect_uri.is_some_and(|uri| uri != code.redirect_uri) || browser && redirect_uri.is_none() {
        return Err(bad_grant("The redirect URI differs from the one that the sign-in began with."));
    }
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let good_shape = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
    let hash = random::sha256_base64url(verifier);
    if !good_shape || !bool::from(hash.as_bytes().ct_eq(code.challenge.as_bytes())) {
        return Err(bad_grant("PKCE verification failed."));
    }
    let grant = super::grant::Grant { key, ..code.grant };
    Ok(issue::tokens(engine, &mut state, &request.origin, &grant))
}

fn refresh_token(
    engine: &Engine,
    server: Server,
    request: &Request,
    form: &Form,
    client: &Client,
    key: Option<String>,
) -> Result<Reply, Reply> {
    let stale = || bad_grant("The refresh token is invalid or expired.");
    let given = form
        .get("refresh_token")
        .ok_or_else(|| Reply::oauth(400, "invalid_request", "The 'refresh_token' parameter is required."))?;
    let mut state = engine.state();
    let Some(refresh) = state.grants.refresh.get(given).cloned() else { return Err(stale()) };
    if refresh.grant.client_id != client.id || refresh.grant.server != server {
        return Err(stale());
    }
    if refresh.used {
        state.grants.revoke_family(&refresh.grant.family);
        return Err(stale());
    }
    if refresh.expires_at <= SystemTime::now() || state.grants.is_revoked(&refresh.grant.family) {
        return Err(stale());
    }
    // Tokens that were bound to a key stay with it, and others are not bound afterwards (RFC 9449 section 5).
    if refresh.grant.key != key {
        return Err(bad_grant("The refresh token is bound to another DPoP key, or to none."));
    }
    let mut grant = refresh.grant;
    // A scope may be narrowed for this answer, never widened. The nonce belongs to the sign-in alone.
    if let Some(asked) = form.get("scope") {
        grant.scopes = interact::scopes(asked, &grant.scopes)?;
    }
    grant.nonce = None;
    if let Some(spent) = state.grants.refresh.get_mut(given) {
        spent.used = true;
    }
    Ok(issue::tokens(engine, &mut state, &request.origin, &grant))
}
