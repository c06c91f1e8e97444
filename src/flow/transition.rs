//! The match. Each arm reads top to bottom; a pair that cannot be is one error, and changes nothing.

use super::{
    redemption::{Redemption, RedemptionEffect, RedemptionEvent},
    reply,
    state::{Config, Effect, Event, Phase, Request, State, StepAction},
};
use crate::{
    error::{Error, ErrorKind, Result, sanitize},
    http,
    idx::{Answer, Json, Remediation, Step},
    limits::MAX_NAME_CHARS,
    oauth::{Callback, Grant},
    secret::{Secret, SecretBytes},
};

/// The media type of the protocol.
const ION: &str = "application/ion+json; okta-version=1.0.0";
/// What forms are sent as when the server does not say (idx.md section 1.4).
const JSON: &str = "application/json; okta-version=1.0.0";

/// One move of the machine. On `Err` nothing was sent and the state is what it was.
///
/// Errors: [`ErrorKind::InvalidState`] for an event that this state does not take, and what is wrong with the event
/// itself: [`ErrorKind::InvalidAnswer`], [`ErrorKind::ForeignOrigin`], [`ErrorKind::NotFound`],
/// [`ErrorKind::InvalidCallback`], [`ErrorKind::InvalidArgument`].
pub fn transition(config: &Config, state: &State, event: Event) -> Result<(State, Effect)> {
    match (&state.phase, event) {
        (Phase::Waiting { request, back }, Event::Reply(response)) => {
            Ok(reply::read(config, state, request, back, &response))
        }
        (Phase::Waiting { back, .. }, Event::Failed(_)) => Ok(((**back).clone(), Effect::Rest)),
        (Phase::Waiting { .. }, event) => Err(impossible(state, &event)),

        (Phase::New, Event::Start) => interact(config, state, state.clone()),
        (Phase::New, event) => Err(impossible(state, &event)),

        (Phase::Complete { .. }, event @ (Event::Redeem | Event::Reply(_) | Event::Failed(_) | Event::Verified(_))) => {
            redeem(config, state, event)
        }
        (Phase::Complete { redemption: Redemption::Sent(_), .. }, event) => Err(impossible(state, &event)),

        (_, Event::Restart(transaction)) => interact(config, state, State::new(*transaction)),

        (Phase::Active { .. }, Event::Submit(answer)) => {
            let known = [state.step(), state.form()];
            if !known.iter().flatten().any(|step| step.is_source_of(&answer)) {
                return Err(Error::new(ErrorKind::InvalidAnswer, "the answer was made for another step")
                    .with_advice("Make it from a remediation of the flow's current step"));
            }
            submit(config, state, &answer, false)
        }
        (Phase::Active { step, form, .. }, Event::Act(action)) => {
            let found = find_action(step, action).or_else(|| find_action(form.as_ref()?, action));
            let remediation = found.ok_or_else(|| not_offered(action))?;
            submit(config, state, &remediation.answer()?, action == StepAction::Poll)
        }

        // Who only wanted to know how far it comes gives the code back, where the server takes that.
        (
            Phase::Complete { handle: Some(_), step: Some(step), redemption: Redemption::Ready(_) },
            Event::Act(StepAction::Cancel),
        ) if find_action(step, StepAction::Cancel).is_some() => {
            let remediation = find_action(step, StepAction::Cancel).ok_or_else(|| not_offered(StepAction::Cancel))?;
            submit(config, state, &remediation.answer()?, false)
        }

        (
            Phase::Active { handle, .. }
            | Phase::Complete { handle: Some(handle), redemption: Redemption::Ready(_) | Redemption::Spent, .. },
            Event::Refresh,
        ) => Ok(introspect(config, state, handle)),
        (Phase::Active { handle, .. }, Event::Callback(url)) => callback(config, state, handle, &url),

        (_, event) => Err(impossible(state, &event)),
    }
}

