//! Clients: one app at one org.

use super::{
    guard::{free, guard, value},
    handles::{ic_client, ic_config, ic_error, ic_status},
    table::{self, kind},
    text::{Out, ic_str},
};
use crate::{client::Client, flow::Config};

/// What lies behind an `ic_client`.
pub struct ClientObject {
    pub(super) client: Client,
    scopes: String,
}
kind!(ic_client_handle, "ic_client", ClientObject);

impl ClientObject {
    pub(super) fn new(client: Client) -> Self {
        ClientObject { scopes: client.config().scopes.join(" "), client }
    }
}

/// Makes a client of a config, which stays as it is: it may be changed and used again, or freed. All settings are checked
/// here; no request is made. Free it with `ic_client_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` (names the setting), `IC_ERROR_TLS` when the system's certificates cannot be used,
/// `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_BUSY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_new(config: ic_config, out: *mut ic_client, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let client = table::get(config)?.build()?;
            out.set(table::insert(ClientObject::new(client))?);
            Ok(())
        })
    }
}

/// A second handle of the same client, for another owner; each is freed by itself.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_clone(client: ic_client, out: *mut ic_client, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            out.set(table::duplicate(client)?);
            Ok(())
        })
    }
}

fn text_of(client: ic_client, read: impl FnOnce(&Config) -> &str) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(read(table::look(client)?.client.config()))))
}

/// The issuer, as it is compared with `iss` of ID tokens.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_issuer(client: ic_client) -> ic_str {
    text_of(client, |config| config.issuer.as_str())
}

/// The client id.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_client_id(client: ic_client) -> ic_str {
    text_of(client, |config| &config.client_id)
}

/// The redirect URI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_redirect_uri(client: ic_client) -> ic_str {
    text_of(client, |config| &config.redirect_uri)
}

/// The scopes that are asked for, separated by spaces.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_scopes(client: ic_client) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(&table::look(client)?.scopes)))
}

/// Frees a client. NULL is fine. Its flows go on; what it was given (transport, storage, log) is destroyed after the last
/// of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_client_free(client: ic_client) -> ic_status {
    free(client)
}
