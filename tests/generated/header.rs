//! `include/interaction_code.h`: cbindgen makes the items, this puts the header together.
//!
//! Around the items come the conventions (the `//!` text of `src/capi/mod.rs`), versions, statuses (from the one list of
//! error kinds), initialisers of the structs (from their members), the lists of methods, and a heading for each module.

use std::fmt::Write;

use interaction_code::{
    ErrorKind,
    screen::{EndingKind, Outcome, PasswordFact},
};

use crate::{methods, path, read};

/// The docs of `src/capi` are as wide as its code.
pub const WIDTH: usize = 120;

/// What stands in the header as it is: small macros that make C pleasant.
const MACROS: &str = "packaging/macros.h";

/// One declaration with its comment, as cbindgen printed it.
pub struct Item {
    /// The lines of the comment, without `///`.
    pub docs: Vec<String>,
    /// The declaration, an enclosing `#if` included.
    pub code: String,
    pub kind: ItemKind,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Constant,
    Type,
    Function,
}

impl Item {
    /// Whether it is for tests only.
    pub fn is_hook(&self) -> bool {
        self.code.contains("IC_TEST_HOOKS")
    }

    /// The opaque struct behind a handle: `typedef struct ic_flow_handle ic_flow_handle;`.
    fn is_behind_handle(&self) -> bool {
        self.kind == ItemKind::Type && self.code == format!("typedef struct {0} {0};", self.name)
    }

    /// Whether this is the pointer type of a handle.
    pub fn is_handle(&self) -> bool {
        self.kind == ItemKind::Type && self.code == format!("typedef struct {0}_handle *{0};", self.name)
    }

    /// The declaration with what NULL means there: nothing is wrong with it where the docs say that the parameter may be
    /// NULL, and for time limits, options and error objects always.
    fn annotated(&self, code: &str) -> String {
        if self.kind != ItemKind::Function {
            return code.to_owned();
        }
        let docs = self.docs.join(" ");
        let pointers = code.split(['*', ',', ')']).map(|part| part.trim_end_matches(';').trim());
        let named = pointers
            .filter(|name| ["", ", which"].iter().any(|which| docs.contains(&format!("`{name}`{which} may be NULL"))));
        let always = ["call", "error", "options"].into_iter();
        named.chain(always).fold(code.to_owned(), |code, name| {
            let annotated = format!("*IC_NULLABLE {name}");
            [",", ")"]
                .iter()
                .fold(code, |code, end| code.replace(&format!("*{name}{end}"), &format!("{annotated}{end}")))
        })
    }

    fn print(&self, out: &mut String) {
        let (guard, code) = match self.code.split_once('\n') {
            Some((guard, code)) if guard.starts_with("#if") => (format!("{guard}\n"), code),
            _ => (String::new(), self.code.as_str()),
        };
        out.push_str(&guard);
        comment(out, self.docs.iter().map(String::as_str));
        if self.kind == ItemKind::Function {
            // What can fail with an error object does not fail unseen.
            let checked = code.starts_with("ic_status ") && code.contains("ic_error *error");
            out.push_str(if checked { "IC_API IC_CHECK\n" } else { "IC_API\n" });
        }
        out.push_str(&self.annotated(code));
        out.push_str("\n\n");
    }
}

/// Every item of the C API, in the order of the header.
pub fn items() -> Vec<Item> {
    let config = cbindgen::Config::from_file(path("cbindgen.toml")).expect("cbindgen.toml is good");
    let source = path("src/capi/mod.rs");
    let bindings = cbindgen::Builder::new().with_config(config).with_src(source).generate().expect("src/capi is read");
    let mut printed = Vec::new();
    bindings.write(&mut printed);
    let printed = String::from_utf8(printed).expect("UTF-8");
    let mut items: Vec<Item> = Vec::new();
    for block in printed.split("\n\n").map(|block| block.trim_matches('\n')).filter(|block| !block.is_empty()) {
        items.push(item(block));
    }
    let structs: Vec<String> =
        items.iter().filter(|item| item.kind == ItemKind::Type).map(|item| item.name.clone()).collect();
    for item in &mut items {
        untag(item, &structs);
        if let Some((name, value)) = item.code.rsplit_once(" -").filter(|_| item.kind == ItemKind::Constant) {
            item.code = format!("{name} (-{value})");
        }
    }
    describe_handles(&mut items);
    items
}

