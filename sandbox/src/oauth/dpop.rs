//! DPoP (RFC 9449), as an org does it: a client that is set to it needs a proof with every token request, and the proof needs
//! a nonce of the server's. A code survives the question for the nonce.

use super::jwt::{Jwt, thumbprint};
use crate::clock::unix;
use crate::engine::{Engine, State};
use crate::random;
use crate::server::message::{Reply, Request};
use serde_json::Value;
use std::collections::HashMap;
use std::time::SystemTime;

/// How old a proof may be, and how far in the future, in seconds.
const WINDOW: u64 = 300;
/// How long a nonce is the newest, and how long it is good, in seconds.
const RENEWED: u64 = 24 * 3600;
const GOOD: u64 = 3 * RENEWED;

/// The ids of proofs and assertions that were used, until they would have expired anyway.
#[derive(Debug, Default)]
pub struct UsedIds(HashMap<String, u64>);

impl UsedIds {
    /// Whether this id was not there before; from now on it is.
    pub fn first_time(&mut self, id: &str, until: u64, now: u64) -> bool {
        self.0.retain(|_, end| *end > now);
        self.0.insert(id.to_owned(), until).is_none()
    }
}

/// The nonces that were given out, the newest last.
#[derive(Debug, Default)]
pub struct Nonces(Vec<(String, u64)>);

impl Nonces {
    fn current(&mut self, now: u64) -> String {
        self.0.retain(|(_, made)| *made + GOOD > now);
        match self.0.last() {
            Some((nonce, made)) if *made + RENEWED > now => nonce.clone(),
            _ => {
                let nonce = random::token();
                self.0.push((nonce.clone(), now));
                nonce
            }
        }
    }

    fn knows(&self, nonce: &str) -> bool {
        self.0.iter().any(|(known, _)| known == nonce)
    }
}

fn refused(text: &str) -> Reply {
    Reply::oauth(400, "invalid_dpop_proof", text)
}

/// Checks the proof of a token request; the thumbprint of its key comes back, and `None` when there is no proof.
pub fn check(engine: &Engine, request: &Request) -> Result<Option<String>, Reply> {
    let Some(proof) = proof(request).map_err(|text| refused(&text))? else { return Ok(None) };
    let now = unix(SystemTime::now());
    if proof.claims.get("ath").is_some() {
        return Err(refused("The DPoP proof of a token request has no 'ath'."));
    }
    let mut state = engine.state();
    nonce(&mut state, &proof.claims, now)?;
    once(&mut state, &proof.claims, now).map_err(|text| refused(&text))?;
    Ok(Some(thumbprint(&proof.header["jwk"])))
}

/// Checks how an access token is used at a resource: one that is bound to a key by its scheme and with a proof of that key,
/// any other as a Bearer token.
pub fn check_at_resource(
    engine: &Engine,
    request: &Request,
    scheme: &str,
    token: &str,
    bound: Option<&str>,
) -> Result<(), Reply> {
    let challenge = |error: &str, text: &str| {
        let value = format!("DPoP algs=\"RS256 ES256\", error=\"{error}\", error_description=\"{text}\"");
        Reply::oauth(401, error, text).with("WWW-Authenticate", value)
    };
    let by_proof = scheme.eq_ignore_ascii_case("dpop");
    let Some(bound) = bound else {
        let unbound = "The access token is not bound to a key.";
        return if by_proof { Err(challenge("invalid_token", unbound)) } else { Ok(()) };
    };
    if !by_proof {
        return Err(challenge("invalid_token", "The access token is bound to a key and is no Bearer token."));
    }
    let wrong = |text: String| challenge("invalid_dpop_proof", &text);
    let proof = proof(request).map_err(wrong)?;
    let proof = proof.ok_or_else(|| wrong("The DPoP proof JWT header is missing.".to_owned()))?;
    if proof.claims["ath"] != random::sha256_base64url(token).as_str() {
        return Err(wrong("The 'ath' of the DPoP proof is not that of the access token.".to_owned()));
    }
    if thumbprint(&proof.header["jwk"]) != bound {
        return Err(wrong("The DPoP proof is of another key than the access token.".to_owned()));
    }
    once(&mut engine.state(), &proof.claims, unix(SystemTime::now())).map_err(wrong)
}

/// The proof of a request, with all checked that is the same everywhere.
fn proof(request: &Request) -> Result<Option<Jwt<'_>>, String> {
    let mut headers = request.headers.get_all("dpop").iter();
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err("There is more than one DPoP proof JWT header.".to_owned());
    }
    let jwt = header.to_str().ok().and_then(Jwt::parse).ok_or("The DPoP proof is not a JWT.")?;
    let jwk = &jwt.header["jwk"];
    if jwt.header["typ"] != "dpop+jwt" {
        return Err("The 'typ' of the DPoP proof must be dpop+jwt.".to_owned());
    }
    if jwk.get("d").is_some() || !jwt.is_signed_by(jwk) {
        return Err("The DPoP proof must be signed by the private key of its 'jwk'.".to_owned());
    }
    if jwt.claims["htm"] != request.method.as_str() {
        return Err("The 'htm' of the DPoP proof differs from the method.".to_owned());
    }
    if jwt.claims["htu"] != format!("{}{}", request.origin, request.path).as_str() {
        return Err("The 'htu' of the DPoP proof differs from the address.".to_owned());
    }
    let made = jwt.claims["iat"].as_u64().unwrap_or_default();
    if made.abs_diff(unix(SystemTime::now())) > WINDOW {
        return Err("The 'iat' of the DPoP proof is not now.".to_owned());
    }
    Ok(Some(jwt))
}

/// A proof is good once.
fn once(state: &mut State, claims: &Value, now: u64) -> Result<(), String> {
    let id = claims["jti"].as_str().filter(|id| !id.is_empty() && id.len() <= 256);
    match id.is_some_and(|id| state.used_ids.first_time(&format!("dpop {id}"), now + 2 * WINDOW, now)) {
        true => Ok(()),
        false => Err("The 'jti' of the DPoP proof was used before.".to_owned()),
    }
}

fn nonce(state: &mut State, claims: &Value, now: u64) -> Result<(), Reply> {
    let current = state.dpop_nonces.current(now);
    match claims["nonce"].as_str() {
        Some(nonce) if state.dpop_nonces.knows(nonce) => Ok(()),
        _ => Err(Reply::oauth(400, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.")
            .with("DPoP-Nonce", current)),
    }
}

/// What a client that needs a proof is told when it sends none.
pub fn missing() -> Reply {
    refused("The DPoP proof JWT header is missing.")
}
