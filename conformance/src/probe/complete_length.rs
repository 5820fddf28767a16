//! The complete length is told beside a range (RFC 9110 section 14.4).
//!
//! The whole of a resource of which ranges are given, and its first octet. If the whole has a Content-Length, its length
//! is neither unknown nor difficult to determine, and the Content-Range of the part has to tell it.
//!
//! It cannot cry wolf: without a Content-Length of the whole nothing is judged; whether the number is right is for
//! another rule.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::Level;

pub(super) static COMPLETE_LENGTH: Probe = Probe {
    name: "complete-length",
    about: "asks for the first octet; the answer tells the length of the whole",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let path = match context.resource(Need::Ranges) {
        Ok(resource) => &resource.path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let request = |more: &str| format!("GET {path} HTTP/1.1\nHost: {{host}}\n{more}\n");
    let whole = talk::ask(context, Purpose::Control, &request("")).await;
    let part = talk::ask(context, Purpose::Check, &request("Range: bytes=0-0\n")).await;
    (judge(level, &whole, &part), vec![whole, part])
}

fn judge(level: Level, whole: &Observation, part: &Observation) -> Judgement {
    let expected = "the complete length in Content-Range";
    let is_known =
        |answer: &crate::answers::Answer| answer.status == Some(200) && answer.field("content-length").is_some();
    if !talk::complete(whole).as_ref().is_some_and(is_known) {
        return Judgement::not_judged("the whole has no Content-Length: its length may be unknown");
    }
    let part = talk::complete(part).filter(|answer| answer.status == Some(206));
    let Some(range) = part.as_ref().and_then(|answer| answer.field("content-range")) else {
        return Judgement::not_judged("no part with a Content-Range was given");
    };
    let why = format!("Content-Range is {}", String::from_utf8_lossy(range).escape_debug());
    let verdict = if range.trim_ascii_end().ends_with(b"/*") { broken(level) } else { Verdict::Pass };
    Judgement::new(verdict, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, turn};

    #[test]
    fn an_asterisk_tells_nothing() {
        let verdict = |whole: &str, part: &str| {
            let observed = |received: &str| turn(GET, received, Ended::Fin);
            judge(Level::Should, &observed(whole), &observed(part)).verdict
        };
        let part = |length| format!("HTTP/1.1 206 Part\nContent-Range: bytes 0-0/{length}\nContent-Length: 1\n\no\\\n");
        assert_eq!(verdict(OK, &part("2")), Verdict::Pass);
        assert_eq!(verdict(OK, &part("*")), Verdict::Warn);
        assert_eq!(verdict("HTTP/1.1 200 OK\n\nok\\\n", &part("*")), Verdict::NotJudged);
        assert_eq!(verdict(OK, OK), Verdict::NotJudged);
    }
}
