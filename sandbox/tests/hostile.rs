//! Input that no client sends: every answer is clear, and the sandbox is still there afterwards.

mod support;

use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use support::*;

fn raw(address: &str, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    socket.write_all(bytes).unwrap();
    let mut text = Vec::new();
    let _ = socket.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn bodies() {
    let sandbox = start();
    let agent = agent();
    let url = format!("{}/idp/idx/identify", sandbox.origin());
    for (body, status) in [
        ("", 400),
        ("not json", 400),
        ("[]", 400),
        ("\"text\"", 400),
        ("{\"stateHandle\": 5}", 401),
        ("{}", 401),
        (&"[".repeat(10_000), 400),
        (&format!("{{\"a\": \"{}\"}}", "x".repeat(300_000)), 413),
    ] {
        let answer = read(agent.post(&url).content_type("application/json").send(body).unwrap());
        assert_eq!(answer.status, status, "{}", &body[..body.len().min(40)]);
        assert!(answer.json.is_object());
    }
    assert_eq!(get(&agent, &url).status, 405);
    assert_eq!(get(&agent, &format!("{}/v1/nothing", sandbox.issuer())).json["errorCode"], "E0000022");
    assert_eq!(get(&agent, &format!("{}/oauth2/other/v1/keys", sandbox.origin())).status, 404);
    assert_eq!(post_json(&agent, &format!("{}/idp/idx/nothing", sandbox.origin()), &json!({})).status, 404);
}

#[test]
fn forms_with_every_type_in_every_place() {
    let sandbox = start();
    let values =
        [json!(null), json!(true), json!(5), json!([1]), json!({"passcode": {"a": 1}}), json!("\u{0}\u{202e}é")];
    for value in &values {
        let mut sign_in = SignIn::begin(&sandbox, "app-signup");
        sign_in.submit("identify", json!({"identifier": value}));
        sign_in.introspect();
        sign_in.identify("ada");
        sign_in.submit("challenge-authenticator", json!({"credentials": value}));
        assert!(sign_in.status == 400 || sign_in.status == 401);
        sign_in.password(PASSWORD);
        sign_in.submit("select-authenticator-authenticate", json!({"authenticator": value}));
        assert_eq!(sign_in.status, 400);
        let mut sign_up = SignIn::begin(&sandbox, "app-signup");
        sign_up.submit("select-enroll-profile", json!({}));
        sign_up
            .submit("enroll-profile", json!({"userProfile": {"firstName": value, "lastName": value, "email": value}}));
        assert_eq!(sign_up.status, 400);
    }
}

#[test]
fn every_form_at_every_wrong_step_is_refused() {
    let sandbox = start();
    let paths = [
        "identify/select",
        "challenge",
        "challenge/answer",
        "challenge/poll",
        "challenge/resend",
        "challenge/send",
        "authenticators/poll",
        "credential/enroll",
        "enroll",
        "enroll/new",
        "recover",
        "unlock-account",
        "skip",
    ];
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    for path in paths {
        let form = json!({"href": format!("{}/idp/idx/{path}", sandbox.origin()), "value": []});
        let handle = sign_in.now["stateHandle"].clone();
        sign_in.send(&form, json!({"stateHandle": handle}));
        assert_eq!((sign_in.status, sign_in.top()), (403, vec!["errors.E0000079"]), "{path}");
        assert_eq!(sign_in.names(), ["identify"], "{path}");
    }
    sign_in.identify("ada").password(PASSWORD);
    sign_in.finish();
}

#[test]
fn bytes_that_are_no_http() {
    let sandbox = start();
    let address = sandbox.origin().replace("http://", "");
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET\r\n\r\n",
        b"POST /idp/idx/introspect HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    ] {
        let answer = raw(&address, bytes);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    let odd =
        raw(&address, b"GET /oauth2/default/v1/keys HTTP/1.1\r\nHost: a b\"<script>\r\nConnection: close\r\n\r\n");
    assert!(odd.starts_with("HTTP/1.1 200") || odd.starts_with("HTTP/1.1 400"), "{odd}");
    let cut = b"POST /idp/idx/introspect HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\n{}";
    let mut socket = TcpStream::connect(&address).unwrap();
    socket.write_all(cut).unwrap();
    drop(socket);
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada").password(PASSWORD);
    sign_in.finish();
}

#[test]
fn the_origin_of_hrefs_is_the_one_that_was_addressed() {
    let sandbox = start();
    let port = sandbox.origin().rsplit(':').next().unwrap().to_owned();
    let answer =
        get(&agent(), &format!("http://localhost:{port}/oauth2/default/.well-known/openid-configuration")).json;
    assert_eq!(answer["issuer"], format!("http://localhost:{port}/oauth2/default"));
    let address = sandbox.origin().replace("http://", "");
    let request =
        b"GET /.well-known/openid-configuration HTTP/1.1\r\nHost: evil.example/path\r\nConnection: close\r\n\r\n";
    assert!(raw(&address, request).contains(&format!("\"issuer\":\"{}\"", sandbox.origin())));
}
