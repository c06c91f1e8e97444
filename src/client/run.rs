//! One sign-in, pushed by the library: the app answers each step in a callback, the library does the rest.

use super::{
    Flow,
    callback::Callback,
    poll::{Wait, Waiting},
    tokens::Tokens,
};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    flow::{Event, StepAction},
    idx::{Answer, MessageKey, Step, StepStatus},
    limits::{DEFAULT_WAIT_DEADLINE, MAX_RUN_STEPS},
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

impl Flow {
    /// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. Without a deadline
    /// in `call`: five minutes for the whole run.
    ///
    /// Errors: those of the handler, of the transport and of the server; [`ErrorKind::Terminal`] and
    /// [`ErrorKind::Expired`] with the server's messages when the sign-in ended without tokens. The flow stays usable.
    pub fn run(&mut self, handler: &dyn RemediationHandler, call: &Call) -> Result<Tokens> {
        let call = call.started(DEFAULT_WAIT_DEADLINE);
        for _ in 0..MAX_RUN_STEPS {
            if self.is_complete() {
                return self.finish(&call);
            }
            call.check()?;
            let step = self.step()?.clone();
            let action = match dead_end(&step) {
                Some(error) => return Err(error),
                None if only_waits(&step) => {
                    let changed =
                        !step.asks_the_same_as(self.poll_while(&call, &mut |waiting| handler.waiting(waiting))?);
                    if changed || self.is_complete() {
                        continue;
                    }
                    handler.remediate(self.step()?)?
                }
                None => handler.remediate(&step)?,
            };
            self.act(action, handler, &call)?;
        }
        Err(Error::new(ErrorKind::LimitExceeded, format!("the sign-in did not end within {MAX_RUN_STEPS} steps"))
            .with_advice("The server or the handler leads in circles; the flow is where it was"))
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

/// Whether the step asks nothing of the person here: something happens elsewhere.
fn only_waits(step: &Step) -> bool {
    let waits =
        [StepStatus::ChallengePoll, StepStatus::EnrollPoll, StepStatus::DeviceChallengePoll, StepStatus::SafeModePoll];
    waits.contains(&step.status()) && step.poll().is_some()
}

/// The error of a step from which no answer leads on.
pub(super) fn dead_end(step: &Step) -> Option<Error> {
    let end = |kind, text: &str, advice| {
        let error = Error::new(kind, text).with_messages(step.error_messages()).with_request_id(step.request_id());
        Some(error.with_http_status(step.http_status()).with_advice(advice))
    };
    match step.status() {
        StepStatus::Terminal if step.has_message(&MessageKey::SessionExpired) => {
            end(ErrorKind::Expired, "the sign-in has expired", "Restart the flow")
        }
        StepStatus::Terminal | StepStatus::DeviceEnrollment if step.remediations().next().is_none() => {
            end(ErrorKind::Terminal, "the sign-in ended without tokens", "The messages say why; restart begins anew")
        }
        StepStatus::SuccessRedirect | StepStatus::FailureRedirect => end(
            ErrorKind::Terminal,
            "the server wants the browser to go on, and gives no tokens here",
            "Open the success or failure redirect of the step in the user's browser",
        ),
        _ => None,
    }
}
