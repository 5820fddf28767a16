//! Field lines that are right: of the fields that RFC 9110 defines, and of others.

use fastrand::Rng;

use super::draw::{one_in, pick};
use crate::fuzz::input::{Input, Kind};

/// Names, and values that match the grammar of the field.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "Accept",
        &["*/*", "text/html, application/xml;q=0.9, */*;q=0.1", "text/plain; charset=\"utf-8\"", "", "text/*;q=0"],
    ),
    ("Accept-Charset", &["utf-8", "utf-8, iso-8859-1;q=0.5", "*"]),
    ("Accept-Encoding", &["gzip, deflate, br", "identity", "*;q=0.5", "", "gzip;q=1.0, identity; q=0.5, *;q=0"]),
    ("Accept-Language", &["en", "de-CH, en;q=0.7, *;q=0.1"]),
    (
        "Authorization",
        &[
            "Basic QTpC",
            "Bearer abc.def-ghi",
            "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"/\", response=\"d\"",
        ],
    ),
    ("Cache-Control", &["no-cache", "max-age=0, no-store", "only-if-cached", "private=\"a, b\""]),
    ("Content-Language", &["en"]),
    (
        "Content-Type",
        &[
            "text/plain",
            "application/octet-stream",
            "text/plain; charset=utf-8",
            "multipart/form-data; boundary=\"a b\"",
        ],
    ),
    ("Cookie", &["a=b", "a=b; c=\"d\"; e=", "SID=31d4d96e407aad42"]),
    ("Date", &["Sun, 06 Nov 1994 08:49:37 GMT"]),
    ("DNT", &["1"]),
    ("Forwarded", &["for=192.0.2.60;proto=http;by=203.0.113.43", "for=\"[2001:db8::1]:47\", for=unknown"]),
    ("From", &["a@example.com"]),
    ("If-Match", &["*", "\"a\"", "\"a\", \"b\""]),
    (
        "If-Modified-Since",
        &["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
    ),
    ("If-None-Match", &["\"a\"", "W/\"a\", \"b\"", "\"\""]),
    ("If-Range", &["\"a\"", "Sun, 06 Nov 1994 08:49:37 GMT"]),
    ("If-Unmodified-Since", &["Sun, 06 Nov 2033 08:49:37 GMT"]),
    ("Max-Forwards", &["0", "10"]),
    ("Origin", &["http://example.com", "null"]),
    ("Pragma", &["no-cache"]),
    ("Priority", &["u=1, i"]),
    ("Range", &["bytes=0-0", "bytes=-1", "bytes=0-", "bytes=0-0,2-3", "pages=1"]),
    ("Referer", &["http://example.com/a?b", "/a", "about:blank"]),
    ("TE", &["trailers", "trailers, deflate;q=0.5", ""]),
    ("Trailer", &["X-Trailer", "a, b"]),
    (
        "User-Agent",
        &[
            "startline",
            "a/1.0 (b; (c) \\) d) e/2",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
        ],
    ),
    ("Via", &["1.1 a", "1.0 fred, 1.1 p.example.net (comment)"]),
    ("X-Forwarded-For", &["192.0.2.1", "192.0.2.1, unknown"]),
];

/// Fields after which a connection may not go on as before.
const OF_THE_CONNECTION: &[(&str, &[&str])] = &[
    ("Connection", &["close", "keep-alive", "Close, TE", "x-a", "keep-alive, x-a"]),
    ("Expect", &["100-continue"]),
    ("Upgrade", &["websocket", "h2c, foo/2"]),
    ("Keep-Alive", &["timeout=5, max=1000"]),
    ("Proxy-Connection", &["keep-alive"]),
];

const TCHARS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

/// A token of up to so many octets.
pub(super) fn token(rng: &mut Rng, most: usize) -> Vec<u8> {
    (0..rng.usize(1..=most)).map(|_| pick(rng, TCHARS)).collect()
}

/// Words, quoted strings, comments and lists.
fn text(rng: &mut Rng) -> Vec<u8> {
    let mut text = token(rng, 6);
    for _ in 0..rng.usize(..4) {
        text.extend_from_slice(pick::<&[u8]>(
            rng,
            &[b" ", b", ", b",", b"=", b"; ", b"\"a \\\" b\"", b"(c (d))", b"\t", b"<>@[]{}?/:\\", b"%0d%0a", b" ,, "],
        ));
        text.extend(token(rng, 8));
    }
    match rng.u16(..256) {
        0 => text.resize(rng.usize(200..4000), b'a'),
        1..=12 => text.extend_from_slice(pick(rng, &[&b"\xc3\xa9"[..], b"\x80", b"\xff\xfe", b"\xe2\x82\xac"])),
        _ => {}
    }
    text
}

/// A field line.
pub(super) fn push(rng: &mut Rng, out: &mut Input, name: &[u8], value: &[u8]) {
    match rng.u8(..32) {
        0 | 1 => out.push(Kind::Name, &name.to_ascii_lowercase()),
        2 => out.push(Kind::Name, &name.to_ascii_uppercase()),
        _ => out.push(Kind::Name, name),
    }
    out.push(Kind::Colon, b":");
    out.push(Kind::Blank, pick(rng, &[&b" "[..], b" ", b" ", b" ", b" ", b" ", b" ", b" ", b" ", b"", b"\t", b"  \t"]));
    out.push_value(value);
    if one_in(rng, 24) {
        out.push(Kind::Blank, pick(rng, &[&b" "[..], b"\t", b" \t "]));
    }
    out.push(Kind::LineEnd, b"\r\n");
}

/// Any field line that is right.
pub(super) fn any(rng: &mut Rng, out: &mut Input, is_kept: bool) {
    if !is_kept && one_in(rng, 24) {
        let (name, values) = pick(rng, OF_THE_CONNECTION);
        let value = pick(rng, values);
        return push(rng, out, name.as_bytes(), value.as_bytes());
    }
    if rng.u8(..8) < 5 {
        let (name, values) = pick(rng, KNOWN);
        let value = pick(rng, values);
        return push(rng, out, name.as_bytes(), value.as_bytes());
    }
    let name = [b"X-", &token(rng, 10)[..]].concat();
    let value = if one_in(rng, 16) { Vec::new() } else { text(rng) };
    push(rng, out, &name, &value);
}
