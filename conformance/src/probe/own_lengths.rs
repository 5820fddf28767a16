//! Elements as long as the server's own are taken (RFC 9110 section 2.3).
//!
//! The longest field line in the answer to a plain request tells how long a field line the server writes itself. The
//! check is a plain request with a field line of exactly that length, which nobody knows.
//!
//! It cannot cry wolf: only a refusal that speaks of lengths or of the syntax (400, 413, 414, 431), a 5xx, a close or
//! silence breaks the rule, and only if a request with a short line in place of the long one is answered otherwise.
//! Silence counts only if a plain request is answered after it. Lines are measured as they came, with the whitespace
//! around the value and without the line end.

use startline_parser::Limits;
use startline_parser::policy::Policy;
use startline_parser::reader;

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::{Level, On};

pub(super) static OWN_LENGTHS: Probe = Probe {
    name: "own-lengths",
    about: "sends a field line as long as the longest of the server's own; it may not be refused for its length",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

const NAME: &str = "X-Startline-Length: ";

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let request = |value: &str| format!("GET {{path}} HTTP/1.1\nHost: {{host}}\n{NAME}{value}\n\n");
    let control = talk::ask(context, Purpose::Control, &request("a")).await;
    let Some(longest) = longest_line(&control.octets()) else {
        return (Judgement::not_judged("no answer shows how long its field lines are"), vec![control]);
    };
    let value = "a".repeat(longest.saturating_sub(NAME.len()).max(1));
    let check = talk::ask(context, Purpose::Check, &request(&value)).await;
    let after = talk::after_silence(context, &check).await;
    let seen = Seen { control, check, after };
    (judge(level, &seen, longest), seen.exchanges())
}

/// Octets of the longest field line of the first answer, without its line end.
fn longest_line(received: &[u8]) -> Option<usize> {
    let reading = reader::read(received, On::Response, &[b"GET"], &Policy::STRICT, &Limits::DEFAULT);
    let message = reading.messages.first()?;
    let head = &received[message.start..message.head_end?];
    let lines = head.split(|&octet| octet == b'\n').skip(1);
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line).len()).max()
}

fn judge(level: Level, seen: &Seen, longest: usize) -> Judgement {
    let expected = "an answer that does not hang on the length";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    let why = format!("a field line of {longest} octets, as the server sends one itself, was {told}");
    let verdict = match answer.map(|answer| answer.status) {
        Some(Some(status)) if status >= 400 && seen.control_status() == Some(status) => Verdict::Masked,
        Some(Some(400 | 413 | 414 | 431 | 500..) | None) | None => broken(level),
        Some(Some(_)) => Verdict::Pass,
    };
    Judgement::new(verdict, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, seen, seen_dying, status, turn};

    #[test]
    fn the_longest_line_is_measured_as_it_came() {
        let octets =
            b"HTTP/1.1 200 a reason that is longer than any field\r\nA: b\r\nServer:  tea \r\n\r\nContent: none";
        assert_eq!(longest_line(octets), Some("Server:  tea ".len()));
        assert_eq!(longest_line(b"HTTP/1.1 200 OK\r\nServer"), None);
        assert_eq!(longest_line(b""), None);
    }

    #[test]
    fn by_the_status() {
        let verdict = |received: &str, ended| judge(Level::Must, &seen(turn(GET, received, ended)), 100).verdict;
        assert_eq!(verdict(OK, Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&status(404), Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&status(431), Ended::Fin), Verdict::Fail);
        assert_eq!(verdict("", Ended::Reset), Verdict::Fail);
        let mut refused = seen(turn(GET, &status(431), Ended::Answered));
        refused.control = turn(GET, &status(431), Ended::Answered);
        assert_eq!(judge(Level::Must, &refused, 100).verdict, Verdict::Masked);
        assert_eq!(judge(Level::Must, &seen_dying(turn(GET, "", Ended::Quiet)), 100).verdict, Verdict::NotJudged);
    }
}
