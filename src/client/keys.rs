//! The server's signing keys: fetched once per client, by one thread, and again when they are old or do not verify a token.
//!
//! A set that is wrong (a key of the wrong use, a weak one, another one under the same name, none) costs one fetch more and
//! then fails for five minutes at most: it is not asked for more often, and not kept longer. The set that verified a token
//! last is kept beside it, for when none can be fetched.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::Inner;
use crate::{
    call::Call,
    error::Result,
    jose::KeySet,
    limits::{MAX_KEYS_LIFETIME, MIN_KEYS_LIFETIME},
    oauth::{keys_lifetime, keys_reply, keys_request},
};

/// How often a thread that waits for another's fetch looks at its own cancel token.
const GLANCE: Duration = Duration::from_millis(50);

#[derive(Default)]
pub(super) struct KeyCache {
    cache: Mutex<Cache>,
    fetched: Condvar,
}

/// What is known at a moment, without a clock of its own.
#[derive(Default)]
struct Cache {
    current: Option<Held>,
    /// What verified a token last.
    good: Option<Held>,
    fetching: bool,
    /// When a token led to a fetch last.
    refetched: Option<Instant>,
}

#[derive(Clone)]
struct Held {
    keys: Arc<KeySet>,
    since: Instant,
    lifetime: Duration,
}

impl Held {
    fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }

    fn is(&self, keys: &Arc<KeySet>) -> bool {
        Arc::ptr_eq(&self.keys, keys)
    }
}

impl Cache {
    /// The set that may be used, unless it is the one that did not help.
    fn fresh(&self, unwanted: Option<&Arc<KeySet>>, now: Instant) -> Option<Arc<KeySet>> {
        let held = self.current.as_ref().filter(|held| held.age(now) < held.lifetime)?;
        let wanted = unwanted.is_none_or(|unwanted| !held.is(unwanted));
        wanted.then(|| Arc::clone(&held.keys))
    }

    /// The set to fall back to when none can be fetched.
    fn last_good(&self, now: Instant) -> Option<Arc<KeySet>> {
        let good = self.good.as_ref().filter(|good| good.age(now) < good.lifetime + MAX_KEYS_LIFETIME)?;
        Some(Arc::clone(&good.keys))
    }

    /// Whether a token that `known` did not verify may lead to a fetch, or finds a newer set here.
    fn may_refetch(&self, known: &Arc<KeySet>, now: Instant) -> bool {
        let current = self.current.as_ref().is_some_and(|held| held.is(known));
        let recent = self.refetched.is_some_and(|at| now.saturating_duration_since(at) < MIN_KEYS_LIFETIME);
        !(current && recent)
    }

    fn fetched(&mut self, keys: &Arc<KeySet>, lifetime: Duration, for_a_token: bool, now: Instant) {
        self.current = Some(Held { keys: Arc::clone(keys), since: now, lifetime });
        if for_a_token {
            self.refetched = Some(now);
        }
    }

    fn was_good(&mut self, keys: &Arc<KeySet>) {
        if let Some(held) = self.current.as_ref().filter(|held| held.is(keys)) {
            self.good = Some(held.clone());
        }
    }

    fn was_bad(&mut self, keys: &Arc<KeySet>) {
        if let Some(held) = self.current.as_mut().filter(|held| held.is(keys)) {
            held.lifetime = held.lifetime.min(MIN_KEYS_LIFETIME);
        }
    }
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
    /// The key set: the cached one, or a fetched one; the last good one when none can be fetched.
    pub(super) fn keys(&self, call: &Call) -> Result<Arc<KeySet>> {
        self.keys_other_than(None, call)
    }

