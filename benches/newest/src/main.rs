//! The command `ratios` of startline-benches, linked with the newest ntex-httparse.

use std::env;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    startline_benches::command::ratios(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    #[test]
    fn everybody_takes_what_the_table_says() {
        let differences = startline_benches::laxity::differences();
        assert!(differences.is_empty(), "other than in laxity/cases.rs:\n{}", differences.join("\n"));
    }
}
