//! How a client proves to the server that it is itself (RFC 6749 section 2.3).
//!
//! A public client (an app on somebody's device) has no secret: PKCE protects it. A confidential client (a server) has
//! one, and sends it in exactly one place. Where that is differs by endpoint, because no Okta SDK was ever seen to send
//! a `Basic` header to `interact` (idx.md sections 1.5 and 2.1):
//!
//! | | `interact` | `token` and the other OAuth endpoints |
//! |---|---|---|
//! | [`None`](ClientAuthentication::None) | `client_id` in the body | `client_id` in the body |
//! | [`SecretPost`](ClientAuthentication::SecretPost) | `client_id`, `client_secret` in the body | the same |
//! | [`SecretBasic`](ClientAuthentication::SecretBasic) | `client_id`, `client_secret` in the body | `Authorization: Basic`, and neither in the body |
//! | [`PrivateKeyJwt`](ClientAuthentication::PrivateKeyJwt) | `client_id` in the body, and an assertion when asked for | `client_id` and an assertion in the body |
//!
//! An assertion (RFC 7523) is signed for one request, by a key of the app's ([`KeySigner`]); the driver makes it, since it
//! takes time and random numbers. For servers and managed machines, whose few public keys the org registers. An app on
//! somebody's device is a public client: for its tokens, DPoP does what a key can do.

use std::{fmt, iter, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{
    form::{Endpoint, Form},
    issuer::Issuer,
};
use crate::{
    host::KeySigner,
    http::{Request, form_urlencode},
    secret::Secret,
};

/// How the client authenticates. See the [module](self) for what goes where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// A public client: its id only.
    #[default]
    None,
    /// `client_secret_post`: the secret in the body.
    SecretPost(Secret),
    /// `client_secret_basic`: the secret in the `Authorization` header.
    SecretBasic(Secret),
    /// `private_key_jwt`: an assertion that a key of the app's signs for each request.
    PrivateKeyJwt(PrivateKeyJwt),
}

/// Whom the assertion of `private_key_jwt` is for: one text, never a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssertionAudience {
    /// The address of the endpoint that it is sent to: what Okta wants.
    #[default]
    Endpoint,
    /// The issuer: what the revision of RFC 7523 wants.
    Issuer,
}

/// How `private_key_jwt` is done.
#[derive(Clone)]
pub struct PrivateKeyJwt {
    /// The key. `kid` in its JWK, when it is there, tells the server which one it is.
    pub signer: Arc<dyn KeySigner>,
    /// Whom the assertions are for.
    pub audience: AssertionAudience,
    /// Whether `interact` gets one, too. No SDK was seen to send one there.
    pub at_interact: bool,
}

impl PrivateKeyJwt {
    /// By this key, for the endpoint, and not at `interact`.
    pub fn new(signer: Arc<dyn KeySigner>) -> Self {
        PrivateKeyJwt { signer, audience: AssertionAudience::Endpoint, at_interact: false }
    }

    /// Whether a request to this endpoint has an assertion.
    pub fn applies_to(&self, endpoint: Endpoint) -> bool {
        self.at_interact || endpoint != Endpoint::Interact
    }
}

impl fmt::Debug for PrivateKeyJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKeyJwt")
            .field("audience", &self.audience)
            .field("at_interact", &self.at_interact)
            .finish_non_exhaustive()
    }
}

impl PartialEq for PrivateKeyJwt {
    /// The same signer, not another one with the same key.
    fn eq(&self, other: &Self) -> bool {
        let settings = |own: &Self| (own.audience, own.at_interact);
        Arc::ptr_eq(&self.signer, &other.signer) && settings(self) == settings(other)
    }
}

impl Eq for PrivateKeyJwt {}

