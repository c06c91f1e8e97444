//! The classes of errors, in one list: what each means, its word and its number.
//!
//! Words and numbers are for other languages, for logs and for programs that read them. They are never changed and never
//! reused: a new kind takes a free number, in the decade that it belongs to.
//!
//! | decade | what went wrong |
//! |---|---|
//! | 10 | the call: a value, a handle, an object in use |
//! | 20 | the answer, or the place in the sign-in |
//! | 30 | the call was ended: cancelled, out of time |
//! | 40 | the way to the server |
//! | 50 | the server said no |
//! | 60 | the server broke the rules |
//! | 70 | the sign-in: over, or something of it that cannot be trusted |
//! | 80 | the app's own code |
//! | 90 | the library |

use std::fmt;

/// Makes the enum and everything that is known of a kind from the one list below.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $word:literal;)+) => {
        /// What went wrong, in classes that an app can act on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $name = $code,)+
        }

        impl ErrorKind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$name,)+];

            /// The kind as a stable word, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(ErrorKind::$name => $word,)+
                }
            }

            /// What the kind means and, where it is not plain, what to do: sentences for any language's documentation.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(ErrorKind::$name => concat!($($doc),+).trim_ascii(),)+
                }
            }

            /// The kind with this number; `None` for a number that no kind has.
            pub const fn from_code(code: i32) -> Option<ErrorKind> {
                match code {
                    $($code => Some(ErrorKind::$name),)+
                    _ => None,
                }
            }
        }
    };
}

// The texts go into the C header too: no links, no names that only Rust has.
kinds! {
    /// A value given to the library is unusable (configuration, option, header text). Fix the call.
    InvalidArgument = 10, "invalid_argument";
    /// A handle given to the C API is not a live handle of that type: NULL, freed, of another type, or never one.
    InvalidHandle = 11, "invalid_handle";
    /// The object is in use by another call, of another thread or the one that this is called back from. Nothing was done.
    Busy = 12, "busy";
    /// The answer does not fit the form; the problems of the error list what is wrong. Nothing was sent.
    InvalidAnswer = 20, "invalid_answer";
    /// The step has no such remediation, field, option or action. Nothing was sent.
    NotFound = 21, "not_found";
    /// The flow cannot do this now (for example: redeem before there is a code). Nothing was sent.
    InvalidState = 22, "invalid_state";
    /// The call was cancelled by the app. The flow is where it was.
    Cancelled = 30, "cancelled";
    /// The deadline of the call passed. The flow is where it was.
    Timeout = 31, "timeout";
    /// The server cannot be reached: no name, no route, connection refused.
    Offline = 40, "offline";
    /// The server's certificate is not trusted, or TLS failed.
    Tls = 41, "tls";
    /// The proxy refused, or wants authentication.
    Proxy = 42, "proxy";
    /// The connection broke while a request was under way.
    Network = 43, "network";
    /// The server answered with an OAuth error, which the error carries.
    OAuth = 50, "oauth";
    /// The server answered with an API error, whose code the error carries.
    Api = 51, "api";
    /// The server asks to wait; the error says how long.
    RateLimited = 52, "rate_limited";
    /// An HTTP answer that is neither of the protocol nor an error of the server's own kind (a proxy page, a 5xx, a redirect).
    Http = 53, "http";
    /// The answer is not of this protocol, or breaks it.
    Protocol = 60, "protocol";
    /// The server named an address outside the org; nothing was sent there.
    ForeignOrigin = 61, "foreign_origin";
    /// Something is larger, deeper or longer than the limits allow.
    LimitExceeded = 62, "limit_exceeded";
    /// The transaction is over (expired, used up); start again.
    Expired = 70, "expired";
    /// The sign-in ended without tokens: the server has no next step. The messages of the error say why.
    Terminal = 71, "terminal";
    /// A token failed verification; the error names the rule.
    InvalidToken = 72, "invalid_token";
    /// The callback URL is not the answer to this flow (address, `state`, duplicated parameters).
    InvalidCallback = 73, "invalid_callback";
    /// The saved flow cannot be restored here.
    InvalidSnapshot = 74, "invalid_snapshot";
    /// The app's own callback or transport reported an error.
    Callback = 80, "callback";
    /// The app's storage cannot be used now: locked, no space, broken. Nothing was lost by it, and what is in it is still there.
    StorageUnavailable = 81, "storage_unavailable";
    /// No random numbers, or a bug of the library.
    Internal = 90, "internal";
    /// The system gave no thread to connect with: a limit of the process or of the machine. Nothing was sent; try again.
    NoThread = 91, "no_thread";
}

impl ErrorKind {
    /// The kind as a stable number, never 0.
    pub const fn code(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_unique_and_lead_back() {
        let mut before = 0;
        for &kind in ErrorKind::ALL {
            assert!(kind.code() > before, "{kind}: the list is in the order of the numbers, each once");
            before = kind.code();
            assert_eq!(ErrorKind::from_code(kind.code()), Some(kind));
            let same_word = ErrorKind::ALL.iter().filter(|other| other.as_str() == kind.as_str()).count();
            assert_eq!(same_word, 1, "{kind}");
            assert!(kind.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{kind}");
        }
        for none in [i32::MIN, -1, 0, 1, 13, 92, i32::MAX] {
            assert_eq!(ErrorKind::from_code(none), None);
        }
    }

    #[test]
    fn the_numbers_are_those_that_were_published() {
        let numbers: Vec<i32> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        let published = [
            10, 11, 12, 20, 21, 22, 30, 31, 40, 41, 42, 43, 50, 51, 52, 53, 60, 61, 62, 70, 71, 72, 73, 74, 80, 81, 90,
            91,
        ];
        assert_eq!(numbers, published);
    }

    #[test]
    fn the_texts_are_sentences_for_any_language() {
        for kind in ErrorKind::ALL {
            let doc = kind.doc();
            assert!(doc.ends_with('.') && doc.starts_with(|c: char| c.is_ascii_uppercase()), "{doc}");
            assert!(!doc.contains("::") && !doc.contains("*/") && !doc.contains("]("), "{doc}");
        }
    }
}
