//! A request and a reply, without sockets: what the engine sees and makes.

use bytes::Bytes;
use hyper::HeaderMap;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// The media type of IDX responses.
pub const ION: &str = "application/ion+json; okta-version=1.0.0";
/// The media type of everything else that is JSON.
pub const JSON: &str = "application/json;charset=UTF-8";

/// A request whose body has been read.
pub struct Request {
    /// The HTTP method in capitals.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The query without its question mark, as it came.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Who sent it.
    pub peer: SocketAddr,
    /// Scheme, host and port as the client addressed us: what every `href` and issuer in the reply is built from.
    pub origin: String,
}

impl Request {
    /// A header that occurs and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as `application/x-www-form-urlencoded`. A member given twice is an error, as OAuth demands.
    pub fn form(&self) -> Result<Form, &'static str> {
        let kind = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err("The content type must be application/x-www-form-urlencoded.");
        }
        Form::parse(&self.body)
    }

    /// The query, read like a form.
    pub fn query(&self) -> Result<Form, &'static str> {
        Form::parse(self.query.as_bytes())
    }

    /// The body as a JSON object.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice::<Value>(&self.body).ok().filter(Value::is_object)
    }
}

/// The members of a form or query.
#[derive(Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    fn parse(input: &[u8]) -> Result<Form, &'static str> {
        let mut members: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(input) {
            if members.iter().any(|(known, _)| *known == name) {
                return Err("A parameter is given more than once.");
            }
            members.push((name.into_owned(), value.into_owned()));
        }
        Ok(Form(members))
    }

    /// Members that were not in a request.
    #[cfg(test)]
    pub fn of(input: &[u8]) -> Result<Form, &'static str> {
        Form::parse(input)
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// Puts a member in the place of what there was of that name.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// A member that is there and not empty (OAuth treats an empty one as absent).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

/// What goes back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A JSON body.
    pub fn json(status: u16, body: &Value) -> Reply {
        Reply::typed(status, JSON, body.to_string().into_bytes())
    }

    /// An IDX response. A refused introspect says `application/json`, because browsers' clients read the body of a
    /// failed introspect only then; all others say what the org says.
    pub fn ion(status: u16, body: &Value) -> Reply {
        Reply::typed(status, ION, body.to_string().into_bytes())
    }

    /// Any body.
    pub fn typed(status: u16, content_type: &str, body: Vec<u8>) -> Reply {
        Reply { status, headers: vec![("Content-Type".into(), content_type.into())], body }
    }

    /// No body.
    pub fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Vec::new() }
    }

    /// An OAuth error.
    pub fn oauth(status: u16, error: &str, description: &str) -> Reply {
        Reply::json(status, &json!({"error": error, "error_description": description}))
            .with("Cache-Control", "no-store")
            .with("Pragma", "no-cache")
    }

    /// An error of the org's management API.
    pub fn api(status: u16, code: &str, summary: &str) -> Reply {
        Reply::json(
            status,
            &json!({
                "errorCode": code, "errorSummary": summary, "errorLink": code,
                "errorId": crate::random::id("oae"), "errorCauses": [],
            }),
        )
    }

    /// The same with another header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }
}
