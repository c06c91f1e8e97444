//! `sign-in --answers`: whole sign-ins against the sandbox, unattended.

mod support;

use serde_json::{Value, json};
use support::{Folder, PASSWORD, Ran, approving_sandbox, finish, program, run, sandbox, sign_in};

fn identify(user: &str) -> Value {
    json!({"remediation": "identify", "values": {"identifier": format!("{user}@example.com")}})
}

fn passcode(code: &str) -> Value {
    json!({"remediation": "challenge-authenticator", "values": {"credentials.passcode": code}})
}

fn select(authenticator: &str) -> Value {
    json!({"remediation": "select-authenticator-authenticate", "values": {"authenticator": authenticator}})
}

fn succeeded(ran: &Ran, requests: u64) -> Value {
    assert_eq!(ran.code, 0, "{ran}");
    let line = ran.json();
    assert_eq!((&line["schema"], &line["outcome"]), (&json!(1), &json!("success")), "{ran}");
    assert_eq!((&line["requests"], &line["key_requests"]), (&json!(requests), &json!(1)), "{ran}");
    assert_eq!(line["subject"], line["claims"]["sub"]);
    assert!(line["expires_at"].as_i64().unwrap() > 1_700_000_000 && line["expires_in"].as_u64().unwrap() > 0);
    assert!(line["scopes"].as_array().unwrap().contains(&json!("openid")));
    line
}

fn failed(ran: &Ran, code: i32, kind: &str) -> Value {
    assert_eq!(ran.code, code, "{ran}");
    let line = ran.json();
    assert_eq!((&line["schema"], &line["outcome"], &line["kind"]), (&json!(1), &json!("error"), &json!(kind)), "{ran}");
    assert_eq!(line["exit_code"], code);
    assert!(!line["text"].as_str().unwrap().is_empty() && line["messages"].is_array(), "{ran}");
    line
}

/// Runs with these answers in a file.
fn answered(arguments: Vec<String>, answers: &Value) -> Ran {
    let folder = Folder::new();
    let file = folder.file("answers.json", &answers.to_string());
    run(arguments.into_iter().chain(["--answers".to_owned(), file]), b"")
}

#[test]
fn a_password() {
    let sandbox = sandbox();
    let ran = answered(sign_in(&sandbox, "app-password", &["--trace"]), &json!([identify("ada"), passcode(PASSWORD)]));
    let line = succeeded(&ran, 5);
    assert_eq!(line["claims"]["aud"], "app-password");
    ran.hides(&[PASSWORD, "access_token", "ada@example.com\",\"credentials"]);
    // Each exchange is a line: the keys once, and no query anywhere.
    let traced: Vec<_> =
        ran.stderr.lines().filter(|line| line.starts_with("POST ") || line.starts_with("GET ")).collect();
    assert_eq!(traced.len(), 6, "{ran}");
    assert!(traced[0].starts_with("POST /oauth2/default/v1/interact 200 ") && traced[0].contains(" ms "), "{ran}");
    assert!(traced.iter().all(|line| !line.contains('?')), "{ran}");
    assert_eq!(sandbox.requests().len(), 6);
}

#[test]
fn one_form_and_the_other_spellings_of_a_path() {
    let sandbox = sandbox();
    for values in [
        json!({"identifier": "ada@example.com", "credentials.passcode": PASSWORD}),
        json!({"identifier": "ada@example.com", "[\"credentials\",\"passcode\"]": PASSWORD, "rememberMe": true}),
        json!({"identifier": "ada@example.com", "credentials": {"passcode": PASSWORD}}),
        json!([{"path": ["identifier"], "value": "ada@example.com"}, {"path": ["credentials", "passcode"], "value": PASSWORD}]),
    ] {
        let ran =
            answered(sign_in(&sandbox, "app-one-form", &[]), &json!([{"remediation": "identify", "values": values}]));
        succeeded(&ran, 4);
        ran.hides(&[PASSWORD]);
    }
}

