//! The control endpoints, TLS, and the program.

mod support;

use interaction_code_sandbox::{Options, Sandbox, World};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use support::*;

#[test]
fn the_outbox_over_http() {
    let sandbox = start();
    let mut sign_in = SignIn::begin(&sandbox, "app-email");
    sign_in.identify("ada").password(PASSWORD);
    sign_in.choose("select-authenticator-authenticate", "okta_email", json!({}));
    let url = format!("{}/sandbox/outbox", sandbox.origin());
    let outbox = get(&sign_in.agent, &url).json;
    assert_eq!(outbox[0]["to"], "ada@example.com");
    assert_eq!(outbox[0]["kind"], "email");
    assert!(outbox[0]["text"].as_str().unwrap().contains(outbox[0]["code"].as_str().unwrap()));
    assert_eq!(get(&sign_in.agent, &format!("{url}?to=bob@example.com")).json, json!([]));
    assert_eq!(get(&sign_in.agent, &format!("{url}?kind=email")).json, outbox);
    let code = outbox[0]["code"].as_str().unwrap().to_owned();
    sign_in.passcode(&code);
    sign_in.finish();
    let reset = read(sign_in.agent.post(format!("{}/sandbox/reset", sandbox.origin())).send_empty().unwrap());
    assert_eq!(reset.status, 200);
    assert_eq!(get(&sign_in.agent, &url).json, json!([]));
    assert!(sandbox.requests().is_empty());
}

#[test]
fn pushes_over_http() {
    let sandbox = start();
    for (verb, body, name) in [
        ("approve", json!({}), None),
        ("deny", json!({}), Some("api.authn.poll.error.push_rejected")),
        ("approve", json!({"answer": "1"}), Some("api.authn.poll.error.push_rejected")),
    ] {
        let mut sign_in = SignIn::begin(&sandbox, "app-push");
        sign_in.identify("ada").password(PASSWORD);
        sign_in.choose("select-authenticator-authenticate", "okta_verify", json!({}));
        let pending = get(&sign_in.agent, &format!("{}/sandbox/push", sandbox.origin())).json;
        let id = pending[0]["id"].as_str().unwrap();
        assert_eq!(pending[0]["kind"], "push");
        let url = format!("{}/sandbox/push/{id}/{verb}", sandbox.origin());
        assert_eq!(post_json(&sign_in.agent, &url, &body).status, 200);
        assert_eq!(post_json(&sign_in.agent, &url, &body).status, 409);
        sign_in.submit("challenge-poll", json!({}));
        match name {
            None => assert_eq!(sign_in.finish()["amr"], json!(["pwd", "swk", "mfa"])),
            Some(name) => assert_eq!(sign_in.top(), [name]),
        }
    }
    let nothing = post_json(&agent(), &format!("{}/sandbox/push/nonsense/approve", sandbox.origin()), &json!({}));
    assert_eq!(nothing.status, 404);
}

#[test]
fn web_pages_and_other_names_have_no_control() {
    let sandbox = start();
    let url = format!("{}/sandbox/outbox", sandbox.origin());
    let agent = agent();
    for (name, value) in [
        ("origin", "http://localhost:3000"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("host", "rebound.example"),
        ("host", "rebound.example:80"),
    ] {
        let answer = read(agent.get(&url).header(name, value).call().unwrap());
        assert_eq!(answer.status, 403, "{name}: {value}");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    assert_eq!(read(agent.options(&url).header("origin", "http://a.example").call().unwrap()).status, 403);
    assert_eq!(get(&agent, &format!("{}/sandbox/nothing", sandbox.origin())).status, 404);
}

#[test]
fn tls() {
    let sandbox = Sandbox::start(Options { tls: true, ..Options::default() }).unwrap();
    assert!(sandbox.issuer().starts_with("https://127.0.0.1:"));
    let plain = agent();
    let url = format!("{}/.well-known/openid-configuration", sandbox.issuer());
    assert!(plain.get(&url).call().is_err(), "nobody trusts it unasked");
    let pem = sandbox.ca_pem().unwrap();
    let authority = ureq::tls::Certificate::from_pem(pem.as_bytes()).unwrap();
    let roots = ureq::tls::RootCerts::new_with_certs(&[authority]);
    let trusting: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(120)))
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build())
        .build()
        .into();
    assert_eq!(get(&trusting, &url).json["issuer"], sandbox.issuer());
    let by_name = url.replace("127.0.0.1", "localhost");
    assert!(get(&trusting, &by_name).json["issuer"].as_str().unwrap().starts_with("https://localhost:"));
}

