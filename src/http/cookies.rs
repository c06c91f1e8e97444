//! The cookie jar of one flow, bound to one org.
//!
//! The server recognises the device and the session by cookies (idx.md section 1.4). A jar belongs to one flow and to
//! one host: nothing is shared between two people's sign-ins, and nothing is sent elsewhere. It is saved with the flow.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::limits::{MAX_COOKIE_BYTES, MAX_COOKIES};

/// One cookie, as kept and saved.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value: a secret.
    pub value: String,
    /// The path it is for.
    #[serde(default = "root")]
    pub path: String,
    /// When it ends, in seconds since 1970; absent for the life of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
}

fn root() -> String {
    "/".to_owned()
}

impl Drop for Cookie {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie").field("name", &self.name).field("path", &self.path).finish_non_exhaustive()
    }
}

/// The cookies of one flow, for one host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cookies {
    host: String,
    list: Vec<Cookie>,
}

impl Cookies {
    /// An empty jar for this host.
    pub fn new(host: &str) -> Self {
        Cookies { host: host.to_ascii_lowercase(), list: Vec::new() }
    }

    /// A jar with saved cookies; what is over the limits is left out.
    pub fn restore(host: &str, saved: Vec<Cookie>) -> Self {
        let mut jar = Cookies::new(host);
        for cookie in saved {
            jar.put(cookie);
        }
        jar
    }

    /// Everything in the jar, for saving.
    pub fn all(&self) -> &[Cookie] {
        &self.list
    }

    /// The value of a cookie for the whole host.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|cookie| cookie.name == name && cookie.path == "/").map(|cookie| cookie.value.as_str())
    }

    /// Puts a cookie of the app's own in, for the whole host: the device token `DT`.
    pub fn set(&mut self, name: &str, value: &str) {
        self.put(Cookie { name: name.to_owned(), value: value.to_owned(), path: root(), expires: None });
    }

    /// Takes in what a response from `path` of this host sets (RFC 6265 section 5.3). `now` in seconds since 1970.
    /// A cookie for another domain is refused; one that is over the limits is ignored.
    pub fn receive<'a>(&mut self, set_cookie: impl Iterator<Item = &'a str>, path: &str, now: i64) {
        for header in set_cookie.take(MAX_COOKIES) {
            let Ok(parsed) = cookie::Cookie::parse(header) else { continue };
            let domain = parsed.domain().map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
            if domain.is_some_and(|domain| !self.is_within(&domain)) {
                continue;
            }
            let expires = match (parsed.max_age(), parsed.expires_datetime()) {
                (Some(age), _) => Some(now.saturating_add(age.whole_seconds())),
                (None, Some(at)) => Some(at.unix_timestamp()),
                (None, None) => None,
            };
            let path = match parsed.path() {
                Some(path) if path.starts_with('/') => path,
                _ => default_path(path),
            };
            self.put(Cookie {
                name: parsed.name().to_owned(),
                value: parsed.value().to_owned(),
                path: path.to_owned(),
                expires,
            });
        }
        self.list.retain(|cookie| cookie.expires.is_none_or(|at| at > now));
    }

    /// The `Cookie` header for a request to `path`, or `None` when there is nothing to send.
    pub fn header(&self, path: &str, now: i64) -> Option<String> {
        let mut sent: Vec<_> = self
            .list
            .iter()
            .filter(|cookie| cookie.expires.is_none_or(|at| at > now) && path_matches(path, &cookie.path))
            .collect();
        // Longer paths first (RFC 6265 section 5.4).
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<_> = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn put(&mut self, cookie: Cookie) {
        self.list.retain(|other| other.name != cookie.name || other.path != cookie.path);
        let fits = cookie.name.len() + cookie.value.len() <= MAX_COOKIE_BYTES && self.list.len() < MAX_COOKIES;
        // A control character would end the header; a semicolon would start another cookie.
        let clean = |text: &str| !text.chars().any(|c| c.is_control() || c == ';');
        if fits && !cookie.name.is_empty() && clean(&cookie.name) && clean(&cookie.value) {
            self.list.push(cookie);
        }
    }

    /// Whether a `Domain` attribute covers this host. A bare top-level name never does.
    fn is_within(&self, domain: &str) -> bool {
        self.host == domain
            || (domain.contains('.') && self.host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
    }
}

/// The directory of a request path (RFC 6265 section 5.1.4).
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &path[..end],
    }
}

fn path_matches(path: &str, cookie: &str) -> bool {
    path == cookie || path.strip_prefix(cookie).is_some_and(|rest| cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(headers: &[&str]) -> Cookies {
        let mut jar = Cookies::new("acme.okta.com");
        jar.receive(headers.iter().copied(), "/idp/idx/introspect", 1_000);
        jar
    }

    #[test]
    fn cookies_come_back_and_the_newest_wins() {
        let jar = jar(&["DT=1; Path=/; Secure; HttpOnly", "DT=2; Path=/", "idx=\"x\"; Domain=.okta.com; Path=/idp"]);
        assert_eq!(jar.header("/idp/idx/identify", 1_000).as_deref(), Some("idx=\"x\"; DT=2"));
        assert_eq!(jar.header("/idpx", 1_000).as_deref(), Some("DT=2"));
    }

    #[test]
    fn foreign_and_ended_cookies_are_dropped() {
        let mut jar = jar(&[
            "a=1; Domain=evil.com",
            "b=1; Domain=com",
            "c=1; Domain=xacme.okta.com",
            "d=1; Max-Age=0",
            "e=1; Expires=Thu, 01 Jan 1970 00:00:10 GMT",
            "f=1; Path=/; Max-Age=60",
        ]);
        assert_eq!(jar.header("/", 1_000).as_deref(), Some("f=1"));
        assert_eq!(jar.header("/", 1_061), None);
        jar.receive(["f=; Path=/; Max-Age=0"].into_iter(), "/", 1_000);
        assert!(jar.all().is_empty());
    }

    #[test]
    fn the_jar_is_bounded() {
        let headers: Vec<_> = (0..1_000).map(|n| format!("c{n}=1")).collect();
        let mut jar = Cookies::new("a.example");
        jar.receive(headers.iter().map(String::as_str), "/", 0);
        jar.set("big", &"x".repeat(MAX_COOKIE_BYTES));
        jar.set("split", "a; b=1");
        assert!(jar.all().len() <= MAX_COOKIES && jar.all().iter().all(|cookie| cookie.name.starts_with('c')));
    }
}
