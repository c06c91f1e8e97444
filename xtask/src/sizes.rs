//! What the library weighs, stripped and packed, and whose code it is.
//!
//! Whose code: by the crate that each symbol names first. A generic function of the standard library counts there, also when
//! it was made for a type of ours.

use std::{
    collections::BTreeMap,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    dist, library, report,
    run::{output, program},
};

/// A build, its budget in MB stripped, and in MB packed.
const BUILDS: [(&str, &str, Option<f64>, Option<f64>); 4] = [
    ("a phone, with the app's own transport", dist::PHONE, Some(1.3), Some(0.65)),
    ("Python, or a phone with our transport", "ureq,uniffi", Some(2.6), None),
    ("C", dist::FEATURES, Some(2.6), None),
    ("C, with the app's own transport", dist::SMALL, None, None),
];

/// How `bindings/kotlin/build-aar.sh` links for Android: relocations packed as Android 6 and newer read them, and segments for
/// pages of 16 kB. Only weighed here: this system does not load it.
const OF_ANDROID: [&str; 2] = ["-Wl,--pack-dyn-relocs=android", "-Wl,-z,max-page-size=16384"];

/// Crates below this share are summed up.
const SMALLEST: u64 = 8_000;

pub fn all() -> Result<()> {
    for (whose, features, budget, packed_budget) in BUILDS {
        report::head(&format!("size for {whose}: {features}"));
        let phone = features == dist::PHONE;
        let built = library::linked("dist", features, if phone { &OF_ANDROID } else { &[] })?;
        let stripped = dist::stripped(&built.shared)?;
        let size = megabytes(stripped.len() as u64);
        report::line(&format!("stripped {size:.2} MB{}", verdict(size, budget)));
        let packed = megabytes(gzipped(&stripped)?);
        report::line(&format!("and packed with gzip {packed:.2} MB{}", verdict(packed, packed_budget)));
        if phone {
            aligned(&built.shared)?;
            shares(&built.shared, stripped.len() as u64)?;
        }
    }
    Ok(())
}

/// Whether a figure keeps its budget, in words.
pub fn against(good: bool) -> &'static str {
    if good { "within the budget of" } else { "OVER the budget of" }
}

