//! Whole sign-ins over TCP against the sandbox: every client, every user, and the ways in which people get it wrong.

use std::time::Duration;

use crate::common::*;
use interaction_code::{
    Call, Client, ClientAuthentication, ErrorKind, Secret, StartOptions,
    idx::{AuthenticatorKey, StepStatus},
};
use interaction_code_sandbox::Options;

#[test]
fn requests_are_counted_and_the_keys_fetched_once() {
    for (client_id, expected) in [("app-password", 5), ("app-web", 5), ("app-one-form", 4), ("app-email", 7)] {
        let sandbox = sandbox();
        let client = client(&sandbox, client_id);
        let mut flow = start_flow(&client);
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        let tokens = flow.finish(&call()).unwrap();
        assert_eq!(tokens.claims.as_ref().unwrap().email(), Some("ada@example.com"));
        assert_eq!(flow.requests(), expected, "{client_id}");
        // The engine counted the same, and the keys once.
        let seen = sandbox.requests();
        assert_eq!(seen.len() as u64, expected + 1, "{client_id}: {seen:?}");
        let mut again = start_flow(&client);
        Person::new(&sandbox, "ada").go(&mut again).unwrap();
        again.finish(&call()).unwrap();
        assert_eq!(sandbox.requests().len() as u64, 2 * expected + 1, "the keys are fetched once per client");
    }
}

/// How a sign-in of each user ends at each client: the requests it takes to its tokens, or the message it ends with.
enum End {
    Tokens(u64),
    Message(StepStatus, &'static str),
}

fn expected(client_id: &str, user: &str) -> End {
    use End::*;
    let one_more = u64::from(matches!(user, "carol" | "erin"));
    match (client_id, user) {
        ("app-passwordless", "dan") => Message(StepStatus::Terminal, "errors.E0000004"),
        ("app-one-form", "dan") => Message(StepStatus::Identification, "errors.E0000004"),
        (_, "dan") => Message(StepStatus::AuthenticatorVerification, "errors.E0000004"),
        (_, "frank") => Message(StepStatus::Terminal, "idx.error.code.user_not_assigned"),
        ("app-passwordless", _) => Tokens(6),
        ("app-one-form", _) => Tokens(4 + one_more),
        ("app-password" | "app-web", _) => Tokens(5 + one_more),
        (_, _) => Tokens(7 + one_more),
    }
}

#[test]
fn every_user_at_every_client_over_tcp() {
    every_user_at_every_client(false);
}

#[test]
fn every_user_at_every_client_over_tls() {
    every_user_at_every_client(true);
}

fn every_user_at_every_client(tls: bool) {
    for client_id in CLIENTS {
        for user in USERS {
            let approve = Some(Duration::from_millis(100));
            let sandbox = start(Options { tls, auto_approve_push: approve, ..Options::default() });
            let client = client(&sandbox, client_id);
            let mut flow = start_flow(&client);
            let mut person = Person::new(&sandbox, user);
            if client_id == "app-push" {
                person.prefers = AuthenticatorKey::OktaVerify;
            }
            person.go(&mut flow).unwrap_or_else(|error| panic!("{client_id} {user}: {error}"));
            match expected(client_id, user) {
                End::Tokens(requests) => {
                    let tokens = flow.finish(&call()).unwrap_or_else(|error| panic!("{client_id} {user}: {error}"));
                    assert_eq!(tokens.claims.unwrap().email(), Some(email(user).as_str()));
                    assert!(tokens.refresh_token.is_some() && tokens.expires_in.is_some());
                    assert!(flow.requests() >= requests, "{client_id} {user}");
                    if client_id != "app-push" {
                        assert_eq!(flow.requests(), requests, "{client_id} {user}");
                    }
                }
                End::Message(status, key) => {
                    let step = flow.step().unwrap();
                    assert_eq!(
                        (step.status(), message_keys(step)),
                        (status, vec![key.to_owned()]),
                        "{client_id} {user}"
                    );
                    assert_eq!(flow.finish(&call()).unwrap_err().kind(), ErrorKind::InvalidState);
                }
            }
        }
    }
}

#[test]
fn a_wrong_password_is_a_step_and_the_right_one_goes_on() {
    for client_id in ["app-password", "app-one-form", "app-web"] {
        let sandbox = sandbox();
        let client = client(&sandbox, client_id);
        let mut flow = start_flow(&client);
        let wrong = Person { password: "Wrong-Horse-1", ..Person::new(&sandbox, "ada") };
        wrong.go(&mut flow).unwrap();
        let step = flow.step().unwrap();
        assert!(step.has_error() && !step.is_terminal() && step.http_status() >= 400, "{client_id}: {step:?}");
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        flow.finish(&call()).unwrap();
    }
}

#[test]
fn too_many_wrong_passwords_lock_the_account() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    let wrong = Person { password: "Wrong-Horse-1", ..Person::new(&sandbox, "ada") };
    for _ in 0..20 {
        wrong.go(&mut flow).unwrap();
    }
    let mut again = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut again).unwrap();
    assert!(!again.is_complete(), "a locked account stays locked with the right password");
    assert!(again.step().unwrap().has_error());
}

