//! Every recorded scenario is driven through the public API, against a transport that serves the recorded answers in
//! order and checks each request: endpoint, method, and that the body equals what the form demands.
//!
//! The scenarios are those of Okta's own tests for its Java and Swift SDKs (see `common/fixtures.rs` for where they are).
//! [`DIFFERENCES`] lists everything in which this library does on purpose something else than that SDK, with the reason;
//! a difference that does not happen fails the test, and so does one that is not listed.

#[path = "scenarios/drive.rs"]
mod drive;
#[path = "scenarios/facts.rs"]
mod facts;
#[path = "common/fixtures.rs"]
mod fixtures;
#[path = "scenarios/replay.rs"]
mod replay;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use drive::Run;
use fixtures::{Fixtures, text};
use interaction_code::{ErrorKind, Snapshot, idx::StepStatus};
use serde_json::{Value, json};

/// A status that differs from what [`facts::STATUS`] makes of Java's: scenario, call, ours, reason.
#[rustfmt::skip]
const STATUS_DIFFERS: &[(&str, usize, StepStatus, &str)] = &[
    ("java/scenario_1_1_2", 1, StepStatus::Identification, FIRST_PAGE),
    ("java/scenario_5_1_1", 0, StepStatus::Identification, FIRST_PAGE),
    ("java/register-fail", 2, StepStatus::ProfileEnrollment, "Java makes UNKNOWN of every 4xx; the form is asked again"),
    ("java/begin-with-and-without-activation-token", 1, StepStatus::Identification, FIRST_PAGE),
    ("java/cancel", 1, StepStatus::Identification, FIRST_PAGE),
];

const FIRST_PAGE: &str = "Java has no word for the first page, and says UNKNOWN";

/// What else differs: scenario, which kind of difference, reason.
#[rustfmt::skip]
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("java-client/challenge", "filled in: credentials.passcode", REQUIRED),
    ("java-client/challenge", "left out: authenticator.id", "the test sends an empty id; the method says which is meant"),
    ("java-client/identify", "filled in: credentials.passcode", REQUIRED),
    ("java-client/registration", "undeclared: userProfile.age", UNDECLARED),
    ("java-client/registration", "undeclared: userProfile.sex", UNDECLARED),
    ("java/scenario_4_1_4", "undeclared: credentials.passcode", UNDECLARED),
    ("java/scenario_4_1_4", "error:http", "an empty 200 is an error and the flow is where it was; Java: an empty result"),
    ("java/verify-email-error", "no form", NO_FORM),
    ("java/verify-email-success", "no form", NO_FORM),
    ("java/scenario_10_2_1", "token address", ADDRESS),
    ("java/scenario_10_2_2", "token address", ADDRESS),
    ("java/scenario_10_3_1", "token address", ADDRESS),
    ("java/scenario_10_3_2", "token address", ADDRESS),
    ("java/scenario_10_3_3", "token address", ADDRESS),
    ("java/scenario_6_2_1", "token address", ADDRESS),
    ("java/scenario_6_2_2", "token address", ADDRESS),
    ("swift/Passcode", "token address", ADDRESS),
    ("swift/redirect-without-context", "no flow", "only a flow takes a callback; nearest to none is an empty saved flow"),
];

const REQUIRED: &str = "the form wants the password with the identifier, and the library sends no incomplete form";
const UNDECLARED: &str = "the form does not declare it; the library sends it when told so on purpose (Answer::extra)";
const NO_FORM: &str =
    "the step before has no such form; the recorded answer is read as what the server says when asked";
const ADDRESS: &str = "the code goes to the issuer's own token endpoint, not to the server that the final step names";

struct Outcome {
    differences: BTreeSet<String>,
    statuses: BTreeSet<(String, usize)>,
    rule: Option<&'static str>,
}

