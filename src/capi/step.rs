//! Steps: what the server asks now.

use std::{
    borrow::Cow,
    ffi::{c_char, c_void},
};

use super::{
    cancel::milliseconds,
    guard::{free, guard, value},
    handles::{IC_NO_NODE, IC_ROOT_NODE, ic_error, ic_node, ic_status, ic_step},
    lists::List,
    table,
    text::{self, Out, ic_str},
    view::{self, StepObject},
};
use crate::{
    idx::{Authenticator, Json, MessageKey, Remediation, Step},
    limits::MAX_BODY_BYTES,
};

/// Reads a response of the protocol from `len` bytes, 2 MB at most: for recorded responses and for tests. Steps of a
/// sign-in come from its flow. Free it with `ic_step_free`.
/// Errors: `IC_ERROR_PROTOCOL` when it is not JSON or no response of this protocol, `IC_ERROR_LIMIT_EXCEEDED` when it
/// is too large, too deep or has too many values, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_read(
    body: *const c_void,
    len: usize,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let step = Step::read(text::bytes(body, len, MAX_BODY_BYTES, "body")?)?;
            out.set(table::insert(StepObject::new(step))?);
            Ok(())
        })
    }
}

/// A second handle of the same step, for another owner; each is freed by itself. Nodes are the same in both.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_LIMIT_EXCEEDED` when there are too many
/// handles.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_clone(step: ic_step, out: *mut ic_step, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            out.set(table::duplicate(step)?);
            Ok(())
        })
    }
}

/// What the step asks for, by all of its remediations (idx.md section 11.1), as one word, for programs with a screen
/// per kind of step: `success` (the code is here: `ic_flow_finish`), `success_redirect`, `failure_redirect`,
/// `terminal`, `device_enrollment`, `password_expired`, `password_expiring`, `password_reset`, `profile_enrollment`,
/// `authenticator_verification`, `authenticator_enrollment`, `challenge_poll`, `enroll_poll`, `device_challenge_poll`,
/// `authenticator_verification_data`, `authenticator_enrollment_data`, `enrollment_channel_data`,
/// `authenticator_selection`, `authenticator_enrollment_selection`, `unlock_selection`, `identification`,
/// `recovery_identification`, `consent`, `user_code`, `keep_me_signed_in`, `redirect`, `safe_mode_poll`, or `other`.
/// Newer libraries may have more words: treat an unknown one as `other`, and show its form.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_status(step: ic_step) -> ic_str {
    view::text(step, |object| Some(Cow::Borrowed(object.step().status().as_str())))
}

/// The HTTP status of the response. A 4xx is an ordinary step: read its messages. 200 for a step of `ic_step_read`; 0
/// for a bad handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_http_status(step: ic_step) -> i32 {
    view::read(step, 0, |object| Some(object.step().http_status().into()))
}

/// Okta's request id of the response (`X-Okta-Request-Id`), for logs and for Okta's support.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_request_id(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().request_id().map(Cow::Borrowed))
}

/// The whole response as it came. It holds state handles, which are secret: do not log it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_json(step: ic_step) -> ic_str {
    view::text(step, |object| Some(Cow::Borrowed(object.step().raw())))
}

/// The version of the protocol as it came, mostly `1.0.0`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_version(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().version())
}

/// The opaque state of the transaction: a secret. Forms carry their own, so answers do not need it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_state_handle(step: ic_step) -> ic_str {
    // Not the secret type: its copy would die with this call.
    view::text(step, |object| object.step().json().text("stateHandle"))
}

/// When this state ends, as it came (ISO 8601).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_expires_at_text(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().expires_at_text())
}

/// When this state ends, in seconds since 1970 (UTC), by the server's clock. False, and 0, when the server did not say
/// or said something that is no date.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_expires_at(step: ic_step, out: *mut i64) -> bool {
    // SAFETY: by the conventions of the header.
    unsafe { view::number(step, out, |object| object.step().expires_at()) }
}

