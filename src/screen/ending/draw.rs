//! What an ending looks like: its title, what is left to read or to copy, and the ways that are left.

use super::{Ending, EndingKind, Retry};
use crate::{
    idx::{Json, RemediationKind, Step},
    limits::DEFAULT_RATE_LIMIT_WAIT,
    screen::{
        context::{Context, Form},
        element::{Element, ElementKind, Fact},
        notice,
        phrase::Phrase,
        steps::drawn::Drawn,
        way::{Does, Role, Way},
    },
};

/// The app that proves a device, where the server names none.
const APP: &str = "Okta Verify";

/// Draws an ending. It claims every form of the step and its `cancel`: an ending is drawn instead of them.
pub(in crate::screen) fn draw(context: &Context<'_>, ending: &Ending) -> Drawn {
    let mut drawn = Drawn::new(format!("ended.{}", ending.kind.as_str()), ending.text.clone());
    drawn.elements = match ending.kind {
        EndingKind::CodeElsewhere => code_elsewhere(context.step),
        EndingKind::EnrollDevice => enroll_device(context.step),
        _ => Vec::new(),
    };
    drawn.ways.extend(address(context.step, ending));
    drawn.ways.extend(notice::device_ways(context.step));
    let is_over = matches!(ending.kind, EndingKind::SignedIn | EndingKind::Redirect);
    let mut skips = false;
    for form in &context.forms {
        match form.kind {
            RemediationKind::SuccessRedirect | RemediationKind::FailureRedirect => {}
            RemediationKind::Skip if !skips && !is_over => {
                skips = true;
                drawn.ways.push(submit(form));
            }
            _ => drawn.ways.push(submit(form).role(Role::Link).quiet()),
        }
    }
    drawn.ways.extend(leave(context, ending, is_over, skips));
    drawn
}

fn submit(form: &Form<'_>) -> Way {
    Way::submit(form, Phrase::ours("way.continue.button", &[]), Vec::new())
}

/// Where the server sends the browser: the way on of a redirect, a small link where access was denied.
fn address(step: &Step, ending: &Ending) -> Option<Way> {
    let url = step.success_redirect().or_else(|| step.failure_redirect())?;
    let role = if ending.kind == EndingKind::Redirect { Role::Primary } else { Role::Link };
    Way::open_page(Phrase::ours("way.continue.button", &[]), &url).map(|way| way.role(role))
}

/// The way out: the server's `cancel`, else a fresh transaction where that makes sense.
fn leave(context: &Context<'_>, ending: &Ending, is_over: bool, skips: bool) -> Option<Way> {
    let label = || Phrase::ours("ended.again.button", &[]);
    let cancel = context.actions.iter().find(|(path, _)| path == "cancel");
    let way = match cancel {
        Some((path, action)) if is_over => {
            return Some(Way::act(path, *action, Phrase::ours("way.cancel.link", &[])).role(Role::Cancel).quiet());
        }
        Some((path, action)) => Way::act(path, *action, label()),
        None if ending.retry == Retry::None || (ending.retry == Retry::Elsewhere && ending.good) => return None,
        None => Way { action: Some("restart".to_owned()), ..Way::new(Does::Act, label()) },
    };
    let wait = if ending.kind == EndingKind::Limited { DEFAULT_RATE_LIMIT_WAIT.as_secs() * 1_000 } else { 0 };
    Some(way.role(if skips { Role::Cancel } else { Role::Primary }).after(wait))
}

/// The code to type in the window where the sign-in began, and where that was.
fn code_elsewhere(step: &Step) -> Vec<Element> {
    let code = step.authenticators().into_iter().find_map(|one| one.contextual_data()?.get("otp")?.scalar_text());
    let mut elements: Vec<_> = code.iter().map(|code| Element::secret(code, false)).collect();
    let rows = facts(step);
    if !rows.is_empty() {
        elements.push(Element::new(ElementKind::Facts { rows }, Phrase::ours("ended.code_elsewhere.title", &[])));
    }
    elements.push(Element::warning(Phrase::ours("ended.code_elsewhere.note", &[])));
    elements
}

fn facts(step: &Step) -> Vec<Fact> {
    let text =
        |owner: &str, name: &str| step.member(owner).and_then(|owner| owner.text(name)).map(|text| text.into_owned());
    let place = step.member("client").and_then(|client| client.get("location")).map(|location| {
        let parts = ["city", "state", "country"].into_iter().filter_map(|name| location.text(name));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    });
    let browser =
        [text("client", "browser"), text("client", "os")].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let rows =
        [("fact.app.label", text("app", "label")), ("fact.browser.label", Some(browser)), ("fact.place.label", place)];
    let whole = rows.into_iter().filter_map(|(key, value)| Some((key, value.filter(|value| !value.is_empty())?)));
    whole.map(|(key, value)| Fact { label: Phrase::ours(key, &[]), value }).collect()
}

/// How to set this device up: in the vendor's app by its address, or at who manages the device.
fn enroll_device(step: &Step) -> Vec<Element> {
    let Some(device) = step.member("deviceEnrollment") else { return Vec::new() };
    let text = |name: &str| device.text(name).filter(|text| !text.is_empty());
    let is_managed = text("name").is_some_and(|name| name != "oda");
    if is_managed {
        let link = text("enrollmentLink");
        let vendor = text("vendor").or_else(|| text("name")).unwrap_or_default();
        let hint = Element::hint(Phrase::ours("ended.manage_device.hint", &[("vendor", &vendor)]));
        return vec![link.map_or(hint.clone(), |link| hint.copying(&link))];
    }
    let mut steps = vec![
        Element::step(Phrase::ours("enroll.app_get.hint", &[("authenticator", APP)])),
        Element::step(Phrase::ours("enroll.app_add.hint", &[])),
    ];
    steps.extend(
        address_of(device).map(|url| Element::step(Phrase::ours("enroll.app_address.hint", &[])).copying(&url)),
    );
    steps
}

fn address_of(device: Json<'_>) -> Option<String> {
    device.text("signInUrl").filter(|url| !url.is_empty()).map(|url| url.into_owned())
}
