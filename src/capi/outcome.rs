//! Outcomes: how an unattended sign-in ended. An outcome is the exit code of a program, with a word; both are never changed
//! and never reused.

use super::{
    guard::value,
    handles::{ic_error, ic_step},
    table,
    text::ic_str,
    view,
};
use crate::screen::Outcome;

/// The outcome of a step for a program that asks nobody: an `IC_OUTCOME_...` number, or -1 while it may go on. `polled`:
/// whether a challenge was polled just before; the server then uses the words of an outage for a push that nobody answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_outcome(step: ic_step, polled: bool) -> i32 {
    view::read(step, -1, |object| Outcome::of_step(object.step(), polled).map(number))
}

/// The outcome of an error: an `IC_OUTCOME_...` number. `starting`: before there was a step, when a refusal means that the
/// org or the app is not set up for this.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_outcome(error: ic_error, starting: bool) -> i32 {
    let unknown = number(Outcome::ProtocolViolation);
    value(unknown, || Some(number(Outcome::of_error(table::look(error)?.error(), starting))))
}

/// The name of an outcome as a stable word, for example `push_expired`; NULL for a number that is none. Valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn ic_outcome_name(outcome: i32) -> ic_str {
    value(ic_str::NONE, || {
        let outcome = Outcome::from_exit_code(u8::try_from(outcome).ok()?)?;
        Some(ic_str::of(outcome.as_str()))
    })
}

fn number(outcome: Outcome) -> i32 {
    i32::from(outcome.exit_code())
}
