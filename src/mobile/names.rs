//! Open sets: what the library has a word for, and everything else by its wire name.

use crate::idx;

/// An enum of the model, for other languages: the same variants, and `Other` with the wire name.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $source:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($variant,)+
            /// Something that this version has no word for.
            Other {
                /// The wire name.
                name: String,
            },
        }

        impl From<idx::$source> for $name {
            fn from(source: idx::$source) -> Self {
                match source {
                    $(idx::$source::$variant => $name::$variant,)+
                    other => $name::Other { name: other.as_str().to_owned() },
                }
            }
        }
    };
}

mirror! {
    /// What a step asks for, by all of its remediations (idx.md section 11.1).
    StepStatus of StepStatus {
        Success, SuccessRedirect, FailureRedirect, Terminal, DeviceEnrollment, PasswordExpired, PasswordExpiring,
        PasswordReset, ProfileEnrollment, AuthenticatorVerification, AuthenticatorEnrollment, ChallengePoll, EnrollPoll,
        DeviceChallengePoll, AuthenticatorVerificationData, AuthenticatorEnrollmentData, EnrollmentChannelData,
        AuthenticatorSelection, AuthenticatorEnrollmentSelection, UnlockSelection, Identification,
        RecoveryIdentification, Consent, UserCode, KeepMeSignedIn, Redirect, SafeModePoll,
    }
}

mirror! {
    /// What a remediation is for (idx.md section 5).
    RemediationKind of RemediationKind {
        Identify, SelectIdentify, IdentifyRecovery, RedirectIdp, PivIdp, RedirectIdverify, UnlockAccount,
        SelectEnrollProfile, UserCode, KeepMeSignedIn, Skip, DeviceAssuranceGracePeriod, Cancel, EnrollProfile,
        ProfileUpdate, RequestActivationEmail, Consent, AdminConsent, GranularConsent, EmailChallengeConsent,
        SelectAuthenticatorAuthenticate, SelectAuthenticatorEnroll, SelectAuthenticatorUnlockAccount,
        AuthenticatorVerificationData, AuthenticatorEnrollmentData, SelectEnrollmentChannel, EnrollmentChannelData,
        SelectAuthenticatorEnrollData, ChallengeAuthenticator, EnrollAuthenticator, ChallengePoll, EnrollPoll,
        DeviceChallengePoll, Poll, Resend, ResetAuthenticator, ReenrollAuthenticator, ReenrollAuthenticatorWarning,
        ReenrollCustomPasswordExpiry, ReenrollCustomPasswordExpiryWarning, EnrollAuthenticatorPromotion,
        ChallengeWebauthnAutofillui, LaunchPasskeysAuthenticator, LaunchAuthenticator, LaunchWebauthnAuthenticator,
        EnrollWebauthnResidentkey, LaunchNfcAuthenticator, DeviceAppleSsoExtension, CancelTransaction, SuccessRedirect,
        FailureRedirect, Issue, Recover, Send, CancelPolling, Context,
    }
}

mirror! {
    /// The stable identifier of a kind of authenticator (idx.md section 6.2).
    AuthenticatorKey of AuthenticatorKey {
        Password, Email, Phone, OktaVerify, GoogleOtp, SecurityQuestion, Webauthn, Duo, RsaToken, OnpremMfa, CustomOtp,
        SymantecVip, YubikeyToken, CustomApp, ExternalIdp, SmartCardIdp, TemporaryAccessCode, NfcPin,
    }
}

mirror! {
    /// How an authenticator is used (idx.md section 6.2).
    MethodType of MethodType {
        Password, Email, Sms, Voice, Push, Totp, SignedNonce, Otp, SecurityQuestion, Webauthn, Duo, Idp, Cert,
        TemporaryAccessCode, Nfc, NfcPin, Crypto,
    }
}

mirror! {
    /// What the transaction is for (idx.md section 3.1).
    Intent of Intent {
        Login, CredentialEnrollment, CredentialUnenrollment, CredentialModify, CredentialRecovery, EnrollNewUser,
        Consent, Authentication, Enrollment, Recovery, UnlockAccount, None,
    }
}

mirror! {
    /// What type a field's value has.
    FieldType of FieldType { String, Boolean, Integer, Number, Object }
}

/// What an authenticator is doing in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AuthenticatorState {
    /// Offered by the policy.
    Available,
    /// The person has it.
    Enrolled,
    /// Being set up now.
    Enrolling,
    /// Being verified now.
    Authenticating,
    /// Being recovered or reset now.
    Recovering,
}

impl From<idx::AuthenticatorState> for AuthenticatorState {
    fn from(state: idx::AuthenticatorState) -> Self {
        match state {
            idx::AuthenticatorState::Available => AuthenticatorState::Available,
            idx::AuthenticatorState::Enrolled => AuthenticatorState::Enrolled,
            idx::AuthenticatorState::Enrolling => AuthenticatorState::Enrolling,
            idx::AuthenticatorState::Authenticating => AuthenticatorState::Authenticating,
            idx::AuthenticatorState::Recovering => AuthenticatorState::Recovering,
        }
    }
}

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum MessageClass {
    /// Something went wrong.
    Error,
    /// Something needs attention.
    Warning,
    /// For information; a sign-in may still have ended with it.
    Info,
}

impl From<idx::MessageClass> for MessageClass {
    fn from(class: idx::MessageClass) -> Self {
        match class {
            idx::MessageClass::Error => MessageClass::Error,
            idx::MessageClass::Warning => MessageClass::Warning,
            idx::MessageClass::Info => MessageClass::Info,
        }
    }
}
