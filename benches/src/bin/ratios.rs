//! Prints what the last criterion run has measured as a table: time per message, and how many times as fast as httparse
//! each peer is.
//!
//! Reads the `estimates.json` (the median) that criterion leaves for each peer and input; with `--lowest` the lowest tenth
//! of the samples instead, which other work on the machine disturbs less. Peers and inputs without figures are left blank.
//!
//! Criterion measures one peer after the other, so on a busy machine each meets other weather. `--interleaved` does not
//! read anything but measures by itself, in many short rounds that every peer takes part in, and prints the lowest tenth.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use startline_benches::{inputs, peers};

/// The peer that ratios refer to.
const MEASURE: &str = "httparse";

fn main() -> Result<()> {
    let peers: Vec<_> = peers::all().iter().map(|peer| peer.name()).collect();
    let rows = match env::args().skip(1).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => of_criterion(&peers, median)?,
        ["--lowest"] => of_criterion(&peers, lowest_tenth)?,
        ["--interleaved"] => interleaved()?,
        _ => bail!("usage: ratios [--lowest | --interleaved]"),
    };
    println!("nanoseconds per message");
    print!("{}", table(&peers, &rows, |figure, _| grouped(figure)));
    println!("\ntimes as fast as {MEASURE}");
    print!(
        "{}",
        table(&peers, &rows, |figure, measure| measure.map_or(String::new(), |m| format!("{:.2}", m / figure)))
    );
    Ok(())
}

/// The inputs with a figure for each peer.
type Rows = Vec<(&'static str, Vec<Option<f64>>)>;

fn of_criterion(peers: &[&str], figure: fn(&Path) -> Result<Option<f64>>) -> Result<Rows> {
    let folder = criterion_folder();
    let mut rows = Rows::new();
    for input in inputs::all() {
        let figures = peers.iter().map(|peer| figure(&folder.join(input.id).join(peer).join("new")));
        rows.push((input.id, figures.collect::<Result<Vec<_>>>()?));
    }
    ensure!(
        rows.iter().flat_map(|(_, figures)| figures).any(Option::is_some),
        "no figures in {}: run `cargo bench -p startline-benches` first",
        folder.display()
    );
    Ok(rows)
}

/// Measures every peer in each of many short rounds.
fn interleaved() -> Result<Rows> {
    const ROUNDS: usize = 300;
    const ROUND: Duration = Duration::from_micros(500);
    ensure!(!cfg!(debug_assertions), "figures of a debug build mean nothing: run with `cargo run --release`");
    let mut rows = Rows::new();
    for input in inputs::all() {
        let mut peers = peers::all();
        let mut samples = vec![Vec::with_capacity(ROUNDS); peers.len()];
        // Each goes on in the rotation where it stopped.
        let mut messages = vec![input.messages.iter().cycle(); peers.len()];
        let mut batches = vec![1_u32; peers.len()];
        for _ in 0..ROUNDS {
            for (at, peer) in peers.iter_mut().enumerate().filter(|(_, peer)| peer.skips(input.kind).is_none()) {
                let start = Instant::now();
                for message in messages[at].by_ref().take(batches[at] as usize) {
                    black_box(peer.read(input.kind, black_box(&message.octets)));
                }
                let taken = start.elapsed();
                samples[at].push(taken.as_secs_f64() * 1e9 / f64::from(batches[at]));
                if taken < ROUND / 2 {
                    batches[at] = batches[at].saturating_mul(2);
                }
            }
        }
        rows.push((input.id, samples.into_iter().map(tenth).collect()));
    }
    Ok(rows)
}

/// The figure below which a tenth of them lie.
fn tenth(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 10).copied()
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
        tenth(samples.times.iter().zip(&samples.iters).map(|(time, iterations)| time / iterations).collect())
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
