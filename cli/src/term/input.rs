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

use super::{question::Question, say};
use crate::{failure::Failure, files};

/// The longest line that is taken, in bytes. A callback URL with a long state fits.
const MAX_LINE: u64 = 64 * 1024;
/// How often a question looks whether the program was told to end.
const GLANCE: Duration = Duration::from_millis(50);

/// What the thread is to read.
enum Wanted {
    Line { hidden: bool },
    Everything { limit: usize },
}

/// What was read, or `None` at the end of the input.
type Read = io::Result<Option<Zeroizing<String>>>;

/// Reads lines from standard input. See the [module](self).
pub struct Input {
    terminal: bool,
    call: Call,
    asks: Sender<Wanted>,
    lines: Receiver<Read>,
    pending: Cell<bool>,
}

impl Input {
    /// Starts the thread. The end of the call, by its token or its deadline, ends every question.
    pub fn new(call: &Call) -> io::Result<Input> {
        let (asks, asked) = channel();
        let (sender, lines) = channel();
        std::thread::Builder::new().name("input".to_owned()).spawn(move || {
            for wanted in asked {
                let read = match wanted {
                    Wanted::Line { hidden } => read_line(hidden),
                    Wanted::Everything { limit } => read_everything(limit),
                };
                if sender.send(read).is_err() {
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
            say("Press Enter to go on. ");
            self.receive()?;
        }
        let question = self.terminal.then(|| Question::open(hidden));
        match &question {
            Some(question) => question.show(prompt),
            None => say(prompt),
        }
        self.begin(Wanted::Line { hidden: hidden && self.terminal });
        let line = self.receive();
        drop(question);
        if !self.terminal {
            // Nobody's Enter ended the line of the prompt.
            say("\n");
        }
        line
    }

    /// Reads everything to the end of the input, `limit` bytes at most.
    pub fn read_all(&self, limit: usize) -> Result<Zeroizing<String>, Failure> {
        self.begin(Wanted::Everything { limit });
        self.receive()
    }

    /// Begins to listen for Enter while something is waited for. Input that is no terminal is left alone.
    pub fn listen(&self) {
        if self.terminal {
            self.begin(Wanted::Line { hidden: false });
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

    fn begin(&self, wanted: Wanted) {
        if !self.pending.replace(true) {
            // If the thread has ended, `receive` says so.
            let _ = self.asks.send(wanted);
        }
    }

    fn receive(&self) -> Result<Zeroizing<String>, Failure> {
        let line = loop {
            self.call.check().map_err(|error| match error.kind() {
                ErrorKind::Cancelled => Failure::told(),
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
            Ok(None) if self.call.token().is_cancelled() => Err(Failure::told()),
            Ok(None) => Err(Failure::InputEnded("the input ended before the sign-in did".to_owned())),
            Err(error) => Err(Failure::Data(format!("the input cannot be read: {error}"))),
        }
    }
}

/// Reads to the end on the thread.
fn read_everything(limit: usize) -> Read {
    let bytes = files::read_bounded(io::stdin().lock(), limit)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Some(Zeroizing::new(text.to_owned()))),
        Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text")),
    }
}

/// Reads one line on the thread.
fn read_line(hidden: bool) -> Read {
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
