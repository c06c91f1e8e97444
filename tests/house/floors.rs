//! The floors of the house hold: a file of `src/` uses only what is on its own floor's rooms below it, no file is longer
//! than a person reads, and each says at its head what it is for.
//!
//! The check reads the paths `crate::…` as text, without comments and without what is under `#[cfg(test)]`: tests may do
//! as they like.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rooms and the floor each is on; `lib.rs` is the roof, and its table says what each holds.
const FLOORS: &[(&str, u32)] = &[
    ("error", 0),
    ("secret", 0),
    ("call", 0),
    ("limits", 0),
    ("process", 0),
    ("sort", 0),
    ("http", 1),
    ("host", 1),
    ("jose", 1),
    ("idx", 2),
    ("oauth", 2),
    ("screen", 3),
    ("flow", 3),
    ("transport", 3),
    ("browser", 3),
    ("store", 3),
    ("client", 4),
    ("capi", 5),
    ("mobile", 5),
];

/// What the root of the crate gives out again: the floor of what it is.
const ROOT_NAMES: &[(&str, &str)] = &[
    ("Call", "call"),
    ("CancelToken", "call"),
    ("Error", "error"),
    ("ErrorKind", "error"),
    ("ErrorMessage", "error"),
    ("Problem", "error"),
    ("Result", "error"),
    ("Sent", "error"),
    ("Secret", "secret"),
    ("ClientAuthentication", "oauth"),
    ("Snapshot", "flow"),
    ("StartOptions", "oauth"),
    ("TokenType", "oauth"),
    ("PrivateKeyJwt", "oauth"),
    ("SoftwareKey", "client"),
    ("Client", "client"),
    ("Flow", "client"),
    ("Tokens", "client"),
];

const MOST_LINES: usize = 500;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    found.sort();
}

pub fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    found.iter().map(|path| (name(path), fs::read_to_string(path).expect("UTF-8"))).collect()
}

fn floor(room: &str) -> Option<u32> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// The code that ships: no comments, and nothing from the first `#[cfg(test)]` module on (it is the last thing of a file).
pub fn shipped(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first names after each `crate::`, groups taken apart.
fn rooms_used(code: &str) -> Vec<String> {
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = code[at + "crate::".len()..].trim_start();
        // In a macro: the room is named where it is used.
        if rest.starts_with('$') {
            continue;
        }
        match rest.strip_prefix('{') {
            None => used.push(word(rest)),
            Some(group) => {
                // The names at the outermost level of the group.
                let (mut depth, mut begins) = (1, true);
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 1 => break,
                        '}' => depth -= 1,
                        ',' if depth == 1 => begins = true,
                        c if depth == 1 && begins && !c.is_whitespace() => {
                            used.push(word(&group[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    used
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_floor_uses_only_the_floors_below_it() {
    let mut broken = Vec::new();
    let mut checked = 0;
    for (file, text) in all() {
        let room = file.split(['/', '.']).next().unwrap().to_owned();
        if room == "lib" {
            continue;
        }
        let Some(own) = floor(&room) else {
            broken.push(format!("{file}: the room `{room}` is on no floor of the table"));
            continue;
        };
        for used in rooms_used(&shipped(&text)) {
            let target = ROOT_NAMES.iter().find(|(name, _)| *name == used).map_or(used.as_str(), |(_, room)| *room);
            checked += 1;
            match floor(target) {
                _ if target == room => {}
                None => broken.push(format!("{file}: crate::{used} is in no room of the table")),
                // The ground floor is one room of several small ones that know each other.
                Some(0) => {}
                Some(floor) if floor < own => {}
                Some(floor) => broken.push(format!("{file} (floor {own}) uses crate::{used} (floor {floor})")),
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(checked > 100, "only {checked} paths were found");
}

#[test]
fn paths_are_found_in_every_form() {
    let code = shipped(
        "use crate::{a::b, c::{d, e}, f};\nlet x = crate::g::h(); // crate::no\n#[cfg(test)]\nmod t { use crate::no; }",
    );
    assert_eq!(rooms_used(&code), ["a", "c", "f", "g"]);
}

#[test]
fn the_machine_and_below_do_no_io() {
    // Everything under the driver but the transport is deterministic: bytes, time and random values come in.
    const FORBIDDEN: [&str; 8] =
        ["SystemTime", "std::net", "std::fs", "std::env", "thread::sleep", "rand::", "println!", "std::process"];
    let mut broken = Vec::new();
    for (file, text) in all() {
        let room = file.split(['/', '.']).next().unwrap().to_owned();
        if !["error", "secret", "limits", "http", "host", "jose", "idx", "oauth", "flow"].contains(&room.as_str()) {
            continue;
        }
        let code = shipped(&text);
        broken.extend(FORBIDDEN.iter().filter(|what| code.contains(**what)).map(|what| format!("{file}: {what}")));
        broken.extend(code.contains("Instant::now").then(|| format!("{file}: Instant::now")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut broken = Vec::new();
    let files = all();
    assert!(files.len() > 40);
    for (file, text) in &files {
        let lines = text.lines().count();
        if lines > MOST_LINES {
            broken.push(format!("{file}: {lines} lines"));
        }
        if !text.starts_with("//! ") {
            broken.push(format!("{file}: no prose at its head"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
