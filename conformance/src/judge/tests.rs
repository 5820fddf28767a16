//! The judge on recorded observations: octets as they came back from servers, and what they are worth.

use std::time::Duration;

use super::exchange::{Evidence, Known, judge};
use super::{Judgement, Verdict, expectation};
use crate::calibrate::CanarySign;
use crate::check::{Expect, StatusSet};
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
use crate::rule::{Rule, by_id};

const TOKEN: &str = "t0k3n";
const CANARY: &[u8] = b"GET /startline-canary-t0k3n HTTP/1.1\r\nHost: a\r\n\r\n";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BAD: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

const KNOWN: Known = Known { sign: CanarySign::Status(404), echoes: false };

fn rule(id: &str) -> &'static Rule {
    by_id(id).unwrap()
}

/// Octets sent and received, and how it ended. A canary among the sent octets is marked as such.
fn observed(purpose: Purpose, sent: &[&[u8]], received: &[&[u8]], ended: Ended) -> Observation {
    let at = Duration::from_millis(1);
    let piece = |octets: &[u8]| Piece { at, octets: octets.to_vec() };
    Observation {
        purpose,
        sent: sent.iter().map(|octets| Sent { piece: piece(octets), is_canary: *octets == CANARY }).collect(),
        received: received.iter().map(|octets| piece(octets)).collect(),
        ended,
        ended_at: at,
        before_canary: None,
        omitted: 0,
    }
}

/// A check that got `received`, beside a control that was served.
fn evidence(sent: &[u8], received: &[&[u8]], ended: Ended) -> Evidence {
    Evidence {
        control: observed(Purpose::Control, &[b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], &[OK], Ended::Answered),
        check: observed(Purpose::Check, &[sent], received, ended),
        flight: None,
        control_flight: None,
        sent: sent.to_vec(),
        token: TOKEN.to_owned(),
    }
}

/// The same with flights: what came back for check and canary, and both answers to control and canary.
fn in_flight(mut evidence: Evidence, received: &[&[u8]], ended: Ended) -> Evidence {
    let control = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    evidence.flight = Some(observed(Purpose::Canary, &[&evidence.sent, CANARY], received, ended));
    evidence.control_flight = Some(observed(Purpose::Canary, &[control, CANARY], &[OK, NOT_FOUND], Ended::Answered));
    evidence
}

fn verdict(id: &str, evidence: &Evidence) -> Verdict {
    judge(rule(id), &[], &[], evidence, KNOWN).verdict
}

const PLUS: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello";

