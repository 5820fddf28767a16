//! OPTIONS with the target `*` is answered (RFC 9110 section 9.3.7).
//!
//! Nothing obliges a server to do more than to answer, so a refusal of this valid request, a close and silence are
//! noted, and no more than noted.
//!
//! It cannot cry wolf: there is no verdict worse than a note; silence counts only if a plain request is answered after
//! it.

use super::Probe;
use super::talk::{self, Seen};
use crate::judge::{Judgement, Verdict};
use crate::observation::Purpose;

pub(super) static OPTIONS_ASTERISK: Probe = Probe {
    name: "options-asterisk",
    about: "sends OPTIONS with the target `*`",
    run: |_, context| {
        Box::pin(async move {
            let text = "OPTIONS * HTTP/1.1\nHost: {host}\n\n";
            let seen = talk::around(context, talk::ask(context, Purpose::Check, text)).await;
            (judge(&seen), seen.exchanges())
        })
    },
};

fn judge(seen: &Seen) -> Judgement {
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::complete(&seen.check);
    let why = talk::words(answer.as_ref(), &seen.check);
    let verdict = match answer.and_then(|answer| answer.status) {
        Some(200..=399) => Verdict::Pass,
        _ => Verdict::Note,
    };
    Judgement::new(verdict, why, "a complete final answer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, seen, seen_dying, status, turn};

    const ANY: &str = "OPTIONS * HTTP/1.1\nHost: h\n\n";

    #[test]
    fn never_worse_than_a_note() {
        assert_eq!(judge(&seen(turn(ANY, OK, Ended::Answered))).verdict, Verdict::Pass);
        assert_eq!(judge(&seen(turn(ANY, &status(405), Ended::Answered))).verdict, Verdict::Note);
        assert_eq!(judge(&seen(turn(ANY, "", Ended::Fin))).verdict, Verdict::Note);
        assert_eq!(judge(&seen(turn(ANY, "", Ended::Quiet))).verdict, Verdict::Note);
        assert_eq!(judge(&seen_dying(turn(ANY, "", Ended::Quiet))).verdict, Verdict::NotJudged);
    }
}
