//! Where secrets come from: standard input, an open file descriptor, a program. Never an argument, never a variable.

use std::{
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use interaction_code::{Call, Error, ErrorKind, Secret};
use zeroize::Zeroizing;

use crate::{failure::Failure, files, term::Input};

/// The longest line that is taken, in bytes.
const MAX_LINE: u64 = 64 * 1024;
/// How often a program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// The first line of standard input; on a terminal it is asked for, and not shown.
pub fn from_stdin(question: &str, call: &Call) -> Result<Secret, Failure> {
    if io::stdin().is_terminal() {
        let input =
            Input::new(call).map_err(|error| Failure::Usage(format!("standard input cannot be read: {error}")))?;
        let line = input.ask(&format!("{question}: "), true)?;
        return Ok(Secret::from(line.as_str()));
    }
    line_of(io::stdin().lock())
        .map_err(|error| Failure::Usage(format!("standard input cannot be read: {error}")))?
        .ok_or_else(|| Failure::InputEnded("standard input ended before there was a password".to_owned()))
}

/// The first line of an open file descriptor.
pub fn from_descriptor(number: u32) -> Result<Secret, Failure> {
    // The system's own name for it: the same descriptor on Linux, macOS and the BSDs.
    let path = format!("/dev/fd/{number}");
    let cannot = |error: io::Error| Failure::Usage(format!("file descriptor {number} cannot be read: {error}"));
    let file = std::fs::File::open(path).map_err(cannot)?;
    line_of(BufReader::new(file))
        .map_err(cannot)?
        .ok_or_else(|| Failure::InputEnded(format!("file descriptor {number} has no line")))
}

/// The first line that a program prints; `None` where it prints none or ends with an error. It is ended with the call.
pub fn from_program(program: &Path, arguments: &[&str], call: &Call) -> interaction_code::Result<Option<Secret>> {
    let failed = |what: &str| {
        Error::new(ErrorKind::Callback, format!("{} {what}", program.display()))
            .with_advice("It must be a program that prints one line on its standard output")
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&format!("cannot be run: {error}")))?;
    let output = child.stdout.take();
    // Read beside the wait, so that a program that prints much does not hang on its pipe.
    let reader = std::thread::spawn(move || output.map(|output| line_of(BufReader::new(output))));
    let good = wait(&mut child, call)?;
    let line = reader.join().ok().flatten().transpose().map_err(|_| failed("printed a line that cannot be read"))?;
    Ok(line.flatten().filter(|line| good && !line.is_empty()))
}

/// Whether a program did well. With the call it ends, too.
fn wait(child: &mut Child, call: &Call) -> interaction_code::Result<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => {}
            Err(_) => return Ok(false),
        }
        if let Err(error) = call.sleep(GLANCE) {
            // It may have ended by itself meanwhile.
            let _ = child.kill();
            let _ = child.wait();
            return Err(error);
        }
    }
}

/// Runs a program that only tells somebody something.
pub fn tell(program: &Path, arguments: &[&str], call: &Call) -> interaction_code::Result<()> {
    let failed = |what: String| Error::new(ErrorKind::Callback, format!("{} {what}", program.display()));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("cannot be run: {error}")))?;
    if wait(&mut child, call)? { Ok(()) } else { Err(failed("ended with an error".to_owned())) }
}

/// A line without its end; `None` at the end of the input.
fn line_of(mut source: impl io::BufRead) -> io::Result<Option<Secret>> {
    let mut line = Zeroizing::new(String::with_capacity(256));
    let length = (&mut source).take(MAX_LINE).read_line(&mut line)?;
    if length as u64 == MAX_LINE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("the line has more than {MAX_LINE} bytes")));
    }
    Ok((length > 0).then(|| Secret::from(files::without_line_break(&line))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_line() {
        let of = |text: &[u8]| line_of(text).unwrap().map(|line| line.expose().to_owned());
        assert_eq!(of(b""), None);
        assert_eq!(of(b"\nx"), Some(String::new()));
        assert_eq!(of(b" p w \r\nx"), Some(" p w ".to_owned()));
        assert_eq!(of(b"pw"), Some("pw".to_owned()));
        assert!(line_of(BufReader::new(io::repeat(b'x'))).is_err());
    }
}
