//! Phrases: what a person reads, as a stable key with its arguments and a text that can always be drawn.

use std::{borrow::Cow, cmp::Ordering, fmt};

use super::{english::ENGLISH, markup};
use crate::limits::MAX_PHRASE_CHARS;

/// Where the text of a [`Phrase`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhraseSource {
    /// The server: already in the person's language.
    Server,
    /// This library: English. An app that has its own words for the key uses those.
    Ours,
}

impl PhraseSource {
    /// The source as a word, `snake_case`.
    pub fn as_str(self) -> &'static str {
        match self {
            PhraseSource::Server => "server",
            PhraseSource::Ours => "ours",
        }
    }
}

/// What a person reads. `key` is for an app's own words, `text` can always be drawn and never holds markup.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Phrase {
    /// Stable: one of ours (`verify.email.hint`), or the wire key of a message of the server.
    pub key: Cow<'static, str>,
    /// The text, arguments put in.
    pub text: String,
    /// The values in the text, by name, in the order of the text. Dates are ISO 8601.
    pub arguments: Vec<(Cow<'static, str>, String)>,
    /// Who wrote the text.
    pub source: PhraseSource,
}

impl Phrase {
    /// A text of ours. `arguments` are those that the English has in braces, each once.
    pub(super) fn ours(key: &'static str, arguments: &[(&'static str, &str)]) -> Self {
        let mut text = english(key).unwrap_or(key).to_owned();
        let mut kept = Vec::with_capacity(arguments.len());
        for (name, value) in arguments {
            let value = cut(value);
            text = text.replacen(&format!("{{{name}}}"), &value, 1);
            kept.push((Cow::Borrowed(*name), value));
        }
        Phrase { key: Cow::Borrowed(key), text, arguments: kept, source: PhraseSource::Ours }
    }

    /// A text of the server's under a key of ours or of the wire. It is cut where no person reads on; markup stays out.
    pub(super) fn server(key: impl Into<Cow<'static, str>>, text: &str) -> Self {
        Phrase { key: key.into(), text: cut(text), arguments: Vec::new(), source: PhraseSource::Server }
    }
}

/// All of them: key and English.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ENGLISH.lines().filter_map(|line| line.split_once(' '))
}

/// The English of a key of ours.
pub(super) fn english(key: &str) -> Option<&'static str> {
    let mut among = ENGLISH;
    loop {
        let (before, after) = among.as_bytes().split_at(among.len() / 2);
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let end = after.iter().position(|byte| *byte == b'\n')? + before.len();
        let (known, text) = among.get(start..end)?.split_once(' ')?;
        among = match known.cmp(key) {
            Ordering::Equal => return Some(text),
            Ordering::Less => among.get(end + 1..)?,
            Ordering::Greater => among.get(..start)?,
        };
    }
}

/// At most as many characters as a label can have, in one line and without markup.
pub(super) fn cut(text: &str) -> String {
    let text = markup::plain(text);
    match text.char_indices().nth(MAX_PHRASE_CHARS) {
        None => text.into_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

impl fmt::Debug for Phrase {
    /// The key alone: an argument may be an address or a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phrase({})", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_put_in_once_and_kept() {
        let phrase = Phrase::ours("verify.email_two.hint", &[("email", "{second}"), ("second", "b@example.com")]);
        assert!(phrase.text.contains("b@example.com"));
        assert_eq!(phrase.arguments.len(), 2);
        assert!(!format!("{phrase:?}").contains("example.com"));
    }

    #[test]
    fn the_texts_are_sorted_and_whole() {
        assert!(all().is_sorted_by(|(a, _), (b, _)| a < b));
        assert_eq!(all().count(), ENGLISH.lines().count());
        for (key, text) in all() {
            assert_eq!(english(key), Some(text));
            let role = key.rsplit('.').next().unwrap();
            assert!(["title", "hint", "label", "button", "link", "note", "text", "detail"].contains(&role), "{key}");
            assert!(!text.is_empty() && !text.contains(['<', '>', '\n']), "{key}");
        }
    }
}
