//! `private_key_jwt` (RFC 7523): a client that has registered a public key proves that it holds the private one, with an
//! assertion that is good once.

use super::jwt::Jwt;
use crate::clock::unix;
use crate::engine::Engine;
use crate::server::message::{Form, Reply, Request};
use crate::world::Client;
use std::time::SystemTime;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion may live, in seconds.
const LONGEST: u64 = 3600;

/// The client that an assertion speaks for, before it is checked.
pub fn claimed_client(form: &Form) -> Option<String> {
    Jwt::parse(form.get("client_assertion")?)?.claims["sub"].as_str().map(str::to_owned)
}

/// Checks the assertion of a client that has a key. `None` where none was sent.
pub fn check(engine: &Engine, client: &Client, request: &Request, form: &Form) -> Option<Result<(), Reply>> {
    let assertion = form.get("client_assertion")?;
    Some(judge(engine, client, request, form, assertion))
}

fn judge(engine: &Engine, client: &Client, request: &Request, form: &Form, assertion: &str) -> Result<(), Reply> {
    let refused = |text: &str| Reply::oauth(401, "invalid_client", text);
    if form.get("client_assertion_type") != Some(TYPE) {
        return Err(refused("The client_assertion_type must be that of a JWT."));
    }
    let Some(key) = &client.public_key else {
        return Err(refused("The client is not registered with a public key."));
    };
    let malformed = || refused("The client_assertion is not a signed JWT.");
    let jwt = Jwt::parse(assertion).ok_or_else(malformed)?;
    if key.get("kid").is_some_and(|kid| jwt.header.get("kid").is_some_and(|named| named != kid)) {
        return Err(refused("The client_assertion names a key that the client does not have."));
    }
    if !jwt.is_signed_by(key) {
        return Err(refused("The client_assertion signature is invalid."));
    }
    let claims = &jwt.claims;
    if claims["iss"] != client.id.as_str() || claims["sub"] != client.id.as_str() {
        return Err(refused("The 'iss' and 'sub' of the client_assertion must be the client id."));
    }
    // The address of this very endpoint, or the issuer, as one text.
    let endpoint = format!("{}{}", request.origin, request.path);
    let issuer = request.path.rsplit_once("/v1/").map(|(base, _)| format!("{}{base}", request.origin));
    let issuer = issuer.map(|issuer| if issuer.ends_with("/oauth2") { request.origin.clone() } else { issuer });
    if claims["aud"] != endpoint.as_str() && Some(claims["aud"].as_str().unwrap_or_default()) != issuer.as_deref() {
        return Err(refused("The 'aud' of the client_assertion must be the endpoint that it is sent to."));
    }
    let now = unix(SystemTime::now());
    let expires = claims["exp"].as_u64().ok_or_else(malformed)?;
    if expires <= now || expires > now + LONGEST {
        return Err(refused("The client_assertion has expired, or lives too long."));
    }
    let id = claims["jti"].as_str().filter(|id| !id.is_empty() && id.len() <= 256).ok_or_else(malformed)?;
    if !engine.state().used_ids.first_time(&format!("{} {id}", client.id), expires, now) {
        return Err(refused("The client_assertion was used before."));
    }
    Ok(())
}
