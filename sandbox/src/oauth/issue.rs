//! Tokens for a grant: access token, ID token, refresh token, each only when its scope was granted.

use super::Server;
use super::grant::{Access, Grant, Refresh};
use crate::account::Account;
use crate::clock::unix;
use crate::engine::{Engine, State};
use crate::keys::Signer;
use crate::random;
use crate::server::message::Reply;
use serde_json::{Map, Value, json};
use std::time::SystemTime;

/// The token response for a grant.
pub fn tokens(engine: &Engine, state: &mut State, origin: &str, grant: &Grant) -> Reply {
    let failed = || Reply::api(500, "E0000009", "Internal Server Error");
    let now = SystemTime::now();
    let lives = &engine.world.lifetimes;
    let Some(account) = state.accounts.iter().find(|account| account.id == grant.user_id).cloned() else {
        return Reply::oauth(400, "invalid_grant", "The user no longer exists.");
    };
    let Some(access_token) = access_token(engine, origin, grant, &account, now) else { return failed() };
    let mut body = json!({
        "token_type": if grant.key.is_some() { "DPoP" } else { "Bearer" },
        "expires_in": lives.access_token.as_secs(),
        "access_token": access_token,
        "scope": grant.scopes.join(" "),
    });
    let has = |scope: &str| grant.scopes.iter().any(|known| known == scope);
    if has("openid") {
        let claims = id_claims(engine, origin, grant, &account, &access_token, now);
        let Some(id_token) = engine.signer.sign(&claims) else { return failed() };
        body["id_token"] = id_token.into();
    }
    if has("offline_access") {
        let token = random::token();
        let refresh =
            Refresh { grant: grant.clone(), issued_at: now, expires_at: now + lives.refresh_token, used: false };
        state.grants.refresh.insert(token.clone(), refresh);
        body["refresh_token"] = token.into();
    }
    let access = Access { grant: grant.clone(), issued_at: now, expires_at: now + lives.access_token };
    state.grants.access.insert(access_token, access);
    Reply::json(200, &body).with("Cache-Control", "no-store").with("Pragma", "no-cache")
}

fn access_token(engine: &Engine, origin: &str, grant: &Grant, account: &Account, now: SystemTime) -> Option<String> {
    let issuer = grant.server.issuer(origin);
    let org = grant.server == Server::Org;
    let mut claims = json!({
        "ver": 1, "jti": random::id("AT."), "iss": issuer, "aud": if org { issuer.as_str() } else { "api://default" },
        "iat": unix(now), "exp": unix(now + engine.world.lifetimes.access_token),
        "cid": grant.client_id, "uid": account.id, "scp": grant.scopes, "auth_time": unix(grant.auth_time),
        "sub": account.login,
    });
    if let Some(key) = &grant.key {
        claims["cnf"] = json!({ "jkt": key });
    }
    // The org server's access tokens are nobody's business but its own: they have the form (auth-js 7 decodes them), but
    // name a key that is not published.
    if org { engine.signer.sign_unpublished(&claims) } else { engine.signer.sign(&claims) }
}

fn id_claims(
    engine: &Engine,
    origin: &str,
    grant: &Grant,
    account: &Account,
    access_token: &str,
    now: SystemTime,
) -> Value {
    let mut claims = json!({
        "ver": 1, "jti": random::id("ID."), "iss": grant.server.issuer(origin), "sub": account.id,
        "aud": grant.client_id, "iat": unix(now), "exp": unix(now + engine.world.lifetimes.id_token),
        "auth_time": unix(grant.auth_time), "amr": amr(grant), "acr": acr(grant), "idp": "00osandbox0000000001",
        "at_hash": Signer::at_hash(access_token),
    });
    // Only what was given comes back: clients compare it, and one that sent none must not find one.
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = nonce.clone().into();
    }
    if let Some(members) = claims.as_object_mut() {
        members.extend(profile(account, &grant.scopes));
    }
    claims
}

/// The claims about a person that scopes open.
pub fn profile(account: &Account, scopes: &[String]) -> Map<String, Value> {
    let has = |scope: &str| scopes.iter().any(|known| known == scope);
    let mut claims = Map::new();
    if has("profile") {
        let name = format!("{} {}", account.first_name, account.last_name);
        claims.insert("name".into(), name.trim().into());
        claims.insert("preferred_username".into(), account.login.clone().into());
        claims.insert("given_name".into(), account.first_name.clone().into());
        claims.insert("family_name".into(), account.last_name.clone().into());
        claims.insert("locale".into(), "en_US".into());
        claims.insert("zoneinfo".into(), "UTC".into());
    }
    if has("email") {
        claims.insert("email".into(), account.email.clone().into());
        claims.insert("email_verified".into(), account.email_verified.into());
    }
    claims
}

fn amr(grant: &Grant) -> Vec<&'static str> {
    let mut values: Vec<&str> = Vec::new();
    for method in &grant.methods {
        if !values.contains(&method.amr()) {
            values.push(method.amr());
        }
    }
    if grant.methods.len() > 1 {
        values.push("mfa");
    }
    values
}

fn acr(grant: &Grant) -> &'static str {
    match grant.methods.as_slice() {
        [crate::factor::Method::Password] => "urn:okta:loa:1fa:pwd",
        [] | [_] => "urn:okta:loa:1fa:any",
        _ => "urn:okta:loa:2fa:any",
    }
}
