//! A terminal of its own for the program, by rexpect.
#![allow(dead_code)] // each test file uses its own part of this

use std::process::Command;

use interaction_code_sandbox::Sandbox;
use rexpect::session::{PtySession, spawn_command};
use serde_json::Value;

use crate::support::{PROGRAM, program, sign_in};

/// How long anything may take, in milliseconds: nothing does, whatever the load.
pub const PATIENCE: u64 = 300_000;

/// Starts the program in a terminal that shows what is typed; rexpect's does not, by itself.
pub fn start(sandbox: &Sandbox, client: &str, set: &str) -> PtySession {
    shell(&format!("{set} exec {}", command_line(sandbox, client)))
}

/// The program's command line for a shell, with the line of JSON. Nothing in it needs quoting.
pub fn command_line(sandbox: &Sandbox, client: &str) -> String {
    format!("{PROGRAM} {}", sign_in(sandbox, client, &["--json"]).join(" "))
}

pub fn shell(script: &str) -> PtySession {
    let command = program();
    let mut shell = Command::new("sh");
    // The same environment as the other tests have.
    for (name, _) in command.get_envs().filter(|(_, value)| value.is_none()) {
        shell.env_remove(name);
    }
    shell.args(["-c", &format!("stty echo; {script}")]).env("TERM", "xterm-256color");
    as_a_terminal_starts_it(&mut shell);
    spawn_command(shell, Some(PATIENCE)).expect("a shell")
}

/// Signals do what they do by default, whatever the test was started with: what is ignored stays so in a child.
#[allow(unsafe_code)]
pub fn as_a_terminal_starts_it(command: &mut Command) {
    use nix::sys::signal::{SigHandler, Signal, signal};
    use std::os::unix::process::CommandExt as _;
    let reset = || {
        for one in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM, Signal::SIGTSTP] {
            // SAFETY: no handler is installed.
            unsafe { signal(one, SigHandler::SigDfl) }?;
        }
        Ok(())
    };
    // SAFETY: between fork and exec only signal(2) is called.
    unsafe { command.pre_exec(reset) };
}

/// Waits for `prompt`, then types `answer`; returns what stood before the prompt.
pub fn answer(session: &mut PtySession, prompt: &str, answer: &str) -> String {
    let before = until(session, prompt);
    session.send_line(answer).expect("it is typed");
    before
}

/// Waits for `text`, and returns what stood before it.
pub fn until(session: &mut PtySession, text: &str) -> String {
    utf8(&session.exp_string(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

/// rexpect makes one character of each byte.
pub fn utf8(text: &str) -> String {
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is left to read, and the exit code.
pub fn end(mut session: PtySession) -> (String, i32) {
    let rest = utf8(&session.exp_eof().expect("the end"));
    let code = match session.process().wait().expect("it ends") {
        rexpect::process::WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}\n{rest}"),
    };
    (rest, code)
}

pub fn line_of(text: &str) -> Value {
    let line = text.lines().find(|line| line.starts_with("{\"schema\"")).unwrap_or_else(|| panic!("no line: {text}"));
    serde_json::from_str(line.trim()).expect("JSON")
}
