//! One screen, one text: what each language draws of a response is compared, line by line, with what the command line draws.
//!
//! The responses are the recorded ones and the sandbox's own pages. The head of cli/src/draw.rs says what a line is. A renderer
//! gets all files at once and prints the name of each before its lines, as `interaction-code inspect --screen FILE...` does.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    prefix, report,
    run::{Counts, cargo, output, root, run, target},
};

/// Differences that are shown; the others are counted.
const SHOWN: usize = 10;

/// The responses that have a screen, and what the command line of this source draws of them.
pub struct Screens {
    pub files: Vec<PathBuf>,
    drawn: String,
    /// Not all of what should be compared is here.
    skipped: u64,
}

impl Screens {
    /// Draws them with the command line.
    pub fn new() -> Result<Screens> {
        report::head("screens, as the command line draws them");
        run(cargo(&["build", "--package", "interaction-code-cli", "--quiet"]))?;
        let mut files = pages()?;
        let own = files.len();
        ensure!(own >= 20, "the sandbox has {own} pages only");
        let recorded = recordings();
        if recorded.is_file() || recorded.is_dir() {
            find(&recorded, &mut files)?;
        } else {
            report::loud("no recorded responses here: set IC_FIXTURES; only the sandbox's own pages are compared");
        }
        files.sort();
        let mut draw = Command::new(target().join("debug/interaction-code"));
        draw.args(["inspect", "--screen"]).args(&files);
        let drawn = draw.output().context("the command line does not start")?;
        let drawn = String::from_utf8(drawn.stdout).context("lines are text")?;
        // The recordings have tokens and errors, too; those have no screen.
        let named: Vec<_> = drawn.lines().filter(|line| is_name(line)).collect();
        files.retain(|file| named.contains(&&*file.to_string_lossy()));
        let with_recordings = files.len() > own;
        ensure!(files.len() >= own && named.len() == files.len(), "the command line does not draw the sandbox's pages");
        report::good(&format!("{} screens, {own} of them the sandbox's", files.len()));
        Ok(Screens { files, drawn, skipped: u64::from(!with_recordings) })
    }

    /// The same with copies of the files in a folder, for a renderer that sees nothing else.
    pub fn copied(&self, folder: &Path) -> Result<Screens> {
        let mut copied = Screens { files: Vec::new(), drawn: String::new(), skipped: self.skipped };
        for (number, (file, lines)) in screens(&self.drawn).into_iter().enumerate() {
            let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned();
            let copy = folder.join(format!("{number}-{name}"));
            prefix::copy(Path::new(file), &copy)?;
            copied.drawn.push_str(&format!("{}\n{}\n", copy.display(), lines.join("\n")));
            copied.files.push(copy);
        }
        Ok(copied)
    }

    /// Runs a renderer, which gets the files as its last arguments. Each screen counts as a test.
    pub fn compare(&self, who: &str, mut renderer: Command) -> Result<Counts> {
        renderer.args(&self.files);
        let drawn = output(renderer).with_context(|| format!("{who} draws no screens"))?;
        let differences = differences(&self.drawn, &drawn);
        for difference in differences.iter().take(SHOWN) {
            report::failure(&format!("{who}: {difference}"));
        }
        let (all, failed) = (self.files.len() as u64, differences.len() as u64);
        let passed = all.saturating_sub(failed);
        report::line(&format!("{who} draws {passed} of {all} screens as the command line does"));
        Ok(Counts { passed, failed, skipped: self.skipped })
    }
}

/// A line of a screen begins with a sign, or is inset; the name of a file does not.
fn is_name(line: &str) -> bool {
    line.starts_with('/')
}

/// The screens of what was printed: a file and its lines.
fn screens(printed: &str) -> Vec<(&str, Vec<&str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in printed.lines() {
        match all.last_mut() {
            Some((_, lines)) if !is_name(line) => lines.push(line),
            _ => all.push((line, Vec::new())),
        }
    }
    all
}

/// The first line of each screen that is another one.
fn differences(wanted: &str, is: &str) -> Vec<String> {
    let drawn = screens(is);
    let differs = |(file, wanted): (&str, Vec<&str>)| {
        let Some((_, is)) = drawn.iter().find(|(name, _)| *name == file) else {
            return Some(format!("{file} is not drawn"));
        };
        let at = (0..wanted.len().max(is.len())).find(|at| wanted.get(*at) != is.get(*at))?;
        let text = |lines: &[&str]| lines.get(at).map_or("nothing".to_owned(), |line| format!("{line:?}"));
        Some(format!("{file}, line {}: {} instead of {}", at + 1, text(is), text(&wanted)))
    };
    screens(wanted).into_iter().filter_map(differs).collect()
}

/// The sandbox's own pages, made by the test that holds their texts.
fn pages() -> Result<Vec<PathBuf>> {
    let folder = target().join("screens");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let mut test = cargo(&["test", "--quiet", "--package", "interaction-code", "--test", "screen", "--", "pages::"]);
    test.env("IC_PAGES", &folder);
    output(test).context("the sandbox's own pages")?;
    let mut files = Vec::new();
    find(&folder, &mut files)?;
    Ok(files)
}

/// Where recorded responses are.
fn recordings() -> PathBuf {
    let named = std::env::var_os("IC_FIXTURES").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/fixtures"));
    // The names of files begin with `/`.
    folder.canonicalize().unwrap_or(folder)
}

/// All files of JSON below a folder.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            if path.to_str().is_none() {
                bail!("a name that is not text: {}", path.display());
            }
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn a_difference_names_file_line_and_both_texts() {
        let wanted = "/a\n# A\n> 0 Next\n/b\n# B\n  - x\n";
        assert!(differences(wanted, wanted).is_empty());
        let differs = |is: &str| differences(wanted, is);
        assert_eq!(
            differs("/a\n# A\n> 1 Next\n/b\n# B\n  - x\n"),
            ["/a, line 2: \"> 1 Next\" instead of \"> 0 Next\""]
        );
        assert_eq!(differs("/a\n# A\n> 0 Next\n/b\n# B\n"), ["/b, line 2: nothing instead of \"  - x\""]);
        assert_eq!(differs("/a\n# A\n> 0 Next\n. x\n"), ["/a, line 3: \". x\" instead of nothing", "/b is not drawn"]);
        assert_eq!(differs("").len(), 2);
    }
}
