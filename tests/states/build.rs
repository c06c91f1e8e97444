//! The states and events that the table is about, each by its name.

use std::sync::Arc;

use interaction_code::{
    ClientAuthentication, Secret, Sent, StartOptions,
    flow::{Config, Event, Phase, Redemption, Request, State, StepAction, Transaction},
    http::Response,
    idx::Step,
    oauth::{Grant, Issuer, TokenResponse},
};
use serde_json::{Value, json};

use super::compose::{composed, form, response};

pub fn config() -> Config {
    Config {
        issuer: Issuer::parse("https://a.example/oauth2/default").unwrap(),
        client_id: "0oa1".to_owned(),
        redirect_uri: "com.example.app:/callback".to_owned(),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        authentication: ClientAuthentication::None,
    }
}

pub fn transaction(seed: u8) -> Transaction {
    Transaction::new(StartOptions::default(), &[[seed; 32], [seed + 1; 32], [seed + 2; 32]])
}

/// A step with everything that can be answered: a form, every action, and a form that leads elsewhere.
pub fn full() -> Value {
    let passcode = json!({"name": "credentials", "required": true, "form": {"value": [{"name": "passcode"}]}});
    let mut foreign = form("foreign", vec![]);
    foreign["href"] = json!("https://evil.example/idp/idx/x");
    let mut value = response(json!([form("challenge-authenticator", vec![passcode]), form("skip", vec![]), foreign]));
    let mut poll = form("poll", vec![]);
    poll["refresh"] = json!(4000);
    value["currentAuthenticatorEnrollment"] = json!({"type": "object", "value": {"id": "e", "type": "email",
        "poll": poll, "resend": form("resend", vec![]), "send": form("send", vec![]), "recover": form("recover", vec![])}});
    value["cancel"] = form("cancel", vec![]);
    value
}

/// A refusal without a form.
pub fn refusal() -> Value {
    json!({"version": "1.0.0", "stateHandle": "02.id.top", "messages": {"type": "array", "value": [
        {"message": "no", "i18n": {"key": "errors.E0000004"}, "class": "ERROR"}]}})
}

pub fn step(value: &Value, status: u16) -> Step {
    Step::from_response(&Response::new(status, value.to_string())).expect("a step")
}

pub fn state(phase: Phase) -> State {
    State { transaction: Arc::new(transaction(1)), phase }
}

fn handle() -> Secret {
    Secret::from("handle-1")
}

fn active() -> State {
    state(Phase::Active { handle: handle(), step: step(&full(), 200), form: None })
}

/// The grant of the transaction that every state has.
fn grant() -> Grant {
    let verifier = transaction(1).pkce.verifier().clone();
    Grant::InteractionCode { code: Secret::from("code-1"), verifier, redirect_uri: config().redirect_uri }
}

fn complete(handle: Option<Secret>, step: Option<Step>, redemption: Redemption) -> State {
    state(Phase::Complete { handle, step, redemption })
}

fn succeeded() -> State {
    complete(Some(handle()), Some(step(&composed(5), 200)), Redemption::Ready(grant()))
}

fn waiting(request: Request, back: State) -> State {
    state(Phase::Waiting { request, back: Box::new(back) })
}

pub fn tokens() -> String {
    json!({"token_type": "Bearer", "access_token": "at", "id_token": "a.b.c", "expires_in": 60}).to_string()
}

/// Every state, by the names of the table.
pub fn state_named(name: &str) -> State {
    match name {
        "new" => state(Phase::New),
        "active" => active(),
        "terminal" => state(Phase::Active { handle: handle(), step: step(&refusal(), 200), form: None }),
        "refused" => {
            let form = Some(step(&full(), 200));
            state(Phase::Active { handle: handle(), step: step(&refusal(), 403), form })
        }
        "succeeded" => succeeded(),
        "code only" => complete(Some(handle()), None, Redemption::Ready(grant())),
        "redeemed" => {
            let tokens = TokenResponse::parse(&json_response(200, &tokens()), &["openid"]).unwrap();
            complete(Some(handle()), None, Redemption::Redeemed(Box::new(tokens)))
        }
        "spent" => complete(Some(handle()), None, Redemption::Spent),
        "spent, lost" => complete(None, None, Redemption::Spent),
        "finished" => complete(None, None, Redemption::Verified),
        "starting" => waiting(Request::Interact, state(Phase::New)),
        "restarting" => waiting(Request::Interact, active()),
        "first look" => waiting(Request::Introspect { handle: handle() }, state(Phase::New)),
        "refreshing" => waiting(Request::Introspect { handle: handle() }, active()),
        "answering" => waiting(Request::Submit { poll: false }, active()),
        "polling" => waiting(Request::Submit { poll: true }, active()),
        "redeeming" => complete(Some(handle()), Some(step(&composed(5), 200)), Redemption::Sent(grant())),
        other => panic!("no state {other}"),
    }
}

