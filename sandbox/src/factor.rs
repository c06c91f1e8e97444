//! Authenticators of the org: their keys, types and methods as they are spelled on the wire.
//!
//! A [`Key`] names an authenticator, a [`Method`] one way of using it, and a [`Factor`] is what a policy asks for: a
//! key, or one method of it.

use serde::{Deserialize, Serialize};

/// An authenticator that the org has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key {
    /// A password.
    #[serde(rename = "okta_password")]
    Password,
    /// Codes by mail.
    #[serde(rename = "okta_email")]
    Email,
    /// Codes by text message or call.
    #[serde(rename = "phone_number")]
    Phone,
    /// One-time passwords of an authenticator app.
    #[serde(rename = "google_otp")]
    GoogleOtp,
    /// Push and one-time passwords of Okta Verify.
    #[serde(rename = "okta_verify")]
    OktaVerify,
    /// A question and its answer.
    #[serde(rename = "security_question")]
    SecurityQuestion,
}

impl Key {
    /// Every authenticator, in the order in which lists show them.
    pub const ALL: [Key; 6] =
        [Key::Password, Key::Email, Key::Phone, Key::GoogleOtp, Key::OktaVerify, Key::SecurityQuestion];

    /// The `key` member on the wire.
    pub fn wire(self) -> &'static str {
        match self {
            Key::Password => "okta_password",
            Key::Email => "okta_email",
            Key::Phone => "phone_number",
            Key::GoogleOtp => "google_otp",
            Key::OktaVerify => "okta_verify",
            Key::SecurityQuestion => "security_question",
        }
    }

    /// The `type` member on the wire.
    pub fn kind(self) -> &'static str {
        match self {
            Key::Password => "password",
            Key::Email => "email",
            Key::Phone => "phone",
            Key::GoogleOtp | Key::OktaVerify => "app",
            Key::SecurityQuestion => "security_question",
        }
    }

    /// The `displayName` member.
    pub fn label(self) -> &'static str {
        match self {
            Key::Password => "Password",
            Key::Email => "Email",
            Key::Phone => "Phone",
            Key::GoogleOtp => "Google Authenticator",
            Key::OktaVerify => "Okta Verify",
            Key::SecurityQuestion => "Security Question",
        }
    }

    /// The authenticator's id. Constant, so that recorded sign-ins can be compared between runs.
    pub fn id(self) -> &'static str {
        match self {
            Key::Password => "autsandbox0password01",
            Key::Email => "autsandbox0email00002",
            Key::Phone => "autsandbox0phone00003",
            Key::GoogleOtp => "autsandbox0googleotp4",
            Key::OktaVerify => "autsandbox0oktaverif5",
            Key::SecurityQuestion => "autsandbox0question06",
        }
    }

    /// How ids of enrolments begin.
    pub fn enrollment_prefix(self) -> &'static str {
        match self {
            Key::Password => "lae",
            Key::Email => "eae",
            Key::Phone => "pae",
            Key::GoogleOtp => "uft",
            Key::OktaVerify => "pfd",
            Key::SecurityQuestion => "qae",
        }
    }

    /// Its methods.
    pub fn methods(self) -> &'static [Method] {
        match self {
            Key::Password => &[Method::Password],
            Key::Email => &[Method::Email],
            Key::Phone => &[Method::Sms, Method::Voice],
            Key::GoogleOtp => &[Method::Otp],
            Key::OktaVerify => &[Method::Push, Method::Totp],
            Key::SecurityQuestion => &[Method::SecurityQuestion],
        }
    }

    /// The authenticator with this id.
    pub fn of_id(id: &str) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.id() == id)
    }

    /// The authenticator with this `key` on the wire.
    pub fn of_wire(name: &str) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.wire() == name)
    }
}

/// One way of using an authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Password,
    /// A mailed code.
    Email,
    /// A text message.
    Sms,
    /// A call.
    Voice,
    /// A code of an authenticator app.
    Otp,
    /// A push to Okta Verify.
    Push,
    /// A code of Okta Verify.
    Totp,
    /// An answer.
    SecurityQuestion,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 8] = [
        Method::Password,
        Method::Email,
        Method::Sms,
        Method::Voice,
        Method::Otp,
        Method::Push,
        Method::Totp,
        Method::SecurityQuestion,
    ];

    /// The `type` of a method on the wire, and `methodType` of forms.
    pub fn wire(self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::Email => "email",
            Method::Sms => "sms",
            Method::Voice => "voice",
            Method::Otp => "otp",
            Method::Push => "push",
            Method::Totp => "totp",
            Method::SecurityQuestion => "security_question",
        }
    }

    /// How an option of a form names it.
    pub fn label(self) -> &'static str {
        match self {
            Method::Password => "Password",
            Method::Email => "Email",
            Method::Sms => "SMS",
            Method::Voice => "Voice call",
            Method::Otp => "One-time password",
            Method::Push => "Get a push notification",
            Method::Totp => "Enter a code",
            Method::SecurityQuestion => "Security question",
        }
    }

    /// What it counts as in the `amr` claim.
    pub fn amr(self) -> &'static str {
        match self {
            Method::Password => "pwd",
            Method::Email | Method::Otp | Method::Totp => "otp",
            Method::Sms => "sms",
            Method::Voice => "tel",
            Method::Push => "swk",
            Method::SecurityQuestion => "kba",
        }
    }

    /// The method with this name on the wire.
    pub fn of_wire(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.wire() == name)
    }
}

/// What a policy asks for: an authenticator, or one method of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Factor {
    /// The authenticator.
    pub key: Key,
    /// The one method that counts; `None` when any does.
    pub method: Option<Method>,
}

impl Factor {
    /// Whether a proof with this authenticator and method is what the policy asks for.
    pub fn takes(&self, key: Key, method: Method) -> bool {
        self.key == key && self.method.is_none_or(|wanted| wanted == method)
    }
}

impl From<Key> for Factor {
    fn from(key: Key) -> Self {
        Factor { key, method: None }
    }
}

impl TryFrom<String> for Factor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (key, method) = match text.split_once(':') {
            Some((key, method)) => (key, Some(method)),
            None => (text.as_str(), None),
        };
        let key = Key::of_wire(key).ok_or_else(|| format!("`{key}` is no authenticator of the sandbox"))?;
        let method = match method {
            None => None,
            Some(name) => Some(
                Method::of_wire(name)
                    .filter(|method| key.methods().contains(method))
                    .ok_or_else(|| format!("`{name}` is no method of {}", key.wire()))?,
            ),
        };
        Ok(Factor { key, method })
    }
}