fn play(fixtures: &Fixtures, scenario: &Value) -> Option<Outcome> {
    let mut run = Run::new(fixtures, scenario)?;
    let mut outcome = Outcome { differences: BTreeSet::new(), statuses: BTreeSet::new(), rule: None };
    let calls = match scenario["calls"].as_array().map(Vec::as_slice).unwrap_or_default() {
        // Inferred from file names: no test runs it, so its steps are one call.
        [] => vec![json!({"call": "inferred", "asserted": {},
            "steps": (0..scenario["steps"].as_array().unwrap().len()).collect::<Vec<_>>()})],
        calls => calls.to_vec(),
    };
    for (number, call) in calls.iter().enumerate() {
        if call["call"] == "resume_with_redirect" && run.flow.is_none() {
            run.error = run.client.restore(&Snapshot::from_text("")).err();
            outcome.differences.insert("no flow".into());
        } else {
            let steps = call["steps"].as_array().unwrap();
            // One at a time, so that an error in the middle of a call is seen.
            for part in parts(call, steps) {
                run.call(&part);
                note_error(&mut run, &part, &mut outcome);
            }
        }
        let mut differs = |id: &str, call: usize| {
            let found = STATUS_DIFFERS.iter().find(|(own, number, ..)| *own == id && *number == call)?;
            outcome.statuses.insert((id.to_owned(), call));
            Some(found.2)
        };
        facts::check(&mut run, &call["asserted"], number, &mut differs);
        if scenario["expected"]["after_call"] == number {
            let rest = ["errors", "http_status", "outcome"].map(|name| (name, &scenario["expected"][name]));
            let rest: serde_json::Map<_, _> = rest
                .into_iter()
                .filter(|(_, it)| !it.is_null())
                .map(|(name, it)| (name.to_owned(), it.clone()))
                .collect();
            facts::check(&mut run, &Value::Object(rest), number, &mut differs);
        }
    }
    assert_eq!(run.replay.left(), 0, "{}: not every recorded answer was asked for", run.id());
    outcome.differences.extend(run.notes);
    Some(outcome)
}

/// A call that waits for tokens or selects is one piece; the others are cut into their steps.
fn parts(call: &Value, steps: &[Value]) -> Vec<Value> {
    if ["resume_with_redirect", "poll", "load_response"].contains(&text(call, "call")) && text(call, "call") != "poll" {
        return vec![call.clone()];
    }
    if steps.is_empty() || text(call, "call") == "poll" {
        return vec![call.clone()];
    }
    steps
        .iter()
        .map(|step| {
            let mut part = call.clone();
            part["steps"] = json!([step]);
            part
        })
        .collect()
}

/// What an error means here: a refused token is the end of every complete scenario; refusals that the recordings hold
/// are compared as facts; anything else is a difference that has to be listed.
fn note_error(run: &mut Run<'_>, call: &Value, outcome: &mut Outcome) {
    let Some(error) = &run.error else { return };
    match error.kind() {
        ErrorKind::InvalidToken => {
            outcome.rule = error.rule();
            // An unknown key is looked for once more, and only once.
            assert_eq!(*run.replay.keys_served.lock().unwrap(), 2, "{}", run.id());
            run.error = None;
        }
        ErrorKind::OAuth | ErrorKind::InvalidCallback => {}
        kind => {
            outcome.differences.insert(format!("error:{}", kind.as_str()));
            println!("{}: {error}", run.id());
            assert!(run.flow.is_some(), "{}: {call}: {error}", run.id());
        }
    }
}

#[test]
fn every_scenario_is_replayed() {
    let Some(fixtures) = Fixtures::open("scenarios: every_scenario_is_replayed") else { return };
    let list = fixtures.list("scenarios");
    assert_eq!(list.len(), 68);
    let (mut broken, mut seen, mut statuses, mut rules) =
        (Vec::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for scenario in list {
        let id = text(scenario, "id");
        match catch_unwind(AssertUnwindSafe(|| play(&fixtures, scenario))) {
            // A file is absent, and that was said loudly.
            Ok(None) => return,
            Ok(Some(outcome)) => {
                seen.extend(outcome.differences.into_iter().map(|what| (id.to_owned(), what)));
                statuses.extend(outcome.statuses);
                rules.extend(outcome.rule.map(|rule| (id.to_owned(), rule)));
            }
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                broken.push(format!(
                    "{id}: {}",
                    text.or(panic.downcast_ref::<&str>().map(|it| (*it).into())).unwrap_or_default()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{} of {} scenarios:\n{}", broken.len(), list.len(), broken.join("\n"));
    let written: BTreeSet<_> = DIFFERENCES.iter().map(|(id, what, _)| ((*id).to_owned(), (*what).to_owned())).collect();
    assert_eq!(seen, written, "differences: what happens (left) and what is written (right)");
    let written: BTreeSet<_> = STATUS_DIFFERS.iter().map(|(id, call, ..)| ((*id).to_owned(), *call)).collect();
    assert_eq!(statuses, written);
    // Every complete sign-in gets as far as its ID token, which is refused: its key is not in the recordings.
    let complete = |scenario: &&Value| {
        let steps = scenario["steps"].as_array().unwrap();
        steps.iter().any(|step| step["endpoint"] == "token" && step["http_status"] == 200)
    };
    let complete: BTreeSet<_> = list.iter().filter(complete).map(|it| (text(it, "id").to_owned(), "kid")).collect();
    assert_eq!(rules, complete);
}
