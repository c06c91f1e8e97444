//! The recorded responses that the tests read: where they are, and what to do when they are not there.
//!
//! They are not part of the project and never copied into it. `IC_FIXTURES` names their folder; without it the folder is
//! `../shared/fixtures` beside the project. A test that needs a file which is absent is skipped loudly: the message goes
//! to the standard error of the process itself, which the test harness does not capture.

#![allow(dead_code)]

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The folder of the recordings, and the index that comes with it.
pub struct Fixtures {
    root: PathBuf,
    index: Value,
}

impl Fixtures {
    /// The recordings, or `None` after saying loudly which path was tried. `test` is the name of what is skipped.
    pub fn open(test: &str) -> Option<Fixtures> {
        let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
        let root = env::var_os("IC_FIXTURES").map_or_else(beside, PathBuf::from);
        let index = root.join("scenarios.json");
        match fs::read(&index) {
            Ok(bytes) => {
                let index = serde_json::from_slice(&bytes).expect("scenarios.json is JSON");
                Some(Fixtures { root, index })
            }
            Err(error) => {
                skipped(test, &index, &error);
                None
            }
        }
    }

    /// A list of the index: `scenarios`, `response_checks`, `files`.
    pub fn list(&self, name: &str) -> &[Value] {
        self.index[name].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The bytes of a recording, as they are; `None` after saying loudly that `test` is skipped for want of it.
    pub fn bytes(&self, test: &str, file: &str) -> Option<Vec<u8>> {
        let path = self.root.join(file);
        fs::read(&path).inspect_err(|error| skipped(test, &path, error)).ok()
    }
}

fn skipped(test: &str, path: &Path, error: &std::io::Error) {
    let line = format!(
        "\n!!! SKIPPED: {test}: no recordings at {} ({error}).\n!!! Set IC_FIXTURES to the folder that has them.\n",
        path.display()
    );
    // Not `eprintln!`: the harness would swallow it, and a test that proves nothing must not look as if it did.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// A text member of a value of the index.
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// The texts of an array member; empty when it is absent.
pub fn texts(value: &Value, name: &str) -> Vec<String> {
    let list = value[name].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
