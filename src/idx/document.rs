//! The document: one response body as it came, and a flat table of where its values are.
//!
//! Every view of a step ([`Json`], and the typed ones built on it) is a document and a node number. So nothing of the
//! server's answer can be lost, [`Json::raw`] is a slice of the very bytes, and what the form wants back goes back byte
//! for byte. Node numbers are stable for the life of the step; the other languages use them as ids.
//!
//! `serde_json` checks the text first; the table is built after it and relies on that check.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, OnceLock},
};

use super::{index::Index, message::Messages, parts::Parts, places::Places};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::{MAX_BODY_BYTES, MAX_JSON_DEPTH, MAX_JSON_NODES, MAX_NAME_BYTES},
    secret::wipe,
};
use serde::de::{Deserializer as _, IgnoredAny, Visitor};

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number; kept as written.
    Number,
    /// A string; also the name of a member.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// One value: where it is in the text, and the node after it and all it contains.
#[derive(Clone, Copy)]
struct Node {
    kind: JsonKind,
    start: u32,
    end: u32,
    next: u32,
}

/// A response body with the table of its values. Wiped on drop: it holds handles and sometimes codes.
pub struct Document {
    text: String,
    nodes: Vec<Node>,
    /// What is found in it once, at the first look.
    pub(super) index: OnceLock<Index>,
    pub(super) places: OnceLock<Places>,
    pub(super) parts: OnceLock<Parts>,
    pub(super) messages: OnceLock<Messages>,
}

impl Document {
    /// Reads a body. Errors: [`ErrorKind::LimitExceeded`] (too large, deep or many values), [`ErrorKind::Protocol`]
    /// (not UTF-8, not JSON).
    pub fn read(body: &[u8]) -> Result<Document> {
        if body.len() > MAX_BODY_BYTES {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("the response has more than {MAX_BODY_BYTES} bytes"),
            ));
        }
        let text =
            std::str::from_utf8(body).map_err(|_| Error::new(ErrorKind::Protocol, "the response is not UTF-8 text"))?;
        // The error's own text names line and column only, never a value.
        serde_json::from_str::<IgnoredAny>(text)
            .map_err(|error| Error::new(ErrorKind::Protocol, format!("the response is not JSON: {error}")))?;
        let nodes = table(text.as_bytes())?;
        Ok(Document {
            text: text.to_owned(),
            nodes,
            index: OnceLock::new(),
            places: OnceLock::new(),
            parts: OnceLock::new(),
            messages: OnceLock::new(),
        })
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value at the top.
    pub fn root<'a>(self: &'a Arc<Self>) -> Json<'a> {
        Json { document: self, node: 0 }
    }

    /// The value with this node number, if there is one.
    pub fn node<'a>(self: &'a Arc<Self>, node: u32) -> Option<Json<'a>> {
        ((node as usize) < self.nodes.len()).then_some(Json { document: self, node })
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        wipe(&mut std::mem::take(&mut self.text).into_bytes());
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({} bytes, {} values)", self.text.len(), self.nodes.len())
    }
}

/// The table of `text`, which is known to be JSON: values in the order of the text, a member as its name, then its value.
fn table(text: &[u8]) -> Result<Vec<Node>> {
    let too_much = |what: String| Err(Error::new(ErrorKind::LimitExceeded, what));
    let mut nodes: Vec<Node> = Vec::with_capacity(text.len() / 12 + 1);
    let mut open: Vec<usize> = Vec::with_capacity(16);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (kind, end) = match byte {
            b'"' => {
                let end = string_end(text, at + 1);
                if end - at > MAX_NAME_BYTES + 2 && is_name(text, nodes.last(), at, end) {
                    return too_much(format!("the response has a name of more than {MAX_NAME_BYTES} bytes"));
                }
                (JsonKind::String, end)
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {
                at += 1;
                // Indentation comes in runs.
                while text.get(at) == Some(&b' ') {
                    at += 1;
                }
                continue;
            }
            b'}' | b']' => {
                at += 1;
                let next = nodes.len() as u32;
                if let Some(node) = open.pop().and_then(|index| nodes.get_mut(index)) {
                    (node.end, node.next) = (at as u32, next);
                }
                continue;
            }
            b'{' => (JsonKind::Object, at + 1),
            b'[' => (JsonKind::Array, at + 1),
            b'n' => (JsonKind::Null, at + 4),
            b't' => (JsonKind::Bool, at + 4),
            b'f' => (JsonKind::Bool, at + 5),
            _ => {
                let part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let length = text[at..].iter().take_while(|byte| part(byte)).count();
                (JsonKind::Number, at + length.max(1))
            }
        };
        if matches!(kind, JsonKind::Object | JsonKind::Array) {
            if open.len() == MAX_JSON_DEPTH {
                return too_much(format!("the response is nested deeper than {MAX_JSON_DEPTH} levels"));
            }
            open.push(nodes.len());
        }
        if nodes.len() == MAX_JSON_NODES {
            return too_much(format!("the response has more than {MAX_JSON_NODES} values"));
        }
        nodes.push(Node { kind, start: at as u32, end: end as u32, next: nodes.len() as u32 + 1 });
        at = end;
    }
    Ok(nodes)
}

