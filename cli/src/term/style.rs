//! The few colours there are.

use anstyle::{AnsiColor, Style};

/// Something went wrong.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Something needs attention.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// For information.
pub const INFO: Style = AnsiColor::Blue.on_default();
/// It worked.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// A heading.
pub const TITLE: Style = Style::new().bold();
/// The name of something.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// Of less importance.
pub const DIM: Style = Style::new().dimmed();

/// `text` in a style. What writes it strips the codes where there is no terminal to show them.
pub fn paint(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{text}{style:#}") }
}

/// The style of a message's class.
pub fn of_class(class: &str) -> Style {
    match class {
        "ERROR" => ERROR,
        "WARNING" => WARNING,
        _ => INFO,
    }
}
