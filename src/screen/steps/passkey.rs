//! Passkeys beside something else: promoted, offered in the username box, or started by a button.

use super::{drawn::Drawn, row::is_passkey};
use crate::{
    idx::RemediationKind as Kind,
    screen::{
        context::{Context, Form},
        input,
        phrase::Phrase,
        way::{Role, Way},
    },
};

/// How a form is drawn: name, title where nothing else has one, hint, button, how much it matters.
struct Row {
    kind: Kind,
    name: &'static str,
    title: &'static str,
    hint: Option<&'static str>,
    button: &'static str,
    role: Role,
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { kind: Kind::EnrollAuthenticatorPromotion, name: "enroll.promotion", title: "enroll.promotion.title",
        hint: Some("enroll.promotion.hint"), button: "enroll.passkey.button", role: Role::Primary },
    Row { kind: Kind::ChallengeWebauthnAutofillui, name: "passkey.autofill", title: "verify.passkey.title",
        hint: None, button: "passkey.use.button", role: Role::Alternative },
    Row { kind: Kind::LaunchPasskeysAuthenticator, name: "passkey.use", title: "verify.passkey.title",
        hint: None, button: "passkey.use.button", role: Role::Alternative },
    Row { kind: Kind::LaunchWebauthnAuthenticator, name: "passkey.launch", title: "verify.passkey.title",
        hint: None, button: "passkey.key.button", role: Role::Alternative },
    Row { kind: Kind::EnrollWebauthnResidentkey, name: "passkey.make", title: "enroll.passkey.title",
        hint: None, button: "passkey.make.link", role: Role::Link },
];

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let Some(row) = ROWS.iter().find(|row| row.kind == form.kind) else {
        return super::form::other(context, form);
    };
    let mut inputs = input::of(context, form);
    for element in inputs.elements.iter_mut().filter(|element| is_passkey(element)) {
        element.text = Phrase::ours("passkey.none.text", &[]);
    }
    let label = Phrase::ours(row.button, &[]);
    let way = match inputs.elements.iter().any(is_passkey) {
        true => Way::passkey(form, label, inputs.paths.clone()),
        false => Way::submit(form, label, inputs.paths.clone()),
    };
    let way = way.role(row.role);
    // Never a prompt by itself: it is offered inside the username box, or not at all.
    let way = if row.kind == Kind::ChallengeWebauthnAutofillui { way.quiet() } else { way };
    let drawn = Drawn::new(row.name, Phrase::ours(row.title, &[]));
    let drawn = row.hint.into_iter().fold(drawn, |drawn, hint| drawn.hint(Phrase::ours(hint, &[])));
    drawn.way(way).inputs(inputs)
}
