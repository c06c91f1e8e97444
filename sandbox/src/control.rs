//! `/sandbox/…`: the hands behind the scenes. Read the outbox, answer pushes, set faults, start over.
//!
//! Only loopback peers get in, and no browser page does: a request with an `Origin`, from another site, or for a host
//! name that is not loopback's (DNS rebinding) is refused, and CORS headers are never sent.

use crate::engine::Engine;
use crate::outbox::PushStatus;
use crate::server::faults::Fault;
use crate::server::message::{Reply, Request};
use serde_json::{Value, json};

/// Answers a control request.
pub fn handle(engine: &Engine, request: &Request) -> Reply {
    if let Err(reason) = allowed(request) {
        return Reply::json(403, &json!({"error": "forbidden", "error_description": reason}));
    }
    let path = request.path.strip_prefix("/sandbox/").unwrap_or_default();
    match (request.method.as_str(), path) {
        ("GET", "outbox") => outbox(engine, request),
        ("DELETE", "outbox") => {
            engine.state().outbox.retain(crate::outbox::Mail::is_pending);
            Reply::empty(204)
        }
        ("GET", "push") => {
            let state = engine.state();
            let pending: Vec<_> = state.outbox.iter().filter(|mail| mail.is_pending()).collect();
            Reply::json(200, &json!(pending))
        }
        ("POST", _) if path.starts_with("push/") => push(engine, request, &path["push/".len()..]),
        ("POST", "reset") => {
            engine.reset();
            Reply::json(200, &json!({"reset": true}))
        }
        ("GET", "faults") => {
            let faults = engine.faults();
            let list: Vec<Value> = faults
                .list()
                .map(|(fault, seen)| {
                    let mut entry = json!(fault);
                    entry["seen"] = seen.into();
                    entry
                })
                .collect();
            Reply::json(200, &json!(list))
        }
        ("POST", "faults") => faults(engine, request),
        ("DELETE", "faults") => {
            engine.set_faults(Vec::new());
            Reply::json(200, &json!({"faults": 0}))
        }
        ("GET", "passwords") => Reply::json(200, &json!({"submitted": engine.state().passwords})),
        ("GET", "requests") => Reply::json(200, &json!(engine.requests())),
        _ => Reply::json(
            404,
            &json!({
                "error": "not_found",
                "error_description": "There are GET outbox, GET push, POST push/{id}/approve, POST push/{id}/deny, POST reset, GET|POST|DELETE faults, GET requests and GET passwords.",
            }),
        ),
    }
}

fn allowed(request: &Request) -> Result<(), &'static str> {
    if !request.peer.ip().to_canonical().is_loopback() {
        return Err("Control requests must come from this machine.");
    }
    let site = request.header("sec-fetch-site");
    if request.header("origin").is_some() || site.is_some_and(|site| site != "none" && site != "same-origin") {
        return Err("Control requests must not come from a web page.");
    }
    let authority = request.origin.split_once("://").map_or("", |(_, host)| host);
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let loopback = host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback {
        Ok(())
    } else {
        Err("Control requests must address this machine as localhost or a loopback address.")
    }
}

/// The outbox, oldest first; `?to=` and `?kind=` narrow it.
fn outbox(engine: &Engine, request: &Request) -> Reply {
    let query = match request.query() {
        Ok(query) => query,
        Err(reason) => return Reply::json(400, &json!({"error": "bad_query", "error_description": reason})),
    };
    let state = engine.state();
    let list: Vec<Value> = state
        .outbox
        .iter()
        .filter(|mail| query.get("to").is_none_or(|to| mail.to.eq_ignore_ascii_case(to)))
        .map(|mail| json!(mail))
        .filter(|mail| query.get("kind").is_none_or(|kind| mail["kind"] == kind))
        .collect();
    Reply::json(200, &json!(list))
}

fn push(engine: &Engine, request: &Request, rest: &str) -> Reply {
    let (id, status) = match rest.rsplit_once('/') {
        Some((id, "approve")) => (id, PushStatus::Approved),
        Some((id, "deny")) => (id, PushStatus::Denied),
        _ => {
            return Reply::json(
                404,
                &json!({"error": "not_found", "error_description": "push/{id}/approve or push/{id}/deny"}),
            );
        }
    };
    // The number that was picked on the phone may come along; without one, the right one is picked.
    let answer = request.json().and_then(|body| match &body["answer"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    let mut state = engine.state();
    match state.decide(id, status, answer.as_deref()) {
        None => Reply::json(404, &json!({"error": "not_found", "error_description": "There is no such push."})),
        Some(decided) => {
            let status = state.push(id).and_then(|push| push.status);
            Reply::json(if decided { 200 } else { 409 }, &json!({"id": id, "status": status}))
        }
    }
}

/// One fault or a list of them. A list replaces what is set (an empty one clears it), a single one is added.
fn faults(engine: &Engine, request: &Request) -> Reply {
    let body: Result<Value, _> = serde_json::from_slice(&request.body);
    let parsed = body.and_then(|body| match body {
        Value::Object(mut members) if members.contains_key("faults") => {
            serde_json::from_value(members.remove("faults").unwrap_or_default()).map(|list| (list, true))
        }
        Value::Array(_) => serde_json::from_value::<Vec<Fault>>(body).map(|list| (list, true)),
        _ => serde_json::from_value::<Fault>(body).map(|fault| (vec![fault], false)),
    });
    match parsed {
        Err(error) => Reply::json(400, &json!({"error": "bad_fault", "error_description": error.to_string()})),
        Ok((list, replace)) => {
            let mut faults = engine.faults();
            if replace {
                faults.set(list);
            } else {
                faults.add(list);
            }
            Reply::json(200, &json!({"faults": faults.list().count()}))
        }
    }
}
