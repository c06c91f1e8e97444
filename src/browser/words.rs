//! The convention of the variable `BROWSER`: which programs to try, with which words.
//!
//! It is a list, divided by the separator of paths outside quotes. If a part names no program, the whole is one command: there
//! are values with a colon in a word. Each is split into words as a shell does, and no shell ever sees it: `$(…)` is just text.
//! `%s` in a word is the URL, `%%` a percent; without a `%s` the URL is the last word.

use std::path::Path;

/// A program and its words, the URL among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The program.
    pub name: String,
    /// Its words.
    pub words: Vec<String>,
}

/// The programs that `value` names, to open `url`. `is_program` says whether there is such a program.
pub fn programs(value: &str, url: &str, is_program: &dyn Fn(&str) -> bool) -> Vec<Program> {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let parts = split(value, separator);
    let read = |text: &str| program(text, url);
    let apart: Option<Vec<Program>> = parts.iter().map(|part| read(part)).collect();
    match apart {
        Some(programs) if programs.len() > 1 && !programs.iter().all(|program| is_program(&program.name)) => {
            // Perhaps one command with a separator in it; if that is none either, what there is of the list.
            match read(value).filter(|whole| is_program(&whole.name)) {
                Some(whole) if !is_program(&programs[1].name) => vec![whole],
                _ => programs,
            }
        }
        Some(programs) => programs,
        None => read(value).into_iter().collect(),
    }
}

/// The parts between separators that stand outside quotes; empty ones are left out.
fn split(value: &str, separator: char) -> Vec<String> {
    let (mut parts, mut part, mut quote, mut escaped) = (Vec::new(), String::new(), None, false);
    for letter in value.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote != Some('\'') && !cfg!(windows) => escaped = true,
            '"' | '\'' if quote == Some(letter) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(letter),
            _ if letter == separator && quote.is_none() => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn program(text: &str, url: &str) -> Option<Program> {
    let words = shlex::split(text)?;
    let mut has_url = false;
    let mut words: Vec<String> = words.iter().map(|word| filled(word, url, &mut has_url)).collect();
    if words.is_empty() || words[0].is_empty() {
        return None;
    }
    let name = words.remove(0);
    if !has_url {
        words.push(url.to_owned());
    }
    Some(Program { name, words })
}

fn filled(word: &str, url: &str, has_url: &mut bool) -> String {
    let mut text = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('%', Some('s')) => {
                letters.next();
                text.push_str(url);
                *has_url = true;
            }
            ('%', Some('%')) => {
                letters.next();
                text.push('%');
            }
            _ => text.push(letter),
        }
    }
    text
}

/// Whether there is a program of this name: a path to a file, or a name in one of the folders of `PATH`.
pub(super) fn is_program(name: &str) -> bool {
    if Path::new(name).components().count() > 1 {
        return Path::new(name).is_file();
    }
    let endings: &[&str] = if cfg!(windows) { &["", ".exe", ".cmd", ".bat", ".com"] } else { &[""] };
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .any(|folder| endings.iter().any(|end| folder.join(format!("{name}{end}")).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://a.example/x?y=1&z=%20";

    fn of(value: &str) -> Vec<Vec<String>> {
        let known = |name: &str| ["node", "firefox", "my browser", "container"].contains(&name);
        let list = programs(value, URL, &known);
        list.into_iter().map(|program| [vec![program.name], program.words].concat()).collect()
    }

    #[cfg(unix)]
    #[test]
    fn the_convention_in_rows() {
        for (value, expected) in [
            ("firefox", vec![vec!["firefox", URL]]),
            ("node agent.mjs %s", vec![vec!["node", "agent.mjs", URL]]),
            ("node --url=%s %s 100%%", vec![vec!["node", "--url=https://a.example/x?y=1&z=%20", URL, "100%"]]),
            ("node '$(touch x)' `id` ;", vec![vec!["node", "$(touch x)", "`id`", ";", URL]]),
            ("'my browser' \"a b\"", vec![vec!["my browser", "a b", URL]]),
            ("firefox:node x", vec![vec!["firefox", URL], vec!["node", "x", URL]]),
            (":firefox::", vec![vec!["firefox", URL]]),
            (
                "container 'ext+container:url=%s'",
                vec![vec!["container", "ext+container:url=https://a.example/x?y=1&z=%20"]],
            ),
            (
                "container ext+container:url=%s",
                vec![vec!["container", "ext+container:url=https://a.example/x?y=1&z=%20"]],
            ),
            ("missing:firefox", vec![vec!["missing", URL], vec!["firefox", URL]]),
            ("", vec![]),
            (" : ", vec![]),
            ("'unclosed", vec![]),
        ] {
            assert_eq!(of(value), expected, "{value}");
        }
    }
}
