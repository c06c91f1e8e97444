//! Transports: the app's own HTTP stack (URLSession, OkHttp, java.net.http).

use std::sync::Arc;

use super::{call::CancelToken, redacted};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Sent},
    http::{self, Response},
    secret::SecretBytes,
};

/// A header: order counts, names in any case.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// The name.
    pub name: String,
    /// The value. May be a secret.
    pub value: String,
}

/// A request to send as it is; the transport adds only what HTTP itself needs (`Host`, `Content-Length`, `Connection`).
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct TransportRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The headers, in order.
    pub headers: Vec<HttpHeader>,
    /// The body; empty for GET. Holds secrets.
    pub body: Vec<u8>,
    /// The largest body to accept in the answer, in bytes.
    pub max_body: i64,
    /// How much time is left, in milliseconds.
    pub timeout_ms: i64,
}

/// An answer. Every status is one, 4xx and 5xx, too.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct TransportResponse {
    /// The HTTP status.
    pub status: i32,
    /// The headers as received; several `Set-Cookie` stay separate.
    pub headers: Vec<HttpHeader>,
    /// The body, content decoding done.
    pub body: Vec<u8>,
}

redacted!(HttpHeader, TransportRequest, TransportResponse);

/// Why there was no HTTP answer. `reason` is for developers; no secret in it. `maybe_sent` is false only when certainly
/// nothing of the request has left.
#[derive(Clone, Debug, uniffi::Error)]
pub enum TransportError {
    /// The call was cancelled.
    Cancelled { maybe_sent: bool },
    /// The time was over.
    TimedOut { maybe_sent: bool },
    /// The server cannot be reached: no name, no route, connection refused.
    Offline { reason: String, maybe_sent: bool },
    /// The certificate is not trusted, or TLS failed.
    Tls { reason: String, maybe_sent: bool },
    /// The proxy refused.
    Proxy { reason: String, maybe_sent: bool },
    /// The connection broke.
    Network { reason: String, maybe_sent: bool },
    /// The answer is larger than the request accepts.
    TooLarge,
    /// Anything else.
    Failed { reason: String, maybe_sent: bool },
}

impl std::fmt::Display for TransportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", Error::from(self.clone()))
    }
}

impl std::error::Error for TransportError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        TransportError::Failed { reason: super::error::unexpected(&error.reason), maybe_sent: true }
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let made = |kind, reason: &str, maybe_sent| {
            let reason = crate::error::sanitize(reason);
            Error::new(kind, reason).with_sent(if maybe_sent { Sent::Maybe } else { Sent::No })
        };
        match error {
            TransportError::Cancelled { maybe_sent } => {
                made(ErrorKind::Cancelled, "the call was cancelled", maybe_sent)
            }
            TransportError::TimedOut { maybe_sent } => {
                made(ErrorKind::Timeout, "the deadline of the call has passed", maybe_sent)
            }
            TransportError::Offline { reason, maybe_sent } => made(ErrorKind::Offline, &reason, maybe_sent),
            TransportError::Tls { reason, maybe_sent } => made(ErrorKind::Tls, &reason, maybe_sent),
            TransportError::Proxy { reason, maybe_sent } => made(ErrorKind::Proxy, &reason, maybe_sent),
            TransportError::Network { reason, maybe_sent } => made(ErrorKind::Network, &reason, maybe_sent),
            TransportError::TooLarge => made(ErrorKind::LimitExceeded, "the answer is larger than is accepted", true),
            TransportError::Failed { reason, maybe_sent } => made(ErrorKind::Callback, &reason, maybe_sent),
        }
    }
}

/// The app's own HTTP stack. Shared by all sign-ins of a client, and called from each thread that makes a call, at once; for a
/// token request from a short-lived thread of the library's own, which ends by its own limit when the call is given up.
///
/// What it must do: send each request once, as it is, over TLS that checks certificates and names; follow no redirect,
/// retry nothing, answer nothing from a cache; keep no cookies of its own; report every status; stop at
/// as many bytes as the request accepts; end within its time limit, and within 200 ms of the cancel.
#[uniffi::export(foreign)]
pub trait Transport: Send + Sync {
    /// Sends `request` and waits for the whole answer, on the calling thread. `cancel` is the token of the call.
    fn send(&self, request: TransportRequest, cancel: Arc<CancelToken>) -> Result<TransportResponse, TransportError>;
}

/// The app's transport, as the core sees it.
pub(super) struct ForeignTransport(pub(super) Arc<dyn Transport>);

impl http::Transport for ForeignTransport {
    fn send(&self, request: &http::Request, call: &Call) -> crate::error::Result<Response> {
        let headers = request.headers.iter();
        let wire = TransportRequest {
            method: request.method.as_str().to_owned(),
            url: request.url.clone(),
            headers: headers
                .map(|(name, value)| HttpHeader { name: name.clone(), value: value.expose().to_owned() })
                .collect(),
            body: request.body.to_vec(),
            max_body: i64::try_from(request.max_body).unwrap_or(i64::MAX),
            timeout_ms: i64::try_from(call.remaining().as_millis()).unwrap_or(i64::MAX),
        };
        let response = self.0.send(wire, Arc::new(CancelToken(call.token().clone())))?;
        let failed = |what: &str| Error::new(ErrorKind::Callback, what).with_sent(Sent::Maybe);
        let status = u16::try_from(response.status).ok().filter(|status| (100..600).contains(status));
        let status = status.ok_or_else(|| failed("the transport gave a status that is not between 100 and 599"))?;
        if response.body.len() > request.max_body {
            return Err(
                Error::new(ErrorKind::LimitExceeded, "the answer is larger than is accepted").with_sent(Sent::Maybe)
            );
        }
        let headers = response.headers.into_iter().take(crate::limits::MAX_HEADERS);
        Ok(Response {
            status,
            headers: headers.map(|header| (header.name, header.value)).collect(),
            body: SecretBytes::from(response.body),
        })
    }
}
