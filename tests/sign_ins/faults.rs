//! Each fault at each request of a sign-in: a clear error, the flow where it was, and the sign-in goes on.

use crate::common::*;
use interaction_code::{Call, Client, Error, ErrorKind, Flow, Result, Sent, StartOptions};
use interaction_code_sandbox::{Fault, FaultKind, Sandbox};

/// The requests of a sign-in at `app-email`, in order.
const REQUESTS: [(&str, u64); 8] = [
    ("/oauth2/default/v1/interact", 1),
    ("/idp/idx/introspect", 1),
    ("/idp/idx/identify", 1),
    ("/idp/idx/challenge/answer", 1),
    ("/idp/idx/challenge", 2),
    ("/idp/idx/challenge/answer", 2),
    ("/oauth2/default/v1/token", 1),
    ("/oauth2/default/v1/keys", 1),
];

/// The faults, and the kinds of error that each may give.
fn faults(origin: &str) -> Vec<(&'static str, FaultKind, Vec<ErrorKind>)> {
    use ErrorKind::*;
    let status = |status, retry_after| FaultKind::Status { status, retry_after, body: None, content_type: None };
    let body = |body: &str, content_type: &str| FaultKind::Body {
        body: body.to_owned(),
        status: None,
        content_type: Some(content_type.to_owned()),
    };
    let redirect = |location: String| FaultKind::Redirect { location, status: None };
    let page = "<!doctype html><title>Sign in to the network</title>";
    vec![
        ("reset before", FaultKind::Reset { after: false }, vec![Network]),
        ("reset after", FaultKind::Reset { after: true }, vec![Network]),
        ("close", FaultKind::Close { after: true }, vec![Network]),
        ("truncate", FaultKind::Truncate { bytes: None }, vec![Network]),
        ("500", status(500, None), vec![Api, Http]),
        ("503", status(503, Some(7)), vec![Api, Http]),
        ("429", status(429, Some(7)), vec![RateLimited]),
        ("garbage", FaultKind::Garbage, vec![Protocol]),
        ("oversize", FaultKind::Oversize { bytes: 3_000_000 }, vec![LimitExceeded]),
        ("drip", FaultKind::Drip { ms: 40 }, vec![Timeout]),
        ("delay", FaultKind::Delay { ms: 5_000 }, vec![Timeout]),
        ("redirect here", redirect(format!("{origin}/elsewhere")), vec![Http]),
        ("redirect away", redirect("https://evil.example/".to_owned()), vec![Http]),
        ("html", body(page, "text/html"), vec![Http, Protocol]),
        ("empty", body("", "application/json"), vec![Http, Protocol]),
        ("other json", body("[1,2,3]", "application/json"), vec![Protocol, Http]),
        ("deep", body(&("[".repeat(200) + &"]".repeat(200)), "application/json"), vec![LimitExceeded, Protocol]),
    ]
}

/// Signs in, each call within this limit until one failed. After an error the flow must be where it was; then it goes on as an
/// app would: again when nothing was sent, by asking the server otherwise. Returns the errors.
fn sign_in(sandbox: &Sandbox, client: &Client, first: &Call) -> (Vec<Error>, Result<()>) {
    let patient = call();
    let mut errors = Vec::new();
    let mut flow = loop {
        let limit = if errors.is_empty() { first } else { &patient };
        match client.start(StartOptions::default(), limit) {
            Ok(flow) => break flow,
            Err(error) if errors.is_empty() => errors.push(error),
            Err(error) => return (errors, Err(error)),
        }
    };
    let person = Person::new(sandbox, "ada");
    for _ in 0..30 {
        let before = flow.step().ok().map(|step| step.raw().to_owned());
        let complete = flow.is_complete();
        let limit = if errors.is_empty() { first } else { &patient };
        let result = if complete {
            flow.finish(limit).map(drop)
        } else {
            let answer = person.answer(flow.step().unwrap()).expect("a step to answer");
            answer.and_then(|answer| flow.proceed(answer, limit).map(drop))
        };
        match result {
            Ok(()) if complete => return (errors, Ok(())),
            Ok(()) => {}
            Err(error) if errors.is_empty() => {
                let spent = complete && !flow.is_complete();
                if !complete {
                    assert_eq!(flow.step().ok().map(|step| step.raw().to_owned()), before, "the flow moved: {error}");
                }
                if error.sent() == Sent::Maybe && (!complete || spent) {
                    recover(&mut flow, spent);
                }
                errors.push(error);
            }
            Err(error) => return (errors, Err(error)),
        }
    }
    panic!("the sign-in goes in circles");
}

/// What an app does when it does not know whether the server is further on.
fn recover(flow: &mut Flow, spent: bool) {
    if spent || flow.refresh(&call()).is_err() {
        flow.restart(&call()).unwrap();
    }
}

/// The limit that a slow answer runs into. Nothing else is held to it: a busy machine is no fault.
fn short() -> Call {
    Call::new().timeout(std::time::Duration::from_millis(600))
}

