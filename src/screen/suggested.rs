//! The one default of a screen: what to do when nobody says otherwise.
//!
//! Nothing is submitted without a person but: polls at their interval, `cancel-transaction`, `device-apple-sso-extension` by
//! POST, and the cancel of a device challenge that nobody can answer. Everything else waits for a word: whatever sends a
//! mail, a text, a call or a push, a list with one option, every consent, every address, every passkey.

use super::{
    element::{Element, ElementKind, WaitingElement, WaitingFor},
    way::{Does, Role, Way},
};
use crate::idx::RemediationKind;

/// What to do by default. It may be followed blindly: nothing is done to a person by it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggested {
    /// What kind of thing.
    pub kind: SuggestedKind,
    /// The index of the way.
    pub way: Option<usize>,
    /// The index of the way that leaves this step out, where that is possible. Offer it; never take it unasked.
    pub skip: Option<usize>,
    /// The reason to give when a device challenge that nobody can answer is cancelled.
    pub reason: Option<&'static str>,
}

impl Suggested {
    /// The way to take without a word of the person: where something else is waited for, where a device challenge is given up
    /// (ask the app first, when it can prove the device), and where the form asks nothing. `None`: draw the screen and ask.
    pub fn unasked(&self) -> Option<usize> {
        let by_itself = matches!(self.kind, SuggestedKind::Wait | SuggestedKind::Device | SuggestedKind::Submit);
        self.way.filter(|_| by_itself)
    }
}

/// What kind of default it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SuggestedKind {
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

impl SuggestedKind {
    /// The word, `snake_case`.
    pub fn as_str(self) -> &'static str {
        match self {
            SuggestedKind::Answer => "answer",
            SuggestedKind::Wait => "wait",
            SuggestedKind::Device => "device",
            SuggestedKind::Open => "open",
            SuggestedKind::Submit => "submit",
            SuggestedKind::End => "end",
        }
    }
}

/// The reason that is given when no app on this device answers.
const UNREACHABLE: &str = "OV_UNREACHABLE_BY_LOOPBACK";

/// The default of a screen with these ways, in their final order.
pub(super) fn of(ways: &[Way], elements: &[Element], has_ended: bool) -> Suggested {
    let is_skip = |way: &Way| way.remediation.as_deref() == Some(RemediationKind::Skip.as_str()) && !way.quiet;
    let skip = ways.iter().position(is_skip);
    let of = |kind, way| Suggested { kind, way, skip, reason: None };
    if has_ended {
        return of(SuggestedKind::End, None);
    }
    let primary = ways.iter().position(|way| way.role == Role::Primary && !way.quiet);
    let does =
        primary.and_then(|primary| ways.get(primary)).map(|way| (way.does, is_sent_unasked(way), way.url.is_some()));
    match does {
        Some((Does::Submit, true, _)) => of(SuggestedKind::Submit, primary),
        Some((Does::Open, _, true)) => of(SuggestedKind::Open, primary),
        Some((Does::Launch | Does::Wait, ..)) | None => match waiting(elements) {
            Some(waiting) if waiting.what == WaitingFor::Device => device(ways, waiting.poll, skip),
            Some(waiting) => of(SuggestedKind::Wait, Some(waiting.poll)),
            None => of(SuggestedKind::Answer, primary),
        },
        Some(_) => of(SuggestedKind::Answer, primary),
    }
}

/// What the screen waits for, where the person has nothing else to do.
fn waiting(elements: &[Element]) -> Option<&WaitingElement> {
    elements.iter().find_map(|element| match &element.kind {
        ElementKind::Waiting(waiting) if !waiting.quiet => Some(waiting),
        _ => None,
    })
}

/// An app is asked; when nobody can, the challenge is cancelled with the reason, and without a way to do that it is polled.
fn device(ways: &[Way], poll: usize, skip: Option<usize>) -> Suggested {
    let stop = ways.iter().position(|way| way.label.key == "way.stop.link");
    let reason = stop.is_some().then_some(UNREACHABLE);
    Suggested { kind: SuggestedKind::Device, way: Some(stop.unwrap_or(poll)), skip, reason }
}

/// Forms that ask nothing and do nothing to a person.
fn is_sent_unasked(way: &Way) -> bool {
    let kinds = [RemediationKind::CancelTransaction, RemediationKind::DeviceAppleSsoExtension];
    kinds.iter().any(|kind| way.remediation.as_deref() == Some(kind.as_str()))
}
