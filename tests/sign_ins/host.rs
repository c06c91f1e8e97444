//! What an app may bring: a storage that keeps the sign-in across processes, and a log that holds no secret.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use crate::common::{storage::Memory, *};
use interaction_code::{
    Action, Call, CancelToken, Client, ClientBuilder, Error, ErrorKind, Flow, LogLevel, LogRecord, LogSink,
    RemediationHandler, Result, Secret, StartOptions, Storage, Swapped,
    http::{Request, Response, Transport},
    idx::{Step, StepStatus},
    jose::sha256,
    secret::SecretBytes,
};

/// The one sign-in that is kept.
fn kept(storage: &Memory) -> Vec<u8> {
    let keys = storage.others();
    assert_eq!(keys.len(), 1, "a sign-in is kept");
    flow_of(&storage.get(&keys[0]).unwrap())
}

/// The saved flow in a stored value: what comes after the line that says when it was stored.
fn flow_of(value: &[u8]) -> Vec<u8> {
    let line = value.iter().position(|byte| *byte == b'\n').expect("a line");
    let head = std::str::from_utf8(&value[..line]).unwrap();
    assert!(head.starts_with("interaction-code.kept 1 ") && head.len() == 24 + 13, "{head}");
    value[line + 1..].to_vec()
}

/// A log in memory.
#[derive(Default)]
struct Lines(Mutex<Vec<(LogLevel, String)>>);

impl LogSink for Lines {
    fn log(&self, record: &LogRecord<'_>) {
        self.0.lock().unwrap().push((record.level, record.text.to_owned()));
    }
}

impl Lines {
    fn of(&self, level: LogLevel) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        lines.iter().filter(|(own, _)| *own == level).map(|(_, text)| text.clone()).collect()
    }
}

fn builder(issuer: &str, client_id: &str) -> ClientBuilder {
    Client::builder(issuer, client_id, REDIRECT_URI).scopes(["openid", "profile", "email", "offline_access"])
}

fn keeping(issuer: &str, client_id: &str, storage: &Arc<Memory>) -> Client {
    builder(issuer, client_id).storage(storage.clone()).build().unwrap()
}

#[test]
fn a_killed_sign_in_goes_on_in_a_new_client() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let person = Person::new(&sandbox, "ada");
    {
        let client = keeping(&sandbox.issuer(), "app-password", &storage);
        assert!(client.resume().unwrap().is_none());
        let mut flow = start_flow(&client);
        let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
        assert_eq!(kept(&storage), flow.save().unwrap().expose().as_bytes());
    }
    let text = [&sandbox.issuer(), "app-password", REDIRECT_URI].join("\0");
    let digits: String = sha256(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let key = storage.others().remove(0);
    let own = key.strip_prefix(&format!("interaction-code.flow.{digits}.")).expect("the client, then the sign-in");
    assert!(own.len() == 16 && own.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    // Another app's client does not find it.
    assert!(keeping(&sandbox.issuer(), "app-email", &storage).resume().unwrap().is_none());

    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    let mut flow = client.resume().unwrap().expect("it was kept");
    assert_eq!((flow.requests(), flow.step().unwrap().status()), (0, StepStatus::AuthenticatorVerification));
    flow.refresh(&call()).unwrap();
    person.go(&mut flow).unwrap();
    assert!(flow.is_complete() && storage.others().len() == 1);
    let complete = storage.get(&key).unwrap();
    flow.finish(&call()).unwrap();
    assert!(storage.others().is_empty(), "the tokens were handed over");
    assert_eq!(storage.removals.load(Ordering::SeqCst), 1);
    assert!(client.resume().unwrap().is_none());

    // Killed between the code and the end: the code is used up, and the flow with it is not offered again.
    storage.put(&key, &complete);
    let mut flow = client.resume().unwrap().unwrap();
    assert_eq!(flow.finish(&call()).unwrap_err().oauth_error(), Some("invalid_grant"));
    assert!(storage.others().is_empty());
}

#[test]
fn only_what_is_new_is_stored() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    let stores = || storage.stores.load(Ordering::SeqCst);
    let mut flow = start_flow(&client);
    assert_eq!(stores(), 1);
    // Nothing was sent, so nothing is new.
    let answer = flow.step().unwrap().remediation("identify").unwrap().answer().unwrap();
    assert_eq!(flow.proceed(answer, &call()).unwrap_err().kind(), ErrorKind::InvalidAnswer);
    assert_eq!(flow.finish(&call()).unwrap_err().kind(), ErrorKind::InvalidState);
    assert_eq!(stores(), 1);
    // A start that fails leaves the flow that was stored before.
    let token = CancelToken::new();
    token.cancel();
    client.start(StartOptions::default(), &Call::new().cancel(&token)).unwrap_err();
    assert_eq!((stores(), storage.removals.load(Ordering::SeqCst)), (1, 0));
    assert!(client.resume().unwrap().is_some());
}

