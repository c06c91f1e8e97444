//! Unattended sign-ins against the sandbox: each row of the table of outcomes, the fact about the password, how many
//! passwords the sandbox counted, and that what was given up is cancelled there.

use std::{cell::RefCell, net::TcpListener, time::Duration};

use interaction_code::{
    Call, Client, CodeRequest, Credentials, NewPasswordRequest, Prompts, Report, Result, Secret, Wait, Waiting,
    screen::{Outcome, PasswordFact},
};
use interaction_code_sandbox::{Fault, FaultKind, Options, Sandbox};

use crate::common::{PASSWORD, call, client, client_at, email, sandbox, start, world};

use Outcome::*;
use PasswordFact::*;

fn verify(sandbox: &Sandbox, client_id: &str, user: &str, password: &str) -> Report {
    let report = client(sandbox, client_id).verify_password(&Credentials::new(email(user), password), &call());
    shows_no_secret(&report, password);
    report
}

fn shows_no_secret(report: &Report, password: &str) {
    let line = report.to_json();
    assert!(!line.contains('\n') && line.starts_with(r#"{"schema":1,"outcome":"#), "{line}");
    let shown = format!("{line} {report:?} {}", report.text());
    assert!(password.is_empty() || !shown.contains(password), "{shown}");
    assert!(!shown.contains("02."), "a state handle: {shown}");
}

fn cancels(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|seen| seen.path == "/idp/idx/cancel").count()
}

#[test]
fn a_password_is_judged_and_the_outcome_is_that_of_the_table() {
    let sandbox = sandbox();
    #[rustfmt::skip]
    let rows = [
        ("app-password", "ada", PASSWORD, Success, Verified, 1),
        ("app-one-form", "ada", PASSWORD, Success, Verified, 1),
        ("app-password", "ada", "nonsense", PasswordWrong, Wrong, 1),
        ("app-one-form", "ada", "nonsense", PasswordWrong, Wrong, 1),
        ("app-password", "nobody", PASSWORD, PasswordWrong, NotEvaluated, 0),
        ("app-one-form", "nobody", PASSWORD, PasswordWrong, Wrong, 1),
        ("app-password", "ada", "", PasswordWrong, NotEvaluated, 0),
        ("app-password", "carol", PASSWORD, PasswordExpired, Verified, 1),
        ("app-password", "mona", PASSWORD, PasswordManagedElsewhere, Verified, 1),
        ("app-password", "mila", PASSWORD, PasswordManagedElsewhere, Verified, 1),
        ("app-password", "erin", PASSWORD, Success, Verified, 1),
        ("app-lockout", "dan", PASSWORD, LockedOut, Unknown, 1),
        ("app-password", "dan", PASSWORD, PasswordWrong, Wrong, 1),
        ("app-email", "ada", PASSWORD, MfaRequired, Verified, 1),
        ("app-email", "ada", "nonsense", PasswordWrong, Wrong, 1),
        ("app-push", "ada", PASSWORD, MfaRequired, Verified, 1),
        ("app-any", "bob", PASSWORD, MfaEnrollRequired, Verified, 1),
        ("app-optional", "bob", PASSWORD, Success, Verified, 1),
        ("app-passwordless", "ada", PASSWORD, MfaRequired, NotEvaluated, 0),
        ("app-code-first", "ada", PASSWORD, MfaRequired, NotEvaluated, 0),
        ("app-unsatisfiable", "bob", PASSWORD, PolicyUnsatisfiable, Unknown, 1),
        ("app-device", "ada", PASSWORD, DeviceNotCompliant, Unknown, 1),
        ("app-password", "frank", PASSWORD, NotAssigned, Unknown, 1),
        ("app-denied", "ada", PASSWORD, AccessDenied, Unknown, 1),
        ("app-expired", "ada", PASSWORD, TransactionExpired, NotEvaluated, 0),
        ("app-terminal", "ada", PASSWORD, Terminal, Unknown, 1),
        ("app-no-policy", "ada", PASSWORD, ClientMisconfigured, NotEvaluated, 0),
        ("app-off", "ada", PASSWORD, ClientMisconfigured, NotEvaluated, 0),
        ("app-nowhere", "ada", PASSWORD, ClientMisconfigured, NotEvaluated, 0),
        ("app-limited", "ada", PASSWORD, RateLimited, NotEvaluated, 0),
    ];
    for (app, user, password, outcome, fact, count) in rows {
        sandbox.reset();
        let report = verify(&sandbox, app, user, password);
        let place = format!("{app} {user} {password:?}: {}", report.to_json());
        assert_eq!((report.outcome, report.password), (outcome, fact), "{place}");
        assert_eq!((sandbox.passwords(), u64::from(report.passwords_sent)), (count, count), "{place}");
        assert!(report.tokens.is_none(), "{place}");
        assert!(sandbox.outbox().is_empty(), "nothing is sent to the person: {place}");
    }
}

#[test]
fn what_was_asked_about_the_password_is_cancelled_at_the_server() {
    let sandbox = sandbox();
    for (app, password) in [("app-password", PASSWORD), ("app-password", "nonsense"), ("app-email", PASSWORD)] {
        sandbox.reset();
        verify(&sandbox, app, "ada", password);
        assert_eq!(cancels(&sandbox), 1, "{app}");
        assert!(sandbox.requests().iter().all(|seen| !seen.path.ends_with("/v1/token")), "no code is redeemed");
    }
}

#[test]
fn an_expiring_password_is_good_and_says_when() {
    let sandbox = sandbox();
    let report = verify(&sandbox, "app-password", "erin", PASSWORD);
    assert_eq!(report.expiring.and_then(|expiry| expiry.days), Some(5));
    assert!(report.to_json().contains(r#""password_expiring":true,"password_expires_in_days":5"#));
    let report = sign_in(&sandbox, "app-password", "erin", &Host::default(), &[]);
    assert_eq!((report.outcome, report.expiring.is_some()), (Success, true), "{}", report.to_json());
}

/// What a host brings in these tests, and what it was told.
#[derive(Default)]
struct Host<'s> {
    sandbox: Option<&'s Sandbox>,
    codes: RefCell<Vec<String>>,
    new_password: Option<&'static str>,
    told: RefCell<Vec<String>>,
    gives_up: bool,
}

impl Prompts for Host<'_> {
    fn code(&self, request: &CodeRequest<'_>) -> Result<Option<Secret>> {
        let key = request.factor.key.clone().unwrap_or_default();
        self.told.borrow_mut().push(format!("code {key} {}", request.attempt));
        if let Some(code) = self.codes.borrow_mut().pop() {
            return Ok(Some(Secret::from(code)));
        }
        Ok(self.sandbox.and_then(|sandbox| sandbox.last_code(&email("ada"))).map(Secret::from))
    }

    fn number(&self, number: &str) -> Result<()> {
        self.told.borrow_mut().push(format!("number {number}"));
        if let Some(sandbox) = self.sandbox {
            let polls = sandbox.requests().iter().filter(|seen| seen.path.ends_with("/challenge/poll")).count();
            self.told.borrow_mut().push(format!("after {polls} polls"));
            let push = sandbox.pushes().pop().expect("a push waits");
            assert!(sandbox.approve_with(&push.id, number), "the number is that of the phone");
        }
        Ok(())
    }

    fn waiting(&self, _: &Waiting<'_>) -> Result<Wait> {
        Ok(if self.gives_up { Wait::Ask } else { Wait::Continue })
    }

    fn new_password(&self, request: &NewPasswordRequest<'_>) -> Result<Option<Secret>> {
        self.told.borrow_mut().push(format!("new password with {} rules", request.rules.len()));
        Ok(self.new_password.map(Secret::from))
    }
}

fn sign_in(sandbox: &Sandbox, client_id: &str, user: &str, host: &Host<'_>, factors: &[&str]) -> Report {
    sign_in_within(&client(sandbox, client_id), user, host, factors, &call())
}

fn sign_in_within(client: &Client, user: &str, host: &Host<'_>, factors: &[&str], call: &Call) -> Report {
    let mut given = Credentials::new(email(user), PASSWORD);
    for factor in factors {
        given = given.factor(factor.parse().expect("a factor"));
    }
    let report = client.authenticate(&given, host, call);
    shows_no_secret(&report, PASSWORD);
    report
}

#[test]
fn a_whole_sign_in_takes_codes_in_any_order_of_the_policy() {
    let sandbox = sandbox();
    for (app, passwords) in [("app-email", 1), ("app-code-first", 1), ("app-passwordless", 0), ("app-any", 1)] {
        sandbox.reset();
        let host = Host { sandbox: Some(&sandbox), ..Host::default() };
        let report = sign_in(&sandbox, app, "ada", &host, &["okta_email"]);
        assert_eq!(report.outcome, Success, "{app}: {}", report.to_json());
        let tokens = report.tokens.as_ref().expect("tokens");
        assert_eq!(tokens.claims.as_ref().and_then(|claims| claims.preferred_username()), Some("ada@example.com"));
        assert_eq!(sandbox.passwords(), passwords, "{app}");
        let fact = if passwords == 1 { Verified } else { NotEvaluated };
        assert_eq!((report.password, cancels(&sandbox)), (fact, 0), "{app}");
        assert_eq!(*host.told.borrow(), ["code okta_email 1"], "{app}");
        assert!(!report.to_json().contains(tokens.access_token.expose()));
    }
}

#[test]
fn nothing_is_sent_to_the_person_unless_the_credentials_name_it() {
    let sandbox = sandbox();
    let report = sign_in(&sandbox, "app-any", "ada", &Host::default(), &[]);
    assert_eq!((report.outcome, report.password), (MfaRequired, Verified));
    let offered: Vec<_> = report.factors.iter().filter_map(|factor| factor.key.as_deref()).collect();
    assert!(offered.contains(&"okta_email") && offered.contains(&"okta_verify"), "{offered:?}");
    assert!(sandbox.outbox().is_empty());
    assert_eq!(cancels(&sandbox), 1);
}

#[test]
fn the_factor_that_is_wanted_most_and_its_method_are_chosen() {
    let sandbox = sandbox();
    let host = Host { sandbox: Some(&sandbox), ..Host::default() };
    sign_in(&sandbox, "app-any", "ada", &host, &["webauthn", "phone_number:voice", "okta_email"]);
    let sent: Vec<_> = sandbox.outbox().iter().map(|mail| format!("{:?} {}", mail.kind, mail.to)).collect();
    assert_eq!(sent, ["Voice +1 555 0100"]);
}

#[test]
fn a_wrong_code_is_asked_for_again_and_the_same_one_is_not_sent_twice() {
    let sandbox = sandbox();
    let host = Host { codes: RefCell::new(vec!["000000".into(), "000000".into()]), ..Host::default() };
    let report = sign_in(&sandbox, "app-email", "ada", &host, &["okta_email"]);
    assert_eq!((report.outcome, report.password), (MfaRequired, Verified), "{}", report.to_json());
    assert_eq!(*host.told.borrow(), ["code okta_email 1", "code okta_email 2"]);
    let answers = sandbox.requests().iter().filter(|seen| seen.path.ends_with("/challenge/answer")).count();
    assert_eq!(answers, 2, "the password and one code");
    assert!(report.to_json().contains("PASSCODE_INVALID"), "{}", report.to_json());
}

#[test]
fn the_number_of_a_push_is_told_before_the_first_poll() {
    let sandbox = sandbox();
    let host = Host { sandbox: Some(&sandbox), ..Host::default() };
    let report = sign_in(&sandbox, "app-push", "ada", &host, &["okta_verify:push"]);
    assert_eq!((report.outcome, report.password), (Success, Verified), "{}", report.to_json());
    let told = host.told.borrow();
    assert_eq!((told.len(), told[1].as_str()), (2, "after 0 polls"), "{told:?}");
}

#[test]
fn pushes_end_as_the_table_says() {
    let world = world(|world| {
        world.client_mut("app-push-short").unwrap().policy.push_lifetime = Some(Duration::from_millis(10));
    });
    let options = Options { world, ..Options::default() };
    let sandbox = start(options);
    let rows = [
        ("app-push", "paul", Success),
        ("app-push", "nora", PushRejected),
        ("app-push-short", "ada", PushExpired),
        ("app-push", "bob", MfaEnrollRequired),
    ];
    for (app, user, outcome) in rows {
        sandbox.reset();
        let report = sign_in(&sandbox, app, user, &Host::default(), &["okta_verify:push"]);
        assert_eq!((report.outcome, report.password), (outcome, Verified), "{app} {user}: {}", report.to_json());
        assert_eq!(sandbox.passwords(), 1, "{app} {user}");
    }
    // Nobody is there to read the number, so nobody could approve it.
    let given = Credentials::new(email("ada"), PASSWORD).factor("okta_verify:push".parse().unwrap());
    let report = client(&sandbox, "app-push").authenticate(&given, &interaction_code::NoPrompts, &call());
    assert_eq!(report.outcome, MfaRequired);
}

#[test]
fn a_push_ends_with_the_hosts_deadline_or_word_and_is_taken_back() {
    let sandbox = sandbox();
    let call = Call::new().timeout(Duration::from_secs(2));
    let app = client(&sandbox, "app-push");
    let report = sign_in_within(&app, "ada", &Host::default(), &["okta_verify:push"], &call);
    assert_eq!((report.outcome, report.password), (TimedOut, Verified), "{}", report.to_json());
    assert_eq!((cancels(&sandbox), sandbox.pushes().len()), (1, 0), "nobody's phone asks any more");
    let host = Host { gives_up: true, ..Host::default() };
    let report = sign_in(&sandbox, "app-push", "ada", &host, &["okta_verify:push"]);
    assert_eq!((report.outcome, cancels(&sandbox), sandbox.pushes().len()), (MfaRequired, 2, 0));
}

#[test]
fn an_expired_password_is_changed_with_a_new_one_that_keeps_the_rules() {
    let sandbox = sandbox();
    let nobody = sign_in(&sandbox, "app-password", "carol", &Host::default(), &[]);
    assert_eq!((nobody.outcome, nobody.password), (PasswordExpired, Verified));
    for bad in ["short", PASSWORD] {
        let host = Host { new_password: Some(bad), ..Host::default() };
        let report = sign_in(&sandbox, "app-password", "carol", &host, &[]);
        assert_eq!((report.outcome, report.password), (PasswordPolicyFailed, Verified), "{bad}");
    }
    let host = Host { new_password: Some("Another-Horse-7"), ..Host::default() };
    let report = sign_in(&sandbox, "app-password", "carol", &host, &[]);
    assert_eq!((report.outcome, report.password), (Success, Verified), "{}", report.to_json());
    assert_eq!(verify(&sandbox, "app-password", "carol", "Another-Horse-7").outcome, Success);
}

#[test]
fn optional_things_are_left_out() {
    let sandbox = sandbox();
    for (app, user) in [("app-optional", "bob"), ("app-password", "mila")] {
        let report = sign_in(&sandbox, app, user, &Host::default(), &[]);
        assert_eq!(report.outcome, Success, "{app} {user}: {}", report.to_json());
    }
}

#[test]
fn a_broken_network_says_whether_the_password_may_have_been_looked_at() {
    let sandbox = sandbox();
    let answer = "/idp/idx/challenge/answer";
    let late = || FaultKind::Delay { ms: 600_000 };
    #[rustfmt::skip]
    let rows = [
        (Fault::new("", FaultKind::Close { after: false }).times(0), Offline, NotEvaluated),
        (Fault::new(answer, FaultKind::Close { after: true }), Offline, Unknown),
        (Fault::new(answer, FaultKind::Reset { after: true }), Offline, Unknown),
        (Fault::new(answer, FaultKind::Truncate { bytes: None }), Offline, Unknown),
        (Fault::new("/oauth2", late()), TimedOut, NotEvaluated),
        (Fault::new(answer, late()), TimedOut, Unknown),
        (Fault::new(answer, FaultKind::Garbage), ProtocolViolation, Unknown),
        (Fault::new(answer, FaultKind::Status { status: 429, retry_after: Some(7), body: None, content_type: None }), RateLimited, NotEvaluated),
        (Fault::new(answer, forbidden()), AccessDenied, Unknown),
        (Fault::new("/oauth2", page()), CaptivePortal, NotEvaluated),
    ];
    for (fault, outcome, fact) in rows {
        sandbox.reset();
        let place = format!("{fault:?}");
        sandbox.faults(vec![fault]);
        // What is late comes minutes after every deadline here. That of the password leaves a busy machine time to come to it.
        let seconds = match (outcome, fact) {
            (TimedOut, NotEvaluated) => 2,
            (TimedOut, _) => 15,
            _ => 120,
        };
        let call = Call::new().timeout(Duration::from_secs(seconds));
        let given = Credentials::new(email("ada"), PASSWORD);
        let report = client(&sandbox, "app-password").verify_password(&given, &call);
        assert_eq!((report.outcome, report.password), (outcome, fact), "{place}: {}", report.to_json());
        assert!(sandbox.passwords() <= 1, "{place}");
        shows_no_secret(&report, PASSWORD);
    }
}

fn forbidden() -> FaultKind {
    let body = Some(r#"{"error":"Forbidden"}"#.to_owned());
    FaultKind::Status { status: 403, retry_after: None, body, content_type: None }
}

fn page() -> FaultKind {
    let (body, content_type) = ("<html>Welcome to the hotel</html>".to_owned(), Some("text/html".to_owned()));
    FaultKind::Body { body, status: None, content_type }
}

#[test]
fn nobody_listening_and_a_certificate_of_nobody_are_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = client_at(&format!("http://{free}/oauth2/default"), "app-password");
    let report = nowhere.verify_password(&Credentials::new(email("ada"), PASSWORD), &call());
    assert_eq!((report.outcome, report.password, report.passwords_sent), (Offline, NotEvaluated, 0));
    let sandbox = start(Options { tls: true, ..Options::default() });
    let report =
        client_at(&sandbox.issuer(), "app-password").verify_password(&Credentials::new("ada", PASSWORD), &call());
    assert_eq!((report.outcome, report.password), (TlsUntrusted, NotEvaluated));
    assert_eq!(verify(&sandbox, "app-password", "ada", PASSWORD).outcome, Success);
}

#[test]
fn a_flow_can_be_kept_and_gone_on_with() {
    let sandbox = sandbox();
    let mut flow = crate::common::start_flow(&client(&sandbox, "app-email"));
    let given = Credentials::new(email("ada"), PASSWORD).factor("okta_email".parse().unwrap());
    let report = flow.authenticate(&given, &Host::default(), &call());
    assert_eq!((report.outcome, report.passwords_sent, cancels(&sandbox)), (MfaRequired, 1, 0));
    let saved = flow.save().unwrap();
    let mut again = client(&sandbox, "app-email").restore(&saved).unwrap();
    let host = Host { sandbox: Some(&sandbox), ..Host::default() };
    let report = again.authenticate(&given, &host, &call());
    assert_eq!((report.outcome, report.passwords_sent, sandbox.passwords()), (Success, 0, 1), "{}", report.to_json());
}

#[test]
fn tokens_that_fail_their_rules_are_no_sign_in() {
    let sandbox = sandbox();
    let (from, to) = (r#""id_token":"ey"#.to_owned(), r#""id_token":"ex"#.to_owned());
    sandbox.faults(vec![Fault::new("*/v1/token", FaultKind::Rewrite { from, to })]);
    let report = sign_in(&sandbox, "app-password", "ada", &Host::default(), &[]);
    assert_eq!((report.outcome, report.password), (TokenInvalid, Verified), "{}", report.to_json());
}
