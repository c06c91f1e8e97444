//! No function is forgotten: what `src/capi` defines for C is in the header and in the list of exported symbols.

use crate::{
    compare,
    header::{self, ItemKind},
    methods, path, read,
};

/// The symbols of the shared library; `cargo xtask dist` compares them with what is really exported.
const EXPORTS: &str = "tests/exports.txt";
const HEAD: &str =
    "# The symbols that the shared library exports, and no others: those of UniFFI, then those of C. Generated.\n";

#[test]
fn every_function_is_in_the_header_and_in_the_list_of_exports() {
    let items = header::items();
    let functions: Vec<_> = items.iter().filter(|item| item.kind == ItemKind::Function).collect();

    let mut defined: Vec<String> = methods::homes().into_iter().flat_map(|home| home.functions).collect();
    let mut declared: Vec<String> = functions.iter().map(|item| item.name.clone()).collect();
    defined.sort();
    declared.sort();
    assert_eq!(defined, declared, "cbindgen does not see what a macro makes");
    let count = defined.len();
    defined.dedup();
    assert_eq!(count, defined.len(), "a name is defined twice");
    assert!(count > 20, "only {count} functions");

    for item in &functions {
        assert_eq!(item.is_hook(), item.name.starts_with("ic_test_") || is_hook_setter(&item.name), "{}", item.name);
    }
    let mut exports: Vec<&str> =
        functions.iter().filter(|item| !item.is_hook()).map(|item| item.name.as_str()).collect();
    exports.sort_unstable();
    let kept = if path(EXPORTS).exists() { read(EXPORTS) } else { HEAD.to_owned() };
    let others = kept.lines().filter(|line| !line.starts_with("ic_")).map(|line| format!("{line}\n"));
    let wanted = others.collect::<String>() + &exports.iter().map(|name| format!("{name}\n")).collect::<String>();
    compare(EXPORTS, &wanted);
}

/// The setters that only a build with hooks has. Whoever adds one says so here, too.
fn is_hook_setter(name: &str) -> bool {
    ["ic_config_set_clock", "ic_config_set_random"].contains(&name)
}

#[test]
fn the_version_of_the_soname_is_the_version_of_the_abi() {
    // cargo-c makes the SONAME of the first part of the package's version.
    let items = header::items();
    let abi = items.iter().find(|item| item.name == "IC_ABI_VERSION").expect("IC_ABI_VERSION");
    assert_eq!(abi.code, format!("#define IC_ABI_VERSION {}", env!("CARGO_PKG_VERSION_MAJOR")));
    assert!(read("Cargo.toml").contains("version_suffix_components = 1"));
}
