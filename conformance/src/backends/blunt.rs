//! Servers that read nothing into what they get: the same answer to everything, or none.
//!
//! Whatever has arrived when an empty line is seen, or when nothing more comes for a moment, is one request to them. So a
//! request and a canary in one flight get one answer, and content that comes later gets another.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::{sleep, timeout};

use crate::reference::{Peer, Running, Workers};

/// What has come is taken for a request when nothing follows for so long.
const PAUSE: Duration = Duration::from_millis(50);

/// No connection is held longer than this without a word from the peer.
const LONGEST: Duration = Duration::from_secs(60);

/// How long is read on after closing.
const DRAIN: Duration = Duration::from_millis(500);

const ANY_PORT: &str = "127.0.0.1:0";

/// More octets than this are not kept of a request that does not end.
const REQUEST_MOST: usize = 1 << 20;

pub(super) fn always_400() -> io::Result<Running> {
    const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    Running::start(ANY_PORT, Workers::Many, |mut peer| async move {
        if request(&mut peer).await && peer.stream.write_all(ANSWER).await.is_ok() {
            peer.close(DRAIN).await;
        }
    })
}

pub(super) fn always_400_keep_alive() -> io::Result<Running> {
    same_answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
}

pub(super) fn always_200() -> io::Result<Running> {
    same_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nyes\n")
}

/// Escape sequences, control octets of both sets, octets that are no UTF-8, text that runs the other way, and a value of
/// 16,000 octets.
pub(super) fn hostile_text() -> io::Result<Running> {
    let mut answer = b"HTTP/1.1 200 \x1b[2J\x1b]0;owned\x07 \xe2\x80\xae KO\r\n".to_vec();
    answer.extend_from_slice(b"Server: \x1b[31mred\x1b[0m \x9b31m \xff\xfe \xe2\x80\xae txt\r\n");
    answer.extend_from_slice(b"X-Link: \x1b]8;;http://127.0.0.1/\x07here\x1b]8;;\x07\r\n");
    answer.extend_from_slice(b"X-Back: a\x08\x08\x08b\x7f\r\nX-Huge: ");
    answer.resize(answer.len() + 16_000, b'a');
    answer.extend_from_slice(b"\r\nContent-Length: 18\r\n\r\n\x1b[8m<script>\x1b[0m\n\0");
    same_answer(answer.leak())
}

pub(super) fn tarpit() -> io::Result<Running> {
    Running::start(ANY_PORT, Workers::Many, |peer| peer.hang(LONGEST))
}

pub(super) fn slow_drip() -> io::Result<Running> {
    Running::start(ANY_PORT, Workers::Many, |mut peer| async move {
        if !request(&mut peer).await {
            return;
        }
        for octet in b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nyes\n" {
            if peer.stream.write_all(&[*octet]).await.is_err() {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    })
}

pub(super) fn endless() -> io::Result<Running> {
    without_end(b"HTTP/1.1 200 OK\r\n\r\n", b"and so on ")
}

pub(super) fn endless_head() -> io::Result<Running> {
    without_end(b"HTTP/1.1 200 OK\r\n", b"X-And: so on\r\n")
}

pub(super) fn resets_at_once() -> io::Result<Running> {
    Running::start(ANY_PORT, Workers::Many, |peer: Peer| async move { peer.reset() })
}

pub(super) fn resets_after_octets() -> io::Result<Running> {
    Running::start(ANY_PORT, Workers::Many, |mut peer| async move {
        if matches!(timeout(LONGEST, peer.read(&mut Vec::new())).await, Ok(Ok(1..))) {
            peer.reset();
        }
    })
}

fn same_answer(answer: &'static [u8]) -> io::Result<Running> {
    Running::start(ANY_PORT, Workers::Many, move |mut peer| async move {
        while request(&mut peer).await {
            if peer.stream.write_all(answer).await.is_err() {
                return;
            }
        }
    })
}

fn without_end(first: &'static [u8], then: &'static [u8]) -> io::Result<Running> {
    Running::start(ANY_PORT, Workers::Many, move |mut peer| async move {
        if !request(&mut peer).await || peer.stream.write_all(first).await.is_err() {
            return;
        }
        let piece = then.repeat(1000);
        while peer.stream.write_all(&piece).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
}

/// Waits for something that it takes for a request; false if nothing more comes.
async fn request(peer: &mut Peer) -> bool {
    let mut octets = Vec::new();
    loop {
        let patience = if octets.is_empty() { LONGEST } else { PAUSE };
        match timeout(patience, peer.read(&mut octets)).await {
            Ok(Ok(1..)) => {}
            Ok(Ok(0) | Err(_)) => return false,
            Err(_) => return !octets.is_empty(),
        }
        let ends = |end: &[u8]| octets.windows(end.len()).any(|window| window == end);
        if ends(b"\n\r\n") || ends(b"\n\n") {
            return true;
        }
        if octets.len() > REQUEST_MOST {
            return true;
        }
    }
}