    /// A key set newer than `known`, which did not verify a token, or `None` when it is too soon to ask for one again. A
    /// fetch that failed does not count: the tokens that wait for it would be refused for a key that was never looked for.
    /// Too soon is less than [`MIN_KEYS_LIFETIME`]: tokens with invented keys must not become a storm of requests
    /// (oauth.md J3).
    pub(super) fn newer_keys(&self, known: &Arc<KeySet>, call: &Call) -> Result<Option<Arc<KeySet>>> {
        if !self.keys.get().lock().may_refetch(known, Instant::now()) {
            return Ok(None);
        }
        self.keys_other_than(Some(known), call).map(Some)
    }

    /// The set verified a token.
    pub(super) fn keys_were_good(&self, keys: &Arc<KeySet>) {
        self.keys.get().lock().was_good(keys);
    }

    /// The set did not verify a token: it is not kept long.
    pub(super) fn keys_were_bad(&self, keys: &Arc<KeySet>) {
        self.keys.get().lock().was_bad(keys);
    }

    fn keys_other_than(&self, unwanted: Option<&Arc<KeySet>>, call: &Call) -> Result<Arc<KeySet>> {
        let own = self.keys.get();
        let mut cache = own.lock();
        loop {
            if let Some(keys) = cache.fresh(unwanted, Instant::now()) {
                return Ok(keys);
            }
            if !cache.fetching {
                break;
            }
            call.check()?;
            cache = own.fetched.wait_timeout(cache, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        cache.fetching = true;
        drop(cache);
        // No lock is held while the transport (perhaps the app's own) runs.
        let _fetching = Fetching(own);
        let fetched = self.exchange(keys_request(self.keys_url()), None, call).and_then(|response| {
            let keys = Arc::new(keys_reply(&response)?);
            Ok((keys, keys_lifetime(&response)))
        });
        match fetched {
            Ok((keys, lifetime)) => {
                own.lock().fetched(&keys, lifetime, unwanted.is_some(), Instant::now());
                Ok(keys)
            }
            Err(error) => {
                // A call that was ended is ended. And a token that waits for other keys is not to be refused for the old ones.
                call.check()?;
                let fallback = own.lock().last_good(Instant::now());
                fallback.filter(|_| unwanted.is_none()).ok_or(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3600);

    fn set() -> Arc<KeySet> {
        Arc::default()
    }

    #[test]
    fn a_set_that_did_not_help_is_kept_five_minutes_and_asked_for_once_in_them() {
        let (begin, first, second) = (Instant::now(), set(), set());
        let mut cache = Cache::default();
        cache.fetched(&first, 24 * HOUR, false, begin);
        assert!(cache.fresh(None, begin + 23 * HOUR).is_some());
        cache.was_bad(&first);
        assert!(cache.may_refetch(&first, begin), "the first token that does not verify leads to a fetch at once");
        assert!(cache.fresh(Some(&first), begin).is_none());
        cache.fetched(&second, 24 * HOUR, true, begin + MINUTE);
        cache.was_bad(&second);
        assert!(!cache.may_refetch(&second, begin + 5 * MINUTE));
        assert!(cache.may_refetch(&first, begin + 2 * MINUTE), "another thread finds the newer set here");
        assert!(cache.fresh(None, begin + 5 * MINUTE).is_some());
        assert!(cache.fresh(None, begin + 6 * MINUTE).is_none(), "and then it is fetched again");
        assert!(cache.may_refetch(&second, begin + 6 * MINUTE));
    }

    #[test]
    fn the_last_good_set_is_there_when_none_can_be_fetched() {
        let (begin, good, bad) = (Instant::now(), set(), set());
        let mut cache = Cache::default();
        cache.fetched(&good, HOUR, false, begin);
        assert!(cache.last_good(begin).is_none(), "it has verified nothing yet");
        cache.was_good(&good);
        cache.fetched(&bad, HOUR, true, begin + HOUR);
        cache.was_bad(&bad);
        let fallback = cache.last_good(begin + 3 * HOUR).expect("the one before");
        assert!(Arc::ptr_eq(&fallback, &good));
        assert!(cache.last_good(begin + 25 * HOUR).is_none(), "a day after its end it is too old");
    }
}
