//! An Okta Identity Engine org in a box, to sign in to from tests and from apps under development.
//!
//! It speaks the real protocol (interact, the IDX steps, token) and is honest about it: PKCE, redirect URIs, single use
//! and lifetimes are checked, one-time passwords computed, accounts locked, tokens signed. Who exists and what a sign-in
//! has to go through is data, a [`World`]. What a real org would mail or push lands in an outbox. Faults can be set at
//! any request.
//!
//! ```
//! use interaction_code_sandbox::{Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default())?;
//! println!("point your app at {}", sandbox.issuer());
//! // … sign in as ada@example.com with the password Correct-Horse-9 …
//! for mail in sandbox.outbox() {
//!     println!("to {}: {}", mail.to, mail.text);
//! }
//! sandbox.stop();
//! # Ok::<(), interaction_code_sandbox::Error>(())
//! ```
//!
//! It shares no protocol code with the client library beside it: a misreading of the protocol in one of them does not
//! hide in the other. It is for loopback and development only; passwords are kept as they are and keys live for a run.

mod account;
mod browser;
mod clock;
mod control;
mod engine;
mod error;
mod factor;
mod idx;
mod keys;
mod oauth;
mod outbox;
mod random;
mod sandbox;
mod server;
mod world;

pub use engine::Seen;
pub use error::Error;
pub use factor::{Factor, Key, Method};
pub use outbox::{Mail, MailKind, PushStatus};
pub use sandbox::{Options, Sandbox};
pub use server::faults::{Fault, FaultKind};
pub use world::{
    Client, Deny, DenyAt, Enroll, EnrollmentSpec, Identify, Lifetimes, Limits, Org, PasswordRules, PasswordState,
    Policy, PushAnswer, Stage, User, World,
};

/// The example of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
