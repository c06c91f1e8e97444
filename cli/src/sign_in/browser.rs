//! `sign-in --browser`: Authorization Code with PKCE, through the browser of this machine.
//!
//! The URL is shown before anything is opened: programs that open browsers end well where there is none (SSH, containers). With a
//! loopback redirect URI the program listens for the browser; with another one the URL that it ends at is pasted.

use std::sync::Arc;

use interaction_code::{
    AuthorizeOptions, Push, Tokens,
    browser::{Launcher as _, Receiver, SystemBrowser, check_url},
    oauth::RedirectKind,
};

use super::{Desk, setup, trace::Meter};
use crate::{args::PushChoice, failure::Failure, term::Screen};

/// The sign-in.
pub fn run(desk: &Desk<'_>, screen: &Arc<Screen>, meter: &Arc<Meter>) -> Result<Tokens, Failure> {
    let options = desk.options;
    let client = setup::client(desk, screen, meter)?;
    let kind = RedirectKind::of(&options.redirect_uri)?;
    let receiver = match kind {
        RedirectKind::Loopback | RedirectKind::Localhost => Some(Receiver::bind(&options.redirect_uri)?),
        _ => None,
    };
    if kind == RedirectKind::Localhost {
        screen
            .note("`localhost` is not reached by every browser; http://127.0.0.1 is safer where it can be registered.");
    }
    let words = |text: &Option<String>| -> Vec<String> {
        text.iter().flat_map(|text| text.split_whitespace().map(str::to_owned)).collect()
    };
    let asked = AuthorizeOptions {
        login_hint: options.login_hint.clone(),
        acr_values: words(&options.acr_values),
        prompt: words(&options.prompt),
        max_age: options.max_age,
        extra: options.extra.clone(),
        push: match options.par {
            PushChoice::Auto => Push::Auto,
            PushChoice::Always => Push::Always,
            PushChoice::Never => Push::Never,
        },
        ..AuthorizeOptions::default()
    };
    let authorization = client.authorize(asked, desk.call)?;
    check_url(authorization.url())?;
    screen.line(&format!("Sign in here: {}", authorization.url()));
    if let Err(error) = SystemBrowser::from_environment().open(authorization.url()) {
        screen.note(&error.to_string());
    }
    let callback = match receiver {
        Some(receiver) => receiver.wait(&|url| authorization.check_callback(url).is_ok(), desk.call)?,
        None => loop {
            let line = desk.input.ask("The URL that the browser ended at: ", false)?;
            match authorization.check_callback(line.trim()) {
                Ok(()) => break line.trim().to_owned(),
                Err(error) => screen.note(&error.to_string()),
            }
        },
    };
    Ok(authorization.finish(&callback, desk.call)?)
}
