//! Work on a thread of its own, which ends by its own limit, whatever becomes of who waits for it: a request that must not be
//! sent twice, and whose answer is good once. Who waits may give up, and ask again later; the result is kept until then.
//!
//! The thread lives as long as the work, and holds nothing of who waits.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
};

/// Work that was begun.
pub(super) struct Apart<T>(Arc<Place<T>>, Thread);

/// The thread, to be seen to its end by who takes its result: then nothing of ours runs any more, and what it wrote is seen
/// by whoever goes on, checkers of races included.
struct Thread {
    process: u32,
    handle: Mutex<Option<JoinHandle<()>>>,
}

impl Thread {
    /// Waits for the little that is left to do after the result was there.
    fn join(&self) {
        let handle = self.handle.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(handle) = handle {
            if self.process == std::process::id() {
                // A panic was seen by its missing result.
                let _ = handle.join();
            } else {
                // The child of a fork has no such thread, and must not ask the system for it.
                std::mem::forget(handle);
            }
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let handle = self.handle.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if self.process != std::process::id() {
            std::mem::forget(handle);
        }
    }
}

struct Place<T> {
    process: u32,
    state: Mutex<State<T>>,
    changed: Condvar,
}

enum State<T> {
    Working,
    Done(T),
    /// It panicked, or the result was taken.
    Gone,
}

impl<T> Place<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State<T>) {
        *self.lock() = state;
        self.changed.notify_all();
    }
}

impl<T: Send + 'static> Apart<T> {
    /// Begins. Errors: [`ErrorKind::NoThread`], and nothing was begun.
    pub(super) fn begin(name: &str, work: impl FnOnce() -> T + Send + 'static) -> Result<Self> {
        /// Says that nothing will come, if the work panics.
        struct Panics<T>(Arc<Place<T>>, bool);
        impl<T> Drop for Panics<T> {
            fn drop(&mut self) {
                if !self.1 {
                    self.0.set(State::Gone);
                }
            }
        }
        let process = std::process::id();
        let place = Arc::new(Place { process, state: Mutex::new(State::Working), changed: Condvar::new() });
        let mut panics = Panics(Arc::clone(&place), false);
        let begun = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let result = work();
            panics.1 = true;
            panics.0.set(State::Done(result));
        });
        match begun {
            Ok(handle) => Ok(Apart(place, Thread { process, handle: Mutex::new(Some(handle)) })),
            Err(_) => Err(Error::new(ErrorKind::NoThread, "the system has no thread for the request")
                .with_advice("Look at the limits of the process, and try again")),
        }
    }

    /// Waits for the result and takes it. Errors: [`ErrorKind::Cancelled`] and [`ErrorKind::Timeout`] of the call: then it goes
    /// on, and can be waited for again. [`ErrorKind::Internal`] when it panicked, or was begun before a fork.
    pub(super) fn wait(&self, call: &Call) -> Result<T> {
        let place = Arc::clone(&self.0);
        let _woken = call.token().on_cancel(move || {
            drop(place.lock());
            place.changed.notify_all();
        });
        let mut state = self.0.lock();
        loop {
            match std::mem::replace(&mut *state, State::Gone) {
                State::Done(result) => {
                    drop(state);
                    self.1.join();
                    return Ok(result);
                }
                State::Working if self.0.process == std::process::id() => *state = State::Working,
                State::Working | State::Gone => {
                    return Err(Error::new(ErrorKind::Internal, "the thread of the request ended without a result"));
                }
            }
            // A result that is there is taken, however late.
            call.check()?;
            state = self.0.changed.wait_timeout(state, call.remaining()).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether [`Apart::wait`] would return at once.
    pub(super) fn is_done(&self) -> bool {
        !matches!(*self.0.lock(), State::Working) || self.0.process != std::process::id()
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;
    use crate::{call::CancelToken, limits::DEFAULT_DEADLINE};

    #[test]
    fn who_gives_up_does_not_end_the_work() {
        let (go, told) = mpsc::channel();
        let work = Apart::begin("test", move || told.recv().unwrap()).unwrap();
        let token = CancelToken::new();
        token.cancel();
        assert_eq!(work.wait(&Call::new().cancel(&token)).unwrap_err().kind(), ErrorKind::Cancelled);
        let late = Call::new().timeout(Duration::ZERO).started(DEFAULT_DEADLINE);
        assert_eq!(work.wait(&late).unwrap_err().kind(), ErrorKind::Timeout);
        assert!(!work.is_done());
        go.send(7).unwrap();
        assert_eq!(work.wait(&Call::new()).unwrap(), 7);
        assert_eq!(work.wait(&Call::new()).unwrap_err().kind(), ErrorKind::Internal, "it is good once");
    }

    #[test]
    fn a_cancel_from_another_thread_ends_the_wait() {
        let (go, told) = mpsc::channel::<()>();
        let work = Arc::new(Apart::begin("test", move || told.recv()).unwrap());
        let token = CancelToken::new();
        let waiting = thread::spawn({
            let (work, call) = (Arc::clone(&work), Call::new().cancel(&token).timeout(Duration::from_secs(600)));
            move || work.wait(&call).unwrap_err().kind()
        });
        token.cancel();
        assert_eq!(waiting.join().unwrap(), ErrorKind::Cancelled);
        drop(go);
    }

    #[test]
    fn a_panic_is_told() {
        let work = Apart::begin("test", || if true { panic!("on purpose") } else { 0 }).unwrap();
        assert_eq!(work.wait(&Call::new()).unwrap_err().kind(), ErrorKind::Internal);
    }
}
