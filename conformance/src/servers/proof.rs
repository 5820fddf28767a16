//! Installs and starts every server of this repository and talks to it over plain sockets. Ignored: it needs registries
//! and, for Debian packages, root.
//!
//! ```text
//! STARTLINE_SERVERS=nginx,flask cargo test -p startline servers::proof -- --ignored --nocapture
//! ```

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Cache, Catalogue, Echo, Entry};

/// One answer, read with the smallest reader that will do.
pub(super) struct Answer {
    pub(super) status: String,
    content: Vec<u8>,
}

#[test]
#[ignore = "installs and starts real servers"]
fn every_server_echoes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let catalogue = Catalogue::load(root.join("servers")).expect("every entry is right");
    let cache = Cache::at(root.join("target/servers"));
    let names = std::env::var("STARTLINE_SERVERS").unwrap_or_default();
    let names: Vec<&str> = names.split(',').filter(|name| !name.is_empty()).collect();
    let entries = match names.as_slice() {
        [] => catalogue.entries.iter().collect(),
        names => catalogue.select(names).expect("known names"),
    };
    let wrong: Vec<String> = entries.iter().filter_map(|entry| prove(entry, &cache).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Starts one server and prints how it answers; `Err` if an ordinary message is not echoed rightly.
pub(super) fn prove(entry: &Entry, cache: &Cache) -> Result<(), String> {
    let start = Instant::now();
    entry.install(cache).map_err(|error| error.to_string())?;
    let installed = start.elapsed();
    let server = entry.start(cache).map_err(|error| error.to_string())?;
    let took = server.took();
    println!("\n{} {}: installed in {installed:.1?}, ready in {took:.1?}", server.name(), server.version());
    let mut wrong = Vec::new();
    let get = "GET /a/b%20c?d=e%2f&f HTTP/1.1\r\nHost: h.example:1\r\nX-One: a  b \r\n";
    let cases: [(&str, Vec<u8>, &[u8]); 15] = [
        ("GET", format!("{get}\r\n").into(), b""),
        (
            "POST",
            b"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 14\r\n\r\nh\xff\0\r\n{{1}} {a}".into(),
            b"h\xff\0\r\n{{1}} {a}",
        ),
        ("chunked", chunked("6"), b"hello world"),
        ("chunk-ext", chunked("6;x=y"), b"hello world"),
        ("PUT", "PUT /u HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx".into(), b"x"),
        ("pipelined", "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n".repeat(3).into(), b""),
        ("HEAD, GET", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n".into(), b""),
        ("OPTIONS", "OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n".into(), b""),
        ("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n".into(), b""),
        ("GZT", "GZT / HTTP/1.1\r\nHost: h\r\n\r\n".into(), b""),
        ("/missing", "GET /missing-x HTTP/1.1\r\nHost: h\r\n\r\n".into(), b""),
        ("absolute", "GET http://h/x?y HTTP/1.1\r\nHost: h\r\n\r\n".into(), b""),
        ("obs-text", b"GET / HTTP/1.1\r\nHost: h\r\nX-One: \xe9\xff\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n".into(), b""),
        ("obs-fold", "GET / HTTP/1.1\r\nHost: h\r\nX-One: a\r\n b\r\n\r\n".into(), b""),
        ("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n".into(), b""),
    ];
    for (label, request, content) in cases {
        let (bytes, end) = exchange(server.address(), &request).map_err(|error| error.to_string())?;
        let answers = split(&bytes, label.starts_with("HEAD"));
        let statuses: Vec<&str> = answers.iter().map(|answer| answer.status.as_str()).collect();
        println!("  {label:<10} {statuses:?} {end}");
        let first = answers.first().and_then(|answer| Echo::parse(&answer.content));
        let Some(echo) = first else {
            if matches!(label, "GET" | "POST" | "chunked" | "PUT" | "pipelined" | "HTTP/1.0") {
                wrong.push(format!("{}: {label}: no echo in \"{}\"", entry.name, bytes.escape_ascii()));
            }
            continue;
        };
        println!("             {}", show(&echo));
        let mut words = request.split(|&b| b == b' ');
        let same = words.next() == Some(&echo.method)
            && (words.next() == Some(&echo.target) || label == "absolute")
            && echo.body == content
            && echo.length.is_none_or(|length| length == content.len() as u64)
            // Whether the blank at the end is kept is for a check to say, not for this proof.
            && (label != "GET" || echo.values("x-one").any(|value| value.trim_ascii_end() == b"a  b"));
        if !same {
            wrong.push(format!("{}: {label}: wrong echo: {echo:?}", entry.name));
        }
    }
    let start = Instant::now();
    server.stop();
    println!("  stopped in {:.1?}", start.elapsed());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Two chunks; the first has this chunk-size line.
fn chunked(size: &str) -> Vec<u8> {
    let head = "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    format!("{head}{size}\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n").into()
}

fn show(echo: &Echo) -> String {
    let fields: Vec<String> =
        echo.fields.iter().map(|(name, value)| format!("{}: {}", name.escape_ascii(), value.escape_ascii())).collect();
    let (method, target) = (echo.method.escape_ascii(), echo.target.escape_ascii());
    format!("{method} {target} {fields:?} length {:?} \"{}\"", echo.length, echo.body.escape_ascii())
}

/// Sends and reads until the peer closes or is silent for a while; says which.
pub(super) fn exchange(address: SocketAddr, request: &[u8]) -> std::io::Result<(Vec<u8>, &'static str)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_millis(700)))?;
    stream.write_all(request)?;
    let (mut bytes, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok((bytes, "closed")),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok((bytes, "kept")),
            Err(_) => return Ok((bytes, "reset")),
        }
    }
}

/// Splits what came back into answers; the first has no content when it answers HEAD.
pub(super) fn split(mut bytes: &[u8], mut head: bool) -> Vec<Answer> {
    let mut answers = Vec::new();
    while let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
        let text = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let status = text.lines().next().unwrap_or_default().to_owned();
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                .map(|value| value.trim().to_owned())
        };
        bytes = &bytes[end + 4..];
        let content = if head {
            Vec::new()
        } else if field("transfer-encoding").is_some_and(|value| value == "chunked") {
            dechunk(&mut bytes)
        } else {
            let length = field("content-length").and_then(|value| value.parse().ok()).unwrap_or(bytes.len());
            let (content, rest) = bytes.split_at(length.min(bytes.len()));
            bytes = rest;
            content.to_vec()
        };
        head = false;
        let framing = field("content-length").map_or("no length".to_owned(), |length| format!("length {length}"));
        let framing = field("transfer-encoding").unwrap_or(framing);
        answers.push(Answer { status: format!("{status} ({framing})"), content });
    }
    if !bytes.is_empty() {
        answers.push(Answer { status: format!("rest {:?}", bytes.escape_ascii().to_string()), content: Vec::new() });
    }
    answers
}

fn dechunk(bytes: &mut &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&bytes[..end]), 16).unwrap_or(0);
        let data = end + 2;
        let after = (data + size + 2).min(bytes.len());
        content.extend_from_slice(&bytes[data.min(bytes.len())..(data + size).min(bytes.len())]);
        *bytes = &bytes[after..];
        if size == 0 {
            break;
        }
    }
    content
}
