//! The figures of one run, as they are kept in `figures.json`: what the README and the plots are made from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::fit::Fit;

/// The peer that ratios refer to.
pub const MEASURE: &str = "httparse";

/// One run, and the machine it was on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The day, in UTC, as in 2026-11-22.
    pub date: String,
    /// Model of the processor.
    pub cpu: String,
    /// What parsers may find that it can do.
    pub features: Vec<String>,
    /// How many processors there are.
    pub cpus: usize,
    /// Release and commit of the compiler.
    pub rustc: String,
    /// The C compiler, which builds picohttpparser.
    pub cc: String,
    /// Version of each parser's crate.
    pub versions: BTreeMap<String, String>,
    /// Every peer on every input.
    pub peers: Table,
    /// Heads that arrive in pieces.
    pub pieces: Table,
    /// How time grows.
    pub curves: Vec<Growth>,
}

/// Nanoseconds per message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Who was measured.
    pub columns: Vec<String>,
    /// A row for each input.
    pub rows: Vec<Row>,
}

/// One input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name.
    pub input: String,
    /// Nanoseconds per message, in the order of the columns; none for those who were not given the input.
    pub ns: Vec<Option<f64>>,
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// Its name.
    pub id: String,
    /// What the sizes count.
    pub unit: String,
    /// A line for each reader.
    pub lines: Vec<Line>,
}

/// What one reader takes for growing sizes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The reader.
    pub name: String,
    /// Size and nanoseconds, ordered by size.
    pub points: Vec<(usize, f64)>,
}

impl Line {
    /// The straight line that comes closest.
    #[must_use]
    pub fn fit(&self) -> Fit {
        Fit::of(&self.points)
    }
}

impl Table {
    /// Where a column is.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

impl Figures {
    /// Reads the figures that are kept.
    ///
    /// # Errors
    /// A file that cannot be read or is of another format.
    pub fn load() -> Result<Self> {
        let file = path("figures.json");
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not what `ratios --save` writes", file.display()))
    }

    /// Writes them.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self) -> Result<()> {
        let file = path("figures.json");
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// A file beside the README of this crate.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Four significant digits: more are noise, and would only make differences longer.
#[must_use]
pub fn rounded(figure: f64) -> f64 {
    format!("{figure:.3e}").parse().expect("a number that was just written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_four_digits() {
        assert_eq!([0.0, 12.344_99, 98_765.4].map(rounded), [0.0, 12.34, 98_770.0]);
    }
}