/// What the transaction is for, as a name of the protocol: `LOGIN`, `ENROLL_NEW_USER`, `CREDENTIAL_RECOVERY`, `CONSENT`
/// and others (idx.md section 3.1), in capitals; an unknown one as it came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_intent(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().intent().map(|intent| Cow::Owned(intent.as_str().to_owned())))
}

/// The number that the person must choose in their app, wherever the step carries one (number challenge of Okta
/// Verify). Always show it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_number_challenge(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().number_challenge())
}

/// Where a success that brings no tokens here sends the user's browser.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_success_redirect(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().success_redirect())
}

/// Where a failure sends the user's browser.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_failure_redirect(step: ic_step) -> ic_str {
    view::text(step, |object| object.step().failure_redirect())
}

/// Whether there is nothing to answer: no success, and no remediation but perhaps `skip` (idx.md section 7.3). The
/// messages say how it ended.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_is_terminal(step: ic_step) -> bool {
    view::flag(step, |object| Some(object.step().is_terminal()))
}

/// Whether there is a message of class `ERROR`, on the step or on a field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_has_error(step: ic_step) -> bool {
    view::flag(step, |object| Some(object.step().has_error()))
}

/// Whether the step verifies the password of a known user (with a `challenge-authenticator` remediation). There may be
/// other remediations beside it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_is_password_challenge(step: ic_step) -> bool {
    view::flag(step, |object| Some(object.step().is_password_challenge()))
}

/// Whether a message, on the step or on a field, has this i18n key (idx.md section 7.2), for example `errors.E0000004`.
/// The two spellings that some keys have (`idx.session.expired` and `error.expired.session`) are one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_has_message(step: ic_step, key: *const c_char) -> bool {
    view::flag(step, |object| {
        // SAFETY: by the conventions of the header.
        let key = unsafe { text::text(key, "key") }.ok()?;
        Some(object.step().has_message(&MessageKey::from(key)))
    })
}

/// Whether a remediation of this wire name is offered, for example `skip`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_offers(step: ic_step, name: *const c_char) -> bool {
    view::flag(step, |object| {
        // SAFETY: by the conventions of the header.
        Some(object.step().offers(unsafe { text::text(name, "name") }.ok()?))
    })
}

/// How many remediations there are: the ways to go on (idx.md section 5).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_remediation_count(step: ic_step) -> usize {
    view::list_count(step, List::Remediations, IC_ROOT_NODE)
}

/// A remediation, in the server's order: the first is the one it suggests. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_remediation(step: ic_step, index: usize) -> ic_node {
    view::list_node(step, List::Remediations, IC_ROOT_NODE, index)
}

/// The first remediation of this wire name, for example `identify`; names may repeat (several `redirect-idp`).
/// `IC_NO_NODE` when it is not offered: the server's policy decides that, and may change.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_remediation_named(step: ic_step, name: *const c_char) -> ic_node {
    view::node(step, |object| {
        // SAFETY: by the conventions of the header.
        let name = unsafe { text::text(name, "name") }.ok()?;
        object.step().remediations_named(name).next().map(Remediation::node)
    })
}

/// How many actions stand beside the remediations: `cancel`, and those of the authenticators (idx.md section 4.1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_action_count(step: ic_step) -> usize {
    view::list_count(step, List::Actions, IC_ROOT_NODE)
}

/// An action: what the `ic_remediation_...` functions and `ic_answer_new` take. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_action(step: ic_step, index: usize) -> ic_node {
    view::list_node(step, List::Actions, IC_ROOT_NODE, index)
}

/// Where an action stands, as other SDKs write it: `cancel`, `currentAuthenticator-resend`,
/// `authenticatorChallenge-cancel`. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_action_path(step: ic_step, index: usize) -> ic_str {
    view::text(step, |object| object.action_paths().get(index).map(|path| Cow::Borrowed(path.as_str())))
}

