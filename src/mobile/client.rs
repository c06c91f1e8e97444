//! Clients: one app at one org, with what the app brings.

use std::sync::Arc;

use super::{
    call::CallOptions,
    error::{Result, SignInError},
    host::{ForeignLog, ForeignStorage, LogSink, Storage},
    redacted,
    sign_in::SignIn,
    transport::{ForeignTransport, Transport},
};
use crate::{
    client::{self, ClientBuilder},
    error::{Error, ErrorKind},
    flow::Snapshot,
    oauth::{self, ClientAuthentication},
    secret::Secret,
};

/// Where to sign in, and as which app.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ClientConfig {
    /// The org (`https://acme.okta.com`) or a custom authorization server (`https://acme.okta.com/oauth2/default`).
    pub issuer: String,
    /// The app's id.
    pub client_id: String,
    /// The app's registered redirect URI, needed also without redirects.
    pub redirect_uri: String,
    /// The scopes to ask for; without any, `openid profile`.
    #[uniffi(default = [])]
    pub scopes: Vec<String>,
    /// The app's own product tokens, put before the library's in `User-Agent`.
    #[uniffi(default = None)]
    pub user_agent: Option<String>,
    /// The `Accept-Language` of every request; it decides the language of messages and labels.
    #[uniffi(default = None)]
    pub accept_language: Option<String>,
    /// Identifies this device to the org: 1 to 32 ASCII characters, random, kept by the app.
    #[uniffi(default = None)]
    pub device_token: Option<String>,
}

/// What the app brings. Each part is optional; without a transport the built-in one is used, where the build has one.
#[derive(Clone, Default, uniffi::Record)]
pub struct Hosts {
    /// The app's own HTTP stack.
    #[uniffi(default = None)]
    pub transport: Option<Arc<dyn Transport>>,
    /// Where sign-ins are kept over the end of the process.
    #[uniffi(default = None)]
    pub storage: Option<Arc<dyn Storage>>,
    /// Instead of `storage`: a directory for files that only its owner can read, **not encrypted**. It is made when it is not
    /// there. For servers and command lines; a phone has a keychain.
    #[uniffi(default = None)]
    pub storage_directory: Option<String>,
    /// Takes log lines.
    #[uniffi(default = None)]
    pub log: Option<Arc<dyn LogSink>>,
}

/// What a sign-in is started with; everything is optional (idx.md section 2.1).
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct StartOptions {
    /// Who wants to sign in.
    #[uniffi(default = None)]
    pub login_hint: Option<String>,
    /// The assurance to ask for.
    #[uniffi(default = [])]
    pub acr_values: Vec<String>,
    /// The oldest session to accept, in seconds.
    #[uniffi(default = None)]
    pub max_age: Option<i64>,
    /// A one-time token from a recovery mail.
    #[uniffi(default = None)]
    pub recovery_token: Option<String>,
    /// Further parameters; they cannot name what the library sets itself.
    #[uniffi(default = [])]
    pub extra: Vec<Parameter>,
    /// Whose device it is made on, for a server that signs in for many people.
    #[uniffi(default = None)]
    pub device: Option<Device>,
}

/// Whose device a sign-in is made on; everything is optional.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct Device {
    /// Identifies the device: 1 to 32 characters, random, the same for every sign-in on it and for no other device.
    #[uniffi(default = None)]
    pub token: Option<String>,
    /// The `User-Agent` of the person's browser, instead of the app's.
    #[uniffi(default = None)]
    pub user_agent: Option<String>,
    /// The person's address, or the list of addresses that a proxy made of it. Needs a confidential client, and a server that
    /// the org trusts as a proxy.
    #[uniffi(default = None)]
    pub forwarded_for: Option<String>,
    /// The person's `Accept-Language`.
    #[uniffi(default = None)]
    pub languages: Option<String>,
}

/// A parameter.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

redacted!(ClientConfig, StartOptions, Device, Parameter);

/// One app at one org. Immutable: any thread.
#[derive(uniffi::Object)]
pub struct Client(client::Client);

fn builder(config: ClientConfig, hosts: Option<Hosts>) -> Result<ClientBuilder> {
    let mut builder = client::Client::builder(&config.issuer, &config.client_id, &config.redirect_uri);
    if !config.scopes.is_empty() {
        builder = builder.scopes(config.scopes);
    }
    if let Some(prefix) = config.user_agent {
        builder = builder.user_agent(&prefix);
    }
    if let Some(languages) = config.accept_language {
        builder = builder.accept_language(&languages);
    }
    if let Some(token) = config.device_token {
        builder = builder.device_token(token);
    }
    with_hosts(builder, hosts.unwrap_or_default())
}