/// Whether the string from `at` to `end` is a name: of a member, or the value of a member `name`.
fn is_name(text: &[u8], before: Option<&Node>, at: usize, end: usize) -> bool {
    let names = |node: &Node| text.get(node.start as usize..node.end as usize) == Some(b"\"name\"".as_slice());
    text[end..].trim_ascii_start().first() == Some(&b':')
        || (text[..at].trim_ascii_end().last() == Some(&b':') && before.is_some_and(names))
}

/// Where the string that opened before `at` ends, its closing quote included. Strings are short: a plain walk beats a
/// search that has to be set up for each.
fn string_end(text: &[u8], at: usize) -> usize {
    let mut rest = text.get(at..).unwrap_or_default().iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'"' => return text.len() - rest.as_slice().len(),
            b'\\' => drop(rest.next()),
            _ => {}
        }
    }
    text.len()
}

/// One value of the server's answer: read-only, cheap to copy, valid as long as the step.
#[derive(Clone, Copy)]
pub struct Json<'a> {
    document: &'a Arc<Document>,
    node: u32,
}

impl<'a> Json<'a> {
    fn entry(self) -> Node {
        #[cfg(test)]
        super::costs::count();
        self.document.nodes[self.node as usize]
    }

    fn at(self, node: u32) -> Json<'a> {
        Json { node, ..self }
    }

    /// The document that this value is part of.
    pub fn document(self) -> &'a Arc<Document> {
        self.document
    }

    /// The number of this value: stable for the life of the step.
    pub fn node(self) -> u32 {
        self.node
    }

    /// Its type.
    pub fn kind(self) -> JsonKind {
        self.entry().kind
    }

    /// The value as it stands in the response, byte for byte. May hold secrets of the flow.
    pub fn raw(self) -> &'a str {
        let entry = self.entry();
        &self.document.text[entry.start as usize..entry.end as usize]
    }

    /// The text of a string; `None` for any other type. Lone surrogates become U+FFFD.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        if self.kind() != JsonKind::String {
            return None;
        }
        let raw = self.raw();
        match raw.get(1..raw.len().saturating_sub(1)) {
            Some(inner) if !inner.contains('\\') => Some(Cow::Borrowed(inner)),
            _ => Some(Cow::Owned(decode(raw))),
        }
    }

    /// A boolean. The server writes some as the strings `"true"` and `"false"`.
    pub fn as_bool(self) -> Option<bool> {
        match self.raw() {
            "true" | "\"true\"" => Some(true),
            "false" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    /// A number, also one written as a string, when it is finite.
    pub fn as_f64(self) -> Option<f64> {
        let text = match self.kind() {
            JsonKind::Number => self.raw(),
            JsonKind::String => self.raw().trim_matches('"'),
            _ => return None,
        };
        // Not `parse`: the tables of the standard library for this are 15 KB.
        serde_json::from_str::<f64>(text).ok().filter(|number| number.is_finite())
    }

    /// A whole number of at least zero, also one written as a string; a fraction is cut, a huge one is `u64::MAX`.
    pub fn as_u64(self) -> Option<u64> {
        self.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64)
    }

    /// A scalar as text: a string's text, a number or boolean as written.
    pub fn scalar_text(self) -> Option<Cow<'a, str>> {
        match self.kind() {
            JsonKind::String => self.as_str(),
            JsonKind::Number | JsonKind::Bool => Some(Cow::Borrowed(self.raw())),
            _ => None,
        }
    }

    /// The member of this name if it is not `null`.
    pub fn present(self, name: &str) -> Option<Json<'a>> {
        self.get(name).filter(|value| value.kind() != JsonKind::Null)
    }

    /// The text of the string member of this name.
    pub fn text(self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.as_str()
    }

    /// All members, in order, duplicates included: name, value. Empty when this is no object.
    pub fn members(self) -> impl Iterator<Item = (Json<'a>, Json<'a>)> {
        let entry = self.entry();
        let end = if entry.kind == JsonKind::Object { entry.next } else { 0 };
        let mut at = self.node + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let (key, value) = (self.at(at), self.at(at + 1));
                at = value.entry().next;
                (key, value)
            })
        })
    }

    /// All elements, in order. Empty when this is no array.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let entry = self.entry();
        let end = if entry.kind == JsonKind::Array { entry.next } else { 0 };
        let mut at = self.node + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let value = self.at(at);
                at = value.entry().next;
                value
            })
        })
    }

    /// The content of an ION wrapper `{"type":…, "value":…}`, or the value itself when it is bare (idx.md section 3).
    pub fn unwrap_ion(self) -> Json<'a> {
        match self.get("value") {
            Some(value) if self.get("type").is_some_and(|kind| kind.is_text("object") || kind.is_text("array")) => {
                value
            }
            Some(value) if value.kind() == JsonKind::Array => value,
            _ => self,
        }
    }

    /// Whether this is a string of this text.
    pub(super) fn is_text(self, text: &str) -> bool {
        match self.raw().strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(raw) => raw == text || (raw.contains('\\') && self.as_str().is_some_and(|own| own == text)),
            None => false,
        }
    }

    /// The value as a `serde_json::Value`; `Null` where that type cannot hold it (a number like `1e999`).
    pub fn to_value(self) -> serde_json::Value {
        serde_json::from_str(self.raw()).unwrap_or_default()
    }
}

