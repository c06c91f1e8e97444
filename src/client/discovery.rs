//! Where the endpoints of a server are: derived for Okta's, read from the server's metadata for others, once for a client.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::Inner;
use crate::{call::Call, error::Result, limits::MAX_METADATA_LIFETIME, oauth::Metadata};

/// Whether the endpoints of a server are read from its metadata (OpenID Connect Discovery), or derived as Okta's are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Discovery {
    /// Derived when the path of the issuer is that of an Okta authorization server (`/oauth2/default`), else read.
    #[default]
    Auto,
    /// Read always: for a server that is not Okta's and has such a path.
    Always,
    /// Derived always: for an org's own server (`https://acme.okta.com`), which saves a request.
    Never,
}

/// The metadata of a client's server.
#[derive(Default)]
pub(super) struct MetadataCache(Mutex<Option<Held>>);

struct Held {
    metadata: Arc<Metadata>,
    since: Instant,
}

impl MetadataCache {
    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// What the server says of itself: kept for a day, so it is asked once. Two threads that ask at first both fetch.
    ///
    /// Errors: those of the transport, and of [`Metadata::parse`].
    pub(super) fn metadata(&self, call: &Call) -> Result<Arc<Metadata>> {
        let (issuer, derived) = (&self.config.issuer, self.is_derived());
        let own = self.metadata.get();
        if let Some(held) = own.lock().as_ref()
            && (derived || held.since.elapsed() < MAX_METADATA_LIFETIME)
        {
            return Ok(Arc::clone(&held.metadata));
        }
        // No lock is held while the transport (perhaps the app's own) runs.
        let metadata = Arc::new(if derived {
            Metadata::of_okta(issuer)
        } else {
            Metadata::parse(&self.exchange(Metadata::request(issuer), None, call)?, issuer)?
        });
        *own.lock() = Some(Held { metadata: Arc::clone(&metadata), since: Instant::now() });
        Ok(metadata)
    }

    /// What the server calls itself, in `iss`.
    pub(super) fn issuer_name(&self) -> &str {
        let issuer = &self.config.issuer;
        if self.is_derived() { issuer.as_str() } else { issuer.as_configured() }
    }

    fn is_derived(&self) -> bool {
        match self.discovery {
            Discovery::Auto => self.config.issuer.is_okta_path(),
            Discovery::Always => false,
            Discovery::Never => true,
        }
    }

    /// Where the keys are. A client that has never asked for metadata has only been where everything is derived.
    pub(super) fn keys_url(&self) -> String {
        match self.metadata.get().lock().as_ref() {
            Some(held) => held.metadata.jwks_uri.clone(),
            None => self.config.issuer.endpoint("keys"),
        }
    }
}
