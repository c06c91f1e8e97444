//! The request that a browser is sent out with (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1), and the same
//! pushed to the server beforehand (RFC 9126).
//!
//! Pushed, the server says what it does not like as JSON, before a browser is opened; and nothing of the request is in a URL.

use std::fmt;

use super::{
    errors,
    form::{Endpoint, Form},
    interact::check_client_id,
    pending::Pending,
};
use crate::{
    error::{Error, ErrorKind, Result, sanitize},
    http::Response,
    limits::{MAX_AUTHORIZE_URL_BYTES, MAX_HANDLE_BYTES},
    secret::Secret,
};

/// Whether the request is pushed to the server before the browser is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Push {
    /// Where the server says that it takes it, or wants it. For an issuer of Okta's nothing is asked, so: no.
    #[default]
    Auto,
    /// Always; a server without it is an error.
    Always,
    /// Never; a server that wants it is an error.
    Never,
}

/// What a sign-in in the browser may ask for; everything is optional.
#[derive(Clone, Default)]
pub struct AuthorizeOptions {
    /// Who wants to sign in (`login_hint`).
    pub login_hint: Option<String>,
    /// What the server shall show: `login` (ask again), `consent`, `select_account`, or `none` (show nothing, or fail).
    pub prompt: Vec<String>,
    /// The assurance to ask for (`acr_values`), for example `urn:okta:loa:2fa:any`; the ID token is held against it.
    pub acr_values: Vec<String>,
    /// The oldest session to accept, in seconds (`max_age`); the ID token's `auth_time` is held against it.
    pub max_age: Option<u64>,
    /// The languages of the pages (`ui_locales`), the best first: `de-AT`, `de`.
    pub ui_locales: Vec<String>,
    /// An ID token of the person who is expected (`id_token_hint`).
    pub id_token_hint: Option<Secret>,
    /// The identity provider to go to at once (`idp`, Okta's own parameter).
    pub idp: Option<String>,
    /// The APIs that the access token is for (`resource`, RFC 8707).
    pub resources: Vec<String>,
    /// The scopes of this sign-in, instead of the client's.
    pub scopes: Vec<String>,
    /// Whether the request is pushed beforehand.
    pub push: Push,
    /// Further parameters, as they are. They cannot name what the library sets itself.
    pub extra: Vec<(String, String)>,
}

impl fmt::Debug for AuthorizeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("AuthorizeOptions")
            .field("prompt", &self.prompt)
            .field("acr_values", &self.acr_values)
            .field("max_age", &self.max_age)
            .field("ui_locales", &self.ui_locales)
            .field("push", &self.push)
            .field("extra", &extra)
            .finish_non_exhaustive()
    }
}

/// The parameters that `extra` may not name: those that have a member of their own, and those that would change the client's
/// identity, the kind of flow, or where and how its answer comes.
const RESERVED: [&str; 24] = [
    "acr_values",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "dpop_jkt",
    "id_token_hint",
    "idp",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "ui_locales",
];

impl AuthorizeOptions {
    /// The parameters of a request, without the client id.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for an option that cannot be sent.
    fn pairs(&self, pending: &Pending) -> Result<Vec<(String, Secret)>> {
        let words = |name: &str, list: &[String]| {
            let token = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
            match list.iter().all(|word| !word.is_empty() && word.bytes().all(token)) {
                true => Ok((!list.is_empty()).then(|| Secret::from(list.join(" ").as_str()))),
                false => Err(argument(format!("an entry of `{name}` is empty or has characters that it cannot have"))
                    .with_advice("Give one in each entry, without blanks")),
            }
        };
        if self.prompt.len() > 1 && self.prompt.iter().any(|word| word == "none") {
            return Err(argument("`prompt` is none, and something else"));
        }
        let text = |text: &Option<String>| text.as_deref().map(Secret::from);
        let max_age = self.max_age.map(|seconds| Secret::from(seconds.to_string().as_str()));
        let required = |value: &str| Some(Secret::from(value));
        let known = [
            ("response_type", required("code")),
            ("redirect_uri", required(&pending.redirect_uri)),
            ("scope", words("scope", &pending.scopes)?),
            ("state", Some(pending.state.clone())),
            ("nonce", Some(pending.nonce.clone())),
            ("code_challenge", required(&pending.pkce.challenge())),
            ("code_challenge_method", required("S256")),
            ("prompt", words("prompt", &self.prompt)?),
            ("login_hint", text(&self.login_hint)),
            ("acr_values", words("acr_values", &self.acr_values)?),
            ("max_age", max_age),
            ("ui_locales", words("ui_locales", &self.ui_locales)?),
            ("id_token_hint", self.id_token_hint.clone()),
            ("idp", text(&self.idp)),
        ];
        let mut pairs: Vec<_> = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        for resource in &self.resources {
            // RFC 8707 section 2: an absolute URI without a fragment.
            let good = resource.contains(':') && resource.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
            if !good {
                return Err(argument("an entry of `resource` is not an absolute URI without a fragment"));
            }
            pairs.push(("resource".to_owned(), Secret::from(resource.as_str())));
        }
        for (index, (name, value)) in self.extra.iter().enumerate() {
            if name.is_empty() {
                return Err(argument("an extra parameter has no name"));
            }
            if RESERVED.contains(&name.as_str()) {
                return Err(argument(format!("the extra parameter `{name}` would replace one of the library's"))
                    .with_advice("Use the option of that name, where there is one"));
            }
            if self.extra.iter().take(index).any(|(other, _)| other == name) {
                return Err(argument(format!("the extra parameter `{}` is given twice", sanitize(name))));
            }
            pairs.push((name.clone(), Secret::from(value.as_str())));
        }
        Ok(pairs)
    }

