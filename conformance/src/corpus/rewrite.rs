//! A stream that was written for one site, written for another.
//!
//! The host is replaced wherever its octets stand, the path where it is a request-target of its own; in content neither
//! is, since a length would not fit any more. What content is, is what a strict reader takes for it: of a message that
//! no such reader can tell the end of, all is replaced.

use crate::fuzz::site::Site;
use crate::judge;

/// `octets` with what `from` has replaced by what `to` has.
#[must_use]
pub fn rewrite(octets: &[u8], from: &Site, to: &Site) -> Vec<u8> {
    if from == to {
        return octets.to_vec();
    }
    let reading = judge::requests(octets);
    let mut written = Vec::with_capacity(octets.len() + 16);
    let mut at = 0;
    for span in reading.messages.iter().flat_map(|message| &message.content) {
        let (start, end) = (span.start as usize, span.end as usize);
        rewrite_heads(&octets[at..start], from, to, &mut written);
        written.extend_from_slice(&octets[start..end]);
        at = end;
    }
    rewrite_heads(&octets[at..], from, to, &mut written);
    written
}

fn rewrite_heads(octets: &[u8], from: &Site, to: &Site, written: &mut Vec<u8>) {
    let (host, path) = (from.host.as_bytes(), from.path.as_bytes());
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        let rest = &octets[at..];
        if rest.starts_with(host) {
            written.extend_from_slice(to.host.as_bytes());
            at += host.len();
        } else if rest.starts_with(path) && is_target(octets, at, path.len(), host) {
            written.extend_from_slice(to.path.as_bytes());
            at += path.len();
        } else {
            written.push(octet);
            at += 1;
        }
    }
}

/// Whether what stands there is a request-target, or the part of one behind the host, in what looks like a request-line.
fn is_target(octets: &[u8], at: usize, len: usize, host: &[u8]) -> bool {
    let line = octets[..at].iter().rposition(|&octet| octet == b'\n').map_or(0, |end| end + 1);
    let before = &octets[line..at];
    let is_word = |word: &[u8]| !word.iter().any(|&octet| matches!(octet, b' ' | b'\t' | b':'));
    let is_origin = match before.iter().rposition(|&octet| octet != b' ' && octet != b'\t') {
        Some(end) => end + 1 < before.len() && is_word(&before[..=end]),
        None => false,
    };
    let is_absolute = before.ends_with(host) && before.windows(3).any(|window| window == b"://");
    let ends = octets.get(at + len).is_none_or(|&next| matches!(next, b' ' | b'\t' | b'?' | b'#' | b'\r' | b'\n'));
    (is_origin || is_absolute) && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(host: &str, path: &str) -> Site {
        Site { host: host.to_owned(), path: path.to_owned(), scheme: "http" }
    }

    #[test]
    fn host_and_path_are_replaced_where_they_stand_and_not_in_content() {
        let (a, b) = (site("a.test", "/"), site("127.0.0.1:8080", "/echo?x"));
        for (from, to) in [
            ("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "GET /echo?x HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"),
            ("GET http://a.test/ HTTP/1.1\r\n\r\n", "GET http://127.0.0.1:8080/echo?x HTTP/1.1\r\n\r\n"),
            ("GET\t/\r\nAccept: text / x, */*\r\n\r\n", "GET\t/echo?x\r\nAccept: text / x, */*\r\n\r\n"),
            ("GET /other HTTP/1.1\r\n\r\n", "GET /other HTTP/1.1\r\n\r\n"),
            (
                "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 20\r\n\r\nGET / \r\nHost: a.testGET / HTTP/1.1\r\nHost:a.test\r\n\r\n",
                "POST /echo?x HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Length: 20\r\n\r\nGET / \r\nHost: a.testGET /echo?x HTTP/1.1\r\nHost:127.0.0.1:8080\r\n\r\n",
            ),
        ] {
            assert_eq!(String::from_utf8(rewrite(from.as_bytes(), &a, &b)).unwrap(), to);
        }
    }

    #[test]
    fn a_stream_for_the_same_site_is_left_alone() {
        let a = site("a.test", "/");
        assert_eq!(rewrite(b"GET / \0\xff", &a, &a), b"GET / \0\xff");
    }
}
