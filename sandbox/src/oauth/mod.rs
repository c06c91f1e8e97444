//! The OAuth and OpenID Connect half: discovery, keys, interact, token, and what can be done with tokens.
//!
//! Two authorization servers share it: the org's own (`{origin}`, endpoints under `/oauth2/v1`, opaque access tokens)
//! and the custom one named `default` (`{origin}/oauth2/default`, access tokens are JWTs for `api://default`).

mod assertion;
pub mod client;
pub mod discovery;
pub mod dpop;
pub mod grant;
pub mod interact;
pub mod issue;
mod jwt;
pub mod par;
pub mod session;
pub mod token;

use crate::engine::Engine;
use crate::server::message::{Reply, Request};

/// Which authorization server a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// The org's own.
    Org,
    /// `/oauth2/default`.
    Custom,
}

impl Server {
    /// The issuer identifier.
    pub fn issuer(self, origin: &str) -> String {
        match self {
            Server::Org => origin.to_owned(),
            Server::Custom => format!("{origin}/oauth2/default"),
        }
    }

    /// What endpoints begin with, without `/v1`.
    pub fn base(self, origin: &str) -> String {
        match self {
            Server::Org => format!("{origin}/oauth2"),
            Server::Custom => format!("{origin}/oauth2/default"),
        }
    }
}

/// Answers a request of this half; `None` when the path is none of it.
pub fn handle(engine: &Engine, request: &Request) -> Option<Reply> {
    let path = request.path.as_str();
    let (server, rest) = match path.strip_prefix("/oauth2/default/") {
        Some(rest) => (Server::Custom, rest),
        None => (Server::Org, path.strip_prefix("/oauth2/").or_else(|| path.strip_prefix('/'))?),
    };
    if matches!(rest, ".well-known/openid-configuration" | ".well-known/oauth-authorization-server")
        && path != format!("/oauth2/{rest}")
    {
        return Some(get(request, || discovery::metadata(server, request)));
    }
    if path == "/.well-known/okta-organization" {
        return Some(get(request, || discovery::organization(request)));
    }
    if !path.starts_with("/oauth2/") {
        return None;
    }
    Some(match rest.strip_prefix("v1/")? {
        "keys" => get(request, || discovery::keys(engine)),
        "interact" => post(request, || interact::handle(engine, server, request)),
        "authorize" => crate::browser::authorize(engine, server, request),
        "par" => post(request, || par::handle(engine, server, request)),
        "token" => post(request, || token::handle(engine, server, request)),
        "revoke" => post(request, || session::revoke(engine, request)),
        "introspect" => post(request, || session::introspect(engine, server, request)),
        "userinfo" => session::userinfo(engine, server, request),
        "logout" => session::logout(engine, server, request),
        path => crate::browser::sign_in(engine, server, request, path.strip_prefix("signin/")?),
    })
}

fn wrong_method(allowed: &str) -> Reply {
    Reply::api(405, "E0000022", "The endpoint does not support the provided HTTP method.").with("Allow", allowed)
}

fn get(request: &Request, answer: impl FnOnce() -> Reply) -> Reply {
    if request.method == "GET" { answer() } else { wrong_method("GET, OPTIONS") }
}

fn post(request: &Request, answer: impl FnOnce() -> Reply) -> Reply {
    if request.method == "POST" { answer() } else { wrong_method("POST, OPTIONS") }
}