/// The way back from a browser. A `state` is good until it came back with an error: whoever saw that answer knows it, and
/// must not bring a code with it afterwards.
fn callback(config: &Config, state: &State, handle: &Secret, url: &Secret) -> Result<(State, Effect)> {
    let expected = &state.transaction.state;
    let came = Callback::parse_from(Some(&config.issuer), url.expose(), &config.redirect_uri, expected)?;
    if state.transaction.state_is_burnt {
        let text = "the callback is unverified: the `state` of this sign-in came back with an error before";
        return Err(Error::new(ErrorKind::InvalidCallback, text)
            .with_rule("state")
            .with_advice("Restart the flow before the person is sent to the browser again"));
    }
    Ok(match came {
        Callback::InteractionCode(code) => (complete(config, state, handle.clone(), None, code), Effect::Rest),
        Callback::InteractionRequired => introspect(config, state, handle),
        Callback::Otp(code) => (state.clone(), Effect::Otp(code)),
        Callback::Failed(error) => (state.with_burnt_state(), Effect::Fail(error)),
    })
}

/// A request under way, and where the flow is if it fails.
fn send(state: &State, request: Request, http: http::Request) -> (State, Effect) {
    let waiting = Phase::Waiting { request, back: Box::new(state.clone()) };
    (state.with(waiting), Effect::Send(Box::new(http)))
}

/// Starts `next`; on failure the flow is at `state`.
fn interact(config: &Config, state: &State, next: State) -> Result<(State, Effect)> {
    let form = next.transaction.parameters(config).form(&config.authentication)?;
    let waiting = Phase::Waiting { request: Request::Interact, back: Box::new(state.clone()) };
    Ok((next.with(waiting), Effect::Post(form)))
}

/// The code is here.
pub(super) fn complete(config: &Config, state: &State, handle: Secret, step: Option<Step>, code: Secret) -> State {
    let verifier = state.transaction.pkce.verifier().clone();
    let grant = Grant::InteractionCode { code, verifier, redirect_uri: config.redirect_uri.clone() };
    // A flow that lost its handle cannot ask the server.
    let handle = (!handle.is_empty()).then_some(handle);
    state.with(Phase::Complete { handle, step, redemption: Redemption::Ready(grant) })
}

/// A move of the redemption, which is a machine of its own.
fn redeem(config: &Config, state: &State, event: Event) -> Result<(State, Effect)> {
    let Phase::Complete { handle, step, redemption } = &state.phase else { return Err(impossible(state, &event)) };
    let refused = || match (redemption, &event) {
        (Redemption::Spent, Event::Redeem) => {
            Error::new(ErrorKind::Expired, "the code is used up, and no tokens came of it")
                .with_advice("Restart the flow")
        }
        _ => impossible(state, &event),
    };
    let own = match &event {
        Event::Redeem => RedemptionEvent::Redeem,
        Event::Reply(response) => RedemptionEvent::Reply(response.clone()),
        Event::Failed(sent) => RedemptionEvent::Failed(*sent),
        Event::Verified(good) => RedemptionEvent::Verified(*good),
        _ => return Err(refused()),
    };
    let (redemption, effect) = redemption.after(&config.scopes, &own).ok_or_else(refused)?;
    // What brought the code is shown until the code is gone; tokens that are not good end the transaction for us.
    let step = step.clone().filter(|_| matches!(redemption, Redemption::Ready(_) | Redemption::Sent(_)));
    let handle = handle.clone().filter(|_| !matches!(own, RedemptionEvent::Verified(_)));
    let effect = match effect {
        RedemptionEffect::Rest => Effect::Rest,
        RedemptionEffect::Send(form) => Effect::Post(form),
        RedemptionEffect::Fail(error) => Effect::Fail(error),
    };
    Ok((state.with(Phase::Complete { handle, step, redemption }), effect))
}

fn introspect(config: &Config, state: &State, handle: &Secret) -> (State, Effect) {
    send(state, Request::Introspect { handle: handle.clone() }, introspect_request(config, handle))
}

/// `POST {origin}/idp/idx/introspect` (idx.md section 2.2).
pub(super) fn introspect_request(config: &Config, handle: &Secret) -> http::Request {
    let mut body = SecretBytes::with_capacity(6 * handle.len() + 32);
    body.extend_from_slice(b"{\"interactionHandle\":");
    // Writing a string to a vector cannot fail.
    let _ = serde_json::to_writer(&mut *body, handle.expose());
    body.push(b'}');
    http::Request::post(config.issuer.idx_introspect(), ION, body).header("Accept", ION)
}

