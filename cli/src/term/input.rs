//! Standard input, line by line, read by a thread of its own: so Ctrl-C ends a question at once, and somebody who waits
//! for a push can press Enter for another way.
//!
//! The thread reads only when asked to, so nothing is taken that a later question needs.

use std::{
    cell::Cell,
    io::{self, BufRead as _, IsTerminal as _, Read as _},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

use interaction_code::{Call, ErrorKind};
use zeroize::Zeroizing;

use super::echo;
use crate::failure::Failure;

/// The longest line that is taken, in bytes. A callback URL with a long state fits.
const MAX_LINE: u64 = 64 * 1024;
/// How often a question looks whether the program was told to end.
const GLANCE: Duration = Duration::from_millis(50);

/// A line, or `None` at the end of the input.
type Line = io::Result<Option<Zeroizing<String>>>;

/// Reads lines from standard input. See the [module](self).
pub struct Input {
    terminal: bool,
    call: Call,
    asks: Sender<bool>,
    lines: Receiver<Line>,
    pending: Cell<bool>,
}

impl Input {
    /// Starts the thread. The end of the call, by its token or its deadline, ends every question.
    pub fn new(call: &Call) -> io::Result<Input> {
        let (asks, asked) = channel();
        let (sender, lines) = channel();
        std::thread::Builder::new().name("input".to_owned()).spawn(move || {
            for hidden in asked {
                if sender.send(read_line(hidden)).is_err() {
                    return;
                }
            }
        })?;
        let terminal = io::stdin().is_terminal();
        Ok(Input { terminal, call: call.clone(), asks, lines, pending: Cell::new(false) })
    }

    /// Whether a person types here.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Shows `prompt` and reads a line, without its end.
    pub fn ask(&self, prompt: &str, hidden: bool) -> Result<Zeroizing<String>, Failure> {
        // A line that ended a wait, and came too late for it, answers nothing.
        if self.pending.get() && self.lines.try_recv().is_ok() {
            self.pending.set(false);
        }
        if cfg!(not(unix)) && hidden && self.pending.get() {
            anstream::eprint!("Press Enter to go on. ");
            self.receive()?;
        }
        let _hidden = if hidden && self.terminal { echo::hide() } else { None };
        anstream::eprint!("{prompt}");
        self.begin(hidden);
        let line = self.receive();
        if !self.terminal {
            // Nobody's Enter ended the line of the prompt.
            anstream::eprintln!();
        }
        line
    }

    /// Begins to listen for Enter while something is waited for. Input that is no terminal is left alone.
    pub fn listen(&self) {
        if self.terminal {
            self.begin(false);
        }
    }

    /// Whether Enter was pressed since [`Input::listen`].
    pub fn was_pressed(&self) -> bool {
        let pressed = self.terminal && self.pending.get() && self.lines.try_recv().is_ok();
        if pressed {
            self.pending.set(false);
        }
        pressed
    }

    fn begin(&self, hidden: bool) {
        if !self.pending.replace(true) {
            // If the thread has ended, `receive` says so.
            let _ = self.asks.send(hidden && self.terminal);
        }
    }

    fn receive(&self) -> Result<Zeroizing<String>, Failure> {
        let line = loop {
            self.call.check().map_err(|error| match error.kind() {
                ErrorKind::Cancelled => Failure::Interrupted,
                _ => Failure::Library(error),
            })?;
            match self.lines.recv_timeout(GLANCE) {
                Ok(line) => break line,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break Ok(None),
            }
        };
        self.pending.set(false);
        match line {
            Ok(Some(line)) => Ok(line),
            // On a terminal, a key that ends the program may end the input first.
            Ok(None) if self.call.token().is_cancelled() => Err(Failure::Interrupted),
            Ok(None) => Err(Failure::InputEnded("the input ended before the sign-in did".to_owned())),
            Err(error) => Err(Failure::Data(format!("the input cannot be read: {error}"))),
        }
    }
}

/// Reads one line on the thread.
fn read_line(hidden: bool) -> Line {
    #[cfg(not(unix))]
    if hidden {
        return rpassword::read_password().map(|line| Some(Zeroizing::new(line)));
    }
    // On Unix the asking thread has told the terminal already.
    let _ = hidden;
    let mut line = Zeroizing::new(String::with_capacity(256));
    let length = io::stdin().lock().take(MAX_LINE).read_line(&mut line)?;
    if length as u64 == MAX_LINE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("a line has more than {MAX_LINE} bytes")));
    }
    if length == 0 {
        return Ok(None);
    }
    let end = crate::files::without_line_break(&line).len();
    line.truncate(end);
    Ok(Some(line))
}
