//! Who belongs to whom: functions to the type that their name begins with, and to the file they are written in.

use std::collections::BTreeMap;

use crate::{
    header::{Item, ItemKind, WIDTH, wrap},
    path, read,
};

/// A file of `src/capi` that defines functions.
pub struct Home {
    /// Its name, without `.rs`.
    pub file: String,
    /// The first sentence of its `//!` text.
    pub title: String,
    pub functions: Vec<String>,
}

/// The `//!` text at the head of a source file, line by line.
pub fn module_docs(source: &str) -> Vec<String> {
    let lines = source.lines().take_while(|line| line.starts_with("//!"));
    lines.map(|line| line[3..].strip_prefix(' ').unwrap_or(&line[3..]).to_owned()).collect()
}

/// The order of the header's headings: as a program meets them. Modules without functions are not named.
const ORDER: &[&str] = &[
    "library",
    "cancel",
    "error",
    "config",
    "network",
    "client",
    "flow",
    "drive",
    "screen",
    "element",
    "control",
    "way",
    "ending",
    "draft",
    "handler",
    "step",
    "remediation",
    "field",
    "option",
    "authenticator",
    "message",
    "outcome",
    "node",
    "answer",
    "tokens",
    "buffer",
    "transport",
    "storage",
    "hooks",
];

/// The files that define functions, in the order of the header's headings.
pub fn homes() -> Vec<Home> {
    let files =
        std::fs::read_dir(path("src/capi")).expect("src/capi").map(|entry| entry.expect("an entry").file_name());
    let homes = files.map(|file| home(file.to_string_lossy().trim_end_matches(".rs")));
    let mut homes: Vec<Home> = homes.filter(|home| !home.functions.is_empty()).collect();
    let place = |home: &Home| {
        let found = ORDER.iter().position(|name| *name == home.file);
        found.unwrap_or_else(|| panic!("src/capi/{}.rs defines functions: give it a place in ORDER", home.file))
    };
    homes.sort_by_key(place);
    assert_eq!(homes.len(), ORDER.len(), "ORDER names a file that defines no functions");
    homes
}

fn home(file: &str) -> Home {
    let source = read(&format!("src/capi/{file}.rs"));
    let text = module_docs(&source).join(" ");
    let sentence = text.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let title = sentence.split([':', ';']).next().unwrap_or_default().replace(['`', '[', ']'], "");
    let functions = source
        .split("extern \"C\" fn ")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>());
    let functions = functions.filter(|name| name.starts_with("ic_")).collect();
    Home { file: file.to_owned(), title, functions }
}

/// For each type the lines that end its docs: its functions. The longest type name wins.
pub fn lists(items: &[Item]) -> BTreeMap<String, Vec<String>> {
    let handles: Vec<&str> = items.iter().filter(|item| item.is_handle()).map(|item| item.name.as_str()).collect();
    let mut of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.kind == ItemKind::Function) {
        let begins = |handle: &&&str| item.name.starts_with(&format!("{handle}_"));
        let owner = handles.iter().filter(begins).max_by_key(|handle| handle.len());
        // What looks into a step takes a node as its second argument.
        let owner = owner.copied().or_else(|| item.code.contains("ic_node node").then_some("ic_node"));
        if let Some(owner) = owner {
            of.entry(owner.to_owned()).or_default().push(&item.name);
        }
    }
    for handle in handles {
        assert!(of.contains_key(handle), "{handle} has no functions");
    }
    of.into_iter().map(|(owner, functions)| (owner.clone(), list(&owner, &functions))).collect()
}

fn list(owner: &str, functions: &[&str]) -> Vec<String> {
    if owner == "ic_node" {
        // Each kind of node has a heading of its own.
        let family = |name: &&str| name.splitn(3, '_').take(2).collect::<Vec<_>>().join("_");
        let mut families: Vec<String> = functions.iter().map(family).collect();
        families.dedup();
        return wrap(&format!("Methods: {}_..., given the step first.", families.join("_..., ")), WIDTH - "/// ".len());
    }
    wrap(&format!("Methods: {}.", functions.join(", ")), WIDTH - "/// ".len())
}
