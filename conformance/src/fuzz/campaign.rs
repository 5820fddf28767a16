//! A run: many who play, one who keeps the books.
//!
//! Inputs are numbered. Number `n` is made from the seed, `n`, and the inputs that had been kept when number `n - LAG` was
//! entered into the books; books are kept in the order of the numbers, whoever was faster. So a seed repeats a run, with
//! whatever number of jobs, as far as the target behaves the same.
//!
//! Memory is bounded: [`LAG`] inputs are under way, [`KEPT_MOST`] are kept, and findings are as many as there are rules
//! and sorts of behaviour.

mod books;
mod down;

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::confirm::{Confirmed, Confirmer, Suspicion, is_suspicious};
use super::finding::Finding;
use super::generate::Generator;
use super::input::Input;
use super::novelty;
use super::play::{Played, Player, Pulse, Wait, sent_of};
use crate::calibrate::Calibration;
use crate::judge::exchange::Known;
use crate::judge::stream::{Judged, Sent, judge};
use crate::probe::Context;
use crate::runner::Pace;
use crate::target::{AddressClass, Target};

use books::Books;
pub use books::Totals;

/// So many inputs may be under way before the first of them is in the books.
pub const LAG: u64 = 2048;

/// More inputs than this are not kept.
pub const KEPT_MOST: usize = 4096;

/// How long suspicions are still followed once no input is played any more.
const DECIDING_MOST: Duration = Duration::from_secs(30);

/// Confirmations at once.
const CONFIRMING: usize = 2;

/// How a run is done.
#[derive(Debug, Clone)]
pub struct Options {
    /// Inputs; none for no end but the time.
    pub requests: Option<u64>,
    /// How long; none for no end but the number of inputs.
    pub time: Option<Duration>,
    /// Exchanges at once.
    pub jobs: usize,
    /// Connections a second, at most.
    pub rate: Option<u32>,
    /// The number of the first input, for a run that goes on.
    pub first: u64,
    /// How long a target that stopped answering is waited for.
    pub down: Duration,
    /// Ends at the first finding that is `warn` or `fail`.
    pub until_found: bool,
    /// Inputs of an earlier run whose cases were not decided.
    pub undecided: Vec<(u64, Input)>,
    /// Findings of earlier runs, which are not looked for again.
    pub known: Vec<Finding>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            requests: None,
            time: None,
            jobs: 32,
            rate: None,
            first: 0,
            down: Duration::from_secs(60),
            until_found: false,
            undecided: Vec::new(),
            known: Vec::new(),
        }
    }
}

/// What happens during a run.
#[derive(Debug)]
pub enum Event<'e> {
    /// An input that is kept: its number, and the input.
    Kept(u64, &'e Input),
    /// Something odd that will be confirmed.
    Suspected(&'e Suspicion),
    /// What became of it, and its number.
    Decided(u64),
    /// A finding.
    Found(&'e Finding),
    /// The target does not answer; it is waited for.
    Down,
    /// It answers again.
    Up,
    /// The books, now and then.
    Progress(&'e Totals),
}

/// What a run comes to.
#[derive(Debug)]
pub struct Run {
    /// The books.
    pub totals: Totals,
    /// The findings, the gravest first.
    pub findings: Vec<Finding>,
    /// Inputs at the first `warn` or `fail`, if there was one.
    pub first_finding_at: Option<u64>,
    /// Whether the user ended it.
    pub interrupted: bool,
    /// Whether the target was gone at the end.
    pub is_down: bool,
}

/// What those who play share.
struct Shared {
    target: Arc<Target>,
    known: Known,
    patience: crate::exchange::Patience,
    linger: Duration,
    generator: Generator,
    pulse: Pulse,
    slow: Duration,
    kept: RwLock<Kept>,
    next: AtomicU64,
    last: u64,
    entered: AtomicU64,
    is_over: AtomicBool,
    is_paused: AtomicBool,
    changed: Notify,
}

/// Inputs that taught something, with the numbers at which they did.
#[derive(Default)]
struct Kept {
    at: Vec<u64>,
    inputs: Vec<Arc<Input>>,
}

/// One input and what came of it.
struct Outcome {
    index: u64,
    input: Input,
    sent: Sent,
    played: Played,
    judged: Judged,
    behaviour: u64,
}

impl Shared {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.changed.notify_waiters();
    }

    /// Waits until input number `index` may be made; false if the run is over.
    async fn turn(&self, index: u64) -> bool {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.is_over() {
                return false;
            }
            if !self.is_paused.load(Ordering::Relaxed) && self.entered.load(Ordering::Acquire) + LAG > index {
                return true;
            }
            changed.await;
        }
    }

    fn input(&self, index: u64) -> Input {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let known = kept.at.partition_point(|at| at + LAG <= index);
        self.generator.input(index, &kept.inputs[..known])
    }

    /// Plays inputs until the run is over.
    async fn work(self: Arc<Self>, books: mpsc::UnboundedSender<Box<Outcome>>) {
        let target = self.target.clone();
        let mut player = Player::new(&target, self.known, self.patience.connect);
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= self.last || !self.turn(index).await {
                return;
            }
            let input = self.input(index);
            let sent = sent_of(&target, input.octets(), &token_of(index));
            let wait = Wait { quiet: self.pulse.quiet(), exchange: self.patience.exchange, linger: self.linger };
            let played = player.play(&sent, wait, Some(&self.pulse)).await;
            let judged = judge(&sent, played.seen(), self.known);
            let behaviour = novelty::behaviour(&sent, &judged, &played, self.slow);
            let outcome = Outcome { index, input, sent, played, judged, behaviour };
            if books.send(Box::new(outcome)).is_err() {
                return;
            }
        }
    }
}

