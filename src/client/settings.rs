//! The settings of a client as JSON: what an app reads from a file, and what one call of the C API takes.
//!
//! ```json
//! {
//!   "issuer": "https://acme.okta.com/oauth2/default",
//!   "client_id": "0oa1",
//!   "redirect_uri": "com.acme:/callback",
//!   "scopes": "openid profile offline_access",
//!   "network": {"proxy": "http://proxy.acme.example:3128", "connect_timeout_ms": 3000}
//! }
//! ```
//!
//! | member | what |
//! |---|---|
//! | `issuer`, `client_id`, `redirect_uri` | as [`Client::builder`](super::Client::builder) takes them; required |
//! | `scopes` | words in one text, or a list of words |
//! | `client_secret` | for confidential clients |
//! | `client_authentication` | `none`, `client_secret_basic` (the default with a secret), `client_secret_post` or `private_key_jwt` (the default with a key) |
//! | `private_key_pem`, `private_key_id` | the key of `private_key_jwt` (PKCS#8, not encrypted), and its `kid` |
//! | `assertion_audience` | `endpoint` (when not there) or `issuer` |
//! | `assertion_at_interact` | `true` to send the assertion at the start as well |
//! | `token_algorithms` | which algorithms a token may be signed with: names, in one text or a list; `RS256` when not there |
//! | `clock_leeway_s` | how far clocks may be apart in a token's times, in seconds; 60 when not there |
//! | `discovery` | `auto` (the default), `always` or `never` |
//! | `user_agent`, `accept_language`, `device_token` | as [`ClientBuilder`] takes them |
//! | `network.proxy` | a URL, `system` or `none` |
//! | `network.connect_timeout_ms`, `network.read_timeout_ms` | whole numbers |
//! | `network.extra_roots_pem`, `network.pinned_roots_pem` | certificates as PEM |
//! | `network.platform_verifier` | `true` or `false`; a build with the feature `platform-verifier` |
//!
//! Whatever is unknown, twice there or of another type is an error that names the member, and never quotes its value.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value};

use super::{ClientBuilder, Discovery, SoftwareKey};
use crate::{
    error::{Error, ErrorKind, Result, sanitize},
    jose::{Algorithm, json::parse_object},
    limits::{MAX_NAME_CHARS, MAX_SETTINGS_BYTES},
    oauth::{AssertionAudience, ClientAuthentication, PrivateKeyJwt},
    secret::Secret,
};

