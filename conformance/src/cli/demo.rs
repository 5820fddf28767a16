//! `startline demo`: an audit of the embedded server with a few faults on; nothing else has to be set up.

use std::collections::BTreeSet;

use anyhow::Context as _;
use clap::Args;
use startline::check::Tag;
use startline::judge::Verdict;
use startline::reference::{self, Behaviour, Reference, mutant};
use startline::report::{Report, Style};
use startline::runner;
use startline::target::Target;

use super::audit::{Running, Selection, catalogue_hash};
use super::output::{self, print};
use super::{Exit, interrupted};

/// The faults that the demo switches on; their policies do not touch the same points.
const FAULTS: [&str; 3] = ["content-length-invalid:plus", "host-duplicate:accept", "request-target-whitespace:keep"];

/// Audit the embedded server with a few faults switched on.
///
/// The exit status is 0 when exactly those faults were found.
#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    running: Running,
}

impl Demo {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        output::prepare(&self.running.format)?;
        let mut checks = Selection::default().checks()?;
        // The embedded server speaks no TLS, and a demonstration waits for nobody.
        checks.retain(|check| !check.is(Tag::Tls) && !check.is(Tag::Slow));
        let server = Reference::start("127.0.0.1:0", behaviour()?).context("the embedded server did not start")?;
        let target = Target::resolve(&server.url(), &reference::target_options()).await?;
        let options = self.running.options(target.endpoint.class(), false);
        let audits = [runner::audit(target, &checks, &options, interrupted()).await];
        tokio::task::spawn_blocking(move || server.stop()).await.context("the server could not be stopped")?;
        let audit = &audits[0];
        let report = Report { audits: &audits, catalogue: &catalogue_hash(&checks), repeat: &[] };
        output::write(&self.running.format, &report, Style { verbose: self.running.verbose })?;
        if audit.cut_short == Some(runner::CutShort::Interrupted) {
            return Ok(Exit::Interrupted);
        }
        let broken: BTreeSet<&str> = FAULTS.iter().filter_map(|fault| fault.split(':').next()).collect();
        let found: BTreeSet<&str> = audit
            .results
            .iter()
            .filter(|result| result.judgement.verdict.is_finding())
            .flat_map(|result| {
                // A check with several rules counts for those that were switched on.
                let of_check: Vec<&str> = result.check.rules().map(|rule| rule.id).collect();
                let known: Vec<&str> = of_check.iter().copied().filter(|id| broken.contains(id)).collect();
                if known.is_empty() { of_check } else { known }
            })
            .chain(audit.lint.iter().map(|finding| finding.rule.id))
            .collect();
        let is_odd = |verdict| matches!(verdict, Verdict::Unstable | Verdict::Error | Verdict::NotJudged);
        let odd = audit.results.iter().filter(|result| is_odd(result.judgement.verdict)).count();
        let is_right = found == broken && odd == 0;
        let list = |rules: &BTreeSet<&str>| rules.iter().copied().collect::<Vec<_>>().join(", ");
        if self.running.format.iter().all(|output| !output.is_stdout()) {
            let said = if is_right {
                format!(
                    "The embedded server had {} faults switched on, and exactly those were found: {}\n",
                    broken.len(),
                    list(&broken)
                )
            } else {
                format!("Switched on: {}; found: {}; not judged or unstable: {odd}\n", list(&broken), list(&found))
            };
            print(&said)?;
        }
        Ok(if is_right { Exit::Clean } else { Exit::Findings })
    }
}

fn behaviour() -> anyhow::Result<Behaviour> {
    use startline_parser::policy::Point;
    let mut policy = Behaviour::default().policy;
    for fault in FAULTS {
        let mutant = mutant::by_name(fault).with_context(|| format!("there is no fault {fault}"))?;
        for &point in Point::ALL {
            let choice = mutant.behaviour.policy.choice(point);
            if choice != 0 {
                policy = policy.with(point, choice).with_context(|| format!("{fault} makes no choice"))?;
            }
        }
    }
    Ok(Behaviour::default().with_policy(policy))
}
