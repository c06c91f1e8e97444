//! How a sign-in goes on and how it ends: step by step, with the ways of a screen, with endings that are no failures, and
//! without doing anything to a person that nobody asked for.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use interaction_code::{
    Action, Call, Callback, ErrorKind, Next, RemediationHandler, Result, RunEnd, Secret, Wait, Waiting,
    idx::Step,
    screen::{Does, EndingKind, Part},
};
use serde_json::{Value, json};

use super::{
    build::{full, json_response, refusal},
    compose::{composed, form, response},
    fake::{Fake, ok},
};

fn push() -> Value {
    let mut poll = form("challenge-poll", vec![]);
    poll["refresh"] = json!(1);
    let mut value = response(json!([poll]));
    value["currentAuthenticator"] = json!({"type": "object", "value": {"id": "v", "type": "app", "key": "okta_verify",
        "resend": form("resend", vec![])}});
    value
}

/// What the server says when the push was declined: `resend` as a remediation and as an action, and a message.
fn rejected() -> Value {
    let mut value = response(json!([form("resend", vec![])]));
    value["currentAuthenticator"] = json!({"type": "object", "value": {"id": "v", "type": "app", "key": "okta_verify",
        "resend": form("resend", vec![])}});
    value["messages"] = json!({"type": "array", "value": [
        {"message": "no", "i18n": {"key": "api.authn.poll.error.push_rejected"}, "class": "ERROR"}]});
    value
}

fn ended(key: &str, class: &str) -> Value {
    json!({"version": "1.0.0", "stateHandle": "02.id.top", "messages": {"type": "array", "value": [
        {"message": "done", "i18n": {"key": key}, "class": class}]}})
}

/// A handler that counts its questions and gives up at the second.
struct GivesUp(AtomicUsize);

impl RemediationHandler for GivesUp {
    fn remediate(&self, step: &Step) -> Result<Action> {
        assert!(step.has_error(), "asked about the declined push only");
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(interaction_code::Error::new(ErrorKind::Callback, "the person is asked"))
    }
}

#[test]
fn a_denied_push_is_never_sent_again_by_itself() {
    let fake = Fake::at(push(), |n, _, _| if n == 0 { ok(&rejected()) } else { ok(&push()) });
    let handler = GivesUp(AtomicUsize::new(0));
    let error = fake.flow().run(&handler, &Call::new()).map(drop).unwrap_err();
    assert_eq!(error.text(), "the person is asked");
    assert_eq!((handler.0.load(Ordering::SeqCst), fake.paths().len()), (1, 3), "one poll, and nothing after it");

    // The same when the app goes step by step: what nobody answers is an error, not a push.
    let fake = Fake::at(push(), |n, _, _| if n == 0 { ok(&rejected()) } else { ok(&push()) });
    let mut flow = fake.flow();
    let call = Call::new();
    for _ in 0..2 {
        assert!(matches!(flow.next(&call).unwrap(), Next::Step(_)));
    }
    assert_eq!(flow.next(&call).map(drop).unwrap_err().kind(), ErrorKind::InvalidState);
    assert_eq!(fake.paths().len(), 3);
}

/// Gives the same password each time.
struct Stubborn(AtomicUsize);

impl RemediationHandler for Stubborn {
    fn remediate(&self, step: &Step) -> Result<Action> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let answer = step.remediation("challenge-authenticator")?.answer()?;
        Ok(Action::Proceed(answer.set("credentials.passcode", "hunter2")?))
    }
}

fn wrong() -> Value {
    let mut value = full();
    value["messages"] = json!({"type": "array", "value": [
        {"message": "wrong", "i18n": {"key": "incorrectPassword"}, "class": "ERROR"}]});
    value
}

