//! The i18n keys of messages that the reference lists (idx.md section 7.2). Match on these, never on a message's text.

use super::names::open_set;

open_set! {
    /// What a message says. A key of a family that grows (device assurance, biometrics) has a test of its own:
    /// [`MessageKey::is_within`].
    MessageKey {
        // Field and step errors: stay on the step, try again.
        AuthenticationFailed = "errors.E0000004",
        IncorrectPassword = "incorrectPassword",
        PasscodeInvalid = "api.authn.error.PASSCODE_INVALID",
        SoftTokenInvalid = "authfactor.challenge.soft_token.invalid_passcode",
        SoftTokenUsed = "authfactor.challenge.soft_token.used_passcode",
        QuestionAnswerInvalid = "authfactor.challenge.question_factor.answer_invalid",
        FactorSuspended = "authfactor.challenge.suspended_factor",
        UserLocked = "errors.E0000119",
        AccountLocked = "errors.E0000069",
        LockedOut = "error.auth.lockedOut",
        FieldInvalid = "errors.E0000035",
        NextPasscode = "errors.E0000113",
        SmsTooSoon = "errors.E0000150",
        CallTooSoon = "errors.E0000151",
        HotpRestricted = "enroll.hotp.restricted",
        PhoneInvalid = "api.factors.error.sms.invalid_phone",
        WebauthnAssertionFailed = "authfactor.webauthn.error.assertion_validation_failure",
        PasswordRequirementsNotMet = "password.passwordRequirementsNotMet",
        PasswordCommon = "password.common",
        PasswordUpdatedButSignInFailed = "api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE",
        LdapPasswordResetFailed = "app.ldap.password.reset.failed",
        RegistrationNotUnique = "registration.error.notUniqueWithinOrg",
        RegistrationInvalidLoginEmail = "registration.error.invalidLoginEmail",
        RegistrationDoesNotMatchPattern = "registration.error.doesNotMatchPattern",
        RegistrationGeneric = "registration.error.generic",
        RegistrationNotCompleted = "registration.error.request.not.completed",
        SecurityAnswerTooShort = "securityQuestion.answer.tooShort.arg",
        TagsNotAllowed = "tagsNotAllowed",
        UsernameRequired = "error.username.required",
        PasswordRequired = "error.password.required",
        NfcPinIncorrect = "api.authenticator.error.nfc.pin_incorrect",
        // The state of an authenticator: resend, or use another.
        PushRejected = "api.authn.poll.error.push_rejected",
        PushVerifyEnableBiometrics = "oie.authenticator.app.method.push.verify.enable.biometrics",
        PushEnrollEnableBiometrics = "oie.authenticator.app.method.push.enroll.enable.biometrics",
        CustomAppEnableBiometrics = "oie.authenticator.custom_app.method.push.verify.enable.biometrics",
        TotpEnableBiometrics = "oie.authenticator.oktaverify.method.totp.verify.enable.biometrics",
        FastpassEnableBiometrics = "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics",
        FastpassEnableBiometricsMobile =
            "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.mobile",
        FastpassEnableBiometricsDesktop =
            "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.desktop",
        FastpassEnableBiometricsWindows =
            "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.windows",
        NumberChallengeUpgrade = "oie.authenticator.app.method.push.force.upgrade.number_challenge",
        FipsAppUpdateRequired = "oie.authenticator.app.non_fips_compliant_enrollment_app_update_required",
        FipsDeviceIncompatible = "oie.authenticator.app.non_fips_compliant_enrollment_device_incompatible",
        DuoFailed = "oie.authenticator.duo.method.duo.verification_failed",
        DuoTimeout = "oie.authenticator.duo.method.duo.verification_timeout",
        IdpEnrollFailed = "oie.authenticator.enroll.error.fail",
        IdpVerifyFailed = "oie.authenticator.verify.error.fail",
        SignedNonceError = "core.auth.factor.signedNonce.error",
        SignedNonceInvalidDevice = "core.auth.factor.signedNonce.error.invalidDevice",
        SignedNonceInvalidEnrollment = "core.auth.factor.signedNonce.error.invalidEnrollment",
        SignedNonceInvalidFactor = "core.auth.factor.signedNonce.error.invalidFactor",
        SignedNonceDeletedDevice = "core.auth.factor.signedNonce.error.deletedDevice",
        SignedNonceInvalidDeviceStatus = "core.auth.factor.signedNonce.error.invalidDeviceStatus",
        NfcSignInToUse = "api.authenticator.error.nfc.sign_in_to_use",
        NfcUnavailable = "api.authenticator.error.nfc.unavailable",
        FastpassBlockedSharedDevice = "api.authenticator.error.fastpass.blocked_shared_device",
        AssuranceUnsatisfiable = "oie.assurance.unsatisfiable",
        // Access, session, rate: usually terminal.
        SessionExpired = "idx.session.expired" | "error.expired.session",
        TooManyRequests = "tooManyRequests" | "oie.tooManyRequests",
        AccessDenied = "security.access_denied",
        AccessDeniedCustom = "security.access_denied_custom_message",
        UserNotAssignedToApp = "idx.error.user.not.assigned.to.app",
        UserNotAssigned = "idx.error.code.user_not_assigned",
        IdentityProviderError = "idx.identity.provider.auth.error",
        RegistrationUnavailable = "idx.error.registration.unavailable",
        SafeModeEnrollmentUnavailable = "idx.error.server.safe.mode.enrollment.unavailable",
        InvalidDeviceCode = "idx.invalid.device.code",
        TransactionNotFound = "core.system.transaction_resource_not_found",
        DeviceAssuranceGracePeriod = "idx.device_assurance.grace_period.warning.title.due_by_date",
        InternalError = "E0000009",
        ReadOnlyMode = "E0000010",
        BadRequest = "E0000020",
        // Self-service and information.
        UnknownUser = "idx.unknown.user",
        PasswordExpiring = "idx.password.expiring.message",
        EmailVerificationRequired = "idx.email.verification.required",
        ReturnToOriginalTab = "idx.return.to.original.tab",
        ReturnLinkExpired = "idx.return.link.expired",
        ReturnStale = "idx.return.stale",
        ReturnError = "idx.return.error",
        TransferredToNewTab = "idx.transferred.to.new.tab",
        EnterOtpInOriginalTab = "idx.enter.otp.in.original.tab",
        OperationCancelledByUser = "idx.operation.cancelled.by.user",
        OperationCancelledOnOtherDevice = "idx.operation.cancelled.on.other.device",
        DeviceActivated = "idx.device.activated",
        DeviceConsentDenied = "idx.device.not.activated.consent.denied",
        DeviceInternalError = "idx.device.not.activated.internal.error",
        RequestActivationEmail = "idx.request.activation.email",
        ActivatingInactiveUser = "idx.activating.inactive.user",
        ExpiredActivationToken = "idx.expired.activation.token",
        MissingActivationToken = "idx.missing.activation.token",
        InvalidForgotPasswordToken = "idx.invalid.forgot.password.token",
        InvalidResetPasswordToken = "idx.invalid.reset.password.token",
        ResetPasswordActivatingUser = "idx.reset.password.activating.user",
        RecoveryCompleted = "idx.recovery.completed",
        ResetPasswordNotAllowed = "oie.selfservice.reset.password.not.allowed",
        UnlockNotAllowed = "oie.selfservice.user.unlock.not.allowed",
        UnlockSuccess = "oie.selfservice.unlock_user.success.message",
        UnlockFailed = "oie.selfservice.unlock_user.failed.message",
        UnlockChallengeFailed = "oie.selfservice.unlock_user.challenge.failed.permissions",
        UnlockLandedInApp = "oie.selfservice.unlock_user.landing.to.app.success.message",
        RegistrationNotEnabled = "oie.registration.is.not.enabled",
        ForgotPasswordNotEnabled = "oie.forgot.password.is.not.enabled",
        InvalidRecoveryToken = "oie.invalid.recovery.token",
    }
}

/// The family of device-posture hints; shown in the order they come: title, explanation, options and rules.
pub const DEVICE_ASSURANCE: &str = "idx.error.code.access_denied.device_assurance.remediation";

/// The family of the org's own texts for the same.
pub const DEVICE_ASSURANCE_CUSTOM: &str = "device.assurance.custom.remediation";
/// The family of what is wrong with a new user name.
pub const REGISTRATION_USER_NAME: &str = "registration.error.userName";

impl MessageKey {
    /// Whether the key is `family` itself or below it: exact, or followed by a dot (idx.md section 7.1).
    pub fn is_within(&self, family: &str) -> bool {
        self.as_str().strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_end_at_a_dot() {
        let key = MessageKey::from("idx.error.code.access_denied.device_assurance.remediation.title");
        assert!(key.is_within(DEVICE_ASSURANCE));
        assert!(!MessageKey::from("idx.session.expiredness").is_within("idx.session.expired"));
        assert!(MessageKey::SessionExpired.is_within("idx.session"));
    }
}
