//! The screen: what a person sees and can do, from the outside.

mod authenticators;
#[path = "../common/mod.rs"]
mod common;
mod drafts;
#[path = "../../cli/src/draw.rs"]
mod draw;
mod endings;
mod everything;
#[path = "../common/fixtures.rs"]
mod fixtures;
mod inputs;
mod json;
mod notices;
mod order;
mod pages;
mod phrases;
mod subject;
mod ways;
