//! Answers: what goes back for a form.

use std::{
    ffi::c_char,
    sync::{Mutex, MutexGuard, TryLockError},
};

use super::{
    buffer::BufferObject,
    guard::{free, guard},
    handles::{ic_answer, ic_buffer, ic_error, ic_node, ic_status, ic_step},
    table::{self, kind},
    text::{Out, text},
};
use crate::{
    error::{Error, ErrorKind, Result},
    idx::{Answer, AnswerValue, Remediation},
};

/// What lies behind an `ic_answer`.
pub struct AnswerObject(Mutex<Answer>);
kind!(ic_answer_handle, "ic_answer", AnswerObject);

impl AnswerObject {
    pub(super) fn new(answer: Answer) -> Self {
        AnswerObject(Mutex::new(answer))
    }

    fn lock(&self) -> Result<MutexGuard<'_, Answer>> {
        match self.0.try_lock() {
            Ok(answer) => Ok(answer),
            Err(TryLockError::WouldBlock) => Err(Error::new(ErrorKind::Busy, "the answer is in use by another call")
                .with_advice("An answer does one call at a time")),
            // A panic in a call that used it poisons its handle, too.
            Err(TryLockError::Poisoned(answer)) => Ok(answer.into_inner()),
        }
    }

    /// What is sent: the answer itself stays.
    pub(super) fn copy(&self) -> Result<Answer> {
        self.lock().map(|answer| answer.clone())
    }
}

/// Starts an answer to the remediation or action that `which` finds in a step.
unsafe fn start(
    step: ic_step,
    out: *mut ic_answer,
    error: *mut ic_error,
    which: impl for<'a> FnOnce(&'a crate::idx::Step) -> Result<Remediation<'a>>,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let step = table::get(step)?;
            let answer = which(step.step())?.answer()?;
            out.set(table::insert(AnswerObject(Mutex::new(answer)))?);
            Ok(())
        })
    }
}

/// Changes an answer; on an error it is as it was.
unsafe fn change(answer: ic_answer, error: *mut ic_error, change: impl FnOnce(&mut Answer) -> Result<()>) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let object = table::get(answer)?;
            let mut answer = object.lock()?;
            change(&mut answer)
        })
    }
}

/// Starts an answer to a remediation or action of a step. The answer does not need the step any more. Free it with
/// `ic_answer_free`.
/// Errors: `IC_ERROR_NOT_FOUND` when the node is no remediation or action, `IC_ERROR_INVALID_STATE` when it is an address for the
/// user's browser (`ic_remediation_navigation`) and no form.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_new(
    step: ic_step,
    remediation: ic_node,
    out: *mut ic_answer,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        start(step, out, error, |step| {
            step.remediation_at(remediation)
                .ok_or_else(|| Error::new(ErrorKind::NotFound, "the step has no remediation or action with this node"))
        })
    }
}

/// Starts an answer to the first remediation of this wire name, for example `identify`. As `ic_answer_new`.
/// Errors: `IC_ERROR_NOT_FOUND` when the step does not offer it (the text lists what it offers); as `ic_answer_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_new_named(
    step: ic_step,
    name: *const c_char,
    out: *mut ic_answer,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { start(step, out, error, |step| step.remediation(text(name, "name")?)) }
}

/// Sets a field to a text. `path` is the wire names that lead to it, joined by dots: `identifier`, `credentials.passcode`. A
/// later value replaces an earlier one. A field with options takes the id, enrolment id or key of one of them as its text.
/// The text is copied, and wiped with the answer. Whether it fits is checked by `ic_answer_check`, and before anything is
/// sent.
/// Errors: `IC_ERROR_INVALID_ANSWER` when the form has no such field or the server does not let it be changed,
/// `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_BUSY`; the answer is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_string(
    answer: ic_answer,
    path: *const c_char,
    value: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.put(text(path, "path")?, text(value, "value")?)) }
}

/// Sets a field to `true` or `false`. As `ic_answer_set_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_bool(
    answer: ic_answer,
    path: *const c_char,
    value: bool,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.put(text(path, "path")?, value)) }
}

/// Sets a field to a whole number. As `ic_answer_set_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_integer(
    answer: ic_answer,
    path: *const c_char,
    value: i64,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.put(text(path, "path")?, value)) }
}

