//! Waiting for what happens elsewhere: the interval stays within its limits, the number is shown, loss of network is
//! outlived, a rate limit is kept to, and deadline and cancel end it at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use interaction_code::{
    Call, CancelToken, ErrorKind, Sent, Wait,
    limits::{MAX_POLL_INTERVAL, MIN_POLL_INTERVAL},
};
use serde_json::{Value, json};

use super::{
    build::{full, json_response, refusal},
    compose::{composed, form, response},
    fake::{Fake, lost, ok},
};

/// A push that waits, with this interval and this number to choose.
fn push(refresh: &Value, number: Option<&str>) -> Value {
    let mut poll = form("challenge-poll", vec![]);
    poll["refresh"] = refresh.clone();
    let mut value = response(json!([poll]));
    value["currentAuthenticator"] = json!({"type": "object", "value": {"id": "v", "type": "app", "key": "okta_verify",
        "contextualData": number.map_or(json!({}), |number| json!({"correctAnswer": number}))}});
    value
}

/// No wait of these tests comes to its own end before this is over.
const NEVER: Duration = Duration::from_secs(600);

/// What the observer is told of how long it is until the next poll. It is told a moment late, and late by more on a busy
/// machine: so it is asked until it is told at once, and never too much.
fn told(refresh: &Value, expected: Duration) {
    for _ in 0..1_000 {
        let mut flow = Fake::at(push(refresh, None), |_, _, _| unreachable!()).flow();
        let mut seen = None;
        flow.poll_while(&Call::new().timeout(Duration::from_secs(60)), &mut |waiting| {
            seen = Some(waiting.interval);
            assert!(waiting.remaining <= Duration::from_secs(60));
            Ok(Wait::Ask)
        })
        .unwrap();
        let seen = seen.unwrap();
        assert!(seen <= expected, "{refresh}: {seen:?}");
        if seen + Duration::from_millis(200) > expected {
            return;
        }
    }
    panic!("{refresh}: never near {expected:?}");
}

#[test]
fn the_interval_stays_within_its_limits() {
    for (refresh, expected) in [
        (json!(0), MIN_POLL_INTERVAL),
        (json!(1), MIN_POLL_INTERVAL),
        (json!(-1), MIN_POLL_INTERVAL),
        (json!(1_000), Duration::from_secs(1)),
        (json!("2000"), Duration::from_secs(2)),
        (json!(1e9), MAX_POLL_INTERVAL),
        (json!(1e300), MAX_POLL_INTERVAL),
        (json!("soon"), Duration::from_secs(4)),
        (json!({}), Duration::from_secs(4)),
        (Value::Null, Duration::from_secs(4)),
    ] {
        told(&refresh, expected);
    }
}

#[test]
fn the_number_is_shown_before_the_wait_and_a_new_one_is_delivered() {
    let fake = Fake::at(push(&json!(1), Some("42")), |n, _, _| {
        // The handle changes with every answer, the question does not.
        let mut same = push(&json!(2), Some("42"));
        same["stateHandle"] = json!(format!("02.id.{n}"));
        if n == 0 { ok(&same) } else { ok(&push(&json!(1), Some("43"))) }
    });
    let mut flow = fake.flow();
    let mut numbers = Vec::new();
    let step = flow
        .poll_while(&Call::new(), &mut |waiting| {
            numbers.push(waiting.number.as_deref().map(str::to_owned));
            Ok(Wait::Continue)
        })
        .unwrap();
    assert_eq!(step.number_challenge().as_deref(), Some("43"));
    assert_eq!(numbers, [Some("42".to_owned()), Some("42".to_owned())]);
    assert_eq!((fake.paths().len(), fake.most_in_flight()), (4, 1));
}

#[test]
fn loss_of_network_and_a_server_in_trouble_are_outlived() {
    let fake = Fake::at(push(&json!(1), None), |n, _, _| match n {
        0 => Err(lost(Sent::Maybe)),
        1 => Ok(json_response(503, &refusal().to_string())),
        _ => ok(&composed(5)),
    });
    let mut flow = fake.flow();
    let mut troubles = Vec::new();
    flow.poll_while(&Call::new(), &mut |waiting| {
        troubles.push(waiting.trouble.map(|error| error.kind()));
        Ok(Wait::Continue)
    })
    .unwrap();
    assert!(flow.is_complete());
    assert_eq!(troubles, [None, Some(ErrorKind::Network), Some(ErrorKind::Http)]);
}