fn submit(config: &Config, state: &State, answer: &Answer, poll: bool) -> Result<(State, Effect)> {
    let remediation = answer.remediation();
    let href = config.issuer.check_href(&remediation.href().unwrap_or_default())?;
    if !remediation.method().eq_ignore_ascii_case("POST") {
        let method: String = sanitize(&remediation.method()).chars().take(MAX_NAME_CHARS).collect();
        let text = format!("the server wants a form sent with the method {method}, which no form of this protocol has");
        return Err(Error::new(ErrorKind::Protocol, text).with_advice("Nothing was sent; answer another form"));
    }
    let body = answer.body()?;
    let accepts = remediation.accepts().filter(|accepts| is_json_type(accepts));
    // Browsers say where a form comes from, and a real org wants it for passkeys (idx.md section 1.4).
    let request = http::Request::post(href, accepts.as_deref().unwrap_or(JSON), body)
        .header("Accept", ION)
        .header("Origin", config.issuer.origin());
    Ok(send(state, Request::Submit { poll }, request))
}

/// Whether a form may be sent as this type: JSON of some kind, and nothing that could break a header.
fn is_json_type(accepts: &str) -> bool {
    let kind = accepts.split(';').next().unwrap_or_default().trim();
    let clean = accepts.len() < 200 && accepts.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    clean && (kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")))
}

/// Whether a step offers an action.
pub fn offers(step: &Step, action: StepAction) -> bool {
    find_action(step, action).is_some()
}

/// The form of an action, wherever this step has it: an action beside the remediations, or a remediation of that name.
fn find_action(step: &Step, action: StepAction) -> Option<Remediation<'_>> {
    let named =
        || step.remediations().find(|remediation| remediation.is_form() && remediation.name() == action.as_str());
    let found = match action {
        StepAction::Poll => step.poll().map(|(poll, _)| poll),
        StepAction::Cancel => step.member_action("cancel"),
        StepAction::Skip => named(),
        StepAction::Resend | StepAction::Send | StepAction::Recover => {
            step.current_action(action.as_str()).or_else(named).or_else(|| step.action(action.as_str()))
        }
    };
    found.filter(|remediation| remediation.is_form())
}

fn not_offered(action: StepAction) -> Error {
    Error::new(ErrorKind::NotFound, format!("this step does not offer to {}", action.as_str()))
        .with_advice("The remediations and actions of the step are what it offers")
}

fn impossible(state: &State, event: &Event) -> Error {
    let event = match event {
        Event::Start => "start",
        Event::Submit(_) => "submit an answer",
        Event::Act(action) => action.as_str(),
        Event::Refresh => "refresh",
        Event::Restart(_) => "restart",
        Event::Redeem => "redeem the code",
        Event::Callback(_) => "take a callback",
        Event::Verified(_) => "verify tokens",
        Event::Reply(_) => "take an answer of the server",
        Event::Failed(_) => "take a failure",
    };
    let advice = match state.phase {
        Phase::Waiting { .. } => "A request is under way; wait for it or cancel it",
        Phase::Active { .. } => "The sign-in is not complete: answer the current step",
        Phase::Complete { redemption: Redemption::Ready(_), .. } => "The sign-in is complete: call finish",
        Phase::Complete { redemption: Redemption::Sent(_), .. } => "A request is under way; wait for it or cancel it",
        Phase::Complete { .. } => "Restart the flow",
        Phase::New => "Start the flow first",
    };
    Error::new(ErrorKind::InvalidState, format!("the flow is {} and cannot {event}", state.phase.as_str()))
        .with_advice(advice)
}

impl Step {
    fn is_source_of(&self, answer: &Answer) -> bool {
        std::sync::Arc::ptr_eq(self.json().document(), answer.document())
    }

    fn member_action(&self, name: &str) -> Option<Remediation<'_>> {
        self.actions().into_iter().find(|(path, _)| path == name).map(|(_, action)| action)
    }

    /// The action of the authenticator that the step is about: a list of enrolments may have actions of its own.
    fn current_action(&self, name: &str) -> Option<Remediation<'_>> {
        let current = ["currentAuthenticatorEnrollment", "currentAuthenticator"];
        let actions = self.actions();
        current.iter().find_map(|place| {
            let path = format!("{place}-{name}");
            actions.iter().find(|(own, _)| *own == path).map(|(_, action)| *action)
        })
    }
}

/// The value of a field of the final success, by name (idx.md section 9.1: three to five fields).
pub(super) fn success_value(success: Remediation<'_>, name: &str) -> Option<Secret> {
    let field = success.fields().find(|field| field.name() == name)?;
    field.value().and_then(Json::as_str).map(|text| Secret::new(text.into_owned()))
}
