//! Generated files are what their source says, byte for byte: the C header, its man page, the lists of statuses and exports.
//!
//! The source is `src/capi` (docs included) and the one list of error kinds. `IC_BLESS=1 cargo test --test generated`
//! rewrites the files; without it the tests compare. Statuses are append-only: no blessing changes one that was released.

mod compiles;
mod header;
mod man;
mod methods;
mod snippets;
mod statuses;
mod surface;

use std::{fs, path::PathBuf};

/// A file of the project.
fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Whether to rewrite instead of comparing.
fn blessing() -> bool {
    std::env::var_os("IC_BLESS").is_some_and(|value| value == "1")
}

/// Compares a committed file with what it has to be, or rewrites it. The first line that differs is shown.
fn compare(name: &str, wanted: &str) {
    if blessing() {
        if fs::read_to_string(path(name)).ok().as_deref() != Some(wanted) {
            let target = path(name);
            let folder = target.parent().expect("a folder");
            fs::create_dir_all(folder).expect("the folder is writable");
            // All at once: a compiler of the test beside this one may be reading it.
            let whole = target.with_extension("new");
            fs::write(&whole, wanted)
                .and_then(|()| fs::rename(&whole, &target))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        return;
    }
    let committed = fs::read_to_string(path(name)).unwrap_or_default();
    if committed == wanted {
        return;
    }
    let differs = committed.lines().zip(wanted.lines()).position(|(committed, wanted)| committed != wanted);
    let at = differs.unwrap_or_else(|| committed.lines().count().min(wanted.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").to_owned();
    panic!(
        "{name} is not what its source says, from line {}:\n  is:      {}\n  must be: {}\n{}",
        at + 1,
        line(&committed),
        line(wanted),
        "IC_BLESS=1 cargo test --test generated rewrites it; read the change before you commit it",
    );
}

#[test]
fn the_header_is_what_its_source_says() {
    compare("include/interaction_code.h", &header::text());
}

#[test]
fn the_man_page_is_what_its_source_says() {
    compare("packaging/interaction_code.3", &man::text());
}
