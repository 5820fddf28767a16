//! The command `ratios`, apart from its program, so that `newest/` can have it too.

use anyhow::{Result, bail, ensure};

use crate::figures::{Figures, Table};
use crate::{criterion_run, laxity, readme, report, run};

const USAGE: &str = "\
usage: ratios [OPTION]

without an option: what the last criterion run has measured, medians
  --lowest               the same, lowest tenths
  --interleaved          measures every peer on every input, in short rounds that every peer takes part in
  --interleaved --save   measures that, pieces and curves, and keeps the figures in figures.json;
                         makes the README's tables and plots from it
  --curves               measures pieces and curves
  --laxity               who takes which malformed message
  --readme               makes the README's tables and plots from figures.json";

/// Does what the arguments ask for.
///
/// # Errors
/// Arguments that it does not know, and files that cannot be read or written.
pub fn ratios(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] => print_table(&criterion_run::table(criterion_run::median)?),
        ["--lowest"] => print_table(&criterion_run::table(criterion_run::lowest_tenth)?),
        ["--interleaved"] => {
            optimised()?;
            print_table(&run::peers_table());
        }
        ["--curves"] => {
            optimised()?;
            print_curves(&run::pieces_table(), &report::fits(&run::growth()));
        }
        ["--interleaved", "--save"] => {
            optimised()?;
            let figures = run::all()?;
            figures.save()?;
            readme::write()?;
            print_all(&figures);
        }
        ["--laxity"] => print!("{}", laxity::table()),
        ["--readme"] => readme::write()?,
        _ => bail!(USAGE),
    }
    Ok(())
}

fn optimised() -> Result<()> {
    ensure!(!cfg!(debug_assertions), "figures of a debug build mean nothing: run with `cargo run --release`");
    Ok(())
}

fn print_all(figures: &Figures) {
    println!("{}", report::provenance(figures));
    print_table(&figures.peers);
    println!();
    print_curves(&figures.pieces, &report::fits(&figures.curves));
}

fn print_table(table: &Table) {
    print!("nanoseconds per message\n{}", report::times(table));
    print!("\ntimes as fast as {}\n{}", crate::figures::MEASURE, report::ratios(table));
}

fn print_curves(pieces: &Table, fits: &str) {
    print!("heads in pieces, nanoseconds per message\n{}", report::times(pieces));
    print!("\nstraight lines through the curves, nanoseconds = intercept + slope * size\n{fits}");
}
