//! The code in the docs is code: what is a file is a file of the examples, and every other piece compiles.
//!
//! A block says after its language what it is: `file` is a whole program, `functions` stands by itself below the includes,
//! `body` is inside a function that has the usual variables. README's pieces are parts of
//! what is tested.

use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::{path, read};

const PAGES: [&str; 2] = ["docs/c.md", "docs/bindings.md"];
const QUICK_START: &str = "examples/c/quick_start.c";

struct Block {
    page: &'static str,
    info: String,
    code: String,
}

/// The blocks of a page with something after ``` .
fn blocks(page: &'static str) -> Vec<Block> {
    let text = read(page);
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for event in Parser::new(&text) {
        match (event, &mut open) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _) => {
                open = Some(Block { page, info: info.to_string(), code: String::new() });
            }
            (Event::Text(text), Some(block)) => block.code.push_str(&text),
            (Event::End(TagEnd::CodeBlock), _) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// A piece of C as a file that compiles.
fn wrapped(block: &Block) -> String {
    let includes = "#include <interaction_code.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n";
    match block.info.as_str() {
        "c functions" => format!("{includes}{}", block.code),
        // A function with many uses, so that no variable is unused and none is only a guess.
        "c body" => format!(
            "{includes}ic_status piece(ic_client client, ic_flow flow, ic_step step, ic_screen screen, ic_answer answer);\n\
             ic_status piece(ic_client client, ic_flow flow, ic_step step, ic_screen screen, ic_answer answer)\n{{\n\
             ic_error error = NULL;\nic_status status = IC_OK;\n\
             (void)client, (void)flow, (void)step, (void)screen, (void)answer, (void)error;\n{}\nreturn status;\n}}\n",
            block.code
        ),
        "cpp functions" => format!("#include <stdexcept>\n#include <string>\n#include <string_view>\n{}", block.code),
        other => panic!("{}: a block of an unknown kind: {other:?}", block.page),
    }
}

fn compiles(block: &Block) -> bool {
    let (compiler, flags) = match block.info.as_str() {
        "cpp functions" => ("c++", ["-x", "c++", "-std=c++17"]),
        _ => ("cc", ["-x", "c", "-std=c11"]),
    };
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("piece");
    std::fs::write(&source, wrapped(block)).expect("written");
    let mut command = Command::new(compiler);
    command.args(flags).args(["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]);
    let output = command.arg("-I").arg(path("include")).arg(source).output().expect("a compiler");
    if !output.status.success() {
        eprintln!("{}, in {}:\n{}", String::from_utf8_lossy(&output.stderr), block.page, block.code);
    }
    output.status.success()
}

#[test]
fn every_piece_of_the_docs_compiles() {
    let all: Vec<Block> = PAGES.into_iter().flat_map(blocks).filter(|block| block.info.contains(' ')).collect();
    let pieces = all.iter().filter(|block| !block.info.ends_with(" file"));
    let broken = pieces.clone().filter(|block| !compiles(block)).count();
    assert!(pieces.count() > 10, "hardly anything was found to compile");
    assert_eq!(broken, 0, "pieces of the docs do not compile");
    let unmarked =
        PAGES.into_iter().flat_map(blocks).filter(|block| ["c", "cpp", "python"].contains(&block.info.as_str()));
    assert_eq!(unmarked.count(), 0, "a block of code says what it is: `c body`, `c functions`, `c file`");
}

#[test]
fn a_wrong_piece_does_not_compile() {
    let wrong = Block { page: "none", info: "c body".to_owned(), code: "ic_flow_free(step);".to_owned() };
    assert!(!compiles(&wrong), "a step is no flow");
}

#[test]
fn the_quick_start_is_the_tested_example() {
    let example = read(QUICK_START);
    let files: Vec<String> = blocks("docs/c.md").into_iter().filter(|b| b.info == "c file").map(|b| b.code).collect();
    assert_eq!(files, [example.as_str()], "docs/c.md shows {QUICK_START}");
    let shown: Vec<String> = blocks("README.md").into_iter().filter(|b| b.info == "c").map(|b| b.code).collect();
    assert_eq!(shown.len(), 1, "README shows one piece of C");
    let inner = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert!(inner(&example).contains(inner(&shown[0]).trim()), "README shows a part of {QUICK_START}");
}

#[test]
fn readme_shows_what_the_pages_of_the_other_languages_show() {
    for (language, page) in [("swift", "docs/swift.md"), ("kotlin", "docs/kotlin.md"), ("python", "docs/python.md")] {
        // What is on these pages runs, in the tests of each language.
        let pieces: Vec<String> = blocks(page).into_iter().map(|block| block.code).collect();
        let shown: Vec<Block> = blocks("README.md").into_iter().filter(|block| block.info == language).collect();
        assert_eq!(shown.len(), 1, "README shows one piece of {language}");
        for part in shown[0].code.split("\n\n") {
            assert!(pieces.iter().any(|piece| piece.contains(part.trim_end())), "not in {page}:\n{part}");
        }
    }
}
