//! Words of the core for other languages: what the library has a word for, and everything else by its wire name.
//!
//! Each enum names its source's variants, and the conversion is a `match` without a rest: a variant that the core gains and
//! that is missing here does not compile, so that it cannot become `Other` unseen.

use crate::idx;

/// An open set: the same variants, and `Other` with the wire name.
macro_rules! open {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        open! { $(#[$doc])* $name of $name { $($variant),+ } }
    };
    ($(#[$doc:meta])* $name:ident of $core:ident { $($variant:ident),+ $(,)? }) => {
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

        impl From<idx::$core> for $name {
            fn from(source: idx::$core) -> Self {
                match source {
                    $(idx::$core::$variant => $name::$variant,)+
                    idx::$core::Other(name) => $name::Other { name },
                }
            }
        }

        impl From<$name> for idx::$core {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => idx::$core::$variant,)+
                    $name::Other { name } => idx::$core::Other(name),
                }
            }
        }
    };
}

/// A closed set: the same variants.
macro_rules! closed {
    ($(#[$doc:meta])* $name:ident of $room:ident { $($(#[$of:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl From<crate::$room::$name> for $name {
            fn from(source: crate::$room::$name) -> Self {
                match source {
                    $(crate::$room::$name::$variant => $name::$variant,)+
                }
            }
        }
    };
}
pub(super) use closed;

closed! {
    /// What a step asks for, by all of its remediations (idx.md section 11.1).
    StepStatus of idx {
        Success, SuccessRedirect, FailureRedirect, Terminal, DeviceEnrollment, PasswordExpired, PasswordExpiring,
        PasswordReset, ProfileEnrollment, AuthenticatorVerification, AuthenticatorEnrollment, ChallengePoll, EnrollPoll,
        DeviceChallengePoll, AuthenticatorVerificationData, AuthenticatorEnrollmentData, EnrollmentChannelData,
        AuthenticatorSelection, AuthenticatorEnrollmentSelection, UnlockSelection, Identification,
        RecoveryIdentification, Consent, UserCode, KeepMeSignedIn, Redirect, SafeModePoll, Other,
    }
}

open! {
    /// What a remediation is for (idx.md section 5).
    RemediationKind {
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

open! {
    /// The stable identifier of a kind of authenticator (idx.md section 6.2).
    AuthenticatorKey {
        Password, Email, Phone, OktaVerify, GoogleOtp, SecurityQuestion, Webauthn, Duo, RsaToken, OnpremMfa, CustomOtp,
        SymantecVip, YubikeyToken, CustomApp, ExternalIdp, SmartCardIdp, TemporaryAccessCode, NfcPin,
    }
}

open! {
    /// How an authenticator is used (idx.md section 6.2).
    MethodType {
        Password, Email, Sms, Voice, Push, Totp, SignedNonce, Otp, SecurityQuestion, Webauthn, Duo, Idp, Cert,
        TemporaryAccessCode, Nfc, NfcPin, Crypto,
    }
}

open! {
    /// What the transaction is for (idx.md section 3.1).
    Purpose of Intent {
        Login, CredentialEnrollment, CredentialUnenrollment, CredentialModify, CredentialRecovery, EnrollNewUser,
        Consent, Authentication, Enrollment, Recovery, UnlockAccount, None,
    }
}

open! {
    /// What a message says (idx.md section 7.2). Decide by it, never by a text.
    MessageKey {
        AuthenticationFailed, IncorrectPassword, PasscodeInvalid, SoftTokenInvalid, SoftTokenUsed,
        QuestionAnswerInvalid, FactorSuspended, UserLocked, AccountLocked, LockedOut, FieldInvalid, NextPasscode,
        SmsTooSoon, CallTooSoon, HotpRestricted, PhoneInvalid, WebauthnAssertionFailed, PasswordRequirementsNotMet,
        PasswordCommon, PasswordUpdatedButSignInFailed, LdapPasswordResetFailed, RegistrationNotUnique,
        RegistrationInvalidLoginEmail, RegistrationDoesNotMatchPattern, RegistrationGeneric, RegistrationNotCompleted,
        SecurityAnswerTooShort, TagsNotAllowed, UsernameRequired, PasswordRequired, NfcPinIncorrect, PushRejected,
        PushVerifyEnableBiometrics, PushEnrollEnableBiometrics, CustomAppEnableBiometrics, TotpEnableBiometrics,
        FastpassEnableBiometrics, FastpassEnableBiometricsMobile, FastpassEnableBiometricsDesktop,
        FastpassEnableBiometricsWindows, NumberChallengeUpgrade, FipsAppUpdateRequired, FipsDeviceIncompatible,
        DuoFailed, DuoTimeout, IdpEnrollFailed, IdpVerifyFailed, SignedNonceError, SignedNonceInvalidDevice,
        SignedNonceInvalidEnrollment, SignedNonceInvalidFactor, SignedNonceDeletedDevice,
        SignedNonceInvalidDeviceStatus, NfcSignInToUse, NfcUnavailable, FastpassBlockedSharedDevice,
        AssuranceUnsatisfiable, SessionExpired, TooManyRequests, AccessDenied, AccessDeniedCustom,
        UserNotAssignedToApp, UserNotAssigned, IdentityProviderError, RegistrationUnavailable,
        SafeModeEnrollmentUnavailable, InvalidDeviceCode, TransactionNotFound, DeviceAssuranceGracePeriod,
        InternalError, ReadOnlyMode, BadRequest, UnknownUser, PasswordExpiring, EmailVerificationRequired,
        ReturnToOriginalTab, ReturnLinkExpired, ReturnStale, ReturnError, TransferredToNewTab, EnterOtpInOriginalTab,
        OperationCancelledByUser, OperationCancelledOnOtherDevice, DeviceActivated, DeviceConsentDenied,
        DeviceInternalError, RequestActivationEmail, ActivatingInactiveUser, ExpiredActivationToken,
        MissingActivationToken, InvalidForgotPasswordToken, InvalidResetPasswordToken, ResetPasswordActivatingUser,
        RecoveryCompleted, ResetPasswordNotAllowed, UnlockNotAllowed, UnlockSuccess, UnlockFailed,
        UnlockChallengeFailed, UnlockLandedInApp, RegistrationNotEnabled, ForgotPasswordNotEnabled,
        InvalidRecoveryToken,
    }
}

open! {
    /// What type a field's value has.
    FieldType { String, Boolean, Integer, Number, Object }
}

closed! {
    /// What an authenticator is doing in a step.
    AuthenticatorState of idx {
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
}

closed! {
    /// How serious a message is.
    MessageClass of idx {
        /// Something went wrong.
        Error,
        /// Something needs attention.
        Warning,
        /// For information; a sign-in may still have ended with it.
        Info,
    }
}

closed! {
    /// What the platform is to do with passkeys.
    PasskeyKind of idx {
        /// Make one.
        Create,
        /// Sign with one.
        Get,
    }
}
