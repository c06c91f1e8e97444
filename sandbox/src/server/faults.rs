//! Faults on demand: what networks and servers do to a client on a bad day, at a request of one's choice.
//!
//! A [`Fault`] waits for the n-th request of a path, counted from the moment it is set, and happens `times` times from
//! there. Some faults strike before the request reaches the engine (nothing happened), some after it (the answer is
//! lost or spoilt, but the engine has moved on); `after` chooses where both make sense.

use super::message::Reply;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One fault that is waiting for its request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    /// The path it waits for: a prefix (`/idp/idx/challenge`), or a pattern with `*` for any run of characters
    /// (`/oauth2/*/v1/token`). An empty path is every request.
    #[serde(default)]
    pub path: String,
    /// Only requests of this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Which of them, counted from 1.
    #[serde(default = "one")]
    pub at: u64,
    /// How many in a row; 0 is all from there on.
    #[serde(default = "one")]
    pub times: u64,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
}

impl Fault {
    /// A fault at the first request of a path.
    pub fn new(path: &str, kind: FaultKind) -> Fault {
        Fault { path: path.into(), method: None, at: 1, times: 1, kind }
    }

    /// The same at the n-th request.
    #[must_use]
    pub fn at(mut self, at: u64) -> Fault {
        self.at = at;
        self
    }

    /// The same this many times in a row; 0 is for ever.
    #[must_use]
    pub fn times(mut self, times: u64) -> Fault {
        self.times = times;
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && if self.path.contains('*') { glob(&self.path, path) } else { path.starts_with(&self.path) }
    }
}

fn one() -> u64 {
    1
}

/// What happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer comes late.
    Delay {
        /// By how much.
        ms: u64,
    },
    /// The connection is reset (RST).
    Reset {
        /// After the engine has handled the request.
        #[serde(default)]
        after: bool,
    },
    /// The connection is closed without an answer.
    Close {
        /// After the engine has handled the request.
        #[serde(default)]
        after: bool,
    },
    /// The answer ends in the middle of its body.
    Truncate {
        /// Bytes of the body that still come; half of it when not given.
        #[serde(default)]
        bytes: Option<usize>,
    },
    /// Another status. The engine never sees the request.
    Status {
        /// The status.
        status: u16,
        /// `Retry-After` in seconds.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The body; an API error when not given.
        #[serde(default)]
        body: Option<String>,
        /// Its type; JSON when not given.
        #[serde(default)]
        content_type: Option<String>,
    },
    /// The body is bytes that are no JSON, under the right content type.
    Garbage,
    /// The body is followed by this much white space, so that it is good JSON and far too long.
    Oversize {
        /// How many bytes.
        #[serde(default = "five_megabytes")]
        bytes: usize,
    },
    /// The body comes one byte at a time.
    Drip {
        /// Milliseconds between two bytes.
        ms: u64,
    },
    /// A redirect. The engine never sees the request.
    Redirect {
        /// Where to.
        location: String,
        /// 302 when not given.
        #[serde(default)]
        status: Option<u16>,
    },
    /// Another content type on the right body.
    ContentType {
        /// Which.
        value: String,
    },
    /// Another body, status 200 unless given. The engine never sees the request.
    Body {
        /// The body.
        body: String,
        /// The status.
        #[serde(default)]
        status: Option<u16>,
        /// Its type; the IDX one when not given.
        #[serde(default)]
        content_type: Option<String>,
    },
    /// Text in the body replaced: off-origin `href`s, another issuer, a poll interval of 0.
    Rewrite {
        /// What to look for.
        from: String,
        /// What to put there.
        to: String,
    },
    /// Headers set on the answer, replacing those of the same name.
    Headers {
        /// Names and values.
        headers: BTreeMap<String, String>,
    },
}

fn five_megabytes() -> usize {
    5_000_000
}

/// The faults that are set, each with the requests it has seen.
#[derive(Default)]
pub struct Faults(Vec<(Fault, u64)>);

