//! Running other programs: cargo, npm, node. Their output passes through; test counts are read from it on the way.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::report;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The cargo that started this task.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Runs a program to its end and gives what it printed to stdout; a failure shows what it printed to stderr.
pub fn output(mut command: Command) -> Result<String> {
    let name = describe(&command);
    let output = command.output().with_context(|| format!("{name} does not start"))?;
    if !output.status.success() {
        bail!("{name} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program with its arguments.
pub fn program<S: AsRef<std::ffi::OsStr>>(name: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments);
    command
}

/// Runs a program to its end; a failure names it.
pub fn run(mut command: Command) -> Result<()> {
    let name = describe(&command);
    let status = command.status().with_context(|| format!("{name} does not start"))?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Counts a check of our own, and says how it ended.
    pub fn tell(&mut self, what: &str, done: Result<()>) {
        match done {
            Ok(()) => {
                report::line(what);
                self.passed += 1;
            }
            Err(error) => {
                report::failure(&format!("{what}: {error:#}"));
                self.failed += 1;
            }
        }
    }

    /// Reads a report in the form of JUnit, which ctest, pytest, `swift test` and surefire write: one suite, in which some tell
    /// errors apart from failures.
    pub fn of_report(report: &str) -> Result<Counts> {
        let document = roxmltree::Document::parse(report).context("a report of tests")?;
        let suite =
            document.descendants().find(|node| node.has_tag_name("testsuite")).context("no suite in a report")?;
        let number = |name: &str| suite.attribute(name).and_then(|number| number.parse::<u64>().ok());
        let all = number("tests").context("a report does not say how many tests there are")?;
        let sum = |names: [&str; 2]| names.into_iter().filter_map(number).sum::<u64>();
        let (failed, skipped) = (sum(["failures", "errors"]), sum(["skipped", "disabled"]));
        Ok(Counts { passed: all.saturating_sub(failed + skipped), failed, skipped })
    }

    /// Reads a closing line of cargo's test runner or of Node's; zero for any other line.
    fn read(line: &str) -> Counts {
        let number = |text: &str| text.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(0);
        let mut counts = Counts::default();
        if let Some(result) = line.strip_prefix("test result: ") {
            for part in result.split(['.', ';']) {
                match part.split_whitespace().nth(1) {
                    Some("passed") => counts.passed = number(part),
                    Some("failed") => counts.failed = number(part),
                    Some("ignored") => counts.skipped = number(part),
                    _ => {}
                }
            }
        }
        let node = line.trim_start_matches(['#', 'ℹ', ' ']);
        if line.starts_with(['#', 'ℹ']) {
            match node.split_whitespace().next() {
                Some("pass") => counts.passed = number(node),
                Some("fail" | "cancelled") => counts.failed = number(node),
                Some("skipped") => counts.skipped = number(node),
                _ => {}
            }
        }
        counts
    }
}

/// Runs a test program: its output passes through, its closing lines are counted. Fails when the program does.
pub fn run_tests(mut command: Command) -> Result<Counts> {
    let name = describe(&command);
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{name} does not start"))?;
    let output = child.stdout.take().context("the output of a test program is a pipe")?;
    let mut counts = Counts::default();
    for line in BufReader::new(output).lines() {
        let line = line.unwrap_or_default();
        counts.add(Counts::read(&line));
        let _ = writeln!(std::io::stdout(), "{line}");
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(counts)
}

pub fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
    format!("`{program} {}`", arguments.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read() {
        let read = |report| {
            let Counts { passed, failed, skipped } = Counts::of_report(report).unwrap();
            (passed, failed, skipped)
        };
        let ctest = r#"<?xml version="1.0"?><testsuite name="x" tests="7" failures="1" disabled="0" skipped="2"/>"#;
        assert_eq!(read(ctest), (4, 1, 2));
        let nested = r#"<testsuites name="x"><testsuite errors="1" failures="2" skipped="3" tests="9"/></testsuites>"#;
        assert_eq!(read(nested), (3, 3, 3));
        assert!(Counts::of_report("<testsuite/>").is_err() && Counts::of_report("<x tests='1'/>").is_err());
    }

    #[test]
    fn closing_lines_are_counted() {
        let read = |line| {
            let Counts { passed, failed, skipped } = Counts::read(line);
            (passed, failed, skipped)
        };
        let cargo = "test result: ok. 22 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.28s";
        assert_eq!(read(cargo), (22, 1, 3));
        assert_eq!(read("test result: FAILED. 0 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out"), (0, 2, 0));
        assert_eq!(read("# pass 12"), (12, 0, 0));
        assert_eq!(read("ℹ fail 2"), (0, 2, 0));
        assert_eq!(read("pass 12"), (0, 0, 0));
        assert_eq!(read("test a_test ... ok"), (0, 0, 0));
    }
}
