//! The world: who exists, which apps exist, and what each app's policy demands. All of it is data, read from TOML.
//!
//! The built-in world is `world/default.toml`, in the same format as `--world FILE`. Tests usually take it and change
//! one thing:
//!
//! ```
//! use interaction_code_sandbox::World;
//! use std::time::Duration;
//!
//! let mut world = World::default();
//! world.lifetimes.passcode = Duration::from_millis(50); // mailed codes are stale at once
//! world.limits.lock_after = 2;
//! ```

mod client;
mod org;
mod user;

pub use client::{Client, Deny, DenyAt, Enroll, Identify, Policy, Stage};
pub use org::{Lifetimes, Limits, Org, PasswordRules};
pub use user::{EnrollmentSpec, PasswordState, PushAnswer, User};

use crate::error::Error;
use crate::factor::{Factor, Key};
use serde::Deserialize;
use std::time::Duration;

/// Everything the sandbox knows when it starts, and again after a reset.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Facts about the org as a whole.
    #[serde(default)]
    pub org: Org,
    /// How long things live.
    #[serde(default)]
    pub lifetimes: Lifetimes,
    /// Attempts, intervals and sizes.
    #[serde(default)]
    pub limits: Limits,
    /// What a new password must look like.
    #[serde(default)]
    pub password: PasswordRules,
    /// The people.
    #[serde(default)]
    pub users: Vec<User>,
    /// The apps.
    #[serde(default)]
    pub clients: Vec<Client>,
}

/// Ten years: long enough for anything, and never more than a clock can add up.
const LONGEST: Duration = Duration::from_secs(315_360_000);

impl Default for World {
    fn default() -> Self {
        // The embedded file is part of the program; a test reads it, so this cannot fail in a released build.
        World::from_toml(include_str!("../../world/default.toml")).expect("the built-in world is valid")
    }
}

impl World {
    /// Reads a world. Unknown members are errors, since a misspelt policy would silently be a weaker one.
    pub fn from_toml(text: &str) -> Result<World, Error> {
        let world: World = toml::from_str(text)?;
        world.check()?;
        Ok(world)
    }

    /// The client with this id.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The client with this id, to be changed before the sandbox starts.
    pub fn client_mut(&mut self, id: &str) -> Option<&mut Client> {
        self.clients.iter_mut().find(|client| client.id == id)
    }

    /// The user with this login, to be changed before the sandbox starts.
    pub fn user_mut(&mut self, login: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.login.eq_ignore_ascii_case(login))
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let sense = |text: String| Err(Error::Sense(text));
        let lives = &self.lifetimes;
        let all = [lives.transaction, lives.passcode, lives.push, lives.interaction_code];
        let all = all.into_iter().chain([lives.access_token, lives.id_token, lives.refresh_token]);
        if all.max().is_some_and(|longest| longest > LONGEST) {
            return sense("nothing lives longer than ten years".into());
        }
        for (at, client) in self.clients.iter().enumerate() {
            if client.policy.stages.is_empty() {
                return sense(format!("client `{}` has a policy without stages, so anyone could sign in", client.id));
            }
            if client.policy.stages.iter().any(|stage| stage.any.is_empty()) {
                return sense(format!("client `{}` has a stage that no authenticator can satisfy", client.id));
            }
            if client.secret.is_some() && client.public_key.is_some() {
                return sense(format!(
                    "client `{}` has a secret and a public key, and is to prove one thing",
                    client.id
                ));
            }
            if self.clients[..at].iter().any(|other| other.id == client.id) {
                return sense(format!("client `{}` is there twice", client.id));
            }
            let first = &client.policy.stages[0];
            if client.policy.identify == Identify::OneForm && first.any != [Factor::from(Key::Password)] {
                return sense(format!(
                    "client `{}` takes the password on the first page, so its first stage must be okta_password",
                    client.id
                ));
            }
        }
        for (at, user) in self.users.iter().enumerate() {
            if self.users[..at].iter().any(|other| other.login.eq_ignore_ascii_case(&user.login)) {
                return sense(format!("user `{}` is there twice", user.login));
            }
            for enrollment in &user.enrollments {
                if let EnrollmentSpec::GoogleOtp { secret } | EnrollmentSpec::OktaVerify { secret, .. } = enrollment
                    && totp_rs::Secret::try_from_base32(secret).is_err()
                {
                    return sense(format!("user `{}` has a one-time-password secret that is not Base32", user.login));
                }
            }
        }
        Ok(())
    }
}

fn yes() -> bool {
    true
}
