//! Where the streams come from: the catalogue, the generator, or a corpus.
//!
//! A stream is written for the host and path of each target. Those of the generator are written for the first target
//! and [rewritten](crate::corpus::rewrite) for the others, so that all get the same damage.

use std::sync::Arc;

use crate::check::{Check, Plan, Step, Tag, octets_of};
use crate::corpus::{Corpus, Skipped, rewrite};
use crate::fuzz::generate::Generator;
use crate::fuzz::input::Input;
use crate::fuzz::site::Site;
use crate::rule::{Action, On, Role};
use crate::target::Target;

/// Where streams come from.
#[derive(Debug)]
pub enum Source {
    /// Checks that send, and neither wait nor close.
    Checks(Vec<Arc<Check>>),
    /// So many inputs of a generator, which writes for this site.
    Generator {
        /// Makes them.
        generator: Generator,
        /// The site that it writes for.
        site: Site,
        /// How many.
        requests: u64,
    },
    /// A folder.
    Corpus(Corpus),
}

/// A stream on its way to every target.
#[derive(Debug, Clone)]
pub struct Item {
    /// The id of the check, the number of the generated input, or the name of the file.
    pub name: String,
    /// The stream.
    pub stream: Stream,
}

/// What is sent.
#[derive(Debug, Clone)]
pub enum Stream {
    /// What a check sends.
    Check(Arc<Check>),
    /// Tokens that were written for a site.
    Tokens(Arc<Input>, Arc<Site>),
}

impl Stream {
    /// The octets for a target; `token` is what stands for `{token}`.
    #[must_use]
    pub fn octets(&self, target: &Target, token: &str) -> Vec<u8> {
        match self {
            Self::Check(check) => match &check.plan {
                Plan::Exchange { steps, .. } => {
                    let mut values = target.values();
                    token.clone_into(&mut values.token);
                    octets_of(steps, &values)
                }
                Plan::Probe(_) => Vec::new(),
            },
            Self::Tokens(input, site) => rewrite(input.octets(), site, &Site::of(target)),
        }
    }
}

/// The checks of `all` that can be held beside each other at these targets.
#[must_use]
pub fn comparable(all: &[Arc<Check>], targets: &[Target], with_intrusive: bool) -> Vec<Arc<Check>> {
    let is_sent = |step: &Step| matches!(step, Step::Send(_));
    let fits = |check: &&Arc<Check>| {
        matches!(&check.plan, Plan::Exchange { steps, .. } if steps.iter().all(is_sent))
            && check.needs.is_none()
            && !check.is(Tag::Slow)
            && (with_intrusive || !check.is(Tag::Intrusive))
            && targets.iter().all(|target| check.is_for(target.tls.is_some()))
    };
    let mut checks: Vec<Arc<Check>> = all.iter().filter(fits).cloned().collect();
    // Lengths that no machine can hold come last: not every server survives them.
    let is_hard = |check: &Arc<Check>| {
        let mut reactions = check.rules().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request));
        reactions.any(|reaction| reaction.action == Action::NotMisread)
    };
    checks.sort_by_key(is_hard);
    checks
}

impl Source {
    /// A word for reports.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Checks(_) => "checks",
            Self::Generator { .. } => "generator",
            Self::Corpus(_) => "corpus",
        }
    }

    /// Every stream, made or read as it is asked for.
    pub(super) fn items(self) -> Box<dyn Iterator<Item = Result<Item, Skipped>> + Send> {
        match self {
            Self::Checks(checks) => Box::new(
                checks.into_iter().map(|check| Ok(Item { name: check.id.clone(), stream: Stream::Check(check) })),
            ),
            Self::Generator { generator, site, requests } => {
                let site = Arc::new(site);
                Box::new((0..requests).map(move |index| {
                    let input = Arc::new(generator.input(index, &[]));
                    Ok(Item { name: format!("#{index}"), stream: Stream::Tokens(input, site.clone()) })
                }))
            }
            Self::Corpus(corpus) => {
                let site = Arc::new(corpus.site().clone());
                Box::new(corpus.into_inputs().map(move |entry| {
                    let entry = entry?;
                    let input = Arc::new(Input::tokenise(&entry.octets));
                    Ok(Item { name: entry.name, stream: Stream::Tokens(input, site.clone()) })
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::builtin;
    use crate::target::TargetOptions;

    #[tokio::test]
    async fn checks_are_written_for_each_target() {
        let mut targets = Vec::new();
        for url in ["http://127.0.0.1:81/", "http://127.0.0.1:8200/x"] {
            targets.push(Target::resolve(url, &TargetOptions::default()).await.unwrap());
        }
        let all: Vec<Arc<Check>> = builtin().iter().cloned().map(Arc::new).collect();
        let checks = comparable(&all, &targets, true);
        assert!(checks.len() > 100, "{}", checks.len());
        assert!(comparable(&all, &targets, false).len() < checks.len());
        let check = checks.iter().find(|check| check.id == "content-length-plus-sign").unwrap();
        let octets = Stream::Check(check.clone()).octets(&targets[1], "t");
        let text = String::from_utf8(octets).unwrap();
        assert!(text.starts_with("POST /x HTTP/1.1\r\nHost: 127.0.0.1:8200\r\n"), "{text}");
    }
}
