//! One exchange: the headers that every request has, the transport, the cookies that come back.

use std::time::Instant;

use super::Inner;
use crate::{
    call::Call,
    error::Result,
    flow::Config,
    http::{Cookies, Request, Response},
    oauth::{Device, Form, Metadata, path_of},
};

/// Whose request it is: that of one sign-in, on one device.
pub(super) struct Whose<'a> {
    pub(super) cookies: &'a mut Cookies,
    pub(super) device: &'a Device,
}

impl Inner {
    /// The request of a form to where the server's metadata say, with the app's authentication.
    pub(super) fn authenticated_to(&self, metadata: &Metadata, form: &Form) -> Result<Request> {
        let Config { issuer, client_id, authentication, .. } = &self.config;
        let url = metadata.endpoint(form.endpoint, issuer)?;
        Ok(authentication.request_to(url, client_id, form))
    }

    /// Sends a form to its endpoint, with the app's authentication, and returns whatever came back. What proves the app by
    /// a signature of this moment (a signed assertion, a proof of possession) needs time, random numbers and a key: those
    /// are here, and not in the pure machines that say what is to be sent.
    pub(super) fn post(&self, form: &Form, whose: Option<Whose<'_>>, call: &Call) -> Result<Response> {
        self.exchange(self.authenticated(form)?, whose, call)
    }

    /// The request of a form, with the app's authentication.
    fn authenticated(&self, form: &Form) -> Result<Request> {
        let Config { issuer, client_id, authentication, .. } = &self.config;
        Ok(authentication.request(issuer, client_id, form))
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
