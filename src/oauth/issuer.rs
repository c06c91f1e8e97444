//! The issuer, and every address that is derived from it (idx.md section 1.1). No discovery is needed.
//!
//! | issuer | authorization server | OAuth endpoints | IDX endpoints |
//! |---|---|---|---|
//! | `https://{org}` (or `https://{org}/oauth2`) | the org's own | `https://{org}/oauth2/v1/...` | `https://{org}/idp/idx/...` |
//! | `https://{org}/oauth2/default` | custom, `default` | `https://{org}/oauth2/default/v1/...` | `https://{org}/idp/idx/...` |
//!
//! An issuer is `https`. Plain `http` is allowed for a literal loopback host only (`127.0.0.0/8`, `[::1]`, `localhost`),
//! where the sandbox lives. Every other address comes from the server, and [`Issuer::check_href`] refuses those that are
//! outside the org before anything is sent there.

use std::fmt;

use url::{Host, Url};

use crate::error::{Error, ErrorKind, Result, sanitize};

/// The authorization server, checked and without a trailing slash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    issuer: String,
    configured: String,
    oauth_base: String,
    origin: String,
    host: String,
    port: Option<u16>,
    is_http: bool,
}

impl Issuer {
    /// Reads the issuer URL as it stands in the Okta admin console, for example `https://acme.okta.com/oauth2/default`.
    /// Trailing slashes are dropped, scheme and host are put in lower case, a default port is dropped.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument), with what to change, when it is not an `https` URL of an org:
    /// other scheme, query, fragment, user name, an admin console (`-admin.`), a discovery document, an endpoint.
    pub fn parse(text: &str) -> Result<Issuer> {
        let configured = text.to_owned();
        let refuse =
            |what: &str| Error::new(ErrorKind::InvalidArgument, format!("the issuer {what}")).with_advice(SHAPE);
        let text = text.trim_end_matches('/');
        let Some(parts) = Parts::of(text) else {
            return Err(refuse("is not an absolute https URL in plain ASCII"));
        };
        if text.contains('?') || text.contains('#') {
            return Err(refuse("has a query or a fragment"));
        }
        let is_http = parts.url.scheme() == "http";
        if is_http && !is_loopback(&parts.url) {
            return Err(refuse("is not https").with_advice("Only a loopback address may be http; use https"));
        }
        let host = parts.url.host_str().unwrap_or_default().to_owned();
        if host.contains("-admin.") {
            return Err(refuse("is the address of the admin console")
                .with_advice("Remove `-admin` from the host name: people sign in at the org itself"));
        }
        // The path as it is written, not as the parser would tidy it up: `iss` is compared with it byte for byte.
        let path = text.splitn(4, '/').nth(3).map_or(String::new(), |path| format!("/{path}"));
        let unclean = |segment: &str| matches!(segment, "" | "." | "..") || segment.contains('%');
        if path.split('/').skip(1).any(unclean) || host.ends_with('.') {
            return Err(refuse("has a host or a path that cannot be one"));
        }
        if path.split('/').any(|segment| segment == "v1" || segment.starts_with(".well-known")) {
            return Err(refuse("is the address of an endpoint")
                .with_advice("Take the issuer itself, without `/v1/...` and without `/.well-known/...`"));
        }
        let origin = parts.url.origin().ascii_serialization();
        // `.../oauth2` with nothing after it is the org server, not a custom one (idx.md 1.1 rule 2).
        let path = path.strip_suffix("/oauth2").unwrap_or(&path);
        let issuer = format!("{origin}{path}");
        let is_custom = path.split('/').any(|segment| segment == "oauth2");
        let oauth_base = if is_custom { issuer.clone() } else { format!("{issuer}/oauth2") };
        Ok(Issuer { issuer, configured, oauth_base, origin, host, port: parts.url.port_or_known_default(), is_http })
    }

    /// The issuer as the `iss` of an ID token must say it.
    pub fn as_str(&self) -> &str {
        &self.issuer
    }

    /// The issuer as it was given. A server that tells of itself by discovery is compared with this, byte for byte: some
    /// have a slash at the end of their name.
    pub fn as_configured(&self) -> &str {
        &self.configured
    }

    /// Whether its path is that of an authorization server of Okta's (`/oauth2`, `/oauth2/default`). An org's own server
    /// (`https://acme.okta.com`) does not show it: any provider may have a name like that.
    pub fn is_okta_path(&self) -> bool {
        path_of(&self.configured).split('/').nth(1) == Some("oauth2")
    }

