//! The tool tested against peers whose faults are known: recall by mutants, precision by peers that tempt it.
//!
//! - The reference server and its lenient variants are given `pass` and `note`, and nothing is left unjudged.
//! - Each mutant is killed: its rule is flagged, and nothing outside of its declared set.
//! - On each backend every verdict is one that the committed table has for it.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use startline_parser::rule::request_line::CONNECT_PORT_INVALID;
use tokio::task::JoinSet;

use crate::backends::{self, Backend, expected};
use crate::calibrate::Bounds;
use crate::check::{Check, Tag};
use crate::connection::tls::TlsOptions;
use crate::judge::Verdict;
use crate::reference::{self, Behaviour, Deed, Mutant, Reference, Running, When, mutant};
use crate::resource::Need;
use crate::rule::{On, Role, Rule};
use crate::runner::{self, Audit, Options};
use crate::segment::Segmentation;
use crate::target::{AddressClass, Target, TargetOptions};

/// What is tested.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every check against every mutant, instead of those of its rules and a tenth of the others.
    pub full: bool,
    /// Chooses the tenth.
    pub seed: u64,
    /// Audits at once.
    pub jobs: usize,
    /// Only mutants and backends whose name begins so.
    pub only: Option<String>,
}

/// One subject and what was wrong with its verdicts.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Outcome {
    /// What sort of subject.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// How many checks were run.
    pub checks: usize,
    /// What is wrong; nothing if all is well.
    pub problems: Vec<String>,
    /// Seconds that it took.
    pub seconds: f64,
}

/// A sort of subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The reference server without a fault.
    Reference,
    /// The reference server with a permitted leniency.
    Lenient,
    /// The reference server with a fault.
    Mutant,
    /// A peer that tempts the tool into a wrong verdict.
    Backend,
}

