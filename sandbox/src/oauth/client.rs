//! Client authentication: none, `client_secret_post`, `client_secret_basic` or `private_key_jwt`, exactly one of them, as the
//! client is registered.

use super::assertion;
use crate::engine::Engine;
use crate::server::message::{Form, Reply, Request};
use crate::world::Client;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

/// The client that sent a request, with its secret checked, or the OAuth error to answer.
pub fn authenticate<'a>(engine: &'a Engine, request: &Request, form: &Form) -> Result<&'a Client, Reply> {
    let basic = basic(request)?;
    let claimed = assertion::claimed_client(form);
    let (id, secret) = match &basic {
        Some((id, secret)) => {
            if form.get("client_secret").is_some() || form.get("client_assertion").is_some() {
                return Err(Reply::oauth(400, "invalid_request", "Cannot supply multiple client credentials."));
            }
            if form.get("client_id").is_some_and(|other| other != id) {
                return Err(Reply::oauth(
                    400,
                    "invalid_request",
                    "The client_id differs from the Authorization header.",
                ));
            }
            (id.as_str(), Some(secret.as_str()).filter(|secret| !secret.is_empty()))
        }
        None => match form.get("client_id").or(claimed.as_deref()) {
            Some(id) => (id, form.get("client_secret")),
            None => {
                return Err(refused("A client_id must be provided in the request."));
            }
        },
    };
    let Some(client) = engine.world.client(id) else {
        return Err(refused("Invalid value for 'client_id' parameter."));
    };
    if let Some(checked) = assertion::check(engine, client, request, form) {
        return match secret {
            None => checked.map(|()| client),
            Some(_) => Err(Reply::oauth(400, "invalid_request", "Cannot supply multiple client credentials.")),
        };
    }
    if client.public_key.is_some() {
        // No client is known to send an assertion where a sign-in begins, so none is asked for there.
        return match request.path.ends_with("/v1/interact") && secret.is_none() {
            true => Ok(client),
            false => Err(refused("The client_assertion must be supplied, signed by the key of the client.")),
        };
    }
    match (&client.secret, secret) {
        (None, None) => Ok(client),
        (Some(right), Some(given)) if bool::from(right.as_bytes().ct_eq(given.as_bytes())) => Ok(client),
        (None, Some(_)) => Err(refused("The client is public and must not send a client secret.")),
        (Some(_), None) => {
            Err(refused("The client secret must be supplied, by client_secret_basic or client_secret_post."))
        }
        (Some(_), Some(_)) => Err(refused("The client secret supplied for a confidential client is invalid.")),
    }
}

fn refused(description: &str) -> Reply {
    Reply::oauth(401, "invalid_client", description)
}

/// Id and secret of a Basic header, both form-decoded as RFC 6749 2.3.1 wants them.
fn basic(request: &Request) -> Result<Option<(String, String)>, Reply> {
    let Some(header) = request.header("authorization") else { return Ok(None) };
    let Some((scheme, value)) = header.split_once(' ') else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let malformed =
        || refused("The Authorization header is malformed.").with("WWW-Authenticate", "Basic realm=\"sandbox\"");
    let decoded = STANDARD.decode(value.trim()).map_err(|_| malformed())?;
    let text = String::from_utf8(decoded).map_err(|_| malformed())?;
    // Clients without a secret send the id alone, with or without the colon.
    let (id, secret) = text.split_once(':').unwrap_or((&text, ""));
    let decode = |part: &str| -> Option<String> {
        let line = format!("x={}", part.replace('&', "%26").replace('=', "%3D"));
        form_urlencoded::parse(line.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Ok(Some((decode(id).ok_or_else(malformed)?, decode(secret).ok_or_else(malformed)?)))
}