fn item(block: &str) -> Item {
    let is_doc = |line: &&str| line.starts_with("///");
    // Members of a struct have comments, too: those are indented and stay where they are.
    let docs = block.lines().filter(is_doc).map(|line| line[3..].strip_prefix(' ').unwrap_or(&line[3..]).to_owned());
    let code: Vec<&str> = block.lines().filter(|line| !is_doc(line)).collect();
    let first = code.iter().find(|line| !line.starts_with("#if")).expect("a block has a declaration");
    let kind = match first {
        line if line.starts_with("#define ") => ItemKind::Constant,
        line if line.starts_with("typedef ") => ItemKind::Type,
        _ => ItemKind::Function,
    };
    let name = match kind {
        ItemKind::Constant => first["#define ".len()..].split([' ', '(']).next(),
        ItemKind::Function => first.split('(').next().and_then(|before| before.rsplit([' ', '*']).next()),
        // `typedef struct x {`, `typedef int32_t x;`, `typedef ic_status (*x)(…);`
        ItemKind::Type => match (first.split_once("(*"), first.strip_suffix(" {")) {
            (Some((_, rest)), _) => rest.split(')').next(),
            (None, Some(rest)) => rest.rsplit(' ').next(),
            (None, None) => first.trim_end_matches(';').rsplit([' ', '*']).next(),
        },
    };
    let name = name.unwrap_or_default().to_owned();
    assert!(name.to_lowercase().starts_with("ic_"), "not a name of ours: {name:?} in\n{block}");
    let code = code.join("\n");
    Item { docs: docs.collect(), code, kind, name }
}

/// `struct ic_str ic_version(void)` reads better without the tag.
fn untag(item: &mut Item, structs: &[String]) {
    let lines = item.code.lines().map(|line| {
        if line.starts_with("#if") && line.contains("IC_TEST_HOOKS") {
            // A module's condition and its functions' are the same one.
            return "#if defined(IC_TEST_HOOKS)".to_owned();
        }
        if line.starts_with("typedef struct") || line.trim_start().starts_with("///") {
            return line.to_owned();
        }
        let mut words: Vec<&str> = line.split("struct ").collect();
        let first = words.remove(0).to_owned();
        words.iter().fold(first, |text, rest| {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let tag = if structs.contains(&name) { "" } else { "struct " };
            text + tag + rest
        })
    });
    item.code = lines.collect::<Vec<_>>().join("\n");
}

/// The docs of a handle are written at the struct behind it; they end in the list of its functions.
fn describe_handles(items: &mut Vec<Item>) {
    let behind: Vec<(String, Vec<String>)> = items
        .iter()
        .filter(|item| item.is_behind_handle())
        .map(|item| (item.name.clone(), item.docs.clone()))
        .collect();
    items.retain(|item| !item.is_behind_handle());
    let lists = methods::lists(items);
    for item in items.iter_mut() {
        if item.is_handle() {
            let found = behind.iter().find(|(name, _)| *name == format!("{}_handle", item.name));
            item.docs = found.map(|(_, docs)| docs.clone()).unwrap_or_default();
        }
        if let Some(list) = lists.get(&item.name) {
            item.docs.push(String::new());
            item.docs.extend(list.iter().cloned());
        }
    }
}

