//! HTTP as the library sees it: plain requests, plain responses, and the one trait that carries them.
//!
//! The built-in transport (feature `ureq`) implements [`Transport`]; an app may bring its own (URLSession, OkHttp,
//! libcurl). The contract of a transport, each point of which the library relies on:
//!
//! 1. Send the request once. No redirect is followed, nothing is retried, nothing comes from a cache.
//! 2. No cookie store: the library sets `Cookie` itself and reads `Set-Cookie`.
//! 3. Headers go out and come back as ordered pairs; several `Set-Cookie` headers stay separate.
//! 4. Every status is a [`Response`], 4xx and 5xx with their bodies. An `Err` means that there was no HTTP answer.
//! 5. Stop reading at [`Request::max_body`] bytes with [`ErrorKind::LimitExceeded`](crate::ErrorKind).
//! 6. Obey the call: return [`ErrorKind::Timeout`](crate::ErrorKind) at its deadline and
//!    [`ErrorKind::Cancelled`](crate::ErrorKind) within 200 ms of its cancel, also while connecting or reading.
//! 7. Say with [`Error::with_sent`](crate::Error::with_sent) whether bytes of the request may have left.

mod cookies;
mod message;

pub use cookies::{Cookie, Cookies};
pub use message::{Method, Request, Response, form_urlencode};

use crate::{call::Call, error::Result};

/// Carries one request to the server and its answer back. See the [module](self) for the contract.
///
/// A client shares one transport among all its flows and threads.
pub trait Transport: Send + Sync {
    /// Sends `request` and waits for the whole answer, on the calling thread.
    fn send(&self, request: &Request, call: &Call) -> Result<Response>;
}

impl<T: Transport + ?Sized> Transport for std::sync::Arc<T> {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        (**self).send(request, call)
    }
}
