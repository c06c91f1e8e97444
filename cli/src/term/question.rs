//! The question that is on the terminal: its prompt, and whether what is typed is hidden. However the program ends or is
//! stopped, the terminal shows what is typed again; taken up again, it hides it again and shows the prompt again.

#[cfg(unix)]
mod unix {
    use std::{
        io::stdin,
        sync::{Mutex, MutexGuard, PoisonError},
    };

    use nix::{
        sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr},
        unistd::{getpgrp, tcgetpgrp},
    };

    use crate::term::say;

    struct State {
        /// How the terminal was before it was told to hide what is typed; there while it is told so.
        before: Option<Termios>,
        /// Whether the open question wants it hidden.
        hidden: bool,
        /// The prompt of the open question, once it was shown.
        prompt: Option<String>,
    }

    static STATE: Mutex<State> = Mutex::new(State { before: None, hidden: false, prompt: None });

    /// An open question. Dropped, it is answered, and the terminal is as before.
    pub struct Question(());

    impl Question {
        /// Opens a question on a terminal.
        pub fn open(hidden: bool) -> Question {
            let mut state = state();
            state.hidden = hidden;
            if hidden {
                hide(&mut state);
            }
            Question(())
        }

        /// Shows the prompt, again when the program was stopped and goes on.
        pub fn show(&self, prompt: &str) {
            say(prompt);
            state().prompt = Some(prompt.to_owned());
        }
    }

    impl Drop for Question {
        fn drop(&mut self) {
            let mut state = state();
            state.hidden = false;
            state.prompt = None;
            show(&mut state);
        }
    }

    /// Shows what is typed, if it was hidden, and leaves the question open. From any thread.
    pub fn restore() {
        show(&mut state());
    }

    /// Hides what is typed again where the open question wants that. A program in the background leaves the terminal alone:
    /// it belongs to another one.
    pub fn hide_again() {
        let mut state = state();
        if state.hidden && is_in_front() {
            hide(&mut state);
        }
    }

    /// After a stop: as the open question had it, its prompt included.
    pub fn take_up() {
        hide_again();
        // Copied, so that a terminal that takes nothing does not hold up who restores it.
        let prompt = state().prompt.clone().filter(|_| is_in_front());
        prompt.iter().for_each(|prompt| say(prompt));
    }

    fn state() -> MutexGuard<'static, State> {
        STATE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_in_front() -> bool {
        tcgetpgrp(stdin()).is_ok_and(|front| front == getpgrp())
    }

    fn hide(state: &mut State) {
        // Where standard input is no terminal, there is nothing to hide.
        let Ok(now) = tcgetattr(stdin()) else { return };
        let mut hidden = now.clone();
        hidden.local_flags.remove(LocalFlags::ECHO);
        // The Enter key still ends the line on the screen.
        hidden.local_flags.insert(LocalFlags::ECHONL);
        state.before.get_or_insert(now);
        let _ = tcsetattr(stdin(), SetArg::TCSANOW, &hidden);
    }

    fn show(state: &mut State) {
        if let Some(before) = state.before.take() {
            // A terminal that has gone away needs no restoring.
            let _ = tcsetattr(stdin(), SetArg::TCSANOW, &before);
        }
    }
}

#[cfg(unix)]
pub use unix::{Question, hide_again, restore, take_up};

/// Elsewhere the reading thread hides what is typed, by itself, and there is no stopping.
#[cfg(not(unix))]
mod elsewhere {
    pub struct Question(());

    impl Question {
        pub fn open(_hidden: bool) -> Question {
            Question(())
        }

        pub fn show(&self, prompt: &str) {
            crate::term::say(prompt);
        }
    }

    pub fn restore() {}
}

#[cfg(not(unix))]
pub use elsewhere::{Question, restore};
