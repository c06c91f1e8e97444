//! The generated half of the bindings: what UniFFI makes of a library, and whether the committed files are that.
//!
//! The generator reads the debug library, because a stripped one does not say what it exports any more. It is a dependency
//! of this program alone, so the tests of the library do not build it.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use uniffi::{GenerateOptions, TargetLanguage};

use crate::{
    report,
    run::{output, root, target},
};

/// Where the module of Python is committed.
const PYTHON: &str = "bindings/python/interaction_code/_native.py";

/// Its types, for type checkers.
const PYTHON_TYPES: &str = "bindings/python/interaction_code/_native.pyi";

/// Generates the Python module from `library` and its types by `interpreter`; compares the committed ones with them, or
/// rewrites these.
pub fn python(library: &Path, interpreter: &Path) -> Result<()> {
    let folder = target().join("bindings/python");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let text = |path: &Path| path.to_str().map(str::to_owned).context("a path that is not UTF-8");
    uniffi::generate(GenerateOptions {
        languages: vec![TargetLanguage::Python],
        source: text(library)?.into(),
        out_dir: text(&folder)?.into(),
        metadata_no_deps: true,
        ..GenerateOptions::default()
    })?;
    // UniFFI names the module after the crate; in the package that is the name of what people import.
    let made = fs::read_to_string(folder.join("interaction_code.py")).context("the generated Python module")?;
    compare(PYTHON, &made)?;
    let mut stubs = Command::new(interpreter);
    stubs.arg("stubs.py").arg(root().join(PYTHON)).current_dir(root().join("bindings/python"));
    stubs.env("PYTHONUTF8", "1");
    compare(PYTHON_TYPES, &output(stubs)?)
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
