//! The options of the commands that ask nobody: `verify-password`, `authenticate`, `config explain`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use interaction_code::FactorChoice;

use crate::args::ISSUER;

/// Where a client is described. What is not given here comes from the files, then from the environment.
#[derive(Args)]
pub struct App {
    #[arg(long, value_name = "URL", help_heading = "App", help = ISSUER)]
    pub issuer: Option<String>,
    /// The client id of the app
    #[arg(long, value_name = "ID", help_heading = "App")]
    pub client_id: Option<String>,
    /// A redirect URI that is registered for the app; needed although nothing is redirected
    #[arg(long, value_name = "URI", help_heading = "App")]
    pub redirect_uri: Option<String>,
    /// A scope to ask for; may be repeated [default: openid profile]
    #[arg(long, value_name = "SCOPE", help_heading = "App")]
    pub scope: Vec<String>,
    /// The client secret of a confidential app: the first line of this file
    #[arg(long, value_name = "FILE", help_heading = "App")]
    pub client_secret_file: Option<PathBuf>,
    /// The device token of this machine, 1 to 32 characters: the first line of this file
    #[arg(long, value_name = "FILE", help_heading = "App")]
    pub device_token_file: Option<PathBuf>,
    /// The language of messages and labels (de-AT, de;q=0.8)
    #[arg(long, value_name = "LANGUAGES", help_heading = "App")]
    pub accept_language: Option<String>,
    /// Settings: JSON, or a property list (XML or binary), also one with the keys of Jamf Connect. May be repeated: the first
    /// that has a value is taken. A file with a secret must not be readable by others
    #[arg(long, value_name = "FILE", help_heading = "App")]
    pub config: Vec<PathBuf>,

    /// Also trust the root certificates in this PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "pinned_roots", help_heading = "Network")]
    pub extra_root: Option<PathBuf>,
    /// Trust the root certificates in this PEM file only
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub pinned_roots: Option<PathBuf>,
    /// Go through this proxy; one with a password belongs into a file of settings or the environment
    #[arg(long, value_name = "URL", conflicts_with = "no_proxy", help_heading = "Network")]
    pub proxy: Option<String>,
    /// Go through no proxy, whatever the environment says
    #[arg(long, help_heading = "Network")]
    pub no_proxy: bool,
}

/// Who signs in, and where the password comes from.
#[derive(Args)]
pub struct Who {
    /// Who signs in
    #[arg(long, short, value_name = "NAME", help_heading = "Credentials")]
    pub username: String,
    /// Read the password from this open file descriptor, its first line, instead of standard input
    #[arg(long, value_name = "NUMBER", conflicts_with = "askpass", help_heading = "Credentials")]
    pub password_fd: Option<u32>,
    /// Read the password from the standard output of this program, its first line; it gets the question as its argument
    #[arg(long, value_name = "PROGRAM", help_heading = "Credentials")]
    pub askpass: Option<PathBuf>,
    /// How long everything may take [default: 30; authenticate: 300]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Network")]
    pub timeout: Option<u64>,
    /// Nothing for people on standard error, unless the command line is wrong
    #[arg(long, short, help_heading = "Results")]
    pub quiet: bool,
}

/// The options of `verify-password`.
#[derive(Args)]
pub struct VerifyPassword {
    #[command(flatten)]
    pub app: App,
    #[command(flatten)]
    pub who: Who,
}

/// The options of `authenticate`.
#[derive(Args)]
pub struct Authenticate {
    #[command(flatten)]
    pub app: App,
    #[command(flatten)]
    pub who: Who,
    /// A second factor to use, as KEY or KEY:METHOD (okta_verify:push, okta_email, phone_number:sms, google_otp); may be
    /// repeated, the one that is wanted most first. Without one nothing is sent to the person
    #[arg(long, value_name = "FACTOR", help_heading = "Credentials")]
    pub factor: Vec<FactorChoice>,
    /// Codes come from this program: the first line of its standard output. It gets what is asked, the key of the
    /// authenticator and the number of the try as arguments; an error or an empty line says that there is no code
    #[arg(long, value_name = "PROGRAM", help_heading = "Credentials")]
    pub code_program: Option<PathBuf>,
    /// The number of a push is given to this program as its argument; without one it is shown on standard error
    #[arg(long, value_name = "PROGRAM", help_heading = "Credentials")]
    pub number_program: Option<PathBuf>,
    /// Where the password has expired, a new one is read from this open file descriptor, its first line
    #[arg(long, value_name = "NUMBER", help_heading = "Credentials")]
    pub new_password_fd: Option<u32>,
    /// Write the tokens to this file (mode 0600, JSON, a secret)
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    pub tokens: Option<PathBuf>,
}

/// The commands about settings.
#[derive(Subcommand)]
pub enum Config {
    /// Show each setting with its source, and what is set under a name that there is not.
    Explain(Explain),
}

/// The options of `config explain`.
#[derive(Args)]
pub struct Explain {
    #[command(flatten)]
    pub app: App,
    /// Print one JSON object on one line instead of text
    #[arg(long)]
    pub json: bool,
}

pub const VERIFY_LONG: &str = "\
Ask whether a password is right, and print one line of JSON.

The password is the first line of standard input: printf '%s\\n' \"$password\" | interaction-code verify-password … It is sent once. \
No push, mail or text is sent, no code is redeemed, and the transaction is cancelled at the server.

`outcome` (and the exit code) says what a sign-in would come to next, `password` what is known of the password: verified, wrong, \
not_evaluated, unknown.";

pub const AUTHENTICATE_LONG: &str = "\
Sign in without a person at this terminal, and print one line of JSON.

As verify-password, and on to the end: with the second factors that --factor names, codes from --code-program, and a push that \
somebody approves on their phone.";
