//! What is malformed in which octets, and who takes it all the same.

use crate::inputs::Kind;

/// One message.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What is wrong with it; or what is unusual about it.
    pub name: &'static str,
    /// What it is given as.
    pub kind: Kind,
    /// All of its octets.
    pub octets: &'static [u8],
    /// Whether the RFCs let a strict recipient take it.
    pub valid: bool,
    /// The peers that take it.
    pub taken_by: &'static [&'static str],
}

const H: &str = "httparse";
const N2: &str = "ntex-httparse";
const N3: &str = "ntex-httparse-2.3";
const M: &str = "milo";
const P: &str = "picohttpparser";

/// Everybody but startline, of which [`Case::valid`] says what it takes.
pub const PEERS: [&str; 5] = [H, N2, N3, M, P];

const fn request(name: &'static str, octets: &'static [u8], taken_by: &'static [&'static str]) -> Case {
    Case { name, kind: Kind::Request, octets, valid: false, taken_by }
}

const fn response(name: &'static str, octets: &'static [u8], taken_by: &'static [&'static str]) -> Case {
    Case { name, kind: Kind::Response, octets, valid: false, taken_by }
}

const fn chunked(name: &'static str, octets: &'static [u8], taken_by: &'static [&'static str]) -> Case {
    Case { name, kind: Kind::Chunked, octets, valid: false, taken_by }
}

const fn valid(case: Case) -> Case {
    Case { valid: true, ..case }
}

/// Invalid ones, each of which differs from a valid message in one thing; then valid ones.
pub const CASES: &[Case] = &[
    request("LF ends the request-line", b"GET / HTTP/1.1\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("LF ends a field line", b"GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n", &[H, N2, N3, P]),
    request("LF ends the head", b"GET / HTTP/1.1\r\nHost: a\r\n\n", &[H, N2, N3, P]),
    request("two spaces after the method", b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", &[N2, N3]),
    request("two spaces before the version", b"GET /  HTTP/1.1\r\nHost: a\r\n\r\n", &[N2, N3]),
    request("`<` in the target", b"GET /< HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`>` in the target", b"GET /> HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`\"` in the target", b"GET /\" HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`{` in the target", b"GET /{ HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`}` in the target", b"GET /} HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`\\|` in the target", b"GET /| HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`\\` in the target", b"GET /\\ HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`^` in the target", b"GET /^ HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("`#` in the target", b"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, P]),
    request("octet 0xE9 in the target", b"GET /\xE9 HTTP/1.1\r\nHost: a\r\n\r\n", &[N2, N3, P]),
    request("`%zz` in the target", b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, M, P]),
    request("a target of `a`", b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, M, P]),
    request("no Host", b"GET / HTTP/1.1\r\nB: c\r\n\r\n", &[H, N2, N3, M, P]),
    request("two Host", b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", &[H, N2, N3, M, P]),
    request("a Host of `a b`", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", &[H, N2, N3, M, P]),
    request(
        "two Content-Length that differ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        &[H, N2, N3, P],
    ),
    request("Content-Length of `+5`", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n", &[H, N2, N3, P]),
    request(
        "Transfer-Encoding that does not end in chunked",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        &[H, N2, N3, P],
    ),
    request("obs-fold", b"GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n d\r\n\r\n", &[P]),
    request("space before the colon", b"GET / HTTP/1.1\r\nHost: a\r\nB : c\r\n\r\n", &[]),
    request("no colon in a field line", b"GET / HTTP/1.1\r\nHost: a\r\nB\r\n\r\n", &[]),
    request("no field name", b"GET / HTTP/1.1\r\nHost: a\r\n: c\r\n\r\n", &[]),
    request("`(` in a field name", b"GET / HTTP/1.1\r\nHost: a\r\nB(: c\r\n\r\n", &[]),
    request("CR in a value", b"GET / HTTP/1.1\r\nHost: a\r\nB: c\rd\r\n\r\n", &[]),
    request("NUL in a value", b"GET / HTTP/1.1\r\nHost: a\r\nB: c\0d\r\n\r\n", &[]),
    response("two spaces after the version, in a response", b"HTTP/1.1  200 OK\r\nB: c\r\n\r\n", &[N2, N3]),
    response("two digits in the status-code", b"HTTP/1.1 20 OK\r\nB: c\r\n\r\n", &[P]),
    response("no space after the status-code", b"HTTP/1.1 200\r\nB: c\r\n\r\n", &[H, N2, N3]),
    response("space before the colon, in a response", b"HTTP/1.1 200 OK\r\nB : c\r\n\r\n", &[]),
    chunked("no digit in the chunk-size", b"\r\n\r\n", &[H]),
    chunked("`;a` without a chunk-size", b";a\r\n\r\n", &[H]),
    chunked("LF in an extension", b"5;a\nb\r\nhello\r\n0\r\n\r\n", &[H]),
    chunked("CR in an extension", b"5;a\rb\r\nhello\r\n0\r\n\r\n", &[P]),
    chunked("NUL in an extension", b"5;a\0\r\nhello\r\n0\r\n\r\n", &[H, P]),
    chunked("an extension without a name", b"5;=b\r\nhello\r\n0\r\n\r\n", &[H, N2, N3, P]),
    chunked("LF ends the chunk-size", b"5\nhello\r\n0\r\n\r\n", &[P]),
    chunked("space after the chunk-size", b"5 \r\nhello\r\n0\r\n\r\n", &[H, N2, N3, P]),
    chunked("chunk-size of `0x5`", b"0x5\r\nhello\r\n0\r\n\r\n", &[P]),
    chunked("chunk-size of `+5`", b"+5\r\nhello\r\n0\r\n\r\n", &[]),
    chunked("chunk-size of 2^64 + 5", b"10000000000000005\r\nhello\r\n0\r\n\r\n", &[]),
    valid(request("a plain request", b"GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n", &[H, N2, N3, M, P])),
    valid(request("HTTP/1.2", b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", &[P])),
    valid(request("HTTP/1.0 without Host", b"GET / HTTP/1.0\r\nB: c\r\n\r\n", &[H, N2, N3, P])),
    valid(request(
        "an empty line before the request-line",
        b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        &[H, N2, N3, M, P],
    )),
    valid(request("a method of one's own", b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", &[H, N2, N3, M, P])),
    valid(request("octet 0xE9 in a value", b"GET / HTTP/1.1\r\nHost: a\r\nB: \xE9\r\n\r\n", &[H, N2, N3, M, P])),
    valid(request("an empty value", b"GET / HTTP/1.1\r\nHost: a\r\nB:\r\n\r\n", &[H, N2, N3, M, P])),
    valid(response("a plain response", b"HTTP/1.1 200 OK\r\nB: c\r\n\r\n", &[H, N2, N3, M, P])),
    valid(response("HTTP/1.0, in a response", b"HTTP/1.0 200 OK\r\nB: c\r\n\r\n", &[H, N2, N3, P])),
    valid(response("no reason-phrase", b"HTTP/1.1 200 \r\nB: c\r\n\r\n", &[H, N2, N3, M, P])),
    valid(chunked("plain chunks", b"5\r\nhello\r\n0\r\n\r\n", &[H, N2, N3, M, P])),
    valid(chunked("zeros before the chunk-size", b"0005\r\nhello\r\n00\r\n\r\n", &[H, N2, N3, M, P])),
    valid(chunked("an extension", b"5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n", &[H, N2, N3, M, P])),
    valid(chunked("blanks around an extension", b"5 ; a = b\r\nhello\r\n0\r\n\r\n", &[H, N2, N3, P])),
];
