//! Which redirect URIs a browser can be sent back to (RFC 8252 section 7, oauth.md A5 and A6).
//!
//! | kind | for example | who comes back |
//! |---|---|---|
//! | private-use scheme | `com.acme.app:/callback` | the system opens the app that claims the scheme |
//! | claimed `https` | `https://acme.example/callback` | the system opens the app that the web site names; or a server |
//! | loopback | `http://127.0.0.1:8765/callback` | a listener of the app on this machine |
//!
//! Systems and browsers normalise what comes back, and it is compared byte for byte. So the URI must be in its normal form to
//! begin with: a sign-in that can only fail at its very end fails at its beginning.

use url::{Host, Url};

use super::interact::check_redirect_uri;
use crate::error::{Error, ErrorKind, Result};

/// How a browser comes back to the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectKind {
    /// By a scheme that only this app has.
    PrivateScheme,
    /// By an `https` address that the app claims, or that is a server's.
    Https,
    /// By `http` to a literal loopback address.
    Loopback,
    /// By `http` to `localhost`, which is not what every browser reaches (RFC 8252 section 8.3).
    Localhost,
}

impl RedirectKind {
    /// The kind of a redirect URI that a browser can be sent back to.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument), with what to change: it is not in its normal form, plain `http` to
    /// another machine, or a scheme that is not made of a domain name.
    pub fn of(uri: &str) -> Result<RedirectKind> {
        check_redirect_uri(uri)?;
        let refuse = |what: &str, advice: &'static str| {
            Err(Error::new(ErrorKind::InvalidArgument, format!("the redirect URI {what}")).with_advice(advice))
        };
        const REGISTER: &str = "Register it in its normal form, and give it exactly like that";
        let Ok(url) = Url::parse(uri) else { return refuse("cannot be read as a URL", REGISTER) };
        if url.as_str() != uri {
            let what = "is not in its normal form: what comes back from a browser would differ from it";
            return refuse(what, "Lower-case scheme and host, no default port, a path (`/` at least), no `..` in it");
        }
        // `%2e` is left as it is by some and resolved by others.
        if uri.contains('\\') || uri.to_ascii_lowercase().contains("%2e") {
            return refuse("has a path that is not read alike everywhere", REGISTER);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("has a user name", REGISTER);
        }
        let dotted_end = url.host_str().is_some_and(|host| host.ends_with('.'));
        match (url.scheme(), url.host()) {
            _ if dotted_end => refuse("has a host that ends with a dot", REGISTER),
            ("https", Some(_)) => Ok(RedirectKind::Https),
            ("http", Some(Host::Ipv4(address))) if address.is_loopback() => Ok(RedirectKind::Loopback),
            ("http", Some(Host::Ipv6(address))) if address.is_loopback() => Ok(RedirectKind::Loopback),
            ("http", Some(Host::Domain("localhost"))) => Ok(RedirectKind::Localhost),
            ("http", _) => refuse("is plain http to another machine", "Use https, or http://127.0.0.1 on this machine"),
            ("javascript" | "data" | "file" | "blob" | "about" | "ftp" | "ws" | "wss", _) => {
                refuse("has a scheme that leads to no app", "Use https, a scheme of the app's own, or http://127.0.0.1")
            }
            (scheme, _) if !scheme.contains('.') => refuse(
                "has a scheme that is not made of a domain name",
                "Take one that nobody else has, for example com.acme.app:/callback (RFC 8252 section 7.1)",
            ),
            _ => Ok(RedirectKind::PrivateScheme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_are_told_apart() {
        for (uri, kind) in [
            ("com.acme.app:/callback", RedirectKind::PrivateScheme),
            ("com.acme.app://signed-in/callback", RedirectKind::PrivateScheme),
            ("com.acme.app:callback", RedirectKind::PrivateScheme),
            ("https://acme.example/callback", RedirectKind::Https),
            ("https://127.0.0.1/captured", RedirectKind::Https),
            ("https://acme.example:8443/callback?app=1", RedirectKind::Https),
            ("https://a.example/", RedirectKind::Https),
            ("http://127.0.0.1:8765/callback", RedirectKind::Loopback),
            ("http://[::1]:8765/callback", RedirectKind::Loopback),
            ("http://127.0.0.1/callback", RedirectKind::Loopback),
            ("http://localhost:8080/login/callback", RedirectKind::Localhost),
        ] {
            assert_eq!(RedirectKind::of(uri).unwrap(), kind, "{uri}");
        }
    }

    #[test]
    fn what_would_come_back_changed_is_refused() {
        for uri in [
            "https://a.example",
            "HTTPS://a.example/",
            "https://A.example/",
            "https://a.example:443/",
            "http://127.0.0.1:80/cb",
            "https://a.example/x/../cb",
            "https://a.example/x/./cb",
            "https://a.example/%2e%2e/cb",
            "https://a.example/%2E/cb",
            "https://a.example./cb",
            "https://ada@a.example/cb",
            "https://a.example\\cb",
            "https://a.example/cb#x",
            "http://a.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://0x7f.1/cb",
            "http://localhost.evil.example/cb",
            "Com.acme.app:/cb",
            "myapp:/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "urn:ietf:wg:oauth:2.0:oob",
            "/cb",
            "",
        ] {
            let error = RedirectKind::of(uri).expect_err(uri);
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{uri}");
            assert!(!error.advice().is_empty(), "{uri}");
        }
    }
}
