//! The command `ratios` of startline-benches, linked with the newest ntex-httparse.

use std::env;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    startline_benches::command::ratios(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
