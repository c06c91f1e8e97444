//! Sign-ins: the flow, driven by the app.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{
    answer::Answer,
    call::CallOptions,
    error::Result,
    handler::{Handling, RemediationHandler, stale},
    step::Step,
    tokens::Tokens,
};
use crate::{
    call::Call,
    client::{Flow, RemediationHandler as _, SharedFlow},
    error::{Error, ErrorKind},
    idx,
};

/// One sign-in. It is always at a step, or complete. One call at a time: a second gets `SignInError.Misuse` (`busy`) at once;
/// looking at it is never busy. After any error it is where it was.
#[derive(uniffi::Object)]
pub struct SignIn(Inner);

pub(super) struct Inner {
    pub(super) flow: SharedFlow,
    /// The steps that were shown last, by their numbers: what an answer may be to.
    shown: std::sync::Mutex<Vec<(i64, idx::Step)>>,
}

/// Numbers of steps: unique in the process, so an answer cannot fit a step of another sign-in by chance.
static NEXT_STEP: AtomicI64 = AtomicI64::new(1);

/// The current step, and the one before a refusal that came without a form.
const KEPT_STEPS: usize = 2;

impl Inner {
    /// A step as data. The same step has the same number each time.
    pub(super) fn shown(&self, step: &idx::Step) -> Step {
        let mut shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = shown.iter().find(|(_, known)| known.is(step)).map(|(id, _)| *id);
        let id = known.unwrap_or_else(|| {
            let id = NEXT_STEP.fetch_add(1, Ordering::Relaxed);
            shown.push((id, step.clone()));
            if shown.len() > KEPT_STEPS {
                shown.remove(0);
            }
            id
        });
        drop(shown);
        Step::of(id, step)
    }

    /// The answer for the core. Errors: one that names a step which the sign-in has left.
    pub(super) fn answer(&self, answer: &Answer) -> Result<idx::Answer> {
        let answered = {
            let shown = self.shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            shown.iter().find(|(id, _)| *id == answer.step).map(|(_, step)| step.clone())
        };
        let answered = answered.ok_or_else(stale)?;
        let current = self.flow.look(|seen| {
            let mut current = seen.step.iter().chain(&seen.form);
            current.any(|step| step.is(&answered))
        });
        if current { answer.build(&answered) } else { Err(stale()) }
    }

    fn stepped(
        &self,
        call: Option<CallOptions>,
        work: impl FnOnce(&mut Flow, &Call) -> crate::Result<()>,
    ) -> Result<Step> {
        let call = CallOptions::call(call)?;
        let step = self.flow.during(|flow| {
            work(flow, &call)?;
            flow.step().cloned()
        })?;
        Ok(self.shown(&step))
    }
}

impl SignIn {
    pub(super) fn new(flow: Flow) -> Arc<Self> {
        Arc::new(SignIn(Inner { flow: SharedFlow::new(flow), shown: std::sync::Mutex::default() }))
    }
}

