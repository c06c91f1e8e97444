//! What drives a flow: answers, actions, waiting, and the end of the sign-in.

use std::ffi::c_char;

use super::{
    buffer::BufferObject,
    cancel::{call_of, ic_call},
    foreign,
    guard::guard,
    handler::{ForeignHandler, ic_handler},
    handles::{ic_answer, ic_buffer, ic_client, ic_error, ic_flow, ic_screen, ic_status, ic_step, ic_tokens},
    screen::ScreenObject,
    table,
    text::{Out, text},
    tokens::TokensObject,
    view::StepObject,
};
use crate::{
    call::Call,
    client::{Callback, Flow, Next, RemediationHandler, SharedFlow},
    error::Result,
    secret::SecretBytes,
};

/// A call that leads to a step.
///
/// # Safety
/// By the conventions of the header.
pub(super) unsafe fn stepped(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
    work: impl FnOnce(&mut Flow, &Call) -> Result<()>,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::optional(out, std::ptr::null_mut(), "out");
            lead(flow, call, out, |_, flow, call| work(flow, call))
        })
    }
}

/// Works on the flow, and gives out the step that it comes to.
///
/// # Safety
/// `call` is NULL or points to a struct that says its size.
unsafe fn lead(
    flow: ic_flow,
    call: *const ic_call,
    out: Result<Option<Out<ic_step>>>,
    work: impl FnOnce(&SharedFlow, &mut Flow, &Call) -> Result<()>,
) -> Result<()> {
    let out = out?;
    // SAFETY: by this function's contract.
    let call = unsafe { call_of(call) }?;
    let shared = table::get(flow)?;
    let step = shared.during(|flow| {
        work(&shared, flow, &call)?;
        Ok(flow.step().ok().cloned())
    })?;
    if let (Some(out), Some(step)) = (out, step) {
        out.set(table::insert(StepObject::new(step))?);
    }
    Ok(())
}

/// Sends an answer; the next step goes to `out`, which may be NULL. A 4xx with a form in it is a step with messages, not an
/// error. The answer is not used up: free it. After success `*out` is NULL when the flow has no step.
/// Errors: `IC_ERROR_INVALID_ANSWER` (with problems) and `IC_ERROR_FOREIGN_ORIGIN` before anything is sent; `IC_ERROR_BUSY`; then
/// those of the transport and of the server. Nothing is sent twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_proceed(
    flow: ic_flow,
    answer: ic_answer,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        stepped(flow, call, out, error, |flow, call| {
            let answer = table::get(answer)?.copy()?;
            flow.proceed(answer, call).map(drop)
        })
    }
}

/// The screen of the current step, and after that of each one that follows: call it in a loop whose body takes a way
/// (`ic_flow_take`). A step that the body left as it is, and that can be polled, is polled until it changes, by default for
/// five minutes. After a call that failed, the same screen comes again. `*out` is NULL when the sign-in is complete
/// (`ic_flow_finish`); a screen with an ending (`ic_screen_ending`) is the last one. Free it with `ic_screen_free`.
/// Errors: as `ic_flow_poll`; `IC_ERROR_INVALID_STATE` when a step that wants an answer got none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_next(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_screen,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let call = call_of(call)?;
            let screen = table::get(flow)?.during(|flow| match flow.next(&call)? {
                Next::Complete => Ok(None),
                Next::Step(_) | Next::Ended(_) => flow.screen().map(Some),
            })?;
            if let Some(screen) = screen {
                out.set(table::insert(ScreenObject::new(screen))?);
            }
            Ok(())
        })
    }
}

/// Connects, and fetches what the end of the sign-in needs, while the person types: the last input is then followed by two
/// requests only. Nothing is asked of the sign-in. Errors: those of the transport; the sign-in goes on without it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_prepare(client: ic_client, call: *const ic_call, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || table::get(client)?.client.prepare(&call_of(call)?)) }
}

/// Asks the server for the current step (`introspect`). Safe at any time, and the way to learn whether an answer of which
/// the reply was lost has arrived. `out` may be NULL. Errors: those of the transport and of the server, `IC_ERROR_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_refresh(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.refresh(call).map(drop)) }
}

/// Sends the code or the push again. `out` may be NULL. Errors: `IC_ERROR_NOT_FOUND` when the step does not offer it; as
/// `ic_flow_refresh`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_resend(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.resend(call).map(drop)) }
}

/// Sends the code, where the step offers that as an action. `out` may be NULL. Errors: as `ic_flow_resend`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_send(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.send(call).map(drop)) }
}

/// Forgot the password: takes the `recover` action. `out` may be NULL. Errors: as `ic_flow_resend`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_recover(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.recover(call).map(drop)) }
}

/// Leaves an optional step out. `out` may be NULL. Errors: as `ic_flow_resend`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_skip(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.skip(call).map(drop)) }
}

