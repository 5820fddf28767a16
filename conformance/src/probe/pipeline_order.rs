//! Pipelined requests are answered in their order (RFC 9112 section 9.3.2).
//!
//! Five GET requests in one segment, for the known-good path and for a path that is missing, in turn. The answers are
//! told apart by the token that each echoes, or by their status, where the two paths have different ones when asked
//! alone.
//!
//! It cannot cry wolf: fewer answers and a close are permitted (section 9.5), and no answer may be missing in front of
//! one that came. If the connection stays open with answers missing, and a plain request is answered after that, it is
//! a warning: order is what the sentence speaks of. Where answers cannot be told apart, nothing is judged.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;
use crate::target::token;

/// Which of the requests are for the missing path.
const MISSING: [bool; 5] = [true, false, false, true, false];

pub(super) static PIPELINE_ORDER: Probe = Probe {
    name: "pipeline-order",
    about: "sends five requests in one segment; the answers have to come in the same order",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let missing = talk::ask(context, Purpose::Control, talk::MISSING).await;
    let path = &context.target.path;
    let separator = if path.contains('?') { '&' } else { '?' };
    let tokens: Vec<String> = MISSING.iter().map(|_| token()).collect();
    let mut octets = Vec::new();
    for (is_missing, token) in MISSING.iter().zip(&tokens) {
        let target = match is_missing {
            true => format!("/missing-startline-{token}"),
            false => format!("{path}{separator}{token}"),
        };
        let text = format!("GET {target} HTTP/1.1\nHost: {{host}}\n\n");
        octets.extend(context.octets(&text, &context.target.values()));
    }
    let flight = async {
        let mut exchange = context.open(Purpose::Check, &["GET"; MISSING.len()]).await;
        exchange.send(&octets, false).await;
        exchange.answers(MISSING.len()).await;
        exchange.finish()
    };
    let seen = talk::around(context, flight).await;
    let judgement = judge(level, &seen, &missing, &tokens);
    let mut exchanges = seen.exchanges();
    exchanges.insert(1, missing);
    (judgement, exchanges)
}

fn judge(level: Level, seen: &Seen, missing: &Observation, tokens: &[String]) -> Judgement {
    let expected = "the answers in the order of the requests";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let Some(missing) = talk::complete(missing) else {
        return Judgement::not_judged("the missing path alone was not answered");
    };
    let answers = talk::finals(&seen.check);
    let answers: Vec<_> = answers.iter().filter(|answer| answer.is_complete && answer.status != Some(408)).collect();
    let echoes: Option<Vec<Echo>> = answers.iter().map(|answer| Echo::parse(&answer.content)).collect();
    let statuses = (seen.control_status(), missing.status);
    let wrong = if let Some(echoes) = echoes.filter(|echoes| !echoes.is_empty()) {
        let shows = |echo: &Echo, token: &str| echo.target.windows(token.len()).any(|part| part == token.as_bytes());
        echoes.iter().zip(tokens).position(|(echo, token)| !shows(echo, token))
    } else if statuses.0 != statuses.1 {
        let wanted = MISSING.map(|is_missing| if is_missing { statuses.1 } else { statuses.0 });
        let position = answers.iter().zip(wanted).position(|(answer, wanted)| answer.status != wanted);
        // A status that neither path has alone is a refusal, and says nothing of the order.
        let strange = position.is_some_and(|at| ![statuses.0, statuses.1].contains(&answers[at].status));
        if strange {
            return Judgement::not_judged("an answer has a status that neither request gets alone");
        }
        position
    } else {
        return Judgement::not_judged("the answers of the two paths cannot be told apart");
    };
    if let Some(at) = wrong {
        return Judgement::new(broken(level), format!("answer {} is not that of request {}", at + 1, at + 1), expected);
    }
    if answers.len() > tokens.len() {
        let why = format!("{} answers to {} requests", answers.len(), tokens.len());
        return Judgement::new(broken(level), why, expected);
    }
    let why = format!("{} of {} requests answered, in order", answers.len(), tokens.len());
    match answers.len() {
        0 | 1 => Judgement::not_judged(format!("{why}, then {}: no order to be seen", seen.check.ended.words())),
        count if count < tokens.len() && !seen.check.is_closed() => {
            Judgement::new(Verdict::Warn, format!("{why}; the connection stayed open without the others"), expected)
        }
        _ => Judgement::new(Verdict::Pass, why, expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, good, seen, seen_dying, status, turn};

    fn tokens() -> Vec<String> {
        (0..5).map(|at| format!("token-{at}")).collect()
    }

    fn flight(statuses: &[u16], ended: Ended) -> Observation {
        let received: String =
            statuses.iter().map(|&code| if code == 200 { OK.to_owned() } else { status(code) }).collect();
        turn(&GET.repeat(5), &received, ended)
    }

    fn verdict(check: Observation) -> Verdict {
        let missing = turn(GET, &status(404), Ended::Answered);
        judge(Level::Must, &seen(check), &missing, &tokens()).verdict
    }

    #[test]
    fn by_the_status() {
        assert_eq!(verdict(flight(&[404, 200, 200, 404, 200], Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(flight(&[404, 200], Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(flight(&[200, 404, 200, 404, 200], Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(flight(&[404, 200, 200, 404, 200, 200], Ended::Quiet)), Verdict::Fail);
        assert_eq!(verdict(flight(&[404, 200], Ended::Quiet)), Verdict::Warn);
        assert_eq!(verdict(flight(&[404], Ended::Fin)), Verdict::NotJudged);
        assert_eq!(verdict(flight(&[404, 503], Ended::Fin)), Verdict::NotJudged);
    }

    #[test]
    fn by_the_echo() {
        let echo = |at: usize| {
            let length = format!("startline-echo/1\nmethod: GET\ntarget: /token-{at}\nlength: 0\nbody:\n").len();
            format!(
                "HTTP/1.1 200 OK\nContent-Length: {length}\n\nstartline-echo/1\\nmethod: GET\\ntarget: /token-{at}\\nlength: 0\\nbody:\\n\\\n"
            )
        };
        let flight =
            |order: &[usize]| turn(&GET.repeat(5), &order.iter().map(|&at| echo(at)).collect::<String>(), Ended::Fin);
        assert_eq!(verdict(flight(&[0, 1, 2, 3, 4])), Verdict::Pass);
        assert_eq!(verdict(flight(&[0, 2, 1, 3, 4])), Verdict::Fail);
    }

    #[test]
    fn not_judged_where_nothing_tells() {
        let check = flight(&[200, 200, 200, 200, 200], Ended::Answered);
        assert_eq!(judge(Level::Must, &seen(check), &good(), &tokens()).verdict, Verdict::NotJudged);
        let dying = seen_dying(flight(&[404, 200], Ended::Quiet));
        let missing = turn(GET, &status(404), Ended::Answered);
        assert_eq!(judge(Level::Must, &dying, &missing, &tokens()).verdict, Verdict::NotJudged);
    }
}
