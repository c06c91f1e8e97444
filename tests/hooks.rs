//! A test's own clock and random numbers, with the feature `test-hooks`: a sign-in that comes out the same each time, and
//! one that comes too late.

#![cfg(feature = "test-hooks")]

mod common;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU8, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use common::*;
use interaction_code::{
    Call, Client, ClientBuilder, Error, ErrorKind, Result, StartOptions,
    http::{Request, Response, Transport},
    transport::UreqTransport,
};

fn builder(issuer: &str, client_id: &str) -> ClientBuilder {
    Client::builder(issuer, client_id, REDIRECT_URI).scopes(["openid", "profile", "email", "offline_access"])
}

/// The built-in transport, keeping the bodies that go to `interact`.
struct Keeping(UreqTransport, Mutex<Vec<Vec<u8>>>);

impl Transport for Keeping {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        if request.url.ends_with("/v1/interact") {
            self.1.lock().unwrap().push(request.body.to_vec());
        }
        self.0.send(request, call)
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

#[test]
fn the_same_random_numbers_make_the_same_sign_in() {
    let sandbox = sandbox();
    let ureq = UreqTransport::builder().allow_loopback_http(true).build().unwrap();
    let transport = Arc::new(Keeping(ureq, Mutex::default()));
    let seed = Arc::new(AtomicU8::new(0));
    let next = seed.clone();
    let random = Arc::new(move |bytes: &mut [u8]| {
        bytes.fill(next.fetch_add(1, Ordering::SeqCst));
        Ok(())
    });
    let builder = builder(&sandbox.issuer(), "app-password").transport(transport.clone()).random(random);
    let client = builder.build().unwrap();
    let mut flow = start_flow(&client);
    let saved = flow.save().unwrap();
    seed.store(0, Ordering::SeqCst);
    flow.restart(&call()).unwrap();
    start_flow(&client);
    let bodies = transport.1.lock().unwrap();
    assert_eq!(bodies[0], bodies[1], "the same numbers");
    assert_ne!(bodies[1], bodies[2], "other numbers");
    // State, nonce, verifier are three times 32 bytes, each its own.
    let saved: serde_json::Value = serde_json::from_str(saved.expose()).unwrap();
    assert_eq!(saved["state"], "A".repeat(43));
    assert_ne!(saved["nonce"], saved["code_verifier"]);
}

#[test]
fn without_random_numbers_nothing_starts() {
    let sandbox = sandbox();
    let none = Arc::new(|_: &mut [u8]| Err(Error::new(ErrorKind::Internal, "no entropy")));
    let client = builder(&sandbox.issuer(), "app-password").random(none).build().unwrap();
    assert_eq!(client.start(StartOptions::default(), &call()).unwrap_err().kind(), ErrorKind::Internal);
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_day_later_the_id_token_is_over() {
    let (sandbox, ahead) = (sandbox(), Arc::new(AtomicI64::new(0)));
    let offset = ahead.clone();
    let clock = Arc::new(move || now() + offset.load(Ordering::SeqCst));
    let client = builder(&sandbox.issuer(), "app-password").clock(clock).build().unwrap();
    let signed_in = || {
        let mut flow = start_flow(&client);
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        flow.finish(&call())
    };
    let tokens = signed_in().unwrap();
    let lifetime = i64::try_from(tokens.expires_in.unwrap().as_secs()).unwrap();
    assert!((tokens.expires_at.unwrap() - now() - lifetime).abs() < 60);
    ahead.store(24 * 3600, Ordering::SeqCst);
    let error = signed_in().unwrap_err();
    assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidToken, Some("exp")));
    // The server said what time it is: that explains it, and changes nothing.
    let skew = error.clock_skew().expect("the answers have a `Date`");
    assert!((skew + 24 * 3600).abs() < 60, "{error}");
}
