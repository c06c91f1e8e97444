//! A saved flow: the way from one process to another, for an app that is ended while a person looks for a code.
//!
//! **A snapshot is a secret.** It holds what continues the sign-in: PKCE verifier, `state`, handles, cookies, the current
//! step. Keep it like a password (keychain, a file of mode 0600, the server's session) and delete it when the flow is
//! over. It never holds a password, a code that a person typed, or a token.
//!
//! It is JSON with a version, bound to the issuer, the client id and the redirect URI it was made for.

use std::fmt;

use serde::Serialize;
use zeroize::Zeroize;

use super::{
    redemption::Redemption,
    saved::{Saved, cookie, damaged, pair, text},
    state::{Config, Phase, State, Transaction},
    transition::complete,
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::{Cookie, Response},
    idx::Step,
    limits::MAX_SNAPSHOT_BYTES,
    oauth::{Device, Grant, Pkce, StartOptions},
    secret::{Secret, to_json},
};

/// The version of the format that this library writes. It reads this one.
pub const SNAPSHOT_VERSION: u32 = 2;

/// What the file says about itself to someone who finds it.
const WARNING: &str = "secret: continues a sign-in; store like a password, delete when done";

/// A saved flow: JSON text with a version, bound to the issuer, client id and redirect URI it was made for.
///
/// **A secret.** It holds what continues the sign-in: PKCE verifier, `state`, handles, cookies, the current step. Keep it
/// like a password (keychain, a file of mode 0600, the server's session) and delete it when the flow is over. It never
/// holds a password, a code that a person typed, or a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot(Secret);

impl Snapshot {
    /// A snapshot that was saved before, as text. It is checked when it is restored.
    pub fn from_text(text: impl Into<Secret>) -> Self {
        Snapshot(text.into())
    }

    /// The text to save: JSON, UTF-8. A secret.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Writes a flow at rest. Errors: [`ErrorKind::InvalidState`] when there is nothing to continue.
    pub(crate) fn write(config: &Config, state: &State, cookies: &[Cookie]) -> Result<Snapshot> {
        let nothing = |what: &str, advice| Err(Error::new(ErrorKind::InvalidState, what).with_advice(advice));
        let (phase, handle, step, form, code) = match &state.phase {
            Phase::Active { handle, step, form } => ("active", Some(handle), Some(step), form.as_ref(), None),
            // A code that is under way is saved as it was: if its answer is lost, the server says so at the next try.
            Phase::Complete {
                handle,
                step,
                redemption:
                    Redemption::Ready(Grant::InteractionCode { code, .. })
                    | Redemption::Sent(Grant::InteractionCode { code, .. }),
            } => ("succeeded", handle.as_ref(), step.as_ref(), None, Some(code)),
            Phase::Complete { redemption: Redemption::Redeemed(_), .. } => {
                return nothing("the tokens are here already", "Call finish instead of saving the flow");
            }
            _ => return nothing("the flow is over or has not begun", "There is nothing to save; start again"),
        };
        let transaction = &*state.transaction;
        let options = &transaction.options;
        let secret = |secret: &Secret| secret.expose().to_owned();
        let file = File {
            interaction_code_flow: SNAPSHOT_VERSION,
            warning: WARNING.to_owned(),
            issuer: config.issuer.as_str().to_owned(),
            client_id: config.client_id.clone(),
            redirect_uri: config.redirect_uri.clone(),
            state: secret(&transaction.state),
            state_is_burnt: transaction.state_is_burnt,
            nonce: secret(&transaction.nonce),
            code_verifier: secret(transaction.pkce.verifier()),
            login_hint: options.login_hint.clone(),
            acr_values: options.acr_values.clone(),
            max_age: options.max_age,
            extra: options.extra.clone(),
            device_token: options.device.token.as_ref().map(secret),
            user_agent: options.device.user_agent.clone(),
            forwarded_for: options.device.forwarded_for.clone(),
            accept_language: options.device.languages.clone(),
            phase: phase.to_owned(),
            interaction_handle: handle.map(secret).unwrap_or_default(),
            interaction_code: code.map(secret),
            http_status: step.map(Step::http_status),
            response: step.map(|step| step.raw().to_owned()),
            form_response: form.map(|form| form.raw().to_owned()),
            cookies: cookies.to_vec(),
        };
        let text = to_json(&file).map_err(|_| Error::new(ErrorKind::Internal, "the flow cannot be written as JSON"))?;
        Ok(Snapshot(text))
    }