#[test]
fn a_failing_storage_does_not_fail_the_sign_in() {
    let (sandbox, storage, log) = (sandbox(), Arc::new(Memory::default()), Arc::new(Lines::default()));
    let builder = builder(&sandbox.issuer(), "app-password").storage(storage.clone()).log(log.clone());
    let client = builder.build().unwrap();
    storage.fails.store(true, Ordering::SeqCst);
    let mut flow = start_flow(&client);
    let trouble = flow.storage_trouble().expect("the app is told").clone();
    assert_eq!((trouble.kind(), flow.kept_at()), (ErrorKind::StorageUnavailable, None));
    assert_eq!(trouble.text(), "the disk of ada@example.com is full", "in its own words");
    // When it can be used again, what was missed is stored at the next step, and the app is told that, too.
    storage.fails.store(false, Ordering::SeqCst);
    let answer = Person::new(&sandbox, "ada").answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer, &call()).unwrap();
    assert!(flow.storage_trouble().is_none() && flow.kept_at().is_some() && storage.others().len() == 1);
    storage.fails.store(true, Ordering::SeqCst);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
    assert!(flow.storage_trouble().is_some());
    let warnings = log.of(LogLevel::Warn);
    assert_eq!(
        warnings[..3],
        [
            "the storage did not load the device token: storage_unavailable",
            "the storage did not store the device token: storage_unavailable",
            "the storage did not store the flow: storage_unavailable"
        ]
    );
    assert_eq!(warnings.last().unwrap(), "the storage did not remove the flow: storage_unavailable");
    assert!(!warnings.concat().contains("ada"), "the text of the app's own error is not repeated");
    // Whoever asks for the flow is told that it is not known whether there is one.
    assert_eq!(client.resume().unwrap_err().kind(), ErrorKind::StorageUnavailable);
    assert_eq!(client.forget_device().unwrap_err().kind(), ErrorKind::StorageUnavailable);
}

struct Cancels;

impl RemediationHandler for Cancels {
    fn remediate(&self, _: &Step) -> Result<Action> {
        Ok(Action::Cancel)
    }
}

