//! Whose device a sign-in is made on. It belongs to the sign-in, not to the client: one client of a web server serves all
//! its visitors.
//!
//! | member | sent as | for |
//! |---|---|---|
//! | `token` | cookie `DT`; a confidential client's also as `X-Device-Token` | a known device, remembered factors |
//! | `user_agent` | `User-Agent` | the org's conditions on device and system, "new device" mails |
//! | `forwarded_for` | `X-Forwarded-For`, confidential clients only | the org's network zones |
//! | `languages` | `Accept-Language` | the language of messages, labels and mails |
//!
//! An app on somebody's device leaves all of it out. A web server fills it in from the visitor's own request, and keeps one
//! token for each visitor (32 random characters in a cookie of its own).

use std::{fmt, net::IpAddr};

use crate::{
    error::{Error, ErrorKind, Result},
    limits::{MAX_DEVICE_TOKEN_BYTES, MAX_HEADER_VALUE_BYTES},
    secret::Secret,
};

/// Whose device a sign-in is made on; everything is optional. See the [module](self) for what becomes of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// Identifies the device: 1 to 32 characters, random, the same for every sign-in on it and for no other device.
    pub token: Option<Secret>,
    /// The `User-Agent` of the person's browser, instead of the app's.
    pub user_agent: Option<String>,
    /// The person's address, or the list of addresses that a proxy made of it. Needs a confidential client, and a server
    /// that the org trusts as a proxy.
    pub forwarded_for: Option<String>,
    /// The person's `Accept-Language`.
    pub languages: Option<String>,
}

impl Device {
    /// Whether every member can be sent.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument), which names the member and never quotes it.
    pub fn check(&self) -> Result<()> {
        for (what, value) in [("user agent", &self.user_agent), ("Accept-Language", &self.languages)] {
            if value.as_deref().is_some_and(|value| !is_header_text(value)) {
                return Err(invalid(format!(
                    "the {what} is empty, too long, or has characters that a header cannot have"
                )));
            }
        }
        if self.token.as_ref().is_some_and(|token| !is_device_token(token)) {
            return Err(invalid("the device token must have 1 to 32 ASCII characters that a cookie can have"));
        }
        let is_address = |text: &str| text.trim().parse::<IpAddr>().is_ok();
        if self
            .forwarded_for
            .as_deref()
            .is_some_and(|list| list.len() > MAX_HEADER_VALUE_BYTES || !list.split(',').all(is_address))
        {
            return Err(invalid("forwarded_for must be an IP address, or several with commas between them"));
        }
        Ok(())
    }
}

/// Visible ASCII and blanks, and not too many of them.
fn is_header_text(value: &str) -> bool {
    (1..=MAX_HEADER_VALUE_BYTES).contains(&value.len()) && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// What fits into a cookie and is short enough for the server (idx.md section 1.4).
fn is_device_token(token: &Secret) -> bool {
    (1..=MAX_DEVICE_TOKEN_BYTES).contains(&token.len())
        && token.expose().bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
}

fn invalid(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, what)
}

impl fmt::Debug for Device {
    /// Which members there are: what is in them is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("token", &self.token)
            .field("user_agent", &self.user_agent.is_some())
            .field("forwarded_for", &self.forwarded_for.is_some())
            .field("languages", &self.languages.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_header_or_a_cookie_is_refused() {
        let good = Device {
            token: Some("0123456789abcdef0123456789abcdef".into()),
            user_agent: Some("Mozilla/5.0 (X11)".into()),
            forwarded_for: Some("203.0.113.7, 2001:db8::1".into()),
            languages: Some("de-AT, de;q=0.8".into()),
        };
        assert!(good.check().is_ok() && Device::default().check().is_ok());
        let long = "x".repeat(MAX_HEADER_VALUE_BYTES + 1);
        for bad in ["", "a\r\nCookie: x", "ü", long.as_str()] {
            assert!(Device { user_agent: Some(bad.into()), ..Device::default() }.check().is_err());
            assert!(Device { languages: Some(bad.into()), ..Device::default() }.check().is_err());
        }
        for bad in ["", "x".repeat(33).as_str(), "a;b", "a b", "a,b", "\"a\""] {
            assert!(Device { token: Some(bad.into()), ..Device::default() }.check().is_err());
        }
        for bad in ["", "home", "203.0.113.7,", "203.0.113.7\r\nCookie: x", "203.0.113.7:80"] {
            assert!(Device { forwarded_for: Some(bad.into()), ..Device::default() }.check().is_err(), "{bad}");
        }
        assert!(!format!("{good:?}").contains("203.0"));
    }
}
