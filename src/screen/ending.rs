//! Endings: how a sign-in ended. One table, from which exit codes, the C header and the docs are made.

use super::{context::Context, phrase::Phrase, steps::drawn::Drawn};

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// What kind of end.
    pub kind: EndingKind,
    /// Whether the person got what they came for.
    pub good: bool,
    /// The wire key that says so, where a message does.
    pub key: Option<String>,
    /// How it ended, for the person.
    pub text: Phrase,
    /// When it makes sense to begin again.
    pub retry: Retry,
}

/// The kinds of ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndingKind {
    /// The interaction code is here.
    SignedIn,
    /// Done; the browser goes on.
    Redirect,
    /// The policy does not let this person in.
    Denied,
    /// It failed.
    Failed,
    /// The account is unlocked.
    Unlocked,
    /// The password is changed.
    Recovered,
    /// A mail was sent; its link goes on.
    MailSent,
    /// Another device is connected.
    DeviceActivated,
    /// It goes on in another window.
    Moved,
    /// The code is to be typed where it began.
    CodeElsewhere,
    /// This device must be set up first.
    EnrollDevice,
    /// It took too long.
    Expired,
    /// The link or code is no longer good.
    LinkExpired,
    /// Nobody answered in time.
    TimedOut,
    /// The notification was declined.
    PushRejected,
    /// The person said no.
    Declined,
    /// Too many tries.
    Limited,
    /// The service cannot do it now.
    Unavailable,
    /// The account is locked.
    Locked,
    /// It cannot be done here.
    NotAllowed,
    /// This device does not meet the rules.
    DeviceRefused,
    /// Anything else.
    Other,
}

/// When it makes sense to begin again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// Never, or no need.
    None,
    /// At once.
    Now,
    /// After a while.
    Later,
    /// In another window or on another device.
    Elsewhere,
}

/// How the step ended, when it did.
pub(super) fn of(_context: &Context<'_>) -> Option<Ending> {
    None
}

/// What an end looks like: its title, its texts, and the ways that are left.
pub(super) fn draw(_context: &Context<'_>, ending: &Ending) -> Drawn {
    Drawn::new("ended", ending.text.clone())
}
