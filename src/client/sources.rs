//! Settings of a client from several sources: what an administrator rolls out, with the source of each value told.
//!
//! Layers are added in the order of their weight: what an earlier one says stays, a later one fills the gaps. The usual order
//! is the command line, then files, then the environment. No file is opened here and no variable is read: text comes in.
//!
//! | source | names |
//! |---|---|
//! | JSON | those of [`ClientBuilder::from_json`], `network` as an object |
//! | environment | `INTERACTION_CODE_` and the name in capitals: `INTERACTION_CODE_CLIENT_ID`, `INTERACTION_CODE_NETWORK_PROXY` |
//! | property list (feature `plist`) | as JSON, and the keys of Jamf Connect below |
//!
//! | key of Jamf Connect | becomes |
//! |---|---|
//! | `OIDCDiscoveryURL` | `issuer`: the address before `/.well-known/` |
//! | `AuthServer` | `issuer` where there is no `OIDCDiscoveryURL`: the org's own server |
//! | `OIDCClientID`, `OIDCRedirectURI`, `OIDCClientSecret` | `client_id`, `redirect_uri`, `client_secret` |
//! | `OIDCProvider` | nothing; any other value than `OktaIdentityEngine` is told in [`Settings::notes`] |
//!
//! Nothing unknown is ignored in silence: [`Settings::unknown`] lists it with its source.

use serde_json::{Map, Value};

use super::{
    ClientBuilder,
    settings::{KeySettings, authentication},
};
use crate::{
    error::{Error, ErrorKind, Result, sanitize},
    jose::json::parse_object,
    limits::{MAX_NAME_CHARS, MAX_SETTINGS_BYTES},
    secret::Secret,
};

const PREFIX: &str = "INTERACTION_CODE_";

/// What a setting is, as far as its text has to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Secret,
    Number,
    Boolean,
}

/// Every setting, dotted where it is within an object: the one list for all sources.
const SCHEMA: &[(&str, Kind)] = &[
    ("issuer", Kind::Text),
    ("client_id", Kind::Text),
    ("redirect_uri", Kind::Text),
    ("scopes", Kind::Text),
    ("client_secret", Kind::Secret),
    ("client_authentication", Kind::Text),
    ("private_key_pem", Kind::Secret),
    ("private_key_id", Kind::Text),
    ("assertion_audience", Kind::Text),
    ("assertion_at_interact", Kind::Boolean),
    ("token_algorithms", Kind::Text),
    ("clock_leeway_s", Kind::Number),
    ("discovery", Kind::Text),
    ("user_agent", Kind::Text),
    ("accept_language", Kind::Text),
    ("device_token", Kind::Secret),
    // Its address may hold a password.
    ("network.proxy", Kind::Secret),
    ("network.connect_timeout_ms", Kind::Number),
    ("network.read_timeout_ms", Kind::Number),
    ("network.extra_roots_pem", Kind::Text),
    ("network.pinned_roots_pem", Kind::Text),
    ("network.platform_verifier", Kind::Boolean),
];

/// One value, where it came from, and who else had one.
struct Held {
    value: Content,
    source: String,
    also: Vec<String>,
}

enum Content {
    Secret(Secret),
    Plain(Value),
}

/// Settings in layers. The names are those of [`ClientBuilder::from_json`](crate::ClientBuilder::from_json).
#[derive(Default)]
pub struct Settings {
    /// By the place in the schema.
    held: Vec<(usize, Held)>,
    unknown: Vec<(String, String)>,
    notes: Vec<String>,
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explained {
    /// The name, `network.proxy` for a member of an object.
    pub name: &'static str,
    /// The value as text; `None` for a secret, which is never shown.
    pub value: Option<String>,
    /// The source whose value holds.
    pub source: String,
    /// Sources that have a value, too, and were not asked.
    pub also: Vec<String>,
}

impl Settings {
    /// No settings yet.
    pub fn new() -> Self {
        Settings::default()
    }

    /// Sets one, by its name. Errors: [`ErrorKind::InvalidArgument`] for a name that there is not.
    pub fn set(&mut self, source: &str, name: &str, value: &str) -> Result<()> {
        let known = SCHEMA.iter().position(|(known, _)| *known == name);
        let Some(place) = known else {
            return Err(invalid(format!("there is no setting `{}`", short(name))));
        };
        self.hold(place, source, Value::String(value.to_owned()));
        Ok(())
    }