#[test]
fn a_sandbox_stops() {
    let sandbox = start();
    let address = sandbox.origin().replace("http://", "");
    let mut sign_in = SignIn::begin(&sandbox, "app-password");
    sign_in.identify("ada");
    drop(sign_in);
    sandbox.stop();
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn worlds_that_make_no_sense() {
    for (text, word) in [
        ("nonsense = 1", "nonsense"),
        ("[[clients]]\nid = \"a\"\npolicy.stages = []", "without stages"),
        ("[[clients]]\nid = \"a\"\n[[clients.policy.stages]]\nany = []", "satisfy"),
        ("[[clients]]\nid = \"a\"\n[[clients.policy.stages]]\nany = [\"okta_nonsense\"]", "okta_nonsense"),
        ("[[clients]]\nid = \"a\"\n[[clients.policy.stages]]\nany = [\"okta_email:push\"]", "push"),
        (
            "[[clients]]\nid = \"a\"\npolicy.identify = \"one_form\"\n[[clients.policy.stages]]\nany = [\"okta_email\"]",
            "first",
        ),
        ("[[users]]\nlogin = \"a\"\n[[users]]\nlogin = \"A\"", "twice"),
        ("[[users]]\nlogin = \"a\"\nenrollments = [{ type = \"google_otp\", secret = \"1\" }]", "Base32"),
        ("[lifetimes]\npasscode = -1", "passcode"),
    ] {
        let error = World::from_toml(text).unwrap_err().to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
    let world = World::from_toml("[lifetimes]\npasscode = 0.5\ntransaction = 60").unwrap();
    assert_eq!(world.lifetimes.passcode, Duration::from_millis(500));
}

#[test]
fn the_readme_shows_a_world_and_its_defaults() {
    let readme = include_str!("../README.md");
    let block = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let shown = World::from_toml(block).unwrap();
    let default = World::default();
    assert_eq!(format!("{:?}", shown.lifetimes), format!("{:?}", default.lifetimes));
    assert_eq!(format!("{:?}", shown.limits), format!("{:?}", default.limits));
    assert_eq!(format!("{:?}", shown.password), format!("{:?}", default.password));
    assert_eq!(format!("{:?}", shown.org), format!("{:?}", default.org));
    assert_eq!(shown.clients[0].policy.stages.len(), 2);
}

#[test]
fn devices_get_a_cookie_once() {
    let sandbox = start();
    let agent = agent();
    let url = format!("{}/idp/idx/introspect", sandbox.origin());
    let first = post_json(&agent, &url, &json!({}));
    let cookie = first.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(cookie.starts_with("DT=") && cookie.len() <= 3 + 32);
    let again = read(agent.post(&url).header("cookie", format!("a=b; {cookie}")).send("{}").unwrap());
    assert_eq!(again.header("set-cookie"), "");
}

/// The program, ended when the test ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(arguments: &[&str]) -> (Program, Vec<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_interaction-code-sandbox"))
        .args(["--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let program = Program(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    (program, vec![line.trim_end().to_owned()])
}

#[test]
fn the_program_says_where_it_listens() {
    let (_program, lines) = program(&["--fixed-code", "123456", "--auto-approve-push", "0.1", "--log"]);
    let issuer = lines[0].strip_prefix("listening on ").unwrap();
    assert!(issuer.starts_with("http://127.0.0.1:") && issuer.ends_with("/oauth2/default"));
    assert_eq!(discovery(&agent(), issuer)["issuer"], issuer);
}

#[test]
fn the_program_with_tls_writes_its_authority() {
    let file = std::env::temp_dir().join(format!("sandbox-ca-{}.pem", std::process::id()));
    let (_program, lines) = program(&["--tls", "--tls-ca-out", file.to_str().unwrap()]);
    assert!(lines[0].starts_with("listening on https://"));
    let pem = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn the_program_refuses_a_bad_world_and_a_taken_port() {
    let file = std::env::temp_dir().join(format!("sandbox-world-{}.toml", std::process::id()));
    std::fs::write(&file, "nonsense = true").unwrap();
    let taken = start();
    let address = taken.origin().replace("http://", "");
    for arguments in [["--world", file.to_str().unwrap()], ["--listen", &address]] {
        let output = Command::new(env!("CARGO_BIN_EXE_interaction-code-sandbox")).args(arguments).output().unwrap();
        assert!(!output.status.success());
        assert!(output.stdout.is_empty());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.starts_with("interaction-code-sandbox: "), "{text}");
    }
    std::fs::remove_file(&file).unwrap();
}
