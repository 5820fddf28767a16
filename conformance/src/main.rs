//! The `startline` command.
fn main() {}
