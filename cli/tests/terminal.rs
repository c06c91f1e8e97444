//! `sign-in` in a terminal: prompts, hidden input, menus, a QR code that can be scanned, numbers, Ctrl-C.
#![cfg(unix)]

mod support;
mod terminals;

use rexpect::session::PtySession;
use serde_json::Value;
use support::{PASSWORD, sandbox};
use terminals::{answer, command_line, end, line_of, shell, start, until, utf8};

/// The prompt of a list.
const LIST: &str = r"Choose( \[\d+\]| \(Enter: none\))?(, 0 for other ways)?: ";

/// Reads a list to its prompt, and types the number of the line with `label` in it; returns what was read.
fn pick(session: &mut PtySession, label: &str) -> String {
    let (before, _) = session.exp_regex(LIST).unwrap_or_else(|error| panic!("{label}: {error}"));
    let list = utf8(&before);
    let line = list.lines().rfind(|line| line.contains(label) && line.contains(')'));
    let number = line.and_then(|line| line.split(')').next()).map(|start| {
        let digits = start.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>();
        digits.into_iter().rev().collect::<String>()
    });
    session.send_line(&number.unwrap_or_else(|| panic!("no {label}: {list}"))).expect("it is typed");
    list
}

/// User name and password; the question whether to remember the device is left at no.
fn name_and_password(session: &mut PtySession, user: &str) {
    answer(session, "Username: ", &format!("{user}@example.com"));
    answer(session, "Remember this device [y/N]: ", "");
    answer(session, "Password: ", PASSWORD);
}

/// Ends well, with tokens.
fn signed_in(session: PtySession) -> String {
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["outcome"]), (0, &Value::from("success")), "{rest}");
    rest
}

#[test]
fn a_person_signs_in_with_a_mailed_code() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-email", "");
    let mut seen = answer(&mut session, "Username: ", "ada@example.com");
    seen += &answer(&mut session, "Remember this device [y/N]: ", "n");
    seen += &answer(&mut session, "Password: ", "Wrong-1");
    seen += &answer(&mut session, "Password: ", PASSWORD);
    // A list of one is not taken without a word: it sends a mail.
    seen += &answer(&mut session, "Choose [1], 0 for other ways: ", "");
    // Enter alone leads to the ways; again, by its number only.
    seen += &answer(&mut session, "Enter code: ", "");
    seen += &pick(&mut session, "Send the email again");
    seen += &answer(&mut session, "Enter code: ", "123456");
    seen += &signed_in(session);
    assert!(seen.contains("ada@example.com\r\n"), "what is not secret is shown: {seen}");
    assert!(!seen.contains(PASSWORD) && !seen.contains("Wrong-1"), "hidden input is shown: {seen}");
    assert!(seen.contains("\u{1b}[1m\u{1b}[31mERROR"), "an error is red: {seen}");
    assert!(seen.contains("ada@example.com · Ada Example · app-email"), "{seen}");
    assert!(seen.contains("Type the code we sent to a***a@example.com."), "{seen}");
    assert!(seen.contains("Start over") && seen.contains("Check again"), "every way has a number: {seen}");
    assert_eq!(sandbox.outbox().len(), 2, "it was sent again");
}

#[test]
fn a_person_gets_no_json_unless_asked() {
    let sandbox = sandbox();
    let line = command_line(&sandbox, "app-password");
    let mut session = shell(&format!("exec {}", line.replace(" --json", "")));
    name_and_password(&mut session, "ada");
    let (rest, code) = end(session);
    assert_eq!(code, 0, "{rest}");
    assert!(rest.contains("Signed in as ada@example.com.") && !rest.contains('{'), "{rest}");
    assert!(rest.contains("Tokens for openid profile, for 3600 seconds."), "{rest}");
    // The tokens are asked for, and stand in the line.
    let mut session = shell(&format!("exec {}", line.replace(" --json", " --show-tokens")));
    name_and_password(&mut session, "ada");
    assert!(line_of(&end(session).0)["access_token"].is_string());
    // A failure is told in words.
    let mut session = shell(&format!("exec {}", line.replace(" --json", "")));
    until(&mut session, "Username: ");
    session.send_control('c').unwrap();
    let (rest, code) = end(session);
    assert!(code == 130 && rest.contains("interrupted") && !rest.contains('{'), "{rest}");
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
    name_and_password(&mut session, "bob");
    pick(&mut session, "Google");
    let screen = until(&mut session, "ode: ");
    let uri = scan(&screen);
    assert!(uri.starts_with("otpauth://totp/"), "{uri}");
    let secret = uri.split(['?', '&']).find_map(|part| part.strip_prefix("secret=")).expect("a secret");
    let grouped: Vec<&str> = (0..secret.len()).step_by(4).map(|at| &secret[at..secret.len().min(at + 4)]).collect();
    assert!(screen.contains(&grouped.join(" ")), "it can be typed, too: {screen}");
    session.send_line(&totp(secret)).unwrap();
    signed_in(session);
}

