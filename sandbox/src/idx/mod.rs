//! The IDX half: the step-by-step protocol under `/idp/idx`.
//!
//! Each request is a [`turn::Turn`]: the transaction is taken out of the state, one handler looks at the form that came
//! in and either moves the transaction on, leaves it where it is (polls), or refuses with messages; then the step that
//! the transaction stands at is drawn as JSON and the transaction goes back. What comes after a proof
//! is decided by [`policy`] alone.

pub mod answer;
pub mod authenticator;
pub mod challenge;
pub mod draw;
pub mod enroll;
pub mod form;
pub mod identify;
pub mod message;
pub mod options;
pub mod password;
pub mod policy;
pub mod poll;
pub mod profile;
pub mod qr;
pub mod transaction;
pub mod turn;

use crate::engine::Engine;
use crate::server::message::{Reply, Request};
use message::Message;
use serde_json::{Value, json};
use std::time::SystemTime;
use transaction::Transaction;
use turn::{Turn, Turned};

/// Answers a request under `/idp/idx/`.
pub fn handle(engine: &Engine, request: &Request, step: &str) -> Reply {
    if !KNOWN.contains(&step) {
        return Reply::api(
            404,
            "E0000022",
            "The endpoint does not support the provided HTTP method, or does not exist.",
        );
    }
    if request.method != "POST" {
        return Reply::api(405, "E0000022", "The endpoint does not support the provided HTTP method.")
            .with("Allow", "POST, OPTIONS");
    }
    let Some(body) = request.json() else {
        return Reply::api(400, "E0000003", "The request body was not well-formed.");
    };
    if step == "introspect" {
        return introspect(engine, request, &body);
    }
    submit(engine, request, step, body)
}

const KNOWN: [&str; 17] = [
    "introspect",
    "identify",
    "identify/select",
    "challenge",
    "challenge/answer",
    "challenge/poll",
    "challenge/resend",
    "challenge/send",
    "authenticators/poll",
    "credential/enroll",
    "enroll",
    "enroll/new",
    "recover",
    "unlock-account",
    "skip",
    "cancel",
    "context",
];

/// What a handle that is unknown, spent or too old gets: no state handle, nothing to submit.
fn session_expired() -> Value {
    let message = Message::error("idx.session.expired", "The session has expired.");
    json!({"version": "1.0.0", "messages": message::list(&[&message])})
}

/// Describes the step that a transaction stands at. Changes nothing, so it can be asked as often as one likes.
fn introspect(engine: &Engine, request: &Request, body: &Value) -> Reply {
    // Browsers' clients read the body of a failed introspect only when its type contains this.
    let refused = |status: u16, body: Value| {
        Reply::typed(status, "application/json; okta-version=1.0.0", body.to_string().into_bytes())
    };
    let handle = body["interactionHandle"].as_str();
    let token = body["stateToken"].as_str();
    let mut state = engine.state();
    let known = match (handle, token) {
        (Some(handle), None) => Some(handle.to_owned()),
        (None, Some(token)) => state.state_handles.get(token).cloned(),
        _ => {
            let text = "Exactly one of 'interactionHandle' and 'stateToken' is needed.";
            let message = Message::error("errors.E0000020", text);
            return refused(400, json!({"version": "1.0.0", "messages": message::list(&[&message])}));
        }
    };
    let live = known.and_then(|handle| state.transactions.remove(&handle));
    let Some(mut transaction) = live.filter(|transaction| transaction.expires_at > SystemTime::now()) else {
        return refused(401, session_expired());
    };
    if let Some(reply) = throttled(engine, &mut state, &transaction, request) {
        state.transactions.insert(transaction.handle.clone(), transaction);
        return reply;
    }
    let deny = engine.world.client(&transaction.asked.client_id).and_then(|client| client.policy.deny.as_ref());
    if let Some(deny) = deny.filter(|deny| deny.at == crate::world::DenyAt::Start) {
        let message = Message::error(deny.key.clone(), deny.text.clone());
        return refused(deny.status, json!({"version": "1.0.0", "messages": message::list(&[&message])}));
    }
    if transaction.state_handles.is_empty() {
        transaction.new_handle();
        state.state_handles.insert(transaction.state_handle().to_owned(), transaction.handle.clone());
    }
    let Some(turn) = Turn::new(engine, &mut state, transaction, &request.origin, Value::Null) else {
        return refused(401, session_expired());
    };
    let newest = turn.tx.state_handle().to_owned();
    let drawn = draw::step(&turn, token.unwrap_or(&newest), &[]);
    turn.put_back();
    Reply::ion(200, &drawn)
}

fn throttled(
    engine: &Engine,
    state: &mut crate::engine::State,
    transaction: &Transaction,
    request: &Request,
) -> Option<Reply> {
    engine.throttle(state, &transaction.asked.client_id, request)
}

fn submit(engine: &Engine, request: &Request, step: &str, body: Value) -> Reply {
    let given = body["stateHandle"].as_str().unwrap_or_default().to_owned();
    let mut state = engine.state();
    let known = state.state_handles.get(&given).cloned();
    let Some(transaction) = known.and_then(|handle| state.transactions.remove(&handle)) else {
        return Reply::ion(401, &session_expired());
    };
    if transaction.expires_at <= SystemTime::now() {
        let handle = transaction.handle.clone();
        state.transactions.insert(handle.clone(), transaction);
        state.end_transaction(&handle);
        return Reply::ion(401, &session_expired());
    }
    if let Some(reply) = throttled(engine, &mut state, &transaction, request) {
        state.transactions.insert(transaction.handle.clone(), transaction);
        return reply;
    }
    // But a credential of an earlier step is not tried at a later one: that would be a replay.
    if body.get("credentials").is_some() && !transaction.is_fresh(&given) {
        state.transactions.insert(transaction.handle.clone(), transaction);
        return Reply::ion(401, &session_expired());
    }
    let Some(mut turn) = Turn::new(engine, &mut state, transaction, &request.origin, body) else {
        return Reply::ion(401, &session_expired());
    };
    let turned = turn.take(step);
    let (status, messages) = match turned {
        Turned::Still => {
            let drawn = draw::step(&turn, &given, &[]);
            turn.put_back();
            return Reply::ion(200, &drawn);
        }
        Turned::Next(messages) => {
            // A recorded org knows earlier handles too, and published clients count on it: auth-js starts a refused
            // sign-up over from the first page that it kept. Only a cancelled sign-in takes its handles along.
            if step == "cancel" {
                turn.renew();
            } else {
                turn.renew_for_step();
            }
            (turn.status(), messages)
        }
        Turned::Refused(status, messages) => {
            turn.renew_beside();
            (status, messages)
        }
    };
    let handle = turn.tx.state_handle().to_owned();
    let drawn = draw::step(&turn, &handle, &messages);
    turn.put_back();
    Reply::ion(status, &drawn)
}
