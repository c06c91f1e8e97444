//! Settings of the built-in transport. A client that has its own transport does not use them. In a build without the
//! built-in one (no `IC_FEATURE_UREQ`) each of them is `IC_ERROR_INVALID_ARGUMENT`, which says so.

use std::{
    ffi::{c_char, c_void},
    time::Duration,
};

use super::{
    guard::guard,
    handles::{ic_config, ic_error, ic_status},
    table,
    text::{bytes, text},
};
use crate::{error::Result, limits::MAX_BODY_BYTES};

#[cfg(feature = "ureq")]
use crate::transport::UreqTransportBuilder as Network;

/// Stands for the settings that this build does not have.
#[cfg(not(feature = "ureq"))]
struct Network;

#[cfg(not(feature = "ureq"))]
impl Network {
    fn proxy(self, _: &str) -> Self {
        self
    }
    fn no_proxy(self) -> Self {
        self
    }
    fn system_proxy(self) -> Self {
        self
    }
    fn connect_timeout(self, _: Duration) -> Self {
        self
    }
    fn read_timeout(self, _: Duration) -> Self {
        self
    }
    fn extra_root_pem(self, _: &[u8]) -> Self {
        self
    }
    fn pinned_roots_pem(self, _: &[u8]) -> Self {
        self
    }
}

#[cfg(feature = "ureq")]
fn change(config: ic_config, change: impl FnOnce(Network) -> Network) -> Result<()> {
    table::get(config)?.change(|builder| builder.map_network(change))
}

#[cfg(not(feature = "ureq"))]
fn change(config: ic_config, _: impl FnOnce(Network) -> Network) -> Result<()> {
    table::get(config)?;
    Err(super::text::invalid("this build has no transport of its own, so there is nothing to set")
        .with_advice("Use ic_config_set_transport, or a library that was built with the feature `ureq`"))
}

/// Goes through this proxy, whatever the environment says: `http://host:port`, `https://`, `socks5://`, `socks5h://`, with a
/// user name and a password as `http://user:password@host:port`, percent-encoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_proxy(config: ic_config, url: *const c_char, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let url = text(url, "url")?;
            change(config, |network| network.proxy(url))
        })
    }
}

/// Goes through no proxy, whatever the environment says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_no_proxy(config: ic_config, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || change(config, Network::no_proxy)) }
}

/// Goes through the proxy that the environment names: the default. By curl's rules for https: the first of `https_proxy`,
/// `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` that is not empty, but for the hosts in `no_proxy` or `NO_PROXY` and this machine;
/// never `HTTP_PROXY`. A variable that cannot be read makes `ic_client_new` fail with `IC_ERROR_INVALID_ARGUMENT`; a program
/// that runs with more rights than its caller (set-user-id) looks at none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_system_proxy(config: ic_config, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || change(config, Network::system_proxy)) }
}

/// How long making a connection may take, in milliseconds: name look-up, TCP, proxy and TLS together. Default 5 s; not 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_connect_timeout_ms(
    config: ic_config,
    timeout_ms: u64,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || change(config, |network| network.connect_timeout(Duration::from_millis(timeout_ms)))) }
}

/// How long the server may be silent within a request, in milliseconds. Default 20 s; not 0. The time limit of the call ends
/// it sooner.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_read_timeout_ms(
    config: ic_config,
    timeout_ms: u64,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || change(config, |network| network.read_timeout(Duration::from_millis(timeout_ms)))) }
}

/// Also trusts these root certificates (PEM, one or more), beside the bundled or the system's ones. Calls add up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_add_root_pem(
    config: ic_config,
    pem: *const c_void,
    len: usize,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let pem = bytes(pem, len, MAX_BODY_BYTES, "pem")?;
            change(config, |network| network.extra_root_pem(pem))
        })
    }
}

/// Trusts these root certificates only (PEM, one or more): neither the bundled ones nor the system's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_pinned_roots_pem(
    config: ic_config,
    pem: *const c_void,
    len: usize,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let pem = bytes(pem, len, MAX_BODY_BYTES, "pem")?;
            change(config, |network| network.pinned_roots_pem(pem))
        })
    }
}

/// Whether the operating system decides which certificates are trusted, instead of the bundled Mozilla roots. In a build
/// without `IC_FEATURE_PLATFORM_VERIFIER` only `false` is possible.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_config_set_platform_verifier(
    config: ic_config,
    on: bool,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || platform_verifier(config, on)) }
}

#[cfg(feature = "platform-verifier")]
fn platform_verifier(config: ic_config, on: bool) -> Result<()> {
    change(config, |network| network.platform_verifier(on))
}

#[cfg(not(feature = "platform-verifier"))]
fn platform_verifier(config: ic_config, on: bool) -> Result<()> {
    if on {
        return Err(super::text::invalid("this build cannot ask the operating system about certificates")
            .with_advice("Use a library that was built with the feature `platform-verifier`"));
    }
    change(config, |network| network)
}
