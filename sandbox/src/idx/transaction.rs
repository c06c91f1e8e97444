//! One sign-in from interact to its code: what was asked, who it is, what has been proved, and where it stands.

use super::message::Message;
use crate::account::Otp;
use crate::factor::{Key, Method};
use crate::oauth::Server;
use crate::random;
use std::time::{Duration, SystemTime};

/// What the client asked for at interact.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The client.
    pub client_id: String,
    /// The authorization server.
    pub server: Server,
    /// The scopes.
    pub scopes: Vec<String>,
    /// Where a browser would return to.
    pub redirect_uri: String,
    /// The PKCE challenge.
    pub challenge: String,
    /// The client's state.
    pub state: String,
    /// The nonce for the ID token.
    pub nonce: Option<String>,
    /// Who it probably is.
    pub login_hint: Option<String>,
    /// The assurance it asked for.
    pub acr_values: Vec<String>,
    /// How old a proof may be. Every sign-in over interact is fresh; a browser may have proved something before.
    pub max_age: Option<u32>,
    /// Whether it was asked for by a browser: then the code is an authorization code.
    pub browser: bool,
}

/// Something that was proved.
#[derive(Debug, Clone)]
pub struct Proof {
    /// With which authenticator.
    pub key: Key,
    /// With which method of it.
    pub method: Method,
    /// When.
    pub at: SystemTime,
}

/// What the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Sign in.
    SignIn,
    /// Sign up.
    Register,
    /// Set a new password.
    Recover,
    /// Unlock the account.
    Unlock,
}

/// A sign-in.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// The interaction handle.
    pub handle: String,
    /// What was asked for.
    pub asked: Asked,
    /// When it ends, whatever happens.
    pub expires_at: SystemTime,
    /// The state handles that are good for the current step. The last one is the newest; earlier ones stay good only
    /// while the step has been refused and not left, because clients answer a refused form again with the handle that
    /// they already had.
    pub state_handles: Vec<String>,
    /// The first of them that was given out with the current step.
    pub fresh_from: usize,
    /// Who it is, by account id.
    pub user: Option<String>,
    /// What has been proved.
    pub proofs: Vec<Proof>,
    /// Stages that were skipped.
    pub skipped: Vec<usize>,
    /// Whether the warning about an expiring password was shown and dismissed.
    pub warned: bool,
    /// What the person wants.
    pub purpose: Purpose,
    /// Where it stands.
    pub step: Step,
    /// The interaction code, at the end.
    pub code: Option<String>,
    /// The browser whose pages show it, by its cookie.
    pub browser: Option<String>,
}

/// A code that was sent.
#[derive(Debug, Clone)]
pub struct Passcode {
    /// The code.
    pub value: String,
    /// When it stops being good.
    pub expires_at: SystemTime,
}

/// Where a sign-in stands.
#[derive(Debug, Clone)]
pub enum Step {
    /// The first page.
    Identify,
    /// Whose password is it?
    IdentifyRecovery,
    /// Whose account, and with what shall it be unlocked?
    UnlockSelect,
    /// The sign-up form.
    EnrollProfile,
    /// Which authenticator?
    Select,
    /// How, with the authenticator that was chosen?
    VerificationData {
        /// The enrolment that was chosen.
        enrollment: String,
    },
    /// Prove it.
    Challenge {
        /// The enrolment.
        enrollment: String,
        /// The method.
        method: Method,
        /// The code that was sent, if one was.
        code: Option<Passcode>,
    },
    /// A push is on its way.
    Push {
        /// The push's id in the outbox.
        push: String,
        /// The number to show.
        number: Option<String>,
    },
    /// The push was denied or nobody answered.
    PushRejected,
    /// Which authenticator shall be set up?
    SelectEnroll,
    /// Which phone number?
    PhoneData,
    /// Prove the new authenticator.
    Enroll(Enrolling),
    /// Where shall the link for Okta Verify go?
    ChannelData {
        /// `email` or `sms`.
        channel: Channel,
    },
    /// Waiting for Okta Verify to be set up on the phone.
    EnrollPoll {
        /// How.
        channel: Channel,
        /// The entry in the outbox.
        push: String,
        /// Where the link went.
        target: Option<String>,
        /// The secret that the phone would receive.
        otp: Otp,
    },
    /// The password must (or should) be changed.
    Reenroll {
        /// Whether it is only a warning.
        warning: bool,
    },
    /// A new password, after recovery.
    Reset,
    /// Nothing to do any more.
    Terminal {
        /// The HTTP status that came with it.
        status: u16,
        /// What is said.
        messages: Vec<Message>,
    },
    /// Done; the code is in the transaction.
    Success,
}

