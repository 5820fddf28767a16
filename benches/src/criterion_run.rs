//! What the last criterion run has left: a file for each peer and input.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::figures::{Row, Table};
use crate::{inputs, measure, peers};

/// Reads one figure from the folder of a peer on an input, in nanoseconds; none if that benchmark was not run.
type Figure = fn(&Path) -> Result<Option<f64>>;

/// Every peer on every input; without figures for those that were not run.
///
/// # Errors
/// Files that cannot be read or are not criterion's, and no figure at all.
pub fn table(figure: Figure) -> Result<Table> {
    let folder = folder();
    let peers: Vec<_> = peers::all().iter().map(|peer| peer.name().to_owned()).collect();
    let mut rows = Vec::new();
    for input in inputs::all() {
        let figures = peers.iter().map(|peer| figure(&folder.join(input.id).join(peer).join("new")));
        rows.push(Row { input: input.id.to_owned(), ns: figures.collect::<Result<_>>()? });
    }
    ensure!(
        rows.iter().flat_map(|row| &row.ns).any(Option::is_some),
        "no figures in {}: run `cargo bench -p startline-benches` first",
        folder.display()
    );
    Ok(Table { columns: peers, rows })
}

/// Where criterion writes: beside the other build results.
fn folder() -> PathBuf {
    if let Some(home) = env::var_os("CRITERION_HOME") {
        return home.into();
    }
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")).join("criterion")
}

/// The median.
///
/// # Errors
/// A file that cannot be read or is not criterion's.
pub fn median(folder: &Path) -> Result<Option<f64>> {
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

/// The time below which a tenth of the samples lie, which other work on the machine disturbs less.
///
/// # Errors
/// A file that cannot be read or is not criterion's.
pub fn lowest_tenth(folder: &Path) -> Result<Option<f64>> {
    #[derive(Deserialize)]
    struct Samples {
        iters: Vec<f64>,
        times: Vec<f64>,
    }
    let samples: Option<Samples> = read(&folder.join("sample.json"))?;
    Ok(samples.and_then(|samples| {
        measure::lowest_tenth(samples.times.iter().zip(&samples.iters).map(|(time, rounds)| time / rounds).collect())
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
