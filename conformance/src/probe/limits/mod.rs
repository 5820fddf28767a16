//! Limits: where they are, and how what exceeds them is refused (RFC 9112 section 3, RFC 9110 section 5.4).
//!
//! The threshold of the request-line, of one field line, of the field section and of the number of field lines is looked
//! for by doubling and halving (see [`crate::limits`]) with an otherwise plain request. Writing stops as soon as an answer
//! begins. The thresholds stand in the report whatever the verdict, since no sentence says where they have to be, apart
//! from the 8,000 octets of a request-line, which are a check of their own. What is judged is the answer to the smallest
//! size that is not taken: 414 for a request-target, any 4xx for fields.
//!
//! Large requests keep some servers busy, so that these probes run last and one after the other (see
//! [`crate::runner`]), and wait longer for an answer than others.
//!
//! It cannot cry wolf: a peer that closes while octets are still on their way can erase its own answer by a reset
//! (RFC 9112 section 9.6), so a close without an answer is repeated slowly, a piece at a time and reading in between, and
//! even then it is a warning only, since closing is always permitted. Silence counts only if a plain request is answered
//! after it. A field that was left out counts only if the echo shows the short field behind it, and shows the long one
//! while it is short. Where nothing is too large up to the cap, nothing is judged.

mod message;

use std::time::Duration;

use tokio::time::Instant;

use super::talk::{self, Seen};
use super::{Context, Probe, Running};
use crate::check::{Check, Plan};
use crate::exchange::Patience;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::limits::{Limit, Search, What};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;
use crate::target::AddressClass;
use message::{FILL, LINE_MOST, MARK, request, section_of};

/// Where a search for octets begins, and one for lines.
const OCTETS_FIRST: usize = 1 << 10;
const LINES_FIRST: usize = 16;

/// How long to wait for the answer to a large request, at least.
const QUIET_LEAST: Duration = Duration::from_millis(400);

/// A search takes so long at most; what is known by then is reported.
const LONGEST_HERE: Duration = Duration::from_secs(2);
const LONGEST_ELSEWHERE: Duration = Duration::from_secs(20);

/// Octets of a piece when writing slowly, and the wait for an answer after each.
const PIECE: usize = 8 << 10;
const BETWEEN: Duration = Duration::from_millis(20);

pub(super) static TARGET_TOO_LONG: Probe = Probe {
    name: "target-too-long",
    about: "finds the longest request-line that is taken, up to 1 MiB; one octet more has to be refused with 414",
    run: |check, context| run(check, context, What::RequestLine),
};

pub(super) static FIELD_LINE_TOO_LARGE: Probe = Probe {
    name: "field-line-too-large",
    about: "finds the longest field line that is taken, up to 1 MiB; one octet more has to be refused with a 4xx",
    run: |check, context| run(check, context, What::FieldLine),
};

pub(super) static FIELD_SECTION_TOO_LARGE: Probe = Probe {
    name: "field-section-too-large",
    about: "finds the largest field section that is taken, up to 1 MiB; one octet more has to be refused with a 4xx",
    run: |check, context| run(check, context, What::FieldSection),
};

pub(super) static FIELDS_TOO_MANY: Probe = Probe {
    name: "fields-too-many",
    about: "finds how many field lines are taken, up to 65,536; one more has to be refused with a 4xx",
    run: |check, context| run(check, context, What::FieldCount),
};

/// Whether a check is one of these.
#[must_use]
pub fn is_limit(check: &Check) -> bool {
    let all = [&TARGET_TOO_LONG, &FIELD_LINE_TOO_LARGE, &FIELD_SECTION_TOO_LARGE, &FIELDS_TOO_MANY];
    matches!(check.plan, Plan::Probe(probe) if all.iter().any(|limit| limit.name == probe.name))
}

fn run<'a>(check: &'a Check, context: &'a Context, what: What) -> Running<'a> {
    Box::pin(async move {
        let patience = context.patience;
        let quiet = patience.quiet.max(QUIET_LEAST * 2);
        let context = context.with_patience(Patience { quiet, exchange: patience.exchange.max(quiet * 4), ..patience });
        measure(level(check.rule), &context, what).await
    })
}