/// The first action of this name: a path as of `ic_step_action_path`, the member it stands under (`resend`), or else
/// its wire name (`cancel-polling`). `IC_NO_NODE` when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_action_named(step: ic_step, name: *const c_char) -> ic_node {
    view::node(step, |object| {
        // SAFETY: by the conventions of the header.
        object.step().action(unsafe { text::text(name, "name") }.ok()?).map(Remediation::node)
    })
}

/// How many authenticators and enrolments there are, each place in the response counted (idx.md section 6).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_authenticator_count(step: ic_step) -> usize {
    view::list_count(step, List::Authenticators, IC_ROOT_NODE)
}

/// An authenticator or enrolment. The same one may be there several times, offered and enrolled and being verified:
/// each place is one, with its own `ic_authenticator_state`. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_authenticator(step: ic_step, index: usize) -> ic_node {
    view::list_node(step, List::Authenticators, IC_ROOT_NODE, index)
}

/// The authenticator that the step is about; `IC_NO_NODE` when it is about none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_current_authenticator(step: ic_step) -> ic_node {
    view::node(step, |object| object.step().current_authenticator().map(Authenticator::node))
}

/// How many messages there are for the person, on the step and on fields, each once (idx.md section 7).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_message_count(step: ic_step) -> usize {
    view::list_count(step, List::Messages, IC_ROOT_NODE)
}

/// A message. The server often says the same thing twice, at the top and on a field: of those with the same key and
/// text only one is here, that on the field (`ic_message_path`). `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_message(step: ic_step, index: usize) -> ic_node {
    view::list_node(step, List::Messages, IC_ROOT_NODE, index)
}

/// What to poll (a remediation or action), and how long to wait before it in milliseconds: the server's interval, kept
/// between 500 and 30000; 4000 when it names none. `IC_NO_NODE`, and 0, when there is nothing to poll. `interval_ms`
/// may be NULL. `ic_flow_poll` does both.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_poll(step: ic_step, interval_ms: *mut u64) -> ic_node {
    value(IC_NO_NODE, || {
        // SAFETY: by the conventions of the header.
        let out = unsafe { Out::optional(interval_ms, 0, "interval_ms") }.ok()?;
        let object = table::look(step)?;
        let (poll, interval) = object.step().poll()?;
        if let Some(out) = out {
            out.set(milliseconds(interval));
        }
        Some(poll.node())
    })
}

/// The top-level member of this name, its wrapper `{"type": ..., "value": ...}` taken off: `user`, `app`, `captcha`,
/// `authenticatorChallenge` and others (idx.md section 3.1), to be read with the `ic_node_...` functions. `IC_NO_NODE`
/// when it is absent or `null`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_member(step: ic_step, name: *const c_char) -> ic_node {
    view::node(step, |object| {
        // SAFETY: by the conventions of the header.
        object.step().member(unsafe { text::text(name, "name") }.ok()?).map(Json::node)
    })
}

/// The final success of a sign-in (`successWithInteractionCode`, idx.md section 9), which `ic_flow_finish` redeems;
/// `IC_NO_NODE` before it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_success(step: ic_step) -> ic_node {
    view::node(step, |object| object.step().success_with_interaction_code().map(Remediation::node))
}

