//! Nothing is read before the first octet or behind the last: there, memory begins that must not be touched.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use std::env;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};

use super::guard::Guarded;
use super::{Instructions, Noise, assert_answers};
use crate::{Error, FieldSpan, Limits, Parsed, Progress, Request, RequestParser, Response, ResponseParser};

/// Up to which number of octets a head is cut at every place.
const LONGEST: usize = 300;

#[test]
fn answers_need_no_octet_before_or_behind() {
    let mut guarded = Guarded::new();
    let mut noise = Noise::new(4096);
    for len in 0..=LONGEST {
        for _ in 0..6 {
            let octets = noise.octets(len);
            for instructions in Instructions::available() {
                assert_answers(guarded.at_end(&octets), instructions, &mut noise);
                assert_answers(guarded.at_start(&octets), instructions, &mut noise);
            }
        }
    }
}

/// What becomes of a head: its parts in words, or the error.
type Outcome = Result<Option<String>, Error>;
type Way = fn(&[u8], Instructions) -> Outcome;

fn outcome_of_request(parsed: Result<Option<Request<'_, '_>>, Error>) -> Outcome {
    parsed.map(|head| {
        head.map(|head| {
            let (method, target) = (head.method_span(), head.target_span());
            let fields: Vec<_> = head.fields().iter().collect();
            format!("{method:?} {target:?} {:?} {} {fields:?}", head.version(), head.head_len())
        })
    })
}

fn outcome_of_response(parsed: Result<Option<Response<'_, '_>>, Error>) -> Outcome {
    parsed.map(|head| {
        head.map(|head| {
            let fields: Vec<_> = head.fields().iter().collect();
            format!("{:?} {} {:?} {} {fields:?}", head.version(), head.status(), head.reason(), head.head_len())
        })
    })
}

fn complete<H>(parsed: Parsed<H>) -> Option<H> {
    match parsed {
        Parsed::Complete(head) => Some(head),
        Parsed::Partial => None,
    }
}

/// In one call.
fn parsed(octets: &[u8]) -> Outcome {
    let mut storage = [FieldSpan::EMPTY; 32];
    if octets.starts_with(b"HTTP/") {
        outcome_of_response(Response::parse_head(octets, &mut storage).map(complete))
    } else {
        outcome_of_request(Request::parse_head(octets, &mut storage).map(complete))
    }
}

/// In one call with given instructions.
fn parsed_with(octets: &[u8], instructions: Instructions) -> Outcome {
    let (mut storage, limits) = ([FieldSpan::EMPTY; 32], Limits::DEFAULT);
    if octets.starts_with(b"HTTP/") {
        outcome_of_response(Response::parse_head_with(octets, &mut storage, &limits, instructions).map(complete))
    } else {
        outcome_of_request(Request::parse_head_with(octets, &mut storage, &limits, instructions).map(complete))
    }
}

/// With a parser that sees nothing but this.
fn advanced(octets: &[u8], instructions: Instructions) -> Outcome {
    let mut storage = [FieldSpan::EMPTY; 32];
    if octets.starts_with(b"HTTP/") {
        let mut parser = ResponseParser::new(&mut storage).with_instructions(instructions);
        outcome_of_response(parser.advance(octets).map(|_| parser.head(octets)))
    } else {
        let mut parser = RequestParser::new(&mut storage).with_instructions(instructions);
        outcome_of_request(parser.advance(octets).map(|_| parser.head(octets)))
    }
}

/// Heads that go each of the ways there are, right ones and broken ones, with octets behind them.
fn streams() -> Vec<Vec<u8>> {
    let behind = b"GET /next HTTP/1.1\r\nHost: b\r\n\r\nand so on\0\r\n\t";
    let long_target = format!("GET /{}?q={} HTTP/1.1\r\nHost: a\r\n\r\n", "%C3%A4/".repeat(13), "b".repeat(120));
    let long_value = format!("HTTP/1.1 200 {}\r\nX: {}\r\nY:z\r\n\r\n", "fine ".repeat(8), "v \t\u{e4}".repeat(40));
    let many_lines = format!("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n", "a: b\r\nlonger-name: \tc \r\n".repeat(8));
    let long_names = format!("PUT /x HTTP/1.0\r\n{}: 1\r\n{}: 2\r\n\r\n", "n".repeat(32), "m".repeat(75));
    let broken = [
        "GET /a HTTP/1.1\r\nHost: a\r\nX: a value that ends\nfor all that it is long enough\r\n\r\n",
        "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nno colon in this line, which is more than a window long\r\n\r\n",
        "HTTP/1.1 200 OK\r\nServer: \u{7f}delete\r\n\r\n",
        "GET * HTTP/1.1\r\n\r\n",
    ];
    [
        "GET / HTTP/1.1\r\n\r\n",
        "\r\nGET /where?q=now HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\n\r\n",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost:\r\nX:\t \r\n\r\n",
        "HTTP/1.1 304 \r\nETag: \"x\"\r\n\r\n",
        &long_target,
        &long_value,
        &many_lines,
        &long_names,
    ]
    .into_iter()
    .chain(broken)
    .map(|head| [head.as_bytes(), behind].concat())
    .collect()
}

