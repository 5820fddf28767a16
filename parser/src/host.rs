//! `uri-host [ ":" port ]` (RFC 9110 section 7.2, RFC 3986 section 3.2.2).

use crate::bytes::{is_reg_name, is_scheme};

/// How many octets of `text` form the longest `uri-host` that it begins with, or the offset of the octet at which a host
/// that has begun cannot go on (an unclosed or malformed IP-literal, a bad percent-encoding).
///
/// An empty host is a host: `reg-name` may be empty.
pub(crate) fn host_len(text: &[u8]) -> Result<usize, usize> {
    if text.first() == Some(&b'[') {
        let close = text.iter().position(|&b| b == b']').ok_or(text.len())?;
        let inside = &text[1..close];
        let valid = match inside.first() {
            Some(b'v' | b'V') => is_future(inside),
            _ => is_ipv6(inside),
        };
        return if valid { Ok(close + 1) } else { Err(1) };
    }
    reg_name_len(text, is_reg_name)
}

/// How many octets `text` begins with that are of the class or percent-encoded; an incomplete encoding is an error at
/// its percent sign.
#[inline]
pub(crate) fn reg_name_len(text: &[u8], class: fn(u8) -> bool) -> Result<usize, usize> {
    let mut at = 0;
    while let Some(&octet) = text.get(at) {
        if octet == b'%' {
            if !is_percent_encoded(&text[at..]) {
                return Err(at);
            }
            at += 3;
        } else if class(octet) {
            at += 1;
        } else {
            break;
        }
    }
    Ok(at)
}

/// Whether `text` begins with `"%" HEXDIG HEXDIG` (RFC 3986 section 2.1).
pub(crate) fn is_percent_encoded(text: &[u8]) -> bool {
    matches!(text, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Whether the whole of `text` is `uri-host [ ":" port ]`; the port may be empty and of any length.
pub(crate) fn is_host_and_port(text: &[u8]) -> bool {
    if is_plain(text) {
        return true;
    }
    let Ok(len) = host_len(text) else { return false };
    match &text[len..] {
        [] => true,
        [b':', port @ ..] => port.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether the whole of `text` is a `reg-name` without percent-encoded octets, as an IPv4 address is too: quicker than
/// what holds for all hosts, and true of nearly all.
#[inline(always)]
fn is_plain(text: &[u8]) -> bool {
    let all = |octets: &[u8; 4]| octets.iter().fold(true, |all, &octet| all & is_reg_name(octet));
    match text.last_chunk() {
        // The last four overlap those before them, so that nothing is left over.
        Some(last) => text.as_chunks().0.iter().fold(all(last), |plain, octets| plain & all(octets)),
        None => text.iter().all(|&octet| is_reg_name(octet)),
    }
}

/// `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`.
fn is_future(text: &[u8]) -> bool {
    let Some(dot) = text.iter().position(|&b| b == b'.') else { return false };
    let (version, address) = (&text[1..dot], &text[dot + 1..]);
    !version.is_empty()
        && version.iter().all(u8::is_ascii_hexdigit)
        && !address.is_empty()
        && address.iter().all(|&b| is_reg_name(b) || b == b':')
}

/// `IPv6address`: eight groups of one to four hexadecimal digits, the last two possibly as an IPv4 address, and at most
/// one `::` that stands for one or more groups of zeros.
fn is_ipv6(text: &[u8]) -> bool {
    let (before, after) = match text.windows(2).position(|pair| pair == b"::") {
        Some(at) => (&text[..at], Some(&text[at + 2..])),
        None => (text, None),
    };
    match after {
        None => groups(before, true) == Some(8),
        Some(after) => match (groups(before, false), groups(after, true)) {
            (Some(left), Some(right)) => left + right <= 7,
            _ => false,
        },
    }
}

/// How many 16-bit groups the colon-separated `text` holds; none if one of them is malformed.
fn groups(text: &[u8], may_end_in_ipv4: bool) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    let mut pieces = text.split(|&b| b == b':').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() && may_end_in_ipv4 && is_ipv4(piece) {
            return Some(count + 2);
        }
        if piece.is_empty() || piece.len() > 4 || !piece.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// `IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet`, without leading zeros.
fn is_ipv4(text: &[u8]) -> bool {
    let is_dec_octet = |piece: &[u8]| {
        let value = core::str::from_utf8(piece).ok().and_then(|digits| digits.parse::<u8>().ok());
        piece.iter().all(u8::is_ascii_digit) && value.is_some() && (piece.len() == 1 || piece[0] != b'0')
    };
    text.split(|&b| b == b'.').count() == 4 && text.split(|&b| b == b'.').all(is_dec_octet)
}

/// The length of the `scheme` that `text` begins with, its colon not counted; none if there is no scheme.
pub(crate) fn scheme_len(text: &[u8]) -> Option<usize> {
    let len = text.iter().position(|&b| !is_scheme(b))?;
    (text[0].is_ascii_alphabetic() && text[len] == b':').then_some(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_every_kind() {
        for good in [
            "",
            "a",
            "example.com:80",
            "127.0.0.1",
            "a:",
            "[::]",
            "[::1]:80",
            "[1:2:3:4:5:6:7:8]",
            "[1::8]",
            "[::ffff:1.2.3.4]",
            "[1:2:3:4:5:6:1.2.3.4]",
            "[v1.a:b]",
            "%41",
            "a_b",
            "1.2.3",
            "999.1.1.1",
            "[1:2:3:4:5:6:7::]",
        ] {
            assert!(is_host_and_port(good.as_bytes()), "{good}");
        }
        for bad in [
            "a b",
            "a/b",
            "a:b",
            "a@b",
            "[::1",
            "::1",
            "[1:2:3:4:5:6:7]",
            "[1:2:3:4:5:6:7:8:9]",
            "[1::2::3]",
            "[12345::]",
            "[::1.2.3]",
            "[::1.2.3.256]",
            "[1.2.3.4::]",
            "[]",
            "%4",
            "[v.a]",
            "[v1.]",
            "[:::]",
            "[1:]",
            "a,b",
            "[::1]a",
            "a\\b",
            "[1:2:3:4:5:6:7::8]",
        ] {
            if bad == "a,b" {
                assert!(is_host_and_port(bad.as_bytes()), "a comma is a sub-delim and so part of a reg-name");
                continue;
            }
            assert!(!is_host_and_port(bad.as_bytes()), "{bad}");
        }
    }

    #[test]
    fn a_plain_host_is_plain_in_every_octet() {
        for len in 0..=13 {
            let mut text = [b'a'; 13];
            assert!(is_plain(&text[..len]), "{len}");
            for at in 0..len {
                for octet in *b":%[] /@\xFF" {
                    text[at] = octet;
                    assert!(!is_plain(&text[..len]), "{octet} at {at} of {len}");
                }
                text[at] = b'a';
            }
        }
    }

    #[test]
    fn schemes() {
        assert_eq!(scheme_len(b"http://a"), Some(4));
        assert_eq!(scheme_len(b"a+b-c.1:x"), Some(7));
        assert_eq!(scheme_len(b"1a:x"), None);
        assert_eq!(scheme_len(b":x"), None);
        assert_eq!(scheme_len(b"abc"), None);
    }
}
