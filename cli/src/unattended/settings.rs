//! From options, files and environment to a client: explicit, then files, then environment, then what is usual.

use std::path::Path;

use interaction_code::{Client, Secret, Settings};
use url::Url;

use super::args::App;
use crate::{failure::Failure, files};

const COMMAND_LINE: &str = "command line";
/// As `sign-in` has it.
const USUAL_REDIRECT: &str = "http://localhost:8080/login/callback";

/// The settings, each with its source.
pub fn gather(app: &App) -> Result<Settings, Failure> {
    let mut settings = Settings::new();
    let texts = [
        ("issuer", &app.issuer),
        ("client_id", &app.client_id),
        ("redirect_uri", &app.redirect_uri),
        ("accept_language", &app.accept_language),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            settings.set(COMMAND_LINE, name, value)?;
        }
    }
    if !app.scope.is_empty() {
        settings.set(COMMAND_LINE, "scopes", &app.scope.join(" "))?;
    }
    for (name, path) in [("client_secret", &app.client_secret_file), ("device_token", &app.device_token_file)] {
        if let Some(path) = path {
            settings.set(&path.display().to_string(), name, secret_of(path)?.expose())?;
        }
    }
    let roots = [("network.extra_roots_pem", &app.extra_root), ("network.pinned_roots_pem", &app.pinned_roots)];
    for (name, path) in roots {
        if let Some(path) = path {
            let pem = files::read(path)?;
            settings.set(&path.display().to_string(), name, &String::from_utf8_lossy(&pem))?;
        }
    }
    if app.no_proxy {
        settings.set(COMMAND_LINE, "network.proxy", "none")?;
    } else if let Some(url) = &app.proxy {
        if Url::parse(url).map_or(url.contains('@'), |url| url.password().is_some()) {
            let text =
                "a password must not be an argument, where others can read it; put the proxy into a file of settings";
            return Err(Failure::Usage(text.to_owned()));
        }
        settings.set(COMMAND_LINE, "network.proxy", url)?;
    }
    for path in &app.config {
        add_file(&mut settings, path)?;
    }
    settings.environment(
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
    );
    settings.set("default", "redirect_uri", USUAL_REDIRECT)?;
    Ok(settings)
}

/// A client of these settings. Names that there are not are told on standard error.
pub fn client(app: &App, quiet: bool) -> Result<Client, Failure> {
    let settings = gather(app)?;
    for warning in warnings(&settings) {
        if !quiet {
            crate::term::note(&warning);
        }
    }
    let builder = settings.builder()?.user_agent(concat!("interaction-code-cli/", env!("CARGO_PKG_VERSION")));
    Ok(builder.build()?)
}

/// What an administrator should look at.
pub fn warnings(settings: &Settings) -> Vec<String> {
    let unknown = settings.unknown().iter().map(|(name, source)| format!("{source}: there is no setting `{name}`"));
    unknown.chain(settings.notes().iter().cloned()).collect()
}

fn add_file(settings: &mut Settings, path: &Path) -> Result<(), Failure> {
    let name = path.display().to_string();
    let (bytes, open_to_others) = files::read_with_mode(path)?;
    let is_list = bytes.starts_with(b"bplist") || bytes.trim_ascii_start().starts_with(b"<");
    if is_list {
        settings.plist(&name, &bytes)?
    } else {
        settings.json(&name, &bytes)?
    }
    if open_to_others && settings.has_secret_of(&name) {
        return Err(open(path));
    }
    Ok(())
}

fn secret_of(path: &Path) -> Result<Secret, Failure> {
    let (text, open_to_others) = files::read_secret(path)?;
    if open_to_others {
        return Err(open(path));
    }
    Ok(Secret::from(files::first_line(&text)))
}

fn open(path: &Path) -> Failure {
    Failure::Usage(format!("{} holds a secret and others can read it; chmod 600 makes it yours", path.display()))
}
