//! What the fuzzer has found: confirmed, as small as it gets, with everything that is needed to see it again.

use serde::{Deserialize, Serialize};
use startline_parser::notation::encode;

use super::sequential;
use crate::judge::Verdict;
use crate::judge::stream::What;
use crate::rule::{Impact, Rule, by_id};

/// The version of the form in which findings are written.
pub const SCHEMA: u32 = 1;

/// A finding. Octets are in the notation of checks, which decodes to the exact ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Names the rule, what was seen, and the message.
    pub id: String,
    /// The target's URL.
    pub target: String,
    /// The value of `Host` that the message was written for.
    pub host: String,
    /// `fail` where a MUST is broken, `warn` where a SHOULD is, `note` where no sentence is.
    pub verdict: String,
    /// What was seen.
    pub what: What,
    /// The ids of the rules that are broken, the first of them first; none where no rule is about it.
    pub rules: Vec<String>,
    /// What is at stake: that of the first rule.
    pub impact: String,
    /// The smallest message, or stream, that shows it, without the canary that goes with it.
    pub message: String,
    /// What it was found in.
    pub found_in: String,
    /// The number of that input in the run.
    pub input: u64,
    /// Statuses of the final answers to the message and the canary; 0 for octets without a status-line.
    pub statuses: Vec<u16>,
    /// What came back, its first octets.
    pub received: String,
    /// How the connection was afterwards.
    pub ended: String,
    /// The same without what is wrong with it, where a refusal or silence has to be compared.
    pub control: Option<Control>,
    /// How many repetitions showed it, and of how many.
    pub shown: (u32, u32),
    /// The judgement in words.
    pub why: String,
    /// What would have been right, in words.
    pub expected: String,
    /// The fewest choices of a recipient that explain what was seen, in words; empty where none do.
    #[serde(default)]
    pub explained: Vec<String>,
}

/// A control and the status that it got; 0 for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// The octets.
    pub message: String,
    /// The status.
    pub status: u16,
}

impl Finding {
    /// The rules, as far as this version knows them.
    pub fn known_rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.rules.iter().filter_map(|id| by_id(id))
    }

    /// The verdict as a value.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        Verdict::from_word(&self.verdict).unwrap_or(Verdict::Note)
    }

    /// The exact octets of the message.
    ///
    /// # Errors
    /// The text is not in the notation.
    pub fn octets(&self) -> Result<Vec<u8>, startline_parser::notation::NotationError> {
        startline_parser::notation::decode(&self.message)
    }

    /// By which findings are sorted: the gravest first.
    #[must_use]
    pub fn order(&self) -> (u8, u8, Impact, Vec<String>) {
        let grade = match self.verdict() {
            Verdict::Fail => 0,
            Verdict::Warn => 1,
            _ => 2,
        };
        let gone = u8::from(self.what != What::Down);
        let impact = self.known_rules().next().map_or(Impact::Semantics, |rule| rule.impact);
        (gone, grade, impact, self.rules.clone())
    }

    /// How sure it is, in words.
    #[must_use]
    pub fn certainty(&self) -> String {
        let (shown, repeated) = self.shown;
        format!(
            "seen in {shown} of {repeated} repetitions on fresh connections (chance is taken for a behaviour in at most {} \
             of 1,000 cases)",
            sequential::FALSE_ALARMS * 1000.0
        )
    }
}

/// The id of a finding: readable, and different for different messages.
#[must_use]
pub fn id(rules: &[&'static Rule], what: What, message: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash: String = Sha256::digest(message).iter().take(3).map(|octet| format!("{octet:02x}")).collect();
    let about = rules.first().map_or("robustness", |rule| rule.id);
    format!("{about}.{}.{hash}", what.word())
}

/// Octets in the notation, cut after so many.
#[must_use]
pub fn shown(octets: &[u8], most: usize) -> String {
    encode(&octets[..octets.len().min(most)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_messages_apart() {
        let rule = by_id("host-missing").unwrap();
        let one = id(&[rule], What::Served, b"a");
        assert!(one.starts_with("host-missing.served."), "{one}");
        assert_ne!(one, id(&[rule], What::Served, b"b"));
        assert!(id(&[], What::Reset, b"a").starts_with("robustness.reset."));
    }
}
