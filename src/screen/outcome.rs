//! Outcomes: how an unattended sign-in ended, in one list. Exit codes, the words of programs and the table of the
//! documentation are made from it; a number and a word are never changed and never reused.
//!
//! An outcome is decided from statuses, message keys and names; never from texts, which come in the person's language.

use super::ending::{Ending, EndingKind};
use crate::{
    error::{Error, ErrorKind},
    idx::Step,
};

/// Makes the enum and everything that is known of an outcome from the one list below.
macro_rules! outcomes {
    ($(#[doc = $doc:literal] $name:ident = $code:literal, $word:literal, $pam:literal;)+) => {
        /// How an unattended sign-in ended, as a program says it to another one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Outcome {
            $(#[doc = $doc] $name = $code,)+
        }

        impl Outcome {
            /// Every outcome, in the order of the exit codes.
            pub const ALL: &'static [Outcome] = &[$(Outcome::$name,)+];

            /// The outcome as a stable word, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Outcome::$name => $word,)+
                }
            }

            /// The name of the code that a PAM module ends with: a macro of `<security/pam_appl.h>`. The numbers behind these
            /// names differ between systems, so there are none here.
            pub const fn pam(self) -> &'static str {
                match self {
                    $(Outcome::$name => $pam,)+
                }
            }

            /// What it means: a sentence.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Outcome::$name => $doc.trim_ascii(),)+
                }
            }
        }
    };
}

// Exit code, word, PAM code.
outcomes! {
    /// Signed in; or, for a command that does not sign in, done.
    Success = 0, "success", "PAM_SUCCESS";
    /// The password is wrong, or the user does not exist: the server does not always tell.
    PasswordWrong = 10, "password_wrong", "PAM_AUTH_ERR";
    /// The password is right, has expired and must be changed.
    PasswordExpired = 11, "password_expired", "PAM_NEW_AUTHTOK_REQD";
    /// The password is right, has expired and is changed at another place.
    PasswordManagedElsewhere = 12, "password_managed_elsewhere", "PAM_NEW_AUTHTOK_REQD";
    /// The new password does not meet the policy.
    PasswordPolicyFailed = 13, "password_policy_failed", "PAM_AUTHTOK_ERR";
    /// The account or an authenticator is locked.
    LockedOut = 14, "locked_out", "PAM_MAXTRIES";
    /// Another proof is asked for, which nobody is there to give.
    MfaRequired = 20, "mfa_required", "PAM_CRED_INSUFFICIENT";
    /// A push was declined.
    PushRejected = 21, "push_rejected", "PAM_AUTH_ERR";
    /// A push was not answered in time.
    PushExpired = 22, "push_expired", "PAM_AUTH_ERR";
    /// An authenticator must be set up first.
    MfaEnrollRequired = 23, "mfa_enroll_required", "PAM_CRED_INSUFFICIENT";
    /// The policy cannot be satisfied by this user.
    PolicyUnsatisfiable = 24, "policy_unsatisfiable", "PAM_PERM_DENIED";
    /// The device does not comply with the policy.
    DeviceNotCompliant = 25, "device_not_compliant", "PAM_PERM_DENIED";
    /// The user is not assigned to the app.
    NotAssigned = 26, "not_assigned", "PAM_PERM_DENIED";
    /// Access was denied.
    AccessDenied = 27, "access_denied", "PAM_PERM_DENIED";
    /// The sign-in has expired; start again.
    TransactionExpired = 28, "transaction_expired", "PAM_TRY_AGAIN";
    /// The sign-in ended without tokens for another reason; the messages say why.
    Terminal = 29, "terminal", "PAM_AUTH_ERR";
    /// Too many requests; retry_after says how long to wait.
    RateLimited = 30, "rate_limited", "PAM_AUTHINFO_UNAVAIL";
    /// It ended well, and without tokens: the account is unlocked, the password is changed, a mail was sent.
    DoneWithoutTokens = 31, "done_without_tokens", "PAM_AUTH_ERR";
    /// The org or the app is not set up for this.
    ClientMisconfigured = 40, "client_misconfigured", "PAM_SERVICE_ERR";
    /// The server cannot be reached, or the connection broke.
    Offline = 50, "offline", "PAM_AUTHINFO_UNAVAIL";
    /// The server's certificate is not trusted, or TLS failed.
    TlsUntrusted = 51, "tls_untrusted", "PAM_AUTHINFO_UNAVAIL";
    /// The proxy refused, or wants a password.
    ProxyAuth = 52, "proxy_auth", "PAM_AUTHINFO_UNAVAIL";
    /// The answer did not come from the org (a captive portal, a proxy's page), or the org is down.
    CaptivePortal = 53, "captive_portal", "PAM_AUTHINFO_UNAVAIL";
    /// The time was up.
    TimedOut = 54, "timeout", "PAM_AUTHINFO_UNAVAIL";
    /// The sign-in was cancelled.
    Cancelled = 55, "cancelled", "PAM_ABORT";
    /// The command line, or a file it names, cannot be used.
    Usage = 64, "usage", "PAM_SERVICE_ERR";
    /// An answer does not fit the step; or not a response of this protocol (inspect).
    AnswerRefused = 65, "answer_refused", "PAM_SERVICE_ERR";
    /// The input or the answers ended before the sign-in did.
    InputEnded = 66, "input_ended", "PAM_CONV_ERR";
    /// The server broke the protocol, or a limit was passed.
    ProtocolViolation = 70, "protocol_violation", "PAM_SERVICE_ERR";
    /// A token failed verification.
    TokenInvalid = 71, "token_invalid", "PAM_SERVICE_ERR";
    /// The result could not be written.
    OutputFailed = 74, "output_failed", "PAM_SERVICE_ERR";
    /// The terminal hung up (SIGHUP).
    HungUp = 129, "hung_up", "PAM_ABORT";
    /// Interrupted (Ctrl-C, SIGINT).
    Interrupted = 130, "interrupted", "PAM_ABORT";
    /// Told to end (SIGTERM).
    Terminated = 143, "terminated", "PAM_ABORT";
}