impl PartialEq for Json<'_> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.document, other.document) && self.node == other.node
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({:?}, node {})", self.kind(), self.node)
    }
}

/// The text of a JSON string with escapes. As bytes, because only there serde_json takes lone surrogates.
fn decode(raw: &str) -> String {
    struct Lossy;
    impl Visitor<'_> for Lossy {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> std::result::Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_bytes(Lossy).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// The tree again, from the table alone.
    fn rebuild(json: Json<'_>) -> Value {
        match json.kind() {
            JsonKind::Object => Value::Object(
                json.members().map(|(key, value)| (key.as_str().unwrap().into_owned(), rebuild(value))).collect(),
            ),
            JsonKind::Array => Value::Array(json.items().map(rebuild).collect()),
            JsonKind::String => Value::String(json.as_str().unwrap().into_owned()),
            _ => serde_json::from_str(json.raw()).unwrap(),
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                proptest::collection::vec((any::<String>(), inner), 0..8)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_table_holds_what_serde_json_reads(value in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            let document = Arc::new(Document::read(text.as_bytes()).unwrap());
            prop_assert_eq!(rebuild(document.root()), serde_json::from_str::<Value>(&text).unwrap());
            prop_assert_eq!(document.root().raw(), text);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(document) = Document::read(&bytes) {
                rebuild(Arc::new(document).root());
            }
        }

        #[test]
        fn any_text_of_json_signs_is_read_or_refused(text in "[\\[\\]{}:,\"\\\\ue0 1.-a]{0,40}") {
            prop_assert_eq!(Document::read(text.as_bytes()).is_ok(), serde_json::from_str::<IgnoredAny>(&text).is_ok());
        }
    }

    fn read(text: &str) -> Arc<Document> {
        Arc::new(Document::read(text.as_bytes()).unwrap())
    }

    #[test]
    fn values_keep_their_spelling() {
        let document = read(r#" {"a": 1e2, "b":"x\u00e9\ud800\n", "a" : [1 ,{}], "":null} "#);
        let root = document.root();
        assert_eq!(root.members().count(), 4);
        assert_eq!(root.get("a").unwrap().raw(), "[1 ,{}]");
        assert_eq!(root.members().next().unwrap().1.raw(), "1e2");
        assert_eq!(root.text("b").unwrap().chars().take(2).collect::<String>(), "xé");
        assert!(root.get("").is_some() && root.present("").is_none());
    }

    #[test]
    fn limits_hold() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let many = format!("[{}0]", "0,".repeat(MAX_JSON_NODES));
        let large = format!("\"{}\"", "x".repeat(MAX_BODY_BYTES));
        for text in [deep, many, large] {
            assert_eq!(Document::read(text.as_bytes()).unwrap_err().kind(), ErrorKind::LimitExceeded);
        }
        assert!(Document::read(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes()).is_ok());
        for text in ["", "{", "{\"a\":}", "\u{feff}{}", "{} x", "<html>"] {
            assert_eq!(Document::read(text.as_bytes()).unwrap_err().kind(), ErrorKind::Protocol, "{text}");
        }
    }

    #[test]
    fn long_names_are_refused_and_long_values_are_not() {
        let long = "x".repeat(MAX_NAME_BYTES + 1);
        let short = &long[1..];
        let kind = |text: String| Document::read(text.as_bytes()).map(drop).map_err(|error| error.kind());
        for text in [format!("{{\"{long}\" : 1}}"), format!("{{\"a\":1,\"name\" : \"{long}\"}}")] {
            assert_eq!(kind(text), Err(ErrorKind::LimitExceeded));
        }
        for text in [
            format!("{{\"{short}\":1, \"name\":\"{short}\"}}"),
            format!("{{\"value\":\"{long}\"}}"),
            format!("[\"name\",\"{long}\"]"),
            format!("\"{long}\""),
        ] {
            assert_eq!(kind(text), Ok(()));
        }
    }

    #[test]
    fn wrappers_are_optional() {
        for text in [r#"{"type":"array","value":[1]}"#, r#"{"value":[1]}"#, "[1]"] {
            assert_eq!(read(text).root().unwrap_ion().items().count(), 1, "{text}");
        }
        assert_eq!(read(r#"{"type":"object","value":{"a":1}}"#).root().unwrap_ion().get("a").unwrap().raw(), "1");
    }
}
