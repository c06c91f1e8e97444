//! Signals: a stop at a hidden question, an end by each signal, and what stays ignored.
#![cfg(unix)]

mod support;
mod terminals;

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::{fd::OwnedFd, unix::process::CommandExt as _},
    process::{Child, Command, Stdio},
};

use interaction_code_sandbox::Sandbox;
use nix::{
    fcntl::{FcntlArg, FdFlag, fcntl},
    pty::openpty,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rexpect::session::PtySession;
use serde_json::Value;
use support::{Folder, PASSWORD, program, sandbox, sign_in};
use terminals::{answer, as_a_terminal_starts_it, command_line, end, line_of, shell, until};

/// Up to the question for the password, in a shell that controls jobs; and the number of the process.
fn at_the_password(sandbox: &Sandbox, before: &str, afterwards: &str) -> (PtySession, i32) {
    let line = command_line(sandbox, "app-password");
    let mut session = shell(&format!("{before}; ulimit -c 0; set -m; sh -c 'echo pid=$$; exec {line}'; {afterwards}"));
    let (_, pid) = session.exp_regex(r"pid=\d+\r").expect("the number of the process");
    answer(&mut session, "Username: ", "ada@example.com");
    answer(&mut session, "Remember this device [y/N]: ", "");
    until(&mut session, "Password: ");
    (session, pid.trim()["pid=".len()..].parse().expect("a number"))
}

fn tell(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).expect("it runs");
}

/// The end of a sign-in that was stopped on the way, with tokens and nothing shown that is hidden.
fn signs_in(mut session: PtySession) {
    session.send_line(PASSWORD).unwrap();
    let (rest, _) = end(session);
    assert_eq!(line_of(&rest)["outcome"], "success", "{rest}");
    assert!(rest.contains("code=0"), "{rest}");
    assert!(!rest.contains(PASSWORD), "hidden input is shown: {rest}");
}

#[test]
fn stopped_at_a_hidden_question_the_terminal_shows_what_is_typed_and_hides_it_again_afterwards() {
    let sandbox = sandbox();
    let (mut session, _) = at_the_password(&sandbox, ":", "stty -a; echo typed=; read typed; fg; echo code=$?");
    // What was typed before is forgotten, as the terminal does it.
    session.send("Half-a-pass").unwrap();
    session.flush().unwrap();
    session.send_control('z').unwrap();
    let stopped = until(&mut session, "typed=");
    assert!(stopped.contains(" echo ") && !stopped.contains("-echo "), "{stopped}");
    session.send_line("seen-by-the-shell").unwrap();
    until(&mut session, "seen-by-the-shell");
    // The prompt is there again, and the password is not shown.
    until(&mut session, "Password: ");
    signs_in(session);
}

#[test]
fn stopped_twice_and_kept_in_the_background_it_leaves_the_terminal_to_the_shell() {
    let sandbox = sandbox();
    let folder = Folder::new();
    let jobs = folder.path("jobs");
    let stopped = format!("jobs >{0}; until grep -q Stopped {0}; do jobs >{0}; done", jobs.display());
    let background = format!("fg; bg; {stopped}; stty -a; echo typed=; read typed; fg; echo code=$?");
    let (mut session, _) = at_the_password(&sandbox, ":", &background);
    session.send_control('z').unwrap();
    until(&mut session, "Password: ");
    session.send_control('z').unwrap();
    // In the background it reads, is stopped for that, and has changed nothing.
    let stopped = until(&mut session, "typed=");
    assert!(stopped.contains(" echo ") && !stopped.contains("-echo "), "{stopped}");
    session.send_line("seen-by-the-shell").unwrap();
    until(&mut session, "Password: ");
    signs_in(session);
}

#[test]
fn stopped_by_what_cannot_be_caught_it_hides_again() {
    let sandbox = sandbox();
    let (mut session, pid) = at_the_password(&sandbox, ":", "stty echo; echo typed=; read typed; fg; echo code=$?");
    tell(pid, Signal::SIGSTOP);
    until(&mut session, "typed=");
    session.send_line("").unwrap();
    until(&mut session, "Password: ");
    signs_in(session);
}

#[test]
fn a_stop_that_the_system_refuses_leaves_it_hidden() {
    let sandbox = sandbox();
    // Nobody could let the leader of a session go on.
    let mut session = shell(&format!("exec {}", command_line(&sandbox, "app-password")));
    answer(&mut session, "Username: ", "ada@example.com");
    answer(&mut session, "Remember this device [y/N]: ", "");
    until(&mut session, "Password: ");
    session.send_control('z').unwrap();
    // A second prompt would be a stop after all; the terminal throws away what is typed before it has seen the key.
    session.send_line("Wrong-1").unwrap();
    let seen = until(&mut session, "Password: ");
    session.send_line(PASSWORD).unwrap();
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["outcome"]), (0, &Value::from("success")), "{rest}");
    assert!(!seen.contains("Wrong-1") && !rest.contains(PASSWORD), "hidden input is shown: {seen}{rest}");
}

