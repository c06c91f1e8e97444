//! `sign-in` at a server that asks what nobody has seen before: shown, filled in, answered, all by the form alone.

mod support;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
};

use serde_json::{Value, json};
use support::run;

/// A server with one step, which ends whatever is answered. Gives its issuer, and the paths and bodies it was sent.
fn server(step: fn(&str) -> Value) -> (String, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, received) = channel();
    let issuer = format!("{origin}/oauth2/default");
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let (origin, sender) = (origin.clone(), sender.clone());
            std::thread::spawn(move || serve(connection.expect("a connection"), &origin, step, &sender));
        }
    });
    (issuer, received)
}

fn serve(connection: TcpStream, origin: &str, step: fn(&str) -> Value, sender: &Sender<(String, String)>) {
    let mut reader = BufReader::new(connection.try_clone().expect("a second handle"));
    let mut connection = connection;
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("a body");
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let answer = match path.as_str() {
            path if path.ends_with("/interact") => json!({"interaction_handle": "s3cret-interaction"}),
            "/idp/idx/introspect" => step(origin),
            _ => json!({"version": "1.0.0", "messages": {"type": "array", "value": [
                {"message": "Done\u{1b}[2J here", "class": "INFO", "i18n": {"key": "idx.something.new"}}]}}),
        };
        let answer = answer.to_string();
        write!(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Type: application/ion+json; okta-version=1.0.0\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        )
        .expect("an answer");
        let _ = sender.send((path, String::from_utf8(body).expect("UTF-8")));
    }
}

fn iris(origin: &str) -> Value {
    let field = json!([
        {"name": "eye", "label": "Which \u{1b}[31meye\u{202e}", "required": true, "options": [{"label": "Left", "value": "l"}, {"label": "Right", "value": 2}]},
        {"name": "count", "label": "How often", "type": "integer", "required": true},
        {"name": "scanner", "type": "object", "required": true, "options": [
            {"label": "Built in", "value": {"form": {"value": [{"name": "id", "value": "s1", "mutable": false}]}}},
            {"label": "Other", "value": {"form": {"value": [{"name": "id", "value": "s2", "mutable": false}, {"name": "model", "label": "Model"}]}}}]},
        {"name": "pin", "secret": true, "label": "Iris PIN", "required": true},
        {"name": "note", "label": "Note"},
        {"name": "agree", "type": "boolean", "value": true, "label": "Agree"},
        {"name": "deep", "required": true, "form": {"value": [{"name": "er.est", "label": "Deepest"}]}},
        {"name": "stateHandle", "required": true, "value": "02.id.s3cret-handle", "visible": false, "mutable": false}
    ]);
    json!({"version": "1.0.0", "stateHandle": "02.id.s3cret-handle", "remediation": {"type": "array", "value": [
        {"name": "scan-iris", "href": format!("{origin}/idp/idx/iris"), "method": "POST", "rel": ["create-form"], "value": field},
        {"name": "redirect-idp", "type": "FAX", "idp": {"id": "0oa1", "name": "Fax"}, "href": "https://login.example.com/sso?x=1", "method": "GET"}]}})
}

#[test]
fn an_unknown_step_is_shown_and_answered() {
    let (issuer, received) = server(iris);
    let arguments = ["sign-in", "--issuer", &issuer, "--client-id", "x"];
    // The eye; a wrong and a right number; the scanner; PIN. What can be left out is not asked.
    let ran = run(arguments, b"2\nmany\n3\n2\nPIN-4711\n");
    // It said so in a message of a kind that nobody knows, and nothing but information: done, without tokens.
    assert_eq!((ran.code, &ran.json()["outcome"]), (31, &json!("done")), "{ran}");
    assert_eq!(ran.json()["ending"]["good"], true);
    assert_eq!(ran.json()["messages"][0]["key"], "idx.something.new");
    let sent: Value = received
        .iter()
        .find(|(path, _)| path == "/idp/idx/iris")
        .map(|(_, body)| serde_json::from_str(&body).unwrap())
        .unwrap();
    let expected = json!({"eye": 2, "count": 3, "scanner": {"id": "s2"}, "pin": "PIN-4711", "agree": true, "stateHandle": "02.id.s3cret-handle"});
    assert_eq!(sent, expected);
    for part in ["One more step", "This is not a number.", "How often: ", "PIN: "] {
        assert!(ran.stderr.contains(part), "{part}: {ran}");
    }
    assert!(!ran.stderr.contains(['\u{1b}', '\u{202e}']), "{ran}");
    ran.hides(&["s3cret", "PIN-4711"]);
}

#[test]
fn the_browser_goes_on_and_its_address_is_pasted() {
    let (issuer, _received) = server(iris);
    let arguments = ["sign-in", "--issuer", &issuer, "--client-id", "x", "--redirect-uri", "com.example.app:/callback"];
    let ran = run(arguments, b"0\n2\n\n2\ncom.example.app:/callback?interaction_code=s3cret&state=wrong\n");
    assert_eq!((ran.code, &ran.json()["kind"]), (65, &json!("invalid_callback")), "{ran}");
    assert_eq!(
        ran.stderr.matches("https://login.example.com/sso?x=1").count(),
        2,
        "Enter goes back to the menu: {ran}"
    );
    ran.hides(&["s3cret"]);
}

#[test]
fn an_unknown_step_is_answered_from_a_file() {
    let (issuer, received) = server(iris);
    let arguments = ["sign-in", "--issuer", &issuer, "--client-id", "x", "--answers", "-"];
    let answers = json!([{"remediation": "scan-iris",
        "values": {"eye": "l", "count": 1, "scanner": {"id": "s1"}, "pin": "p", "[\"deep\",\"er.est\"]": "d"},
        "extra": {"reason": "x"}}]);
    let ran = run(arguments, answers.to_string().as_bytes());
    assert_eq!(ran.code, 31, "{ran}");
    let sent: Value = received
        .iter()
        .find(|(path, _)| path == "/idp/idx/iris")
        .map(|(_, body)| serde_json::from_str(&body).unwrap())
        .unwrap();
    assert_eq!(
        (&sent["scanner"], &sent["deep"], &sent["reason"]),
        (&json!({"id": "s1"}), &json!({"er.est": "d"}), &json!("x"))
    );
    assert!(ran.stderr.contains("Done [2J here"), "{ran}");
}

#[test]
fn a_question_ends_with_the_time() {
    use std::process::Stdio;
    let (issuer, _received) = server(iris);
    let mut child = support::program()
        .args(["sign-in", "--issuer", &issuer, "--client-id", "x", "--timeout", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nothing is ever typed, and the input does not end.
    let stdin = child.stdin.take();
    let ran = support::ran(child.wait_with_output().unwrap());
    drop(stdin);
    assert_eq!((ran.code, &ran.json()["kind"]), (54, &json!("timeout")), "{ran}");
}