fn with_hosts(mut builder: ClientBuilder, hosts: Hosts) -> Result<ClientBuilder> {
    let has_storage = hosts.storage.is_some();
    if let Some(transport) = hosts.transport {
        builder = builder.transport(Arc::new(ForeignTransport(transport)));
    }
    if let Some(storage) = hosts.storage {
        builder = builder.storage(Arc::new(ForeignStorage(storage)));
    }
    if let Some(directory) = hosts.storage_directory {
        if has_storage {
            let text = "both a storage and a directory for one are given";
            return Err(Error::new(ErrorKind::InvalidArgument, text).with_advice("Give one of them").into());
        }
        builder = builder.storage_directory(&directory)?;
    }
    if let Some(log) = hosts.log {
        builder = builder.log(Arc::new(ForeignLog(log)));
    }
    Ok(builder)
}

impl From<Device> for oauth::Device {
    fn from(device: Device) -> Self {
        oauth::Device {
            token: device.token.map(Secret::new),
            user_agent: device.user_agent,
            forwarded_for: device.forwarded_for,
            languages: device.languages,
        }
    }
}

#[uniffi::export]
impl Client {
    /// Makes a client. All settings are checked here; no request is made.
    #[uniffi::constructor(default(hosts = None))]
    pub fn new(config: ClientConfig, hosts: Option<Hosts>) -> Result<Arc<Self>> {
        Ok(Arc::new(Client(builder(config, hosts)?.build()?)))
    }

    /// Makes a confidential client, one with a secret, sent as `client_secret_basic`. An app on a device has none.
    #[uniffi::constructor(default(hosts = None))]
    pub fn confidential(config: ClientConfig, client_secret: String, hosts: Option<Hosts>) -> Result<Arc<Self>> {
        let authentication = ClientAuthentication::SecretBasic(Secret::new(client_secret));
        Ok(Arc::new(Client(builder(config, hosts)?.authentication(authentication).build()?)))
    }

    /// Makes a client of settings in JSON (the members are those of the C API's `ic_config_from_json`).
    #[uniffi::constructor(default(hosts = None))]
    pub fn from_json(json: String, hosts: Option<Hosts>) -> Result<Arc<Self>> {
        Ok(Arc::new(Client(with_hosts(ClientBuilder::from_json(&json)?, hosts.unwrap_or_default())?.build()?)))
    }

    /// Connects and fetches the keys that the tokens are verified with, while the person still types. A sign-in does not need
    /// it, and nothing depends on it.
    #[uniffi::method(default(call = None))]
    pub fn prepare(&self, call: Option<CallOptions>) -> Result<()> {
        Ok(self.0.prepare(&CallOptions::call(call)?)?)
    }

    /// Starts a sign-in: two requests. It is at its first step.
    #[uniffi::method(default(options = None, call = None))]
    pub fn start(&self, options: Option<StartOptions>, call: Option<CallOptions>) -> Result<Arc<SignIn>> {
        let options = options.unwrap_or_default();
        let max_age = options.max_age.map(u64::try_from).transpose();
        let max_age =
            max_age.map_err(|_| SignInError::from(Error::new(ErrorKind::InvalidArgument, "max_age is negative")))?;
        let options = oauth::StartOptions {
            login_hint: options.login_hint,
            acr_values: options.acr_values,
            max_age,
            activation_token: None,
            recovery_token: options.recovery_token.map(Secret::new),
            extra: options.extra.into_iter().map(|parameter| (parameter.name, parameter.value)).collect(),
            device: options.device.unwrap_or_default().into(),
        };
        Ok(SignIn::new(self.0.start(options, &CallOptions::call(call)?)?))
    }

    /// Continues a sign-in that `SignIn.save` saved, in this process or another. No request is made; `refresh` asks the
    /// server where it is.
    pub fn restore(&self, saved: String) -> Result<Arc<SignIn>> {
        Ok(SignIn::new(self.0.restore(&Snapshot::from_text(saved))?))
    }

    /// Removes what identifies this device from the storage: for an app whose person signs out of the device for good. The next
    /// sign-in is one on a device that the org does not know.
    pub fn forget_device(&self) -> Result<()> {
        Ok(self.0.forget_device()?)
    }

    /// Continues the sign-in of this client that was stored last, if there is one. No request is made. A storage that cannot be
    /// read now is `SignInError.App` (`storage_unavailable`), which does not mean that there is none.
    pub fn resume(&self) -> Result<Option<Arc<SignIn>>> {
        Ok(self.0.resume()?.map(SignIn::new))
    }

    /// All sign-ins of this client that are stored, that of the last call first: for an app with several under way.
    /// `SignIn.keptAt` says when.
    pub fn resume_all(&self) -> Result<Vec<Arc<SignIn>>> {
        Ok(self.0.resume_all()?.into_iter().map(SignIn::new).collect())
    }
}
