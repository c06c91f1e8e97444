//! What is said otherwise than the server says it, by the key of a message: how serious it is, at which input it belongs
//! when it came without one, and in whose words. What is not here is shown as it came.

use super::Severity::{self, Error, Info, Success, Warning};

/// A row: its keys, each with its family (whatever follows after `.` or `_`).
pub(super) struct Rule {
    keys: &'static [&'static str],
    pub severity: Option<Severity>,
    /// The words of the [asks](crate::screen::Ask) whose only input it belongs to.
    pub asks: &'static [&'static str],
    pub says: Says,
}

/// In whose words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// The server's.
    AsSent,
    /// Ours, under this key.
    Ours(&'static str),
    /// The first parameter of the message, which is a text of another system.
    Parameter,
    /// The server's, below this heading of ours.
    Under(&'static str),
}

use Says::{AsSent, Ours, Parameter, Under};

const fn rule(keys: &'static [&'static str], severity: Severity, asks: &'static [&'static str], says: Says) -> Rule {
    Rule { keys, severity: Some(severity), asks, says }
}

/// The first row that fits decides.
const RULES: &[Rule] = &[
    // It must not tell an unknown user, a locked one and a wrong password apart.
    rule(&["errors.E0000004"], Error, &[], Ours("error.sign_in.text")),
    rule(&["incorrectPassword", "app.ldap.password.reset.failed"], Error, &["password", "new_password"], AsSent),
    rule(&["api.authn.error.PASSCODE_INVALID", "api.authenticator.error.nfc.pin_incorrect"], Error, &["code"], AsSent),
    rule(&["authfactor.challenge.question_factor.answer_invalid"], Error, &["answer"], AsSent),
    rule(&["api.factors.error.sms.invalid_phone"], Error, &["phone"], AsSent),
    // The server's words begin with "API error".
    rule(&["authfactor.challenge.soft_token.invalid_passcode"], Error, &["code"], Ours("error.code.text")),
    rule(&["authfactor.challenge.soft_token.used_passcode"], Error, &["code"], Ours("error.code_used.text")),
    rule(&["errors.E0000113"], Info, &["code"], Parameter),
    rule(&["authfactor.webauthn.error.assertion_validation_failure"], Error, &[], Ours("error.passkey.text")),
    // Sent as information.
    rule(&["idx.unknown.user"], Error, &["username"], AsSent),
    rule(&["error.username.required"], Error, &["username"], Ours("check.required.text")),
    rule(&["error.password.required"], Error, &["password"], Ours("check.required.text")),
    rule(&["error.expired.session", "idx.session.expired"], Error, &[], Ours("error.expired.text")),
    rule(&["tooManyRequests", "oie.tooManyRequests"], Warning, &[], Ours("error.limit.text")),
    rule(&["errors.E0000150", "errors.E0000151"], Warning, &[], AsSent),
    rule(&["E0000009", "E0000010", "E0000020"], Error, &[], Ours("error.server.text")),
    rule(&["errors.E0000009", "errors.E0000010", "errors.E0000020"], Error, &[], Ours("error.server.text")),
    rule(&["api.authn.poll.error.push_rejected"], Error, &[], Ours("error.push.text")),
    rule(
        &[
            "oie.authenticator.app.method.push.verify.enable.biometrics",
            "oie.authenticator.app.method.push.enroll.enable.biometrics",
            "oie.authenticator.custom_app.method.push.verify.enable.biometrics",
            "oie.authenticator.oktaverify.method.totp.verify.enable.biometrics",
            "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics",
            "oie.authenticator.app.method.push.force.upgrade.number_challenge",
            "oie.authenticator.app.non_fips_compliant_enrollment",
        ],
        Error,
        &[],
        Under("error.app_setup.title"),
    ),
    Rule {
        keys: &["api.authenticator.error.nfc", "api.authenticator.error.fastpass.blocked_shared_device"],
        severity: None,
        asks: &[],
        says: Under("error.unusable.title"),
    },
    rule(&["password"], Error, &["new_password"], AsSent),
    rule(&["securityQuestion.answer.tooShort.arg"], Error, &["answer"], AsSent),
    rule(&["registration.error", "tagsNotAllowed"], Error, &[], AsSent),
    rule(&["authfactor.challenge.suspended_factor"], Error, &[], AsSent),
    rule(&["oie.selfservice.unlock_user.landing.to.app.success.message"], Success, &[], AsSent),
    rule(&["oie.selfservice.unlock_user.success.message", "idx.recovery.completed"], Success, &[], AsSent),
    rule(&["idx.device.activated"], Success, &[], AsSent),
    rule(&["oie.assurance.unsatisfiable", "security", "idx.error"], Error, &[], AsSent),
    rule(&["enroll.hotp.restricted"], Error, &[], AsSent),
    rule(&["oie.authenticator.enroll.error.fail", "oie.authenticator.verify.error.fail"], Error, &[], AsSent),
    rule(&["oie.authenticator.duo", "oie.selfservice"], Error, &[], AsSent),
    // Bad ends that come as information, or without any class.
    rule(&["idx.return.link.expired", "idx.return.stale", "idx.return.error"], Error, &[], AsSent),
    rule(&["idx.device.not.activated"], Error, &[], AsSent),
];

/// Whether a key is one of these, or of the family of one.
pub(super) fn within(key: &str, families: &[&str]) -> bool {
    let of =
        |family: &&str| key.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_']));
    families.iter().any(of)
}

/// The row of a key. Words of the organization are never replaced.
pub(super) fn of(key: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| within(key, rule.keys))
}

/// Whether the organization wrote the text itself.
pub(super) fn is_custom(key: &str) -> bool {
    key.contains("custom")
}
