//! The generated half of the bindings: what UniFFI makes of a library, and whether the committed files are that.
//!
//! The generator reads the debug library, because a stripped one does not say what it exports any more. It is a dependency
//! of this program alone, so the tests of the library do not build it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use uniffi::{GenerateOptions, SwiftBindingsOptions, TargetLanguage};

use crate::{
    library, mends, redacted, report,
    run::{output, root, target},
};

/// Where the module of Python is committed.
const PYTHON: &str = "bindings/python/interaction_code/_native.py";

/// Its types, for type checkers.
const PYTHON_TYPES: &str = "bindings/python/interaction_code/_native.pyi";

/// Where the sources of Swift are committed, by what they are called when they are made.
const SWIFT: [(&str, &str); 3] = [
    ("InteractionCode.swift", "bindings/swift/Sources/InteractionCode/Generated/InteractionCode.swift"),
    ("InteractionCodeFFI.h", "bindings/swift/Sources/InteractionCodeFFI/InteractionCodeFFI.h"),
    ("module.modulemap", "bindings/swift/Sources/InteractionCodeFFI/module.modulemap"),
];

/// Where the source of Kotlin is committed.
const KOTLIN: &str = "bindings/kotlin/src/main/generated/io/github/interactioncode/interaction_code.kt";

/// Everything that is generated, from one library.
pub fn all() -> Result<()> {
    let built = library::build("dev", "ureq,file-storage,uniffi")?;
    symbols(&built.shared)?;
    swift(&built.shared)?;
    kotlin(&built.shared)?;
    python(&built.shared, &crate::python::environment()?)
}

/// Generates the Python module from `library` and its types by `interpreter`; compares the committed ones with them, or
/// rewrites these.
pub fn python(library: &Path, interpreter: &Path) -> Result<()> {
    let folder = made("python", library, TargetLanguage::Python)?;
    // UniFFI names the module after the crate; in the package that is the name of what people import.
    let made = fs::read_to_string(folder.join("interaction_code.py")).context("the generated Python module")?;
    compare(PYTHON, &redacted::python(&made, &redacted::names()?)?)?;
    let mut stubs = Command::new(interpreter);
    stubs.arg("stubs.py").arg(root().join(PYTHON)).current_dir(root().join("bindings/python"));
    stubs.env("PYTHONUTF8", "1");
    compare(PYTHON_TYPES, &output(stubs)?)
}

/// Generates the Kotlin source from `library`; compares the committed one with it, or rewrites this.
pub fn kotlin(library: &Path) -> Result<()> {
    let folder = made("kotlin", library, TargetLanguage::Kotlin)?;
    let made = fs::read_to_string(folder.join("io/github/interactioncode/interaction_code.kt"));
    let mended = mends::kotlin(&made.context("the generated Kotlin source")?)?;
    compare(KOTLIN, &tidy(&redacted::kotlin(mended, &redacted::names()?)?))
}

/// Generates the Swift source, the C header and the module map below it from `library`; compares the committed ones with
/// them, or rewrites these.
pub fn swift(library: &Path) -> Result<()> {
    let folder = renewed("swift")?;
    uniffi::generate_swift_bindings(SwiftBindingsOptions {
        generate_swift_sources: true,
        generate_headers: true,
        generate_modulemap: true,
        source: text(library)?.into(),
        out_dir: text(&folder)?.into(),
        xcframework: false,
        module_name: Some("InteractionCodeFFI".to_owned()),
        modulemap_filename: Some("module.modulemap".to_owned()),
        metadata_no_deps: true,
        link_frameworks: Vec::new(),
        config: None,
    })?;
    for (name, committed) in SWIFT {
        let made = fs::read_to_string(folder.join(name)).with_context(|| format!("the generated {name}"))?;
        let made =
            if name.ends_with(".swift") { redacted::swift(mends::swift(&made)?, &redacted::names()?)? } else { made };
        compare(committed, &tidy(&made))?;
    }
    Ok(())
}

/// Compares what a debug library exports for UniFFI with the committed lists, or rewrites these: its own symbols above those of
/// C, and the ones that do not ship.
pub fn symbols(library: &Path) -> Result<()> {
    let exported = library::exports(library)?;
    let (hidden, own): (Vec<_>, Vec<_>) =
        exported.iter().filter(|name| !name.starts_with("ic_")).partition(|name| is_for_nobody(name));
    let listed = fs::read_to_string(root().join(library::EXPORTS)).context(library::EXPORTS)?;
    let kept = |start: &str| listed.lines().filter(move |line| line.starts_with(start)).collect::<Vec<_>>();
    let lines = [kept("#"), own.into_iter().map(String::as_str).collect(), kept("ic_")].concat();
    compare(library::EXPORTS, &(lines.join("\n") + "\n"))?;
    let hidden: String = hidden.iter().map(|name| format!("    {name};\n")).collect();
    compare(
        library::HIDDEN,
        &format!(
            "# What only the generator of UniFFI reads, and what waits for futures, of which there are none. Generated.\n{{\n  local:\n{hidden}}};\n"
        ),
    )
}

/// What a library that ships does not export: descriptions for the generator, and functions of Rust's futures, which no language
/// calls because no function of ours is `async` there (20 KB).
fn is_for_nobody(name: &str) -> bool {
    name.starts_with("UNIFFI_META_") || name.starts_with("ffi_interaction_code_rust_future_")
}

/// What UniFFI makes for a language, in a folder below `target`.
fn made(name: &str, library: &Path, language: TargetLanguage) -> Result<PathBuf> {
    let folder = renewed(name)?;
    uniffi::generate(GenerateOptions {
        languages: vec![language],
        source: text(library)?.into(),
        out_dir: text(&folder)?.into(),
        metadata_no_deps: true,
        ..GenerateOptions::default()
    })?;
    Ok(folder)
}

fn renewed(name: &str) -> Result<PathBuf> {
    let folder = target().join("bindings").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).context("a path that is not UTF-8")
}

/// Without spaces at the ends of lines, which the templates of UniFFI leave and tools complain about.
fn tidy(source: &str) -> String {
    let lines: Vec<_> = source.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// Compares a committed file with what was generated; `IC_BLESS=1` rewrites it.
fn compare(name: &str, wanted: &str) -> Result<()> {
    let path = root().join(name);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed == wanted {
        report::line(&format!("{name} is what the library says"));
        return Ok(());
    }
    if std::env::var_os("IC_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().context("a file in a folder")?)?;
        fs::write(&path, wanted)?;
        report::line(&format!("{name} is rewritten"));
        return Ok(());
    }
    bail!("{name} is not what the library says, {}", difference(&committed, wanted))
}

/// The first line that differs.
fn difference(committed: &str, wanted: &str) -> String {
    let same = committed.lines().zip(wanted.lines()).take_while(|(committed, wanted)| committed == wanted).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    format!(
        "from line {}:\n  is:      {}\n  must be: {}\nIC_BLESS=1 rewrites it; read the change before you commit it",
        same + 1,
        line(committed),
        line(wanted)
    )
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_line_that_differs_is_shown() {
        let told = difference("a\nb\nc\n", "a\nB\nc\n");
        assert!(told.starts_with("from line 2:\n  is:      b\n  must be: B\n"), "{told}");
        assert!(difference("a\n", "a\nb\n").contains("is:      (the end)"));
    }
}