/// The whole header.
pub fn text() -> String {
    let items = items();
    let mut out = head();
    out.push_str(&versions());
    let (status, mut types): (Vec<&Item>, Vec<&Item>) =
        items.iter().filter(|item| item.kind == ItemKind::Type).partition(|item| item.name == "ic_status");
    // Handles need nothing before them: they come first, in the order in which a program meets them.
    let source = read("src/capi/handles.rs");
    let met = |item: &Item| source.find(&format!("pub type {} ", item.name)).unwrap_or(usize::MAX);
    types.sort_by_key(|item| if item.is_handle() { met(item) } else { usize::MAX });
    heading(&mut out, "Statuses");
    status.iter().for_each(|item| item.print(&mut out));
    out.push_str(&statuses());
    heading(&mut out, "Endings");
    out.push_str(&endings());
    heading(&mut out, "Outcomes");
    out.push_str(&outcomes());
    heading(&mut out, "Constants");
    items.iter().filter(|item| item.kind == ItemKind::Constant).for_each(|item| item.print(&mut out));
    heading(&mut out, "Types");
    types.iter().for_each(|item| item.print(&mut out));
    heading(&mut out, "Initialisers and helpers");
    let handles: Vec<&str> = items.iter().filter(|item| item.is_handle()).map(|item| item.name.as_str()).collect();
    types.iter().filter_map(|item| initialiser(item, &handles)).for_each(|macro_| out.push_str(&macro_));
    out.push_str(&read(MACROS));
    out.push_str("\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
    functions(&mut out, &items);
    out.push_str("#ifdef __cplusplus\n}\n#endif\n\n");
    out.push_str("#if defined(__clang__)\n#pragma clang diagnostic pop\n#endif\n\n#endif\n");
    check(&out, &items);
    out
}

fn head() -> String {
    let mut out = String::from("/*\n * interaction_code.h\n *\n");
    for line in methods::module_docs(&read("src/capi/mod.rs")) {
        out.push_str(format!(" * {line}").trim_end());
        out.push('\n');
    }
    out.push_str(" *\n * Generated from src/capi; do not edit. SPDX-License-Identifier: MIT OR Apache-2.0\n */\n\n");
    out.push_str("#ifndef INTERACTION_CODE_H\n#define INTERACTION_CODE_H\n\n");
    out.push_str("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
    // Most pointers say nothing about NULL, because it is an error there and no undefined behaviour.
    out.push_str("#if defined(__clang__)\n#pragma clang diagnostic push\n");
    for what in ["completeness", "extension"] {
        let _ = writeln!(out, "#pragma clang diagnostic ignored \"-Wnullability-{what}\"");
    }
    out.push_str("#endif\n\n");
    out
}

fn versions() -> String {
    let parts = [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    let [major, minor, patch] = parts;
    let mut out = String::new();
    heading(&mut out, "Version of this header");
    comment(&mut out, ["The version that this header belongs to; `ic_version` says that of the library."]);
    let _ = writeln!(out, "#define IC_VERSION_MAJOR {major}\n#define IC_VERSION_MINOR {minor}");
    let _ = writeln!(out, "#define IC_VERSION_PATCH {patch}");
    comment(&mut out, ["As one number, to compare: major * 1000000 + minor * 1000 + patch."]);
    out.push_str(
        "#define IC_VERSION_NUMBER (IC_VERSION_MAJOR * 1000000 + IC_VERSION_MINOR * 1000 + IC_VERSION_PATCH)\n",
    );
    comment(&mut out, ["As text."]);
    let _ = writeln!(out, "#define IC_VERSION_STRING \"{}\"\n", env!("CARGO_PKG_VERSION"));
    out
}

/// The name of a kind in C: `IC_ERROR_INVALID_ARGUMENT`.
pub fn status_name(kind: ErrorKind) -> String {
    format!("IC_ERROR_{}", kind.as_str().to_uppercase())
}

fn statuses() -> String {
    let mut out = String::from("enum {\n    /// Everything went well.\n    IC_OK = 0,\n");
    for kind in ErrorKind::ALL {
        for line in wrap(kind.doc(), WIDTH - "    /// ".len()) {
            let _ = writeln!(out, "    /// {line}");
        }
        let _ = writeln!(out, "    {} = {},", status_name(*kind), kind.code());
    }
    out.push_str("};\n\n");
    out
}

/// The name of an ending in C: `IC_ENDING_MAIL_SENT`.
pub fn ending_name(kind: EndingKind) -> String {
    format!("IC_ENDING_{}", kind.as_str().to_uppercase())
}

fn endings() -> String {
    let mut out = String::from("enum {\n");
    for kind in EndingKind::ALL {
        for line in wrap(kind.doc(), WIDTH - "    /// ".len()) {
            let _ = writeln!(out, "    /// {line}");
        }
        let _ = writeln!(out, "    {} = {},", ending_name(*kind), kind.code());
    }
    out.push_str("};\n\n");
    out
}

/// The name of an outcome in C: `IC_OUTCOME_PUSH_EXPIRED`.
pub fn outcome_name(outcome: Outcome) -> String {
    format!("IC_OUTCOME_{}", outcome.as_str().to_uppercase())
}

fn outcomes() -> String {
    let mut out = String::from("enum {\n");
    for outcome in Outcome::ALL {
        for line in wrap(outcome.doc(), WIDTH - "    /// ".len()) {
            let _ = writeln!(out, "    /// {line}");
        }
        let _ = writeln!(out, "    {} = {},", outcome_name(*outcome), outcome.exit_code());
    }
    out.push_str("};\n\n");
    // A macro over macros: the numbers of PAM differ between systems, and this header needs none of its own.
    comment(
        &mut out,
        [
            "Each outcome with the code that a PAM module gives for it; the codes are those of <security/pam_modules.h>:",
            "#define PAM_CASE(outcome, code) case outcome: return code;",
            "switch (outcome) { IC_OUTCOME_PAM_CODES(PAM_CASE) default: return PAM_SERVICE_ERR; }",
        ],
    );
    let rows = Outcome::ALL.iter().map(|outcome| format!("    X({}, {})", outcome_name(*outcome), outcome.pam()));
    let _ = writeln!(out, "#define IC_OUTCOME_PAM_CODES(X) \\\n{}\n", rows.collect::<Vec<_>>().join(" \\\n"));
    out.push_str(&password_facts());
    out
}

/// The name of a fact about a password in C: `IC_PASSWORD_VERIFIED`.
fn password_facts() -> String {
    let mut out = String::from("enum {\n");
    for fact in PasswordFact::ALL {
        let name = fact.as_str().to_uppercase();
        let _ = writeln!(out, "    /// {}\n    IC_PASSWORD_{name} = {},", fact.doc(), fact.code());
    }
    out.push_str("};\n\n");
    out
}

/// `IC_CALL_INIT` for `ic_call`: its size, everything else zero. Every member is written out, so no warning is due.
fn initialiser(item: &Item, handles: &[&str]) -> Option<String> {
    let name = &item.name;
    let body = item.code.strip_prefix(&format!("typedef struct {name} {{\n"))?;
    let (body, _) = body.rsplit_once("\n}")?;
    let code: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.starts_with("///")).collect();
    let code = code.join(" ");
    let mut members = code.split_terminator(';').map(str::trim);
    if members.next() != Some("size_t size") {
        return None;
    }
    let mut values = vec![format!("sizeof({name})")];
    values.extend(members.map(|member| zero(member, handles).to_owned()));
    let mut out = String::new();
    comment(&mut out, [format!("An `{name}` with its size set and everything else zero.").as_str()]);
    let _ = writeln!(out, "#define {}_INIT {{ {} }}\n", name.to_uppercase(), values.join(", "));
    Some(out)
}

fn zero(member: &str, handles: &[&str]) -> &'static str {
    let of = member.split(' ').next().unwrap_or_default();
    // Types of callbacks end in `_fn`; handles are pointers.
    if member.contains('*') || of.ends_with("_fn") || handles.contains(&of) {
        "NULL"
    } else if of == "bool" {
        "false"
    } else {
        "0"
    }
}

/// The functions, each module under its own heading.
fn functions(out: &mut String, items: &[Item]) {
    let homes = methods::homes();
    let mut current = None;
    let mut functions: Vec<&Item> = items.iter().filter(|item| item.kind == ItemKind::Function).collect();
    let place = |item: &Item| homes.iter().position(|home| home.functions.contains(&item.name));
    functions.sort_by_key(|item| place(item));
    for item in functions {
        let home = &homes[place(item).unwrap_or_else(|| panic!("{} is in no file of src/capi", item.name))];
        if current != Some(&home.file) {
            heading(out, &home.title);
            current = Some(&home.file);
        }
        item.print(out);
    }
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "/* ---- {title} {} */\n", "-".repeat((WIDTH - 11).saturating_sub(title.chars().count())));
}

