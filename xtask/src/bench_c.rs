//! What memory signing in takes by C, once and ten thousand times.

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::{Limits, Options, Sandbox, World};

use crate::{
    demo_lang::{REDIRECT_URI, compile},
    dist, library, prefix, report,
    run::{output, program, target},
    setup,
    sizes::against,
};

/// The largest peak of a program that signs in once, and the most that 10 000 sign-ins may add, in KB.
const PEAK: u64 = 8_000;
const GROWTH: u64 = 1_000;
const MANY: u64 = 10_000;

pub fn all() -> Result<()> {
    setup::compilers()?;
    report::head(&format!("memory of a C program that signs in, once and {MANY} times"));
    memory()
}

fn memory() -> Result<()> {
    let folder = target().join("bench");
    prefix::stage(&folder.join("prefix"), &library::build("dist", dist::FEATURES)?)?;
    let built = compile(&folder, "cc", &["-std=c11", "-O2"], "benches/c/many_sign_ins.c", "many_sign_ins")?;
    // The limit on requests would end the bench, not the sign-ins.
    let limits = Limits { requests_per_minute: 0, ..World::default().limits };
    let options = Options { world: World { limits, ..World::default() }, ..Options::default() };
    let sandbox = Sandbox::start(options)?;
    let times = |count: u64| -> Result<[u64; 3]> {
        let mut command = program(&built.to_string_lossy(), [&sandbox.issuer(), "app-password", REDIRECT_URI]);
        command.arg(count.to_string()).env("LD_LIBRARY_PATH", folder.join("prefix/lib"));
        let printed = output(command)?;
        let figures: Vec<u64> = printed.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
        figures.try_into().ok().context("many_sign_ins prints three figures")
    };
    let [_, _, peak] = times(1)?;
    let [early, late, _] = times(MANY)?;
    if early == 0 || peak == 0 {
        bail!("this system does not tell a program's memory");
    }
    let growth = late.saturating_sub(early);
    report::line(&format!("peak of one sign-in: {peak} KB, {} {PEAK} KB", against(peak <= PEAK)));
    report::line(&format!(
        "growth from {} to {MANY} sign-ins: {growth} KB ({early} to {late}), {} {GROWTH} KB",
        MANY / 10,
        against(growth < GROWTH)
    ));
    Ok(())
}
