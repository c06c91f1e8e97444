//! What is left of the secrets when everything was dropped: a program signs in, drops everything and stands still, and its
//! writable memory is searched from outside.
//!
//! The program is this one again, in a process of its own: the sandbox, which knows every secret, stays in the test's. What
//! went over the wire is noted in disguise, so that the search does not find its own notes. A leak that is planted on purpose
//! shows that each secret would be found.
#![cfg(target_os = "linux")]

mod child;
mod search;

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use interaction_code_sandbox::{Options, Sandbox};
use search::{Canary, Found};

/// Runs a sign-in in another process, and counts what is left of each kind of secret.
fn left_by(scenario: &str, tls: bool) -> BTreeMap<String, Vec<Found>> {
    let options = Options { tls, ..Options::default() };
    let sandbox = Sandbox::start(options).expect("the sandbox starts");
    let orders = [scenario.to_owned(), sandbox.issuer(), sandbox.ca_pem().unwrap_or_default()].join("\n");
    let mut command = Command::new(std::env::current_exe().expect("a test knows its own program"));
    command.args(["--exact", "child::child", "--nocapture"]).env(child::ORDERS, orders);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the test program runs");
    let mut canaries = Vec::new();
    let mut stands_still = false;
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok) {
        if line == child::STANDS_STILL {
            stands_still = true;
            break;
        }
        canaries.extend(Canary::read(&line));
    }
    assert!(stands_still, "{scenario}: the sign-in failed: {:?}", child.wait());
    let left = search::search(child.id(), &canaries);
    child.kill().expect("it stands still");
    child.wait().expect("it ends");
    left
}

/// What comes in answers: over TLS the library that decrypts them keeps it, as SECURITY.md says.
const RECEIVED: &[&str] =
    &["access_token", "id_token", "interaction_code", "interaction_handle", "refresh_token", "state", "state_handle"];

/// What stands in the saved step: the reader of JSON gathers a text with escapes in a buffer of its own.
const KEPT_BY_JSON: &[&str] = &["state", "state_handle"];

/// The most copies of one kind that it may keep: one for each connection's two buffers, of each answer that has it.
const KEPT_BY_TLS: usize = 12;

/// Every kind of secret of a sign-in with this many kinds is gone.
fn nothing_is_left(scenario: &str, kinds: &[&str]) {
    let mut bad = Vec::new();
    for tls in [true, false] {
        let left = left_by(scenario, tls);
        assert_eq!(left.keys().map(String::as_str).collect::<Vec<_>>(), kinds, "what is looked for");
        for (kind, found) in left.iter().filter(|(_, found)| !found.is_empty()) {
            if tls && RECEIVED.contains(&kind.as_str()) && found.len() <= KEPT_BY_TLS {
                continue;
            }
            if scenario == "saved" && KEPT_BY_JSON.contains(&kind.as_str()) && found.len() <= 4 {
                continue;
            }
            bad.push(format!("{scenario}, TLS {tls}: {kind} {} times", found.len()));
            bad.extend(found.iter().map(|one| format!("    {one}")));
        }
    }
    assert!(bad.is_empty(), "left in memory:\n{}", bad.join("\n"));
}

const SIGN_IN: &[&str] = &[
    "access_token",
    "code_verifier",
    "id_token",
    "interaction_code",
    "interaction_handle",
    "password",
    "refresh_token",
    "state",
    "state_handle",
];

#[test]
fn of_a_sign_in() {
    nothing_is_left("sign-in", SIGN_IN);
}

#[test]
fn of_a_sign_in_that_was_saved_and_restored() {
    nothing_is_left("saved", SIGN_IN);
}

#[test]
fn of_a_confidential_client() {
    let mut kinds = SIGN_IN.to_vec();
    kinds.insert(1, "client_secret");
    nothing_is_left("confidential", &kinds);
}

#[test]
fn of_a_sign_in_that_was_cancelled() {
    nothing_is_left("cancelled", &["interaction_handle", "password", "state", "state_handle"]);
}

#[test]
fn the_search_finds_what_is_planted() {
    for (kind, found) in left_by("planted", false) {
        assert!(!found.is_empty(), "{kind} was planted, and is not found");
    }
}
