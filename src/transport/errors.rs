//! ureq's errors in our words.
//!
//! None of ureq's own texts is passed on: some hold URLs, and with them a proxy's password or a handle. What is named
//! is the host and port that could not be reached.

use std::{io, time::Duration};

use rustls::CertificateError;
use ureq::{Timeout, unversioned::transport::ConnectionDetails};

use super::{
    dial::{Way, port_of},
    exchange::{Exchange, other},
};
use crate::{
    error::{Error, ErrorKind, sanitize},
    limits::{MAX_HEADER_BYTES, MAX_HEADERS},
};

const NETWORK_ADVICE: &str = "Check the network and try again";
const AFTER_SENDING: &str = "Ask the server for the current step before sending anything again";

/// What a failed request is to the caller.
pub(super) fn explain(error: ureq::Error, exchange: &Exchange, connect: Duration, silence: Duration) -> Error {
    if exchange.is_cancelled()
        && let Some(cancelled) = exchange.interruption()
    {
        return cancelled.with_sent(exchange.sent());
    }
    let explained = match error {
        ureq::Error::Other(inner) => match inner.downcast::<Error>() {
            Ok(ours) => *ours,
            Err(_) => network("the request failed"),
        },
        ureq::Error::Timeout(Timeout::PerRead | Timeout::PerWrite) => {
            Error::new(ErrorKind::Timeout, format!("the server was silent for {}", seconds(silence)))
                .with_advice(AFTER_SENDING)
        }
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
            Error::new(ErrorKind::Timeout, format!("no connection was made within {}", seconds(connect)))
                .with_advice(NETWORK_ADVICE)
        }
        ureq::Error::Timeout(_) => exchange.interruption().unwrap_or_else(|| {
            Error::new(ErrorKind::Timeout, "the deadline of the call has passed").with_advice(AFTER_SENDING)
        }),
        ureq::Error::Io(error) => io_error(&error),
        ureq::Error::LargeResponseHeader(..) => Error::new(
            ErrorKind::LimitExceeded,
            format!("the head of the answer is longer than {} KB", MAX_HEADER_BYTES / 1024),
        ),
        ureq::Error::Protocol(error) if format!("{error:?}").starts_with("HttpParseTooManyHeaders") => {
            too_many_headers()
        }
        ureq::Error::Protocol(_) => Error::new(ErrorKind::Protocol, "the answer is not well-formed HTTP"),
        ureq::Error::Http(_) | ureq::Error::BadUri(_) => {
            Error::new(ErrorKind::InvalidArgument, "the request cannot be put into HTTP")
        }
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => {
            Error::new(ErrorKind::Offline, "the server cannot be reached").with_advice(NETWORK_ADVICE)
        }
        _ => network("the request failed"),
    };
    explained.with_sent(exchange.sent())
}

/// More headers than are kept.
pub(super) fn too_many_headers() -> Error {
    Error::new(ErrorKind::LimitExceeded, format!("the answer has more than {MAX_HEADERS} headers"))
}

/// The answer ended before it was complete.
pub(super) fn cut() -> Error {
    network("the connection ended before the answer was complete")
}

fn network(text: &'static str) -> Error {
    Error::new(ErrorKind::Network, text).with_advice(AFTER_SENDING)
}

fn io_error(error: &io::Error) -> Error {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls_error(tls, "the server");
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => cut(),
        io::ErrorKind::InvalidData => Error::new(ErrorKind::Protocol, "the answer is not well-formed HTTP"),
        _ => network("the connection broke while the request was under way"),
    }
}

/// The socket could not be made: name, TCP, SOCKS.
pub(super) fn dial(error: ureq::Error, details: &ConnectionDetails, way: Way, connected: bool) -> ureq::Error {
    let whom = if way == Way::Direct { place(details) } else { "the proxy".to_owned() };
    let offline = |text: String| other(Error::new(ErrorKind::Offline, text).with_advice(NETWORK_ADVICE));
    match error {
        ureq::Error::Other(_) => error,
        ureq::Error::HostNotFound => offline(match way {
            Way::Direct => format!("the name {} was not found", host(details)),
            Way::HttpProxy => "the name of the proxy was not found".to_owned(),
            Way::Socks => format!("the name of the proxy or the name {} was not found", host(details)),
        }),
        ureq::Error::Timeout(Timeout::Global) => error,
        ureq::Error::Timeout(_) => dial_timeout(details, way, false),
        // Connected to a SOCKS proxy, which then did not go on.
        ureq::Error::Io(error) if connected && error.kind() == io::ErrorKind::PermissionDenied => {
            other(proxy_refused("the proxy refused the user name or password"))
        }
        ureq::Error::Io(_) if connected => other(proxy_refused("the proxy made no connection to the server")),
        ureq::Error::Io(error) => {
            let why = match error.kind() {
                io::ErrorKind::ConnectionRefused => "connection refused",
                io::ErrorKind::HostUnreachable => "host unreachable",
                io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => "no network",
                io::ErrorKind::AddrNotAvailable => "no usable address",
                io::ErrorKind::PermissionDenied => "the system does not permit it",
                io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => "connection reset",
                _ => "the system refused",
            };
            offline(format!("{whom} cannot be reached: {why}"))
        }
        _ => offline(format!("{whom} cannot be reached")),
    }
}

