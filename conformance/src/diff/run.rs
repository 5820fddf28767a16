//! Playing every stream at every target, and keeping what they disagree about.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::behaviour::Behaviour;
use super::case::{Cases, Disagreement};
use super::compare::clusters;
use super::minimise::{minimise, own};
use super::source::{Item, Source, Stream};
use super::subject::{Cell, Subject};
use crate::calibrate::{Bounds, Calibration};
use crate::corpus::Skipped;
use crate::fuzz::play::Player;
use crate::runner::{CutShort, Pace};
use crate::target::{AddressClass, Target, token};

/// More kinds of disagreement than these are not made smaller.
const MINIMISED_MOST: usize = 64;
/// More files that were passed over are counted, and not named.
const SKIPPED_MOST: usize = 100;

/// How targets are held beside each other.
#[derive(Debug, Clone)]
pub struct Options {
    /// Streams under way at once, at most.
    pub jobs: usize,
    /// Connections a second to each target, at most; none for no cap.
    pub rate: Option<u32>,
    /// After this it ends with what is known.
    pub deadline: Duration,
    /// Whether the user is allowed to send what could disturb others.
    pub authorised: bool,
    /// Bounds of the quiet period; by default those of the class of each target.
    pub bounds: Option<Bounds>,
}

/// One of the targets.
#[derive(Debug)]
pub struct Party {
    /// The URL as given.
    pub url: String,
    /// What is known of it, or why it was left out.
    pub calibration: Result<Calibration, String>,
    /// Whether it had stopped answering at the end.
    pub is_lost: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Diff {
    /// Every target, in the order in which they were given. Those that could not be reached have no part in what follows.
    pub parties: Vec<Party>,
    /// Where the streams came from.
    pub source: &'static str,
    /// How many streams were played.
    pub played: usize,
    /// How many of them were taken alike by all that can be compared.
    pub agreed: usize,
    /// How many of them a target answered differently each time, and the others alike.
    pub unstable: usize,
    /// What they disagree about, ranked. Cells are those of the targets that could be reached, in their order.
    pub disagreements: Vec<Disagreement>,
    /// Disagreements of more kinds than are kept apart.
    pub dropped: usize,
    /// Files that were passed over.
    pub skipped: Vec<Skipped>,
    /// Why it ended early, if it did.
    pub cut_short: Option<CutShort>,
    /// How long it took.
    pub took: Duration,
    /// What must not be shown.
    pub secrets: Vec<String>,
}

/// What became of one stream.
enum Told {
    Agreed,
    Unstable,
    Disagrees(Box<Disagreement>),
    Skipped(Skipped),
}

type Items = Arc<Mutex<Box<dyn Iterator<Item = Result<Item, Skipped>> + Send>>>;

/// Plays the streams of `source` at every target. `stop` ends it with what is known when it completes.
pub async fn diff(targets: Vec<Target>, source: Source, options: &Options, stop: impl Future<Output = ()>) -> Diff {
    let started = Instant::now();
    let mut diff = Diff {
        parties: Vec::new(),
        source: source.word(),
        played: 0,
        agreed: 0,
        unstable: 0,
        disagreements: Vec::new(),
        dropped: 0,
        skipped: Vec::new(),
        cut_short: None,
        took: Duration::ZERO,
        secrets: targets.iter().flat_map(|target| target.secrets.clone()).collect(),
    };
    let mut cases = Cases::default();
    let urls: Vec<String> = targets.iter().map(|target| target.url.clone()).collect();
    let early = tokio::select! {
        () = all(targets, source, options, &mut diff, &mut cases) => None,
        () = tokio::time::sleep(options.deadline) => Some(CutShort::Deadline),
        () = stop => Some(CutShort::Interrupted),
    };
    diff.cut_short = early;
    for url in urls.into_iter().skip(diff.parties.len()) {
        let why = "it was over before the target was known".to_owned();
        diff.parties.push(Party { url, calibration: Err(why), is_lost: false });
    }
    diff.dropped = cases.dropped;
    diff.disagreements = cases.ranked();
    diff.took = started.elapsed();
    diff
}

async fn all(targets: Vec<Target>, source: Source, options: &Options, diff: &mut Diff, cases: &mut Cases) {
    let subjects = meet(targets, options, diff).await;
    if subjects.len() < 2 {
        return;
    }
    let subjects = Arc::new(subjects);
    let capacity = subjects.iter().map(|subject| subject.calibration.capacity).min().unwrap_or(1);
    let jobs = options.jobs.min(capacity).max(1);
    let items: Items = Arc::new(Mutex::new(source.items()));
    let (told, mut hear) = mpsc::channel(jobs * 4);
    // Tasks end when this is dropped.
    let mut tasks = JoinSet::new();
    for _ in 0..jobs {
        tasks.spawn(work(subjects.clone(), items.clone(), told.clone()));
    }
    drop(told);
    while let Some(told) = hear.recv().await {
        match told {
            Told::Skipped(skipped) => {
                if diff.skipped.len() < SKIPPED_MOST {
                    diff.skipped.push(skipped);
                }
                continue;
            }
            Told::Agreed => diff.agreed += 1,
            Told::Unstable => diff.unstable += 1,
            Told::Disagrees(case) => cases.add(*case),
        }
        diff.played += 1;
    }
    smaller(&subjects, cases).await;
    let mut subjects = subjects.iter();
    for party in diff.parties.iter_mut().filter(|party| party.calibration.is_ok()) {
        if let Some(subject) = subjects.next() {
            party.is_lost = !subject.is_there().await;
        }
    }
}

/// Gets to know every target.
async fn meet(targets: Vec<Target>, options: &Options, diff: &mut Diff) -> Vec<Subject> {
    let mut tasks = JoinSet::new();
    for (at, target) in targets.iter().enumerate() {
        let class = target.endpoint.class();
        let pace = options.rate.map(|rate| Arc::new(Pace::new(Some(rate))));
        let target = Target { pace, ..target.clone() };
        let bounds = options.bounds.unwrap_or(Bounds::of(class));
        let (jobs, may_post) = (options.jobs, class == AddressClass::Loopback || options.authorised);
        tasks.spawn(async move { (at, Subject::meet(target, jobs, bounds, may_post).await) });
    }
    let mut met = tasks.join_all().await;
    met.sort_by_key(|(at, _)| *at);
    let mut subjects = Vec::new();
    for ((_, subject), target) in met.into_iter().zip(&targets) {
        let calibration = subject.map(|subject| {
            let calibration = subject.calibration.clone();
            subjects.push(subject);
            calibration
        });
        diff.parties.push(Party { url: target.url.clone(), calibration, is_lost: false });
    }
    subjects
}

async fn work(subjects: Arc<Vec<Subject>>, items: Items, told: mpsc::Sender<Told>) {
    let mut players: Vec<Player<'_>> = subjects.iter().map(Subject::player).collect();
    loop {
        let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
        let became = match next {
            None => return,
            Some(Err(skipped)) => Told::Skipped(skipped),
            Some(Ok(item)) => examine(&subjects, &mut players, item).await,
        };
        if told.send(became).await.is_err() {
            return;
        }
    }
}

/// Plays a stream quickly at every target, and patiently where they seem to disagree.
async fn examine(subjects: &[Subject], players: &mut [Player<'_>], item: Item) -> Told {
    let word = token();
    let mut quick = Vec::with_capacity(subjects.len());
    for (subject, player) in subjects.iter().zip(players.iter_mut()) {
        quick.push(subject.quickly(player, &item.stream, &word).await);
    }
    let quick: Vec<Option<&Behaviour>> = quick.iter().map(Option::as_ref).collect();
    if clusters(&quick, own(subjects, &item.stream)).degree.is_none() {
        return Told::Agreed;
    }
    confirm(subjects, players, item.name, item.stream).await
}

async fn confirm(subjects: &[Subject], players: &mut [Player<'_>], name: String, stream: Stream) -> Told {
    let word = token();
    let mut cells: Vec<Cell> = Vec::with_capacity(subjects.len());
    for (subject, player) in subjects.iter().zip(players.iter_mut()) {
        cells.push(subject.patiently(player, &stream, &word).await);
    }
    let behaviours: Vec<Option<&Behaviour>> = cells.iter().map(|cell| cell.behaviour.as_ref()).collect();
    let found = clusters(&behaviours, own(subjects, &stream));
    let is_unstable = cells.iter().any(|cell| cell.is_unstable);
    match Disagreement::of(name, stream, cells, found) {
        Some(case) => Told::Disagrees(Box::new(case)),
        None if is_unstable => Told::Unstable,
        None => Told::Agreed,
    }
}

/// Makes the streams of tokens smaller, those that matter most first, and puts together what turns out to be the same.
async fn smaller(subjects: &[Subject], cases: &mut Cases) {
    let mut players: Vec<Player<'_>> = subjects.iter().map(Subject::player).collect();
    let dropped = cases.dropped;
    let all = std::mem::take(cases).ranked();
    cases.dropped = dropped;
    // Whoever stops us in between gets those that were not looked at yet as they are.
    all.iter().for_each(|case| cases.add(case.clone()));
    let worth_it = |case: &&Disagreement| matches!(case.stream, Stream::Tokens(..)) && case.counts();
    for case in all.iter().filter(worth_it).take(MINIMISED_MOST) {
        let words = |cell: &Cell| cell.behaviour.as_ref().map(Behaviour::words);
        let wanted: Vec<Option<String>> = case.cells.iter().map(words).collect();
        let stream = minimise(subjects, &mut players, &case.stream, &wanted).await;
        let name = case.names.first().cloned().unwrap_or_default();
        if let Told::Disagrees(small) = confirm(subjects, &mut players, name, stream).await
            && small.clusters == case.clusters
            && small.degree == case.degree
            && small.wrong().eq(case.wrong())
        {
            cases.replace(case, *small);
        }
    }
}
