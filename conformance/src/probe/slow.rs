//! How long the target waits for a peer that is slow or says nothing (RFC 9112 section 9.5).
//!
//! `slow-head` sends a field line octet by octet, `slow-content` stops in the middle of content, `idle` opens a connection
//! and waits, `unread-answers` asks a thousand times and reads nothing while another connection asks once. Each waits
//! [`LONGEST`] at most, and says what the target did and when.
//!
//! They cannot cry wolf: no sentence asks for a time-out, so that nothing here is worse than a note. A plain exchange
//! before has to be answered.

use std::time::Duration;

use tokio::time::Instant;

use super::talk;
use super::{Context, Probe};
use crate::connection::{Connection, Received};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
use crate::rule::Level;

/// No probe waits longer.
pub(super) const LONGEST: Duration = Duration::from_secs(15);

/// Between two octets of a slow head.
const BEAT: Duration = Duration::from_millis(400);

pub(super) static SLOW_HEAD: Probe = Probe {
    name: "slow-head",
    about: "sends a head octet by octet and never ends it",
    run: |_, context| {
        Box::pin(async move { run(context, "GET {path} HTTP/1.1\nHost: {host}\nX-Note: \\\n", true).await })
    },
};

pub(super) static SLOW_CONTENT: Probe = Probe {
    name: "slow-content",
    about: "sends half of the content and no more",
    run: |_, context| {
        Box::pin(async move {
            run(context, "POST {path} HTTP/1.1\nHost: {host}\nContent-Length: 10\n\nhello\\\n", false).await
        })
    },
};

pub(super) static IDLE: Probe = Probe {
    name: "idle",
    about: "opens a connection and sends nothing",
    run: |_, context| Box::pin(async move { run(context, "", false).await }),
};

pub(super) static TIMEOUT_GRACEFUL: Probe = Probe {
    name: "timeout-graceful",
    about: "waits on an idle connection for the server's time-out, which ought to end in a graceful close",
    run: |check, context| {
        Box::pin(async move {
            let control = talk::plain(context).await;
            if talk::complete(&control).is_none() {
                let why = format!("a plain exchange was not answered ({})", control.ended.words());
                return (Judgement::not_judged(why), vec![control]);
            }
            let check_seen = wait(context, &context.octets(talk::PLAIN, &context.target.values()), false).await;
            (judge_graceful(level(check.rule), &check_seen), vec![control, check_seen])
        })
    },
};

pub(super) static UNREAD_ANSWERS: Probe = Probe {
    name: "unread-answers",
    about: "asks a thousand times without reading, while a plain request on another connection waits for its answer",
    run: |_, context| Box::pin(async move { unread(context).await }),
};

async fn run(context: &Context, text: &str, drips: bool) -> (Judgement, Vec<Observation>) {
    let control = talk::plain(context).await;
    if talk::complete(&control).is_none() {
        let why = format!("a plain exchange was not answered ({})", control.ended.words());
        return (Judgement::not_judged(why), vec![control]);
    }
    let check = wait(context, &context.octets(text, &context.target.values()), drips).await;
    (judge(&check), vec![control, check])
}

/// Sends the octets, then, if it drips, one more with each beat, until the peer ends it or the time is over.
async fn wait(context: &Context, octets: &[u8], drips: bool) -> Observation {
    let mut observation = Observation {
        purpose: Purpose::Check,
        sent: Vec::new(),
        received: Vec::new(),
        ended: Ended::Quiet,
        ended_at: Duration::ZERO,
        before_canary: None,
        omitted: 0,
    };
    context.pace.turn().await;
    let mut connection = match Connection::open(&context.target, context.patience.connect).await {
        Ok(connection) => connection,
        Err(error) => {
            observation.ended = Ended::NotConnected(error.to_string());
            return observation;
        }
    };
    let mut piece = octets.to_vec();
    while connection.elapsed() < LONGEST {
        if !piece.is_empty() {
            // A peer that is gone shows when it is read from.
            let _ = tokio::time::timeout(BEAT, connection.send(&piece)).await;
            let at = connection.elapsed();
            observation.sent.push(Sent { piece: Piece { at, octets: std::mem::take(&mut piece) }, is_canary: false });
        }
        let left = LONGEST.saturating_sub(connection.elapsed());
        observation.ended = match connection.receive(if drips { BEAT.min(left) } else { left }).await {
            Received::Octets(octets) => {
                observation.received.push(Piece { at: connection.elapsed(), octets });
                continue;
            }
            Received::Fin => Ended::Fin,
            Received::Reset => Ended::Reset,
            Received::Nothing => {
                if drips && observation.received.is_empty() {
                    piece.push(b'a');
                }
                continue;
            }
        };
        break;
    }
    observation.ended_at = connection.elapsed();
    observation
}

