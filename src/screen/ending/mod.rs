//! Endings: how a sign-in ended. One list of kinds and [one table](rows) of what means which; exit codes, the C header and
//! the docs are made from them.
//!
//! A step with a form or a poll is never an ending, whatever its messages say. [`Ending::at`] answers without drawing;
//! [`Screen::ending`](super::Screen::ending) holds the same for who draws.

mod draw;
mod rows;

use super::{Outcome, phrase::Phrase};
pub(super) use draw::draw;
pub(super) use rows::of;

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

/// Makes the enum and everything that is known of a kind from the one list below.
macro_rules! kinds {
    ($(#[doc = $doc:literal] $name:ident = $code:literal, $word:literal, $title:literal, $good:literal, $retry:ident,
        $outcome:ident;)+) => {
        /// The kinds of ends.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum EndingKind {
            $(#[doc = $doc] $name = $code,)+
        }

        impl EndingKind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [EndingKind] = &[$(EndingKind::$name,)+];

            /// The kind as a stable word, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(EndingKind::$name => $word,)+
                }
            }

            /// What the kind means: a sentence for any language's documentation.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(EndingKind::$name => $doc.trim_ascii(),)+
                }
            }

            /// The kind with this number; `None` for a number that no kind has.
            pub const fn from_code(code: i32) -> Option<EndingKind> {
                match code {
                    $($code => Some(EndingKind::$name),)+
                    _ => None,
                }
            }

            /// The kind of this word.
            pub fn from_name(word: &str) -> Option<EndingKind> {
                EndingKind::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }

            /// What is so for the kind, unless a row of the table says otherwise: title, good, retry, outcome.
            const fn facts(self) -> (&'static str, bool, Retry, Outcome) {
                match self {
                    $(EndingKind::$name => ($title, $good, Retry::$retry, Outcome::$outcome),)+
                }
            }
        }
    };
}

// Number, word, title, whether it is good, when to begin again, the outcome of an unattended run.
kinds! {
    /// The interaction code is here: redeem it.
    SignedIn = 1, "signed_in", "ended.signed_in.title", true, None, Success;
    /// Done; the browser goes on.
    Redirect = 2, "redirect", "ended.redirect.title", true, None, DoneWithoutTokens;
    /// The policy does not let this person in.
    Denied = 3, "denied", "ended.denied.title", false, None, AccessDenied;
    /// It failed.
    Failed = 4, "failed", "ended.failed.title", false, Now, Terminal;
    /// The account is unlocked.
    Unlocked = 5, "unlocked", "ended.unlocked.title", true, Now, DoneWithoutTokens;
    /// The password is changed.
    Recovered = 6, "recovered", "ended.recovered.title", true, Now, DoneWithoutTokens;
    /// A mail was sent; its link goes on.
    MailSent = 7, "mail_sent", "ended.mail_sent.title", true, Elsewhere, DoneWithoutTokens;
    /// Another device is connected.
    DeviceActivated = 8, "device_activated", "ended.device_activated.title", true, Elsewhere, DoneWithoutTokens;
    /// It goes on in another window.
    Moved = 9, "moved", "ended.moved.title", true, Elsewhere, DoneWithoutTokens;
    /// The code is to be typed where it began.
    CodeElsewhere = 10, "code_elsewhere", "ended.code_elsewhere.title", true, Elsewhere, DoneWithoutTokens;
    /// This device must be set up first.
    EnrollDevice = 11, "enroll_device", "ended.enroll_device.title", false, Now, DeviceNotCompliant;
    /// It took too long.
    Expired = 12, "expired", "ended.expired.title", false, Now, TransactionExpired;
    /// The link or code is no longer good.
    LinkExpired = 13, "link_expired", "ended.link_expired.title", false, Elsewhere, Terminal;
    /// Nobody answered in time.
    TimedOut = 14, "timed_out", "ended.timed_out.title", false, Now, PushExpired;
    /// The notification was declined.
    PushRejected = 15, "push_rejected", "ended.push_rejected.title", false, Now, PushRejected;
    /// The person said no.
    Declined = 16, "declined", "ended.declined.title", false, Now, Terminal;
    /// Too many tries.
    Limited = 17, "limited", "ended.limited.title", false, Later, RateLimited;
    /// The service cannot do it now.
    Unavailable = 18, "unavailable", "ended.unavailable.title", false, Later, Terminal;
    /// The account is locked.
    Locked = 19, "locked", "ended.locked.title", false, None, LockedOut;
    /// It cannot be done here.
    NotAllowed = 20, "not_allowed", "ended.not_allowed.title", false, None, Terminal;
    /// This device does not meet the rules.
    DeviceRefused = 21, "device_refused", "ended.device_refused.title", false, Now, DeviceNotCompliant;
    /// Anything else.
    Other = 22, "other", "ended.nothing.title", false, Now, Terminal;
}

impl EndingKind {
    /// The kind as a stable number, never 0.
    pub const fn code(self) -> i32 {
        self as i32
    }
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

impl Retry {
    /// Every word.
    pub const ALL: &'static [Retry] = &[Retry::None, Retry::Now, Retry::Later, Retry::Elsewhere];

    /// The word, `snake_case`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Retry::None => "none",
            Retry::Now => "now",
            Retry::Later => "later",
            Retry::Elsewhere => "elsewhere",
        }
    }
}

impl Ending {
    /// An ending of this kind, for what no step says: the time of a sign-in is up, the app gave up.
    pub fn of_kind(kind: EndingKind) -> Ending {
        let (title, good, retry, _) = kind.facts();
        Ending { kind, good, key: None, text: Phrase::ours(title, &[]), retry }
    }

    /// Nothing but information that this library does not know: done.
    fn done() -> Ending {
        let text = Phrase::ours("ended.other.title", &[]);
        Ending { good: true, retry: Retry::None, text, ..Ending::of_kind(EndingKind::Other) }
    }

    /// The same ending where a challenge was polled just before: what the server then calls unavailable is that nobody
    /// answered in time.
    #[must_use]
    pub fn after_poll(self) -> Ending {
        match (self.kind, self.key.as_deref().map(rows::code)) {
            (EndingKind::Unavailable, Some("E0000010")) => {
                Ending { key: self.key, ..Ending::of_kind(EndingKind::TimedOut) }
            }
            _ => self,
        }
    }

    /// How a program that asks nobody says it. What ended well without tokens is not a success there.
    pub fn outcome(&self) -> Outcome {
        let (_, _, _, outcome) = self.kind.facts();
        let without_tokens = self.good && self.kind != EndingKind::SignedIn;
        let special = self.key.as_deref().and_then(rows::outcome_of_key);
        if without_tokens { Outcome::DoneWithoutTokens } else { special.unwrap_or(outcome) }
    }
}
