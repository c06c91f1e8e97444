//! A number drawn large, for number challenges: it must be seen at a glance, from the arm's length of a phone.

/// Five rows of three columns for each digit.
const DIGITS: [[&str; 5]; 10] = [
    ["███", "█ █", "█ █", "█ █", "███"],
    [" █ ", "██ ", " █ ", " █ ", "███"],
    ["███", "  █", "███", "█  ", "███"],
    ["███", "  █", "███", "  █", "███"],
    ["█ █", "█ █", "███", "  █", "  █"],
    ["███", "█  ", "███", "  █", "███"],
    ["███", "█  ", "███", "█ █", "███"],
    ["███", "  █", " █ ", " █ ", " █ "],
    ["███", "█ █", "███", "█ █", "███"],
    ["███", "█ █", "███", "  █", "███"],
];

/// The rows of `text` drawn large; `None` when it is not a short number.
pub fn big(text: &str) -> Option<Vec<String>> {
    let digits: Vec<_> = text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    let row = |row: usize| {
        let cells: Vec<String> =
            // Twice as wide, as letters are twice as high as wide.
            digits.iter().map(|digit| DIGITS[*digit as usize][row].chars().flat_map(|c| [c, c]).collect()).collect();
        cells.join("  ").trim_end().to_owned()
    };
    Some((0..5).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_drawn_and_other_text_is_not() {
        let rows = big("17").unwrap();
        assert_eq!(rows, ["  ██    ██████", "████        ██", "  ██      ██", "  ██      ██", "██████    ██"]);
        assert!(big("").is_none() && big("4b").is_none() && big("123456789").is_none());
    }
}