    /// Scheme, host and port (when it is not the default one): `https://acme.okta.com`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host name alone, in lower case; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// An OAuth endpoint, `{oauthBase}/v1/{name}`; `name` is `interact`, `token`, `keys`, `userinfo`, ...
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/v1/{name}", self.oauth_base)
    }

    /// Where an interaction is looked at: `{origin}/idp/idx/introspect`.
    pub fn idx_introspect(&self) -> String {
        format!("{}/idp/idx/introspect", self.origin)
    }

    /// Whether the issuer is plain http on a loopback address (the sandbox).
    pub fn is_loopback_http(&self) -> bool {
        self.is_http
    }

    /// Checks an address out of the metadata of the server: a plain absolute `https` URL without user name and fragment; plain
    /// `http` only where the issuer is that, and then on a loopback address only (oauth.md D2).
    ///
    /// # Errors
    /// [`ForeignOrigin`](ErrorKind::ForeignOrigin); the text names the member, and no part of the address but its origin.
    pub fn check_endpoint(&self, name: &str, address: &str) -> Result<()> {
        let foreign = |what: String| {
            Error::new(ErrorKind::ForeignOrigin, what)
                .with_advice("Nothing was sent there; the metadata of the server must be mended")
        };
        let Some(parts) = Parts::of(address).filter(|_| !address.contains('#')) else {
            return Err(foreign(format!("the `{name}` of the server is not a plain absolute URL")));
        };
        match parts.url.scheme() == "https" || self.is_http && is_loopback(&parts.url) {
            true => Ok(()),
            false => {
                let origin = sanitize(&parts.url.origin().ascii_serialization());
                Err(foreign(format!("the `{name}` of the server is not https: {origin}")))
            }
        }
    }

    /// Checks that an address the server gave belongs to this org: same scheme, host and port. Returns it as it will be
    /// requested, without its fragment.
    ///
    /// # Errors
    /// [`ForeignOrigin`](ErrorKind::ForeignOrigin) for another origin, a relative reference, a user name, and anything
    /// that two parsers might read differently (backslashes, blanks, characters outside ASCII). The text names the
    /// foreign origin, never the path or the query.
    pub fn check_href(&self, href: &str) -> Result<String> {
        // The usual case: this very origin, then a path that no parser changes.
        if href.strip_prefix(&self.origin).is_some_and(is_plain_path) {
            return Ok(href.to_owned());
        }
        let foreign = |what: String| {
            Error::new(ErrorKind::ForeignOrigin, what)
                .with_advice("Nothing was sent there; check that the issuer uses the host name the org answers with")
        };
        let Some(mut parts) = Parts::of(href) else {
            return Err(foreign("the server named an address that is not a plain absolute URL".to_owned()));
        };
        let own = self.is_http == (parts.url.scheme() == "http")
            && parts.url.host_str() == Some(self.host.as_str())
            && parts.url.port_or_known_default() == self.port;
        if !own {
            let origin = sanitize(&parts.url.origin().ascii_serialization());
            return Err(foreign(format!("the server named an address outside {}: {origin}", self.origin)));
        }
        parts.url.set_fragment(None);
        Ok(parts.url.into())
    }
}

const SHAPE: &str = "An issuer looks like https://acme.okta.com/oauth2/default";

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.issuer)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.issuer)
    }
}

/// Whether this is a path (and query) that every parser leaves as it is: no escapes, no dot segments, no fragment.
fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~?=&".contains(&byte);
    path.starts_with('/') && path.bytes().all(plain) && !path.contains("/.")
}

/// The path of an absolute URL, for cookies: `/` when it has none.
pub fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

/// An `http` or `https` URL that every parser reads alike.
struct Parts {
    url: Url,
}

