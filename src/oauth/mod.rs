//! OAuth 2 and OpenID Connect around the interaction: where the endpoints are, what goes to them, what comes back, and
//! when an ID token is good. Pure: requests are built, responses are read; time and random bytes are arguments.
//!
//! The order of a sign-in, and the part that each step needs:
//!
//! 1. [`Issuer::parse`] once: every endpoint is derived from it, no discovery.
//! 2. [`Pkce::from_random`], [`random_text`] for `state` and `nonce`; [`InteractParameters::form`] starts, and
//!    [`interaction_handle`] reads the answer. [`ClientAuthentication::request`] makes the request of a form.
//! 3. The interaction itself is [`idx`](crate)'s. Where it leaves through a browser, [`Callback::parse`] reads the return.
//! 4. [`Grant::form`] trades the interaction code for tokens, [`TokenResponse::parse`] reads them.
//!    A sign-in that is in the browser from its beginning is a [`Pending`]: [`AuthorizeOptions::url`] leads out (or [`Pushed`]),
//!    [`Pending::callback`] reads the return. Servers that are not Okta's say in their [`Metadata`] where what is.
//! 5. [`keys_request`], [`keys_reply`], and [`verify_id_token`].
//!
//! Whatever is not the expected answer goes through [`error_from_response`], which turns every kind of refusal (OAuth,
//! API, rate limit, redirect, a page of a proxy) into one [`Error`](crate::Error) with advice.

pub mod access_token;
mod advice;
pub mod authorize;
pub mod callback;
mod claim_rules;
mod claims;
pub mod client_auth;
pub mod device;
pub mod errors;
pub mod form;
pub mod id_token;
pub mod interact;
pub mod issuer;
pub mod keys;
pub mod metadata;
pub mod pending;
pub mod pkce;
pub mod rate_limit;
pub mod redirect;
pub mod start_options;
pub mod token;

pub use access_token::{AccessClaims, AccessTokenKind, AccessTokenRules, verify_access_token};
pub use authorize::{AuthorizeOptions, Push, Pushed};
pub use callback::{Callback, CodeCallback};
pub use claims::Claims;
pub use client_auth::{AssertionAudience, ClientAuthentication, PrivateKeyJwt};
pub use device::Device;
pub use errors::{error_from_response, json_reply};
pub use form::{Endpoint, Form};
pub use id_token::{IdTokenRules, verify_id_token};
pub use interact::{InteractParameters, interaction_handle};
pub use issuer::{Issuer, path_of};
pub use keys::{keys_lifetime, keys_reply, keys_request};
pub use metadata::Metadata;
pub use pending::Pending;
pub use pkce::{Pkce, random_text};
pub use rate_limit::{rest_after, retry_after};
pub use redirect::RedirectKind;
pub use start_options::StartOptions;
pub use token::{Grant, TokenResponse, TokenType};
