//! URI references (RFC 3986 section 4), as in `Location` (RFC 9110 section 10.2.2) and `Content-Location` (section 8.7).

use startline_parser::bytes::{is_pchar, is_query, is_reg_name, is_scheme};
use startline_parser::is_valid_host;

/// `URI-reference`. An empty one is right: it means the resource that is asked for.
#[must_use]
pub fn is_reference(value: &[u8]) -> bool {
    let (rest, fragment) = cut(value, b'#');
    fragment.is_none_or(|fragment| are(fragment, is_query)) && is_without_fragment(rest)
}

/// `absolute-URI / partial-URI`: a reference without a fragment.
#[must_use]
pub fn is_without_fragment(value: &[u8]) -> bool {
    let (rest, query) = cut(value, b'?');
    if query.is_some_and(|query| !are(query, is_query)) {
        return false;
    }
    let (hierarchy, is_absolute) = match scheme(rest) {
        Some(after) => (after, true),
        None => (rest, false),
    };
    if let Some(after) = hierarchy.strip_prefix(b"//") {
        let end = after.iter().position(|&octet| octet == b'/').unwrap_or(after.len());
        return is_authority(&after[..end]) && is_path(&after[end..]);
    }
    let first = hierarchy.split(|&octet| octet == b'/').next().unwrap_or_default();
    is_path(hierarchy) && (is_absolute || !first.contains(&b':'))
}

/// The authority of an http or https URI, if it is one.
#[must_use]
pub fn http_authority(value: &[u8]) -> Option<&[u8]> {
    let after = scheme(value)?;
    let name = &value[..value.len() - after.len() - 1];
    if !name.eq_ignore_ascii_case(b"http") && !name.eq_ignore_ascii_case(b"https") {
        return None;
    }
    after.strip_prefix(b"//")?.split(|octet| b"/?#".contains(octet)).next()
}

/// What follows a scheme and its colon.
fn scheme(value: &[u8]) -> Option<&[u8]> {
    let colon = value.iter().position(|&octet| !is_scheme(octet)).filter(|&at| value[at] == b':')?;
    value.first().filter(|first| first.is_ascii_alphabetic()).map(|_| &value[colon + 1..])
}

fn is_authority(authority: &[u8]) -> bool {
    let (userinfo, host) = match authority.iter().rposition(|&octet| octet == b'@') {
        Some(at) => (&authority[..at], &authority[at + 1..]),
        None => (&b""[..], authority),
    };
    are(userinfo, |octet| is_reg_name(octet) || octet == b':') && is_valid_host(host)
}

fn is_path(path: &[u8]) -> bool {
    are(path, |octet| is_pchar(octet) || octet == b'/')
}

/// Whether all octets are of the class, or percent-encoded.
fn are(value: &[u8], class: impl Fn(u8) -> bool) -> bool {
    let mut rest = value;
    while let Some((&octet, after)) = rest.split_first() {
        rest = match (octet, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            (b'%', _) => return false,
            _ if class(octet) => after,
            _ => return false,
        };
    }
    true
}

fn cut(value: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match value.iter().position(|&octet| octet == at) {
        Some(position) => (&value[..position], Some(&value[position + 1..])),
        None => (value, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for good in [
            "http://example.org/",
            "https://u:p@example.org:8080/a/b?c=d#e",
            "/People.html#tim",
            "//example.org/a",
            "a/b",
            "",
            "?q",
            "#f",
            "../x",
            "mailto:a@b",
            "http://[::1]/",
            "/a%20b",
            "./a:b",
        ] {
            assert!(is_reference(good.as_bytes()), "{good}");
        }
        for bad in [
            "http://example.org/a b",
            "/a\"b",
            "/%2",
            "/%zz",
            "http://a b/",
            "1a:b",
            "/\u{e4}",
            "/a#b#c",
            "/[a]",
            "http://[::1/",
            "/a|b",
            "http://a:b/",
            "\\a",
            "<http://a/>",
        ] {
            assert!(!is_reference(bad.as_bytes()), "{bad}");
        }
        assert_eq!(http_authority(b"HTTPS://u@a:1/b"), Some(&b"u@a:1"[..]));
        assert_eq!(http_authority(b"http:///b"), Some(&b""[..]));
        assert!(http_authority(b"//a/b").is_none() && http_authority(b"ftp://a/").is_none());
        assert!(is_without_fragment(b"/a?b") && !is_without_fragment(b"/a#b"));
    }
}
