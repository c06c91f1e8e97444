//! The program that signs in, drops everything and stands still.

use std::{
    io::{Read as _, Write as _},
    sync::{Arc, Mutex},
};

use interaction_code::{
    Call, Client, ClientAuthentication, Flow, Result, Secret, StartOptions,
    http::{Request, Response, Transport},
    transport::UreqTransport,
};

/// Where the orders are: scenario, issuer, and the lines of a root certificate. Set only by the tests.
pub const ORDERS: &str = "IC_TEST_MEMORY";
/// What is written when everything was dropped.
pub const STANDS_STILL: &str = "everything is dropped";
/// Every byte of a note is changed by this, so that no note looks like what it is about.
pub const DISGUISE: u8 = 0xA5;

/// In the program's text, which is not writable; what is found of them is a copy.
const PASSWORD: &str = "Correct-Horse-9";
const SECRET: &str = "sandbox-secret";

/// What went over the wire and is secret, in disguise.
#[derive(Default)]
struct Notes(Mutex<Vec<(&'static str, Vec<u8>)>>);

impl Notes {
    fn note(&self, kind: &'static str, secret: &[u8]) {
        let mut notes = self.0.lock().expect("nobody panicked");
        let disguised: Vec<u8> = secret.iter().map(|byte| byte ^ DISGUISE).collect();
        if !disguised.is_empty() && !notes.iter().any(|(_, known)| *known == disguised) {
            notes.push((kind, disguised));
        }
    }

    /// Everything that stands in `body` between `before` and `end`.
    fn find(&self, kind: &'static str, body: &[u8], before: &str, end: u8) {
        let mut rest = body;
        while let Some(at) = rest.windows(before.len()).position(|window| window == before.as_bytes()) {
            rest = &rest[at + before.len()..];
            let length = rest.iter().position(|byte| *byte == end).unwrap_or(rest.len());
            self.note(kind, &rest[..length]);
        }
    }
}

/// The built-in transport, with what passes noted.
struct Watching {
    inner: UreqTransport,
    notes: Arc<Notes>,
}

impl Transport for Watching {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        for (kind, before) in [("code_verifier", "code_verifier="), ("interaction_code", "interaction_code=")] {
            self.notes.find(kind, &request.body, before, b'&');
        }
        self.notes.find("state", &request.body, "&state=", b'&');
        let response = self.inner.send(request, call)?;
        for (kind, before) in [
            ("interaction_handle", "\"interaction_handle\":\""),
            ("state_handle", "\"stateHandle\":\""),
            ("access_token", "\"access_token\":\""),
            ("refresh_token", "\"refresh_token\":\""),
            ("id_token", "\"id_token\":\""),
        ] {
            self.notes.find(kind, &response.body, before, b'"');
        }
        Ok(response)
    }
}

/// Not a test of its own: what the other process does. Without orders it has nothing to do.
#[test]
fn child() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let mut orders = orders.splitn(3, '\n');
    let (scenario, issuer, root) = (orders.next().unwrap(), orders.next().unwrap(), orders.next().unwrap());
    let notes = Arc::new(Notes::default());
    sign_in(scenario, issuer, root, &notes);
    if scenario == "planted" {
        plant(&notes);
    }
    let mut out = std::io::stdout().lock();
    for (kind, disguised) in &*notes.0.lock().unwrap() {
        let text: String = disguised.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "canary {kind} {text}").unwrap();
    }
    writeln!(out, "\n{STANDS_STILL}").unwrap();
    out.flush().unwrap();
    // Until the test ends it, or has ended itself.
    let _ = std::io::stdin().read(&mut [0]);
}

/// Leaves a copy of everything that is looked for.
fn plant(notes: &Notes) {
    for (_, disguised) in &*notes.0.lock().unwrap() {
        let plain: Vec<u8> = disguised.iter().map(|byte| byte ^ DISGUISE).collect();
        std::hint::black_box(plain.leak());
    }
}

/// A whole sign-in, of which nothing is kept.
fn sign_in(scenario: &str, issuer: &str, root: &str, notes: &Arc<Notes>) {
    notes.note("password", PASSWORD.as_bytes());
    let mut network = UreqTransport::builder().allow_loopback_http(true).no_proxy();
    if !root.is_empty() {
        network = network.extra_root_pem(root.as_bytes());
    }
    let transport = Watching { inner: network.build().unwrap(), notes: Arc::clone(notes) };
    let confidential = scenario == "confidential";
    let app = if confidential { "app-web" } else { "app-password" };
    let mut builder = Client::builder(issuer, app, "com.example.app:/callback")
        .scopes(["openid", "profile", "offline_access"])
        .transport(Arc::new(transport));
    if confidential {
        notes.note("client_secret", SECRET.as_bytes());
        builder = builder.authentication(ClientAuthentication::SecretPost(Secret::from(SECRET)));
    }
    let client = builder.build().unwrap();
    let call = Call::new();
    let mut flow = client.start(StartOptions::default(), &call).unwrap();
    answer(&mut flow, "identify", "identifier", "ada@example.com", &call);
    if scenario == "saved" {
        let saved = flow.save().unwrap();
        drop(flow);
        flow = client.restore(&saved).unwrap();
    }
    answer(&mut flow, "challenge-authenticator", "credentials.passcode", PASSWORD, &call);
    match scenario {
        "cancelled" => drop(flow.cancel(&call).unwrap()),
        "saved" => {
            let saved = flow.save().unwrap();
            let mut flow = client.restore(&saved).unwrap();
            drop(flow.finish(&call).unwrap());
        }
        _ => drop(flow.finish(&call).unwrap()),
    }
}

fn answer(flow: &mut Flow, form: &str, path: &str, value: &str, call: &Call) {
    let answer = flow.step().unwrap().remediation(form).unwrap().answer().unwrap().set(path, value).unwrap();
    flow.proceed(answer, call).unwrap();
}
