//! A flow that keeps itself: after each call it is in the app's [`Storage`], so that the app can be ended at any time.
//!
//! It is stored when it has come to rest at something new, and removed when there is nothing to go on with: the code was
//! redeemed, the sign-in was cancelled at the server, it ended without tokens, or the server does not know it any more: a
//! flow that leads nowhere must not come back each time the app begins. Each sign-in has a place of its own, so several can be
//! under way; a restart is another sign-in and takes another place. What was left to lie is removed after a day, and the
//! oldest gives way to the 17th. Of two copies of one sign-in the one that moved last is there.
//!
//! What is stored is a line that says when, and the text of [`Flow::save`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use super::{
    Client, Flow, Inner,
    stored::{load, put, unavailable},
};
use crate::{
    error::{Error, ErrorKind, Result},
    flow::{Phase, Snapshot},
    host::Storage,
    jose::sha256,
    limits::{MAX_KEPT_AGE, MAX_KEPT_FLOWS, MAX_STORED_BYTES, MAX_STORED_KEYS},
    secret::{Secret, SecretBytes},
};

/// What a key begins with; the version of what is under it is in the value.
const KEY: &str = "interaction-code.flow.";
/// How many bytes of each hash are in a key.
const KEY_BYTES: usize = 8;
/// What a value begins with; then milliseconds since 1970, a line feed, the saved flow.
const HEAD: &str = "interaction-code.kept 1 ";

/// What the flows of a client know of its storage together: when the last of them was stored. Each is later than the one
/// before it, so that there is always a newest.
#[derive(Default)]
pub(super) struct Slots(AtomicI64);

impl Slots {
    fn moment(&self, now: i64) -> i64 {
        let before = self.0.fetch_max(now, Ordering::AcqRel);
        if before < now { now } else { self.0.fetch_add(1, Ordering::AcqRel) + 1 }
    }
}

/// What a flow knows of its own place in the storage.
#[derive(Default)]
pub(super) struct Kept {
    stored: Stored,
    /// Why the storage does not have it as it is.
    trouble: Option<Error>,
    /// The same of the device token.
    pub(super) device_trouble: Option<Error>,
    /// The device token, by its hash, that was not stored because another one is there.
    pub(super) device_left: Option<[u8; 32]>,
}

#[derive(Default)]
enum Stored {
    #[default]
    Unknown,
    /// This flow, by its hash, in a value of this hash under this key.
    At {
        key: String,
        flow: [u8; 32],
        value: [u8; 32],
        moment: i64,
    },
    Removed,
}

/// A value that was stored: when, and which flow.
struct Value {
    moment: i64,
    text: Secret,
}

impl Value {
    fn write(moment: i64, text: &str) -> SecretBytes {
        let head = format!("{HEAD}{moment}\n");
        let mut value = SecretBytes::with_capacity(head.len() + text.len());
        value.extend_from_slice(head.as_bytes());
        value.extend_from_slice(text.as_bytes());
        value
    }

    fn read(value: &SecretBytes) -> Result<Self> {
        let bad = |what: &str| {
            Error::new(ErrorKind::InvalidSnapshot, format!("the saved flow cannot be restored: {what}"))
                .with_advice("Start a new sign-in")
        };
        if value.len() > MAX_STORED_BYTES {
            return Err(bad("it is too large"));
        }
        let text = std::str::from_utf8(value).map_err(|_| bad("it is not UTF-8"))?;
        let (head, text) = text.split_once('\n').ok_or_else(|| bad("it does not say when it was stored"))?;
        let moment = head.strip_prefix(HEAD).and_then(|moment| moment.parse().ok());
        Ok(Value { moment: moment.ok_or_else(|| bad("it was stored by another version"))?, text: Secret::from(text) })
    }

