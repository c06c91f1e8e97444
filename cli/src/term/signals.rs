//! Signals: what ends the program cancels whatever is under way, and what stops it finds the terminal as it was.
//!
//! | signal | what happens |
//! |---|---|
//! | SIGINT, SIGTERM, SIGHUP | the call is cancelled, the program ends by itself with the exit code of that signal; a second one ends it at once |
//! | SIGTSTP (Ctrl-Z) | the terminal is put back, then the program stops; a question that was open is shown again when it goes on |
//! | SIGCONT | the open question hides what is typed again, if it did, and shows its prompt again; only in the foreground |
//! | SIGQUIT | the terminal is put back, then the program ends as it would have |
//! | SIGTTIN, SIGTTOU | nothing of ours: they come when the terminal is another program's, which is why it is left as it is |
//!
//! One thread waits for them, and they are blocked everywhere else: so nothing is ever interrupted half way, and no code
//! runs in a handler. A signal that was ignored when the program started (`nohup`, `trap '' INT`) stays ignored. A program
//! that this one starts gets an empty mask (the standard library sees to it).

use std::sync::OnceLock;

use interaction_code::{CancelToken, screen::Outcome};

use super::question;
use crate::failure::Failure;

/// The first signal that told the program to end.
static TOLD: OnceLock<Outcome> = OnceLock::new();

/// Why the program was told to end: the outcome of the signal, or of Ctrl-C where the system has none.
pub fn told() -> Outcome {
    TOLD.get().copied().unwrap_or(Outcome::Interrupted)
}

/// From now on a signal that tells the program to end cancels this token. Once for a process, before any thread is started.
pub fn listen(cancel: &CancelToken) -> Result<(), Failure> {
    system::listen(cancel.clone()).map_err(|error| Failure::Usage(format!("signals cannot be waited for: {error}")))
}

/// Ends what is under way; the second time, the program.
fn end(cancel: &CancelToken, outcome: Outcome) {
    if TOLD.set(outcome).is_err() {
        question::restore();
        std::process::exit(i32::from(outcome.exit_code()));
    }
    cancel.cancel();
}

#[cfg(unix)]
mod system {
    use std::io;

    use interaction_code::{CancelToken, screen::Outcome};
    use nix::{
        libc,
        sys::signal::{SigSet, Signal, raise},
    };

    use super::{super::question, end};

    const WANTED: [Signal; 6] =
        [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM, Signal::SIGQUIT, Signal::SIGTSTP, Signal::SIGCONT];

    pub fn listen(cancel: CancelToken) -> io::Result<()> {
        let set: SigSet = WANTED.into_iter().filter(|signal| !is_ignored(*signal)).collect();
        set.thread_block()?;
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while let Ok(signal) = set.wait() {
                match signal {
                    Signal::SIGHUP => end(&cancel, Outcome::HungUp),
                    Signal::SIGTERM => end(&cancel, Outcome::Terminated),
                    Signal::SIGTSTP => {
                        question::restore();
                        let _ = by_default(signal);
                        // Where nobody could let it go on, the system does not stop it. SIGCONT comes only after a stop.
                        question::hide_again();
                    }
                    Signal::SIGCONT => question::take_up(),
                    Signal::SIGQUIT => {
                        question::restore();
                        let _ = by_default(signal);
                    }
                    _ => end(&cancel, Outcome::Interrupted),
                }
            }
        })?;
        Ok(())
    }

    /// What the signal does by default, before this returns: this thread takes it itself.
    fn by_default(signal: Signal) -> nix::Result<()> {
        let one = SigSet::from(signal);
        one.thread_unblock()?;
        raise(signal)?;
        one.thread_block()
    }

    /// Whether the program was started with the signal ignored. A blocked signal would be waited for all the same.
    #[allow(unsafe_code)]
    fn is_ignored(signal: Signal) -> bool {
        // SAFETY: all zeros is a valid `sigaction`; nothing is installed, and what there is is written to memory of ours.
        let now = unsafe {
            let mut now: libc::sigaction = std::mem::zeroed();
            (libc::sigaction(signal as libc::c_int, std::ptr::null(), &raw mut now) == 0).then_some(now)
        };
        now.is_some_and(|now| now.sa_sigaction == libc::SIG_IGN)
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    use interaction_code::{CancelToken, screen::Outcome};

    pub fn listen(cancel: CancelToken) -> io::Result<()> {
        ctrlc::set_handler(move || super::end(&cancel, Outcome::Interrupted)).map_err(io::Error::other)
    }
}
