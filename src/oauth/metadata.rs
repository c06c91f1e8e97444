//! What a server says of itself (OpenID Connect Discovery section 4, RFC 8414), for the servers that are not Okta's: there the
//! endpoints follow from the issuer, and nothing is fetched.
//!
//! The document is believed only when it names the very issuer that it was asked for, byte for byte: a server could speak for
//! another one otherwise (oauth.md D1). Endpoints are `https`, or plain `http` on a loopback address for a loopback issuer. The
//! three that every sign-in needs are checked at once, the others when they are used.

use serde_json::{Map, Value};

use super::{errors, form::Endpoint, issuer::Issuer};
use crate::{
    error::{Error, ErrorKind, Result, sanitize},
    http::{Request, Response},
    limits::{MAX_METADATA_BYTES, MAX_NAME_CHARS},
};

const WHAT: &str = "the request for the server's metadata";

/// Where a server is asked what, and what it can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// The issuer, as the `iss` of an ID token must say it.
    pub issuer: String,
    /// Where the browser goes.
    pub authorization_endpoint: String,
    /// Where grants are redeemed.
    pub token_endpoint: String,
    /// Where the signing keys are.
    pub jwks_uri: String,
    /// Where an authorization is pushed beforehand (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Where tokens are ended (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where a token is looked at (RFC 7662).
    pub introspection_endpoint: Option<String>,
    /// Who signed in.
    pub userinfo_endpoint: Option<String>,
    /// Where a browser signs out.
    pub end_session_endpoint: Option<String>,
    /// Where a device without a keyboard begins (RFC 8628).
    pub device_authorization_endpoint: Option<String>,
    /// Whether every callback names its issuer (RFC 9207): then one that does not is refused.
    pub names_issuer_in_callback: bool,
    /// Whether the server takes pushed authorizations only.
    pub requires_pushed_authorization: bool,
    /// The algorithms of DPoP proofs that the server takes; empty when it does not say.
    pub dpop_algorithms: Vec<String>,
    /// Whether it was read from the server, and not derived.
    pub was_discovered: bool,
}

impl Metadata {
    /// That of an Okta server, derived from its issuer (idx.md section 1.1).
    pub fn of_okta(issuer: &Issuer) -> Metadata {
        let endpoint = |name: &str| issuer.endpoint(name);
        Metadata {
            issuer: issuer.as_str().to_owned(),
            authorization_endpoint: endpoint("authorize"),
            token_endpoint: endpoint("token"),
            jwks_uri: endpoint("keys"),
            pushed_authorization_request_endpoint: Some(endpoint("par")),
            revocation_endpoint: Some(endpoint("revoke")),
            introspection_endpoint: Some(endpoint("introspect")),
            userinfo_endpoint: Some(endpoint("userinfo")),
            end_session_endpoint: Some(endpoint("logout")),
            device_authorization_endpoint: Some(endpoint("device/authorize")),
            names_issuer_in_callback: false,
            requires_pushed_authorization: false,
            dpop_algorithms: Vec::new(),
            was_discovered: false,
        }
    }

    /// The request for it, `{issuer}/.well-known/openid-configuration`.
    pub fn request(issuer: &Issuer) -> Request {
        let base = issuer.as_configured().trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let mut request = Request::get(url).header("Accept", "application/json");
        request.max_body = MAX_METADATA_BYTES;
        request
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// As [`error_from_response`](errors::error_from_response) for a refusal; [`Protocol`](ErrorKind::Protocol) when the document
    /// is not of this issuer, lacks an endpoint, or when the server has no PKCE with `S256`;
    /// [`ForeignOrigin`](ErrorKind::ForeignOrigin) for an endpoint that is not https.
    pub fn parse(response: &Response, issuer: &Issuer) -> Result<Metadata> {
        let members = Members { response, object: errors::json_reply(response, WHAT)? };
        let named = members.text("issuer")?.unwrap_or_default();
        if named != issuer.as_configured() {
            let shown: String = sanitize(&named).chars().take(MAX_NAME_CHARS).collect();
            return Err(members
                .wrong(&format!("is of another issuer: `{shown}`"))
                .with_advice("Give the issuer exactly as its server names it, a slash at its end included"));
        }
        let required = |name: &str| {
            let address = members.text(name)?.ok_or_else(|| members.wrong(&format!("has no `{name}`")))?;
            issuer.check_endpoint(name, &address).map(|()| address)
        };
        let methods = members.texts("code_challenge_methods_supported")?;
        if methods.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
            return Err(members.wrong("has no PKCE with the method S256, without which no code is asked for"));
        }
        Ok(Metadata {
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            pushed_authorization_request_endpoint: members.text("pushed_authorization_request_endpoint")?,
            revocation_endpoint: members.text("revocation_endpoint")?,
            introspection_endpoint: members.text("introspection_endpoint")?,
            userinfo_endpoint: members.text("userinfo_endpoint")?,
            end_session_endpoint: members.text("end_session_endpoint")?,
            device_authorization_endpoint: members.text("device_authorization_endpoint")?,
            names_issuer_in_callback: members.flag("authorization_response_iss_parameter_supported")?,
            requires_pushed_authorization: members.flag("require_pushed_authorization_requests")?,
            dpop_algorithms: members.texts("dpop_signing_alg_values_supported")?.unwrap_or_default(),
            was_discovered: true,
            issuer: named,
        })
    }

    /// Where forms of this kind go; checked.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) when the server has no such endpoint;
    /// [`ForeignOrigin`](ErrorKind::ForeignOrigin) when its address is not one to send anything to.
    pub fn endpoint(&self, endpoint: Endpoint, issuer: &Issuer) -> Result<String> {
        let (name, address) = match endpoint {
            Endpoint::Interact => return Ok(issuer.endpoint(endpoint.as_str())),
            Endpoint::Token => return Ok(self.token_endpoint.clone()),
            Endpoint::PushedAuthorization => {
                ("pushed_authorization_request_endpoint", &self.pushed_authorization_request_endpoint)
            }
        };
        let Some(address) = address else {
            return Err(Error::new(ErrorKind::InvalidArgument, format!("the server has no `{name}`"))
                .with_advice("Nothing was sent; do without it, or ask the server's people"));
        };
        issuer.check_endpoint(name, address).map(|()| address.clone())
    }
}

/// The members of the document; what is there has its type, or the document is refused.
struct Members<'a> {
    response: &'a Response,
    object: Map<String, Value>,
}

impl Members<'_> {
    fn wrong(&self, what: &str) -> Error {
        errors::protocol(self.response, format!("the metadata of the server cannot be used: it {what}"))
            .with_advice("Check the issuer")
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(&format!("has a `{name}` that is not a text"))),
        }
    }

    fn flag(&self, name: &str) -> Result<bool> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(&format!("has a `{name}` that is neither true nor false"))),
        }
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<String>>> {
        let wrong = || self.wrong(&format!("has a `{name}` that is not a list of texts"));
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => list
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<_>>()
                .map(Some),
            Some(_) => Err(wrong()),
        }
    }
}