#[test]
fn a_code_from_a_mail_and_values_from_elsewhere() {
    let sandbox = sandbox();
    let folder = Folder::new();
    let password = folder.file("password", &format!("{PASSWORD}\n"));
    let answers = json!([
        identify("ada"),
        {"remediation": "challenge-authenticator", "values": {"credentials.passcode": {"$file": password}}},
        select("okta_email"),
        {"action": "resend"},
        {"remediation": "challenge-authenticator", "values": {"credentials": {"passcode": {"$env": "TEST_CODE"}}}}
    ]);
    let file = folder.file("answers.json", &answers.to_string());
    let arguments =
        sign_in(&sandbox, "app-email", &["--scope", "openid profile email offline_access", "--answers", &file]);
    let ran = finish(program().args(arguments).env("TEST_CODE", "123456"), b"");
    let line = succeeded(&ran, 8);
    assert_eq!(line["claims"]["email"], "ada@example.com");
    ran.hides(&[PASSWORD]);
    assert_eq!(sandbox.outbox().len(), 2);

    // The answers themselves, and a prompt, by standard input.
    let answers = json!([identify("ada"), passcode(PASSWORD), select("okta_email"), passcode("123456")]);
    let ran = run(sign_in(&sandbox, "app-email", &["--answers", "-"]), answers.to_string().as_bytes());
    succeeded(&ran, 7);
    let answers = json!([identify("ada"), {"remediation": "challenge-authenticator", "values": {"credentials.passcode": {"$prompt": "Password"}}}]);
    let file = folder.file("prompting.json", &answers.to_string());
    let ran = run(sign_in(&sandbox, "app-password", &["--answers", &file]), format!("{PASSWORD}\n").as_bytes());
    succeeded(&ran, 5);
    assert!(ran.stderr.contains("Password: "), "{ran}");
    ran.hides(&[PASSWORD]);
}

#[test]
fn tokens_only_where_they_are_asked_for() {
    let sandbox = sandbox();
    let arguments =
        sign_in(&sandbox, "app-password", &["--scope", "openid", "--scope", "offline_access", "--show-tokens"]);
    let ran = answered(arguments, &json!([identify("ada"), passcode(PASSWORD)]));
    let line = succeeded(&ran, 5);
    for name in ["access_token", "id_token", "refresh_token"] {
        assert!(line[name].as_str().is_some_and(|token| token.len() > 10), "{name}");
    }
    assert!(!ran.stderr.contains(line["access_token"].as_str().unwrap()));
}

#[test]
fn a_confidential_client() {
    let sandbox = sandbox();
    let folder = Folder::new();
    let secret = folder.file("secret", "sandbox-secret\n");
    let answers = folder.file("answers.json", &json!([identify("ada"), passcode(PASSWORD)]).to_string());
    for more in
        [&["--client-secret-file", secret.as_str()][..], &["--client-secret-file", &secret, "--client-auth", "basic"]]
    {
        let arguments = sign_in(&sandbox, "app-web", &[&["--answers", &answers], more].concat());
        let ran = run(arguments, b"");
        succeeded(&ran, 5);
        ran.hides(&["sandbox-secret", PASSWORD]);
    }
    let ran =
        run(sign_in(&sandbox, "app-web", &["--answers", &answers, "--client-secret-file", "-"]), b"sandbox-secret\n");
    succeeded(&ran, 5);
    let wrong =
        run(sign_in(&sandbox, "app-web", &["--answers", &answers, "--client-secret-file", "-"]), b"s3cret-wrong\n");
    let line = failed(&wrong, 40, "oauth");
    assert_eq!((&line["oauth_error"], &line["http_status"]), (&json!("invalid_client"), &json!(401)), "{wrong}");
    wrong.hides(&["s3cret-wrong"]);
    assert!(line["request_id"].is_string(), "{wrong}");
}

