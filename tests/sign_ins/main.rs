//! Whole sign-ins over TCP, each against a sandbox of its own. One program: what waits for a server in one of them leaves the
//! time to the others.

#[path = "../common/mod.rs"]
mod common;

mod cancel;
mod devices;
mod example;
mod faults;
mod forks;
mod host;
mod keys;
mod resume;
mod sign_in;
mod tokens;
mod unattended;
