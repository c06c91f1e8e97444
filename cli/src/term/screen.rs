//! What is shown to people, on standard error: lines, and one last line that moves while something is waited for.

use std::{
    fmt,
    io::{self, IsTerminal as _},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anstream::ColorChoice;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::{QrCode, big, clean, say_line, style};

/// The screen. Threads may share it.
#[derive(Default)]
pub struct Screen {
    bar: Mutex<Option<ProgressBar>>,
    /// What is being waited for, where nothing can move.
    waiting_for: Mutex<String>,
}

impl Screen {
    /// A line, painted already; every text of others in it must have been cleaned.
    pub fn line(&self, text: &str) {
        match &*self.bar() {
            Some(bar) => bar.suspend(|| say_line(text)),
            None => say_line(text),
        }
    }

    /// A heading, with an empty line before it.
    pub fn title(&self, text: &str) {
        self.line(&format!("\n{}", style::paint(style::TITLE, &clean(text))));
    }

    /// A remark of less importance.
    pub fn note(&self, text: &str) {
        self.line(&style::paint(style::DIM, &clean(text)));
    }

    /// Something that went wrong.
    pub fn error(&self, text: &str) {
        self.line(&format!("{} {}", style::paint(style::ERROR, "ERROR"), clean(text)));
    }

    /// A code to scan, light on dark whatever the colours of the terminal are.
    pub fn qr_code(&self, code: &QrCode) {
        let colours = anstream::stderr().current_choice() != ColorChoice::Never;
        for row in code.rows() {
            // White on black by number: the named colours depend on the theme.
            self.line(&if colours { format!("\x1b[38;5;231;48;5;16m{row}\x1b[0m") } else { row });
        }
    }

    /// A number that must be seen.
    pub fn number(&self, number: &str) {
        let number = clean(number);
        self.line("");
        for row in big(&number).unwrap_or_default() {
            self.line(&style::paint(style::TITLE, &format!("    {row}")));
        }
        self.line(&format!("\n    {}\n", style::paint(style::TITLE, &number)));
    }

    /// Shows that `what` is waited for, until `until` at the longest. Called again, it stays as it is.
    pub fn wait(&self, what: &str, until: Instant) {
        let what = clean(what);
        if !io::stderr().is_terminal() {
            let mut waiting_for = self.waiting_for.lock().unwrap_or_else(PoisonError::into_inner);
            if *waiting_for != what {
                say_line(&what);
                *waiting_for = what;
            }
            return;
        }
        self.bar().get_or_insert_with(|| countdown(until)).set_message(what);
    }

    /// Ends the wait.
    pub fn end_wait(&self) {
        if let Some(bar) = self.bar().take() {
            bar.finish_and_clear();
        }
        self.waiting_for.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn countdown(until: Instant) -> ProgressBar {
    let left = move |_: &ProgressState, writer: &mut dyn fmt::Write| {
        let left = until.saturating_duration_since(Instant::now()).as_secs();
        let _ = write!(writer, "{}:{:02}", left / 60, left % 60);
    };
    let style = ProgressStyle::with_template("{spinner} {msg} ({left} left)");
    // The template is a constant that is right; the plain spinner stands in for it all the same.
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner()).with_key("left", left);
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
