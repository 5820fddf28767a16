//! Running checks against one target: schedule, safety, confirmation, deadline.

pub(crate) mod attempt;
mod pace;
mod repeat;
mod segmented;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::calibrate::{Bounds, Calibration, calibrate};
use crate::check::{Check, Plan, Tag};
use crate::exchange::Patience;
use crate::judge::lint::{Finding, Lint};
use crate::judge::{Judgement, Verdict};
use crate::limits::Limit;
use crate::meter::{self, Cost, Waits};
use crate::observation::{Observation, Purpose};
use crate::probe::{Context, is_limit};
use crate::rule::{Action, On, Role};
use crate::segment::Segmentation;
use crate::target::{AddressClass, Target};

pub use pace::Pace;
pub use segmented::{Segmented, applies as can_be_segmented, differs};

/// More octets than this are not kept of what came back in one exchange, once it is judged; with a few exchanges a check
/// that bounds what the whole report can take up, whatever the target sends.
pub const KEPT_MOST: usize = 16 * 1024;

/// How an audit is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Exchanges under way at once, at most.
    pub jobs: usize,
    /// Connections a second, at most; none for no cap.
    pub rate: Option<u32>,
    /// After this the audit ends with what is known.
    pub deadline: Duration,
    /// How often a finding is repeated before it is reported.
    pub repeat: u32,
    /// How long a repetition waits at least, where the first attempt ended in silence: some servers take their time over
    /// refusals.
    pub after_silence: Duration,
    /// The segments in which checks are sent; the verdict of a check is that of the first. Empty stands for whole.
    pub segmentations: Vec<Segmentation>,
    /// Whether the user is allowed to send what could disturb others.
    pub authorised: bool,
    /// Bounds of the quiet period; by default those of the class.
    pub bounds: Option<Bounds>,
    /// How far away the target is taken to be; by default as its address says.
    pub class: Option<AddressClass>,
    /// Whether checks are run that wait for seconds by design.
    pub slow: bool,
}

impl Options {
    /// The defaults for targets of this class: elsewhere at most four connections at once and twenty a second.
    #[must_use]
    pub const fn of(class: AddressClass) -> Self {
        let (jobs, rate) = match class {
            AddressClass::Loopback => (16, None),
            AddressClass::Elsewhere => (4, Some(20)),
        };
        Self {
            jobs,
            rate,
            deadline: Duration::from_secs(120),
            repeat: 2,
            after_silence: Duration::from_secs(2),
            segmentations: Vec::new(),
            authorised: false,
            bounds: None,
            class: None,
            slow: false,
        }
    }
}

/// What an audit of one target comes to.
#[derive(Debug)]
pub struct Audit {
    /// The URL as given.
    pub url: String,
    /// The address that was talked to.
    pub address: String,
    /// What was known of the target, or why nothing could be judged.
    pub calibration: Result<Calibration, String>,
    /// A result for each check, in the order of the catalogue.
    pub results: Vec<CheckResult>,
    /// What the responses break.
    pub lint: Vec<Finding>,
    /// How many responses were looked at.
    pub responses: usize,
    /// How long it took.
    pub took: Duration,
    /// What it cost.
    pub cost: Cost,
    /// How much the target takes, as far as it was looked for.
    pub limits: Vec<Limit>,
    /// Why it ended before its time, if it did.
    pub cut_short: Option<CutShort>,
    /// What must not be shown.
    pub secrets: Vec<String>,
}

/// Why an audit ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutShort {
    /// The deadline.
    Deadline,
    /// The user.
    Interrupted,
}

/// One check and what became of it.
#[derive(Debug, Clone)]
pub struct CheckResult {
    /// The check.
    pub check: Arc<Check>,
    /// The verdict and its reasons.
    pub judgement: Judgement,
    /// The exchanges that show it.
    pub exchanges: Vec<Observation>,
    /// Verdicts of the repetitions, if there were any.
    pub confirmed: Vec<Verdict>,
    /// What it came to in other segments, where they were tried.
    pub segmented: Vec<Segmented>,
}

impl CheckResult {
    fn without_exchange(check: Arc<Check>, judgement: Judgement) -> Self {
        Self { check, judgement, exchanges: Vec::new(), confirmed: Vec::new(), segmented: Vec::new() }
    }
}

