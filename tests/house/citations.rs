//! What comments cite is there: each page by its name, and each section, quirk and rule of the protocol and of the screen by
//! its number.
//!
//! A citation is `idx.md section 4.5`, `idx.md 4.5`, `idx.md sections 1.5 and 2.1`, `idx.md quirk 40`, `oauth.md J3`, also when a
//! line of the comment ends in it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const FOLDERS: [&str; 9] = ["src", "cli", "sandbox", "tests", "examples", "include", "bindings", "benches", "xtask"];
const LEFT_OUT: [&str; 6] = ["target", "node_modules", "build", "dist", "generated", "Generated"];
const KINDS: [&str; 10] = ["rs", "c", "h", "hpp", "cpp", "py", "swift", "kt", "java", "md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn files(folder: &Path, kinds: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !LEFT_OUT.contains(&&*name) {
                files(&path, kinds, found);
            }
        } else if path.extension().is_some_and(|kind| kinds.iter().any(|known| *known == kind)) {
            found.push(path);
        }
    }
}

/// The text with each line of a comment joined to the one before: without line ends, indents and comment marks.
fn joined(text: &str) -> String {
    let bare = text.lines().map(|line| line.trim().trim_start_matches(['/', '!', '*', '#']).trim_start());
    bare.collect::<Vec<_>>().join(" ")
}

/// A page with what is cited of it: `4.5`, `quirk 40`, `J3`; nothing for the page as such.
#[derive(Debug, PartialEq, Eq)]
struct Citation {
    page: String,
    places: Vec<String>,
}

/// The name that ends with the `.md` at `at`, without its folder.
fn page_at(text: &str, at: usize) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let start = text[..at].char_indices().rev().take_while(|(_, c)| is_name(*c)).last().map_or(at, |(at, _)| at);
    &text[start..at + 3]
}

fn citations(text: &str) -> Vec<Citation> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(".md") {
        let page = page_at(text, at);
        let rest = &text[at + 3..];
        if page == ".md" || rest.starts_with(|c: char| c.is_alphanumeric()) {
            continue;
        }
        let mut places = Vec::new();
        let mut kind = "";
        for word in rest.trim_start_matches(['`', '"', ',', ')']).split_whitespace() {
            let bare = word.trim_end_matches([',', '.', ';', ':', ')', '`', '"']);
            match bare {
                "section" | "sections" | "rule" | "rules" => kind = "",
                "quirk" | "quirks" => kind = "quirk ",
                "and" | "or" | "to" => {}
                place if is_place(place) => places.push(format!("{kind}{place}")),
                _ => break,
            }
            // The end of a sentence or a parenthesis ends the list; a comma does not.
            if word.ends_with(['.', ')', ';', ':']) {
                break;
            }
        }
        found.push(Citation { page: page.to_owned(), places });
    }
    found
}

/// `4`, `4.5`, `J3`.
fn is_place(word: &str) -> bool {
    let numbers = word.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(word);
    !numbers.is_empty() && numbers.split('.').all(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a page of `docs` has: its numbered headings, the rows of its table of quirks, its rules in bold.
fn places(page: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs").join(page)).expect("a page of docs");
    let mut found = BTreeSet::new();
    let mut section = String::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            let number = heading.split([' ', ':']).next().unwrap_or_default().trim_end_matches('.');
            section = number.to_owned();
            assert!(found.insert(section.clone()), "{page}: two sections {section}");
        } else if section == "13"
            && let Some(number) = line.strip_prefix("| ").and_then(|row| row.split(' ').next())
            && number.parse::<u32>().is_ok()
        {
            assert!(found.insert(format!("quirk {number}")), "{page}: two quirks {number}");
        }
        let rules = line.split("**").skip(1).step_by(2).filter(|rule| is_place(rule));
        found.extend(rules.map(str::to_owned));
    }
    found
}

#[test]
fn every_citation_names_something_that_is_there() {
    let mut pages = Vec::new();
    files(&root(), &["md"], &mut pages);
    let pages: BTreeSet<_> = pages.iter().filter_map(|page| page.file_name()?.to_str().map(str::to_owned)).collect();
    let (idx, oauth) = (places("protocol/idx.md"), places("protocol/oauth.md"));
    let screen = places("screen.md");
    let mut sources = Vec::new();
    FOLDERS.iter().for_each(|folder| files(&root().join(folder), &KINDS, &mut sources));
    assert!(sources.len() > 200, "only {} files were found", sources.len());
    let (mut broken, mut checked) = (Vec::new(), 0);
    for source in sources {
        let own = source.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        // This file speaks of citations.
        if own.ends_with("citations.rs") {
            continue;
        }
        for Citation { page, places } in citations(&joined(&fs::read_to_string(&source).expect("UTF-8"))) {
            if !pages.contains(&page) {
                broken.push(format!("{own}: {page} is not in the project"));
            }
            let there = match page.as_str() {
                "idx.md" => &idx,
                "oauth.md" => &oauth,
                "screen.md" => &screen,
                _ => continue,
            };
            checked += places.len();
            broken.extend(places.iter().filter(|p| !there.contains(*p)).map(|p| format!("{own}: {page} has no {p}")));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(checked > 100, "only {checked} citations were found");
}

#[test]
fn citations_are_read_in_every_form() {
    let read = |text: &str| {
        citations(&joined(text))
            .into_iter()
            .map(|cited| format!("{} {:?}", cited.page, cited.places))
            .collect::<Vec<_>>()
    };
    assert_eq!(read("/// See idx.md sections 1.5 and 2.1: so"), [r#"idx.md ["1.5", "2.1"]"#]);
    assert_eq!(read("// (idx.md\n    // section 4.5). 7"), [r#"idx.md ["4.5"]"#]);
    assert_eq!(read("(idx.md 8.1, 8.4, 8.5)"), [r#"idx.md ["8.1", "8.4", "8.5"]"#]);
    assert_eq!(read("(idx.md quirk 40) (`oauth.md`, J3)"), [r#"idx.md ["quirk 40"]"#, r#"oauth.md ["J3"]"#]);
    assert_eq!(read("idx.md 9.1: three to five fields"), [r#"idx.md ["9.1"]"#]);
    assert_eq!(read("shapes as in docs/idx.md; 4 of them"), ["idx.md []"]);
}

#[test]
fn every_quirk_and_section_has_its_number() {
    let idx = places("protocol/idx.md");
    for number in 1..=45 {
        assert!(idx.contains(&format!("quirk {number}")), "quirk {number}");
    }
    for section in ["1.4", "2.2", "3.3", "4.5", "5.7", "6.9", "7.3", "8.6", "9.1", "10.4", "11.1", "12", "13"] {
        assert!(idx.contains(section), "section {section}");
    }
    assert!(places("protocol/oauth.md").is_superset(&["J3", "I16", "2"].map(str::to_owned).into()));
}