/// Sets a field to any JSON value. An object given for a nested form is taken apart into its fields. As
/// `ic_answer_set_string`; `IC_ERROR_INVALID_ARGUMENT` also when `json` is not JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_json(
    answer: ic_answer,
    path: *const c_char,
    json: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        change(answer, error, |answer| answer.put(text(path, "path")?, AnswerValue::from_json(text(json, "json")?)?))
    }
}

unsafe fn set_at(
    answer: ic_answer,
    field: ic_node,
    error: *mut ic_error,
    value: impl FnOnce() -> Result<AnswerValue>,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.put_at(field, value()?)) }
}

/// Sets the field with this node (of the same step and remediation) to a text. As `ic_answer_set_string`; the way when names
/// have dots or repeat. Errors: `IC_ERROR_NOT_FOUND` for a node that is no field of the form.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_string_at(
    answer: ic_answer,
    field: ic_node,
    value: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set_at(answer, field, error, || text(value, "value").map(AnswerValue::from)) }
}

/// Sets the field with this node to `true` or `false`. As `ic_answer_set_string_at`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_bool_at(
    answer: ic_answer,
    field: ic_node,
    value: bool,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set_at(answer, field, error, || Ok(AnswerValue::Bool(value))) }
}

/// Sets the field with this node to a whole number. As `ic_answer_set_string_at`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_integer_at(
    answer: ic_answer,
    field: ic_node,
    value: i64,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set_at(answer, field, error, || Ok(AnswerValue::Integer(value))) }
}

/// Sets the field with this node to any JSON value. As `ic_answer_set_json` and `ic_answer_set_string_at`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_set_json_at(
    answer: ic_answer,
    field: ic_node,
    json: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set_at(answer, field, error, || AnswerValue::from_json(text(json, "json")?)) }
}

/// Chooses the option with this node, of a field of the form that is answered. Its own fields can be set afterwards.
/// Errors: `IC_ERROR_NOT_FOUND` for a node that is no option of the form.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_choose(answer: ic_answer, option: ic_node, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.choose_at(option)) }
}

/// Chooses, among the options of the field at `path`, the one of this authenticator: by enrolment id, id, or key
/// (`okta_email`). Errors: `IC_ERROR_INVALID_ANSWER` when there is none or more than one; as `ic_answer_set_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_select_authenticator(
    answer: ic_answer,
    path: *const c_char,
    id: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        change(answer, error, |answer| {
            *answer = answer.clone().select_authenticator(text(path, "path")?, text(id, "id")?)?;
            Ok(())
        })
    }
}

/// Adds a member that the form does not declare, as a text; the protocol needs it in places (idx.md section 10.4).
/// Errors: `IC_ERROR_INVALID_ANSWER` when the form declares it (use `ic_answer_set_string`); as `ic_answer_set_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_extra_string(
    answer: ic_answer,
    path: *const c_char,
    value: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.put_extra(text(path, "path")?, text(value, "value")?)) }
}

/// Adds a member that the form does not declare, as any JSON value. As `ic_answer_extra_string` and `ic_answer_set_json`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_extra_json(
    answer: ic_answer,
    path: *const c_char,
    json: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        change(answer, error, |answer| {
            answer.put_extra(text(path, "path")?, AnswerValue::from_json(text(json, "json")?)?)
        })
    }
}

/// Fills in the form with what the platform gave for `ic_remediation_passkey_request`: its JSON as it is, at most 256 KiB.
/// Errors: `IC_ERROR_INVALID_ANSWER` when the form wants no passkey or the response does not fit it (nothing of it is quoted);
/// as `ic_answer_set_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_passkey(
    answer: ic_answer,
    response: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.put_passkey(text(response, "response")?)) }
}

/// Whether the answer can be sent: `IC_OK`, or `IC_ERROR_INVALID_ANSWER` with what is wrong with each field
/// (`ic_error_problem_count`). Nothing is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_check(answer: ic_answer, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(answer, error, |answer| answer.body().map(drop)) }
}

/// The request body that the answer makes (idx.md section 4.5): JSON, with its secrets, for those who debug. Free it with
/// `ic_buffer_free`. Errors: `IC_ERROR_INVALID_ANSWER` as `ic_answer_check`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_body(answer: ic_answer, out: *mut ic_buffer, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let body = table::get(answer)?.copy()?.body()?;
            out.set(table::insert(BufferObject(body))?);
            Ok(())
        })
    }
}

/// Wipes and frees an answer. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_answer_free(answer: ic_answer) -> ic_status {
    free(answer)
}
