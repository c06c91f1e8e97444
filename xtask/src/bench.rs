//! `cargo xtask bench`: the figures of the budgets, each as a ratio of two things measured side by side in one run.

use anyhow::Result;

use crate::{
    bench_c, bench_faces, report,
    run::{cargo, run},
    sizes,
};

/// A part of the figures that can be taken alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Reading recorded responses.
    Read,
    /// Whole sign-ins.
    SignIn,
    /// How long a call goes on after its cancel.
    Cancel,
    /// The C face: calls, and memory.
    C,
    /// A look over the border, from Python.
    Faces,
    /// What each build of the library weighs.
    Sizes,
}

pub fn all() -> Result<()> {
    [Part::Read, Part::SignIn, Part::Cancel, Part::C, Part::Faces, Part::Sizes].into_iter().try_for_each(only)
}

/// Takes one part.
pub fn only(part: Part) -> Result<()> {
    match part {
        Part::Read => {
            report::head("reading recorded responses, against serde_json::Value of the same bytes");
            bench("read")
        }
        Part::SignIn => {
            report::head("200 sign-ins, against a bare replay of the same requests by ureq");
            bench("sign_in")
        }
        Part::Cancel => {
            report::head("calls that are cancelled while they wait");
            bench("cancel")
        }
        Part::C => {
            report::head("C calls: one with a handle, and 200 sign-ins against Rust calls");
            bench("capi")?;
            bench("getters")?;
            bench_c::all()
        }
        Part::Faces => bench_faces::all(),
        Part::Sizes => sizes::all(),
    }
}

fn bench(name: &str) -> Result<()> {
    run(cargo(&["bench", "--quiet", "--package", "interaction-code", "--bench", name]))
}
