//! Handlers: the app's callbacks that answer each step of `SignIn.run`.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    answer::Answer,
    error::{Result, SignInError},
    redacted,
    screen::Draft,
    step::Step,
};
use crate::{
    client::{
        Action as CoreAction, RemediationHandler as CoreHandler, SharedFlow, Wait as CoreWait, Waiting as CoreWaiting,
    },
    error::Error,
    idx,
    secret::Secret,
};

/// What the app wants done with a step.
#[derive(Clone, uniffi::Enum)]
pub enum Action {
    /// Send this answer.
    Proceed {
        /// The answer.
        answer: Arc<Answer>,
    },
    /// Take a way of the step's screen, with what was given: as `SignIn.take`.
    Take {
        /// The draft of the step.
        draft: Arc<Draft>,
        /// `Way.index`.
        way: i32,
    },
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
    /// Cancel at the server, and end the run with `SignInError.Cancelled`.
    Cancel,
    /// Begin anew.
    Restart,
    /// The app was opened with this URL.
    Callback {
        /// The whole URL.
        url: String,
    },
}

redacted!(Action);

impl Action {
    fn core(self) -> crate::error::Result<CoreAction> {
        Ok(match self {
            Action::Proceed { answer } => CoreAction::Proceed(answer.core()),
            Action::Take { draft, way } => draft.action(way)?,
            Action::Poll => CoreAction::Poll,
            Action::Resend => CoreAction::Resend,
            Action::Send => CoreAction::Send,
            Action::Recover => CoreAction::Recover,
            Action::Skip => CoreAction::Skip,
            Action::Refresh => CoreAction::Refresh,
            Action::Cancel => CoreAction::Cancel,
            Action::Restart => CoreAction::Restart,
            Action::Callback { url } => CoreAction::Callback(Secret::new(url)),
        })
    }
}

/// What is being waited for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Waiting {
    /// The number that the person must choose in their app. Always show it.
    pub number: Option<String>,
    /// How long until the next poll, in milliseconds.
    pub interval_ms: i64,
    /// How long until the time limit of the call, in milliseconds.
    pub remaining_ms: i64,
    /// Why the last poll failed, when it did; the wait goes on.
    pub last_failure: Option<String>,
}

/// What the handler says to a wait.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Wait {
    /// Wait on, and look again before the next poll.
    Continue,
    /// Wait on, and look again after this long: for a countdown.
    ContinueFor {
        /// How long, in milliseconds.
        milliseconds: i64,
    },
    /// Stop polling: `remediate` is called with the step, because the person wants another way.
    Ask,
}

/// The app's side of `SignIn.run`. Called on the thread that called `run`, one call at a time, with no lock held.
#[uniffi::export(foreign)]
pub trait RemediationHandler: Send + Sync {
    /// Says what to do with a step. Messages of a refused answer are on the step. An error ends the run, and comes out of it.
    fn remediate(&self, step: Arc<Step>) -> Result<Action>;
    /// Told before each poll what is being waited for, at which step.
    fn waiting(&self, step: Arc<Step>, waiting: Waiting) -> Result<Wait>;
    /// A device challenge (`Suggested.kind` is `Device`): what to do when an app on this device can answer it, for example
    /// `Action.Poll` once that app was asked. None gives it up, and the server offers another way.
    fn device(&self, step: Arc<Step>) -> Result<Option<Action>>;
    /// A link in a mail brought this code (`Action.Callback`), and the current step does not wait for it: the person types it
    /// where they began, so show it. A handler that shows nothing throws, which ends the run.
    fn show_code(&self, code: String) -> Result<()>;
}

/// A handler at work on one sign-in. What the app threw is kept, to come out of `run` as it was.
pub(super) struct Handling<'a> {
    pub(super) handler: &'a dyn RemediationHandler,
    pub(super) flow: &'a SharedFlow,
    pub(super) thrown: Mutex<Option<SignInError>>,
}

impl Handling<'_> {
    fn keep(&self, error: SignInError) -> Error {
        let core = error.clone().into_core();
        *self.thrown.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
        core
    }

    /// What the app threw, or else the error of the core.
    pub(super) fn error(&self, error: Error) -> SignInError {
        let thrown = self.thrown.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        thrown.unwrap_or_else(|| error.into())
    }
}

impl CoreHandler for Handling<'_> {
    fn remediate(&self, step: &idx::Step) -> crate::error::Result<CoreAction> {
        self.flow.comes_to(step);
        self.handler.remediate(Step::of(step)).map_err(|error| self.keep(error))?.core()
    }

    fn device(&self, step: &idx::Step) -> crate::error::Result<Option<CoreAction>> {
        self.flow.comes_to(step);
        let action = self.handler.device(Step::of(step)).map_err(|error| self.keep(error))?;
        action.map(Action::core).transpose()
    }

    fn show_code(&self, code: &Secret) -> crate::error::Result<()> {
        self.handler.show_code(code.expose().to_owned()).map_err(|error| self.keep(error))
    }

    fn waiting(&self, waiting: &CoreWaiting<'_>) -> crate::error::Result<CoreWait> {
        self.flow.comes_to(waiting.step);
        let milliseconds = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let shown = Waiting {
            number: waiting.number.as_ref().map(ToString::to_string),
            interval_ms: milliseconds(waiting.interval),
            remaining_ms: milliseconds(waiting.remaining),
            last_failure: waiting.trouble.map(ToString::to_string),
        };
        Ok(match self.handler.waiting(Step::of(waiting.step), shown).map_err(|error| self.keep(error))? {
            Wait::Continue => CoreWait::Continue,
            Wait::ContinueFor { milliseconds } => {
                CoreWait::ContinueFor(Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)))
            }
            Wait::Ask => CoreWait::Ask,
        })
    }
}
