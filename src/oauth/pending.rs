//! A sign-in that is in the browser: what is kept of it here until the browser comes back, in this process or another one.
//!
//! **It is a secret**: with it and the callback's code, tokens can be had. Saved, it is JSON with a version, bound to issuer,
//! client id and redirect URI. It is good for [`AUTHORIZATION_LIFETIME`], counted by the wall clock.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    callback::{self, CodeCallback},
    pkce::{Pkce, random_text},
    token::Grant,
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::{AUTHORIZATION_LIFETIME, MAX_AUTHORIZATION_BYTES},
    secret::Secret,
};

/// The version of the format that this library writes. It reads this one.
pub const AUTHORIZATION_VERSION: u32 = 1;

const WARNING: &str = "secret: continues a sign-in; store like a password, delete when done";

/// A sign-in that is in the browser.
#[derive(Clone)]
pub struct Pending {
    /// The issuer, as it was configured.
    pub issuer: String,
    /// The client id.
    pub client_id: String,
    /// The redirect URI.
    pub redirect_uri: String,
    /// Comes back in the callback.
    pub state: Secret,
    /// Comes back in the ID token.
    pub nonce: Secret,
    /// Proves that the code is ours.
    pub pkce: Pkce,
    /// The scopes that were asked for.
    pub scopes: Vec<String>,
    /// The assurance that was asked for.
    pub acr_values: Vec<String>,
    /// The oldest session that was accepted, in seconds.
    pub max_age: Option<u64>,
    /// Whether the callback must name its issuer (RFC 9207).
    pub names_issuer: bool,
    /// When it was begun, in seconds since 1970.
    pub created_at: i64,
}

/// The identity that a saved authorization is bound to.
#[derive(Clone, Copy)]
pub struct Binding<'a> {
    /// The issuer, as it was configured.
    pub issuer: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The redirect URI.
    pub redirect_uri: &'a str,
}

impl Pending {
    /// A new one, from three times 32 random bytes: state, nonce, PKCE verifier. `now` in seconds since 1970.
    pub fn new(binding: Binding<'_>, random: &[[u8; 32]; 3], now: i64) -> Pending {
        let [state, nonce, verifier] = random;
        Pending {
            issuer: binding.issuer.to_owned(),
            client_id: binding.client_id.to_owned(),
            redirect_uri: binding.redirect_uri.to_owned(),
            state: random_text(state),
            nonce: random_text(nonce),
            pkce: Pkce::from_random(verifier),
            scopes: Vec::new(),
            acr_values: Vec::new(),
            max_age: None,
            names_issuer: false,
            created_at: now,
        }
    }

    /// Whether its time is over. A clock that was set back does not make it younger than new.
    pub fn is_expired(&self, now: i64) -> bool {
        Pending::is_over(self.created_at, now)
    }

    /// The same for one of which only the beginning is known.
    pub fn is_over(created_at: i64, now: i64) -> bool {
        now.saturating_sub(created_at) > i64::try_from(AUTHORIZATION_LIFETIME.as_secs()).unwrap_or(i64::MAX)
    }

    /// When what was saved as `text` was begun, whoever's it is.
    pub fn begun_at(text: &str) -> Option<i64> {
        #[derive(Deserialize)]
        struct Begun {
            created_at: i64,
        }
        let text = (text.len() <= MAX_AUTHORIZATION_BYTES).then_some(text)?;
        serde_json::from_str::<Begun>(text).ok().map(|begun| begun.created_at)
    }

    /// Reads the URL that the browser came back with. `issuer` is the one that the server goes by.
    ///
    /// # Errors
    /// [`InvalidCallback`](ErrorKind::InvalidCallback): the callback is not this sign-in's, which goes on.
    pub fn callback(&self, url: &str, issuer: &str) -> Result<CodeCallback> {
        callback::parse_code(url, &self.redirect_uri, &self.state, issuer, self.names_issuer)
    }

