//! Messages: what the server tells the person, at the top of a step, on a field, or anywhere else (idx.md section 7).
//!
//! `text()` is already in the user's language and may contain markup: show it as text. Decide by `key()`, never by text.
//! [`Step::messages`](super::Step::messages) collects all of them with the path of their field.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use super::{
    document::{Document, Json, JsonKind},
    message_keys::MessageKey,
};

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageClass {
    /// Something went wrong.
    Error,
    /// Something needs attention.
    Warning,
    /// For information. A terminal INFO may still mean that the sign-in ended.
    Info,
}

impl MessageClass {
    /// The class as it is on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            MessageClass::Error => "ERROR",
            MessageClass::Warning => "WARNING",
            MessageClass::Info => "INFO",
        }
    }
}

/// One message. A view: valid as long as its step.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    json: Json<'a>,
    path: Vec<Cow<'a, str>>,
    in_field: bool,
}

impl<'a> Message<'a> {
    /// The message at this value, which stands in the fields of these names.
    pub(crate) fn at(json: Json<'a>, names: impl IntoIterator<Item = Json<'a>>) -> Self {
        let path: Vec<_> = names.into_iter().filter_map(Json::as_str).collect();
        let in_field = !path.is_empty();
        Message { json, path, in_field }
    }

    /// The message at this value, which belongs to the field at `path`.
    pub(super) fn of_field(json: Json<'a>, path: Vec<Cow<'a, str>>) -> Self {
        Message { json, path, in_field: true }
    }

    /// The text, in the user's language. Untrusted: may contain markup.
    pub fn text(&self) -> Cow<'a, str> {
        self.json.text("message").unwrap_or_default()
    }

    /// The i18n key as it came, for example `errors.E0000004`. Missing in some messages.
    pub fn key(&self) -> Option<Cow<'a, str>> {
        self.json.get("i18n")?.text("key").filter(|key| !key.is_empty())
    }

    /// The key as one of the known ones.
    pub fn known_key(&self) -> Option<MessageKey> {
        self.key().map(|key| MessageKey::from(key.as_ref()))
    }

    /// The parameters of the key, numbers as text.
    pub fn params(&self) -> Vec<Cow<'a, str>> {
        let params = self.json.get("i18n").and_then(|i18n| i18n.get("params"));
        params.into_iter().flat_map(Json::items).filter_map(Json::scalar_text).collect()
    }

    /// How serious it is. Where the server does not say: an error on a field, information elsewhere.
    pub fn class(&self) -> MessageClass {
        match self.json.text("class").map(|class| class.to_ascii_uppercase()).as_deref() {
            Some("ERROR") => MessageClass::Error,
            Some("WARNING") => MessageClass::Warning,
            Some("INFO") => MessageClass::Info,
            _ if self.in_field => MessageClass::Error,
            _ => MessageClass::Info,
        }
    }

    /// The class as it came.
    pub fn raw_class(&self) -> Option<Cow<'a, str>> {
        self.json.text("class")
    }

    /// The names that lead to the field it belongs to; empty for a message of the step.
    pub fn path(&self) -> &[Cow<'a, str>] {
        &self.path
    }

    /// The path joined by dots, for showing; `None` for a message of the step.
    pub fn dotted_path(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.join("."))
    }

    /// Help links: URL, label. Open only `https` ones.
    pub fn links(&self) -> impl Iterator<Item = (Cow<'a, str>, Option<Cow<'a, str>>)> + use<'a> {
        let links = self.json.get("links").map(Json::unwrap_ion);
        links.into_iter().flat_map(Json::items).filter_map(|link| Some((link.text("url")?, link.text("label"))))
    }

    /// The message as it came: `deviceRemediation` and whatever else the server adds.
    pub fn json(&self) -> Json<'a> {
        self.json
    }
}

/// Every message of a response: its node, and the names (by node) of the fields that it stands in, outermost first.
pub(super) struct Messages {
    all: Vec<(u32, Vec<u32>)>,
    places: HashMap<u32, usize>,
}

impl Document {
    /// Found at the first look.
    pub(super) fn messages(self: &Arc<Self>) -> &Messages {
        self.messages.get_or_init(|| {
            let mut all = Vec::new();
            collect(self.root(), &mut Vec::new(), &mut all);
            let places = all.iter().enumerate().map(|(place, (node, _))| (*node, place)).collect();
            Messages { all, places }
        })
    }
}

impl Messages {
    /// All, in the order of the response.
    pub fn all(&self) -> &[(u32, Vec<u32>)] {
        &self.all
    }

    /// The names that lead to the message at this node; `None` for a node that is none.
    pub fn names(&self, node: u32) -> Option<&[u32]> {
        self.places.get(&node).and_then(|place| self.all.get(*place)).map(|(_, names)| names.as_slice())
    }
}

/// The messages of the `messages` container of an object.
pub(super) fn listed<'a>(owner: Json<'a>) -> impl Iterator<Item = Json<'a>> {
    let container = owner.get("messages").map(Json::unwrap_ion);
    container.into_iter().flat_map(Json::items).filter(|item| item.kind() == JsonKind::Object)
}

/// Every message below `json`, in the order of the document.
///
/// A walk over everything instead of over the known places, so that a message in a place nobody expects is not lost. An
/// element of a `value` array with a name and without an address is a field: its name becomes part of the path.
fn collect(json: Json<'_>, path: &mut Vec<u32>, found: &mut Vec<(u32, Vec<u32>)>) {
    found.extend(listed(json).map(|message| (message.node(), path.clone())));
    for (key, value) in json.members() {
        // `form` itself, too, where it is a bare array.
        let holds_fields = ["\"value\"", "\"form\""].contains(&key.raw());
        if key.raw() == "\"messages\"" {
            continue;
        }
        if value.kind() == JsonKind::Object {
            // Old responses have one message by itself: `terminal.value.message` (idx.md quirk 40).
            if key.raw() == "\"message\"" && value.text("message").is_some() {
                found.push((value.node(), path.clone()));
            }
            collect(value, path, found);
        }
        collect_items(value, holds_fields, path, found);
    }
}

fn collect_items(array: Json<'_>, holds_fields: bool, path: &mut Vec<u32>, found: &mut Vec<(u32, Vec<u32>)>) {
    for item in array.items() {
        let name = if holds_fields && item.get("href").is_none() { item.get("name") } else { None };
        let name = name.filter(|name| name.kind() == JsonKind::String);
        path.extend(name.map(Json::node));
        match item.kind() {
            JsonKind::Object => collect(item, path, found),
            JsonKind::Array => collect_items(item, false, path, found),
            _ => {}
        }
        if name.is_some() {
            path.pop();
        }
    }
}
