//! The device token of an app that keeps its sign-ins: the org knows the device again, at the next sign-in and in the next
//! process. Known device, remembered factors and self-service unlock depend on it.
//!
//! The org gives a token in its cookie `DT`; where it gives none, the library makes one of 32 characters. It is in the app's
//! [`Storage`](crate::Storage) under `interaction-code.device.` and the first 16 hexadecimal digits of SHA-256(the org's
//! origin): all apps of one org on a device are one device. It is a secret like what else is there.
//!
//! Only for an app on one person's device. A confidential client is a server, and what it keeps would make one device of all
//! its visitors: each sign-in brings its own ([`Device::token`](crate::Device::token)). A token that the app gave, to the
//! client or to the sign-in, goes before and is never stored.

use std::sync::{Mutex, PoisonError};

use super::{
    Client, Flow, Inner,
    keep::short_hash,
    stored::{load, put, unavailable},
};
use crate::{
    error::Result,
    host::Swapped,
    jose::sha256,
    limits::MAX_COOKIE_BYTES,
    oauth::StartOptions,
    secret::{Secret, SecretBytes},
};

/// What a key begins with.
const KEY: &str = "interaction-code.device.";
/// The cookie that the org knows a device by.
pub(super) const COOKIE: &str = "DT";

/// What the flows of a client know of the stored token together: its hash.
#[derive(Default)]
pub(super) struct KnownDevice(Mutex<Option<[u8; 32]>>);

impl KnownDevice {
    fn get(&self) -> Option<[u8; 32]> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, hash: Option<[u8; 32]>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = hash;
    }
}

impl Inner {
    fn device_key(&self) -> String {
        KEY.to_owned() + &short_hash(self.config.issuer.origin())
    }

    /// Whether the library looks after the device token of a sign-in with these options.
    fn keeps_device(&self, options: &StartOptions) -> bool {
        let given = options.device.token.is_some() || self.device.token.is_some();
        self.storage.is_some() && !given && !self.config.authentication.is_confidential()
    }

    /// The token that a new sign-in begins with.
    pub(super) fn device_token(&self, options: &StartOptions) -> Option<Secret> {
        if !self.keeps_device(options) {
            return options.device.token.clone().or_else(|| self.device.token.clone());
        }
        let value = load(&**self.storage.as_ref()?, &self.device_key());
        let value = value.inspect_err(|error| self.log_storage("load the device token", error)).ok()??;
        self.known_device.set(Some(sha256(&value)));
        // What somebody else put there must not break out of the cookie.
        let is_token = |byte: &u8| byte.is_ascii_graphic() && !b"\",;\\".contains(byte);
        let good = !value.is_empty() && value.len() <= MAX_COOKIE_BYTES / 2 && value.iter().all(is_token);
        good.then(|| std::str::from_utf8(&value).ok().map(Secret::from)).flatten()
    }

    /// 32 characters that nobody can guess.
    fn new_device_token(&self) -> Result<Secret> {
        let random = self.system.bytes::<16>()?;
        Ok(Secret::new(random.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
    }
}

impl Client {
    /// Removes the device token from the storage: for an app whose person signs out of the device for good, or that lends the
    /// device to somebody else. The next sign-in is one on a device that the org does not know.
    ///
    /// Errors: that of the storage.
    pub fn forget_device(&self) -> Result<()> {
        let Some(storage) = &self.0.storage else { return Ok(()) };
        put(&**storage, &self.0.device_key(), None, self.0.known_device.get())?;
        self.0.known_device.set(None);
        Ok(())
    }
}

impl Flow {
    /// After every event: stores the token that the org knows this device by, when it is a new one.
    pub(super) fn keep_device(&mut self) {
        let client = std::sync::Arc::clone(&self.client.0);
        let Some(storage) = &client.storage else { return };
        if !client.keeps_device(&self.state.transaction.options) {
            return;
        }
        if self.cookies.get(COOKIE).is_none() {
            // Without random numbers the sign-in has failed in another place already.
            let Ok(token) = client.new_device_token() else { return };
            self.cookies.set(COOKIE, token.expose());
        }
        let Some(token) = self.cookies.get(COOKIE) else { return };
        let (hash, known) = (sha256(token.as_bytes()), client.known_device.get());
        if known == Some(hash) || self.kept.device_left == Some(hash) {
            return;
        }
        // Of two processes the first stays, and so does what was there when it could not be read: all that is lost is that this
        // sign-in's device is not known again.
        let token = SecretBytes::from(token.as_bytes());
        let swapped = storage.swap(&client.device_key(), known.as_ref(), Some(&token)).map_err(unavailable);
        self.kept.device_trouble = match swapped {
            Ok(Swapped::Done | Swapped::Unguarded) => {
                client.known_device.set(Some(hash));
                None
            }
            Ok(Swapped::Changed) => {
                client.known_device.set(None);
                self.kept.device_left = Some(hash);
                None
            }
            Err(error) => {
                client.log_storage("store the device token", &error);
                Some(error)
            }
        };
    }
}
