//! One flow for several threads, as the faces to other languages need it: one call at a time, and what is only looked at
//! is never busy.
//!
//! The flow is taken out while a call works on it, so no lock is held when the app's code runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::{
    Client, Flow,
    next::{is_at, screen_at},
};
use crate::{
    error::{Error, ErrorKind, Result},
    flow::{Snapshot, State},
    http::Cookies,
    idx::Step,
    screen::{Ending, Screen},
};

/// A flow, and beside it what can be looked at while a call works on it.
pub(crate) struct SharedFlow {
    flow: Mutex<Place>,
    seen: RwLock<Seen>,
    rest: Resting,
}

/// Where a flow came to rest last: what `save` writes while a call works on it, so that an app which must save at once need
/// not wait for a poll.
#[derive(Clone)]
pub(super) struct Resting(Arc<Mutex<Option<Rest>>>);

struct Rest {
    client: Client,
    state: State,
    cookies: Cookies,
}

impl Resting {
    pub(super) fn new(client: &Client, state: &State, cookies: &Cookies) -> Self {
        let rest = Rest { client: client.clone(), state: state.clone(), cookies: cookies.clone() };
        Resting(Arc::new(Mutex::new(Some(rest))))
    }

    pub(super) fn at(&self, state: &State, cookies: &Cookies) {
        if let Some(rest) = &mut *self.lock() {
            rest.state = state.clone();
            rest.cookies = cookies.clone();
        }
    }

    fn save(&self) -> Result<Snapshot> {
        let rest = self.lock();
        let rest = rest.as_ref().ok_or_else(lost)?;
        Snapshot::write(&rest.client.0.config, &rest.state, rest.cookies.all())
    }

    /// Of a flow that is lost nothing stays: neither its secrets, nor what its client holds of the app's.
    fn let_go(&self) {
        // The app's code runs when the last of a client goes: not under the lock.
        let rest = self.lock().take();
        drop(rest);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Rest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Place {
    Here(Box<Flow>),
    /// A call works on it.
    Out,
    /// The call that worked on it panicked.
    Lost,
}

/// What is seen of a flow: as of the last call that ended, or the step that a call under way has come to.
#[derive(Default)]
pub(crate) struct Seen {
    pub step: Option<Step>,
    pub form: Option<Step>,
    pub complete: bool,
    #[cfg(feature = "capi")]
    pub finished: bool,
    pub requests: u64,
    /// How it ended.
    pub ending: Option<Ending>,
    /// Why the storage does not have it as it is.
    pub storage_trouble: Option<Error>,
    /// When it was stored last.
    pub kept_at: Option<std::time::Duration>,
    polled: bool,
}

impl Seen {
    /// As [`Flow::screen`]; `None` without a step.
    pub(crate) fn screen(&self) -> Option<Screen> {
        Some(screen_at(self.step.as_ref()?, self.polled))
    }

    /// As [`Flow::is_at`].
    pub(crate) fn is_at(&self, screen: &Screen) -> bool {
        is_at(screen, self.step.as_ref(), self.form.as_ref(), self.polled)
    }
}

impl SharedFlow {
    pub(crate) fn new(flow: Flow) -> Self {
        let shared = SharedFlow { flow: Mutex::new(Place::Out), seen: RwLock::default(), rest: flow.rest.clone() };
        shared.put_back(Box::new(flow));
        shared
    }

    /// Lets one call work on the flow. Errors: `Busy`, `Internal` after a panic, and those of the call.
    pub(crate) fn during<T>(&self, call: impl FnOnce(&mut Flow) -> Result<T>) -> Result<T> {
        /// Says what became of the flow, if the call does not come back.
        struct Panics<'a>(Option<&'a SharedFlow>);
        impl Drop for Panics<'_> {
            fn drop(&mut self) {
                if let Some(shared) = self.0 {
                    *shared.lock() = Place::Lost;
                    shared.rest.let_go();
                }
            }
        }
        let mut flow = self.take()?;
        let mut panics = Panics(Some(self));
        let result = call(&mut flow);
        panics.0 = None;
        self.put_back(flow);
        result
    }

    /// Saves the flow where it came to rest last; never busy. Errors: as [`Flow::save`]; `Internal` after a panic.
    pub(crate) fn save(&self) -> Result<Snapshot> {
        self.rest.save()
    }

    /// The step that a call under way has come to.
    pub(crate) fn comes_to(&self, step: &Step) {
        self.seen.write().unwrap_or_else(PoisonError::into_inner).step = Some(step.clone());
    }

    pub(crate) fn look<T>(&self, read: impl FnOnce(&Seen) -> T) -> T {
        read(&self.seen.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn lock(&self) -> MutexGuard<'_, Place> {
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Box<Flow>> {
        let mut place = self.lock();
        match std::mem::replace(&mut *place, Place::Out) {
            Place::Here(flow) => Ok(flow),
            Place::Out => Err(Error::new(ErrorKind::Busy, "the flow is in a call already")
                .with_advice("A flow does one call at a time; wait for the other one, or cancel it")),
            Place::Lost => {
                *place = Place::Lost;
                Err(lost())
            }
        }
    }

    fn put_back(&self, flow: Box<Flow>) {
        let seen = Seen {
            step: flow.step().ok().cloned(),
            form: flow.form_step().cloned(),
            complete: flow.is_complete(),
            #[cfg(feature = "capi")]
            finished: flow.is_finished(),
            requests: flow.requests(),
            ending: flow.ending(),
            storage_trouble: flow.storage_trouble().cloned(),
            kept_at: flow.kept_at(),
            polled: flow.polled,
        };
        let before = std::mem::replace(&mut *self.seen.write().unwrap_or_else(PoisonError::into_inner), seen);
        *self.lock() = Place::Here(flow);
        drop(before);
    }
}

fn lost() -> Error {
    Error::new(ErrorKind::Internal, "the flow was lost by a bug of the library")
        .with_advice("Start again, and please report the first error")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::Call,
        http::{Request, Response, Transport},
        oauth::StartOptions,
    };

    struct Server;

    impl Transport for Server {
        fn send(&self, request: &Request, _: &Call) -> Result<Response> {
            let body = match request.url.ends_with("/interact") {
                true => r#"{"interaction_handle":"handle-1"}"#,
                false => {
                    r#"{"version":"1.0.0","remediation":{"value":[{"name":"identify","href":"https://a.example/x","method":"POST"}]}}"#
                }
            };
            Ok(Response::new(200, body).header("Content-Type", "application/json"))
        }
    }

    #[test]
    fn saving_is_never_busy() {
        let builder = Client::builder("https://a.example", "0oa1", "com.example:/cb").transport(Arc::new(Server));
        let flow = builder.build().unwrap().start(StartOptions::default(), &Call::new()).unwrap();
        let at_rest = flow.save().unwrap();
        let shared = SharedFlow::new(flow);
        let (before, after) = shared
            .during(|flow| {
                assert_eq!(shared.during(|_| Ok(())).unwrap_err().kind(), ErrorKind::Busy);
                let before = shared.save()?;
                flow.restart(&Call::new())?;
                Ok((before, shared.save()?))
            })
            .unwrap();
        assert!(before == at_rest && after != at_rest, "it is where the flow came to rest last, also within a call");
        assert!(after == shared.save().unwrap());
    }
}
