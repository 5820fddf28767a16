//! Figures of every peer on every input, from the last criterion run or measured here; see the README of this crate.

use std::env;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    startline_benches::command::ratios(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
