//! What a run learnt about a password, beside how it ended: four words, decided in one place.
//!
//! A policy that denies somebody says nothing about the password, and so does a network that breaks. Only two answers do: the
//! same form again with the message that the password is wrong, and a new form (or the end of the sign-in) without an error.
//! Everything else leaves it open, and is told as such.

use super::Outcome;
use crate::{
    error::{Error, ErrorKind, Sent},
    idx::{MessageKey, Step},
};

/// Makes the enum and everything that is known of a fact from the one list below.
macro_rules! facts {
    ($(#[doc = $doc:literal] $name:ident = $code:literal, $word:literal;)+) => {
        /// What is known about a password.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum PasswordFact {
            #[default]
            $(#[doc = $doc] $name = $code,)+
        }

        impl PasswordFact {
            /// Every fact, in the order of the numbers.
            pub const ALL: &'static [PasswordFact] = &[$(PasswordFact::$name,)+];

            /// The fact as a stable word, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(PasswordFact::$name => $word,)+
                }
            }

            /// What it means: a sentence.
            pub const fn doc(self) -> &'static str {
                match self {
                    $(PasswordFact::$name => $doc.trim_ascii(),)+
                }
            }
        }
    };
}

facts! {
    /// The server was not asked: it never got the password, or refused the request before it looked.
    NotEvaluated = 0, "not_evaluated";
    /// The password is right.
    Verified = 1, "verified";
    /// The password is wrong, or the user does not exist: the server does not always tell.
    Wrong = 2, "wrong";
    /// The password may have been looked at, and nobody said what came of it.
    Unknown = 3, "unknown";
}

impl PasswordFact {
    /// The fact as a stable number.
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// What the answer to a password says about it. `before`: the step whose form took it.
    pub fn of_reply(before: &Step, reply: &Step) -> PasswordFact {
        let is_wrong = |key: &MessageKey| reply.has_message(key);
        if is_wrong(&MessageKey::IncorrectPassword) || is_wrong(&MessageKey::AuthenticationFailed) {
            let same_form = reply.is_password_challenge() || reply.offers("identify");
            return if same_form { PasswordFact::Wrong } else { PasswordFact::Unknown };
        }
        let ended = reply.success_with_interaction_code().is_none() && Outcome::of_step(reply, false).is_some();
        if reply.has_error() || ended || reply.asks_the_same_as(before) {
            return PasswordFact::Unknown;
        }
        PasswordFact::Verified
    }

    /// What an error in place of that answer leaves of it.
    pub fn of_error(error: &Error) -> PasswordFact {
        let evaluated = error.sent() == Sent::Maybe && error.kind() != ErrorKind::RateLimited;
        if evaluated { PasswordFact::Unknown } else { PasswordFact::NotEvaluated }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(inside: &str) -> Step {
        Step::read(format!(r#"{{"version":"1.0.0","stateHandle":"02.a"{inside}}}"#).as_bytes()).unwrap()
    }

    const FORM: &str = r#","remediation":{"value":[{"name":"challenge-authenticator","href":"https://a.example/c","method":"POST","value":[]}]},
        "currentAuthenticatorEnrollment":{"type":"object","value":{"id":"a1","key":"okta_password","type":"password"}}"#;
    const NEXT: &str = r#","remediation":{"value":[{"name":"select-authenticator-authenticate","href":"https://a.example/s","method":"POST","value":[]}]}"#;

    fn said(class: &str, key: &str) -> String {
        format!(r#","messages":{{"value":[{{"class":"{class}","message":"m","i18n":{{"key":"{key}"}}}}]}}"#)
    }

    #[test]
    fn the_words_are_those_that_were_published() {
        let words: Vec<_> = PasswordFact::ALL.iter().map(|fact| (fact.code(), fact.as_str())).collect();
        assert_eq!(words, [(0, "not_evaluated"), (1, "verified"), (2, "wrong"), (3, "unknown")]);
    }

    #[test]
    fn a_reply_says_what_it_says_and_no_more() {
        let before = step(FORM);
        let of = |inside: String| PasswordFact::of_reply(&before, &step(&inside));
        assert_eq!(of(NEXT.to_owned()), PasswordFact::Verified);
        assert_eq!(of(NEXT.to_owned() + &said("INFO", "x")), PasswordFact::Verified);
        assert_eq!(of(FORM.to_owned() + &said("ERROR", "incorrectPassword")), PasswordFact::Wrong);
        assert_eq!(of(FORM.to_owned() + &said("ERROR", "errors.E0000004")), PasswordFact::Wrong);
        // Without the form nobody knows whether it was the password.
        assert_eq!(of(said("ERROR", "errors.E0000004")), PasswordFact::Unknown);
        // Locked, denied, not assigned: before the password or after it.
        assert_eq!(of(FORM.to_owned() + &said("ERROR", "errors.E0000119")), PasswordFact::Unknown);
        assert_eq!(of(said("ERROR", "security.access_denied")), PasswordFact::Unknown);
        assert_eq!(of(NEXT.to_owned() + &said("ERROR", "something.new")), PasswordFact::Unknown);
        // The same question without a word about it.
        assert_eq!(of(FORM.to_owned()), PasswordFact::Unknown);
        assert_eq!(of(String::new()), PasswordFact::Unknown);
    }

    #[test]
    fn an_error_says_whether_the_password_may_have_been_looked_at() {
        let of = |kind, sent| PasswordFact::of_error(&Error::new(kind, "x").with_sent(sent));
        assert_eq!(of(ErrorKind::Offline, Sent::No), PasswordFact::NotEvaluated);
        assert_eq!(of(ErrorKind::Timeout, Sent::Maybe), PasswordFact::Unknown);
        assert_eq!(of(ErrorKind::Api, Sent::Maybe), PasswordFact::Unknown);
        assert_eq!(of(ErrorKind::RateLimited, Sent::Maybe), PasswordFact::NotEvaluated);
    }
}
