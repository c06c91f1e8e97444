//! What the program is told on the command line. Files and standard input bring whatever is secret.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{exit, result::ResultOptions, unattended::args as unattended};

/// Sign in to an Okta Identity Engine org without a browser, and look into recorded responses.
#[derive(Parser)]
#[command(name = "interaction-code", version, after_help = exit::table(), max_term_width = 110)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Sign in: show each step that the server asks for, or answer from a file, and end with one JSON line.
    #[command(long_about = SIGN_IN_LONG, after_long_help = exit::table())]
    SignIn(Box<SignIn>),
    /// Show what the library understands of a recorded response.
    Inspect(Inspect),
    /// Print what a shell completes, to be read by it: bash, zsh, fish and others
    Completions(Completions),
    /// Print a page of the manual, for `man -l -`, or write all of them to a folder
    Man(Manual),
    /// Ask whether a password is right: read from standard input, sent once, answered by one JSON line and the exit code.
    #[command(long_about = unattended::VERIFY_LONG, after_long_help = exit::table())]
    VerifyPassword(Box<unattended::VerifyPassword>),
    /// Sign in without a person at this terminal: a password, codes from a program, a push; one JSON line and the exit code.
    #[command(long_about = unattended::AUTHENTICATE_LONG, after_long_help = exit::table())]
    Authenticate(Box<unattended::Authenticate>),
    /// Look at the settings that the unattended commands would use.
    #[command(subcommand)]
    Config(Box<unattended::Config>),
}

/// The options of `completions`.
#[derive(Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// The options of `man`.
#[derive(Args)]
pub struct Manual {
    /// The command that the page is about [default: the program]
    #[arg(value_name = "COMMAND")]
    pub page: Option<String>,
    /// Write every page to this folder, which must be there
    #[arg(long, value_name = "FOLDER", conflicts_with = "page")]
    pub all: Option<PathBuf>,
}

const SIGN_IN_LONG: &str = "\
Sign in: show each step that the server asks for, or answer from a file, and end with one JSON line.

The line is for programs: a terminal gets it with --json or --show-tokens only.

Without --answers each screen is drawn in the terminal and answered there; a secret is typed unseen, and Enter alone leads to \
the other ways of a screen. When standard input is not a terminal, one line is read for each question, and what can be \
left out or has an answer already is not asked.