impl Faults {
    /// Replaces all faults; counting starts anew.
    pub fn set(&mut self, faults: Vec<Fault>) {
        self.0 = faults.into_iter().map(|fault| (fault, 0)).collect();
    }

    /// Adds faults to those that are set.
    pub fn add(&mut self, faults: Vec<Fault>) {
        self.0.extend(faults.into_iter().map(|fault| (fault, 0)));
    }

    /// The faults that are set and the matching requests each has seen.
    pub fn list(&self) -> impl Iterator<Item = (&Fault, u64)> {
        self.0.iter().map(|(fault, seen)| (fault, *seen))
    }

    /// Counts a request, and says what happens to it.
    pub fn strike(&mut self, method: &str, path: &str) -> Vec<FaultKind> {
        let mut kinds = Vec::new();
        for (fault, seen) in &mut self.0 {
            if fault.matches(method, path) {
                *seen += 1;
                let from = fault.at.max(1);
                if *seen >= from && (fault.times == 0 || *seen < from.saturating_add(fault.times)) {
                    kinds.push(fault.kind.clone());
                }
            }
        }
        kinds
    }
}

/// The answer of a fault that keeps the request from the engine.
pub fn instead(kind: &FaultKind) -> Option<Reply> {
    match kind {
        FaultKind::Status { status, retry_after, body, content_type } => {
            let mut reply = match body {
                Some(body) => Reply::typed(
                    *status,
                    content_type.as_deref().unwrap_or(super::message::JSON),
                    body.clone().into_bytes(),
                ),
                None if *status == 429 => {
                    Reply::api(429, "E0000047", "API call exceeded rate limit due to too many requests.")
                }
                None => Reply::api(*status, "E0000009", "Internal Server Error"),
            };
            if let Some(seconds) = retry_after {
                reply = reply.with("Retry-After", seconds.to_string());
            }
            Some(reply)
        }
        FaultKind::Redirect { location, status } => {
            Some(Reply::empty(status.unwrap_or(302)).with("Location", location.clone()))
        }
        FaultKind::Body { body, status, content_type } => Some(Reply::typed(
            status.unwrap_or(200),
            content_type.as_deref().unwrap_or(super::message::ION),
            body.clone().into_bytes(),
        )),
        _ => None,
    }
}

/// What a fault does to the engine's answer.
pub fn spoil(kind: &FaultKind, mut reply: Reply) -> Reply {
    match kind {
        FaultKind::Garbage => reply.body = b"\x00\xff\xfe{]not json at all\x80\x81".to_vec(),
        FaultKind::Oversize { bytes } => reply.body.resize(reply.body.len().saturating_add(*bytes), b' '),
        FaultKind::ContentType { value } => replace_header(&mut reply, "content-type", value),
        FaultKind::Rewrite { from, to } if !from.is_empty() => {
            if let Ok(text) = String::from_utf8(reply.body.clone()) {
                reply.body = text.replace(from, to).into_bytes();
            }
        }
        FaultKind::Headers { headers } => {
            for (name, value) in headers {
                replace_header(&mut reply, name, value);
            }
        }
        _ => {}
    }
    reply
}

fn replace_header(reply: &mut Reply, name: &str, value: &str) {
    reply.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    reply.headers.push((name.into(), value.into()));
}

/// Whether `text` is what `pattern` describes, `*` being any run of characters.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert!(glob("/oauth2/*/v1/token", "/oauth2/default/v1/token"));
        assert!(glob("*token", "/oauth2/v1/token"));
        assert!(glob("/a*", "/abc"));
        assert!(!glob("/oauth2/*/v1/token", "/oauth2/default/v1/tokens"));
        assert!(!glob("/x*", "/abc"));
    }

    #[test]
    fn counting_starts_when_the_fault_is_set() {
        let mut faults = Faults::default();
        faults.set(vec![Fault::new("/a", FaultKind::Garbage).at(2).times(2)]);
        let struck: Vec<bool> = (0..5).map(|_| !faults.strike("GET", "/a/b").is_empty()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert!(faults.strike("GET", "/b").is_empty());
    }
}
