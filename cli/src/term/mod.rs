//! The terminal: output in colour where there is one, questions, hidden input, and pictures made of letters.
//!
//! Everything for people goes to standard error. Colours follow the terminal and `NO_COLOR`.

mod digits;
pub mod echo;
mod input;
mod qr;
mod screen;
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

/// An error, on a line of standard error.
pub fn error_line(text: &str) {
    anstream::eprintln!("{} {}", style::paint(style::ERROR, "error:"), clean(text));
}

/// A remark, on a line of standard error.
pub fn note(text: &str) {
    anstream::eprintln!("{}", style::paint(style::DIM, &clean(text)));
}
