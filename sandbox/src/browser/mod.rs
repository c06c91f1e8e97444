//! The browser flow: `/v1/authorize`, its pages, and the way back to the app.
//!
//! Behind the pages is the IDX half: a transaction is begun as interact begins one, its steps are drawn as plain HTML forms, and
//! what comes back is given to the same handlers. So every policy, factor and lockout holds here, too. The pages need no script.
//!
//! A browser is known by a cookie. The sign-in of a page belongs to that cookie, and forms are taken from our own pages only
//! (`Origin`, `Sec-Fetch-Site`). What was proved in a browser counts for its next sign-in, as far as the policy of that app takes
//! it: `prompt=login` and `max_age` ask again, `prompt=none` asks nothing.

mod form;
mod page;

use crate::engine::{Engine, State};
use crate::idx;
use crate::idx::transaction::{Proof, Step, Transaction};
use crate::idx::turn::Turn;
use crate::oauth::{Server, interact, par};
use crate::random;
use crate::server::message::{Form, Reply, Request};
use crate::world::Client;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

/// The cookie that a browser is known by.
const COOKIE: &str = "sandbox_browser";

/// What was proved in a browser.
#[derive(Debug, Clone)]
pub struct Session {
    user: String,
    proofs: Vec<Proof>,
}

/// `/v1/authorize`.
pub fn authorize(engine: &Engine, server: Server, request: &Request) -> Reply {
    let given = match request.method.as_str() {
        "GET" => request.query(),
        "POST" => request.form(),
        _ => return Reply::api(405, "E0000022", "The endpoint does not support the provided HTTP method."),
    };
    match given {
        Ok(given) => begin(engine, server, request, given).unwrap_or_else(|refusal| refusal),
        Err(text) => page::refused(text),
    }
}

/// The client and the redirect URI: before both are known to belong together, nobody is sent anywhere.
pub fn client<'a>(engine: &'a Engine, given: &Form) -> Result<(&'a Client, String), &'static str> {
    let known = given.get("client_id").and_then(|id| engine.world.client(id));
    let client = known.ok_or("Invalid value for 'client_id' parameter.")?;
    match given.get("redirect_uri") {
        Some(uri) if client.redirect_uris.iter().any(|known| known == uri) => Ok((client, uri.to_owned())),
        _ => Err("The 'redirect_uri' parameter must be a Login redirect URI in the client app settings."),
    }
}

/// Checks what an app asks of the authorization endpoint, in the words of OAuth.
pub fn asked(server: Server, client: &Client, given: &Form) -> Result<idx::transaction::Asked, Reply> {
    if !client.authorization_code {
        let text = "The client is not authorized to use the provided grant type. Configured grant types: [].";
        return Err(Reply::oauth(400, "unauthorized_client", text));
    }
    if given.get("response_type") != Some("code") {
        let text = "The response type is not supported by the authorization server. Configured response types: [code].";
        return Err(Reply::oauth(400, "unsupported_response_type", text));
    }
    if given.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(Reply::oauth(400, "invalid_request", "The 'response_mode' parameter must be 'query'."));
    }
    let words = given.get("prompt").unwrap_or_default();
    if words
        .split(' ')
        .any(|word| !["", "none", "login", "consent", "select_account", "enroll_authenticator"].contains(&word))
        || words.split(' ').count() > 1 && words.split(' ').any(|word| word == "none")
    {
        return Err(Reply::oauth(400, "invalid_request", "The 'prompt' parameter is invalid."));
    }
    let asked = interact::asked(server, given, client)?;
    Ok(idx::transaction::Asked { browser: true, ..asked })
}

