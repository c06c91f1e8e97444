//! What browsers ask before they let a page talk to us: the exact origin echoed, credentials allowed, the requested
//! headers echoed, and the headers that a client wants to read exposed.
//!
//! The control endpoints under `/sandbox` never get any of this: no web page has business there.

use super::message::{Reply, Request};
use crate::world::Org;

const EXPOSED: &str = "X-Okta-Request-Id, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, X-Rate-Limit-Reset, Retry-After, WWW-Authenticate, Date";

/// The origin to echo, when the org trusts it.
fn trusted<'a>(org: &Org, request: &'a Request) -> Option<&'a str> {
    let origin = request.header("origin")?;
    org.trusted_origins.iter().any(|known| known == "*" || known == origin).then_some(origin)
}

/// The answer to a preflight.
pub fn preflight(org: &Org, request: &Request) -> Reply {
    let mut reply = Reply::empty(204).with("Allow", "GET, POST, OPTIONS");
    if let Some(origin) = trusted(org, request) {
        reply = reply
            .with("Access-Control-Allow-Origin", origin)
            .with("Access-Control-Allow-Credentials", "true")
            .with("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
            .with("Access-Control-Max-Age", "60");
        if let Some(headers) = request.header("access-control-request-headers") {
            reply = reply.with("Access-Control-Allow-Headers", headers);
        }
        // Chrome asks this before a public page may reach a loopback address.
        if request.header("access-control-request-private-network") == Some("true") {
            reply = reply.with("Access-Control-Allow-Private-Network", "true");
        }
    }
    reply.with("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
}

/// Adds what an ordinary answer needs.
pub fn decorate(org: &Org, request: &Request, reply: Reply) -> Reply {
    let reply = reply.with("Vary", "Origin");
    match trusted(org, request) {
        None => reply,
        Some(origin) => reply
            .with("Access-Control-Allow-Origin", origin)
            .with("Access-Control-Allow-Credentials", "true")
            .with("Access-Control-Expose-Headers", EXPOSED),
    }
}
