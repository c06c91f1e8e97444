//! Handlers: the program's callbacks that answer each step of `ic_flow_run`.

use std::{
    ffi::{c_char, c_void},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    cancel::milliseconds,
    foreign::{UserData, Versioned, first, ic_destroy_fn},
    guard::{IC_OK, guard, status, value},
    handles::{
        ic_action, ic_action_handle, ic_answer, ic_error, ic_status, ic_step, ic_step_handle, ic_waiting,
        ic_waiting_handle,
    },
    table::{self, Lent, kind},
    text::{Out, ic_str, invalid, text},
    view::StepObject,
};
use crate::{
    client::{Action, RemediationHandler, SharedFlow, Wait, Waiting},
    error::{Error, ErrorKind, Result, sanitize},
    idx::Step,
    secret::Secret,
};

/// `ic_waiting_fn`: wait on, and look again before the next poll.
pub const IC_WAIT_CONTINUE: i64 = 0;
/// `ic_waiting_fn`: stop polling. `ic_flow_run` then asks `remediate` what to do; `ic_flow_poll_while` returns.
pub const IC_WAIT_ASK: i64 = -1;

/// Says what to do with a step: calls one of the `ic_action_...` functions on `action` and returns `IC_OK`. Any other number
/// ends the run: with that status when it is one of the `IC_ERROR_...` numbers, else with `IC_ERROR_CALLBACK`. `step` is lent:
/// it ends with the call and is not freed; `ic_step_clone` keeps it. Messages of a refused answer are on the step.
pub type ic_remediate_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, step: ic_step, action: ic_action) -> ic_status>;

/// Told before each poll what is being waited for. Returns `IC_WAIT_CONTINUE`; or after how many milliseconds it wants to be
/// asked again (for a countdown, or to notice soon that the person wants another way); or `IC_WAIT_ASK`.
pub type ic_waiting_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, waiting: ic_waiting) -> i64>;

/// The program's side of `ic_flow_run`. Initialise with `IC_HANDLER_INIT`. The functions are called on the thread that called
/// `ic_flow_run`, one at a time, while the flow is busy; `ic_flow_step` and other flows can be used.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_handler {
    /// `sizeof(ic_handler)`.
    pub size: usize,
    /// Given back to each function.
    pub user_data: *mut c_void,
    /// Answers a step.
    pub remediate: ic_remediate_fn,
    /// Sees each wait; may be NULL.
    pub waiting: ic_waiting_fn,
    /// Called once with `user_data` before `ic_flow_run` returns; may be NULL.
    pub destroy: ic_destroy_fn,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_handler {
    const NAME: &'static str = "ic_handler";
    const FIRST: usize = first(40, 20);
}

/// A handler that is owned by a call.
pub(super) struct ForeignHandler {
    remediate: ic_remediate_fn,
    waiting: ic_waiting_fn,
    user: UserData,
}

impl ForeignHandler {
    pub(super) fn new(given: ic_handler) -> Self {
        let user = UserData::new(given.user_data, given.destroy);
        ForeignHandler { remediate: given.remediate, waiting: given.waiting, user }
    }

    pub(super) fn needs_remediate(&self) -> Result<()> {
        self.remediate.map(drop).ok_or_else(|| invalid("the ic_handler has no remediate"))
    }

    pub(super) fn needs_waiting(&self) -> Result<()> {
        self.waiting.map(drop).ok_or_else(|| invalid("the ic_handler has no waiting"))
    }

    /// The handler for one flow.
    pub(super) fn of<'a>(&'a self, flow: &'a SharedFlow) -> impl RemediationHandler + 'a {
        Handling { handler: self, flow }
    }
}

struct Handling<'a> {
    handler: &'a ForeignHandler,
    flow: &'a SharedFlow,
}

impl RemediationHandler for Handling<'_> {
    fn remediate(&self, step: &Step) -> Result<Action> {
        let Some(remediate) = self.handler.remediate else { return Err(invalid("the ic_handler has no remediate")) };
        self.flow.comes_to(step);
        let lent_step = Lent::<ic_step_handle>::new(StepObject::new(step.clone()))?;
        let lent_action = Lent::<ic_action_handle>::new(ActionObject::default())?;
        // Held from before, so that what the callback filled in is there whatever it does to the handle.
        let filled = table::get(lent_action.handle())?;
        // SAFETY: the program gave this function for this pointer.
        let returned = unsafe { remediate(self.handler.user.get(), lent_step.handle(), lent_action.handle()) };
        let Filled { action, failure } = std::mem::take(&mut *filled.lock());
        if returned != IC_OK {
            return Err(failed(returned, failure, "the handler"));
        }
        action.ok_or_else(|| {
            Error::new(ErrorKind::Callback, "the handler returned IC_OK and did not say what to do")
                .with_advice("Call one of the ic_action_ functions before returning")
        })
    }

    fn waiting(&self, waiting: &Waiting<'_>) -> Result<Wait> {
        self.flow.comes_to(waiting.step);
        let Some(observe) = self.handler.waiting else { return Ok(Wait::Continue) };
        let object = WaitingObject {
            step: waiting.step.clone(),
            number: waiting.number.as_ref().map(|number| number.to_string()),
            interval: waiting.interval,
            remaining: waiting.remaining,
            trouble: waiting.trouble.cloned(),
        };
        let lent = Lent::<ic_waiting_handle>::new(object)?;
        // SAFETY: the program gave this function for this pointer.
        Ok(match unsafe { observe(self.handler.user.get(), lent.handle()) } {
            IC_WAIT_CONTINUE => Wait::Continue,
            IC_WAIT_ASK => Wait::Ask,
            ms => u64::try_from(ms).map_or(Wait::Ask, |ms| Wait::ContinueFor(Duration::from_millis(ms))),
        })
    }
}

