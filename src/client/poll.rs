//! Waiting for something that happens elsewhere: a push, a link in a mail, an app being set up (idx.md section 5.7).
//!
//! One request is in flight at a time; the server's newest interval is kept to, within limits; loss of network is
//! tolerated until the deadline. The wait ends when the step changes, and a number that the person must choose in their
//! app reaches the observer before the first wait and whenever it changes.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use super::Flow;
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    flow::{Event, StepAction},
    idx::Step,
    limits::{DEFAULT_RATE_LIMIT_WAIT, DEFAULT_WAIT_DEADLINE},
};

/// The least time between two looks of an observer, so that a careless one does not spin.
const SHORTEST_GLANCE: Duration = Duration::from_millis(10);

/// What is being waited for; given to the observer before each poll, and in between when it asks.
#[derive(Debug)]
pub struct Waiting<'a> {
    /// The step that is waited on.
    pub step: &'a Step,
    /// The number that the person must choose in their app. Always show it.
    pub number: Option<Cow<'a, str>>,
    /// How long until the next poll.
    pub interval: Duration,
    /// How long until the call's deadline.
    pub remaining: Duration,
    /// Why the last poll failed, when it did; the wait goes on.
    pub trouble: Option<&'a Error>,
}

/// What the observer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Wait on; look again at the next poll.
    Continue,
    /// Wait on; look again after this long, or at the next poll when that is earlier. For a countdown, or to notice soon
    /// that the person wants another way.
    ContinueFor(Duration),
    /// Stop polling and hand the step back: the person wants another way.
    Ask,
}

impl Flow {
    /// Waits until the step changes, and returns the new one. Without a deadline in `call`: five minutes.
    ///
    /// Errors: [`ErrorKind::NotFound`] when the step cannot be polled, [`ErrorKind::Timeout`], [`ErrorKind::Cancelled`],
    /// and answers of the server that polling again cannot change.
    pub fn poll(&mut self, call: &Call) -> Result<&Step> {
        self.poll_while(call, &mut |_| Ok(Wait::Continue))
    }

    /// As [`Flow::poll`], telling `observe` before each poll what is being waited for. Returns the step: the changed
    /// one, or the same when the observer stopped the wait. An error of the observer's ends the wait with it.
    pub fn poll_while(&mut self, call: &Call, observe: &mut dyn FnMut(&Waiting<'_>) -> Result<Wait>) -> Result<&Step> {
        let call = call.started(DEFAULT_WAIT_DEADLINE);
        let mut trouble: Option<Error> = None;
        let before = self.step()?.clone();
        loop {
            let step = self.step()?.clone();
            let Some((_, interval)) = step.poll() else {
                return Err(Error::new(ErrorKind::NotFound, "this step has nothing to poll")
                    .with_advice("Answer it; the step says whether it can be polled"));
            };
            let interval = trouble.as_ref().and_then(Error::retry_after).unwrap_or(interval);
            let next_poll = Instant::now() + interval;
            loop {
                let interval = next_poll.saturating_duration_since(Instant::now());
                let (number, remaining) = (step.number_challenge(), call.remaining());
                match observe(&Waiting { step: &step, number, interval, remaining, trouble: trouble.as_ref() })? {
                    Wait::Ask => return self.step(),
                    Wait::ContinueFor(glance) if glance < interval => call.sleep(glance.max(SHORTEST_GLANCE))?,
                    Wait::Continue | Wait::ContinueFor(_) => {
                        call.sleep(interval)?;
                        break;
                    }
                }
            }
            match self.drive(Event::Act(StepAction::Poll), &call) {
                Ok(_) if self.is_complete() || !before.asks_the_same_as(self.step()?) => return self.step(),
                Ok(_) => trouble = None,
                Err(error) => {
                    call.check()?;
                    trouble = Some(tolerated(error)?);
                }
            }
        }
    }
}

/// An error that polling again may outlive; `Err` for any other.
fn tolerated(error: Error) -> Result<Error> {
    match error.kind() {
        ErrorKind::Offline | ErrorKind::Network | ErrorKind::Timeout => Ok(error),
        ErrorKind::RateLimited => {
            let wait = error.retry_after().unwrap_or(DEFAULT_RATE_LIMIT_WAIT);
            Ok(error.with_retry_after(Some(wait)))
        }
        _ if error.http_status().is_some_and(|status| status >= 500) => Ok(error),
        _ => Err(error),
    }
}
