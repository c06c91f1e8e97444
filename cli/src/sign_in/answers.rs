//! The answers file: a JSON list, one entry for each step (`sign-in --help` describes it).
//!
//! It is checked as a whole before anything is sent; values are looked up when their turn comes ([`super::lookup`]).

use std::collections::VecDeque;

use interaction_code::idx::AnswerPath;
use serde_json::{Map, Value};

use super::lookup;
use crate::failure::Failure;

/// The entries that are left.
pub struct Answers {
    entries: VecDeque<Entry>,
    total: usize,
}

/// One entry; its number counts from 1, for people.
pub struct Entry {
    pub number: usize,
    pub what: What,
}

/// What an entry says.
pub enum What {
    /// Fill in the form of this name, the `index`th of that name.
    Fill { remediation: String, index: usize, values: Vec<(AnswerPath, Value)>, extra: Vec<(AnswerPath, Value)> },
    /// Something else to do with the step.
    Act(Act),
    /// The app was opened with this URL.
    Callback(Value),
}

/// What can be done with a step beside answering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Poll,
    Resend,
    Send,
    Recover,
    Skip,
    Cancel,
    Refresh,
    Restart,
}

const ACTS: [(&str, Act); 8] = [
    ("poll", Act::Poll),
    ("resend", Act::Resend),
    ("send", Act::Send),
    ("recover", Act::Recover),
    ("skip", Act::Skip),
    ("cancel", Act::Cancel),
    ("refresh", Act::Refresh),
    ("restart", Act::Restart),
];

impl Answers {
    /// Reads the file and checks it.
    pub fn read(text: &str) -> Result<Answers, Failure> {
        // serde_json's text names line and column, never a value.
        let value: Value =
            serde_json::from_str(text).map_err(|error| Failure::Data(format!("the answers are not JSON: {error}")))?;
        let Value::Array(list) = value else {
            return Err(Failure::Data("the answers are not a JSON list".to_owned()));
        };
        let total = list.len();
        let entries = list.into_iter().enumerate().map(|(index, value)| {
            let number = index + 1;
            let what = entry(value).map_err(|failure| failure.within(&format!("answer {number}")))?;
            Ok(Entry { number, what })
        });
        Ok(Answers { entries: entries.collect::<Result<_, Failure>>()?, total })
    }

    /// Checks that everything is there that comes from the environment.
    pub fn check_environment(&self) -> Result<(), Failure> {
        self.entries.iter().try_for_each(|entry| {
            let checked = match &entry.what {
                What::Fill { values, extra, .. } => {
                    values.iter().chain(extra).try_for_each(|(_, value)| lookup::check_environment(value))
                }
                What::Callback(url) => lookup::check_environment(url),
                What::Act(_) => Ok(()),
            };
            checked.map_err(|failure| failure.within(&format!("answer {}", entry.number)))
        })
    }

    /// Whether a text stands in the file itself, so that the file may hold a secret.
    pub fn has_plain_values(text: &str) -> bool {
        let plain =
            |value: &Value| ["values", "extra", "url"].iter().any(|name| lookup::check(&value[*name]).unwrap_or(true));
        serde_json::from_str::<Vec<Value>>(text).is_ok_and(|list| list.iter().any(plain))
    }

    /// The next entry, without taking it.
    pub fn peek(&self) -> Option<&Entry> {
        self.entries.front()
    }

    /// Takes the next entry.
    pub fn next(&mut self) -> Option<Entry> {
        self.entries.pop_front()
    }

    /// How many entries are left, and how many there were.
    pub fn left(&self) -> (usize, usize) {
        (self.entries.len(), self.total)
    }
}

fn wrong(text: impl Into<String>) -> Failure {
    Failure::Data(text.into())
}

fn entry(value: Value) -> Result<What, Failure> {
    let Value::Object(mut members) = value else { return Err(wrong("it is not a JSON object")) };
    let what = match (members.remove("remediation"), members.remove("action")) {
        (Some(Value::String(remediation)), None) => {
            let index = match members.remove("index") {
                None => 0,
                Some(index) => index
                    .as_u64()
                    .and_then(|index| usize::try_from(index).ok())
                    .ok_or_else(|| wrong("`index` is not a whole number from 0"))?,
            };
            let values = values(members.remove("values"), "values")?;
            let extra = self::values(members.remove("extra"), "extra")?;
            What::Fill { remediation, index, values, extra }
        }
        (None, Some(Value::String(action))) if action == "callback" => match members.remove("url") {
            Some(url @ (Value::String(_) | Value::Object(_))) => {
                lookup::check(&url)?;
                What::Callback(url)
            }
            _ => return Err(wrong("the action callback takes a `url`")),
        },
        (None, Some(Value::String(action))) => match ACTS.iter().find(|(name, _)| *name == action) {
            Some((_, act)) => What::Act(*act),
            None => {
                let known: Vec<_> = ACTS.iter().map(|(name, _)| *name).collect();
                return Err(wrong(format!("there is no such action; there are {} and callback", known.join(", "))));
            }
        },
        _ => return Err(wrong("it needs a `remediation` or an `action`, one of them, as a text")),
    };
    match members.keys().next() {
        None => Ok(what),
        Some(name) => Err(wrong(format!("`{}` is unknown here", crate::term::clean(name)))),
    }
}

