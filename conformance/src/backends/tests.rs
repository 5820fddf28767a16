//! Each backend does what it says.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::by_name;
use crate::reference::Running;

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

fn start(name: &str) -> Running {
    by_name(name).expect("a backend").start().expect("a free port")
}

fn connect(running: &Running) -> TcpStream {
    TcpStream::connect(running.address()).expect("a connection")
}

/// How long a test waits for what should come.
const LONG: Duration = Duration::from_secs(5);
/// How long a test waits for what should not come.
const SHORT: Duration = Duration::from_millis(200);

/// What comes back, the first octet within the given time and nothing after a pause, at most 4 MiB; and what ended it.
fn send(stream: &mut TcpStream, octets: &[u8], first: Duration) -> (String, Option<ErrorKind>) {
    let mut found = Vec::new();
    let mut piece = [0; 65_536];
    let mut ended = stream.write_all(octets).err().map(|error| error.kind());
    stream.set_read_timeout(Some(first)).expect("the option");
    while ended.is_none() && found.len() < 4 << 20 {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(len) => found.extend_from_slice(&piece[..len]),
            Err(error) => ended = Some(error.kind()),
        }
        stream.set_read_timeout(Some(SHORT)).expect("the option");
    }
    let ended = ended.map(|kind| if kind == ErrorKind::TimedOut { ErrorKind::WouldBlock } else { kind });
    (String::from_utf8_lossy(&found).into_owned(), ended)
}

fn ask(name: &str, octets: &[u8]) -> (String, Option<ErrorKind>) {
    let running = start(name);
    send(&mut connect(&running), octets, LONG)
}

/// The same, where nothing is expected.
fn ask_in_vain(name: &str, octets: &[u8]) -> (String, Option<ErrorKind>) {
    let running = start(name);
    send(&mut connect(&running), octets, SHORT)
}

const OPEN: Option<ErrorKind> = Some(ErrorKind::WouldBlock);
const FIN: Option<ErrorKind> = None;

#[test]
fn the_same_answer_to_everything() {
    for octets in [GET, b"nonsense", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"] {
        for (name, status, end) in
            [("always-400", 400, FIN), ("always-400-keep-alive", 400, OPEN), ("always-200", 200, OPEN)]
        {
            let (found, ended) = ask(name, octets);
            assert!(found.starts_with(&format!("HTTP/1.1 {status} ")), "{name}: {found}");
            assert_eq!((found.matches("HTTP/1.1").count(), ended), (1, end), "{name}");
        }
    }
    let running = start("always-200");
    let mut stream = connect(&running);
    for _ in 0..3 {
        assert!(send(&mut stream, GET, LONG).0.ends_with("yes\n"));
    }
}

#[test]
fn silence_drips_floods_and_resets() {
    assert_eq!(ask_in_vain("tarpit", GET), (String::new(), OPEN));
    assert_eq!(ask("slow-drip", GET).0, "H");
    for name in ["endless", "endless-head"] {
        assert!(ask(name, GET).0.len() >= 4 << 20, "{name}");
    }
    for name in ["resets-at-once", "resets-after-octets"] {
        let (found, ended) = ask(name, GET);
        assert!(found.is_empty());
        assert!(matches!(ended, Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)), "{name}: {ended:?}");
    }
}

#[test]
fn hostile_text_is_framed_well_all_the_same() {
    let (found, ended) = ask("hostile-text", GET);
    assert_eq!(ended, OPEN);
    assert!(found.contains("\x1b[2J") && found.contains('\u{202e}') && found.len() > 16_000);
    let answers = crate::answers::answers(found.as_bytes(), &[b"GET".to_vec()], false);
    assert_eq!((answers.len(), answers[0].status), (1, Some(200)));
}

#[test]
fn filters_take_offence() {
    let odd: [&[u8]; 4] = [
        b"GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nA: \xe4\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n",
    ];
    for octets in odd {
        assert_eq!(ask_in_vain("dropping-firewall", octets), (String::new(), OPEN));
        assert_eq!(ask("resetting-firewall", octets), (String::new(), Some(ErrorKind::ConnectionReset)));
    }
    for name in ["dropping-firewall", "resetting-firewall"] {
        assert!(ask(name, GET).0.starts_with("HTTP/1.1 200 "), "{name}");
        assert!(ask(name, b"GET / HTTP/1.1\r\n\r\n").0.starts_with("HTTP/1.1 400 "), "{name}");
    }
}

#[test]
fn the_others_are_conformant_and_troubled() {
    let (found, ended) = ask("redirector", GET);
    assert!(found.starts_with("HTTP/1.1 301 ") && found.contains("\r\nLocation: /"));
    assert_eq!(ended, OPEN);
    assert!(ask("redirector", b"GET / HTTP/1.1\r\n\r\n").0.starts_with("HTTP/1.1 400 "));
    let (found, ended) = ask("no-keep-alive", GET);
    assert!(found.contains("\r\nConnection: close\r\n"));
    assert_eq!(ended, FIN);
    assert!(ask("jitter", GET).0.starts_with("HTTP/1.1 200 "));
}

#[test]
fn one_worker_serves_one_connection_at_a_time() {
    let running = start("one-worker");
    let stalled = connect(&running);
    std::thread::sleep(Duration::from_millis(20));
    let mut waiting = connect(&running);
    assert_eq!(send(&mut waiting, GET, SHORT), (String::new(), OPEN));
    stalled.shutdown(Shutdown::Both).expect("an open connection");
    assert!(send(&mut waiting, b"", LONG).0.starts_with("HTTP/1.1 200 "));
}

#[test]
fn stopping_ends_every_connection() {
    for backend in super::ALL {
        let running = backend.start().expect("a free port");
        let mut stream = connect(&running);
        let _ = stream.write_all(GET);
        let begun = Instant::now();
        running.stop();
        assert!(begun.elapsed() < LONG, "{}: {:?}", backend.name, begun.elapsed());
    }
}
