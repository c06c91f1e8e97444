//! What is kept of the sign-ins that are in the browser, in the app's [`Storage`]: so that the process which the
//! callback starts can finish what another one began.
//!
//! Each is under a key of its own, made of its `state`: a callback leads to it, and two processes that begin at once do not lose
//! each other's. Once the browser has come back, a mark takes the place of the secrets, in one act: of two processes that get
//! the same callback one goes on, and a second return is told from a forged one.

use super::{
    Client, Inner,
    authorization::{Authorization, used},
    keep::short_hash,
    stored::unavailable,
};
use crate::{
    error::Result,
    host::{Storage, Swapped},
    jose::sha256,
    limits::MAX_PENDING_AUTHORIZATIONS,
    oauth::{Pending, callback::state_of},
    secret::{Secret, SecretBytes},
};

/// What the key of a sign-in begins with.
const KEY: &str = "interaction-code.browser.";
/// What stands before the time of its beginning, in the place of a sign-in whose browser has come back.
const USED: &str = "used ";

impl Inner {
    /// What the keys of this client's sign-ins begin with.
    fn authorizations(&self) -> String {
        let binding = self.binding();
        KEY.to_owned() + &short_hash(&[binding.issuer, binding.client_id, binding.redirect_uri].join("\0")) + "."
    }

    fn authorization_key(&self, state: &Secret) -> String {
        self.authorizations() + &short_hash(state.expose())
    }

    /// Stores a sign-in that is about to go out. That it could not be stored is logged: in this process it goes on.
    pub(super) fn keep_authorization(&self, pending: &Pending) {
        let Some(storage) = &self.storage else { return };
        let stored = self.make_room_for_authorization(&**storage).and_then(|()| {
            let value = SecretBytes::from(pending.write()?.expose().as_bytes());
            storage.swap(&self.authorization_key(&pending.state), None, Some(&value))
        });
        if let Err(error) = stored {
            self.log_storage("store the authorization", &error);
        }
    }

    /// Removes what is too old, and the oldest where there are too many.
    fn make_room_for_authorization(&self, storage: &dyn Storage) -> Result<()> {
        let now = self.system.now();
        let mut kept = Vec::new();
        for key in storage.keys(&self.authorizations())? {
            let Some(value) = storage.load(&key)? else { continue };
            // What cannot be read leads nowhere: the oldest of all.
            let begun = begun_at(&value).unwrap_or(i64::MIN);
            kept.push((begun, key, value));
        }
        kept.sort_by_key(|(begun, ..)| *begun);
        let surplus = (kept.len() + 1).saturating_sub(MAX_PENDING_AUTHORIZATIONS);
        for (index, (begun, key, value)) in kept.iter().enumerate() {
            if index < surplus || Pending::is_over(*begun, now) {
                storage.swap(key, Some(&sha256(value)), None)?;
            }
        }
        Ok(())
    }

    /// The browser came back: its secrets go, and a mark stays.
    ///
    /// Errors: `state_used` when another process was quicker. That the storage does not answer is logged: the code is here.
    pub(super) fn burn_authorization(&self, pending: &Pending) -> Result<()> {
        let Some(storage) = &self.storage else { return Ok(()) };
        let key = self.authorization_key(&pending.state);
        let mark = SecretBytes::from(format!("{USED}{}", pending.created_at).as_bytes());
        let burnt = storage.load(&key).and_then(|value| match value {
            Some(value) if is_used(&value) => Ok(Swapped::Changed),
            Some(value) => storage.swap(&key, Some(&sha256(&value)), Some(&mark)),
            None => storage.swap(&key, None, Some(&mark)),
        });
        match burnt {
            Ok(Swapped::Changed) => Err(used()),
            Ok(_) => Ok(()),
            Err(error) => {
                self.log_storage("mark the authorization as used", &error);
                Ok(())
            }
        }
    }

    /// Nobody waits for it any more.
    pub(super) fn forget_authorization(&self, pending: &Pending) {
        let Some(storage) = &self.storage else { return };
        let key = self.authorization_key(&pending.state);
        let removed = storage.load(&key).and_then(|value| match value {
            Some(value) => storage.swap(&key, Some(&sha256(&value)), None).map(drop),
            None => Ok(()),
        });
        if let Err(error) = removed {
            self.log_storage("remove the authorization", &error);
        }
    }
}

fn is_used(value: &[u8]) -> bool {
    value.starts_with(USED.as_bytes())
}

/// When what is stored was begun, in seconds since 1970.
fn begun_at(value: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(value).ok()?;
    match text.strip_prefix(USED) {
        Some(begun) => begun.parse().ok(),
        None => Pending::begun_at(text),
    }
}

impl Client {
    /// The sign-in that this callback belongs to, out of the client's storage
    /// ([`ClientBuilder::storage`](super::ClientBuilder::storage)): for a process that was started by the callback. `None` when
    /// there is none, or no storage. Nothing is checked but that it was begun here; [`Authorization::finish`] does that.
    ///
    /// Errors: [`ErrorKind::InvalidCallback`](crate::ErrorKind) with the rule `state_used` when its browser has come back
    /// before, [`ErrorKind::InvalidSnapshot`](crate::ErrorKind) when what was stored is damaged,
    /// [`ErrorKind::StorageUnavailable`](crate::ErrorKind).
    pub fn resume_authorization(&self, callback_url: &str) -> Result<Option<Authorization>> {
        let (Some(storage), Some(state)) = (&self.0.storage, state_of(callback_url)) else { return Ok(None) };
        let key = self.0.authorization_key(&state);
        let Some(value) = storage.load(&key).map_err(unavailable)? else { return Ok(None) };
        if is_used(&value) {
            return Err(used());
        }
        let text = std::str::from_utf8(&value).unwrap_or_default();
        let pending = Pending::read(text, self.0.binding())?;
        Ok(Some(Authorization::new(self.clone(), pending, String::new())))
    }
}
