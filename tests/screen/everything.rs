//! What holds for every text, message and default of every recorded response, and the table that a person has read.
//!
//! `recorded.txt` says for each recording what the library would do by itself: facts only, by file name, no word of the
//! recording. `IC_BLESS=1 cargo test --test screen everything` rewrites it; read the change before you commit it.

use std::{collections::HashSet, fs, path::Path};

use interaction_code::{
    idx::Step,
    limits::MAX_PHRASE_CHARS,
    screen::{ElementKind, Notice, Screen},
};
use serde_json::Value;

use crate::{
    phrases::{braces, english},
    ways::recorded,
};

/// Every phrase in the JSON of a screen: an object with `key` and `text`.
fn phrases_of<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            if members.get("key").is_some_and(Value::is_string) && members.get("text").is_some_and(Value::is_string) {
                found.push(value);
            }
            members.values().for_each(|inner| phrases_of(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| phrases_of(inner, found)),
        _ => {}
    }
}

/// Invariant 6: no phrase is empty, none holds markup or more than one line, each of ours is the English of its key.
#[test]
fn every_text_can_be_drawn() {
    let Some(steps) = recorded("every_text_can_be_drawn") else { return };
    let mut seen = HashSet::new();
    for (file, step) in &steps {
        let json: Value = serde_json::from_str(&Screen::of(step).to_json()).expect("JSON");
        let mut phrases = Vec::new();
        phrases_of(&json, &mut phrases);
        for phrase in phrases {
            let (key, text) = (phrase["key"].as_str().unwrap_or_default(), phrase["text"].as_str().unwrap_or_default());
            assert!(!key.is_empty() && !text.trim().is_empty(), "{file}: {phrase}");
            let opens =
                |(at, _): (usize, &str)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
            assert!(!text.match_indices('<').any(opens), "{file}: markup in {key}");
            assert!(!text.contains(char::is_control), "{file}: {key} is more than a line");
            assert!(text.chars().count() <= MAX_PHRASE_CHARS + 100, "{file}: {key} is too long");
            if phrase["source"] == "server" {
                continue;
            }
            let english = english(key).unwrap_or_else(|| panic!("{file}: {key} is not in the list"));
            let mut expected = english.to_owned();
            let arguments = phrase["arguments"].as_object();
            assert_eq!(arguments.map_or(0, serde_json::Map::len), braces(english).len(), "{file}: {key}");
            for name in braces(english) {
                let value = arguments.and_then(|arguments| arguments[name].as_str()).expect("a text");
                expected = expected.replacen(&format!("{{{name}}}"), value, 1);
            }
            assert_eq!(text, expected, "{file}: {key}");
            seen.insert(key.to_owned());
        }
    }
    assert!(seen.len() > 60, "the recordings say only {} phrases", seen.len());
}

fn keys_of(notices: &[Notice]) -> Vec<String> {
    let of = |notice: &Notice| {
        let mut keys: Vec<String> = notice.key.iter().cloned().collect();
        // A notice under a heading of ours has the key of its item.
        let inner = keys_of(&notice.items);
        keys.extend(inner.into_iter().filter(|key| notice.key.as_ref() != Some(key)));
        keys
    };
    notices.iter().flat_map(of).collect()
}

/// Each message of the step is one notice, and who is about an input is told to that input.
#[test]
fn every_message_is_there_once_and_at_its_input() {
    let Some(steps) = recorded("every_message_is_there_once") else { return };
    let (mut said, mut placed) = (0, 0);
    for (file, step) in &steps {
        let screen = Screen::of(step);
        let mut wanted: Vec<String> = step.distinct_messages().iter().filter_map(|m| m.key()).map(Into::into).collect();
        let mut found = keys_of(&screen.notices);
        // Said by the title, or by the form that answers it.
        wanted.retain(|key| !["idx.password.expiring.message", "idx.expired.activation.token"].contains(&key.as_str()));
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{file}");
        said += found.len();
        let mut told = vec![0; screen.notices.len()];
        for input in inputs(&screen) {
            for index in &input.messages {
                *told.get_mut(*index).unwrap_or_else(|| panic!("{file}: {input:?}")) += 1;
            }
        }
        for (notice, told) in screen.notices.iter().zip(told) {
            assert_eq!(notice.at.is_some(), told > 0, "{file}: {notice:?}");
            placed += usize::from(notice.at.is_some());
            if let Some(place) = &notice.at {
                assert!(inputs(&screen).any(|input| input.path == place.path), "{file}: {place:?}");
            }
        }
    }
    assert!(said >= 15 && placed >= 8, "{said} messages, {placed} of them at an input");
}

