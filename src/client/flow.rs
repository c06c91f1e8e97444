//! One sign-in, pulled by the app: look at the step, answer it, go on.

use std::{fmt, sync::Arc};

use super::{
    Client,
    exchange::Whose,
    keep::{Kept, is_unknown},
    next::Given,
    redeem::{Redeeming, is_sent},
};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    flow::{Effect, Event, Phase, Redemption, Snapshot, State, StepAction, transition},
    http::Cookies,
    idx::{Answer, Step},
    limits::DEFAULT_DEADLINE,
    secret::Secret,
};

/// One sign-in. Made by [`Client::start`] or [`Client::restore`].
///
/// The flow is always at a step, or complete. Every call that waits takes a [`Call`]; on an error the flow is where it
/// was and the same call can be made again, except after [`Sent::Maybe`](crate::Sent): then ask the server first ([`Flow::refresh`]).
pub struct Flow {
    pub(super) client: Client,
    pub(super) state: State,
    pub(super) cookies: Cookies,
    pub(super) requests: u64,
    pub(super) kept: Kept,
    /// Whether the last thing that reached the server was a poll.
    pub(super) polled: bool,
    pub(super) given: Given,
    /// The redemption that is under way, on a thread of its own.
    pub(super) redeeming: Option<Redeeming>,
    #[cfg(any(feature = "capi", feature = "uniffi"))]
    pub(super) rest: super::shared::Resting,
}

impl Flow {
    pub(super) fn new(client: Client, state: State, cookies: Cookies) -> Self {
        Flow {
            #[cfg(any(feature = "capi", feature = "uniffi"))]
            rest: super::shared::Resting::new(&client, &state, &cookies),
            client,
            state,
            cookies,
            requests: 0,
            kept: Kept::default(),
            polled: false,
            given: None,
            redeeming: None,
        }
    }

    /// What the server asks now. Errors: [`ErrorKind::InvalidState`] when the flow is complete without a step (after a
    /// callback brought the code, or after `finish`).
    pub fn step(&self) -> Result<&Step> {
        self.state.step().ok_or_else(|| {
            let text = format!("the flow is {} and has no step", self.state.phase.as_str());
            Error::new(ErrorKind::InvalidState, text)
                .with_advice("Call finish when it is complete, restart when it is over")
        })
    }

    /// The last step that could be answered. It is [`Flow::step`], except after a refusal that came without a form:
    /// then its form is still here and can be sent again.
    pub fn form_step(&self) -> Option<&Step> {
        self.state.form()
    }

    /// Whether the interaction code is here, so that [`Flow::finish`] can redeem it.
    pub fn is_complete(&self) -> bool {
        let Phase::Complete { redemption, .. } = &self.state.phase else { return false };
        matches!(redemption, Redemption::Ready(_) | Redemption::Sent(_) | Redemption::Redeemed(_))
    }

    /// Whether the tokens were given: nothing is left to do.
    pub fn is_finished(&self) -> bool {
        matches!(self.state.phase, Phase::Complete { redemption: Redemption::Verified, .. })
    }

    /// How many requests this flow has made, polls included, the fetch of the keys not.
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// The client that the flow belongs to.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends an answer and returns the next step. A 4xx with a form in it is a step with messages, not an error.
    ///
    /// Errors: [`ErrorKind::InvalidAnswer`] and [`ErrorKind::ForeignOrigin`] before anything is sent; then those of the
    /// transport and of the server. Nothing is retried.
    pub fn proceed(&mut self, answer: Answer, call: &Call) -> Result<&Step> {
        self.given = None;
        self.stepped(Event::Submit(answer), call)
    }

    /// Asks the server for the current step (`introspect`). Safe at any time, and the way to learn whether an answer of
    /// which the reply was lost has arrived.
    pub fn refresh(&mut self, call: &Call) -> Result<&Step> {
        self.stepped(Event::Refresh, call)
    }

    /// Sends the code or the push again. Errors: [`ErrorKind::NotFound`] when the step does not offer it.
    pub fn resend(&mut self, call: &Call) -> Result<&Step> {
        self.stepped(Event::Act(StepAction::Resend), call)
    }

    /// Sends the code, where the step offers that as an action. Errors: [`ErrorKind::NotFound`].
    pub fn send(&mut self, call: &Call) -> Result<&Step> {
        self.stepped(Event::Act(StepAction::Send), call)
    }

