//! Prints what the last criterion run has measured as a table: time per message, and how many times as fast as httparse
//! each peer is.
//!
//! Reads the `estimates.json` (the median) that criterion leaves for each peer and input; with `--lowest` the lowest tenth
//! of the samples instead, which other work on the machine disturbs less. Peers and inputs without figures are left blank.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use startline_benches::{inputs, peers};

/// The peer that ratios refer to.
const MEASURE: &str = "httparse";

fn main() -> Result<()> {
    let figure = match env::args().skip(1).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => median,
        ["--lowest"] => lowest_tenth,
        _ => bail!("usage: ratios [--lowest]"),
    };
    let folder = criterion_folder();
    let peers: Vec<_> = peers::all().iter().map(|peer| peer.name()).collect();
    let mut rows = Vec::new();
    for input in inputs::all() {
        let figures = peers.iter().map(|peer| figure(&folder.join(input.id).join(peer).join("new")));
        rows.push((input.id, figures.collect::<Result<Vec<_>>>()?));
    }
    ensure!(
        rows.iter().flat_map(|(_, figures)| figures).any(Option::is_some),
        "no figures in {}: run `cargo bench -p startline-benches` first",
        folder.display()
    );
    println!("nanoseconds per message");
    print!("{}", table(&peers, &rows, |figure, _| grouped(figure)));
    println!("\ntimes as fast as {MEASURE}");
    print!(
        "{}",
        table(&peers, &rows, |figure, measure| measure.map_or(String::new(), |m| format!("{:.2}", m / figure)))
    );
    Ok(())
}

/// Where criterion writes: beside the other build results.
fn criterion_folder() -> PathBuf {
    if let Some(home) = env::var_os("CRITERION_HOME") {
        return home.into();
    }
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")).join("criterion")
}

/// The median in nanoseconds; none if the benchmark was not run.
fn median(folder: &Path) -> Result<Option<f64>> {
    #[derive(Deserialize)]
    struct Estimates {
        median: Estimate,
    }
    #[derive(Deserialize)]
    struct Estimate {
        point_estimate: f64,
    }
    let estimates: Option<Estimates> = read(&folder.join("estimates.json"))?;
    Ok(estimates.map(|estimates| estimates.median.point_estimate))
}

/// The time below which a tenth of the samples lie, in nanoseconds; none if the benchmark was not run.
fn lowest_tenth(folder: &Path) -> Result<Option<f64>> {
    #[derive(Deserialize)]
    struct Samples {
        iters: Vec<f64>,
        times: Vec<f64>,
    }
    let samples: Option<Samples> = read(&folder.join("sample.json"))?;
    Ok(samples.and_then(|samples| {
        let mut each: Vec<_> =
            samples.times.iter().zip(&samples.iters).map(|(time, iterations)| time / iterations).collect();
        each.sort_by(f64::total_cmp);
        each.get(each.len() / 10).copied()
    }))
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<Option<T>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let value = serde_json::from_str(&text).with_context(|| format!("{} is not criterion's", file.display()))?;
    Ok(Some(value))
}

/// A Markdown table: a line per input, a column per peer; `cell` gets the figure and that of [`MEASURE`].
fn table(peers: &[&str], rows: &[(&str, Vec<Option<f64>>)], cell: impl Fn(f64, Option<f64>) -> String) -> String {
    let measure = peers.iter().position(|&peer| peer == MEASURE);
    let mut text = format!("| {:<16} |", "");
    for peer in peers {
        text += &format!(" {peer:>15} |");
    }
    text += &format!("\n|{}|{}\n", "-".repeat(18), format!("{}:|", "-".repeat(16)).repeat(peers.len()));
    for (input, figures) in rows {
        text += &format!("| {input:<16} |");
        for figure in figures {
            let shown = figure.map(|figure| cell(figure, measure.and_then(|at| figures[at])));
            text += &format!(" {:>15} |", shown.unwrap_or_default());
        }
        text.push('\n');
    }
    text
}

/// Three significant digits or whole nanoseconds, thousands set apart.
fn grouped(figure: f64) -> String {
    if figure < 100.0 {
        return format!("{figure:.1}");
    }
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_ratio_where_there_are_figures() {
        let rows = [("a", vec![Some(50.0), Some(100.0)]), ("b", vec![None, Some(1.0)])];
        let text = table(&["ours", MEASURE], &rows, |figure, measure| format!("{:.2}", measure.unwrap() / figure));
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[2].contains(" 2.00 |") && lines[2].contains(" 1.00 |"), "{text}");
        assert_eq!(lines[3].split('|').nth(2).unwrap().trim(), "");
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{text}");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(12.34), "12.3");
        assert_eq!(grouped(999.6), "1,000");
        assert_eq!(grouped(1_234_567.0), "1,234,567");
    }
}
