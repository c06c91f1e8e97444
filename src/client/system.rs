//! The clock and the random numbers, both the operating system's.
//!
//! With the feature `test-hooks`, a test may put its own in their place. No build that leaves the house has it: a sign-in
//! with numbers that somebody knows is no sign-in.

use std::time::{SystemTime, UNIX_EPOCH};

use rand::{TryRng, rngs::SysRng};

use crate::error::{Error, ErrorKind, Result};

/// A test's clock: seconds since 1970.
#[cfg(feature = "test-hooks")]
pub(super) type Clock = std::sync::Arc<dyn Fn() -> i64 + Send + Sync>;
/// A test's random numbers: fills the bytes.
#[cfg(feature = "test-hooks")]
pub(super) type Random = std::sync::Arc<dyn Fn(&mut [u8]) -> Result<()> + Send + Sync>;

/// Where time and random numbers come from.
#[derive(Clone, Default)]
pub(super) struct System {
    #[cfg(feature = "test-hooks")]
    pub(super) clock: Option<Clock>,
    #[cfg(feature = "test-hooks")]
    pub(super) random: Option<Random>,
}

impl System {
    /// The time now, in seconds since 1970: for claims and cookies. Waits use the monotonic clock.
    pub(super) fn now(&self) -> i64 {
        #[cfg(feature = "test-hooks")]
        if let Some(clock) = &self.clock {
            return clock();
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    /// The time now, in milliseconds since 1970: for what is stored.
    pub(super) fn now_ms(&self) -> i64 {
        #[cfg(feature = "test-hooks")]
        if let Some(clock) = &self.clock {
            return clock().saturating_mul(1000);
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Three independent values of 256 bits, in this order: state, nonce, PKCE verifier. Nothing weaker than the
    /// operating system's numbers is ever used: without them there is no sign-in.
    pub(super) fn random(&self) -> Result<[[u8; 32]; 3]> {
        let mut values = [[0; 32]; 3];
        for value in &mut values {
            self.fill(value)?;
        }
        Ok(values)
    }

    /// Random bytes.
    pub(super) fn bytes<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes).map(|()| bytes)
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        #[cfg(feature = "test-hooks")]
        if let Some(random) = &self.random {
            return random(bytes);
        }
        SysRng.try_fill_bytes(bytes).map_err(|_| {
            Error::new(ErrorKind::Internal, "the operating system gave no random numbers")
                .with_advice("Check the system's entropy source; a sign-in without it would not be safe")
        })
    }
}
