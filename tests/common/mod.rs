//! What the whole-sign-in tests share: a sandbox of its own for each test, clients for it, and a person who answers steps.

#![allow(dead_code)] // each test program uses its own part

pub mod storage;

use std::time::Duration;

use interaction_code::{
    Call, Client, ClientAuthentication, ClientBuilder, Flow, Result, Secret, StartOptions,
    idx::{Answer, AuthenticatorKey, Remediation, Step, StepStatus},
    transport::UreqTransport,
};
use interaction_code_sandbox::{Options, Sandbox, World};

pub const PASSWORD: &str = "Correct-Horse-9";
pub const REDIRECT_URI: &str = "com.example.app:/callback";

/// Every client of the sandbox's default world that needs no key.
pub const CLIENTS: [&str; 8] =
    ["app-password", "app-one-form", "app-email", "app-any", "app-passwordless", "app-push", "app-web", "app-signup"];

/// Every user of the sandbox's default world.
pub const USERS: [&str; 6] = ["ada", "bob", "carol", "dan", "erin", "frank"];

/// A sandbox with the default world, polls made quick.
pub fn sandbox() -> Sandbox {
    start(Options::default())
}

/// A sandbox with these options; its polls are quick, unless the world says otherwise.
pub fn start(mut options: Options) -> Sandbox {
    let usual = World::default().limits.poll_interval_ms;
    if options.world.limits.poll_interval_ms == usual {
        options.world.limits.poll_interval_ms = 500;
    }
    Sandbox::start(options).expect("the sandbox starts on a free port of loopback")
}

/// The default world with a part of its text replaced.
pub fn world(change: impl FnOnce(&mut World)) -> World {
    let mut world = World::default();
    change(&mut world);
    world
}

/// A client of a sandbox, over TLS when the sandbox speaks it.
pub fn client(sandbox: &Sandbox, client_id: &str) -> Client {
    let builder = builder_at(&sandbox.issuer(), client_id);
    let builder = match sandbox.ca_pem() {
        Some(ca) => builder.network(UreqTransport::builder().extra_root_pem(ca.as_bytes())),
        None => builder,
    };
    builder.build().expect("the settings are good")
}

pub fn client_at(issuer: &str, client_id: &str) -> Client {
    builder_at(issuer, client_id).build().expect("the settings are good")
}

fn builder_at(issuer: &str, client_id: &str) -> ClientBuilder {
    let mut builder =
        Client::builder(issuer, client_id, REDIRECT_URI).scopes(["openid", "profile", "email", "offline_access"]);
    if client_id == "app-web" {
        builder = builder.authentication(ClientAuthentication::SecretBasic(Secret::from("sandbox-secret")));
    }
    builder
}

/// A call that no test outlives.
pub fn call() -> Call {
    Call::new().timeout(Duration::from_secs(120))
}

pub fn start_flow(client: &Client) -> Flow {
    client.start(StartOptions::default(), &call()).expect("the sandbox starts a transaction")
}

pub fn email(user: &str) -> String {
    format!("{user}@example.com")
}

/// A person with a password, an inbox and a phone, who answers whatever is asked.
pub struct Person<'a> {
    pub sandbox: &'a Sandbox,
    pub user: &'a str,
    pub password: &'a str,
    /// Which authenticator to choose where there is a choice.
    pub prefers: AuthenticatorKey,
    /// The method of it, where it has several.
    pub method: Option<&'a str>,
    pub skips: bool,
}

impl<'a> Person<'a> {
    pub fn new(sandbox: &'a Sandbox, user: &'a str) -> Self {
        Person { sandbox, user, password: PASSWORD, prefers: AuthenticatorKey::Email, method: None, skips: false }
    }

    /// The newest code that was sent to this person.
    pub fn code(&self) -> String {
        let mails = self.sandbox.outbox();
        mails.iter().rev().find_map(|mail| mail.code.clone()).expect("a code was sent")
    }

    /// What this person answers to a step; `None` when it is nothing that a person can answer.
    pub fn answer(&self, step: &Step) -> Option<Result<Answer>> {
        if step.status() == StepStatus::ChallengePoll || step.status() == StepStatus::EnrollPoll {
            return None;
        }
        let find = |name: &str| step.remediations().find(|remediation| remediation.name() == name);
        if self.skips
            && let Some(skip) = find("skip")
        {
            return Some(skip.answer());
        }
        let answer = |remediation: Remediation<'_>| remediation.answer();
        if let Some(form) = find("reenroll-authenticator").or_else(|| find("reset-authenticator")) {
            return Some(answer(form).and_then(|a| a.set("credentials.passcode", "Another-Horse-10")));
        }
        if let Some(form) = find("reenroll-authenticator-warning") {
            return Some(answer(form).and_then(|a| a.set("credentials.passcode", "Another-Horse-10")));
        }
        if let Some(form) = find("challenge-authenticator").or_else(|| find("enroll-authenticator")) {
            return Some(self.prove(step, form));
        }
        let select = find("select-authenticator-authenticate").or_else(|| find("select-authenticator-enroll"));
        if let Some(form) = select {
            return Some(self.select(form));
        }
        if let Some(form) = find("authenticator-verification-data") {
            return Some(answer(form));
        }
        let form = find("identify")?;
        let mut filled = answer(form).and_then(|a| a.set("identifier", email(self.user)));
        if form.field("credentials.passcode").is_ok() {
            filled = filled.and_then(|a| a.set("credentials.passcode", self.password));
        }
        Some(filled)
    }

    fn prove(&self, step: &Step, form: Remediation<'_>) -> Result<Answer> {
        let key = step.current_authenticator().and_then(|authenticator| authenticator.known_key());
        let answer = form.answer()?;
        match key {
            Some(AuthenticatorKey::Password) => answer.set("credentials.passcode", self.password),
            Some(AuthenticatorKey::SecurityQuestion) => answer.set("credentials.answer", "Rosebud"),
            _ => answer.set("credentials.passcode", self.code()),
        }
    }

    fn select(&self, form: Remediation<'_>) -> Result<Answer> {
        let field = form.field("authenticator")?;
        let wanted = |option: &interaction_code::idx::FieldOption<'_>| {
            option.authenticators().any(|authenticator| authenticator.known_key().as_ref() == Some(&self.prefers))
        };
        let option = field.options().find(wanted).or_else(|| field.options().next()).expect("an option to choose");
        let answer = form.answer()?.select(&option)?;
        match self.method {
            Some(method) => answer.set(["authenticator", "methodType"], method),
            None => Ok(answer),
        }
    }

    /// Answers until the flow is complete, or nothing more can be answered, or `limit` steps.
    pub fn go(&self, flow: &mut Flow) -> Result<()> {
        for _ in 0..12 {
            if flow.is_complete() {
                return Ok(());
            }
            let step = flow.step()?.clone();
            match self.answer(&step) {
                Some(answer) => flow.proceed(answer?, &call())?,
                None if step.poll().is_some() => flow.poll(&call())?,
                None => return Ok(()),
            };
            if !flow.is_complete() && flow.step()?.has_error() {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// The keys of the step's messages.
pub fn message_keys(step: &Step) -> Vec<String> {
    step.messages().iter().filter_map(|message| message.key().map(|key| key.into_owned())).collect()
}
