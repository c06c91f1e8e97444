//! One exchange: the headers that every request has, the transport, the cookies that come back.

use std::time::Instant;

use super::{Inner, dpop::Audience};
use crate::{
    call::Call,
    error::Result,
    flow::Config,
    http::{Cookies, Request, Response},
    jose::{Assertion, base64url},
    oauth::{
        AssertionAudience, ClientAuthentication, Device, Form, client_auth::with_assertion, errors::is_oauth_error,
        path_of,
    },
};

/// Whose request it is: that of one sign-in, on one device.
pub(super) struct Whose<'a> {
    pub(super) cookies: &'a mut Cookies,
    pub(super) device: &'a Device,
}

impl Inner {
    /// Sends a form to its endpoint, with the app's authentication, and returns whatever came back. What proves the app by
    /// a signature of this moment (a signed assertion, a proof of possession) needs time, random numbers and a key: those
    /// are here, and not in the pure machines that say what is to be sent.
    ///
    /// A server that wants a (newer) nonce in the proof has looked at nothing else, so the same form goes out once more, with
    /// everything that is signed made anew (`src/flow/README.md`, rule 1).
    pub(super) fn post(&self, form: &Form, whose: Option<Whose<'_>>, call: &Call) -> Result<Response> {
        self.post_to(&self.config.issuer.endpoint(form.endpoint.as_str()), form, whose, call)
    }

    /// The same, to an address that was read in the metadata of the server.
    pub(super) fn post_to(
        &self,
        url: &str,
        form: &Form,
        mut whose: Option<Whose<'_>>,
        call: &Call,
    ) -> Result<Response> {
        let mut repeated = false;
        loop {
            let request = self.authenticated(url, form)?;
            let proof = match form.endpoint.takes_proofs() {
                true => self.prove(Audience::AuthorizationServer, request.method.as_str(), url, None)?,
                false => None,
            };
            let (request, nonce) = match proof {
                Some(proof) => (request.header("DPoP", proof.header), Some(proof.nonce)),
                None => (request, None),
            };
            let own = whose.as_mut().map(|whose| Whose { cookies: &mut *whose.cookies, device: whose.device });
            let response = self.exchange(request, own, call)?;
            let (Some(dpop), Some(nonce)) = (&self.dpop, nonce) else { return Ok(response) };
            let newer = dpop.saw(Audience::AuthorizationServer, url, &response);
            let again = !repeated && newer.is_some() && newer != nonce && wants_nonce(&response);
            if !again {
                return Ok(response);
            }
            repeated = true;
        }
    }

    /// The request of a form, with the app's authentication.
    fn authenticated(&self, url: &str, form: &Form) -> Result<Request> {
        let Config { issuer, client_id, authentication, .. } = &self.config;
        let plain = |form: &Form| authentication.request_to(url.to_owned(), client_id, form);
        let ClientAuthentication::PrivateKeyJwt(method) = authentication else { return Ok(plain(form)) };
        let (Some(key), true) = (&self.app_key, method.applies_to(form.endpoint)) else { return Ok(plain(form)) };
        let audience = match method.audience {
            AssertionAudience::Issuer => issuer.as_str(),
            _ => url,
        };
        let id = base64url::encode(&self.system.bytes::<16>()?);
        let assertion = Assertion { client_id, audience, key_id: key.key_id(), id: &id, now: self.time_there() };
        let assertion = key.sign(&assertion.signing_input(key.algorithm()))?;
        Ok(plain(&with_assertion(form, assertion)))
    }

    /// Sends a request of a flow, with its cookies and its device; `None` for a request that is nobody's (the keys).
    pub(super) fn exchange(&self, request: Request, whose: Option<Whose<'_>>, call: &Call) -> Result<Response> {
        call.check()?;
        let path = path_of(&request.url).to_owned();
        let mut request = self.of_device(request, whose.as_ref().map(|whose| whose.device));
        if let Some(whose) = &whose
            && let Some(header) = whose.cookies.header(&path, self.system.now())
        {
            request = request.header("Cookie", header);
        }
        request.check_head()?;
        let begun = Instant::now();
        let outcome = self.transport.send(&request, call);
        self.log_exchange(request.method, &path, &outcome, begun.elapsed());
        let response = outcome?;
        self.server_clock.saw(&response, self.system.now());
        if let Some(whose) = whose {
            whose.cookies.receive(response.header_values("Set-Cookie"), &path, self.system.now());
        }
        Ok(response)
    }

    /// Says whose device the request comes from: the sign-in's own, or else what the client was built with. The org
    /// believes a device token and an address from confidential clients only (idx.md section 1.5).
    fn of_device(&self, request: Request, device: Option<&Device>) -> Request {
        let own = self.user_agent.as_str();
        let user_agent = device.and_then(|device| device.user_agent.as_deref()).unwrap_or(own);
        let mut request = request.header("User-Agent", user_agent).header("X-Okta-User-Agent-Extended", own);
        if let Some(languages) = device.and_then(|device| device.languages.as_ref()).or(self.device.languages.as_ref())
        {
            request = request.header("Accept-Language", languages.as_str());
        }
        if let Some(device) = device.filter(|_| self.config.authentication.is_confidential()) {
            if let Some(token) = device.token.as_ref().or(self.device.token.as_ref()) {
                request = request.header("X-Device-Token", token.clone());
            }
            if let Some(address) = &device.forwarded_for {
                request = request.header("X-Forwarded-For", address.as_str());
            }
        }
        request
    }
}

/// Whether the authorization server asks for another nonce, and has taken nothing (RFC 9449 section 8).
fn wants_nonce(response: &Response) -> bool {
    response.status == 400 && is_oauth_error(response, "use_dpop_nonce")
}