#[test]
fn a_wrong_code_keeps_the_form_and_resend_sends_another() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-email");
    let mut flow = start_flow(&client);
    let person = Person::new(&sandbox, "ada");
    while flow.step().unwrap().current_authenticator().and_then(|a| a.known_key()) != Some(AuthenticatorKey::Email) {
        let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
    }
    let first = person.code();
    let wrong = if first == "000000" { "000001" } else { "000000" };
    let answer = flow.step().unwrap().remediation("challenge-authenticator").unwrap().answer().unwrap();
    let step = flow.proceed(answer.set("credentials.passcode", wrong).unwrap(), &call()).unwrap();
    assert_eq!(message_keys(step), ["api.authn.error.PASSCODE_INVALID"]);
    assert_eq!(step.status(), StepStatus::AuthenticatorVerification);
    let sent = sandbox.outbox().len();
    let step = flow.resend(&call()).unwrap();
    assert_eq!(step.status(), StepStatus::AuthenticatorVerification);
    assert_eq!(sandbox.outbox().len(), sent + 1);
    person.go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
}

#[test]
fn two_phones_are_told_apart_by_their_enrollment() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-any");
    let mut numbers = Vec::new();
    for which in 0..2 {
        let mut flow = start_flow(&client);
        let person = Person::new(&sandbox, "ada");
        while !flow.step().unwrap().offers("select-authenticator-authenticate") {
            let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
            flow.proceed(answer, &call()).unwrap();
        }
        let step = flow.step().unwrap();
        let form = step.remediation("select-authenticator-authenticate").unwrap();
        let field = form.field("authenticator").unwrap();
        let is_phone = |a: interaction_code::idx::Authenticator<'_>| a.known_key() == Some(AuthenticatorKey::Phone);
        let phones: Vec<_> = field.options().filter(|option| option.authenticators().any(is_phone)).collect();
        assert_eq!(phones.len(), 2);
        assert_eq!(phones[0].preset("id"), phones[1].preset("id"), "the ids repeat");
        // By the authenticator's id alone the choice is ambiguous, and says so.
        let id = phones[0].preset("id").unwrap();
        let error = form.answer().unwrap().select_authenticator("authenticator", &id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidAnswer);
        let enrollment = phones[which].preset("enrollmentId").unwrap();
        let answer = form.answer().unwrap().set("authenticator.enrollmentId", enrollment.as_ref()).unwrap();
        let answer = answer.set("authenticator.methodType", "sms").unwrap();
        flow.proceed(answer, &call()).unwrap();
        numbers.push(sandbox.outbox().last().unwrap().to.clone());
        person.go(&mut flow).unwrap();
        flow.finish(&call()).unwrap();
    }
    assert_ne!(numbers[0], numbers[1]);
}

#[test]
fn every_enrolled_factor_signs_in() {
    let factors = [
        (AuthenticatorKey::Email, None),
        (AuthenticatorKey::Phone, Some("sms")),
        (AuthenticatorKey::Phone, Some("voice")),
        (AuthenticatorKey::OktaVerify, Some("push")),
    ];
    for (key, method) in factors {
        let approve = Some(Duration::from_millis(100));
        let sandbox = start(Options { auto_approve_push: approve, ..Options::default() });
        let client = client(&sandbox, "app-any");
        let mut flow = start_flow(&client);
        let person = Person { prefers: key.clone(), method, ..Person::new(&sandbox, "ada") };
        person.go(&mut flow).unwrap();
        flow.finish(&call()).unwrap_or_else(|error| panic!("{key} {method:?}: {error}"));
    }
}

