//! A page for each rule: what it says, why it matters, whom it binds, what an answer is worth, what a good and a bad
//! answer look like, and its checks with their octets.
//!
//! Everything on a page is derived: from the rule, from the verdict table, from the checks, from the heads of the probes'
//! files, and from the reference server and its mutants, whose answers are rehearsed and judged ([`sample`]). Only the
//! classes of incidents are written down here. The same blocks become text for a terminal and Markdown for `docs/rules`.

mod block;
mod duty;
mod folder;
mod incident;
mod page;
mod sample;

use crate::check::Check;
use crate::rule::Rule;

pub use folder::{Stale, files, stale, write};
pub use incident::{Incident, incidents};
pub use sample::{Answered, Difference, InResponse, Sample, difference, in_response, sample};

/// The page of a rule for a terminal; with a check, that check comes first.
#[must_use]
pub fn text(rule: &'static Rule, first: Option<&Check>) -> String {
    block::text(&page::page(rule, first))
}

/// The page of a rule as Markdown.
#[must_use]
pub fn markdown(rule: &'static Rule) -> String {
    block::markdown(&page::page(rule, None))
}

/// What the head of a probe's file says of it: what it does, what each outcome means, and why it cannot cry wolf.
#[must_use]
pub fn about_probe(name: &str) -> Option<&'static str> {
    let declared = |(_, names, _): &&(&str, &[&str], &[&str])| names.contains(&name);
    let mentioned = |(_, _, words): &&(&str, &[&str], &[&str])| words.contains(&name);
    PROBES.iter().find(declared).or_else(|| PROBES.iter().find(mentioned)).map(|(head, _, _)| *head)
}

/// The heads of the files in `src/probe`, each with the names that it gives to probes and with all other words that look
/// like names.
static PROBES: &[(&str, &[&str], &[&str])] = include!(concat!(env!("OUT_DIR"), "/probes.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Plan;
    use crate::judge::Verdict;
    use crate::{check, probe, rule};

    #[test]
    fn every_probe_says_what_its_outcomes_mean() {
        for probe in probe::ALL {
            let head = about_probe(probe.name).unwrap_or_else(|| panic!("{}: its file has no head", probe.name));
            assert!(head.lines().count() > 3, "{}: {head}", probe.name);
        }
        assert!(about_probe("date-present").unwrap().contains("clock"));
    }

    #[test]
    fn a_page_has_everything_that_is_promised() {
        let rule = rule::by_id("content-length-invalid").unwrap();
        let page = markdown(rule);
        for part in [
            "# `content-length-invalid`",
            "**MUST**",
            "Request smuggling",
            "Content-Length: +5",
            "HTTP/1.1 400 Bad Request",
            "HTTP/1.1 200 OK",
            "`content-length-invalid:plus`",
            "Verdict: `pass`",
            "Verdict: `fail`",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let check = check::builtin().iter().find(|check| check.id == "content-length-plus-sign").unwrap();
        let text = text(rule, Some(check));
        assert!(text.starts_with("content-length-plus-sign") && text.contains("\ncontent-length-invalid\n"), "{text}");
    }

    /// The reference server is right about every check, and it is so on paper too.
    #[test]
    fn the_good_answer_is_good_and_the_bad_one_is_bad() {
        let mut without = Vec::new();
        for check in check::builtin() {
            let Plan::Exchange { .. } = check.plan else { continue };
            let Some(sample) = sample(check) else { panic!("{}: the reference server lacks what it needs", check.id) };
            let good = sample.good.judgement.verdict;
            assert!(good.is_judged() && !good.is_finding(), "{}: {good}: {}", check.id, sample.good.judgement.why);
            if sample.bad.is_none() {
                without.push(check.id.as_str());
            }
        }
        // Some checks vary what no mutant gets wrong, and for some nothing is flagged.
        assert!(without.len() * 5 < check::builtin().len(), "{} have no bad answer: {without:?}", without.len());
    }

    #[test]
    fn rules_for_senders_have_a_bad_response() {
        let (mut all, mut without) = (0, Vec::new());
        for rule in rule::all().filter(|rule| rule.sender(rule::On::Response).is_some()) {
            all += 1;
            match in_response(rule) {
                Some(found) => assert!(found.mutant.rule == rule && found.verdict != Verdict::Pass, "{}", rule.id),
                None => without.push(rule.id),
            }
        }
        // Some show only in answers to requests of another kind than those that are rehearsed.
        assert!(without.len() * 5 < all, "{} of {all} have none: {without:?}", without.len());
    }

    #[test]
    fn the_same_page_comes_out_each_time() {
        for id in ["content-length-invalid", "bare-lf", "body-read", "date-present"] {
            let rule = rule::by_id(id).unwrap();
            assert_eq!(markdown(rule), markdown(rule), "{id}");
        }
    }
}