    /// The flow, and its cookies. Errors: [`ErrorKind::InvalidSnapshot`].
    pub(crate) fn read(&self, config: &Config) -> Result<(State, Vec<Cookie>)> {
        if self.0.len() > MAX_SNAPSHOT_BYTES {
            return Err(invalid(format!("it has more than {MAX_SNAPSHOT_BYTES} bytes")));
        }
        let not_ours = || invalid("it is not a saved flow of this library");
        let mut file = Saved::read(self.expose()).ok_or_else(not_ours)?;
        let version = file.number("interaction_code_flow").ok().flatten().ok_or_else(not_ours)?;
        if version != u64::from(SNAPSHOT_VERSION) {
            return Err(invalid(format!(
                "it has version {version}, and this library reads version {SNAPSHOT_VERSION}"
            )));
        }
        file.needed("warning")?;
        let bound = [
            ("issuer", "issuer", config.issuer.as_str()),
            ("client_id", "client id", &config.client_id),
            ("redirect_uri", "redirect URI", &config.redirect_uri),
        ];
        for (member, what, wanted) in bound {
            if file.needed(member)?.expose() != wanted {
                return Err(invalid(format!("it was saved by a client with another {what}")));
            }
        }
        let (state, nonce) = (file.needed("state")?, file.needed("nonce")?);
        // They are compared with what comes from outside, where an empty one would be equal to nothing at all.
        if state.is_empty() || nonce.is_empty() {
            return Err(invalid("its `state` or `nonce` is empty"));
        }
        let pkce = Pkce::restore(file.needed("code_verifier")?).map_err(|_| invalid("its code verifier is damaged"))?;
        let status = file.number("http_status")?.map_or(Ok(200), u16::try_from).map_err(|_| damaged())?;
        let step = saved_step(file.secret("response")?, status)?;
        let form = saved_step(file.secret("form_response")?, 200)?;
        let handle = file.needed("interaction_handle")?;
        let code = file.secret("interaction_code")?;
        let at = match (file.needed("phase")?.expose(), step, code) {
            ("active", Some(step), None) => At::Active(step),
            ("succeeded", step, Some(code)) => At::Complete(step, code),
            _ => return Err(invalid("its parts do not fit together")),
        };
        let device = Device {
            token: file.secret("device_token")?,
            user_agent: file.text("user_agent")?,
            forwarded_for: file.text("forwarded_for")?,
            languages: file.text("accept_language")?,
        };
        device.check().map_err(|_| invalid("its device is damaged"))?;
        let options = StartOptions {
            login_hint: file.text("login_hint")?,
            acr_values: file.list("acr_values")?.into_iter().map(text).collect::<Result<_>>()?,
            max_age: file.number("max_age")?,
            // They were sent, and are good once.
            activation_token: None,
            recovery_token: None,
            extra: file.list("extra")?.into_iter().map(pair).collect::<Result<_>>()?,
            device,
        };
        let cookies = file.list("cookies")?.into_iter().map(cookie).collect::<Result<_>>()?;
        let state_is_burnt = file.flag("state_is_burnt")?;
        let state = State::new(Transaction { state, state_is_burnt, nonce, pkce, options });
        let state = match at {
            At::Active(step) => state.with(Phase::Active { handle, step, form }),
            At::Complete(step, code) => complete(config, &state, handle, step, code),
        };
        Ok((state, cookies))
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({} bytes)", self.0.len())
    }
}

/// Where a saved flow was.
enum At {
    Active(Step),
    Complete(Option<Step>, Secret),
}

/// The format. Members are only ever added; a change of meaning is a new version.
#[derive(Serialize)]
struct File {
    interaction_code_flow: u32,
    warning: String,
    issuer: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    state_is_burnt: bool,
    nonce: String,
    code_verifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_hint: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acr_values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extra: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accept_language: Option<String>,
    phase: String,
    interaction_handle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    interaction_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_response: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<Cookie>,
}

impl Drop for File {
    fn drop(&mut self) {
        for text in [&mut self.state, &mut self.nonce, &mut self.code_verifier, &mut self.interaction_handle] {
            text.zeroize();
        }
        for text in [&mut self.interaction_code, &mut self.response, &mut self.form_response, &mut self.device_token] {
            text.zeroize();
        }
    }
}

/// A saved response, read again as it was the first time.
fn saved_step(text: Option<Secret>, http_status: u16) -> Result<Option<Step>> {
    let Some(text) = text else { return Ok(None) };
    let response = Response::new(http_status, text.expose().as_bytes());
    Step::from_response(&response).map(Some).map_err(|_| invalid("its step is damaged"))
}

pub(super) fn invalid(what: impl fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidSnapshot, format!("the saved flow cannot be restored: {what}"))
        .with_advice("Delete it and start a new sign-in")
}
