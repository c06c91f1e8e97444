//! Values of the answers file, looked up when their turn comes: so a code that arrives on the way can be in a file by
//! then, and no secret need stand in the file itself.

use std::path::Path;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{failure::Failure, files, term::Input};

/// How deep a value is looked into.
const MAX_DEPTH: usize = 16;

/// `value` with every `{"$file"}`, `{"$env"}` and `{"$prompt"}` in it replaced by what it stands for.
pub fn resolve(value: &Value, input: &Input) -> Result<Value, Failure> {
    resolve_at(value, input, 0)
}

fn resolve_at(value: &Value, input: &Input, depth: usize) -> Result<Value, Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::Data("a value is nested too deeply".to_owned()));
    }
    match value {
        Value::Object(members) => match source(value)? {
            Some((source, name)) => look_up(source, name, input).map(Value::String),
            None => {
                let resolved =
                    members.iter().map(|(name, value)| Ok((name.clone(), resolve_at(value, input, depth + 1)?)));
                resolved.collect::<Result<_, _>>().map(Value::Object)
            }
        },
        Value::Array(items) => {
            items.iter().map(|item| resolve_at(item, input, depth + 1)).collect::<Result<_, _>>().map(Value::Array)
        }
        other => Ok(other.clone()),
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    File,
    Env,
    Prompt,
}

/// The source and its name when `value` is one; an error for a misspelt one.
fn source(value: &Value) -> Result<Option<(Source, &str)>, Failure> {
    let Some(members) = value.as_object() else { return Ok(None) };
    let Some((key, name)) = members.iter().find(|(key, _)| key.starts_with('$')) else { return Ok(None) };
    let source = match key.as_str() {
        "$file" => Source::File,
        "$env" => Source::Env,
        "$prompt" => Source::Prompt,
        _ => return Err(Failure::Data(format!("{key} is unknown; there are $file, $env and $prompt"))),
    };
    match name.as_str().filter(|name| !name.is_empty() && members.len() == 1) {
        Some(name) => Ok(Some((source, name))),
        None => Err(Failure::Data(format!("{key} takes one text, and nothing stands beside it"))),
    }
}

fn look_up(source: Source, name: &str, input: &Input) -> Result<String, Failure> {
    match source {
        Source::File => {
            let (text, _) = files::read_secret(Path::new(name))?;
            Ok(files::without_line_break(&text).to_owned())
        }
        Source::Env => of_environment(name).map(|value| value.as_str().to_owned()),
        Source::Prompt => {
            let line = input.ask(&format!("{}: ", crate::term::clean(name)), true)?;
            Ok(line.as_str().to_owned())
        }
    }
}

/// Checks that every `{"$env"}` in `value` is there. A program's environment does not change, so that this can be told
/// before anything is sent; a file and a person may still bring theirs.
pub fn check_environment(value: &Value) -> Result<(), Failure> {
    match (value, source(value)?) {
        (_, Some((Source::Env, name))) => of_environment(name).map(drop),
        (_, Some(_)) => Ok(()),
        (Value::Object(members), None) => members.values().try_for_each(check_environment),
        (Value::Array(items), None) => items.iter().try_for_each(check_environment),
        _ => Ok(()),
    }
}

fn of_environment(name: &str) -> Result<Zeroizing<String>, Failure> {
    let value = std::env::var(name).map(Zeroizing::new);
    value.map_err(|_| Failure::Usage(format!("the environment variable {name} is not set, or is not UTF-8 text")))
}

/// Checks the sources in `value` without looking anything up, and tells whether a text stands there plainly.
pub fn check(value: &Value) -> Result<bool, Failure> {
    match value {
        Value::Object(members) if source(value)?.is_none() => {
            members.values().map(check).try_fold(false, |plain, other| Ok(plain | other?))
        }
        Value::Array(items) => items.iter().map(check).try_fold(false, |plain, other| Ok(plain | other?)),
        Value::String(_) => Ok(true),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sources_are_known_by_their_name() {
        let of = |value: &Value| source(value).map(|found| found.map(|(source, name)| (source, name.to_owned())));
        assert_eq!(of(&json!({"$file": "x"})).unwrap(), Some((Source::File, "x".to_owned())));
        assert_eq!(of(&json!({"$env": "x"})).unwrap(), Some((Source::Env, "x".to_owned())));
        assert_eq!(of(&json!({"a": 1})).unwrap(), None);
        for bad in [json!({"$outbox": "x"}), json!({"$file": 1}), json!({"$file": ""}), json!({"$file": "x", "a": 1})] {
            assert!(of(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn plain_texts_are_seen() {
        assert!(check(&json!({"a": {"$env": "x"}, "b": ["y"]})).unwrap());
        assert!(!check(&json!({"a": {"$env": "x"}, "b": [1, true]})).unwrap());
        assert!(check(&json!({"a": {"$outbox": "x"}})).is_err());
    }
}
