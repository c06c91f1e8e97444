//! What a form is when another one is in front: an alternative, a link with the words for it, or quiet.

use super::{Piece, actions};
use crate::{
    idx::{MethodType, RemediationKind as Kind},
    screen::{
        context::Context,
        element::{ChoiceElement, ElementKind},
        phrase::Phrase,
        way::{Does, Role},
    },
};

/// Puts a piece beside the one in front.
pub(super) fn put(context: &Context<'_>, piece: &mut Piece<'_, '_>) {
    let drawn = &mut piece.drawn;
    if drawn.ways.first().is_some_and(|way| way.does == Does::Open) {
        // Taking it leaves the screen: nobody would read on.
        drawn.elements.retain(|element| !matches!(element.kind, ElementKind::Text(_)));
    }
    for element in &mut drawn.elements {
        // A text of a form that is not in front is read when the person takes its way; waiting goes on all the same.
        if !matches!(element.kind, ElementKind::Waiting(_)) && !drawn.ways.is_empty() {
            element.way.get_or_insert(0);
        }
    }
    for way in &mut drawn.ways {
        if way.role == Role::Primary {
            way.role = Role::Alternative;
        }
    }
    let quiet = match piece.form.kind {
        Kind::SelectAuthenticatorAuthenticate | Kind::SelectAuthenticatorEnroll => offers_nothing_else(context, piece),
        Kind::SelectEnrollProfile => context.recovers,
        Kind::ChallengeWebauthnAutofillui | Kind::CancelTransaction => true,
        _ => false,
    };
    let label = match piece.form.kind {
        Kind::SelectAuthenticatorAuthenticate => Some("way.other.link"),
        Kind::SelectAuthenticatorEnroll => Some("way.list.link"),
        Kind::SelectEnrollmentChannel => Some("way.channel.link"),
        Kind::SelectAuthenticatorUnlockAccount | Kind::UnlockAccount => Some("way.unlock.link"),
        Kind::SelectEnrollProfile => Some("way.signup.link"),
        Kind::SelectIdentify => Some("way.back.link"),
        Kind::Resend => Some(actions::resend_label(context, piece.form.authenticator)),
        _ => None,
    };
    let has_choice = choice(piece).is_some();
    for way in &mut piece.drawn.ways {
        way.quiet |= quiet;
        if let Some(label) = label {
            (way.role, way.label) = (Role::Link, Phrase::ours(label, &[]));
        }
        match piece.form.kind {
            Kind::EnrollWebauthnResidentkey => way.role = Role::Link,
            Kind::SelectAuthenticatorAuthenticate | Kind::SelectAuthenticatorEnroll | Kind::SelectEnrollmentChannel
                if has_choice =>
            {
                way.does = Does::Choose;
            }
            _ => {}
        }
    }
}

fn choice<'p>(piece: &'p Piece<'_, '_>) -> Option<&'p ChoiceElement> {
    piece.drawn.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Choice(choice) => Some(choice),
        _ => None,
    })
}

/// Whether the only thing that a list offers is what the person is doing already.
fn offers_nothing_else(context: &Context<'_>, piece: &Piece<'_, '_>) -> bool {
    let (Some(choice), Some(current)) = (choice(piece), context.current) else { return false };
    let [option] = choice.options.as_slice() else { return false };
    let same_key = option.key.as_deref().is_some_and(|key| current.key().is_some_and(|own| own == key));
    let methods = current.methods();
    let method = option.method.as_deref().map(MethodType::from);
    same_key && method.is_none_or(|method| methods.is_empty() || methods.contains(&method))
}