fn comment<'a>(out: &mut String, lines: impl IntoIterator<Item = &'a str>) {
    for line in lines {
        out.push_str(format!("/// {line}").trim_end());
        out.push('\n');
    }
}

/// Breaks a text into lines of at most `width` characters.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always one");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            let space = if line.is_empty() { "" } else { " " };
            line.push_str(space);
            line.push_str(word);
        }
    }
    lines
}

/// What would be wrong in a header and no compiler says.
fn check(header: &str, items: &[Item]) {
    let head = header.split("#ifndef").next().unwrap_or_default();
    assert_eq!(head.matches("*/").count(), 1, "the conventions end the comment that they stand in");
    for (at, line) in header.lines().enumerate() {
        let comment = line.trim_start().starts_with("///");
        assert!(!(comment && line.ends_with('\\')), "line {}: a comment that goes on", at + 1);
        // What only Rust understands: `[`Flow`]` links, `Option`, paths.
        let rust = ["[`", "crate::", "Option<", "Result<"].iter().find(|what| line.contains(**what));
        assert!(rust.is_none(), "line {}: {} means nothing to a C programmer: {line}", at + 1, rust.unwrap_or(&""));
    }
    let bare: Vec<_> =
        items.iter().filter(|item| item.docs.iter().all(String::is_empty)).map(|item| &item.name).collect();
    assert!(bare.is_empty(), "no docs: {bare:?}");
}
