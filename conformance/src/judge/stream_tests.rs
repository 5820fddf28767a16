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

/// Seen on nginx: a request without a version is one of HTTP/0.9 and ends with its line.
#[test]
fn what_stands_behind_a_line_without_a_version_need_not_be_looked_at() {
    let found = judged("GET /\r\nA : b\r\n\r\n", "<html>", Ended::Fin);
    let rules: Vec<&str> = found.blamed.iter().map(|rule| rule.id).collect();
    assert_eq!((found.verdict, &rules[..]), (Verdict::Warn, &["version-missing"][..]), "{found:?}");
}

/// Seen on nginx: whether `Host` is missed hangs on what is made of the version.
#[test]
fn a_host_is_not_missed_where_the_version_is_none() {
    let octets = echo("GET", "/", "");
    let found = judged("GET / HTTP/1.00\r\n\r\n", &octets, Ended::Fin);
    assert!(found.blamed.iter().all(|rule| rule.id != "host-missing"), "{found:?}");
}

/// The canary's line is the value of a field then, and its token is in the echo all the same.
#[test]
fn a_message_that_ends_in_the_canary_is_not_told_by_its_looks() {
    let stream = "GET / HTTP/1.1\r\nHost: b\r\nE: ";
    let text = "startline-echo/1\nmethod: GET\ntarget: /\nfield: E: GET /canary-t0k3n HTTP/1.1\nlength: 0\nbody:\n";
    let octets = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
    let found = judged(stream, &octets, Ended::Answered);
    assert!(found.what != super::stream::What::Surplus, "{found:?}");
}

/// Seen on Node.js and gunicorn; RFC 9110 section 6.5.1 has such fields in no trailer section.
#[test]
fn a_trailer_section_with_a_length_may_be_refused() {
    let refused = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let stream = |trailer: &str| {
        format!("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n{trailer}: 1\r\n\r\n")
    };
    assert_eq!(judged(&stream("Content-Length"), refused, Ended::Fin).verdict, Verdict::Pass);
    assert_eq!(judged(&stream("X-Sum"), refused, Ended::Fin).verdict, Verdict::Fail);
}

/// A bare CR that is taken for a line end makes another message of it, and not the missing Host is to blame.
#[test]
fn the_choice_that_explains_everything_is_to_blame() {
    let octets = echo("GET", "/", "") + &echo("GET", "/canary-t0k3n", "");
    let found = judged("GET / HTTP/1.1\rHost: a\r\n\r\n", &octets, Ended::Answered);
    let rules: Vec<&str> = found.blamed.iter().map(|rule| rule.id).collect();
    assert_eq!((found.verdict, &rules[..]), (Verdict::Fail, &["bare-cr"][..]), "{found:?}");
}
