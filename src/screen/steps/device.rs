//! Device challenges: an app on this device is asked whether it knows the person.
//!
//! The network act is never the screen's: it says that the device is asked, how the app can be started where the server gives
//! an address for it, and that the server is polled meanwhile.

use super::{about::About, drawn::Drawn};
use crate::{
    idx::{Authenticator, AuthenticatorKey, Json},
    screen::{
        context::{Context, Form},
        element::{Element, WaitingFor},
        input,
        phrase::Phrase,
        way::{Role, Way},
    },
};

/// The methods by which the person starts the app. The others ask it without them.
const LAUNCHED: [&str; 3] = ["CUSTOM_URI", "UNIVERSAL_LINK", "APP_LINK"];

/// Whether a poll waits for an app on this device: there is a challenge for it.
pub(super) fn is_device_challenge(form: &Form<'_>) -> bool {
    // A badge has its own rows: the person holds it against the reader.
    form.key() != Some(AuthenticatorKey::NfcPin) && challenge(form).is_some()
}

/// The challenge: of the form, or of its authenticator.
fn challenge<'s>(form: &Form<'s>) -> Option<Json<'s>> {
    let own = form.remediation.related().find(|related| related.get("challengeMethod").is_some());
    let data = form.authenticator.and_then(Authenticator::contextual_data);
    own.or_else(|| data?.present("challenge").map(Json::unwrap_ion))
}

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let challenge = challenge(form).or_else(|| context.step.member("authenticatorChallenge"));
    let text = |name| challenge?.text(name).filter(|text| !text.is_empty());
    let starts = text("challengeMethod").is_some_and(|method| LAUNCHED.contains(&method.as_ref()));
    let address = text("href").filter(|_| starts);
    let launch = address.and_then(|url| Way::launch(Phrase::ours("device.launch.button", &[]), &url));
    let (title, hint) = match launch {
        Some(_) => ("fastpass.form.title", "device.launch.hint"),
        None => ("wait.device.title", "device.probe.hint"),
    };
    let inputs = input::of(context, form);
    let get = text("downloadHref").filter(|_| launch.is_some());
    let get = get.and_then(|url| Way::open_page(Phrase::ours("device.get.link", &[]), &url));
    let poll = usize::from(launch.is_some());
    let hint = Phrase::ours(hint, &[]);
    let mut drawn = Drawn::new(About::of(form).name("device"), Phrase::ours(title, &[])).hint(hint.clone());
    drawn.elements.extend(inputs.elements.into_iter().map(|element| element.of_way(poll)));
    drawn.elements.push(Element::waiting(WaitingFor::Device, poll, form.remediation, hint));
    drawn.ways.extend(launch);
    drawn.ways.push(Way::wait(form, inputs.paths));
    drawn.ways.extend(get.map(|way| way.role(Role::Link)));
    drawn
}
