//! Installing Debian packages beside others who may be doing the same: a lock that another run holds is waited for.

use std::{
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{report, run::describe};

/// How long another run of apt is waited for: ten minutes, in looks of five seconds.
const LOOKS: u32 = 120;
const BETWEEN: Duration = Duration::from_secs(5);

static UPDATED: AtomicBool = AtomicBool::new(false);

/// Installs packages; the lists of packages are fetched once for each task.
pub fn install(packages: &[&str]) -> Result<()> {
    if !UPDATED.swap(true, Ordering::Relaxed) {
        apt_get(&["update", "-qq"])?;
    }
    apt_get(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut apt = Command::new("apt-get");
    // apt itself waits for the lock of dpkg only; those of the lists and of the downloads fail at once.
    apt.args(["-o", "DPkg::Lock::Timeout=600"]).args(arguments);
    apt.env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C.UTF-8").stdout(Stdio::null());
    let name = describe(&apt);
    for look in 0..LOOKS {
        let done = apt.output().with_context(|| format!("{name} does not start"))?;
        let said = String::from_utf8_lossy(&done.stderr);
        if done.status.success() {
            return Ok(());
        }
        if !is_locked(&said) {
            bail!("{name} ended with {}\n{}", done.status, said.trim_end());
        }
        if look == 0 {
            report::line("waiting for another apt or dpkg to end, ten minutes at most");
        }
        thread::sleep(BETWEEN);
    }
    bail!("{name}: another apt or dpkg holds its lock for ten minutes now; end it, and run this again")
}

/// Whether apt failed because another one is at work.
fn is_locked(said: &str) -> bool {
    said.contains("Could not get lock") || said.contains("Unable to lock")
}

#[cfg(test)]
mod tests {
    use super::is_locked;

    #[test]
    fn a_lock_is_told_from_other_failures() {
        let lists = "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)\n\
                     E: Unable to lock directory /var/lib/apt/lists/";
        assert!(is_locked(lists));
        assert!(!is_locked("E: Unable to locate package nonsense"));
    }
}