#[test]
fn each_fault_at_each_request_is_a_clear_error_and_the_sign_in_goes_on() {
    let sandbox = sandbox();
    for (name, kind, kinds) in faults(&sandbox.origin()) {
        for (path, at) in REQUESTS {
            sandbox.reset();
            // Tokens that drip come in the end, since a redemption goes on without its caller: some seconds later.
            let kind =
                if name == "drip" && path.ends_with("/token") { FaultKind::Drip { ms: 2 } } else { kind.clone() };
            sandbox.faults(vec![Fault::new(path, kind).at(at)]);
            let client = client(&sandbox, "app-email");
            let limit = if kinds == [ErrorKind::Timeout] { short() } else { call() };
            let (errors, end) = sign_in(&sandbox, &client, &limit);
            let at = format!("{name} at {path} ({at})");
            end.unwrap_or_else(|error| panic!("{at}: after {errors:?}: {error}"));
            let [error] = errors.as_slice() else { panic!("{at}: the fault was not noticed") };
            assert!(kinds.contains(&error.kind()), "{at}: {} {error}", error.kind());
            let text = error.to_string();
            assert!(text.len() > 20 && text.len() < 2_000, "{at}: {text}");
            for secret in [PASSWORD, "02.id", "code_verifier"] {
                assert!(!text.contains(secret) && !format!("{error:?}").contains(secret), "{at}: {text}");
            }
            if name == "429" || name == "503" {
                assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)), "{at}");
            }
        }
    }
}

#[test]
fn nothing_is_sent_to_another_origin() {
    let sandbox = sandbox();
    let origin = sandbox.origin();
    let elsewhere = [
        "https://evil.example",
        "//evil.example",
        "http://127.0.0.1:1",
        "http://evil.example",
        "http://127.0.0.1@evil.example",
        "",
    ];
    for other in elsewhere {
        sandbox.reset();
        let rewrite = FaultKind::Rewrite {
            from: format!("\"{origin}/idp/idx/identify"),
            to: format!("\"{other}/idp/idx/identify"),
        };
        sandbox.faults(vec![Fault::new("/idp/idx/introspect", rewrite)]);
        let client = client(&sandbox, "app-password");
        let mut flow = start_flow(&client);
        let before = flow.requests();
        let answer = Person::new(&sandbox, "ada").answer(flow.step().unwrap()).unwrap().unwrap();
        let error = flow.proceed(answer, &call()).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::ForeignOrigin, Sent::No), "{other}: {error}");
        assert_eq!(flow.requests(), before);
        // The flow is where it was: a clean look at the step, and it goes on.
        flow.refresh(&call()).unwrap();
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        flow.finish(&call()).unwrap();
    }
}

#[test]
fn another_content_type_on_a_good_body_does_no_harm() {
    let sandbox = sandbox();
    sandbox.faults(vec![Fault::new("/idp/idx/", FaultKind::ContentType { value: "text/plain".into() }).times(0)]);
    let client = client(&sandbox, "app-email");
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
}

#[test]
fn absurd_poll_intervals_are_bounded() {
    use std::time::Duration;
    for (to, least, most) in [("0", 500, 501), ("1e9", 30_000, 30_001), ("-1", 500, 501), ("\"x\"", 500, 4_001)] {
        let sandbox = sandbox();
        let client = client(&sandbox, "app-push");
        let mut flow = start_flow(&client);
        let refresh = "\"refresh\":500".to_owned();
        sandbox.faults(vec![
            Fault::new("/idp/idx/", FaultKind::Rewrite { from: refresh, to: format!("\"refresh\":{to}") }).times(0),
        ]);
        let person =
            Person { prefers: interaction_code::idx::AuthenticatorKey::OktaVerify, ..Person::new(&sandbox, "ada") };
        while flow.step().unwrap().poll().is_none() {
            let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
            flow.proceed(answer, &call()).unwrap();
        }
        let (_, interval) = flow.step().unwrap().poll().unwrap();
        assert!((Duration::from_millis(least)..Duration::from_millis(most)).contains(&interval), "{to}: {interval:?}");
    }
}

#[test]
fn tokens_outlive_a_failed_fetch_of_newer_keys() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    // The first key set does not know the key yet, the second request for it breaks, the third is fine.
    let body =
        FaultKind::Body { body: "{\"keys\":[]}".into(), status: None, content_type: Some("application/json".into()) };
    let keys = "/oauth2/default/v1/keys";
    sandbox.faults(vec![Fault::new(keys, body), Fault::new(keys, FaultKind::Reset { after: false }).at(2)]);
    let error = flow.finish(&call()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network, "{error}");
    let tokens = flow.finish(&call()).unwrap_or_else(|error| panic!("the tokens are lost: {error}"));
    assert_eq!(tokens.claims.unwrap().email(), Some("ada@example.com"));
}
