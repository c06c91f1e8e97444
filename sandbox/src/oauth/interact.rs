//! `/v1/interact`: where a sign-in begins. Checks the client, its redirect URI, scopes and PKCE challenge, and hands out
//! an interaction handle.

use super::{Server, client};
use crate::engine::Engine;
use crate::idx::transaction::{Asked, Transaction};
use crate::server::message::{Form, Reply, Request};
use crate::world::Client;
use serde_json::json;

const ACR: [&str; 8] = [
    "urn:okta:loa:1fa:any",
    "urn:okta:loa:1fa:pwd",
    "urn:okta:loa:2fa:any",
    "urn:okta:loa:2fa:any:ifpossible",
    "phr",
    "phrh",
    "phr:ifpossible",
    "urn:okta:app:mfa:attestation",
];

/// Answers an interact request.
pub fn handle(engine: &Engine, server: Server, request: &Request) -> Reply {
    start(engine, server, request).unwrap_or_else(|refusal| refusal)
}

fn start(engine: &Engine, server: Server, request: &Request) -> Result<Reply, Reply> {
    let invalid = |text: &str| Reply::oauth(400, "invalid_request", text);
    let form = request.form().map_err(invalid)?;
    let client = client::authenticate(engine, request, &form)?;
    if let Some(reply) = engine.throttle(&mut engine.state(), &client.id, request) {
        return Err(reply);
    }
    if !client.interaction_code {
        let text = "The client is not authorized to use the provided grant type. Configured grant types: [].";
        return Err(Reply::oauth(400, "unauthorized_client", text));
    }
    let asked = asked(server, &form, client)?;
    if form.get("activation_token").is_some() {
        let text = if client.secret.is_some() {
            "The activation token is expired or invalid."
        } else {
            "Only confidential clients may use an activation token."
        };
        return Err(invalid(text));
    }
    if form.get("recovery_token").is_some() {
        return Err(invalid("The recovery token is expired or invalid."));
    }
    if request.header("x-device-token").is_some_and(|token| token.len() > 32) {
        return Err(invalid("The device token is longer than 32 characters."));
    }

    let transaction = Transaction::new(asked, engine.world.lifetimes.transaction);
    let handle = transaction.handle.clone();
    let mut everything = engine.state();
    everything.sweep();
    everything.transactions.insert(handle.clone(), transaction);
    drop(everything);
    Ok(Reply::json(200, &json!({"interaction_handle": handle})).with("Cache-Control", "no-store"))
}

/// What a client asks for, checked: redirect URI, PKCE challenge, scopes, assurance.
pub fn asked(server: Server, form: &Form, client: &Client) -> Result<Asked, Reply> {
    let invalid = |text: &str| Reply::oauth(400, "invalid_request", text);
    let need = |name: &str| form.get(name).ok_or_else(|| invalid(&format!("The '{name}' parameter is required.")));
    let redirect_uri = need("redirect_uri")?;
    if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
        let text = "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
        return Err(invalid(text));
    }
    let challenge = form.get("code_challenge").ok_or_else(|| {
        invalid("PKCE code challenge is required when the token endpoint authentication method is 'NONE'.")
    })?;
    if form.get("code_challenge_method") != Some("S256") {
        return Err(invalid("The 'code_challenge_method' parameter must be 'S256'."));
    }
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(base64url) {
        return Err(invalid(
            "The 'code_challenge' must be the base64url of a SHA-256 hash, 43 characters without padding.",
        ));
    }
    let state = need("state")?;
    let scopes = scopes(need("scope")?, &client.scopes)?;
    let acr_values: Vec<String> =
        form.get("acr_values").unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
    if let Some(unknown) = acr_values.iter().find(|acr| !ACR.contains(&acr.as_str())) {
        return Err(invalid(&format!("The 'acr_values' parameter has an unknown value: {}.", printable(unknown))));
    }
    if acr_values.iter().any(|acr| acr == "urn:okta:app:mfa:attestation") {
        return Err(invalid("Attested first factors are not supported by this org."));
    }
    let max_age = match form.get("max_age") {
        None => None,
        Some(text) => {
            Some(text.parse::<u32>().map_err(|_| invalid("The 'max_age' parameter must be a number of seconds."))?)
        }
    };
    Ok(Asked {
        client_id: client.id.clone(),
        server,
        scopes,
        redirect_uri: redirect_uri.to_owned(),
        challenge: challenge.to_owned(),
        state: state.to_owned(),
        nonce: form.get("nonce").map(str::to_owned),
        login_hint: form.get("login_hint").map(str::to_owned),
        acr_values,
        max_age,
        browser: false,
    })
}

/// The scopes of a request, each of which the client must be allowed.
pub fn scopes(asked: &str, allowed: &[String]) -> Result<Vec<String>, Reply> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked.split_ascii_whitespace() {
        if !allowed.iter().any(|known| known == scope) {
            let text = format!(
                "One or more scopes are not configured for the authorization server resource: {}.",
                printable(scope)
            );
            return Err(Reply::oauth(400, "invalid_scope", &text));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.is_empty() {
        return Err(Reply::oauth(400, "invalid_scope", "The 'scope' parameter names no scope."));
    }
    Ok(scopes)
}

/// What a client sent, fit to be quoted in an error.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(80).collect()
}
