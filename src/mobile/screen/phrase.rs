//! Phrases: what a person reads.

use std::collections::HashMap;

use crate::{
    mobile::{names::closed, redacted},
    screen as core,
};

/// What a person reads. `key` is for an app's own words, `text` can always be drawn and never holds markup.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Phrase {
    /// Stable: one of the library's (`verify.email.hint`), or the wire key of a message of the server.
    pub key: String,
    /// The text, arguments put in.
    pub text: String,
    /// The values in the text, by name. Dates are ISO 8601.
    pub arguments: HashMap<String, String>,
    /// Who wrote the text.
    pub source: PhraseSource,
}

closed! {
    /// Where the text of a phrase comes from.
    PhraseSource of screen {
        /// The server: already in the person's language.
        Server,
        /// The library: English. An app that has its own words for the key uses those.
        Ours,
    }
}

redacted!(Phrase);

impl Phrase {
    pub(in crate::mobile) fn of(phrase: core::Phrase) -> Self {
        let arguments = phrase.arguments.into_iter().map(|(name, value)| (name.into_owned(), value));
        Phrase {
            key: phrase.key.into_owned(),
            text: phrase.text,
            arguments: arguments.collect(),
            source: phrase.source.into(),
        }
    }
}
