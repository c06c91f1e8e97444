//! The headers compile by themselves, in every dialect that is promised, without a warning, and also when included twice.

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::path;

const WARNINGS: [&str; 7] =
    ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror"];

struct Dialect {
    compilers: [&'static str; 2],
    language: &'static str,
    standard: &'static str,
}

const C: &[Dialect] = &[Dialect { compilers: ["gcc", "clang"], language: "c", standard: "c11" }];
const CPP: &[Dialect] = &[
    Dialect { compilers: ["g++", "clang++"], language: "c++", standard: "c++17" },
    Dialect { compilers: ["g++", "clang++"], language: "c++", standard: "c++20" },
];

fn compile(compiler: &str, dialect: &Dialect, header: &str, macros: &[&str], source: &Path) -> Option<Output> {
    let mut command = Command::new(compiler);
    command.args(["-x", dialect.language, &format!("-std={}", dialect.standard), "-fsyntax-only"]).args(WARNINGS);
    command.arg("-I").arg(path("include")).args(macros).arg(source);
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let required = std::env::var_os("IC_TOOLS_REQUIRED").is_some();
            assert!(!required, "{compiler} is missing: {header} is not proven with it");
            eprintln!("!! skipped: no {compiler} here; nothing is proven about {header} with it");
            None
        }
        Err(error) => panic!("{compiler}: {error}"),
    }
}

/// Included twice, of which the first time is alone.
fn check(header: &str, dialects: &[Dialect], macros: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("twice");
    std::fs::write(&source, format!("#include <{header}>\n").repeat(2) + "int unused;\n").expect("written");
    for dialect in dialects {
        for compiler in dialect.compilers {
            let Some(output) = compile(compiler, dialect, header, macros, &source) else { continue };
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{header}, {compiler} {} {macros:?}:\n{text}", dialect.standard);
            assert!(text.is_empty(), "{text}");
        }
    }
}

#[test]
fn the_c_header_compiles_everywhere() {
    for macros in [&[][..], &["-DIC_TEST_HOOKS"]] {
        check("interaction_code.h", C, macros);
        check("interaction_code.h", CPP, macros);
    }
}

#[test]
fn the_cpp_headers_compile_everywhere() {
    check("interaction_code.hpp", CPP, &[]);
    // Where the umbrella is split, each part stands by itself, too.
    let Ok(parts) = std::fs::read_dir(path("include/interaction_code")) else { return };
    for part in parts {
        let name = part.expect("an entry").file_name();
        check(&format!("interaction_code/{}", name.to_string_lossy()), &CPP[..1], &[]);
    }
}

#[test]
fn a_wrong_header_does_not_compile() {
    // The check above can fail: the same way, a header with a conversion that loses something.
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("wrong");
    std::fs::write(&source, "static inline int wrong(long x) { return x; }\n").expect("written");
    for compiler in C[0].compilers {
        if let Some(output) = compile(compiler, &C[0], "a wrong header", &[], &source) {
            assert!(!output.status.success(), "{compiler} takes anything");
        }
    }
}
