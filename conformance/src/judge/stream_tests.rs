//! Streams that real servers took in permitted ways which were easy to take for others.

use super::Verdict;
use super::exchange::Known;
use super::stream::{Judged, Seen, Sent, judge};
use crate::calibrate::CanarySign;
use crate::observation::Ended;

const KNOWN: Known = Known { sign: CanarySign::Echo, echoes: true };

fn judged(stream: &str, octets: &str, ended: Ended) -> Judged {
    let sent = Sent::new(stream.as_bytes(), b"GET /canary-t0k3n HTTP/1.1\r\nHost: a\r\n\r\n", "t0k3n");
    judge(&sent, Seen { octets: octets.as_bytes(), ended: &ended, used_again: false }, KNOWN)
}

fn echo(method: &str, target: &str, content: &str) -> String {
    let length = content.len();
    let text = format!("startline-echo/1\nmethod: {method}\ntarget: {target}\nlength: {length}\nbody:\n{content}");
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len())
}

#[test]
fn an_empty_line_between_a_message_and_the_canary_may_be_passed_over() {
    for end in ["\r\n", "\n"] {
        let stream = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc{end}");
        let octets = echo("POST", "/", "abc") + &echo("GET", "/canary-t0k3n", "");
        let found = judged(&stream, &octets, Ended::Answered);
        assert!(!found.verdict.is_finding(), "{end:?}: {found:?}");
    }
}

#[test]
fn content_behind_a_refused_head_is_no_further_answer() {
    let octets = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 4\r\n\r\noops";
    let found = judged("HEAD * HTTP/1.1\r\nHost:\r\n\r\n", octets, Ended::Fin);
    assert_eq!(found.verdict, Verdict::Pass, "{found:?}");
}

#[test]
fn whoever_reads_content_first_may_wait_for_a_length_that_nobody_can_hold() {
    let stream = "POST / HTTP/1.1\r\nHost: a b\r\nContent-Length: 18446744073709551644\r\n\r\nabc";
    let found = judged(stream, "", Ended::Quiet);
    assert!(!found.verdict.is_finding(), "{found:?}");
}
