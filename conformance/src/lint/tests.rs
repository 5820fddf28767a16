//! What the lint makes of responses written by hand, beside the mutants, each of which breaks one rule.

use std::time::{Duration, SystemTime};

use crate::judge::lint::Lint;
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};

const GET: &str = "GET / HTTP/1.1\nHost: h\n\n";
const DATE: &str = "Date: Sun, 06 Nov 1994 08:49:37 GMT\n";

/// A newline is CRLF.
fn observation(sent: &str, received: &str, ended: Ended) -> Observation {
    let piece = |text: &str| Piece { at: Duration::ZERO, octets: text.replace('\n', "\r\n").into_bytes() };
    Observation {
        purpose: Purpose::Check,
        sent: vec![Sent { piece: piece(sent), is_canary: false }],
        received: vec![piece(received)],
        ended,
        ended_at: Duration::ZERO,
        before_canary: None,
        omitted: 0,
    }
}

fn rules(exchanges: &[Observation]) -> Vec<&'static str> {
    let mut lint = Lint::default();
    exchanges.iter().for_each(|exchange| lint.look(0, exchange));
    lint.findings().map(|finding| finding.rule.id).collect()
}

fn found(sent: &str, received: &str) -> Vec<&'static str> {
    rules(&[observation(sent, received, Ended::Answered)])
}

const NOTHING: [&str; 0] = [];