impl Parts {
    fn of(text: &str) -> Option<Parts> {
        if text.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\') {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        let authority = rest.split(['/', '?', '#']).next()?;
        let url = Url::parse(text).ok()?;
        // The host must be written as the parser understood it: no user name, no escapes, no `0x7f.1` for 127.0.0.1.
        let host = url.host_str()?;
        let rest = authority.get(host.len()..)?;
        let same = authority.get(..host.len())?.eq_ignore_ascii_case(host);
        let port = rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        (same && port).then_some(Parts { url })
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_kinds_of_server() {
        for (text, issuer, base) in [
            ("https://acme.okta.com", "https://acme.okta.com", "https://acme.okta.com/oauth2"),
            ("https://acme.okta.com/", "https://acme.okta.com", "https://acme.okta.com/oauth2"),
            ("https://acme.okta.com/oauth2", "https://acme.okta.com", "https://acme.okta.com/oauth2"),
            ("https://acme.okta.com/oauth2/", "https://acme.okta.com", "https://acme.okta.com/oauth2"),
            (
                "HTTPS://ACME.okta.com:443/oauth2/aus1/",
                "https://acme.okta.com/oauth2/aus1",
                "https://acme.okta.com/oauth2/aus1",
            ),
            (
                "https://id.acme.com:8443/oauth2/default",
                "https://id.acme.com:8443/oauth2/default",
                "https://id.acme.com:8443/oauth2/default",
            ),
            (
                "http://127.0.0.1:7070/oauth2/default",
                "http://127.0.0.1:7070/oauth2/default",
                "http://127.0.0.1:7070/oauth2/default",
            ),
            ("http://[::1]:7070", "http://[::1]:7070", "http://[::1]:7070/oauth2"),
            ("http://localhost", "http://localhost", "http://localhost/oauth2"),
            ("http://127.9.8.7", "http://127.9.8.7", "http://127.9.8.7/oauth2"),
        ] {
            let parsed = Issuer::parse(text).unwrap();
            assert_eq!(parsed.as_str(), issuer);
            assert_eq!(parsed.endpoint("token"), format!("{base}/v1/token"));
            assert_eq!(parsed.idx_introspect(), format!("{}/idp/idx/introspect", parsed.origin()));
            assert_eq!(parsed.is_loopback_http(), text.starts_with("http:"));
        }
        assert_eq!(Issuer::parse("https://Acme.okta.com:8443/oauth2/x").unwrap().host(), "acme.okta.com");
        assert_eq!(Issuer::parse("http://[::1]:1").unwrap().host(), "[::1]");
    }

    #[test]
    fn what_is_no_issuer_is_refused() {
        for text in [
            "",
            "acme.okta.com",
            "//acme.okta.com",
            "http://acme.okta.com",
            "http://127.0.0.1.evil.com",
            "http://0x7f.1",
            "http://127.0.0x1",
            "http://2130706433",
            "http://localhost.evil.com",
            "http://[::2]",
            "ftp://acme.okta.com",
            "https://",
            "https:///oauth2",
            "https:acme.okta.com",
            "https://acme-admin.okta.com",
            "https://ada@acme.okta.com",
            "https://ada:pw@acme.okta.com",
            "https://acme.okta.com?x=1",
            "https://acme.okta.com#x",
            "https://acme.okta.com/oauth2/default?",
            "https://acme.okta.com\\oauth2",
            "https://acme.okta.com/oauth2/de fault",
            "https://acme.okta.com/oauth2/%2e%2e/x",
            "https://acme.okta.com/oauth2/../x",
            "https://acme.okta.com/oauth2/./x",
            "https://acme.okta.com./oauth2/x",
            "https://acme.okta.com/oauth2//default",
            "https://acmé.okta.com",
            "https://acme.okta.com:99999",
            "https://acme.okta.com/oauth2/default/v1/authorize",
            "https://acme.okta.com/oauth2/default/.well-known/openid-configuration",
            "https://acme.okta.com\n",
        ] {
            let error = Issuer::parse(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{text}");
            assert!(!error.advice().is_empty());
        }
    }

    #[test]
    fn only_addresses_of_the_org_are_followed() {
        let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
        for own in [
            "https://acme.okta.com/idp/idx/identify",
            "https://acme.okta.com/x?a=%20b&c=d#frag",
            "https://ACME.okta.com:443/idp/idx/identify",
        ] {
            assert!(issuer.check_href(own).unwrap().starts_with("https://acme.okta.com/"), "{own}");
        }
        assert_eq!(issuer.check_href("https://acme.okta.com/x?y=1#z").unwrap(), "https://acme.okta.com/x?y=1");
        for foreign in [
            "https://evil.com/idp?secret=1",
            "https://acme.okta.com@evil.com/",
            "https://acme.okta.com:pw@acme.okta.com/",
            "https://@acme.okta.com/",
            "https://acme.okta.com./x",
            "https://acme.okta.com:8443/x",
            "https://acme.okta.com:/x",
            "http://acme.okta.com/x",
            "https://acme.okta.com.evil.com/",
            "https://evil.acme.okta.com/",
            "https://xn--acm-epa.okta.com/",
            "https://acm\u{e9}.okta.com/",
            "https://acme\u{ff0e}okta.com/",
            "https://acme.okta.com%2eevil.com/",
            "//evil.com/x",
            "/idp/idx/identify",
            "idp/idx",
            "",
            "https:/acme.okta.com/x",
            "https:acme.okta.com/x",
            "https:\\\\acme.okta.com\\x",
            "https://acme.okta.com\\@evil.com/",
            "https://acme.okta.com/x\\y",
            "https://acme.okta.com\t/x",
            "ht\ntps://acme.okta.com/x",
            " https://acme.okta.com/x",
            "javascript://acme.okta.com/%0aalert(1)",
        ] {
            let error = issuer.check_href(foreign).expect_err(foreign);
            assert_eq!(error.kind(), ErrorKind::ForeignOrigin, "{foreign}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let error = issuer.check_href("https://evil.com/idp?secret=1").unwrap_err();
        assert!(error.text().ends_with("outside https://acme.okta.com: https://evil.com"), "{error}");
        let local = Issuer::parse("http://127.0.0.1:7070").unwrap();
        assert!(local.check_href("http://127.0.0.1:7070/x").is_ok());
        assert!(local.check_href("https://127.0.0.1:7070/x").is_err());
        assert!(local.check_href("http://localhost:7070/x").is_err());
    }

    #[test]
    fn paths_for_cookies() {
        for (url, path) in [
            ("https://a.example/idp/idx?x=/y#z", "/idp/idx"),
            ("https://a.example", "/"),
            ("https://a.example?x=/y", "/"),
            ("https://a.example/", "/"),
            ("", "/"),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }
}
