//! The screen: what a person sees and can do, from the outside.

mod endings;
mod notices;
mod ways;
