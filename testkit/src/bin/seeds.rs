//! Writes the seeds and the dictionary of the fuzz targets; with `--check` only tells whether they are as they would be
//! written.

use std::process::ExitCode;

use startline_testkit::seeds;

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        None => seeds::write(),
        Some("--check") => seeds::check(),
        Some(other) => {
            eprintln!("usage: seeds [--check], not {other}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