fn judge(check: &Observation) -> Judgement {
    let expected = "an end after some time, by 408 or by a close";
    if let Ended::NotConnected(why) = &check.ended {
        return Judgement::not_judged(format!("no connection for the check: {why}"));
    }
    let seconds = |at: Duration| format!("{:.1} s", at.as_secs_f64());
    let answer = talk::finals(check).first().and_then(|answer| answer.status);
    match (answer, check.first_octet_at()) {
        (Some(408), Some(at)) => Judgement::new(Verdict::Pass, format!("408 after {}", seconds(at)), expected),
        (Some(status), Some(at)) => {
            Judgement::new(Verdict::Note, format!("answered with {status} after {}", seconds(at)), expected)
        }
        _ if check.is_closed() => Judgement::new(
            Verdict::Pass,
            format!("{} after {}", check.ended.words(), seconds(check.ended_at)),
            expected,
        ),
        _ => Judgement::new(Verdict::Note, format!("still open after {}", seconds(check.ended_at)), expected),
    }
}

fn judge_graceful(level: Level, check: &Observation) -> Judgement {
    let expected = "a close, and no reset";
    let seconds = format!("{:.1} s", check.ended_at.as_secs_f64());
    match check.ended {
        Ended::Fin => Judgement::new(Verdict::Pass, format!("closed after {seconds}"), expected),
        Ended::Reset => Judgement::new(broken(level), format!("reset after {seconds}"), expected),
        _ => Judgement::not_judged(format!("there was no time-out within {seconds}")),
    }
}

async fn unread(context: &Context) -> (Judgement, Vec<Observation>) {
    const REQUESTS: usize = 1000;
    let control = talk::plain(context).await;
    if talk::complete(&control).is_none() {
        let why = format!("a plain exchange was not answered ({})", control.ended.words());
        return (Judgement::not_judged(why), vec![control]);
    }
    context.pace.turn().await;
    let greedy = Connection::open(&context.target, context.patience.connect).await;
    let Ok(mut greedy) = greedy else {
        return (Judgement::not_judged("no connection for the check"), vec![control]);
    };
    let octets = context.octets(talk::PLAIN, &context.target.values()).repeat(REQUESTS);
    // Neither side may take more than fits its buffers.
    let _ = tokio::time::timeout(Duration::from_secs(2), greedy.send(&octets)).await;
    let started = Instant::now();
    let check = talk::ask(context, Purpose::Check, talk::PLAIN).await;
    let took = started.elapsed();
    drop(greedy);
    (judge_unread(&check, took), vec![control, check])
}

fn judge_unread(check: &Observation, took: Duration) -> Judgement {
    let expected = "other connections answered meanwhile";
    match talk::complete(check) {
        Some(_) => {
            let why = format!("another connection was answered within {} ms", took.as_millis());
            Judgement::new(Verdict::Pass, why, expected)
        }
        None => {
            let why = format!("another connection was not answered meanwhile ({})", check.ended.words());
            Judgement::new(Verdict::Note, why, expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::recorded::{GET, dead, good, status, turn};

    #[test]
    fn an_end_passes_and_patience_is_noted() {
        assert_eq!(judge(&turn(GET, &status(408), Ended::Fin)).verdict, Verdict::Pass);
        assert_eq!(judge(&turn(GET, "", Ended::Fin)).verdict, Verdict::Pass);
        assert_eq!(judge(&turn(GET, "", Ended::Reset)).verdict, Verdict::Pass);
        assert_eq!(judge(&turn(GET, "", Ended::Quiet)).verdict, Verdict::Note);
        assert_eq!(judge(&turn(GET, &status(400), Ended::Fin)).verdict, Verdict::Note);
    }

    #[test]
    fn a_time_out_is_graceful() {
        let verdict = |ended| judge_graceful(Level::Should, &turn(GET, "", ended)).verdict;
        assert_eq!(verdict(Ended::Fin), Verdict::Pass);
        assert_eq!(verdict(Ended::Reset), Verdict::Warn);
        assert_eq!(verdict(Ended::Quiet), Verdict::NotJudged);
    }

    #[test]
    fn others_are_answered_meanwhile_or_it_is_noted() {
        assert_eq!(judge_unread(&good(), Duration::ZERO).verdict, Verdict::Pass);
        assert_eq!(judge_unread(&dead(), Duration::ZERO).verdict, Verdict::Note);
    }
}
