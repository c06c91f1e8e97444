//! Building a client. Every setting is checked once, in [`ClientBuilder::build`].

use std::{sync::Arc, time::Duration};

use super::{
    Client, Discovery, Inner, clock::ServerClock, device::KnownDevice, discovery::MetadataCache, dpop::Dpop,
    keep::Slots, signing::SigningKey, system::System, verify::Verification,
};
use crate::{
    error::{Error, ErrorKind, Result},
    flow::Config,
    host::{KeySigner, LogSink, Storage},
    http::Transport,
    jose::Algorithm,
    oauth::{
        ClientAuthentication, Device, Issuer,
        interact::{check_client_id, check_redirect_uri, check_scopes},
    },
    process::PerProcess,
    secret::Secret,
};

/// Collects the settings of a [`Client`].
///
/// ```
/// let client = interaction_code::Client::builder("https://acme.okta.com/oauth2/default", "0oa1", "com.acme:/callback")
///     .scopes(["openid", "profile", "offline_access"])
///     .accept_language("de-AT, de;q=0.8")
///     .build()?;
/// # Ok::<(), interaction_code::Error>(())
/// ```
#[derive(Clone)]
pub struct ClientBuilder {
    issuer: String,
    client_id: String,
    redirect_uri: String,
    scopes: Vec<String>,
    authentication: ClientAuthentication,
    discovery: Discovery,
    user_agent: Option<String>,
    device: Device,
    transport: Option<Arc<dyn Transport>>,
    #[cfg(feature = "ureq")]
    network: crate::transport::UreqTransportBuilder,
    storage: Option<Arc<dyn Storage>>,
    log: Option<Arc<dyn LogSink>>,
    system: System,
    verification: Verification,
    dpop: Option<Arc<dyn KeySigner>>,
}

impl ClientBuilder {
    pub(super) fn new(issuer: &str, client_id: &str, redirect_uri: &str) -> Self {
        ClientBuilder {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            scopes: vec!["openid".into(), "profile".into()],
            authentication: ClientAuthentication::None,
            discovery: Discovery::Auto,
            user_agent: None,
            device: Device::default(),
            transport: None,
            #[cfg(feature = "ureq")]
            network: crate::transport::UreqTransport::builder(),
            storage: None,
            log: None,
            system: System::default(),
            verification: Verification::default(),
            dpop: None,
        }
    }

    /// The scopes to ask for, instead of `openid profile`.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Authenticates the app itself, for confidential clients. A public client (every app on a device) has no secret.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Whether the endpoints of a sign-in in the browser, and of the tokens' life, are read from the server's metadata. The
    /// interaction code needs none of it: its endpoints follow from the issuer.
    #[must_use]
    pub fn discovery(mut self, discovery: Discovery) -> Self {
        self.discovery = discovery;
        self
    }

    /// Has the tokens bound to a key (DPoP, RFC 9449): each token request proves that the app holds it, tokens that are not
    /// bound are refused, and the app's own requests carry [`Client::dpop_header`]. For an app that is set to DPoP in the org
    /// (`dpop_bound_access_tokens`).
    ///
    /// One key for one person on one device, made there, best in hardware; the same key for as long as the tokens live, and
    /// never that of [`ClientAuthentication::PrivateKeyJwt`]. [`SoftwareKey`](super::SoftwareKey) is one in memory.
    #[must_use]
    pub fn dpop(mut self, key: Arc<dyn KeySigner>) -> Self {
        self.dpop = Some(key);
        self
    }

    /// Puts the app's own product tokens before the library's in `User-Agent`, for example `acme-login/3.2`.
    #[must_use]
    pub fn user_agent(mut self, prefix: &str) -> Self {
        self.user_agent = Some(prefix.to_owned());
        self
    }

    /// Sends this `Accept-Language` on every request; it decides the language of messages, labels and mails. A sign-in that
    /// names its own ([`Device::languages`]) goes before it.
    #[must_use]
    pub fn accept_language(mut self, languages: &str) -> Self {
        self.device.languages = Some(languages.to_owned());
        self
    }

    /// Identifies this device to the org: at most 32 characters, random, the same for every sign-in on it. Sent as the
    /// cookie `DT`, and by confidential clients as `X-Device-Token`. For a client that serves one device; a server gives each
    /// sign-in its own ([`Device::token`]).
    #[must_use]
    pub fn device_token(mut self, token: impl Into<Secret>) -> Self {
        self.device.token = Some(token.into());
        self
    }

    /// Uses the app's own transport instead of the built-in one. See [`crate::http`] for what it must do.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets up the built-in transport: proxy, roots, timeouts. Not used when [`ClientBuilder::transport`] is.
    #[cfg(feature = "ureq")]
    #[must_use]
    pub fn network(mut self, network: crate::transport::UreqTransportBuilder) -> Self {
        self.network = network;
        self
    }

    /// Changes one setting of the built-in transport and leaves the others.
    #[cfg(feature = "ureq")]
    #[must_use]
    pub(crate) fn map_network(
        mut self,
        change: impl FnOnce(crate::transport::UreqTransportBuilder) -> crate::transport::UreqTransportBuilder,
    ) -> Self {
        self.network = change(self.network);
        self
    }

