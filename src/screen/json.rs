//! The screen as JSON, for web views and other renderers.
//!
//! Names are those of the types, in snake case. Left out are absent members, empty lists, `false`, zero of `after_ms`, the
//! `text` of an element that equals its `label`, `arguments` without members, and `source` when it is `ours`.
//!
//! ```text
//! screen   {name, title, subject?, notices[], elements[], ways[], suggested, ending: {…} or null}
//! phrase   {key, text, arguments{name: text}, source: "server"}
//! subject  {identifier?, name?, app?, logo?, links[{what, url}], client?{browser?, os?, place?}}
//! notice   {severity, key?, text: phrase, at?{way, path}, links[{url, label}], items[notice]}
//! element  {kind, text?: phrase, way?, …the members of its kind}
//!   text         role, value?, copy, links[]            picture  what, content?, media, bytes: base64, alt: phrase
//!   input        path, ask, label, required, secret, preset?, min?, max?, autofill?{ios?, android?, html},
//!                keyboard? (absent: plain text, a list, or none), direction, options[{label, value}], messages[index];
//!                what else belongs to the ask is in a member of its name: "code": {source, digits, length?, group?}
//!   choice       path, label, style, groups[{name, label}], options[{label, detail?, note?, group?, key?, method?,
//!                enrollment?, logo?, node, nodes[] when it stands for several, sets[], fields[input], picks_at_once}]
//!   secret       value, spelled, grouped, copy          number   value
//!   requirements for, rules[{key: phrase, rule, limit?, attribute?, checkable}]
//!   consent      scopes[{name, label, detail?}]         facts    rows[{label, value}]
//!   waiting      for, interval_ms, until?, poll, quiet  frame    vendor, host?, token?, script?, fills
//! way      {role, does, label, remediation?, action?, inputs[path], sets[{path, value}], nodes[], url?, after_ms, quiet}
//! suggested {kind, way?, skip?, reason?}
//! ending   {kind, good, key?, text: phrase, retry}
//! ```

use serde_json::{Map, Value};

use super::{
    Screen,
    ask::{Ask, Autofill, ChoiceStyle, Keyboard, Rule, RuleKind},
    element::{ChoiceElement, ChoiceOption, Element, ElementKind, Fact, Input, InputOption, Scope},
    ending::Ending,
    notice::{Link, Notice},
    phrase::{Phrase, PhraseSource},
    subject::Subject,
    suggested::Suggested,
    way::{Preset, Way},
};
use crate::{idx::AnswerValue, jose::base64url};

impl From<&Phrase> for Value {
    fn from(phrase: &Phrase) -> Value {
        let arguments =
            phrase.arguments.iter().fold(Members::new(), |members, (name, value)| members.put(name, value.as_str()));
        let sent = (phrase.source == PhraseSource::Server).then_some(phrase.source.as_str());
        let members = Members::new().put("key", &*phrase.key).put("text", phrase.text.as_str());
        members.within("arguments", arguments).some("source", sent).done()
    }
}

/// The screen as JSON text.
pub(super) fn text(screen: &Screen) -> String {
    let members = Members::new()
        .put("name", screen.name.as_str())
        .put("title", &screen.title)
        .some("subject", screen.subject.as_ref().map(subject))
        .list("notices", &screen.notices, notice)
        .list("elements", &screen.elements, element)
        .list("ways", &screen.ways, way)
        .put("suggested", suggested(&screen.suggested))
        .put("ending", screen.ending.as_ref().map(ending));
    Value::Object(members.0).to_string()
}

/// The members of an object; what says nothing is left out.
struct Members(Map<String, Value>);

impl Members {
    fn new() -> Self {
        Members(Map::new())
    }

    fn put(self, name: &str, value: impl Into<Value>) -> Self {
        self.put_value(name, value.into())
    }