impl ClientBuilder {
    /// The settings of a client from a JSON object. More can be set on the builder that comes back; the values are
    /// checked by [`ClientBuilder::build`].
    ///
    /// ```
    /// use interaction_code::ClientBuilder;
    /// let json = r#"{"issuer": "https://acme.okta.com/oauth2/default", "client_id": "0oa1",
    ///     "redirect_uri": "com.acme:/callback", "scopes": "openid profile", "accept_language": "de-AT"}"#;
    /// let client = ClientBuilder::from_json(json)?.build()?;
    /// let error = ClientBuilder::from_json(r#"{"isuer": "https://acme.okta.com"}"#).err().unwrap();
    /// assert_eq!(error.text(), "the settings have an unknown member `isuer`");
    /// # Ok::<(), interaction_code::Error>(())
    /// ```
    ///
    /// The members: `issuer`, `client_id`, `redirect_uri` (required), `scopes` (a text of words, or a list of them),
    /// `client_secret`, `client_authentication` (`none`, `client_secret_basic`, which is the default with a secret,
    /// `client_secret_post`, or `private_key_jwt`, which is the default with a key), `private_key_pem` and `private_key_id`,
    /// `assertion_audience` (`endpoint` or `issuer`), `assertion_at_interact`, `token_algorithms` (a text of names, or a list
    /// of them), `clock_leeway_s`, `discovery` (`auto`, `always` or `never`), `user_agent`, `accept_language`,
    /// `device_token`, and `network` with `proxy` (a URL, `system` or `none`), `connect_timeout_ms`,
    /// `read_timeout_ms`, `extra_roots_pem`, `pinned_roots_pem`, `platform_verifier`.
    ///
    /// Errors: [`ErrorKind::InvalidArgument`] that names the member that is missing, unknown, of another type, or that
    /// this build has no feature for; [`ErrorKind::LimitExceeded`] for more than [`MAX_SETTINGS_BYTES`].
    pub fn from_json(json: &str) -> Result<ClientBuilder> {
        if json.len() > MAX_SETTINGS_BYTES {
            let text = format!("the settings have more than {MAX_SETTINGS_BYTES} bytes");
            return Err(Error::new(ErrorKind::LimitExceeded, text));
        }
        let object = parse_object(json.as_bytes()).map_err(|what| invalid(format!("the settings: {what}")))?;
        let mut members = Members { prefix: "", object };
        // The secrets first: once they are taken out, no error leaves them in memory that is not wiped.
        let client_secret = members.text("client_secret")?.map(Secret::new);
        let device_token = members.text("device_token")?.map(Secret::new);
        let private_key = members.text("private_key_pem")?.map(Secret::new);
        let network = members.network()?;

        let texts = ["issuer", "client_id", "redirect_uri"].map(|name| (name, members.text(name)));
        let scopes = members.words("scopes")?;
        let (algorithms, leeway) = (members.words("token_algorithms")?, members.number("clock_leeway_s")?);
        let method = members.text("client_authentication")?;
        let key = KeySettings {
            pem: private_key,
            id: members.text("private_key_id")?,
            audience: members.text("assertion_audience")?,
            at_interact: members.boolean("assertion_at_interact")?,
        };
        let (user_agent, accept_language) = (members.text("user_agent")?, members.text("accept_language")?);
        let discovery = members.text("discovery")?;
        // A misspelled name is told as what it is, not as the one that is missing for it.
        members.none_left()?;

        let required = |(name, text): (&str, Result<Option<String>>)| {
            text?.ok_or_else(|| invalid(format!("the settings have no `{name}`")))
        };
        let [issuer, client_id, redirect_uri] = texts.map(required);
        let mut builder = ClientBuilder::new(&issuer?, &client_id?, &redirect_uri?).authentication(authentication(
            method.as_deref(),
            client_secret,
            key,
        )?);
        if let Some(discovery) = discovery {
            builder = builder.discovery(match discovery.as_str() {
                "auto" => Discovery::Auto,
                "always" => Discovery::Always,
                "never" => Discovery::Never,
                _ => return Err(invalid("`discovery` must be auto, always or never")),
            });
        }
        if let Some(scopes) = scopes {
            builder = builder.scopes(scopes);
        }
        if let Some(names) = algorithms {
            builder = builder.token_algorithms(token_algorithms(&names)?);
        }
        if let Some(leeway) = leeway {
            builder = builder.clock_leeway(Duration::from_secs(leeway));
        }
        if let Some(prefix) = user_agent {
            builder = builder.user_agent(&prefix);
        }
        if let Some(languages) = accept_language {
            builder = builder.accept_language(&languages);
        }
        if let Some(token) = device_token {
            builder = builder.device_token(token);
        }
        match network {
            Some(network) => with_network(builder, network),
            None => Ok(builder),
        }
    }
}

fn token_algorithms(names: &[String]) -> Result<Vec<Algorithm>> {
    let known = names.iter().map(|name| Algorithm::from_name(name)).collect::<Option<_>>();
    known.ok_or_else(|| {
        let known: Vec<_> = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str()).collect();
        invalid(format!("`token_algorithms` may name {}", known.join(", ")))
    })
}

/// The members about the key of `private_key_jwt`.
#[derive(Default)]
pub(super) struct KeySettings {
    pem: Option<Secret>,
    id: Option<String>,
    audience: Option<String>,
    at_interact: Option<bool>,
}

impl KeySettings {
    fn is_empty(&self) -> bool {
        self.pem.is_none() && self.id.is_none() && self.audience.is_none() && self.at_interact.is_none()
    }

    fn method(self) -> Result<ClientAuthentication> {
        let pem = self.pem.ok_or_else(|| invalid("`client_authentication` needs a `private_key_pem`"))?;
        let mut key = SoftwareKey::from_pem(pem.expose())?;
        if let Some(id) = &self.id {
            key = key.with_key_id(id);
        }
        let mut method = PrivateKeyJwt::new(Arc::new(key));
        method.audience = match self.audience.as_deref() {
            None | Some("endpoint") => AssertionAudience::Endpoint,
            Some("issuer") => AssertionAudience::Issuer,
            Some(_) => return Err(invalid("`assertion_audience` must be endpoint or issuer")),
        };
        method.at_interact = self.at_interact.unwrap_or(false);
        Ok(ClientAuthentication::PrivateKeyJwt(method))
    }
}