    /// What the code is redeemed with.
    pub fn grant(&self, code: Secret) -> Grant {
        let verifier = self.pkce.verifier().clone();
        Grant::AuthorizationCode { code, verifier, redirect_uri: self.redirect_uri.clone() }
    }

    /// The text to save: JSON, UTF-8. A secret.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal).
    pub fn write(&self) -> Result<Secret> {
        let file = File {
            interaction_code_authorization: AUTHORIZATION_VERSION,
            warning: WARNING.to_owned(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.expose().to_owned(),
            nonce: self.nonce.expose().to_owned(),
            code_verifier: self.pkce.verifier().expose().to_owned(),
            scopes: self.scopes.clone(),
            acr_values: self.acr_values.clone(),
            max_age: self.max_age,
            names_issuer: self.names_issuer,
            created_at: self.created_at,
        };
        serde_json::to_string(&file)
            .map(Secret::new)
            .map_err(|_| Error::new(ErrorKind::Internal, "the authorization cannot be written as JSON"))
    }

    /// Reads what was saved.
    ///
    /// # Errors
    /// [`InvalidSnapshot`](ErrorKind::InvalidSnapshot): damaged, of another version, or of another client.
    pub fn read(text: &str, binding: Binding<'_>) -> Result<Pending> {
        if text.len() > MAX_AUTHORIZATION_BYTES {
            return Err(invalid(format!("it has more than {MAX_AUTHORIZATION_BYTES} bytes")));
        }
        let version: Version =
            serde_json::from_str(text).map_err(|_| invalid("it is not a saved authorization of this library"))?;
        let found = version.interaction_code_authorization;
        if found != AUTHORIZATION_VERSION {
            let text = format!("it has version {found}, and this library reads version {AUTHORIZATION_VERSION}");
            return Err(invalid(text));
        }
        // The error of serde_json may quote what it found, so it is not passed on.
        let mut file: File = serde_json::from_str(text).map_err(|_| invalid("a part is missing or of a wrong type"))?;
        let bound = [
            ("issuer", file.issuer == binding.issuer),
            ("client id", file.client_id == binding.client_id),
            ("redirect URI", file.redirect_uri == binding.redirect_uri),
        ];
        if let Some((what, _)) = bound.into_iter().find(|(_, same)| !same) {
            return Err(invalid(format!("it was made with another {what}")));
        }
        let take = |text: &mut String| Secret::new(std::mem::take(text));
        let (state, nonce) = (take(&mut file.state), take(&mut file.nonce));
        if state.is_empty() || nonce.is_empty() {
            return Err(invalid("its `state` or `nonce` is empty"));
        }
        let pkce = Pkce::restore(take(&mut file.code_verifier)).map_err(|_| invalid("its verifier is none"))?;
        Ok(Pending {
            issuer: std::mem::take(&mut file.issuer),
            client_id: std::mem::take(&mut file.client_id),
            redirect_uri: std::mem::take(&mut file.redirect_uri),
            state,
            nonce,
            pkce,
            scopes: std::mem::take(&mut file.scopes),
            acr_values: std::mem::take(&mut file.acr_values),
            max_age: file.max_age,
            names_issuer: file.names_issuer,
            created_at: file.created_at,
        })
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Version {
    interaction_code_authorization: u32,
}

#[derive(Serialize, Deserialize)]
struct File {
    interaction_code_authorization: u32,
    warning: String,
    issuer: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    nonce: String,
    code_verifier: String,
    scopes: Vec<String>,
    acr_values: Vec<String>,
    max_age: Option<u64>,
    names_issuer: bool,
    created_at: i64,
}

impl Drop for File {
    fn drop(&mut self) {
        for text in [&mut self.state, &mut self.nonce, &mut self.code_verifier] {
            zeroize::Zeroize::zeroize(text);
        }
    }
}

fn invalid(what: impl AsRef<str>) -> Error {
    let text = format!("the saved authorization cannot be restored: {}", what.as_ref());
    Error::new(ErrorKind::InvalidSnapshot, text).with_advice("Delete it and start a new sign-in")
}
