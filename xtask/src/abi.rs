//! The ABI as a C program sees it, kept in `tests/abi` and compared by abidiff.
//!
//! The dump is of a library that a C compiler makes of the header alone: every declared function with an empty body. A
//! dump of the Rust library would be mostly Rust's own types, which change with each compiler. That the real library
//! exports these functions is compared by name, and that its structs are these follows from cbindgen.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    library::soname,
    report,
    run::{output, program, root, run, target},
};

const KEPT: &str = "tests/abi/interaction_code.abi";

/// What abidiff's exit status says: bits, of which these two are failures of its own.
const BROKEN: i32 = 1 | 2;
/// Something is gone; every other bit may or may not matter to a program that was compiled before.
const INCOMPATIBLE: i32 = 8;

/// Compares, or rewrites with `IC_BLESS=1`.
pub fn check() -> Result<()> {
    let folder = target().join("c/abi");
    fs::create_dir_all(&folder)?;
    let library = compile(&folder)?;
    let kept = root().join(KEPT);
    if std::env::var_os("IC_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(kept.parent().context("a folder")?)?;
        fs::write(&kept, dump(&library)?)?;
        report::line(&format!("{KEPT} is rewritten"));
        return Ok(());
    }
    let mut abidiff = program("abidiff", ["--no-show-locs"]);
    abidiff.args([&kept, &library]);
    let compared = abidiff.output().context("abidiff does not start")?;
    let text = String::from_utf8_lossy(&compared.stdout);
    match compared.status.code() {
        Some(0) => Ok(()),
        Some(code) if code & BROKEN != 0 => bail!("abidiff: {}", String::from_utf8_lossy(&compared.stderr)),
        Some(code) => {
            let what = if code & INCOMPATIBLE != 0 { "broke" } else { "changed: read whether old programs still run" };
            bail!(
                "the ABI {what}. Where they do not, and this was ever released, IC_ABI_VERSION has to grow; IC_BLESS=1 \
                 rewrites {KEPT}\n{text}"
            )
        }
        None => bail!("abidiff was ended"),
    }
}

/// A library with the header's functions and nothing in them.
fn compile(folder: &Path) -> Result<std::path::PathBuf> {
    let header = fs::read_to_string(root().join("include/interaction_code.h")).context("the header")?;
    let source = folder.join("header.c");
    fs::write(&source, bodies(&header)?)?;
    let library = folder.join("header.so");
    let mut cc = program("cc", ["-std=c11", "-g", "-shared", "-fPIC", "-Wall", "-Wno-unused-parameter", "-Werror"]);
    cc.arg(format!("-Wl,-soname,{}", soname()?)).arg("-I").arg(root().join("include"));
    cc.arg("-o").args([&library, &source]);
    run(cc)?;
    Ok(library)
}

fn dump(library: &Path) -> Result<String> {
    let mut abidw =
        program("abidw", ["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-parameter-names"]);
    // Numbers of types that do not all change when one is added.
    abidw
        .args(["--type-id-style", "hash", "--drop-undefined-syms", "--no-elf-needed", "--no-write-default-sizes"])
        .arg(library);
    let text = output(abidw)?;
    // The folder of the compiler's own headers and the path of the source say nothing about the ABI.
    Ok(text.lines().map(|line| without(line, " path=") + "\n").collect())
}

/// A line of XML without one attribute.
fn without(line: &str, attribute: &str) -> String {
    let Some((before, rest)) = line.split_once(attribute) else { return line.to_owned() };
    let after = rest.get(1..).and_then(|value| value.split_once(['\'', '"']));
    before.to_owned() + after.map_or("", |(_, after)| after)
}

/// The header's functions as definitions.
fn bodies(header: &str) -> Result<String> {
    let opened = header.split_once("extern \"C\" {\n#endif\n").context("the header has no extern \"C\"")?.1;
    let (declared, _) = opened.split_once("#ifdef __cplusplus").context("extern \"C\" is not closed")?;
    let code = |line: &&str| !line.trim_start().starts_with("///") && !line.starts_with("/*");
    let lines: Vec<&str> = declared.lines().filter(code).collect();
    // Functions for tests are no part of it.
    let text = lines
        .join("\n")
        .split("#if defined(IC_TEST_HOOKS)")
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once("#endif").map_or("", |(_, rest)| rest) })
        .collect::<String>();
    let functions: Vec<&str> = text.split(';').map(str::trim).filter(|text| !text.is_empty()).collect();
    let odd = functions.iter().find(|text| !text.ends_with(')') || text.contains('#'));
    if functions.is_empty() || odd.is_some() {
        bail!("the header has a declaration that is no function: {odd:?}");
    }
    let bodies: Vec<String> = functions.iter().map(|text| format!("{text} {{ __builtin_trap(); }}\n")).collect();
    Ok(format!("#include <interaction_code.h>\n{}", bodies.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_get_bodies() {
        let header = "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n/// A doc; with\n/// (parens).\nint ic_a(int x,\n    int y);\n\n#if defined(IC_TEST_HOOKS)\n/// Hook.\nint ic_test(void);\n#endif\n\nvoid ic_b(void);\n\n#ifdef __cplusplus\n}\n#endif\n";
        let text = bodies(header).unwrap();
        assert!(text.contains("int ic_a(int x,\n    int y) { __builtin_trap(); }"), "{text}");
        assert!(text.contains("void ic_b(void) {") && !text.contains("ic_test"), "{text}");
    }

    #[test]
    fn attributes_are_taken_out() {
        assert_eq!(without("<a x='1' path='/a b' y='2'>", " path="), "<a x='1' y='2'>");
        assert_eq!(without("<a x='1'>", " path="), "<a x='1'>");
    }
}
