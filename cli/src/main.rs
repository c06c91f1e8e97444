//! The command line of `interaction-code`.
fn main() {}