#[test]
fn a_must_that_is_met_broken_or_met_oddly() {
    let judged = |received: &[&[u8]], ended| verdict("content-length-invalid", &evidence(PLUS, received, ended));
    assert_eq!(judged(&[BAD], Ended::Fin), Verdict::Pass);
    assert_eq!(judged(&[OK], Ended::Answered), Verdict::Fail);
    assert_eq!(judged(&[b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"], Ended::Fin), Verdict::Warn);
    assert_eq!(judged(&[], Ended::Fin), Verdict::Warn);
    assert_eq!(judged(&[], Ended::Reset), Verdict::Warn);
    assert_eq!(judged(&[], Ended::Quiet), Verdict::Fail);
    // A time-out of the target's own is no answer to the fault.
    assert_eq!(judged(&[b"HTTP/1.1 408 Late\r\n\r\n"], Ended::Fin), Verdict::Fail);
    // An interim response alone neither.
    assert_eq!(judged(&[b"HTTP/1.1 100 Continue\r\n\r\n"], Ended::Quiet), Verdict::Fail);
}

#[test]
fn the_connection_has_to_be_closed_where_the_sentence_says_so() {
    let mut evidence = evidence(PLUS, &[b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"], Ended::Answered);
    assert_eq!(verdict("content-length-invalid", &evidence), Verdict::Pass, "open, but nothing shows that it is used");
    let before = evidence.check.octets().len();
    evidence.check.before_canary = Some(before);
    evidence.check.sent.push(Sent { piece: Piece { at: Duration::ZERO, octets: CANARY.to_vec() }, is_canary: true });
    evidence.check.ended = Ended::Quiet;
    assert_eq!(verdict("content-length-invalid", &evidence), Verdict::Pass, "a further request is not answered");
    evidence.check.received.push(Piece { at: Duration::ZERO, octets: NOT_FOUND.to_vec() });
    assert_eq!(verdict("content-length-invalid", &evidence), Verdict::Fail, "a further request is answered");
    assert_eq!(verdict("host-missing", &evidence), Verdict::Pass, "where no close is asked for");
}

#[test]
fn a_refusal_like_the_controls_says_nothing() {
    let mut evidence = evidence(PLUS, &[BAD], Ended::Fin);
    evidence.control = observed(Purpose::Control, &[b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], &[BAD], Ended::Fin);
    assert_eq!(verdict("content-length-invalid", &evidence), Verdict::Masked);
    // A 400 where the control got a 401 is a refusal of the fault.
    let unauthorised = b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
    evidence.control = observed(Purpose::Control, &[b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], &[unauthorised], Ended::Fin);
    assert_eq!(verdict("content-length-invalid", &evidence), Verdict::Pass);
}

#[test]
fn nothing_is_judged_without_an_answered_control() {
    let mut evidence = evidence(PLUS, &[OK], Ended::Answered);
    evidence.control.received.clear();
    for ended in [Ended::Quiet, Ended::Fin, Ended::Reset, Ended::NotConnected("no".to_owned())] {
        evidence.control.ended = ended;
        assert_eq!(verdict("content-length-invalid", &evidence), Verdict::NotJudged);
    }
}

/// Octets without a status-line count as served: the server took the line for HTTP/0.9.
#[test]
fn content_without_a_status_line_is_served() {
    let sent = b"GET /\r\nHost: a\r\n\r\n";
    assert_eq!(verdict("version-missing", &evidence(sent, &[b"<html>"], Ended::Fin)), Verdict::Warn);
}

const FOLDED: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\nhello";

#[test]
fn a_permitted_repair_and_another_reading_are_told_apart_by_the_canary() {
    let served = evidence(FOLDED, &[OK], Ended::Answered);
    assert_eq!(verdict("obs-fold", &served), Verdict::Note, "served, and nothing shows how it was read");
    let repaired = in_flight(served.clone(), &[OK, NOT_FOUND], Ended::Answered);
    assert_eq!(verdict("obs-fold", &repaired), Verdict::Note);
    // The content was read as the beginning of the next request.
    let misread = in_flight(served.clone(), &[OK, BAD], Ended::Fin);
    assert_eq!(verdict("obs-fold", &misread), Verdict::Fail);
    // One answer too many, one too few on an open connection.
    let many = in_flight(served.clone(), &[OK, OK, NOT_FOUND], Ended::Answered);
    assert_eq!(verdict("obs-fold", &many), Verdict::Fail);
    let few = in_flight(served.clone(), &[OK], Ended::Quiet);
    assert_eq!(verdict("obs-fold", &few), Verdict::Fail);
    // Closing early is always permitted, and proves nothing.
    let closed = in_flight(served, &[OK], Ended::Fin);
    assert_eq!(verdict("obs-fold", &closed), Verdict::Note);
}

#[test]
fn a_flight_proves_nothing_without_its_control() {
    let mut misread = in_flight(evidence(FOLDED, &[OK], Ended::Answered), &[OK, BAD], Ended::Fin);
    misread.control_flight =
        Some(observed(Purpose::Canary, &[b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", CANARY], &[OK], Ended::Fin));
    assert_eq!(verdict("obs-fold", &misread), Verdict::Note);
}

#[test]
fn a_fault_that_a_permitted_repair_mends_is_not_held_against_the_server() {
    // A CR in the place of a blank: once it is read as SP, the length is a number.
    let sent = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r \r\n\r\nhello";
    let evidence = in_flight(evidence(sent, &[OK], Ended::Answered), &[OK, NOT_FOUND], Ended::Answered);
    let judged = |also: &[&'static Rule]| judge(rule("bare-cr"), also, &[], &evidence, KNOWN).verdict;
    assert_eq!(judged(&[rule("content-length-invalid")]), Verdict::Note);
}

#[test]
fn an_echo_shows_what_was_read() {
    let known = Known { echoes: true, ..KNOWN };
    let echo = |method: &str, body: &str| {
        let content = format!("startline-echo/1\nmethod: {method}\ntarget: /\nlength: {}\nbody:\n{body}", body.len());
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
    };
    let judged =
        |answer: &[u8]| judge(rule("obs-fold"), &[], &[], &evidence(FOLDED, &[answer], Ended::Answered), known).verdict;
    assert_eq!(judged(&echo("POST", "hello")), Verdict::Note);
    assert_eq!(judged(&echo("POST", "")), Verdict::Fail);
    assert_eq!(judged(&echo("GET", "hello")), Verdict::Fail);
}

/// An answer with an echo, for the judgement of one that echoes.
fn echoing(id: &str, also: &[&str], sent: &[u8], echo: &str, ended: Ended) -> Judgement {
    let content = format!("startline-echo/1\n{echo}");
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{content}", content.len()).into_bytes();
    let also: Vec<_> = also.iter().map(|id| rule(id)).collect();
    let known = Known { echoes: true, ..KNOWN };
    judge(rule(id), &also, &[], &evidence(sent, &[&answer], ended), known)
}

/// RFC 9112 section 6.1 has such framing taken for faulty, even with a Content-Length, and asks for the close alone.
#[test]
fn what_is_read_of_a_coding_in_http10_is_left_open() {
    let sent = b"POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let by_length = "method: POST\ntarget: /\nlength: 15\nbody:\n5\r\nhello\r\n0\r\n\r\n";
    let both = &["length-and-transfer-encoding"];
    let judged = |id: &str, also: &[&str], sent: &[u8]| echoing(id, also, sent, by_length, Ended::Fin).verdict;
    assert_eq!(judged("transfer-encoding-in-http10", both, sent), Verdict::Note);
    // In HTTP/1.1 the leave is to go by Transfer-Encoding alone.
    let newer = String::from_utf8_lossy(sent).replace("HTTP/1.0", "HTTP/1.1");
    assert_eq!(judged("length-and-transfer-encoding", &[], newer.as_bytes()), Verdict::Fail);
}

/// Section 3 has only leave for whitespace, and section 3.2 asks with SHOULD to refuse what is invalid without it.
#[test]
fn whitespace_kept_in_the_method_is_a_warning() {
    for octet in ["\x0c", "\x0b", "\t"] {
        let sent = format!("{octet}GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        let judged = |method: &str| {
            let echo = format!("method: {method}\ntarget: /\nlength: 0\nbody:\n");
            echoing("request-line-whitespace", &[], sent.as_bytes(), &echo, Ended::Answered).verdict
        };
        assert_eq!(judged(&format!("{octet}GET")), Verdict::Warn);
        assert_eq!(judged("GET"), Verdict::Note);
    }
}

/// That a higher minor version is read like 1.1 is a SHOULD (RFC 9110 section 6.2).
#[test]
fn another_reading_of_a_higher_minor_version_is_a_warning() {
    let sent = b"POST / HTTP/1.2\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let judged = |body: &str| {
        let echo = format!("method: POST\ntarget: /\nlength: {}\nbody:\n{body}", body.len());
        echoing("version-minor-higher", &[], sent, &echo, Ended::Answered).verdict
    };
    assert_eq!(judged(""), Verdict::Warn);
    assert_eq!(judged("hello"), Verdict::Pass);
}

#[test]
fn a_length_is_misread_only_if_its_end_was_found() {
    let sent = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello";
    let served = evidence(sent, &[OK], Ended::Answered);
    assert_eq!(verdict("content-length-overflow", &served), Verdict::Note, "an early answer is no reading");
    let wrapped = in_flight(served, &[OK, NOT_FOUND], Ended::Answered);
    assert_eq!(verdict("content-length-overflow", &wrapped), Verdict::Fail);
    assert_eq!(verdict("content-length-overflow", &evidence(sent, &[], Ended::Quiet)), Verdict::Pass);
}

#[test]
fn a_status_that_another_sentence_names_is_as_good() {
    let sent = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nhello";
    let refused = b"HTTP/1.1 501 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let evidence = evidence(sent, &[refused], Ended::Fin);
    assert_eq!(verdict("chunked-not-final", &evidence), Verdict::Warn);
    let named = judge(rule("chunked-not-final"), &[], &[StatusSet::One(501)], &evidence, KNOWN).verdict;
    assert_eq!(named, Verdict::Pass);
}

fn expected(id: &str, expect: Expect, evidence: &Evidence) -> Judgement {
    expectation::judge(rule(id), &expect, evidence, KNOWN)
}

#[test]
fn a_duty_is_judged_by_its_expectation_and_its_level() {
    let sent = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let no_date = Expect { has: vec!["Date".to_owned()], ..Expect::default() };
    let evidence = evidence(sent, &[OK], Ended::Answered);
    assert_eq!(expected("date-present", no_date.clone(), &evidence).verdict, Verdict::Fail);
    assert_eq!(expected("close-echoed", no_date.clone(), &evidence).verdict, Verdict::Warn);
    assert_eq!(expected("options-asterisk", no_date.clone(), &evidence).verdict, Verdict::Note);
    let only_after_404 = Expect { when: vec![StatusSet::One(404)], ..no_date };
    assert_eq!(expected("date-present", only_after_404, &evidence).verdict, Verdict::NotJudged);
    let lacks = Expect { lacks: vec!["transfer-encoding".to_owned()], ..Expect::default() };
    assert_eq!(expected("no-coding-to-http10", lacks, &evidence).verdict, Verdict::Pass);
}

#[test]
fn an_early_close_explains_missing_answers_but_not_surplus_ones() {
    let sent = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let two = Expect { answers: Some(2), ..Expect::default() };
    let judged =
        |received: &[&[u8]], ended| expected("body-read", two.clone(), &evidence(sent, received, ended)).verdict;
    assert_eq!(judged(&[OK, OK], Ended::Answered), Verdict::Pass);
    assert_eq!(judged(&[OK], Ended::Fin), Verdict::Pass);
    assert_eq!(judged(&[OK], Ended::Quiet), Verdict::Fail);
    assert_eq!(judged(&[OK, OK, OK], Ended::Fin), Verdict::Fail);
}

#[test]
fn an_expectation_can_hang_on_the_control() {
    let sent = b"GET / HTTP/1.1\r\nHost: a\r\nIf-Match: \"x\"\r\n\r\n";
    let failed = b"HTTP/1.1 412 No\r\nContent-Length: 0\r\n\r\n";
    let judged = |control: &[u8], check: &[u8], expect: &Expect| {
        let mut evidence = evidence(sent, &[check], Ended::Answered);
        evidence.control =
            observed(Purpose::Control, &[b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], &[control], Ended::Answered);
        expected("if-match-false", expect.clone(), &evidence).verdict
    };
    let refused = Expect {
        status: vec![StatusSet::One(412)],
        control: vec![StatusSet::Class(2), StatusSet::One(412)],
        ..Expect::default()
    };
    assert_eq!(judged(OK, failed, &refused), Verdict::Pass);
    assert_eq!(judged(OK, OK, &refused), Verdict::Fail);
    assert_eq!(judged(NOT_FOUND, failed, &refused), Verdict::NotJudged);
    // A control that is there to be refused masks nothing.
    assert_eq!(judged(failed, failed, &refused), Verdict::Pass);
    let ignored = Expect { as_control: true, ..Expect::default() };
    assert_eq!(judged(NOT_FOUND, NOT_FOUND, &ignored), Verdict::Pass);
    assert_eq!(judged(NOT_FOUND, failed, &ignored), Verdict::Fail);
    assert_eq!(judged(OK, OK, &ignored), Verdict::Pass);
}
