//! What one request knows while it is under way: its call, whether bytes have left, and what a cancel must shut down.
//!
//! ureq runs connectors and reads bodies on the calling thread, so the exchange is found through a thread-local that
//! [`Exchange::enter`] sets for the time of one `send`. A pooled socket belongs to an exchange only while that exchange
//! uses it: [`Exchange::attach`] when it does its first I/O, [`Exchange::detach`] before it goes back to the pool.
//! Both, and the shutting down itself, happen under one lock, so a late cancel never hits a socket of somebody else's.

use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use ureq::{
    Timeout,
    unversioned::transport::{NextTimeout, ShutdownHandle},
};

use crate::{
    call::{Call, Registration},
    error::{Error, ErrorKind, Sent},
    limits::MAX_BEFORE_BODY_BYTES,
};

thread_local! {
    static CURRENT: RefCell<Option<Arc<Exchange>>> = const { RefCell::new(None) };
}

/// One request under way.
pub(super) struct Exchange {
    call: Call,
    sent: AtomicBool,
    cut: AtomicBool,
    connecting: AtomicU32,
    /// How many bytes may still come.
    allowance: AtomicUsize,
    interruptible: Mutex<Interruptible>,
}

#[derive(Default)]
struct Interruptible {
    connect_until: Option<Instant>,
    handles: Vec<Weak<dyn ShutdownHandle>>,
}

impl Exchange {
    /// An exchange for this call, whose deadline is fixed already.
    pub(super) fn new(call: Call) -> Arc<Self> {
        Arc::new(Exchange {
            call,
            sent: AtomicBool::new(false),
            cut: AtomicBool::new(false),
            connecting: AtomicU32::new(0),
            allowance: AtomicUsize::new(MAX_BEFORE_BODY_BYTES),
            interruptible: Mutex::default(),
        })
    }

    /// The exchange that this thread is in.
    pub(super) fn current() -> Result<Arc<Exchange>, ureq::Error> {
        CURRENT.with_borrow(Clone::clone).ok_or_else(|| {
            other(Error::new(ErrorKind::Internal, "a connection of the transport was used outside of a request"))
        })
    }

    /// Makes this the exchange of the thread until the guard is dropped.
    pub(super) fn enter(self: &Arc<Self>) -> Entered {
        Entered { previous: CURRENT.replace(Some(Arc::clone(self))) }
    }

    /// Shuts everything attached down when the call is cancelled, until the registration is dropped.
    pub(super) fn watch(self: &Arc<Self>) -> Registration {
        let exchange = Arc::clone(self);
        self.call.token().on_cancel(move || {
            let interruptible = exchange.lock();
            for handle in interruptible.handles.iter().filter_map(Weak::upgrade) {
                handle.shutdown();
            }
        })
    }

    /// Puts a socket (or a waiting thread) under the cancel of this call. Fails when it is cancelled already.
    pub(super) fn attach(&self, handle: Weak<dyn ShutdownHandle>) -> Result<(), ureq::Error> {
        let mut interruptible = self.lock();
        if self.call.token().is_cancelled() {
            if let Some(handle) = handle.upgrade() {
                handle.shutdown();
            }
            drop(interruptible);
            return self.check();
        }
        interruptible.handles.push(handle);
        Ok(())
    }

    /// Takes it out again. After this, no cancel of this call touches it.
    pub(super) fn detach(&self, handle: &Weak<dyn ShutdownHandle>) {
        self.lock().handles.retain(|other| !other.ptr_eq(handle));
    }

    /// `Err` when the call was cancelled or its deadline has passed.
    pub(super) fn check(&self) -> Result<(), ureq::Error> {
        self.call.check().map_err(other)
    }

    /// Whether the app cancelled the call.
    pub(super) fn is_cancelled(&self) -> bool {
        self.call.token().is_cancelled()
    }

    /// The error of a cancelled or late call, if it is one.
    pub(super) fn interruption(&self) -> Option<Error> {
        self.call.check().err()
    }

    /// `timeout`, but ending with the call, and while connecting with the time for that.
    pub(super) fn clamp(&self, mut timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
        let mut limit = |left: Duration, reason| {
            if left.is_zero() {
                return Err(ureq::Error::Timeout(reason));
            }
            let left = left.into();
            if left < timeout.after {
                timeout.after = left;
                timeout.reason = reason;
            }
            Ok(())
        };
        if self.connecting.load(Ordering::Relaxed) > 0
            && let Some(until) = self.lock().connect_until
        {
            limit(until.saturating_duration_since(Instant::now()), Timeout::Connect)?;
        }
        limit(self.call.remaining(), Timeout::Global)?;
        Ok(timeout)
    }

    /// Marks that a connection is being made, until the guard is dropped: what is written meanwhile (TLS, `CONNECT`,
    /// SOCKS) is not the request. Nested once on the way to a proxy.
    pub(super) fn connecting(self: &Arc<Self>, within: NextTimeout) -> Connecting {
        let nested = self.connecting.fetch_add(1, Ordering::Relaxed) > 0;
        if !nested {
            self.lock().connect_until = Instant::now().checked_add(*within.after);
        }
        Connecting { exchange: Arc::clone(self), nested }
    }

    /// Called just before bytes are given to a socket.
    pub(super) fn bytes_leave(&self) {
        if self.connecting.load(Ordering::Relaxed) == 0 {
            self.sent.store(true, Ordering::Relaxed);
        }
    }

    /// Whether bytes of the request may have left.
    pub(super) fn sent(&self) -> Sent {
        if self.sent.load(Ordering::Relaxed) { Sent::Maybe } else { Sent::No }
    }

    /// Called for bytes that came. `Err` when they are more than an answer has: endless 1xx answers, chunks that are all
    /// framing, trailers without end.
    pub(super) fn came(&self, bytes: usize) -> Result<(), ureq::Error> {
        let taken = |left: usize| left.checked_sub(bytes);
        match self.allowance.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken) {
            Ok(_) => Ok(()),
            Err(_) => Err(other(
                Error::new(ErrorKind::LimitExceeded, "far more came around the answer than belongs to it")
                    .with_advice("No answer of this protocol is like that; check what is between here and the server"),
            )),
        }
    }

    /// Called when the head is here and this many more bytes may come.
    pub(super) fn may_come(&self, bytes: usize) {
        self.allowance.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Called when a connection ended otherwise than by an orderly close.
    pub(super) fn mark_cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }

    /// Whether a body that ends with the connection ended properly.
    pub(super) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Interruptible> {
        self.interruptible.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Resets the thread's exchange when dropped.
pub(super) struct Entered {
    previous: Option<Arc<Exchange>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.previous.take());
    }
}

/// See [`Exchange::connecting`].
pub(super) struct Connecting {
    exchange: Arc<Exchange>,
    /// Whether this is the way to a proxy, inside the way to the server.
    pub(super) nested: bool,
}

impl Drop for Connecting {
    fn drop(&mut self) {
        self.exchange.connecting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One of our errors, on its way through ureq.
pub(super) fn other(error: Error) -> ureq::Error {
    ureq::Error::Other(Box::new(error))
}
