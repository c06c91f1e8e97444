//! `/v1/par`: an authorization request that is pushed before a browser is opened (RFC 9126). Kept for a minute and a half, good
//! once, and for the client that pushed it.

use super::{Server, client};
use crate::browser;
use crate::engine::Engine;
use crate::random;
use crate::server::message::{Form, Reply, Request};
use serde_json::json;
use std::time::{Duration, SystemTime};

const LIFETIME: Duration = Duration::from_secs(90);

/// A request that was pushed.
pub struct Pushed {
    server: Server,
    form: Form,
    expires_at: SystemTime,
}

impl Pushed {
    /// Whether it is not good any more.
    pub fn is_over(&self, now: SystemTime) -> bool {
        self.expires_at <= now
    }
}

/// Answers a pushed request.
pub fn handle(engine: &Engine, server: Server, request: &Request) -> Reply {
    push(engine, server, request).unwrap_or_else(|refusal| refusal)
}

fn push(engine: &Engine, server: Server, request: &Request) -> Result<Reply, Reply> {
    let invalid = |text: &str| Reply::oauth(400, "invalid_request", text);
    let mut form = request.form().map_err(invalid)?;
    let client = client::authenticate(engine, request, &form)?;
    if let Some(reply) = engine.throttle(&mut engine.state(), &client.id, request) {
        return Err(reply);
    }
    if form.get("request_uri").is_some() {
        return Err(invalid("The 'request_uri' parameter must not be pushed."));
    }
    // A client that authenticates by a header need not repeat its id.
    form.set("client_id", &client.id);
    browser::client(engine, &form).map_err(invalid)?;
    browser::asked(server, client, &form)?;
    form.remove("client_secret");
    let uri = format!("urn:ietf:params:oauth:request_uri:{}", random::token());
    let pushed = Pushed { server, form, expires_at: SystemTime::now() + LIFETIME };
    engine.state().pushed.insert(uri.clone(), pushed);
    Ok(Reply::json(201, &json!({"request_uri": uri, "expires_in": LIFETIME.as_secs()}))
        .with("Cache-Control", "no-store"))
}

/// Takes a pushed request: it is gone afterwards.
pub fn take(engine: &Engine, server: Server, uri: &str, client_id: Option<&str>) -> Result<Form, &'static str> {
    let pushed = engine.state().pushed.remove(uri);
    pushed
        .filter(|pushed| !pushed.is_over(SystemTime::now()) && pushed.server == server)
        .filter(|pushed| pushed.form.get("client_id") == client_id)
        .map(|pushed| pushed.form)
        .ok_or("The 'request_uri' is unknown, expired, used, or of another client.")
}