/// Cancels at the server; the flow is at a fresh first page. To give up, free the flow afterwards. `out` may be NULL. Not to
/// be mixed up with `ic_cancel_trigger`, which ends a call. Errors: as `ic_flow_resend`; then use `ic_flow_restart`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_cancel(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.cancel(call).map(drop)) }
}

/// Begins anew with the same options and fresh secrets: the way on from an expired or ended transaction. `out` may be NULL.
/// On an error the old flow is still here. Errors: as `ic_flow_start`, `IC_ERROR_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_restart(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.restart(call).map(drop)) }
}

/// Waits until the step changes, by the server's interval (idx.md section 5.7); without a time limit in `call`, five
/// minutes. Loss of network is tolerated until then. `out` may be NULL. A push may show a number: `ic_step_number_challenge`.
/// Errors: `IC_ERROR_NOT_FOUND` when the step cannot be polled, `IC_ERROR_TIMEOUT`, `IC_ERROR_CANCELLED`, `IC_ERROR_BUSY`, and
/// answers of the server that polling again cannot change.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_poll(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { stepped(flow, call, out, error, |flow, call| flow.poll(call).map(drop)) }
}

/// As `ic_flow_poll`, calling `handler->waiting` before each poll with what is being waited for; `remediate` is not called
/// and may be NULL. When `waiting` stops the wait, the step is the same. The handler is borrowed for the call; its `destroy`
/// runs before the call returns. Errors: as `ic_flow_poll`; `IC_ERROR_INVALID_ARGUMENT` for the struct, or when it has no `waiting`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_poll_while(
    flow: ic_flow,
    handler: *const ic_handler,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            // The result is nothing first, and the handler is taken before anything can fail.
            let out = Out::optional(out, std::ptr::null_mut(), "out");
            let handler = ForeignHandler::new(foreign::read(handler)?);
            handler.needs_waiting()?;
            lead(flow, call, out, |shared, flow, call| {
                let handler = handler.of(shared);
                flow.poll_while(call, &mut |waiting| handler.waiting(waiting)).map(drop)
            })
        })
    }
}

/// Takes the URL that the program was opened with after a redirect or by a link in a mail (idx.md section 10.2). Address and
/// `state` are checked first. Afterwards the flow is complete, or at its next step. `*code` is NULL, or a code from a mail that
/// the current step does not wait for: show it, the person types it where they began; free it with `ic_buffer_free`.
/// `code` may be NULL, then such a code is lost.
/// Errors: `IC_ERROR_INVALID_CALLBACK` when the URL is not the answer to this flow, `IC_ERROR_OAUTH` when it reports a failure; in
/// both cases the flow is where it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_handle_callback(
    flow: ic_flow,
    url: *const c_char,
    call: *const ic_call,
    code: *mut ic_buffer,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::optional(code, std::ptr::null_mut(), "code")?;
            let (url, call) = (text(url, "url")?, call_of(call)?);
            let came = table::get(flow)?.during(|flow| flow.handle_callback(url, &call))?;
            if let (Callback::ShowCode(code), Some(out)) = (came, out) {
                out.set(table::insert(BufferObject(SecretBytes::from(code.expose().as_bytes())))?);
            }
            Ok(())
        })
    }
}

/// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. Without a time limit in
/// `call`: five minutes for the whole run. The handler is borrowed for the call; its `destroy` runs before the call returns.
/// Free the tokens with `ic_tokens_free`.
/// Errors: those of the handler, of the transport and of the server; `IC_ERROR_TERMINAL` and `IC_ERROR_EXPIRED` with the
/// server's messages when the sign-in ended without tokens. The flow stays usable, and can be run again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_run(
    flow: ic_flow,
    handler: *const ic_handler,
    call: *const ic_call,
    out: *mut ic_tokens,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            // The result is nothing first, and the handler is taken before anything can fail.
            let out = Out::new(out, std::ptr::null_mut(), "out");
            let handler = ForeignHandler::new(foreign::read(handler)?);
            handler.needs_remediate()?;
            let out = out?;
            let call = call_of(call)?;
            let object = table::get(flow)?;
            let tokens = object.during(|flow| flow.run(&handler.of(&object), &call)?.tokens())?;
            out.set(table::insert(TokensObject::new(tokens))?);
            Ok(())
        })
    }
}

/// Redeems the interaction code and verifies the ID token (idx.md section 9, OpenID Connect Core 3.1.3.7). The code is sent
/// once. When only the keys could not be fetched, call it again: the tokens are kept. Free the tokens with `ic_tokens_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when the sign-in is not complete, `IC_ERROR_OAUTH`, `IC_ERROR_INVALID_TOKEN` with
/// `ic_error_rule`, `IC_ERROR_BUSY`, and those of the transport.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_finish(
    flow: ic_flow,
    call: *const ic_call,
    out: *mut ic_tokens,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let call = call_of(call)?;
            let tokens = table::get(flow)?.during(|flow| flow.finish(&call))?;
            out.set(table::insert(TokensObject::new(tokens))?);
            Ok(())
        })
    }
}
