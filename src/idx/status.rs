//! What a step asks for, in one word: a summary for apps that show a screen per kind of step.
//!
//! It looks at **all** remediations: "verify with something else" may stand before or after the challenge itself. The
//! server's policy decides the steps, so an app needs a screen for [`StepStatus::Other`]: a generic form.

use super::{names::RemediationKind as Kind, step::Step};

/// The summary of a step (idx.md section 11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepStatus {
    /// The interaction code is here: redeem it.
    Success,
    /// Done, but the browser is to go on; no code for us.
    SuccessRedirect,
    /// Failed; the browser is to go on.
    FailureRedirect,
    /// Nothing to answer; the messages say how it ended.
    Terminal,
    /// The person must register this device first; `deviceEnrollment` says how.
    DeviceEnrollment,
    /// The password has expired and must be changed.
    PasswordExpired,
    /// The password is about to expire; changing it may be skipped.
    PasswordExpiring,
    /// A new password (or other secret) must be set after recovery.
    PasswordReset,
    /// Profile data is asked for: sign-up, or missing attributes.
    ProfileEnrollment,
    /// An authenticator must be proven: a code, a password, an answer.
    AuthenticatorVerification,
    /// An authenticator is being set up and wants input.
    AuthenticatorEnrollment,
    /// Waiting for a push or for the device.
    ChallengePoll,
    /// Waiting for an app to be set up.
    EnrollPoll,
    /// Waiting for this device to answer before anything else.
    DeviceChallengePoll,
    /// How to verify must be completed: method, or consent to send.
    AuthenticatorVerificationData,
    /// How to set up must be completed: phone number, method.
    AuthenticatorEnrollmentData,
    /// Where to send the set-up link.
    EnrollmentChannelData,
    /// Choose what to verify with.
    AuthenticatorSelection,
    /// Choose what to set up.
    AuthenticatorEnrollmentSelection,
    /// Choose how to unlock the account.
    UnlockSelection,
    /// Say who you are.
    Identification,
    /// Say whose password to recover.
    RecoveryIdentification,
    /// Consent is asked for.
    Consent,
    /// The code of another device is asked for.
    UserCode,
    /// Whether to stay signed in.
    KeepMeSignedIn,
    /// Only the browser can go on: social sign-in, smart card, identity proofing.
    Redirect,
    /// The org is read-only for now: poll.
    SafeModePoll,
    /// Something this library has no word for. Show the form.
    Other,
}

impl StepStatus {
    /// The status as a word, `snake_case`.
    pub fn as_str(self) -> &'static str {
        match self {
            StepStatus::Success => "success",
            StepStatus::SuccessRedirect => "success_redirect",
            StepStatus::FailureRedirect => "failure_redirect",
            StepStatus::Terminal => "terminal",
            StepStatus::DeviceEnrollment => "device_enrollment",
            StepStatus::PasswordExpired => "password_expired",
            StepStatus::PasswordExpiring => "password_expiring",
            StepStatus::PasswordReset => "password_reset",
            StepStatus::ProfileEnrollment => "profile_enrollment",
            StepStatus::AuthenticatorVerification => "authenticator_verification",
            StepStatus::AuthenticatorEnrollment => "authenticator_enrollment",
            StepStatus::ChallengePoll => "challenge_poll",
            StepStatus::EnrollPoll => "enroll_poll",
            StepStatus::DeviceChallengePoll => "device_challenge_poll",
            StepStatus::AuthenticatorVerificationData => "authenticator_verification_data",
            StepStatus::AuthenticatorEnrollmentData => "authenticator_enrollment_data",
            StepStatus::EnrollmentChannelData => "enrollment_channel_data",
            StepStatus::AuthenticatorSelection => "authenticator_selection",
            StepStatus::AuthenticatorEnrollmentSelection => "authenticator_enrollment_selection",
            StepStatus::UnlockSelection => "unlock_selection",
            StepStatus::Identification => "identification",
            StepStatus::RecoveryIdentification => "recovery_identification",
            StepStatus::Consent => "consent",
            StepStatus::UserCode => "user_code",
            StepStatus::KeepMeSignedIn => "keep_me_signed_in",
            StepStatus::Redirect => "redirect",
            StepStatus::SafeModePoll => "safe_mode_poll",
            StepStatus::Other => "other",
        }
    }
}

/// Which remediation decides, most telling first: what must be done now comes before what may be chosen instead.
const RANKS: &[(StepStatus, &[Kind])] = &[
    (StepStatus::PasswordExpired, &[Kind::ReenrollAuthenticator, Kind::ReenrollCustomPasswordExpiry]),
    (StepStatus::PasswordExpiring, &[Kind::ReenrollAuthenticatorWarning, Kind::ReenrollCustomPasswordExpiryWarning]),
    (StepStatus::PasswordReset, &[Kind::ResetAuthenticator]),
    (StepStatus::ChallengePoll, &[Kind::ChallengePoll]),
    (StepStatus::EnrollPoll, &[Kind::EnrollPoll]),
    (StepStatus::AuthenticatorVerification, &[Kind::ChallengeAuthenticator]),
    (StepStatus::AuthenticatorEnrollment, &[Kind::EnrollAuthenticator, Kind::EnrollAuthenticatorPromotion]),
    (StepStatus::AuthenticatorVerificationData, &[Kind::AuthenticatorVerificationData]),
    (StepStatus::AuthenticatorEnrollmentData, &[Kind::AuthenticatorEnrollmentData]),
    (StepStatus::EnrollmentChannelData, &[Kind::EnrollmentChannelData]),
    (StepStatus::UnlockSelection, &[Kind::SelectAuthenticatorUnlockAccount]),
    (StepStatus::AuthenticatorSelection, &[Kind::SelectAuthenticatorAuthenticate]),
    (StepStatus::AuthenticatorEnrollmentSelection, &[Kind::SelectAuthenticatorEnroll]),
    (StepStatus::ProfileEnrollment, &[Kind::EnrollProfile, Kind::ProfileUpdate]),
    (StepStatus::RecoveryIdentification, &[Kind::IdentifyRecovery]),
    (StepStatus::Consent, &[Kind::Consent, Kind::AdminConsent, Kind::GranularConsent, Kind::EmailChallengeConsent]),
    (StepStatus::UserCode, &[Kind::UserCode]),
    (StepStatus::KeepMeSignedIn, &[Kind::KeepMeSignedIn]),
    (StepStatus::DeviceChallengePoll, &[Kind::DeviceChallengePoll]),
    (StepStatus::Identification, &[Kind::Identify]),
    (StepStatus::SafeModePoll, &[Kind::Poll]),
    (StepStatus::Redirect, &[Kind::RedirectIdp, Kind::PivIdp, Kind::RedirectIdverify]),
];

pub(super) fn of(step: &Step) -> StepStatus {
    if step.success_with_interaction_code().is_some() {
        return StepStatus::Success;
    }
    if step.success_redirect().is_some() {
        return StepStatus::SuccessRedirect;
    }
    if step.failure_redirect().is_some() {
        return StepStatus::FailureRedirect;
    }
    if step.is_terminal() {
        let device = step.member("deviceEnrollment").is_some() && step.messages().is_empty();
        return if device { StepStatus::DeviceEnrollment } else { StepStatus::Terminal };
    }
    let kinds: Vec<_> = step.remediations().map(|remediation| remediation.kind()).collect();
    let ranked = RANKS.iter().find(|(_, deciding)| deciding.iter().any(|kind| kinds.contains(kind)));
    ranked.map_or(StepStatus::Other, |(status, _)| *status)
}
