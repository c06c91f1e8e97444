//! Whole runs: the handler answers, the library loops, polls and redeems; tokens are real ones, signed here.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use interaction_code::{
    Action, Call, Error, ErrorKind, RemediationHandler, Result, RunEnd, Secret, StartOptions, idx::Step,
    limits::MAX_RUN_STEPS,
};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::SigningKey,
    sha2::Sha256,
    signature::{SignatureEncoding, Signer},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};

use super::{
    build::{full, json_response, refusal},
    compose::{composed, form, response},
    fake::{Fake, ok},
};

/// A handler made of a closure, which is told how many steps there were before.
struct Handler<F>(F, AtomicUsize);

impl<F: Fn(usize, &Step) -> Result<Action>> RemediationHandler for Handler<F> {
    fn remediate(&self, step: &Step) -> Result<Action> {
        (self.0)(self.1.fetch_add(1, Ordering::SeqCst), step)
    }
}

fn handler<F: Fn(usize, &Step) -> Result<Action>>(act: F) -> Handler<F> {
    Handler(act, AtomicUsize::new(0))
}

fn enough() -> Error {
    Error::new(ErrorKind::Callback, "enough")
}

fn passcode(step: &Step) -> Result<Action> {
    let answer = step.remediation("challenge-authenticator")?.answer()?;
    Ok(Action::Proceed(answer.set("credentials.passcode", "hunter2")?))
}

#[test]
fn every_action_is_carried_out() {
    type Make = fn(&Step, &str) -> Result<Action>;
    let cases: [(&str, Make, &[&str]); 9] = [
        ("proceed", |step, _| passcode(step), &["/idp/idx/x"]),
        ("resend", |_, _| Ok(Action::Resend), &["/idp/idx/x"]),
        ("send", |_, _| Ok(Action::Send), &["/idp/idx/x"]),
        ("recover", |_, _| Ok(Action::Recover), &["/idp/idx/x"]),
        ("skip", |_, _| Ok(Action::Skip), &["/idp/idx/x"]),
        ("refresh", |_, _| Ok(Action::Refresh), &["/idp/idx/introspect"]),
        ("restart", |_, _| Ok(Action::Restart), &["/oauth2/default/v1/interact", "/idp/idx/introspect"]),
        (
            "callback",
            |_, state| {
                let url = format!("com.example.app:/callback?error=interaction_required&state={state}");
                Ok(Action::Callback(Secret::new(url)))
            },
            &["/idp/idx/introspect"],
        ),
        ("poll", |_, _| Ok(Action::Poll), &["/idp/idx/x"]),
    ];
    for (name, make, expected) in cases {
        let mut first = full();
        first["currentAuthenticatorEnrollment"]["value"]["poll"]["refresh"] = json!(1);
        let fake = Fake::at(first, |_, _, _| ok(&composed(3)));
        let mut flow = fake.flow();
        let saved: Value = serde_json::from_str(flow.save().unwrap().expose()).unwrap();
        let state = saved["state"].as_str().unwrap().to_owned();
        let act = handler(|n, step| if n == 0 { make(step, &state) } else { Err(enough()) });
        let error = flow.run(&act, &Call::new()).and_then(RunEnd::tokens).map(drop).unwrap_err();
        assert_eq!((error.kind(), error.text()), (ErrorKind::Callback, "enough"), "{name}: {error}");
        assert_eq!(fake.paths()[2..], *expected, "{name}");
        // The run can be called again where it was.
        assert_eq!(flow.step().unwrap().raw(), composed(3).to_string(), "{name}");
    }
}

#[test]
fn cancelling_ends_the_run_and_tells_the_server() {
    let fake = Fake::at(full(), |_, _, _| ok(&composed(0)));
    let mut flow = fake.flow();
    let error = flow.run(&handler(|_, _| Ok(Action::Cancel)), &Call::new()).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(fake.paths().len(), 3);
    assert_eq!(flow.step().unwrap().raw(), composed(0).to_string(), "the fresh first page");
}

