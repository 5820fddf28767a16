//! Connections persist (RFC 9112 section 9.3), and a server whose connections do not says so.
//!
//! Three connections with two requests each, the second sent as soon as the first is answered: the known-good path,
//! HEAD of it, and a path that is missing. `persistence` asks whether the second request to the known-good path was
//! answered on any of the connections; `close-announced`, whether each connection that ended after its first answer was
//! announced by `close` in it, or by being of HTTP/1.0.
//!
//! They cannot cry wolf: anybody may close at any time (section 9.5), so one close proves nothing. Not announcing is a
//! failure only if no connection at all lived to a second answer, none was announced, and at least one answer had a
//! length of its own: then the server does not support persistence and does not say so. If some connections live, an
//! unannounced close breaks the SHOULD of section 9.6 at most. Persistence is judged after successful answers only,
//! since closing after errors is common sense.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Ended, Observation, Purpose};
use crate::rule::Level;

pub(super) static PERSISTENCE: Probe = Probe {
    name: "persistence",
    about: "asks twice on each of three connections; at least one second request has to be answered",
    run: |check, context| {
        Box::pin(async move {
            let (control, tries) = converse(context, [talk::PLAIN; 3]).await;
            let judgement = judge_persistence(level(check.rule), &control, &tries);
            (judgement, gather(control, tries))
        })
    },
};

pub(super) static CLOSE_ANNOUNCED: Probe = Probe {
    name: "close-announced",
    about: "asks twice on each of three connections; those that close after one answer have to be announced by `close`",
    run: |check, context| {
        Box::pin(async move {
            let head = "HEAD {path} HTTP/1.1\nHost: {host}\n\n";
            let (control, tries) = converse(context, [talk::PLAIN, head, talk::MISSING]).await;
            let judgement = judge_announced(level(check.rule), &control, &tries);
            (judgement, gather(control, tries))
        })
    },
};

/// The tries, and a plain exchange after them.
async fn converse(context: &Context, requests: [&str; 3]) -> (Observation, Vec<Observation>) {
    let mut tries = Vec::new();
    for request in requests {
        tries.push(talk::in_turn(context, Purpose::Check, &[request, talk::PLAIN]).await);
    }
    (talk::plain(context).await, tries)
}

fn gather(control: Observation, mut tries: Vec<Observation>) -> Vec<Observation> {
    tries.push(control);
    tries
}

/// What became of a connection after its first answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// A second answer came.
    Lived,
    /// It was announced that there would be none, and there was none.
    Announced,
    /// It ended without a word; the answer had a length of its own, or none.
    Closed { had_length: bool },
    /// It is open, and the second request is not answered.
    Silent,
    /// The first request was not answered.
    Nothing,
}

fn after(observation: &Observation) -> After {
    let finals = talk::finals(observation);
    let Some(first) = finals.first().filter(|answer| answer.is_complete && answer.status != Some(408)) else {
        return After::Nothing;
    };
    let is_head = observation.octets_sent().starts_with(b"HEAD ");
    match finals.get(1) {
        Some(second) if second.status != Some(408) => After::Lived,
        _ if first.says_close => After::Announced,
        _ if matches!(observation.ended, Ended::Fin | Ended::Reset) => {
            After::Closed { had_length: talk::ends_by_itself(first, is_head) }
        }
        _ => After::Silent,
    }
}

fn judge_persistence(level: Level, control: &Observation, tries: &[Observation]) -> Judgement {
    let expected = "a second request on a connection answered";
    let Some(plain) = talk::complete(control) else {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    };
    let found: Vec<After> = tries.iter().map(after).collect();
    if found.contains(&After::Lived) {
        return Judgement::new(Verdict::Pass, "a second request on the connection was answered", expected);
    }
    if plain.status.is_none_or(|status| status >= 400) {
        return Judgement::not_judged("there are only error answers to be had, after which many servers close");
    }
    if found.contains(&After::Nothing) {
        return Judgement::not_judged("a first request was not answered");
    }
    let why = if found.contains(&After::Silent) {
        "a second request on a connection that is open is not answered"
    } else {
        "every connection ended after the first answer"
    };
    Judgement::new(broken(level), why, expected)
}

