//! How a run ended, as an exit code: the library's [outcomes](Outcome), of which the table in `--help` is made.

use std::fmt::Write as _;

use interaction_code::{Error, screen::Outcome};

/// Signed in, or inspected.
pub const SUCCESS: u8 = Outcome::Success.exit_code();
/// The command line, or a file or setting named on it, cannot be used.
pub const USAGE: u8 = Outcome::Usage.exit_code();
/// The input is not what it should be: an answer that does not fit the step, a response that cannot be inspected.
pub const DATA: u8 = Outcome::AnswerRefused.exit_code();
/// The input or the answers ended before the sign-in did.
pub const INPUT_ENDED: u8 = Outcome::InputEnded.exit_code();
/// The result could not be written.
pub const OUTPUT: u8 = Outcome::OutputFailed.exit_code();

/// The table, for people.
pub fn table() -> String {
    let mut table = String::from("Exit codes:\n");
    for outcome in Outcome::ALL {
        let doc = outcome.doc().trim_end_matches('.');
        let mut letters = doc.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase()).unwrap_or_default();
        let _ = writeln!(table, "  {:>3}  {first}{}", outcome.exit_code(), letters.as_str());
    }
    table
        + "\n`sign-in` ends with one JSON line on standard output, also when it fails; not when the command line is wrong."
}

/// The code of an error of the library's. `starting`: before there was a step, when a refusal means the set-up.
pub fn of_error(error: &Error, starting: bool) -> u8 {
    Outcome::of_error(error, starting).exit_code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_code() {
        let table = table();
        for outcome in Outcome::ALL {
            let line = format!("\n  {:>3}  ", outcome.exit_code());
            assert!(table.contains(&line), "{outcome:?}");
        }
        assert!(table.contains("\n    0  signed in"));
    }
}