#[test]
fn refused_credentials_are_offered_once() {
    let fake = Fake::at(full(), |_, _, _| Ok(json_response(401, &wrong().to_string())));
    let handler = Stubborn(AtomicUsize::new(0));
    let error = fake.flow().run(&handler, &Call::new()).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidAnswer, "{error}");
    assert!(error.text().contains("again") && !format!("{error:?}").contains("hunter2"), "{error}");
    assert_eq!((handler.0.load(Ordering::SeqCst), fake.paths().len()), (2, 3), "asked twice, sent once");
    // A step without an error in between, and it is another question.
    let fake = Fake::at(full(), |n, _, _| match n {
        0 | 2 => Ok(json_response(401, &wrong().to_string())),
        1 => ok(&full()),
        _ => unreachable!("the third refusal is not reached"),
    });
    let twice = Mutex::new(0);
    let other = |step: &Step| {
        let mut at = twice.lock().unwrap();
        *at += 1;
        let given = if *at == 2 { "another" } else { "hunter2" };
        let answer = step.remediation("challenge-authenticator")?.answer()?;
        Ok(Action::Proceed(answer.set("credentials.passcode", given)?))
    };
    struct By<F>(F);
    impl<F: Fn(&Step) -> Result<Action>> RemediationHandler for By<F> {
        fn remediate(&self, step: &Step) -> Result<Action> {
            (self.0)(step)
        }
    }
    fake.flow().run(&By(other), &Call::new()).map(drop).unwrap_err();
    assert_eq!(fake.paths().len(), 5, "three were sent");
}

#[test]
fn a_good_end_is_an_ending_and_no_failure() {
    for (last, kind, good) in [
        (ended("oie.selfservice.unlock_user.success.message", "INFO"), EndingKind::Unlocked, true),
        (ended("idx.email.verification.required", "INFO"), EndingKind::MailSent, true),
        (ended("idx.session.expired", "ERROR"), EndingKind::Expired, false),
        (ended("security.access_denied", "ERROR"), EndingKind::Denied, false),
    ] {
        let fake = Fake::at(full(), move |_, _, _| ok(&last));
        let mut flow = fake.flow();
        match flow.run(&Stubborn(AtomicUsize::new(0)), &Call::new()).unwrap() {
            RunEnd::Ended { ending, error } => {
                assert_eq!((ending.kind, ending.good), (kind, good));
                assert_eq!(
                    error.kind(),
                    if kind == EndingKind::Expired { ErrorKind::Expired } else { ErrorKind::Terminal }
                );
                assert_eq!(error.messages().len(), 1);
            }
            RunEnd::SignedIn(_) => panic!("there are no tokens"),
        }
        assert_eq!(flow.ending().map(|ending| ending.kind), Some(kind));
        assert!(matches!(flow.next(&Call::new()).unwrap(), Next::Ended(ending) if ending.kind == kind));
    }
}

#[test]
fn the_flow_knows_that_nobody_answered_in_time() {
    let last = ended("E0000010", "ERROR");
    let fake = Fake::at(push(), move |_, _, _| ok(&last));
    let mut flow = fake.flow();
    flow.poll(&Call::new()).unwrap();
    let screen = flow.screen().unwrap();
    assert_eq!(screen.ending.map(|ending| ending.kind), Some(EndingKind::TimedOut));
    assert_eq!((screen.name.as_str(), &*screen.title.key), ("ended.timed_out", "ended.timed_out.title"));
    // Said without a poll before it, it is an outage.
    let last = ended("E0000010", "ERROR");
    let fake = Fake::at(full(), move |_, _, _| ok(&last));
    let mut flow = fake.flow();
    flow.resend(&Call::new()).unwrap();
    assert_eq!(flow.screen().unwrap().ending.map(|ending| ending.kind), Some(EndingKind::Unavailable));
}

#[test]
fn each_step_comes_once_and_one_that_waits_is_polled() {
    let fake = Fake::at(push(), |n, _, _| ok(&if n == 0 { composed(3) } else { composed(5) }));
    let mut flow = fake.flow();
    let call = Call::new();
    let Next::Step(first) = flow.next(&call).unwrap() else { panic!("a step to show") };
    assert!(first.poll().is_some() && fake.paths().len() == 2, "shown before it is polled");
    let Next::Step(second) = flow.next(&call).unwrap() else { panic!("what the poll came to") };
    assert_eq!((second.raw(), fake.paths().len()), (composed(3).to_string().as_str(), 3));
    assert_eq!(flow.next(&call).map(drop).unwrap_err().text(), "the step got no answer");
    flow.refresh(&call).unwrap();
    assert!(matches!(flow.next(&call).unwrap(), Next::Complete));
}

