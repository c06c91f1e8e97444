//! Whose device a sign-in is made on, and what is sent when: read off the requests themselves, with the sandbox behind them.

use std::sync::{Arc, Mutex};

use crate::common::{storage::Memory, *};
use interaction_code::{
    Call, Client, ClientAuthentication, ClientBuilder, Device, ErrorKind, Result, StartOptions,
    http::{Request, Response, Transport},
    transport::UreqTransport,
};
use interaction_code_sandbox::Sandbox;

/// A transport that writes down what it sends.
struct Recorder {
    inner: UreqTransport,
    sent: Mutex<Vec<Request>>,
}

impl Transport for Recorder {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        self.sent.lock().unwrap().push(request.clone());
        self.inner.send(request, call)
    }
}

impl Recorder {
    fn new() -> Arc<Self> {
        let inner = UreqTransport::builder().allow_loopback_http(true).build().unwrap();
        Arc::new(Recorder { inner, sent: Mutex::default() })
    }

    fn take(&self) -> Vec<Request> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }
}

fn builder(sandbox: &Sandbox, client_id: &str, recorder: &Arc<Recorder>) -> ClientBuilder {
    let builder = Client::builder(&sandbox.issuer(), client_id, REDIRECT_URI).transport(recorder.clone());
    builder.scopes(["openid", "profile", "email"])
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.header_value(name).map(str::to_owned)
}

fn device_cookie(request: &Request) -> Option<String> {
    let cookies = header(request, "Cookie")?;
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix("DT=").map(str::to_owned))
}

