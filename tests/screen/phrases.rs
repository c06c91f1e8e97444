//! The list of phrases: every key of the code is in it, every key of it is used, and `docs/phrases.md` shows it.
//!
//! `IC_BLESS=1 cargo test --test screen phrases` rewrites the page.

use std::{collections::BTreeSet, fs, path::Path};

use interaction_code::screen::{EndingKind, Outcome, PasswordFact, Retry, phrases};

/// Keys without a use in the code, each with its reason.
const UNUSED: &[(&str, &str)] = &[];

/// Keys of texts that are always the server's own.
const OF_THE_SERVER: &[&str] = &["field.custom.label"];

const ROLES: [&str; 8] = ["title", "hint", "label", "button", "link", "note", "text", "detail"];

fn project(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() {
            sources(&entry, found);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") && name != "english.rs" {
            let text = fs::read_to_string(&entry).expect("a source file");
            found.push(text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned());
        }
    }
}

/// The code of the screen, without its tests and without the list itself.
fn code() -> Vec<String> {
    let mut found = Vec::new();
    sources(&project("src/screen"), &mut found);
    assert!(found.len() > 20, "only {} files", found.len());
    found
}

fn is_key(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    let plain = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    parts.len() == 3 && parts.iter().all(plain) && ROLES.contains(&parts[2])
}

/// The names in braces.
pub fn braces(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

pub fn english(key: &str) -> Option<&'static str> {
    phrases().find(|(known, _)| *known == key).map(|(_, text)| text)
}

#[test]
fn every_key_of_the_code_is_in_the_list_and_the_other_way_round() {
    let code = code();
    // Whatever stands between two quotes; that the other half of them is outside of texts harms nothing.
    let texts = code.iter().flat_map(|code| code.split('"')).filter(|text| is_key(text));
    let used: BTreeSet<_> = texts.collect();
    let known: BTreeSet<_> = phrases().map(|(key, _)| key).collect();
    let unknown: Vec<_> = used.difference(&known).filter(|key| !OF_THE_SERVER.contains(key)).collect();
    assert!(unknown.is_empty(), "without English: {unknown:?}");
    let unused: Vec<_> = known.difference(&used).filter(|key| UNUSED.iter().all(|(name, _)| name != *key)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}: take it out, or write the reason into UNUSED");
    for (key, _) in UNUSED {
        assert!(known.contains(key) && !used.contains(key), "{key} is used: take it out of UNUSED");
    }
}

#[test]
fn the_arguments_of_a_key_are_those_in_its_braces() {
    let mut seen = 0;
    for code in code() {
        for call in code.split("Phrase::ours(").skip(1) {
            let Some((key, rest)) = call.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
                continue;
            };
            let Some(given) = rest.trim_start_matches(',').trim_start().strip_prefix("&[") else { continue };
            let Some((given, _)) = given.split_once("])") else { continue };
            // A name is followed by its value; a lone text in parentheses is part of one.
            let pairs = given.split("(\"").skip(1).filter_map(|rest| rest.split_once('"'));
            let names: Vec<_> = pairs.filter(|(_, rest)| rest.starts_with(',')).map(|(name, _)| name).collect();
            if key.is_empty() {
                continue; // a drawing that is never shown
            }
            let wanted = english(key).unwrap_or_else(|| panic!("{key} has no English"));
            assert_eq!(names, braces(wanted), "{key}");
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} calls were read");
}

#[test]
fn a_phrase_is_a_whole_sentence_or_a_whole_label() {
    assert!(phrases().is_sorted_by(|(a, _), (b, _)| a < b), "in the order of the keys, each once");
    for (key, text) in phrases() {
        assert!(is_key(key), "{key}");
        assert!(
            !text.trim().is_empty() && !text.contains(['<', '>', '!', '\n']) || key == "rule.symbol.label",
            "{key}"
        );
        let role = key.rsplit('.').next().unwrap_or_default();
        let ends = text.ends_with(['.', '?', ':', '}']);
        // A text and a hint are sentences, but for a few that are a label with its value.
        assert!(!matches!(role, "text") || ends, "{key}: {text}");
        assert!(!matches!(role, "button" | "link" | "label") || !text.ends_with('.'), "{key}: {text}");
    }
}

fn compare(name: &str, wanted: &str) {
    let path = project(name);
    if std::env::var_os("IC_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, wanted).expect("the page is writable");
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    let differs = is.lines().zip(wanted.lines()).find(|(is, wanted)| is != wanted);
    assert!(is == wanted, "{name}: {differs:?}; IC_BLESS=1 cargo test --test screen rewrites it");
}

#[test]
fn the_page_of_phrases_shows_the_list() {
    let mut page = String::from(
        "# Phrases\n\nEvery text of the library that a person may read, made from the code. An app that has its own words for a key \
         uses those; `{name}` is an argument, a value and never a word with grammar. A key is `area.thing.role`; it is never \
         reused for another meaning, while its English may be polished. Messages of the server keep their own keys, which are \
         not here.\n\n| key | arguments | English |\n|---|---|---|\n",
    );
    for (key, text) in phrases() {
        page.push_str(&format!("| `{key}` | {} | {text} |\n", braces(text).join(", ")));
    }
    let words: usize = phrases().map(|(_, text)| text.split_whitespace().count()).sum();
    page.push_str(&format!("\n{} phrases, {words} words.\n", phrases().count()));
    compare("docs/phrases.md", &page);
}

#[test]
fn the_page_of_endings_shows_both_tables() {
    let mut page = String::from(
        "# Endings and outcomes\n\nMade from the code; numbers and words are never changed and never reused.\n\n## How a sign-in \
         ended, for the person\n\n`Screen::ending`, `Flow::ending`. Good: the person got what they came for. Again: when it \
         makes sense to begin again. Exit code: what a program that asks nobody says, where the key of the message does not \
         say it more closely.\n\n| number | word | meaning | good | again | title | exit code |\n|---|---|---|---|---|---|---|\n",
    );
    for kind in EndingKind::ALL {
        let ending = interaction_code::screen::Ending::of_kind(*kind);
        let good = if ending.good { "yes" } else { "no" };
        let again = if ending.retry == Retry::None { "" } else { ending.retry.as_str() };
        page.push_str(&format!(
            "| {} | `{}` | {} | {good} | {again} | {} | {} |\n",
            kind.code(),
            kind.as_str(),
            kind.doc(),
            ending.text.text,
            ending.outcome().exit_code()
        ));
    }
    page.push_str(
        "\n## How an unattended run ended: exit codes\n\nWhat `verify-password`, `authenticate` and every other command end with, and \
         the code that a PAM module gives for it ([unattended.md](unattended.md)).\n\n| exit code | word | PAM | meaning \
         |\n|---|---|---|---|\n",
    );
    for outcome in Outcome::ALL {
        let (code, word) = (outcome.exit_code(), outcome.as_str());
        page.push_str(&format!("| {code} | `{word}` | `{}` | {} |\n", outcome.pam(), outcome.doc()));
    }
    page.push_str("\n## What is known of the password\n\n| number | word | meaning |\n|---|---|---|\n");
    for fact in PasswordFact::ALL {
        page.push_str(&format!("| {} | `{}` | {} |\n", fact.code(), fact.as_str(), fact.doc()));
    }
    compare("docs/endings.md", &page);
}