    /// The URL to open, at `endpoint`; a query that it has stays.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for an option that cannot be sent;
    /// [`LimitExceeded`](ErrorKind::LimitExceeded) for more than [`MAX_AUTHORIZE_URL_BYTES`].
    pub fn url(&self, endpoint: &str, pending: &Pending) -> Result<String> {
        check_client_id(&pending.client_id)?;
        let pairs = self.pairs(pending)?;
        let own = [("client_id", pending.client_id.as_str())].into_iter();
        joined(endpoint, own.chain(pairs.iter().map(|(name, value)| (name.as_str(), value.expose()))))
    }

    /// The form that pushes the request.
    ///
    /// # Errors
    /// As [`AuthorizeOptions::url`].
    pub fn form(&self, pending: &Pending) -> Result<Form> {
        check_client_id(&pending.client_id)?;
        Ok(Form { endpoint: Endpoint::PushedAuthorization, pairs: self.pairs(pending)? })
    }
}

/// What the server keeps a pushed request under.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// `request_uri`: good once.
    pub request_uri: Secret,
    /// How long it is good, in seconds; more than 0.
    pub expires_in: u64,
}

impl Pushed {
    /// Reads the answer to a pushed request (RFC 9126 section 2.2).
    ///
    /// # Errors
    /// As [`error_from_response`](errors::error_from_response) for a refusal; [`Protocol`](ErrorKind::Protocol) when it is not a
    /// 201 with a `request_uri` (a URN) and a lifetime.
    pub fn parse(response: &Response) -> Result<Pushed> {
        const WHAT: &str = "the pushed authorization request";
        let mut reply = errors::json_reply_of(201, response, WHAT)?;
        let wrong = |what: &str| errors::protocol(response, format!("{WHAT} was answered with {what}"));
        let request_uri = match reply.remove("request_uri") {
            Some(serde_json::Value::String(uri)) => Secret::new(uri),
            _ => return Err(wrong("no `request_uri`")),
        };
        let plain = request_uri.len() <= MAX_HANDLE_BYTES && request_uri.expose().bytes().all(|b| b.is_ascii_graphic());
        let urn = request_uri.expose().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("urn:"));
        if !plain || !urn {
            return Err(wrong("a `request_uri` that is not a URN"));
        }
        match reply.remove("expires_in").and_then(|seconds| seconds.as_u64()).filter(|seconds| *seconds > 0) {
            Some(expires_in) => Ok(Pushed { request_uri, expires_in }),
            None => Err(wrong("an `expires_in` that is no number of seconds")),
        }
    }

    /// The URL to open: it names the client and the pushed request, and nothing else.
    ///
    /// # Errors
    /// [`LimitExceeded`](ErrorKind::LimitExceeded).
    pub fn url(&self, endpoint: &str, client_id: &str) -> Result<String> {
        joined(endpoint, [("client_id", client_id), ("request_uri", self.request_uri.expose())].into_iter())
    }
}

fn joined<'a>(endpoint: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<String> {
    let query = crate::http::form_urlencode(pairs);
    let query = std::str::from_utf8(&query).unwrap_or_default();
    let between = match endpoint.split_once('?') {
        None => "?",
        Some((_, before)) if before.is_empty() || before.ends_with('&') => "",
        Some(_) => "&",
    };
    let url = format!("{endpoint}{between}{query}");
    match url.len() <= MAX_AUTHORIZE_URL_BYTES {
        true => Ok(url),
        false => {
            let text = format!("the URL for the browser would be longer than {MAX_AUTHORIZE_URL_BYTES} bytes");
            Err(Error::new(ErrorKind::LimitExceeded, text)
                .with_advice("Ask for less, or push the request to the server beforehand"))
        }
    }
}

fn argument(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, text)
}