#[test]
fn a_step_comes_again_when_its_answer_was_refused_before_it_was_sent() {
    let fake = Fake::at(full(), |_, path, _| panic!("{path}"));
    let mut flow = fake.flow();
    let call = Call::new();
    let Next::Step(first) = flow.next(&call).unwrap() else { panic!("a step to show") };
    let screen = flow.screen().unwrap();
    assert_eq!(flow.take(&screen.draft(), 999, &call).map(drop).unwrap_err().kind(), ErrorKind::NotFound);
    let Next::Step(again) = flow.next(&call).unwrap() else { panic!("the step again") };
    assert_eq!(again.raw(), first.raw());
    // So it does when what the browser came back with was not for this sign-in.
    assert_eq!(flow.handle_callback("https://other.example/", &call).unwrap_err().kind(), ErrorKind::InvalidCallback);
    assert!(matches!(flow.next(&call).unwrap(), Next::Step(again) if again.raw() == first.raw()));
}

#[test]
fn what_is_typed_stays_good_while_the_step_is_polled() {
    let page = |expires: &str| {
        let mut page = full();
        page["expiresAt"] = json!(expires);
        page["currentAuthenticatorEnrollment"]["value"]["poll"]["refresh"] = json!(1);
        page
    };
    let later = page("2036-01-01T00:01:00.000Z");
    let fake = Fake::at(page("2036-01-01T00:00:00.000Z"), move |_, _, _| ok(&later));
    let mut flow = fake.flow();
    let (screen, call) = (flow.screen().unwrap(), Call::new());
    let way = screen.suggested.way.expect("a code is asked for");
    let mut draft = screen.draft();
    let Some(Part::Input(input)) = draft.parts(way).first().copied() else { panic!("an input") };
    draft.set(input, "314159").unwrap();
    let mut looks = 0;
    flow.poll_while(&call, &mut |_| {
        looks += 1;
        Ok(if looks == 2 { Wait::Ask } else { Wait::Continue })
    })
    .unwrap();
    assert_ne!(flow.step().unwrap().raw(), screen.step().raw(), "the newest response");
    assert!(flow.is_at(&screen));
    flow.take(&draft, way, &call).unwrap();
    assert!(fake.last().1.to_string().contains("314159"));
    // The same again after an answer is another screen: what was typed for it was refused.
    assert!(!flow.is_at(&screen));
    assert_eq!(flow.take(&draft, way, &call).map(drop).unwrap_err().kind(), ErrorKind::InvalidAnswer);
}

#[test]
fn a_way_of_the_screen_is_taken() {
    let fake = Fake::at(full(), |_, _, _| ok(&full()));
    let mut flow = fake.flow();
    let call = Call::new();
    let screen = flow.screen().unwrap();
    let skip = screen.ways.iter().position(|way| way.remediation.as_deref() == Some("skip")).expect("skip is a way");
    assert_eq!(screen.ways[skip].does, Does::Submit);
    flow.take(&screen.draft(), skip, &call).unwrap();
    assert_eq!(fake.last().0, "/idp/idx/x");
    let error = flow.take(&screen.draft(), skip, &call).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidAnswer, "the screen of a step that was left");
    assert_eq!(flow.take(&screen.draft(), 999, &call).map(drop).unwrap_err().kind(), ErrorKind::NotFound);
    // An ending without a way of the server's: begin anew.
    let fake = Fake::at(ended("idx.session.expired", "ERROR"), |_, path, _| match path {
        "/idp/idx/introspect" => ok(&full()),
        path => panic!("{path}"),
    });
    let mut flow = fake.flow();
    let screen = flow.screen().unwrap();
    let again = screen.ways.iter().position(|way| way.action.as_deref() == Some("restart")).expect("begin again");
    flow.take(&screen.draft(), again, &call).unwrap();
    assert_eq!(flow.step().unwrap().raw(), full().to_string());
}

#[test]
fn an_error_of_the_observer_ends_the_wait() {
    struct Throws;
    impl RemediationHandler for Throws {
        fn remediate(&self, _: &Step) -> Result<Action> {
            unreachable!("nothing is asked after an error")
        }
        fn waiting(&self, _: &Waiting<'_>) -> Result<Wait> {
            Err(interaction_code::Error::new(ErrorKind::Callback, "the window was closed"))
        }
    }
    let fake = Fake::at(push(), |_, _, _| unreachable!());
    let error = fake.flow().run(&Throws, &Call::new()).map(drop).unwrap_err();
    assert_eq!(error.text(), "the window was closed");
}

