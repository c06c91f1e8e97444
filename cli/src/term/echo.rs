//! Hidden input: the terminal does not show what is typed. However the program ends, it shows it again.

#[cfg(unix)]
mod unix {
    use std::sync::{Mutex, PoisonError};

    use rustix::{
        stdio::stdin,
        termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr},
    };

    /// How the terminal was before it was told to hide what is typed.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    /// Hides what is typed until dropped.
    pub struct Hidden(());

    /// Begins to hide what is typed; `None` when standard input is no terminal.
    pub fn hide() -> Option<Hidden> {
        let before = tcgetattr(stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        // The Enter key still ends the line on the screen.
        hidden.local_modes.insert(LocalModes::ECHONL);
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        tcsetattr(stdin(), OptionalActions::Now, &hidden).ok()?;
        Some(Hidden(()))
    }

    /// Shows what is typed again, if it was hidden. May be called from any thread.
    pub fn restore() {
        if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A terminal that has gone away needs no restoring.
            let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
        }
    }

    impl Drop for Hidden {
        fn drop(&mut self) {
            restore();
        }
    }
}

#[cfg(unix)]
pub use unix::{hide, restore};

/// Elsewhere the reading thread hides what is typed, by itself.
#[cfg(not(unix))]
mod elsewhere {
    pub struct Hidden(());

    pub fn hide() -> Option<Hidden> {
        None
    }

    pub fn restore() {}
}

#[cfg(not(unix))]
pub use elsewhere::{hide, restore};
