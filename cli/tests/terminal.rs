//! `sign-in` in a terminal: prompts, hidden input, menus, a QR code that can be scanned, numbers, Ctrl-C.
#![cfg(unix)]

mod support;

use std::{process::Command, time::Duration};

use interaction_code_sandbox::Sandbox;
use rexpect::session::{PtySession, spawn_command};
use serde_json::Value;
use support::{PASSWORD, PROGRAM, program, sandbox, sign_in};

const PATIENCE: u64 = 20_000;

/// Starts the program in a terminal that shows what is typed; rexpect's does not, by itself.
fn start(sandbox: &Sandbox, client: &str, set: &str) -> PtySession {
    shell(&format!("{set} exec {}", command_line(sandbox, client)))
}

/// The program's command line for a shell. Nothing in it needs quoting.
fn command_line(sandbox: &Sandbox, client: &str) -> String {
    format!("{PROGRAM} {}", sign_in(sandbox, client, &[]).join(" "))
}

fn shell(script: &str) -> PtySession {
    let command = program();
    let mut shell = Command::new("sh");
    // The same environment as the other tests have.
    for (name, _) in command.get_envs().filter(|(_, value)| value.is_none()) {
        shell.env_remove(name);
    }
    shell.args(["-c", &format!("stty echo; {script}")]).env("TERM", "xterm-256color");
    spawn_command(shell, Some(PATIENCE)).expect("a shell")
}

/// Waits for `prompt`, then types `answer`; returns what stood before the prompt.
fn answer(session: &mut PtySession, prompt: &str, answer: &str) -> String {
    let before = until(session, prompt);
    session.send_line(answer).expect("it is typed");
    before
}

/// Waits for `text`, and returns what stood before it.
fn until(session: &mut PtySession, text: &str) -> String {
    utf8(&session.exp_string(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

/// rexpect makes one character of each byte.
fn utf8(text: &str) -> String {
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is left to read, and the exit code.
fn end(mut session: PtySession) -> (String, i32) {
    let rest = utf8(&session.exp_eof().expect("the end"));
    let code = match session.process().wait().expect("it ends") {
        rexpect::process::WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}\n{rest}"),
    };
    (rest, code)
}

fn line_of(text: &str) -> Value {
    let line = text.lines().find(|line| line.starts_with("{\"schema\"")).unwrap_or_else(|| panic!("no line: {text}"));
    serde_json::from_str(line.trim()).expect("JSON")
}

#[test]
fn a_person_signs_in_with_a_mailed_code() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-email", "");
    let mut seen = answer(&mut session, "Username: ", "ada@example.com");
    seen += &answer(&mut session, "Remember this device [y/N]: ", "n");
    seen += &answer(&mut session, "Password: ", "Wrong-1");
    seen += &answer(&mut session, "Password: ", PASSWORD);
    // The only authenticator is suggested.
    seen += &answer(&mut session, "Choose [1], 0 to go back: ", "");
    // A choice of ways: the code, again, giving up.
    seen += &answer(&mut session, "Choose [1], 0 to go back: ", "2");
    seen += &answer(&mut session, "Choose [1], 0 to go back: ", "");
    seen += &answer(&mut session, "ode: ", "123456");
    let (rest, code) = end(session);
    seen += &rest;
    assert_eq!(code, 0, "{seen}");
    assert_eq!(line_of(&rest)["outcome"], "success");
    assert!(seen.contains("ada@example.com\r\n"), "what is not secret is shown: {seen}");
    assert!(!seen.contains(PASSWORD) && !seen.contains("Wrong-1"), "hidden input is shown: {seen}");
    assert!(seen.contains("\u{1b}[1m\u{1b}[31mERROR"), "an error is red: {seen}");
    assert!(seen.contains("ada@example.com at"), "{seen}");
    assert_eq!(sandbox.outbox().len(), 2, "it was sent again");
}

#[test]
fn colours_can_be_switched_off() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-password", "NO_COLOR=1");
    let seen = answer(&mut session, "Username: ", "nobody@example.com");
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
    session.send_control('c').unwrap();
}

/// What a phone would read from the letters on the screen.
fn scan(screen: &str) -> String {
    const SCALE: usize = 4;
    let blocks = |line: &&str| line.chars().filter(|c| "█▀▄".contains(*c)).count() > 10;
    let plain = |line: &str| {
        line.replace("\u{1b}[38;5;231;48;5;16m", "").replace("\u{1b}[0m", "").trim_end_matches('\r').to_owned()
    };
    let rows: Vec<Vec<char>> = screen.split('\n').filter(blocks).map(|line| plain(line).chars().collect()).collect();
    let lit = |x: usize, y: usize| {
        let upper = y.is_multiple_of(2);
        rows.get(y / 2).and_then(|row| row.get(x)).is_some_and(|c| *c == '█' || *c == if upper { '▀' } else { '▄' })
    };
    let (width, height) = (rows[0].len() * SCALE, rows.len() * 2 * SCALE);
    let pixel = |x: usize, y: usize| if lit(x / SCALE, y / SCALE) { 255 } else { 0 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
    image.detect_grids().first().expect("a QR code").decode().expect("it can be read").1
}

#[test]
fn bob_sets_up_an_app_by_scanning_the_screen() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-any", "");
    answer(&mut session, "Username: ", "bob@example.com");
    answer(&mut session, "Remember this device [y/N]: ", "");
    answer(&mut session, "Password: ", PASSWORD);
    // The list of what can be set up is the only way, so it is shown at once.
    let list = until(&mut session, "Choose, 0 to go back: ");
    let number = list
        .lines()
        .find(|line| line.contains("Google"))
        .and_then(|line| line.split(')').next()?.chars().rfind(char::is_ascii_digit))
        .unwrap_or_else(|| panic!("no Google Authenticator: {list}"));
    session.send_line(&number.to_string()).unwrap();
    let screen = until(&mut session, "Choose [1], 0 to go back: ");
    let uri = scan(&screen);
    assert!(uri.starts_with("otpauth://totp/"), "{uri}");
    let secret = uri.split(['?', '&']).find_map(|part| part.strip_prefix("secret=")).expect("a secret");
    assert!(screen.contains(secret), "it can be typed, too");
    session.send_line("1").unwrap();
    answer(&mut session, "ode: ", &totp(secret));
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["outcome"]), (0, &Value::from("success")), "{rest}");
}