/// `client_assertion_type` of a JWT (RFC 7523 section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl ClientAuthentication {
    /// Whether the client has a secret, or a key.
    pub fn is_confidential(&self) -> bool {
        self != &ClientAuthentication::None
    }

    /// The secret, when there is one.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt(_) => None,
            ClientAuthentication::SecretPost(secret) | ClientAuthentication::SecretBasic(secret) => Some(secret),
        }
    }

    /// The request of a form, with this client's authentication in its one place.
    pub fn request(&self, issuer: &Issuer, client_id: &str, form: &Form) -> Request {
        self.request_to(issuer.endpoint(form.endpoint.as_str()), client_id, form)
    }

    /// The same, to an address that was read in the metadata of the server.
    pub fn request_to(&self, url: String, client_id: &str, form: &Form) -> Request {
        let pairs = form.pairs.iter().map(|(name, value)| (name.as_str(), value.expose()));
        let request = match self {
            ClientAuthentication::SecretBasic(secret) if form.endpoint != Endpoint::Interact => {
                Request::form(url, pairs).header("Authorization", basic(client_id, secret))
            }
            _ => {
                let secret = self.secret().map(|secret| ("client_secret", secret.expose()));
                Request::form(url, iter::once(("client_id", client_id)).chain(pairs).chain(secret))
            }
        };
        request.header("Accept", "application/json")
    }
}

/// The form with an assertion in it.
pub fn with_assertion(form: &Form, assertion: Secret) -> Form {
    let mut form = form.clone();
    form.pairs.push(("client_assertion_type".to_owned(), JWT_BEARER.into()));
    form.pairs.push(("client_assertion".to_owned(), assertion));
    form
}

/// The value of `Authorization`: id and secret are form-encoded before they are joined (RFC 6749 section 2.3.1), so that
/// a `:` in either, or a character outside ASCII, arrives as it was.
fn basic(client_id: &str, secret: &Secret) -> Secret {
    // `form_urlencode` writes `id=secret`, in memory that is wiped; the first `=` is the one between the two.
    let mut joined = form_urlencode([(client_id, secret.expose())]);
    if let Some(between) = joined.iter_mut().find(|byte| **byte == b'=') {
        *between = b':';
    }
    let mut value = Zeroizing::new(String::with_capacity("Basic ".len() + joined.len().div_ceil(3) * 4));
    value.push_str("Basic ");
    STANDARD.encode_string(joined.as_slice(), &mut value);
    Secret::new(std::mem::take(&mut *value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(request: &Request) -> &str {
        std::str::from_utf8(&request.body).unwrap()
    }

    /// What goes to `token`, and what to `interact`.
    fn both(auth: &ClientAuthentication) -> (Request, Request) {
        let issuer = Issuer::parse("https://acme.okta.com").unwrap();
        let to = |endpoint| auth.request(&issuer, "0oa1", &Form::new(endpoint, [("a", "b")]));
        (to(Endpoint::Token), to(Endpoint::Interact))
    }

    #[test]
    fn each_client_authenticates_in_one_place() {
        let (form, body_form) = both(&ClientAuthentication::None);
        assert_eq!((body(&form), body(&body_form)), ("client_id=0oa1&a=b", "client_id=0oa1&a=b"));
        assert_eq!(form.header_value("Authorization"), None);

        let (form, body_form) = both(&ClientAuthentication::SecretPost("s&t".into()));
        let expected = "client_id=0oa1&a=b&client_secret=s%26t";
        assert_eq!((body(&form), body(&body_form)), (expected, expected));
        assert_eq!(form.header_value("Authorization"), None);

        let (form, body_form) = both(&ClientAuthentication::SecretBasic("s&t".into()));
        assert_eq!((body(&form), body(&body_form)), ("a=b", expected));
        assert_eq!(form.header_value("Authorization"), Some("Basic MG9hMTpzJTI2dA=="));
        assert_eq!(body_form.header_value("Authorization"), None);
    }

    #[test]
    fn basic_encodes_before_it_joins() {
        let decode = |id: &str, secret: &str| {
            let value = basic(id, &secret.into());
            String::from_utf8(STANDARD.decode(value.expose().strip_prefix("Basic ").unwrap()).unwrap()).unwrap()
        };
        assert_eq!(decode("a:b=c", "d:e%f+g h=ü"), "a%3Ab%3Dc:d%3Ae%25f%2Bg+h%3D%C3%BC");
        assert_eq!(decode("id", ""), "id:");
    }
}