    /// Forgot the password: takes the `recover` action. Errors: [`ErrorKind::NotFound`].
    pub fn recover(&mut self, call: &Call) -> Result<&Step> {
        self.stepped(Event::Act(StepAction::Recover), call)
    }

    /// Leaves an optional step out. Errors: [`ErrorKind::NotFound`].
    pub fn skip(&mut self, call: &Call) -> Result<&Step> {
        self.stepped(Event::Act(StepAction::Skip), call)
    }

    /// Cancels at the server; the flow is at a fresh first page. To give up, drop the flow afterwards.
    /// Errors: [`ErrorKind::NotFound`] when the step does not offer it; use [`Flow::restart`].
    pub fn cancel(&mut self, call: &Call) -> Result<&Step> {
        self.stepped(Event::Act(StepAction::Cancel), call)
    }

    /// Begins anew with the same options and fresh secrets (`interact`, `introspect`): the way on from an expired or
    /// terminal transaction. A recovery or activation token is not sent a second time. On an error the old flow is still
    /// here.
    pub fn restart(&mut self, call: &Call) -> Result<&Step> {
        let transaction = self.state.transaction.again(&self.client.0.system.random()?);
        self.stepped(Event::Restart(Box::new(transaction)), call)
    }

    /// Saves the flow, to be continued by [`Client::restore`] in this process or another. The result is a secret.
    /// Errors: [`ErrorKind::InvalidState`] when there is nothing to continue.
    pub fn save(&self) -> Result<Snapshot> {
        Snapshot::write(&self.client.0.config, &self.state, self.cookies.all())
    }

    fn stepped(&mut self, event: Event, call: &Call) -> Result<&Step> {
        self.drive(event, &call.started(DEFAULT_DEADLINE))?;
        self.step()
    }

    /// Takes an event and goes on until the flow is at rest; then the app's log and storage learn where it is. On an
    /// error the flow is where it was (or, when a code was perhaps redeemed, where it says so). Returns a code that a
    /// callback brought.
    pub(super) fn drive(&mut self, event: Event, call: &Call) -> Result<Option<Secret>> {
        let (cancels, asks) = (matches!(event, Event::Act(StepAction::Cancel)), matches!(event, Event::Refresh));
        let polls = matches!(event, Event::Act(StepAction::Poll));
        let before = self.client.0.log.as_ref().and_then(|_| self.state.step().cloned());
        let outcome = self.perform(event, call);
        if self.client.0.log.is_some()
            && let Some(step) = self.state.step()
            && before.is_none_or(|before| !before.asks_the_same_as(step))
        {
            self.client.0.log_step(step);
        }
        if outcome.is_ok() {
            self.polled = polls;
        }
        let ended = match &outcome {
            Ok(_) => cancels,
            Err(error) => asks && is_unknown(error),
        };
        if !matches!(self.state.phase, Phase::New) {
            self.keep_device();
        }
        self.keep(ended, outcome.is_err());
        #[cfg(any(feature = "capi", feature = "uniffi"))]
        self.rest.at(&self.state, &self.cookies);
        outcome
    }

    /// The effects of an event, one after the other, until the machine is at rest.
    fn perform(&mut self, event: Event, call: &Call) -> Result<Option<Secret>> {
        if self.is_redeeming(&event, call)? {
            return Ok(None);
        }
        let config = &self.client.0.config;
        let (mut state, mut effect) = transition(config, &self.state, event)?;
        loop {
            let transaction = Arc::clone(&state.transaction);
            let whose = Whose { cookies: &mut self.cookies, device: &transaction.options.device };
            let sent = match effect {
                Effect::Rest => {
                    self.state = state;
                    return Ok(None);
                }
                Effect::Otp(code) => {
                    self.state = state;
                    return Ok(Some(code));
                }
                Effect::Fail(error) => {
                    self.state = state;
                    return Err(error);
                }
                Effect::Send(request) => self.client.0.exchange(*request, Some(whose), call),
                Effect::Post(form) if is_sent(&state) => return self.redeem(state, form, call).map(|()| None),
                Effect::Post(form) => self.client.0.post(&form, Some(whose), call),
            };
            self.requests += 1;
            let (next, failed) = match sent {
                Ok(response) => (Event::Reply(Box::new(response)), None),
                Err(error) => (Event::Failed(error.sent()), Some(error)),
            };
            (state, effect) = transition(config, &state, next)?;
            if let Some(error) = failed {
                self.state = state;
                return Err(error);
            }
        }
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("phase", &self.state.phase)
            .field("step", &self.state.step())
            .finish_non_exhaustive()
    }
}
