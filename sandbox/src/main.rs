//! The program: a sandbox in the foreground until it is interrupted.

use clap::Parser;
use interaction_code_sandbox::{Options, Sandbox, World};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// An Okta Identity Engine org in a box. Prints `listening on <issuer>` and serves until it is interrupted.
#[derive(Parser)]
#[command(name = "interaction-code-sandbox", version)]
struct Arguments {
    /// Where to listen; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:7070")]
    listen: SocketAddr,
    /// A world (users, apps, policies) instead of the built-in one
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// Every mailed or texted code is this one instead of a random one
    #[arg(long, value_name = "CODE")]
    fixed_code: Option<String>,
    /// Pushes approve themselves after this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    auto_approve_push: Option<Duration>,
    /// HTTPS, with a certificate authority made for this run
    #[arg(long)]
    tls: bool,
    /// Where to write that authority's certificate (PEM); without it, it is printed
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_ca_out: Option<PathBuf>,
    /// A line on stderr for each request
    #[arg(long)]
    log: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let value: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(value).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "interaction-code-sandbox: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let world = match &arguments.world {
        None => World::default(),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            World::from_toml(&text).map_err(|error| format!("{}: {error}", file.display()))?
        }
    };
    let sandbox = Sandbox::start(Options {
        listen: arguments.listen,
        world,
        fixed_code: arguments.fixed_code,
        auto_approve_push: arguments.auto_approve_push,
        tls: arguments.tls,
        log: arguments.log,
    })
    .map_err(|error| error.to_string())?;

    let ca_pem = sandbox.ca_pem();
    // Before the first line: whoever waits for that line may read the file at once.
    if let (Some(pem), Some(file)) = (&ca_pem, &arguments.tls_ca_out) {
        std::fs::write(file, pem).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let mut out = std::io::stdout();
    let mut say = |line: String| writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| error.to_string());
    say(format!("listening on {}", sandbox.issuer()))?;
    if let (Some(pem), None) = (&ca_pem, &arguments.tls_ca_out) {
        say(pem.trim_end().to_owned())?;
    }
    if !arguments.listen.ip().is_loopback() {
        // Known passwords for everyone who can reach the port: worth a word.
        eprintln!("interaction-code-sandbox: listening beyond this machine; the passwords of this world are public");
    }
    loop {
        // The sandbox lives in its own threads; an interrupt ends the process and them with it.
        std::thread::park();
    }
}
