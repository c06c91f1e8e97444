//! Makes connections on a helper thread: name look-up, TCP, SOCKS.
//!
//! Neither the system's name look-up nor a connect can be interrupted, so a helper does them and the caller waits for
//! whichever comes first: the connection, a cancel, the end of the time. A helper that nobody waits for any longer ends
//! when the system lets it; there are never more than [`MAX_ABANDONED`] of those in the process.
//!
//! Names are looked up only here, when a connection is really made: a request on a kept-alive connection asks no name
//! server (ureq alone asks for every request), which is why ureq itself is given a [`NoResolver`].

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU8, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Instant,
};

use ureq::{
    Proxy, ProxyProtocol, Timeout,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{
            ConnectionDetails, Connector, NextTimeout, ShutdownHandle, SocksConnector, TcpConnector, Transport,
        },
    },
};

use super::{
    errors,
    exchange::{Exchange, other},
    socket::Socket,
    target,
};
use crate::{
    error::{Error, ErrorKind},
    limits::{MAX_ABANDONED, MAX_ADDRESSES, MAX_HEADER_BYTES},
    process::PerProcess,
};

/// One TLS record and its head.
const TLS_BUFFER: usize = 17 * 1024;

/// In this process: the threads of another one that was forked are not here.
static ABANDONED: PerProcess<AtomicUsize> = PerProcess::new();

/// How names become addresses: host and port in, addresses out.
pub(super) type Lookup = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// Makes connections, within the call.
pub(super) struct Dialer {
    lookup: Arc<Lookup>,
    plain: Arc<Config>,
    under_tls: Arc<Config>,
}

impl Dialer {
    /// A dialer that looks names up with `lookup`, and goes through `proxy` if that is a SOCKS proxy.
    pub(super) fn new(lookup: Arc<Lookup>, proxy: Option<&Proxy>) -> Self {
        let config = |input, output| {
            Arc::new(
                Config::builder().proxy(proxy.cloned()).input_buffer_size(input).output_buffer_size(output).build(),
            )
        };
        Dialer {
            lookup,
            // A head of the allowed size and something after it: so a head that is too long is seen as that.
            plain: config(MAX_HEADER_BYTES + 16 * 1024, 16 * 1024),
            under_tls: config(TLS_BUFFER, TLS_BUFFER),
        }
    }

    /// Connects to the host of `details`. `to_proxy` says that it is the proxy's.
    pub(super) fn dial(
        &self,
        details: &ConnectionDetails,
        exchange: &Arc<Exchange>,
        to_proxy: bool,
    ) -> Result<Socket, ureq::Error> {
        let timeout = exchange.clamp(details.timeout)?;
        let hanging = ABANDONED.get().load(Ordering::Relaxed);
        if hanging >= MAX_ABANDONED {
            return Err(other(
                Error::new(ErrorKind::Offline, format!("{hanging} earlier name look-ups or connects still hang"))
                    .with_advice("The network or its name server does not answer; try again later"),
            ));
        }
        let (sender, events) = mpsc::channel();
        let waiter: Arc<dyn ShutdownHandle> = Arc::new(Waiter(sender.clone()));
        exchange.attach(Arc::downgrade(&waiter))?;
        let job = Job {
            lookup: Arc::clone(&self.lookup),
            uri: details.uri.clone(),
            config: Arc::clone(if details.needs_tls() { &self.under_tls } else { &self.plain }),
            current_time: Arc::clone(&details.current_time),
            timeout,
            until: Instant::now().checked_add(*timeout.after),
            exchange: Arc::clone(exchange),
            state: Arc::new(State::default()),
        };
        let state = Arc::clone(&job.state);
        let way = match (to_proxy, job.socks()) {
            (true, _) => Way::HttpProxy,
            (false, Some(_)) => Way::Socks,
            (false, None) => Way::Direct,
        };
        let helper = thread::Builder::new().name("interaction-code-dial".to_owned()).spawn(move || {
            let ended = Ended { state: Arc::clone(&job.state), sender: sender.clone() };
            let dialled = job.run();
            drop(ended);
            let _ = sender.send(Event::Dialled(dialled));
        });
        if helper.is_err() {
            let error = Error::new(ErrorKind::NoThread, "the system has no thread to connect with");
            return Err(other(
                error.with_advice("Look at the limits of threads and memory of this process; try again"),
            ));
        }
        let event = events.recv_timeout(*timeout.after);
        exchange.detach(&Arc::downgrade(&waiter));
        match event {
            Ok(Event::Dialled(Ok((transport, handle)))) => {
                // Cancelled in this very moment: the socket was shut down with the rest, and is not worth using.
                exchange.check()?;
                Ok(Socket::new(transport, handle, Arc::clone(exchange)))
            }
            Ok(Event::Dialled(Err(error))) => {
                exchange.check()?;
                Err(errors::dial(error, details, way, state.connected()))
            }
            Ok(Event::Interrupted) => {
                state.abandon();
                Err(exchange.check().err().unwrap_or(ureq::Error::ConnectionFailed))
            }
            Err(RecvTimeoutError::Timeout) => {
                let looking_up = state.abandon();
                exchange.check()?;
                Err(errors::dial_timeout(details, way, looking_up))
            }
            Ok(Event::Panicked) | Err(RecvTimeoutError::Disconnected) => {
                Err(other(Error::new(ErrorKind::Callback, "the app's name look-up panicked")))
            }
        }
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}

/// The system's name look-up.
pub(super) fn system_lookup(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    (host, port).to_socket_addrs().map(Iterator::collect)
}

/// What is at the other end of a socket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The server.
    Direct,
    /// An HTTP proxy, which is then asked for a tunnel.
    HttpProxy,
    /// A SOCKS proxy, which was asked for the server.
    Socks,
}

