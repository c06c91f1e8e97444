//! The terminal: output in colour where there is one, questions, hidden input, and pictures made of letters.
//!
//! Everything for people goes to standard error. Colours follow the terminal and `NO_COLOR`.

use std::io::Write as _;

mod digits;
mod input;
mod qr;
mod question;
mod screen;
pub mod signals;
pub mod style;

pub use digits::big;
pub use input::Input;
pub use qr::{QrCode, read as read_qr};
pub use screen::Screen;

/// Text of the server's or a person's, made safe for the terminal: one line, no control characters, cut when absurd.
pub fn clean(text: &str) -> String {
    let text = interaction_code::error::sanitize(text);
    if text.chars().any(crate::json_text::is_unsafe) { text.replace(crate::json_text::is_unsafe, " ") } else { text }
}

/// Text for the person, painted already, on standard error. Where that is closed, or the terminal has gone, nobody is told.
pub fn say(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The same as a line.
pub fn say_line(text: &str) {
    say(&format!("{text}\n"));
}

/// An error, on a line of standard error.
pub fn error_line(text: &str) {
    say_line(&format!("{} {}", style::paint(style::ERROR, "error:"), clean(text)));
}

/// A remark, on a line of standard error.
pub fn note(text: &str) {
    say_line(&style::paint(style::DIM, &clean(text)));
}