fn begin(engine: &Engine, server: Server, request: &Request, given: Form) -> Result<Reply, Reply> {
    let (given, pushed) = match given.get("request_uri") {
        None => (given, false),
        Some(uri) => (par::take(engine, server, uri, given.get("client_id")).map_err(page::refused)?, true),
    };
    let (client, redirect_uri) = client(engine, &given).map_err(page::refused)?;
    let state = given.get("state").map(str::to_owned);
    let back = |refusal: Reply| {
        let body: Value = serde_json::from_slice(&refusal.body).unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or("server_error").to_owned();
        let issuer = server.issuer(&request.origin);
        let (error, description) = (text("error"), text("error_description"));
        page::back(&callback(
            &redirect_uri,
            &[
                ("error", Some(&error)),
                ("error_description", Some(&description)),
                ("state", state.as_deref()),
                ("iss", Some(&issuer)),
            ],
        ))
    };
    if client.require_par && !pushed {
        let text = "The client must push its authorization requests.";
        return Err(back(Reply::oauth(400, "invalid_request", text)));
    }
    let asked = asked(server, client, &given).map_err(&back)?;
    let prompt: Vec<&str> = given.get("prompt").unwrap_or_default().split(' ').collect();
    let max_age = asked.max_age;
    let mut transaction = Transaction::new(asked, engine.world.lifetimes.transaction);
    let mut state = engine.state();
    state.sweep();
    let known = cookie(request).filter(|id| id.len() < 100).map(str::to_owned);
    let session = known.as_ref().and_then(|id| state.browsers.get(id)).cloned();
    let old = |session: &Session| {
        let newest = session.proofs.iter().map(|proof| proof.at).max();
        let age = newest.and_then(|at| at.elapsed().ok()).unwrap_or_default();
        max_age.is_some_and(|limit| age > Duration::from_secs(limit.into()) || limit == 0)
    };
    let again = ["login", "select_account"].iter().any(|word| prompt.contains(word));
    if let Some(session) = session.filter(|session| !again && !old(session)) {
        transaction.user = Some(session.user);
        transaction.proofs = session.proofs;
    }
    let browser = known.unwrap_or_else(random::token);
    transaction.browser = Some(browser.clone());
    let handle = transaction.handle.clone();
    let silent = prompt.contains(&"none");
    if transaction.user.is_some() {
        // The policy decides what is still to be done.
        let Some(mut turn) = Turn::new(engine, &mut state, transaction, &request.origin, Value::Null) else {
            return Err(back(Reply::oauth(400, "server_error", "The client is gone.")));
        };
        turn.advance();
        let done = matches!(turn.tx.step, Step::Success);
        turn.put_back();
        if done {
            return Ok(complete(&mut state, request, &handle));
        }
        if silent {
            state.end_transaction(&handle);
            return Err(back(Reply::oauth(
                400,
                "interaction_required",
                "The client specified not to prompt, but the policy wants more.",
            )));
        }
    } else if silent {
        return Err(back(Reply::oauth(
            400,
            "login_required",
            "The client specified not to prompt, but the user is not logged in.",
        )));
    } else {
        state.transactions.insert(handle.clone(), transaction);
    }
    drop(state);
    let location = format!("{}/v1/signin/{handle}", server.base(&request.origin));
    Ok(Reply::empty(302)
        .with("Location", location)
        .with("Cache-Control", "no-store")
        .with("Set-Cookie", set_cookie(request, &browser)))
}

/// `/v1/signin/{handle}`: the pages of a sign-in.
pub fn sign_in(engine: &Engine, server: Server, request: &Request, handle: &str) -> Reply {
    let state = engine.state();
    let Some(transaction) = state.transactions.get(handle).filter(|known| known.browser.is_some()) else {
        return page::refused("This sign-in is over. Go back to the app and start again.");
    };
    if transaction.browser.as_deref() != cookie(request) || transaction.asked.server != server {
        return page::refused("This sign-in belongs to another browser.");
    }
    drop(state);
    match request.method.as_str() {
        "GET" if request.query == "cancel" => cancel(engine, request, handle),
        "GET" => show(engine, request, handle),
        "POST" => submit(engine, request, handle),
        _ => Reply::api(405, "E0000022", "The endpoint does not support the provided HTTP method."),
    }
}

/// A request to the IDX half, as a client would send it.
fn ask(engine: &Engine, request: &Request, path: &str, body: &Value) -> (u16, Value) {
    let inner = Request {
        method: "POST".to_owned(),
        path: format!("/idp/idx/{path}"),
        query: String::new(),
        headers: hyper::HeaderMap::new(),
        body: body.to_string().into_bytes().into(),
        peer: request.peer,
        origin: request.origin.clone(),
    };
    let reply = idx::handle(engine, &inner, path);
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
}

fn current(engine: &Engine, request: &Request, handle: &str) -> Value {
    ask(engine, request, "introspect", &json!({"interactionHandle": handle})).1
}

fn show(engine: &Engine, request: &Request, handle: &str) -> Reply {
    let step = current(engine, request, handle);
    // A page that waits asks once each time it is loaded.
    let poll = form::forms(&step).into_iter().find(|(_, form)| form["refresh"].is_u64());
    match poll {
        Some((_, poll)) => follow(engine, request, handle, &poll, &json!({"stateHandle": step["stateHandle"]})),
        None => drawn(engine, request, handle, 200, &step),
    }
}

