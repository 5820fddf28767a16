//! What a request comes to does not depend on its segments (RFC 9112 section 2.2).
//!
//! The same request goes out whole, octet by octet, cut at every boundary, and with pauses (see [`crate::segment`]); the
//! status, and what an echo shows of method, target and content, are compared with those of the whole one.
//!
//! No sentence says that it has to be so, and a difference is a note. It cannot cry wolf: whatever differs is sent again
//! in the same segments and whole, and counts only if both come out as before. Segments that the peer's kernel joins
//! show less than was sent, and never more.

use super::talk;
use super::{Context, Probe};
use crate::exchange::Patience;
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::segment::Segmentation;
use crate::servers::Echo;

pub(super) static SEGMENTATION_PLAIN: Probe = Probe {
    name: "segmentation-plain",
    about: "sends a plain request whole, octet by octet, cut at every boundary and with pauses; the answers are compared",
    run: |_, context| Box::pin(run(context, talk::PLAIN)),
};

pub(super) static SEGMENTATION_CONTENT: Probe = Probe {
    name: "segmentation-content",
    about: "the same with content that has a length",
    run: |_, context| Box::pin(run(context, CONTENT)),
};

pub(super) static SEGMENTATION_CHUNKED: Probe = Probe {
    name: "segmentation-chunked",
    about: "the same with content in chunks, with a chunk extension and a trailer field",
    run: |_, context| Box::pin(run(context, CHUNKED)),
};

const CONTENT: &str = "POST {path} HTTP/1.1\nHost: {host}\nContent-Length: 12\n\nhello\nworld\\\n";

const CHUNKED: &str =
    "POST {path} HTTP/1.1\nHost: {host}\nTransfer-Encoding: chunked\n\n6;a=b\nhello,\n00a\nworld, all\n0\nA: b\n\n";

async fn run(context: &Context, text: &str) -> (Judgement, Vec<Observation>) {
    let octets = context.octets(text, &context.target.values());
    let send = async |purpose, way| send(context, purpose, &octets, way).await;
    let whole = send(Purpose::Control, Segmentation::Whole).await;
    let mut cut = Vec::new();
    for way in &Segmentation::ALL[1..] {
        cut.push((*way, send(Purpose::Check, *way).await));
    }
    let mut again = None;
    if let Some((way, _)) = cut.iter().find(|(_, observation)| seen(observation) != seen(&whole)) {
        again = Some((*way, send(Purpose::Check, *way).await, send(Purpose::Control, Segmentation::Whole).await));
    }
    let judgement = judge(&whole, &cut, again.as_ref());
    let cut = cut.into_iter().map(|(_, observation)| observation);
    let again = again.into_iter().flat_map(|(_, check, control)| [check, control]);
    (judgement, [whole].into_iter().chain(cut).chain(again).collect())
}

/// One request in these segments, and its answer.
async fn send(context: &Context, purpose: Purpose, octets: &[u8], way: Segmentation) -> Observation {
    // A peer that lost its place is silent as often as it refuses.
    let patience = Patience { quiet: context.patience.quiet * 2, ..context.patience };
    let context = context.with_patience(patience);
    let methods = crate::judge::exchange::methods_of(octets);
    let mut exchange = talk::open(&context, purpose, &methods).await.segmented(way);
    exchange.send_segmented(octets).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// What can be compared: the status, and what an echo shows that does not change from one request to the next.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    status: Option<u16>,
    is_complete: bool,
    echo: Option<(Vec<u8>, Vec<u8>, Vec<u8>)>,
}

fn seen(observation: &Observation) -> Option<Shown> {
    let answer = talk::first(observation)?;
    let echo = Echo::parse(&answer.content).map(|echo| (echo.method, echo.target, echo.body));
    Some(Shown { status: answer.status, is_complete: answer.is_complete, echo })
}

fn judge(
    whole: &Observation,
    cut: &[(Segmentation, Observation)],
    again: Option<&(Segmentation, Observation, Observation)>,
) -> Judgement {
    let expected = "the same answer in whatever segments the request arrives";
    let Some(wanted) = seen(whole).filter(|shown| shown.is_complete) else {
        return Judgement::not_judged(format!("the request as a whole was not answered ({})", whole.ended.words()));
    };
    let words = |observation: &Observation| talk::words(talk::first(observation).as_ref(), observation);
    let differing: Vec<&(Segmentation, Observation)> =
        cut.iter().filter(|(_, observation)| seen(observation).as_ref() != Some(&wanted)).collect();
    let Some((way, first)) = differing.first() else {
        let why = format!("{}, in whatever segments it is sent", words(whole));
        return Judgement::new(Verdict::Pass, why, expected);
    };
    let confirmed = again.is_some_and(|(repeated, check, control)| {
        repeated == way && seen(check) == seen(first) && seen(control).as_ref() == Some(&wanted)
    });
    if !confirmed {
        return Judgement::not_judged(format!(
            "the answers change from one time to the next: {} as a whole, once {} ({way}), and otherwise when repeated",
            words(whole),
            words(first)
        ));
    }
    let ways: Vec<String> =
        differing.iter().map(|(way, observation)| format!("{} ({way})", words(observation))).collect();
    Judgement::new(Verdict::Note, format!("{} as a whole, but {}", words(whole), ways.join(", ")), expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, good, status, turn};

    fn refused() -> Observation {
        turn(GET, &status(400), Ended::Fin)
    }

    fn cut(octets: Observation) -> Vec<(Segmentation, Observation)> {
        vec![(Segmentation::Octets, octets), (Segmentation::Boundaries, good()), (Segmentation::Pauses, good())]
    }

    #[test]
    fn the_same_answer_passes_and_another_is_noted() {
        assert_eq!(judge(&good(), &cut(good()), None).verdict, Verdict::Pass);
        let again = (Segmentation::Octets, refused(), good());
        let judgement = judge(&good(), &cut(refused()), Some(&again));
        assert_eq!(judgement.verdict, Verdict::Note);
        assert_eq!(judgement.why, "answered with 200 as a whole, but answered with 400 (octets)");
        let silent = || turn(GET, "", Ended::Quiet);
        let again = (Segmentation::Octets, silent(), good());
        assert_eq!(judge(&good(), &cut(silent()), Some(&again)).verdict, Verdict::Note);
    }

    #[test]
    fn what_does_not_repeat_is_not_judged() {
        for (check, control) in [(good(), good()), (refused(), refused())] {
            let again = (Segmentation::Octets, check, control);
            assert_eq!(judge(&good(), &cut(refused()), Some(&again)).verdict, Verdict::NotJudged);
        }
        assert_eq!(judge(&turn(GET, "", Ended::Quiet), &cut(good()), None).verdict, Verdict::NotJudged);
    }

    #[test]
    fn another_content_in_the_echo_is_another_answer() {
        let echo = |body: &str| {
            let content = format!("startline-echo/1\\n\\\nmethod: POST\\n\\\ntarget: /\\n\\\nbody:\\n\\\n{body}");
            let len = "startline-echo/1.method: POST.target: /.body:.".len() + body.len();
            turn(GET, &format!("HTTP/1.1 200 OK\nContent-Length: {len}\n\n{content}\\\n"), Ended::Answered)
        };
        assert!(seen(&echo("hello")).unwrap().echo.is_some(), "{:?}", echo("hello").octets());
        let again = (Segmentation::Octets, echo("hell"), echo("hello"));
        assert_eq!(judge(&echo("hello"), &cut(echo("hell")), Some(&again)).verdict, Verdict::Note);
        assert_ne!(seen(&turn(GET, OK, Ended::Answered)), seen(&echo("")));
    }
}
