//! The first request of a sign-in, `POST {oauthBase}/v1/interact` (idx.md section 2.1), and its answer.

use std::fmt;

use super::{
    client_auth::ClientAuthentication,
    errors,
    form::{Endpoint, Form},
    start_options::StartOptions,
};
use crate::{
    error::{Error, ErrorKind, Result, sanitize},
    http::Response,
    limits::MAX_HANDLE_BYTES,
    secret::Secret,
};

/// What is asked for when a sign-in starts.
///
/// `state`, `nonce` and `challenge` are this transaction's own: [`random_text`](super::random_text) twice, and
/// [`Pkce::challenge`](super::Pkce::challenge).
#[derive(Clone, Default)]
pub struct InteractParameters {
    /// The app's client id.
    pub client_id: String,
    /// The redirect URI, exactly as it is registered for the app; also where nothing is ever redirected.
    pub redirect_uri: String,
    /// The scopes, one in each entry: `openid`, `profile`, `offline_access`, ...
    pub scopes: Vec<String>,
    /// Random; comes back in callbacks.
    pub state: Secret,
    /// Random; comes back in the ID token.
    pub nonce: Secret,
    /// The PKCE challenge, method `S256`.
    pub challenge: String,
    /// What else is asked for.
    pub options: StartOptions,
}

/// The parameters that `extra` may not name: those that have a member of their own, and those that would change the
/// client's identity or the kind of flow.
const RESERVED: [&str; 24] = [
    "acr_values",
    "activation_token",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "dpop_jkt",
    "grant_type",
    "interaction_code",
    "interaction_handle",
    "login_hint",
    "max_age",
    "nonce",
    "recovery_token",
    "redirect_uri",
    "request",
    "request_uri",
    "response_type",
    "scope",
    "state",
];

