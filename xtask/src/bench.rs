//! `cargo xtask bench`: the figures of the budgets, each as a ratio of two things measured side by side in one run.

use anyhow::Result;

use crate::{
    bench_c, report,
    run::{cargo, run},
};

pub fn all() -> Result<()> {
    report::head("reading recorded responses, against serde_json::Value of the same bytes");
    run(cargo(&["bench", "--quiet", "--package", "interaction-code", "--bench", "read"]))?;
    report::head("200 sign-ins, against a bare replay of the same requests by ureq");
    run(cargo(&["bench", "--quiet", "--package", "interaction-code", "--bench", "sign_in"]))?;
    report::head("C calls: one with a handle, and 200 sign-ins against Rust calls");
    run(cargo(&["bench", "--quiet", "--package", "interaction-code", "--bench", "capi"]))?;
    bench_c::all()
}