    /// Adds a JSON object. Errors: [`ErrorKind::InvalidArgument`] for what is none, [`ErrorKind::LimitExceeded`].
    pub fn json(&mut self, source: &str, text: &[u8]) -> Result<()> {
        within_limit(text)?;
        let object = parse_object(text).map_err(|what| invalid(format!("{}: {what}", short(source))))?;
        self.object(source, object);
        Ok(())
    }

    /// Adds the variables that begin with `INTERACTION_CODE_`; the others are not looked at.
    pub fn environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (variable, value) in variables {
            let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
            let named = |name: &str| name.replace('.', "_").to_uppercase() == rest;
            match SCHEMA.iter().position(|(name, _)| named(name)) {
                Some(place) => self.hold(place, &format!("environment {variable}"), Value::String(value)),
                None => self.unknown.push((short(&variable), "environment".to_owned())),
            }
        }
    }

    /// Adds a property list, XML or binary: ours, or a managed preferences domain with the keys of Jamf Connect.
    ///
    /// Errors: [`ErrorKind::InvalidArgument`] for what is no dictionary, [`ErrorKind::LimitExceeded`].
    #[cfg(feature = "plist")]
    pub fn plist(&mut self, source: &str, bytes: &[u8]) -> Result<()> {
        within_limit(bytes)?;
        // The reader's own text may quote a value.
        let bad = || invalid(format!("{} is no property list with a dictionary", short(source)));
        let list = plist::Value::from_reader(std::io::Cursor::new(bytes)).map_err(|_| bad())?;
        let dictionary = list.into_dictionary().ok_or_else(bad)?;
        let is_discovered = dictionary.contains_key("OIDCDiscoveryURL");
        let mut object = Map::new();
        for (key, value) in dictionary {
            let text = |value: &plist::Value| value.as_string().map(str::to_owned);
            let (name, value) = match (key.as_str(), text(&value)) {
                ("OIDCDiscoveryURL", Some(url)) => {
                    let issuer = url.split("/.well-known/").next().unwrap_or_default().to_owned();
                    ("issuer", Some(issuer))
                }
                ("AuthServer", Some(_)) if is_discovered => continue,
                ("AuthServer", Some(host)) => {
                    let host = host.trim_end_matches('/');
                    ("issuer", Some(if host.contains("://") { host.to_owned() } else { format!("https://{host}") }))
                }
                ("OIDCClientID", text) => ("client_id", text),
                ("OIDCRedirectURI", text) => ("redirect_uri", text),
                ("OIDCClientSecret", text) => ("client_secret", text),
                ("OIDCProvider", Some(provider)) => {
                    if provider != "OktaIdentityEngine" {
                        let text =
                            "OIDCProvider is not OktaIdentityEngine: that setting is for another kind of sign-in";
                        self.notes.push(format!("{}: {text}", short(source)));
                    }
                    continue;
                }
                _ => {
                    object.insert(key, from_plist(value, 0));
                    continue;
                }
            };
            object.insert(name.to_owned(), value.map_or(Value::Null, Value::String));
        }
        self.object(source, object);
        Ok(())
    }

    fn object(&mut self, source: &str, object: Map<String, Value>) {
        for (name, value) in object {
            match value {
                Value::Object(inner) if name == "network" => {
                    for (inner, value) in inner {
                        self.member(source, format!("network.{inner}"), value);
                    }
                }
                value => self.member(source, name, value),
            }
        }
    }

    fn member(&mut self, source: &str, name: String, value: Value) {
        match SCHEMA.iter().position(|(known, _)| *known == name) {
            Some(place) => self.hold(place, source, value),
            None => self.unknown.push((short(&name), short(source))),
        }
    }

    fn hold(&mut self, place: usize, source: &str, value: Value) {
        let source = short(source);
        if let Some((_, held)) = self.held.iter_mut().find(|(known, _)| *known == place) {
            held.also.push(source);
            return;
        }
        let value = match (SCHEMA[place].1, value) {
            (Kind::Secret, Value::String(text)) => Content::Secret(Secret::new(text)),
            // Where everything is a text, what the text says is meant.
            (Kind::Number | Kind::Boolean, Value::String(text)) => {
                Content::Plain(serde_json::from_str(&text).unwrap_or(Value::String(text)))
            }
            (_, value) => Content::Plain(value),
        };
        self.held.push((place, Held { value, source, also: Vec::new() }));
    }

