//! Opening the browser: the programs of `BROWSER` first, then the system's own.
//!
//! A program gets the URL as one word and never through a shell; nothing to read, and what it writes goes to our standard error.
//! One that ends with an error at once gives way to the next; none is waited for longer, and none is killed.

use std::{
    io::stderr,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use super::words::{is_program, programs};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::{BROWSER_WATCH, MAX_AUTHORIZE_URL_BYTES},
};

/// Opens a URL where a person (or a script in their place) goes on.
pub trait Launcher: Send + Sync {
    /// Opens `url`; returns without waiting for what becomes of it.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) when there is no browser; any other kind when it could not be opened.
    fn open(&self, url: &str) -> Result<()>;
}

/// The browser of this machine.
#[derive(Clone, Debug, Default)]
pub struct SystemBrowser {
    variable: Option<String>,
}

impl SystemBrowser {
    /// By the convention of the variable `BROWSER`, where it is set, and else the system's own.
    pub fn from_environment() -> Self {
        SystemBrowser::with(std::env::var("BROWSER").ok().as_deref())
    }

    /// With this value in the place of the variable.
    pub fn with(variable: Option<&str>) -> Self {
        SystemBrowser { variable: variable.filter(|value| !value.trim().is_empty()).map(str::to_owned) }
    }
}

impl Launcher for SystemBrowser {
    fn open(&self, url: &str) -> Result<()> {
        check_url(url)?;
        let commands: Vec<Command> = match &self.variable {
            Some(value) => programs(value, url, &is_program)
                .into_iter()
                .map(|program| {
                    let mut command = Command::new(program.name);
                    command.args(program.words);
                    command
                })
                .collect(),
            None => open::commands(url),
        };
        for mut command in commands {
            if begins(&mut command) {
                return Ok(());
            }
        }
        Err(Error::new(ErrorKind::NotFound, "no browser could be opened")
            .with_advice("Open the URL by hand, or name a browser in the variable BROWSER"))
    }
}

/// Starts a program and watches it for a moment: whether it is still there, or ended well.
fn begins(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::from(stderr())).stderr(Stdio::inherit());
    let Ok(mut child) = command.spawn() else { return false };
    let until = Instant::now() + BROWSER_WATCH;
    while Instant::now() < until {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => thread::sleep(BROWSER_WATCH / 60),
            Err(_) => return true,
        }
    }
    // Whoever started it takes note of its end, or a zombie stays until we end.
    let _ = thread::Builder::new().name("interaction-code-browser".to_owned()).spawn(move || child.wait());
    true
}

/// Whether a URL may be given to a browser: `https`, or `http` to a loopback address; not too long, one line, no option.
///
/// # Errors
/// [`InvalidArgument`](ErrorKind::InvalidArgument), which never quotes it.
pub fn check_url(url: &str) -> Result<()> {
    let plain = url.len() <= MAX_AUTHORIZE_URL_BYTES && url.bytes().all(|byte| byte.is_ascii_graphic());
    let parsed = url::Url::parse(url).ok().filter(|_| plain);
    let good = parsed.is_some_and(|url| match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(url::Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(url::Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(url::Host::Domain(name))) => name == "localhost",
        _ => false,
    });
    match good {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::InvalidArgument, "the URL is none to open a browser with")
            .with_advice("It is https, or http to this machine; at most 8 KB, and without control characters")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_the_web_are_opened() {
        for good in
            ["https://a.example/x?y=%0a;`id`", "http://127.0.0.1:4000/auth", "http://[::1]/", "http://localhost/"]
        {
            assert!(check_url(good).is_ok(), "{good}");
        }
        let long = format!("https://a.example/{}", "x".repeat(MAX_AUTHORIZE_URL_BYTES));
        for bad in [
            "",
            "-x",
            "--help",
            "file:///etc/passwd",
            "http://a.example/",
            "https://a.example/\n",
            "javascript:1",
            &long,
        ] {
            assert!(check_url(bad).is_err(), "{bad:.40}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_browser_that_fails_gives_way() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("opened");
        let open = |value: &str| SystemBrowser::with(Some(value)).open("https://a.example/$(id)");
        open(&format!("/nowhere/browser:false:sh -c 'printf %%s \"$1\" > {}' sh", file.display())).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "https://a.example/$(id)");
        assert_eq!(open("/nowhere/browser:false").unwrap_err().kind(), ErrorKind::NotFound);
    }
}
