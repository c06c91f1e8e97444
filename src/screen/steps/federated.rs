//! Authenticators that are another service or a card: the browser goes there and comes back.

use super::{about::About, drawn::Drawn};
use crate::{
    idx::{AuthenticatorKey as Key, RemediationKind as Kind},
    screen::{
        context::{Context, Form},
        phrase::Phrase,
        way::Way,
    },
};

/// How a redirect is drawn for an authenticator: whether it is being set up, title, hint, button.
struct Row {
    key: Key,
    enrolls: bool,
    title: &'static str,
    hint: &'static str,
    button: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        key: Key::ExternalIdp,
        enrolls: false,
        title: "verify.named.title",
        hint: "redirect.idp.hint",
        button: "verify.idp.button",
    },
    Row {
        key: Key::ExternalIdp,
        enrolls: true,
        title: "enroll.idp.title",
        hint: "redirect.idp.hint",
        button: "verify.idp.button",
    },
    Row {
        key: Key::SmartCardIdp,
        enrolls: false,
        title: "redirect.card.title",
        hint: "redirect.card.hint",
        button: "way.card.button",
    },
    Row {
        key: Key::SmartCardIdp,
        enrolls: true,
        title: "enroll.card.title",
        hint: "redirect.card.hint",
        button: "way.card.button",
    },
];

/// Draws a redirect that is how an authenticator is used or set up; `None` for one that is not.
pub(super) fn draw(context: &Context<'_>, form: &Form<'_>) -> Option<Drawn> {
    let url = form.remediation.navigation()?;
    if !matches!(form.key()?, Key::ExternalIdp | Key::SmartCardIdp) {
        return None;
    }
    let enrolls = enrolls(context);
    let about = About::of(form);
    let row = ROWS.iter().find(|row| Some(&row.key) == about.key.as_ref() && row.enrolls == enrolls)?;
    let say =
        |key: &'static str, otherwise: &'static str| about.say(&[key]).unwrap_or_else(|| Phrase::ours(otherwise, &[]));
    let drawn = Drawn::new(
        about.name(if enrolls { "enroll" } else { "verify" }),
        say(row.title, if enrolls { "enroll.unnamed.title" } else { "verify.unnamed.title" }),
    );
    let way = Way::open(form, say(row.button, "way.idp_unnamed.button"), &url);
    let drawn = about.say(&[row.hint]).into_iter().fold(drawn, Drawn::hint);
    Some(drawn.way(way))
}

/// Whether the step sets something up: the lists beside the redirect say so. One redirect is drawn for many alike, so this looks
/// at the first few forms only.
fn enrolls(context: &Context<'_>) -> bool {
    const NEAR: usize = 16;
    let near = || context.forms.iter().take(NEAR).map(|form| &form.kind);
    let verifies = near().any(|kind| *kind == Kind::SelectAuthenticatorAuthenticate);
    let lists = near().any(|kind| matches!(kind, Kind::SelectAuthenticatorEnroll | Kind::Skip));
    lists && !verifies
}
