//! Who signs in, to what, and what a device is asked, as data. Texts are not trusted, addresses are as they came.

use std::collections::HashMap;

use super::{
    field::{count_of, id_of},
    redacted,
};
use crate::idx::{self, Json};

/// The person who signs in, as far as the server says.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct User {
    /// The id, `00u…`.
    pub id: Option<String>,
    /// The name to sign in with.
    pub identifier: Option<String>,
    /// The profile: `firstName`, `lastName`, `email`, `login`, `locale`, `timeZone`.
    pub profile: HashMap<String, String>,
}

/// The app that is signed in to.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AppInfo {
    /// The id.
    pub id: Option<String>,
    /// The technical name.
    pub name: Option<String>,
    /// The name to show.
    pub label: Option<String>,
    /// The address of its logo.
    pub logo: Option<String>,
    /// The address of its home page.
    pub home: Option<String>,
    /// The address of its terms of service.
    pub terms: Option<String>,
    /// The address of its privacy policy.
    pub privacy: Option<String>,
}

/// The captcha that a form of the step wants solved.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Captcha {
    /// The server's id of it.
    pub id: Option<String>,
    /// The name that the org gave it.
    pub name: Option<String>,
    /// The key of the site at the captcha's vendor.
    pub site_key: Option<String>,
    /// Whose it is: `HCAPTCHA`, `RECAPTCHA_V2`.
    pub captcha_type: Option<String>,
}

/// The browser or device that asked, on pages that show a code for it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Asker {
    /// The browser.
    pub browser: Option<String>,
    /// The operating system.
    pub os: Option<String>,
    /// Where it is.
    pub city: Option<String>,
    /// Where it is.
    pub state: Option<String>,
    /// Where it is.
    pub country: Option<String>,
}

/// What the app of this device is asked to prove (idx.md section 10.4).
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct DeviceChallenge {
    /// How to ask: `LOOPBACK`, `CUSTOM_URI`, `UNIVERSAL_LINK`, `APP_LINK`, `CHROME_DTC`, `APPLE_SSO_EXTENSION`.
    pub method: Option<String>,
    /// The address that opens the app.
    pub href: Option<String>,
    /// Where to get the app.
    pub download: Option<String>,
    /// What the app is to sign: a signed token.
    pub request: Option<String>,
    /// Where the app may listen, in the order to try.
    pub domains: Vec<String>,
    /// The ports at which it may listen, in order.
    pub ports: Vec<i32>,
    /// How long to wait for one of them, in milliseconds.
    pub probe_timeout_ms: Option<i64>,
    /// The number of the action that gives up, when there is one: what `Step.answer` takes.
    pub cancel: Option<i32>,
}

/// What a message offers to do with this device (idx.md section 10.7).
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DeviceRemediation {
    /// The action to ask the app for.
    pub action: Option<String>,
    /// How to ask: `LOOPBACK`.
    pub remediation_type: Option<String>,
    /// The path at the app, before the action.
    pub path: Option<String>,
    /// Where the app listens.
    pub domain: Option<String>,
    /// The ports at which it may listen, in order.
    pub ports: Vec<i32>,
    /// What to open when nothing answers, where it is an address.
    pub fallback_href: Option<String>,
    /// What to say when nothing answers, where it is a text.
    pub fallback_text: Option<String>,
}

redacted!(User, DeviceChallenge);

impl User {
    pub(super) fn of(user: idx::User<'_>) -> Self {
        let members = user.json().get("profile").into_iter().flat_map(Json::members);
        let scalar = |(name, value): (Json<'_>, Json<'_>)| Some((name.as_str()?.into(), value.scalar_text()?.into()));
        User {
            id: user.id().map(String::from),
            identifier: user.identifier().map(String::from),
            profile: members.filter_map(scalar).collect(),
        }
    }
}

impl AppInfo {
    pub(super) fn of(app: idx::App<'_>) -> Self {
        AppInfo {
            id: app.id().map(String::from),
            name: app.name().map(String::from),
            label: app.label().map(String::from),
            logo: app.link("logo").map(String::from),
            home: app.link("clientUri").map(String::from),
            terms: app.link("termsOfService").map(String::from),
            privacy: app.link("privacyPolicy").map(String::from),
        }
    }
}

impl Captcha {
    pub(super) fn of(captcha: idx::Captcha<'_>) -> Self {
        Captcha {
            id: captcha.id().map(String::from),
            name: captcha.name().map(String::from),
            site_key: captcha.site_key().map(String::from),
            captcha_type: captcha.captcha_type().map(String::from),
        }
    }
}

impl Asker {
    pub(super) fn of(asker: idx::Asker<'_>) -> Self {
        Asker {
            browser: asker.browser().map(String::from),
            os: asker.os().map(String::from),
            city: asker.location("city").map(String::from),
            state: asker.location("state").map(String::from),
            country: asker.location("country").map(String::from),
        }
    }
}

impl DeviceChallenge {
    pub(super) fn of(challenge: idx::DeviceChallenge<'_>, step: &idx::Step) -> Self {
        DeviceChallenge {
            method: challenge.method().map(String::from),
            href: challenge.href().map(String::from),
            download: challenge.download().map(String::from),
            request: challenge.request().map(String::from),
            domains: challenge.domains().map(String::from).collect(),
            ports: challenge.ports().into_iter().map(i32::from).collect(),
            probe_timeout_ms: challenge.probe_timeout_ms().map(count_of),
            cancel: challenge.cancel(step).map(|action| id_of(action.node())),
        }
    }
}

impl DeviceRemediation {
    pub(super) fn of(remediation: idx::DeviceRemediation<'_>) -> Self {
        DeviceRemediation {
            action: remediation.action().map(String::from),
            remediation_type: remediation.remediation_type().map(String::from),
            path: remediation.path().map(String::from),
            domain: remediation.domain().map(String::from),
            ports: remediation.ports().into_iter().map(i32::from).collect(),
            fallback_href: remediation.fallback_href().map(String::from),
            fallback_text: remediation.fallback_text().map(String::from),
        }
    }
}