#[test]
fn a_cancelled_sign_in_is_forgotten() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    let person = Person::new(&sandbox, "ada");
    let mut flow = start_flow(&client);
    let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer, &call()).unwrap();
    assert_eq!(storage.others().len(), 1);
    assert_eq!(flow.cancel(&call()).unwrap().status(), StepStatus::Identification);
    assert!(storage.others().is_empty());
    // Going on after all is kept again.
    let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer, &call()).unwrap();
    assert_eq!(storage.others().len(), 1);

    // This server's step offers no cancel, so the server does not hear of it; the app is done all the same.
    let storage = Arc::new(Memory::default());
    let builder = builder("https://a.example/oauth2/default", "0oa1").storage(storage.clone());
    let mut flow = start_flow(&builder.transport(Arc::new(Forgetful::default())).build().unwrap());
    assert_eq!(storage.others().len(), 1);
    assert_eq!(flow.cancel(&call()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(storage.others().len(), 1);
    let error = flow.run(&Cancels, &call()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(storage.others().is_empty());
}

#[test]
fn a_sign_in_that_ended_is_forgotten() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-passwordless", &storage);
    let mut flow = start_flow(&client);
    assert_eq!(storage.others().len(), 1);
    Person::new(&sandbox, "frank").go(&mut flow).unwrap();
    assert_eq!(flow.step().unwrap().status(), StepStatus::Terminal);
    assert!(storage.others().is_empty());
    // Its last form can be sent again; as long as that leads nowhere, there is nothing to keep.
    let form = flow.form_step().unwrap().remediation("identify").unwrap();
    let answer = form.answer().unwrap().set("identifier", email("ada")).unwrap();
    flow.proceed(answer, &call()).unwrap();
    assert_eq!(flow.step().unwrap().status(), StepStatus::Terminal);
    assert!(storage.others().is_empty());
    flow.restart(&call()).unwrap();
    assert_eq!(storage.others().len(), 1);
}

#[test]
fn a_flow_that_the_server_does_not_know_is_forgotten() {
    // Some answer with a step, as the sandbox does, some with an error: see `Forgetful`.
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    start_flow(&client);
    sandbox.reset();
    let mut flow = client.resume().unwrap().unwrap();
    assert_eq!(flow.refresh(&call()).unwrap().status(), StepStatus::Terminal);
    assert!(storage.others().is_empty());

    let issuer = "https://a.example/oauth2/default";
    let builder = builder(issuer, "0oa1").storage(storage.clone()).transport(Arc::new(Forgetful::default()));
    let client = builder.build().unwrap();
    start_flow(&client);
    let mut flow = client.resume().unwrap().unwrap();
    assert_eq!(flow.refresh(&call()).unwrap_err().kind(), ErrorKind::Http, "the server is down: ask again later");
    assert_eq!(storage.others().len(), 1);
    assert_eq!(flow.refresh(&call()).unwrap_err().kind(), ErrorKind::OAuth);
    assert!(storage.others().is_empty());
    // An event that changes nothing does not bring it back.
    assert_eq!(flow.finish(&call()).unwrap_err().kind(), ErrorKind::InvalidState);
    assert!(storage.others().is_empty());
}

/// A server that asks one step, is down once, and does not know the flow any more.
#[derive(Default)]
struct Forgetful(AtomicUsize);

impl Transport for Forgetful {
    fn send(&self, _: &Request, _: &Call) -> Result<Response> {
        let (status, body) = match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => (200, r#"{"interaction_handle":"handle-1"}"#),
            1 => {
                let form =
                    r#"{"name":"identify","href":"https://a.example/idp/idx/identify","method":"POST","value":[]}"#;
                return Ok(json(200, &format!(r#"{{"version":"1.0.0","remediation":{{"value":[{form}]}}}}"#)));
            }
            2 => (503, "{}"),
            _ => (400, r#"{"error":"invalid_grant","error_description":"no such handle"}"#),
        };
        Ok(json(status, body))
    }
}

fn json(status: u16, body: &str) -> Response {
    Response::new(status, body.as_bytes()).header("Content-Type", "application/json")
}

/// Where it is, as text.
fn saved(flow: &Flow) -> String {
    flow.save().unwrap().expose().to_owned()
}

#[test]
fn each_sign_in_has_a_place_of_its_own() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    let mut first = start_flow(&client);
    let second = start_flow(&client);
    assert_eq!(storage.others().len(), 2, "a second start leaves the first where it is");
    let of_all = || client.resume_all().unwrap().iter().map(saved).collect::<Vec<_>>();
    assert_eq!(of_all(), [saved(&second), saved(&first)], "the newest first");
    Person::new(&sandbox, "ada").go(&mut first).unwrap();
    assert_eq!(of_all(), [saved(&first), saved(&second)]);
    assert!(first.kept_at() >= second.kept_at());
    assert_eq!(saved(&client.resume().unwrap().unwrap()), saved(&first), "the one that moved last");
    first.finish(&call()).unwrap();
    assert_eq!(of_all(), [saved(&second)], "the end of one removes no other");

    // Of two copies of one sign-in the one that moved last is there: also when the other one does not know of it.
    let (mut one, mut two) = (client.restore(&second.save().unwrap()).unwrap(), client.resume().unwrap().unwrap());
    one.refresh(&call()).unwrap();
    two.refresh(&call()).unwrap();
    one.refresh(&call()).unwrap();
    assert_eq!((storage.others().len(), kept(&storage)), (1, saved(&one).into_bytes()));
    // A restart is another sign-in, and leaves the old place.
    let before = storage.others();
    one.restart(&call()).unwrap();
    assert_eq!((storage.others().len(), kept(&storage)), (1, saved(&one).into_bytes()));
    assert_ne!(storage.others(), before);
}

#[test]
fn what_was_left_to_lie_gives_way() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    let first = start_flow(&client);
    let key = storage.others().remove(0);
    let value = String::from_utf8(storage.get(&key).unwrap()).unwrap();
    // As if it had been stored so many hours before.
    let (moment, text) = value.strip_prefix("interaction-code.kept 1 ").unwrap().split_once('\n').unwrap();
    let hours_ago = |hours: i64| moment.parse::<i64>().unwrap() - hours * 3_600_000;
    storage.put(&key, format!("interaction-code.kept 1 {}\n{text}", hours_ago(23)).as_bytes());
    assert_eq!(saved(&client.resume().unwrap().unwrap()), saved(&first));
    storage.put(&key, format!("interaction-code.kept 1 {}\n{text}", hours_ago(25)).as_bytes());
    assert!(client.resume().unwrap().is_none() && storage.others().is_empty());
    // The 17th takes the place of the oldest.
    let prefix = &key[..key.len() - 16];
    for number in 0..16 {
        let value = format!("interaction-code.kept 1 {}\n{text}", hours_ago(number + 1));
        storage.put(&format!("{prefix}{number:016x}"), value.as_bytes());
    }
    start_flow(&client);
    assert_eq!(storage.others().len(), 16);
    assert!(
        storage.get(&format!("{prefix}{:016x}", 15)).is_none()
            && storage.get(&format!("{prefix}{:016x}", 14)).is_some()
    );
    assert_eq!(client.resume_all().unwrap().len(), 16);
}

#[test]
fn a_storage_that_never_agrees_ends() {
    struct Never;
    impl Storage for Never {
        fn load(&self, _: &str) -> Result<Option<SecretBytes>> {
            Ok(None)
        }
        fn swap(&self, _: &str, _: Option<&[u8; 32]>, _: Option<&SecretBytes>) -> Result<Swapped> {
            Ok(Swapped::Changed)
        }
        fn keys(&self, _: &str) -> Result<Vec<String>> {
            Ok((0..1_000_000).map(|number| format!("interaction-code.flow.{number}")).collect())
        }
    }
    let sandbox = sandbox();
    let client = builder(&sandbox.issuer(), "app-password").storage(Arc::new(Never)).build().unwrap();
    let flow = start_flow(&client);
    assert_eq!(flow.storage_trouble().unwrap().kind(), ErrorKind::StorageUnavailable);
    assert!(client.resume().unwrap().is_none());
}

#[test]
fn what_cannot_be_restored_is_removed() {
    let (sandbox, storage) = (sandbox(), Arc::new(Memory::default()));
    let client = keeping(&sandbox.issuer(), "app-password", &storage);
    start_flow(&client);
    let key = storage.others().remove(0);
    let good = storage.get(&key).unwrap();
    let newer = String::from_utf8(good.clone()).unwrap().replace("code_flow\":2", "code_flow\":3");
    let other = String::from_utf8(good.clone()).unwrap().replace("kept 1", "kept 2");
    for bad in [&good[..good.len() / 2], b"", b"\xff\xfe", newer.as_bytes(), other.as_bytes(), &flow_of(&good)] {
        storage.put(&key, bad);
        assert_eq!(client.resume().unwrap_err().kind(), ErrorKind::InvalidSnapshot);
        assert!(storage.others().is_empty() && client.resume().unwrap().is_none());
    }
    storage.put(&key, &good);
    assert!(client.resume().unwrap().is_some());
}

/// Every text of a saved flow that somebody could go on with.
fn secrets_of(saved: &str) -> Vec<String> {
    let saved: serde_json::Value = serde_json::from_str(saved).unwrap();
    let names = ["state", "nonce", "code_verifier", "interaction_handle", "interaction_code"];
    let mut secrets: Vec<String> = names.iter().filter_map(|name| saved[name].as_str().map(str::to_owned)).collect();
    let cookies = saved["cookies"].as_array().map(Vec::as_slice).unwrap_or_default();
    secrets.extend(cookies.iter().filter_map(|cookie| cookie["value"].as_str().map(str::to_owned)));
    secrets
}

#[test]
fn the_log_of_a_whole_sign_in_holds_no_secret() {
    let (sandbox, storage, log) = (sandbox(), Arc::new(Memory::default()), Arc::new(Lines::default()));
    let builder = builder(&sandbox.issuer(), "app-email").storage(storage.clone()).log(log.clone());
    let client = builder.device_token("0123456789abcdef").build().unwrap();
    let mut secrets: Vec<String> =
        [PASSWORD, "Wrong-Horse-1", "ada", "example.com", "0123456789abcdef", "app-email"].map(str::to_owned).to_vec();
    let mut flow = start_flow(&client);
    let person = Person::new(&sandbox, "ada");
    let wrong = Person { password: "Wrong-Horse-1", ..Person::new(&sandbox, "ada") };
    let mut was_wrong = false;
    while !flow.is_complete() {
        secrets.extend(secrets_of(flow.save().unwrap().expose()));
        secrets.extend(flow.step().unwrap().state_handle().map(|handle| handle.expose().to_owned()));
        let at_password = flow.step().unwrap().is_password_challenge();
        let who = if at_password && !was_wrong { &wrong } else { &person };
        was_wrong |= at_password;
        let answer = who.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
    }
    secrets.extend(secrets_of(flow.save().unwrap().expose()));
    secrets.push(person.code());
    let tokens = flow.finish(&call()).unwrap();
    let of_tokens = [Some(&tokens.access_token), tokens.id_token.as_ref(), tokens.refresh_token.as_ref()];
    secrets.extend(of_tokens.into_iter().flatten().map(|token| token.expose().to_owned()));
    assert!(was_wrong && secrets.len() > 20 && secrets.iter().all(|secret| secret.len() > 2), "{}", secrets.len());

    let (requests, steps) = (log.of(LogLevel::Debug), log.of(LogLevel::Info));
    assert_eq!(requests.len() as u64, flow.requests() + 1, "one line for each request, and the keys: {requests:?}");
    let first = &requests[0];
    assert!(
        first.starts_with("POST /oauth2/default/v1/interact: 200 in ") && first.contains(" ms, request "),
        "{first}"
    );
    assert!(requests.iter().any(|line| line.starts_with("GET /oauth2/default/v1/keys: 200 in ")));
    assert_eq!(steps[0], "step identification: identify");
    assert!(steps.iter().any(|line| line.starts_with("step authenticator_verification: challenge-authenticator")));
    assert!(steps.last().unwrap().starts_with("step success: "), "{steps:?}");
    let everything = [requests, steps].concat().join("\n");
    for secret in &secrets {
        assert!(!everything.contains(secret.as_str()), "the log holds {secret}:\n{everything}");
    }
}

/// A server that writes what it likes.
struct Hostile;

impl Transport for Hostile {
    fn send(&self, request: &Request, _: &Call) -> Result<Response> {
        if request.url.ends_with("/v1/interact") {
            return Ok(
                json(200, r#"{"interaction_handle":"handle-1"}"#).header("X-Okta-Request-Id", "id\r\nforged line")
            );
        }
        if request.url.ends_with("/introspect") {
            let name = format!("scan\\r\\nforged\\u202e{}", "x".repeat(900));
            let form = format!(
                r#"{{"name":"{name}","href":"https://a.example/idp/idx/scan?token=s3cret","method":"POST","value":[]}}"#
            );
            let forms = vec![form; 100].join(",");
            let body = format!(r#"{{"version":"1.0.0","stateHandle":"h","remediation":{{"value":[{forms}]}}}}"#);
            return Ok(Response::new(200, body.into_bytes()));
        }
        Err(Error::new(ErrorKind::Offline, "no route to s3cret"))
    }
}

#[test]
fn a_server_cannot_forge_lines_nor_flood_the_log() {
    let log = Arc::new(Lines::default());
    let builder = builder("https://a.example/oauth2/default", "0oa1").transport(Arc::new(Hostile)).log(log.clone());
    let mut flow = start_flow(&builder.build().unwrap());
    let answer = flow.step().unwrap().remediations().next().unwrap().answer().unwrap();
    flow.proceed(answer, &call()).unwrap_err();
    let lines = log.0.lock().unwrap();
    for (_, line) in lines.iter() {
        assert!(!line.contains(['\r', '\n', '\u{202e}']) && line.chars().count() < 5000, "{line}");
        assert!(!line.contains("s3cret"), "{line}");
    }
    let (level, last) = lines.last().unwrap();
    assert_eq!(*level, LogLevel::Info);
    assert!(last.starts_with("POST /idp/idx/scan: offline after ") && last.ends_with(" ms, not sent"), "{last}");
}

/// A log that signs in by itself, once, with a client of its own.
struct SignsIn(Mutex<Option<(Client, Secret)>>);

impl LogSink for SignsIn {
    fn log(&self, _: &LogRecord<'_>) {
        let Some((client, _)) = self.0.lock().unwrap().take() else { return };
        let flow = client.start(StartOptions::default(), &call()).unwrap();
        assert_eq!(flow.step().unwrap().status(), StepStatus::Identification);
        *self.0.lock().unwrap() = Some((client, Secret::from("done")));
    }
}

#[test]
fn no_lock_is_held_while_the_app_is_called() {
    let sandbox = sandbox();
    let inner = builder(&sandbox.issuer(), "app-password").build().unwrap();
    let log = Arc::new(SignsIn(Mutex::new(Some((inner, Secret::default())))));
    let client = builder(&sandbox.issuer(), "app-password").log(log.clone()).build().unwrap();
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
    assert_eq!(log.0.lock().unwrap().as_ref().unwrap().1.expose(), "done");
}

#[test]
fn levels_have_words_and_numbers() {
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug];
    let known = levels.map(|level| (level.code(), level.to_string()));
    let expected = [(1, "error"), (2, "warn"), (3, "info"), (4, "debug")];
    assert_eq!(known, expected.map(|(code, word)| (code, word.to_owned())));
    assert!(levels.is_sorted());
}
