//! The renderers of the examples: each language draws the recorded responses in the same lines as the command line.
//!
//! The recordings are no part of the project, and neither is what is drawn for them: it is compared with what the core's own
//! screen gives, and thrown away. Where they are absent nothing is compared, which is said once for all tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use interaction_code::{idx::Step, screen::Screen};

use crate::{
    report,
    run::{Counts, output, root},
};

#[path = "../../cli/src/draw.rs"]
mod draw;

/// Recorded responses, and what is to be printed for all of them: the name of each, then its lines.
struct Recorded {
    files: Vec<PathBuf>,
    drawn: String,
}

/// Compares what a program prints for all recorded responses, given as its last arguments, with what must be drawn.
pub fn compare(name: &str, mut program: std::process::Command) -> Result<Counts> {
    let recorded = Recorded::find()?;
    if recorded.files.is_empty() {
        return Ok(Counts { skipped: 1, ..Counts::default() });
    }
    let printed = output({
        program.arg("--render").args(&recorded.files);
        program
    })?;
    if let Some(difference) = difference(&recorded.drawn, &printed) {
        bail!("{name} draws a screen in other lines than the command line does:\n{difference}");
    }
    report::line(&format!("{name} draws {} recorded responses as the command line does", recorded.files.len()));
    Ok(Counts { passed: 1, ..Counts::default() })
}

impl Recorded {
    fn find() -> Result<Recorded> {
        let named = std::env::var_os("IC_FIXTURES").map(PathBuf::from);
        let mut files = Vec::new();
        below(&named.unwrap_or_else(|| root().join("../shared/fixtures")), &mut files)?;
        files.sort();
        let mut recorded = Recorded { files: Vec::new(), drawn: String::new() };
        for file in files {
            let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
            // Others are answers to the requests beside: keys, tokens.
            let Ok(step) = Step::read(&bytes) else { continue };
            recorded.drawn.push_str(&format!("{}\n", file.display()));
            draw::lines(&Screen::of(&step)).iter().for_each(|line| recorded.drawn.push_str(&format!("{line}\n")));
            recorded.files.push(file);
        }
        Ok(recorded)
    }
}

/// Every JSON file below a folder, if there is one.
fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    Ok(())
}

/// The first line that differs, with the file that it is drawn for.
fn difference(wanted: &str, printed: &str) -> Option<String> {
    if wanted == printed {
        return None;
    }
    let same = wanted.lines().zip(printed.lines()).take_while(|(wanted, printed)| wanted == printed).count();
    let file = wanted.lines().take(same + 1).filter(|line| line.ends_with(".json")).last().unwrap_or_default();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    Some(format!("  {file}\n  is:      {}\n  must be: {}", line(printed), line(wanted)))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_line_that_differs_is_told_with_its_file() {
        assert_eq!(difference("a.json\n# x\n", "a.json\n# x\n"), None);
        let told = difference("a.json\n# x\nb.json\n# y\n", "a.json\n# x\nb.json\n# z\n").unwrap();
        assert_eq!(told, "  b.json\n  is:      # z\n  must be: # y");
        assert!(difference("a.json\n# x\n", "a.json\n").unwrap().contains("is:      (the end)"));
    }
}