    /// Every setting that has a value, in the order of the schema, with its source. No secret is in it.
    pub fn explain(&self) -> Vec<Explained> {
        let mut held: Vec<_> = self.held.iter().collect();
        held.sort_by_key(|(place, _)| *place);
        let one = |(place, held): &(usize, Held)| Explained {
            name: SCHEMA[*place].0,
            value: match &held.value {
                Content::Secret(_) => None,
                _ if SCHEMA[*place].1 == Kind::Secret => None,
                Content::Plain(Value::String(text)) => Some(sanitize(text)),
                Content::Plain(value) => Some(sanitize(&value.to_string())),
            },
            source: held.source.clone(),
            also: held.also.clone(),
        };
        held.into_iter().map(one).collect()
    }

    /// What is set under a name that there is not, each with its source.
    pub fn unknown(&self) -> &[(String, String)] {
        &self.unknown
    }

    /// What else is worth a word to the administrator.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether a source holds a secret, so that its file must not be open to others.
    pub fn has_secret_of(&self, source: &str) -> bool {
        let source = short(source);
        self.held.iter().any(|(place, held)| {
            SCHEMA[*place].1 == Kind::Secret && (held.source == source || held.also.contains(&source))
        })
    }

    /// The settings as a builder, on which more can be set. Errors: as [`ClientBuilder::from_json`].
    pub fn builder(self) -> Result<ClientBuilder> {
        let (mut object, mut network) = (Map::new(), Map::new());
        let (mut client_secret, mut device_token) = (None, None);
        for (place, held) in self.held {
            let name = SCHEMA[place].0;
            let value = match held.value {
                Content::Secret(secret) if name == "client_secret" => {
                    client_secret = Some(secret);
                    continue;
                }
                Content::Secret(secret) if name == "device_token" => {
                    device_token = Some(secret);
                    continue;
                }
                Content::Secret(secret) => Value::String(secret.expose().to_owned()),
                Content::Plain(value) => value,
            };
            match name.strip_prefix("network.") {
                Some(inner) => network.insert(inner.to_owned(), value),
                None => object.insert(name.to_owned(), value),
            };
        }
        let method = match object.remove("client_authentication") {
            None => None,
            Some(Value::String(method)) => Some(method),
            Some(_) => return Err(invalid("`client_authentication` must be a text".to_owned())),
        };
        if !network.is_empty() {
            object.insert("network".to_owned(), Value::Object(network));
        }
        let text = Secret::new(Value::Object(object).to_string());
        let mut builder = ClientBuilder::from_json(text.expose())?;
        builder = builder.authentication(authentication(method.as_deref(), client_secret, KeySettings::default())?);
        Ok(match device_token {
            Some(token) => builder.device_token(token),
            None => builder,
        })
    }
}

#[cfg(feature = "plist")]
fn from_plist(value: plist::Value, depth: usize) -> Value {
    match value {
        plist::Value::String(text) => Value::String(text),
        plist::Value::Boolean(flag) => Value::Bool(flag),
        plist::Value::Integer(number) => number.as_unsigned().map_or(Value::Null, Value::from),
        plist::Value::Array(items) if depth < 4 => {
            Value::Array(items.into_iter().map(|item| from_plist(item, depth + 1)).collect())
        }
        plist::Value::Dictionary(members) if depth < 4 => {
            Value::Object(members.into_iter().map(|(name, value)| (name, from_plist(value, depth + 1))).collect())
        }
        _ => Value::Null,
    }
}

fn within_limit(text: &[u8]) -> Result<()> {
    if text.len() <= MAX_SETTINGS_BYTES {
        return Ok(());
    }
    Err(Error::new(ErrorKind::LimitExceeded, format!("the settings have more than {MAX_SETTINGS_BYTES} bytes")))
}

fn short(text: &str) -> String {
    sanitize(text).chars().take(MAX_NAME_CHARS).collect()
}