fn verdict(size: f64, budget: Option<f64>) -> String {
    budget.map_or(String::new(), |budget| format!(", {} {budget} MB", against(size <= budget)))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Whether every part that is loaded begins at a multiple of 16 kB.
fn aligned(library: &Path) -> Result<()> {
    let mut readelf = program("readelf", ["--program-headers", "--wide"]);
    readelf.arg(library);
    let listed = output(readelf)?;
    let loads = listed.lines().filter(|line| line.trim_start().starts_with("LOAD"));
    let hex = |text: &str| u64::from_str_radix(text.trim_start_matches("0x"), 16).ok();
    let alignments: Vec<_> = loads.filter_map(|line| hex(line.split_whitespace().last()?)).collect();
    if alignments.is_empty() || alignments.iter().any(|alignment| *alignment < 16_384) {
        bail!("the library is not aligned for pages of 16 kB: {alignments:?}");
    }
    report::line("aligned for pages of 16 kB");
    Ok(())
}

fn gzipped(bytes: &[u8]) -> Result<u64> {
    let mut gzip = Command::new("gzip");
    let mut child = gzip.arg("-9c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("gzip")?;
    let mut into = child.stdin.take().context("gzip reads a pipe")?;
    std::thread::scope(|scope| {
        // On a thread of its own: gzip writes before it has read everything.
        let written = scope.spawn(move || into.write_all(bytes));
        let packed = child.wait_with_output()?.stdout.len() as u64;
        written.join().map_err(|_| anyhow::anyhow!("writing to gzip"))??;
        Ok(packed)
    })
}

/// How much of a library that still has its symbols each crate is.
fn shares(library: &Path, whole: u64) -> Result<()> {
    let mut nm = program("nm", ["--print-size", "--demangle", "--defined-only"]);
    nm.arg(library);
    let (mut crates, mut known) = (BTreeMap::<String, u64>::new(), 0);
    for (name, size) in output(nm)?.lines().filter_map(symbol) {
        *crates.entry(crate_of(name)).or_default() += size;
        known += size;
    }
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let (large, small): (Vec<_>, Vec<_>) = crates.into_iter().partition(|(_, size)| *size >= SMALLEST);
    let rest = small.iter().map(|(_, size)| size).sum();
    let tables = whole.saturating_sub(known);
    let named = large.iter().map(|(name, size)| (name.as_str(), *size));
    for (name, size) in named.chain([("smaller crates", rest), ("unwinding, relocations, names, constants", tables)]) {
        report::line(&format!("{:>7.1} KB {:>5.1} %  {name}", size as f64 / 1e3, 100.0 * size as f64 / whole as f64));
    }
    Ok(())
}

/// `0000000000000c48 0000000000000010 t core::str::from_utf8`: the name and the size, of what is in the file.
fn symbol(line: &str) -> Option<(&str, u64)> {
    let mut parts = line.splitn(4, ' ').skip(1);
    let size = u64::from_str_radix(parts.next()?, 16).ok()?;
    let kind = parts.next()?;
    (!"bB".contains(kind)).then_some((parts.next()?, size))
}

/// The crate that a symbol names first, and of ours the room, too.
fn crate_of(name: &str) -> String {
    const NOT_YET: &[&str] = &["as", "dyn", "mut", "const", "impl", "for", "unsafe", "fn"];
    if name.contains("interaction_code") && !name.contains("::") || name.starts_with("UNIFFI_META") {
        return "interaction_code (what UniFFI exports)".to_owned();
    }
    if name.starts_with("ring_core") {
        return "ring".to_owned();
    }
    let path = name.split("::").next().filter(|path| path.len() < name.len()).unwrap_or("");
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let first = words.find(|word| !NOT_YET.contains(word));
    match first {
        Some("interaction_code") => match room_of(name) {
            Some(room) => format!("interaction_code::{room}"),
            None => "interaction_code".to_owned(),
        },
        Some(word) if word.starts_with(|c: char| c.is_ascii_lowercase()) => word.to_owned(),
        _ => "(C, assembly, primitive types)".to_owned(),
    }
}

/// The room that a symbol of ours names first: `screen`, `idx`, …
fn room_of(name: &str) -> Option<&str> {
    let (_, path) = name.split_once("interaction_code::")?;
    let room = path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
    room.starts_with(|c: char| c.is_ascii_lowercase()).then_some(room)
}

#[cfg(test)]
mod tests {
    use super::{crate_of, symbol};

    #[test]
    fn a_symbol_says_whose_it_is() {
        for (name, of) in [
            ("interaction_code::flow::transition::transition", "interaction_code::flow"),
            ("<&mut dyn core::fmt::Write as core::fmt::Write>::write_str", "core"),
            ("<interaction_code::mobile::form::Field as uniffi_core::Lift<UT>>::try_read", "interaction_code::mobile"),
            ("<interaction_code::Error as core::fmt::Display>::fmt", "interaction_code"),
            ("uniffi_interaction_code_fn_method_client_start", "interaction_code (what UniFFI exports)"),
            ("ring_core_0_17_14__bn_sqr8x_internal", "ring"),
            ("<T as core::any::Any>::type_id", "(C, assembly, primitive types)"),
            ("memcpy", "(C, assembly, primitive types)"),
        ] {
            assert_eq!(crate_of(name), of, "{name}");
        }
        let line = "0000000000012340 0000000000000c48 t <f64 as core::str::traits::FromStr>::from_str";
        assert_eq!(symbol(line), Some(("<f64 as core::str::traits::FromStr>::from_str", 0xc48)));
        assert_eq!(symbol("                 U memcpy"), None);
    }
}
