//! The redemption of a code: sent once, so its answer must not be lost.
//!
//! It runs on a thread of its own and ends by its own limit. Who waits for it may cancel or run out of time: the answer is kept,
//! and the next [`Flow::finish`] takes it. Only [`Flow::restart`] gives it up. When the connection was not even made, the code is
//! still good.

use std::sync::Arc;

use super::{Flow, apart::Apart, exchange::Whose};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result, Sent},
    flow::{Effect, Event, Phase, Redemption, State, transition},
    http::{Cookies, Response},
    limits::REDEMPTION_DEADLINE,
    oauth::Form,
};

/// A redemption that is under way, and the cookies that come back with it.
pub(super) type Redeeming = Apart<(Result<Response>, Cookies)>;

/// Whether the token request is under way.
pub(super) fn is_sent(state: &State) -> bool {
    matches!(state.phase, Phase::Complete { redemption: Redemption::Sent(_), .. })
}

impl Flow {
    /// Sends the token request; `state` is that of a redemption that is sent.
    pub(super) fn redeem(&mut self, state: State, form: Form, call: &Call) -> Result<()> {
        self.state = state;
        let client = Arc::clone(&self.client.0);
        let begun = call.check().and_then(|()| {
            let (transaction, mut cookies) = (Arc::clone(&self.state.transaction), self.cookies.clone());
            let own = Call::new().timeout(REDEMPTION_DEADLINE.max(call.remaining())).started(REDEMPTION_DEADLINE);
            Apart::begin("interaction-code-redeem", move || {
                let whose = Whose { cookies: &mut cookies, device: &transaction.options.device };
                let outcome = client.post(&form, Some(whose), &own);
                (outcome, cookies)
            })
        });
        match begun {
            Ok(redeeming) => {
                self.requests += 1;
                self.redeeming = Some(redeeming);
                self.redeemed(call)
            }
            Err(error) => self.settle(Err(error)),
        }
    }

    /// Waits for the redemption that is under way. Errors: that of the redemption; when the call ended first, its own, and the
    /// redemption goes on.
    fn redeemed(&mut self, call: &Call) -> Result<()> {
        let Some(redeeming) = &self.redeeming else { return Ok(()) };
        let (outcome, cookies) = match redeeming.wait(call) {
            Ok(came) => came,
            Err(error) if error.kind() == ErrorKind::Internal => {
                (Err(error.with_sent(Sent::Maybe)), self.cookies.clone())
            }
            Err(error) => {
                return Err(Error::new(error.kind(), error.text())
                    .with_sent(Sent::Maybe)
                    .with_advice("The code is being redeemed, and the answer will be kept: call finish again"));
            }
        };
        self.cookies = cookies;
        self.settle(outcome)
    }

    /// Before an event is taken: `true` when a redemption that is under way has answered to it.
    pub(super) fn is_redeeming(&mut self, event: &Event, call: &Call) -> Result<bool> {
        let Some(redeeming) = &self.redeeming else { return Ok(false) };
        match event {
            Event::Redeem => return self.redeemed(call).map(|()| true),
            Event::Restart(_) => {
                // Given up: what comes of it is nobody's. The error is not told, as nobody waits for it.
                let given_up = Error::new(ErrorKind::Cancelled, "the redemption was given up").with_sent(Sent::Maybe);
                let _ = self.settle(Err(given_up));
            }
            _ if redeeming.is_done() => {
                // What it came to decides what the event can do.
                let _ = self.redeemed(call);
            }
            _ => {}
        }
        Ok(false)
    }

    /// Tells the machine how the request ended.
    fn settle(&mut self, outcome: Result<Response>) -> Result<()> {
        self.redeeming = None;
        let (event, failed) = match outcome {
            Ok(response) => (Event::Reply(Box::new(response)), None),
            Err(error) => (Event::Failed(error.sent()), Some(error)),
        };
        let (state, effect) = transition(&self.client.0.config, &self.state, event)?;
        self.state = state;
        match (effect, failed) {
            (Effect::Fail(error), _) | (_, Some(error)) => Err(error),
            _ => Ok(()),
        }
    }
}
