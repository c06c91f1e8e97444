//! DPoP (RFC 9449): each token request carries a proof that the app holds a key, the tokens are bound to that key, and each
//! request of the app's own carries a proof for them.
//!
//! Each proof is made for one request: it has the method and the address as they are sent, a random id, the time, the last
//! nonce of that server, and, at a resource, the hash of the access token. A server that wants a nonce says so and sends one;
//! then the same request goes out once more with a proof that has it (`use_dpop_nonce`, the second exception in
//! `src/flow/README.md`). Nonces are kept for each origin, authorization server and resources apart.
//!
//! A client that was built with a key takes no other tokens than bound ones, and one without a key takes none that are.

use std::sync::{Mutex, PoisonError};

use url::Url;

use super::{Client, Inner, signing::SigningKey};
use crate::{
    error::{Error, ErrorKind, Result},
    http::Response,
    jose::{Proof, base64url},
    limits::{MAX_DPOP_NONCE_BYTES, MAX_DPOP_NONCES},
    oauth::{TokenResponse, TokenType},
    secret::Secret,
};

/// Whose nonce it is: a server may be both at one origin, and they do not share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    AuthorizationServer,
    Resource,
}

/// The key, and the last nonce of each server.
pub(super) struct Dpop {
    key: SigningKey,
    nonces: Mutex<Nonces>,
}

/// The newest last.
#[derive(Default)]
struct Nonces(Vec<(Audience, String, String)>);

impl Nonces {
    fn of(&self, audience: Audience, origin: &str) -> Option<&str> {
        self.0.iter().find(|(kind, at, _)| *kind == audience && at == origin).map(|(_, _, nonce)| nonce.as_str())
    }

    fn keep(&mut self, audience: Audience, origin: String, nonce: &str) {
        self.0.retain(|(kind, at, _)| !(*kind == audience && *at == origin));
        if self.0.len() >= MAX_DPOP_NONCES {
            self.0.remove(0);
        }
        self.0.push((audience, origin, nonce.to_owned()));
    }
}

/// A proof that was made, and what it was made with.
pub(super) struct Proved {
    pub(super) header: Secret,
    pub(super) nonce: Option<String>,
}

impl Dpop {
    pub(super) fn new(key: SigningKey) -> Dpop {
        Dpop { key, nonces: Mutex::default() }
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The nonce in an answer of this server, whatever its status; the last one counts.
    pub(super) fn saw(&self, audience: Audience, url: &str, response: &Response) -> Option<String> {
        let mut values = response.header_values("DPoP-Nonce");
        let (nonce, None) = (values.next()?, values.next()) else { return None };
        self.keep(audience, url, nonce).then(|| nonce.to_owned())
    }

    /// Keeps a nonce of the server at this address. One that no server may send is ignored (RFC 9449 section 8.1).
    fn keep(&self, audience: Audience, url: &str, nonce: &str) -> bool {
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        let good = (1..=MAX_DPOP_NONCE_BYTES).contains(&nonce.len()) && nonce.bytes().all(allowed);
        let Some(origin) = origin(url).filter(|_| good) else { return false };
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner).keep(audience, origin, nonce);
        true
    }

    fn nonce(&self, audience: Audience, url: &str) -> Option<String> {
        let nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.of(audience, &origin(url)?).map(str::to_owned)
    }
}

/// Scheme, host and port.
fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

impl Inner {
    /// The proof of one request, when the client has a key.
    pub(super) fn prove(
        &self,
        audience: Audience,
        method: &str,
        url: &str,
        access_token: Option<&str>,
    ) -> Result<Option<Proved>> {
        let Some(dpop) = &self.dpop else { return Ok(None) };
        let nonce = dpop.nonce(audience, url);
        let id = base64url::encode(&self.system.bytes::<16>()?);
        let proof = Proof { method, url, nonce: nonce.as_deref(), access_token, id: &id, now: self.time_there() };
        let key = dpop.key();
        let header = key.sign(&proof.signing_input(key.algorithm(), key.public()))?;
        Ok(Some(Proved { header, nonce }))
    }

    /// What time it is at the server, as far as it said: what is sent is dated by the clock that it is judged by.
    pub(super) fn time_there(&self) -> i64 {
        self.system.now().saturating_add(self.server_clock.ahead().unwrap_or(0))
    }

    /// Whether tokens are of the type that this client asked for. Bearer tokens for a client with a key would be a
    /// downgrade: whoever steals them could use them.
    pub(super) fn check_token_type(&self, tokens: &TokenResponse) -> Result<()> {
        let wrong = |text: &str, advice| {
            Err(Error::new(ErrorKind::InvalidToken, text).with_rule("token_type").with_advice(advice))
        };
        match (&self.dpop, tokens.token_type) {
            (None, TokenType::Bearer) | (Some(_), TokenType::Dpop) => Ok(()),
            (Some(_), TokenType::Bearer) => wrong(
                "the tokens are not bound to the key of this client",
                "Require DPoP for the app in the Okta admin console; the tokens are not handed out",
            ),
            (None, TokenType::Dpop) => wrong(
                "the tokens are bound to a key, and this client has none",
                "Build the client with a DPoP key, or switch DPoP off for the app in the Okta admin console",
            ),
        }
    }
}

