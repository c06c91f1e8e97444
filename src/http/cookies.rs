//! The cookie jar of one flow, bound to one org.
//!
//! The server recognises the device and the session by cookies (idx.md section 1.4). A jar belongs to one flow and to
//! one host: nothing is shared between two people's sign-ins, and nothing is sent elsewhere. It is saved with the flow.

use std::{fmt, net::Ipv4Addr};

use serde::Serialize;
use zeroize::Zeroize;

use crate::{
    limits::{MAX_COOKIE_BYTES, MAX_COOKIE_HEADER_BYTES, MAX_COOKIES},
    sort,
};

/// One cookie, as kept and saved.
#[derive(Clone, Serialize, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value: a secret.
    pub value: String,
    /// The path it is for.
    pub path: String,
    /// When it ends, in seconds since 1970; absent for the life of the flow.
    #[serde(skip_serializing_if = "Option::is_none")]
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
        sort::by_key(&mut sent, |cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<_> = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn put(&mut self, cookie: Cookie) {
        self.list.retain(|other| other.name != cookie.name || other.path != cookie.path);
        let fits = cookie.name.len() + cookie.value.len() <= MAX_COOKIE_BYTES;
        // A control character would end the header; a semicolon would start another cookie.
        let clean = |text: &str| !text.chars().any(|c| c.is_control() || c == ';');
        if fits && !cookie.name.is_empty() && clean(&cookie.name) && clean(&cookie.value) {
            self.list.push(cookie);
            self.make_room();
        }
    }

    /// Drops the oldest cookies until the rest can be sent together.
    fn make_room(&mut self) {
        // `=` and `; ` are counted with each.
        let size = |cookie: &Cookie| cookie.name.len() + cookie.value.len() + 3;
        let mut bytes = 0;
        let kept = self.list.iter().rev().take(MAX_COOKIES).take_while(|cookie| {
            bytes += size(cookie);
            bytes <= MAX_COOKIE_HEADER_BYTES
        });
        let dropped = self.list.len() - kept.count();
        self.list.drain(..dropped);
    }

    /// Whether a `Domain` attribute covers this host. A bare top-level name never does, and an address has no parts that
    /// could be a domain (RFC 6265 section 5.1.3).
    fn is_within(&self, domain: &str) -> bool {
        let is_address = self.host.starts_with('[') || self.host.parse::<Ipv4Addr>().is_ok();
        self.host == domain
            || (!is_address
                && domain.contains('.')
                && self.host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
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

    #[test]
    fn what_is_kept_can_be_sent_and_the_oldest_gives_way() {
        let value = "x".repeat(MAX_COOKIE_BYTES - 3);
        let headers: Vec<_> = (10..74).map(|n| format!("c{n}={value}; Path=/")).collect();
        let mut jar = Cookies::new("a.example");
        jar.set("DT", "device");
        jar.receive(headers.iter().map(String::as_str), "/", 0);
        assert!(jar.header("/", 0).is_some_and(|header| header.len() <= MAX_COOKIE_HEADER_BYTES));
        let names = |jar: &Cookies| jar.all().iter().map(|cookie| cookie.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&jar), ["c73"], "two with their separators are a little too much");
        for small in 0..MAX_COOKIES {
            jar.set(&format!("s{small}"), "1");
        }
        assert_eq!((jar.all().len(), jar.get("c73"), jar.get("s0")), (MAX_COOKIES, None, Some("1")));
        // A saved jar of before is brought within the same bounds.
        let saved = headers.iter().enumerate().map(|(n, _)| Cookie {
            name: format!("o{n:02}"),
            value: value.clone(),
            path: root(),
            expires: None,
        });
        assert!(Cookies::restore("a.example", saved.collect()).header("/", 0).is_some_and(|sent| sent.len() < 16_384));
    }

    #[test]
    fn an_address_has_no_domains() {
        for (host, domain) in [("127.0.0.1", "0.0.1"), ("127.0.0.1", ".0.1"), ("[::1]", "1]"), ("[::1.2.3.4]", "3.4]")]
        {
            let mut jar = Cookies::new(host);
            jar.receive([format!("a=1; Domain={domain}").as_str()].into_iter(), "/", 0);
            assert!(jar.all().is_empty(), "{host} {domain}");
            jar.receive([format!("a=1; Domain={host}").as_str()].into_iter(), "/", 0);
            assert_eq!(jar.all().len(), 1, "{host}");
        }
    }
}
