//! The one default of a screen: what to do when nobody says otherwise.

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
