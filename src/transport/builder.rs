//! The settings of a [`UreqTransport`].

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use ureq::{Agent, Proxy, config::AutoHeaderValue};

use super::{
    Agents, UreqTransport,
    connect::Connect,
    dial::{Dialer, Lookup, NoResolver, system_lookup},
    environment,
    tls::{Tls, Trust},
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::{CONNECT_TIMEOUT, MAX_HEADER_BYTES, MAX_IDLE, MAX_IDLE_CONNECTIONS, MAX_TIMEOUT, READ_TIMEOUT},
    process::PerProcess,
    secret::Secret,
};

/// Makes a [`UreqTransport`]. Nothing is checked before [`UreqTransportBuilder::build`].
///
/// ```
/// use interaction_code::transport::UreqTransport;
/// use std::time::Duration;
/// let transport = UreqTransport::builder().connect_timeout(Duration::from_secs(3)).no_proxy().build()?;
/// # Ok::<(), interaction_code::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is made before `build`"]
pub struct UreqTransportBuilder {
    loopback_http: bool,
    connect_timeout: Duration,
    read_timeout: Duration,
    proxy: Choice,
    trust: Trust,
    lookup: Arc<Lookup>,
}

#[derive(Clone)]
enum Choice {
    System,
    Explicit(Secret),
    Direct,
}

impl Default for UreqTransportBuilder {
    fn default() -> Self {
        UreqTransportBuilder {
            loopback_http: false,
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            proxy: Choice::System,
            trust: Trust { platform: cfg!(feature = "platform-verifier"), ..Trust::default() },
            lookup: Arc::new(system_lookup),
        }
    }
}

impl UreqTransportBuilder {
    /// Allows plain `http` to this machine: `127.0.0.0/8`, `[::1]`, `localhost`. Default: not. For development against
    /// a local server; plain `http` to any other host is always refused.
    pub fn allow_loopback_http(mut self, allow: bool) -> Self {
        self.loopback_http = allow;
        self
    }

