//! Each fault, and the control endpoints that set it.

mod support;

use interaction_code_sandbox::{Fault, FaultKind, Sandbox};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use support::*;

const KEYS: &str = "/oauth2/default/v1/keys";

fn set(sandbox: &Sandbox, kind: FaultKind) {
    sandbox.faults(vec![Fault::new(KEYS, kind)]);
}

fn keys(sandbox: &Sandbox) -> Answer {
    get(&agent(), &format!("{}{KEYS}", sandbox.origin()))
}

/// What the socket itself says: the bytes until the end, and the error if it was one.
fn raw(sandbox: &Sandbox) -> (Vec<u8>, Option<ErrorKind>) {
    let mut socket = TcpStream::connect(sandbox.origin().replace("http://", "")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    socket.write_all(format!("GET {KEYS} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match socket.read(&mut buffer) {
            Ok(0) => return (bytes, None),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) => return (bytes, Some(error.kind())),
        }
    }
}

#[test]
fn delay() {
    let sandbox = start();
    set(&sandbox, FaultKind::Delay { ms: 200 });
    let started = Instant::now();
    assert_eq!(keys(&sandbox).status, 200);
    assert!(started.elapsed() >= Duration::from_millis(200));
}

#[test]
fn reset_and_close() {
    let sandbox = start();
    for after in [false, true] {
        set(&sandbox, FaultKind::Reset { after });
        let before = sandbox.requests().len();
        assert_eq!(raw(&sandbox), (Vec::new(), Some(ErrorKind::ConnectionReset)));
        set(&sandbox, FaultKind::Close { after });
        assert_eq!(raw(&sandbox), (Vec::new(), None));
        assert_eq!(sandbox.requests().len() - before, if after { 2 } else { 0 }, "after={after}");
    }
}

#[test]
fn truncate() {
    let sandbox = start();
    let whole = keys(&sandbox).text;
    for bytes in [None, Some(0), Some(3)] {
        set(&sandbox, FaultKind::Truncate { bytes });
        let (got, _) = raw(&sandbox);
        let text = String::from_utf8(got).unwrap();
        assert!(text.contains(&format!("content-length: {}", whole.len())), "{text}");
        let body = text.split_once("\r\n\r\n").unwrap().1;
        assert_eq!(body, &whole[..bytes.unwrap_or(whole.len() / 2)]);
    }
}

#[test]
fn other_answers() {
    let sandbox = start();
    set(&sandbox, FaultKind::Status { status: 503, retry_after: Some(7), body: None, content_type: None });
    let answer = keys(&sandbox);
    assert_eq!((answer.status, answer.header("retry-after")), (503, "7"));
    set(&sandbox, FaultKind::Status { status: 429, retry_after: None, body: None, content_type: None });
    assert_eq!(keys(&sandbox).json["errorCode"], "E0000047");
    set(&sandbox, FaultKind::Garbage);
    let url = format!("{}{KEYS}", sandbox.origin());
    let mut body = agent().get(&url).call().unwrap().into_body();
    assert!(serde_json::from_slice::<serde_json::Value>(&body.read_to_vec().unwrap()).is_err());
    set(&sandbox, FaultKind::Oversize { bytes: 3_000_000 });
    assert!(keys(&sandbox).text.len() > 3_000_000);
    set(&sandbox, FaultKind::Redirect { location: "http://127.0.0.1:1/".into(), status: Some(307) });
    let answer = keys(&sandbox);
    assert_eq!((answer.status, answer.header("location")), (307, "http://127.0.0.1:1/"));
    set(&sandbox, FaultKind::ContentType { value: "text/html".into() });
    assert_eq!(keys(&sandbox).header("content-type"), "text/html");
    set(&sandbox, FaultKind::Body { body: "<html>".into(), status: None, content_type: Some("text/html".into()) });
    assert_eq!((keys(&sandbox).status, keys(&sandbox).status), (200, 200));
    set(&sandbox, FaultKind::Rewrite { from: "RS256".into(), to: "none".into() });
    assert_eq!(keys(&sandbox).json["keys"][0]["alg"], "none");
    set(&sandbox, FaultKind::Headers { headers: [("Cache-Control".to_owned(), "no-cache".to_owned())].into() });
    assert_eq!(keys(&sandbox).header("cache-control"), "no-cache");
    assert_eq!(keys(&sandbox).header("cache-control"), "max-age=3600, must-revalidate");
}

#[test]
fn drip() {
    let sandbox = start();
    set(&sandbox, FaultKind::Drip { ms: 1 });
    let started = Instant::now();
    let answer = keys(&sandbox);
    assert!(answer.json.is_object());
    assert!(started.elapsed() >= Duration::from_millis(answer.text.len() as u64));
}

#[test]
fn the_nth_request_and_patterns() {
    let sandbox = start();
    let fault = |path: &str| {
        Fault::new(path, FaultKind::Status { status: 500, retry_after: None, body: None, content_type: None })
    };
    sandbox.faults(vec![fault("/oauth2/*/keys").at(2).times(2)]);
    let statuses: Vec<u16> = (0..4).map(|_| keys(&sandbox).status).collect();
    assert_eq!(statuses, [200, 500, 500, 200]);
    sandbox.faults(vec![fault("").times(0)]);
    assert_eq!([keys(&sandbox).status, keys(&sandbox).status], [500, 500]);
    sandbox.faults(Vec::new());
    assert_eq!(keys(&sandbox).status, 200);
}

#[test]
fn faults_over_http() {
    let sandbox = start();
    let agent = agent();
    let url = format!("{}/sandbox/faults", sandbox.origin());
    let list =
        json!([{"path": KEYS, "at": 1, "kind": "status", "status": 502}, {"path": "/idp", "kind": "delay", "ms": 1}]);
    assert_eq!(post_json(&agent, &url, &list).json["faults"], 2);
    assert_eq!(post_json(&agent, &url, &json!({"path": KEYS, "at": 2, "kind": "garbage"})).json["faults"], 3);
    assert_eq!(keys(&sandbox).status, 502);
    assert_eq!(get(&agent, &url).json[0]["seen"], 1);
    assert_eq!(post_json(&agent, &url, &json!([])).json["faults"], 0);
    assert_eq!(post_json(&agent, &url, &json!({"path": "", "kind": "nonsense"})).status, 400);
    set(&sandbox, FaultKind::Garbage);
    assert_eq!(read(agent.delete(&url).call().unwrap()).status, 200);
    assert_eq!(keys(&sandbox).status, 200);
    // A fault on everything does not lock the door behind itself.
    sandbox.faults(vec![Fault::new("", FaultKind::Reset { after: false }).times(0)]);
    assert_eq!(get(&agent, &url).status, 200);
}

#[test]
fn a_lost_answer_leaves_the_engine_further_on() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sandbox.faults(vec![Fault::new("/idp/idx/identify", FaultKind::Close { after: true })]);
    let form = sign_in.form("identify");
    let handle = form["value"].as_array().unwrap().last().unwrap()["value"].clone();
    let body = json!({"identifier": "ada@example.com", "stateHandle": handle});
    assert!(sign_in.agent.post(form["href"].as_str().unwrap()).send(body.to_string()).is_err());
    sign_in.introspect();
    assert_eq!(sign_in.names(), ["challenge-authenticator"]);
}
