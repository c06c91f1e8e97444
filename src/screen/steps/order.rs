//! What is in front, and the order of everything.

use super::{Piece, elsewhere};
use crate::{
    idx::RemediationKind as Kind,
    screen::{
        context::Context,
        element::ElementKind,
        way::{Does, Role, Way},
    },
};

/// What stands in front of the person.
pub(super) struct Front {
    /// The index of the piece that gives title and texts.
    pub piece: usize,
    /// Whether its first way is the primary one; otherwise the person chooses among several.
    pub leads: bool,
}

/// Which piece is in front. `None` when nothing was drawn.
pub(super) fn front(context: &Context<'_>, pieces: &[Piece<'_, '_>]) -> Option<Front> {
    let find = |wanted: &dyn Fn(&Piece<'_, '_>) -> bool| pieces.iter().position(wanted);
    let leading = |piece| Some(Front { piece, leads: true });
    if let Some(piece) = find(&|piece| answers(piece) && !steps_back(&piece.form.kind) && !is_list(&piece.form.kind)) {
        return leading(piece);
    }
    // A list of authenticators leads where nothing else wants the person.
    let federated = pieces.iter().any(|piece| redirects(&piece.form.kind) && elsewhere::is_federated(piece.form));
    let nothing_else = pieces.iter().all(|piece| steps_back(&piece.form.kind) || is_list(&piece.form.kind));
    if let Some(piece) = find(&|piece| !federated && nothing_else && is_list(&piece.form.kind)) {
        return leading(piece);
    }
    if let Some(piece) = find(&|piece| has_two_answers(&piece.form.kind)) {
        return Some(Front { piece, leads: false });
    }
    if let Some(piece) = find(&polls) {
        return leading(piece);
    }
    let providers = pieces.iter().filter(|piece| redirects(&piece.form.kind)).count();
    let several = providers > 1 && !federated;
    let rank = |piece: &Piece<'_, '_>| rank(&piece.form.kind, federated);
    let (best, piece) = pieces.iter().enumerate().map(|(index, piece)| (rank(piece), index)).min()?;
    if several && best >= PROVIDERS {
        return Some(Front { piece: find(&|piece| redirects(&piece.form.kind))?, leads: false });
    }
    // Autofill is offered inside another form or not at all.
    let leads = best != AUTOFILL || context.actions.is_empty();
    Some(Front { piece, leads })
}

/// Whether the person answers it: an input, a choice, a passkey.
fn answers(piece: &Piece<'_, '_>) -> bool {
    let mut ways = piece.drawn.ways.iter().filter(|way| !way.quiet && way.does != Does::Wait);
    ways.any(|way| !way.inputs.is_empty() || matches!(way.does, Does::Choose | Does::Passkey))
}

/// Whether something is asked of the server again and again.
pub(super) fn polls(piece: &Piece<'_, '_>) -> bool {
    piece.drawn.elements.iter().any(|element| matches!(element.kind, ElementKind::Waiting(_)))
}

/// Forms that are never the main thing: they lead back, past, or elsewhere.
fn steps_back(kind: &Kind) -> bool {
    is_launch(kind)
        || redirects(kind)
        || has_two_answers(kind)
        || matches!(
            kind,
            Kind::SelectIdentify
                | Kind::Skip
                | Kind::SelectEnrollProfile
                | Kind::ChallengeWebauthnAutofillui
                | Kind::EnrollWebauthnResidentkey
                | Kind::Cancel
        )
}

fn is_launch(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::LaunchAuthenticator
            | Kind::LaunchPasskeysAuthenticator
            | Kind::LaunchWebauthnAuthenticator
            | Kind::LaunchNfcAuthenticator
    )
}

fn redirects(kind: &Kind) -> bool {
    matches!(kind, Kind::RedirectIdp | Kind::PivIdp)
}

fn is_list(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::SelectAuthenticatorAuthenticate
            | Kind::SelectAuthenticatorEnroll
            | Kind::SelectAuthenticatorUnlockAccount
            | Kind::SelectEnrollmentChannel
    )
}

pub(super) fn has_two_answers(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Consent | Kind::AdminConsent | Kind::GranularConsent | Kind::EmailChallengeConsent | Kind::KeepMeSignedIn
    )
}

/// The rank of what leads to a provider of identities.
const PROVIDERS: u8 = 5;
/// The rank of autofill.
const AUTOFILL: u8 = u8::MAX;

/// Which form leads when nothing is asked: the lowest.
fn rank(kind: &Kind, federated: bool) -> u8 {
    match kind {
        Kind::Resend => 0,
        Kind::RequestActivationEmail => 1,
        Kind::DeviceAssuranceGracePeriod => 2,
        Kind::RedirectIdverify => 3,
        Kind::RedirectIdp | Kind::PivIdp if federated => 3,
        Kind::RedirectIdp | Kind::PivIdp => PROVIDERS,
        Kind::LaunchAuthenticator => 6,
        kind if is_launch(kind) => 7,
        Kind::UnlockAccount => 8,
        Kind::SelectEnrollProfile => 9,
        Kind::SelectIdentify => 10,
        Kind::Skip => 11,
        Kind::Cancel | Kind::Other(_) => 12,
        kind if is_list(kind) => 13,
        Kind::EnrollWebauthnResidentkey => 14,
        Kind::ChallengeWebauthnAutofillui => AUTOFILL,
        // What the server knows and the person only starts: send the code, go on to the other site.
        _ => 4,
    }
}

/// The place of a way among all: primary, alternatives, links, cancel, and what is not drawn.
pub(super) fn place(way: &Way, is_front: bool) -> (u8, u8) {
    let kind = way.remediation.as_deref().map(Kind::from);
    let class = match way.role {
        _ if way.quiet => 4,
        Role::Primary => 0,
        Role::Alternative => 1,
        Role::Link => 2,
        Role::Cancel => 3,
    };
    let within = match (class, kind) {
        (1, _) if is_front && way.does != Does::Open => 0,
        (1, Some(Kind::LaunchPasskeysAuthenticator | Kind::LaunchWebauthnAuthenticator)) => 1,
        (1, Some(Kind::LaunchAuthenticator)) => 2,
        (1, Some(Kind::LaunchNfcAuthenticator)) => 3,
        (1, Some(Kind::PivIdp)) => 4,
        (1, Some(Kind::RedirectIdp)) if way.label.key == "way.card.button" => 4,
        (1, Some(Kind::RedirectIdp)) => 5,
        (1, Some(Kind::Skip)) => 7,
        (1, _) => 6,
        (2, None) => match way.action.as_deref().and_then(|path| path.rsplit('.').next()) {
            Some("resend") => 1,
            Some("recover") => 2,
            _ => 0,
        },
        (2, Some(Kind::Resend)) => 1,
        (2, Some(Kind::SelectAuthenticatorAuthenticate)) => 3,
        (2, Some(Kind::SelectAuthenticatorEnroll)) => 4,
        (2, Some(Kind::SelectEnrollmentChannel)) => 5,
        (2, Some(Kind::EnrollWebauthnResidentkey)) => 6,
        (2, Some(Kind::UnlockAccount | Kind::SelectAuthenticatorUnlockAccount)) => 7,
        (2, Some(Kind::SelectEnrollProfile)) => 8,
        (2, Some(Kind::SelectIdentify)) => 9,
        (2, _) => 10,
        _ => 0,
    };
    (class, within)
}
