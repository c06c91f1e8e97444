//! One turn of a transaction: a form came in, and an answer goes out. Handlers are methods of [`Turn`], spread over the
//! rooms of this module by topic; each returns how the transaction [`Turned`].

use super::message::Message;
use super::transaction::{Passcode, Step, Transaction};
use crate::account::Account;
use crate::clock::unix_ms;
use crate::engine::{Engine, State};
use crate::factor::Key;
use crate::outbox::{Mail, MailKind, PushStatus};
use crate::random;
use crate::world::{Client, PushAnswer};
use serde_json::Value;
use std::time::SystemTime;

/// A transaction in someone's hands.
pub struct Turn<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// All state, locked.
    pub state: &'a mut State,
    /// The transaction, taken out of the state.
    pub tx: Transaction,
    /// The org as the client sees it.
    pub origin: &'a str,
    /// The client that it belongs to.
    pub client: &'a Client,
    /// The form that came in.
    pub body: Value,
}

/// What came of a form.
pub enum Turned {
    /// The transaction moved on, perhaps with something to say. There is a new state handle for the next form.
    Next(Vec<Message>),
    /// Nothing happened (a poll). The state handle stays.
    Still,
    /// Refused with this status; the step stays, and there is a new state handle for another try.
    Refused(u16, Vec<Message>),
}

impl Turned {
    /// Moved on, with nothing to say.
    pub const NEXT: Turned = Turned::Next(Vec::new());

    /// Refused with one message.
    pub fn refused(status: u16, message: Message) -> Turned {
        Turned::Refused(status, vec![message])
    }

    /// A form that does not belong to the current step.
    pub fn not_now() -> Turned {
        Turned::refused(403, Message::not_now())
    }
}

