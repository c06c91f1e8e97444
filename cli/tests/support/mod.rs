//! What the tests of the program share: running it, and reading what it said.
#![allow(dead_code)] // each test file uses its own part of this

use std::{
    ffi::OsStr,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};

use interaction_code_sandbox::{Options, Sandbox};
use serde_json::Value;

pub const PASSWORD: &str = "Correct-Horse-9";
pub const REDIRECT: &str = "com.example.app:/callback";
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_interaction-code");

/// How a run ended.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The one line on standard output.
    pub fn json(&self) -> Value {
        assert_eq!(self.stdout.matches('\n').count(), 1, "one line: {self}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Fails if any of these is in the output.
    pub fn hides(&self, secrets: &[&str]) {
        for secret in secrets {
            assert!(!self.stdout.contains(secret) && !self.stderr.contains(secret), "a secret is shown: {self}");
        }
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\nstdout: {}\nstderr: {}", self.code, self.stdout, self.stderr)
    }
}

/// The program, away from the proxies of the machine.
pub fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "NO_COLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs it with this standard input.
pub fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, input: &[u8]) -> Ran {
    finish(program().args(arguments), input)
}

pub fn finish(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // A program that reads only a part of its input is not this test's business.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the input is written");
    ran(output)
}

pub fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A sandbox whose codes are all `123456`.
pub fn sandbox() -> Sandbox {
    let options = Options { fixed_code: Some("123456".to_owned()), ..Options::default() };
    Sandbox::start(options).expect("the sandbox starts")
}

/// A sandbox where pushes approve themselves.
pub fn approving_sandbox() -> Sandbox {
    let options = Options { auto_approve_push: Some(Duration::from_secs(1)), ..Options::default() };
    Sandbox::start(options).expect("the sandbox starts")
}

/// The arguments of `sign-in` for a client of the sandbox.
pub fn sign_in(sandbox: &Sandbox, client: &str, more: &[&str]) -> Vec<String> {
    let issuer = sandbox.issuer();
    let start = ["sign-in", "--issuer", &issuer, "--client-id", client, "--redirect-uri", REDIRECT];
    start.iter().chain(more).map(|text| (*text).to_owned()).collect()
}

/// A folder of a test's own.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    /// A file in it that only its owner can read.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        let mut file = tempfile::NamedTempFile::new_in(self.0.path()).expect("a file");
        file.write_all(text.as_bytes()).expect("it is written");
        file.persist(&path).expect("it gets its name");
        path.to_str().expect("UTF-8").to_owned()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
