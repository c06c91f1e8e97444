//! A redemption whose waiter gives up: it ends by itself, once, and what came of it is kept.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use interaction_code::{Call, CancelToken, Client, ErrorKind, Flow, Result, Sent, StartOptions, http::Response};
use serde_json::json;

use super::{
    compose::composed,
    fake::{Fake, lost, ok},
};

/// A flow that is complete, at a server whose token endpoint answers when the test says what.
struct Gate {
    fake: Arc<Fake>,
    flow: Flow,
    /// Something comes here when the token request is under way.
    asked: Receiver<()>,
    answer: Sender<Result<Response>>,
}

impl Gate {
    fn new() -> Self {
        let (answer, answers) = channel();
        let (ask, asked) = channel();
        let (answers, ask) = (Mutex::new(answers), Mutex::new(ask));
        let fake = Fake::at(composed(5), move |_, path, call| match path {
            "/oauth2/default/v1/token" => {
                assert!(call.check().is_ok() && call.remaining() > Duration::from_secs(20), "a limit of its own");
                let _ = ask.lock().unwrap().send(());
                answers.lock().unwrap().recv().expect("an answer")
            }
            _ => ok(&composed(5)),
        });
        let client = Client::builder("https://a.example/oauth2/default", "0oa1", "com.example.app:/callback");
        let client = client.scopes(["profile"]).transport(fake.clone()).build().unwrap();
        let flow = client.start(StartOptions::default(), &Call::new()).unwrap();
        assert!(flow.is_complete());
        Gate { fake, flow, asked, answer }
    }

    /// `finish`, cancelled when the request is under way.
    fn give_up(&mut self) {
        let token = CancelToken::new();
        let call = Call::new().cancel(&token);
        thread::scope(|scope| {
            let asked = &mut self.asked;
            let flow = &mut self.flow;
            let finishing = scope.spawn(move || flow.finish(&call).map(drop).unwrap_err());
            // A receiver is not shared; it is only lent to this scope.
            let () = asked.recv().expect("the token request");
            token.cancel();
            let error = finishing.join().unwrap();
            assert_eq!((error.kind(), error.sent()), (ErrorKind::Cancelled, Sent::Maybe));
            assert!(error.advice().contains("finish"), "{error}");
        });
        assert!(self.flow.is_complete() && !self.flow.is_finished());
    }

    fn token_requests(&self) -> usize {
        self.fake.paths().iter().filter(|path| path.ends_with("/token")).count()
    }
}

fn tokens() -> Result<Response> {
    ok(&json!({"token_type": "Bearer", "access_token": "at", "expires_in": 60}))
}

#[test]
fn who_cancels_finish_gets_the_tokens_from_the_next() {
    let mut gate = Gate::new();
    let before = gate.flow.save().unwrap();
    gate.give_up();
    assert!(gate.flow.save().unwrap() == before, "saved, it is where it came to rest last");
    // Nobody has waited when it comes, and then somebody does.
    gate.answer.send(tokens()).unwrap();
    let tokens = gate.flow.finish(&Call::new()).unwrap();
    assert_eq!((tokens.access_token.expose(), gate.token_requests()), ("at", 1));
    assert!(gate.flow.is_finished());
}

#[test]
fn a_deadline_does_the_same() {
    let mut gate = Gate::new();
    gate.give_up();
    let short = Call::new().timeout(Duration::from_millis(1));
    for _ in 0..3 {
        let error = gate.flow.finish(&short).map(drop).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::Maybe));
    }
    // Until it is known, nothing else can be done but to begin anew.
    assert_eq!(gate.flow.refresh(&Call::new()).map(drop).unwrap_err().kind(), ErrorKind::InvalidState);
    gate.answer.send(tokens()).unwrap();
    gate.flow.finish(&Call::new()).unwrap();
    assert_eq!(gate.token_requests(), 1);
}

#[test]
fn what_came_of_it_is_told_to_the_next() {
    // The connection was not made: the code is still good, and the next finish sends it.
    let mut gate = Gate::new();
    gate.give_up();
    gate.answer.send(Err(lost(Sent::No))).unwrap();
    assert_eq!(gate.flow.finish(&Call::new()).map(drop).unwrap_err().kind(), ErrorKind::Network);
    assert!(gate.flow.is_complete());
    gate.answer.send(tokens()).unwrap();
    gate.flow.finish(&Call::new()).unwrap();
    assert_eq!(gate.token_requests(), 2);
    // The reply was lost: the code is used up, and that is an ending.
    let mut gate = Gate::new();
    gate.give_up();
    gate.answer.send(Err(lost(Sent::Maybe))).unwrap();
    assert_eq!(gate.flow.finish(&Call::new()).map(drop).unwrap_err().kind(), ErrorKind::Network);
    assert!(!gate.flow.is_complete() && gate.flow.ending().is_some());
    assert_eq!(gate.flow.finish(&Call::new()).map(drop).unwrap_err().kind(), ErrorKind::Expired);
    assert_eq!(gate.token_requests(), 1);
}

#[test]
fn a_restart_gives_it_up() {
    let mut gate = Gate::new();
    gate.give_up();
    gate.flow.restart(&Call::new()).unwrap();
    gate.answer.send(tokens()).unwrap();
    // The next finish is that of the new sign-in, whose code is its own.
    gate.answer.send(tokens()).unwrap();
    gate.flow.finish(&Call::new()).unwrap();
    assert_eq!(gate.token_requests(), 2);
}

#[test]
fn nothing_is_sent_for_a_call_that_has_ended() {
    let mut gate = Gate::new();
    let token = CancelToken::new();
    token.cancel();
    let error = gate.flow.finish(&Call::new().cancel(&token)).map(drop).unwrap_err();
    assert_eq!((error.kind(), error.sent(), gate.token_requests()), (ErrorKind::Cancelled, Sent::No, 0));
    gate.answer.send(tokens()).unwrap();
    gate.flow.finish(&Call::new()).unwrap();
}