#[test]
fn what_ends_a_sign_in_ends_the_run_with_its_messages() {
    let mut expired = refusal();
    expired["messages"]["value"][0]["i18n"]["key"] = json!("idx.session.expired");
    let mut elsewhere = refusal();
    elsewhere["success"] = json!({"name": "success-redirect", "href": "https://a.example/go"});
    for (last, kind) in
        [(refusal(), ErrorKind::Terminal), (expired, ErrorKind::Expired), (elsewhere, ErrorKind::Terminal)]
    {
        let mut flow = Fake::at(full(), move |_, _, _| Ok(json_response(401, &last.to_string()))).flow();
        let error =
            flow.run(&handler(|_, step| passcode(step)), &Call::new()).and_then(RunEnd::tokens).map(drop).unwrap_err();
        assert_eq!((error.kind(), error.messages().len()), (kind, 1), "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }
    // What the handler gets wrong is its error, and nothing is sent.
    let fake = Fake::at(full(), |_, _, _| unreachable!());
    let wrong = handler(|_, step| Ok(Action::Proceed(step.remediation("challenge-authenticator")?.answer()?)));
    assert_eq!(fake.flow().run(&wrong, &Call::new()).map(drop).unwrap_err().kind(), ErrorKind::InvalidAnswer);
    assert_eq!(fake.paths().len(), 2);
}

#[test]
fn a_server_that_leads_in_circles_is_left() {
    let fake = Fake::at(full(), |_, _, _| ok(&full()));
    let mut flow = fake.flow();
    let error =
        flow.run(&handler(|_, step| passcode(step)), &Call::new()).and_then(RunEnd::tokens).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert_eq!(fake.paths().len(), MAX_RUN_STEPS + 2);
    assert!(flow.step().is_ok());
}

#[test]
fn a_step_that_only_waits_is_waited_for() {
    let mut poll = form("challenge-poll", vec![]);
    poll["refresh"] = json!(1);
    let first = response(json!([poll]));
    let fake = Fake::at(first, |_, _, _| ok(&composed(3)));
    let asked = handler(|n, step| {
        assert_eq!(
            (n, step.raw()),
            (0, composed(3).to_string().as_str()),
            "asked first when there is something to answer"
        );
        Err(enough())
    });
    assert_eq!(fake.flow().run(&asked, &Call::new()).map(drop).unwrap_err().kind(), ErrorKind::Callback);
    assert_eq!(fake.paths().len(), 3);
}

/// A server that signs real tokens: every sign-in is complete at once.
struct Org {
    key: RsaPrivateKey,
    nonces: Mutex<HashMap<String, String>>,
    keys_served: AtomicUsize,
    /// What is served instead of the keys, one after the other.
    other_keys: Mutex<Vec<Value>>,
}

impl Org {
    fn new() -> Arc<Self> {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("a key");
        Arc::new(Org { key, nonces: Mutex::default(), keys_served: AtomicUsize::new(0), other_keys: Mutex::default() })
    }

    fn keys(&self) -> Value {
        let number = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
        json!({"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1",
            "n": number(self.key.n().to_bytes_be()), "e": number(self.key.e().to_bytes_be())}]})
    }

    fn token(&self, nonce: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let claims = json!({"iss": "https://a.example/oauth2/default", "aud": "0oa1", "sub": "00u1", "iat": now,
            "exp": now + 3600, "nonce": nonce});
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({"alg": "RS256", "kid": "k1"})), part(claims));
        let signature = SigningKey::<Sha256>::new(self.key.clone()).sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn serve(self: &Arc<Self>) -> Arc<Fake> {
        let me = Arc::clone(self);
        Fake::new(move |path, request, _| {
            let pairs: HashMap<String, String> = url::form_urlencoded::parse(&request.body).into_owned().collect();
            match path {
                "/oauth2/default/v1/interact" => {
                    let handle = format!("h-{}", pairs["state"]);
                    me.nonces.lock().unwrap().insert(handle.clone(), pairs["nonce"].clone());
                    ok(&json!({"interaction_handle": handle}))
                }
                "/idp/idx/introspect" => {
                    let body: Value = serde_json::from_slice(&request.body).unwrap();
                    let mut done = composed(5);
                    done["successWithInteractionCode"]["value"][1]["value"] = body["interactionHandle"].clone();
                    ok(&done)
                }
                "/oauth2/default/v1/token" => {
                    let nonce = me.nonces.lock().unwrap()[&pairs["interaction_code"]].clone();
                    ok(
                        &json!({"token_type": "Bearer", "access_token": "at", "expires_in": 60, "id_token": me.token(&nonce)}),
                    )
                }
                "/oauth2/default/v1/keys" => {
                    me.keys_served.fetch_add(1, Ordering::SeqCst);
                    // Long enough that another thread asks meanwhile.
                    thread::sleep(Duration::from_millis(150));
                    let other = me.other_keys.lock().unwrap().pop();
                    ok(&other.unwrap_or_else(|| me.keys()))
                }
                other => panic!("nobody asks for {other}"),
            }
        })
    }
}

