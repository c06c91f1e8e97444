//! One sign-in, pushed by the library: the app answers each step in a callback, the library does the rest.

use super::{
    Flow,
    callback::Callback,
    poll::{Wait, Waiting},
    refused::Refused,
    tokens::Tokens,
};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    flow::{Event, StepAction},
    idx::{Answer, Step},
    limits::{DEFAULT_WAIT_DEADLINE, MAX_RUN_STEPS},
    screen::{Ending, EndingKind, Screen, SuggestedKind},
    secret::Secret,
};

/// What the app wants done with a step.
#[derive(Debug)]
pub enum Action {
    /// Send this answer.
    Proceed(Answer),
    /// Wait for what happens elsewhere, where the step can be polled.
    Poll,
    /// Send the code or the push again.
    Resend,
    /// Send the code.
    Send,
    /// Forgot the password.
    Recover,
    /// Leave an optional step out.
    Skip,
    /// Ask the server for the current step.
    Refresh,
    /// Cancel at the server and end the run with [`ErrorKind::Cancelled`].
    Cancel,
    /// Begin anew.
    Restart,
    /// The app was opened with this URL.
    Callback(Secret),
}

/// The app's side of [`Flow::run`]. Called on the thread that called `run`, one call at a time.
pub trait RemediationHandler {
    /// Says what to do with `step`. Messages of a refused answer are on the step. An error ends the run with it; the
    /// flow is where it was, and `run` can be called again.
    fn remediate(&self, step: &Step) -> Result<Action>;

    /// Told before each poll, and in between after [`Wait::ContinueFor`]. [`Wait::Ask`] stops the wait: `remediate` is
    /// called with the step. An error ends the run with it.
    fn waiting(&self, waiting: &Waiting<'_>) -> Result<Wait> {
        let _ = waiting;
        Ok(Wait::Continue)
    }

    /// A device challenge: whether an app on this device can answer it ([`Screen::suggested`] is
    /// [`SuggestedKind::Device`]). `None` gives it up, and the server offers another way; [`Action::Poll`] waits for the app.
    fn device(&self, step: &Step) -> Result<Option<Action>> {
        let _ = step;
        Ok(None)
    }

    /// A link in a mail brought this code, and the current step does not wait for it: the person types it where they began.
    /// Without a handler's own way to show it, the run ends.
    fn show_code(&self, code: &Secret) -> Result<()> {
        let _ = code;
        Err(Error::new(
            ErrorKind::InvalidState,
            "the code from the mail came, but the current step does not ask for one",
        )
        .with_advice("Show the current step; the code may have been entered elsewhere"))
    }
}

/// How a run ended.
#[derive(Debug)]
pub enum RunEnd {
    /// With tokens.
    SignedIn(Box<Tokens>),
    /// Without tokens, well (the account is unlocked, a mail was sent) or not (denied, expired).
    Ended {
        /// How, in one word and for the person.
        ending: Ending,
        /// The same as an error, with the server's messages, its status and its request id: for an app that wants tokens
        /// and nothing else.
        error: Error,
    },
}

impl RunEnd {
    /// The tokens. Errors: [`ErrorKind::Terminal`] and [`ErrorKind::Expired`] when it ended without them, well or not.
    pub fn tokens(self) -> Result<Tokens> {
        match self {
            RunEnd::SignedIn(tokens) => Ok(*tokens),
            RunEnd::Ended { error, .. } => Err(error),
        }
    }
}

