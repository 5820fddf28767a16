//! Heads that are cut off by the end of the connection (RFC 9110 section 5.3, RFC 9112 section 8), and whole requests after
//! which the client closes its sending side (RFC 9112 section 9.6).
//!
//! A head without its empty line is sent; the server is given time, and then the sending side is closed. It must not be
//! served, neither before nor after. Three places to cut: behind the last field line, inside one, and behind the
//! request-line of an HTTP/1.0 request.
//!
//! It cannot cry wolf: the same request with its whole head has to be served. Refusing, closing and saying nothing are
//! all right. `half-close-answered` sends a whole request and closes at once: no key word asks for the answer.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::check::Step;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static HEAD_INCOMPLETE: Probe = Probe {
    name: "head-incomplete",
    about: "sends a head without its empty line, waits, then closes the sending side",
    run: |check, context| {
        Box::pin(async move { cut(level(check.rule), context, "GET {path} HTTP/1.1\nHost: {host}\n", "\n").await })
    },
};

pub(super) static HEAD_INCOMPLETE_IN_LINE: Probe = Probe {
    name: "head-incomplete-in-line",
    about: "sends a head that ends inside a field line, waits, then closes the sending side",
    run: |check, context| {
        Box::pin(async move {
            let head = "GET {path} HTTP/1.1\nHost: {host}\nX-Note: a\\\n";
            cut(level(check.rule), context, head, "\n\n").await
        })
    },
};

pub(super) static HEAD_INCOMPLETE_HTTP10: Probe = Probe {
    name: "head-incomplete-http10",
    about: "sends the request-line of an HTTP/1.0 request and nothing else, waits, then closes the sending side",
    run: |check, context| Box::pin(async move { cut(level(check.rule), context, "GET {path} HTTP/1.0\n", "\n").await }),
};

pub(super) static HALF_CLOSE_ANSWERED: Probe = Probe {
    name: "half-close-answered",
    about: "sends a whole request and closes the sending side at once",
    run: |_, context| {
        Box::pin(async move {
            let check = async {
                let values = context.target.values();
                let mut exchange = context.open(Purpose::Check, &["GET"]).await;
                exchange.send(&context.octets(talk::PLAIN, &values), false).await;
                exchange.play(&[Step::Shutdown], &values).await;
                exchange.answers(1).await;
                exchange.finish()
            };
            let seen = talk::around(context, check).await;
            (judge_half_closed(&seen), seen.exchanges())
        })
    },
};

pub(super) static CLOSURE_NOTICED: Probe = Probe {
    name: "closure-noticed",
    about: "closes the sending side of an idle connection; the server ought to close its side soon",
    run: |check, context| {
        Box::pin(async move {
            let values = context.target.values();
            let mut exchange = context.open(Purpose::Check, &["GET"]).await;
            exchange.send(&context.octets(talk::PLAIN, &values), false).await;
            exchange.answers(1).await;
            let was_open = exchange.is_open() && exchange.finals() == 1;
            if was_open {
                exchange.play(&[Step::Shutdown], &values).await;
                exchange.close().await;
            }
            let seen = exchange.finish();
            (judge_noticed(level(check.rule), was_open, &seen), vec![seen])
        })
    },
};

async fn cut(level: Level, context: &Context, head: &str, rest: &str) -> (Judgement, Vec<Observation>) {
    let values = context.target.values();
    let [head, rest] = [head, rest].map(|text| context.octets(text, &values));
    let whole = async {
        let mut exchange = context.open(Purpose::Control, &["GET"]).await;
        exchange.send(&[&head[..], &rest[..]].concat(), false).await;
        exchange.answers(1).await;
        exchange.finish()
    }
    .await;
    let check = async {
        let mut exchange = context.open(Purpose::Check, &["GET"]).await;
        exchange.send(&head, false).await;
        exchange.answers(1).await;
        if exchange.finals() == 0 && exchange.is_open() {
            exchange.play(&[Step::Shutdown], &values).await;
            exchange.answers(1).await;
        }
        exchange.finish()
    };
    let seen = talk::around(context, check).await;
    let judgement = judge(level, &whole, &seen);
    let mut exchanges = seen.exchanges();
    exchanges.insert(1, whole);
    (judgement, exchanges)
}

