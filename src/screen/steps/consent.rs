//! Forms of two answers: each answer is a way that sets the word, and none of them is the default.

use super::drawn::Drawn;
use crate::{
    idx::{Json, RemediationKind},
    screen::{
        context::{Context, Form},
        element::{Element, ElementKind, Fact, Scope},
        input,
        phrase::Phrase,
        way::{Role, Way},
    },
};

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    match form.kind {
        RemediationKind::KeepMeSignedIn => {
            let drawn = Drawn::new("stay", Phrase::ours("stay.form.title", &[]));
            let drawn = drawn.hint(Phrase::ours("stay.form.hint", &[]));
            answers(context, form, drawn, "keepMeSignedIn", ["stay.yes.button", "stay.no.button"])
        }
        RemediationKind::EmailChallengeConsent => {
            let drawn = Drawn::new("consent.mail", Phrase::ours("consent.mail.title", &[]));
            let facts = facts(form.remediation.json());
            let drawn = facts.into_iter().fold(drawn, Drawn::element);
            let drawn = drawn.hint(Phrase::ours("consent.mail.hint", &[]));
            answers(context, form, drawn, "consent", ["consent.mail_yes.button", "consent.mail_no.button"])
        }
        _ => access(context, form),
    }
}

/// An app asks for access.
fn access(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let app = context.step.member("app").and_then(|app| app.text("label")).filter(|app| !app.trim().is_empty());
    let (name, hint) = match form.kind {
        RemediationKind::AdminConsent => ("consent.admin", ["consent.admin.hint"; 2]),
        RemediationKind::GranularConsent => ("consent.granular", ["consent.pick.hint", "consent.pick_unnamed.hint"]),
        _ => ("consent.app", ["consent.app.hint"; 2]),
    };
    let about = |named: &'static str, unnamed: &'static str| match app.as_deref() {
        Some(app) if named != unnamed => Phrase::ours(named, &[("app", app)]),
        _ => Phrase::ours(unnamed, &[]),
    };
    let hint = about(hint[0], hint[1]);
    let mut drawn = Drawn::new(name, about("consent.app.title", "consent.unnamed.title")).hint(hint.clone());
    let scopes = scopes(form.remediation.json());
    if form.kind != RemediationKind::GranularConsent && !scopes.is_empty() {
        drawn = drawn.element(Element::new(ElementKind::Consent { scopes }, hint));
    }
    let drawn = answers(context, form, drawn, "consent", ["consent.allow.button", "consent.deny.button"]);
    drawn.hint(about("consent.note.hint", "consent.note_unnamed.hint"))
}

/// The two answers of a form, yes and no, with whatever else it asks.
fn answers(context: &Context<'_>, form: &Form<'_>, drawn: Drawn, member: &str, buttons: [&'static str; 2]) -> Drawn {
    let inputs = input::of(context, form);
    let declared = form.remediation.fields().find(|field| field.name() == member);
    let node = declared.map(|field| field.json().node());
    let mut drawn = drawn;
    for (value, button) in [(true, buttons[0]), (false, buttons[1])] {
        let mut way = Way::submit(form, Phrase::ours(button, &[]), inputs.paths.clone()).role(Role::Alternative);
        // What else the form decides by itself is the same for both.
        let others = inputs.sets.first().into_iter().flatten().filter(|preset| preset.path != member);
        way.sets = others.cloned().collect();
        drawn = drawn.way(way.set(member, node, value));
    }
    drawn.inputs(inputs)
}

/// The scopes that an app asks for.
fn scopes(form: Json<'_>) -> Vec<Scope> {
    let listed = form.get("scopes").map(Json::unwrap_ion);
    let scope = |scope: Json<'_>| {
        let name = scope.text("name").or_else(|| scope.text("value"))?.into_owned();
        let label = scope.text("label").filter(|label| !label.trim().is_empty());
        let label = match label {
            Some(label) => Phrase::server("field.other.label", &label),
            None => Phrase::ours("field.other.label", &[("path", &name)]),
        };
        let detail = scope.text("desc").filter(|text| !text.trim().is_empty()).map(|text| text.into_owned());
        Some(Scope { name, label, detail })
    };
    listed.into_iter().flat_map(Json::items).filter_map(scope).collect()
}

/// What is being approved.
fn facts(form: Json<'_>) -> Option<Element> {
    let listed = form.get("requestInfo").map(Json::unwrap_ion);
    let row = |row: Json<'_>| {
        let value = row.get("value")?.scalar_text().filter(|value| !value.trim().is_empty())?.into_owned();
        let name = row.text("name").unwrap_or_default();
        let label = match (row.text("label").filter(|label| !label.trim().is_empty()), name.as_ref()) {
            (Some(label), _) => Phrase::server("field.other.label", &label),
            (None, "appName") => Phrase::ours("fact.app.label", &[]),
            (None, "browser") => Phrase::ours("fact.browser.label", &[]),
            (None, "geolocation" | "location") => Phrase::ours("fact.place.label", &[]),
            (None, name) => Phrase::ours("field.other.label", &[("path", name)]),
        };
        Some(Fact { label, value })
    };
    let rows: Vec<_> = listed.into_iter().flat_map(Json::items).filter_map(row).collect();
    let text = rows.first()?.label.clone();
    Some(Element::new(ElementKind::Facts { rows }, text))
}
