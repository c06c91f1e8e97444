//! The one default of a screen.

use super::index;
use crate::{mobile::names::closed, screen as core};

/// What to do by default. It may be followed blindly: nothing is done to a person by it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Suggested {
    /// What kind of thing.
    pub kind: SuggestedKind,
    /// The index of the way.
    pub way: Option<i32>,
    /// The index of the way, where it is to be taken without a word of the person: something else is waited for, a device
    /// challenge is given up (ask the app first, when it can prove the device), the form asks nothing.
    pub unasked: Option<i32>,
    /// The index of the way that leaves this step out, where that is possible. Offer it; never take it unasked.
    pub skip: Option<i32>,
    /// The reason to give when a device challenge that nobody can answer is cancelled.
    pub reason: Option<String>,
}

closed! {
    /// What kind of default it is.
    SuggestedKind of screen {
        /// Ask the person. Without a way they must choose one.
        Answer,
        /// Poll.
        Wait,
        /// Ask the app whether it can prove the device; when it cannot, the way gives up with the reason.
        Device,
        /// Open the address of the way in a browser.
        Open,
        /// Send the way's form: it asks nothing, and does nothing to a person.
        Submit,
        /// It ended.
        End,
    }
}

impl Suggested {
    pub(super) fn of(suggested: core::Suggested) -> Self {
        Suggested {
            unasked: suggested.unasked().map(index),
            kind: suggested.kind.into(),
            way: suggested.way.map(index),
            skip: suggested.skip.map(index),
            reason: suggested.reason.map(str::to_owned),
        }
    }
}
