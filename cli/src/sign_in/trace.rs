//! A transport around the transport: it counts, and tells each exchange in a line where that is asked for. Never a body,
//! a header or a query.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use interaction_code::{
    Call, Result,
    http::{Request, Response, Transport},
    oauth::path_of,
};

use crate::term::{Screen, clean, style};

/// How many requests were made.
#[derive(Default)]
pub struct Meter {
    all: AtomicU64,
    keys: AtomicU64,
}

impl Meter {
    /// The requests, but not those for keys.
    pub fn requests(&self) -> u64 {
        self.all.load(Ordering::Relaxed).saturating_sub(self.key_requests())
    }

    /// The requests for keys.
    pub fn key_requests(&self) -> u64 {
        self.keys.load(Ordering::Relaxed)
    }
}

/// See the [module](self).
pub struct Traced<T> {
    inner: T,
    meter: Arc<Meter>,
    screen: Option<Arc<Screen>>,
}

impl<T: Transport> Traced<T> {
    /// Around `inner`; tells on `screen` when there is one.
    pub fn new(inner: T, meter: Arc<Meter>, screen: Option<Arc<Screen>>) -> Self {
        Traced { inner, meter, screen }
    }
}

impl<T: Transport> Transport for Traced<T> {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        let path = path_of(&request.url);
        self.meter.all.fetch_add(1, Ordering::Relaxed);
        if path.ends_with("/v1/keys") {
            self.meter.keys.fetch_add(1, Ordering::Relaxed);
        }
        let started = Instant::now();
        let result = self.inner.send(request, call);
        if let Some(screen) = &self.screen {
            let what = match &result {
                Ok(response) => response.status.to_string(),
                Err(error) => error.kind().to_string(),
            };
            let id = result.as_ref().ok().and_then(Response::request_id).unwrap_or("-");
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let line = format!("{} {path} {what} {} ms {id}", request.method.as_str(), started.elapsed().as_millis());
            screen.line(&style::paint(style::DIM, &clean(&line)));
        }
        result
    }
}
