//! The reference server over raw sockets: what an origin server owes, point by point.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::{Behaviour, Reference, Running};
use crate::answers::{Answer, answers};
use crate::servers::Echo;

/// How long a test waits for what should come.
const LONG: Duration = Duration::from_secs(5);
/// How long a test waits for what should not come.
const SHORT: Duration = Duration::from_millis(100);

fn server() -> Running {
    Reference::start("127.0.0.1:0", Behaviour::default()).expect("a free port")
}

fn connect(server: &Running) -> TcpStream {
    let stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_nodelay(true).expect("the option");
    stream.set_read_timeout(Some(LONG)).expect("the option");
    stream
}

/// Everything until the peer closes.
fn to_the_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).expect("a close and no reset");
    octets
}

/// What comes before the peer falls silent, and whether it has closed. The first octet has plenty of time.
fn to_the_pause(stream: &mut TcpStream) -> (Vec<u8>, bool) {
    within(stream, LONG)
}

/// The same, where nothing is expected.
fn silence(stream: &mut TcpStream) {
    assert_eq!(within(stream, SHORT), (Vec::new(), false));
}

fn within(stream: &mut TcpStream, first: Duration) -> (Vec<u8>, bool) {
    let mut octets = Vec::new();
    let mut piece = [0; 4096];
    stream.set_read_timeout(Some(first)).expect("the option");
    let closed = loop {
        match stream.read(&mut piece) {
            Ok(0) => break true,
            Ok(len) => octets.extend_from_slice(&piece[..len]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break false,
            Err(error) => panic!("{error}"),
        }
        stream.set_read_timeout(Some(SHORT)).expect("the option");
    };
    stream.set_read_timeout(Some(LONG)).expect("the option");
    (octets, closed)
}

fn methods(requests: &[u8]) -> Vec<Vec<u8>> {
    crate::judge::exchange::methods_of(requests)
}

/// The answers to requests sent in one piece, and whether the connection was closed.
fn ask(server: &Running, requests: &[u8]) -> (Vec<Answer>, bool) {
    let mut stream = connect(server);
    stream.write_all(requests).expect("a peer that reads");
    let (octets, closed) = to_the_pause(&mut stream);
    let found = answers(&octets, &methods(requests), closed);
    for answer in &found {
        assert!(answer.faults.is_empty(), "{:?} in {}", answer.faults, String::from_utf8_lossy(&octets));
        assert!(answer.field("date").is_some() || answer.status == Some(100), "no date");
        assert_eq!(answer.minor, Some(1));
    }
    assert_eq!(
        found.last().is_some_and(|answer| answer.says_close),
        closed,
        "close is announced exactly when it comes"
    );
    (found, closed)
}

fn statuses(server: &Running, requests: &[u8]) -> (Vec<u16>, bool) {
    let (found, closed) = ask(server, requests);
    (found.iter().map(|answer| answer.status.expect("a status")).collect(), closed)
}

#[test]
fn methods_and_paths() {
    let server = server();
    for (line, status, field) in [
        ("GET / HTTP/1.1", 200, "content-length"),
        ("HEAD / HTTP/1.1", 200, "content-length"),
        ("POST /a?b HTTP/1.1", 200, "content-length"),
        ("PUT /a HTTP/1.1", 200, "content-length"),
        ("DELETE /a HTTP/1.1", 200, "content-length"),
        ("OPTIONS /a HTTP/1.1", 200, "allow"),
        ("OPTIONS * HTTP/1.1", 200, "allow"),
        ("GET /missing/it HTTP/1.1", 404, "content-length"),
        ("HEAD /startline-canary-1 HTTP/1.1", 404, "content-length"),
        ("GET http://b/missing HTTP/1.1", 404, "content-length"),
        ("GET http://b HTTP/1.1", 200, "content-length"),
        ("GET / HTTP/1.7", 200, "content-length"),
        ("gzt / HTTP/1.1", 501, "content-length"),
        ("get / HTTP/1.1", 501, "content-length"),
        ("CONNECT a:80 HTTP/1.1", 501, "content-length"),
        ("TRACE / HTTP/1.1", 405, "allow"),
    ] {
        let (found, closed) = ask(&server, format!("{line}\r\nHost: a\r\n\r\n").as_bytes());
        assert_eq!(found.len(), 1, "{line}");
        assert_eq!(found[0].status, Some(status), "{line}");
        assert!(found[0].field(field).is_some(), "{line}");
        assert!(!closed, "{line}");
        if line.starts_with("HEAD") {
            assert!(found[0].content.is_empty());
        }
    }
}

#[test]
fn the_echo_shows_what_was_understood() {
    let server = server();
    let echo = |request: &[u8]| Echo::parse(&ask(&server, request).0[0].content).expect("an echo");
    let got = echo(b"POST /a?b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: u\r\n\r\n");
    assert_eq!((&got.method[..], &got.target[..], &got.body[..]), (&b"POST"[..], &b"/a?b"[..], &b"hello"[..]));
    assert_eq!(got.length, Some(5));
    let got = echo(b"GET http://b:81/x HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(got.values("host").next(), Some(&b"b:81"[..]), "the host of the target counts");
}

#[test]
fn what_is_not_right_is_refused_and_closed() {
    let server = server();
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /\r\n", 400),
        ("GET / HT\rTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhello", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\nhello", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: foo, chunked\r\n\r\n0\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
    ] {
        let (found, closed) = statuses(&server, request.as_bytes());
        assert_eq!(found, [status], "{request}");
        assert!(closed || status == 417, "{request}");
    }
}

#[test]
fn sizes() {
    let server = server();
    let long = |from: &str, count: usize, to: &str| format!("{from}{}{to}", "a".repeat(count)).into_bytes();
    let rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(statuses(&server, &long("GET /", 8000, rest)), (vec![200], false));
    assert_eq!(statuses(&server, &long("GET /", 100_000, rest)), (vec![414], true));
    assert_eq!(statuses(&server, &long("", 100_000, &format!(" /{rest}"))), (vec![501], true));
    assert_eq!(statuses(&server, &long("", 300, &format!(" /{rest}"))), (vec![501], false));
    let field = long("GET / HTTP/1.1\r\nHost: a\r\nX: ", 100_000, "\r\n\r\n");
    assert_eq!(statuses(&server, &field), (vec![431], true));
}

#[test]
fn a_refusal_survives_what_is_still_sent() {
    let server = server();
    let mut stream = connect(&server);
    stream.write_all(b"GET / HTTP/9\r\n").expect("a peer that reads");
    std::thread::sleep(SHORT);
    // A server that had closed at once would answer this with a reset.
    stream.write_all(&vec![b'a'; 200_000]).expect("a peer that reads");
    stream.shutdown(Shutdown::Write).expect("an open connection");
    assert!(to_the_end(&mut stream).starts_with(b"HTTP/1.1 400 "));
}

#[test]
fn persistence_and_close() {
    let server = server();
    let get = |version: &str, option: &str| format!("GET / HTTP/{version}\r\nHost: a\r\n{option}\r\n").into_bytes();
    let canary = b"GET /missing HTTP/1.1\r\nHost: a\r\n\r\n";
    let both = |first: &[u8]| statuses(&server, &[first, canary].concat());
    assert_eq!(both(&get("1.1", "")), (vec![200, 404], false));
    assert_eq!(both(&get("1.1", "Connection: keep-alive\r\n")), (vec![200, 404], false));
    assert_eq!(both(&get("1.1", "Connection: x, , Close\r\n")), (vec![200], true));
    assert_eq!(both(&get("1.0", "")), (vec![200], true));
    assert_eq!(both(&get("1.0", "Connection: close, keep-alive\r\n")), (vec![200], true));
    assert_eq!(both(&get("1.0", "Connection: keep-alive\r\n")), (vec![200, 404], false));
    let (found, _) = ask(&server, &get("1.0", "Connection: keep-alive\r\n"));
    assert_eq!(found[0].field("connection"), Some(&b"keep-alive"[..]));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = server();
    let requests: String = (0..5).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    let (found, _) = ask(&server, requests.as_bytes());
    let targets: Vec<_> = found.iter().map(|answer| Echo::parse(&answer.content).expect("an echo").target).collect();
    assert_eq!(targets, [b"/0", b"/1", b"/2", b"/3", b"/4"]);
}

#[test]
fn expectations() {
    let server = server();
    let post = |version: &str| {
        format!("POST / HTTP/{version}\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n").into_bytes()
    };
    let mut stream = connect(&server);
    stream.write_all(&post("1.1")).expect("a peer that reads");
    assert_eq!(to_the_pause(&mut stream), (b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), false));
    stream.write_all(b"hello").expect("a peer that reads");
    assert!(to_the_pause(&mut stream).0.starts_with(b"HTTP/1.1 200 "));

    let at_once = [&post("1.1")[..], b"hello"].concat();
    assert_eq!(statuses(&server, &at_once), (vec![200], false));

    let mut old = connect(&server);
    old.write_all(&post("1.0")).expect("a peer that reads");
    silence(&mut old);
    old.write_all(b"hello").expect("a peer that reads");
    assert!(to_the_end(&mut old).starts_with(b"HTTP/1.1 200 "));
}

#[test]
fn incomplete_messages_are_waited_for() {
    let patience = Duration::from_millis(700);
    let behaviour = Behaviour::default().with_patience(patience);
    let server = Reference::start("127.0.0.1:0", behaviour).expect("a free port");
    let part = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel";
    let begun = Instant::now();
    let mut stream = connect(&server);
    stream.write_all(part).expect("a peer that reads");
    silence(&mut stream);
    assert!(to_the_end(&mut stream).starts_with(b"HTTP/1.1 408 "));
    assert!(begun.elapsed() >= patience);

    let mut cut = connect(&server);
    cut.write_all(part).expect("a peer that reads");
    cut.shutdown(Shutdown::Write).expect("an open connection");
    assert_eq!(to_the_end(&mut cut), b"");
}

#[test]
fn any_split_gives_the_same_answers() {
    let requests = b"\r\nPOST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\nHost : a\r\n\r\n";
    let behaviour = Behaviour::default();
    let whole = super::mutant_tests::timeless(&behaviour, &[&requests[..]]);
    for split in 0..requests.len() {
        let pieces = [&requests[..split], &requests[split..]];
        assert_eq!(super::mutant_tests::timeless(&behaviour, &pieces), whole, "{split}");
    }
}

#[test]
fn segments_arrive_as_segments_and_are_logged() {
    let server = server();
    let mut stream = connect(&server);
    let pieces = [&b"GET / HT"[..], b"TP/1.1\r\nHo", b"st: a\r\n\r\n"];
    for (sent, piece) in pieces.iter().enumerate() {
        stream.write_all(piece).expect("a peer that reads");
        until(|| server.read_log().first().is_some_and(|log| log.reads.len() > sent));
    }
    assert!(to_the_pause(&mut stream).0.starts_with(b"HTTP/1.1 200 "));
    drop(stream);
    until(|| server.read_log()[0].fin);
    let reads = &server.read_log()[0].reads;
    assert_eq!(reads.iter().map(|read| &read.octets[..]).collect::<Vec<_>>(), pieces);
    assert!(reads.iter().all(|read| read.len == read.octets.len()));
    assert!(reads.is_sorted_by(|one, next| one.at < next.at));
}

/// Waits for something that the other thread does.
fn until(done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < LONG, "it does not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn starting_and_stopping_is_quick() {
    let begun = Instant::now();
    for _ in 0..50 {
        let server = server();
        let mut stream = connect(&server);
        stream.write_all(b"GET / HTTP/1.1\r\n").expect("a peer that reads");
        server.stop();
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
