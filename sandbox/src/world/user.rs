//! The people of a world, and what they have set up.

use super::yes;
use crate::factor::Method;
use serde::Deserialize;

/// A person.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// What they type; also the address that mails go to.
    pub login: String,
    /// Given name.
    #[serde(default)]
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    pub last_name: String,
    /// The password. Without one the user cannot pass a stage that wants a password.
    #[serde(default)]
    pub password: Option<String>,
    /// Whether the password must or should be changed at the next sign-in.
    #[serde(default)]
    pub password_state: PasswordState,
    /// Locked out from the beginning.
    #[serde(default)]
    pub locked: bool,
    /// Assigned to the apps.
    #[serde(default = "yes")]
    pub assigned: bool,
    /// What happens to a push on their phone.
    #[serde(default)]
    pub push: PushAnswer,
    /// What they have set up besides the password.
    #[serde(default)]
    pub enrollments: Vec<EnrollmentSpec>,
}

/// How old a password is, as far as a sign-in cares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordState {
    /// Good.
    #[default]
    Active,
    /// Must be changed before the sign-in goes on.
    Expired,
    /// A warning that can be skipped.
    Expiring,
    /// Must be changed, at another place.
    Elsewhere,
    /// A warning that can be skipped; it is changed at another place.
    ElsewhereSoon,
}

/// What happens to a push on somebody's phone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushAnswer {
    /// Nothing, until the control endpoint answers it.
    #[default]
    Wait,
    /// Approved by the first poll, with the right number.
    Approve,
    /// Denied by the first poll.
    Deny,
}

/// Something a user has set up.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum EnrollmentSpec {
    /// Codes by mail.
    Email {
        /// Another address than the login.
        #[serde(default)]
        address: Option<String>,
    },
    /// Codes by text or call.
    Phone {
        /// The number.
        number: String,
    },
    /// A time-based one-time password.
    GoogleOtp {
        /// The shared secret in Base32.
        secret: String,
    },
    /// Push and one-time password of Okta Verify.
    OktaVerify {
        /// The shared secret in Base32.
        secret: String,
        /// `push`, `totp` or both (the default).
        #[serde(default = "push_and_totp")]
        methods: Vec<Method>,
    },
    /// A question and its answer.
    SecurityQuestion {
        /// The key of the question.
        question_key: String,
        /// Its text, when it is the user's own (`question_key = "custom"`).
        #[serde(default)]
        question: Option<String>,
        /// The answer; case and surrounding blanks do not matter.
        answer: String,
    },
}

fn push_and_totp() -> Vec<Method> {
    vec![Method::Push, Method::Totp]
}
