//! The built-in transport against real servers on this machine: every point of the contract at the head of `http`,
//! every error with its `sent`, TLS, proxies, limits, cancelling.
#![cfg(feature = "ureq")]

mod cancel;
mod connections;
mod contract;
mod failures;
mod proxy;
mod support;
mod tls;
