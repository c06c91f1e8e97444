//! What means which ending: the step first, then its messages by their keys, then errors.
//!
//! The key beats the class of a message: three keys come as information, one without any class, and are bad ends.

use super::{Ending, EndingKind, Outcome};
use crate::{
    error::{Error, ErrorKind},
    idx::{MessageClass, RemediationKind, Step},
    screen::context::Context,
};

/// Keys that mean the same, each with its family: whatever follows it after `.` or `_`.
struct Row {
    kind: EndingKind,
    keys: &'static [&'static str],
    /// Where it is not what the kind says.
    good: Option<bool>,
    outcome: Option<Outcome>,
}

const fn row(kind: EndingKind, keys: &'static [&'static str]) -> Row {
    Row { kind, keys, good: None, outcome: None }
}

const fn with(outcome: Outcome, row: Row) -> Row {
    Row { outcome: Some(outcome), ..row }
}

/// The first row that fits any message decides. Codes of errors stand without `errors.`.
const ROWS: &[Row] = &[
    row(
        EndingKind::Unlocked,
        &["oie.selfservice.unlock_user.success.message", "oie.selfservice.unlock_user.landing.to.app.success.message"],
    ),
    row(EndingKind::Recovered, &["idx.recovery.completed"]),
    row(EndingKind::MailSent, &["idx.email.verification.required", "idx.request.activation.email"]),
    row(EndingKind::DeviceActivated, &["idx.device.activated"]),
    row(EndingKind::Moved, &["idx.transferred.to.new.tab", "idx.return.to.original.tab"]),
    row(EndingKind::CodeElsewhere, &["idx.enter.otp.in.original.tab"]),
    row(EndingKind::Expired, &["idx.session.expired", "error.expired.session"]),
    row(
        EndingKind::LinkExpired,
        &[
            "idx.return.link.expired",
            "idx.return.stale",
            "idx.return.error",
            "idx.expired.activation.token",
            "idx.missing.activation.token",
            "idx.invalid.forgot.password.token",
            "idx.invalid.reset.password.token",
            "idx.invalid.device.code",
            "oie.invalid.recovery.token",
        ],
    ),
    row(EndingKind::TimedOut, &["core.system.transaction_resource_not_found"]),
    row(EndingKind::PushRejected, &["api.authn.poll.error.push_rejected"]),
    row(
        EndingKind::Declined,
        &[
            "idx.operation.cancelled.by.user",
            "idx.operation.cancelled.on.other.device",
            "idx.device.not.activated.consent.denied",
        ],
    ),
    row(EndingKind::Limited, &["tooManyRequests", "oie.tooManyRequests", "E0000150", "E0000151", "E0000047"]),
    row(EndingKind::Unavailable, &["idx.error.server.safe.mode", "E0000010"]),
    row(
        EndingKind::Locked,
        &[
            "authfactor.challenge.suspended_factor",
            "idx.activating.inactive.user",
            "oie.selfservice.unlock_user.failed.message",
            "oie.selfservice.unlock_user.challenge.failed.permissions",
            "E0000119",
            "E0000069",
            "error.auth.lockedOut",
        ],
    ),
    row(
        EndingKind::NotAllowed,
        &[
            "oie.selfservice.reset.password.not.allowed",
            "oie.selfservice.user.unlock.not.allowed",
            "E0000035",
            "idx.reset.password.activating.user",
            "idx.error.registration.unavailable",
            "registration.error",
            "oie.registration.is.not.enabled",
            "oie.forgot.password.is.not.enabled",
        ],
    ),
    with(Outcome::ClientMisconfigured, row(EndingKind::NotAllowed, &["idx.error.code.no_matching_policy"])),
    row(
        EndingKind::DeviceRefused,
        &[
            "idx.error.code.access_denied.device_assurance",
            "device.assurance.custom",
            "core.auth.factor.signedNonce.error",
            "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics",
        ],
    ),
    with(
        Outcome::NotAssigned,
        row(EndingKind::Denied, &["idx.error.code.user_not_assigned", "idx.error.user.not.assigned.to.app"]),
    ),
    with(Outcome::PolicyUnsatisfiable, row(EndingKind::Denied, &["oie.assurance.unsatisfiable"])),
    row(EndingKind::Denied, &["security.access_denied"]),
    // Changed, but not signed in.
    Row {
        good: Some(false),
        outcome: Some(Outcome::Terminal),
        ..row(EndingKind::Recovered, &["api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE"])
    },
    row(
        EndingKind::Failed,
        &["idx.identity.provider.auth.error", "idx.device.not.activated.internal.error", "E0000009", "E0000020"],
    ),
];

/// The row after which a device that must be set up comes.
const AFTER_ENROLL_DEVICE: EndingKind = EndingKind::Expired;

/// A key as the table has it: a code of an error is the same with and without `errors.`.
pub(super) fn code(key: &str) -> &str {
    key.strip_prefix("errors.").unwrap_or(key)
}