impl Client {
    /// The value of the header `DPoP` for a request of the app's own to `url`, beside `Authorization: DPoP <access token>`.
    /// `method` and `url` are exactly those of the request; a new value is needed for each request, and for each repetition.
    ///
    /// When the answer has a header `DPoP-Nonce`, hand it to [`Client::dpop_nonce`]; when it is a 401 whose
    /// `WWW-Authenticate` says `use_dpop_nonce`, send the request once more with a new value.
    ///
    /// Errors: [`ErrorKind::InvalidState`] when the client was built without a DPoP key; those of the signer.
    pub fn dpop_header(&self, method: &str, url: &str, access_token: &Secret) -> Result<Secret> {
        if origin(url).is_none() {
            return Err(Error::new(ErrorKind::InvalidArgument, "the address of the request is not an absolute URL"));
        }
        let proved = self.0.prove(Audience::Resource, method, url, Some(access_token.expose()))?;
        proved.map(|proved| proved.header).ok_or_else(|| {
            Error::new(ErrorKind::InvalidState, "this client has no DPoP key")
                .with_advice("Give the builder one; tokens that are not bound go as Bearer tokens")
        })
    }

    /// Keeps the `DPoP-Nonce` of an answer to a request of the app's own to `url`, for the next [`Client::dpop_header`] to
    /// that server. A value that is no nonce is ignored, and so is any in a client without a DPoP key.
    pub fn dpop_nonce(&self, url: &str, nonce: &str) {
        if let Some(dpop) = &self.0.dpop {
            dpop.keep(Audience::Resource, url, nonce);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::client::SoftwareKey;

    const AS: &str = "https://acme.okta.com/oauth2/v1/token";

    fn dpop() -> Dpop {
        Dpop::new(SigningKey::new(Arc::new(SoftwareKey::generate().unwrap()), "x").unwrap())
    }

    #[test]
    fn nonces_belong_to_one_origin_and_one_kind_of_server() {
        use Audience::{AuthorizationServer, Resource};
        let dpop = dpop();
        let answer = |nonce: &str| Response::new(400, *b"").header("dpop-nonce", nonce);
        assert_eq!(dpop.saw(AuthorizationServer, AS, &answer("n1")).as_deref(), Some("n1"));
        let at = |audience, url| dpop.nonce(audience, url);
        assert_eq!(at(AuthorizationServer, "https://acme.okta.com/x?y").as_deref(), Some("n1"));
        assert_eq!(at(AuthorizationServer, "https://ACME.okta.com:443/").as_deref(), Some("n1"));
        for other in ["https://evil.example/", "http://acme.okta.com/", "https://acme.okta.com:8443/", "x", ""] {
            assert_eq!(at(AuthorizationServer, other), None, "{other}");
        }
        assert_eq!(at(Resource, AS), None);
        dpop.saw(Resource, AS, &answer("n2"));
        dpop.saw(AuthorizationServer, AS, &answer("n3"));
        assert_eq!((at(Resource, AS).as_deref(), at(AuthorizationServer, AS).as_deref()), (Some("n2"), Some("n3")));
        // What is no nonce, or is there twice, changes nothing.
        for bad in ["", "a b", "a\"b", "a\\b", "é", "a\u{7f}", &"x".repeat(MAX_DPOP_NONCE_BYTES + 1)] {
            assert_eq!(dpop.saw(AuthorizationServer, AS, &answer(bad)), None, "{bad:?}");
        }
        assert_eq!(dpop.saw(AuthorizationServer, AS, &answer("n4").header("DPoP-Nonce", "n5")), None);
        assert_eq!(at(AuthorizationServer, AS).as_deref(), Some("n3"));
    }

    #[test]
    fn the_oldest_nonce_gives_way() {
        let dpop = dpop();
        let url = |number: usize| format!("https://api{number}.example/");
        for number in 0..=MAX_DPOP_NONCES {
            assert!(dpop.keep(Audience::Resource, &url(number), "n"));
        }
        assert_eq!(dpop.nonces.lock().unwrap().0.len(), MAX_DPOP_NONCES);
        assert_eq!(dpop.nonce(Audience::Resource, &url(0)), None);
        assert!(dpop.nonce(Audience::Resource, &url(1)).is_some());
        dpop.keep(Audience::Resource, &url(1), "m");
        assert_eq!(dpop.nonce(Audience::Resource, &url(1)).as_deref(), Some("m"));
    }
}