#[test]
fn a_rate_limit_is_kept_to() {
    let fake = Fake::at(push(&json!(1), None), |n, _, _| match n {
        0 => Ok(json_response(429, r#"{"errorCode":"E0000047","errorSummary":"slow"}"#).header("Retry-After", "1")),
        _ => ok(&composed(5)),
    });
    let mut flow = fake.flow();
    let mut intervals = Vec::new();
    let started = Instant::now();
    flow.poll_while(&Call::new(), &mut |waiting| {
        intervals.push(waiting.interval);
        Ok(Wait::Continue)
    })
    .unwrap();
    assert!(intervals[0] <= MIN_POLL_INTERVAL && intervals[1] <= Duration::from_secs(1), "{intervals:?}");
    assert_eq!(intervals.len(), 2);
    // Not before its time: that much is so on any machine.
    assert!(started.elapsed() >= MIN_POLL_INTERVAL + Duration::from_secs(1));

    // Without a wish of the server's: a minute.
    let mut flow = Fake::at(push(&json!(1), None), |_, _, _| Ok(json_response(429, "{}"))).flow();
    let mut last = None;
    let asked = flow.poll_while(&Call::new(), &mut |waiting| {
        let again = last.is_some();
        last = Some(waiting.interval);
        Ok(if again { Wait::Ask } else { Wait::Continue })
    });
    asked.unwrap();
    let (last, minute) = (last.unwrap(), Duration::from_secs(60));
    assert!(last <= minute && last > minute / 4, "{last:?}");
}

#[test]
fn an_answer_that_polling_cannot_change_ends_it() {
    for (answer, kind) in [
        (json_response(400, r#"{"error":"invalid_grant"}"#), ErrorKind::OAuth),
        (json_response(403, r#"{"errorCode":"E0000006"}"#), ErrorKind::Api),
        (json_response(200, "<html>"), ErrorKind::Http),
    ] {
        let mut flow = Fake::at(push(&json!(1), None), move |_, _, _| Ok(answer.clone())).flow();
        assert_eq!(flow.poll(&Call::new()).map(drop).unwrap_err().kind(), kind);
        assert!(flow.step().unwrap().poll().is_some(), "the flow is where it was");
    }
    let mut flow = Fake::at(composed(3), |_, _, _| unreachable!()).flow();
    assert_eq!(flow.poll(&Call::new()).map(drop).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn the_deadline_ends_the_wait() {
    let polls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&polls);
    let mut flow = Fake::at(push(&json!(1), None), move |_, _, call| {
        count.fetch_add(1, Ordering::SeqCst);
        assert!(call.remaining() <= Duration::from_millis(1_200), "the transport gets the deadline too");
        ok(&push(&json!(1), None))
    })
    .flow();
    let started = Instant::now();
    let error = flow.poll(&Call::new().timeout(Duration::from_millis(1_200))).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    // Not before its time: that much is so on any machine. That it ends at all is that it ended by the limit.
    assert!(started.elapsed() >= Duration::from_millis(1_200));
    // Not more than one each half second; fewer where the machine does other things.
    assert!(polls.load(Ordering::SeqCst) <= 2);
    assert!(flow.step().is_ok());
}

/// Cancels from another thread, once `started` says that the wait is under way: the call ends by that, not by its limit.
fn cancelled(flow: &mut interaction_code::Flow, started: impl FnOnce() + Send) {
    let token = CancelToken::new();
    let call = Call::new().cancel(&token).timeout(NEVER);
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            started();
            token.cancel();
        });
        flow.poll(&call).map(drop).unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn cancel_from_another_thread_ends_the_wait() {
    // Between two polls, of which the next comes long after.
    let hour = 3_600_000;
    let mut flow = Fake::at(push(&json!(hour), None), |_, _, _| unreachable!()).flow();
    cancelled(&mut flow, || thread::sleep(Duration::from_millis(50)));
    assert!(flow.step().unwrap().poll().is_some());
    // While a request is waiting: the transport obeys the same token.
    let (arrived, arrives) = std::sync::mpsc::channel();
    let mut flow = Fake::at(push(&json!(1), None), move |_, _, call| {
        let _ = arrived.send(());
        call.sleep(NEVER).map_err(|error| error.with_sent(Sent::Maybe))?;
        ok(&full())
    })
    .flow();
    cancelled(&mut flow, move || arrives.recv().unwrap());
    // A cancelled token is for good, the flow is not.
    assert!(flow.step().unwrap().poll().is_some());
}