#[test]
fn one_client_serves_the_devices_of_many_visitors() {
    let (sandbox, recorder) = (sandbox(), Recorder::new());
    let secret = ClientAuthentication::SecretBasic("sandbox-secret".into());
    let builder = builder(&sandbox, "app-web", &recorder).authentication(secret).accept_language("en");
    let client = builder.build().unwrap();
    let visitor = |letter: &str| Device {
        token: Some(letter.repeat(32).into()),
        user_agent: Some(format!("Mozilla/5.0 ({letter})")),
        forwarded_for: Some(format!("203.0.113.{}", letter.len())),
        languages: (letter == "a").then(|| "de-AT".to_owned()),
    };
    for letter in ["a", "b"] {
        let device = visitor(letter);
        let mut flow =
            client.start(StartOptions { device: device.clone(), ..StartOptions::default() }, &call()).unwrap();
        // Saved and taken up again, as a web server does between two pages, it is still the visitor's.
        flow = client.restore(&flow.save().unwrap()).unwrap();
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        flow.finish(&call()).unwrap();
        let sent = recorder.take();
        let own: Vec<_> = sent.iter().filter(|request| !request.url.ends_with("/keys")).collect();
        assert_eq!((own.len(), sent.len() - own.len()), (5, usize::from(letter == "a")), "one key cache for all");
        for request in own {
            assert_eq!(device_cookie(request).as_deref(), Some(letter.repeat(32).as_str()));
            assert_eq!(header(request, "X-Device-Token").as_deref(), Some(letter.repeat(32).as_str()));
            assert_eq!(header(request, "User-Agent"), device.user_agent);
            assert_eq!(header(request, "X-Forwarded-For"), device.forwarded_for);
            let languages = if letter == "a" { "de-AT" } else { "en" };
            assert_eq!(header(request, "Accept-Language").as_deref(), Some(languages), "the client's is the default");
            assert!(header(request, "X-Okta-User-Agent-Extended").unwrap().starts_with("interaction-code/"));
        }
    }
    // What a public client says of addresses nobody believes, so it is not said.
    let public = self::builder(&sandbox, "app-password", &recorder).build().unwrap();
    let start = |device| public.start(StartOptions { device, ..StartOptions::default() }, &call()).map(drop);
    assert_eq!(start(visitor("a")).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert!(recorder.take().is_empty());
    start(Device { forwarded_for: None, ..visitor("a") }).unwrap();
    assert!(recorder.take().iter().all(|request| header(request, "X-Device-Token").is_none()));
    let bad = Device { user_agent: Some("a\r\nCookie: x".to_owned()), ..Device::default() };
    assert_eq!(start(bad).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn with_a_storage_the_org_knows_the_device_again() {
    let (sandbox, recorder, storage) = (sandbox(), Recorder::new(), Arc::new(Memory::default()));
    let client = || builder(&sandbox, "app-password", &recorder).storage(storage.clone()).build().unwrap();
    let mut flow = start_flow(&client());
    let token = storage.device().expect("the token of the org's cookie is kept");
    assert_eq!(device_cookie(&recorder.take()[0]), None, "nobody knows the device yet");
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
    assert!(recorder.take().iter().filter_map(device_cookie).all(|sent| sent == token));
    assert_eq!(storage.device(), Some(token.clone()), "it outlives the sign-in");
    // The next process.
    let client = client();
    start_flow(&client);
    assert_eq!(device_cookie(&recorder.take()[0]), Some(token.clone()));
    client.forget_device().unwrap();
    assert_eq!(storage.device(), None);
    start_flow(&client);
    assert_ne!(storage.device(), Some(token), "another device");
    recorder.take();
    // A device that the app names is the app's to keep, and a server keeps none for its visitors.
    let storage = Arc::new(Memory::default());
    let own = builder(&sandbox, "app-password", &recorder).storage(storage.clone()).device_token("mine");
    start_flow(&own.build().unwrap());
    let secret = ClientAuthentication::SecretPost("sandbox-secret".into());
    let server = builder(&sandbox, "app-web", &recorder).storage(storage.clone()).authentication(secret);
    start_flow(&server.build().unwrap());
    assert_eq!(storage.device(), None);
}

#[test]
fn where_the_org_gives_no_token_one_is_made() {
    struct Bare;
    impl Transport for Bare {
        fn send(&self, request: &Request, _: &Call) -> Result<Response> {
            let body = if request.url.ends_with("/interact") {
                r#"{"interaction_handle":"handle-1"}"#
            } else {
                r#"{"version":"1.0.0","remediation":{"value":[{"name":"identify","href":"https://a.example/x","method":"POST","value":[]}]}}"#
            };
            Ok(Response::new(200, body).header("Content-Type", "application/json"))
        }
    }
    let storage = Arc::new(Memory::default());
    let builder = Client::builder("https://a.example", "0oa1", REDIRECT_URI).transport(Arc::new(Bare));
    let client = builder.storage(storage.clone()).build().unwrap();
    start_flow(&client);
    let token = storage.device().expect("a token was made");
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    start_flow(&client);
    assert_eq!(storage.device(), Some(token));
}

#[test]
fn a_form_says_where_it_comes_from() {
    let (sandbox, recorder) = (sandbox(), Recorder::new());
    let client = builder(&sandbox, "app-password", &recorder).build().unwrap();
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    let sent = recorder.take();
    let forms: Vec<_> = sent
        .iter()
        .filter(|request| request.url.contains("/idp/idx/") && !request.url.ends_with("introspect"))
        .collect();
    assert_eq!(forms.len(), 2);
    assert!(forms.iter().all(|form| header(form, "Origin") == Some(sandbox.origin())));
}

#[test]
fn a_token_from_a_mail_is_sent_once() {
    struct Always(Mutex<Vec<String>>);
    impl Transport for Always {
        fn send(&self, request: &Request, _: &Call) -> Result<Response> {
            let body = if request.url.ends_with("/interact") {
                self.0.lock().unwrap().push(String::from_utf8(request.body.to_vec()).unwrap());
                r#"{"interaction_handle":"handle-1"}"#
            } else {
                r#"{"version":"1.0.0","remediation":{"value":[{"name":"identify","href":"https://a.example/x","method":"POST","value":[]}]}}"#
            };
            Ok(Response::new(200, body).header("Content-Type", "application/json"))
        }
    }
    let transport = Arc::new(Always(Mutex::default()));
    let builder = Client::builder("https://a.example", "0oa1", REDIRECT_URI).transport(transport.clone());
    let client = builder.authentication(ClientAuthentication::SecretPost("s".into())).build().unwrap();
    let options = StartOptions {
        login_hint: Some("ada@example.com".into()),
        recovery_token: Some("recovery-1".into()),
        activation_token: Some("activation-1".into()),
        ..StartOptions::default()
    };
    let mut flow = client.start(options, &call()).unwrap();
    let saved = flow.save().unwrap();
    assert!(!saved.expose().contains("recovery-1") && !saved.expose().contains("activation-1"));
    flow.restart(&call()).unwrap();
    let bodies = transport.0.lock().unwrap().clone();
    assert!(bodies[0].contains("recovery_token=recovery-1") && bodies[0].contains("activation_token=activation-1"));
    assert!(!bodies[1].contains("recovery") && !bodies[1].contains("activation"), "a restart does not repeat them");
    assert!(bodies[1].contains("login_hint=ada"), "what else was asked for stays");
}

#[test]
fn after_prepare_the_last_input_is_followed_by_two_requests() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    let person = Person::new(&sandbox, "ada");
    let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer, &call()).unwrap();
    client.prepare(&call()).unwrap();
    let before = sandbox.requests().len();
    client.prepare(&call()).unwrap();
    assert_eq!(sandbox.requests().len(), before, "what is there is not fetched again");
    let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer, &call()).unwrap();
    flow.finish(&call()).unwrap();
    let after: Vec<_> = sandbox.requests()[before..].iter().map(|seen| seen.path.clone()).collect();
    assert_eq!(after, ["/idp/idx/challenge/answer", "/oauth2/default/v1/token"]);
}

#[test]
fn a_setting_that_cannot_be_sent_is_refused_at_build() {
    let build = |id: &str, uri: &str, scope: &str| {
        Client::builder("https://a.example", id, uri).scopes([scope]).build().map(drop)
    };
    assert!(build("0oa1", REDIRECT_URI, "openid").is_ok());
    for (id, uri, scope) in [
        ("", REDIRECT_URI, "openid"),
        ("0oa 1", REDIRECT_URI, "openid"),
        ("0oä1", REDIRECT_URI, "openid"),
        ("0oa1", "/callback", "openid"),
        ("0oa1", "https://a.example/#x", "openid"),
        ("0oa1", "urn:ietf:wg:oauth:2.0:oob", "openid"),
        ("0oa1", REDIRECT_URI, "openid profile"),
        ("0oa1", REDIRECT_URI, "\"openid\""),
        ("0oa1", REDIRECT_URI, ""),
    ] {
        assert_eq!(build(id, uri, scope).unwrap_err().kind(), ErrorKind::InvalidArgument, "{id} {uri} {scope}");
    }
}