/// Starts it with a pipe that stays open, sends it `signal` at the password, and returns its exit code and line.
fn ended_by(signal: &str, start: impl Fn(&mut Command)) -> (Option<i32>, Value) {
    let sandbox = sandbox();
    let folder = Folder::new();
    let saved = folder.path("saved.json");
    let mut command = program();
    command.args(sign_in(&sandbox, "app-password", &["--save-on-exit", saved.to_str().unwrap()]));
    start(&mut command);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"ada@example.com\n").unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Username") {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "it ended");
    }
    // The password's prompt has no end of line.
    let mut seen = Vec::new();
    while !seen.ends_with(b"Password: ") {
        let mut one = [0];
        stderr.read_exact(&mut one).expect("it asks");
        seen.extend(one);
    }
    let told = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(saved.exists(), "it was saved before the end: {rest}");
    drop(stdin);
    (output.status.code(), serde_json::from_slice(&output.stdout).expect("a line"))
}

#[test]
fn each_signal_has_its_exit_code() {
    for (signal, code) in [("HUP", 129), ("INT", 130), ("TERM", 143)] {
        let (ended, line) = ended_by(signal, as_a_terminal_starts_it);
        assert_eq!(ended, Some(code), "{signal}: {line}");
        assert_eq!((&line["kind"], &line["exit_code"]), (&Value::from("cancelled"), &Value::from(code)), "{signal}");
    }
}

#[test]
fn what_was_ignored_at_the_start_stays_ignored() {
    let sandbox = sandbox();
    let (mut session, pid) = at_the_password(&sandbox, "trap '' HUP", "echo code=$?");
    tell(pid, Signal::SIGHUP);
    session.send_line(PASSWORD).unwrap();
    let (rest, _) = end(session);
    assert!(rest.contains("code=0"), "{rest}");
}

#[test]
fn the_terminal_is_as_before_after_each_signal() {
    for (signal, code) in [(Signal::SIGHUP, 129), (Signal::SIGTERM, 143), (Signal::SIGQUIT, 131)] {
        let sandbox = sandbox();
        let (session, pid) = at_the_password(&sandbox, ":", "echo code=$?; stty -a");
        tell(pid, signal);
        let (rest, _) = end(session);
        assert!(rest.contains(&format!("code={code}")), "{signal}: {rest}");
        assert!(rest.contains(" echo ") && !rest.contains("-echo "), "{signal}: {rest}");
    }
}

#[test]
fn a_terminal_that_has_gone_ends_it_with_the_sign_in_saved() {
    let sandbox = sandbox();
    let folder = Folder::new();
    let saved = folder.path("saved.json");
    let mut command = program();
    command.args(sign_in(&sandbox, "app-password", &["--json", "--save-on-exit", saved.to_str().unwrap()]));
    let (terminal, mut child) = in_a_terminal_of_its_own(&mut command);
    let mut terminal = File::from(terminal);
    for (prompt, answer) in [("Username: ", "ada@example.com\n"), ("[y/N]: ", "\n"), ("Password: ", "")] {
        let mut seen = Vec::new();
        while !seen.ends_with(prompt.as_bytes()) {
            let mut one = [0];
            terminal.read_exact(&mut one).expect("it asks");
            seen.extend(one);
        }
        terminal.write_all(answer.as_bytes()).expect("it is typed");
    }
    drop(terminal);
    assert_eq!(child.wait().expect("it ends").code(), Some(129));
    assert!(saved.exists());
}

/// Starts it as the leader of a session; gives the other side of its terminal, which rexpect would not let go of.
#[allow(unsafe_code)]
fn in_a_terminal_of_its_own(command: &mut Command) -> (OwnedFd, Child) {
    let pty = openpty(None, None).expect("a terminal");
    for one in [&pty.master, &pty.slave] {
        fcntl(one, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).expect("it is open");
    }
    let side = || pty.slave.try_clone().expect("it is open");
    as_a_terminal_starts_it(command);
    let take_it = || {
        nix::unistd::setsid()?;
        // SAFETY: it takes no pointer.
        nix::errno::Errno::result(unsafe { nix::libc::ioctl(0, nix::libc::TIOCSCTTY, 0) })?;
        Ok(())
    };
    // SAFETY: between fork and exec only system calls are made.
    unsafe { command.pre_exec(take_it) };
    let child = command.stdin(side()).stdout(side()).stderr(side()).spawn().expect("it starts");
    // The command keeps its side; the last one that the program has must be its own.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    (pty.master, child)
}
