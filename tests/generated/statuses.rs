//! One list of statuses: the error kinds, the header, the table of docs/c.md and the numbers that were ever released.

use interaction_code::ErrorKind;

use crate::{
    blessing, compare,
    header::{status_name, wrap},
    path, read,
};

/// Every status that was ever in a release: number, C name, word. Lines are only added.
const FROZEN: &str = "tests/statuses.txt";
const FROZEN_HEAD: &str = "# Statuses of the C API: number, name, word. Append-only: what stands here never changes.\n";

const DOCS: &str = "docs/c.md";
const BEGIN: &str = "<!-- statuses -->\n";
const END: &str = "<!-- /statuses -->";

fn known() -> Vec<(i32, String, String)> {
    let ok = (0, "IC_OK".to_owned(), "ok".to_owned());
    let kinds = ErrorKind::ALL.iter().map(|kind| (kind.code(), status_name(*kind), kind.as_str().to_owned()));
    std::iter::once(ok).chain(kinds).collect()
}

fn parse(line: &str) -> (i32, String, String) {
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|number| number.parse().ok());
    match (number, words.next(), words.next(), words.next()) {
        (Some(number), Some(name), Some(word), None) => (number, name.to_owned(), word.to_owned()),
        _ => panic!("{FROZEN}: not `number name word`: {line}"),
    }
}

#[test]
fn numbers_never_change() {
    let text = if path(FROZEN).exists() { read(FROZEN) } else { FROZEN_HEAD.to_owned() };
    let frozen: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).map(parse).collect();
    let known = known();
    for status in &frozen {
        assert!(known.contains(status), "{FROZEN} has {status:?}, which the library changed or lost");
    }
    let new: Vec<_> = known.iter().filter(|status| !frozen.contains(status)).collect();
    for (number, name, word) in &new {
        let taken = frozen.iter().find(|(old, of, as_)| old == number || of == name || as_ == word);
        assert!(taken.is_none(), "{name} = {number} ({word}) takes what {taken:?} had");
    }
    let added = new.iter().map(|(number, name, word)| format!("{number} {name} {word}\n"));
    let wanted = text.clone() + &added.collect::<String>();
    assert!(blessing() || new.is_empty(), "{FROZEN} lacks {new:?}; IC_BLESS=1 adds them, for good");
    compare(FROZEN, &wanted);
}

#[test]
fn the_header_has_the_same_statuses_as_the_code() {
    let header = read("include/interaction_code.h");
    let in_header: Vec<(i32, String)> = header
        .lines()
        .filter_map(|line| {
            let (name, number) = line.trim().strip_suffix(',')?.split_once(" = ")?;
            (name == "IC_OK" || name.starts_with("IC_ERROR_")).then(|| (number.parse().expect(name), name.to_owned()))
        })
        .collect();
    let in_code: Vec<(i32, String)> = known().into_iter().map(|(number, name, _)| (number, name)).collect();
    assert_eq!(in_header, in_code);
}

#[test]
fn the_docs_have_the_same_statuses_as_the_code() {
    let text = read(DOCS);
    let (before, rest) = text.split_once(BEGIN).unwrap_or_else(|| panic!("{DOCS} has no line {BEGIN}"));
    let (_, after) = rest.split_once(END).unwrap_or_else(|| panic!("{DOCS} has no line {END} after {BEGIN}"));
    compare(DOCS, &format!("{before}{BEGIN}{}{END}{after}", table()));
}

fn table() -> String {
    let mut out = String::from("| number | name | word | meaning |\n|---|---|---|---|\n");
    out.push_str("| 0 | `IC_OK` | `ok` | Everything went well. |\n");
    for kind in ErrorKind::ALL {
        // One line, whatever the source's line breaks are.
        let meaning = wrap(kind.doc(), usize::MAX).concat().replace('|', "\\|");
        out.push_str(&format!("| {} | `{}` | `{}` | {meaning} |\n", kind.code(), status_name(*kind), kind.as_str()));
    }
    out
}
