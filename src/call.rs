//! What every waiting call takes: a cancel token and a deadline.
//!
//! A [`Call`] is cheap to make and to clone. Keep a clone of its [`CancelToken`] to stop the call from another thread;
//! it returns within 200 ms with [`ErrorKind::Cancelled`](crate::ErrorKind), and the flow is where it was.

use std::{
    fmt,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    error::{Error, ErrorKind, Result},
    limits::DEFAULT_DEADLINE,
};

/// A cancel token and a time limit for one call.
///
/// The time runs from the beginning of each call it is given to; [`Call::started`] fixes the moment instead, which is
/// what a transport receives, so that several requests of one call share one deadline.
///
/// ```
/// use interaction_code::{Call, CancelToken};
/// use std::time::Duration;
/// let token = CancelToken::new();
/// let call = Call::new().cancel(&token).timeout(Duration::from_secs(10));
/// token.cancel(); // from any thread
/// assert!(call.check().is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Call {
    cancel: CancelToken,
    limit: Limit,
}

#[derive(Clone, Copy, Debug)]
enum Limit {
    /// The default of whatever is called: 30 s for one exchange, five minutes for waiting on a person.
    Default,
    Within(Duration),
    Until(Instant),
}

impl Default for Call {
    fn default() -> Self {
        Call::new()
    }
}

impl Call {
    /// No cancel token of the app's, and the default deadline: 30 s, or five minutes where a person is waited for.
    pub fn new() -> Self {
        Call { cancel: CancelToken::new(), limit: Limit::Default }
    }

    /// Uses this token; cancelling it ends the call.
    #[must_use]
    pub fn cancel(mut self, token: &CancelToken) -> Self {
        self.cancel = token.clone();
        self
    }

    /// Ends the call with [`ErrorKind::Timeout`] after this long.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = Limit::Within(limit);
        self
    }

    /// Ends the call with [`ErrorKind::Timeout`] at this moment.
    #[must_use]
    pub fn deadline(mut self, at: Instant) -> Self {
        self.limit = Limit::Until(at);
        self
    }

    /// The token of this call.
    pub fn token(&self) -> &CancelToken {
        &self.cancel
    }

    /// The same call with its deadline fixed, counted from now. `default` applies where the app set no limit.
    #[must_use]
    pub fn started(&self, default: Duration) -> Call {
        let now = Instant::now();
        let at = match self.limit {
            Limit::Default => now.checked_add(default),
            Limit::Within(limit) => now.checked_add(limit),
            Limit::Until(at) => Some(at),
        };
        // A limit beyond what the clock can express is no limit worth keeping: a century is as good.
        let at = at.unwrap_or_else(|| now + Duration::from_secs(100 * 365 * 24 * 3600));
        Call { cancel: self.cancel.clone(), limit: Limit::Until(at) }
    }

    /// How much time is left; zero when the deadline has passed.
    pub fn remaining(&self) -> Duration {
        match self.limit {
            Limit::Default => DEFAULT_DEADLINE,
            Limit::Within(limit) => limit,
            Limit::Until(at) => at.saturating_duration_since(Instant::now()),
        }
    }

    /// `Err` with [`ErrorKind::Cancelled`] or [`ErrorKind::Timeout`] when the call must stop now.
    pub fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            Err(Error::new(ErrorKind::Cancelled, "the call was cancelled")
                .with_advice("The flow is where it was and can go on"))
        } else if self.remaining().is_zero() {
            Err(Error::new(ErrorKind::Timeout, "the deadline of the call has passed")
                .with_advice("The flow is where it was; call again with more time"))
        } else {
            Ok(())
        }
    }

    /// Sleeps for `wait`, or until the deadline or a cancel, whichever is first; then as [`Call::check`].
    pub fn sleep(&self, wait: Duration) -> Result<()> {
        self.cancel.wait(wait.min(self.remaining()));
        self.check()
    }
}

/// A switch that ends a call from any thread, once and for good.
///
/// Clones share the switch. Cancelling twice is harmless.
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Switch>);

