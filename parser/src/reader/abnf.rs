//! The productions, each as the length of its longest match at the start of the text; none where it does not match.

/// `ALPHA / DIGIT`.
fn alphanumeric(octet: u8) -> bool {
    matches!(octet, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9')
}

/// `tchar` (RFC 9110 section 5.6.2): any VCHAR, except delimiters.
pub(super) fn tchar(octet: u8) -> bool {
    matches!(octet, 0x21..=0x7E) && !b"\"(),/:;<=>?@[\\]{}".contains(&octet)
}

/// `token = 1*tchar`.
pub(super) fn token(text: &[u8]) -> Option<usize> {
    let len = text.iter().take_while(|&&octet| tchar(octet)).count();
    if len == 0 { None } else { Some(len) }
}

/// `unreserved / sub-delims` (RFC 3986 appendix A).
fn unreserved_or_sub_delim(octet: u8) -> bool {
    alphanumeric(octet) || b"-._~".contains(&octet) || b"!$&'()*+,;=".contains(&octet)
}

/// `pct-encoded = "%" HEXDIG HEXDIG`.
pub(super) fn pct_encoded(text: &[u8]) -> Option<usize> {
    let hex = |at: usize| text.get(at).is_some_and(u8::is_ascii_hexdigit);
    if text.first() == Some(&b'%') && hex(1) && hex(2) { Some(3) } else { None }
}

/// One `unreserved / pct-encoded / sub-delims`.
pub(super) fn reg_name_unit(text: &[u8]) -> Option<usize> {
    pct_encoded(text).or(text.first().filter(|&&octet| unreserved_or_sub_delim(octet)).map(|_| 1))
}

/// One `pchar / "/" / "?"`.
pub(super) fn query_unit(text: &[u8]) -> Option<usize> {
    reg_name_unit(text).or(text.first().filter(|octet| b":@/?".contains(octet)).map(|_| 1))
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`.
pub(super) fn scheme(text: &[u8]) -> Option<usize> {
    if !text.first()?.is_ascii_alphabetic() {
        return None;
    }
    Some(text.iter().take_while(|&&octet| alphanumeric(octet) || b"+-.".contains(&octet)).count())
}

/// `IPv6address`, the whole text: the nine alternatives of RFC 3986 come to this: of the eight groups, one run may be
/// left out as `::`, and the last two groups may be written as an IPv4 address.
pub(super) fn is_ipv6_address(text: &str) -> bool {
    let halves: alloc::vec::Vec<&str> = text.splitn(2, "::").collect();
    let count = |half: &str, last: bool| -> Option<usize> {
        if half.is_empty() {
            return Some(0);
        }
        let pieces: alloc::vec::Vec<&str> = half.split(':').collect();
        let mut groups = 0;
        for (at, piece) in pieces.iter().enumerate() {
            let is_h16 = (1..=4).contains(&piece.len()) && piece.bytes().all(|octet| octet.is_ascii_hexdigit());
            if is_h16 {
                groups += 1;
            } else if last && at + 1 == pieces.len() && is_ipv4_address(piece) {
                groups += 2;
            } else {
                return None;
            }
        }
        Some(groups)
    };
    match halves[..] {
        [whole] => !whole.is_empty() && count(whole, true) == Some(8),
        [left, right] => matches!((count(left, false), count(right, true)), (Some(l), Some(r)) if l + r < 8),
        _ => false,
    }
}

/// `IPv4address`, the whole text: four decimal numbers up to 255 without leading zeros.
fn is_ipv4_address(text: &str) -> bool {
    let dec_octet = |piece: &str| {
        !piece.is_empty()
            && piece.bytes().all(|octet| octet.is_ascii_digit())
            && (piece == "0" || !piece.starts_with('0'))
            && piece.len() <= 3
            && piece.parse::<u16>().is_ok_and(|number| number < 256)
    };
    text.split('.').count() == 4 && text.split('.').all(dec_octet)
}

/// `IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`, the whole text.
pub(super) fn is_ip_future(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['v', 'V']) else { return false };
    let Some((version, address)) = rest.split_once('.') else { return false };
    !version.is_empty()
        && version.bytes().all(|octet| octet.is_ascii_hexdigit())
        && !address.is_empty()
        && address.bytes().all(|octet| unreserved_or_sub_delim(octet) || octet == b':')
}

/// The longest `uri-host` (RFC 3986 `host`), or where one that has begun breaks off.
pub(super) fn uri_host(text: &[u8]) -> Result<usize, usize> {
    if text.first() == Some(&b'[') {
        let Some(close) = text.iter().position(|&octet| octet == b']') else { return Err(text.len()) };
        let inside = core::str::from_utf8(&text[1..close]).unwrap_or("");
        return if is_ipv6_address(inside) || is_ip_future(inside) { Ok(close + 1) } else { Err(1) };
    }
    let mut len = 0;
    while let Some(unit) = reg_name_unit(&text[len..]) {
        len += unit;
    }
    if text.get(len) == Some(&b'%') { Err(len) } else { Ok(len) }
}

/// `Host = uri-host [ ":" port ]`, the whole text (RFC 9110 section 7.2).
pub(super) fn is_host_value(text: &[u8]) -> bool {
    let Ok(len) = uri_host(text) else { return false };
    let rest = &text[len..];
    rest.is_empty() || (rest[0] == b':' && rest[1..].iter().all(u8::is_ascii_digit))
}

/// `quoted-string` (RFC 9110 section 5.6.4): its length, or the offset of the first octet that cannot be in it (the
/// text's length if it is not closed).
pub(super) fn quoted_string(text: &[u8]) -> Result<usize, usize> {
    if text.first() != Some(&b'"') {
        return Err(0);
    }
    let mut at = 1;
    loop {
        match text.get(at) {
            None => return Err(at),
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => {
                at += 1;
                match text.get(at) {
                    Some(b'\t' | 0x20..=0x7E | 0x80..) => at += 1,
                    _ => return Err(at),
                }
            }
            Some(b'\t' | 0x20..=0x7E | 0x80..) => at += 1,
            Some(_) => return Err(at),
        }
    }
}

/// `OWS`, `BWS`: the length of the run of SP and HTAB, possibly 0.
pub(super) fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|&&octet| octet == b' ' || octet == b'\t').count()
}
