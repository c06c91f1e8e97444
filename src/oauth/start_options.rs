//! What an app may ask for when a sign-in starts (idx.md section 2.1).

use std::fmt;

use super::device::Device;
use crate::secret::Secret;

/// What a sign-in may be started with; everything is optional.
#[derive(Clone, Default)]
pub struct StartOptions {
    /// Who wants to sign in (`login_hint`).
    pub login_hint: Option<String>,
    /// The assurance to ask for (`acr_values`), for example `urn:okta:loa:2fa:any`.
    pub acr_values: Vec<String>,
    /// The oldest session to accept, in seconds (`max_age`); the ID token's `auth_time` is held against it.
    pub max_age: Option<u64>,
    /// A one-time token from an activation mail; confidential clients only. Sent once: a restart does not repeat it.
    pub activation_token: Option<Secret>,
    /// A one-time token from a recovery mail. Sent once: a restart does not repeat it.
    pub recovery_token: Option<Secret>,
    /// Further parameters of `interact`, as they are. They cannot name what the library sets itself.
    pub extra: Vec<(String, String)>,
    /// Whose device it is; without a member the client's own setting holds.
    pub device: Device,
}

impl fmt::Debug for StartOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra: Vec<_> = self.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("StartOptions")
            .field("acr_values", &self.acr_values)
            .field("max_age", &self.max_age)
            .field("activation_token", &self.activation_token)
            .field("recovery_token", &self.recovery_token)
            .field("extra", &extra)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
