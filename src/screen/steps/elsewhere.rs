//! What is done in a browser elsewhere: identity providers, smart cards, proof of identity.

use std::borrow::Cow;

use super::drawn::Drawn;
use crate::{
    idx::{AuthenticatorKey, AuthenticatorState, RemediationKind},
    screen::{
        address,
        context::{Context, Form},
        element::Element,
        notice::Link,
        phrase::Phrase,
        way::Way,
    },
};

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let url = form.remediation.href().unwrap_or_default();
    if form.kind == RemediationKind::RedirectIdverify {
        return proof(form, &url);
    }
    let card = form.kind == RemediationKind::PivIdp || form.remediation.idp_type().as_deref() == Some("X509");
    match form.key() {
        Some(AuthenticatorKey::ExternalIdp | AuthenticatorKey::SmartCardIdp) => federated(context, form, &url),
        _ if card => Drawn::new("redirect.card", Phrase::ours("redirect.card.title", &[]))
            .hint(Phrase::ours("redirect.card.hint", &[]))
            .way(Way::open(form, Phrase::ours("way.card.button", &[]), &url)),
        _ => {
            let drawn = Drawn::new("redirect.idp", Phrase::ours("redirect.idp.title", &[]));
            match provider(form) {
                Some(name) => {
                    let about = |key| Phrase::ours(key, &[("provider", name.as_ref())]);
                    drawn.hint(about("redirect.idp.hint")).way(Way::open(form, about("way.idp.button"), &url))
                }
                None => drawn.way(Way::open(form, Phrase::ours("way.idp_unnamed.button", &[]), &url)),
            }
        }
    }
}

/// Whether somebody else proves who the person is: the redirect is the authenticator itself.
pub(super) fn is_federated(form: &Form<'_>) -> bool {
    matches!(form.key(), Some(AuthenticatorKey::ExternalIdp | AuthenticatorKey::SmartCardIdp))
}

/// An identity provider or a smart card as authenticator.
fn federated(context: &Context<'_>, form: &Form<'_>, url: &str) -> Drawn {
    let card = form.key() == Some(AuthenticatorKey::SmartCardIdp);
    let sets_up = context.offers(&RemediationKind::SelectAuthenticatorEnroll)
        || form.authenticator.is_some_and(|authenticator| authenticator.state() == AuthenticatorState::Enrolling);
    let area = if sets_up { "enroll" } else { "verify" };
    if card {
        let title = if sets_up { "enroll.card.title" } else { "redirect.card.title" };
        return Drawn::new(format!("{area}.smart_card_idp.cert"), Phrase::ours(title, &[]))
            .hint(Phrase::ours("redirect.card.hint", &[]))
            .way(Way::open(form, Phrase::ours("way.card.button", &[]), url));
    }
    let shown = form.authenticator.and_then(|authenticator| authenticator.display_name());
    let shown = shown.filter(|name| !name.trim().is_empty()).or_else(|| provider(form));
    let name = format!("{area}.external_idp.idp");
    let Some(shown) = shown else {
        let way = Way::open(form, Phrase::ours("way.idp_unnamed.button", &[]), url);
        return Drawn::new(name, Phrase::ours("redirect.idp.title", &[])).way(way);
    };
    let about = |key| Phrase::ours(key, &[("authenticator", shown.as_ref())]);
    let title = if sets_up { "enroll.idp.title" } else { "verify.named.title" };
    let host = provider(form).unwrap_or(shown.clone());
    Drawn::new(name, about(title))
        .hint(Phrase::ours("redirect.idp.hint", &[("provider", host.as_ref())]))
        .way(Way::open(form, about("verify.idp.button"), url))
}

/// A vendor looks at a document or a face. That its terms apply is for the person to accept.
fn proof(form: &Form<'_>, url: &str) -> Drawn {
    let drawn = Drawn::new("redirect.proof", Phrase::ours("redirect.proof.title", &[]));
    let Some(name) = provider(form) else {
        return drawn.way(Way::open(form, Phrase::ours("way.continue.button", &[]), url));
    };
    let about = |key| Phrase::ours(key, &[("provider", name.as_ref())]);
    let metadata = form.remediation.json().present("idvMetadata");
    let link = |member: &str, label| {
        let url = metadata?.text(member).filter(|url| address::opens(url))?.into_owned();
        Some(Link { url, label: Phrase::ours(label, &[]).text })
    };
    let links = [link("termsOfUse", "legal.terms.link"), link("privacyPolicy", "legal.privacy.link")];
    drawn
        .hint(about("redirect.proof.hint"))
        .way(Way::open(form, about("redirect.proof.button"), url))
        .element(Element::legal(about("redirect.proof.note"), links.into_iter().flatten().collect()))
}

/// The name of the provider, else of its kind where that is one company.
fn provider<'s>(form: &Form<'s>) -> Option<Cow<'s, str>> {
    let remediation = form.remediation;
    let own = remediation.json().present("idp").and_then(|idp| idp.text("name"));
    own.filter(|name| !name.trim().is_empty()).or_else(|| {
        let of_type = match remediation.idp_type()?.as_ref() {
            "GOOGLE" => "Google",
            "FACEBOOK" => "Facebook",
            "LINKEDIN" => "LinkedIn",
            "MICROSOFT" => "Microsoft",
            "APPLE" => "Apple",
            "OKTA" => "Okta",
            _ => return None,
        };
        Some(Cow::Borrowed(of_type))
    })
}