The answers file is a JSON list, one entry for each step, used in order:

  [{\"remediation\": \"identify\", \"values\": {\"identifier\": \"ada@example.com\"}},
   {\"remediation\": \"challenge-authenticator\", \"values\": {\"credentials.passcode\": {\"$file\": \"/run/secrets/pw\"}}},
   {\"remediation\": \"challenge-authenticator\", \"values\": [{\"path\": [\"credentials\", \"passcode\"], \"value\": {\"$prompt\": \"Code\"}}]},
   {\"action\": \"poll\"}]

  remediation  the wire name of a form that the step offers; \"index\": 1 takes the second one of that name
  values       path to value: a dotted path, or a JSON list in a string; or a list of {\"path\", \"value\"}.
               A value is a text, number, boolean or object, or it is looked up when its turn comes:
               {\"$file\": \"path\"} (the file without its last line break), {\"$prompt\": \"label\"},
               {\"$env\": \"NAME\"} (which must be set from the beginning).
               Choose an option by an id or key: {\"authenticator\": \"okta_email\"}
  extra        members that the form does not declare, written like values
  action       poll, resend, send, recover, skip, cancel, refresh, restart, or callback (with \"url\")

A step that only waits (a push) is waited for without an entry.";

pub const ISSUER: &str =
    "The org (https://acme.okta.com), or a custom authorization server of it (https://acme.okta.com/oauth2/default)";

/// The options of `sign-in`.
#[derive(Args)]
pub struct SignIn {
    #[arg(long, value_name = "URL", help = ISSUER, help_heading = "App")]
    pub issuer: String,
    /// The client id of the app
    #[arg(long, value_name = "ID", help_heading = "App")]
    pub client_id: String,
    /// A redirect URI that is registered for the app; needed although nothing is redirected
    #[arg(long, value_name = "URI", default_value = "http://localhost:8080/login/callback", help_heading = "App")]
    pub redirect_uri: String,
    /// A scope to ask for; may be repeated [default: openid profile]
    #[arg(long, value_name = "SCOPE", help_heading = "App")]
    pub scope: Vec<String>,
    /// The client secret of a confidential app: the first line of this file, or of standard input (-)
    #[arg(long, value_name = "FILE|-", help_heading = "App")]
    pub client_secret_file: Option<PathBuf>,
    /// How the client secret goes to the token endpoint
    #[arg(long, value_enum, default_value_t = ClientAuth::Basic, requires = "client_secret_file", help_heading = "App")]
    pub client_auth: ClientAuth,

    /// Sign in with the browser instead: Authorization Code with PKCE, at any OpenID provider. The variable BROWSER names the
    /// program, %s in it is the URL; the redirect URI is http://127.0.0.1 with a port, or the URL at the end is pasted
    #[arg(long, conflicts_with_all = ["answers", "resume", "save_on_exit", "activation_token_file", "recovery_token_file"], help_heading = "Browser")]
    pub browser: bool,
    /// What the pages shall do: login, consent, select_account or none
    #[arg(long, value_name = "WORDS", requires = "browser", help_heading = "Browser")]
    pub prompt: Option<String>,
    /// Whether the request is pushed to the server before the browser opens (RFC 9126)
    #[arg(long, value_enum, default_value_t = PushChoice::Auto, help_heading = "Browser")]
    pub par: PushChoice,

    /// Who signs in: fills in the user name
    #[arg(long, value_name = "NAME", help_heading = "What to ask for")]
    pub login_hint: Option<String>,
    /// The assurance to ask for, separated by blanks (urn:okta:loa:2fa:any)
    #[arg(long, value_name = "VALUES", help_heading = "What to ask for")]
    pub acr_values: Option<String>,
    /// How old a session may be, in seconds
    #[arg(long, value_name = "SECONDS", help_heading = "What to ask for")]
    pub max_age: Option<u64>,
    /// The one-time token of an activation mail (confidential apps): the first line of this file, or of standard input (-)
    #[arg(long, value_name = "FILE|-", help_heading = "What to ask for")]
    pub activation_token_file: Option<PathBuf>,
    /// The one-time token of a recovery mail: the first line of this file, or of standard input (-)
    #[arg(long, value_name = "FILE|-", help_heading = "What to ask for")]
    pub recovery_token_file: Option<PathBuf>,
    /// A further parameter of the first request; may be repeated. Not for secrets
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value, help_heading = "What to ask for")]
    pub extra: Vec<(String, String)>,
    /// The language of messages, labels and mails (de-AT, de;q=0.8)
    #[arg(long, value_name = "LANGUAGES", help_heading = "What to ask for")]
    pub accept_language: Option<String>,
    /// The device token of this machine, 1 to 32 characters: the first line of this file, or of standard input (-)
    #[arg(long, value_name = "FILE|-", help_heading = "What to ask for")]
    pub device_token_file: Option<PathBuf>,

    /// Also trust the root certificates in this PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "pinned_roots", help_heading = "Network")]
    pub extra_root: Vec<PathBuf>,
    /// Trust the root certificates in this PEM file only
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub pinned_roots: Option<PathBuf>,
    /// Go through this proxy (http, https, socks5, socks5h, socks4, socks4a). With a password: --proxy-file, or the
    /// environment (HTTPS_PROXY), which is the default
    #[arg(long, value_name = "URL", conflicts_with_all = ["proxy_file", "no_proxy"], help_heading = "Network")]
    pub proxy: Option<String>,
    /// Go through the proxy in the first line of this file: http://user:password@host:port
    #[arg(long, value_name = "FILE", conflicts_with = "no_proxy", help_heading = "Network")]
    pub proxy_file: Option<PathBuf>,
    /// Go through no proxy, whatever the environment says
    #[arg(long, help_heading = "Network")]
    pub no_proxy: bool,
    /// How long the whole sign-in may take [default: 300, or 900 when a person answers]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Network")]
    pub timeout: Option<u64>,

    /// Answer from this file (-: standard input) instead of asking; the long --help describes it
    #[arg(long, value_name = "FILE|-", help_heading = "Answers and results")]
    pub answers: Option<PathBuf>,
    #[command(flatten)]
    pub result: ResultOptions,
    /// Print the tokens, too, in the line of JSON, which is then printed to a terminal as well
    #[arg(long, help_heading = "Answers and results")]
    pub show_tokens: bool,
    /// A line on standard error for each request: method, path, status, time, request id; never what was sent
    #[arg(long, help_heading = "Answers and results")]
    pub trace: bool,
    /// When the sign-in is broken off, save it to this file (mode 0600, a secret) to go on with --resume
    #[arg(long, value_name = "FILE", help_heading = "Answers and results")]
    pub save_on_exit: Option<PathBuf>,
    /// Go on with a saved sign-in; the file is deleted when that succeeds
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["login_hint", "acr_values", "max_age", "extra", "activation_token_file", "recovery_token_file"],
        help_heading = "Answers and results"
    )]
    pub resume: Option<PathBuf>,
}

/// Whether the browser's request is pushed to the server beforehand.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PushChoice {
    /// Where the server says that it takes it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a confidential app authenticates at the token endpoint.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClientAuth {
    /// In the body (client_secret_post)
    Post,
    /// In the Authorization header (client_secret_basic)
    Basic,
}

/// The options of `inspect`.
#[derive(Args)]
pub struct Inspect {
    /// The recorded response: the body as it came, JSON (-: standard input); several with --screen, each after its name
    #[arg(value_name = "FILE|-", required = true)]
    pub files: Vec<PathBuf>,
    /// Draw the screen that a person would see; holds what they would see, shared secrets and numbers included
    #[arg(long)]
    pub screen: bool,
    /// Print one JSON object on one line instead of text
    #[arg(long)]
    pub json: bool,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn extra_parameters_have_a_name() {
        assert_eq!(name_and_value("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(name_and_value("=b").is_err() && name_and_value("b").is_err());
    }
}
