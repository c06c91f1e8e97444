//! Reading every recorded response into a `Step`, against `serde_json::Value` of the same bytes.
//!
//! The recordings are read from the folder in `IC_FIXTURES` (default `../shared/fixtures`). Budget: 0.5.

#[path = "paired/mod.rs"]
mod paired;

use std::{
    hint::black_box,
    path::{Path, PathBuf},
};

use interaction_code::idx::Step;

fn main() {
    let named = std::env::var_os("IC_FIXTURES").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"));
    let mut bodies = Vec::new();
    collect(&folder, &mut bodies);
    bodies.retain(|body| Step::read(body).is_ok());
    if bodies.is_empty() {
        println!(
            "!! no recorded responses in {}: set IC_FIXTURES to their folder; nothing is measured",
            folder.display()
        );
        return;
    }
    let bytes: usize = bodies.iter().map(Vec::len).sum();
    let steps = || bodies.iter().for_each(|body| drop(black_box(Step::read(body))));
    let values = || bodies.iter().for_each(|body| drop(black_box(serde_json::from_slice::<serde_json::Value>(body))));
    let compared = paired::compare(101, steps, values);
    compared.print(&format!("reading {} responses, {bytes} bytes, into steps", bodies.len()), 0.5);

    // A step is read lazily; this is what it costs when an app looks at everything it shows.
    let looked_at = || {
        for body in &bodies {
            let Ok(step) = Step::read(body) else { continue };
            black_box((step.status(), step.messages().len(), step.authenticators().len(), step.actions().len()));
            for remediation in step.remediations() {
                black_box((remediation.kind(), remediation.href(), remediation.authenticators().len()));
                for field in remediation.all_fields() {
                    black_box((field.label(), field.field_type(), field.is_required(), field.choices().len()));
                }
            }
        }
    };
    let compared = paired::compare(101, looked_at, values);
    compared.print("the same, and every remediation, field, option, authenticator and message looked at", 2.0);
}

fn collect(folder: &Path, bodies: &mut Vec<Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, bodies);
        } else if path.extension().is_some_and(|ending| ending == "json") && !path.ends_with("scenarios.json") {
            bodies.extend(std::fs::read(&path));
        }
    }
}