impl<'a> Turn<'a> {
    /// Begins a turn; `None` when the client of the transaction is gone.
    pub fn new(
        engine: &'a Engine,
        state: &'a mut State,
        tx: Transaction,
        origin: &'a str,
        body: Value,
    ) -> Option<Turn<'a>> {
        let client = engine.world.client(&tx.asked.client_id)?;
        let mut turn = Turn { engine, state, tx, origin, client, body };
        if turn.tx.user.is_some() && turn.account().is_none() {
            // Someone else signed up with the same name before this sign-up was done.
            turn.tx.restart();
        }
        Some(turn)
    }

    /// Gives the form to the handler of its path.
    pub fn take(&mut self, path: &str) -> Turned {
        if matches!(self.tx.step, Step::Success | Step::Terminal { .. }) && !matches!(path, "cancel" | "context") {
            return Turned::not_now();
        }
        match path {
            "identify" => self.identify(),
            "identify/select" => self.select_identify(),
            "challenge" => self.challenge(),
            "challenge/answer" => self.answer(),
            "challenge/poll" | "authenticators/poll" => self.poll(),
            "challenge/resend" => self.resend(),
            "challenge/send" => self.send_link(),
            "credential/enroll" => self.enroll(),
            "enroll" => self.select_enroll_profile(),
            "enroll/new" => self.enroll_profile(),
            "recover" => self.recover(),
            "unlock-account" => self.unlock_account(),
            "skip" => self.skip(),
            "cancel" => self.cancel(),
            "context" => Turned::Still,
            _ => Turned::not_now(),
        }
    }

    /// The HTTP status that goes with the step.
    pub fn status(&self) -> u16 {
        match self.tx.step {
            Step::Terminal { status, .. } => status,
            _ => 200,
        }
    }

    /// A new state handle instead of all before it.
    pub fn renew(&mut self) {
        for over in self.tx.new_handle() {
            self.state.state_handles.remove(&over);
        }
        self.know_handle();
    }

    /// A new state handle for a new step, beside those before it.
    pub fn renew_for_step(&mut self) {
        for over in self.tx.handle_of_new_step() {
            self.state.state_handles.remove(&over);
        }
        self.know_handle();
    }

    /// A new state handle beside those before it.
    pub fn renew_beside(&mut self) {
        for over in self.tx.another_handle() {
            self.state.state_handles.remove(&over);
        }
        self.know_handle();
    }

    fn know_handle(&mut self) {
        self.state.state_handles.insert(self.tx.state_handle().to_owned(), self.tx.handle.clone());
    }

    /// Ends the turn.
    pub fn put_back(self) {
        self.state.transactions.insert(self.tx.handle.clone(), self.tx);
    }

    /// The person, once known.
    pub fn account(&self) -> Option<&Account> {
        let id = self.tx.user.as_ref()?;
        self.state.accounts.iter().find(|account| account.id == *id)
    }

    /// The person, to be changed.
    pub fn account_mut(&mut self) -> Option<&mut Account> {
        let id = self.tx.user.as_ref()?;
        self.state.accounts.iter_mut().find(|account| account.id == *id)
    }

    /// A text (or number) at a path of names in the form that came in; `None` when empty or of another type.
    pub fn text(&self, path: &[&str]) -> Option<String> {
        let value = path.iter().try_fold(&self.body, |value, name| value.get(name))?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// A fresh code, or the fixed one.
    pub fn new_passcode(&self) -> Passcode {
        Passcode {
            value: self.engine.switches.fixed_code.clone().unwrap_or_else(random::passcode),
            expires_at: SystemTime::now() + self.engine.world.lifetimes.passcode,
        }
    }

    /// Sends a fresh code, and returns it.
    pub fn send_code(&mut self, kind: MailKind, to: &str) -> Passcode {
        let code = self.new_passcode();
        let app = self.client.label.as_deref().unwrap_or(&self.client.id);
        let mut mail = self.mail(kind, to);
        mail.subject = "One-time verification code".into();
        mail.text = format!("Your code for {app} is {}.", code.value);
        mail.code = Some(code.value.clone());
        self.state.send(mail);
        code
    }

    /// An empty message of the outbox.
    pub fn mail(&self, kind: MailKind, to: &str) -> Mail {
        let now = SystemTime::now();
        Mail {
            id: random::id("msg"),
            kind,
            to: to.to_owned(),
            subject: String::new(),
            text: String::new(),
            code: None,
            correct_answer: None,
            choices: Vec::new(),
            status: None,
            client_id: self.client.id.clone(),
            sent_at: unix_ms(now),
            at: now,
        }
    }

    /// What became of a push by now.
    pub fn push_status(&mut self, id: &str) -> PushStatus {
        let Some(push) = self.state.push(id) else { return PushStatus::Expired };
        let age = push.at.elapsed().unwrap_or_default();
        if push.is_pending() {
            let lifetime = self.client.policy.push_lifetime.unwrap_or(self.engine.world.lifetimes.push);
            let answer = self.account().map(|account| account.push).unwrap_or_default();
            if answer != PushAnswer::Wait {
                let status = if answer == PushAnswer::Deny { PushStatus::Denied } else { PushStatus::Approved };
                self.state.decide(id, status, None);
            } else if self.engine.switches.auto_approve_push.is_some_and(|after| age >= after) {
                self.state.decide(id, PushStatus::Approved, None);
            } else if age >= lifetime {
                self.state.decide(id, PushStatus::Expired, None);
            }
        }
        self.state.push(id).and_then(|push| push.status).unwrap_or(PushStatus::Expired)
    }

    /// Takes back a push that nobody waits for any more.
    pub fn drop_push(&mut self) {
        if let Step::Push { push, .. } | Step::EnrollPoll { push, .. } = &self.tx.step {
            let push = push.clone();
            self.state.decide(&push, PushStatus::Expired, None);
        }
    }

    /// Refuses when the authenticator is suspended after too many wrong answers.
    pub fn suspended(&self, key: Key) -> Option<Turned> {
        let wrong = self.account()?.wrong_answers.get(&key).copied().unwrap_or(0);
        let text = "This factor is suspended for your account due to too many failed attempts";
        (wrong >= self.engine.world.limits.suspend_after)
            .then(|| Turned::refused(403, Message::error("authfactor.challenge.suspended_factor", text)))
    }

    /// Counts a wrong answer.
    pub fn wrong(&mut self, key: Key, message: Message) -> Turned {
        if let Some(account) = self.account_mut() {
            *account.wrong_answers.entry(key).or_default() += 1;
        }
        Turned::refused(401, message)
    }
}
