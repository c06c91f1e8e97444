//! Flows: how one begins, where it is, how it is saved. What drives it is in `drive.rs`.

use std::ffi::c_void;

use super::{
    buffer::BufferObject,
    cancel::{call_of, ic_call},
    client::ClientObject,
    error::ErrorObject,
    guard::{free, guard, value},
    handles::{ic_buffer, ic_client, ic_error, ic_flow, ic_screen, ic_status, ic_step},
    start::{ic_start_options, options_of},
    table::{self, kind},
    text::{Out, bytes},
    view::StepObject,
};
use crate::{
    client::{Flow, SharedFlow},
    error::{Error, ErrorKind, Result},
    flow::Snapshot,
    idx::Step,
    limits::MAX_SNAPSHOT_BYTES,
    secret::SecretBytes,
};

kind!(ic_flow_handle, "ic_flow", SharedFlow);

/// A call that makes a flow of a client; `None` is no flow.
unsafe fn begun(
    client: ic_client,
    out: *mut ic_flow,
    error: *mut ic_error,
    work: impl FnOnce(&ClientObject) -> Result<Option<Flow>>,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            if let Some(flow) = work(&*table::get(client)?)? {
                out.set(table::insert(SharedFlow::new(flow))?);
            }
            Ok(())
        })
    }
}

/// Starts a sign-in: `interact` and `introspect`, two requests (idx.md section 2). The flow is at its first step. Free it
/// with `ic_flow_free`.
/// Errors: `IC_ERROR_OAUTH` when the org refuses (the text names the switch to look at), `IC_ERROR_INVALID_ARGUMENT`,
/// `IC_ERROR_INVALID_HANDLE`, and those of the transport.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_start(
    client: ic_client,
    options: *const ic_start_options,
    call: *const ic_call,
    out: *mut ic_flow,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { begun(client, out, error, |client| client.client.start(options_of(options)?, &call_of(call)?).map(Some)) }
}

/// Continues a flow that `ic_flow_save` saved, in this process or another. No request is made; `ic_flow_refresh` asks the
/// server where it is. Free it with `ic_flow_free`.
/// Errors: `IC_ERROR_INVALID_SNAPSHOT` when it is damaged, or was saved by another client or version.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_restore(
    client: ic_client,
    saved: *const c_void,
    len: usize,
    out: *mut ic_flow,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        begun(client, out, error, |client| {
            let saved = bytes(saved, len, MAX_SNAPSHOT_BYTES, "saved")?;
            let saved = std::str::from_utf8(saved)
                .map_err(|_| Error::new(ErrorKind::InvalidSnapshot, "the saved flow is not UTF-8 text"))?;
            client.client.restore(&Snapshot::from_text(saved)).map(Some)
        })
    }
}

/// Continues the flow of this client that was stored last: `IC_OK`, and `*out` stays NULL when there is none, or no storage.
/// No request is made. Free the flow with `ic_flow_free`.
/// Errors: `IC_ERROR_STORAGE_UNAVAILABLE`, which does not mean that there is none; `IC_ERROR_INVALID_SNAPSHOT` when all that is
/// there cannot be used (it is removed then).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_resume(client: ic_client, out: *mut ic_flow, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { begun(client, out, error, |client| client.client.resume()) }
}

/// As `ic_flow_resume`, for a program with several sign-ins under way: `index` 0 is the flow that was stored last, 1 the one before
/// it, and so on; `*out` stays NULL when there are not so many. `ic_flow_kept_at` says when it was stored. Resume all before one of
/// them is driven: that changes the order.
/// Errors: as `ic_flow_resume`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_resume_at(
    client: ic_client,
    index: usize,
    out: *mut ic_flow,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { begun(client, out, error, |client| Ok(client.client.resume_all()?.into_iter().nth(index))) }
}

/// Why the storage does not have this flow as it is now: an error to be freed with `ic_error_free`, NULL when it has, or there is
/// no storage. The sign-in goes on without: look after a call, and tell the person not to leave the program. As of the last call
/// that ended. Never busy.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_storage_trouble(flow: ic_flow, out: *mut ic_error, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            if let Some(trouble) = table::get(flow)?.look(|seen| seen.storage_trouble.clone()) {
                out.set(table::insert(ErrorObject::new(trouble))?);
            }
            Ok(())
        })
    }
}

