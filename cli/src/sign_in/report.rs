//! The JSON line at the end. Members are added over time, never renamed; `schema` would count a change of meaning.

use interaction_code::{Flow, Secret, Tokens};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::failure::Failure;

const SCHEMA: u32 = 1;

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
        subject: tokens.claims.as_ref().map(|claims| claims.subject()),
        claims: tokens.claims.as_ref().and_then(|claims| serde_json::from_str(claims.raw()).ok()),
        scopes: &tokens.scopes,
        expires_at: tokens.expires_at,
        expires_in: tokens.expires_in.map(|lifetime| lifetime.as_secs()),
        counts: *counts,
        tokens: show_tokens.then(shown),
    }
}

/// The line of a failure.
#[derive(Serialize)]
pub struct Failed {
    schema: u32,
    outcome: &'static str,
    kind: &'static str,
    exit_code: u8,
    #[serde(flatten)]
    what: Map<String, Value>,
    answer: Option<usize>,
    step: Option<Value>,
    #[serde(flatten)]
    counts: Counts,
}

/// The line of a sign-in without tokens: what happened, at which answer of the file, and where the sign-in stands.
pub fn failure(
    failure: &Failure,
    flow: Option<&Flow>,
    answer: Option<usize>,
    counts: &Counts,
    exit_code: u8,
) -> Failed {
    let step = flow.and_then(|flow| flow.step().ok());
    let mut what = failure.members();
    if let (Some(step), Failure::InputEnded(_) | Failure::Ended(_)) = (step, failure) {
        // Why it ended, or was not over yet: perhaps the last answer was refused.
        let said = step.distinct_messages();
        let said = said
            .iter()
            .map(|message| json!({"key": message.key(), "text": message.text(), "path": message.dotted_path()}));
        what.insert("messages".to_owned(), said.collect());
        what.insert("http_status".to_owned(), step.http_status().into());
        what.insert("request_id".to_owned(), step.request_id().into());
    }
    let names = |step: &interaction_code::idx::Step| {
        step.remediations().map(|form| form.name().into_owned()).collect::<Vec<_>>()
    };
    Failed {
        schema: SCHEMA,
        outcome: if matches!(failure, Failure::Ended(ending) if ending.good) { "done" } else { "error" },
        kind: failure.kind(),
        exit_code,
        what,
        answer,
        step: step.map(|step| json!({"status": step.status().as_str(), "remediations": names(step)})),
        counts: *counts,
    }
}
