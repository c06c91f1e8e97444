//! Configs: the settings of a client that is to be made. Texts are copied; what they mean is checked by `ic_client_new`.

use std::{
    ffi::c_char,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    foreign,
    guard::{free, guard},
    handles::{ic_config, ic_error, ic_status},
    log::{ForeignLog, ic_log},
    storage::{ForeignStorage, ic_storage},
    table::{self, kind},
    text::{Out, text},
    transport::{ForeignTransport, ic_transport},
};
use crate::{
    client::{Client, ClientBuilder},
    error::{Error, ErrorKind, Result},
    oauth::ClientAuthentication,
    secret::Secret,
};

/// What lies behind an `ic_config`. The builder is taken out while a call works on it, so no lock is held when something
/// that is replaced runs its `destroy`.
pub struct ConfigObject(Mutex<Option<ClientBuilder>>);
kind!(ic_config_handle, "ic_config", ConfigObject);

impl ConfigObject {
    fn new(builder: ClientBuilder) -> Self {
        ConfigObject(Mutex::new(Some(builder)))
    }

    fn swap(&self, builder: Option<ClientBuilder>) -> Option<ClientBuilder> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), builder)
    }

    fn take(&self) -> Result<ClientBuilder> {
        self.swap(None).ok_or_else(|| {
            Error::new(ErrorKind::Busy, "the config is in use by another call").with_advice("One call at a time")
        })
    }

    /// Changes the settings.
    pub(super) fn change(&self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<()> {
        let changed = change(self.take()?);
        self.swap(Some(changed));
        Ok(())
    }

    /// A client of these settings, which stay.
    pub(super) fn build(&self) -> Result<Client> {
        let builder = self.take()?;
        let built = builder.clone().build();
        self.swap(Some(builder));
        built
    }
}

/// Changes a setting that is a text.
unsafe fn set(
    config: ic_config,
    given: *const c_char,
    name: &str,
    error: *mut ic_error,
    change: impl FnOnce(ClientBuilder, &str) -> ClientBuilder,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let given = text(given, name)?;
            table::get(config)?.change(|builder| change(builder, given))
        })
    }
}

/// Starts a config. `issuer` is the org (`https://acme.okta.com`) or a custom authorization server
/// (`https://acme.okta.com/oauth2/default`); `redirect_uri` is the registered one, needed also without redirects. Free it
/// with `ic_config_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_LIMIT_EXCEEDED`; what the texts mean is checked by `ic_client_new`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_new(
    issuer: *const c_char,
    client_id: *const c_char,
    redirect_uri: *const c_char,
    out: *mut ic_config,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let issuer = text(issuer, "issuer")?;
            let client_id = text(client_id, "client_id")?;
            let redirect_uri = text(redirect_uri, "redirect_uri")?;
            out.set(table::insert(ConfigObject::new(Client::builder(issuer, client_id, redirect_uri)))?);
            Ok(())
        })
    }
}

/// Starts a config from JSON: an object with `issuer`, `client_id`, `redirect_uri`, and as wanted `scopes` (a text with
/// spaces, or an array), `client_secret`, `client_authentication` (`none`, `client_secret_basic`, `client_secret_post`),
/// `user_agent`, `accept_language`, `device_token`, and `network` with `proxy` (a URL, `system`, `none`),
/// `connect_timeout_ms`, `read_timeout_ms`, `extra_roots_pem`, `pinned_roots_pem`, `platform_verifier`. Further settings can
/// be changed with the setters. Free it with `ic_config_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` names a member that is unknown, missing or of a wrong type; values are never quoted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_from_json(
    json: *const c_char,
    out: *mut ic_config,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let builder = ClientBuilder::from_json(text(json, "json")?)?;
            out.set(table::insert(ConfigObject::new(builder))?);
            Ok(())
        })
    }
}

/// The scopes to ask for, separated by spaces, instead of `openid profile`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_scopes(
    config: ic_config,
    scopes: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        set(config, scopes, "scopes", error, |builder, scopes| {
            builder.scopes(scopes.split(' ').filter(|s| !s.is_empty()))
        })
    }
}

/// The secret of a confidential client, sent as `client_secret_basic` (RFC 6749 section 2.3.1). An app on somebody's device
/// has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_client_secret_basic(
    config: ic_config,
    secret: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        set(config, secret, "secret", error, |builder, secret| {
            builder.authentication(ClientAuthentication::SecretBasic(Secret::from(secret)))
        })
    }
}

/// The secret of a confidential client, sent as `client_secret_post`: in the body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_client_secret_post(
    config: ic_config,
    secret: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        set(config, secret, "secret", error, |builder, secret| {
            builder.authentication(ClientAuthentication::SecretPost(Secret::from(secret)))
        })
    }
}

/// The program's own product tokens, put before the library's in `User-Agent`, for example `acme-login/3.2`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_user_agent(
    config: ic_config,
    prefix: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set(config, prefix, "prefix", error, ClientBuilder::user_agent) }
}

/// The `Accept-Language` of every request; it decides the language of messages, labels and mails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_accept_language(
    config: ic_config,
    languages: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set(config, languages, "languages", error, ClientBuilder::accept_language) }
}

/// Identifies this device to the org: 1 to 32 ASCII characters, random, the same for every sign-in on it; the program keeps
/// it (idx.md section 1.4).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_device_token(
    config: ic_config,
    token: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { set(config, token, "token", error, |builder, token| builder.device_token(token)) }
}

/// Carries all requests over the program's own HTTP stack, instead of the built-in one. The struct is copied; `destroy` runs
/// after the last client and flow that use it, or when the call fails.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` for a NULL struct, an impossible `size` (both untaken), or no `send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_transport(
    config: ic_config,
    transport: *const ic_transport,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let transport = ForeignTransport::new(foreign::read(transport)?)?;
            table::get(config)?.change(|builder| builder.transport(Arc::new(transport)))
        })
    }
}

/// Keeps flows over the end of the process: they save themselves, `ic_flow_resume` goes on. The struct is copied; `destroy`
/// as with `ic_config_set_transport`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` for a NULL struct, an impossible `size` (both untaken), or a missing function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_storage(
    config: ic_config,
    storage: *const ic_storage,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let storage = ForeignStorage::new(foreign::read(storage)?)?;
            table::get(config)?.change(|builder| builder.storage(Arc::new(storage)))
        })
    }
}

/// Keeps flows in files of a directory that only its owner can read, **not encrypted**, instead of an `ic_storage`. The directory is
/// made when it is not there (its parent must be). Any number of programs may use one.
/// Errors: `IC_ERROR_STORAGE_UNAVAILABLE` when it cannot be used, or others than its owner can use it;
/// `IC_ERROR_INVALID_ARGUMENT` in a library that was built without.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_storage_directory(
    config: ic_config,
    directory: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let config = table::get(config)?;
            let storage = ClientBuilder::ready_storage(text(directory, "directory")?)?;
            config.change(|builder| builder.storage(storage))
        })
    }
}

/// Takes the lines of a log: methods, paths, statuses, times, request ids; never bodies, queries or values. The struct is
/// copied; `destroy` as with `ic_config_set_transport`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` for a NULL struct, an impossible `size` (both untaken), or no `log`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_log(config: ic_config, log: *const ic_log, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let log = ForeignLog::new(foreign::read(log)?)?;
            table::get(config)?.change(|builder| builder.log(Arc::new(log)))
        })
    }
}

/// Wipes and frees a config. NULL is fine. Clients that were made of it go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_free(config: ic_config) -> ic_status {
    free(config)
}
