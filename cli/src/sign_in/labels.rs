//! The program's own words for what the server names on the wire. What it does not know is shown by its wire name.

use std::borrow::Cow;

use interaction_code::idx::{Remediation, RemediationKind as Kind, Step, StepStatus};

/// A heading for a step.
pub fn title(step: &Step) -> Cow<'_, str> {
    if let Some(label) = step.member("uiDisplay").and_then(|display| display.text("label")) {
        return label;
    }
    Cow::Borrowed(match step.status() {
        StepStatus::Success => "Signed in",
        StepStatus::SuccessRedirect => "Go on in the browser",
        StepStatus::FailureRedirect | StepStatus::Terminal => "The sign-in has ended",
        StepStatus::DeviceEnrollment => "This device must be registered",
        StepStatus::PasswordExpired => "Your password has expired",
        StepStatus::PasswordExpiring => "Your password will expire soon",
        StepStatus::PasswordReset => "Set a new password",
        StepStatus::ProfileEnrollment => "About you",
        StepStatus::AuthenticatorVerification => "Verify that it is you",
        StepStatus::AuthenticatorEnrollment => "Set up an authenticator",
        StepStatus::ChallengePoll => "Approve the sign-in",
        StepStatus::EnrollPoll => "Set up the app",
        StepStatus::DeviceChallengePoll | StepStatus::SafeModePoll => "One moment",
        StepStatus::AuthenticatorVerificationData => "How do you want to verify?",
        StepStatus::AuthenticatorEnrollmentData => "What shall be set up?",
        StepStatus::EnrollmentChannelData => "Where shall the link go?",
        StepStatus::AuthenticatorSelection => "Choose how to verify",
        StepStatus::AuthenticatorEnrollmentSelection => "Choose what to set up",
        StepStatus::UnlockSelection => "Unlock the account",
        StepStatus::Identification => "Sign in",
        StepStatus::RecoveryIdentification => "Recover the account",
        StepStatus::Consent => "Your consent is asked for",
        StepStatus::UserCode => "The code of your device",
        StepStatus::KeepMeSignedIn => "Stay signed in?",
        StepStatus::Redirect => "Go on in the browser",
        _ => "Next step",
    })
}

/// What is waited for on a step.
pub fn waiting(step: &Step) -> &'static str {
    match step.status() {
        StepStatus::ChallengePoll => "Waiting for your approval",
        StepStatus::EnrollPoll => "Waiting for the app to be set up",
        StepStatus::AuthenticatorVerification | StepStatus::AuthenticatorEnrollment => {
            "Waiting for the link to be opened"
        }
        _ => "Waiting",
    }
}

/// What choosing a form or an address means.
pub fn of_remediation(step: &Step, remediation: Remediation<'_>) -> String {
    let about = || {
        let own = remediation.authenticators();
        let authenticator = own.first().copied().or_else(|| step.current_authenticator());
        authenticator.and_then(|it| it.display_name().or_else(|| it.key())).filter(|name| !name.is_empty())
    };
    let named = |text: &str, name: Option<Cow<'_, str>>| name.map_or(text.to_owned(), |name| format!("{text}: {name}"));
    let text = match remediation.kind() {
        Kind::Identify => "Sign in",
        Kind::SelectIdentify => "Back to sign-in",
        Kind::IdentifyRecovery => "Recover the account",
        Kind::RedirectIdp | Kind::PivIdp | Kind::RedirectIdverify => {
            let idp = remediation.idp().map(|(_, name)| name).filter(|name| !name.is_empty());
            return named("Go on in the browser", idp.or_else(|| remediation.idp_type()));
        }
        Kind::UnlockAccount => "Unlock the account",
        Kind::SelectEnrollProfile => "Sign up",
        Kind::EnrollProfile | Kind::ProfileUpdate => "Fill in the profile",
        Kind::Skip => "Skip",
        Kind::DeviceAssuranceGracePeriod => "Go on for now",
        Kind::Cancel => "Cancel",
        Kind::CancelPolling | Kind::CancelTransaction => "Go on without the device",
        Kind::RequestActivationEmail => "Send the activation mail",
        Kind::Consent | Kind::AdminConsent | Kind::GranularConsent | Kind::EmailChallengeConsent => {
            "Answer the consent"
        }
        Kind::SelectAuthenticatorAuthenticate => {
            let first = step.remediations().next().is_some_and(|first| first == remediation);
            if first { "Choose how to verify" } else { "Verify with something else" }
        }
        Kind::SelectAuthenticatorEnroll => {
            let first = step.remediations().next().is_some_and(|first| first == remediation);
            if first { "Choose what to set up" } else { "Set up something else" }
        }
        Kind::SelectAuthenticatorUnlockAccount => "Choose how to unlock",
        Kind::AuthenticatorVerificationData => return named("Verify", about()),
        Kind::AuthenticatorEnrollmentData => return named("Set up", about()),
        Kind::SelectEnrollmentChannel => "Set it up in another way",
        Kind::EnrollmentChannelData => "Say where the link goes",
        Kind::ChallengeAuthenticator => return named("Answer", about()),
        Kind::EnrollAuthenticator => return named("Set up", about()),
        Kind::ChallengePoll | Kind::EnrollPoll | Kind::DeviceChallengePoll | Kind::Poll => "Wait",
        Kind::Resend => "Send it again",
        Kind::Send => "Send it",
        Kind::Recover => "Forgot the password",
        Kind::ResetAuthenticator | Kind::ReenrollAuthenticator | Kind::ReenrollAuthenticatorWarning => {
            "Set a new password"
        }
        Kind::KeepMeSignedIn => "Say whether to stay signed in",
        Kind::UserCode => "Enter the code",
        Kind::LaunchAuthenticator => "Okta FastPass",
        Kind::LaunchWebauthnAuthenticator | Kind::LaunchPasskeysAuthenticator => "Passkey",
        // Unknown, or without a better word: the wire name says it.
        _ => return named("Other", Some(remediation.name()).filter(|name| !name.is_empty())),
    };
    text.to_owned()
}
