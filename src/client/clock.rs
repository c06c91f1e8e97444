//! How far the server's clock is ahead of this device's, by the `Date` of its answers. It explains why a token's times are
//! wrong, and dates what is sent; it never makes a token good.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::{http::Response, oauth::rate_limit::server_time};

/// No answer had a `Date` yet.
const UNKNOWN: i64 = i64::MIN;

/// The difference as of the last answer that told it.
pub(super) struct ServerClock(AtomicI64);

impl Default for ServerClock {
    fn default() -> Self {
        ServerClock(AtomicI64::new(UNKNOWN))
    }
}

impl ServerClock {
    /// An answer came when this device's clock said `now`.
    pub(super) fn saw(&self, response: &Response, now: i64) {
        if let Some(time) = server_time(response) {
            self.0.store(time.saturating_sub(now).max(UNKNOWN + 1), Ordering::Relaxed);
        }
    }

    /// How many seconds the server is ahead; negative when it is behind.
    pub(super) fn ahead(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|ahead| *ahead != UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_date_counts_and_nonsense_does_not() {
        let clock = ServerClock::default();
        let answer = |date: &str| Response::new(200, *b"").header("Date", date);
        clock.saw(&Response::new(200, *b""), 0);
        clock.saw(&answer("yesterday"), 0);
        assert_eq!(clock.ahead(), None);
        clock.saw(&answer("Fri, 20 Nov 2026 10:00:00 GMT"), 1_795_168_700);
        assert_eq!(clock.ahead(), Some(100));
        clock.saw(&answer("Fri, 20 Nov 2026 10:00:00 GMT"), 1_795_168_801);
        assert_eq!(clock.ahead(), Some(-1));
        clock.saw(&answer("Fri, 20 Nov 2026 10:00:00 GMT"), i64::MAX);
        assert_eq!(clock.ahead(), Some(1_795_168_800 - i64::MAX));
    }
}
