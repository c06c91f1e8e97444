//! `cargo xtask demo`: one real sign-in against the sandbox, before the reader's eyes.
//!
//! Every request is a line, every step is a line; the code is read from the sandbox's outbox as a person would read it
//! from a mail. The interactive form hands the terminal to the command line program instead.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use interaction_code::{
    Action, Call, Client, RemediationHandler, StartOptions, Wait, Waiting,
    http::{Request, Response, Transport},
    idx::{AuthenticatorKey, Remediation, Step},
    transport::UreqTransport,
};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    demo_lang::REDIRECT_URI,
    person::{PASSWORD, USER},
    report,
    run::{cargo, run},
};

/// Signs `ada` in without questions.
pub fn watch(client_id: &str) -> Result<()> {
    let sandbox = start()?;
    let network = UreqTransport::builder().allow_loopback_http(true).build()?;
    let client = Client::builder(&sandbox.issuer(), client_id, REDIRECT_URI)
        .scopes(["openid", "profile", "email", "offline_access"])
        .transport(Arc::new(Traced { network, count: AtomicU32::new(0) }))
        .build()?;
    let call = Call::new().timeout(Duration::from_secs(50));

    report::head(&format!("signing {USER} in to {client_id}"));
    let began = Instant::now();
    let mut flow = client.start(StartOptions::default(), &call)?;
    let tokens = flow.run(&Ada { sandbox: &sandbox }, &call)?.tokens()?;

    report::head("signed in");
    let claims = tokens.claims.as_ref().context("the scope openid brings an ID token")?;
    report::line(&format!("{} requests, {} ms", flow.requests(), began.elapsed().as_millis()));
    report::line("ID token: signature (RS256, by the org's key set), iss, aud, exp, iat, nonce and at_hash verified");
    for name in claims.names() {
        let value = claims.get(name).map(ToString::to_string).unwrap_or_default();
        report::line(&format!("{name:<20} {value}"));
    }
    report::line(&format!("{:<20} {}", "scopes", tokens.scopes.join(" ")));
    report::line(&format!("{:<20} {} s", "access token lives", tokens.expires_in.unwrap_or_default().as_secs()));
    sandbox.stop();
    report::good("the sandbox is stopped; try `cargo xtask demo --interactive`");
    Ok(())
}

/// Lets the person answer, in the command line program.
pub fn interactive(client_id: &str) -> Result<()> {
    let sandbox = start()?;
    report::line(&format!("sign in as {USER} with the password {PASSWORD}"));
    report::line(&format!(
        "mails, texts and pushes appear here as they arrive; all of them: {}/sandbox/outbox",
        sandbox.origin()
    ));
    report::line("other users: bob (enrols a second factor), carol (password expired), erin (expiring), dan, frank");
    let issuer = sandbox.issuer();
    let mut program = cargo(&["run", "--quiet", "--package", "interaction-code-cli", "--"]);
    program.args(["sign-in", "--issuer", &issuer, "--client-id", client_id, "--redirect-uri", REDIRECT_URI]);
    let over = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| show_mails(&sandbox, &over));
        let done = run(program);
        over.store(true, Ordering::Relaxed);
        done
    });
    sandbox.stop();
    done
}

/// Stands in for the person's inbox and phone: what arrives is printed, a push is approved after a moment.
fn show_mails(sandbox: &Sandbox, over: &AtomicBool) {
    let mut shown = 0;
    while !over.load(Ordering::Relaxed) {
        for mail in sandbox.outbox().iter().skip(shown) {
            shown += 1;
            report::detail(&format!("[arrived for {}: {}]", mail.to, mail.text));
        }
        std::thread::sleep(Duration::from_millis(300));
        for push in sandbox.pushes() {
            std::thread::sleep(Duration::from_secs(3));
            report::detail("[the phone: approved]");
            sandbox.approve(&push.id);
        }
    }
}

fn start() -> Result<Sandbox> {
    report::head("starting the sandbox");
    let sandbox = Sandbox::start(Options::default())?;
    report::line(&format!("an Identity Engine org of our own at {}", sandbox.issuer()));
    Ok(sandbox)
}

/// What the person of the demo does with each step.
struct Ada<'a> {
    sandbox: &'a Sandbox,
}

impl RemediationHandler for Ada<'_> {
    fn remediate(&self, step: &Step) -> interaction_code::Result<Action> {
        for message in step.distinct_messages() {
            report::loud(&message.text());
        }
        let offered: Vec<_> = step.remediations().map(|remediation| remediation.name().into_owned()).collect();
        report::line(&format!("step: {} — the server offers {}", step.status().as_str(), offered.join(", ")));
        if let Ok(form) = step.remediation("identify") {
            let mut answer = form.answer()?.set("identifier", USER)?;
            if form.field("credentials.passcode").is_ok() {
                answer = answer.set("credentials.passcode", PASSWORD)?;
            }
            return Ok(Action::Proceed(answer));
        }
        if let Ok(form) = step.remediation("challenge-authenticator") {
            return Ok(Action::Proceed(form.answer()?.set("credentials.passcode", self.passcode(step))?));
        }
        let form = step.remediation("select-authenticator-authenticate")?;
        let option = first_that_works(form)?;
        report::line(&format!("choosing {}", option.label().unwrap_or_default()));
        Ok(Action::Proceed(form.answer()?.select(&option)?))
    }

    fn waiting(&self, waiting: &Waiting<'_>) -> interaction_code::Result<Wait> {
        match &waiting.number {
            Some(number) => report::line(&format!("waiting for the phone: choose {number} there")),
            None => report::line("waiting"),
        }
        for push in self.sandbox.pushes() {
            report::line("the phone: approved");
            self.sandbox.approve(&push.id);
        }
        Ok(Wait::Continue)
    }
}

impl Ada<'_> {
    fn passcode(&self, step: &Step) -> String {
        let key = step.current_authenticator().and_then(|authenticator| authenticator.known_key());
        if key == Some(AuthenticatorKey::Password) {
            report::line("answering the password");
            return PASSWORD.to_owned();
        }
        let code = self.sandbox.last_code(USER).unwrap_or_default();
        report::line(&format!("a mail arrived in the outbox; answering its code {code}"));
        code
    }
}

/// E-mail where it is offered, otherwise the first option.
fn first_that_works(form: Remediation<'_>) -> interaction_code::Result<interaction_code::idx::FieldOption<'_>> {
    let options: Vec<_> = form.field("authenticator")?.options().collect();
    let is_email = |option: &&interaction_code::idx::FieldOption<'_>| {
        option.authenticators().any(|authenticator| authenticator.known_key() == Some(AuthenticatorKey::Email))
    };
    let found = options.iter().find(is_email).or(options.first()).cloned();
    found.ok_or_else(|| interaction_code::Error::new(interaction_code::ErrorKind::NotFound, "the step has no option"))
}

/// A transport that says what it carries: method, path, status, time. Never a body.
struct Traced {
    network: UreqTransport,
    count: AtomicU32,
}

impl Transport for Traced {
    fn send(&self, request: &Request, call: &Call) -> interaction_code::Result<Response> {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let path = interaction_code::oauth::path_of(&request.url);
        let began = Instant::now();
        let answer = self.network.send(request, call);
        let outcome = match &answer {
            Ok(response) => response.status.to_string(),
            Err(error) => error.kind().to_string(),
        };
        let ms = began.elapsed().as_millis();
        report::detail(&format!("{number:>2}. {:<4} {path:<36} {outcome} {ms} ms", request.method.as_str()));
        answer
    }
}
