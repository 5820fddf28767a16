//! Words and octets to put where others stood: of the grammar and of the byte classes, not of any check.

use std::sync::LazyLock;

use fastrand::Rng;
use startline_parser::bytes;

use super::draw::pick;

/// What may stand where a line end should; the first is the right one.
pub(super) const LINE_ENDS: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b"\r\r\n",
    b"\n\r",
    b"\rX",
    b"\r\0",
    b"",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\x0b",
    b"\x0c",
    b"\n\n",
    b" \r\n",
    b"\r \n",
    b"\0\r\n",
    b"\r\n\0",
    b"\x85",
    b"\\r\\n",
];

/// What may stand where one SP should.
pub(super) const SPACES: &[&[u8]] = &[
    b"  ",
    b"\t",
    b" \t",
    b"\t ",
    b"    ",
    b"\x0b",
    b"\x0c",
    b"\r",
    b"",
    b"\0",
    b"\xa0",
    b"\xc2\xa0",
    b"\xe3\x80\x80",
    b"\x1f",
    b"%20",
    b"+",
    b" \x0c",
];

/// What may stand where a colon should.
pub(super) const COLONS: &[&[u8]] = &[
    b" :",
    b"\t:",
    b"",
    b"::",
    b" : ",
    b"=",
    b"\0:",
    b"\xef\xbc\x9a",
    b";",
    b"  :",
    b":\x0b",
    b"\x0b:",
    b"\r:",
    b":\0",
    b": :",
];

/// What may stand where `HTTP/1.1` should.
pub(super) const VERSIONS: &[&[u8]] = &[
    b"HTTP/1.2",
    b"HTTP/1.9",
    b"HTTP/2.0",
    b"HTTP/0.9",
    b"HTTP/3.0",
    b"HTTP/9.9",
    b"http/1.1",
    b"Http/1.1",
    b"HTTP/01.1",
    b"HTTP/1.01",
    b"HTTP/1.10",
    b"HTTP/1",
    b"HTTP/1.",
    b"HTTP/.1",
    b"HTTP/",
    b"HTTP",
    b"HTTP/11",
    b"HTTP/1,1",
    b"HTTP/1.1.1",
    b"HTTP/+1.1",
    b"HTTP/-1.1",
    b"HTTP/1.+1",
    b"HTTP/1.1x",
    b"HTTP/1.x",
    b"HTTP/a.b",
    b"HTTP/0x1.1",
    b"HTTP /1.1",
    b"HTTP/ 1.1",
    b"HTTP/1 .1",
    b"HTTP//1.1",
    b"HTTP\\1.1",
    b"HTTPS/1.1",
    b"HTP/1.1",
    b"XHTTP/1.1",
    b"ICY/1.1",
    b"HTTP/1.1\0",
    b"HTTP/\xd9\xa1.1",
    b"HTTP/4294967297.1",
    b"HTTP/1.4294967297",
    b"HTTP-1.1",
    b"HTTP/1.1;",
    b"1.1",
    b"RTSP/1.0",
    b"HTTP/2",
    b"HTTP/1.1 HTTP/1.1",
];

/// Methods: known ones, and others that are tokens.
pub(super) const METHODS: &[&[u8]] = &[
    b"GET",
    b"HEAD",
    b"POST",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"PRI",
    b"QUERY",
    b"get",
    b"Post",
    b"FOO",
    b"M-SEARCH",
    b"!",
    b"a|b~c",
    b"0",
    b"GETX",
    b"XGET",
];

/// Names of fields that mean something to a recipient.
pub(super) const NAMES: &[&[u8]] = &[
    b"Host",
    b"Content-Length",
    b"Transfer-Encoding",
    b"Connection",
    b"Keep-Alive",
    b"Trailer",
    b"TE",
    b"Upgrade",
    b"Expect",
    b"Date",
    b"Range",
    b"If-Match",
    b"Via",
    b"Cookie",
    b"Content-Type",
    b"Content-Encoding",
    b"Proxy-Connection",
    b"Max-Forwards",
    b"X-A",
];

/// Values, and parts of them.
pub(super) const VALUES: &[&[u8]] = &[
    b"chunked",
    b"identity",
    b"gzip",
    b"close",
    b"keep-alive",
    b"0",
    b"1",
    b"5",
    b"10",
    b"100-continue",
    b"trailers",
    b"\"",
    b"\"a\"",
    b"\"\\\"\"",
    b"\\",
    b"(a)",
    b",",
    b",,",
    b";",
    b";q=0",
    b"=",
    b"*",
    b"bytes=0-0",
    b"a",
    b"",
    b"\t",
    b"HTTP/1.1",
    b"GET / HTTP/1.1",
    b"\xc3\xa9",
    b"%0d%0a",
    b"4294967296",
    b"18446744073709551616",
    b"-1",
    b"+1",
    b"0x1",
];

/// One octet of each class, at both ends of each run of octets that the grammar treats alike.
pub(super) static CLASSES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let classes: [fn(u8) -> bool; 12] = [
        bytes::is_tchar,
        bytes::is_pchar,
        bytes::is_query,
        bytes::is_reg_name,
        bytes::is_scheme,
        bytes::is_text,
        bytes::is_ows,
        bytes::is_line_whitespace,
        bytes::is_obs_text,
        |octet| octet.is_ascii_digit(),
        |octet| octet.is_ascii_hexdigit(),
        |octet| matches!(octet, 0 | b'\r' | b'\n' | b'\\'),
    ];
    let alike = |one: u8, other: u8| classes.iter().all(|is_of| is_of(one) == is_of(other));
    (0..=255_u8)
        .filter(|&octet| {
            let before = octet.checked_sub(1).is_some_and(|before| alike(before, octet));
            let behind = octet.checked_add(1).is_some_and(|behind| alike(behind, octet));
            !(before && behind)
        })
        .collect()
});

/// An octet of some class.
pub(super) fn octet(rng: &mut Rng) -> u8 {
    if rng.u8(..) < 32 { rng.u8(..) } else { pick(rng, &CLASSES) }
}

/// A word of any sort.
pub(super) fn word(rng: &mut Rng) -> &'static [u8] {
    let of = match rng.u8(..8) {
        0 => LINE_ENDS,
        1 => SPACES,
        2 => COLONS,
        3 => VERSIONS,
        4 => METHODS,
        5 => NAMES,
        _ => VALUES,
    };
    pick(rng, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delimiter_and_the_ends_of_the_controls_are_classes_of_their_own() {
        for octet in *b"\0\t\n\r \"%(),/:;<=>?@[\\]{}\x7f\x80\xff\x1f\x0b\x0cafAFgz09" {
            assert!(CLASSES.contains(&octet), "{octet:#x}");
        }
        assert!(!CLASSES.contains(&b'b') && !CLASSES.contains(&0x90));
    }
}