#[uniffi::export]
impl SignIn {
    /// What the server asks now. Never busy.
    pub fn step(&self) -> Result<Step> {
        let step = self.0.flow.look(|seen| seen.step.clone()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidState, "the sign-in has no step")
                .with_advice("Call finish when it is complete, restart when it is over")
        })?;
        Ok(self.0.shown(&step))
    }

    /// The last step that could be answered: the same as `step`, except after a refusal that came without a form.
    pub fn form_step(&self) -> Result<Option<Step>> {
        Ok(self.0.flow.look(|seen| seen.form.clone()).map(|step| self.0.shown(&step)))
    }

    /// Whether the interaction code is here, so that `finish` can redeem it. Never busy.
    pub fn is_complete(&self) -> Result<bool> {
        Ok(self.0.flow.look(|seen| seen.complete))
    }

    /// How many requests were made, polls included.
    pub fn requests(&self) -> Result<i64> {
        Ok(i64::try_from(self.0.flow.look(|seen| seen.requests)).unwrap_or(i64::MAX))
    }

    /// Sends an answer, and gives the next step. A refused answer is a step with messages, not an error.
    #[uniffi::method(default(call = None))]
    pub fn proceed(&self, answer: Answer, call: Option<CallOptions>) -> Result<Step> {
        let answer = self.0.answer(&answer)?;
        self.0.stepped(call, |flow, call| flow.proceed(answer, call).map(drop))
    }

    /// Asks the server for the current step. Safe at any time; the way on after an error whose request was perhaps sent.
    #[uniffi::method(default(call = None))]
    pub fn refresh(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.refresh(call).map(drop))
    }

    /// Sends the code or the push again.
    #[uniffi::method(default(call = None))]
    pub fn resend(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.resend(call).map(drop))
    }

    /// Sends the code, where the step offers that as an action.
    #[uniffi::method(default(call = None))]
    pub fn send(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.send(call).map(drop))
    }

    /// Forgot the password.
    #[uniffi::method(default(call = None))]
    pub fn recover(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.recover(call).map(drop))
    }

    /// Leaves an optional step out.
    #[uniffi::method(default(call = None))]
    pub fn skip(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.skip(call).map(drop))
    }

    /// Cancels at the server; the sign-in is at a fresh first page.
    #[uniffi::method(default(call = None))]
    pub fn cancel(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.cancel(call).map(drop))
    }

    /// Begins anew with the same options and fresh secrets: the way on from an expired or ended sign-in.
    #[uniffi::method(default(call = None))]
    pub fn restart(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.restart(call).map(drop))
    }

    /// Waits until the step changes, by the server's interval; without a time limit, five minutes.
    #[uniffi::method(default(call = None))]
    pub fn poll(&self, call: Option<CallOptions>) -> Result<Step> {
        self.0.stepped(call, |flow, call| flow.poll(call).map(drop))
    }

    /// As `poll`, telling `handler.waiting` before each poll what is being waited for. The step is the same when it asked to
    /// stop.
    #[uniffi::method(default(call = None))]
    pub fn poll_while(&self, handler: Arc<dyn RemediationHandler>, call: Option<CallOptions>) -> Result<Step> {
        let handling = Handling { handler: &*handler, sign_in: &self.0, thrown: std::sync::Mutex::default() };
        let call = CallOptions::call(call)?;
        let polled = self.0.flow.during(|flow| {
            flow.poll_while(&call, &mut |waiting| handling.waiting(waiting))?;
            flow.step().cloned()
        });
        let step = polled.map_err(|error| handling.error(error))?;
        handling.threw()?;
        Ok(self.0.shown(&step))
    }

    /// Takes the URL that the app was opened with after a redirect or by a link in a mail. Afterwards the sign-in is complete,
    /// or at its next step.
    #[uniffi::method(default(call = None))]
    pub fn handle_callback(&self, url: String, call: Option<CallOptions>) -> Result<()> {
        let call = CallOptions::call(call)?;
        Ok(self.0.flow.during(|flow| flow.handle_callback(&url, &call))?)
    }

    /// Saves the sign-in for `Client.restore`. A secret: keep it like a password.
    pub fn save(&self) -> Result<String> {
        Ok(self.0.flow.during(|flow| flow.save())?.expose().to_owned())
    }

    /// Redeems the code once, and verifies the ID token.
    #[uniffi::method(default(call = None))]
    pub fn finish(&self, call: Option<CallOptions>) -> Result<Tokens> {
        let call = CallOptions::call(call)?;
        Ok(self.0.flow.during(|flow| flow.finish(&call))?.into())
    }

    /// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. What the handler throws
    /// comes out of it, and the sign-in can be run again.
    #[uniffi::method(default(call = None))]
    pub fn run(&self, handler: Arc<dyn RemediationHandler>, call: Option<CallOptions>) -> Result<Tokens> {
        let handling = Handling { handler: &*handler, sign_in: &self.0, thrown: std::sync::Mutex::default() };
        let call = CallOptions::call(call)?;
        let tokens = self.0.flow.during(|flow| flow.run(&handling, &call));
        Ok(tokens.map_err(|error| handling.error(error))?.into())
    }
}