#[test]
fn a_push_shows_its_number_and_a_denied_one_can_be_sent_again() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-push");
    let mut flow = start_flow(&client);
    let person = Person { prefers: AuthenticatorKey::OktaVerify, ..Person::new(&sandbox, "ada") };
    while flow.step().unwrap().status() != StepStatus::ChallengePoll {
        let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
    }
    let push = sandbox.pushes().pop().unwrap();
    let shown = flow.step().unwrap().number_challenge().map(|number| number.into_owned());
    assert!(shown.is_some() && shown == push.correct_answer);
    assert!(sandbox.deny(&push.id));
    let step = flow.poll(&call()).unwrap();
    assert_eq!(message_keys(step), ["api.authn.poll.error.push_rejected"]);
    flow.resend(&call()).unwrap();
    let push = sandbox.pushes().pop().unwrap();
    assert!(sandbox.approve(&push.id));
    flow.poll(&call()).unwrap();
    assert!(flow.is_complete());
    flow.finish(&call()).unwrap();
}

#[test]
fn an_expiring_password_can_be_left_for_later() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    let person = Person::new(&sandbox, "erin");
    while flow.step().unwrap().status() != StepStatus::PasswordExpiring {
        let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
    }
    flow.skip(&call()).unwrap();
    flow.finish(&call()).unwrap();
}

#[test]
fn a_forgotten_password_is_recovered() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-signup");
    let mut flow = start_flow(&client);
    let person = Person::new(&sandbox, "ada");
    while !flow.step().unwrap().actions().iter().any(|(path, _)| path.ends_with("-recover")) {
        let answer = person.answer(flow.step().unwrap()).unwrap().unwrap();
        flow.proceed(answer, &call()).unwrap();
    }
    flow.recover(&call()).unwrap();
    for _ in 0..6 {
        if flow.is_complete() || flow.step().unwrap().status() == StepStatus::PasswordReset {
            break;
        }
        let step = flow.step().unwrap();
        let answer = match step.remediation("identify-recovery") {
            Ok(form) => form.answer().unwrap().set("identifier", email("ada")).unwrap(),
            Err(_) => person.answer(step).unwrap().unwrap(),
        };
        flow.proceed(answer, &call()).unwrap();
    }
    assert_eq!(flow.step().unwrap().status(), StepStatus::PasswordReset, "{:?}", flow.step());
    let form = flow.step().unwrap().remediation("reset-authenticator").unwrap();
    let short = form.answer().unwrap().set("credentials.passcode", "short").unwrap();
    assert!(flow.proceed(short, &call()).unwrap().has_error(), "the password rules hold");
    let renewed = Person { password: "Another-Horse-10", ..Person::new(&sandbox, "ada") };
    renewed.go(&mut flow).unwrap();

    // Whether or not recovery signs in as well, the new password does and the old one does not.
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    assert!(!flow.is_complete());
    let mut flow = start_flow(&client);
    renewed.go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
}

#[test]
fn someone_new_registers_and_errors_stand_on_their_fields() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-signup");
    let mut flow = start_flow(&client);
    let answer = flow.step().unwrap().remediation("select-enroll-profile").unwrap().answer().unwrap();
    flow.proceed(answer, &call()).unwrap();
    let fill = |flow: &interaction_code::Flow, address: &str| {
        let form = flow.step().unwrap().remediation("enroll-profile").unwrap();
        let answer = form.answer().unwrap().set("userProfile.firstName", "Grace").unwrap();
        answer.set("userProfile.lastName", "New").unwrap().set("userProfile.email", address).unwrap()
    };
    let answer = fill(&flow, "no-address");
    let step = flow.proceed(answer, &call()).unwrap();
    let paths: Vec<_> = step.messages().iter().filter_map(|message| message.dotted_path()).collect();
    assert!(paths.contains(&"userProfile.email".to_owned()), "{paths:?}");
    let answer = fill(&flow, "grace@example.com");
    flow.proceed(answer, &call()).unwrap();
    let person = Person { skips: true, ..Person::new(&sandbox, "grace") };
    for _ in 0..10 {
        if flow.is_complete() {
            break;
        }
        person.go(&mut flow).unwrap();
    }
    let tokens = flow.finish(&call()).unwrap();
    assert_eq!(tokens.claims.unwrap().email(), Some("grace@example.com"));
}

#[test]
fn an_expired_transaction_says_so_and_restart_leads_on() {
    /// Time enough for the first page, and for the whole sign-in after the restart, on any machine.
    const LIFETIME: Duration = Duration::from_secs(5);
    let world = world(|world| world.lifetimes.transaction = LIFETIME);
    let sandbox = start(Options { world, ..Options::default() });
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    std::thread::sleep(LIFETIME);
    let answer = Person::new(&sandbox, "ada").answer(flow.step().unwrap()).unwrap().unwrap();
    let step = flow.proceed(answer, &call()).unwrap();
    assert_eq!((step.status(), message_keys(step)), (StepStatus::Terminal, vec!["idx.session.expired".to_owned()]));
    assert_eq!(flow.restart(&call()).unwrap().status(), StepStatus::Identification);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    flow.finish(&call()).unwrap();
}