fn invalid(what: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &[u8] = br#"{"issuer": "https://acme.okta.com", "client_id": "0oa1", "client_secret": "s3cret",
        "network": {"connect_timeout_ms": 10, "prox": "x"}, "isuer": "y"}"#;

    fn layered() -> Settings {
        let mut settings = Settings::new();
        settings.set("command line", "client_id", "0oa2").unwrap();
        settings.json("acme.json", JSON).unwrap();
        settings.environment([
            ("INTERACTION_CODE_CLIENT_ID".to_owned(), "0oa3".to_owned()),
            ("INTERACTION_CODE_REDIRECT_URI".to_owned(), "com.acme:/callback".to_owned()),
            ("INTERACTION_CODE_NETWORK_READ_TIMEOUT_MS".to_owned(), "20".to_owned()),
            ("INTERACTION_CODE_ISUER".to_owned(), "z".to_owned()),
            ("HOME".to_owned(), "/root".to_owned()),
        ]);
        settings
    }

    #[test]
    fn the_first_source_holds_and_each_value_has_its_source() {
        let settings = layered();
        let explained = settings.explain();
        let of = |name: &str| explained.iter().find(|one| one.name == name).unwrap();
        let client = of("client_id");
        assert_eq!((client.value.as_deref(), client.source.as_str()), (Some("0oa2"), "command line"));
        assert_eq!(client.also, ["acme.json", "environment INTERACTION_CODE_CLIENT_ID"]);
        assert_eq!((of("client_secret").value.as_deref(), of("client_secret").source.as_str()), (None, "acme.json"));
        assert!(!format!("{explained:?}").contains("s3cret"));
        let unknown: Vec<_> = settings.unknown().iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(unknown, ["isuer", "network.prox", "INTERACTION_CODE_ISUER"]);
        assert!(settings.has_secret_of("acme.json") && !settings.has_secret_of("command line"));
        let client = settings.builder().unwrap().build().unwrap();
        assert_eq!(client.config().client_id, "0oa2");
    }

    /// One schema: the table at the head of the settings, and this list.
    #[test]
    fn every_setting_that_there_is_can_come_from_every_source() {
        let rows = include_str!("settings.rs").lines().filter_map(|line| line.strip_prefix("//! | `"));
        let named: Vec<&str> = rows
            .filter_map(|row| row.split(" |").next())
            .flat_map(|names| names.split(", "))
            .map(|name| name.trim_matches('`'))
            .collect();
        let here: Vec<&str> = SCHEMA.iter().map(|(name, _)| *name).collect();
        let missing: Vec<_> = named.iter().filter(|name| !here.contains(name)).collect();
        assert!(missing.is_empty() && named.len() == here.len(), "{missing:?} {named:?}");
    }

    #[test]
    fn what_is_wrong_is_named_and_not_quoted() {
        let mut settings = Settings::new();
        assert!(settings.set("x", "client_idd", "s3cret").is_err());
        assert!(settings.json("x", b"[1]").is_err());
        for (name, value) in
            [("issuer", "https://acme.okta.com"), ("client_id", "0oa1"), ("redirect_uri", "com.acme:/callback")]
        {
            settings.set("x", name, value).unwrap();
        }
        settings.set("x", "network.connect_timeout_ms", "s3cret").unwrap();
        let error = settings.builder().err().unwrap().to_string();
        assert!(error.contains("connect_timeout_ms") && !error.contains("s3cret"), "{error}");
    }

    #[cfg(feature = "plist")]
    #[test]
    fn the_keys_of_jamf_connect_are_read_from_both_kinds_of_property_lists() {
        let xml = br#"<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>
            <key>OIDCProvider</key><string>OktaIdentityEngine</string><key>AuthServer</key><string>other.okta.com</string>
            <key>OIDCDiscoveryURL</key><string>https://acme.okta.com/oauth2/default/.well-known/openid-configuration</string>
            <key>OIDCClientID</key><string>0oa1</string><key>OIDCRedirectURI</key><string>https://127.0.0.1/jamfconnect</string>
            <key>OIDCClientSecret</key><string>s3cret</string><key>DenyLocal</key><true/></dict></plist>"#;
        let list = plist::Value::from_reader(std::io::Cursor::new(xml)).unwrap();
        let mut binary = Vec::new();
        list.to_writer_binary(&mut binary).unwrap();
        for bytes in [xml.as_slice(), binary.as_slice()] {
            let mut settings = Settings::new();
            settings.plist("managed", bytes).unwrap();
            assert_eq!(settings.unknown(), [("DenyLocal".to_owned(), "managed".to_owned())]);
            assert!(settings.notes().is_empty() && settings.has_secret_of("managed"));
            let client = settings.builder().unwrap().build().unwrap();
            assert_eq!(client.config().issuer.as_str(), "https://acme.okta.com/oauth2/default");
            assert_eq!(client.config().redirect_uri, "https://127.0.0.1/jamfconnect");
        }
        let classic = br#"<plist version="1.0"><dict><key>OIDCProvider</key><string>Okta</string><key>AuthServer</key>
            <string>acme.okta.com</string></dict></plist>"#;
        let mut settings = Settings::new();
        settings.plist("managed", classic).unwrap();
        assert_eq!(settings.explain()[0].value.as_deref(), Some("https://acme.okta.com"));
        assert_eq!(settings.notes().len(), 1);
        assert!(Settings::new().plist("x", b"bplist00 and nonsense").is_err());
    }
}
