//! The members that the line of `sign-in` has beside those of every command ([`crate::result`]).

use interaction_code::{Flow, Secret, Tokens, idx::Step};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    exit,
    failure::Failure,
    result::{self, SCHEMA},
};

/// How many requests the sign-in took.
#[derive(Clone, Copy, Serialize)]
pub struct Counts {
    pub requests: u64,
    pub key_requests: u64,
}

/// The line of a success.
#[derive(Serialize)]
pub struct Success<'a> {
    schema: u32,
    outcome: &'static str,
    exit_code: u8,
    subject: Option<&'a str>,
    claims: Option<Value>,
    scopes: &'a [String],
    expires_at: Option<i64>,
    expires_in: Option<u64>,
    #[serde(flatten)]
    counts: Counts,
    #[serde(flatten)]
    tokens: Option<Shown<'a>>,
}

/// The tokens, where they are asked for.
#[derive(Serialize)]
struct Shown<'a> {
    access_token: &'a str,
    id_token: Option<&'a str>,
    refresh_token: Option<&'a str>,
    device_secret: Option<&'a str>,
}

/// The line of a success.
pub fn success<'a>(tokens: &'a Tokens, counts: &Counts, show_tokens: bool) -> Success<'a> {
    fn text(secret: &Option<Secret>) -> Option<&str> {
        secret.as_ref().map(Secret::expose)
    }
    let shown = || Shown {
        access_token: tokens.access_token.expose(),
        id_token: text(&tokens.id_token),
        refresh_token: text(&tokens.refresh_token),
        device_secret: text(&tokens.device_secret),
    };
    Success {
        schema: SCHEMA,
        outcome: "success",
        exit_code: exit::SUCCESS,
        subject: tokens.claims.as_ref().map(|claims| claims.subject()),
        claims: tokens.claims.as_ref().and_then(|claims| serde_json::from_str(claims.raw()).ok()),
        scopes: &tokens.scopes,
        expires_at: tokens.expires_at,
        expires_in: tokens.expires_in.map(|lifetime| lifetime.as_secs()),
        counts: *counts,
        tokens: show_tokens.then(shown),
    }
}

/// The same for a person who gets no line: what the tokens are good for.
pub fn summary(tokens: &Tokens) -> String {
    let scopes = if tokens.scopes.is_empty() { "no scopes".to_owned() } else { tokens.scopes.join(" ") };
    let lifetime =
        tokens.expires_in.map(|lifetime| format!(", for {} seconds", lifetime.as_secs())).unwrap_or_default();
    format!("Tokens for {scopes}{lifetime}. --json prints the result as JSON, --show-tokens the tokens, too.")
}

/// The line of a failure.
#[derive(Serialize)]
pub struct Failed {
    #[serde(flatten)]
    pub what: result::Failed,
    answer: Option<usize>,
    step: Option<Value>,
    #[serde(flatten)]
    counts: Counts,
}

/// The line of a sign-in without tokens: what happened, at which answer of the file, and where the sign-in stands.
pub fn failure(failure: &Failure, flow: Option<&Flow>, answer: Option<usize>, counts: &Counts) -> Failed {
    let step = flow.and_then(|flow| flow.step().ok());
    let mut what = result::Failed::of(failure, flow.is_none());
    if let (Some(step), Failure::InputEnded(_) | Failure::Ended(_)) = (step, failure) {
        // Why it ended, or was not over yet: perhaps the last answer was refused.
        let said = step.distinct_messages();
        let said = said
            .iter()
            .map(|message| json!({"key": message.key(), "text": message.text(), "path": message.dotted_path()}));
        what.messages = said.collect();
        what.http_status = Some(step.http_status());
        what.request_id = step.request_id().map(str::to_owned);
    }
    let names = |step: &Step| step.remediations().map(|form| form.name().into_owned()).collect::<Vec<_>>();
    let step = step.map(|step| json!({"status": step.status().as_str(), "remediations": names(step)}));
    Failed { what, answer, step, counts: *counts }
}
