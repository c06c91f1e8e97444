//! The actions beside the remediations, as ways. One at a place that nobody knows is quiet, named by its path.

use crate::idx::AnswerValue;
use crate::{
    idx::{Authenticator, AuthenticatorKey, AuthenticatorState, MethodType, Remediation, RemediationKind as Kind},
    screen::{
        context::Context,
        element::{Element, WaitingFor},
        phrase::Phrase,
        way::{Does, Role, Way},
    },
};

/// How long nobody is tempted to ask for another message.
const RESEND_AFTER_MS: u64 = 30_000;

/// An action as a way, with the waiting it stands for; `None` for one that changes nothing. A second one of the same path is
/// there by name only.
pub(super) fn draw(
    context: &Context<'_>,
    path: &str,
    action: Remediation<'_>,
    is_repeated: bool,
) -> Option<(Way, Option<WaitingFor>)> {
    let (owner, name) = path.rsplit_once('.').unwrap_or(("", path));
    let of = |key| Way::act(path, action, Phrase::ours(key, &[]));
    let is_current = owner.starts_with("currentAuthenticator");
    let known = if owner.is_empty() { Some(context.current) } else { context.owner(owner) };
    let by_name = || Way::act(path, action, Phrase::ours("field.other.label", &[("path", path)])).quiet();
    if name == "context" {
        return None;
    }
    let Some(owned) = known.filter(|_| !is_repeated) else { return Some((by_name(), None)) };
    let way = match name {
        "cancel" if owner.is_empty() => {
            let way = of("way.cancel.link").role(Role::Cancel);
            if is_first_page(context) { way.quiet() } else { way }
        }
        "cancel" | "cancel-polling" | "cancel-polling-transaction" => stop(of("way.stop.link")),
        "resend" => {
            let way = of(resend_label(context, owned)).after(RESEND_AFTER_MS);
            if is_before_sending(context) { way.quiet() } else { way }
        }
        "recover" => recover(context, of, owned),
        "poll" if is_current => {
            let way = Way { does: Does::Wait, ..of("way.poll.link") };
            return Some((way.quiet(), Some(waiting_for(owned))));
        }
        "unlock-account" => of("way.unlock.link"),
        "send" => of("way.send.link").quiet(),
        _ => by_name(),
    };
    Some((way, None))
}

/// The waiting for an action that polls; it goes on beside whatever else the screen shows.
pub(super) fn waiting(what: WaitingFor, poll: usize, action: Remediation<'_>) -> Element {
    Element::waiting(what, poll, action, Phrase::ours("way.poll.link", &[]))
}

/// Whether nothing has been asked for yet, so that there is nothing to leave.
fn is_first_page(context: &Context<'_>) -> bool {
    context.offers(&Kind::Identify) && !context.knows_user
}

/// Whether this is the page before something is sent.
fn is_before_sending(context: &Context<'_>) -> bool {
    [Kind::AuthenticatorVerificationData, Kind::AuthenticatorEnrollmentData, Kind::SelectAuthenticatorEnrollData]
        .iter()
        .any(|kind| context.offers(kind))
}

/// Leaves a device challenge: the server is told why, in two members that no form declares.
fn stop(way: Way) -> Way {
    way.set("reason", None, "USER_CANCELED").set("statusCode", None, AnswerValue::Json("null".into()))
}

fn recover(context: &Context<'_>, of: impl Fn(&'static str) -> Way, owner: Option<Authenticator<'_>>) -> Way {
    match owner.and_then(Authenticator::known_key) {
        Some(AuthenticatorKey::NfcPin) => {
            let way = of("way.forgot_pin.link");
            let sets_up = context.offers(&Kind::EnrollAuthenticator);
            if sets_up { way.quiet() } else { way }
        }
        Some(AuthenticatorKey::Password) | None => of("way.forgot_password.link"),
        Some(_) => of("way.recover.link"),
    }
}

/// What "send it again" is called: by what was sent.
pub(super) fn resend_label(context: &Context<'_>, owner: Option<Authenticator<'_>>) -> &'static str {
    let Some(owner) = owner.or(context.current) else { return "resend.push.link" };
    let methods = owner.methods();
    let sets_up = context.offers(&Kind::EnrollPoll) || owner.state() == AuthenticatorState::Enrolling;
    match owner.known_key() {
        Some(AuthenticatorKey::Email) => "resend.email.link",
        Some(AuthenticatorKey::Phone) if methods.first() == Some(&MethodType::Voice) => "resend.voice.link",
        Some(AuthenticatorKey::Phone) => "resend.sms.link",
        Some(AuthenticatorKey::OktaVerify | AuthenticatorKey::CustomApp) if sets_up => "resend.link.link",
        _ => "resend.push.link",
    }
}

fn waiting_for(owner: Option<Authenticator<'_>>) -> WaitingFor {
    match owner.and_then(Authenticator::known_key) {
        Some(AuthenticatorKey::Email) => WaitingFor::Mail,
        Some(AuthenticatorKey::OktaVerify | AuthenticatorKey::CustomApp) => WaitingFor::Push,
        _ => WaitingFor::App,
    }
}