/// The error for a number that a callback returned, and the text that it set.
pub(super) fn failed(returned: ic_status, text: Option<String>, who: &str) -> Error {
    let kind = ErrorKind::from_code(returned).unwrap_or(ErrorKind::Callback);
    let text = text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| match ErrorKind::from_code(returned) {
        Some(kind) => format!("{who} failed with {kind}"),
        None => format!("{who} failed with the number {returned}"),
    });
    Error::new(kind, text)
}

/// What lies behind an `ic_action`.
#[derive(Default)]
pub struct ActionObject(Mutex<Filled>);
kind!(ic_action_handle, "ic_action", ActionObject);

#[derive(Default)]
struct Filled {
    action: Option<Action>,
    failure: Option<String>,
}

impl ActionObject {
    fn lock(&self) -> MutexGuard<'_, Filled> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn act(action: ic_action, what: Action) -> ic_status {
    status(|| {
        table::get(action)?.lock().action = Some(what);
        Ok(())
    })
}

/// Send this answer. It is copied: free it afterwards. Of several `ic_action_...` calls the last one counts.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_proceed(action: ic_action, answer: ic_answer) -> ic_status {
    status(|| {
        let answer = table::get(answer)?.copy()?;
        table::get(action)?.lock().action = Some(Action::Proceed(answer));
        Ok(())
    })
}

/// Wait for what happens elsewhere, where the step can be polled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_poll(action: ic_action) -> ic_status {
    act(action, Action::Poll)
}

/// Send the code or the push again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_resend(action: ic_action) -> ic_status {
    act(action, Action::Resend)
}

/// Send the code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_send(action: ic_action) -> ic_status {
    act(action, Action::Send)
}

/// Forgot the password.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_recover(action: ic_action) -> ic_status {
    act(action, Action::Recover)
}

/// Leave an optional step out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_skip(action: ic_action) -> ic_status {
    act(action, Action::Skip)
}

/// Ask the server for the current step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_refresh(action: ic_action) -> ic_status {
    act(action, Action::Refresh)
}

/// Cancel at the server, and end the run with `IC_ERROR_CANCELLED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_cancel(action: ic_action) -> ic_status {
    act(action, Action::Cancel)
}

/// Begin anew.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_restart(action: ic_action) -> ic_status {
    act(action, Action::Restart)
}

/// The program was opened with this URL, after a redirect or by a link in a mail.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_callback(action: ic_action, url: *const c_char) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        let url = Secret::from(text(url, "url")?);
        table::get(action)?.lock().action = Some(Action::Callback(url));
        Ok(())
    })
}

/// Why `remediate` is about to return a failure: becomes the text of the error. No secret in it.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_action_fail(action: ic_action, why: *const c_char) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        let why = sanitize(text(why, "why")?);
        table::get(action)?.lock().failure = Some(why);
        Ok(())
    })
}

/// What lies behind an `ic_waiting`.
pub struct WaitingObject {
    step: Step,
    number: Option<String>,
    interval: Duration,
    remaining: Duration,
    trouble: Option<Error>,
}
kind!(ic_waiting_handle, "ic_waiting", WaitingObject);

/// The number that the person must choose in their app (number challenge); NULL when there is none. Always show it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_waiting_number(waiting: ic_waiting) -> ic_str {
    value(ic_str::NONE, || table::look(waiting)?.number.as_deref().map(ic_str::of))
}

/// How long until the next poll, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_waiting_interval_ms(waiting: ic_waiting) -> u64 {
    value(0, || Some(milliseconds(table::look(waiting)?.interval)))
}

/// How long until the call's time limit, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_waiting_remaining_ms(waiting: ic_waiting) -> u64 {
    value(0, || Some(milliseconds(table::look(waiting)?.remaining)))
}

/// The step that is waited on, as a handle of its own. Free it with `ic_step_free`.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_waiting_step(waiting: ic_waiting, out: *mut ic_step, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            out.set(table::insert(StepObject::new(table::get(waiting)?.step.clone()))?);
            Ok(())
        })
    }
}

/// Why the last poll failed, when it did; the wait goes on. `*out` is NULL when there was no trouble. Free it with
/// `ic_error_free`. Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_waiting_trouble(waiting: ic_waiting, out: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        let out = Out::new(out, std::ptr::null_mut(), "out")?;
        if let Some(trouble) = table::get(waiting)?.trouble.clone() {
            out.set(table::insert(super::error::ErrorObject::new(trouble))?);
        }
        Ok(())
    })
}
