//! The open sets of the protocol: names that the reference lists, and room for those it does not.
//!
//! Every enum here ends in `Other`, which keeps the raw string. An unknown remediation, authenticator, method or message
//! is data, never an error. `as_str()` gives the wire name back unchanged.

/// An enum of known wire names with `Other` for the rest.
macro_rules! open_set {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $wire:literal $(| $alias:literal)*,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $wire, "`")] $variant,)+
            /// Any other name, as it came.
            Other(String),
        }

        impl $name {
            /// Every name known to the library, in the order of the reference.
            pub const KNOWN: &'static [$name] = &[$($name::$variant),+];

            /// The wire name; for an alias the canonical one.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $wire,)+
                    $name::Other(name) => name,
                }
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                match name {
                    $($wire $(| $alias)* => $name::$variant,)+
                    other => $name::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(super) use open_set;

open_set! {
    /// What a remediation is for (idx.md section 5).
    RemediationKind {
        Identify = "identify",
        SelectIdentify = "select-identify",
        IdentifyRecovery = "identify-recovery",
        RedirectIdp = "redirect-idp",
        PivIdp = "piv-idp",
        RedirectIdverify = "redirect-idverify",
        UnlockAccount = "unlock-account",
        SelectEnrollProfile = "select-enroll-profile",
        UserCode = "user-code",
        KeepMeSignedIn = "keep-me-signed-in",
        Skip = "skip",
        DeviceAssuranceGracePeriod = "device-assurance-grace-period",
        Cancel = "cancel",
        EnrollProfile = "enroll-profile",
        ProfileUpdate = "profile-update",
        RequestActivationEmail = "request-activation-email",
        Consent = "consent",
        AdminConsent = "admin-consent",
        GranularConsent = "granular-consent",
        EmailChallengeConsent = "email-challenge-consent",
        SelectAuthenticatorAuthenticate = "select-authenticator-authenticate",
        SelectAuthenticatorEnroll = "select-authenticator-enroll",
        SelectAuthenticatorUnlockAccount = "select-authenticator-unlock-account",
        AuthenticatorVerificationData = "authenticator-verification-data",
        AuthenticatorEnrollmentData = "authenticator-enrollment-data",
        SelectEnrollmentChannel = "select-enrollment-channel",
        EnrollmentChannelData = "enrollment-channel-data",
        SelectAuthenticatorEnrollData = "select-authenticator-enroll-data",
        ChallengeAuthenticator = "challenge-authenticator",
        EnrollAuthenticator = "enroll-authenticator",
        ChallengePoll = "challenge-poll",
        EnrollPoll = "enroll-poll",
        DeviceChallengePoll = "device-challenge-poll",
        Poll = "poll",
        Resend = "resend",
        ResetAuthenticator = "reset-authenticator",
        ReenrollAuthenticator = "reenroll-authenticator",
        ReenrollAuthenticatorWarning = "reenroll-authenticator-warning",
        ReenrollCustomPasswordExpiry = "reenroll-custom-password-expiry",
        ReenrollCustomPasswordExpiryWarning = "reenroll-custom-password-expiry-warning",
        EnrollAuthenticatorPromotion = "enroll-authenticator-promotion",
        ChallengeWebauthnAutofillui = "challenge-webauthn-autofillui-authenticator",
        LaunchPasskeysAuthenticator = "launch-passkeys-authenticator",
        LaunchAuthenticator = "launch-authenticator",
        LaunchWebauthnAuthenticator = "launch-webauthn-authenticator",
        EnrollWebauthnResidentkey = "enroll-webauthn-residentkey",
        LaunchNfcAuthenticator = "launch-nfc-authenticator",
        DeviceAppleSsoExtension = "device-apple-sso-extension",
        CancelTransaction = "cancel-transaction",
        SuccessRedirect = "success-redirect",
        FailureRedirect = "failure-redirect",
        Issue = "issue",
        Recover = "recover",
        Send = "send",
        CancelPolling = "cancel-polling",
        Context = "context",
    }
}

open_set! {
    /// The stable identifier of a kind of authenticator (idx.md section 6.2).
    AuthenticatorKey {
        Password = "okta_password",
        Email = "okta_email",
        Phone = "phone_number",
        OktaVerify = "okta_verify",
        GoogleOtp = "google_otp",
        SecurityQuestion = "security_question",
        Webauthn = "webauthn",
        Duo = "duo",
        RsaToken = "rsa_token",
        OnpremMfa = "onprem_mfa",
        CustomOtp = "custom_otp",
        SymantecVip = "symantec_vip",
        YubikeyToken = "yubikey_token",
        CustomApp = "custom_app" | "custom_push",
        ExternalIdp = "external_idp",
        SmartCardIdp = "smart_card_idp",
        TemporaryAccessCode = "tac",
        NfcPin = "nfc_pin",
    }
}

open_set! {
    /// How an authenticator is used (idx.md section 6.2).
    MethodType {
        Password = "password",
        Email = "email",
        Sms = "sms",
        Voice = "voice",
        Push = "push",
        Totp = "totp",
        SignedNonce = "signed_nonce" | "signedNonce",
        Otp = "otp",
        SecurityQuestion = "security_question",
        Webauthn = "webauthn",
        Duo = "duo",
        Idp = "idp",
        Cert = "cert",
        TemporaryAccessCode = "tac",
        Nfc = "nfc",
        NfcPin = "nfc_pin",
        Crypto = "crypto",
    }
}

open_set! {
    /// What the transaction is for (idx.md section 3.1). Compared without regard to case.
    Intent {
        Login = "LOGIN",
        CredentialEnrollment = "CREDENTIAL_ENROLLMENT",
        CredentialUnenrollment = "CREDENTIAL_UNENROLLMENT",
        CredentialModify = "CREDENTIAL_MODIFY",
        CredentialRecovery = "CREDENTIAL_RECOVERY",
        EnrollNewUser = "ENROLL_NEW_USER",
        Consent = "CONSENT",
        Authentication = "AUTHENTICATION",
        Enrollment = "ENROLLMENT",
        Recovery = "RECOVERY",
        UnlockAccount = "UNLOCK_ACCOUNT",
        None = "NONE",
    }
}

impl Intent {
    /// The intent for a wire value in any case; an unknown one is kept as it came.
    pub fn from_wire(value: &str) -> Self {
        match Intent::from(value.to_ascii_uppercase().as_str()) {
            Intent::Other(_) => Intent::Other(value.to_owned()),
            known => known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_go_there_and_back_and_unknown_ones_stay() {
        for kind in RemediationKind::KNOWN {
            assert_eq!(&RemediationKind::from(kind.as_str()), kind);
        }
        assert_eq!(RemediationKind::from("scan-iris").as_str(), "scan-iris");
        assert_eq!(AuthenticatorKey::from("custom_push"), AuthenticatorKey::CustomApp);
        assert_eq!(Intent::from_wire("login"), Intent::Login);
        assert_eq!(Intent::from_wire("Teleport").as_str(), "Teleport");
    }
}
