//! What lanes are held to: one octet after the other, the classes written out from the RFCs once more.

use alloc::vec::Vec;
use core::ops::Range;

use crate::scan::view::WINDOW;

/// Controls but for HTAB: what a field value may not hold (RFC 9110 section 5.5).
pub(super) const fn is_control(octet: u8) -> bool {
    matches!(octet, 0x00..=0x08 | 0x0A..=0x1F | 0x7F)
}

const fn is_tchar(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(
            octet,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

/// Without the percent sign of `pct-encoded`.
const fn is_query(octet: u8) -> bool {
    let is_unreserved = octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~');
    let is_sub_delim = matches!(octet, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=');
    is_unreserved || is_sub_delim || matches!(octet, b':' | b'@' | b'/' | b'?')
}

pub(super) fn controls(octets: &[u8]) -> u64 {
    (0..octets.len()).filter(|&at| is_control(octets[at])).fold(0, |mask, at| mask | 1 << at)
}

/// The most that [`Lanes::clear_len`](crate::scan::Lanes::clear_len) may answer.
pub(super) fn clear_len(octets: &[u8]) -> usize {
    octets.iter().take_while(|&&octet| !is_control(octet)).count()
}

pub(super) fn token_len(octets: &[u8], at: usize) -> usize {
    let window = &octets[at..octets.len().min(at + WINDOW)];
    window.iter().position(|&octet| !is_tchar(octet)).unwrap_or(WINDOW)
}

pub(super) fn is_path_and_query(octets: &[u8], range: Range<usize>) -> bool {
    let mut rest = &octets[range];
    loop {
        rest = match rest {
            [] => return true,
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            [octet, after @ ..] if is_query(*octet) => after,
            _ => return false,
        };
    }
}

/// The rows of controls from an offset on.
pub(super) fn rows(octets: &[u8], from: usize) -> Vec<Range<usize>> {
    let mut rows: Vec<Range<usize>> = Vec::new();
    for at in (from..octets.len()).filter(|&at| is_control(octets[at])) {
        match rows.last_mut() {
            Some(row) if row.end == at => row.end += 1,
            _ => rows.push(at..at + 1),
        }
    }
    rows
}