fn submit(engine: &Engine, request: &Request, handle: &str) -> Reply {
    let foreign = |name: &str, own: &[&str]| request.header(name).is_some_and(|value| !own.contains(&value));
    if foreign("origin", &[&request.origin, "null"]) || foreign("sec-fetch-site", &["same-origin", "none"]) {
        return page::refused("The form was not sent from this page.");
    }
    let given = match request.form() {
        Ok(given) => given,
        Err(text) => return page::refused(text),
    };
    let step = current(engine, request, handle);
    let sent = given.get(form::FORM).unwrap_or_default();
    match form::forms(&step).into_iter().find(|(id, _)| id == sent) {
        Some((_, form)) => follow(engine, request, handle, &form, &form::answer(&form, &given)),
        None => drawn(engine, request, handle, 200, &step),
    }
}

fn follow(engine: &Engine, request: &Request, handle: &str, form: &Value, body: &Value) -> Reply {
    let href = form["href"].as_str().unwrap_or_default();
    let path = href.split_once("/idp/idx/").map(|(_, path)| path).unwrap_or_default();
    let (status, step) = ask(engine, request, path, body);
    // A form of an earlier page: show where the sign-in is.
    if step["stateHandle"].is_null() && step["remediation"].is_null() && step["successWithInteractionCode"].is_null() {
        let step = current(engine, request, handle);
        return drawn(engine, request, handle, 200, &step);
    }
    drawn(engine, request, handle, if status == 429 { 429 } else { 200 }, &step)
}

fn drawn(engine: &Engine, request: &Request, handle: &str, status: u16, step: &Value) -> Reply {
    if step["successWithInteractionCode"].is_object() {
        return complete(&mut engine.state(), request, handle);
    }
    page::step(status, step, &format!("{}?cancel", request.path))
}

/// The person gave up.
fn cancel(engine: &Engine, request: &Request, handle: &str) -> Reply {
    let mut state = engine.state();
    let Some(asked) = state.transactions.get(handle).map(|known| known.asked.clone()) else {
        return page::refused("This sign-in is over.");
    };
    state.end_transaction(handle);
    let issuer = asked.server.issuer(&request.origin);
    page::back(&callback(
        &asked.redirect_uri,
        &[
            ("error", Some("access_denied")),
            ("error_description", Some("The resource owner or authorization server denied the request.")),
            ("state", Some(&asked.state)),
            ("iss", Some(&issuer)),
        ],
    ))
}

/// The sign-in is complete: the browser remembers what was proved, and takes the code to the app.
fn complete(state: &mut State, request: &Request, handle: &str) -> Reply {
    let Some(transaction) = state.transactions.get(handle).cloned() else {
        return page::refused("This sign-in is over.");
    };
    let (Some(user), Some(code)) = (transaction.user.clone(), transaction.code.clone()) else {
        return page::refused("This sign-in is not complete.");
    };
    // Another name for the browser from now on: whoever planted the old one has nothing of it.
    let browser = random::token();
    if let Some(old) = &transaction.browser {
        state.browsers.remove(old);
    }
    state.browsers.insert(browser.clone(), Session { user, proofs: transaction.proofs.clone() });
    state.end_transaction(handle);
    let asked = &transaction.asked;
    let issuer = asked.server.issuer(&request.origin);
    let location =
        callback(&asked.redirect_uri, &[("code", Some(&code)), ("state", Some(&asked.state)), ("iss", Some(&issuer))]);
    page::back(&location).with("Set-Cookie", set_cookie(request, &browser))
}

fn callback(redirect_uri: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let between = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{between}{}", query.finish())
}

fn cookie(request: &Request) -> Option<&str> {
    let own = |cookie: &&str| cookie.split_once('=').is_some_and(|(name, _)| name.trim() == COOKIE);
    let found = request.header("cookie")?.split(';').find(own)?;
    found.split_once('=').map(|(_, value)| value.trim())
}

fn set_cookie(request: &Request, browser: &str) -> String {
    let secure = if request.origin.starts_with("https:") { "; Secure" } else { "" };
    format!("{COOKIE}={browser}; Path=/; HttpOnly; SameSite=Lax{secure}")
}

/// What a state keeps of browsers at most; old ones sign in again.
pub const BROWSERS: usize = 1000;

/// When a proof is too old to count for another sign-in.
pub fn is_stale(session: &Session, now: SystemTime) -> bool {
    let newest = session.proofs.iter().map(|proof| proof.at).max();
    newest.and_then(|at| now.duration_since(at).ok()).is_some_and(|age| age > Duration::from_secs(8 * 3600))
}