    /// Keeps every flow of the client in the app's storage, so that the app can be ended at any time and
    /// [`Client::resume`] goes on. The text is that of [`Flow::save`](super::Flow::save): a secret.
    ///
    /// A flow is stored after each call that brought it to something new (`start`, `proceed`, each poll, `refresh`, a
    /// callback …). It is removed when its code was redeemed, when it was cancelled at the server, when it ended without
    /// tokens, and when [`Flow::refresh`](super::Flow::refresh) finds that the server does not know it. The library does not
    /// repeat a step because storing failed: that is logged, as a warning, and the flow says it
    /// ([`Flow::storage_trouble`](super::Flow::storage_trouble)).
    ///
    /// The token that the org knows the device by is kept, too, for an app without a secret: [`Client::forget_device`].
    ///
    /// Each sign-in has a key of its own: `interaction-code.flow.`, the first 16 hexadecimal digits of SHA-256(issuer, 0, client
    /// id, 0, redirect URI), `.`, and 16 digits that only this sign-in has. What was left to lie is removed after a day.
    #[must_use]
    pub fn storage(mut self, storage: Arc<dyn Storage>) -> Self {
        self.storage = Some(storage);
        self
    }

    /// [`ClientBuilder::storage`] with a directory of files, **not encrypted**, that only its owner can read; see
    /// [`FileStorage`](crate::store). Errors: [`ErrorKind::StorageUnavailable`](crate::ErrorKind);
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind) in a build without the feature `file-storage`.
    pub fn storage_directory(self, directory: &str) -> Result<Self> {
        Ok(self.storage(ClientBuilder::ready_storage(directory)?))
    }

    /// A directory as a storage, where the build has that.
    pub(crate) fn ready_storage(directory: &str) -> Result<Arc<dyn Storage>> {
        #[cfg(feature = "file-storage")]
        return Ok(Arc::new(crate::store::FileStorage::open(directory)?));
        #[cfg(not(feature = "file-storage"))]
        {
            let _ = directory;
            let error = crate::Error::new(crate::ErrorKind::InvalidArgument, "this build has no storage of its own");
            Err(error.with_advice("Give the client one, or build with the feature `file-storage`"))
        }
    }

    /// Tells the app what the library does: a line for each request (method, path, status or kind of error, time, Okta's
    /// request id) and one for each step (its status and remediations). See [`crate::host`] for what is never in it.
    #[must_use]
    pub fn log(mut self, log: Arc<dyn LogSink>) -> Self {
        self.log = Some(log);
        self
    }

    /// Accepts tokens signed with these algorithms, instead of RS256 alone, which is all that Okta signs with. Only for a
    /// server that is set up to sign with another; the token has no say in it.
    #[must_use]
    pub fn token_algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.verification.algorithms = algorithms.into_iter().collect();
        self
    }

    /// How far the clocks of server and device may be apart in a token's times: a minute unless set, two at most.
    #[must_use]
    pub fn clock_leeway(mut self, leeway: Duration) -> Self {
        self.verification.leeway = leeway;
        self
    }

    /// A test's clock instead of the system's: seconds since 1970. For claims and cookies; waits are not changed.
    #[cfg(feature = "test-hooks")]
    #[must_use]
    pub fn clock(mut self, clock: super::system::Clock) -> Self {
        self.system.clock = Some(clock);
        self
    }

    /// A test's random numbers instead of the system's. For each new transaction it is asked three times for 32 bytes:
    /// state, nonce, PKCE verifier.
    #[cfg(feature = "test-hooks")]
    #[must_use]
    pub fn random(mut self, random: super::system::Random) -> Self {
        self.system.random = Some(random);
        self
    }

    /// Checks everything and builds the client. Nothing is sent.
    ///
    /// Errors: [`ErrorKind::InvalidArgument`](crate::ErrorKind), which names the setting.
    pub fn build(self) -> Result<Client> {
        let issuer = Issuer::parse(&self.issuer)?;
        check_client_id(&self.client_id)?;
        check_redirect_uri(&self.redirect_uri)?;
        check_scopes(&self.scopes)?;
        self.device.check()?;
        self.verification.check()?;
        Device { user_agent: self.user_agent.clone(), ..Device::default() }.check()?;
        let transport = match self.transport {
            Some(transport) => transport,
            #[cfg(feature = "ureq")]
            None => Arc::new(self.network.allow_loopback_http(issuer.is_loopback_http()).build()?),
            #[cfg(not(feature = "ureq"))]
            None => {
                return Err(crate::Error::new(
                    crate::ErrorKind::InvalidArgument,
                    "this build has no transport of its own",
                )
                .with_advice("Give the client one, or build with the feature `ureq`"));
            }
        };
        let app_key = match &self.authentication {
            ClientAuthentication::PrivateKeyJwt(method) => {
                Some(SigningKey::new(Arc::clone(&method.signer), "the client's authentication")?)
            }
            _ => None,
        };
        let dpop = self.dpop.map(|key| SigningKey::new(key, "DPoP")).transpose()?;
        if let (Some(app), Some(dpop)) = (&app_key, &dpop)
            && app.public() == dpop.public()
        {
            return Err(Error::new(ErrorKind::InvalidArgument, "DPoP has the same key as the client's authentication")
                .with_advice("Give DPoP a key of its own: it belongs to a person on a device, the other to the app"));
        }
        let own = concat!("interaction-code/", env!("CARGO_PKG_VERSION"));
        Ok(Client(Arc::new(Inner {
            config: Config {
                issuer,
                client_id: self.client_id,
                redirect_uri: self.redirect_uri,
                scopes: self.scopes,
                authentication: self.authentication,
            },
            transport,
            user_agent: self.user_agent.map_or(own.to_owned(), |prefix| format!("{prefix} {own}")),
            device: self.device,
            keys: PerProcess::new(),
            discovery: self.discovery,
            metadata: PerProcess::<MetadataCache>::new(),
            storage: self.storage,
            slots: Slots::default(),
            known_device: KnownDevice::default(),
            log: self.log,
            system: self.system,
            verification: self.verification,
            server_clock: ServerClock::default(),
            app_key,
            dpop: dpop.map(Dpop::new),
        })))
    }
}
