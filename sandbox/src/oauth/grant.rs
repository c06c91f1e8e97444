//! What has been granted: interaction codes, refresh tokens and the access tokens that are out.
//!
//! One sign-in is a family: whatever goes wrong with one of its single-use values (a code or refresh token used twice)
//! ends all its tokens.

use super::Server;
use crate::factor::Method;
use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

/// One finished sign-in.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Its family.
    pub family: String,
    /// The client that may use it.
    pub client_id: String,
    /// The authorization server that issues for it.
    pub server: Server,
    /// Who signed in, by account id.
    pub user_id: String,
    /// What was granted.
    pub scopes: Vec<String>,
    /// The nonce to repeat in the first ID token.
    pub nonce: Option<String>,
    /// The thumbprint of the key that its tokens are bound to (DPoP).
    pub key: Option<String>,
    /// When the person proved who they are.
    pub auth_time: SystemTime,
    /// With what.
    pub methods: Vec<Method>,
}

/// An interaction code that has been handed out.
#[derive(Debug, Clone)]
pub struct Code {
    /// What it stands for.
    pub grant: Grant,
    /// The transaction that it ended, by interaction handle.
    pub transaction: String,
    /// The PKCE challenge that its redemption must meet.
    pub challenge: String,
    /// The redirect URI of the sign-in.
    pub redirect_uri: String,
    /// Whether it is an authorization code, out of a browser.
    pub browser: bool,
    /// When it stops being good.
    pub expires_at: SystemTime,
    /// Redeemed, or burnt by a failed try.
    pub used: bool,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// What it stands for.
    pub grant: Grant,
    /// When it was issued.
    pub issued_at: SystemTime,
    /// When it stops being good.
    pub expires_at: SystemTime,
    /// Replaced by a newer one.
    pub used: bool,
}

/// An access token.
#[derive(Debug, Clone)]
pub struct Access {
    /// What it stands for.
    pub grant: Grant,
    /// When it was issued.
    pub issued_at: SystemTime,
    /// When it stops being good.
    pub expires_at: SystemTime,
}

/// Everything that has been granted.
#[derive(Debug, Default)]
pub struct Grants {
    /// Interaction codes.
    pub codes: HashMap<String, Code>,
    /// Refresh tokens.
    pub refresh: HashMap<String, Refresh>,
    /// Access tokens.
    pub access: HashMap<String, Access>,
    revoked: HashSet<String>,
}

impl Grants {
    /// Ends every token of a sign-in.
    pub fn revoke_family(&mut self, family: &str) {
        self.revoked.insert(family.to_owned());
        self.access.retain(|_, access| access.grant.family != family);
    }

    /// Ends every refresh token of a person, as a changed password can ask for.
    pub fn revoke_user(&mut self, user_id: &str) {
        let families: Vec<String> = self
            .refresh
            .values()
            .filter(|refresh| refresh.grant.user_id == user_id)
            .map(|refresh| refresh.grant.family.clone())
            .collect();
        for family in families {
            self.revoke_family(&family);
        }
    }

    /// Whether the family has been ended.
    pub fn is_revoked(&self, family: &str) -> bool {
        self.revoked.contains(family)
    }

    /// The access token, when it is good now.
    pub fn live_access(&self, token: &str) -> Option<&Access> {
        self.access
            .get(token)
            .filter(|access| access.expires_at > SystemTime::now() && !self.is_revoked(&access.grant.family))
    }

    /// The refresh token, when it is good now.
    pub fn live_refresh(&self, token: &str) -> Option<&Refresh> {
        self.refresh.get(token).filter(|refresh| {
            !refresh.used && refresh.expires_at > SystemTime::now() && !self.is_revoked(&refresh.grant.family)
        })
    }

    /// Lets go of what has been expired for a while; before that, reuse can still be told from nonsense.
    pub fn sweep(&mut self, now: SystemTime) {
        let kept = now - Duration::from_secs(600);
        self.codes.retain(|_, code| code.expires_at > kept);
        self.access.retain(|_, access| access.expires_at > kept);
        self.refresh.retain(|_, refresh| refresh.expires_at > kept);
        let refresh = &self.refresh;
        self.revoked.retain(|family| refresh.values().any(|token| token.grant.family == *family));
    }
}