fn totp(secret: &str) -> String {
    let bytes = totp_rs::Secret::try_from_base32(secret).expect("base32");
    totp_rs::Builder::new().with_secret(bytes).build_noncompliant().generate_current().to_string()
}

#[test]
fn a_number_is_shown_and_enter_offers_other_ways() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-push", "");
    answer(&mut session, "Username: ", "ada@example.com");
    answer(&mut session, "Remember this device [y/N]: ", "");
    answer(&mut session, "Password: ", PASSWORD);
    for _ in ["Okta Verify", "push"] {
        answer(&mut session, "Choose [1], 0 to go back: ", "");
    }
    let before = until(&mut session, " in the app.");
    let push = sandbox.pushes().pop().expect("a push");
    let number = push.correct_answer.clone().expect("a number");
    assert!(before.contains("Choose ") && before.contains(&number), "{number}: {before}");
    assert!(before.contains("██"), "it is large: {before}");
    until(&mut session, "Enter for other ways");
    session.send_line("").unwrap();
    let menu = until(&mut session, "Choose [1], 0 to go back: ");
    assert!(menu.contains("Send it again") && menu.contains("Cancel the sign-in"), "{menu}");
    session.send_line("").unwrap();
    until(&mut session, "Enter for other ways");
    assert!(sandbox.approve(&push.id));
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["outcome"]), (0, &Value::from("success")), "{rest}");
}

#[test]
fn ctrl_c_ends_it_at_once_and_the_terminal_is_as_before() {
    let sandbox = sandbox();
    // At a hidden question; the shell afterwards tells how the terminal was left.
    let line = command_line(&sandbox, "app-password");
    let mut session = shell(&format!("trap : INT; {line}; echo code=$?; stty -a"));
    answer(&mut session, "Username: ", "ada@example.com");
    answer(&mut session, "Remember this device [y/N]: ", "");
    until(&mut session, "Password: ");
    session.send_control('c').unwrap();
    let (rest, _) = end(session);
    assert_eq!(line_of(&rest)["kind"], "cancelled", "{rest}");
    assert!(rest.contains("code=130") && rest.contains(" echo ") && !rest.contains("-echo "), "{rest}");

    // While waiting.
    let mut session = start(&sandbox, "app-push", "");
    answer(&mut session, "Username: ", "ada@example.com");
    answer(&mut session, "Remember this device [y/N]: ", "");
    answer(&mut session, "Password: ", PASSWORD);
    for _ in ["Okta Verify", "push"] {
        answer(&mut session, "Choose [1], 0 to go back: ", "");
    }
    until(&mut session, "Enter for other ways");
    let started = std::time::Instant::now();
    session.send_control('c').unwrap();
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["kind"]), (130, &Value::from("cancelled")), "{rest}");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}
