//! The example of Rust, used as a person uses it: at the keyboard, with a mistyped password.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::common::{REDIRECT_URI, sandbox};

/// Built with the tests, as a rule; who runs this program of tests alone has it built here.
fn example() -> PathBuf {
    let folder =
        env::current_exe().expect("the test is a file").parent().and_then(|deps| deps.parent()).unwrap().to_owned();
    let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--example", "sign_in"]).status();
    assert!(built.expect("cargo runs").success(), "the example builds");
    folder.join("examples").join("sign_in").with_extension(env::consts::EXE_EXTENSION)
}

#[test]
fn the_example_signs_in_after_a_mistyped_password() {
    let sandbox = sandbox();
    let mut command = Command::new(example());
    command.args([&sandbox.issuer(), "app-password", REDIRECT_URI]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the example runs");
    // Name, no to "Remember this device", the suggested way, a password; the suggested way, the password.
    let typed = "ada@example.com\n\n\nWrong-Horse-1\n\nCorrect-Horse-9\n";
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    for line in ["Sign in", "Enter your password", "! Password is incorrect"] {
        assert!(printed.lines().any(|printed| printed == line), "no {line}: {printed}");
    }
    let signed_in = printed.lines().last().and_then(|line| line.strip_prefix("signed in: "));
    assert!(signed_in.is_some_and(|subject| !subject.is_empty()), "{printed}");
}
