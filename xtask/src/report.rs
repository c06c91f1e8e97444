//! How tasks speak: a headline for each part, plain lines for what happens. Colours go away where there is no terminal.

use anstyle::{AnsiColor, Style};

const HEAD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const GOOD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BAD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const LOUD: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
const QUIET: Style = Style::new().dimmed();

/// A part begins.
pub fn head(text: &str) {
    anstream::println!("\n{HEAD}== {text}{HEAD:#}");
}

/// Something happened.
pub fn line(text: &str) {
    anstream::println!("   {text}");
}

/// Something happened that is only a detail.
pub fn detail(text: &str) {
    anstream::println!("   {QUIET}{text}{QUIET:#}");
}

/// Something went well.
pub fn good(text: &str) {
    anstream::println!("{GOOD}ok{GOOD:#} {text}");
}

/// Something is left out, or missing. Never said in silence.
pub fn loud(text: &str) {
    anstream::println!("{LOUD}!! {text}{LOUD:#}");
}

/// A task failed.
pub fn failure(text: &str) {
    anstream::eprintln!("{BAD}failed:{BAD:#} {text}");
}
