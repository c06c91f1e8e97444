//! The innermost layer of every connection: obeys the call, and knows whether bytes have left.
//!
//! Everything that is written or read, in the clear or inside TLS, goes through a [`Socket`]: here the deadline is
//! applied, a cancel arrives (its handle is shut down, which wakes a blocked read or write), and
//! [`Sent::Maybe`](crate::Sent) begins.

use std::{
    fmt, io,
    sync::{Arc, Weak},
};

use ureq::{
    Error, Timeout,
    unversioned::transport::{Buffers, NextTimeout, ShutdownHandle, Transport},
};

use super::exchange::Exchange;

/// A connected TCP stream (through SOCKS, perhaps) that obeys the call it is used in.
pub(super) struct Socket {
    inner: Box<dyn Transport>,
    handle: Weak<dyn ShutdownHandle>,
    user: Option<Arc<Exchange>>,
    /// The first failure of a write: what was half written must not be continued by the layer above.
    failed: Option<Failed>,
}

#[derive(Clone, Copy)]
enum Failed {
    Late(Timeout),
    Broken,
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Late(reason) => Error::Timeout(reason),
            Failed::Broken => Error::Io(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Socket {
    /// A fresh connection, whose `handle` is attached to `user` already.
    pub(super) fn new(inner: Box<dyn Transport>, handle: Weak<dyn ShutdownHandle>, user: Arc<Exchange>) -> Self {
        Socket { inner, handle, user: Some(user), failed: None }
    }

    /// The exchange of this thread, which from now on owns the socket.
    fn enter(&mut self) -> Result<Arc<Exchange>, Error> {
        let current = Exchange::current()?;
        if !self.user.as_ref().is_some_and(|user| Arc::ptr_eq(user, &current)) {
            self.release();
            current.attach(Weak::clone(&self.handle))?;
            self.user = Some(Arc::clone(&current));
        }
        Ok(current)
    }

    fn release(&mut self) {
        if let Some(user) = self.user.take() {
            user.detach(&self.handle);
        }
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let exchange = self.enter()?;
        exchange.check()?;
        if let Some(failed) = self.failed {
            return Err(failed.into());
        }
        let timeout = exchange.clamp(timeout)?;
        if amount > 0 {
            exchange.bytes_leave();
        }
        let written = self.inner.transmit_output(amount, timeout);
        if let Err(error) = &written {
            // rustls keeps the error of a write to itself and writes once more: then it must find the same error.
            self.failed = Some(match error {
                Error::Timeout(reason) => Failed::Late(*reason),
                _ => Failed::Broken,
            });
            exchange.check()?;
        }
        written
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let exchange = self.enter()?;
        let timeout = exchange.clamp(timeout)?;
        let progress = self.inner.await_input(timeout);
        match &progress {
            Ok(true) => {}
            // An end, orderly or not: perhaps it is our own shutting down.
            Ok(false) => exchange.check()?,
            Err(_) => {
                exchange.mark_cut();
                exchange.check()?;
            }
        }
        progress
    }

    /// ureq asks twice: before it gives a connection back to the pool, and before it takes one out.
    ///
    /// Giving it back, the exchange that used it lets go, and that is all. The probe is for the one that takes it out:
    /// between the two anything may come (an end, bytes that nobody asked for, a cancel from the last moment), so only
    /// the later look tells something, and a look is three system calls (not blocking, read, blocking again).
    fn is_open(&mut self) -> bool {
        let given_back = self.user.is_some();
        self.release();
        self.failed.is_none() && (given_back || self.inner.is_open())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.release();
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::call::{Call, CancelToken};

    /// A connection whose writes fail, and its handle.
    #[derive(Debug, Default)]
    struct Stuck {
        writes: Arc<AtomicUsize>,
        probes: Arc<AtomicUsize>,
    }

    impl Transport for Stuck {
        fn buffers(&mut self) -> &mut dyn Buffers {
            unreachable!("nothing is buffered here")
        }

        fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), Error> {
            self.writes.fetch_add(1, Ordering::Relaxed);
            Err(Error::Timeout(Timeout::PerWrite))
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
            Ok(false)
        }

        fn is_open(&mut self) -> bool {
            self.probes.fetch_add(1, Ordering::Relaxed);
            true
        }
    }

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl ShutdownHandle for Count {
        fn shutdown(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn exchange() -> (Arc<Exchange>, CancelToken) {
        let token = CancelToken::new();
        (Exchange::new(Call::new().cancel(&token).started(std::time::Duration::from_secs(60))), token)
    }

    #[test]
    fn a_cancel_hits_the_socket_while_its_call_uses_it_and_never_after() {
        let shut = Arc::new(Count::default());
        let handle: Arc<dyn ShutdownHandle> = shut.clone();
        let (first, first_token) = exchange();
        let _first = first.watch();
        first.attach(Arc::downgrade(&handle)).unwrap();
        let mut socket = Socket::new(Box::new(Stuck::default()), Arc::downgrade(&handle), Arc::clone(&first));
        assert!(socket.is_open(), "back to the pool");
        first_token.cancel();
        assert_eq!(shut.0.load(Ordering::Relaxed), 0);
        let (second, second_token) = exchange();
        let (_second, _entered) = (second.watch(), second.enter());
        assert!(!socket.await_input(NextTimeout::default()).unwrap());
        second_token.cancel();
        assert_eq!(shut.0.load(Ordering::Relaxed), 1);
        assert!(socket.await_input(NextTimeout::default()).is_err());
    }

    #[test]
    fn a_socket_is_probed_when_it_is_taken_and_not_when_it_is_given_back() {
        let handle: Arc<dyn ShutdownHandle> = Arc::new(Count::default());
        let probes = Arc::<AtomicUsize>::default();
        let inner = Stuck { probes: Arc::clone(&probes), ..Stuck::default() };
        let (first, _) = exchange();
        let mut socket = Socket::new(Box::new(inner), Arc::downgrade(&handle), first);
        for round in 0..3 {
            assert!(socket.is_open(), "given back");
            assert_eq!(probes.load(Ordering::Relaxed), round);
            assert!(socket.is_open(), "taken out");
            assert_eq!(probes.load(Ordering::Relaxed), round + 1);
            let (next, _) = exchange();
            let _entered = next.enter();
            socket.await_input(NextTimeout::default()).unwrap();
        }
    }

    #[test]
    fn a_write_that_failed_is_not_continued() {
        let handle: Arc<dyn ShutdownHandle> = Arc::new(Count::default());
        let (exchange, _) = exchange();
        let _entered = exchange.enter();
        let writes = Arc::<AtomicUsize>::default();
        let inner = Stuck { writes: Arc::clone(&writes), ..Stuck::default() };
        let mut socket = Socket::new(Box::new(inner), Arc::downgrade(&handle), Arc::clone(&exchange));
        assert_eq!(exchange.sent(), crate::Sent::No);
        for _ in 0..2 {
            let error = socket.transmit_output(1, NextTimeout::default()).unwrap_err();
            assert!(matches!(error, Error::Timeout(Timeout::PerWrite)), "{error}");
        }
        assert_eq!((writes.load(Ordering::Relaxed), socket.is_open()), (1, false));
        assert_eq!(exchange.sent(), crate::Sent::Maybe);
    }
}
