//! From the command line to a client. Everything is checked before anything is sent.

use std::{path::Path, sync::Arc};

use interaction_code::{
    Client, ClientAuthentication, Device, Secret, StartOptions,
    oauth::Issuer,
    transport::{UreqTransport, UreqTransportBuilder},
};
use url::Url;

use super::{
    Desk,
    trace::{Meter, Traced},
    warn_of_others,
};
use crate::{
    args::{ClientAuth, SignIn},
    failure::Failure,
    files,
    term::Screen,
};

/// The client, with a transport that counts and, under `--trace`, tells.
pub fn client(desk: &Desk<'_>, screen: &Arc<Screen>, meter: &Arc<Meter>) -> Result<Client, Failure> {
    let options = desk.options;
    let issuer = Issuer::parse(&options.issuer)?;
    let network = network(desk)?.allow_loopback_http(issuer.is_loopback_http()).build()?;
    let transport = Traced::new(network, Arc::clone(meter), options.trace.then(|| Arc::clone(screen)));
    let mut builder = Client::builder(&options.issuer, &options.client_id, &options.redirect_uri)
        .user_agent(concat!("interaction-code-cli/", env!("CARGO_PKG_VERSION")))
        .transport(Arc::new(transport));
    if !options.scope.is_empty() {
        builder = builder.scopes(options.scope.iter().flat_map(|scopes| scopes.split_whitespace()));
    }
    if let Some(path) = &options.client_secret_file {
        let secret = secret(desk, path, "Client secret")?;
        builder = builder.authentication(match options.client_auth {
            ClientAuth::Post => ClientAuthentication::SecretPost(secret),
            ClientAuth::Basic => ClientAuthentication::SecretBasic(secret),
        });
    }
    if let Some(languages) = &options.accept_language {
        builder = builder.accept_language(languages);
    }
    if let Some(path) = &options.device_token_file {
        builder = builder.device_token(secret(desk, path, "Device token")?);
    }
    Ok(builder.build()?)
}

/// What to ask for.
pub fn start_options(desk: &Desk<'_>) -> Result<StartOptions, Failure> {
    let options = desk.options;
    let token =
        |path: &Option<std::path::PathBuf>, label| path.as_ref().map(|path| secret(desk, path, label)).transpose();
    Ok(StartOptions {
        login_hint: options.login_hint.clone(),
        acr_values: options.acr_values.iter().flat_map(|values| values.split_whitespace().map(str::to_owned)).collect(),
        max_age: options.max_age,
        activation_token: token(&options.activation_token_file, "Activation token")?,
        recovery_token: token(&options.recovery_token_file, "Recovery token")?,
        extra: options.extra.clone(),
        device: Device::default(),
    })
}

fn network(desk: &Desk<'_>) -> Result<UreqTransportBuilder, Failure> {
    let SignIn { proxy, proxy_file, no_proxy, extra_root, pinned_roots, .. } = desk.options;
    let mut network = UreqTransport::builder();
    if *no_proxy {
        network = network.no_proxy();
    } else if let Some(url) = proxy {
        if has_password(url) {
            let text = "a password must not be an argument, where others can read it; write the proxy's URL to a file and name it with --proxy-file";
            return Err(Failure::Usage(text.to_owned()));
        }
        network = network.proxy(url);
    } else if let Some(path) = proxy_file {
        network = network.proxy(secret(desk, path, "Proxy URL")?.expose());
    }
    for path in extra_root {
        network = network.extra_root_pem(&files::read(path)?);
    }
    if let Some(path) = pinned_roots {
        network = network.pinned_roots_pem(&files::read(path)?);
    }
    Ok(network)
}

fn has_password(url: &str) -> bool {
    // What is no URL is refused by the transport; what looks like a password in it must not get there either.
    match Url::parse(url) {
        Ok(parsed) if parsed.has_host() => parsed.password().is_some(),
        _ => url.contains('@'),
    }
}

/// The first line of a file, or of standard input.
fn secret(desk: &Desk<'_>, path: &Path, label: &str) -> Result<Secret, Failure> {
    let secret = if files::is_stdin(path) {
        let line = desk.input.ask(&format!("{label}: "), true)?;
        Secret::from(line.as_str())
    } else {
        let (text, open_to_others) = files::read_secret(path)?;
        if open_to_others {
            warn_of_others(desk, &path.display().to_string());
        }
        Secret::from(files::first_line(&text))
    };
    if secret.is_empty() {
        return Err(Failure::Usage(format!("{}: its first line is empty", path.display())));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_seen_in_proxy_urls() {
        for url in ["http://u:p@proxy.example:8080", "socks5h://u:p@proxy.example", "u:p@proxy.example:8080"] {
            assert!(has_password(url), "{url}");
        }
        for url in ["http://proxy.example:8080", "http://u@proxy.example", "proxy.example:8080"] {
            assert!(!has_password(url), "{url}");
        }
    }
}