/// The canary's token of an input.
fn token_of(index: u64) -> String {
    format!("{:012x}", index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16)
}

/// Runs until the inputs or the time are used up, or `stop` completes.
pub async fn run(
    target: Target,
    calibration: &Calibration,
    generator: Generator,
    options: &Options,
    stop: impl Future<Output = ()>,
    mut tell: impl FnMut(Event<'_>),
) -> Run {
    let started = Instant::now();
    let known = Known { sign: calibration.canary, echoes: calibration.echoes };
    let pace = options.rate.map(|rate| Arc::new(Pace::new(Some(rate))));
    let target = Target { pace, ..target };
    let class = target.endpoint.class();
    let context = Context::new(target.clone(), calibration.clone(), Pace::new(None));
    let confirmer = Arc::new(Confirmer::new(context));
    let least = if class == AddressClass::Loopback { Duration::from_millis(20) } else { Duration::from_millis(300) };
    let linger = (calibration.latency_worst * 2).clamp(Duration::from_millis(2), calibration.patience.quiet);
    let shared = Arc::new(Shared {
        target: Arc::new(target),
        known,
        patience: calibration.patience,
        linger,
        generator,
        pulse: Pulse::new(calibration.latency_worst, least, calibration.patience.quiet),
        slow: calibration.patience.quiet,
        kept: RwLock::default(),
        next: AtomicU64::new(options.first),
        last: options.requests.map_or(u64::MAX, |requests| options.first.saturating_add(requests)),
        entered: AtomicU64::new(options.first),
        is_over: AtomicBool::new(false),
        is_paused: AtomicBool::new(false),
        changed: Notify::new(),
    });
    let (sender, mut outcomes) = mpsc::unbounded_channel();
    let mut playing = JoinSet::new();
    for _ in 0..options.jobs.min(calibration.capacity).max(1) {
        playing.spawn(shared.clone().work(sender.clone()));
    }
    drop(sender);
    let mut books = Books::new(options.first, options.known.clone());
    let mut waiting: VecDeque<Suspicion> = VecDeque::new();
    let mut confirming: JoinSet<(Suspicion, Confirmed)> = JoinSet::new();
    for (index, input) in &options.undecided {
        match confirmer.suspicion(*index, input).await {
            Some(suspicion) => waiting.push_back(suspicion),
            None => tell(Event::Decided(*index)),
        }
    }
    let deadline = options.time.map(|time| started + time);
    let mut told = Instant::now();
    let (mut interrupted, mut is_down, mut is_draining) = (false, false, false);
    let mut over_at = None;
    tokio::pin!(stop);
    loop {
        while confirming.len() < CONFIRMING
            && !interrupted
            && let Some(suspicion) = waiting.pop_front()
        {
            // It may have been found in the meantime.
            if books.is_known(&suspicion.judged) {
                tell(Event::Decided(suspicion.index));
                continue;
            }
            let (confirmer, shared) = (confirmer.clone(), shared.clone());
            confirming.spawn(async move {
                let confirmed = confirmer.confirm(&suspicion, &shared.pulse).await;
                (suspicion, confirmed)
            });
        }
        if is_draining && confirming.is_empty() && waiting.is_empty() {
            break;
        }
        let end = async {
            match deadline {
                Some(deadline) if !shared.is_over() => tokio::time::sleep_until(deadline).await,
                _ => std::future::pending().await,
            }
        };
        if shared.is_over() && over_at.is_none() {
            over_at = Some(Instant::now());
        }
        let late = async {
            match over_at {
                Some(over_at) => tokio::time::sleep_until(over_at + DECIDING_MOST).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = late => {
                // What is not decided by now is in the folder of the run, if there is one.
                books.totals.undecided = (waiting.len() + confirming.len()) as u64;
                confirming.abort_all();
                break;
            }
            () = &mut stop, if !interrupted => {
                interrupted = true;
                shared.end();
            }
            () = end => shared.end(),
            Some(Ok((suspicion, confirmed))) = confirming.join_next(), if !confirming.is_empty() => {
                if let Some(finding) = books.decide(&suspicion, confirmed) {
                    tell(Event::Found(finding));
                    if options.until_found && books.first_finding_at.is_some() {
                        shared.end();
                        waiting.clear();
                    }
                }
                tell(Event::Decided(suspicion.index));
            }
            outcome = outcomes.recv(), if !is_draining => {
                let Some(outcome) = outcome else {
                    books.totals.played = started.elapsed();
                    is_draining = true;
                    shared.end();
                    continue;
                };
                books.arrived(outcome);
                while let Some(outcome) = books.pop() {
                    let entered = outcome.index + 1;
                    if let Some(input) = books.enter(&outcome) {
                        tell(Event::Kept(outcome.index, &input));
                        let mut kept = shared.kept.write().unwrap_or_else(PoisonError::into_inner);
                        kept.at.push(outcome.index);
                        kept.inputs.push(input);
                    }
                    if is_suspicious(&outcome.judged) && books.is_worth_it(&outcome.judged) {
                        let input = Arc::new(outcome.input);
                        let suspicion = Suspicion { index: outcome.index, input, judged: outcome.judged };
                        tell(Event::Suspected(&suspicion));
                        waiting.push_back(suspicion);
                    }
                    shared.entered.store(entered, Ordering::Release);
                    shared.changed.notify_waiters();
                }
                if books.looks_down() && !shared.is_over() {
                    shared.is_paused.store(true, Ordering::Relaxed);
                    let watch = down::Watch { confirmer: &confirmer, patience: calibration.patience, most: options.down };
                    if watch.is_down().await {
                        tell(Event::Down);
                        let suspects = books.recent();
                        let (finding, is_up) = tokio::select! {
                            found = watch.wait_and_bisect(&suspects) => found,
                            () = &mut stop, if !interrupted => { interrupted = true; shared.end(); (None, false) }
                        };
                        is_down = !is_up;
                        if let Some(finding) = finding {
                            tell(Event::Found(books.add(finding)));
                        }
                        if is_up { tell(Event::Up) } else { shared.end() }
                    }
                    books.forget_silence();
                    shared.is_paused.store(false, Ordering::Relaxed);
                    shared.changed.notify_waiters();
                }
                if told.elapsed() > Duration::from_millis(200) {
                    told = Instant::now();
                    books.totals.took = started.elapsed();
                    books.totals.played = started.elapsed();
                    tell(Event::Progress(&books.totals));
                }
            }
        }
        if interrupted && is_draining {
            confirming.abort_all();
            break;
        }
    }
    playing.abort_all();
    for finding in books.responses(&shared.target) {
        tell(Event::Found(books.add(finding)));
    }
    books.totals.took = started.elapsed();
    tell(Event::Progress(&books.totals));
    books.finish(interrupted, is_down)
}