#[test]
fn a_push_is_waited_for_and_its_number_shown() {
    let sandbox = approving_sandbox();
    for poll in [json!([]), json!([{"action": "poll"}])] {
        let mut answers = vec![identify("ada"), passcode(PASSWORD), select("okta_verify")];
        answers.extend(poll.as_array().unwrap().clone());
        let ran = answered(sign_in(&sandbox, "app-push", &[]), &Value::from(answers));
        assert_eq!(ran.code, 0, "{ran}");
        let push = sandbox.outbox().pop().unwrap();
        let number = push.correct_answer.unwrap();
        assert!(ran.stderr.lines().any(|line| line.trim() == number), "{number}: {ran}");
        assert!(!ran.stderr.contains("not needed"), "{ran}");
    }
}

#[test]
fn a_wrong_password_is_a_step_and_the_right_one_goes_on() {
    let sandbox = sandbox();
    let ran = answered(
        sign_in(&sandbox, "app-password", &[]),
        &json!([identify("ada"), passcode("Wrong-1"), passcode(PASSWORD)]),
    );
    succeeded(&ran, 6);
    assert!(ran.stderr.contains("ERROR "), "{ran}");
    ran.hides(&[PASSWORD, "Wrong-1"]);

    let ran = answered(sign_in(&sandbox, "app-password", &[]), &json!([identify("ada"), passcode("Wrong-1")]));
    let line = failed(&ran, 66, "input_ended");
    assert!(line["messages"][0]["key"].is_string(), "{ran}");
    assert_eq!((&line["http_status"], &line["answer"]), (&json!(401), &json!(2)), "{ran}");
    assert!(line["step"]["remediations"].as_array().unwrap().contains(&json!("challenge-authenticator")), "{ran}");
    assert!(ran.stderr.contains("challenge-authenticator"), "{ran}");
    ran.hides(&["Wrong-1"]);
}

