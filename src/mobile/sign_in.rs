//! Sign-ins: the flow, driven by the app.

use std::sync::Arc;

use super::{
    answer::Answer,
    call::CallOptions,
    error::{ErrorDetails, Result, details_of},
    handler::{Handling, RemediationHandler},
    screen::{Draft, Ending, Screen, way_of},
    step::Step,
    tokens::Tokens,
};
use crate::{
    call::Call,
    client::{self, Callback, Flow, RemediationHandler as _, SharedFlow},
    error::{Error, ErrorKind},
};

/// One sign-in. It is always at a step, or complete. One call at a time: a second gets `SignInError.Busy` at once;
/// looking at it is never busy. After any error it is where it was.
#[derive(uniffi::Object)]
pub struct SignIn(SharedFlow);

impl SignIn {
    pub(super) fn new(flow: Flow) -> Arc<Self> {
        Arc::new(SignIn(SharedFlow::new(flow)))
    }

    fn seen(&self) -> Result<crate::screen::Screen> {
        Ok(self.0.look(|seen| seen.screen()).ok_or_else(no_step)?)
    }

    fn stepped(
        &self,
        call: Option<CallOptions>,
        work: &dyn Fn(&mut Flow, &Call) -> crate::Result<()>,
    ) -> Result<Arc<Step>> {
        let call = CallOptions::call(call)?;
        let step = self.0.during(|flow| {
            work(flow, &call)?;
            flow.step().cloned()
        })?;
        Ok(Step::of(&step))
    }
}

/// The code of a mail that the person types elsewhere.
fn code_to_show(callback: Callback) -> Option<String> {
    match callback {
        Callback::ShowCode(code) => Some(code.expose().to_owned()),
        Callback::Complete | Callback::Step => None,
    }
}

fn no_step() -> Error {
    Error::new(ErrorKind::InvalidState, "the sign-in has no step")
        .with_advice("Call finish when it is complete, restart when it is over")
}

/// Where a sign-in is, as `SignIn.next` tells it.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Next {
    /// At a step: answer it, or leave it as it is to wait.
    At {
        /// The step.
        step: Arc<Step>,
    },
    /// The interaction code is here: `SignIn.finish`.
    Complete,
    /// The sign-in ended without tokens, well or not. `SignIn.restart` begins anew.
    Ended {
        /// How.
        ending: Ending,
    },
}

#[uniffi::export]
impl SignIn {
    /// What a person sees and can do now: draw this. Never busy.
    pub fn screen(&self) -> Result<Screen> {
        Ok(Screen::of(self.seen()?))
    }

    /// The screen as JSON, for web views. Holds what the person sees: do not log it.
    pub fn screen_json(&self) -> Result<String> {
        Ok(self.seen()?.to_json())
    }

    /// What the person types for the screen.
    pub fn draft(&self) -> Result<Arc<Draft>> {
        Ok(Draft::new(self.seen()?))
    }

    /// Whether a draft's screen is still to be shown: it is that of the current step, or of one that was only polled since and
    /// asks the same. What was typed in it can be taken; a new draft would be empty. Never busy.
    pub fn is_at(&self, draft: Arc<Draft>) -> Result<bool> {
        Ok(self.0.look(|seen| seen.is_at(draft.shown())))
    }

    /// How it ended; none while it goes on. Without tokens it may have ended well: the account is unlocked, a mail was sent.
    pub fn ending(&self) -> Result<Option<Ending>> {
        Ok(self.0.look(|seen| seen.ending.clone().map(Ending::of)))
    }

    /// What the server asks now. Never busy.
    pub fn step(&self) -> Result<Arc<Step>> {
        let step = self.0.look(|seen| seen.step.clone());
        Ok(Step::of(&step.ok_or_else(no_step)?))
    }

    /// The last step that could be answered: the same as `step`, except after a refusal that came without a form.
    pub fn form_step(&self) -> Result<Option<Arc<Step>>> {
        Ok(self.0.look(|seen| seen.form.clone()).as_ref().map(Step::of))
    }

    /// Whether the interaction code is here, so that `finish` can redeem it. Never busy.
    pub fn is_complete(&self) -> Result<bool> {
        Ok(self.0.look(|seen| seen.complete))
    }

    /// Why the app's storage does not have this sign-in as it is now; none when it has, or there is no storage. The sign-in goes
    /// on without: look after a call, and tell the person not to leave the app. As of the last call that ended. Never busy.
    pub fn storage_trouble(&self) -> Result<Option<ErrorDetails>> {
        Ok(self.0.look(|seen| seen.storage_trouble.as_ref().map(details_of)))
    }

    /// When it was stored last, in seconds since 1970; none when it is not in a storage. Never busy.
    pub fn kept_at(&self) -> Result<Option<f64>> {
        Ok(self.0.look(|seen| seen.kept_at.map(|moment| moment.as_secs_f64())))
    }

    /// How many requests were made, polls included.
    pub fn requests(&self) -> Result<i64> {
        Ok(i64::try_from(self.0.look(|seen| seen.requests)).unwrap_or(i64::MAX))
    }

