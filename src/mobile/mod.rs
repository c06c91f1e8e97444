//! The face to Swift, Kotlin and Python, made by UniFFI: its own records, foreign traits, and one conversion per type.
//!
//! Objects are what has a life or is looked into (`Client`, `SignIn`, `Step`, `Answer`, `Draft`, `CancelToken`): they cross
//! as a number, over the core's own. Records are what is drawn (`Screen` with its elements and ways, remediations,
//! fields, options, messages, authenticators): they are copied over, each once, and name what they belong to by its
//! node number.
//!
//! Calls block, and callbacks run on the thread that made the call, with no lock held. What an app throws in a callback
//! comes back to it as a typed error, and the sign-in is where it was. Everything that works returns a result: a panic in
//! a function without one would end the app. The surface is the same under every feature set.

#![allow(
    missing_docs,            // the macros make items of their own; what is exported is documented all the same
    clippy::result_large_err // errors cross as records, by value; they are rare
)]

mod about;
mod answer;
mod authenticator;
mod call;
mod client;
mod error;
mod field;
mod handler;
mod host;
mod message;
mod names;
mod remediation;
mod screen;
mod sign_in;
mod step;
mod tokens;
mod transport;

/// Prints a type that holds secrets by its name alone.
macro_rules! redacted {
    ($($name:ident),+) => {
        $(
            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($name), " [redacted]"))
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($name), " [redacted]"))
                }
            }
        )+
    };
}
use redacted;