fn judge_announced(level: Level, control: &Observation, tries: &[Observation]) -> Judgement {
    let expected = "`close` in the last answer on a connection";
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let found: Vec<After> = tries.iter().map(after).collect();
    let closed = found.iter().filter(|after| matches!(after, After::Closed { .. })).count();
    if found.iter().any(|after| matches!(after, After::Nothing | After::Silent)) {
        return Judgement::not_judged("not every request was answered on a connection that stayed open");
    }
    if closed == 0 {
        let why = match found.iter().filter(|after| **after == After::Announced).count() {
            0 => "no connection ended after its first answer".to_owned(),
            count => format!("{count} of {} connections ended after the first answer, all announced", found.len()),
        };
        return Judgement::new(Verdict::Pass, why, expected);
    }
    let why = format!("{closed} of {} connections ended after the first answer, which had no `close`", found.len());
    let all = closed == found.len() && found.contains(&After::Closed { had_length: true });
    Judgement::new(if all { broken(level) } else { Verdict::Warn }, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::recorded::{GET, OK, dead, good, status, turn, turns};

    fn lived() -> Observation {
        turns(&[(GET, OK), (GET, OK)], Ended::Answered)
    }

    fn closed() -> Observation {
        turns(&[(GET, OK), (GET, "")], Ended::Reset)
    }

    fn announced() -> Observation {
        turn(GET, "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok\\\n", Ended::Fin)
    }

    fn until_close() -> Observation {
        turn(GET, "HTTP/1.1 200 OK\n\nok\\\n", Ended::Fin)
    }

    #[test]
    fn persistence_by_the_second_answer() {
        let judge = |tries: [Observation; 3]| judge_persistence(Level::Should, &good(), &tries).verdict;
        assert_eq!(judge([lived(), lived(), lived()]), Verdict::Pass);
        assert_eq!(judge([closed(), lived(), closed()]), Verdict::Pass);
        assert_eq!(judge([closed(), announced(), closed()]), Verdict::Warn);
        assert_eq!(judge([turns(&[(GET, OK), (GET, "")], Ended::Quiet), closed(), closed()]), Verdict::Warn);
        assert_eq!(judge([dead(), closed(), closed()]), Verdict::NotJudged);
    }

    #[test]
    fn persistence_is_not_judged_after_errors_or_without_a_control() {
        let tries = [closed(), closed(), closed()];
        let error = turn(GET, &status(401), Ended::Fin);
        assert_eq!(judge_persistence(Level::Should, &error, &tries).verdict, Verdict::NotJudged);
        assert_eq!(judge_persistence(Level::Should, &dead(), &tries).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_close_has_to_be_announced_if_it_always_comes() {
        let judge = |tries: [Observation; 3]| judge_announced(Level::Must, &good(), &tries).verdict;
        assert_eq!(judge([lived(), lived(), lived()]), Verdict::Pass);
        assert_eq!(judge([announced(), announced(), lived()]), Verdict::Pass);
        assert_eq!(judge([closed(), closed(), closed()]), Verdict::Fail);
        assert_eq!(judge([until_close(), until_close(), until_close()]), Verdict::Warn);
        assert_eq!(judge([lived(), closed(), lived()]), Verdict::Warn);
        assert_eq!(judge([dead(), closed(), closed()]), Verdict::NotJudged);
    }

    #[test]
    fn http10_announces_by_its_version() {
        let old = || turn(GET, "HTTP/1.0 200 OK\nContent-Length: 2\n\nok\\\n", Ended::Fin);
        assert_eq!(judge_announced(Level::Must, &good(), &[old(), old(), old()]).verdict, Verdict::Pass);
    }
}