impl Flow {
    /// Goes through the sign-in to its end: asks `handler` for each step, polls, redeems, verifies. What is done without
    /// asking is what [`Screen::suggested`] allows: it polls, gives up a device challenge that the handler has no answer to,
    /// and sends the two forms that ask nothing of anybody. It never sends a push or a code again, opens an app, or leaves a
    /// step out. Without a deadline in `call`: five minutes for the whole run.
    ///
    /// Errors: those of the handler, of the transport and of the server; [`ErrorKind::InvalidAnswer`] when the handler gives
    /// the same credentials again that were just refused. The flow stays usable.
    pub fn run(&mut self, handler: &dyn RemediationHandler, call: &Call) -> Result<RunEnd> {
        let call = call.started(DEFAULT_WAIT_DEADLINE);
        let mut refused = Refused::new(&self.client.0.system)?;
        for _ in 0..MAX_RUN_STEPS {
            if self.is_complete() {
                return self.finish(&call).map(|tokens| RunEnd::SignedIn(Box::new(tokens)));
            }
            call.check()?;
            let step = self.step()?.clone();
            if let Some(ending) = self.ended() {
                return Ok(RunEnd::Ended { error: without_tokens(&step, &ending), ending });
            }
            let action = match self.by_default(&step, handler, &call)? {
                Default::Done => continue,
                Default::Do(action) => action,
                Default::Ask => handler.remediate(self.step()?)?,
            };
            if let Action::Proceed(answer) = &action {
                refused.offer(answer)?;
            }
            let done = self.act(action, handler, &call);
            refused.came_to(self.step().ok());
            done?;
        }
        Err(Error::new(ErrorKind::LimitExceeded, format!("the sign-in did not end within {MAX_RUN_STEPS} steps"))
            .with_advice("The server or the handler leads in circles; the flow is where it was"))
    }

    /// What is done at a step without asking.
    pub(super) fn by_default(&mut self, step: &Step, handler: &dyn RemediationHandler, call: &Call) -> Result<Default> {
        let screen = Screen::of(step);
        let suggested = &screen.suggested;
        match (suggested.kind, suggested.way) {
            (SuggestedKind::Device, Some(way)) => {
                if let Some(action) = handler.device(step)? {
                    return Ok(Default::Do(action));
                }
                if suggested.reason.is_none() {
                    return self.wait(step, handler, call);
                }
                Ok(Default::Do(Action::Proceed(screen.draft().answer(way)?)))
            }
            (SuggestedKind::Submit, Some(way)) => Ok(Default::Do(Action::Proceed(screen.draft().answer(way)?))),
            (SuggestedKind::Wait, _) => self.wait(step, handler, call),
            _ => Ok(Default::Ask),
        }
    }

    fn wait(&mut self, step: &Step, handler: &dyn RemediationHandler, call: &Call) -> Result<Default> {
        let changed = !step.asks_the_same_as(self.poll_while(call, &mut |waiting| handler.waiting(waiting))?);
        Ok(if changed || self.is_complete() { Default::Done } else { Default::Ask })
    }

    fn act(&mut self, action: Action, handler: &dyn RemediationHandler, call: &Call) -> Result<()> {
        let event = match action {
            Action::Proceed(answer) => Event::Submit(answer),
            Action::Poll => return self.poll_while(call, &mut |waiting| handler.waiting(waiting)).map(drop),
            Action::Resend => Event::Act(StepAction::Resend),
            Action::Send => Event::Act(StepAction::Send),
            Action::Recover => Event::Act(StepAction::Recover),
            Action::Skip => Event::Act(StepAction::Skip),
            Action::Refresh => Event::Refresh,
            Action::Restart => return self.restart(call).map(drop),
            Action::Callback(url) => {
                return match self.handle_callback(url.expose(), call)? {
                    Callback::ShowCode(code) => handler.show_code(&code),
                    Callback::Complete | Callback::Step => Ok(()),
                };
            }
            Action::Cancel => {
                // Whether or not the server heard it, the app is done with this sign-in.
                let told = self.cancel(call).map(drop);
                self.forget();
                let error = Error::new(ErrorKind::Cancelled, "the handler cancelled the sign-in");
                return Err(error.with_sent(told.err().map_or(crate::Sent::Maybe, |error| error.sent())));
            }
        };
        self.drive(event, call).map(drop)
    }
}

/// What a step asks for when nobody says otherwise.
pub(super) enum Default {
    /// It was done.
    Done,
    Do(Action),
    Ask,
}

/// An end without tokens as an error.
fn without_tokens(step: &Step, ending: &Ending) -> Error {
    let (kind, text, advice) = match ending.kind {
        EndingKind::Expired => (ErrorKind::Expired, "the sign-in has expired", "Restart the flow"),
        EndingKind::Redirect => (
            ErrorKind::Terminal,
            "the server wants the browser to go on, and gives no tokens here",
            "Open the success or failure redirect of the step in the user's browser",
        ),
        _ => (ErrorKind::Terminal, "the sign-in ended without tokens", "The messages say why; restart begins anew"),
    };
    let error = Error::new(kind, text).with_messages(step.error_messages()).with_request_id(step.request_id());
    error.with_http_status(step.http_status()).with_advice(advice)
}