#[test]
fn answers_that_do_not_fit_are_named() {
    let sandbox = sandbox();
    let ran = answered(
        sign_in(&sandbox, "app-password", &[]),
        &json!([{"remediation": "enroll-profile", "values": {"x": "s3cret"}}]),
    );
    let line = failed(&ran, 65, "not_found");
    assert_eq!(line["answer"], 1);
    assert!(
        ran.stderr.contains("answer 1:") && ran.stderr.contains("identify") && ran.stderr.contains("enroll-profile"),
        "{ran}"
    );
    ran.hides(&["s3cret"]);

    let ran = answered(
        sign_in(&sandbox, "app-password", &[]),
        &json!([{"remediation": "identify", "values": {"passcode": "s3cret"}}]),
    );
    let line = failed(&ran, 65, "invalid_answer");
    assert_eq!(line["problems"][0]["path"], "passcode");
    ran.hides(&["s3cret"]);

    let ran = answered(sign_in(&sandbox, "app-password", &[]), &json!([{"remediation": "identify"}]));
    assert_eq!(failed(&ran, 65, "invalid_answer")["problems"][0]["path"], "identifier");

    let ran = answered(sign_in(&sandbox, "app-password", &[]), &json!([{"action": "resend"}]));
    failed(&ran, 65, "not_found");

    let before = sandbox.requests().len();
    // What the environment does not have is told before anything is sent, whichever answer it is for.
    let late = json!([identify("ada"), {"remediation": "challenge-authenticator", "values": {"credentials": {"passcode": {"$env": "NOT_THERE"}}}}]);
    let ran = answered(sign_in(&sandbox, "app-password", &[]), &late);
    failed(&ran, 64, "usage");
    assert!(ran.stderr.contains("answer 2: ") && ran.stderr.contains("NOT_THERE"), "{ran}");
    for (answers, part) in [
        ("{", "not JSON"),
        (r#"[{"action":"dance"}]"#, "answer 1"),
        (r#"[{"remediation":"identify","values":{"identifier":{"$outbox":"x"}}}]"#, "$outbox"),
    ] {
        let ran = run(sign_in(&sandbox, "app-password", &["--answers", "-"]), answers.as_bytes());
        failed(&ran, 65, "bad_input");
        assert!(ran.stderr.contains(part), "{ran}");
    }
    assert_eq!(sandbox.requests().len(), before, "nothing is sent for a file that cannot be used");
}

#[test]
fn endings_have_their_codes() {
    let sandbox = sandbox();
    let ran = answered(sign_in(&sandbox, "app-unknown", &[]), &json!([]));
    failed(&ran, 40, "oauth");

    let ran = answered(sign_in(&sandbox, "app-password", &[]), &json!([identify("frank"), passcode(PASSWORD)]));
    let line = failed(&ran, 26, "terminal");
    assert!(line["messages"][0]["key"].as_str().unwrap().contains("assigned"), "{ran}");
    assert_eq!((&line["ending"]["kind"], &line["ending"]["good"]), (&json!("denied"), &json!(false)), "{ran}");
    assert!(ran.stderr.contains("You do not have access"), "{ran}");

    let ran = answered(sign_in(&sandbox, "app-password", &[]), &json!([identify("ada"), {"action": "cancel"}]));
    failed(&ran, 55, "cancelled");

    let nowhere = ["sign-in", "--issuer", "http://127.0.0.1:9/oauth2/default", "--client-id", "x", "--answers", "-"];
    let ran = run(nowhere, b"[]");
    failed(&ran, 50, "offline");

    let ran = run(["sign-in", "--issuer", "http://login.example.com", "--client-id", "x", "--answers", "-"], b"[]");
    failed(&ran, 64, "invalid_argument");

    let ran = answered(
        sign_in(&sandbox, "app-push", &["--timeout", "2"]),
        &json!([identify("ada"), passcode(PASSWORD), select("okta_verify")]),
    );
    failed(&ran, 54, "timeout");

    // Given, the way on from an end is taken.
    let answers =
        json!([identify("frank"), passcode(PASSWORD), {"action": "restart"}, identify("ada"), passcode(PASSWORD)]);
    let ran = answered(sign_in(&sandbox, "app-password", &[]), &answers);
    assert_eq!((ran.code, &ran.json()["outcome"]), (0, &json!("success")), "{ran}");
}

#[test]
fn a_sign_in_is_saved_and_taken_up_again() {
    let sandbox = sandbox();
    let folder = Folder::new();
    let saved = folder.path("saved.json");
    let saved = saved.to_str().unwrap();
    let ran = answered(
        sign_in(&sandbox, "app-email", &["--save-on-exit", saved]),
        &json!([identify("ada"), passcode(PASSWORD)]),
    );
    failed(&ran, 66, "input_ended");
    let text = std::fs::read_to_string(saved).unwrap();
    assert!(!text.contains(PASSWORD));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(saved).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let ran = answered(
        sign_in(&sandbox, "app-email", &["--resume", saved]),
        &json!([select("okta_email"), passcode("123456")]),
    );
    assert_eq!((ran.code, &ran.json()["outcome"]), (0, &json!("success")), "{ran}");
    assert!(!std::path::Path::new(saved).exists(), "a snapshot is of no use after success");

    let other = folder.file("other.json", &text);
    let ran = answered(sign_in(&sandbox, "app-password", &["--resume", &other]), &json!([]));
    failed(&ran, 65, "invalid_snapshot");
}

#[test]
fn tls_with_a_root_of_ones_own() {
    let options = interaction_code_sandbox::Options { tls: true, ..Default::default() };
    let sandbox = interaction_code_sandbox::Sandbox::start(options).unwrap();
    let folder = Folder::new();
    let root = folder.file("root.pem", &sandbox.ca_pem().unwrap());
    let answers = json!([identify("ada"), passcode(PASSWORD)]);
    for option in ["--extra-root", "--pinned-roots"] {
        succeeded(&answered(sign_in(&sandbox, "app-password", &[option, &root]), &answers), 5);
    }
    failed(&answered(sign_in(&sandbox, "app-password", &[]), &answers), 51, "tls");
}

#[test]
fn secrets_do_not_come_by_arguments_and_open_files_are_mentioned() {
    let sandbox = sandbox();
    let ran = answered(sign_in(&sandbox, "app-password", &["--proxy", "http://user:s3cret@127.0.0.1:9"]), &json!([]));
    failed(&ran, 64, "usage");
    assert!(ran.stderr.contains("--proxy-file"), "{ran}");
    ran.hides(&["s3cret"]);
    // Through the file it is used: the proxy is not there.
    let folder = Folder::new();
    let proxy = folder.file("proxy", "http://user:s3cret@127.0.0.1:9\n");
    let ran = answered(sign_in(&sandbox, "app-password", &["--proxy-file", &proxy]), &json!([]));
    assert!([50, 52].contains(&ran.code), "{ran}");
    ran.hides(&["s3cret"]);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let answers = folder.file("answers.json", &json!([identify("ada"), passcode(PASSWORD)]).to_string());
        std::fs::set_permissions(&answers, std::fs::Permissions::from_mode(0o644)).unwrap();
        let ran = run(sign_in(&sandbox, "app-password", &["--answers", &answers]), b"");
        succeeded(&ran, 5);
        assert!(ran.stderr.contains("WARNING others on this machine can read"), "{ran}");
    }
}

#[test]
fn questions_are_answered_by_lines_and_an_early_end_is_an_error() {
    let sandbox = sandbox();
    // User name and password, a line each; what can be left out is not asked of nobody.
    let ran = run(sign_in(&sandbox, "app-password", &[]), format!("ada@example.com\n{PASSWORD}\n").as_bytes());
    succeeded(&ran, 5);
    assert!(!ran.stderr.contains("Remember"), "{ran}");
    assert!(ran.stderr.contains("Username") && !ran.stderr.contains('\u{1b}'), "{ran}");
    ran.hides(&[PASSWORD]);
    // A name that is known already is not asked: the line is the password's.
    let ran = run(sign_in(&sandbox, "app-password", &["--login-hint", "ada@example.com"]), PASSWORD.as_bytes());
    succeeded(&ran, 5);
    let names: Vec<_> = sandbox.requests().iter().map(|seen| seen.path.clone()).collect();
    assert!(!ran.stderr.contains("Username"), "{names:?}: {ran}");
    let ran = run(sign_in(&sandbox, "app-password", &[]), b"ada@example.com\n");
    failed(&ran, 66, "input_ended");
    let ran = run(sign_in(&sandbox, "app-password", &[]), b"");
    failed(&ran, 66, "input_ended");
}

/// What others on the machine can see of a program while it runs: arguments and environment.
#[cfg(target_os = "linux")]
#[test]
fn nothing_secret_is_seen_of_the_running_program() {
    use std::{io::Write as _, process::Stdio};
    let sandbox = sandbox();
    let mut child = program()
        .args(sign_in(&sandbox, "app-email", &[]))
        .env("PLANTED", "planted-leak")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // User name, password, the only authenticator.
    write!(stdin, "ada@example.com\n{PASSWORD}\n1\n").unwrap();
    let started = std::time::Instant::now();
    while sandbox.outbox().is_empty() {
        assert!(started.elapsed().as_secs() < 300, "no mail came");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mut seen = Vec::new();
    for name in ["cmdline", "environ"] {
        seen.extend(std::fs::read(format!("/proc/{}/{name}", child.id())).unwrap());
    }
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains("planted-leak") && seen.contains("app-email"), "the test itself sees what is there");
    assert!(!seen.contains(PASSWORD));
    writeln!(stdin, "123456").unwrap();
    drop(stdin);
    let ran = support::ran(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{ran}");
}