/// The number of the row that a key belongs to.
fn row_of(key: &str) -> Option<usize> {
    let key = code(key);
    let of_family =
        |family: &str| key.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_']));
    ROWS.iter().position(|row| row.keys.iter().any(|family| of_family(family)))
}

/// What an unattended run makes of a key, where the kind alone does not say it.
pub(super) fn outcome_of_key(key: &str) -> Option<Outcome> {
    ROWS[row_of(key)?].outcome
}

/// The first row that fits one of these keys, and the key.
fn first(keys: impl Iterator<Item = impl AsRef<str>>) -> Option<(&'static Row, String)> {
    let rows = keys.filter_map(|key| Some((row_of(key.as_ref())?, key.as_ref().to_owned())));
    rows.min_by_key(|(at, _)| *at).map(|(at, key)| (&ROWS[at], key))
}

impl Row {
    fn ending(&self, key: String) -> Ending {
        let ending = Ending::of_kind(self.kind);
        Ending { good: self.good.unwrap_or(ending.good), key: Some(key), ..ending }
    }
}

impl Ending {
    /// How the sign-in ended at this step; `None` while it can go on. A step that offers `skip` and nothing else beside its
    /// messages reads like an ending, and can still go on by leaving it out.
    pub fn at(step: &Step) -> Option<Ending> {
        let of_kind = |kind| {
            let key = step.messages().iter().find_map(|message| message.key()).map(|key| key.into_owned());
            Some(Ending { key, ..Ending::of_kind(kind) })
        };
        let is_offered = |member: &str, kind: RemediationKind| {
            step.json().present(member).is_some() || step.remediations().any(|remediation| remediation.kind() == kind)
        };
        if step.success_with_interaction_code().is_some() {
            return Some(Ending::of_kind(EndingKind::SignedIn));
        }
        if is_offered("success", RemediationKind::SuccessRedirect) {
            return of_kind(if step.has_error() { EndingKind::Denied } else { EndingKind::Redirect });
        }
        if is_offered("failure", RemediationKind::FailureRedirect) {
            return Ending::of_messages(step).or_else(|| of_kind(EndingKind::Failed));
        }
        let skips = step.remediations().next().is_some();
        if !step.is_terminal() || step.poll().is_some() {
            return None;
        }
        let messages = step.messages();
        if skips && messages.is_empty() {
            return None;
        }
        let known = first(messages.iter().filter_map(|message| message.key()));
        let before = |kind: EndingKind| {
            let place = |kind| ROWS.iter().position(|row| row.kind == kind);
            place(kind) < place(AFTER_ENROLL_DEVICE)
        };
        if step.member("deviceEnrollment").is_some() && !known.as_ref().is_some_and(|(row, _)| before(row.kind)) {
            return Some(Ending::of_kind(EndingKind::EnrollDevice));
        }
        match known {
            Some((row, _)) if row.kind == EndingKind::PushRejected && step.action("resend").is_some() => None,
            Some((row, key)) => Some(row.ending(key)),
            None if messages.is_empty() => Some(Ending::of_kind(EndingKind::Other)),
            None if messages.iter().all(|message| message.class() == MessageClass::Info) => Some(Ending::done()),
            None => of_kind(EndingKind::Failed),
        }
    }

    /// What the messages of a step say, whether or not it can go on.
    pub(in crate::screen) fn of_messages(step: &Step) -> Option<Ending> {
        let messages = step.messages();
        first(messages.iter().filter_map(|message| message.key())).map(|(row, key)| row.ending(key))
    }

    /// How the sign-in ended by this error; `None` for one that ends nothing: the flow is where it was, and can be asked
    /// again.
    pub fn of_error(error: &Error) -> Option<Ending> {
        let of_key = || {
            let messages = error.messages().iter().filter_map(|message| message.key.as_deref());
            first(messages.chain(error.api_code())).map(|(row, key)| row.ending(key))
        };
        let kind = match error.kind() {
            ErrorKind::Expired => EndingKind::Expired,
            ErrorKind::RateLimited => EndingKind::Limited,
            ErrorKind::Terminal | ErrorKind::Api => match of_key() {
                Some(ending) => return Some(ending),
                None if error.kind() == ErrorKind::Api && error.http_status() == Some(403) => EndingKind::Denied,
                None => EndingKind::Failed,
            },
            ErrorKind::OAuth => match error.oauth_error().unwrap_or_default() {
                "access_denied" => EndingKind::Denied,
                "invalid_grant" | "interaction_code_unsatisfiable" => EndingKind::Expired,
                "temporarily_unavailable" | "slow_down" => EndingKind::Limited,
                _ => EndingKind::Failed,
            },
            ErrorKind::InvalidToken => EndingKind::Failed,
            _ => return None,
        };
        Some(Ending::of_kind(kind))
    }
}

/// How the step ended, when it did.
pub(in crate::screen) fn of(context: &Context<'_>) -> Option<Ending> {
    Ending::at(context.step)
}
