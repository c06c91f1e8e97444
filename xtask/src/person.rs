//! A person at the keyboard of an interactive example: reads its questions, answers them, reads mails, approves pushes.
//!
//! The examples of all languages ask in the same words, so one person can use them all.

use std::{
    io::{Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use interaction_code_sandbox::Sandbox;

use crate::{report, run::describe};

pub const USER: &str = "ada@example.com";
pub const PASSWORD: &str = "Correct-Horse-9";

/// No example takes longer, not even under valgrind.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Person<'a> {
    pub sandbox: &'a Sandbox,
    /// Mistypes the password at first.
    pub mistypes: bool,
    /// Shows what the program prints and what is typed.
    pub aloud: bool,
}

impl Person<'_> {
    /// Uses the program to its end and gives what it printed. Fails when the program does.
    pub fn uses(&self, mut command: Command) -> Result<String> {
        let name = describe(&command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("{name} does not start"))?;
        let printed = self.talk(&mut child)?;
        let status = child.wait()?;
        if !status.success() {
            bail!("{name} ended with {status}; it printed\n{printed}");
        }
        Ok(printed)
    }

    /// Until the program closes its output; out of patience it is ended, which its status then says.
    fn talk(&self, child: &mut Child) -> Result<String> {
        let mut keyboard = child.stdin.take();
        let screen = pieces(child)?;
        let mut typed = Typist { person: self, typed_password: false };
        let mut printed = String::new();
        let deadline = Instant::now() + PATIENCE;
        loop {
            match screen.recv_timeout(Duration::from_millis(200)) {
                Ok(piece) => {
                    self.show(&piece);
                    printed.push_str(&piece);
                }
                Err(RecvTimeoutError::Timeout) => self.sandbox.pushes().iter().for_each(|push| {
                    self.sandbox.approve(&push.id);
                }),
                Err(RecvTimeoutError::Disconnected) => return Ok(printed),
            }
            if let Some(question) = question(&printed) {
                let answer = typed.answer(question, &printed);
                self.show(&format!("{answer}\n"));
                if self.aloud && asks_for_code(question) {
                    report::detail("[the code came by mail: it was in the sandbox's outbox]");
                }
                printed.push('\n');
                // A program that has ended does not read; its exit status says more than a broken pipe.
                let _ = keyboard.as_mut().map(|keyboard: &mut ChildStdin| writeln!(keyboard, "{answer}"));
            }
            if Instant::now() > deadline {
                child.kill()?;
            }
        }
    }

    fn show(&self, text: &str) {
        if self.aloud {
            let _ = write!(std::io::stdout(), "{text}").and_then(|()| std::io::stdout().flush());
        }
    }
}

/// What the program prints, as it comes.
fn pieces(child: &mut Child) -> Result<Receiver<String>> {
    let mut output = child.stdout.take().context("the output of an example is a pipe")?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        // A character that is cut in two is of no importance here: questions are plain.
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            if sender.send(String::from_utf8_lossy(&buffer[..count]).into_owned()).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

/// The question that the program stopped at: an unfinished line that ends in a colon and a space.
fn question(printed: &str) -> Option<&str> {
    printed.rsplit('\n').next()?.strip_suffix(": ").map(str::trim)
}

fn asks_for_code(question: &str) -> bool {
    question.to_lowercase().contains("code")
}

struct Typist<'a> {
    person: &'a Person<'a>,
    typed_password: bool,
}

impl Typist<'_> {
    fn answer(&mut self, question: &str, printed: &str) -> String {
        let question = question.to_lowercase();
        let offers = |what: &str| {
            let mut options = printed.lines().rev().skip(1).map(str::trim).take_while(|line| line.contains(") "));
            options
                .find(|option| option.contains(&format!(") {what}")))
                .and_then(|option| option.split(')').next())
                .map(str::to_owned)
        };
        if question.contains("username") {
            USER.to_owned()
        } else if question.contains("password") {
            let mistyped = self.person.mistypes && !std::mem::replace(&mut self.typed_password, true);
            if mistyped { "correct-horse-9".to_owned() } else { PASSWORD.to_owned() }
        } else if asks_for_code(&question) {
            self.person.sandbox.last_code(USER).unwrap_or_default()
        } else if question.contains("authenticator") || question.contains("want to verify") {
            offers("Email").unwrap_or_else(|| "1".to_owned())
        } else {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::question;

    #[test]
    fn a_question_is_an_unfinished_line() {
        assert_eq!(question("— identify\n  Username: "), Some("Username"));
        assert_eq!(question("signed in: 00u1\n"), None);
        assert_eq!(question("waiting: choose 12\nPass"), None);
    }
}
