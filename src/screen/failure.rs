//! What a person is told when a call failed, and whether it makes sense to try again. The error itself is for developers.

use std::borrow::Cow;

use super::{ending::Retry, phrase::Phrase};
use crate::error::{Error, ErrorClass, ErrorKind};

/// A failed call, for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// What to show.
    pub text: Phrase,
    /// When it makes sense to try again.
    pub retry: Retry,
}

impl Failure {
    /// What an error means to the person. The server's own words go first, where it said why a sign-in ended.
    pub fn of(error: &Error) -> Failure {
        let (key, retry) = match error.class() {
            ErrorClass::Cancelled => ("failed.cancelled.text", Retry::Now),
            ErrorClass::TimedOut => ("failed.slow.text", Retry::Now),
            ErrorClass::Unreachable if error.kind() == ErrorKind::Tls => ("failed.secure.text", Retry::Later),
            ErrorClass::Unreachable => ("failed.offline.text", Retry::Now),
            ErrorClass::RetryLater if error.kind() == ErrorKind::RateLimited => ("failed.limited.text", Retry::Later),
            ErrorClass::RetryLater => ("failed.outage.text", Retry::Later),
            ErrorClass::WrongAnswer => ("failed.entry.text", Retry::Now),
            ErrorClass::Ended => ("failed.over.text", Retry::Now),
            ErrorClass::Untrusted => ("failed.untrusted.text", Retry::Later),
            ErrorClass::Busy => ("failed.busy.text", Retry::Now),
            ErrorClass::Refused | ErrorClass::Misuse => ("failed.app.text", Retry::None),
            ErrorClass::App | ErrorClass::Internal => ("failed.other.text", Retry::Now),
        };
        let said = error.messages().iter().find(|message| !message.text.is_empty());
        let text = match said {
            Some(message) if error.class() == ErrorClass::Ended => {
                let key = message.key.clone().map_or(Cow::Borrowed(key), Cow::Owned);
                Phrase::server(key, &message.text)
            }
            _ => Phrase::ours(key, &[]),
        };
        Failure { text, retry }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorMessage;

    #[test]
    fn a_person_never_reads_the_text_for_developers() {
        for kind in ErrorKind::ALL {
            let failure = Failure::of(&Error::new(*kind, "the header of the socket").with_advice("Fix the call"));
            let english = crate::screen::phrases().find(|(key, _)| *key == failure.text.key).map(|(_, text)| text);
            assert_eq!(english, Some(failure.text.text.as_str()), "{kind:?}");
        }
    }

    #[test]
    fn what_the_server_says_of_an_end_is_said() {
        let message = ErrorMessage { key: Some("idx.x".to_owned()), text: "Vorbei".to_owned(), path: None };
        let error = |kind| Error::new(kind, "x").with_messages([message.clone()]);
        let over = Failure::of(&error(ErrorKind::Terminal));
        assert_eq!((&*over.text.key, &*over.text.text), ("idx.x", "Vorbei"));
        assert_eq!(Failure::of(&error(ErrorKind::Offline)).text.key, "failed.offline.text");
    }

    #[test]
    fn an_outage_is_tried_again_later() {
        let failure = Failure::of(&Error::new(ErrorKind::Http, "x").with_http_status(503));
        assert_eq!((&*failure.text.key, failure.retry), ("failed.outage.text", Retry::Later));
    }
}
