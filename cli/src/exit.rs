//! How a run ended, as an exit code. The numbers are never reused; those up to 71 are those of unattended sign-in.
//!
//! [`TABLE`] is what `--help` prints; a test holds it against [`of_error`].

use interaction_code::{Error, ErrorKind};

/// Signed in, or inspected.
pub const SUCCESS: u8 = 0;
/// The command line, or a file or setting named on it, cannot be used.
pub const USAGE: u8 = 64;
/// The input is not what it should be: an answer that does not fit the step, a response that cannot be inspected.
pub const DATA: u8 = 65;
/// The input or the answers ended before the sign-in did.
pub const INPUT_ENDED: u8 = 66;
/// The result could not be written.
pub const OUTPUT: u8 = 74;
/// Ctrl-C, or told to end.
pub const INTERRUPTED: u8 = 130;

/// The table, for people.
pub const TABLE: &str = "\
Exit codes:
    0  signed in, or inspected
   14  the account or an authenticator is locked
   22  a push was not answered in time
   24  the policy cannot be satisfied by this user
   25  the device does not comply with the policy
   26  the user is not assigned to the app
   27  access was denied
   28  the sign-in has expired; start again
   29  the sign-in ended without tokens for another reason; the messages say why
   30  too many requests; retry_after says how long to wait
   40  the org or the app is not set up for this
   50  the server cannot be reached, or the connection broke
   51  the server's certificate is not trusted, or TLS failed
   52  the proxy refused, or wants a password
   53  the answer did not come from the org (a captive portal, a proxy's page), or the org is down
   54  the time was up
   55  the sign-in was cancelled
   64  the command line, or a file it names, cannot be used
   65  an answer does not fit the step; or not a response of this protocol (inspect)
   66  the input or the answers ended before the sign-in did
   70  the server broke the protocol, or a limit was passed
   71  a token failed verification
   74  the result could not be written
  130  interrupted

`sign-in` ends with one JSON line on standard output, also when it fails; not when the command line is wrong.";

/// The message keys that say why a sign-in ended, with their codes.
const ENDS: [(&str, u8); 14] = [
    ("errors.E0000119", 14),
    ("errors.E0000069", 14),
    ("error.auth.lockedOut", 14),
    ("authfactor.challenge.suspended_factor", 14),
    ("core.system.transaction_resource_not_found", 22),
    ("oie.assurance.unsatisfiable", 24),
    ("idx.error.code.access_denied.device_assurance", 25),
    ("idx.error.user.not.assigned.to.app", 26),
    ("idx.error.code.user_not_assigned", 26),
    ("security.access_denied", 27),
    ("idx.error.code.no_matching_policy", 40),
    ("idx.session.expired", 28),
    ("tooManyRequests", 30),
    ("oie.tooManyRequests", 30),
];

/// The code of an error of the library's. `starting`: before there was a step, when a refusal means the set-up.
pub fn of_error(error: &Error, starting: bool) -> u8 {
    match error.kind() {
        ErrorKind::InvalidArgument => USAGE,
        ErrorKind::InvalidAnswer
        | ErrorKind::NotFound
        | ErrorKind::InvalidState
        | ErrorKind::InvalidCallback
        | ErrorKind::InvalidSnapshot => DATA,
        ErrorKind::Cancelled => 55,
        ErrorKind::Timeout => 54,
        ErrorKind::Offline | ErrorKind::Network => 50,
        ErrorKind::Tls => 51,
        ErrorKind::Proxy => 52,
        ErrorKind::Http => 53,
        ErrorKind::OAuth => match error.oauth_error().unwrap_or_default() {
            "temporarily_unavailable" | "slow_down" => 30,
            _ if starting => 40,
            "access_denied" => 27,
            "invalid_grant" | "interaction_code_unsatisfiable" => 28,
            _ => 40,
        },
        ErrorKind::Api => match error.http_status() {
            Some(500..) => 53,
            Some(403) if !starting => 27,
            _ => 40,
        },
        ErrorKind::RateLimited => 30,
        ErrorKind::Expired => 28,
        ErrorKind::Terminal => of_messages(error).unwrap_or(29),
        ErrorKind::InvalidToken => 71,
        _ => 70,
    }
}

/// The code of the first message that says why: its key, or one below it in a family.
fn of_messages(error: &Error) -> Option<u8> {
    let keys = error.messages().iter().filter_map(|message| message.key.as_deref());
    let ends = |key: &str| {
        let of_family =
            |end: &str| key.strip_prefix(end).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_']));
        ENDS.iter().find(|(end, _)| of_family(end)).map(|(_, code)| *code)
    };
    keys.into_iter().find_map(ends)
}

#[cfg(test)]
mod tests {
    use interaction_code::ErrorMessage;

    use super::*;

    #[test]
    fn every_code_is_in_the_table() {
        let mut codes: Vec<u8> = ENDS.iter().map(|(_, code)| *code).collect();
        let kinds = [
            ErrorKind::InvalidArgument,
            ErrorKind::InvalidAnswer,
            ErrorKind::Cancelled,
            ErrorKind::Timeout,
            ErrorKind::Offline,
            ErrorKind::Tls,
            ErrorKind::Proxy,
            ErrorKind::Network,
            ErrorKind::OAuth,
            ErrorKind::Api,
            ErrorKind::RateLimited,
            ErrorKind::Http,
            ErrorKind::Protocol,
            ErrorKind::ForeignOrigin,
            ErrorKind::LimitExceeded,
            ErrorKind::Expired,
            ErrorKind::Terminal,
            ErrorKind::InvalidToken,
            ErrorKind::Callback,
            ErrorKind::Internal,
        ];
        codes.extend(kinds.map(|kind| of_error(&Error::new(kind, "x"), false)));
        codes.extend([SUCCESS, USAGE, DATA, INPUT_ENDED, OUTPUT, INTERRUPTED]);
        for code in codes {
            assert!(TABLE.contains(&format!("\n  {code:>3}  ")), "{code} is not in the table");
        }
    }

    #[test]
    fn messages_and_oauth_errors_decide() {
        let ended = |key: &str| {
            let message = ErrorMessage { key: Some(key.to_owned()), text: String::new(), path: None };
            of_error(&Error::new(ErrorKind::Terminal, "x").with_messages([message]), false)
        };
        assert_eq!(ended("idx.error.code.access_denied.device_assurance.remediation.android"), 25);
        assert_eq!(ended("security.access_denied_custom_message"), 27);
        assert_eq!(ended("idx.error.user.not.assigned.to.app"), 26);
        assert_eq!(ended("something.new"), 29);
        let oauth =
            |error: &str, starting| of_error(&Error::new(ErrorKind::OAuth, "x").with_oauth(error, None), starting);
        assert_eq!((oauth("access_denied", true), oauth("access_denied", false)), (40, 27));
        assert_eq!((oauth("invalid_grant", false), oauth("unauthorized_client", true)), (28, 40));
    }
}