    fn is_old(&self, now: i64) -> bool {
        now.saturating_sub(self.moment) > i64::try_from(MAX_KEPT_AGE.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The end of a key: 16 hexadecimal digits.
pub(super) fn short_hash(text: &str) -> String {
    sha256(text.as_bytes()).iter().take(KEY_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// What is stored under one key: the key, the bytes as they stand there, what they say.
type Slot = (String, SecretBytes, Value);

impl Inner {
    /// What the keys of this client's flows begin with. Stable across processes, versions and platforms.
    fn slots_prefix(&self) -> String {
        let config = &self.config;
        let client = short_hash(&[config.issuer.as_str(), &config.client_id, &config.redirect_uri].join("\0"));
        format!("{KEY}{client}.")
    }

    /// What is stored of this client's flows, the newest first, and why something of it cannot be used. What is too old or
    /// damaged is removed.
    fn slots(&self, storage: &dyn Storage) -> Result<(Vec<Slot>, Option<Error>)> {
        let now = self.system.now_ms();
        let prefix = self.slots_prefix();
        let mut keys = storage.keys(&prefix).map_err(unavailable)?;
        keys.retain(|key| key.starts_with(&prefix));
        keys.sort();
        keys.dedup();
        let (mut found, mut trouble) = (Vec::new(), None);
        for key in keys.into_iter().take(MAX_STORED_KEYS) {
            let Some(bytes) = load(storage, &key)? else { continue };
            match Value::read(&bytes) {
                Ok(value) if value.is_old(now) => self.remove_slot(storage, &key, &bytes),
                Ok(value) => found.push((key, bytes, value)),
                Err(error) => {
                    self.remove_slot(storage, &key, &bytes);
                    trouble = Some(error);
                }
            }
        }
        found.sort_by_key(|(_, _, value)| std::cmp::Reverse(value.moment));
        Ok((found, trouble))
    }

    /// Removes what nobody can go on with, if it is still that.
    fn remove_slot(&self, storage: &dyn Storage, key: &str, value: &SecretBytes) {
        if let Err(error) = storage.swap(key, Some(&sha256(value)), None).map_err(unavailable) {
            self.log_storage("remove a flow", &error);
        }
    }

    /// A new place was taken: the oldest beyond the most give way.
    fn make_room(&self, storage: &dyn Storage, own: &str) {
        match storage.keys(&self.slots_prefix()).map(|keys| keys.len()).map_err(unavailable) {
            Ok(count) if count > MAX_KEPT_FLOWS => {}
            Ok(_) => return,
            Err(error) => return self.log_storage("list the flows", &error),
        }
        let Ok((found, _)) = self.slots(storage).inspect_err(|error| self.log_storage("list the flows", error)) else {
            return;
        };
        for (key, bytes, _) in found.iter().skip(MAX_KEPT_FLOWS).filter(|(key, ..)| key != own) {
            self.remove_slot(storage, key, bytes);
        }
    }
}

impl Client {
    /// Continues the sign-in of this client that was stored last ([`ClientBuilder::storage`](super::ClientBuilder::storage));
    /// `None` when there is none, or no storage. No request is made; [`Flow::refresh`] asks the server where it is.
    ///
    /// Errors: [`ErrorKind::StorageUnavailable`], which does not mean that there is none: try again later;
    /// [`ErrorKind::InvalidSnapshot`] when all that is there cannot be restored (another version, damaged). It is removed then,
    /// so that the next sign-in begins anew.
    pub fn resume(&self) -> Result<Option<Flow>> {
        Ok(self.kept(1)?.pop())
    }

    /// All sign-ins of this client that are stored, that of the last call first: for an app with several under way.
    /// [`Flow::kept_at`] says when, and each shows its step. Errors: as [`Client::resume`].
    pub fn resume_all(&self) -> Result<Vec<Flow>> {
        self.kept(MAX_KEPT_FLOWS)
    }

    fn kept(&self, most: usize) -> Result<Vec<Flow>> {
        let Some(storage) = &self.0.storage else { return Ok(Vec::new()) };
        let (found, mut trouble) = self.0.slots(&**storage)?;
        let mut flows = Vec::new();
        for (key, bytes, value) in found {
            match self.restore(&Snapshot::from_text(value.text.clone())) {
                Ok(mut flow) => {
                    let hash = sha256(value.text.expose().as_bytes());
                    flow.kept.stored = Stored::At { key, flow: hash, value: sha256(&bytes), moment: value.moment };
                    flows.push(flow);
                }
                Err(error) => {
                    self.0.remove_slot(&**storage, &key, &bytes);
                    trouble = Some(error);
                }
            }
            if flows.len() == most {
                break;
            }
        }
        match trouble {
            Some(error) if flows.is_empty() => Err(error),
            _ => Ok(flows),
        }
    }
}

impl Flow {
    /// Why the app's storage does not have this sign-in, or the device, as it is now: its last failure
    /// ([`ErrorKind::StorageUnavailable`]). The sign-in goes on without; look after a call, and tell the person not to leave the
    /// app. `None` when all is stored, or there is no storage.
    pub fn storage_trouble(&self) -> Option<&Error> {
        self.kept.trouble.as_ref().or(self.kept.device_trouble.as_ref())
    }

    /// When the flow was stored last, counted from 1970; `None` when it is not in a storage.
    pub fn kept_at(&self) -> Option<Duration> {
        let Stored::At { moment, .. } = &self.kept.stored else { return None };
        u64::try_from(*moment).ok().map(Duration::from_millis)
    }

    /// The key of this flow. A copy of the flow has the same.
    fn slot(&self) -> String {
        self.client.0.slots_prefix() + &short_hash(&format!("slot\0{}", self.state.transaction.state.expose()))
    }

    /// After every event: brings the storage to where the flow is. `ended`: nobody will go on with it, whatever its state.
    /// `failed`: the event changed nothing, or nothing to go on with.
    pub(super) fn keep(&mut self, ended: bool, failed: bool) {
        let client = Arc::clone(&self.client.0);
        let Some(storage) = &client.storage else { return };
        if matches!(self.state.phase, Phase::New) {
            return;
        }
        let snapshot = if ended || self.is_over() { None } else { self.save().ok() };
        let Some(snapshot) = snapshot else { return self.forget() };
        let (text, key) = (snapshot.expose(), self.slot());
        let hash = sha256(text.as_bytes());
        let mut before = None;
        match &self.kept.stored {
            Stored::At { key: own, flow, .. } if *own == key && *flow == hash => return,
            Stored::At { key: own, value, .. } if *own == key => before = Some(*value),
            Stored::Removed if failed => return,
            _ => {}
        }
        let moment = client.slots.moment(client.system.now_ms());
        let value = Value::write(moment, text);
        self.kept.trouble = match put(&**storage, &key, Some(&value), before) {
            Ok(()) => {
                let stored = Stored::At { key: key.clone(), flow: hash, value: sha256(&value), moment };
                match std::mem::replace(&mut self.kept.stored, stored) {
                    // A restart is another sign-in.
                    Stored::At { key: old, value, .. } if old != key => {
                        let _ = put(&**storage, &old, None, Some(value))
                            .inspect_err(|error| client.log_storage("remove the flow", error));
                    }
                    _ => {}
                }
                if before.is_none() {
                    client.make_room(&**storage, &key);
                }
                None
            }
            Err(error) => {
                client.log_storage("store the flow", &error);
                Some(error)
            }
        };
    }

    /// Removes the flow from the storage.
    pub(super) fn forget(&mut self) {
        let client = Arc::clone(&self.client.0);
        let Some(storage) = &client.storage else { return };
        let removed = match &self.kept.stored {
            Stored::Removed => return,
            Stored::Unknown => put(&**storage, &self.slot(), None, None),
            Stored::At { key, value, .. } => put(&**storage, key, None, Some(*value)),
        };
        self.kept.trouble = match removed {
            Ok(()) => {
                self.kept.stored = Stored::Removed;
                None
            }
            Err(error) => {
                client.log_storage("remove the flow", &error);
                Some(error)
            }
        };
    }

    /// Whether the server has said its last word.
    fn is_over(&self) -> bool {
        matches!(&self.state.phase, Phase::Active { .. }) && self.ended().is_some()
    }
}

/// Whether the server, asked where the flow is, said that there is no such flow: some answer with a step that says so,
/// some with an error (idx.md section 2.2).
pub(super) fn is_unknown(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::OAuth | ErrorKind::Api) && error.http_status().is_some_and(|status| status < 500)
}
