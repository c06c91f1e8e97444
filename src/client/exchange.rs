//! One exchange: the headers that every request has, the transport, the cookies that come back.

use std::time::Instant;

use super::Inner;
use crate::{
    call::Call,
    error::Result,
    http::{Cookies, Request, Response},
    oauth::path_of,
};

impl Inner {
    /// Sends a request of a flow, with its cookies; `None` for a request that is nobody's (the keys).
    pub(super) fn exchange(
        &self,
        request: Request,
        mut cookies: Option<&mut Cookies>,
        call: &Call,
    ) -> Result<Response> {
        call.check()?;
        let path = path_of(&request.url).to_owned();
        let mut request = request
            .header("User-Agent", self.user_agent.as_str())
            .header("X-Okta-User-Agent-Extended", self.user_agent.as_str());
        if let Some(languages) = &self.accept_language {
            request = request.header("Accept-Language", languages.as_str());
        }
        if let Some(jar) = &cookies {
            if let Some(header) = jar.header(&path, self.system.now()) {
                request = request.header("Cookie", header);
            }
            if let Some(token) = self.device_token.as_ref().filter(|_| self.config.authentication.is_confidential()) {
                request = request.header("X-Device-Token", token.clone());
            }
        }
        let begun = Instant::now();
        let outcome = self.transport.send(&request, call);
        self.log_exchange(request.method, &path, &outcome, begun.elapsed());
        let response = outcome?;
        if let Some(jar) = &mut cookies {
            jar.receive(response.header_values("Set-Cookie"), &path, self.system.now());
        }
        Ok(response)
    }
}
