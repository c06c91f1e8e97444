//! The result of a command: where it goes, what it says whatever failed, and what there is when nobody takes it.

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::{Folder, PASSWORD, REDIRECT, program, ran, run, sandbox, sign_in};

/// Runs a line of the shell, in which `$0` is the program.
#[cfg(unix)]
fn shell(line: &str, arguments: &[String]) -> support::Ran {
    let mut shell = std::process::Command::new("sh");
    for (name, _) in program().get_envs() {
        shell.env_remove(name);
    }
    ran(shell.args(["-c", line, support::PROGRAM]).args(arguments).output().expect("a shell"))
}

#[cfg(unix)]
#[test]
fn without_a_standard_output_nothing_is_begun() {
    let sandbox = sandbox();
    let answers = Folder::new();
    let list = json!([{"remediation": "identify", "values": {"identifier": "ada@example.com"}},
        {"remediation": "challenge-authenticator", "values": {"credentials.passcode": PASSWORD}}]);
    let file = answers.file("answers.json", &list.to_string());
    let arguments = sign_in(&sandbox, "app-password", &["--answers", &file]);
    for arguments in [arguments.clone(), vec!["--help".to_owned()], vec!["inspect".to_owned(), file.clone()]] {
        let ran = shell("exec \"$0\" \"$@\" >&-", &arguments);
        assert_eq!(ran.code, 74, "{ran}");
        assert!(ran.stderr.contains("there is no standard output"), "{ran}");
    }
    assert!(sandbox.requests().is_empty(), "nothing was sent");
    // Nobody takes the result, and says so; or nobody reads what is said.
    let ran = shell("exec \"$0\" \"$@\" >/dev/null", &arguments);
    assert_eq!(ran.code, 0, "{ran}");
    let ran = shell("exec \"$0\" \"$@\" 2>&-", &arguments);
    assert_eq!((ran.code, &ran.json()["outcome"]), (0, &json!("success")), "{ran}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let sandbox = sandbox();
    let input = format!("printf 'ada@example.com\\n{PASSWORD}\\n' | \"$0\" \"$@\" >/dev/full");
    let ran = shell(&input, &sign_in(&sandbox, "app-password", &[]));
    assert_eq!(ran.code, 74, "{ran}");
    assert!(ran.stderr.contains("the result could not be written"), "{ran}");
    assert_eq!(shell("exec \"$0\" --version >/dev/full", &[]).code, 74);
}

#[test]
fn the_members_are_the_same_whatever_failed() {
    let sandbox = sandbox();
    let names = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<BTreeSet<_>>();
    let script = |list: &Value, more: &[&str], client: &str| {
        let folder = Folder::new();
        let file = folder.file("answers.json", &list.to_string());
        run(sign_in(&sandbox, client, &[&["--answers", &file], more].concat()), b"").json()
    };
    let identify =
        |user: &str| json!({"remediation": "identify", "values": {"identifier": format!("{user}@example.com")}});
    let password = json!({"remediation": "challenge-authenticator", "values": {"credentials.passcode": PASSWORD}});
    let offline = ["sign-in", "--issuer", "http://127.0.0.1:9", "--client-id", "x", "--redirect-uri", REDIRECT];
    let lines = [
        ("usage", script(&json!([]), &["--proxy", "http://a:b@127.0.0.1:9"], "app-password")),
        ("bad_input", script(&json!({}), &[], "app-password")),
        ("input_ended", script(&json!([]), &[], "app-password")),
        ("oauth", script(&json!([]), &[], "app-unknown")),
        ("invalid_answer", script(&json!([{"remediation": "identify"}]), &[], "app-password")),
        ("terminal", script(&json!([identify("frank"), password]), &[], "app-password")),
        ("offline", run(offline, b"").json()),
    ];
    for (kind, line) in &lines {
        assert_eq!((&line["kind"], &line["outcome"]), (&json!(kind), &json!("error")), "{line}");
        assert_eq!(names(line), names(&lines[0].1), "{kind}");
        assert!(line["text"].is_string() && line["messages"].is_array() && line["problems"].is_array(), "{line}");
        assert!(line["sent"].is_string() && line["requests"].is_u64() && line["key_requests"].is_u64(), "{line}");
    }
}

#[test]
fn shells_and_the_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(["completions", shell], b"");
        assert_eq!(ran.code, 0, "{ran}");
        assert!(ran.stdout.contains("interaction-code") && ran.stdout.contains("client-secret-file"), "{shell}: {ran}");
    }
    let page = run(["man"], b"");
    assert!(page.code == 0 && page.stdout.contains("Exit codes") && page.stdout.contains("143"), "{page}");
    let page = run(["man", "sign-in"], b"");
    assert!(page.code == 0 && page.stdout.contains("answers file") && page.stdout.contains("SIGTERM"), "{page}");
    assert_eq!(run(["man", "dance"], b"").code, 64);
    let folder = Folder::new();
    let to = folder.path("");
    assert_eq!(run(["man", "--all", to.to_str().unwrap()], b"").code, 0);
    for page in ["interaction-code.1", "interaction-code-sign-in.1", "interaction-code-inspect.1"] {
        assert!(folder.path(page).metadata().unwrap().len() > 500, "{page}");
    }
    assert_eq!(run(["man", "--all", "/nowhere/at/all"], b"").code, 64);
}