impl InteractParameters {
    /// The form that starts the sign-in.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) when a parameter cannot be sent: it is empty or misshapen, `extra`
    /// names a parameter twice or one of the library's, or an activation token is given to a public client.
    pub fn form(&self, auth: &ClientAuthentication) -> Result<Form> {
        self.check(auth)?;
        let scope = self.scopes.join(" ");
        let acr_values = self.options.acr_values.join(" ");
        let max_age = self.options.max_age.map(|seconds| seconds.to_string());
        let mut pairs = vec![
            ("scope", scope.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("code_challenge", &self.challenge),
            ("code_challenge_method", "S256"),
            ("state", self.state.expose()),
            ("nonce", self.nonce.expose()),
        ];
        let optional = [
            ("login_hint", self.options.login_hint.as_deref()),
            ("acr_values", (!acr_values.is_empty()).then_some(acr_values.as_str())),
            ("max_age", max_age.as_deref()),
            ("activation_token", self.options.activation_token.as_ref().map(Secret::expose)),
            ("recovery_token", self.options.recovery_token.as_ref().map(Secret::expose)),
        ];
        pairs.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        pairs.extend(self.options.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Ok(Form::new(Endpoint::Interact, pairs))
    }

    fn check(&self, auth: &ClientAuthentication) -> Result<()> {
        check_client_id(&self.client_id)?;
        for (name, value) in
            [("state", self.state.expose()), ("nonce", self.nonce.expose()), ("code_challenge", &self.challenge)]
        {
            check_plain(name, value)?;
        }
        check_redirect_uri(&self.redirect_uri)?;
        check_scopes(&self.scopes)?;
        check_words("an entry of `acr_values`", &self.options.acr_values)?;
        self.options.device.check()?;
        if self.options.device.forwarded_for.is_some() && !auth.is_confidential() {
            return Err(argument("forwarded_for needs a confidential client")
                .with_advice("The org believes it from a server that has the client secret only"));
        }
        if self.options.activation_token.is_some() && !auth.is_confidential() {
            return Err(argument("an activation token needs a confidential client")
                .with_advice("Start the activation on a server that has the client secret"));
        }
        for (index, (name, _)) in self.options.extra.iter().enumerate() {
            if name.is_empty() {
                return Err(argument("an extra parameter has no name"));
            }
            if RESERVED.contains(&name.as_str()) {
                return Err(argument(format!("the extra parameter `{name}` would replace one of the library's"))
                    .with_advice("Use the option of that name, where there is one"));
            }
            if self.options.extra.iter().take(index).any(|(other, _)| other == name) {
                return Err(argument(format!("the extra parameter `{}` is given twice", sanitize(name))));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for InteractParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InteractParameters")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The client id as every request carries it.
///
/// # Errors
/// [`InvalidArgument`](ErrorKind::InvalidArgument).
pub fn check_client_id(client_id: &str) -> Result<()> {
    check_plain("client_id", client_id)
}

fn check_plain(name: &str, value: &str) -> Result<()> {
    match !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(()),
        false => Err(argument(format!("`{name}` is empty or has characters that it cannot have"))),
    }
}

/// One scope or more, one in each entry.
///
/// # Errors
/// [`InvalidArgument`](ErrorKind::InvalidArgument).
pub fn check_scopes(scopes: &[String]) -> Result<()> {
    match scopes.is_empty() {
        true => Err(argument("no scope is asked for").with_advice("Ask for `openid` at least")),
        false => check_words("a scope", scopes),
    }
}

/// RFC 6749 section 3.3: printable ASCII without blank, quote and backslash.
fn check_words(what: &str, list: &[String]) -> Result<()> {
    let token = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    match list.iter().all(|entry| !entry.is_empty() && entry.bytes().all(token)) {
        true => Ok(()),
        false => Err(argument(format!("{what} is empty or has characters that it cannot have"))
            .with_advice("Give one in each entry, without blanks")),
    }
}

/// A redirect URI is absolute and has no fragment (RFC 6749 section 3.1.2); whether it is registered only the server
/// knows.
///
/// # Errors
/// [`InvalidArgument`](ErrorKind::InvalidArgument).
pub fn check_redirect_uri(uri: &str) -> Result<()> {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    let good_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !good_scheme || !uri.bytes().all(|byte| byte.is_ascii_graphic()) || uri.contains('#') {
        return Err(argument("the redirect URI is not an absolute URI without a fragment")
            .with_advice("Give it exactly as it is registered for the app, for example com.acme.app:/callback"));
    }
    if scheme.eq_ignore_ascii_case("urn") {
        return Err(argument("out-of-band redirect URIs are not supported")
            .with_advice("Register a URI that leads back to the app, for example com.acme.app:/callback"));
    }
    Ok(())
}

/// The interaction handle in the answer: opaque, secret, and what an interrupted sign-in is taken up with.
///
/// # Errors
/// As [`error_from_response`](super::error_from_response) for a refusal; [`Protocol`](ErrorKind::Protocol) when the
/// answer has no usable `interaction_handle`.
pub fn interaction_handle(response: &Response) -> Result<Secret> {
    let mut reply = errors::json_reply(response, "the request to start the sign-in")?;
    match reply.remove("interaction_handle") {
        Some(serde_json::Value::String(handle)) if !handle.is_empty() && handle.len() <= MAX_HANDLE_BYTES => {
            Ok(Secret::new(handle))
        }
        _ => Err(errors::protocol(
            response,
            "the sign-in was started, but the answer has no usable `interaction_handle`",
        )),
    }
}

fn argument(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> InteractParameters {
        InteractParameters {
            client_id: "0oa1".into(),
            redirect_uri: "com.example:/cb".into(),
            scopes: vec!["openid".into(), "profile".into()],
            state: "Zk3".into(),
            nonce: "9aX".into(),
            challenge: "E9Mel".into(),
            ..InteractParameters::default()
        }
    }

    fn refused(change: impl FnOnce(&mut InteractParameters)) -> String {
        let mut parameters = parameters();
        change(&mut parameters);
        let error = parameters.form(&ClientAuthentication::None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        error.to_string()
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        for reserved in RESERVED {
            assert!(refused(|p| p.options.extra.push((reserved.into(), "x".into()))).contains(reserved));
        }
        assert!(
            refused(|p| p.options.extra = vec![("a".into(), "1".into()), ("a".into(), "2".into())]).contains("`a`")
        );
        refused(|p| p.options.extra.push((String::new(), "x".into())));
        assert!(refused(|p| p.options.activation_token = Some("x".into())).contains("confidential"));
        refused(|p| p.scopes.clear());
        refused(|p| p.scopes = vec!["openid profile".into()]);
        refused(|p| p.scopes = vec![String::new()]);
        refused(|p| p.options.acr_values = vec!["a b".into()]);
        refused(|p| p.client_id = String::new());
        refused(|p| p.state = Secret::default());
        refused(|p| p.nonce = "a\nb".into());
        refused(|p| p.challenge = String::new());
        for uri in
            ["", "/callback", "https://a.example/#x", "https://a.example/ x", "1x:/cb", "urn:ietf:wg:oauth:2.0:oob"]
        {
            refused(|p| p.redirect_uri = uri.into());
        }
    }

    #[test]
    fn the_handle_is_a_nonempty_string() {
        let reply = |body: &str| Response::new(200, body).header("Content-Type", "application/json");
        assert_eq!(interaction_handle(&reply(r#"{"interaction_handle":"ifX0"}"#)).unwrap().expose(), "ifX0");
        let long = format!(r#"{{"interaction_handle":"{}"}}"#, "x".repeat(MAX_HANDLE_BYTES + 1));
        for bad in ["{}", r#"{"interaction_handle":""}"#, r#"{"interaction_handle":1}"#, "[]", &long] {
            assert_eq!(interaction_handle(&reply(bad)).unwrap_err().kind(), ErrorKind::Protocol);
        }
        let refused =
            Response::new(400, r#"{"error":"unauthorized_client"}"#).header("Content-Type", "application/json");
        assert_eq!(interaction_handle(&refused).unwrap_err().oauth_error(), Some("unauthorized_client"));
    }

    #[test]
    fn debug_shows_no_secret_and_no_name() {
        let mut parameters = parameters();
        parameters.options.login_hint = Some("ada@example.com".into());
        parameters.options.extra.push(("x".into(), "ada@example.com".into()));
        let printed = format!("{parameters:?}");
        assert!(!printed.contains("ada") && !printed.contains("Zk3") && !printed.contains("9aX"), "{printed}");
    }
}
