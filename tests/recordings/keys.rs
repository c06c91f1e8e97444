//! Each message key that the library knows is in a recording, or here under the reason why it is known all the same.

use interaction_code::idx::{MessageKey, Step};

use super::{files, fixtures::Fixtures};

/// An error code that the API's own reference lists; as a message it has the code for a key.
const API_ERRORS: &[&str] = &[
    "errors.E0000119",
    "errors.E0000069",
    "errors.E0000035",
    "errors.E0000113",
    "errors.E0000150",
    "errors.E0000151",
    "E0000009",
    "E0000010",
    "E0000020",
];

/// Made by client programs themselves, where a flow is not offered.
const CLIENTS: &[&str] =
    &["oie.registration.is.not.enabled", "oie.forgot.password.is.not.enabled", "oie.invalid.recovery.token"];

/// The server's own pages have words or behaviour for it (idx.md section 7.2); nobody published a response.
const PAGES: &[&str] = &[
    "authfactor.challenge.soft_token.invalid_passcode",
    "authfactor.challenge.soft_token.used_passcode",
    "error.auth.lockedOut",
    "enroll.hotp.restricted",
    "api.factors.error.sms.invalid_phone",
    "authfactor.webauthn.error.assertion_validation_failure",
    "password.passwordRequirementsNotMet",
    "password.common",
    "api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE",
    "app.ldap.password.reset.failed",
    "registration.error.notUniqueWithinOrg",
    "registration.error.generic",
    "registration.error.request.not.completed",
    "tagsNotAllowed",
    "error.username.required",
    "error.password.required",
    "api.authenticator.error.nfc.pin_incorrect",
    "api.authn.poll.error.push_rejected",
    "oie.authenticator.app.method.push.verify.enable.biometrics",
    "oie.authenticator.app.method.push.enroll.enable.biometrics",
    "oie.authenticator.custom_app.method.push.verify.enable.biometrics",
    "oie.authenticator.oktaverify.method.totp.verify.enable.biometrics",
    "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics",
    "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.mobile",
    "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.desktop",
    "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.windows",
    "oie.authenticator.app.method.push.force.upgrade.number_challenge",
    "oie.authenticator.app.non_fips_compliant_enrollment_app_update_required",
    "oie.authenticator.app.non_fips_compliant_enrollment_device_incompatible",
    "oie.authenticator.duo.method.duo.verification_failed",
    "oie.authenticator.duo.method.duo.verification_timeout",
    "oie.authenticator.enroll.error.fail",
    "oie.authenticator.verify.error.fail",
    "core.auth.factor.signedNonce.error",
    "core.auth.factor.signedNonce.error.invalidDevice",
    "core.auth.factor.signedNonce.error.invalidEnrollment",
    "core.auth.factor.signedNonce.error.invalidFactor",
    "core.auth.factor.signedNonce.error.deletedDevice",
    "core.auth.factor.signedNonce.error.invalidDeviceStatus",
    "api.authenticator.error.nfc.sign_in_to_use",
    "api.authenticator.error.nfc.unavailable",
    "api.authenticator.error.fastpass.blocked_shared_device",
    "oie.assurance.unsatisfiable",
    "tooManyRequests",
    "security.access_denied",
    "security.access_denied_custom_message",
    "idx.error.user.not.assigned.to.app",
    "idx.error.code.user_not_assigned",
    "idx.identity.provider.auth.error",
    "idx.error.registration.unavailable",
    "idx.error.server.safe.mode.enrollment.unavailable",
    "idx.invalid.device.code",
    "core.system.transaction_resource_not_found",
    "idx.device_assurance.grace_period.warning.title.due_by_date",
    "idx.password.expiring.message",
    "idx.email.verification.required",
    "idx.return.to.original.tab",
    "idx.return.link.expired",
    "idx.return.stale",
    "idx.return.error",
    "idx.transferred.to.new.tab",
    "idx.enter.otp.in.original.tab",
    "idx.operation.cancelled.by.user",
    "idx.operation.cancelled.on.other.device",
    "idx.device.activated",
    "idx.device.not.activated.consent.denied",
    "idx.device.not.activated.internal.error",
    "idx.request.activation.email",
    "idx.activating.inactive.user",
    "idx.expired.activation.token",
    "idx.missing.activation.token",
    "idx.invalid.forgot.password.token",
    "idx.invalid.reset.password.token",
    "idx.reset.password.activating.user",
    "idx.recovery.completed",
    "oie.selfservice.reset.password.not.allowed",
    "oie.selfservice.user.unlock.not.allowed",
    "oie.selfservice.unlock_user.success.message",
    "oie.selfservice.unlock_user.failed.message",
    "oie.selfservice.unlock_user.challenge.failed.permissions",
    "oie.selfservice.unlock_user.landing.to.app.success.message",
];

#[test]
fn each_message_key_is_recorded_or_explained() {
    let test = "recordings: each_message_key_is_recorded_or_explained";
    let explained: Vec<&str> = [API_ERRORS, CLIENTS, PAGES].concat();
    for key in &explained {
        assert_eq!(MessageKey::from(*key).as_str(), *key, "an alias, or no key at all");
        assert!(MessageKey::KNOWN.contains(&MessageKey::from(*key)), "{key} is explained and not known");
    }
    let Some(fixtures) = Fixtures::open(test) else { return };
    let Some(files) = files(&fixtures, test) else { return };
    let steps = files.iter().filter_map(|(_, bytes)| Step::read(bytes).ok());
    let recorded: std::collections::HashSet<MessageKey> =
        steps.flat_map(|step| step.messages().iter().filter_map(|one| one.known_key()).collect::<Vec<_>>()).collect();
    for key in MessageKey::KNOWN {
        let why = (recorded.contains(key), explained.contains(&key.as_str()));
        assert!(why.0 != why.1, "{key}: recorded {}, explained {}", why.0, why.1);
    }
}