#[derive(Clone)]
enum Subject {
    Plain,
    /// The reference server without a fault, in every segmentation.
    Segments,
    /// The reference server under TLS.
    Secured,
    Variant(&'static Mutant),
    Backend(&'static Backend),
}

impl Subject {
    fn kind(&self) -> Kind {
        match self {
            Self::Plain | Self::Segments | Self::Secured => Kind::Reference,
            Self::Variant(mutant) if mutant.is_lenient => Kind::Lenient,
            Self::Variant(_) => Kind::Mutant,
            Self::Backend(_) => Kind::Backend,
        }
    }

    /// How long it takes beside the others, roughly.
    fn length(&self) -> u8 {
        match self {
            Self::Segments => 3,
            Self::Backend(_) => 2,
            Self::Plain | Self::Secured => 1,
            Self::Variant(_) => 0,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Plain => "reference".to_owned(),
            Self::Segments => "reference-in-segments".to_owned(),
            Self::Secured => "reference-tls".to_owned(),
            Self::Variant(mutant) => mutant.to_string(),
            Self::Backend(backend) => backend.name.to_owned(),
        }
    }

    fn has_tls(&self) -> bool {
        match self {
            Self::Secured => true,
            Self::Variant(mutant) => mutant.behaviour.tls,
            Self::Plain | Self::Segments | Self::Backend(_) => false,
        }
    }

    fn start(&self) -> std::io::Result<Running> {
        match self {
            Self::Plain | Self::Segments => Reference::start("127.0.0.1:0", Behaviour::default()),
            Self::Secured => Reference::start("127.0.0.1:0", Behaviour::default().with_tls()),
            Self::Variant(mutant) => Reference::start("127.0.0.1:0", mutant.behaviour.clone()),
            Self::Backend(backend) => backend.start(),
        }
    }
}

/// Runs the plan; `done` hears of each subject as it is finished.
pub async fn run(checks: &[Arc<Check>], plan: &Plan, mut done: impl FnMut(&Outcome)) -> Vec<Outcome> {
    let subjects = [Subject::Plain, Subject::Segments, Subject::Secured]
        .into_iter()
        .chain(mutant::lenients().map(Subject::Variant))
        .chain(mutant::mutants().map(Subject::Variant))
        .chain(backends::ALL.iter().map(Subject::Backend));
    let wanted = |subject: &Subject| plan.only.as_ref().is_none_or(|start| subject.name().starts_with(start));
    let mut waiting: Vec<Subject> = subjects.filter(wanted).collect();
    // What takes longest begins first, and is popped from the end.
    waiting.sort_by_key(Subject::length);
    let mut tasks = JoinSet::new();
    let mut outcomes = Vec::new();
    loop {
        while tasks.len() < plan.jobs.max(1)
            && let Some(subject) = waiting.pop()
        {
            let checks = choose(checks, &subject, plan);
            tasks.spawn(async move { examine(&subject, checks).await });
        }
        match tasks.join_next().await {
            None => break,
            Some(Ok(outcome)) => {
                done(&outcome);
                outcomes.push(outcome);
            }
            Some(Err(error)) => outcomes.push(Outcome {
                kind: Kind::Reference,
                name: "the harness".to_owned(),
                checks: 0,
                problems: vec![format!("it broke: {error}")],
                seconds: 0.0,
            }),
        }
    }
    outcomes.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    outcomes
}

/// The checks that a subject meets.
fn choose(checks: &[Arc<Check>], subject: &Subject, plan: &Plan) -> Vec<Arc<Check>> {
    let name = subject.name();
    let in_tenth = |check: &Check| is_in_tenth(plan.seed, &name, &check.id);
    // What waits for seconds meets the mutants of its own rule alone, unless there is time for everything.
    let own = |check: &Check| matches!(subject, Subject::Variant(mutant) if check.rule == mutant.rule);
    let fits =
        |check: &&Arc<Check>| check.is_for(subject.has_tls()) && (plan.full || !check.is(Tag::Slow) || own(check));
    let mutant = match subject {
        Subject::Variant(mutant) => mutant,
        Subject::Segments if !plan.full => {
            return checks.iter().filter(fits).filter(|check| in_tenth(check)).cloned().collect();
        }
        // The rest of it is what the server does without TLS.
        Subject::Secured if !plan.full => {
            let chosen = checks.iter().filter(fits).filter(|check| check.is(Tag::Tls) || in_tenth(check));
            return chosen.cloned().collect();
        }
        _ => return checks.iter().filter(fits).cloned().collect(),
    };
    // What is wrong with answers may show in those to `OPTIONS *` alone.
    let in_answers = mutant.variant.starts_with("in-response");
    let to_connect = mutant.behaviour.deeds.iter().any(|deed| matches!(deed, Deed::Scripted(When::Connect, _)));
    let is_close = |check: &Check| {
        check.rules().any(|rule| rule == mutant.rule || mutant.declared.contains(&rule.id))
            || (in_answers && check.rule == &crate::rule::OPTIONS_ASTERISK)
            || (to_connect && check.rule == &CONNECT_PORT_INVALID)
    };
    checks.iter().filter(fits).filter(|check| plan.full || is_close(check) || in_tenth(check)).cloned().collect()
}

/// Whether a check is in the tenth that a subject meets: the same for the same seed, whatever other checks there are.
fn is_in_tenth(seed: u64, subject: &str, check: &str) -> bool {
    let octets = subject.bytes().chain([0]).chain(check.bytes());
    let hash = octets.fold(0, |hash: u64, octet| hash.wrapping_mul(31).wrapping_add(u64::from(octet)));
    fastrand::Rng::with_seed(seed ^ hash).u8(0..10) == 0
}

async fn examine(subject: &Subject, checks: Vec<Arc<Check>>) -> Outcome {
    let outcome = |problems, seconds| Outcome {
        kind: subject.kind(),
        name: subject.name(),
        checks: checks.len(),
        problems,
        seconds,
    };
    let running = match subject.start() {
        Ok(running) => running,
        Err(error) => return outcome(vec![format!("it did not start: {error}")], 0.0),
    };
    let trusting = TlsOptions { insecure: true, ca: None };
    let options_of_target = TargetOptions { tls: trusting, ..reference::target_options() };
    let target = match Target::resolve(&running.url(), &options_of_target).await {
        Ok(target) => target,
        Err(error) => return outcome(vec![error.to_string()], 0.0),
    };
    let audit = runner::audit(target, &checks, &options(subject), pending()).await;
    // Stopping waits for the server's threads.
    let _ = tokio::task::spawn_blocking(move || running.stop()).await;
    let problems = match subject {
        Subject::Plain | Subject::Secured => clean(&audit, None),
        Subject::Segments => [clean(&audit, None), changed(&audit)].concat(),
        Subject::Variant(mutant) if mutant.is_noted => noted(mutant, &audit),
        Subject::Variant(mutant) if mutant.is_lenient => clean(&audit, Some(mutant)),
        Subject::Variant(mutant) => killed(mutant, &audit),
        Subject::Backend(backend) => as_tabled(backend, &audit),
    };
    outcome(problems, audit.took.as_secs_f64())
}

/// No peer of ours takes its time over a refusal.
const AFTER_SILENCE: Duration = Duration::from_millis(500);

/// Peers of our own answer at once, so that quiet periods may be short; a finding is repeated once.
fn options(subject: &Subject) -> Options {
    let bounds = Bounds {
        quiet_least: Duration::from_millis(120),
        quiet_most: Duration::from_millis(600),
        first_answer: Duration::from_secs(2),
    };
    let mut options = Options::of(AddressClass::Loopback);
    options.jobs = 12;
    options.repeat = 1;
    options.after_silence = AFTER_SILENCE;
    options.bounds = Some(bounds);
    options.slow = true;
    // Only a guard: on a loaded machine a subject takes its time.
    options.deadline = Duration::from_secs(900);
    if matches!(subject, Subject::Segments) {
        options.segmentations = Segmentation::ALL.to_vec();
        options.deadline = Duration::from_secs(3600);
    }
    options
}

/// Only `pass` and `note`, and no response with a fault. Of a lenient variant its own rule may be left unjudged, or masked:
/// a server without a clock owes no date.
fn clean(audit: &Audit, own: Option<&Mutant>) -> Vec<String> {
    let is_clean = |result: &runner::CheckResult| match result.judgement.verdict {
        Verdict::Pass | Verdict::Note => true,
        // What it repairs, it may refuse for what the control is refused for.
        Verdict::Masked => own.is_some_and(|own| own.rule == result.check.rule),
        // It speaks in the clear.
        Verdict::NotJudged => {
            own.is_some_and(|own| own.rule == result.check.rule || own.declared.contains(&result.check.rule.id))
                || result.judgement.needs == Some(Need::Tls)
        }
        _ => false,
    };
    let results = audit.results.iter().filter(|result| !is_clean(result));
    let lint = audit.lint.iter().map(|finding| format!("lint-{}: {}", finding.rule.id, finding.why()));
    results
        .map(|result| format!("{} is {}: {}", result.check.id, result.judgement.verdict, result.judgement.why))
        .chain(lint)
        .collect()
}

/// Verdicts that change with the segments.
fn changed(audit: &Audit) -> Vec<String> {
    let words = |result: &runner::CheckResult| {
        let others = result.segmented.iter().map(|other| format!("{}: {}", other.segmentation, other.judgement.why));
        format!("{} is {}, and in segments {:?}", result.check.id, result.judgement.verdict, others.collect::<Vec<_>>())
    };
    let is_odd = |result: &&runner::CheckResult| {
        runner::differs(result) || result.segmented.iter().any(|other| other.judgement.verdict == Verdict::Unstable)
    };
    audit.results.iter().filter(is_odd).map(words).collect()
}

/// Its rule is noted, and nothing outside of its declared set is anything but clean.
fn noted(mutant: &Mutant, audit: &Audit) -> Vec<String> {
    let is_noted =
        |result: &runner::CheckResult| result.check.rule == mutant.rule && result.judgement.verdict == Verdict::Note;
    let unseen = (!audit.results.iter().any(is_noted)).then(|| "no check of its rule noted it".to_owned());
    let is_clean = |result: &&runner::CheckResult| {
        matches!(result.judgement.verdict, Verdict::Pass | Verdict::Note)
            || result.check.rules().any(|rule| mutant.declared.contains(&rule.id))
    };
    let others = audit.results.iter().filter(|result| !is_clean(result));
    let others = others.map(|r| format!("{} is {}: {}", r.check.id, r.judgement.verdict, r.judgement.why));
    unseen.into_iter().chain(others).collect()
}

/// Its rule is flagged, and nothing outside of its declared set.
fn killed(mutant: &Mutant, audit: &Audit) -> Vec<String> {
    let mut problems = Vec::new();
    let flagged = |rule: &Rule| {
        let by_check = audit
            .results
            .iter()
            .any(|result| result.judgement.verdict.is_finding() && result.check.rules().any(|found| found == rule));
        by_check || audit.lint.iter().any(|finding| finding.rule == rule)
    };
    if let Err(problem) = &audit.calibration {
        problems.push(format!("it could not be judged: {problem}"));
    } else if !flagged(mutant.rule) {
        problems.push("survived: no check of its rule found it".to_owned());
    }
    for result in &audit.results {
        let verdict = result.judgement.verdict;
        let is_explained = result.check.rules().any(|rule| mutant.explains(rule));
        if matches!(verdict, Verdict::Unstable | Verdict::Error) || (verdict.is_finding() && !is_explained) {
            problems.push(format!("{} is {verdict} too: {}", result.check.id, result.judgement.why));
        }
    }
    for finding in audit.lint.iter().filter(|finding| !mutant.explains(finding.rule)) {
        problems.push(format!("lint-{} too: {}", finding.rule.id, finding.why()));
    }
    problems
}

/// Every verdict is one that the table has.
fn as_tabled(backend: &Backend, audit: &Audit) -> Vec<String> {
    let mut problems: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for result in &audit.results {
        let verdict = result.judgement.verdict;
        // Few backends have resources worth the name.
        if verdict == Verdict::NotJudged && result.judgement.needs.is_some() {
            continue;
        }
        let right = result.check.rules().any(|rule| {
            let class = rule.reaction(Role::OriginServer, On::Request).and_then(expected::Class::of);
            class
                .and_then(|class| expected::expected(backend.name, class, rule.id))
                .is_some_and(|set| set.contains(&verdict))
        });
        if !right {
            problems.entry(format!("{verdict}: {}", result.judgement.why)).or_default().push(&result.check.id);
        }
    }
    problems.into_iter().map(|(what, ids)| format!("{what} ({})", ids.join(", "))).collect()
}