#[test]
fn bob_sets_up_okta_verify_by_its_picture() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-push", "");
    name_and_password(&mut session, "bob");
    pick(&mut session, "Okta Verify");
    pick(&mut session, "Scan a picture");
    let screen = until(&mut session, "Enter for other ways");
    assert!(scan(&screen).starts_with("otpauth://"), "{screen}");
    assert!(screen.contains("1.") && screen.contains("Install Okta Verify on your phone."), "{screen}");
    let setup = sandbox.pushes().pop().expect("an app to set up");
    assert!(sandbox.approve(&setup.id));
    signed_in(session);
}

#[test]
fn bob_sets_up_a_phone_and_the_method_is_asked_before_the_number() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-any", "");
    name_and_password(&mut session, "bob");
    pick(&mut session, "Phone");
    pick(&mut session, "Text message");
    // A number without its country is told here, and nothing is sent.
    answer(&mut session, "hone number (optional): ", "5550199");
    let told = answer(&mut session, "hone number (optional): ", "+1 555 0199");
    assert!(told.contains("Start with + and the country code."), "{told}");
    answer(&mut session, "ode: ", "123456");
    signed_in(session);
    assert_eq!(sandbox.outbox().iter().filter(|mail| mail.to.contains("555")).count(), 1);
}

#[test]
fn ada_answers_her_question_unseen() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-any", "");
    name_and_password(&mut session, "ada");
    let list = pick(&mut session, "Security Question");
    assert!(list.contains("Text message — +1 XXX-XXX-0101"), "{list}");
    let seen = answer(&mut session, "child? ", "mushrooms");
    let seen = seen + &signed_in(session);
    assert!(!seen.contains("mushrooms"), "{seen}");
}

#[test]
fn ada_recovers_her_account_by_mail() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-signup", "");
    answer(&mut session, "Username: ", "");
    pick(&mut session, "Forgot your password?");
    answer(&mut session, "Username: ", "ada@example.com");
    pick(&mut session, "Email");
    answer(&mut session, "Enter code: ", "123456");
    // The rules are shown, and what breaks one is told here.
    let seen = answer(&mut session, "New password: ", "short");
    assert!(seen.contains("- Digits: at least 1"), "{seen}");
    answer(&mut session, "(again): ", "short");
    let told = answer(&mut session, "New password: ", "Better-Horse-10");
    assert!(told.contains("ERROR") && told.contains("Length: 8 or more"), "{told}");
    answer(&mut session, "(again): ", "Better-Horse-11");
    let told = answer(&mut session, "New password: ", "Better-Horse-10");
    assert!(told.contains("The two entries differ."), "{told}");
    answer(&mut session, "(again): ", "Better-Horse-10");
    answer(&mut session, "[y/N]: ", "");
    let seen = signed_in(session);
    assert!(!seen.contains("Better-Horse"), "{seen}");
    let resets = |seen: &&interaction_code_sandbox::Seen| seen.path.contains("challenge/answer");
    assert_eq!(sandbox.requests().iter().filter(resets).count(), 2, "the code, and one new password");
}