/// Runs `checks` against `target`. `stop` ends the audit with what is known when it completes.
pub async fn audit(target: Target, checks: &[Arc<Check>], options: &Options, stop: impl Future<Output = ()>) -> Audit {
    let started = Instant::now();
    let class = options.class.unwrap_or(target.endpoint.class());
    let bounds = options.bounds.unwrap_or(Bounds::of(class));
    let mut audit = Audit {
        url: target.url.clone(),
        address: match &target.endpoint {
            crate::target::Endpoint::Tcp(address) => address.to_string(),
            crate::target::Endpoint::Unix(path) => path.display().to_string(),
        },
        calibration: Err("the deadline was over before the target was known".to_owned()),
        results: Vec::new(),
        lint: Vec::new(),
        responses: 0,
        took: Duration::ZERO,
        cost: Cost::default(),
        limits: Vec::new(),
        cut_short: None,
        secrets: target.secrets.clone(),
    };
    let deadline = started + options.deadline;
    let pace = Pace::new(options.rate);
    // Checks wait for their turns themselves.
    let paced = Target { pace: options.rate.map(|rate| Arc::new(Pace::new(Some(rate)))), ..target.clone() };
    let may_post = class == AddressClass::Loopback || options.authorised;
    tokio::pin!(stop);
    let known = tokio::select! {
        known = calibrate(&paced, options.jobs, bounds, may_post) => Some(known),
        () = tokio::time::sleep_until(deadline) => { audit.cut_short = Some(CutShort::Deadline); None }
        () = &mut stop => { audit.cut_short = Some(CutShort::Interrupted); None }
    };
    let mut found: Vec<Option<CheckResult>> = checks.iter().map(|_| None).collect();
    // On this machine there is one clock.
    let is_here = target.endpoint.class() == AddressClass::Loopback;
    let mut lint = if is_here { Lint::with_clock(SystemTime::now()) } else { Lint::default() };
    if let Some(known) = known {
        audit.calibration = known;
    }
    if let Ok(calibration) = &audit.calibration {
        let context = Arc::new(Context::new(target, calibration.clone(), pace));
        let checking = Instant::now();
        audit.cost.capacity = options.jobs.min(calibration.capacity).max(1);
        // Some servers do not survive the late wave, and nothing else is to suffer from that.
        let (slow, others): (Vec<_>, Vec<_>) =
            checks.iter().cloned().enumerate().partition(|(_, check)| check.is(Tag::Slow));
        let (late, ordinary): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, check)| is_late(check));
        // Large requests keep a server busy, and a limit says more when others are known.
        let (limits, ordinary): (Vec<_>, Vec<_>) = ordinary.into_iter().partition(|(_, check)| is_limit(check));
        // Popped from the end.
        let all = options.jobs;
        let mut waves = [(slow, all), (late, all), (limits, 1), (ordinary, all)].to_vec();
        let mut tasks = JoinSet::new();
        loop {
            if tasks.is_empty()
                && let Some((wave, jobs)) = waves.pop()
            {
                tasks = spawn_all(&context, wave, jobs, options, class);
            }
            let joined = tokio::select! {
                joined = tasks.join_next() => joined,
                () = tokio::time::sleep_until(deadline) => { audit.cut_short = Some(CutShort::Deadline); break; }
                () = &mut stop => { audit.cut_short = Some(CutShort::Interrupted); break; }
            };
            match joined {
                None if waves.is_empty() => break,
                None => {}
                Some(Ok((at, mut result, waits))) => {
                    charge(&mut audit.cost, &result.check, waits);
                    // A repetition shows nothing new.
                    for observation in result.exchanges.iter().filter(|exchange| exchange.purpose != Purpose::Confirm) {
                        lint.look(at, observation);
                    }
                    result.exchanges.iter_mut().for_each(|observation| observation.trim(KEPT_MOST));
                    found[at] = Some(result);
                }
                // The check's own result says below that the harness broke.
                Some(Err(_)) => {}
            }
        }
        tasks.abort_all();
        audit.cost.checking = checking.elapsed();
        audit.limits = context.limits.all();
    }
    audit.results =
        checks.iter().zip(found).map(|(check, result)| result.unwrap_or_else(|| missing(check, &audit))).collect();
    segmented::tell(&mut audit.results);
    audit.cost.peak_memory = meter::peak_memory();
    audit.responses = lint.responses();
    audit.lint = lint.findings().cloned().collect();
    audit.took = started.elapsed();
    audit
}

/// The result of a check that was not run to its end.
fn missing(check: &Arc<Check>, audit: &Audit) -> CheckResult {
    let judgement = match (&audit.calibration, audit.cut_short) {
        (_, Some(CutShort::Deadline)) => Judgement::not_judged("the deadline was over"),
        (_, Some(CutShort::Interrupted)) => Judgement::not_judged("interrupted"),
        (Err(why), None) => Judgement::not_judged(why.clone()),
        (Ok(_), None) => Judgement::new(Verdict::Error, "the harness broke while it ran this check", ""),
    };
    CheckResult::without_exchange(check.clone(), judgement)
}