impl Outcome {
    /// The exit code of a program that ends with it.
    pub const fn exit_code(self) -> u8 {
        self as u8
    }

    /// The outcome with this exit code.
    pub fn from_exit_code(code: u8) -> Option<Outcome> {
        Outcome::ALL.iter().copied().find(|outcome| outcome.exit_code() == code)
    }

    /// The outcome of this word.
    pub fn from_name(word: &str) -> Option<Outcome> {
        Outcome::ALL.iter().copied().find(|outcome| outcome.as_str() == word)
    }

    /// How a sign-in ended at a step, for a program that asks nobody; `None` while it may go on. What such a program cannot
    /// get over (a locked authenticator, a declined push) ends it even where a person could still choose another way.
    /// `polled`: whether a challenge was polled just before.
    pub fn of_step(step: &Step, polled: bool) -> Option<Outcome> {
        let after = |ending: Ending| if polled { ending.after_poll() } else { ending };
        if let Some(ending) = Ending::at(step) {
            return Some(after(ending).outcome());
        }
        let outcome = after(Ending::of_messages(step)?).outcome();
        (!matches!(outcome, Outcome::Terminal | Outcome::DoneWithoutTokens)).then_some(outcome)
    }

    /// What an error means. `starting`: before there was a step, when a refusal means that the org or the app is not set up
    /// for this.
    pub fn of_error(error: &Error, starting: bool) -> Outcome {
        match error.kind() {
            ErrorKind::InvalidArgument => Outcome::Usage,
            ErrorKind::InvalidAnswer
            | ErrorKind::NotFound
            | ErrorKind::InvalidState
            | ErrorKind::InvalidCallback
            | ErrorKind::InvalidSnapshot => Outcome::AnswerRefused,
            ErrorKind::Cancelled => Outcome::Cancelled,
            ErrorKind::Timeout => Outcome::TimedOut,
            ErrorKind::Offline | ErrorKind::Network => Outcome::Offline,
            ErrorKind::Tls => Outcome::TlsUntrusted,
            ErrorKind::Proxy => Outcome::ProxyAuth,
            // The gateway of an org says so where a rule about networks holds; a portal has a page to show.
            ErrorKind::Http if error.oauth_error() == Some("Forbidden") => Outcome::AccessDenied,
            ErrorKind::Http => Outcome::CaptivePortal,
            ErrorKind::InvalidToken => Outcome::TokenInvalid,
            ErrorKind::Api if error.http_status().is_some_and(|status| status >= 500) => Outcome::CaptivePortal,
            // A code that says nothing about the person says that something is not set up.
            ErrorKind::OAuth | ErrorKind::Api => match Ending::of_error(error) {
                Some(ending) if ending.kind == EndingKind::Limited => ending.outcome(),
                Some(ending) if !starting && ending.kind != EndingKind::Failed => ending.outcome(),
                _ => Outcome::ClientMisconfigured,
            },
            _ => Ending::of_error(error).map_or(Outcome::ProtocolViolation, |ending| ending.outcome()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorMessage;

    /// What was published: a row is added here with a new outcome, and none is ever changed.
    #[rustfmt::skip]
    const PUBLISHED: &[(u8, &str, &str)] = &[
        (0, "success", "PAM_SUCCESS"),
        (10, "password_wrong", "PAM_AUTH_ERR"),
        (11, "password_expired", "PAM_NEW_AUTHTOK_REQD"),
        (12, "password_managed_elsewhere", "PAM_NEW_AUTHTOK_REQD"),
        (13, "password_policy_failed", "PAM_AUTHTOK_ERR"),
        (14, "locked_out", "PAM_MAXTRIES"),
        (20, "mfa_required", "PAM_CRED_INSUFFICIENT"),
        (21, "push_rejected", "PAM_AUTH_ERR"),
        (22, "push_expired", "PAM_AUTH_ERR"),
        (23, "mfa_enroll_required", "PAM_CRED_INSUFFICIENT"),
        (24, "policy_unsatisfiable", "PAM_PERM_DENIED"),
        (25, "device_not_compliant", "PAM_PERM_DENIED"),
        (26, "not_assigned", "PAM_PERM_DENIED"),
        (27, "access_denied", "PAM_PERM_DENIED"),
        (28, "transaction_expired", "PAM_TRY_AGAIN"),
        (29, "terminal", "PAM_AUTH_ERR"),
        (30, "rate_limited", "PAM_AUTHINFO_UNAVAIL"),
        (31, "done_without_tokens", "PAM_AUTH_ERR"),
        (40, "client_misconfigured", "PAM_SERVICE_ERR"),
        (50, "offline", "PAM_AUTHINFO_UNAVAIL"),
        (51, "tls_untrusted", "PAM_AUTHINFO_UNAVAIL"),
        (52, "proxy_auth", "PAM_AUTHINFO_UNAVAIL"),
        (53, "captive_portal", "PAM_AUTHINFO_UNAVAIL"),
        (54, "timeout", "PAM_AUTHINFO_UNAVAIL"),
        (55, "cancelled", "PAM_ABORT"),
        (64, "usage", "PAM_SERVICE_ERR"),
        (65, "answer_refused", "PAM_SERVICE_ERR"),
        (66, "input_ended", "PAM_CONV_ERR"),
        (70, "protocol_violation", "PAM_SERVICE_ERR"),
        (71, "token_invalid", "PAM_SERVICE_ERR"),
        (74, "output_failed", "PAM_SERVICE_ERR"),
        (129, "hung_up", "PAM_ABORT"),
        (130, "interrupted", "PAM_ABORT"),
        (143, "terminated", "PAM_ABORT"),
    ];

    #[test]
    fn numbers_words_and_pam_codes_are_those_that_were_published() {
        let now: Vec<_> =
            Outcome::ALL.iter().map(|outcome| (outcome.exit_code(), outcome.as_str(), outcome.pam())).collect();
        assert_eq!(now, PUBLISHED);
        for (at, outcome) in Outcome::ALL.iter().enumerate() {
            assert_eq!(Outcome::from_exit_code(outcome.exit_code()), Some(*outcome));
            assert_eq!(Outcome::from_name(outcome.as_str()), Some(*outcome));
            assert!(Outcome::ALL[..at].iter().all(|before| before.as_str() != outcome.as_str()), "{outcome:?}");
            assert!(outcome.doc().ends_with('.') && !outcome.doc().contains("*/"), "{outcome:?}");
            // Only who has tokens is let in.
            assert_eq!(outcome.pam() == "PAM_SUCCESS", *outcome == Outcome::Success, "{outcome:?}");
        }
    }

    #[test]
    fn messages_and_oauth_errors_decide() {
        let ended = |key: &str| {
            let message = ErrorMessage { key: Some(key.to_owned()), text: String::new(), path: None };
            Outcome::of_error(&Error::new(ErrorKind::Terminal, "x").with_messages([message]), false).exit_code()
        };
        for (key, code) in [
            ("idx.error.code.access_denied.device_assurance.remediation.android", 25),
            ("security.access_denied_custom_message", 27),
            ("idx.error.user.not.assigned.to.app", 26),
            ("oie.assurance.unsatisfiable", 24),
            ("idx.error.code.no_matching_policy", 40),
            ("authfactor.challenge.suspended_factor", 14),
            ("errors.E0000069", 14),
            ("core.system.transaction_resource_not_found", 22),
            ("idx.session.expired", 28),
            ("oie.tooManyRequests", 30),
            ("idx.recovery.completed", 31),
            ("something.new", 29),
        ] {
            assert_eq!(ended(key), code, "{key}");
        }
        let oauth = |error: &str, starting| {
            Outcome::of_error(&Error::new(ErrorKind::OAuth, "x").with_oauth(error, None), starting).exit_code()
        };
        assert_eq!((oauth("access_denied", true), oauth("access_denied", false)), (40, 27));
        assert_eq!((oauth("invalid_grant", false), oauth("unauthorized_client", true)), (28, 40));
        assert_eq!((oauth("slow_down", true), oauth("unauthorized_client", false)), (30, 40));
        let api = |status| Error::new(ErrorKind::Api, "x").with_http_status(status);
        let code = |status, starting| Outcome::of_error(&api(status), starting).exit_code();
        assert_eq!((code(403, true), code(403, false), code(500, false), code(400, false)), (40, 27, 53, 40));
        assert_eq!(Outcome::of_error(&Error::new(ErrorKind::Internal, "x"), false), Outcome::ProtocolViolation);
    }
}
