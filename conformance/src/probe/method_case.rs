//! The method is case-sensitive (RFC 9110 section 9.1): `get` names another method than `GET`.
//!
//! `get` is sent, and `gzt`, an unknown method of the same looks, beside it. A server that serves any word for a method
//! serves both; that is not folding. So `get` being served is a warning only if `gzt` was refused, or an echo shows
//! that `get` was taken for `GET`. The same goes for a refusal that `get` shares with `GET` and not with `gzt`.
//!
//! It cannot cry wolf: with 501 or 405 it passes; where all three get the same answer nothing is judged; 400 is a
//! warning by the status that the text names; silence counts only if a plain GET is answered after it.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;

pub(super) static METHOD_CASE: Probe = Probe {
    name: "method-case",
    about: "sends `get`, and `gzt` to compare; `get` may not be taken for `GET`",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let unknown = talk::ask(context, Purpose::Control, "gzt {path} HTTP/1.1\nHost: {host}\n\n").await;
    let folded = talk::ask(context, Purpose::Check, "get {path} HTTP/1.1\nHost: {host}\n\n");
    let seen = talk::around(context, folded).await;
    let judgement = judge(level, &seen, &unknown);
    let mut exchanges = seen.exchanges();
    exchanges.insert(1, unknown);
    (judgement, exchanges)
}

fn judge(level: Level, seen: &Seen, unknown: &Observation) -> Judgement {
    let expected = "501 or 405, as for any method that the server does not have";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let gzt = talk::first(unknown).and_then(|answer| answer.status);
    let told = |status: Option<u16>| status.map_or("no answer".to_owned(), |status| status.to_string());
    let why = format!(
        "`get` was {}; `gzt` got {}, GET {}",
        talk::words(answer.as_ref(), &seen.check),
        told(gzt),
        told(seen.control_status())
    );
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    let Some(answer) = answer else { return new(broken(level), why) };
    if let Some(echo) = Echo::parse(&answer.content) {
        return if echo.method == b"get" {
            new(Verdict::Pass, format!("{why}; the echo shows that the application was told `get`"))
        } else {
            let shown = startline_parser::notation::encode(&echo.method[..echo.method.len().min(40)]);
            new(broken(level), format!("{why}; the echo shows that `get` was taken for {shown}"))
        };
    }
    let status = answer.status;
    match status {
        Some(405 | 501) => new(Verdict::Pass, why),
        _ if status == seen.control_status() && gzt.is_some() && gzt != status => {
            new(broken(level), format!("{why}: `get` is answered like GET and unlike an unknown method"))
        }
        Some(400) if seen.control_status() != Some(400) => new(broken(level), why),
        Some(200..=399) if gzt.is_some_and(|gzt| gzt >= 400) => new(broken(level), why),
        _ if status == seen.control_status() => {
            Judgement::not_judged(format!("{why}: nothing tells what `get` was taken for"))
        }
        Some(200..=399) => Judgement::not_judged(format!("{why}: nothing tells what `get` was taken for")),
        Some(500..) | None => new(broken(level), why),
        _ => new(Verdict::Note, why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, seen, seen_dying, status, turn};

    const SMALL: &str = "get / HTTP/1.1\nHost: h\n\n";

    fn verdict(get: &str, gzt: &str) -> Verdict {
        let unknown = turn("gzt / HTTP/1.1\nHost: h\n\n", gzt, Ended::Answered);
        judge(Level::Should, &seen(turn(SMALL, get, Ended::Answered)), &unknown).verdict
    }

    #[test]
    fn another_method_passes() {
        assert_eq!(verdict(&status(501), &status(501)), Verdict::Pass);
        assert_eq!(verdict(&status(405), &status(405)), Verdict::Pass);
        let echo = "HTTP/1.1 200 OK\nContent-Length: 55\n\nstartline-echo/1\\nmethod: get\\ntarget: /\\nlength: 0\\nbody:\\n\\\n";
        assert_eq!(verdict(echo, OK), Verdict::Pass);
    }

    #[test]
    fn folding_is_a_warning() {
        assert_eq!(verdict(OK, &status(405)), Verdict::Warn);
        assert_eq!(verdict(&status(400), &status(400)), Verdict::Warn);
        let echo = "HTTP/1.1 200 OK\nContent-Length: 55\n\nstartline-echo/1\\nmethod: GET\\ntarget: /\\nlength: 0\\nbody:\\n\\\n";
        assert_eq!(verdict(echo, OK), Verdict::Warn);
    }

    #[test]
    fn not_judged_where_everything_is_served() {
        assert_eq!(verdict(OK, OK), Verdict::NotJudged);
        let unknown = turn("gzt / HTTP/1.1\nHost: h\n\n", OK, Ended::Answered);
        let dying = seen_dying(turn(SMALL, "", Ended::Quiet));
        assert_eq!(judge(Level::Should, &dying, &unknown).verdict, Verdict::NotJudged);
    }
}
