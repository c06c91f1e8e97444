//! Forms for the OAuth endpoints: where to, and what is in them. Who sends one adds the app's authentication
//! ([`ClientAuthentication::request`](super::ClientAuthentication::request)), so a form says nothing of it.

use std::fmt;

use crate::secret::Secret;

/// The endpoints of the authorization server that take forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// `interact`: starts a sign-in.
    Interact,
    /// `token`: redeems a grant.
    Token,
    /// `par`: takes what is asked of the authorization endpoint beforehand (RFC 9126).
    PushedAuthorization,
}

impl Endpoint {
    /// Whether a request to it has a proof of possession (RFC 9449 section 5).
    pub fn takes_proofs(self) -> bool {
        self == Endpoint::Token
    }

    /// The last part of its address.
    pub fn as_str(self) -> &'static str {
        match self {
            Endpoint::Interact => "interact",
            Endpoint::Token => "token",
            Endpoint::PushedAuthorization => "par",
        }
    }
}

/// A form for an endpoint, not authenticated yet. Its values are secrets: codes, verifiers, names.
#[derive(Clone)]
pub struct Form {
    /// Where it goes.
    pub endpoint: Endpoint,
    /// Names and values, in order.
    pub pairs: Vec<(String, Secret)>,
}

impl Form {
    /// A form of these pairs.
    pub fn new<'a>(endpoint: Endpoint, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), Secret::from(value)));
        Form { endpoint, pairs: pairs.collect() }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.pairs.iter().map(|(name, _)| name).collect();
        f.debug_struct("Form").field("endpoint", &self.endpoint).field("names", &names).finish()
    }
}
