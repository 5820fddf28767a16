//! Instructions that `parse_head` executes per message, and whether they have become more.
//!
//! Unlike time, they are the same in every run of the same program on the same path; another compiler makes another
//! program, and other CPU features mean another path. What counts them is the binary `instructions`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::figures;
use crate::table::grouped;

/// What writes the file anew.
pub const COMMAND: &str = "cargo run --release -p startline-benches --bin instructions";

/// By how much a count may differ without a word.
const SLACK: f64 = 0.05;

const FILE: &str = "instructions.toml";

/// Counts, and what they hold for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Release and commit of the compiler.
    pub rustc: String,
    /// What counted; another version counts the same instructions.
    pub valgrind: String,
    /// CPU features that the parser found under valgrind.
    pub features: Vec<String>,
    /// Instructions per message, for each input.
    pub per_message: BTreeMap<String, f64>,
}

/// What the comparison comes to.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// The counts mean something else; why.
    Incomparable(String),
    /// They mean the same; what is worth a word, and whether any of it is a failure.
    Compared {
        /// A line each.
        remarks: Vec<String>,
        /// Whether a count has grown by more than the slack, or inputs are not the same.
        failed: bool,
    },
}

impl Counts {
    /// Reads the counts that are kept.
    ///
    /// # Errors
    /// A file that cannot be read or is of another format.
    pub fn load() -> Result<Self> {
        let file = figures::path(FILE);
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not what `{COMMAND}` writes", file.display()))
    }

    /// Writes them.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self) -> Result<()> {
        let file = figures::path(FILE);
        let text = format!("# Written by `{COMMAND}`.\n{}", toml::to_string(self)?);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Compares what is counted now with what is kept.
    #[must_use]
    pub fn compare(&self, now: &Self) -> Verdict {
        if self.rustc != now.rustc {
            return Verdict::Incomparable(format!("the figures are of rustc {}, this is {}", self.rustc, now.rustc));
        }
        if self.features != now.features {
            let list = |features: &[String]| if features.is_empty() { "none".to_owned() } else { features.join(", ") };
            return Verdict::Incomparable(format!(
                "the figures are of a processor with {}, this one has {}",
                list(&self.features),
                list(&now.features)
            ));
        }
        let (mut remarks, mut failed) = (Vec::new(), false);
        for (input, &after) in &now.per_message {
            let Some(&before) = self.per_message.get(input) else {
                remarks.push(format!("{input}: not in {FILE}: `{COMMAND}` writes it anew"));
                failed = true;
                continue;
            };
            let change = after / before - 1.0;
            let both = format!("{input}: {} instructions instead of {}", grouped(after), grouped(before));
            if change > SLACK {
                remarks.push(format!(
                    "{both}, {:.1} % more; if they are worth it, `{COMMAND}` accepts them",
                    change * 100.0
                ));
                failed = true;
            } else if change < -SLACK {
                remarks.push(format!("{both}, {:.1} % fewer; `{COMMAND}` writes the file anew", change * -100.0));
            }
        }
        for input in self.per_message.keys().filter(|input| !now.per_message.contains_key(*input)) {
            remarks.push(format!("{input}: in {FILE} and not counted any more: `{COMMAND}` writes it anew"));
            failed = true;
        }
        Verdict::Compared { remarks, failed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(figures: &[(&str, f64)]) -> Counts {
        Counts {
            rustc: "1.95.0 (abc)".to_owned(),
            valgrind: "valgrind-3.19.0".to_owned(),
            features: vec!["AVX2".to_owned()],
            per_message: figures.iter().map(|&(input, count)| (input.to_owned(), count)).collect(),
        }
    }

    fn compared(before: &[(&str, f64)], after: &[(&str, f64)]) -> (Vec<String>, bool) {
        match counts(before).compare(&counts(after)) {
            Verdict::Compared { remarks, failed } => (remarks, failed),
            Verdict::Incomparable(why) => panic!("{why}"),
        }
    }

    #[test]
    fn within_the_slack_there_is_nothing_to_say() {
        assert_eq!(compared(&[("b", 1000.0)], &[("b", 1049.0)]), (vec![], false));
        assert_eq!(compared(&[("b", 1000.0)], &[("b", 951.0)]), (vec![], false));
    }

    #[test]
    fn growth_fails_with_both_figures_and_the_command() {
        let (remarks, failed) = compared(&[("b", 1000.0), ("c", 10.0)], &[("b", 1060.0), ("c", 10.0)]);
        assert!(failed);
        assert!(["b:", "1,060", "1,000", "6.0 %", COMMAND].iter().all(|part| remarks[0].contains(part)), "{remarks:?}");
        assert_eq!(remarks.len(), 1);
    }

    #[test]
    fn a_fall_asks_for_a_new_file() {
        let (remarks, failed) = compared(&[("b", 1000.0)], &[("b", 900.0)]);
        assert!(!failed && remarks[0].contains("10.0 % fewer") && remarks[0].contains(COMMAND), "{remarks:?}");
    }

    #[test]
    fn inputs_are_the_same() {
        assert!(compared(&[("b", 1.0)], &[("b", 1.0), ("c", 1.0)]).1);
        assert!(compared(&[("b", 1.0), ("c", 1.0)], &[("b", 1.0)]).1);
    }

    #[test]
    fn another_compiler_or_processor_is_another_thing() {
        let kept = counts(&[("b", 1.0)]);
        let other = Counts { rustc: "1.96.0 (def)".to_owned(), ..counts(&[("b", 9.0)]) };
        assert!(matches!(kept.compare(&other), Verdict::Incomparable(why) if why.contains("1.96.0")));
        let other = Counts { features: vec![], ..counts(&[("b", 9.0)]) };
        assert!(matches!(kept.compare(&other), Verdict::Incomparable(why) if why.contains("none")));
        let other = Counts { valgrind: "valgrind-3.26.0".to_owned(), ..kept.clone() };
        assert!(matches!(kept.compare(&other), Verdict::Compared { failed: false, .. }));
    }

    #[test]
    fn the_file_that_is_kept_can_be_read() {
        assert_eq!(Counts::load().unwrap().per_message.len(), 3);
    }
}