type Dialled = (Box<dyn Transport>, Weak<dyn ShutdownHandle>);

enum Event {
    Dialled(Result<Dialled, ureq::Error>),
    Interrupted,
    /// Only the app's own name look-up can do that.
    Panicked,
}

/// Wakes the caller when its call is cancelled.
struct Waiter(mpsc::Sender<Event>);

impl ShutdownHandle for Waiter {
    fn shutdown(&self) {
        let _ = self.0.send(Event::Interrupted);
    }
}

/// What the helper thread does, with everything it needs: it may outlive the call.
struct Job {
    lookup: Arc<Lookup>,
    uri: Uri,
    config: Arc<Config>,
    current_time: Arc<dyn Fn() -> ureq::unversioned::transport::time::Instant + Send + Sync>,
    timeout: NextTimeout,
    until: Option<Instant>,
    exchange: Arc<Exchange>,
    state: Arc<State>,
}

impl Job {
    /// The SOCKS proxy that this connection goes through.
    fn socks(&self) -> Option<&Proxy> {
        let is_socks = |proxy: &&Proxy| !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https);
        self.config.proxy().filter(is_socks).filter(|proxy| !proxy.is_no_proxy(&self.uri))
    }

    fn run(mut self) -> Result<Dialled, ureq::Error> {
        let resolver = LookupResolver(Arc::clone(&self.lookup));
        let addrs = match self.socks() {
            Some(proxy) if !proxy.resolve_target() => resolver.empty(),
            _ => resolver.resolve(&self.uri, &self.config, self.timeout)?,
        };
        self.state.progress(State::CONNECTING);
        // Nobody waits any longer, or the name took all the time: do not even knock.
        self.exchange.check()?;
        if let Some(until) = self.until {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ureq::Error::Timeout(self.timeout.reason));
            }
            self.timeout.after = left.into();
        }
        let captured: Arc<Mutex<Option<Weak<dyn ShutdownHandle>>>> = Arc::default();
        let register = {
            let (captured, exchange, state) =
                (Arc::clone(&captured), Arc::clone(&self.exchange), Arc::clone(&self.state));
            move |handle: Weak<dyn ShutdownHandle>| {
                state.progress(State::CONNECTED);
                exchange.attach(Weak::clone(&handle))?;
                *captured.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle);
                Ok(())
            }
        };
        let details = ConnectionDetails {
            uri: &self.uri,
            addrs,
            config: &self.config,
            request_level: false,
            resolver: &resolver,
            now: (self.current_time)(),
            timeout: self.timeout,
            current_time: Arc::clone(&self.current_time),
            run_connector: Arc::new(|_| Err(ureq::Error::ConnectionFailed)),
            register_shutdown: Arc::new(register),
        };
        let connected = SocksConnector::default().chain(TcpConnector::default()).connect(&details, None::<()>)?;
        let handle = captured.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (connected, handle) {
            (Some(transport), Some(handle)) => Ok((Box::new(transport), handle)),
            _ => Err(ureq::Error::ConnectionFailed),
        }
    }
}

/// How far a helper is, and whether anybody still waits for it.
#[derive(Default)]
struct State {
    stage: AtomicU8,
    end: AtomicU8,
}

impl State {
    const CONNECTING: u8 = 1;
    const CONNECTED: u8 = 2;
    const ENDED: u8 = 1;
    const LEFT: u8 = 2;

    fn progress(&self, stage: u8) {
        self.stage.store(stage, Ordering::Relaxed);
    }

    fn connected(&self) -> bool {
        self.stage.load(Ordering::Relaxed) == Self::CONNECTED
    }

    /// Nobody waits any longer. Returns whether the name is still being looked up.
    fn abandon(&self) -> bool {
        ABANDONED.get().fetch_add(1, Ordering::Relaxed);
        if self.end.swap(Self::LEFT, Ordering::AcqRel) == Self::ENDED {
            ABANDONED.get().fetch_sub(1, Ordering::Relaxed);
        }
        self.stage.load(Ordering::Relaxed) < Self::CONNECTING
    }
}

/// Takes the helper off the count when it ends, also by a panic.
struct Ended {
    state: Arc<State>,
    sender: mpsc::Sender<Event>,
}

impl Drop for Ended {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.sender.send(Event::Panicked);
        }
        if self.state.end.swap(State::ENDED, Ordering::AcqRel) == State::LEFT {
            ABANDONED.get().fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// The port of a URL, its scheme's when it names none.
pub(super) fn port_of(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(match uri.scheme_str() {
        Some("http") => 80,
        Some(scheme) if scheme.starts_with("socks") => 1080,
        _ => 443,
    })
}

/// Looks names up on the helper thread.
struct LookupResolver(Arc<Lookup>);

impl Resolver for LookupResolver {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let (host, port) = (uri.host().unwrap_or_default(), port_of(uri));
        let found = match target::known_addresses(host, port) {
            Some(known) => known,
            None => (self.0)(host, port).map_err(|error| match error.kind() {
                io::ErrorKind::TimedOut => ureq::Error::Timeout(Timeout::Resolve),
                _ => ureq::Error::HostNotFound,
            })?,
        };
        let mut addresses = self.empty();
        for address in found.into_iter().take(MAX_ADDRESSES) {
            addresses.push(address);
        }
        if addresses.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(addresses) }
    }
}

impl fmt::Debug for LookupResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookupResolver")
    }
}

/// What the agent is given as its resolver: it knows nothing, as the [`Dialer`] looks names up when it must.
#[derive(Debug)]
pub(super) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}