type Waker = Box<dyn Fn() + Send>;

#[derive(Default)]
struct Switch {
    cancelled: AtomicBool,
    wakers: Mutex<Wakers>,
    changed: Condvar,
}

#[derive(Default)]
struct Wakers {
    next: u64,
    list: Vec<(u64, Waker)>,
}

impl Switch {
    fn wakers(&self) -> MutexGuard<'_, Wakers> {
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CancelToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends every call that has this token, now and in future. From any thread, any number of times.
    pub fn cancel(&self) {
        let woken = {
            let mut wakers = self.0.wakers();
            self.0.cancelled.store(true, Ordering::Release);
            std::mem::take(&mut wakers.list)
        };
        self.0.changed.notify_all();
        // The wakers are foreign code (a transport's); no lock is held while they run.
        for (_, waker) in woken {
            waker();
        }
    }

    /// Whether [`CancelToken::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
    }

    /// Waits until the token is cancelled, `limit` at most. Returns whether it is cancelled.
    pub fn wait(&self, limit: Duration) -> bool {
        let guard = self.0.wakers();
        let (guard, _) = self
            .0
            .changed
            .wait_timeout_while(guard, limit, |_| !self.is_cancelled())
            .unwrap_or_else(PoisonError::into_inner);
        drop(guard);
        self.is_cancelled()
    }

    /// Runs `waker` once when the token is cancelled (at once if it already is), on the cancelling thread, unless the
    /// returned [`Registration`] was dropped before. For transports: shut the socket down there. It must not block.
    pub fn on_cancel(&self, waker: impl Fn() + Send + 'static) -> Registration {
        let mut wakers = self.0.wakers();
        if self.is_cancelled() {
            drop(wakers);
            waker();
            return Registration { switch: Arc::clone(&self.0), id: None };
        }
        let id = wakers.next;
        wakers.next += 1;
        wakers.list.push((id, Box::new(waker)));
        drop(wakers);
        Registration { switch: Arc::clone(&self.0), id: Some(id) }
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("cancelled", &self.is_cancelled()).finish()
    }
}

/// Keeps a waker registered; dropping it removes the waker.
#[must_use = "the waker is removed when this is dropped"]
pub struct Registration {
    switch: Arc<Switch>,
    id: Option<u64>,
}

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let mut wakers = self.switch.wakers();
            let found = wakers.list.iter().position(|(other, _)| *other == id);
            let removed = found.map(|index| wakers.list.swap_remove(index));
            drop(wakers);
            // Dropped here, outside the lock: it may own a socket.
            drop(removed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn cancel_wakes_a_sleeper_from_another_thread() {
        let call = Call::new().timeout(Duration::from_secs(60)).started(DEFAULT_DEADLINE);
        let token = call.token().clone();
        let sleeper = std::thread::spawn(move || call.sleep(Duration::from_secs(60)).unwrap_err().kind());
        token.cancel();
        assert_eq!(sleeper.join().unwrap(), ErrorKind::Cancelled);
    }

    #[test]
    fn wakers_run_once_and_not_after_their_registration_is_gone() {
        let count = Arc::new(AtomicUsize::new(0));
        let add = |count: &Arc<AtomicUsize>| {
            let count = Arc::clone(count);
            move || {
                count.fetch_add(1, Ordering::Relaxed);
            }
        };
        let token = CancelToken::new();
        let kept = token.on_cancel(add(&count));
        drop(token.on_cancel(add(&count)));
        token.cancel();
        token.cancel();
        drop(token.on_cancel(add(&count)));
        drop(kept);
        assert_eq!(count.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn deadlines_pass_and_absurd_ones_are_kept_in_range() {
        let over = Call::new().timeout(Duration::ZERO).started(DEFAULT_DEADLINE);
        assert_eq!(over.check().unwrap_err().kind(), ErrorKind::Timeout);
        assert!(Call::new().timeout(Duration::MAX).started(DEFAULT_DEADLINE).check().is_ok());
    }
}
