//! The screen: what a person sees and can do, from the outside.

mod authenticators;
mod drafts;
mod endings;
mod everything;
#[path = "../common/fixtures.rs"]
mod fixtures;
mod inputs;
mod json;
mod notices;
mod order;
mod phrases;
mod subject;
mod ways;
