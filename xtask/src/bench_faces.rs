//! What a look over the border costs: a step, asked from Python, which is the slowest of the faces.

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Options, Sandbox};

use crate::{
    demo_lang::REDIRECT_URI,
    python, report,
    run::{output, root, target},
    sizes::against,
};

/// The most that a lookup may take, in microseconds. The screen is not one: it is copied over, once for each step.
const LOOKUP: f64 = 50.0;

pub fn all() -> Result<()> {
    python::wheel("ureq")?;
    report::head("looks at a step from Python");
    let sandbox = Sandbox::start(Options::default())?;
    let mut looks = std::process::Command::new(python::environment()?);
    looks.arg(root().join("benches/python/looks.py")).args([&sandbox.issuer(), "app-email", REDIRECT_URI]);
    looks.env("PYTHONPATH", target().join("python/tried")).env("PYTHONDONTWRITEBYTECODE", "1");
    let printed = output(looks)?;
    for line in printed.lines() {
        let (name, took) = line.split_once(' ').context("looks.py prints a name and a figure")?;
        let took: f64 = took.parse()?;
        let verdict =
            if name == "screen" { String::new() } else { format!(", {} {LOOKUP} us", against(took <= LOOKUP)) };
        report::line(&format!("{name}: {took:.1} us{verdict}"));
    }
    if printed.is_empty() {
        bail!("looks.py printed nothing");
    }
    Ok(())
}