#[test]
fn a_code_of_a_mail_goes_into_a_mail_challenge_and_nowhere_else() {
    let at = |key: &'static str| {
        let passcode = json!({"name": "credentials", "required": true, "form": {"value": [{"name": "passcode"}]}});
        let mut value = response(json!([form("challenge-authenticator", vec![passcode])]));
        value["currentAuthenticator"] = json!({"type": "object", "value": {"id": "e", "type": "x", "key": key}});
        value
    };
    for (key, tried) in [("okta_email", true), ("okta_password", false), ("phone_number", false), ("google_otp", false)]
    {
        let fake = Fake::at(at(key), move |_, _, _| ok(&at(key)));
        let mut flow = fake.flow();
        let saved: Value = serde_json::from_str(flow.save().unwrap().expose()).unwrap();
        let url = format!("com.example.app:/callback?otp=123456&state={}", saved["state"].as_str().unwrap());
        let came = flow.handle_callback(&url, &Call::new()).unwrap();
        let expected = if tried { Callback::Step } else { Callback::ShowCode(Secret::from("123456")) };
        assert_eq!((came, fake.paths().len()), (expected, if tried { 4 } else { 3 }), "{key}");
    }
}

#[test]
fn a_poll_that_came_too_soon_changes_nothing() {
    let mut limited = push();
    limited["messages"] = json!({"type": "array", "value": [
        {"message": "slow", "i18n": {"key": "tooManyRequests"}, "class": "ERROR"}]});
    let mut gone = refusal();
    gone["messages"]["value"][0]["i18n"]["key"] = json!("tooManyRequests");
    let answers = [(429, push()), (429, gone.clone()), (400, gone), (200, limited)];
    for (status, body) in answers {
        let fake = Fake::at(push(), move |_, _, _| Ok(json_response(status, &body.to_string())));
        let mut flow = fake.flow();
        let mut rests = Vec::new();
        flow.poll_while(&Call::new(), &mut |waiting| {
            rests.push(waiting.trouble.map(|error| (error.kind(), error.retry_after().map(|wait| wait.as_secs()))));
            Ok(if rests.len() == 2 { Wait::Ask } else { Wait::Continue })
        })
        .unwrap();
        assert_eq!(rests, [None, Some((ErrorKind::RateLimited, Some(60)))], "{status}");
        assert_eq!(flow.step().unwrap().raw(), push().to_string(), "{status}: the flow is where it was");
    }
}

#[test]
fn a_device_challenge_that_nobody_answers_is_given_up_with_its_reason() {
    let mut poll = form("device-challenge-poll", vec![]);
    poll["refresh"] = json!(1);
    let mut first = response(json!([poll]));
    let cancel = json!({"name": "cancel-polling", "href": "https://a.example/idp/idx/stop", "method": "POST", "value": [
        {"name": "stateHandle", "required": true, "value": "02.id", "mutable": false}]});
    first["authenticatorChallenge"] = json!({"type": "object", "value": {"challengeMethod": "LOOPBACK", "domain": "http://localhost",
        "ports": ["2000"], "challengeRequest": "a.b.c", "cancel": cancel}});
    struct NoApp;
    impl RemediationHandler for NoApp {
        fn remediate(&self, _: &Step) -> Result<Action> {
            Err(interaction_code::Error::new(ErrorKind::Callback, "the next step"))
        }
    }
    let fake = Fake::at(first.clone(), |_, _, _| ok(&composed(3)));
    let error = fake.flow().run(&NoApp, &Call::new()).map(drop).unwrap_err();
    assert_eq!(error.text(), "the next step", "{error}");
    let (path, body, _) = fake.last();
    assert_eq!((path.as_str(), fake.paths().len()), ("/idp/idx/stop", 3));
    assert_eq!((&body["reason"], &body["statusCode"]), (&json!("OV_UNREACHABLE_BY_LOOPBACK"), &Value::Null));
    // A handler whose app can answer waits for it.
    struct HasApp;
    impl RemediationHandler for HasApp {
        fn remediate(&self, step: &Step) -> Result<Action> {
            NoApp.remediate(step)
        }
        fn device(&self, _: &Step) -> Result<Option<Action>> {
            Ok(Some(Action::Poll))
        }
    }
    let fake = Fake::at(first, |_, _, _| ok(&composed(3)));
    fake.flow().run(&HasApp, &Call::new()).map(drop).unwrap_err();
    assert_eq!(fake.last().0, "/idp/idx/x", "it was polled");
}
