//! Sign-ins in a browser: out by a URL, through real pages, back by a callback. The servers are the sandbox's; the browser is one
//! without a person.

mod agent;
#[path = "../common/mod.rs"]
mod common;

mod pages;
mod round_trip;
