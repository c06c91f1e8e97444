//! Where a request may go: `https`, or plain `http` to this very machine when the app allowed it.
//!
//! Decided for each request from its URL, before anything is looked up or sent. Loopback is what cannot leave the
//! machine: `127.0.0.0/8`, `[::1]` and the name `localhost` (RFC 6761 section 6.3), which is never asked of a name
//! server here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ureq::http::Uri;

use crate::error::{Error, ErrorKind, Result};

/// A checked URL.
pub(super) struct Target {
    /// The URL, without its fragment.
    pub(super) uri: Uri,
    /// Whether its host is this machine.
    pub(super) loopback: bool,
}

impl Target {
    /// Checks a URL. No error text repeats it, as its query may hold handles.
    pub(super) fn parse(url: &str, allow_loopback_http: bool) -> Result<Self> {
        let invalid = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument, what));
        let Ok(uri) = url.parse::<Uri>() else { return invalid("the URL of the request cannot be read") };
        let Some(authority) = uri.authority() else { return invalid("the URL of the request names no host") };
        if authority.as_str().contains('@') {
            return invalid("the URL of the request holds a user name");
        }
        let host = authority.host();
        if host.is_empty() || (authority.as_str().len() > host.len() && authority.port_u16().is_none()) {
            return invalid("the URL of the request has an unusable host or port");
        }
        let loopback = loopback_host(host);
        match uri.scheme_str() {
            Some("https") => Ok(Target { uri, loopback }),
            Some("http") if loopback && allow_loopback_http => Ok(Target { uri, loopback }),
            Some("http") if loopback => Err(Error::new(ErrorKind::InvalidArgument, "plain http is refused")
                .with_advice("Use https, or allow http to this machine with `allow_loopback_http`")),
            Some("http") => Err(Error::new(ErrorKind::InvalidArgument, "plain http to another machine is refused")
                .with_advice("Use https: what is sent here must not be readable on the way")),
            _ => invalid("the URL of the request is not https"),
        }
    }
}

/// The host as an IP address, when it is one; the brackets of IPv6 are taken off.
pub(super) fn literal(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).parse().ok()
}

/// What needs no name server: literal addresses and `localhost`.
pub(super) fn known_addresses(host: &str, port: u16) -> Option<Vec<SocketAddr>> {
    if host.eq_ignore_ascii_case("localhost") {
        return Some(vec![(Ipv4Addr::LOCALHOST, port).into(), (std::net::Ipv6Addr::LOCALHOST, port).into()]);
    }
    literal(host).map(|ip| vec![SocketAddr::new(ip, port)])
}

fn loopback_host(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || literal(host).is_some_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_http_pass() {
        let ok = |url, allowed| Target::parse(url, allowed).map(|target| target.loopback).map_err(|e| e.kind());
        for url in ["http://127.0.0.1:7070/x", "http://127.9.9.9", "http://[::1]:1/", "http://LocalHost/?a#b"] {
            assert_eq!(ok(url, true), Ok(true), "{url}");
            assert_eq!(ok(url, false), Err(ErrorKind::InvalidArgument), "{url}");
        }
        assert_eq!(ok("https://acme.okta.com/oauth2/default", false), Ok(false));
        assert_eq!(ok("https://127.0.0.1/", false), Ok(true));
        for url in [
            "http://acme.okta.com/",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://127.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::2]/",
            "http://localhost@evil.example/",
            "https://user:pw@acme.okta.com/",
            "https://acme.okta.com:99999/",
            "https:///x",
            "ftp://127.0.0.1/",
            "/idp/idx/introspect",
            "https://a b/",
            "",
        ] {
            assert_eq!(ok(url, true), Err(ErrorKind::InvalidArgument), "{url}");
        }
    }
}