/// An authenticator that is being set up.
#[derive(Debug, Clone)]
pub enum Enrolling {
    /// A password.
    Password,
    /// Mail to the account's address.
    Email(Passcode),
    /// A phone.
    Phone {
        /// The number.
        number: String,
        /// Text or call.
        method: Method,
        /// The code that was sent.
        code: Passcode,
    },
    /// An authenticator app.
    GoogleOtp(Otp),
    /// A question.
    Question,
}

impl Enrolling {
    /// The authenticator.
    pub fn key(&self) -> Key {
        match self {
            Enrolling::Password => Key::Password,
            Enrolling::Email(_) => Key::Email,
            Enrolling::Phone { .. } => Key::Phone,
            Enrolling::GoogleOtp(_) => Key::GoogleOtp,
            Enrolling::Question => Key::SecurityQuestion,
        }
    }
}

/// How Okta Verify reaches the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// A QR code on the screen.
    Qr,
    /// A link by mail.
    Email,
    /// A link by text.
    Sms,
}

impl Channel {
    /// The name on the wire.
    pub fn wire(self) -> &'static str {
        match self {
            Channel::Qr => "qrcode",
            Channel::Email => "email",
            Channel::Sms => "sms",
        }
    }

    /// The channel with this name.
    pub fn of_wire(name: &str) -> Option<Channel> {
        [Channel::Qr, Channel::Email, Channel::Sms].into_iter().find(|channel| channel.wire() == name)
    }
}

/// How many state handles of a transaction stay good at most; the first and the newest are always among them.
const HANDLES: usize = 16;

impl Transaction {
    /// A transaction at its beginning.
    pub fn new(asked: Asked, lifetime: Duration) -> Transaction {
        Transaction {
            handle: random::token(),
            asked,
            expires_at: SystemTime::now() + lifetime,
            state_handles: Vec::new(),
            fresh_from: 0,
            user: None,
            proofs: Vec::new(),
            skipped: Vec::new(),
            warned: false,
            purpose: Purpose::SignIn,
            step: Step::Identify,
            code: None,
            browser: None,
        }
    }

    /// Back to the first page, with nothing known or proved.
    pub fn restart(&mut self) {
        self.user = None;
        self.proofs.clear();
        self.skipped.clear();
        self.warned = false;
        self.purpose = Purpose::SignIn;
        self.step = Step::Identify;
        self.code = None;
    }

    /// The newest state handle.
    pub fn state_handle(&self) -> &str {
        self.state_handles.last().map_or("", String::as_str)
    }

    /// Adds a new state handle beside those before it; returns those that are over.
    pub fn another_handle(&mut self) -> Vec<String> {
        let mut over = Vec::new();
        if self.state_handles.len() >= HANDLES {
            over.push(self.state_handles.remove(1));
            self.fresh_from = self.fresh_from.saturating_sub(1);
        }
        self.state_handles.push(format!("02.id.{}", random::token()));
        over
    }

    /// As [`Transaction::another_handle`], for a new step: credentials are taken under this one only, or under one that
    /// comes with a refusal.
    pub fn handle_of_new_step(&mut self) -> Vec<String> {
        let over = self.another_handle();
        self.fresh_from = self.state_handles.len() - 1;
        over
    }

    /// Whether this state handle was given out with the current step.
    pub fn is_fresh(&self, handle: &str) -> bool {
        self.state_handles.iter().skip(self.fresh_from).any(|own| own == handle)
    }

    /// Replaces all state handles by a new one; returns those that are over.
    pub fn new_handle(&mut self) -> Vec<String> {
        let over = std::mem::take(&mut self.state_handles);
        self.fresh_from = 0;
        self.another_handle();
        over
    }

    /// Remembers a proof.
    pub fn prove(&mut self, key: Key, method: Method) {
        self.proofs.retain(|proof| proof.key != key);
        self.proofs.push(Proof { key, method, at: SystemTime::now() });
    }

    /// Whether something was proved with this authenticator.
    pub fn has_proved(&self, key: Key) -> bool {
        self.proofs.iter().any(|proof| proof.key == key)
    }
}