fn charge(cost: &mut Cost, check: &Check, waits: Waits) {
    cost.checks += 1;
    cost.waits += waits;
    if check.is(Tag::Slow) {
        cost.slow += waits;
        cost.slow_checks += 1;
    } else {
        cost.longest = cost.longest.max(waits.chain);
    }
}

/// Whoever may wait longest goes first, so that quiet periods overlap with everything else.
fn patience_needed(check: &Check) -> u8 {
    match &check.plan {
        _ if check.is(Tag::Slow) => 0,
        Plan::Probe(_) => 1,
        Plan::Exchange { .. } if attempt::closes(check) => 2,
        Plan::Exchange { .. } => 3,
    }
}

/// Lengths that no machine can hold: servers have been seen to spin or to fill their memory over them.
fn is_late(check: &Check) -> bool {
    let reactions = check.rules().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request));
    reactions.map(|reaction| reaction.action).any(|action| action == Action::NotMisread)
}

fn spawn_all(
    context: &Arc<Context>,
    mut checks: Vec<(usize, Arc<Check>)>,
    jobs: usize,
    options: &Options,
    class: AddressClass,
) -> JoinSet<(usize, CheckResult, Waits)> {
    let jobs = jobs.min(context.calibration.capacity).max(1);
    let room = Arc::new(Semaphore::new(jobs));
    let mut tasks = JoinSet::new();
    checks.sort_by_key(|(_, check)| patience_needed(check));
    for (at, check) in checks {
        let (context, room, options) = (context.clone(), room.clone(), options.clone());
        let withheld = class == AddressClass::Elsewhere && !options.authorised && check.is(Tag::Intrusive);
        let has_tls = context.target.tls.is_some();
        let reason = if withheld {
            Some("not sent: it could disturb others on a shared target; --i-am-authorised sends it")
        } else if !check.is_for(has_tls) {
            Some(if has_tls { "judged on an http target only" } else { "judged on an https target only" })
        } else if check.is(Tag::Slow) && !options.slow {
            Some("not run: it waits for seconds; --slow runs it")
        } else {
            None
        };
        tasks.spawn(async move {
            if let Some(why) = reason {
                return (at, CheckResult::without_exchange(check, Judgement::not_judged(why)), Waits::default());
            }
            // The semaphore is never closed.
            let _permit = room.acquire().await;
            let started = Instant::now();
            let alone = context.calibration.capacity == 1 || options.jobs == 1;
            let (result, mut waits) = meter::metered(run(&context, check, &options, &room, alone)).await;
            // Waits side by side are one wait to whoever waits for the result.
            waits.chain = waits.total.min(started.elapsed());
            (at, result, waits)
        });
    }
    tasks
}

/// Runs one check, and repeats it where it found something.
async fn run(context: &Context, check: Arc<Check>, options: &Options, room: &Semaphore, alone: bool) -> CheckResult {
    let patience = context.calibration.patience;
    let ways = &options.segmentations[..];
    // A probe is sent as it is, whatever the segments of the others.
    let context = &match ways.first() {
        Some(first) if segmented::applies(&check) => context.segmented(*first),
        _ => context.clone(),
    };
    let (mut judgement, mut exchanges) = attempt(context, &check, patience).await;
    if judgement.verdict == Verdict::NotJudged && !exchanges.is_empty() {
        // A control that was late gets a second chance with more patience.
        (judgement, exchanges) = attempt(context, &check, patience.times(4)).await;
    }
    let mut confirmed = Vec::new();
    if judgement.verdict.is_finding() {
        (judgement, exchanges, confirmed) = repeat::repeat(context, &check, judgement, exchanges, options, room).await;
    }
    let others = ways.get(1..).unwrap_or_default();
    let segmented = segmented::others(context, &check, &judgement, others, options.repeat, patience).await;
    if let Some(measured) =
        crate::measure::of_check(&context.with_patience(patience), &check, &judgement, &exchanges).await
    {
        judgement.why.push_str(&format!("; it {measured}"));
        judgement.reading = Some(measured);
    }
    if alone && exchanges.iter().any(|exchange| !exchange.is_closed()) {
        crate::calibrate::recover(&context.target, patience).await;
    }
    CheckResult { check, judgement, exchanges, confirmed, segmented }
}

pub(crate) async fn attempt(context: &Context, check: &Check, patience: Patience) -> (Judgement, Vec<Observation>) {
    if let Some(need) = check.needs
        && let Some(judgement) = context.lacks(need)
    {
        return (judgement, Vec::new());
    }
    match &check.plan {
        Plan::Probe(probe) => probe.run(check, &context.with_patience(patience)).await,
        Plan::Exchange { steps, control } => attempt::exchange(context, check, steps, control, patience).await,
    }
}
