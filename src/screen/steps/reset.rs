//! A new password after recovery, after it expired, or before it does; and other authenticators that are set up again.

use super::{
    about::{About, Said},
    drawn::Drawn,
    enroll, row,
    row::{Line, Row, When},
};
use crate::{
    idx::{Authenticator, AuthenticatorKey as Key, Json, RemediationKind as Kind},
    screen::{
        context::{Context, Form},
        element::Element,
        phrase::Phrase,
        way::{Role, Way},
    },
};

const EXPIRED: Said = &["renew.password.title"];
const EXPIRING: Said = &["expiring.password.title"];
const DAYS: Said = &["expiring.password.hint"];
const TODAY: Said = &["expiring.today.hint"];

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let about = About::of(form).knowing("days", days(form).map(|days| days.to_string()));
    match form.kind {
        Kind::ReenrollAuthenticator => password(context, form, &about, "renew", EXPIRED, &["renew.password.hint"]),
        Kind::ReenrollAuthenticatorWarning => {
            let hint = if days(form) == Some(0) { TODAY } else { DAYS };
            password(context, form, &about, "expiring", EXPIRING, hint)
        }
        Kind::ReenrollCustomPasswordExpiry => elsewhere(context, form, about, "renew.elsewhere", EXPIRED, None),
        Kind::ReenrollCustomPasswordExpiryWarning => {
            let hint = if days(form) == Some(0) { TODAY } else { DAYS };
            elsewhere(context, form, about, "expiring.elsewhere", EXPIRING, Some(hint))
        }
        _ if matches!(about.key, None | Some(Key::Password)) => {
            password(context, form, &about, "reset", &["reset.password.title"], &[])
        }
        _ => {
            let drawn = row::draw(context, form, &about, "reset", enroll::ROWS);
            Drawn { title: about.say(&["reset.other.title"]).unwrap_or(drawn.title), ..drawn }
        }
    }
}

/// A password to choose.
fn password(context: &Context<'_>, form: &Form<'_>, about: &About<'_>, area: &str, title: Said, hint: Said) -> Drawn {
    const ROWS: &[Row] =
        &[Row { keys: &[], when: When::Always, title: &[], lines: &[Line::Inputs], button: "way.save.button" }];
    let mut drawn = row::draw(context, form, about, area, ROWS);
    drawn.elements.splice(0..0, about.say(hint).map(Element::hint));
    Drawn { title: about.title(title), ..drawn }
}

/// A password that is kept by another site. Nobody should fill the form: it can be reached by name.
fn elsewhere(
    context: &Context<'_>,
    form: &Form<'_>,
    about: About<'_>,
    name: &str,
    title: Said,
    hint: Option<Said>,
) -> Drawn {
    let url = member(form, "customExpiredPasswordURL");
    let site = member(form, "customExpiredPasswordName").or_else(|| url.as_deref().map(host));
    let about = about.knowing("site", site);
    let label = about.say(&["renew.elsewhere.button"]);
    let open = url.zip(label).and_then(|(url, label)| Way::open_page(label, &url));
    let inner = password(context, form, &about, "renew", title, &[]);
    let mut drawn = Drawn::new(name, about.title(title));
    for said in [hint, Some(&["renew.elsewhere.hint"][..])].into_iter().flatten() {
        drawn.elements.extend(about.say(said).map(Element::hint));
    }
    let Some(open) = open else {
        // No address that may be opened: the form is all there is.
        drawn.elements.extend(inner.elements);
        return Drawn { ways: inner.ways, ..drawn };
    };
    let quiet: Vec<_> = inner.ways.into_iter().map(|way| way.role(Role::Link).quiet()).collect();
    let mut form_drawn = Drawn { elements: inner.elements, ways: quiet, ..Drawn::new("", Phrase::ours("", &[])) };
    form_drawn.shift(1);
    drawn.ways.push(open);
    drawn.ways.extend(form_drawn.ways);
    drawn.elements.extend(form_drawn.elements);
    drawn
}

/// A text of the form, else of its authenticator or what that says about passwords.
fn member(form: &Form<'_>, name: &str) -> Option<String> {
    let authenticator = form.authenticator.map(Authenticator::json);
    let settings = form.authenticator.and_then(Authenticator::settings);
    let places = [Some(form.remediation.json()), authenticator, settings];
    let text = places.into_iter().flatten().find_map(|place| place.text(name));
    text.filter(|text| !text.trim().is_empty()).map(|text| text.into_owned())
}

/// The host of an address.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned()
}

/// How many days the password is good for.
fn days(form: &Form<'_>) -> Option<u64> {
    form.authenticator.and_then(Authenticator::settings)?.get("daysToExpiry").and_then(Json::as_u64)
}
