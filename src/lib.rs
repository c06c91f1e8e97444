//! Native sign-in for Okta Identity Engine with the **Interaction Code** grant: no browser, the app owns every pixel.
//!
//! The server's policy decides at run time which steps a sign-in has. A [`Client`] starts a [`Flow`]; the flow is at a
//! [`Step`](idx::Step), which is drawn as a [`Screen`](screen::Screen): title, notices, elements, and the ways on, one of which
//! is the default. The app fills a [`Draft`](screen::Draft) and takes a way; after the last one [`Flow::finish`] brings verified
//! [`Tokens`].
//!
//! ```no_run
//! use interaction_code::{Call, Client, Next, StartOptions, screen::Part};
//! # fn ask(_: &str) -> String { String::new() }
//!
//! let call = Call::new(); // a cancel token and a deadline
//! let client = Client::builder("https://acme.okta.com/oauth2/default", "0oa1", "com.acme:/callback")
//!     .scopes(["openid", "profile", "offline_access"])
//!     .build()?;
//! let mut flow = client.start(StartOptions::default(), &call)?;
//! while let Next::Step(_) = flow.next(&call)? {
//!     let screen = flow.screen()?; // draw it: screen.title, screen.notices, screen.elements, screen.ways
//!     let Some(way) = screen.suggested.way else { break }; // or the one that the person chose
//!     let mut draft = screen.draft();
//!     for part in draft.parts(way) {
//!         if let Part::Input(input) = part {
//!             draft.set(input, ask(&input.label.text))?; // input.ask says what it wants: a code, a new password …
//!         }
//!     }
//!     flow.take(&draft, way, &call)?; // a refused answer is a screen with notices, not an error
//!     let saved = flow.save()?; // later, in another process: client.restore(&saved)
//! }
//! let tokens = flow.finish(&call)?;
//! println!("signed in: {:?}", tokens.claims.map(|claims| claims.subject().to_owned()));
//! # Ok::<(), interaction_code::Error>(())
//! ```
//!
//! By the names on the wire, without a screen: `flow.step()?.remediation("identify")?.answer()?.set("identifier", name)?`, and
//! [`Flow::proceed`].
//!
//! # The house
//!
//! | floor | module | holds |
//! |---|---|---|
//! | 0 | [`error`], [`secret`], [`call`], [`limits`], `process`, `sort` | errors, secrets, cancel and deadline, every limit, fork, sorting |
//! | 1 | [`http`], [`host`], [`jose`] | requests and the transport trait; the app's storage and log; signed tokens |
//! | 2 | [`idx`], [`oauth`] | the protocol of the steps; the OAuth around it |
//! | 3 | [`screen`], [`flow`], `transport`, `browser`, [`store`] | what a person sees at a step; the state machine; the built-in transport (feature `ureq`); a desktop's browser (feature `browser`); storages that are ready |
//! | 4 | [`client`] | the blocking driver |
//! | 5 | `capi`, `mobile` | the faces to C, and to Swift, Kotlin and Python (features `capi`, `uniffi`) |
//!
//! A floor uses only the floors below it. Everything under floor 4 but the transport and the storages is deterministic and does no I/O.
//!
//! # Features
//!
//! `ureq` (default): the built-in HTTPS transport. `browser` (default): opening a desktop's browser, and listening for it. `capi` (default): the functions of `include/interaction_code.h`.
//! `plist`: settings from property lists. `uniffi` (default): what the Swift, Kotlin and Python bindings are made of. `file-storage` (default): a directory of files as a storage.
//! `platform-verifier`: trust what the operating system trusts. Without features the app brings its own [`Transport`](http::Transport). `test-hooks`: a
//! test's clock and random numbers, never for a release.

#[cfg(feature = "browser")]
pub mod browser;
pub mod call;
#[cfg(feature = "capi")]
mod capi;
pub mod client;
pub mod error;
pub mod flow;
pub mod host;
pub mod http;
pub mod idx;
pub mod jose;
pub mod limits;
#[cfg(feature = "uniffi")]
mod mobile;
pub mod oauth;
mod process;
pub mod screen;
pub mod secret;
mod sort;
pub mod store;
#[cfg(feature = "ureq")]
pub mod transport;

pub use call::{Call, CancelToken};
pub use client::{
    Action, Authorization, Callback, Client, ClientBuilder, CodeRequest, Credentials, Discovery, Explained, Factor,
    FactorChoice, Flow, NewPasswordRequest, Next, NoPrompts, PasswordExpiry, Prompts, RemediationHandler, Report,
    RunEnd, SavedAuthorization, Settings, SoftwareKey, Tokens, Wait, Waiting,
};
pub use error::{Error, ErrorKind, ErrorMessage, Problem, Result, Sent};
pub use flow::Snapshot;
pub use host::{KeySigner, LogLevel, LogRecord, LogSink, SignFailure, SignatureFormat, Storage, Swapped};
pub use oauth::{AuthorizeOptions, ClientAuthentication, Device, PrivateKeyJwt, Push, StartOptions, TokenType};
pub use secret::Secret;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
