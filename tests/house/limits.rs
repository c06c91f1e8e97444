//! `src/limits.rs` is the one table of limits: each of its rows is kept somewhere, and no other file has a limit of its own.

use std::path::Path;

use crate::floors;

/// What bounds something by its name or type, and is no limit on what comes from outside: for each the reason.
const OTHERS: &[(&str, &str, &str)] = &[
    ("src/browser/receiver.rs", "GLANCE", "how often the listener looks at cancel and deadline"),
    ("src/client/keys.rs", "GLANCE", "how often a waiting thread looks up"),
    ("src/client/poll.rs", "SHORTEST_GLANCE", "how often a waiting thread looks up"),
    ("src/screen/input/decide.rs", "MOST_BUTTONS", "how many options are drawn side by side, not how many there are"),
    ("src/capi/foreign.rs", "LARGEST", "recognises a struct that was never initialised"),
];

/// The constants of a file: name and type.
fn constants(code: &str) -> Vec<(&str, &str)> {
    let lines = code.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(super) ")).unwrap_or(line);
        let (name, rest) = line.strip_prefix("const ")?.split_once(": ")?;
        Some((name, rest.split(" =").next()?))
    });
    lines.collect()
}

fn is_word_of(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

#[test]
fn each_limit_is_kept_somewhere() {
    let files = floors::all();
    let (_, table) = files.iter().find(|(file, _)| file == "limits.rs").expect("the table");
    let limits = constants(table);
    assert!(limits.len() > 40, "only {} limits were found", limits.len());
    let used =
        |name: &str| files.iter().any(|(file, text)| file != "limits.rs" && is_word_of(&floors::shipped(text), name));
    let idle: Vec<_> = limits.iter().filter(|(name, _)| !used(name)).collect();
    assert!(idle.is_empty(), "limits that nobody keeps: {idle:?}");
}

#[test]
fn no_other_file_has_a_limit_of_its_own() {
    const NAMES: [&str; 8] = ["MAX", "MIN", "MOST", "LEAST", "LONGEST", "SHORTEST", "LARGEST", "TIMEOUT"];
    let mut broken = Vec::new();
    for (file, text) in floors::all() {
        let code = floors::shipped(&text);
        for (name, kind) in constants(&code) {
            let is_limit = kind.ends_with("Duration") || name.split('_').any(|word| NAMES.contains(&word));
            let path = Path::new("src").join(&file).to_string_lossy().replace('\\', "/");
            let is_other = OTHERS.iter().any(|(other, constant, _)| *other == path && *constant == name);
            if file != "limits.rs" && is_limit && !is_other {
                broken.push(format!("{path}: {name} belongs into src/limits.rs"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn constants_are_found() {
    let code = "pub const A: usize = 1;\n    const B_MAX: Duration = x;\npub(super) const C: &[(u8, u8)] = &[];\nlet D: u8 = 1;";
    assert_eq!(constants(code), [("A", "usize"), ("B_MAX", "Duration"), ("C", "&[(u8, u8)]")]);
}
