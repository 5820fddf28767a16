//! One GET for the known-good path, as simple as can be: is the server there, and is it ours?
//!
//! A plain socket on purpose. The engine under test must not decide whether there is something to test.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::echo::MARK;

/// How much of an answer is read.
const LIMIT: usize = 64 * 1024;

/// Asks once. `Err` says in words what was seen instead of a 200 (and, if one is expected, of an echo).
pub(super) fn ask(address: SocketAddr, path: &str, echo: bool, limit: Duration) -> Result<(), String> {
    let answer = exchange(address, path, limit).map_err(|error| error.to_string())?;
    let line = answer.split(|&b| b == b'\n').next().unwrap_or_default();
    let status = line.split(|&b| b == b' ').nth(1);
    if !line.starts_with(b"HTTP/") || status.is_none_or(|status| !status.starts_with(b"200")) {
        let shown = &line[..line.len().min(80)];
        return Err(if line.is_empty() {
            "no answer".to_owned()
        } else {
            format!("answered \"{}\"", shown.escape_ascii())
        });
    }
    if echo && !answer.windows(MARK.len()).any(|window| window == MARK) {
        return Err("answered 200, but not with the echo that the entry promises".to_owned());
    }
    Ok(())
}

/// Sends a GET that asks for a close, and reads up to the close, the limit, or the end of the time.
fn exchange(address: SocketAddr, path: &str, limit: Duration) -> std::io::Result<Vec<u8>> {
    let end = Instant::now() + limit;
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_write_timeout(Some(limit))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while answer.len() < LIMIT {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Whatever came so far says more than how it ended.
            Err(_) if !answer.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::ask;

    fn seen(answer: &'static [u8], echo: bool) -> Result<(), String> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let _ = stream.read(&mut [0; 1024]);
            stream.write_all(answer).expect("written");
        });
        let result = ask(address, "/", echo, Duration::from_secs(20));
        server.join().expect("no panic");
        result
    }

    #[test]
    fn only_a_200_is_ready() {
        assert_eq!(seen(b"HTTP/1.1 200 OK\r\n\r\n", false), Ok(()));
        assert_eq!(seen(b"HTTP/1.0 200\r\n\r\n", false), Ok(()));
        assert_eq!(
            seen(b"HTTP/1.1 404 Not Found\r\n\r\n", false),
            Err("answered \"HTTP/1.1 404 Not Found\\r\"".into())
        );
        assert_eq!(seen(b"", false), Err("no answer".into()));
        assert!(seen(b"HTTP/1.1 200 OK\r\n\r\nhello", true).is_err());
        assert_eq!(seen(b"HTTP/1.1 200 OK\r\n\r\nstartline-echo/1\nmethod: GET\n", true), Ok(()));
    }

    #[test]
    fn a_port_where_nobody_listens_is_not_ready() {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        assert!(ask(address, "/", false, Duration::from_secs(1)).is_err());
    }
}
