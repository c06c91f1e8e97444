//! TLS (1.2 and 1.3, rustls) over a connection, and whom it trusts.
//!
//! ureq's own TLS knows either its bundled roots or a list of ours, not both; and its buffers keep what went through
//! them. So the layer is here: bundled or platform roots, more roots added, or pinned roots only; the server's name is
//! always verified, and there is no switch that turns verification off.

use std::{fmt, sync::Arc};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use ureq::unversioned::transport::{ConnectionDetails, Transport, TransportAdapter};

use super::{
    exchange::other,
    layer::{Layer, Stream},
};
use crate::error::{Error, ErrorKind, Result};

/// Whose certificates are trusted.
#[derive(Clone, Default)]
pub(super) struct Trust {
    /// PEM of roots to add.
    pub(super) extra: Vec<u8>,
    /// PEM of the only roots.
    pub(super) pinned: Option<Vec<u8>>,
    /// Ask the operating system.
    pub(super) platform: bool,
}

/// A TLS client.
pub(super) struct Tls(Arc<ClientConfig>);

impl Tls {
    /// A client with this trust. Shared by all connections, so that sessions are resumed.
    pub(super) fn new(trust: &Trust) -> Result<Self> {
        let provider = provider();
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|_| Error::new(ErrorKind::Internal, "the crypto library offers no TLS version"))?;
        let extra = certificates(&trust.extra, "the extra roots")?;
        let config = match (&trust.pinned, trust.platform) {
            (Some(_), _) if !extra.is_empty() => {
                return Err(Error::new(ErrorKind::InvalidArgument, "both extra roots and pinned roots are given")
                    .with_advice("Pinned roots are the only ones: put all of them there"));
            }
            (Some(pinned), _) => {
                let pinned = certificates(pinned, "the pinned roots")?;
                if pinned.is_empty() {
                    return Err(none("the pinned roots"));
                }
                builder.with_root_certificates(store(Vec::new(), pinned, "the pinned roots")?)
            }
            (None, true) => {
                // They are checked here as well, so that a bad one is an error on every platform.
                store(Vec::new(), extra.clone(), "the extra roots")?;
                builder.dangerous().with_custom_certificate_verifier(platform_verifier(extra, provider)?)
            }
            (None, false) => {
                let bundled = webpki_roots::TLS_SERVER_ROOTS.to_vec();
                builder.with_root_certificates(store(bundled, extra, "the extra roots")?)
            }
        };
        Ok(Tls(Arc::new(config.with_no_client_auth())))
    }

    /// The handshake with the host of `details`, over `transport`.
    pub(super) fn wrap(
        &self,
        details: &ConnectionDetails,
        transport: Box<dyn Transport>,
    ) -> Result<Layer<TlsStream>, ureq::Error> {
        let host = details.uri.host().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned())
            .map_err(|_| other(Error::new(ErrorKind::InvalidArgument, "the host name in the URL is not valid")))?;
        let mut conn = ClientConnection::new(Arc::clone(&self.0), name)
            .map_err(|_| other(Error::new(ErrorKind::Internal, "the TLS client cannot be set up")))?;
        let mut sock = TransportAdapter::new(transport, Arc::clone(&details.current_time));
        sock.set_timeout(details.timeout);
        conn.complete_io(&mut sock)?;
        Ok(Layer::new(StreamOwned { conn, sock }))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// The one crypto library of the build.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Every certificate in `pem`; other sections are skipped. Empty input has none, other input without one is an error.
fn certificates(pem: &[u8], what: &'static str) -> Result<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::new(ErrorKind::InvalidArgument, format!("{what} are not well-formed PEM")))?;
    if found.is_empty() && !pem.is_empty() { Err(none(what)) } else { Ok(found) }
}

fn none(what: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("no certificate found in {what}"))
        .with_advice("Give PEM text with one or more `BEGIN CERTIFICATE` sections")
}

fn store(
    bundled: Vec<rustls::pki_types::TrustAnchor<'static>>,
    more: Vec<CertificateDer<'static>>,
    what: &str,
) -> Result<RootCertStore> {
    let mut store = RootCertStore { roots: bundled };
    for (index, certificate) in more.into_iter().enumerate() {
        store.add(certificate).map_err(|_| {
            let text = format!("certificate {} in {what} cannot be used as a root", index + 1);
            Error::new(ErrorKind::InvalidArgument, text)
        })?;
    }
    Ok(store)
}

type Verifier = Arc<dyn rustls::client::danger::ServerCertVerifier>;

#[cfg(all(feature = "platform-verifier", not(target_os = "android")))]
fn platform_verifier(extra: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier> {
    rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)
        .map(|verifier| Arc::new(verifier) as Verifier)
        .map_err(|_| no_platform())
}

#[cfg(all(feature = "platform-verifier", target_os = "android"))]
fn platform_verifier(extra: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier> {
    if !extra.is_empty() {
        return Err(Error::new(ErrorKind::InvalidArgument, "Android's verifier takes no extra roots")
            .with_advice("Name them in the app's network security configuration, or use pinned roots"));
    }
    rustls_platform_verifier::Verifier::new(provider)
        .map(|verifier| Arc::new(verifier) as Verifier)
        .map_err(|_| no_platform())
}

#[cfg(not(feature = "platform-verifier"))]
fn platform_verifier(_: Vec<CertificateDer<'static>>, _: Arc<CryptoProvider>) -> Result<Verifier> {
    Err(no_platform())
}

fn no_platform() -> Error {
    Error::new(ErrorKind::Tls, "the certificates of this system cannot be used")
        .with_advice("Install the system's CA certificates, or turn `platform_verifier` off")
}

/// An established TLS connection.
pub(super) type TlsStream = StreamOwned<ClientConnection, TransportAdapter>;

impl Stream for TlsStream {
    fn adapter(&mut self) -> &mut TransportAdapter {
        &mut self.sock
    }

    fn is_quiet(&mut self) -> bool {
        match self.conn.process_new_packets() {
            Ok(state) => !state.peer_has_closed() && state.plaintext_bytes_to_read() == 0,
            Err(_) => false,
        }
    }

    fn is_tls(&self) -> bool {
        true
    }

    /// Below it everything is encrypted. What rustls itself keeps of the plain text cannot be reached (SECURITY.md).
    fn wipe_written(&mut self, _: usize) {}

    fn wipe_read(&mut self, _: usize) -> bool {
        true
    }
}