    fn put_value(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    fn some(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    fn flag(self, name: &str, value: bool) -> Self {
        self.some(name, value.then_some(true))
    }

    fn list<T>(self, name: &str, items: &[T], each: impl Fn(&T) -> Value) -> Self {
        let items: Vec<_> = items.iter().map(each).collect();
        self.some(name, (!items.is_empty()).then_some(items))
    }

    /// An object below this one, unless it is empty.
    fn within(self, name: &str, members: Members) -> Self {
        self.some(name, (!members.0.is_empty()).then_some(members.0))
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn subject(subject: &Subject) -> Value {
    let client = |client: &super::SubjectClient| {
        Members::new()
            .some("browser", client.browser.as_deref())
            .some("os", client.os.as_deref())
            .some("place", client.place.as_deref())
            .done()
    };
    Members::new()
        .some("identifier", subject.identifier.as_deref())
        .some("name", subject.name.as_deref())
        .some("app", subject.app.as_deref())
        .some("logo", subject.logo.as_deref())
        .list("links", &subject.links, |link| {
            Members::new().put("what", link.what).put("url", link.url.as_str()).done()
        })
        .some("client", subject.client.as_ref().map(client))
        .done()
}

fn link(link: &Link) -> Value {
    Members::new().put("url", link.url.as_str()).put("label", link.label.as_str()).done()
}

fn notice(of: &Notice) -> Value {
    Members::new()
        .put("severity", of.severity.as_str())
        .some("key", of.key.as_deref())
        .some("at", of.at.as_ref().map(|at| Members::new().put("way", at.way).put("path", at.path.as_str()).done()))
        .put("text", &of.text)
        .list("links", &of.links, link)
        .list("items", &of.items, notice)
        .done()
}

fn element(element: &Element) -> Value {
    let members = Members::new().put("kind", element.kind.as_str()).some("way", element.way);
    let (members, label) = match &element.kind {
        ElementKind::Input(own) => (input(members, own), Some(&own.label)),
        ElementKind::Choice(own) => (choice(members, own), Some(&own.label)),
        other => (kind(members, other), None),
    };
    members.some("text", Some(&element.text).filter(|text| label != Some(text))).done()
}

fn kind(members: Members, kind: &ElementKind) -> Members {
    match kind {
        ElementKind::Text(text) => {
            let members = members.put("role", text.role.as_str()).some("value", text.value.as_deref());
            members.flag("copy", text.copy).list("links", &text.links, link)
        }
        ElementKind::Picture(picture) => members
            .put("what", picture.what.as_str())
            .some("content", picture.content.as_deref())
            .put("media", picture.media.as_str())
            .put("bytes", base64(&picture.bytes))
            .put("alt", &picture.alt),
        ElementKind::Secret { value, spelled, grouped, copy } => members
            .put("value", value.as_str())
            .put("spelled", spelled.as_str())
            .put("grouped", grouped.as_str())
            .flag("copy", *copy),
        ElementKind::Number { value } => members.put("value", value.as_str()),
        ElementKind::Requirements(own) => members.put("for", own.input.as_str()).list("rules", &own.rules, rule),
        ElementKind::Consent { scopes } => members.list("scopes", scopes, scope),
        ElementKind::Waiting(own) => members
            .put("for", own.what.as_str())
            .put("interval_ms", own.interval_ms)
            .some("until", own.until)
            .put("poll", own.poll)
            .flag("quiet", own.quiet),
        ElementKind::Frame { vendor, host, token, script, fills } => members
            .put("vendor", vendor.as_str())
            .some("host", host.as_deref())
            .some("token", token.as_deref())
            .some("script", script.as_deref())
            .put("fills", fills.as_str()),
        ElementKind::Facts { rows } => members.list("rows", rows, |row: &Fact| {
            Members::new().put("label", &row.label).put("value", row.value.as_str()).done()
        }),
        ElementKind::Input(_) | ElementKind::Choice(_) => members,
    }
}

fn rule(rule: &Rule) -> Value {
    let attribute = match &rule.kind {
        RuleKind::Attribute(name) => Some(name.as_str()),
        _ => None,
    };
    let members = Members::new().put("key", &rule.text).put("rule", rule.kind.as_str());
    members.some("limit", rule.limit).some("attribute", attribute).flag("checkable", rule.checkable).done()
}

fn scope(scope: &Scope) -> Value {
    let members = Members::new().put("name", scope.name.as_str()).put("label", &scope.label);
    members.some("detail", scope.detail.as_deref()).done()
}

fn input(members: Members, input: &Input) -> Members {
    let plain = matches!(input.keyboard, Keyboard::Text | Keyboard::List | Keyboard::None);
    let members = members
        .put("path", input.path.as_str())
        .put("ask", input.ask.as_str())
        .within(input.ask.as_str(), ask(&input.ask))
        .put("label", &input.label)
        .flag("required", input.required)
        .flag("secret", input.secret)
        .some("preset", input.preset.as_ref().map(value))
        .some("min", input.min)
        .some("max", input.max);
    members
        .some("autofill", autofill(input.autofill))
        .some("keyboard", (!plain).then_some(input.keyboard.as_str()))
        .put("direction", input.direction.as_str())
        .list("options", &input.options, |option: &InputOption| {
            Members::new().put("label", &option.label).put("value", value(&option.value)).done()
        })
        .list("messages", &input.messages, |index| Value::from(*index))
}

/// What belongs to an ask beside its word.
fn ask(ask: &Ask) -> Members {
    let members = Members::new();
    match ask {
        Ask::NewPassword { rules, confirm, pin } => {
            members.list("rules", rules, rule).some("confirm", confirm.as_ref()).flag("pin", *pin)
        }
        Ask::Code { source, digits, length, group } => {
            members.put("source", source.as_str()).flag("digits", *digits).some("length", *length).some("group", *group)
        }
        Ask::Answer { question } => members.some("question", question.as_deref()),
        Ask::Phone { method } => members.some("method", method.as_deref()),
        Ask::Profile { attribute } => members.put("attribute", attribute.as_str()),
        Ask::Choice { style } => members.some("style", Some(style.as_str()).filter(|_| *style != ChoiceStyle::Select)),
        Ask::Consent { scope, detail } => members.put("scope", scope.as_str()).some("detail", detail.as_deref()),
        Ask::Captcha { id, site_key, kind } => {
            members.some("id", id.as_deref()).some("site_key", site_key.as_deref()).put("kind", kind.as_str())
        }
        Ask::Passkey { make, autofill, options } => {
            let options = options.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
            members.flag("make", *make).flag("autofill", *autofill).some("options", options)
        }
        Ask::Number { whole } => members.flag("whole", *whole),
        Ask::Value { json } => members.put("json", json.as_str()),
        Ask::Username | Ask::Password | Ask::Country | Ask::Email | Ask::Authenticator | Ask::Toggle | Ask::Frame => {
            members
        }
    }
}

fn autofill(of: Autofill) -> Option<Value> {
    let is_off = of.ios.is_none() && of.android.is_none() && matches!(of.html, "off" | "");
    let members = Members::new().some("ios", of.ios).some("android", of.android).put("html", of.html);
    (!is_off).then(|| members.done())
}

fn choice(members: Members, choice: &ChoiceElement) -> Members {
    members
        .put("path", choice.path.as_str())
        .put("label", &choice.label)
        .put("style", choice.style.as_str())
        .list("groups", &choice.groups, |group| {
            Members::new().put("name", group.name).put("label", &group.label).done()
        })
        .list("options", &choice.options, option)
}

fn option(option: &ChoiceOption) -> Value {
    let several = if option.nodes.len() > 1 { option.nodes.as_slice() } else { &[] };
    Members::new()
        .put("label", &option.label)
        .some("detail", option.detail.as_ref())
        .some("note", option.note.as_ref())
        .some("group", option.group)
        .some("key", option.key.as_deref())
        .some("method", option.method.as_deref())
        .some("enrollment", option.enrollment.as_deref())
        .some("logo", option.logo.as_deref())
        .put("node", option.node)
        .list("nodes", several, |node| Value::from(*node))
        .list("sets", &option.sets, preset)
        .list("fields", &option.fields, |field| input(Members::new(), field).done())
        .flag("picks_at_once", option.picks_at_once)
        .done()
}

fn way(way: &Way) -> Value {
    Members::new()
        .put("role", way.role.as_str())
        .put("does", way.does.as_str())
        .put("label", &way.label)
        .some("remediation", way.remediation.as_deref())
        .some("action", way.action.as_deref())
        .list("inputs", &way.inputs, |path| Value::from(path.as_str()))
        .list("sets", &way.sets, preset)
        .list("nodes", &way.nodes, |node| Value::from(*node))
        .some("url", way.url.as_deref())
        .some("after_ms", Some(way.after_ms).filter(|ms| *ms != 0))
        .flag("quiet", way.quiet)
        .done()
}

fn preset(preset: &Preset) -> Value {
    Members::new().put("path", preset.path.as_str()).put("value", value(&preset.value)).done()
}

fn value(of: &AnswerValue) -> Value {
    match of {
        AnswerValue::Text(text) => Value::from(text.expose()),
        AnswerValue::Bool(value) => Value::from(*value),
        AnswerValue::Integer(value) => Value::from(*value),
        AnswerValue::Json(text) => serde_json::from_str(text.expose()).unwrap_or_default(),
    }
}

fn suggested(of: &Suggested) -> Value {
    let members = Members::new().put("kind", of.kind.as_str());
    members.some("way", of.way).some("skip", of.skip).some("reason", of.reason).done()
}

fn ending(of: &Ending) -> Value {
    Members::new()
        .put("kind", of.kind.as_str())
        .flag("good", of.good)
        .some("key", of.key.as_deref())
        .put("text", &of.text)
        .put("retry", of.retry.as_str())
        .done()
}

/// Base64 as data addresses have it: the other alphabet, padded.
fn base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    text.extend(std::iter::repeat_n('=', (4 - text.len() % 4) % 4));
    text
}