#[test]
fn two_flows_in_two_threads_fetch_the_keys_once() {
    let server = Org::new();
    let fake = server.serve();
    let client = fake.client();
    let subjects: Vec<String> = thread::scope(|scope| {
        let sign_in = || {
            let mut flow = client.start(StartOptions::default(), &Call::new()).unwrap();
            let tokens = flow.run(&handler(|_, _| Err(enough())), &Call::new()).unwrap().tokens().unwrap();
            assert_eq!(flow.save().map(drop).unwrap_err().kind(), ErrorKind::InvalidState);
            assert_eq!(flow.requests(), 3);
            tokens.claims.unwrap().subject().to_owned()
        };
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(sign_in)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(subjects, ["00u1", "00u1"]);
    assert_eq!(server.keys_served.load(Ordering::SeqCst), 1);
    assert_eq!(fake.paths().len(), 7, "three each, and the keys once");
}

#[test]
fn a_token_for_another_sign_in_is_refused_and_the_code_is_spent() {
    let server = Org::new();
    let fake = server.serve();
    let mut flow = fake.flow();
    let handle = server.nonces.lock().unwrap().keys().next().cloned().unwrap();
    server.nonces.lock().unwrap().insert(handle, "another".to_owned());
    let error = flow.finish(&Call::new()).map(drop).unwrap_err();
    assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidToken, Some("nonce")));
    assert_eq!(flow.finish(&Call::new()).map(drop).unwrap_err().kind(), ErrorKind::Expired, "a code is good once");
    // And a fresh sign-in on the same client works, with the keys that are there already.
    let mut next = fake.client().start(StartOptions::default(), &Call::new()).unwrap();
    assert!(next.finish(&Call::new()).is_ok());
    flow.restart(&Call::new()).unwrap();
    assert!(flow.finish(&Call::new()).is_ok());
}

#[test]
fn any_key_that_does_not_verify_is_a_reason_to_fetch_once_more_and_no_storm() {
    let server = Org::new();
    let good = server.keys();
    let with = |name: &str, value: Value| {
        let mut set = good.clone();
        set["keys"][0][name] = value;
        set
    };
    let wrong = URL_SAFE_NO_PAD.encode(RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap().n().to_bytes_be());
    let twice = json!({"keys": [good["keys"][0], good["keys"][0]]});
    let bad = [
        json!({"keys": []}),
        with("use", json!("enc")),
        with("alg", json!("RS512")),
        with("key_ops", json!(["encrypt"])),
        with("n", json!(URL_SAFE_NO_PAD.encode([0xff; 64]))),
        with("n", json!(wrong)),
        with("kid", json!("k0")),
        twice,
    ];
    let sign_in = |client: &interaction_code::Client| {
        let mut flow = client.start(StartOptions::default(), &Call::new()).unwrap();
        flow.finish(&Call::new()).map(drop)
    };
    for set in bad {
        let served = || server.keys_served.load(Ordering::SeqCst);
        let before = served();
        // Bad once: the sign-in that meets it succeeds with the next one, and that is kept.
        *server.other_keys.lock().unwrap() = vec![set.clone()];
        let client = server.serve().client();
        sign_in(&client).unwrap_or_else(|error| panic!("{set}: {error}"));
        sign_in(&client).unwrap();
        assert_eq!(served() - before, 2, "{set}");
        // Bad for long: asked for twice, and then not again for a while.
        *server.other_keys.lock().unwrap() = vec![set.clone(); 9];
        let client = server.serve().client();
        for _ in 0..3 {
            assert_eq!(sign_in(&client).unwrap_err().kind(), ErrorKind::InvalidToken, "{set}");
        }
        assert_eq!(served() - before, 4, "{set}");
    }
}
