//! Who signs in, and to what.

use std::{borrow::Cow, fmt};

use super::{address, context::Context, phrase::cut};
use crate::idx::Json;

/// Who signs in, and to what.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subject {
    /// The user name, as the server knows it.
    pub identifier: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// The app's label.
    pub app: Option<String>,
    /// The address of the app's logo: https. Decoration.
    pub logo: Option<String>,
    /// Links that belong to the app.
    pub links: Vec<SubjectLink>,
    /// The device or browser that asked, where the server says so.
    pub client: Option<SubjectClient>,
}

/// A link that belongs to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubjectLink {
    /// `home`, `terms` or `privacy`.
    pub what: &'static str,
    /// The address: https.
    pub url: String,
}

/// The device or browser that asked for a sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubjectClient {
    /// The browser, as the server names it.
    pub browser: Option<String>,
    /// The operating system, as the server names it.
    pub os: Option<String>,
    /// Where it is, as the server names it.
    pub place: Option<String>,
}

/// Screens that ask who somebody is: nothing is said about them there.
const ASKING: [&str; 4] = ["identify", "recover", "unlock", "signup"];

/// The subject of a screen of this name; `None` where there is nothing to say.
pub(super) fn of(context: &Context<'_>, name: &str) -> Option<Subject> {
    if ASKING.contains(&name.split('.').next().unwrap_or_default()) {
        return None;
    }
    let user = context.step.member("user");
    let profile = user.and_then(|user| user.present("profile")).map(Json::unwrap_ion);
    let app = context.step.member("app");
    let names = ["firstName", "lastName"].map(|name| profile.and_then(|profile| text(profile, name)));
    let names: Vec<_> = names.into_iter().flatten().collect();
    let subject = Subject {
        identifier: user.and_then(|user| text(user, "identifier")),
        name: (!names.is_empty()).then(|| names.join(" ")),
        app: app.and_then(|app| text(app, "label")),
        logo: app.and_then(|app| href(app, "logo")),
        links: app.map(links).unwrap_or_default(),
        client: client(context),
    };
    (subject != Subject::default()).then_some(subject)
}

/// A member that says something, cut where no person reads on.
fn text(json: Json<'_>, name: &str) -> Option<String> {
    json.text(name).map(Cow::into_owned).map(|text| cut(text.trim())).filter(|text| !text.is_empty())
}

fn href(json: Json<'_>, name: &str) -> Option<String> {
    let url = json.present(name)?.unwrap_ion().text("href")?;
    address::opens(&url).then(|| url.into_owned())
}

fn links(app: Json<'_>) -> Vec<SubjectLink> {
    let known = [("home", "clientUri"), ("terms", "termsOfService"), ("privacy", "privacyPolicy")];
    known.into_iter().filter_map(|(what, member)| Some(SubjectLink { what, url: href(app, member)? })).collect()
}

/// The device or browser where it began: a member of the step, or what a form says about what it approves.
fn client(context: &Context<'_>) -> Option<SubjectClient> {
    let told = context.step.member("client");
    let place = told.and_then(|client| client.present("location")).map(Json::unwrap_ion);
    let place = ["city", "state", "country"].map(|name| place.and_then(|place| text(place, name)));
    let place: Vec<_> = place.into_iter().flatten().collect();
    let mut client = SubjectClient {
        browser: told.and_then(|client| text(client, "browser")),
        os: told.and_then(|client| text(client, "os")),
        place: (!place.is_empty()).then(|| place.join(", ")),
    };
    let requests = context.forms.iter().filter_map(|form| form.remediation.json().get("requestInfo"));
    for row in requests.map(Json::unwrap_ion).flat_map(Json::items) {
        let place = match row.text("name").as_deref() {
            Some("browser") => &mut client.browser,
            Some("os") => &mut client.os,
            Some("geolocation" | "location") => &mut client.place,
            _ => continue,
        };
        if place.is_none() {
            *place = text(row, "value");
        }
    }
    (client != SubjectClient::default()).then_some(client)
}

impl fmt::Debug for Subject {
    /// The app alone: the rest is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").field("app", &self.app).finish_non_exhaustive()
    }
}
