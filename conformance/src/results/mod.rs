//! What the audit of a real server came to, small enough to be kept in the repository, and the page made of all of them.
//!
//! One file a server, `servers/results/NAME.json`. Dates are left out: the versions say what was compared with what.

mod memory;
mod page;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::judge::Verdict;
use crate::report::counts;
use crate::rule::Rule;
use crate::runner::Audit;
use crate::triage::{Triage, findings};

pub use memory::{forget_peak, peak};
pub use page::page;

/// The form of the files.
const SCHEMA: u32 = 1;

/// What the audit of one server came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The form of the file: 1.
    pub schema: u32,
    /// Version of this tool.
    pub startline: String,
    /// Whether it was built for speed; otherwise times say little.
    pub is_release: bool,
    /// Hash of the catalogue that was run.
    pub catalogue: String,
    /// Name of the server's entry.
    pub server: String,
    /// Version of the server, as it states it.
    pub version: String,
    /// How many checks were run.
    pub checks: usize,
    /// How many of them told something.
    pub judged: usize,
    /// How many results have each verdict, by its word; what responses break counts too.
    pub verdicts: BTreeMap<String, usize>,
    /// What was found, by rule.
    pub findings: BTreeMap<String, Found>,
    /// Rules that have checks of which none could be judged.
    pub unjudged: Vec<String>,
    /// Findings that no known deviation explains.
    pub unknown: usize,
    /// Time for the whole audit, in seconds.
    pub seconds: f64,
    /// The quiet period that was waited for at each silence, in seconds.
    pub quiet_seconds: f64,
    /// Exchanges that the server bore at once.
    pub capacity: usize,
    /// Checks a second, waits included.
    pub checks_per_second: f64,
    /// The most memory that this tool has had resident meanwhile, in MiB, where the system tells.
    pub peak_memory_mib: Option<f64>,
}

/// What was found of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Checks that ended as `fail`.
    pub fail: Vec<String>,
    /// Checks that ended as `warn`.
    pub warn: Vec<String>,
}

/// Why results cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or the folder cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file is not a result.
    #[error("{}: {problem}", path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl Saved {
    /// What an audit came to; none if it was cut short or the server could not be judged. `peak` is in octets.
    #[must_use]
    pub fn of(triage: &Triage, audit: &Audit, catalogue: &str, peak: Option<u64>) -> Option<Self> {
        let Ok(known) = &audit.calibration else { return None };
        if audit.cut_short.is_some() {
            return None;
        }
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        for finding in findings(audit) {
            let of_rule = found.entry(finding.rule.to_owned()).or_default();
            if finding.verdict == Verdict::Fail { &mut of_rule.fail } else { &mut of_rule.warn }.push(finding.check);
        }
        let judged = |result: &&crate::runner::CheckResult| result.judgement.verdict.is_judged();
        let is_unjudged = |rule: &&'static Rule| {
            let mut of_rule = audit.results.iter().filter(|result| result.check.rule == *rule).peekable();
            of_rule.peek().is_some() && !of_rule.any(|result| judged(&result))
        };
        let seconds = audit.took.as_secs_f64();
        Some(Self {
            schema: SCHEMA,
            startline: env!("CARGO_PKG_VERSION").to_owned(),
            is_release: !cfg!(debug_assertions),
            catalogue: catalogue.to_owned(),
            server: triage.name.clone(),
            version: triage.version.clone(),
            checks: audit.results.len(),
            judged: audit.results.iter().filter(judged).count(),
            verdicts: counts(audit)
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .map(|(verdict, count)| (verdict.word().to_owned(), count))
                .collect(),
            findings: found,
            unjudged: crate::rule::all().filter(is_unjudged).map(|rule| rule.id.to_owned()).collect(),
            unknown: triage.unknown.len(),
            seconds: rounded(seconds),
            quiet_seconds: rounded(known.patience.quiet.as_secs_f64()),
            capacity: known.capacity,
            checks_per_second: rounded(audit.results.len() as f64 / seconds.max(1e-3)),
            peak_memory_mib: peak.map(|octets| rounded(octets as f64 / f64::from(1 << 20))),
        })
    }

    /// How many results have the verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.get(verdict.word()).copied().unwrap_or_default()
    }

    /// Writes the file of the server into the folder, which is made if it is missing.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<PathBuf, Error> {
        let path = folder.join(format!("{}.json", self.server));
        let failed = |error| Error::File { path: path.clone(), error };
        fs::create_dir_all(folder).map_err(failed)?;
        let mut text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        text.push('\n');
        fs::write(&path, text).map_err(failed)?;
        Ok(path)
    }
}

/// Every result in the folder, sorted by name; none if there is no such folder.
///
/// # Errors
/// A file that cannot be read, or that is no result of the server that it is named after.
pub fn load(folder: &Path) -> Result<Vec<Saved>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::File { path: folder.to_owned(), error }),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::File { path: folder.to_owned(), error })?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.into_iter().map(load_one).collect()
}

fn load_one(path: PathBuf) -> Result<Saved, Error> {
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return Err(Error::File { path, error }),
    };
    let problem = match serde_json::from_str::<Saved>(&text) {
        Ok(saved) if saved.schema != SCHEMA => format!("schema {} is not {SCHEMA}", saved.schema),
        Ok(saved) if path.file_stem().is_some_and(|stem| stem == saved.server.as_str()) => return Ok(saved),
        Ok(saved) => format!("it is about the server {:?}", saved.server),
        Err(error) => format!("{error}; `startline servers NAME --save` writes it anew"),
    };
    Err(Error::Content { path, problem })
}

/// Figures that differ from run to run anyway do not need more digits.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn saved(server: &str, findings: &[(&str, usize, usize)]) -> Saved {
        let ids = |count: usize| (0..count).map(|at| format!("c{at}")).collect();
        Saved {
            schema: SCHEMA,
            startline: "0.1.0".to_owned(),
            is_release: false,
            catalogue: "abc".to_owned(),
            server: server.to_owned(),
            version: "1.2".to_owned(),
            checks: 10,
            judged: 9,
            verdicts: BTreeMap::from([("fail".to_owned(), 2), ("pass".to_owned(), 7)]),
            findings: findings
                .iter()
                .map(|(rule, fail, warn)| ((*rule).to_owned(), Found { fail: ids(*fail), warn: ids(*warn) }))
                .collect(),
            unjudged: vec!["date-present".to_owned()],
            unknown: 0,
            seconds: 1.5,
            quiet_seconds: 0.15,
            capacity: 16,
            checks_per_second: 6.67,
            peak_memory_mib: None,
        }
    }

    #[test]
    fn what_is_saved_can_be_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let results = folder.path().join("results");
        assert!(load(&results).unwrap().is_empty());
        let (b, a) = (saved("b", &[("host-missing", 1, 0)]), saved("a", &[]));
        b.save(&results).unwrap();
        a.save(&results).unwrap();
        assert_eq!(load(&results).unwrap(), [a, b]);
    }

    #[test]
    fn what_is_no_result_is_told_by_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |text: &str, told: &str| {
            fs::write(folder.path().join("x.json"), text).unwrap();
            let error = load(folder.path()).unwrap_err().to_string();
            assert!(error.contains("x.json") && error.contains(told), "{error}");
        };
        refused("{", "EOF");
        refused("{\"schema\": 1, \"odd\": 2}", "odd");
        refused(&serde_json::to_string(&saved("y", &[])).unwrap(), "about the server \"y\"");
        refused(&serde_json::to_string(&Saved { schema: 2, ..saved("x", &[]) }).unwrap(), "schema 2");
    }
}