/// Path to value, as an object or as a list.
fn values(given: Option<Value>, name: &str) -> Result<Vec<(AnswerPath, Value)>, Failure> {
    let pairs: Vec<(AnswerPath, Value)> = match given {
        None => Vec::new(),
        Some(Value::Object(members)) => {
            members.into_iter().map(|(path, value)| Ok((path_of(path)?, value))).collect::<Result<_, Failure>>()?
        }
        Some(Value::Array(items)) => items.into_iter().map(|item| pair(item, name)).collect::<Result<_, _>>()?,
        Some(_) => return Err(wrong(format!("`{name}` is neither an object nor a list"))),
    };
    for (_, value) in &pairs {
        lookup::check(value)?;
    }
    Ok(pairs)
}

/// `{"path": …, "value": …}`
fn pair(item: Value, name: &str) -> Result<(AnswerPath, Value), Failure> {
    let shape = || wrong(format!("an item of `{name}` is not {{\"path\": …, \"value\": …}}"));
    let Value::Object(mut members) = item else { return Err(shape()) };
    let members: &mut Map<String, Value> = &mut members;
    let (Some(path), Some(value), true) = (members.remove("path"), members.remove("value"), members.is_empty()) else {
        return Err(shape());
    };
    match path {
        Value::String(path) => Ok((path_of(path)?, value)),
        Value::Array(names) => Ok((names_of(names)?, value)),
        _ => Err(wrong("a path is a text or a list of texts")),
    }
}

/// A dotted path, or a JSON list in a text.
fn path_of(path: String) -> Result<AnswerPath, Failure> {
    match serde_json::from_str::<Value>(&path) {
        Ok(Value::Array(names)) if path.starts_with('[') => names_of(names),
        _ => Ok(AnswerPath::Dotted(path)),
    }
}

fn names_of(names: Vec<Value>) -> Result<AnswerPath, Failure> {
    let text = |name: Value| match name {
        Value::String(name) => Ok(name),
        _ => Err(wrong("a path has something else than texts in it")),
    };
    names.into_iter().map(text).collect::<Result<_, _>>().map(AnswerPath::Names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_entry_is_read() {
        let text = r#"[
            {"remediation": "identify", "values": {"identifier": "a", "[\"x.y\",\"z\"]": true}},
            {"remediation": "r", "index": 2, "values": [{"path": ["a", "b.c"], "value": 1}, {"path": "d.e", "value": {"$env": "E"}}],
             "extra": {"reason": "x"}},
            {"action": "poll"}, {"action": "callback", "url": "com.example:/cb?x=1"}]"#;
        let mut answers = Answers::read(text).unwrap();
        assert_eq!(answers.left(), (4, 4));
        let Some(What::Fill { values, .. }) = answers.next().map(|entry| entry.what) else { panic!() };
        let paths: Vec<_> = values.into_iter().map(|(path, _)| path).collect();
        assert!(paths.contains(&AnswerPath::from("identifier")) && paths.contains(&AnswerPath::from(["x.y", "z"])));
        let Some(What::Fill { index: 2, values, extra, .. }) = answers.next().map(|entry| entry.what) else { panic!() };
        assert_eq!((values[0].0.clone(), values.len(), extra.len()), (AnswerPath::from(["a", "b.c"]), 2, 1));
        assert!(matches!(answers.peek(), Some(Entry { number: 3, what: What::Act(Act::Poll) })));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, part) in [
            ("{", "not JSON"),
            ("{}", "not a JSON list"),
            ("[1]", "answer 1: it is not a JSON object"),
            ("[{}]", "answer 1: it needs"),
            (r#"[{"action":"poll"},{"action":"dance"}]"#, "answer 2: there is no such action; there are poll, resend"),
            (r#"[{"action":"poll","remediation":"x"}]"#, "one of them"),
            (r#"[{"remediation":"x","value":{}}]"#, "`value` is unknown"),
            (r#"[{"action":"callback"}]"#, "takes a `url`"),
            (r#"[{"remediation":"x","index":-1}]"#, "`index`"),
            (r#"[{"remediation":"x","values":[1]}]"#, "an item of `values`"),
            (r#"[{"remediation":"x","values":"s3cret"}]"#, "neither"),
            (r#"[{"remediation":"x","values":{"a":{"$outbox":1}}}]"#, "$outbox is unknown"),
            (r#"[{"remediation":"x","values":[{"path":[1],"value":2}]}]"#, "else than texts"),
        ] {
            let error = Answers::read(text).err().unwrap().to_string();
            assert!(error.contains(part) && !error.contains("s3cret"), "{text}: {error}");
        }
    }

    #[test]
    fn a_file_with_plain_texts_may_hold_a_secret() {
        assert!(Answers::has_plain_values(r#"[{"remediation":"x","values":{"a":"b"}}]"#));
        assert!(!Answers::has_plain_values(
            r#"[{"remediation":"x","values":{"a":{"$file":"b"},"c":true}},{"action":"poll"}]"#
        ));
    }
}