fn inputs(screen: &Screen) -> impl Iterator<Item = &interaction_code::screen::Input> {
    screen.elements.iter().flat_map(|element| match &element.kind {
        ElementKind::Input(input) => vec![input],
        ElementKind::Choice(choice) => choice.options.iter().flat_map(|option| &option.fields).collect(),
        _ => Vec::new(),
    })
}

/// No secret of the transaction, and nothing that stands in a field, is in what a log may hold.
#[test]
fn a_screen_in_a_log_tells_nothing() {
    let Some(steps) = recorded("a_screen_in_a_log_tells_nothing") else { return };
    for (file, step) in &steps {
        let screen = Screen::of(step);
        let log =
            format!("{screen:?} {:?} {:?} {:?} {:?}", screen.elements, screen.ways, screen.notices, screen.subject);
        let handle = step.state_handle();
        assert!(handle.is_none_or(|handle| !log.contains(handle.expose())), "{file}");
        let secrets = step.authenticators().into_iter().filter_map(|one| one.shared_secret());
        assert!(secrets.into_iter().all(|secret| !log.contains(secret.as_ref())), "{file}");
    }
}

/// What the library would do by itself, in words: name of the screen, what kind of thing, by which way.
fn suggestion(step: &Step) -> String {
    let screen = Screen::of(step);
    let way = |index: usize| {
        let way = &screen.ways[index];
        way.remediation.clone().or(way.action.clone()).unwrap_or_else(|| way.does.as_str().to_owned())
    };
    let mut line = format!("{} | {}", screen.name, screen.suggested.kind.as_str());
    screen.suggested.way.iter().for_each(|index| line.push_str(&format!(" {}", way(*index))));
    screen.suggested.skip.iter().for_each(|index| line.push_str(&format!(" | may leave out: {}", way(*index))));
    line
}

#[test]
fn what_is_done_by_default_is_what_a_person_has_read() {
    let Some(mut steps) = recorded("what_is_done_by_default") else { return };
    steps.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut table = String::from(
        "# What the library would do by itself at each recorded step: file | name of the screen | default. Made by\n\
         # IC_BLESS=1 cargo test --test screen everything; read by a person.\n",
    );
    for (file, step) in &steps {
        table.push_str(&format!("{file} | {}\n", suggestion(step)));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screen/recorded.txt");
    if std::env::var_os("IC_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &table).expect("the table is writable");
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    let differs = is.lines().zip(table.lines()).find(|(is, wanted)| is != wanted);
    assert!(is == table, "{differs:?}");
}

/// Addresses of providers carry a token of the transaction.
#[test]
fn an_address_with_a_token_is_in_no_log() {
    let body = r#"{"version": "1.0.0", "stateHandle": "02.s3cret", "remediation": {"type": "array", "value": [{"name": "redirect-idp",
        "type": "GOOGLE", "idp": {"id": "0oa1", "name": "G"}, "href": "https://a.example/sso?stateToken=02.s3cret", "method": "GET"}]}}"#;
    let screen = Screen::of(&Step::read(body.as_bytes()).expect("a step"));
    assert!(screen.ways[0].url.as_ref().is_some_and(|url| url.contains("s3cret")));
    assert!(!format!("{screen:?} {:?} {:?}", screen.ways, screen.elements).contains("s3cret"));
}