async fn measure(level: Level, context: &Context, what: What) -> (Judgement, Vec<Observation>) {
    let control = talk::plain(context).await;
    let Some(plain) = talk::complete(&control).and_then(|answer| answer.status) else {
        let why = format!("a plain exchange before was not answered ({})", control.ended.words());
        return (Judgement::not_judged(why), vec![control]);
    };
    if is_refusal(what, plain) {
        let why = format!("a plain request is answered with {plain}, like one that is too large");
        return (Judgement::not_judged(why), vec![control]);
    }
    let line_most = line_most(context);
    let mut exchanges = vec![control];
    let mut limit = match context.limits.get(what) {
        // A finding is repeated, and the threshold is known.
        Some(known) => known,
        None => match search(context, what, plain, line_most).await {
            Ok((limit, shown)) => {
                exchanges.extend(shown);
                limit
            }
            Err(judgement) => return (judgement, exchanges),
        },
    };
    let mut judgement = None;
    if let Some((size, answer)) = &mut limit.above {
        let (octets, _) = request(context, what, *size, line_most);
        let mut check = ask(context, &octets).await;
        if check.is_closed() && talk::first(&check).is_none() {
            exchanges.push(check);
            check = slowly(context, &octets).await;
        }
        let after = talk::after_silence(context, &check).await;
        let seen = Seen { control: exchanges.remove(0), check, after };
        *answer = talk::words(talk::first(&seen.check).as_ref(), &seen.check);
        judgement = Some(judge(level, what, &seen, *size));
        exchanges.extend(seen.exchanges());
        limit.met_first = met_first(context, what, *size, section_of(&octets));
    }
    if let Some((size, _)) = limit.below
        && let Some(observation) = left_out(context, what, size, line_most).await
    {
        let why =
            format!("with a {} of {size} octets the request was served, and the long field was left out", what.words());
        judgement = Some(Judgement::new(broken(level), why, expected(what)));
        exchanges.push(observation);
    }
    let words = limit.words();
    context.limits.keep(limit);
    let judgement = judgement.unwrap_or_else(|| {
        Judgement::not_judged(format!(
            "nothing is too large for it up to {} {}",
            what.most(class(context)),
            what.unit()
        ))
    });
    let judgement = Judgement { why: format!("{} ({words})", judgement.why), ..judgement };
    (judgement, exchanges)
}

/// Looks for the threshold; with it comes the exchange of the largest size that was taken.
async fn search(
    context: &Context,
    what: What,
    plain: u16,
    line_most: usize,
) -> Result<(Limit, Option<Observation>), Judgement> {
    let class = class(context);
    let most = what.most(class);
    let until = Instant::now() + if class == AddressClass::Loopback { LONGEST_HERE } else { LONGEST_ELSEWHERE };
    let first = if what == What::FieldCount { LINES_FIRST } else { OCTETS_FIRST };
    // What is there anyway is the smallest size there is.
    let least = request(context, what, 0, line_most).1 + if what == What::FieldSection { 64 } else { 1 };
    let mut search = Search::new(least, first, most);
    let (mut below, mut above) = (None, None);
    let mut slowest = None;
    while let Some(size) = search.next() {
        if Instant::now() > until {
            break;
        }
        let started = Instant::now();
        // Twice the size may take four times as long.
        let quiet = slowest.map_or(context.patience.quiet, |slowest: Duration| (slowest * 6).max(QUIET_LEAST));
        let patience = Patience { quiet, ..context.patience };
        let (octets, _) = request(context, what, size, line_most);
        let observation = begin(&context.with_patience(patience), &octets).await;
        let is_taken = is_taken(what, plain, &observation)?;
        let side = (size, talk::words(talk::first(&observation).as_ref(), &observation));
        let is_beyond = search.found().1.is_some_and(|refused| refused < size);
        search.tell(size, is_taken);
        if is_taken && !is_beyond {
            slowest = slowest.max(Some(started.elapsed()));
            below = Some((side, observation));
        } else if !is_beyond {
            above = Some(side);
        }
    }
    let taken_beyond = search.taken_beyond().to_vec();
    let (below, shown) = below.unzip();
    Ok((Limit { what, below, above, most, taken_beyond, met_first: None }, shown))
}

/// Whether a request of this size was processed, whatever came of it; an answer that says nothing ends the search.
fn is_taken(what: What, plain: u16, observation: &Observation) -> Result<bool, Judgement> {
    if let crate::observation::Ended::NotConnected(why) = &observation.ended {
        return Err(Judgement::not_judged(format!("no connection during the search for the limit: {why}")));
    }
    match talk::first(observation).map(|answer| answer.status) {
        Some(Some(status)) if status == plain => Ok(true),
        Some(Some(status @ (429 | 502..=504))) => {
            Err(Judgement::not_judged(format!("answered with {status}, which says nothing about the size")))
        }
        Some(Some(status)) => Ok(!is_refusal(what, status)),
        Some(None) | None => Ok(false),
    }
}

/// Whether the status can be due to the size. A request-target that was looked up may be answered in many ways.
const fn is_refusal(what: What, status: u16) -> bool {
    match what {
        What::RequestLine => matches!(status, 400 | 413 | 414 | 431 | 500..),
        _ => matches!(status, 400..),
    }
}