/// Every event, by the names of the table, for this state.
pub fn event_named(name: &str, state: &State) -> Event {
    let act = |action| Event::Act(action);
    let callback = |query: &str| {
        let own = query.replace("STATE", state.transaction.state.expose());
        Event::Callback(Secret::from(format!("com.example.app:/callback?{own}")))
    };
    match name {
        "start" => Event::Start,
        "submit" => Event::Submit(answer(state, true)),
        "submit, incomplete" => Event::Submit(answer(state, false)),
        "submit, another step's" => {
            let other = step(&full(), 200);
            let answer = other.remediation("challenge-authenticator").unwrap().answer().unwrap();
            Event::Submit(answer.set("credentials.passcode", "p").unwrap())
        }
        "submit, elsewhere" => {
            let own = state.form().or(state.step()).filter(|step| step.offers("foreign")).cloned();
            let own = own.unwrap_or_else(|| step(&full(), 200));
            Event::Submit(own.remediation("foreign").unwrap().answer().unwrap())
        }
        "poll" => act(StepAction::Poll),
        "resend" => act(StepAction::Resend),
        "send" => act(StepAction::Send),
        "recover" => act(StepAction::Recover),
        "skip" => act(StepAction::Skip),
        "cancel" => act(StepAction::Cancel),
        "refresh" => Event::Refresh,
        "restart" => Event::Restart(Box::new(transaction(7))),
        "redeem" => Event::Redeem,
        "callback: code" => callback("interaction_code=code-2&state=STATE"),
        "callback: required" => callback("error=interaction_required&state=STATE"),
        "callback: otp" => callback("otp=123456&state=STATE"),
        "callback: error" => callback("error=access_denied&state=STATE"),
        "callback: other state" => callback("interaction_code=code-2&state=other"),
        "verified" => Event::Verified(true),
        "not verified" => Event::Verified(false),
        "failed, not sent" => Event::Failed(Sent::No),
        "failed, maybe sent" => Event::Failed(Sent::Maybe),
        reply => Event::Reply(Box::new(reply_named(reply))),
    }
}

/// An answer to the form of this state, or of a step like it.
fn answer(state: &State, complete: bool) -> interaction_code::idx::Answer {
    let own = state.form().or(state.step()).filter(|step| step.offers("challenge-authenticator")).cloned();
    let own = own.unwrap_or_else(|| step(&full(), 200));
    let answer = own.remediation("challenge-authenticator").unwrap().answer().unwrap();
    if complete { answer.set("credentials.passcode", "hunter2").unwrap() } else { answer }
}

pub fn json_response(status: u16, body: &str) -> Response {
    Response::new(status, body).header("Content-Type", "application/json").header("X-Okta-Request-Id", "req-1")
}

fn success_with(change: impl FnOnce(&mut Value)) -> Response {
    let mut value = composed(5);
    change(&mut value["successWithInteractionCode"]);
    json_response(200, &value.to_string())
}

/// Every reply, by the names of the table.
pub fn reply_named(name: &str) -> Response {
    let ion = |status: u16, value: Value| json_response(status, &value.to_string());
    let mut expired = refusal();
    expired["messages"]["value"][0]["i18n"]["key"] = json!("idx.session.expired");
    match name {
        "handle" => json_response(200, r#"{"interaction_handle":"handle-2"}"#),
        "step" => ion(200, full()),
        "step, 400" => ion(400, full()),
        "refusal, 403" => ion(403, refusal()),
        "refusal, 200" => ion(200, refusal()),
        "expired, 401" => ion(401, expired),
        "success" => ion(200, composed(5)),
        "success, other client" => success_with(|it| it["value"][2]["value"] = json!("0oa2")),
        "success, other grant" => success_with(|it| it["value"][0]["value"] = json!("password")),
        "success, no code" => success_with(|it| it["value"][1]["value"] = json!("")),
        "success, elsewhere" => success_with(|it| it["href"] = json!("https://evil.example/oauth2/v1/token")),
        "oauth error" => json_response(400, r#"{"error":"invalid_grant","error_description":"no"}"#),
        "api error" => json_response(403, r#"{"errorCode":"E0000006","errorSummary":"no"}"#),
        "429, form" => ion(429, full()),
        "429, no form" => ion(429, refusal()).header("Retry-After", "7"),
        "429, api error" => json_response(429, r#"{"errorCode":"E0000047","errorSummary":"slow down"}"#),
        "too many, form" => {
            let mut limited = full();
            limited["messages"] = refusal()["messages"].clone();
            limited["messages"]["value"][0]["i18n"]["key"] = json!("tooManyRequests");
            ion(200, limited)
        }
        "503, no form" => ion(503, refusal()),
        "500, form" => ion(500, full()),
        "html" => Response::new(200, *b"<html>portal</html>").header("Content-Type", "text/html"),
        "empty" => Response::new(200, *b""),
        "redirect" => Response::new(302, *b"").header("Location", "https://evil.example/"),
        "redirect, step" => ion(302, full()),
        "3 MB" => json_response(200, &format!("{{\"version\":\"1.0.0\",\"a\":\"{}\"}}", "x".repeat(3_000_000))),
        "other json" => json_response(200, r#"{"hello":"world"}"#),
        "half json" => json_response(200, r#"{"version":"1.0.0""#),
        "tokens" => json_response(200, &tokens()),
        other => panic!("no event {other}"),
    }
}
