//! Byte classes of RFC 9110, RFC 9112 and RFC 3986, the ABNF production above each.

const fn table(members: &[u8], ranges: &[(u8, u8)]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < members.len() {
        table[members[at] as usize] = true;
        at += 1;
    }
    at = 0;
    while at < ranges.len() {
        let (mut from, to) = ranges[at];
        loop {
            table[from as usize] = true;
            if from == to {
                break;
            }
            from += 1;
        }
        at += 1;
    }
    table
}

const ALNUM: [(u8, u8); 3] = [(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')];

/// The class of [`is_tchar`].
pub(crate) static TCHAR: [bool; 256] = table(b"!#$%&'*+-.^_`|~", &ALNUM);
static PCHAR: [bool; 256] = table(b"-._~!$&'()*+,;=:@", &ALNUM);
/// The class of [`is_query`].
pub(crate) static QUERY: [bool; 256] = table(b"-._~!$&'()*+,;=:@/?", &ALNUM);
static REG_NAME: [bool; 256] = table(b"-._~!$&'()*+,;=", &ALNUM);
static HEXDIG: [bool; 256] = table(b"", &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')]);
static SCHEME: [bool; 256] = table(b"+-.", &ALNUM);

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA`
/// (RFC 9110 section 5.6.2).
#[inline]
#[must_use]
pub fn is_tchar(octet: u8) -> bool {
    TCHAR[octet as usize]
}

/// `pchar` without `pct-encoded`: `unreserved / sub-delims / ":" / "@"` (RFC 3986 section 3.3).
#[inline]
#[must_use]
pub fn is_pchar(octet: u8) -> bool {
    PCHAR[octet as usize]
}

/// The octets of `query` and of a path with its slashes, without `pct-encoded`: `pchar / "/" / "?"`
/// (RFC 3986 section 3.4).
#[inline]
#[must_use]
pub fn is_query(octet: u8) -> bool {
    QUERY[octet as usize]
}

/// The octets of `reg-name` without `pct-encoded`: `unreserved / sub-delims` (RFC 3986 section 3.2.2).
#[inline]
#[must_use]
pub fn is_reg_name(octet: u8) -> bool {
    REG_NAME[octet as usize]
}

/// The octets of `scheme` after its first: `ALPHA / DIGIT / "+" / "-" / "."` (RFC 3986 section 3.1).
#[inline]
#[must_use]
pub fn is_scheme(octet: u8) -> bool {
    SCHEME[octet as usize]
}

/// `HEXDIG`, in either case (RFC 5234 section B.1).
///
/// A table, so that the branch predictor does not have to tell letters from decimal digits.
#[inline]
pub(crate) fn is_hexdig(octet: u8) -> bool {
    HEXDIG[octet as usize]
}

/// `obs-text = %x80-FF` (RFC 9110 section 5.5).
#[inline]
#[must_use]
pub const fn is_obs_text(octet: u8) -> bool {
    octet >= 0x80
}

/// What may stand in a field value or a reason-phrase: `HTAB / SP / VCHAR / obs-text` (RFC 9110 section 5.5).
#[inline]
#[must_use]
pub const fn is_text(octet: u8) -> bool {
    octet == b'\t' || (octet >= 0x20 && octet != 0x7F)
}

/// `OWS`: `SP / HTAB` (RFC 9110 section 5.6.3).
#[inline]
#[must_use]
pub const fn is_ows(octet: u8) -> bool {
    octet == b' ' || octet == b'\t'
}

/// What a lenient recipient may take for the SP of a start-line, but for a bare CR, which has a rule of its own:
/// `SP / HTAB / VT / FF` (RFC 9112 section 3).
#[inline]
#[must_use]
pub const fn is_line_whitespace(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | 0x0B | 0x0C)
}

/// `value` without leading and trailing OWS, as a range of `value`.
#[must_use]
pub fn trim_ows(value: &[u8]) -> core::ops::Range<usize> {
    let start = value.iter().position(|&b| !is_ows(b)).unwrap_or(value.len());
    let end = value.iter().rposition(|&b| !is_ows(b)).map_or(start, |last| last + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_the_sizes_of_their_productions() {
        let count = |class: fn(u8) -> bool| (0..=255_u8).filter(|&b| class(b)).count();
        assert_eq!(count(is_tchar), 15 + 62);
        assert_eq!(count(is_pchar), 4 + 11 + 2 + 62);
        assert_eq!(count(is_query), 4 + 11 + 2 + 62 + 2);
        assert_eq!(count(is_reg_name), 4 + 11 + 62);
        assert_eq!(count(is_scheme), 3 + 62);
        assert_eq!(count(is_hexdig), 10 + 2 * 6);
        assert_eq!(count(is_text), 1 + 95 + 128);
    }

    #[test]
    fn trimming_takes_blanks_off_both_ends_only() {
        assert_eq!(trim_ows(b" \ta b\t "), 2..5);
        assert_eq!(trim_ows(b"  "), 2..2);
        assert_eq!(trim_ows(b""), 0..0);
    }
}