/// When the flow was stored last, in milliseconds since 1970; 0 when it is not in a storage. Never busy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_kept_at(flow: ic_flow) -> u64 {
    value(0, || {
        let moment = table::look(flow)?.look(|seen| seen.kept_at)?;
        u64::try_from(moment.as_millis()).ok()
    })
}

/// What the server asks now. Never busy: while a call is under way it is the step that the call has come to. Free the step
/// with `ic_step_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when the flow has no step (after a callback brought the code, after the tokens).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_step(flow: ic_flow, out: *mut ic_step, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { seen_step(flow, out, error, |flow| flow.look(|seen| seen.step.clone())) }
}

/// The last step that could be answered. It is the one of `ic_flow_step`, except after a refusal that came without a form:
/// then the form before it is still here and can be sent again. Never busy. Free the step with `ic_step_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_form_step(flow: ic_flow, out: *mut ic_step, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { seen_step(flow, out, error, |flow| flow.look(|seen| seen.form.clone())) }
}

unsafe fn seen_step(
    flow: ic_flow,
    out: *mut ic_step,
    error: *mut ic_error,
    which: impl FnOnce(&SharedFlow) -> Option<Step>,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let step = which(&*table::get(flow)?).ok_or_else(no_step)?;
            out.set(table::insert(StepObject::new(step))?);
            Ok(())
        })
    }
}

/// Nothing is asked.
pub(super) fn no_step() -> Error {
    Error::new(ErrorKind::InvalidState, "the flow has no such step")
        .with_advice("Call ic_flow_finish when it is complete, ic_flow_restart when it is over")
}

/// Whether the interaction code is here, so that `ic_flow_finish` can redeem it. Never busy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_is_complete(flow: ic_flow) -> bool {
    value(false, || Some(table::look(flow)?.look(|seen| seen.complete)))
}

/// Whether `ic_flow_finish` or `ic_flow_run` gave the tokens: nothing is left to do. Never busy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_is_finished(flow: ic_flow) -> bool {
    value(false, || Some(table::look(flow)?.look(|seen| seen.finished)))
}

/// How it ended: an `IC_ENDING_...` number; 0 while it goes on. Without tokens it may have ended well: the account is unlocked, a
/// mail was sent. `ic_screen_ending_text` says it to the person. As of the last call that ended. Never busy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_ending(flow: ic_flow) -> i32 {
    value(0, || Some(table::look(flow)?.look(|seen| seen.ending.as_ref().map_or(0, |ending| ending.kind.code()))))
}

/// Whether a screen is still to be shown: it is that of the current step, or of one that was only polled since and asks the
/// same. What was typed for it can be taken with `ic_flow_take`. As of the last call that ended. Never busy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_is_at(flow: ic_flow, screen: ic_screen) -> bool {
    value(false, || {
        let (flow, screen) = (table::look(flow)?, table::look(screen)?);
        Some(flow.look(|seen| seen.is_at(screen.core())))
    })
}

/// How many requests the flow has made, polls included, the fetch of keys not; as of the last call that ended. Never busy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_requests(flow: ic_flow) -> u64 {
    value(0, || Some(table::look(flow)?.look(|seen| seen.requests)))
}

/// The client that the flow belongs to, as a handle of its own. Free it with `ic_client_free`.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_client(flow: ic_flow, out: *mut ic_client, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let client = table::get(flow)?.during(|flow| Ok(flow.client().clone()))?;
            out.set(table::insert(ClientObject::new(client))?);
            Ok(())
        })
    }
}

/// Saves the flow, to be continued by `ic_flow_restore`. The bytes are a secret: they hold what continues the sign-in, but
/// no password and no token. Free them with `ic_buffer_free`.
/// Never busy: while a call works on the flow, it is saved where it came to rest last.
/// Errors: `IC_ERROR_INVALID_STATE` when there is nothing to continue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_save(flow: ic_flow, out: *mut ic_buffer, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let saved = table::get(flow)?.save()?;
            out.set(table::insert(BufferObject(SecretBytes::from(saved.expose().as_bytes())))?);
            Ok(())
        })
    }
}

/// Frees a flow and wipes its secrets. NULL is fine. The server is not told: `ic_flow_cancel` does that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_free(flow: ic_flow) -> ic_status {
    free(flow)
}