#[test]
fn somebody_new_signs_up() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-signup", "");
    answer(&mut session, "Username: ", "");
    let list = pick(&mut session, "Create an account");
    assert!(list.contains("Forgot your password?"), "{list}");
    answer(&mut session, "irst name: ", "Grace");
    answer(&mut session, "ast name: ", "Example");
    answer(&mut session, "mail address: ", "grace");
    let told = answer(&mut session, "mail address: ", "grace@example.com");
    assert!(told.contains("This does not look like an email address."), "{told}");
    pick(&mut session, "Password");
    answer(&mut session, "Enter password: ", "Better-Horse-10");
    answer(&mut session, "(again): ", "Better-Horse-10");
    pick(&mut session, "Email");
    answer(&mut session, "Enter code: ", "123456");
    let seen = signed_in(session);
    assert!(seen.contains("grace@example.com") && !seen.contains("Better-Horse"), "{seen}");
}

#[test]
fn a_denied_push_is_not_sent_again() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-push", "");
    name_and_password(&mut session, "ada");
    answer(&mut session, "Choose [1], 0 for other ways: ", "");
    until(&mut session, "Enter for other ways");
    assert!(sandbox.deny(&sandbox.pushes().pop().expect("a push").id));
    let seen = until(&mut session, "Choose: ");
    assert!(seen.contains("The notification was declined or ran out."), "{seen}");
    // Enter alone is no word for it.
    session.send_line("").unwrap();
    let seen = until(&mut session, "Choose: ");
    assert!(seen.contains("Type a number"), "{seen}");
    assert_eq!(sandbox.outbox().len(), 1, "sent again 0 times");
    session.send_control('c').unwrap();
    assert_eq!(end(session).1, 130);
}

#[test]
fn an_expired_password_is_changed_and_an_expiring_one_can_wait() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-password", "");
    name_and_password(&mut session, "carol");
    answer(&mut session, "New password: ", "Better-Horse-10");
    answer(&mut session, "(again): ", "Better-Horse-10");
    answer(&mut session, "[y/N]: ", "");
    signed_in(session);

    let mut session = start(&sandbox, "app-password", "");
    name_and_password(&mut session, "erin");
    let seen = answer(&mut session, "New password: ", "");
    assert!(seen.contains("Days left: 5"), "{seen}");
    pick(&mut session, "Not now");
    signed_in(session);
}

#[test]
fn an_end_is_told_by_its_phrase() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-password", "");
    name_and_password(&mut session, "frank");
    let seen = pick(&mut session, "Leave it at that");
    assert!(seen.contains("You do not have access") && seen.contains("Sign in again"), "{seen}");
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["ending"]["kind"]), (26, &Value::from("denied")), "{rest}");
}

fn totp(secret: &str) -> String {
    let bytes = totp_rs::Secret::try_from_base32(secret).expect("base32");
    totp_rs::Builder::new().with_secret(bytes).build_noncompliant().generate_current().to_string()
}

#[test]
fn a_number_is_shown_and_enter_offers_other_ways() {
    let sandbox = sandbox();
    let mut session = start(&sandbox, "app-push", "");
    name_and_password(&mut session, "ada");
    answer(&mut session, "Choose [1], 0 for other ways: ", "");
    let before = until(&mut session, "Enter for other ways");
    let push = sandbox.pushes().pop().expect("a push");
    let number = push.correct_answer.clone().expect("a number");
    assert!(before.contains("choose the number shown here") && before.contains(&number), "{number}: {before}");
    assert!(before.contains("██"), "it is large: {before}");
    session.send_line("").unwrap();
    let menu = until(&mut session, "Choose [3]: ");
    assert!(menu.contains("Send the notification again") && menu.contains("Start over"), "{menu}");
    session.send_line("").unwrap();
    until(&mut session, "Enter for other ways");
    assert!(sandbox.approve(&push.id));
    signed_in(session);
    assert_eq!(sandbox.outbox().len(), 1, "nothing was sent again");
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
    name_and_password(&mut session, "ada");
    answer(&mut session, "Choose [1], 0 for other ways: ", "");
    until(&mut session, "Enter for other ways");
    session.send_control('c').unwrap();
    // Before anybody approves it, and long before its time is up.
    let (rest, code) = end(session);
    assert_eq!((code, &line_of(&rest)["kind"]), (130, &Value::from("cancelled")), "{rest}");
}
