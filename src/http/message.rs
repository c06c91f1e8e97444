//! Requests and responses. Both may hold secrets (passwords, cookies, tokens): `Debug` shows neither bodies nor the
//! values of headers, and bodies are wiped on drop.

use std::fmt;

use crate::{
    error::{Error, ErrorKind, Result},
    limits::{MAX_BODY_BYTES, MAX_REQUEST_HEAD_BYTES},
    secret::{Secret, SecretBytes},
};

/// The two methods this protocol uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`: discovery and keys.
    Get,
    /// `POST`: everything else.
    Post,
}

impl Method {
    /// The method as it stands in the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// A request, complete: the transport adds only what HTTP itself needs (`Host`, `Content-Length`, `Connection`).
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Absolute URL, `https` (or loopback `http` when the issuer is).
    pub url: String,
    /// Header names and values, in order.
    pub headers: Vec<(String, Secret)>,
    /// The body; empty for GET.
    pub body: SecretBytes,
    /// The largest body to accept in the answer, in bytes.
    pub max_body: usize,
}

impl Request {
    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Request {
            method: Method::Get,
            url: url.into(),
            headers: Vec::new(),
            body: SecretBytes::default(),
            max_body: MAX_BODY_BYTES,
        }
    }

    /// A POST with this body and media type.
    pub fn post(url: impl Into<String>, content_type: &str, body: SecretBytes) -> Self {
        Request { method: Method::Post, body, ..Request::get(url) }.header("Content-Type", content_type)
    }

    /// A POST of a form (`application/x-www-form-urlencoded`).
    pub fn form<'a>(url: impl Into<String>, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Request::post(url, "application/x-www-form-urlencoded", form_urlencode(pairs))
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Secret>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Whether the head can be sent. The server has a say in it (addresses, cookies), so it is looked at each time.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] for more than [`MAX_REQUEST_HEAD_BYTES`], naming what is the longest in it.
    pub fn check_head(&self) -> Result<()> {
        // The blanks, colons and ends of lines, and the headers that the transport adds.
        const AROUND: usize = 4;
        const OWN: usize = 256;
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), name.len() + value.len() + AROUND));
        let parts = || headers.clone().chain([("", self.url.len() + OWN)]);
        if parts().map(|(_, bytes)| bytes).sum::<usize>() <= MAX_REQUEST_HEAD_BYTES {
            return Ok(());
        }
        let longest = match parts().max_by_key(|(_, bytes)| *bytes) {
            Some((name, _)) if !name.is_empty() => format!("the header {}", crate::error::sanitize(name)),
            _ => "the address".to_owned(),
        };
        let limit = MAX_REQUEST_HEAD_BYTES / 1024;
        let text = format!("the head of the request is longer than {limit} KB, {longest} most of all");
        Err(Error::new(ErrorKind::LimitExceeded, text).with_advice("No request of this protocol is; nothing was sent"))
    }

    /// The first header of this name, in any case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.expose())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &without_query(&self.url))
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// An answer, complete.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values, in order, as received; `Set-Cookie` never folded.
    pub headers: Vec<(String, String)>,
    /// The body, content decoding done.
    pub body: SecretBytes,
}

impl Response {
    /// An answer without headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Response { status, headers: Vec::new(), body: SecretBytes::from(body.into()) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of this name, in any case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All headers of this name, in any case, in order.
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Okta's request id.
    pub fn request_id(&self) -> Option<&str> {
        self.header_value("X-Okta-Request-Id")
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// `pairs` as `application/x-www-form-urlencoded`, in memory that is wiped and never reallocated.
pub fn form_urlencode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> SecretBytes {
    let pairs: Vec<_> = pairs.into_iter().collect();
    // Three bytes a byte is the worst case, so the buffer does not grow and leave copies of secrets behind.
    let capacity = pairs.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let mut body = SecretBytes::with_capacity(capacity);
    for (name, value) in pairs {
        if !body.is_empty() {
            body.push(b'&');
        }
        for part in url::form_urlencoded::byte_serialize(name.as_bytes()) {
            body.extend_from_slice(part.as_bytes());
        }
        body.push(b'=');
        for part in url::form_urlencoded::byte_serialize(value.as_bytes()) {
            body.extend_from_slice(part.as_bytes());
        }
    }
    body
}

/// The URL up to its query, which may carry handles and codes.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded() {
        let request = Request::form("https://a.example/x", [("a b", "c+d&ü"), ("e", "")]);
        assert_eq!(request.body.as_slice(), b"a+b=c%2Bd%26%C3%BC&e=");
        assert_eq!(request.header_value("content-type"), Some("application/x-www-form-urlencoded"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let request = Request::form("https://a.example/x?token=s3cret", [("password", "s3cret")])
            .header("Authorization", "Basic s3cret");
        let response = Response::new(200, *b"s3cret").header("Set-Cookie", "sid=s3cret");
        let printed = format!("{request:?} {response:?}");
        assert!(!printed.contains("s3cret"), "{printed}");
    }
}
