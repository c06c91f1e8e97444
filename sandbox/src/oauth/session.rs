//! What can be done with tokens: ask who they are for, ask whether they are good, end them, sign out.

use super::{Server, client, dpop, issue};
use crate::clock::unix;
use crate::engine::Engine;
use crate::server::message::{Reply, Request};
use crate::world::Client;
use serde_json::{Value, json};

/// `/v1/userinfo`, by GET or POST, the token in the header alone.
pub fn userinfo(engine: &Engine, server: Server, request: &Request) -> Reply {
    if request.method != "GET" && request.method != "POST" {
        return Reply::api(405, "E0000022", "The endpoint does not support the provided HTTP method.");
    }
    let refused = |error: &str, text: &str| {
        let challenge = format!("Bearer realm=\"sandbox\", error=\"{error}\", error_description=\"{text}\"");
        Reply::oauth(401, error, text).with("WWW-Authenticate", challenge)
    };
    let known = |scheme: &str| ["bearer", "dpop"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let token =
        request.header("authorization").and_then(|header| header.split_once(' ')).filter(|(scheme, _)| known(scheme));
    let Some((scheme, token)) = token.map(|(scheme, token)| (scheme, token.trim())) else {
        return Reply::empty(401).with("WWW-Authenticate", "Bearer realm=\"sandbox\"");
    };
    let bound = engine.state().grants.live_access(token).and_then(|access| access.grant.key.clone());
    if let Err(refusal) = dpop::check_at_resource(engine, request, scheme, token, bound.as_deref()) {
        return refusal;
    }
    let state = engine.state();
    let access = state.grants.live_access(token).filter(|access| access.grant.server == server);
    let Some(access) = access else { return refused("invalid_token", "The access token is invalid or has expired.") };
    if !access.grant.scopes.iter().any(|scope| scope == "openid") {
        let text = "The access token must provide access to the openid scope.";
        return Reply::oauth(403, "insufficient_scope", text)
            .with("WWW-Authenticate", "Bearer realm=\"sandbox\", error=\"insufficient_scope\", scope=\"openid\"");
    }
    let Some(account) = state.accounts.iter().find(|account| account.id == access.grant.user_id) else {
        return refused("invalid_token", "The user no longer exists.");
    };
    let mut claims = issue::profile(account, &access.grant.scopes);
    claims.insert("sub".into(), account.id.clone().into());
    Reply::json(200, &Value::Object(claims)).with("Cache-Control", "no-store")
}

/// `/v1/introspect` of OAuth: whether a token is good, and what it is.
pub fn introspect(engine: &Engine, server: Server, request: &Request) -> Reply {
    let (client, token) = match client_and_token(engine, request) {
        Ok(both) => both,
        Err(reply) => return reply,
    };
    let token = token.as_str();
    let state = engine.state();
    let (grant, expires_at, kind, issued_at) = if let Some(access) = state.grants.live_access(token) {
        (&access.grant, access.expires_at, "Bearer", access.issued_at)
    } else if let Some(refresh) = state.grants.live_refresh(token) {
        (&refresh.grant, refresh.expires_at, "refresh_token", refresh.issued_at)
    } else {
        return Reply::json(200, &json!({"active": false}));
    };
    if grant.client_id != client.id || grant.server != server {
        return Reply::json(200, &json!({"active": false}));
    }
    let username = state.accounts.iter().find(|account| account.id == grant.user_id).map(|account| &account.login);
    Reply::json(
        200,
        &json!({
            "active": true, "token_type": kind, "scope": grant.scopes.join(" "), "client_id": grant.client_id,
            "username": username, "sub": username, "uid": grant.user_id, "exp": unix(expires_at), "iat": unix(issued_at),
            "iss": server.issuer(&request.origin),
            "aud": if server == Server::Custom { "api://default".to_owned() } else { request.origin.clone() },
        }),
    )
    .with("Cache-Control", "no-store")
}

/// Who asks about which token.
fn client_and_token<'a>(engine: &'a Engine, request: &Request) -> Result<(&'a Client, String), Reply> {
    let form = request.form().map_err(|text| Reply::oauth(400, "invalid_request", text))?;
    let client = client::authenticate(engine, request, &form)?;
    let token =
        form.get("token").ok_or_else(|| Reply::oauth(400, "invalid_request", "The 'token' parameter is required."))?;
    Ok((client, token.to_owned()))
}

/// `/v1/revoke`: 200 also for what is no token, as RFC 7009 wants it.
pub fn revoke(engine: &Engine, request: &Request) -> Reply {
    let (client, token) = match client_and_token(engine, request) {
        Ok(both) => both,
        Err(reply) => return reply,
    };
    let token = token.as_str();
    let mut state = engine.state();
    let family = state
        .grants
        .refresh
        .get(token)
        .filter(|refresh| refresh.grant.client_id == client.id)
        .map(|refresh| refresh.grant.family.clone());
    if let Some(family) = family {
        // The refresh token takes its access tokens with it; an access token goes alone.
        state.grants.revoke_family(&family);
    } else if state.grants.access.get(token).is_some_and(|access| access.grant.client_id == client.id) {
        state.grants.access.remove(token);
    }
    Reply::empty(200).with("Cache-Control", "no-store")
}

/// `/v1/logout`: ends the tokens of the sign-in that an ID token came from, and sends the browser on.
pub fn logout(engine: &Engine, server: Server, request: &Request) -> Reply {
    let form = match request.method.as_str() {
        "GET" => request.query(),
        "POST" => request.form(),
        _ => return Reply::api(405, "E0000022", "The endpoint does not support the provided HTTP method."),
    };
    let form = match form {
        Ok(form) => form,
        Err(text) => return Reply::oauth(400, "invalid_request", text),
    };
    let invalid = |text: &str| Reply::oauth(400, "invalid_request", text);
    let Some(hint) = form.get("id_token_hint") else {
        return invalid("The 'id_token_hint' parameter is required.");
    };
    // An expired hint is still a hint; one that another issuer signed is not.
    let claims = engine.signer.verify(hint).filter(|claims| claims["iss"] == server.issuer(&request.origin));
    let client = claims.as_ref().and_then(|claims| engine.world.client(claims["aud"].as_str()?));
    let (Some(claims), Some(client)) = (claims, client) else {
        return invalid("The 'id_token_hint' is invalid.");
    };
    let target = match form.get("post_logout_redirect_uri") {
        None => None,
        Some(uri) if client.post_logout_redirect_uris.iter().any(|known| known == uri) => Some(uri),
        Some(_) => {
            return invalid(
                "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.",
            );
        }
    };
    if let Some(user) = claims["sub"].as_str() {
        let mut state = engine.state();
        state.grants.access.retain(|_, access| access.grant.user_id != user || access.grant.client_id != client.id);
    }
    match target {
        None => Reply::typed(200, "text/plain; charset=utf-8", b"You are signed out.".to_vec()),
        Some(uri) => {
            let mut location = uri.to_owned();
            if let Some(state) = form.get("state") {
                let state: String =
                    form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
                location.push(if uri.contains('?') { '&' } else { '?' });
                location.push_str(&state);
            }
            Reply::empty(302).with("Location", location)
        }
    }
}
