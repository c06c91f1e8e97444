//! The screen: what a person sees and can do, from the outside.

mod authenticators;
mod drafts;
mod endings;
#[path = "../common/fixtures.rs"]
mod fixtures;
mod inputs;
mod json;
mod notices;
mod order;
mod subject;
mod ways;
