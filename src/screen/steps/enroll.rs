//! Setting up: a row for each authenticator and method, and for each channel by which an app is set up.

use super::{
    about::{About, Said},
    drawn::Drawn,
    lists, methods, passkey, row,
    row::{Line, Line::*, Row, When, When::*},
    verify::{EMAIL, SMS, VOICE},
};
use crate::{
    idx::{AuthenticatorKey as Key, RemediationKind},
    screen::{
        context::{Context, Form},
        element::WaitingFor,
    },
};

const VERIFY: &str = "verify.code.button";
const SAVE: &str = "way.save.button";
const CONTINUE: &str = "way.continue.button";
const NAMED: Said = &["enroll.named.title", "enroll.unnamed.title"];
const HERE: Said = &["enroll.app_here.title"];
const APPS: &[Key] = &[Key::OktaVerify, Key::CustomApp];

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    use RemediationKind as Kind;
    let about = About::of(form);
    match form.kind {
        Kind::AuthenticatorEnrollmentData | Kind::SelectAuthenticatorEnrollData => {
            methods::draw_enrollment(context, form, &about)
        }
        Kind::EnrollmentChannelData => row::draw(context, form, &about, "enroll.link", LINK),
        Kind::SelectEnrollmentChannel => lists::draw_channels(context, form, &about),
        Kind::EnrollAuthenticatorPromotion => passkey::draw(context, form),
        _ => row::draw(context, form, &about, "enroll", ROWS),
    }
}

/// The first that fits.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(&[Key::Password], Always, &["enroll.password.title"], &[Inputs], SAVE),
    row(&[Key::Email], Always, &["enroll.email.title"], &[Hint(EMAIL), MailLink(&["verify.email_link.hint"]), Inputs, MailWait], VERIFY),
    row(&[Key::Phone], Method("voice"), &["enroll.phone.title"], &[Hint(VOICE), Inputs], VERIFY),
    row(&[Key::Phone], Always, &["enroll.phone.title"], &[Hint(SMS), Inputs], VERIFY),
    setup(Channel("qrcode"), NAMED, &[
        Step(&["enroll.app_get.hint"]), Step(&["enroll.app_add.hint"]), Qr(&["enroll.app_scan.hint"]), Inputs, SETUP]),
    setup(Channel("email"), NAMED, &[Hint(&["enroll.app_mail.hint"]), Inputs, SETUP]),
    setup(Channel("sms"), NAMED, &[Hint(&["enroll.app_sms.hint"]), Inputs, SETUP]),
    setup(Channel("samedevice"), HERE, &[
        Step(&["enroll.app_get.hint"]), Step(&["enroll.app_add.hint"]), Copy(&["enroll.app_address.hint"], "orgUrl"),
        Hint(&["enroll.app_come_back.hint"]), Launch("enroll.app_open.button", "setupOVUrl"), Inputs, SETUP,
        Open("enroll.app_get.link", "downloadHref")]),
    setup(Channel("devicebootstrap"), HERE, &[Hint(&["enroll.app_known.hint"]), Inputs, SETUP]),
    row(&[Key::CustomApp], Always, NAMED, &[Hint(&["enroll.custom_app.hint"]), Inputs, SETUP], CONTINUE),
    row(&[Key::OktaVerify], Polled, NAMED, &[Step(&["enroll.app_get.hint"]), Step(&["enroll.app_add.hint"]), Inputs, SETUP], CONTINUE),
    row(&[Key::GoogleOtp], Always, NAMED, &[Qr(&["enroll.app_scan.hint"]), Secret(&["enroll.otp_key.hint"]), Inputs], VERIFY),
    row(&[Key::SecurityQuestion], Always, &["enroll.question.title"], &[Inputs], SAVE),
    key(Named, NAMED),
    key(Always, &["enroll.passkey.title"]),
    row(&[Key::RsaToken, Key::OnpremMfa], Always, NAMED, &[Hint(&["verify.token.hint"]), Inputs], VERIFY),
    row(&[Key::SymantecVip], Always, NAMED, &[Hint(&["enroll.vip.hint"]), Inputs], VERIFY),
    row(&[Key::Duo], Always, NAMED, &[Hint(&["verify.frame.hint"]), Inputs], VERIFY),
    row(&[Key::YubikeyToken], Always, &["enroll.yubikey.title"], &[Hint(&["verify.yubikey.hint"]), Inputs], VERIFY),
    row(&[Key::NfcPin], Polled, &["enroll.badge.title"], &[Hint(&["verify.badge.hint"]), Inputs, Wait(WaitingFor::Device)], SAVE),
    row(&[Key::NfcPin], Always, &["enroll.pin.title"], &[Inputs], SAVE),
    row(&[], Always, NAMED, &[Inputs], CONTINUE),
];

/// Where the link for setting up an app goes.
const LINK: &[Row] = &[row(&[], Always, &["enroll.link_to.title"], &[Inputs], "enroll.link_to.button")];

const SETUP: Line = Wait(WaitingFor::Setup);

const fn row(keys: &'static [Key], when: When, title: Said, lines: &'static [Line], button: &'static str) -> Row {
    Row { keys, when, title, lines, button }
}

const fn setup(when: When, title: Said, lines: &'static [Line]) -> Row {
    row(APPS, when, title, lines, CONTINUE)
}

const fn key(when: When, title: Said) -> Row {
    row(&[Key::Webauthn], when, title, &[Hint(&["verify.passkey.hint"]), Inputs], "enroll.passkey.button")
}
