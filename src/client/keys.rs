//! The server's signing keys: fetched once per client, by one thread, and again when they are old or one is unknown.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::Inner;
use crate::{
    call::Call,
    error::Result,
    jose::KeySet,
    limits::MIN_KEYS_LIFETIME,
    oauth::{keys_lifetime, keys_reply, keys_request},
};

/// How often a thread that waits for another's fetch looks at its own cancel token.
const GLANCE: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(super) struct KeyCache {
    cache: Mutex<Cache>,
    fetched: Condvar,
}

#[derive(Default)]
struct Cache {
    keys: Option<(Arc<KeySet>, Instant)>,
    fetching: bool,
    refetched: Option<Instant>,
}

impl KeyCache {
    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that the fetch is over, however it ended.
struct Fetching<'a>(&'a KeyCache);

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        self.0.lock().fetching = false;
        self.0.fetched.notify_all();
    }
}

impl Inner {
    /// The key set: the cached one, or a fetched one.
    pub(super) fn keys(&self, call: &Call) -> Result<Arc<KeySet>> {
        self.keys_unless(|_| false, call)
    }

    /// A key set newer than `known`, or `None` when it is too soon to ask for one again. A fetch that failed does not
    /// count: the tokens that wait for it would be refused for a key that was never looked for. Too soon is less than
    /// [`MIN_KEYS_LIFETIME`]: tokens with invented key names must not become a storm of requests (oauth.md J3).
    pub(super) fn newer_keys(&self, known: &Arc<KeySet>, call: &Call) -> Result<Option<Arc<KeySet>>> {
        {
            let cache = self.keys.lock();
            let current = cache.keys.as_ref().is_some_and(|(keys, _)| Arc::ptr_eq(keys, known));
            if current && cache.refetched.is_some_and(|at| at.elapsed() < MIN_KEYS_LIFETIME) {
                return Ok(None);
            }
        }
        let keys = self.keys_unless(|keys| Arc::ptr_eq(keys, known), call)?;
        self.keys.lock().refetched = Some(Instant::now());
        Ok(Some(keys))
    }

    fn keys_unless(&self, stale: impl Fn(&Arc<KeySet>) -> bool, call: &Call) -> Result<Arc<KeySet>> {
        let mut cache = self.keys.lock();
        loop {
            if let Some((keys, until)) = &cache.keys
                && Instant::now() < *until
                && !stale(keys)
            {
                return Ok(Arc::clone(keys));
            }
            if !cache.fetching {
                break;
            }
            call.check()?;
            cache = self.keys.fetched.wait_timeout(cache, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        cache.fetching = true;
        drop(cache);
        // No lock is held while the transport (perhaps the app's own) runs.
        let _fetching = Fetching(&self.keys);
        let response = self.exchange(keys_request(&self.config.issuer), None, call)?;
        let keys = Arc::new(keys_reply(&response)?);
        let until = Instant::now() + keys_lifetime(&response);
        self.keys.lock().keys = Some((Arc::clone(&keys), until));
        Ok(keys)
    }
}