/// The judgement of what came back for the smallest size that was not taken.
fn judge(level: Level, what: What, seen: &Seen, size: usize) -> Judgement {
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let answered = talk::words(answer.as_ref(), &seen.check);
    let why = match what {
        What::FieldCount => format!("a field section of {size} lines was {answered}"),
        _ => format!("a {} of {size} octets was {answered}", what.words()),
    };
    let new = |verdict, why| Judgement::new(verdict, why, expected(what));
    match answer.map(|answer| answer.status) {
        Some(Some(414)) if what == What::RequestLine => new(Verdict::Pass, why),
        Some(Some(400..=499)) if what == What::RequestLine => {
            new(Verdict::Warn, format!("{why}, which does not say that the target is too long"))
        }
        Some(Some(400..=499)) => new(Verdict::Pass, why),
        Some(Some(500..)) => new(Verdict::Warn, format!("{why}, which blames the server for the length")),
        Some(Some(_)) => Judgement::not_judged(format!("{why}, although it was not taken before")),
        None if seen.check.is_closed() => new(Verdict::Warn, format!("{why}, also when sent slowly")),
        Some(None) | None => new(broken(level), why),
    }
}

const fn expected(what: What) -> &'static str {
    match what {
        What::RequestLine => "414 to a request-target that is too long",
        _ => "a 4xx to field lines that are too large or too many",
    }
}

/// The limit that a request of this size meets before its own: that of the field section, if many short lines are larger
/// than it, or that of the number, if a section is full of lines.
fn met_first(context: &Context, what: What, size: usize, section: usize) -> Option<What> {
    let above = |other| context.limits.get(other).and_then(|limit| limit.above).map(|(size, _)| size);
    match what {
        What::FieldCount => above(What::FieldSection).filter(|most| section >= *most).map(|_| What::FieldSection),
        // What is more in a field line than the line itself is a hundred octets or two.
        What::FieldLine => above(What::FieldSection).filter(|most| size + 512 >= *most).map(|_| What::FieldSection),
        _ => None,
    }
}

/// The longest line in a section that is measured: well below the limit of a line, where that is known.
fn line_most(context: &Context) -> usize {
    let line = context.limits.get(What::FieldLine).and_then(|limit| limit.below).map(|(size, _)| size / 2);
    line.map_or(LINE_MOST, |line| line.min(LINE_MOST))
}

/// The exchange that shows that a long field was left out: the echo has the short field behind it, and not the long one,
/// which it does show while it is short.
async fn left_out(context: &Context, what: What, size: usize, line_most: usize) -> Option<Observation> {
    if !context.calibration.echoes || !matches!(what, What::FieldLine | What::FieldSection) {
        return None;
    }
    let long = ask(context, &request(context, what, size, line_most).0).await;
    if shown(&long)? != (true, false) {
        return None;
    }
    let short = ask(context, &request(context, what, 256, line_most).0).await;
    (shown(&short)? == (true, true)).then_some(long)
}

/// Whether an echo has the short field, and the one that may be long.
fn shown(observation: &Observation) -> Option<(bool, bool)> {
    let echo = Echo::parse(&talk::first(observation)?.content)?;
    let has = |name: &str| echo.fields.iter().any(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes()));
    Some((has(MARK), has(FILL)))
}

/// Sends as much as is taken, and waits for the whole answer.
async fn ask(context: &Context, octets: &[u8]) -> Observation {
    let mut exchange = context.open(Purpose::Check, &["GET"]).await;
    exchange.send_until_answered(octets).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// Sends as much as is taken, and waits for the head of an answer.
async fn begin(context: &Context, octets: &[u8]) -> Observation {
    let mut exchange = context.open(Purpose::Check, &["GET"]).await;
    exchange.send_until_answered(octets).await;
    exchange.answer_begun().await;
    exchange.finish()
}

/// Sends in pieces, and stops as soon as there is an answer.
async fn slowly(context: &Context, octets: &[u8]) -> Observation {
    let short = Patience { quiet: BETWEEN, ..context.patience };
    let waiting = context.with_patience(short);
    let mut exchange = waiting.open(Purpose::Check, &["GET"]).await;
    for piece in octets.chunks(PIECE) {
        exchange.send(piece, false).await;
        exchange.answers(1).await;
        if exchange.finals() > 0 || !exchange.is_open() {
            return exchange.finish();
        }
    }
    let waits = context.patience.quiet.as_millis() / BETWEEN.as_millis();
    for _ in 0..waits {
        if exchange.finals() > 0 || !exchange.is_open() {
            break;
        }
        exchange.answers(1).await;
    }
    exchange.finish()
}

fn class(context: &Context) -> AddressClass {
    context.target.endpoint.class()
}

#[cfg(test)]
pub(super) mod tests;