/// No connection in time.
pub(super) fn dial_timeout(details: &ConnectionDetails, way: Way, looking_up: bool) -> ureq::Error {
    let text = match (way, looking_up) {
        (Way::Direct, true) => format!("the name {} was not found in time", host(details)),
        (Way::Direct, false) => format!("{} did not accept a connection in time", place(details)),
        (_, true) => "the name of the proxy was not found in time".to_owned(),
        (_, false) => "the proxy did not accept a connection in time".to_owned(),
    };
    other(Error::new(ErrorKind::Timeout, text).with_advice(NETWORK_ADVICE))
}

/// The HTTP proxy did not open a tunnel.
pub(super) fn tunnel(error: ureq::Error) -> ureq::Error {
    let text = match error {
        ureq::Error::Other(_) => return error,
        ureq::Error::ConnectProxyFailed(text) => match status_in(&text) {
            Some(407) => "the proxy wants a user name and password, or refused them (407)".to_owned(),
            Some(status) => format!("the proxy refused to connect to the server ({status})"),
            None => "the proxy closed the connection without an answer".to_owned(),
        },
        ureq::Error::Timeout(Timeout::Global) => return error,
        ureq::Error::Timeout(_) => {
            let late = Error::new(ErrorKind::Timeout, "the proxy did not answer in time");
            return other(late.with_advice(NETWORK_ADVICE));
        }
        ureq::Error::Io(_) => "the proxy closed the connection without an answer".to_owned(),
        _ => "the proxy's answer is not well-formed HTTP".to_owned(),
    };
    other(proxy_refused(text))
}

fn proxy_refused(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Proxy, text).with_advice("Check the proxy's address, user name and password")
}

/// The status in ureq's text, which is the only place it is in: `proxy server responded 407/407`.
fn status_in(text: &str) -> Option<u16> {
    text.rsplit('/').next()?.trim().parse().ok()
}

/// The TLS handshake failed.
pub(super) fn handshake(error: ureq::Error, details: &ConnectionDetails, to_proxy: bool) -> ureq::Error {
    let whom = if to_proxy { "the proxy" } else { "the server" };
    let ureq::Error::Io(error) = error else {
        return match error {
            ureq::Error::Timeout(Timeout::Global) | ureq::Error::Other(_) => error,
            ureq::Error::Timeout(_) => {
                let text = format!("{whom} did not finish the TLS handshake in time");
                other(Error::new(ErrorKind::Timeout, text).with_advice(NETWORK_ADVICE))
            }
            _ => other(Error::new(ErrorKind::Tls, format!("the TLS handshake with {whom} failed"))),
        };
    };
    other(match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(tls) => tls_error(tls, whom),
        None => {
            Error::new(ErrorKind::Tls, format!("{} closed the connection during the TLS handshake", place(details)))
                .with_advice("Check that the address is right and that nothing on the way filters TLS")
        }
    })
}

#[allow(deprecated, reason = "old and new forms of the same certificate errors both occur")]
fn tls_error(error: &rustls::Error, whom: &str) -> Error {
    const ROOTS: &str = "If the server or a proxy that opens TLS uses a private authority, add its root certificate \
                         (`extra_root_pem`) or trust the system's roots (feature `platform-verifier`)";
    const CLOCK: &str = "Check the clock of this machine; if it is right, the server's certificate must be renewed";
    let tls = |text: String, advice| Error::new(ErrorKind::Tls, text).with_advice(advice);
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => {
                tls(format!("the certificate of {whom} is not issued by a trusted authority"), ROOTS)
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                tls(format!("the certificate of {whom} has expired"), CLOCK)
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                tls(format!("the certificate of {whom} is not valid yet"), CLOCK)
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                tls(format!("the certificate of {whom} is for another host name"), "Check the address")
            }
            CertificateError::Revoked => tls(format!("the certificate of {whom} was revoked"), ""),
            CertificateError::BadSignature => tls(format!("the certificate of {whom} has a bad signature"), ROOTS),
            _ => tls(format!("the certificate of {whom} is not acceptable"), ROOTS),
        },
        rustls::Error::AlertReceived(alert) => {
            let alert = sanitize(&format!("{alert:?}"));
            tls(format!("{whom} refused TLS (alert {alert})"), "")
        }
        rustls::Error::PeerIncompatible(_) => tls(format!("{whom} speaks no TLS that this library accepts"), ""),
        rustls::Error::InvalidMessage(_) => {
            tls(format!("{whom} does not speak TLS on this port"), "Check the address and its port")
        }
        _ => tls(format!("TLS with {whom} failed"), ""),
    }
}

fn host(details: &ConnectionDetails) -> String {
    sanitize(details.uri.host().unwrap_or_default())
}

fn place(details: &ConnectionDetails) -> String {
    format!("{}:{}", host(details), port_of(details.uri))
}

fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 { format!("{} s", time.as_secs()) } else { format!("{} ms", time.as_millis()) }
}
