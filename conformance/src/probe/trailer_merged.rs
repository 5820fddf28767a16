//! Trailer fields are kept apart from the head (RFC 9110 section 6.5.1, RFC 9112 section 7.1.2).
//!
//! A chunked POST with one field in its trailer section: one that nobody knows, and ones that no definition permits there
//! (`Host`, `Authorization`, `Content-Length`, `Transfer-Encoding`, `Cookie`). An application that echoes shows whether
//! its server merged the field into the head.
//!
//! They cannot cry wolf: the same POST with a field in the head, and none in the trailer section, has to be served, and
//! the echo has to show that field. Refusing the request is right, since the sender had no leave to send the field.
//! Without an echo nothing is judged.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;
use crate::target::token;

macro_rules! probes {
    ($($probe:ident = $name:literal, $field:literal, $value:literal;)+) => {$(
        pub(super) static $probe: Probe = Probe {
            name: $name,
            about: concat!("sends ", $field, " in a trailer section; it must not get into the head"),
            run: |check, context| Box::pin(async move { run(level(check.rule), context, $field, $value).await }),
        };
    )+};
}

probes! {
    TRAILER_MERGED_UNKNOWN = "trailer-merged-unknown", "X-Startline-Trailer", "";
    TRAILER_MERGED_HOST = "trailer-merged-host", "Host", "startline-trailer.invalid";
    TRAILER_MERGED_AUTHORIZATION = "trailer-merged-authorization", "Authorization", "Basic c3RhcnRsaW5lOnRyYWlsZXI=";
    TRAILER_MERGED_LENGTH = "trailer-merged-content-length", "Content-Length", "1234567";
    TRAILER_MERGED_CODING = "trailer-merged-transfer-encoding", "Transfer-Encoding", "startline-trailer";
    TRAILER_MERGED_COOKIE = "trailer-merged-cookie", "Cookie", "startline=trailer";
}

/// A field of the head that an application is shown by every server.
const SHOWN: &str = "X-Startline-Head";

async fn run(level: Level, context: &Context, name: &str, value: &str) -> (Judgement, Vec<Observation>) {
    let value = if value.is_empty() { token() } else { value.to_owned() };
    let head = format!("POST {{path}} HTTP/1.1\nHost: {{host}}\n{SHOWN}: a\nTransfer-Encoding: chunked\n\n");
    let without = talk::ask(context, Purpose::Control, &format!("{head}5\nhello\n0\n\n")).await;
    let with = format!("{head}5\nhello\n0\n{name}: {value}\n\n");
    let seen = talk::around(context, talk::ask(context, Purpose::Check, &with)).await;
    let judgement = judge(level, &without, &seen, name, &value);
    let mut exchanges = seen.exchanges();
    exchanges.insert(1, without);
    (judgement, exchanges)
}

fn judge(level: Level, without: &Observation, seen: &Seen, name: &str, value: &str) -> Judgement {
    let expected = "the trailer field kept apart from the head, or dropped, or the request refused";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let echo_of = |observation| talk::complete(observation).and_then(|answer| Echo::parse(&answer.content));
    let Some(control) = echo_of(without).filter(|echo| echo.values(SHOWN).next().is_some()) else {
        let why = "the target does not echo the fields of a chunked POST, so that merged fields would not show";
        return Judgement::not_judged(why);
    };
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    match answer.as_ref().and_then(|answer| answer.status) {
        Some(status @ 400..) => return Judgement::new(Verdict::Pass, format!("refused with {status}"), expected),
        None if seen.check.is_closed() => return Judgement::new(Verdict::Pass, told, expected),
        None => return Judgement::new(Verdict::Note, told, expected),
        Some(_) => {}
    }
    let Some(echo) = echo_of(&seen.check) else {
        return Judgement::not_judged(format!("{told}, and not with the echo that comes without the trailer field"));
    };
    let shows = |echo: &Echo| echo.values(name).any(|found| found.windows(value.len()).any(|w| w == value.as_bytes()));
    if shows(&echo) && !shows(&control) {
        let why = format!("the application was shown {name} from the trailer section as a field of the head");
        return Judgement::new(broken(level), why, expected);
    }
    Judgement::new(Verdict::Pass, "served, and the application was not shown the trailer field in the head", expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, seen, seen_dying, status, turn};

    const POST: &str = "POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n0\nX-T: v\n\n";

    fn echo(fields: &str) -> String {
        format!(
            "HTTP/1.1 200 OK\n\nstartline-echo/1\\nmethod: POST\\ntarget: /\\nfield: X-Startline-Head: a\\n{fields}length: 5\\nbody:\\nhello\\\n"
        )
    }

    fn verdict(check: &str, ended: Ended) -> Verdict {
        let without = turn(POST, &echo(""), Ended::Fin);
        judge(Level::MustNot, &without, &seen(turn(POST, check, ended)), "X-T", "v").verdict
    }

    #[test]
    fn a_merged_field_fails() {
        assert_eq!(verdict(&echo("field: x-t: v\\n"), Ended::Fin), Verdict::Fail);
        assert_eq!(verdict(&echo("field: X-T: a, v\\n"), Ended::Fin), Verdict::Fail);
    }

    #[test]
    fn dropping_and_refusing_are_right() {
        assert_eq!(verdict(&echo(""), Ended::Fin), Verdict::Pass);
        assert_eq!(verdict(&status(400), Ended::Fin), Verdict::Pass);
        assert_eq!(verdict("", Ended::Reset), Verdict::Pass);
        assert_eq!(verdict("", Ended::Quiet), Verdict::Note);
    }

    #[test]
    fn nothing_is_judged_without_an_echo() {
        let without = turn(POST, OK, Ended::Answered);
        let check = seen(turn(POST, &echo("field: X-T: v\\n"), Ended::Fin));
        assert_eq!(judge(Level::MustNot, &without, &check, "X-T", "v").verdict, Verdict::NotJudged);
        let without = turn(POST, &echo(""), Ended::Fin);
        let dying = seen_dying(turn(POST, "", Ended::Quiet));
        assert_eq!(judge(Level::MustNot, &without, &dying, "X-T", "v").verdict, Verdict::NotJudged);
    }
}