/// A page without a head is one fault; its lines are no field lines.
#[test]
fn of_an_answer_without_a_status_line_nothing_else_is_said() {
    for page in ["<html>\n  <head>\n<p>a\n", "\n <html>: a\n <p>\n\n", "Content-Type: a/b\nb : c\n\nd"] {
        for newline in ["\n", "\r\n"] {
            let mut seen = observation(GET, "", Ended::Fin);
            seen.received[0].octets = page.replace('\n', newline).into_bytes();
            assert_eq!(rules(&[seen.clone()]), ["status-line-missing"], "{page:?}");
            // The same behind an answer.
            seen.received[0].octets.splice(..0, *b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assert_eq!(rules(&[seen]), ["status-line-missing"], "{page:?}");
        }
    }
}

#[test]
fn ordinary_responses_break_nothing() {
    for received in [
        "HTTP/1.1 200 OK\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nServer: nginx/1.26.3 (Debian)\nContent-Length: 4\n\
         Content-Type: text/html; charset=utf-8\nETag: W/\"a-1\"\nLast-Modified: Sat, 05 Nov 1994 08:49:37 GMT\n\
         Vary: Accept-Encoding, *\nAccept-Ranges: bytes\nCache-Control: max-age=5, private=\"a, b\"\nConnection: keep-alive\n\
         Keep-Alive: timeout=5\nSet-Cookie: a=b; Path=/; Max-Age=0\nSet-Cookie: c=d; HttpOnly\nAllow:\n\nfine",
        "HTTP/1.1 301 Moved\nLocation: ../a?b#c\nContent-Length: 0\n\n",
        "HTTP/1.1 303 See\nContent-Length: 0\n\n",
        "HTTP/1.1 304 Not Modified\nETag: \"a\"\nContent-Length: 123\nLast-Modified: Sat, 05 Nov 1994 08:49:37 GMT\n\n",
        "HTTP/1.1 204 No Content\nAllow: GET, HEAD\n\n",
        "HTTP/1.1 205 Reset\nContent-Length: 0\n\n",
        "HTTP/1.1 401 No\nWWW-Authenticate: Negotiate\nWWW-Authenticate: Basic realm=\"a\"\nContent-Length: 2\n\
         Content-Type: text/plain\n\nno",
        "HTTP/1.1 405 No\nAllow:\nContent-Length: 2\nContent-Type: text/plain\n\nno",
        "HTTP/1.1 426 No\nUpgrade: h2c\nConnection: Upgrade\nContent-Length: 2\nContent-Type: text/plain\n\nno",
        "HTTP/1.1 503 No\nRetry-After: 120\nContent-Length: 2\nContent-Type: text/plain\n\nno",
        "HTTP/1.0 200 OK\nContent-Type: text/plain\n\nuntil the end",
        "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-Sum, ETag\n\n1\na\n0\nX-Sum: 1\nETag: \"a\"\n\n",
    ] {
        assert_eq!(found(GET, received), NOTHING, "{received}");
    }
}

#[test]
fn heads_that_have_not_come_whole_are_not_looked_at() {
    assert_eq!(found(GET, "HTTP/1.1 405 No\nConten"), NOTHING);
    assert_eq!(found(GET, "HTTP/1.1 404 No\nContent-Length: 5\n\nno"), NOTHING);
}

#[test]
fn what_the_request_was_matters() {
    let missing = "HTTP/1.1 404 No\nContent-Length: 0\n\n";
    assert_eq!(found(GET, missing), ["error-unexplained"]);
    assert_eq!(found("HEAD / HTTP/1.1\nHost: h\n\n", missing), NOTHING);
    assert_eq!(found("HEAD / HTTP/1.1\nHost: h\n\n", "HTTP/1.1 404 No\nContent-Length: 5\n\n"), NOTHING);
    assert_eq!(found("head / HTTP/1.1\nHost: h\n\n", missing), NOTHING);
    assert_eq!(found("CONNECT h:80 HTTP/1.1\nHost: h:80\n\n", missing), NOTHING);
    let created = "HTTP/1.1 201 Created\nContent-Length: 0\n\n";
    assert_eq!(found("POST / HTTP/1.1\nHost: h\nContent-Length: 0\n\n", created), ["created-unnamed"]);
    assert_eq!(found("PUT / HTTP/1.1\nHost: h\nContent-Length: 0\n\n", created), NOTHING);
    let early = "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n";
    assert_eq!(found("GET / HTTP/1.0\n\n", early), ["interim-to-http10"]);
    let chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n";
    assert_eq!(found("GET / HTTP/1.0\n\n", chunked), ["no-coding-to-http10"]);
    let tunnel = "HTTP/1.1 200 OK\nContent-Length: 0\n\n";
    assert_eq!(found("CONNECT h:80 HTTP/1.1\nHost: h:80\n\n", tunnel), ["content-length-forbidden"]);
}

#[test]
fn answers_to_broken_requests_are_looked_at_by_themselves() {
    let refused = "HTTP/1.1 400 Bad\nConnection: close\n\n";
    let closed = |sent: &str, received: &str| rules(&[observation(sent, received, Ended::Fin)]);
    // One broken request has one answer, whatever was broken.
    assert_eq!(closed("GET / HTTP/1.1\n\n", refused), ["error-unexplained", "response-until-close"]);
    // Of two nobody knows which was answered, and whether it was HEAD.
    let two = "GET / HTTP/1.1\n\nGET / HTTP/1.1\n\n";
    assert_eq!(closed(two, refused), NOTHING);
    assert_eq!(closed(two, "HTTP/1.1 405 No\nETag: a\nContent-Length: 0\n\n"), ["allow-missing", "etag-invalid"]);
    assert_eq!(closed("GET /\n", "HTTP/0.9 200 OK\nContent-Length: 0\n\n"), ["response-version-unknown"]);
    assert_eq!(closed("GET /\n", "<html></html>"), NOTHING);
    assert_eq!(closed("GET /\" HTTP/1.0\n\n", "HTTP/1.1 400 Bad\nContent-Type: text/plain\n\nno"), NOTHING);
    // What 1xx to HTTP/1.0 are is not asked where the request was broken.
    assert_eq!(closed("GET /\" HTTP/1.0\n\n", "HTTP/1.1 100 Continue\n\nHTTP/1.0 200 OK\n\n"), NOTHING);
}

#[test]
fn a_missing_date_counts_only_with_a_clock() {
    let dated = format!("HTTP/1.1 500 Oh\n{DATE}Content-Length: 2\nContent-Type: text/plain\n\noh");
    let dated = observation(GET, &dated, Ended::Answered);
    let undated = |status: u16| {
        let text = format!("HTTP/1.1 {status} X\nContent-Length: 2\nContent-Type: text/plain\n\nno");
        observation(GET, &text, Ended::Answered)
    };
    assert_eq!(rules(&[undated(200)]), NOTHING);
    assert_eq!(rules(&[undated(200), dated.clone()]), ["date-present"]);
    assert_eq!(rules(&[dated.clone(), undated(404)]), ["date-present"]);
    assert_eq!(rules(&[dated.clone(), undated(500)]), NOTHING);
    let interim = observation(GET, &format!("HTTP/1.1 103 X\n\nHTTP/1.1 204 X\n{DATE}\n"), Ended::Answered);
    assert_eq!(rules(&[dated, interim]), NOTHING);
}

#[test]
fn dates_are_held_against_a_clock_that_is_shared() {
    let at = |date: &str| {
        let mut lint = Lint::with_clock(SystemTime::now());
        let text = format!("HTTP/1.1 204 No\nDate: {date}\n\n");
        lint.look(0, &observation(GET, &text, Ended::Answered));
        lint.findings().map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    assert_eq!(at(&crate::field::date::write(SystemTime::now())), NOTHING);
    assert_eq!(at(&crate::field::date::write(SystemTime::now() - Duration::from_secs(60))), ["date-current"]);
    assert_eq!(at("Sun, 06 Nov 1994 08:49:37 GMT"), ["date-current"]);
    assert_eq!(at("yesterday"), ["date-format"]);
}

#[test]
fn last_modified_is_held_against_the_date_beside_it() {
    let at = |date: &str, modified: &str| {
        found(GET, &format!("HTTP/1.1 204 No\nDate: {date}\nLast-Modified: {modified}\n\n"))
    };
    let (day, next) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT");
    assert_eq!(at(day, day), NOTHING);
    assert_eq!(at(next, day), NOTHING);
    assert_eq!(at(day, next), ["last-modified-in-future"]);
    assert_eq!(at("Sunday, 06-Nov-94 08:49:37 GMT", next), ["date-format"]);
}

#[test]
fn partial_content() {
    let several = "GET / HTTP/1.1\nHost: h\nRange: bytes=0-1,3-4\n\n";
    let parts = |head: &str, body: &str| {
        let length = body.replace('\n', "\r\n").len();
        format!("HTTP/1.1 206 P\n{head}Content-Length: {length}\n\n{body}")
    };
    let multipart = "Content-Type: multipart/byteranges; boundary=\"x y\"\n";
    let whole =
        "--x y\nContent-Type: a/b\nContent-Range: bytes 0-1/9\n\nok\n--x y\ncontent-range:bytes 3-4/9\n\nab\n--x y--\n";
    assert_eq!(found(several, &parts(multipart, whole)), NOTHING);
    assert_eq!(found(several, &parts(multipart, &format!("preamble\n{whole}"))), NOTHING);
    assert_eq!(
        found("GET / HTTP/1.1\nHost: h\nRange: bytes=0-1\n\n", &parts(multipart, whole)),
        ["byteranges-unasked"]
    );
    assert_eq!(found(several, &parts(multipart, "--x y--\n")), ["byteranges-without-parts"]);
    assert_eq!(found(several, &parts(multipart, "--x y\n\nab\n--x y--\n")), ["byteranges-part-unplaced"]);
    let one = |range: &str| found(several, &parts(&format!("Content-Range: {range}\n"), "abcd"));
    assert_eq!(one("bytes 0-3/9"), NOTHING);
    assert_eq!(one("bytes 0-3/*"), NOTHING);
    assert_eq!(one("lines 0-3/9"), NOTHING);
    assert_eq!(one("bytes 0-4/9"), ["content-range-length"]);
    assert_eq!(one("bytes */9"), ["content-range-invalid"]);
    let head = "HEAD / HTTP/1.1\nHost: h\nRange: bytes=0-3\n\n";
    assert_eq!(found(head, "HTTP/1.1 206 P\nContent-Range: bytes 0-3/9\nContent-Length: 4\n\n"), NOTHING);
    let unsatisfied = "HTTP/1.1 416 R\nContent-Length: 2\nContent-Type: text/plain\n\nno";
    assert_eq!(found(several, unsatisfied), ["unsatisfied-range-missing"]);
    assert_eq!(found("GET / HTTP/1.1\nHost: h\nRange: lines=0-1\n\n", unsatisfied), NOTHING);
}

#[test]
fn switches() {
    let ask = "GET / HTTP/1.1\nHost: h\nConnection: upgrade\nUpgrade: WebSocket, foo/1\n\n";
    let switch = |upgrade: &str| {
        found(ask, &format!("HTTP/1.1 101 S\nConnection: upgrade\nUpgrade: {upgrade}\n\nwhatever\ncomes: then\n\n"))
    };
    assert_eq!(switch("websocket"), NOTHING);
    assert_eq!(switch("websocket/13"), NOTHING);
    assert_eq!(switch("foo/1"), NOTHING);
    assert_eq!(switch("foo/2"), ["switched-unasked"]);
    assert_eq!(switch("h2c"), ["switched-unasked"]);
}

#[test]
fn the_example_is_that_of_the_first_check_and_the_count_is_that_of_all() {
    let odd = |tag: &str| {
        let text = format!("HTTP/1.1 200 OK\nETag: {tag}\nContent-Length: 0\n\n");
        observation(GET, &text, Ended::Answered)
    };
    let mut lint = Lint::default();
    lint.look(7, &odd("late"));
    lint.look(3, &odd("early"));
    lint.look(9, &odd("last"));
    let finding = lint.findings().next().unwrap();
    assert_eq!((finding.count, finding.at, lint.responses()), (3, 3, 3));
    assert_eq!(finding.why(), "3 responses show it; the first at octet 17: ETag: early");
}
