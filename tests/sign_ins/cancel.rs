//! A call ends when the app says so, from any thread, wherever it waits; the flow and the client stay usable.

use std::time::Duration;

use crate::common::*;
use interaction_code::{
    Call, CancelToken, ErrorKind, Flow, Wait,
    idx::{AuthenticatorKey, StepStatus},
};
use interaction_code_sandbox::{Fault, FaultKind, Options, Sandbox};

/// Nothing that is waited for comes by itself before this is over; no test takes so long.
const NEVER: Duration = Duration::from_secs(600);

/// Runs `wait` and cancels it after a moment: it ends by the cancel, and neither by its limit nor by an answer. How fast is
/// measured by `cargo bench --bench cancel`, not here, where the machine does other things.
fn cancelled(mut wait: impl FnMut(&Call) -> Result<(), interaction_code::Error>) {
    let token = CancelToken::new();
    let call = Call::new().cancel(&token).timeout(NEVER);
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(150));
            token.cancel();
        });
        wait(&call).unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
}

fn at_push(sandbox: &Sandbox) -> Flow {
    let client = client(sandbox, "app-push");
    let mut flow = start_flow(&client);
    let person = Person { prefers: AuthenticatorKey::OktaVerify, ..Person::new(sandbox, "ada") };
    while flow.step().unwrap().status() != StepStatus::ChallengePoll {
        let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
    }
    flow
}

#[test]
fn while_polling() {
    let sandbox = sandbox();
    let mut flow = at_push(&sandbox);
    cancelled(|call| flow.poll(call).map(drop));
    assert_eq!(flow.step().unwrap().status(), StepStatus::ChallengePoll);
    let push = sandbox.pushes().pop().unwrap();
    assert!(sandbox.approve(&push.id));
    flow.poll(&call()).unwrap();
    flow.finish(&call()).unwrap();
}

#[test]
fn while_the_server_is_silent_and_while_it_drips() {
    for kind in [FaultKind::Delay { ms: NEVER.as_millis() as u64 }, FaultKind::Drip { ms: 50 }] {
        for tls in [false, true] {
            let sandbox = start(Options { tls, ..Options::default() });
            let mut network = interaction_code::transport::UreqTransport::builder();
            if let Some(ca) = sandbox.ca_pem() {
                network = network.extra_root_pem(ca.as_bytes());
            }
            let builder = interaction_code::Client::builder(&sandbox.issuer(), "app-password", REDIRECT_URI);
            let client = builder.network(network).build().unwrap();
            let mut flow = start_flow(&client);
            sandbox.faults(vec![Fault::new("/idp/idx/introspect", kind.clone()).times(0)]);
            cancelled(|call| flow.refresh(call).map(drop));
            sandbox.faults(Vec::new());
            assert_eq!(flow.refresh(&call()).unwrap().status(), StepStatus::Identification);
            Person::new(&sandbox, "ada").go(&mut flow).unwrap();
            flow.finish(&call()).unwrap();
        }
    }
}

#[test]
fn a_token_that_was_cancelled_before_sends_nothing() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let token = CancelToken::new();
    token.cancel();
    let error = client.start(Default::default(), &Call::new().cancel(&token)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_wait_ends_at_its_deadline_and_outlives_a_loss_of_network() {
    let sandbox = sandbox();
    let mut flow = at_push(&sandbox);
    let short = Call::new().timeout(Duration::from_millis(300));
    assert_eq!(flow.poll(&short).unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(flow.step().unwrap().status(), StepStatus::ChallengePoll);

    // The next two polls break; the wait goes on and says why.
    sandbox.faults(vec![Fault::new("/idp/idx/", FaultKind::Reset { after: false }).times(2)]);
    let push = sandbox.pushes().pop().unwrap();
    let mut troubles = 0;
    let step = flow.poll_while(&Call::new().timeout(Duration::from_secs(20)), &mut |waiting| {
        assert_eq!(waiting.number.as_deref(), push.correct_answer.as_deref(), "the number is always there");
        if waiting.trouble.is_some() {
            troubles += 1;
            if troubles == 2 {
                assert!(sandbox.approve(&push.id));
            }
        }
        Ok(Wait::Continue)
    });
    step.map(drop).unwrap_or_else(|error| assert!(error.kind() != ErrorKind::Network, "{error}"));
    assert_eq!(troubles, 2);
    assert!(flow.is_complete());
    flow.finish(&call()).unwrap();
}

#[test]
fn an_observer_may_look_in_between_and_end_the_wait() {
    let sandbox = sandbox();
    let mut flow = at_push(&sandbox);
    let polls = |sandbox: &Sandbox| sandbox.requests().iter().filter(|seen| seen.path.ends_with("poll")).count();
    let before = polls(&sandbox);
    let mut left = Vec::new();
    let step = flow.poll_while(&call(), &mut |waiting| {
        left.push(waiting.interval);
        Ok(if left.len() == 5 { Wait::Ask } else { Wait::ContinueFor(Duration::from_millis(20)) })
    });
    assert_eq!(step.unwrap().status(), StepStatus::ChallengePoll);
    assert!(left.is_sorted_by(|earlier, later| earlier > later), "the time to the next poll runs down: {left:?}");
    assert_eq!(polls(&sandbox), before, "nothing was polled yet");
}
