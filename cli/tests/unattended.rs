//! `verify-password` and `authenticate`, the real program against the real sandbox: exit code, JSON, how many passwords the
//! sandbox counted, and no secret in what the program says.
#![cfg(unix)]

mod support;

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use interaction_code_sandbox::{Fault, FaultKind, Options, Sandbox};
use serde_json::Value;

use support::{Folder, PASSWORD, REDIRECT, Ran, finish, program, run};

fn verify(issuer: &str, client: &str, user: &str, more: &[&str], input: &str) -> Ran {
    let start = ["verify-password", "--issuer", issuer, "--client-id", client, "--redirect-uri", REDIRECT];
    run(start.iter().chain(["--username", user].iter()).chain(more), input.as_bytes())
}

fn ends(ran: &Ran, code: i32, outcome: &str, fact: &str) -> Value {
    let line = ran.json();
    assert!(ran.stdout.starts_with(&format!(r#"{{"schema":1,"outcome":"{outcome}","#)), "{ran}");
    assert_eq!(
        (ran.code, line["exit_code"].as_i64(), line["password"].as_str()),
        (code, Some(i64::from(code)), Some(fact)),
        "{ran}"
    );
    ran.hides(&[PASSWORD]);
    line
}

fn start() -> Sandbox {
    let mut options = Options { fixed_code: Some("123456".to_owned()), ..Options::default() };
    options.world.limits.poll_interval_ms = 500;
    Sandbox::start(options).expect("the sandbox starts")
}

#[test]
fn every_row_has_its_exit_code_its_words_and_one_password() {
    let sandbox = start();
    #[rustfmt::skip]
    let rows = [
        ("app-password", "ada", PASSWORD, 0, "success", "verified", 1),
        ("app-password", "ada", "nonsense", 10, "password_wrong", "wrong", 1),
        ("app-password", "carol", PASSWORD, 11, "password_expired", "verified", 1),
        ("app-password", "mona", PASSWORD, 12, "password_managed_elsewhere", "verified", 1),
        ("app-password", "erin", PASSWORD, 0, "success", "verified", 1),
        ("app-lockout", "dan", PASSWORD, 14, "locked_out", "unknown", 1),
        ("app-password", "frank", PASSWORD, 26, "not_assigned", "unknown", 1),
        ("app-email", "ada", PASSWORD, 20, "mfa_required", "verified", 1),
        ("app-push", "ada", PASSWORD, 20, "mfa_required", "verified", 1),
        ("app-any", "bob", PASSWORD, 23, "mfa_enroll_required", "verified", 1),
        ("app-passwordless", "ada", PASSWORD, 20, "mfa_required", "not_evaluated", 0),
        ("app-password", "nobody", PASSWORD, 10, "password_wrong", "not_evaluated", 0),
        ("app-password", "ada", "", 10, "password_wrong", "not_evaluated", 0),
        ("app-one-form", "ada", PASSWORD, 0, "success", "verified", 1),
        ("app-unsatisfiable", "bob", PASSWORD, 24, "policy_unsatisfiable", "unknown", 1),
        ("app-device", "ada", PASSWORD, 25, "device_not_compliant", "unknown", 1),
        ("app-denied", "ada", PASSWORD, 27, "access_denied", "unknown", 1),
        ("app-expired", "ada", PASSWORD, 28, "transaction_expired", "not_evaluated", 0),
        ("app-terminal", "ada", PASSWORD, 29, "terminal", "unknown", 1),
        ("app-limited", "ada", PASSWORD, 30, "rate_limited", "not_evaluated", 0),
        ("app-nowhere", "ada", PASSWORD, 40, "client_misconfigured", "not_evaluated", 0),
        ("app-off", "ada", PASSWORD, 40, "client_misconfigured", "not_evaluated", 0),
        ("app-no-policy", "ada", PASSWORD, 40, "client_misconfigured", "not_evaluated", 0),
    ];
    for (client, user, password, code, outcome, fact, count) in rows {
        sandbox.reset();
        let user = format!("{user}@example.com");
        // What follows the first line goes nowhere.
        let ran = verify(&sandbox.issuer(), client, &user, &[], &format!("{password}\nnot-a-{PASSWORD}\n"));
        let line = ends(&ran, code, outcome, fact);
        assert_eq!(sandbox.passwords(), count, "{client} {user}: {ran}");
        assert_eq!(line["passwords_sent"], count, "{ran}");
        assert_eq!(line["password_expiring"], user.starts_with("erin"), "{ran}");
        assert!(sandbox.outbox().is_empty(), "nothing is sent to the person");
    }
    let erin = verify(&sandbox.issuer(), "app-password", "erin@example.com", &["--quiet"], PASSWORD);
    assert_eq!((&erin.json()["password_expires_in_days"], erin.stderr.as_str()), (&Value::from(5), ""), "{erin}");
}

#[test]
fn what_the_network_does_is_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = verify(&format!("http://{free}/oauth2/default"), "app-password", "ada", &[], PASSWORD);
    ends(&ran, 50, "offline", "not_evaluated");
    let tls = Sandbox::start(Options { tls: true, ..Options::default() }).unwrap();
    ends(&verify(&tls.issuer(), "app-password", "ada", &[], PASSWORD), 51, "tls_untrusted", "not_evaluated");
    let folder = Folder::new();
    let ca = folder.file("ca.pem", &tls.ca_pem().unwrap());
    let trusting = verify(&tls.issuer(), "app-password", "ada@example.com", &["--extra-root", &ca], PASSWORD);
    ends(&trusting, 0, "success", "verified");

    let sandbox = start();
    let late = || FaultKind::Delay { ms: 600_000 };
    let page = FaultKind::Body { body: "<html>".into(), status: None, content_type: Some("text/html".into()) };
    // Seconds: few where the first request waits, so many that a busy machine comes to the password where that waits.
    for (path, kind, seconds, code, outcome, fact) in [
        ("/oauth2", late(), "2", 54, "timeout", "not_evaluated"),
        ("/idp/idx/challenge/answer", late(), "15", 54, "timeout", "unknown"),
        ("/idp/idx/challenge/answer", FaultKind::Reset { after: true }, "60", 50, "offline", "unknown"),
        ("/oauth2", page, "60", 53, "captive_portal", "not_evaluated"),
        ("/idp/idx/challenge/answer", FaultKind::Garbage, "60", 70, "protocol_violation", "unknown"),
    ] {
        sandbox.reset();
        sandbox.faults(vec![Fault::new(path, kind)]);
        let ran = verify(&sandbox.issuer(), "app-password", "ada@example.com", &["--timeout", seconds], PASSWORD);
        ends(&ran, code, outcome, fact);
    }
}

/// A program in a folder.
fn script(folder: &Folder, name: &str, text: &str) -> String {
    let path = folder.file(name, &format!("#!/bin/sh\n{text}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[test]
fn a_whole_sign_in_takes_codes_and_numbers_by_programs() {
    let sandbox = start();
    let folder = Folder::new();
    let code = script(&folder, "code", &format!("echo \"$@\" >> {}\necho 123456", folder.path("asked").display()));
    let number = script(&folder, "number", &format!("echo \"$1\" > {}", folder.path("chosen").display()));
    let tokens = folder.path("tokens.json").display().to_string();
    // The app, the person, options; exit code, outcome, password fact, passwords that arrived.
    type Row<'a> = (&'a str, &'a str, &'a [&'a str], i32, &'a str, &'a str, u64);
    #[rustfmt::skip]
    let rows: [Row; 12] = [
        ("app-password", "ada", &[], 0, "success", "verified", 1),
        ("app-email", "ada", &["--factor", "okta_email"], 0, "success", "verified", 1),
        ("app-email", "ada", &[], 20, "mfa_required", "verified", 1),
        ("app-code-first", "ada", &["--factor", "okta_email"], 0, "success", "verified", 1),
        ("app-passwordless", "ada", &["--factor", "okta_email"], 0, "success", "not_evaluated", 0),
        ("app-push", "paul", &["--factor", "okta_verify:push"], 0, "success", "verified", 1),
        ("app-push", "nora", &["--factor", "okta_verify:push"], 21, "push_rejected", "verified", 1),
        ("app-push-short", "ada", &["--factor", "okta_verify:push"], 22, "push_expired", "verified", 1),
        ("app-any", "bob", &["--factor", "okta_email"], 23, "mfa_enroll_required", "verified", 1),
        ("app-password", "carol", &[], 11, "password_expired", "verified", 1),
        ("app-password", "erin", &[], 0, "success", "verified", 1),
        ("app-password", "frank", &[], 26, "not_assigned", "unknown", 1),
    ];
    for (client, user, factors, status, outcome, fact, count) in rows {
        sandbox.reset();
        let (issuer, user) = (sandbox.issuer(), format!("{user}@example.com"));
        let start =
            ["authenticate", "--issuer", &issuer, "--client-id", client, "--redirect-uri", REDIRECT, "-u", &user];
        let programs = ["--code-program", &code, "--number-program", &number, "--tokens", &tokens];
        let ran = run(start.iter().chain(&programs).chain(factors), PASSWORD.as_bytes());
        let line = ends(&ran, status, outcome, fact);
        assert_eq!(sandbox.passwords(), count, "{client} {user}");
        assert_eq!(line["subject"].is_string(), status == 0, "{ran}");
    }
    let asked = fs::read_to_string(folder.path("asked")).unwrap();
    assert!(asked.lines().all(|line| line.ends_with("okta_email 1")) && asked.lines().count() == 3, "{asked}");
    assert_eq!(fs::read_to_string(folder.path("chosen")).unwrap().trim().len(), 2);
    let held: Value = serde_json::from_str(&fs::read_to_string(&tokens).unwrap()).unwrap();
    assert!(held["access_token"].is_string() && held["id_token"].is_string());
    assert_eq!(fs::metadata(&tokens).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_password_comes_from_a_descriptor_or_a_program_and_never_from_an_argument() {
    let sandbox = start();
    let folder = Folder::new();
    let askpass = script(&folder, "askpass", &format!("echo '{PASSWORD}'"));
    let ran = verify(&sandbox.issuer(), "app-password", "ada@example.com", &["--askpass", &askpass], "wrong\n");
    ends(&ran, 0, "success", "verified");
    let refuses = script(&folder, "refuses", "exit 1");
    let ran = verify(&sandbox.issuer(), "app-password", "ada@example.com", &["--askpass", &refuses], "");
    ends(&ran, 66, "input_ended", "not_evaluated");
    ends(&verify(&sandbox.issuer(), "app-password", "ada@example.com", &[], ""), 66, "input_ended", "not_evaluated");

    let secret = folder.file("password", PASSWORD);
    let issuer = sandbox.issuer();
    let line = format!(
        "exec {} verify-password --issuer {issuer} --client-id app-password --redirect-uri {REDIRECT} -u ada@example.com \
         --password-fd 7 7< {secret}",
        support::PROGRAM
    );
    let mut shell = std::process::Command::new("/bin/sh");
    ends(&finish(shell.args(["-c", &line]), b""), 0, "success", "verified");
    let ran = verify(&issuer, "app-password", "ada@example.com", &["--password", PASSWORD], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "there is no such option");
}

#[test]
fn a_program_that_hangs_ends_with_the_call() {
    let sandbox = start();
    let folder = Folder::new();
    let hangs = script(&folder, "hangs", "exec sleep 600");
    let ran = verify(&sandbox.issuer(), "app-password", "ada", &["--askpass", &hangs, "--timeout", "1"], "");
    ends(&ran, 54, "timeout", "not_evaluated");
}

#[test]
fn settings_come_from_files_and_the_environment_and_each_has_its_source() {
    let sandbox = start();
    let folder = Folder::new();
    let issuer = sandbox.issuer();
    let json = folder.file("acme.json", &format!(r#"{{"issuer": "{issuer}", "client_id": "app-nowhere"}}"#));
    let mut command = program();
    command.args(["verify-password", "--config", &json, "--client-id", "app-password", "-u", "ada@example.com"]);
    let ran = finish(command.env("INTERACTION_CODE_REDIRECT_URI", REDIRECT), PASSWORD.as_bytes());
    ends(&ran, 0, "success", "verified");

    let list = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>OIDCDiscoveryURL</key>
        <string>{issuer}/.well-known/openid-configuration</string><key>OIDCClientID</key><string>app-web</string>
        <key>OIDCRedirectURI</key><string>{REDIRECT}</string><key>OIDCClientSecret</key><string>sandbox-secret</string>
        <key>DenyLocal</key><true/></dict></plist>"#
    );
    let list = folder.file("com.jamf.connect.login.plist", &list);
    let ran = run(["verify-password", "--config", &list, "-u", "ada@example.com"], PASSWORD.as_bytes());
    ends(&ran, 0, "success", "verified");
    assert!(ran.stderr.contains("there is no setting `DenyLocal`"), "{ran}");
    ran.hides(&["sandbox-secret"]);

    let ran = run(["config", "explain", "--json", "--config", &list, "--config", &json], b"");
    let told = ran.json();
    let of = |name: &str| told["settings"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!(
        (of("client_id")["value"].as_str(), of("client_id")["also"][0].as_str()),
        (Some("app-web"), Some(json.as_str()))
    );
    assert_eq!(
        (&of("client_secret")["value"], of("client_secret")["source"].as_str()),
        (&Value::Null, Some(list.as_str()))
    );
    assert_eq!(ran.code, 64, "an unknown name is worth a look: {ran}");
    ran.hides(&["sandbox-secret"]);

    fs::set_permissions(&list, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = run(["verify-password", "--config", &list, "-u", "ada@example.com"], PASSWORD.as_bytes());
    ends(&ran, 64, "usage", "not_evaluated");
    assert!(ran.stderr.contains("chmod 600") && sandbox.passwords() == 2, "{ran}");
}

#[test]
fn the_script_of_the_page_tells_the_rows_apart() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/unattended.md")).unwrap();
    let script = page.split("```sh\n").find(|block| block.starts_with("line=$(")).expect("the script");
    let script = script.split("```").next().unwrap();
    let sandbox = start();
    for (client, user, password, says) in [
        ("app-password", "ada", PASSWORD, "right; nothing else is wanted"),
        ("app-password", "ada", "nonsense", "wrong, or nobody of that name"),
        ("app-password", "carol", PASSWORD, "right, and expired: change it"),
        ("app-lockout", "dan", PASSWORD, "locked"),
        ("app-email", "ada", PASSWORD, "right; the sign-in wants more"),
        ("app-any", "bob", PASSWORD, "right; the sign-in wants more"),
        ("app-passwordless", "ada", PASSWORD, "the policy wants another proof before it looks at the password"),
        ("app-password", "frank", PASSWORD, "denied, whatever the password is"),
        ("app-limited", "ada", PASSWORD, "try again later"),
        ("app-off", "ada", PASSWORD, "the org or the app is not set up: {\"schema\":1,"),
    ] {
        sandbox.reset();
        let folder = Folder::new();
        let issuer = sandbox.issuer();
        let config = format!(r#"{{"issuer": "{issuer}", "client_id": "{client}", "redirect_uri": "{REDIRECT}"}}"#);
        let config = folder.file("acme.json", &config);
        let bin = std::path::Path::new(support::PROGRAM).parent().unwrap().display().to_string();
        let mut shell = std::process::Command::new("/bin/sh");
        shell.args(["-c", script]).current_dir(std::path::Path::new(&config).parent().unwrap());
        shell.env("PATH", format!("{bin}:{}", std::env::var("PATH").unwrap_or_default()));
        shell.env("user", format!("{user}@example.com")).env("password", password);
        let ran = finish(&mut shell, b"");
        assert!(ran.stdout.starts_with(says), "{client} {user}: {ran}");
    }
}