#[test]
fn cancel_leads_to_the_first_page() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    let answer = Person::new(&sandbox, "bob").answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer, &call()).unwrap();
    assert_eq!(flow.cancel(&call()).unwrap().status(), StepStatus::Identification);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    assert_eq!(flow.finish(&call()).unwrap().claims.unwrap().email(), Some("ada@example.com"));
}

#[test]
fn an_answer_of_an_earlier_step_is_refused_before_it_is_sent() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    let answer = Person::new(&sandbox, "ada").answer(flow.step().unwrap()).unwrap().unwrap();
    flow.proceed(answer.clone(), &call()).unwrap();
    let before = flow.requests();
    assert_eq!(flow.proceed(answer, &call()).unwrap_err().kind(), ErrorKind::InvalidAnswer);
    assert_eq!(flow.requests(), before);
}

#[test]
fn the_org_server_signs_in_too() {
    let sandbox = sandbox();
    let client = client_at(&sandbox.org_issuer(), "app-password");
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    let tokens = flow.finish(&call()).unwrap();
    assert_eq!(tokens.claims.unwrap().issuer(), sandbox.org_issuer());
}

#[test]
fn tls_needs_the_sandbox_s_own_root() {
    let sandbox = start(Options { tls: true, ..Options::default() });
    let ca = sandbox.ca_pem().unwrap();
    let build =
        |network| Client::builder(&sandbox.issuer(), "app-email", REDIRECT_URI).network(network).build().unwrap();
    let stranger = build(interaction_code::transport::UreqTransport::builder());
    let error = stranger.start(StartOptions::default(), &call()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    let extra = interaction_code::transport::UreqTransport::builder().extra_root_pem(ca.as_bytes());
    let pinned = interaction_code::transport::UreqTransport::builder().pinned_roots_pem(ca.as_bytes());
    for network in [extra, pinned] {
        let client = build(network);
        let mut flow = start_flow(&client);
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        flow.finish(&call()).unwrap();
    }
}

#[test]
fn the_org_s_refusals_name_what_to_do() {
    let sandbox = sandbox();
    let start = |client_id: &str, redirect_uri: &str, authentication: ClientAuthentication, options: StartOptions| {
        let builder = Client::builder(&sandbox.issuer(), client_id, redirect_uri).authentication(authentication);
        builder.build().unwrap().start(options, &call()).map(drop)
    };
    let none = || ClientAuthentication::None;
    let unknown = start("nobody", REDIRECT_URI, none(), StartOptions::default()).unwrap_err();
    assert_eq!((unknown.kind(), unknown.oauth_error()), (ErrorKind::OAuth, Some("invalid_client")));
    assert!(!unknown.advice().is_empty() && unknown.request_id().is_some(), "{unknown}");
    let redirect = start("app-password", "com.example.app:/other", none(), StartOptions::default()).unwrap_err();
    assert_eq!(redirect.oauth_error(), Some("invalid_request"), "{redirect}");
    let secret = ClientAuthentication::SecretPost(Secret::from("not-the-secret"));
    let error = start("app-web", REDIRECT_URI, secret, StartOptions::default()).unwrap_err();
    assert_eq!(error.oauth_error(), Some("invalid_client"));
    assert!(!format!("{error:?}").contains("not-the-secret"));
    let post = ClientAuthentication::SecretPost(Secret::from("sandbox-secret"));
    start("app-web", REDIRECT_URI, post, StartOptions::default()).unwrap();
    let own = StartOptions { extra: vec![("code_challenge".into(), "mine".into())], ..StartOptions::default() };
    assert_eq!(start("app-password", REDIRECT_URI, none(), own).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn two_flows_of_one_client_run_in_parallel() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    std::thread::scope(|scope| {
        for user in ["ada", "bob"] {
            let (client, sandbox) = (&client, &sandbox);
            scope.spawn(move || {
                for _ in 0..3 {
                    let mut flow = start_flow(client);
                    Person::new(sandbox, user).go(&mut flow).unwrap();
                    let tokens = flow.finish(&call()).unwrap();
                    assert_eq!(tokens.claims.unwrap().email(), Some(email(user).as_str()));
                }
            });
        }
    });
    let keys = sandbox.requests().iter().filter(|seen| seen.path.ends_with("/keys")).count();
    assert_eq!(keys, 1, "one thread fetched the keys, the other waited for them");
}

#[test]
fn a_deadline_in_the_past_sends_nothing() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let error = client.start(StartOptions::default(), &Call::new().timeout(Duration::ZERO)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(sandbox.requests().is_empty());
}
