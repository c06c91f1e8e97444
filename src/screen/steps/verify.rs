//! Proving who one is: a row for each authenticator and method.

use super::{
    about::{About, Said},
    drawn::Drawn,
    methods, row,
    row::{Line, Line::*, Row, When, When::*},
};
use crate::{
    idx::{AuthenticatorKey as Key, RemediationKind},
    screen::{
        context::{Context, Form},
        element::WaitingFor,
    },
};

const VERIFY: &str = "verify.code.button";
const NAMED: Said = &["verify.named.title", "verify.unnamed.title"];
pub(super) const EMAIL: Said = &["verify.email_two.hint", "verify.email.hint", "verify.email_plain.hint"];
pub(super) const SMS: Said = &["verify.sms.hint", "verify.sms_plain.hint"];
pub(super) const VOICE: Said = &["verify.voice.hint", "verify.voice_plain.hint"];
const TOTP: Said = &["verify.totp.hint"];
const APPS: &[Key] = &[Key::OktaVerify, Key::CustomApp];

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let about = About::of(form);
    match form.kind {
        RemediationKind::AuthenticatorVerificationData => methods::draw(context, form, &about),
        _ => row::draw(context, form, &about, "verify", ROWS),
    }
}

/// The first that fits.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    verify(&[Key::Password], Always, &["verify.password.title"], &[Inputs]),
    verify(&[Key::Email], Always, &["verify.email.title"], &[Hint(EMAIL), MailLink(&["verify.email_link.hint"]), Inputs, MailWait]),
    verify(&[Key::Phone], Method("voice"), &["verify.phone.title"], &[Hint(VOICE), Inputs]),
    verify(&[Key::Phone], Always, &["verify.phone.title"], &[Hint(SMS), Inputs]),
    verify(APPS, When::Number, &["verify.number.title"], &[Hint(&["verify.number.hint"]), Line::Number, Inputs, Wait(WaitingFor::Push)]),
    verify(APPS, Polled, NAMED, &[Hint(&["verify.push.hint"]), Inputs, Wait(WaitingFor::Push)]),
    verify(APPS, Always, NAMED, &[Hint(TOTP), Inputs]),
    verify(&[Key::GoogleOtp, Key::SymantecVip], Always, NAMED, &[Hint(TOTP), Inputs]),
    verify(&[Key::SecurityQuestion], Always, &["verify.question.title"], &[Inputs]),
    passkey(Named, NAMED),
    passkey(Always, &["verify.passkey.title"]),
    verify(&[Key::Duo], Always, NAMED, &[Hint(&["verify.frame.hint"]), Inputs]),
    verify(&[Key::RsaToken, Key::OnpremMfa, Key::CustomOtp], Always, NAMED, &[Hint(&["verify.token.hint"]), Inputs]),
    verify(&[Key::YubikeyToken], Always, &["verify.yubikey.title"], &[Hint(&["verify.yubikey.hint"]), Inputs]),
    verify(&[Key::TemporaryAccessCode], Always, &["verify.tac.title"], &[Hint(&["verify.tac.hint"]), Inputs]),
    verify(&[Key::NfcPin], Polled, &["verify.badge.title"], &[Hint(&["verify.badge.hint"]), Inputs, Wait(WaitingFor::Device)]),
    verify(&[Key::NfcPin], Always, &["verify.pin.title"], &[Inputs]),
    verify(&[], Always, NAMED, &[Inputs]),
];

const fn verify(keys: &'static [Key], when: When, title: Said, lines: &'static [Line]) -> Row {
    Row { keys, when, title, lines, button: VERIFY }
}

const fn passkey(when: When, title: Said) -> Row {
    let lines = &[Hint(&["verify.passkey.hint"]), Description, Inputs];
    Row { keys: &[Key::Webauthn], when, title, lines, button: "verify.passkey.button" }
}
