//! The built-in transport: HTTP/1.1 over TLS, by [ureq](https://docs.rs/ureq) and [rustls](https://docs.rs/rustls).
//!
//! [`UreqTransport`] keeps the contract of [`Transport`]: one request is sent once, nothing is followed, stored, cached
//! or decoded; the deadline and the cancel of the call end it wherever it waits (name look-up, connect, proxy, TLS,
//! head, body); and every error says whether bytes may have left. It is cheap to share: one per client, for all
//! threads. It can be used without the rest of the library, as a bounded, cancellable HTTP client for small answers.
//!
//! ```no_run
//! use interaction_code::{Call, http::{Request, Transport}, transport::UreqTransport};
//! let transport = UreqTransport::new()?;
//! let request = Request::get("https://acme.okta.com/oauth2/default/v1/keys");
//! let response = transport.send(&request, &Call::default())?;
//! assert!(response.is_success());
//! # Ok::<(), interaction_code::Error>(())
//! ```
//!
//! # Connections
//!
//! Kept alive and used again within 10 s, eight at most; probed first, so one that the server closed meanwhile is
//! dropped before anything is written to it. A connection that breaks under a request is an error
//! ([`ErrorKind::Network`] with [`Sent::Maybe`](crate::Sent)): a request is never repeated here, as it may carry a
//! credential.
//!
//! They belong to the process that made them. A child that is forked makes its own and does not touch what it inherited.
//!
//! # Headers
//!
//! They go out with their spelling and, for each name, in their order; `Host` and `Content-Length` are added and
//! nothing else. They come back with lower-case names (HTTP names have no case); the order within a name is kept, and
//! several `Set-Cookie` headers stay several.
//!
//! # What ureq logs
//!
//! ureq writes to the [`log`](https://docs.rs/log) facade. At `debug` it hides header values and paths, but at `trace`
//! its protocol layer (target `ureq_proto`) dumps whole heads and bodies: an app that enables `trace` for everything
//! must switch that target off.

mod body;
mod buffers;
mod builder;
mod connect;
mod dial;
mod environment;
mod errors;
mod exchange;
mod layer;
mod socket;
mod target;
mod tls;

use std::fmt;

use ureq::{
    Agent, Body, Proxy, RequestBuilder,
    http::{self, HeaderName, HeaderValue, header},
};

pub use self::builder::UreqTransportBuilder;
use self::{environment::Exempt, exchange::Exchange, target::Target};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    http::{Method, Request, Response, Transport},
    limits::{DEFAULT_DEADLINE, MAX_FRAMING_FACTOR, MAX_HEADER_BYTES},
    process::PerProcess,
};

/// What HTTP itself needs and the transport therefore sets, or what would change how the request is framed.
const RESERVED: [&str; 8] =
    ["host", "content-length", "transfer-encoding", "connection", "expect", "te", "trailer", "upgrade"];

/// What makes and keeps connections.
struct Agents {
    usual: Agent,
    /// For this machine and the hosts that are exempt.
    direct: Option<Agent>,
}

/// A transport over ureq and rustls. See the [module](self).
pub struct UreqTransport {
    agents: PerProcess<Agents>,
    proxy: Option<Proxy>,
    /// The hosts that are reached directly, when the environment names a proxy for everything else.
    exempt: Option<Exempt>,
    settings: UreqTransportBuilder,
}

impl UreqTransport {
    /// A transport with the default settings.
    ///
    /// # Errors
    ///
    /// As [`UreqTransportBuilder::build`].
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// The settings, to change some.
    pub fn builder() -> UreqTransportBuilder {
        UreqTransportBuilder::default()
    }

    /// The connections of this process: those that it inherited by a fork are its parent's.
    fn agents(&self) -> Result<&Agents> {
        self.agents.get_or_try(|| self.settings.agents(self.proxy.as_ref(), self.exempt.is_some()))
    }

    /// Runs the request on this thread, inside its exchange.
    fn run(&self, agent: &Agent, request: &Request, target: Target) -> Result<Response, body::Failure> {
        let response = match request.method {
            Method::Get if !request.body.is_empty() => {
                let error = Error::new(ErrorKind::InvalidArgument, "a GET request has no body");
                return Err(body::Failure::Refused(error));
            }
            Method::Get => with_headers(agent.get(target.uri), request)?.call(),
            Method::Post => with_headers(agent.post(target.uri), request)?.send(request.body.as_slice()),
        };
        self.receive(response.map_err(body::Failure::Read)?, request.max_body)
    }

    fn receive(&self, response: http::Response<Body>, max_body: usize) -> Result<Response, body::Failure> {
        let (head, body) = response.into_parts();
        let headers = body::headers(&head.headers)?;
        let encoding = head.headers.get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            let error = Error::new(ErrorKind::Protocol, "the answer is compressed, which was not asked for");
            return Err(body::Failure::Refused(error.with_http_status(head.status.as_u16())));
        }
        let framed =
            head.headers.contains_key(header::CONTENT_LENGTH) || head.headers.contains_key(header::TRANSFER_ENCODING);
        let declared = body.content_length();
        let exchange = Exchange::current().map_err(body::Failure::Read)?;
        exchange.may_come(max_body.saturating_mul(MAX_FRAMING_FACTOR).saturating_add(MAX_HEADER_BYTES));
        let body = body::read(body.into_reader(), declared, max_body)?;
        // A body that ends with the connection is complete only if the connection ended properly, and not by us.
        if !framed {
            exchange.check().map_err(body::Failure::Read)?;
            if exchange.is_cut() {
                return Err(body::Failure::Refused(errors::cut()));
            }
        }
        Ok(Response { status: head.status.as_u16(), headers, body })
    }
}

impl Transport for UreqTransport {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        let call = call.started(DEFAULT_DEADLINE);
        call.check()?;
        request.check_head()?;
        let target = Target::parse(&request.url, self.settings.loopback_http())?;
        let agents = self.agents()?;
        let is_exempt = |exempt: &Exempt| target.loopback || exempt.has(target.uri.host().unwrap_or_default());
        let agent = match &agents.direct {
            Some(direct) if self.exempt.as_ref().is_some_and(is_exempt) => direct,
            _ => &agents.usual,
        };
        let exchange = Exchange::new(call);
        let _entered = exchange.enter();
        let _watched = exchange.watch();
        self.run(agent, request, target).map_err(|failure| match failure {
            body::Failure::Read(error) => {
                let (connect, silence) = self.settings.limits();
                errors::explain(error, &exchange, connect, silence)
            }
            body::Failure::Refused(error) => error.with_sent(exchange.sent()),
        })
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UreqTransport").field(&self.settings).finish()
    }
}

/// Adds the headers of `request`, each checked first: an error must name the header and not show its value.
fn with_headers<B>(mut builder: RequestBuilder<B>, request: &Request) -> Result<RequestBuilder<B>, body::Failure> {
    let invalid = |text: String| Err(body::Failure::Refused(Error::new(ErrorKind::InvalidArgument, text)));
    for (name, value) in &request.headers {
        let Ok(known) = HeaderName::from_bytes(name.as_bytes()) else {
            return invalid("the name of a request header is not valid".to_owned());
        };
        if RESERVED.contains(&known.as_str()) {
            return invalid(format!("the request header {known} is set by the transport itself"));
        }
        if HeaderValue::from_str(value.expose()).is_err() {
            return invalid(format!("the value of the request header {known} is not valid"));
        }
        builder = builder.header_raw(name, value.expose().as_bytes());
    }
    Ok(builder)
}
