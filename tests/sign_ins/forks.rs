//! A process that forks: parent and child sign in at the same time with the same client, and each gets its own tokens.
//!
//! The child does nothing but sign in and end: no assertion, no output, no destructor of what the parent needs.

#![cfg(unix)]
#![allow(unsafe_code)]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use crate::common::*;
use interaction_code::Client;
use interaction_code_sandbox::{Options, Sandbox};

/// How often each test forks: with the four of them, 200 times.
const FORKS: usize = 50;

unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(child: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(code: i32) -> !;
}

/// Whom the tokens of a whole sign-in are for; an error's text where there are none.
fn signs_in(sandbox: &Sandbox, client: &Client, user: &str) -> Result<String, String> {
    let mut flow =
        client.start(interaction_code::StartOptions::default(), &call()).map_err(|error| error.to_string())?;
    Person::new(sandbox, user).go(&mut flow).map_err(|error| error.to_string())?;
    let tokens = flow.finish(&call()).map_err(|error| error.to_string())?;
    Ok(tokens.claims.and_then(|claims| claims.email().map(str::to_owned)).unwrap_or_default())
}

/// Signs `child` in in a child process while this one signs `parent` in; both twice.
fn both(sandbox: &Sandbox, client: &Client, parent: &str, child: &str) {
    let twice = |user| [(); 2].map(|()| signs_in(sandbox, client, user));
    // SAFETY: fork and waitpid have no conditions; the child ends by _exit and uses nothing but this client.
    let status = unsafe {
        let process = fork();
        assert!(process >= 0, "no more processes");
        if process == 0 {
            let outcome = catch_unwind(AssertUnwindSafe(|| twice(child)));
            let expected = Ok(email(child));
            _exit(match outcome {
                Ok(outcomes) if outcomes.iter().all(|outcome| *outcome == expected) => 0,
                Ok(outcomes) if outcomes.iter().any(Result::is_err) => 1,
                Ok(_) => 2,
                Err(_) => 3,
            });
        }
        let own = twice(parent);
        let mut status = -1;
        assert_eq!(waitpid(process, &mut status, 0), process);
        for outcome in own {
            assert_eq!(outcome, Ok(email(parent)), "the parent's tokens");
        }
        status
    };
    assert_eq!(status >> 8, 0, "the child: 1 is an error, 2 somebody else's tokens, 3 a panic; status {status:#x}");
    assert_eq!(status & 0x7f, 0, "the child ended by a signal");
}

fn forks(tls: bool) {
    let sandbox = start(Options { tls, ..Options::default() });
    let client = client(&sandbox, "app-password");
    for round in 0..FORKS {
        // Connections and keys are there before the fork; sometimes none are, and the client is new.
        if round % 5 == 0 {
            assert_eq!(signs_in(&sandbox, &client, "ada"), Ok(email("ada")));
        }
        both(&sandbox, &client, "ada", "bob");
    }
}

fn forks_beside_threads(tls: bool) {
    let sandbox = start(Options { tls, ..Options::default() });
    let client = client(&sandbox, "app-password");
    let (done, signed_in) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    assert_eq!(signs_in(&sandbox, &client, "ada"), Ok(email("ada")));
                    signed_in.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for _ in 0..FORKS {
            both(&sandbox, &client, "ada", "bob");
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(signed_in.load(Ordering::Relaxed) > 0);
}

#[test]
fn a_child_signs_in_by_its_own_connections_in_the_clear() {
    forks(false);
}

#[test]
fn a_child_signs_in_by_its_own_connections_over_tls() {
    forks(true);
}

#[test]
fn a_child_signs_in_beside_the_threads_of_its_parent_in_the_clear() {
    forks_beside_threads(false);
}

#[test]
fn a_child_signs_in_beside_the_threads_of_its_parent_over_tls() {
    forks_beside_threads(true);
}
