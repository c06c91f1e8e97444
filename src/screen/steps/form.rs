//! Forms that are a title, their inputs and one button.

use super::{drawn::Drawn, lists};
use crate::{
    idx::{AuthenticatorKey, RemediationKind},
    screen::{
        ask::Ask,
        context::{Context, Form},
        element::{Element, ElementKind, WaitingFor},
        input::{self, FormInputs},
        phrase::Phrase,
        way::Way,
    },
};

/// Draws a form by this table; what is not in it is drawn by [`other`].
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    use RemediationKind as Kind;
    let row = |name, title, hint, button| plain(context, form, name, title, hint, button);
    match form.kind {
        Kind::Identify => identify(context, form),
        Kind::IdentifyRecovery => row("recover", "recover.form.title", Some("recover.form.hint"), "way.next.button"),
        Kind::UnlockAccount => row("unlock", "unlock.form.title", None, "way.next.button"),
        Kind::UserCode => row("device.code", "device.code.title", Some("device.code.hint"), "way.next.button"),
        Kind::DeviceAssuranceGracePeriod => row("device.grace", "device.grace.title", None, "device.grace.button"),
        Kind::EnrollProfile if completes_profile(context, form) => {
            row("profile", "profile.form.title", None, "way.save.button")
        }
        Kind::EnrollProfile => row("signup", "signup.form.title", None, "signup.form.button"),
        Kind::ProfileUpdate => row("profile", "profile.form.title", Some("profile.form.hint"), "way.save.button"),
        Kind::RequestActivationEmail => {
            let hint = Some("activation.expired.hint");
            row("activation", "activation.expired.title", hint, "activation.expired.button")
        }
        Kind::LaunchAuthenticator => row("fastpass", "fastpass.form.title", None, "fastpass.form.button"),
        Kind::LaunchNfcAuthenticator => row("identify.nfc_pin", "identify.form.title", None, "card.tap.button"),
        Kind::DeviceAppleSsoExtension | Kind::CancelTransaction => {
            row("wait.device", "wait.device.title", None, "way.continue.button")
        }
        Kind::SelectIdentify => button(form, "identify", "identify.form.title", "way.back.link"),
        Kind::SelectEnrollProfile => button(form, "signup", "signup.form.title", "way.signup.link"),
        Kind::Skip => button(form, "other", "other.form.title", "way.skip.button"),
        Kind::Cancel => button(form, "other", "other.form.title", "way.cancel.link"),
        Kind::Resend => resend(form),
        Kind::Poll => poll(form),
        _ => other(context, form),
    }
}

/// A title, a hint, the inputs, a button.
fn plain(
    context: &Context<'_>,
    form: &Form<'_>,
    name: &str,
    title: &'static str,
    hint: Option<&'static str>,
    button: &'static str,
) -> Drawn {
    let drawn = Drawn::new(name, Phrase::ours(title, &[]));
    let drawn = hint.into_iter().fold(drawn, |drawn, hint| drawn.hint(Phrase::ours(hint, &[])));
    let inputs = lists::with_list(context, form, input::of(context, form));
    drawn.way(way(form, Phrase::ours(button, &[]), Some(&inputs))).inputs(inputs)
}

/// A button alone. `select-identify` may declare the user name: it is the way back, and nobody is asked there.
fn button(form: &Form<'_>, name: &str, title: &'static str, button: &'static str) -> Drawn {
    Drawn::new(name, Phrase::ours(title, &[])).way(way(form, Phrase::ours(button, &[]), None))
}

/// Sends a form, or opens what is no form.
fn way(form: &Form<'_>, label: Phrase, inputs: Option<&FormInputs<'_>>) -> Way {
    if let Some(url) = form.remediation.navigation() {
        return Way::open(form, label, &url);
    }
    let mut way = Way::submit(form, label, inputs.map(|inputs| inputs.paths.clone()).unwrap_or_default());
    way.sets = inputs.and_then(|inputs| inputs.sets.first()).cloned().unwrap_or_default();
    way
}

/// The first page. An organization may have words of its own for it.
fn identify(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let inputs = input::of(context, form);
    let asks_password = inputs
        .elements
        .iter()
        .any(|element| matches!(&element.kind, ElementKind::Input(input) if matches!(input.ask, Ask::Password)));
    let own = |member: &str, key: &'static str| {
        let display = context.step.member("uiDisplay").and_then(|display| display.text(member));
        match display.filter(|text| !text.trim().is_empty()) {
            Some(text) => Phrase::server(key, &text),
            None => Phrase::ours(key, &[]),
        }
    };
    let button = if asks_password { "identify.form.button" } else { "way.next.button" };
    let way = way(form, own("buttonLabel", button), Some(&inputs));
    Drawn::new("identify", own("label", "identify.form.title")).way(way).inputs(inputs)
}

/// Whether a profile form is for somebody who has an account.
fn completes_profile(context: &Context<'_>, form: &Form<'_>) -> bool {
    let updates = form.remediation.href().is_some_and(|href| href.contains("/enroll/update"));
    updates || (context.knows_user && !form.remediation.fields().any(|field| field.name() == "credentials"))
}

/// A notification that was declined or ran out is sent again on the person's word only.
fn resend(form: &Form<'_>) -> Drawn {
    let is_app = matches!(form.key(), Some(AuthenticatorKey::OktaVerify | AuthenticatorKey::CustomApp) | None);
    if !is_app {
        return button(form, "verify", "verify.unnamed.title", "resend.push.button");
    }
    let mut drawn = button(form, "verify.push_again", "verify.push_again.title", "resend.push.button");
    drawn.elements.push(Element::hint(Phrase::ours("verify.push_again.hint", &[])));
    drawn
}

/// The service is being looked after.
fn poll(form: &Form<'_>) -> Drawn {
    let text = Phrase::ours("wait.server.hint", &[]);
    Drawn::new("wait.server", Phrase::ours("wait.server.title", &[]))
        .hint(text.clone())
        .way(Way::wait(form, Vec::new()))
        .element(Element::waiting(WaitingFor::Server, 0, form.remediation, text))
}

/// A remediation that nobody has heard of: a form, a button, or an address to open.
pub(super) fn other(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    plain(context, form, "other", "other.form.title", None, "way.continue.button")
}
