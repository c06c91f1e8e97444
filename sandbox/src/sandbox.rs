//! The sandbox as a library: blocking, in its own thread, gone when dropped.

use crate::engine::{Engine, Seen, Switches};
use crate::error::Error;
use crate::outbox::{Mail, PushStatus};
use crate::server::faults::Fault;
use crate::server::{serve, tls};
use crate::world::World;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// How a sandbox starts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Who and what exists.
    pub world: World,
    /// Every mailed or texted code is this one instead of a random one.
    pub fixed_code: Option<String>,
    /// Pushes approve themselves after this long.
    pub auto_approve_push: Option<Duration>,
    /// HTTPS, with a certificate authority made for the occasion ([`Sandbox::ca_pem`]).
    pub tls: bool,
    /// A line on stderr for each request: method, path, status, time; nothing of queries and bodies.
    pub log: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            world: World::default(),
            fixed_code: None,
            auto_approve_push: None,
            tls: false,
            log: false,
        }
    }
}

/// A running sandbox. Dropping it stops it.
pub struct Sandbox {
    engine: Arc<Engine>,
    origin: String,
    ca_pem: Option<String>,
    runtime: Option<Runtime>,
    stop: watch::Sender<bool>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Sandbox {
    /// Starts one. When this returns, it answers.
    pub fn start(options: Options) -> Result<Sandbox, Error> {
        let address = options.listen;
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        // A wildcard address is not one that a client could use.
        let ip = match local.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        let scheme = if options.tls { "https" } else { "http" };
        let origin = format!("{scheme}://{}", SocketAddr::new(ip, local.port()));
        let tls = if options.tls { Some(tls::generate(ip)?) } else { None };

        let switches =
            Switches { fixed_code: options.fixed_code, auto_approve_push: options.auto_approve_push, log: options.log };
        let engine = Arc::new(Engine::new(options.world, switches, origin.clone())?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sandbox")
            .enable_all()
            .build()
            .map_err(Error::Runtime)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(Error::Runtime)?
        };
        let (stop, stopped) = watch::channel(false);
        let ca_pem = tls.as_ref().map(|tls| tls.ca_pem.clone());
        let acceptor = tls.map(|tls| tls.acceptor);
        let task = runtime.spawn(serve(listener, engine.clone(), acceptor, stopped));
        Ok(Sandbox { engine, origin, ca_pem, runtime: Some(runtime), stop, task: Some(task) })
    }

    /// The issuer of the custom authorization server: `{origin}/oauth2/default`.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2/default", self.origin)
    }

    /// The issuer of the org's own authorization server: the origin.
    pub fn org_issuer(&self) -> String {
        self.origin.clone()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// The certificate authority to trust, in PEM, when started with TLS.
    pub fn ca_pem(&self) -> Option<String> {
        self.ca_pem.clone()
    }

    /// Everything that was sent, oldest first.
    pub fn outbox(&self) -> Vec<Mail> {
        self.engine.state().outbox.iter().cloned().collect()
    }

    /// The newest code that went to an address or number.
    pub fn last_code(&self, to: &str) -> Option<String> {
        self.engine.state().outbox.iter().rev().filter(|mail| mail.to == to).find_map(|mail| mail.code.clone())
    }

    /// Pushes and enrolments of Okta Verify that wait for an answer.
    pub fn pushes(&self) -> Vec<Mail> {
        self.engine.state().outbox.iter().filter(|mail| mail.is_pending()).cloned().collect()
    }

    /// Approves a push (picking the right number, if there is one). False when it is not waiting.
    pub fn approve(&self, id: &str) -> bool {
        self.engine.state().decide(id, PushStatus::Approved, None) == Some(true)
    }

    /// Picks a number of a number challenge; a wrong one denies the push. False when it is not waiting.
    pub fn approve_with(&self, id: &str, number: &str) -> bool {
        self.engine.state().decide(id, PushStatus::Approved, Some(number)) == Some(true)
    }

    /// Denies a push. False when it is not waiting.
    pub fn deny(&self, id: &str) -> bool {
        self.engine.state().decide(id, PushStatus::Denied, None) == Some(true)
    }

    /// Sets the faults, replacing those that are set; counting starts now.
    pub fn faults(&self, faults: Vec<Fault>) {
        self.engine.set_faults(faults);
    }

    /// Forgets everything that has happened.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// The requests since the start or the last reset, in order; those to `/sandbox` are not counted.
    pub fn requests(&self) -> Vec<Seen> {
        self.engine.requests()
    }

    /// How many passwords were submitted since the start or the last reset, right and wrong ones.
    pub fn passwords(&self) -> u64 {
        self.engine.state().passwords
    }

    /// Stops it: when this returns, nothing listens any more.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.stop.send(true);
        let Some(runtime) = self.runtime.take() else { return };
        if let Some(task) = self.task.take() {
            task.abort();
        }
        // Dropping a runtime waits, and panics inside another runtime; this way works in both.
        if tokio::runtime::Handle::try_current().is_ok() {
            runtime.shutdown_background();
        } else {
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}
