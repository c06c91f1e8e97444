//! What the server's answers mean. The body decides first, the HTTP status second (idx.md sections 3.3 and 8).

use super::{
    state::{Config, Effect, Phase, Request, State},
    transition::{complete, introspect_request, success_value},
};
use crate::{
    error::{Error, ErrorKind, Sent},
    http::Response,
    idx::{BodyKind, MessageKey, Step},
    limits::MAX_HANDLE_BYTES,
    oauth::{error_from_response, interaction_handle, rest_after, retry_after},
    secret::Secret,
};

/// Reads the answer to `request`. An answer that is an error puts the flow back to where it was.
pub(super) fn read(
    config: &Config,
    state: &State,
    request: &Request,
    back: &State,
    response: &Response,
) -> (State, Effect) {
    let fail = |error: Error| {
        // The server answered, so the request had left; only a rate limit says that nothing was evaluated.
        let sent = if error.kind() == ErrorKind::RateLimited { Sent::No } else { Sent::Maybe };
        (back.clone(), Effect::Fail(error.with_sent(sent)))
    };
    match request {
        Request::Interact => match interaction_handle(response) {
            Ok(handle) => {
                let next = introspect_request(config, &handle);
                let request = Request::Introspect { handle };
                (state.with(Phase::Waiting { request, back: Box::new(back.clone()) }), Effect::Send(Box::new(next)))
            }
            Err(error) => fail(error),
        },
        Request::Introspect { handle } => match step(config, request, response) {
            Ok(read) => (read.state(config, state, handle.clone(), None), Effect::Rest),
            Err(error) => fail(error),
        },
        Request::Submit { .. } => {
            let (Phase::Active { handle, .. } | Phase::Complete { handle: Some(handle), .. }) = &back.phase else {
                return (back.clone(), Effect::Rest);
            };
            match step(config, request, response) {
                Ok(read) => (read.state(config, state, handle.clone(), back.form()), Effect::Rest),
                Err(error) => fail(error),
            }
        }
    }
}

/// A step, and the code when it is the final one.
struct Read {
    step: Step,
    code: Option<Secret>,
}

impl Read {
    /// Where the step leads. `before` is the last step that had a form.
    fn state(self, config: &Config, state: &State, handle: Secret, before: Option<&Step>) -> State {
        let Read { step, code } = self;
        if let Some(code) = code {
            return complete(config, state, handle, Some(step), code);
        }
        let refused = step.http_status() >= 400 && step.is_terminal() && !step.has_message(&MessageKey::SessionExpired);
        let form = before.filter(|before| refused && !before.is_terminal()).cloned();
        state.with(Phase::Active { handle, step, form })
    }
}

/// The step in an answer, whatever its status.
fn step(config: &Config, request: &Request, response: &Response) -> Result<Read, Error> {
    let what = request.what();
    // A redirect is refused whatever it carries.
    let status = response.status;
    if (300..400).contains(&status) || response.body.is_empty() {
        return Err(error_from_response(response, what));
    }
    let with_facts = |error: Error| error.with_http_status(status).with_request_id(response.request_id());
    let step = match Step::from_response(response) {
        Ok(step) => step,
        Err(error) => return Err(no_step(error, what, response)),
    };
    let nothing_to_answer = step.remediations().next().is_none();
    // A poll that came too soon changes nothing, whatever else is in the answer (idx.md section 5.7).
    let too_soon = matches!(request, Request::Submit { poll: true })
        && (status == 429 || step.has_message(&MessageKey::TooManyRequests));
    if too_soon || nothing_to_answer && (status == 429 || status >= 500) {
        let limited = too_soon || status == 429;
        let kind = if limited { ErrorKind::RateLimited } else { ErrorKind::Http };
        let wait = if limited { Some(rest_after(response)) } else { retry_after(response) };
        return Err(with_facts(Error::new(kind, format!("{what} was refused for now")))
            .with_messages(step.error_messages())
            .with_retry_after(wait)
            .with_advice("The flow is where it was; wait, then send the same form again"));
    }
    let code = success_code(config, &step).map_err(with_facts)?;
    Ok(Read { step, code })
}

/// What an answer without a step means. `error` says why it is none.
fn no_step(error: Error, what: &str, response: &Response) -> Error {
    let with_facts = |error: Error| error.with_http_status(response.status).with_request_id(response.request_id());
    if error.kind() == ErrorKind::LimitExceeded {
        return with_facts(error).with_advice("The server's answer is refused; the flow is where it was");
    }
    if !response.is_success() || looks_like_markup(&response.body) {
        return error_from_response(response, what);
    }
    match BodyKind::of(&response.body) {
        Ok(BodyKind::OAuthError | BodyKind::ApiError) => error_from_response(response, what),
        Ok(_) => {
            with_facts(Error::new(ErrorKind::Protocol, format!("{what} was answered with JSON of another protocol")))
                .with_advice("Check the issuer URL: is this an Identity Engine org?")
        }
        Err(error) => with_facts(Error::new(ErrorKind::Protocol, format!("{what} cannot be read: {}", error.text())))
            .with_advice("The flow is where it was; refresh asks the server again"),
    }
}

/// The interaction code of the final step, checked (idx.md section 9.1); `None` when the step is another one.
///
/// The code is always redeemed at the issuer's own token endpoint; a final step that names another org or another
/// client is refused all the same, because it is not the answer to this sign-in.
fn success_code(config: &Config, step: &Step) -> Result<Option<Secret>, Error> {
    let Some(success) = step.success_with_interaction_code() else { return Ok(None) };
    let wrong =
        |what: &str| Error::new(ErrorKind::Protocol, format!("the final step {what}")).with_advice("Start again");
    if let Some(href) = success.href() {
        config.issuer.check_href(&href)?;
    }
    if success_value(success, "grant_type").is_none_or(|grant| grant.expose() != "interaction_code") {
        return Err(wrong("is not for the interaction_code grant"));
    }
    if success_value(success, "client_id").is_some_and(|id| id.expose() != config.client_id) {
        return Err(wrong("is for another client"));
    }
    let code =
        success_value(success, "interaction_code").filter(|code| !code.is_empty() && code.len() <= MAX_HANDLE_BYTES);
    code.map(Some).ok_or_else(|| wrong("has no interaction code"))
}

fn looks_like_markup(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}
