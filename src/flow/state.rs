//! What the machine is made of: configuration, transaction, state, events and effects.

use std::{fmt, sync::Arc};

use super::redemption::Redemption;
use crate::{
    error::{Error, Sent},
    http,
    idx::{Answer, Step},
    oauth::{ClientAuthentication, Form, InteractParameters, Issuer, Pkce, StartOptions, random_text},
    secret::Secret,
};

/// What stays the same for every flow of a client.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to sign in.
    pub issuer: Issuer,
    /// The app's id.
    pub client_id: String,
    /// The app's registered redirect URI.
    pub redirect_uri: String,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// How the app itself authenticates.
    pub authentication: ClientAuthentication,
}

/// The secrets and options of one transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Comes back in callbacks.
    pub state: Secret,
    /// Whether `state` came back with an error already: then no callback is believed any more.
    pub state_is_burnt: bool,
    /// Comes back in the ID token.
    pub nonce: Secret,
    /// Proves that the code is ours.
    pub pkce: Pkce,
    /// What it was started with.
    pub options: StartOptions,
}

impl Transaction {
    /// A new transaction from three times 32 random bytes.
    pub fn new(options: StartOptions, random: &[[u8; 32]; 3]) -> Self {
        let [state, nonce, verifier] = random;
        Transaction {
            state: random_text(state),
            state_is_burnt: false,
            nonce: random_text(nonce),
            pkce: Pkce::from_random(verifier),
            options,
        }
    }

    /// The transaction of a restart: the same options, other secrets. A token from a mail is good once, so it is not among
    /// them.
    pub fn again(&self, random: &[[u8; 32]; 3]) -> Self {
        let options = StartOptions { activation_token: None, recovery_token: None, ..self.options.clone() };
        Transaction::new(options, random)
    }

    pub(super) fn parameters(&self, config: &Config) -> InteractParameters {
        InteractParameters {
            client_id: config.client_id.clone(),
            redirect_uri: config.redirect_uri.clone(),
            scopes: config.scopes.clone(),
            state: self.state.clone(),
            nonce: self.nonce.clone(),
            challenge: self.pkce.challenge(),
            options: self.options.clone(),
        }
    }
}

/// Where a flow is.
#[derive(Clone, Debug)]
pub struct State {
    /// The transaction's own secrets.
    pub transaction: Arc<Transaction>,
    /// How far it is.
    pub phase: Phase,
}

impl State {
    /// A flow that has not begun.
    pub fn new(transaction: Transaction) -> Self {
        State { transaction: Arc::new(transaction), phase: Phase::New }
    }

    pub(super) fn with(&self, phase: Phase) -> Self {
        State { transaction: Arc::clone(&self.transaction), phase }
    }

    /// The same place, where no callback is believed any more.
    pub(super) fn with_burnt_state(&self) -> Self {
        let transaction = Transaction { state_is_burnt: true, ..(*self.transaction).clone() };
        State { transaction: Arc::new(transaction), phase: self.phase.clone() }
    }

    /// The step that the server asked last, when there is one.
    pub fn step(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Active { step, .. } => Some(step),
            Phase::Complete { step, .. } => step.as_ref(),
            Phase::Waiting { back, .. } => back.step(),
            _ => None,
        }
    }

    /// The last step that had something to answer. It is the current one, except after a refusal that came without a
    /// form: then its form can still be sent.
    pub fn form(&self) -> Option<&Step> {
        match &self.phase {
            Phase::Active { step, form, .. } => form.as_ref().or(Some(step)),
            Phase::Waiting { back, .. } => back.form(),
            _ => None,
        }
    }
}

/// How far a flow is.
#[derive(Clone)]
pub enum Phase {
    /// Nothing was sent.
    New,
    /// The server asked a step. A terminal step is one too: it can be left by `cancel`, `refresh` and `restart`.
    Active {
        /// The key to the transaction at the server.
        handle: Secret,
        /// What the server asks now.
        step: Step,
        /// The step before, when `step` is a refusal without a form.
        form: Option<Step>,
    },
    /// The interaction code came; how far its redemption is says the [`Redemption`].
    Complete {
        /// The key to the transaction at the server; none when nothing is to be asked there any more.
        handle: Option<Secret>,
        /// The step that brought the code, until it is redeemed; none when a callback did.
        step: Option<Step>,
        /// From the code to the tokens.
        redemption: Redemption,
    },
    /// A request is under way.
    Waiting {
        /// Which one.
        request: Request,
        /// Where the flow is if it fails.
        back: Box<State>,
    },
}

impl Phase {
    /// The phase as a word, `snake_case`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Phase::New => "new",
            Phase::Active { .. } => "active",
            Phase::Complete { redemption, .. } => redemption.as_str(),
            Phase::Waiting { .. } => "waiting",
        }
    }
}

impl fmt::Debug for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The requests of a flow.
#[derive(Clone, Debug)]
pub enum Request {
    /// Starts the transaction.
    Interact,
    /// Asks for the current step.
    Introspect {
        /// The key to the transaction at the server.
        handle: Secret,
    },
    /// Sends a form: an answer or an action.
    Submit {
        /// Whether it is a poll.
        poll: bool,
    },
}

impl Request {
    /// The request as the subject of a sentence, for errors.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Request::Interact => "the start of the sign-in (interact)",
            Request::Introspect { .. } => "the question for the current step (introspect)",
            Request::Submit { poll: true } => "the poll",
            Request::Submit { poll: false } => "the submitted form",
        }
    }
}

/// The actions that a step may offer beside its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepAction {
    /// Ask whether something happened elsewhere.
    Poll,
    /// Send the code or the push again.
    Resend,
    /// Send the code.
    Send,
    /// Forgot the password.
    Recover,
    /// Leave an optional step out.
    Skip,
    /// Begin again at the first page.
    Cancel,
}

impl StepAction {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            StepAction::Poll => "poll",
            StepAction::Resend => "resend",
            StepAction::Send => "send",
            StepAction::Recover => "recover",
            StepAction::Skip => "skip",
            StepAction::Cancel => "cancel",
        }
    }
}

/// What happens to a flow.
#[derive(Clone, Debug)]
pub enum Event {
    /// Begin.
    Start,
    /// Send this answer.
    Submit(Answer),
    /// Take this action of the current step.
    Act(StepAction),
    /// Ask the server for the current step.
    Refresh,
    /// Begin anew with fresh secrets.
    Restart(Box<Transaction>),
    /// Redeem the code.
    Redeem,
    /// The app was opened with this URL.
    Callback(Secret),
    /// The tokens passed verification, or did not.
    Verified(bool),
    /// The server answered.
    Reply(Box<http::Response>),
    /// The request failed without an answer.
    Failed(Sent),
}

/// What the driver is to do.
#[derive(Debug)]
pub enum Effect {
    /// Nothing: the state is at rest.
    Rest,
    /// Send this, then come back with [`Event::Reply`] or [`Event::Failed`].
    Send(Box<http::Request>),
    /// Authenticate this form for its endpoint and send it, then come back as after [`Effect::Send`].
    Post(Form),
    /// The request was answered with an error; the state is at rest.
    Fail(Error),
    /// The state is at rest; this code from a mail goes into the step that waits for it.
    Otp(Secret),
}