fn judge(level: Level, whole: &Observation, seen: &Seen) -> Judgement {
    let expected = "no more than a refusal: the head is incomplete";
    match talk::complete(whole).and_then(|answer| answer.status) {
        Some(200..=399) => {}
        Some(status) => return Judgement::not_judged(format!("the same request with its whole head got {status}")),
        None => return Judgement::not_judged("the same request with its whole head was not answered"),
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    match answer {
        Some(answer) if answer.status.is_none_or(|status| status < 400) => {
            Judgement::new(broken(level), format!("{told}, although the head had no end"), expected)
        }
        Some(_) => Judgement::new(Verdict::Pass, told, expected),
        None if seen.check.is_closed() => Judgement::new(Verdict::Pass, told, expected),
        None => match seen.blocked() {
            Some(judgement) => judgement,
            None => Judgement::new(Verdict::Pass, format!("{told} after the client's close"), expected),
        },
    }
}

fn judge_noticed(level: Level, was_open: bool, check: &Observation) -> Judgement {
    let expected = "the connection closed from the server's side too";
    if !was_open {
        return Judgement::not_judged("no connection stayed open after a plain exchange");
    }
    if check.is_closed() {
        return Judgement::new(Verdict::Pass, "the server closed its side as well", expected);
    }
    Judgement::new(broken(level), "the connection is still open after the client's end of it was closed", expected)
}

fn judge_half_closed(seen: &Seen) -> Judgement {
    let expected = "the answer, although the client has closed its sending side";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    match answer {
        Some(answer) if answer.is_complete => Judgement::new(Verdict::Pass, told, expected),
        Some(_) => Judgement::new(Verdict::Note, format!("{told}, and cut off"), expected),
        None => Judgement::new(Verdict::Note, told, expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, good, seen, seen_dying, status, turn};

    const HALF: &str = "GET / HTTP/1.1\nHost: h\n";

    fn verdict(check: Observation) -> Verdict {
        judge(Level::MustNot, &good(), &seen(check)).verdict
    }

    #[test]
    fn serving_half_a_head_fails() {
        assert_eq!(verdict(turn(HALF, OK, Ended::Fin)), Verdict::Fail);
        assert_eq!(verdict(turn(HALF, OK, Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(turn(HALF, "<html>\n", Ended::Fin)), Verdict::Fail);
    }

    #[test]
    fn refusing_closing_and_silence_pass() {
        assert_eq!(verdict(turn(HALF, &status(400), Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turn(HALF, &status(408), Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turn(HALF, "", Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turn(HALF, "", Ended::Quiet)), Verdict::Pass);
        let dying = seen_dying(turn(HALF, "", Ended::Quiet));
        assert_eq!(judge(Level::MustNot, &good(), &dying).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_refused_control_says_nothing() {
        let refused = turn(GET, &status(404), Ended::Answered);
        let check = seen(turn(HALF, OK, Ended::Fin));
        assert_eq!(judge(Level::MustNot, &refused, &check).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_closure_is_noticed() {
        let verdict = |was_open, ended| judge_noticed(Level::Should, was_open, &turn(GET, OK, ended)).verdict;
        assert_eq!(verdict(true, Ended::Fin), Verdict::Pass);
        assert_eq!(verdict(true, Ended::Quiet), Verdict::Warn);
        assert_eq!(verdict(false, Ended::Fin), Verdict::NotJudged);
    }

    #[test]
    fn a_half_closed_client_is_answered_or_it_is_noted() {
        let judge = |received: &str, ended| judge_half_closed(&seen(turn(GET, received, ended))).verdict;
        assert_eq!(judge(OK, Ended::Fin), Verdict::Pass);
        assert_eq!(judge("", Ended::Fin), Verdict::Note);
        assert_eq!(judge("HTTP/1.1 200 OK\nContent-Length: 9\n\nok\\\n", Ended::Reset), Verdict::Note);
    }
}