    /// Sends an answer, and gives the next step. A refused answer is a step with messages, not an error.
    #[uniffi::method(default(call = None))]
    pub fn proceed(&self, answer: Arc<Answer>, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.proceed(answer.core(), call).map(drop))
    }

    /// Takes the way of this index (`Way.index`) of the draft's screen, with what was given: sends its form or its action, or
    /// waits; `restart` begins anew. A refused answer is a step with notices, not an error. Errors before anything is sent:
    /// `SignInError.WrongAnswer` when something must be given first, or the screen is that of an older step;
    /// `SignInError.Misuse` for what only the app can do (open an address, launch an app).
    #[uniffi::method(default(call = None))]
    pub fn take(&self, draft: Arc<Draft>, way: i32, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| draft.with(|draft| flow.take(draft, way_of(way), call).map(drop)))
    }

    /// The current step, and after that each one that follows. Call it in a loop whose body answers the step (`take`,
    /// `proceed`, `resend` …). A step that the body left as it is, and that can be polled, is polled until it changes, by
    /// default for five minutes. After a call that failed, the same step comes again.
    #[uniffi::method(default(call = None))]
    pub fn next(&self, call: Option<CallOptions>) -> Result<Next> {
        let call = CallOptions::call(call)?;
        Ok(match self.0.during(|flow| flow.next(&call))? {
            client::Next::Step(step) => Next::At { step: Step::of(&step) },
            client::Next::Complete => Next::Complete,
            client::Next::Ended(ending) => Next::Ended { ending: Ending::of(ending) },
        })
    }

    /// Asks the server for the current step. Safe at any time; the way on after an error whose request was perhaps sent.
    #[uniffi::method(default(call = None))]
    pub fn refresh(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.refresh(call).map(drop))
    }

    /// Sends the code or the push again.
    #[uniffi::method(default(call = None))]
    pub fn resend(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.resend(call).map(drop))
    }

    /// Sends the code, where the step offers that as an action.
    #[uniffi::method(default(call = None))]
    pub fn send(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.send(call).map(drop))
    }

    /// Forgot the password.
    #[uniffi::method(default(call = None))]
    pub fn recover(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.recover(call).map(drop))
    }

    /// Leaves an optional step out.
    #[uniffi::method(default(call = None))]
    pub fn skip(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.skip(call).map(drop))
    }

    /// Cancels at the server; the sign-in is at a fresh first page.
    #[uniffi::method(default(call = None))]
    pub fn cancel(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.cancel(call).map(drop))
    }

    /// Begins anew with the same options and fresh secrets: the way on from an expired or ended sign-in.
    #[uniffi::method(default(call = None))]
    pub fn restart(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.restart(call).map(drop))
    }

    /// Waits until the step changes, by the server's interval; without a time limit, five minutes.
    #[uniffi::method(default(call = None))]
    pub fn poll(&self, call: Option<CallOptions>) -> Result<Arc<Step>> {
        self.stepped(call, &|flow, call| flow.poll(call).map(drop))
    }

    /// As `poll`, telling `handler.waiting` before each poll what is being waited for. The step is the same when it asked to
    /// stop.
    #[uniffi::method(default(call = None))]
    pub fn poll_while(&self, handler: Arc<dyn RemediationHandler>, call: Option<CallOptions>) -> Result<Arc<Step>> {
        let handling = Handling { handler: &*handler, flow: &self.0, thrown: std::sync::Mutex::default() };
        let call = CallOptions::call(call)?;
        let polled = self.0.during(|flow| {
            flow.poll_while(&call, &mut |waiting| handling.waiting(waiting))?;
            flow.step().cloned()
        });
        let step = polled.map_err(|error| handling.error(error))?;
        Ok(Step::of(&step))
    }

    /// Takes the URL that the app was opened with after a redirect or by a link in a mail. Afterwards the sign-in is complete,
    /// or at its next step. Gives a code from a mail that the current step does not wait for: show it, the person types it
    /// where they began.
    #[uniffi::method(default(call = None))]
    pub fn handle_callback(&self, url: String, call: Option<CallOptions>) -> Result<Option<String>> {
        let call = CallOptions::call(call)?;
        Ok(self.0.during(|flow| flow.handle_callback(&url, &call)).map(code_to_show)?)
    }

    /// Saves the sign-in for `Client.restore`. A secret: keep it like a password.
    pub fn save(&self) -> Result<String> {
        Ok(self.0.save()?.expose().to_owned())
    }

    /// Redeems the code once, and verifies the ID token.
    #[uniffi::method(default(call = None))]
    pub fn finish(&self, call: Option<CallOptions>) -> Result<Tokens> {
        let call = CallOptions::call(call)?;
        Ok(self.0.during(|flow| flow.finish(&call))?.into())
    }

    /// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. What the handler throws
    /// comes out of it, and the sign-in can be run again. Errors: `SignInError.Ended` when it ended without tokens, well or
    /// not (`ending` says how); `SignInError.WrongAnswer` when the handler gives again what was just refused.
    #[uniffi::method(default(call = None))]
    pub fn run(&self, handler: Arc<dyn RemediationHandler>, call: Option<CallOptions>) -> Result<Tokens> {
        let handling = Handling { handler: &*handler, flow: &self.0, thrown: std::sync::Mutex::default() };
        let call = CallOptions::call(call)?;
        let tokens = self.0.during(|flow| flow.run(&handling, &call)?.tokens());
        Ok(tokens.map_err(|error| handling.error(error))?.into())
    }
}