    /// How long making a connection may take: name look-up, TCP, proxy and TLS together. Default
    /// [`CONNECT_TIMEOUT`]. At most a day; the deadline of the call ends it sooner.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit.min(MAX_TIMEOUT);
        self
    }

    /// How long the server may be silent (or refuse to take more) within a request. Default [`READ_TIMEOUT`], at
    /// most a day. A server that sends a little from time to time is ended by the deadline of the call.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit.min(MAX_TIMEOUT);
        self
    }

    /// Goes through this proxy, whatever the environment says: `http://host:port` (`CONNECT`, RFC 9110 section 9.3.6),
    /// `https://`, `socks5://` (RFC 1928; names are looked up here), `socks5h://` (the proxy looks them up),
    /// `socks4://` or `socks4a://`. With a user name and password as `http://user:password@host:port`, percent-encoded;
    /// they are sent as Basic authentication, and appear in no error and no `Debug`.
    ///
    /// Used for every host, this machine too.
    pub fn proxy(mut self, url: &str) -> Self {
        self.proxy = Choice::Explicit(Secret::new(url));
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Choice::Direct;
        self
    }

    /// Goes through the proxy that the environment names, which is the default. By curl's rules: the first of `https_proxy`,
    /// `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` that is not empty (never `HTTP_PROXY`, which a CGI program's caller chooses),
    /// except for this machine and for the hosts in `no_proxy` or `NO_PROXY`: `*`, or names, each with the hosts below it,
    /// and addresses or blocks of them, separated by commas. A variable that cannot be read is an error; a program that runs
    /// with more rights than its caller (set-user-id) looks at none. Read once, by [`UreqTransportBuilder::build`].
    pub fn system_proxy(mut self) -> Self {
        self.proxy = Choice::System;
        self
    }

    /// Also trusts these root certificates (RFC 7468 PEM, one or more), beside the bundled or the platform's ones: the
    /// root of a private authority, or of a proxy that opens TLS. Calls add up. Not on Android with the platform's
    /// verifier, and not together with [`UreqTransportBuilder::pinned_roots_pem`].
    pub fn extra_root_pem(mut self, pem: &[u8]) -> Self {
        if !self.trust.extra.is_empty() {
            self.trust.extra.push(b'\n');
        }
        // Empty text is a mistake (a file that was not read), so it must not look like no call at all.
        self.trust.extra.extend_from_slice(if pem.is_empty() { b"\n" } else { pem });
        self
    }

    /// Trusts these root certificates only (RFC 7468 PEM, one or more): neither the bundled ones nor the platform's.
    pub fn pinned_roots_pem(mut self, pem: &[u8]) -> Self {
        self.trust.pinned = Some(pem.to_vec());
        self
    }

    /// Whether the operating system decides which certificates are trusted (its store, enterprise roots, revocation
    /// where it checks that), instead of the bundled Mozilla roots. Default with this feature: yes.
    #[cfg(feature = "platform-verifier")]
    pub fn platform_verifier(mut self, on: bool) -> Self {
        self.trust.platform = on;
        self
    }

    /// Looks host names up with this function instead of the system's: host and port in, addresses out (the first 16
    /// are tried in order). For split or private name services. Literal addresses and `localhost` do not get there.
    ///
    /// It runs on a thread of its own and may block; the request does not wait for it after a cancel or a deadline.
    pub fn name_lookup(
        mut self,
        lookup: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        self.lookup = Arc::new(lookup);
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] for a proxy URL (also in the environment) or certificates that cannot be used, or a
    /// time limit of zero;
    /// [`ErrorKind::Tls`] when the platform's certificates cannot be used.
    pub fn build(self) -> Result<UreqTransport> {
        if self.connect_timeout.is_zero() || self.read_timeout.is_zero() {
            return Err(Error::new(ErrorKind::InvalidArgument, "a time limit of the transport is zero"));
        }
        let (proxy, exempt) = match &self.proxy {
            Choice::Direct => (None, None),
            Choice::System => environment::system_proxy()?.unzip(),
            Choice::Explicit(url) => (Some(explicit_proxy(url)?), None),
        };
        let transport = UreqTransport { agents: PerProcess::new(), proxy, exempt, settings: self };
        transport.agents()?;
        Ok(transport)
    }

    /// New connections, for this process.
    pub(super) fn agents(&self, proxy: Option<&Proxy>, has_exempt: bool) -> Result<Agents> {
        let agent = |proxy: Option<&Proxy>| -> Result<Agent> {
            let config = Agent::config_builder()
                .proxy(proxy.cloned())
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .user_agent(AutoHeaderValue::None)
                .accept(AutoHeaderValue::None)
                .accept_encoding(AutoHeaderValue::None)
                .max_response_header_size(MAX_HEADER_BYTES)
                .max_idle_connections(MAX_IDLE_CONNECTIONS)
                .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
                .max_idle_age(MAX_IDLE)
                .timeout_connect(Some(self.connect_timeout))
                .timeout_per_read(Some(self.read_timeout))
                .timeout_per_write(Some(self.read_timeout))
                .build();
            let connect = Connect::new(Dialer::new(Arc::clone(&self.lookup), proxy), Tls::new(&self.trust)?);
            Ok(Agent::with_parts(config, connect, NoResolver))
        };
        Ok(Agents { usual: agent(proxy)?, direct: has_exempt.then(|| agent(None)).transpose()? })
    }

    pub(super) fn loopback_http(&self) -> bool {
        self.loopback_http
    }

    pub(super) fn limits(&self) -> (Duration, Duration) {
        (self.connect_timeout, self.read_timeout)
    }
}

impl fmt::Debug for UreqTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = match self.proxy {
            Choice::System => "of the system",
            Choice::Explicit(_) => "explicit",
            Choice::Direct => "none",
        };
        let roots = match &self.trust {
            Trust { pinned: Some(_), .. } => "pinned",
            Trust { platform: true, .. } => "of the platform",
            _ => "bundled",
        };
        f.debug_struct("UreqTransportBuilder")
            .field("allow_loopback_http", &self.loopback_http)
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("proxy", &proxy)
            .field("roots", &roots)
            .field("extra_roots", &!self.trust.extra.is_empty())
            .finish_non_exhaustive()
    }
}

fn explicit_proxy(url: &Secret) -> Result<Proxy> {
    proxy_of(url).ok_or_else(|| {
        Error::new(ErrorKind::InvalidArgument, "the proxy URL cannot be used")
            .with_advice("Write it as http://user:password@host:port or socks5://host:port")
    })
}

/// The proxy at this URL, when it is one.
pub(super) fn proxy_of(url: &Secret) -> Option<Proxy> {
    let proxy = Proxy::new(url.expose()).ok()?;
    let authority = proxy.uri().authority()?;
    let place = authority.as_str().rsplit('@').next().unwrap_or_default();
    // A port that is no port must not become the usual one.
    let has_port = authority.port_u16().is_some() || place.len() == authority.host().len();
    (has_port && !authority.host().is_empty()).then_some(proxy)
}
