//! The blocking driver: a [`Client`] for an app, a [`Flow`] for one sign-in.
//!
//! Two ways to drive. **Pull**: the app goes from step to step with [`Flow::next`], draws [`Flow::screen`] and takes one of
//! its ways with [`Flow::take`], or answers by wire names with [`Flow::proceed`]. **Push**: the app implements
//! [`RemediationHandler`] and calls [`Flow::run`], which loops, polls and redeems. Every call that waits takes a
//! [`Call`]: a cancel token and a deadline. On every error the flow is where it was.
//!
//! **Unattended**: [`Client::verify_password`] and [`Client::authenticate`] take credentials and give a [`Report`].
//!
//! A sign-in in the browser is an [`Authorization`]: [`Client::authorize`] makes the URL to open, [`Authorization::finish`]
//! takes the one that came back.
//!
//! A client is immutable and shared by threads and flows; a flow is used by one thread at a time.

mod apart;
mod authorization;
mod authorize;
mod builder;
mod callback;
mod clock;
mod device;
mod discovery;
mod dpop;
mod exchange;
mod finish;
mod flow;
mod keep;
mod keys;
mod log;
mod next;
mod pending;
mod poll;
mod redeem;
mod refused;
mod run;
mod settings;
#[cfg(any(feature = "capi", feature = "uniffi"))]
mod shared;
mod signing;
mod software_key;
mod sources;
mod stored;
mod system;
mod tokens;
mod unattended;
mod verify;

use std::sync::Arc;

pub use authorization::{Authorization, SavedAuthorization};
pub use builder::ClientBuilder;
pub use callback::Callback;
pub use discovery::Discovery;
pub use flow::Flow;
pub use next::Next;
pub use poll::{Wait, Waiting};
pub use run::{Action, RemediationHandler, RunEnd};
#[cfg(any(feature = "capi", feature = "uniffi"))]
pub(crate) use shared::SharedFlow;
pub use software_key::SoftwareKey;
pub use sources::{Explained, Settings};
pub use tokens::Tokens;
pub use unattended::{
    CodeRequest, Credentials, Factor, FactorChoice, NewPasswordRequest, NoPrompts, PasswordExpiry, Prompts, Report,
};

use crate::{
    call::Call,
    error::Result,
    flow::{Config, Event, Snapshot, State, Transaction},
    host::{LogSink, Storage},
    http::{Cookies, Transport},
    limits::DEFAULT_DEADLINE,
    oauth::{Device, StartOptions},
    process::PerProcess,
};

/// One app at one org: issuer, client id, redirect URI, transport, keys. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    config: Config,
    transport: Arc<dyn Transport>,
    user_agent: String,
    /// What holds for a sign-in that does not say otherwise.
    device: Device,
    keys: PerProcess<keys::KeyCache>,
    discovery: Discovery,
    metadata: PerProcess<discovery::MetadataCache>,
    storage: Option<Arc<dyn Storage>>,
    slots: keep::Slots,
    known_device: device::KnownDevice,
    log: Option<Arc<dyn LogSink>>,
    system: system::System,
    verification: verify::Verification,
    server_clock: clock::ServerClock,
    /// The key of `private_key_jwt`.
    app_key: Option<signing::SigningKey>,
    dpop: Option<dpop::Dpop>,
}

impl Client {
    /// Starts to build a client. `issuer` is the org (`https://acme.okta.com`) or a custom authorization server
    /// (`https://acme.okta.com/oauth2/default`); `redirect_uri` is the registered one, needed even without redirects.
    pub fn builder(issuer: &str, client_id: &str, redirect_uri: &str) -> ClientBuilder {
        ClientBuilder::new(issuer, client_id, redirect_uri)
    }

    /// Starts a sign-in: `interact` and `introspect`, two requests. The flow is at its first step.
    ///
    /// Errors: [`ErrorKind::OAuth`](crate::ErrorKind) when the org refuses (the text names the switch to look at), those
    /// of the transport, [`ErrorKind::InvalidArgument`](crate::ErrorKind) for an option that cannot be sent.
    pub fn start(&self, options: StartOptions, call: &Call) -> Result<Flow> {
        let transaction = Transaction::new(options, &self.0.system.random()?);
        let config = &self.0.config;
        let mut cookies = Cookies::new(config.issuer.host());
        if let Some(token) = self.0.device_token(&transaction.options) {
            cookies.set(device::COOKIE, token.expose());
        }
        let mut flow = Flow::new(self.clone(), State::new(transaction), cookies);
        flow.drive(Event::Start, &call.started(DEFAULT_DEADLINE))?;
        Ok(flow)
    }

    /// Connects and fetches the keys that the tokens are verified with, while the person still types: then their last input
    /// is followed by two requests only, the answer and the token request. Call it from another thread, or while nothing
    /// else is to be done; as often as you like, since the keys are kept. A sign-in does not need it.
    ///
    /// Errors: those of the transport and of the server. Nothing depends on it, so they can be ignored.
    pub fn prepare(&self, call: &Call) -> Result<()> {
        self.0.keys(&call.started(DEFAULT_DEADLINE)).map(drop)
    }

    /// Continues a saved flow, in this process or another. No request is made; [`Flow::refresh`] asks the server where
    /// it is. Errors: [`ErrorKind::InvalidSnapshot`](crate::ErrorKind) when it was made by another client or version.
    pub fn restore(&self, saved: &Snapshot) -> Result<Flow> {
        let (state, cookies) = saved.read(&self.0.config)?;
        let cookies = Cookies::restore(self.0.config.issuer.host(), cookies);
        Ok(Flow::new(self.clone(), state, cookies))
    }

    /// What the client was built with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Config { issuer, client_id, redirect_uri, scopes, .. } = &self.0.config;
        f.debug_struct("Client")
            .field("issuer", &issuer.as_str())
            .field("client_id", client_id)
            .field("redirect_uri", redirect_uri)
            .field("scopes", scopes)
            .finish_non_exhaustive()
    }
}
