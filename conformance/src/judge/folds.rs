//! What an echo shows of a value that was folded.
//!
//! A server that serves a request with an obs-fold has to put SP in its place before it looks at the value (RFC 9112
//! section 5.2). One that keeps the first line or the last, takes the continuation for a field line of its own, or hands
//! the line end on reads another value.

use startline_parser::reader::{FieldLine, Message, Permitted};
use startline_parser::rule::field::OBS_FOLD;

use super::exchange::{Evidence, Known, answers_of, echo_of};
use crate::servers::Echo;

/// Fields that many applications are not told of as they were sent. Where the message ends, and whether the connection
/// does, is seen by other means.
pub(super) const HANDLED_BEFORE: [&str; 5] = ["content-length", "transfer-encoding", "connection", "trailer", "te"];

/// How a folded value was read, if it was another than with SP in the place of each fold.
///
/// It is said only of a field that the echo of the control shows with the whole value, so that an application that is
/// not told of a field, or merges several, is not blamed. Blanks are not counted: of how many SP there are the text says
/// nothing, and a HTAB that stays is read like one.
pub(super) fn misread(evidence: &Evidence, readings: &[Permitted], echo: &Echo, known: Known) -> Option<String> {
    let control = echo_of(&answers_of(&evidence.control), known)?;
    let first = |permitted: &'_ Permitted| permitted.reading.messages.first().cloned();
    let message = readings.iter().filter_map(first).find(Message::is_accepted)?;
    message.faults.iter().filter(|fault| fault.rule == &OBS_FOLD).find_map(|fault| {
        // The field line that goes on is the last one before the fold.
        let field = message.fields.iter().rfind(|field| field.name_span.start < fault.span.start)?;
        misread_field(field, &message, &control, echo)
    })
}

fn misread_field(field: &FieldLine, message: &Message, control: &Echo, echo: &Echo) -> Option<String> {
    let name = String::from_utf8_lossy(&field.name).to_ascii_lowercase();
    let is_alone = message.values(&name).count() == 1;
    if !is_alone || HANDLED_BEFORE.contains(&&*name) {
        return None;
    }
    let wanted = words(&field.value);
    let shown: Vec<_> = control.values(&name).map(words).collect();
    if shown != [wanted.clone()] {
        return None;
    }
    let found: Vec<&[u8]> = echo.values(&name).collect();
    if found.iter().map(|value| words(value)).eq([wanted]) {
        return None;
    }
    let name = startline_parser::notation::encode(&field.name);
    let value = |octets: &[u8]| startline_parser::notation::encode(&octets[..octets.len().min(80)]);
    let found = match &found[..] {
        [] => "no such field".to_owned(),
        [one] => format!("\"{}\"", value(one)),
        many => format!("{} such fields", many.len()),
    };
    Some(format!(
        "the echo shows {found} for {name}, which with SP in the place of the fold is \"{}\"",
        value(&field.value)
    ))
}

/// What blanks separate.
pub(super) fn words(value: &[u8]) -> Vec<Vec<u8>> {
    let words = value.split(|octet| matches!(octet, b' ' | b'\t'));
    words.filter(|word| !word.is_empty()).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::exchange::judge;
    use super::super::{Judgement, Verdict};
    use super::*;
    use crate::calibrate::CanarySign;
    use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
    use crate::rule::by_id;

    fn observed(sent: &str, fields: &str) -> Observation {
        let piece = |text: String| Piece { at: Duration::ZERO, octets: text.into_bytes() };
        let content = format!("startline-echo/1\nmethod: GET\ntarget: /\n{fields}length: 0\nbody:\n");
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{content}", content.len());
        Observation {
            purpose: Purpose::Check,
            sent: vec![Sent { piece: piece(sent.to_owned()), is_canary: false }],
            received: vec![piece(answer)],
            ended: Ended::Answered,
            ended_at: Duration::ZERO,
            before_canary: None,
            omitted: 0,
        }
    }

    fn request(note: &str) -> String {
        format!("GET / HTTP/1.1\r\nHost: a\r\n{note}\r\n\r\n")
    }

    /// The note as it is sent in the check, as the control has it, and field lines of both echoes.
    fn judged(note: &str, plain: &str, control: &str, echo: &str) -> Judgement {
        let sent = request(note);
        let evidence = Evidence {
            control: observed(&request(plain), control),
            check: observed(&sent, echo),
            flight: None,
            control_flight: None,
            sent: sent.into_bytes(),
            token: "t0k3n".to_owned(),
        };
        let known = Known { sign: CanarySign::Status(404), echoes: true };
        judge(by_id("obs-fold").unwrap(), &[], &[], &evidence, known)
    }

    const CONTROL: &str = "field: X-Note: a b\n";

    fn verdict(echo: &str) -> Verdict {
        judged("X-Note: a\r\n b", "X-Note: a b", CONTROL, echo).verdict
    }

    #[test]
    fn blanks_in_the_place_of_the_fold_are_a_repair() {
        for echo in ["field: X-Note: a b\n", "field: x-note: a    b\n", "field: X-NOTE: a\tb\n"] {
            assert_eq!(verdict(echo), Verdict::Note, "{echo}");
        }
    }

    #[test]
    fn another_value_breaks_the_must() {
        for echo in [
            "field: X-Note: a\n",
            "field: X-Note: b\n",
            "field: X-Note: ab\n",
            "field: X-Note: a\n b\n",
            "field: X-Note: a\nfield: X-Note: b\n",
            "field: X-Other: c\n",
            "",
        ] {
            assert_eq!(verdict(echo), Verdict::Fail, "{echo}");
        }
        let judgement = judged("X-Note: a\r\n b", "X-Note: a b", CONTROL, "field: X-Note: b\n");
        assert!(judgement.why.contains("\"b\" for X-Note"), "{}", judgement.why);
    }

    #[test]
    fn several_folds_and_empty_lines() {
        let judged = |note: &str, plain: &str, value: &str| {
            let shown = format!("field: {plain}\n");
            judged(note, plain, &shown, &format!("field: X-Note: {value}\n")).verdict
        };
        assert_eq!(judged("X-Note: a\r\n b\r\n\tc", "X-Note: a b c", "a b c"), Verdict::Note);
        assert_eq!(judged("X-Note: a\r\n b\r\n\tc", "X-Note: a b c", "a b"), Verdict::Fail);
        assert_eq!(judged("X-Note:\r\n a", "X-Note: a", " a"), Verdict::Note);
        assert_eq!(judged("X-Note: a\r\n \r\nX-More: b", "X-Note: a\r\nX-More: b", "a"), Verdict::Note);
    }

    #[test]
    fn nobody_is_blamed_for_what_the_control_does_not_show() {
        for control in ["", "field: Host: a\n", "field: X-Note: a\n", "field: X-Note: a b\nfield: X-Note: a b\n"] {
            let judgement = judged("X-Note: a\r\n b", "X-Note: a b", control, "field: X-Note: b\n");
            assert_eq!(judgement.verdict, Verdict::Note, "{control}");
        }
        // What the server keeps for itself, or makes up.
        let kept = judged("Connection:\r\n x", "Connection: x", "field: Connection: x\n", "field: Connection: y\n");
        assert_eq!(kept.verdict, Verdict::Note);
    }
}
