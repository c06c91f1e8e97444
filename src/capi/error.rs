//! Errors: why a call failed, what to do about it, and what the other side said.

use std::borrow::Cow;

use super::{
    advice::in_words_of_c,
    cancel::milliseconds,
    guard::{IC_OK, status, value},
    handles::{ic_error, ic_status},
    table::{self, kind},
    text::{Kept, Out, ic_str},
};
use crate::error::{Error, ErrorMessage, Problem, Sent};

/// What lies behind an `ic_error`.
pub struct ErrorObject {
    error: Error,
    kept: Kept,
}
kind!(ic_error_handle, "ic_error", ErrorObject);

impl ErrorObject {
    pub(super) fn new(error: Error) -> Self {
        ErrorObject { error: in_words_of_c(error), kept: Kept::default() }
    }

    pub(super) fn error(&self) -> &Error {
        &self.error
    }
}

fn text_of(error: ic_error, read: impl for<'a> FnOnce(&'a Error) -> Option<Cow<'a, str>>) -> ic_str {
    value(ic_str::NONE, || {
        let object = table::look(error)?;
        Some(object.kept.keep(read(&object.error)?))
    })
}

fn message_of(error: ic_error, index: usize, read: impl FnOnce(&ErrorMessage) -> Option<&str>) -> ic_str {
    text_of(error, |error| read(error.messages().get(index)?).map(Cow::Borrowed))
}

fn problem_of(error: ic_error, index: usize, read: impl FnOnce(&Problem) -> &str) -> ic_str {
    text_of(error, |error| error.problems().get(index).map(|problem| Cow::Borrowed(read(problem))))
}

/// The status that the call returned; `IC_ERROR_INVALID_HANDLE` for a handle that is no error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_status(error: ic_error) -> ic_status {
    let mut found = IC_OK;
    let looked = status(|| table::get(error).map(|object| found = object.error.kind().code()));
    if looked == IC_OK { found } else { looked }
}

/// The class of the error as a stable word, for example `rate_limited`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_kind(error: ic_error) -> ic_str {
    text_of(error, |error| Some(error.kind().as_str().into()))
}

/// The whole error in one line: what happened, what the server said, what to do. For logs and for developers; it holds no
/// secret. Texts of the server are in it, cleaned of control characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_message(error: ic_error) -> ic_str {
    text_of(error, |error| Some(error.to_string().into()))
}

/// What happened, in one sentence, without what the server said and without advice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_text(error: ic_error) -> ic_str {
    text_of(error, |error| Some(error.text().into()))
}

/// What to do about it; may be empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_advice(error: ic_error) -> ic_str {
    text_of(error, |error| Some(error.advice().into()))
}

/// Whether the request may have reached the server. If so, ask it (`ic_flow_refresh`) before a credential goes out again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_maybe_sent(error: ic_error) -> bool {
    value(false, || Some(table::look(error)?.error.sent() == Sent::Maybe))
}

/// The HTTP status of the answer; 0 when there was no answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_http_status(error: ic_error) -> i32 {
    value(0, || table::look(error)?.error.http_status().map(i32::from))
}

/// Okta's request id of the answer (`X-Okta-Request-Id`), for logs and for Okta's support.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_request_id(error: ic_error) -> ic_str {
    text_of(error, |error| error.request_id().map(Cow::Borrowed))
}

/// The OAuth `error` (RFC 6749 section 5.2), for example `invalid_grant`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_oauth_error(error: ic_error) -> ic_str {
    text_of(error, |error| error.oauth_error().map(Cow::Borrowed))
}

/// The OAuth `error_description`: text of the server, control characters removed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_oauth_description(error: ic_error) -> ic_str {
    text_of(error, |error| error.oauth_description().map(Cow::Borrowed))
}

/// Okta's API error code, for example `E0000047`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_api_code(error: ic_error) -> ic_str {
    text_of(error, |error| error.api_code().map(Cow::Borrowed))
}

/// The rule of token verification that failed, for example `nonce` or `exp`; after `IC_ERROR_INVALID_TOKEN`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_rule(error: ic_error) -> ic_str {
    text_of(error, |error| error.rule().map(Cow::Borrowed))
}

/// How long to wait before trying again, in milliseconds, a day at most. False when the server did not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_retry_after_ms(error: ic_error, out: *mut u64) -> bool {
    value(false, || {
        // SAFETY: by the conventions of the header.
        let out = unsafe { Out::new(out, 0, "out") }.ok()?;
        let wait = table::look(error)?.error.retry_after()?;
        out.set(milliseconds(wait));
        Some(true)
    })
}

/// How many messages of the server the error has; 32 at most.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_message_count(error: ic_error) -> usize {
    value(0, || Some(table::look(error)?.error.messages().len()))
}

/// The i18n key of a message, for example `errors.E0000004`. Decide by it, never by the text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_message_key(error: ic_error, index: usize) -> ic_str {
    message_of(error, index, |message| message.key.as_deref())
}

/// The text of a message, in the user's language: text of the server, control characters removed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_message_text(error: ic_error, index: usize) -> ic_str {
    message_of(error, index, |message| Some(&message.text))
}

/// The field that a message belongs to, as a dotted path; NULL when it belongs to none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_message_path(error: ic_error, index: usize) -> ic_str {
    message_of(error, index, |message| message.path.as_deref())
}

/// How many things are wrong with the answer; after `IC_ERROR_INVALID_ANSWER`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_problem_count(error: ic_error) -> usize {
    value(0, || Some(table::look(error)?.error.problems().len()))
}

/// The field that a problem is about, as a dotted path, for example `credentials.passcode`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_problem_path(error: ic_error, index: usize) -> ic_str {
    problem_of(error, index, |problem| &problem.path)
}

/// What is wrong with that field, in words. Never holds the value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_problem_what(error: ic_error, index: usize) -> ic_str {
    problem_of(error, index, |problem| &problem.what)
}

/// Frees an error. NULL is fine. `IC_ERROR_INVALID_HANDLE` for anything that is no live error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_error_free(error: ic_error) -> ic_status {
    super::guard::free(error)
}
