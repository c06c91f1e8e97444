//! The apps of a world, and what a sign-in to each of them has to go through.

use super::yes;
use crate::factor::{Factor, Key};
use serde::Deserialize;
use std::time::Duration;

/// An app.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The client id.
    pub id: String,
    /// Its name on the screen; the id when not given.
    #[serde(default)]
    pub label: Option<String>,
    /// The client secret. A client that has one must prove it, by POST or Basic.
    #[serde(default)]
    pub secret: Option<String>,
    /// The public key (a JWK) of a client that proves itself by `private_key_jwt`. Not beside a secret.
    #[serde(default)]
    pub public_key: Option<serde_json::Value>,
    /// Whether every token request needs a DPoP proof, and the tokens are bound to its key.
    #[serde(default)]
    pub dpop: bool,
    /// Registered redirect URIs, compared exactly.
    #[serde(default = "redirect_uris")]
    pub redirect_uris: Vec<String>,
    /// Where logout may send a browser.
    #[serde(default = "post_logout_redirect_uris")]
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes that may be asked for.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// Whether the Interaction Code grant is switched on.
    #[serde(default = "yes")]
    pub interaction_code: bool,
    /// Requests that this client may make in a minute from one address and device; that of the world when not given, 0 for
    /// no limit.
    #[serde(default)]
    pub requests_per_minute: Option<u32>,
    /// Whether the Authorization Code grant is switched on.
    #[serde(default = "yes")]
    pub authorization_code: bool,
    /// Whether it must push its authorization requests (RFC 9126).
    #[serde(default)]
    pub require_par: bool,
    /// What a sign-in has to go through.
    pub policy: Policy,
}

/// What a sign-in to one app has to go through.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What the first page asks.
    #[serde(default)]
    pub identify: Identify,
    /// Whether people may sign up.
    #[serde(default)]
    pub registration: bool,
    /// With what a forgotten password can be reset; empty switches recovery off.
    #[serde(default)]
    pub recovery: Vec<Key>,
    /// With what a locked account can be unlocked; empty switches unlocking off.
    #[serde(default)]
    pub unlock: Vec<Key>,
    /// Whether a locked account is told so; as the limits of the world say when not given.
    #[serde(default)]
    pub show_lockout: Option<bool>,
    /// How long a push lives here; as the lifetimes of the world say when not given.
    #[serde(default, deserialize_with = "super::org::optional_seconds")]
    pub push_lifetime: Option<Duration>,
    /// Ends every sign-in with this message.
    #[serde(default)]
    pub deny: Option<Deny>,
    /// What must be proved, one stage after the other.
    pub stages: Vec<Stage>,
}

/// How a rule ends every sign-in to an app.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deny {
    /// When.
    #[serde(default)]
    pub at: DenyAt,
    /// The HTTP status.
    pub status: u16,
    /// The key of the message.
    pub key: String,
    /// Its text.
    pub text: String,
}

/// When a rule ends a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DenyAt {
    /// Before the first page.
    Start,
    /// As soon as it is known who signs in.
    Identified,
    /// After the first proof.
    #[default]
    Proved,
}

/// What the first page asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identify {
    /// Who, and the policy decides what comes next.
    #[default]
    Identifier,
    /// Who and the password, in one form.
    OneForm,
}

/// One thing to prove: any one of these authenticators.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Keys of authenticators, with a method after a colon where only that one counts (`okta_verify:push`).
    pub any: Vec<Factor>,
    /// What happens when the user has none of them.
    #[serde(default)]
    pub enroll: Enroll,
    /// Whether a push shows a number that has to be picked on the phone.
    #[serde(default)]
    pub number_challenge: bool,
}

/// What happens when the user has no authenticator that a stage takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enroll {
    /// One has to be set up.
    #[default]
    Required,
    /// One may be set up; the stage can be skipped.
    Optional,
    /// The sign-in ends (`oie.assurance.unsatisfiable`).
    Never,
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|item| item.to_string()).collect()
}

fn redirect_uris() -> Vec<String> {
    strings(&[
        "com.example.app:/callback",
        "http://localhost:8080/login/callback",
        "http://127.0.0.1:8080/callback",
        "http://127.0.0.1:8765/callback",
    ])
}

fn post_logout_redirect_uris() -> Vec<String> {
    strings(&["com.example.app:/logout", "http://localhost:8080/", "http://127.0.0.1:8080/"])
}

fn scopes() -> Vec<String> {
    strings(&["openid", "profile", "email", "phone", "address", "groups", "offline_access"])
}
