//! JSON for standard output: one line, safe on a terminal.
//!
//! JSON lets control characters above U+001F and bidirectional overrides stand in a string as they are. Printed, they
//! could drive the terminal or make a line read as something else, so they are written as `\u` escapes: the same value
//! to every reader of JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, unsafe_char)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            write!(writer, "\\u{:04x}", u32::from(unsafe_char))?;
            rest = &rest[at + unsafe_char.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Characters that a terminal may act on. All of them fit one `\u` escape.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `value` as one line of JSON, without its end.
pub fn line(value: &impl Serialize) -> io::Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Escaping))?;
    String::from_utf8(text).map_err(io::Error::other)
}

/// Prints `value` as one line on standard output.
pub fn print(value: &impl Serialize) -> io::Result<()> {
    let mut line = line(value)?;
    line.push('\n');
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn unsafe_characters_are_escaped_and_the_value_stays() {
        let value = json!({"a\u{202e}": "x\u{9b}31m\u{7f}\n\"ü漢\u{1f600}\u{2066}"});
        let line = line(&value).unwrap();
        assert!(line.chars().all(|c| !is_unsafe(c)), "{line:?}");
        assert!(line.contains("\\u009b31m\\u007f\\n\\\"ü漢\u{1f600}\\u2066"), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
    }
}
