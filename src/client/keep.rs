//! A flow that keeps itself: after each call it is in the app's [`Storage`], so that the app can be ended at any time.
//!
//! It is stored when it has come to rest at something new, and removed when there is nothing to go on with: the code was
//! redeemed, the sign-in was cancelled at the server, it ended without tokens, or the server does not know it any more: a
//! flow that leads nowhere must not come back each time the app begins. A client keeps one flow. With several at once,
//! the one that moved last is there, and only it is removed by its own end.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::{Client, Flow, Inner};
use crate::{
    error::{Error, ErrorKind, Result},
    flow::{Phase, Snapshot},
    host::Storage,
    jose::sha256,
    secret::{Secret, SecretBytes},
};

/// What a key begins with; the version of what is under it is in the value.
const KEY: &str = "interaction-code.flow.";
/// How many bytes of the hash are in a key.
const KEY_BYTES: usize = 8;
/// The number of no flow.
const NOBODY: u64 = 0;

/// What the flows of a client know of its storage together.
#[derive(Default)]
pub(super) struct Slot {
    /// The number of the flow that was stored last; [`NOBODY`] when this process has stored none, or removed it.
    owner: AtomicU64,
    /// How many flows have numbers.
    numbered: AtomicU64,
}

/// What a flow knows of its own place in the storage.
#[derive(Default)]
pub(super) struct Kept {
    /// The flow's number within its client; [`NOBODY`] before it was stored.
    number: u64,
    stored: Stored,
}

#[derive(Default, PartialEq)]
enum Stored {
    #[default]
    Unknown,
    /// A text with this hash.
    Text([u8; 32]),
    Removed,
}

/// The key of this client's flow. Stable across processes, versions and platforms.
fn key(inner: &Inner) -> String {
    let config = &inner.config;
    KEY.to_owned() + &short_hash(&[config.issuer.as_str(), &config.client_id, &config.redirect_uri].join("\0"))
}

/// The end of a key: 16 hexadecimal digits.
pub(super) fn short_hash(text: &str) -> String {
    sha256(text.as_bytes()).iter().take(KEY_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

impl Inner {
    /// Empties the storage; says whether it did.
    fn remove_kept(&self, storage: &dyn Storage) -> bool {
        self.slot.owner.store(NOBODY, Ordering::Release);
        storage.remove(&key(self)).inspect_err(|error| self.log_storage("remove the flow", error)).is_ok()
    }
}

impl Client {
    /// Continues the flow that this client has in its storage ([`ClientBuilder::storage`](super::ClientBuilder::storage));
    /// `None` when there is none, or no storage. No request is made; [`Flow::refresh`] asks the server where it is.
    ///
    /// Errors: that of the storage; [`ErrorKind::InvalidSnapshot`] when what was stored cannot be restored (another
    /// version, damaged). It is removed then, so that the next sign-in begins anew.
    pub fn resume(&self) -> Result<Option<Flow>> {
        let Some(storage) = &self.0.storage else { return Ok(None) };
        let Some(value) = storage.load(&key(&self.0))? else { return Ok(None) };
        let mut flow = match text(&value).and_then(|text| self.restore(&Snapshot::from_text(text))) {
            Ok(flow) => flow,
            Err(error) => {
                if error.kind() == ErrorKind::InvalidSnapshot {
                    self.0.remove_kept(&**storage);
                }
                return Err(error);
            }
        };
        flow.is_kept(sha256(&value));
        Ok(Some(flow))
    }
}

fn text(value: &SecretBytes) -> Result<Secret> {
    let text = std::str::from_utf8(value).map(Secret::from);
    text.map_err(|_| {
        Error::new(ErrorKind::InvalidSnapshot, "the saved flow cannot be restored: it is not UTF-8")
            .with_advice("Delete it and start a new sign-in")
    })
}

impl Flow {
    /// After every event: brings the storage to where the flow is. `ended`: nobody will go on with it, whatever its state.
    /// `failed`: the event changed nothing, or nothing to go on with.
    pub(super) fn keep(&mut self, ended: bool, failed: bool) {
        let client = Arc::clone(&self.client.0);
        let Some(storage) = &client.storage else { return };
        if matches!(self.state.phase, Phase::New) {
            // A start that failed says nothing about the flow that was stored before.
            return;
        }
        let snapshot = if ended || self.is_over() { None } else { self.save().ok() };
        let Some(snapshot) = snapshot else { return self.forget() };
        let text = snapshot.expose().as_bytes();
        let hash = sha256(text);
        if self.kept.stored == Stored::Text(hash) || (failed && self.kept.stored == Stored::Removed) {
            return;
        }
        match storage.store(&key(&client), &SecretBytes::from(text)) {
            Ok(()) => self.is_kept(hash),
            Err(error) => client.log_storage("store the flow", &error),
        }
    }

    /// Removes the flow from the storage, unless another flow is there.
    pub(super) fn forget(&mut self) {
        let client = Arc::clone(&self.client.0);
        let Some(storage) = &client.storage else { return };
        let owner = client.slot.owner.load(Ordering::Acquire);
        let anothers = owner != NOBODY && owner != self.kept.number;
        if !anothers && self.kept.stored != Stored::Removed && client.remove_kept(&**storage) {
            self.kept.stored = Stored::Removed;
        }
    }

    /// Whether the server has said its last word.
    fn is_over(&self) -> bool {
        matches!(&self.state.phase, Phase::Active { .. }) && self.ended().is_some()
    }

    fn is_kept(&mut self, hash: [u8; 32]) {
        let slot = &self.client.0.slot;
        if self.kept.number == NOBODY {
            self.kept.number = slot.numbered.fetch_add(1, Ordering::Relaxed) + 1;
        }
        slot.owner.store(self.kept.number, Ordering::Release);
        self.kept.stored = Stored::Text(hash);
    }
}

/// Whether the server, asked where the flow is, said that there is no such flow: some answer with a step that says so,
/// some with an error (idx.md section 2.2).
pub(super) fn is_unknown(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::OAuth | ErrorKind::Api) && error.http_status().is_some_and(|status| status < 500)
}