/// Frees a step. NULL is fine. Its strings and nodes end with it. `IC_ERROR_INVALID_HANDLE` for anything that is no
/// live step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_free(step: ic_step) -> ic_status {
    free(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"version": "1.0.0", "stateHandle": "02\u002eid", "intent": "login",
        "expiresAt": "2030-01-01T10:00:00.000Z", "remediation": {"type": "array", "value": [
            {"name": "identify", "href": "https://a.example/i", "method": "POST", "value": [{"name": "identifier"}]},
            {"name": "challenge-poll", "href": "https://a.example/p", "method": "POST", "refresh": 1}]},
        "messages": {"value": [{"message": "Over", "i18n": {"key": "error.expired.session"}}]},
        "user": {"type": "object", "value": {"id": "00u1"}}, "app": null,
        "cancel": {"name": "cancel", "href": "https://a.example/c", "method": "POST"}}"#;

    fn is(text: ic_str, expected: &str) -> bool {
        let data = text.data.cast::<u8>();
        // SAFETY: a text of a step that is alive.
        !data.is_null() && unsafe { std::slice::from_raw_parts(data, text.len) } == expected.as_bytes()
    }

    #[test]
    fn the_docs_list_every_status() {
        let source = include_str!("../idx/status.rs");
        let words: Vec<_> = source.split(" => \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let listed = |word: &&&str| include_str!("step.rs").contains(&format!("`{word}`"));
        assert_eq!(words.iter().filter(listed).count(), 28, "{words:?}");
        assert_eq!(words.len(), 28);
    }

    #[test]
    fn a_step_tells_what_it_is() {
        let mut step = std::ptr::null_mut();
        let (mut at, mut interval) = (7, 7);
        // SAFETY: live handles, good texts, and places that are written or NULL.
        unsafe {
            assert_eq!(ic_step_read(BODY.as_ptr().cast(), BODY.len(), &mut step, std::ptr::null_mut()), 0);
            assert!(is(ic_step_state_handle(step), "02.id") && is(ic_step_intent(step), "LOGIN"));
            assert!(ic_step_expires_at(step, &mut at) && at == 1_893_492_000);
            assert!(!ic_step_expires_at(step, std::ptr::null_mut()));
            assert!(ic_step_has_message(step, c"idx.session.expired".as_ptr()));
            assert!(!ic_step_has_message(step, c"".as_ptr()) && !ic_step_has_message(step, std::ptr::null()));
            assert_eq!(ic_step_poll(step, &mut interval), ic_step_remediation(step, 1));
            assert_eq!((interval, ic_step_poll(step, std::ptr::null_mut())), (500, ic_step_remediation(step, 1)));
            assert!(is(ic_step_action_path(step, 0), "cancel"));
            assert_eq!(ic_step_action_named(step, c"cancel".as_ptr()), ic_step_action(step, 0));
            assert_ne!(ic_step_member(step, c"user".as_ptr()), IC_NO_NODE);
            assert_eq!(ic_step_member(step, c"app".as_ptr()), IC_NO_NODE);
            assert_eq!(ic_step_free(step), 0);
        }
    }

    #[test]
    fn what_is_no_step_gives_nothing_and_clears_what_it_would_write() {
        let (mut step, mut at, mut interval) = (std::ptr::dangling_mut(), 7, 7);
        // SAFETY: as above; the handle was never one.
        unsafe {
            assert_ne!(ic_step_read(b"[]".as_ptr().cast(), 2, &mut step, std::ptr::null_mut()), 0);
            assert!(step.is_null());
            assert_eq!(ic_step_http_status(step), 0);
            assert!(ic_step_status(step).data.is_null());
            assert!(!ic_step_expires_at(step, &mut at) && at == 0);
            assert!(ic_step_poll(step, &mut interval) == IC_NO_NODE && interval == 0);
        }
    }

    #[test]
    fn texts_that_are_computed_live_with_the_step() {
        let mut step = std::ptr::null_mut();
        // SAFETY: live handles; the second keeps what the first had.
        unsafe {
            assert_eq!(ic_step_read(BODY.as_ptr().cast(), BODY.len(), &mut step, std::ptr::null_mut()), 0);
            let mut copy = std::ptr::null_mut();
            assert_eq!(ic_step_clone(step, &mut copy, std::ptr::null_mut()), 0);
            assert_eq!(ic_step_state_handle(step).data, ic_step_state_handle(copy).data);
            assert_eq!(ic_step_free(step), 0);
            assert!(is(ic_step_state_handle(copy), "02.id") && ic_step_state_handle(step).data.is_null());
            assert_eq!(ic_step_free(copy), 0);
        }
    }
}
