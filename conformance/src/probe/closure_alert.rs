//! TLS connections end with a closure alert (RFC 9112 section 9.8), and clients may leave without one.
//!
//! `closure-alert`: a request with `close`, and one in HTTP/1.0, each on a connection that is read to its end.
//! `closure-alert-refusal`: the same with requests that servers refuse and close after. `incomplete-close`: a request is
//! answered, the client closes the TCP connection without an alert, and a plain request on a new one is answered.
//!
//! They cannot cry wolf: a connection counts only if it ended with a FIN behind a complete response. A reset can erase
//! the alert, and a connection that stays open has none. The client sends its own alerts only after it has read to the
//! end.

use super::talk;
use super::{Context, Probe};
use crate::connection::{Connection, Received};
use crate::exchange::RECEIVED_MOST;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
use crate::rule::Level;

const CLOSING: [&str; 2] =
    ["GET {path} HTTP/1.1\nHost: {host}\nConnection: close\n\n", "GET {path} HTTP/1.0\nHost: {host}\n\n"];

const REFUSED: [&str; 2] =
    ["GET {path} HTTP/1.1\n\n", "GET {path} HTTP/1.1\nHost: {host}\nContent-Length: x\nConnection: close\n\n"];

pub(super) static CLOSURE_ALERT: Probe = Probe {
    name: "closure-alert",
    about: "reads TLS connections to their end after requests that are the last ones; a closure alert has to come first",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, &CLOSING).await }),
};

pub(super) static CLOSURE_ALERT_REFUSAL: Probe = Probe {
    name: "closure-alert-refusal",
    about: "reads TLS connections to their end after requests that are refused; a closure alert has to come first",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, &REFUSED).await }),
};

pub(super) static INCOMPLETE_CLOSE: Probe = Probe {
    name: "incomplete-close",
    about: "leaves a TLS connection without a closure alert; a plain request on another has to be answered",
    run: |check, context| {
        Box::pin(async move {
            let before = talk::plain(context).await;
            let (cut, _) = to_the_end(context, talk::PLAIN, true).await;
            let after = talk::plain(context).await;
            (judge_after(level(check.rule), &before, &cut, &after), vec![before, cut, after])
        })
    },
};

async fn run(level: Level, context: &Context, requests: &[&str]) -> (Judgement, Vec<Observation>) {
    let mut ends = Vec::new();
    for request in requests {
        ends.push(to_the_end(context, request, false).await);
    }
    let judgement = judge(level, &ends);
    (judgement, ends.into_iter().map(|(observation, _)| observation).collect())
}

/// A request and everything that comes back until the peer closes; or, if it is to be cut, until nothing more comes, and
/// then a close without a word. Also whether the peer closed without its alert.
async fn to_the_end(context: &Context, text: &str, cut: bool) -> (Observation, bool) {
    let octets = context.octets(text, &context.target.values());
    let mut observation = Observation {
        purpose: Purpose::Check,
        sent: Vec::new(),
        received: Vec::new(),
        ended: Ended::Quiet,
        ended_at: std::time::Duration::ZERO,
        before_canary: None,
        omitted: 0,
    };
    context.pace.turn().await;
    let mut connection = match Connection::open(&context.target, context.patience.connect).await {
        Ok(connection) => connection,
        Err(error) => {
            observation.ended = Ended::NotConnected(error.to_string());
            return (observation, false);
        }
    };
    observation.sent.push(Sent { piece: Piece { at: connection.elapsed(), octets: octets.clone() }, is_canary: false });
    // A peer that is gone already shows when it is read from.
    let _ = tokio::time::timeout(context.patience.exchange, connection.send(&octets)).await;
    let mut total = 0;
    loop {
        let received = connection.receive(context.patience.quiet).await;
        if let Received::Octets(octets) = received {
            total += octets.len();
            observation.received.push(Piece { at: connection.elapsed(), octets });
            let is_over = total > RECEIVED_MOST || connection.elapsed() > context.patience.exchange;
            if is_over {
                observation.ended = Ended::Flood;
            }
            if is_over || cut && talk::complete(&observation).is_some() {
                break;
            }
            continue;
        }
        observation.ended = match received {
            Received::Fin => Ended::Fin,
            Received::Reset => Ended::Reset,
            _ => Ended::Quiet,
        };
        break;
    }
    observation.ended_at = connection.elapsed();
    let without_alert = connection.ended_without_alert();
    if cut {
        connection.cut();
    }
    (observation, without_alert)
}

fn judge(level: Level, ends: &[(Observation, bool)]) -> Judgement {
    let expected = "a closure alert before the connection is closed";
    let counted: Vec<bool> = ends
        .iter()
        .filter(|(observation, _)| observation.ended == Ended::Fin && talk::complete(observation).is_some())
        .map(|(_, without_alert)| *without_alert)
        .collect();
    let missing = counted.iter().filter(|without| **without).count();
    match (counted.len(), missing) {
        (0, _) => Judgement::not_judged("no connection was closed in order after a complete response"),
        (all, 0) => Judgement::new(Verdict::Pass, format!("{all} connections closed, each with an alert"), expected),
        (all, _) => {
            let why = format!("{missing} of {all} connections closed without a closure alert");
            Judgement::new(broken(level), why, expected)
        }
    }
}

fn judge_after(level: Level, before: &Observation, cut: &Observation, after: &Observation) -> Judgement {
    let expected = "a plain request answered afterwards";
    if talk::complete(before).is_none() || talk::complete(cut).is_none() {
        return Judgement::not_judged("plain requests were not answered before either");
    }
    match talk::complete(after) {
        Some(_) => Judgement::new(Verdict::Pass, "after an incomplete close the next request was answered", expected),
        None => {
            let why = format!("after an incomplete close the next request was not answered ({})", after.ended.words());
            Judgement::new(broken(level), why, expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::recorded::{GET, OK, dead, good, turn};

    #[test]
    fn a_close_without_an_alert_fails() {
        let closed = |without| (turn(GET, OK, Ended::Fin), without);
        assert_eq!(judge(Level::Must, &[closed(false), closed(false)]).verdict, Verdict::Pass);
        assert_eq!(judge(Level::Must, &[closed(false), closed(true)]).verdict, Verdict::Fail);
    }

    #[test]
    fn resets_and_open_connections_say_nothing() {
        let ends = [(turn(GET, OK, Ended::Reset), false), (turn(GET, OK, Ended::Quiet), false)];
        assert_eq!(judge(Level::Must, &ends).verdict, Verdict::NotJudged);
        let cut = turn(GET, "HTTP/1.1 200 OK\nContent-Length: 9\n\nok\\\n", Ended::Fin);
        assert_eq!(judge(Level::Must, &[(cut, true)]).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_server_survives_an_incomplete_close() {
        assert_eq!(judge_after(Level::Should, &good(), &good(), &good()).verdict, Verdict::Pass);
        assert_eq!(judge_after(Level::Should, &good(), &good(), &dead()).verdict, Verdict::Warn);
        assert_eq!(judge_after(Level::Should, &dead(), &good(), &dead()).verdict, Verdict::NotJudged);
    }
}
