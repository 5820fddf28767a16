//! Published bugs of old releases in reading requests: which rules a finding has to name, and a message that shows the bug.
//!
//! Here is what an entry claims; that the octets break the rules is for a test, and that the release does it for a proof
//! which starts the release. Some bugs harm only behind a proxy that reads the message otherwise; what the claim is about is
//! the reading at the origin server, which is wrong by itself.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::load::Wrong;
use crate::rule::{self, Rule};
use crate::wire::Template;

/// A published bug that a release has.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Advisory {
    /// What it is published as: `CVE-...` or `GHSA-...`.
    pub id: String,
    /// What the release reads wrongly, in one sentence.
    pub summary: String,
    /// The rules that the trigger breaks, or whose feature it shows; a finding has to name one of them.
    pub rules: Vec<&'static Rule>,
    /// A small message that shows the bug.
    pub trigger: Template,
    /// What is to be seen, for readers.
    pub shows: String,
    /// How many answers come to the trigger.
    pub answers: Option<usize>,
    /// The status of the first of them.
    pub status: Option<u16>,
    /// The name of the entry of a newer release in which the bug is gone.
    pub gone_in: Option<String>,
}

impl Advisory {
    /// Whether the statuses of the answers to the trigger are what the bug makes of it.
    #[must_use]
    pub fn is_shown_by(&self, statuses: &[u16]) -> bool {
        self.answers.is_none_or(|count| statuses.len() == count)
            && self.status.is_none_or(|status| statuses.first() == Some(&status))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvisoryTable {
    id: Spanned<String>,
    summary: String,
    rules: Spanned<Vec<Spanned<String>>>,
    trigger: Spanned<String>,
    shows: String,
    expect_answers: Option<usize>,
    expect_status: Option<u16>,
    gone_in: Option<String>,
}

/// Checks the advisories of an entry.
pub(super) fn advisories(tables: Vec<AdvisoryTable>) -> Result<Vec<Advisory>, Wrong> {
    let mut seen = BTreeSet::new();
    tables
        .into_iter()
        .map(|table| {
            if !seen.insert(table.id.get_ref().clone()) {
                return Err(Wrong::new(table.id.span(), "a second entry for this advisory"));
            }
            advisory(table)
        })
        .collect()
}

fn advisory(table: AdvisoryTable) -> Result<Advisory, Wrong> {
    if !["CVE-", "GHSA-"].iter().any(|scheme| table.id.get_ref().starts_with(scheme)) {
        return Err(Wrong::new(table.id.span(), "an advisory is named CVE-... or GHSA-..."));
    }
    if table.rules.get_ref().is_empty() {
        return Err(Wrong::new(table.rules.span(), "an advisory names the rules that its trigger breaks"));
    }
    if table.expect_answers.is_none() && table.expect_status.is_none() {
        return Err(Wrong::new(table.id.span(), "an advisory has `expect_answers`, `expect_status` or both"));
    }
    let by_id = |id: &Spanned<String>| {
        rule::by_id(id.get_ref()).ok_or_else(|| Wrong::new(id.span(), "there is no rule of this name"))
    };
    let rules = table.rules.get_ref().iter().map(by_id).collect::<Result<_, _>>()?;
    let trigger = Template::parse(table.trigger.get_ref())
        .map_err(|error| Wrong::new(table.trigger.span(), format!("the trigger has {error}")))?;
    Ok(Advisory {
        id: table.id.into_inner(),
        summary: table.summary,
        rules,
        trigger,
        shows: table.shows,
        answers: table.expect_answers,
        status: table.expect_status,
        gone_in: table.gone_in,
    })
}

#[cfg(test)]
#[path = "advisory_tests.rs"]
mod tests;
