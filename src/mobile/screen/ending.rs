//! Endings: how a sign-in ended.

use super::phrase::Phrase;
use crate::{mobile::names::closed, screen as core};

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Ending {
    /// What kind of end.
    pub kind: EndingKind,
    /// Whether the person got what they came for.
    pub good: bool,
    /// The wire key that says so, where a message does.
    pub key: Option<String>,
    /// How it ended, for the person.
    pub phrase: Phrase,
    /// When it makes sense to begin again.
    pub retry: Retry,
}

closed! {
    /// The kinds of ends.
    EndingKind of screen {
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
}

closed! {
    /// When it makes sense to begin again.
    Retry of screen {
        /// Never, or no need.
        None,
        /// At once.
        Now,
        /// After a while.
        Later,
        /// In another window or on another device.
        Elsewhere,
    }
}

impl Ending {
    pub(in crate::mobile) fn of(ending: core::Ending) -> Self {
        Ending {
            kind: ending.kind.into(),
            good: ending.good,
            key: ending.key,
            phrase: Phrase::of(ending.text),
            retry: ending.retry.into(),
        }
    }
}