pub(super) fn authentication(
    method: Option<&str>,
    secret: Option<Secret>,
    key: KeySettings,
) -> Result<ClientAuthentication> {
    if method == Some("private_key_jwt") || method.is_none() && !key.is_empty() {
        return match secret {
            None => key.method(),
            Some(_) => {
                Err(invalid("there is a `client_secret` beside a `private_key_pem`, and a client has one of them"))
            }
        };
    }
    if !key.is_empty() {
        return Err(invalid(
            "`private_key_pem` and what goes with it need the `client_authentication` private_key_jwt",
        ));
    }
    if secret.as_ref().is_some_and(Secret::is_empty) {
        return Err(invalid("`client_secret` is empty"));
    }
    match (method, secret) {
        (None | Some("none"), None) => Ok(ClientAuthentication::None),
        (None | Some("client_secret_basic"), Some(secret)) => Ok(ClientAuthentication::SecretBasic(secret)),
        (Some("client_secret_post"), Some(secret)) => Ok(ClientAuthentication::SecretPost(secret)),
        (Some("none"), Some(_)) => Err(invalid("`client_authentication` is none, and there is a `client_secret`")),
        (Some("client_secret_basic" | "client_secret_post"), None) => {
            Err(invalid("`client_authentication` needs a `client_secret`"))
        }
        (Some(_), _) => Err(invalid(
            "`client_authentication` must be none, client_secret_basic, client_secret_post or private_key_jwt",
        )),
    }
}

#[cfg(feature = "ureq")]
fn with_network(mut builder: ClientBuilder, mut members: Members) -> Result<ClientBuilder> {
    if let Some(proxy) = members.text("proxy")?.map(Secret::new) {
        builder = builder.map_network(|network| match proxy.expose() {
            "system" => network.system_proxy(),
            "none" => network.no_proxy(),
            url => network.proxy(url),
        });
    }
    if let Some(limit) = members.number("connect_timeout_ms")? {
        builder = builder.map_network(|network| network.connect_timeout(Duration::from_millis(limit)));
    }
    if let Some(limit) = members.number("read_timeout_ms")? {
        builder = builder.map_network(|network| network.read_timeout(Duration::from_millis(limit)));
    }
    if let Some(pem) = members.text("extra_roots_pem")? {
        builder = builder.map_network(|network| network.extra_root_pem(pem.as_bytes()));
    }
    if let Some(pem) = members.text("pinned_roots_pem")? {
        builder = builder.map_network(|network| network.pinned_roots_pem(pem.as_bytes()));
    }
    #[cfg(feature = "platform-verifier")]
    if let Some(on) = members.boolean("platform_verifier")? {
        builder = builder.map_network(|network| network.platform_verifier(on));
    }
    #[cfg(not(feature = "platform-verifier"))]
    if members.take("platform_verifier").is_some() {
        return Err(invalid("`network.platform_verifier` needs a build with the feature `platform-verifier`"));
    }
    members.none_left()?;
    Ok(builder)
}

#[cfg(not(feature = "ureq"))]
fn with_network(_builder: ClientBuilder, _members: Members) -> Result<ClientBuilder> {
    Err(invalid("`network` needs a build with the feature `ureq`")
        .with_advice("Set up the app's own transport instead"))
}

/// The members of an object, each taken once; what is left in the end is unknown.
struct Members {
    /// What stands before the names in errors.
    prefix: &'static str,
    object: Map<String, Value>,
}

impl Members {
    fn take(&mut self, name: &str) -> Option<Value> {
        self.object.remove(name)
    }

    fn wrong(&self, name: &str, wanted: &str) -> Error {
        invalid(format!("`{}{name}` must be {wanted}", self.prefix))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "a text")),
        }
    }

    fn words(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let wanted = "a text of words, or a list of texts";
        let list = match self.take(name) {
            None => return Ok(None),
            Some(Value::String(text)) => return Ok(Some(text.split_ascii_whitespace().map(str::to_owned).collect())),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(self.wrong(name, wanted)),
        };
        let words = list.into_iter().map(|word| match word {
            Value::String(word) => Ok(word),
            _ => Err(self.wrong(name, wanted)),
        });
        words.collect::<Result<_>>().map(Some)
    }

    fn number(&mut self, name: &str) -> Result<Option<u64>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        value.as_u64().map(Some).ok_or_else(|| self.wrong(name, "a whole number, not negative"))
    }

    fn boolean(&mut self, name: &str) -> Result<Option<bool>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| self.wrong(name, "true or false"))
    }

    /// The members of the one object within the settings.
    fn network(&mut self) -> Result<Option<Members>> {
        match self.take("network") {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Members { prefix: "network.", object })),
            Some(_) => Err(self.wrong("network", "an object")),
        }
    }

    fn none_left(self) -> Result<()> {
        let Some(name) = self.object.keys().next() else { return Ok(()) };
        let name: String = sanitize(name).chars().take(MAX_NAME_CHARS).collect();
        Err(invalid(format!("the settings have an unknown member `{}{name}`", self.prefix))
            .with_advice("Look at its spelling; the documentation of the settings lists the members"))
    }
}

fn invalid(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, what)
}