#[test]
fn heads_need_no_octet_before_or_behind() {
    let mut guarded = Guarded::new();
    for stream in streams() {
        for len in 0..=stream.len().min(LONGEST) {
            let octets = &stream[..len];
            let wanted = advanced(octets, Instructions::PORTABLE);
            assert_eq!(parsed(guarded.at_end(octets)), wanted, "at the end of a page, {octets:?}");
            assert_eq!(parsed(guarded.at_start(octets)), wanted, "at the start of a page, {octets:?}");
            for (instructions, way) in
                Instructions::available().flat_map(|with| [(with, advanced as Way), (with, parsed_with)])
            {
                let at_end = way(guarded.at_end(octets), instructions);
                assert_eq!(at_end, wanted, "{instructions:?} at the end of a page, {octets:?}");
                let at_start = way(guarded.at_start(octets), instructions);
                assert_eq!(at_start, wanted, "{instructions:?} at the start of a page, {octets:?}");
            }
        }
    }
}

/// As above, but what came before is handed over again: all octets that have come, so that they end with the page.
#[test]
fn heads_that_grow_need_no_octet_before_or_behind() {
    let mut guarded = Guarded::new();
    for stream in streams().into_iter().filter(|stream| !stream.starts_with(b"HTTP/")) {
        for (instructions, step) in Instructions::available().flat_map(|with| [1, 7, 33, 64].map(|step| (with, step))) {
            let wanted = advanced(&stream, Instructions::PORTABLE);
            let mut storage = vec![FieldSpan::EMPTY; 32];
            let mut parser = RequestParser::new(&mut storage).with_instructions(instructions);
            let ends = (0..stream.len()).step_by(step).chain([stream.len()]);
            let came_to = ends.map(|end| (end, parser.advance(guarded.at_end(&stream[..end]))));
            let stopped = came_to.into_iter().find(|(_, came_to)| *came_to != Ok(Progress::Partial));
            let got = match stopped {
                Some((_, Err(error))) => Err(error),
                Some((end, Ok(_))) => outcome_of_request(Ok(parser.head(guarded.at_end(&stream[..end])))),
                None => Ok(None),
            };
            assert_eq!(got, wanted, "{instructions:?}, {step} octets at a time, {stream:?}");
        }
    }
}

/// Says to [`a_process_that_reads_out_of_turn`] where to.
const WHERE: &str = "STARTLINE_READ_OUT_OF_TURN";

/// What a shell answers, and an emulator that cannot start a program for another CPU than the system's.
const NOT_STARTED: i32 = 127;
/// The number of ENOEXEC, by which others say the same.
const NO_PROGRAM: i32 = 8;

/// The tests here would pass as well if those pages could be read.
#[test]
fn pages_are_out_of_reach() {
    let name = concat!(module_path!(), "::a_process_that_reads_out_of_turn");
    let name = name.split_once("::").map_or(name, |(_, below_the_crate)| below_the_crate);
    let this = env::current_exe().expect("the tests know their own file");
    let started = |place: &str| {
        let mut command = Command::new(&this);
        command.args(["--exact", name, "--ignored"]).env(WHERE, place).stdout(Stdio::null()).stderr(Stdio::null());
        command.status()
    };
    match started("nowhere") {
        Err(error) if error.raw_os_error() == Some(NO_PROGRAM) => return,
        Ok(status) if status.code() == Some(NOT_STARTED) => return,
        status => assert!(status.as_ref().is_ok_and(ExitStatus::success), "reading nowhere: {status:?}"),
    }
    for place in ["behind", "before"] {
        let status = started(place).expect("it could be started before");
        // SIGSEGV, or SIGBUS as some systems have it.
        assert!(matches!(status.signal(), Some(11 | 7 | 10)), "reading {place}: {status}");
    }
}

#[test]
#[ignore = "dies, as `pages_are_out_of_reach` wants to see; does nothing unless it is told where to read"]
fn a_process_that_reads_out_of_turn() {
    let mut guarded = Guarded::new();
    assert_eq!(guarded.at_end(b"there")[4], b'e');
    assert_eq!(guarded.at_start(b"there")[0], b't');
    match env::var(WHERE).as_deref() {
        Ok("behind") => panic!("read {} behind the end", guarded.read_behind()),
        Ok("before") => panic!("read {} before the start", guarded.read_before()),
        _ => {}
    }
}
