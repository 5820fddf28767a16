//! What `Transfer-Encoding` and `Content-Length` come to in the usual cases, in which there is nothing wrong with them.
//!
//! Everything else is left to the general reading, which comes to the same here and finds the faults.

use super::found::{Found, Name, is};
use crate::framing::{ContentLength, TransferEncoding};

/// Neither field, one `Content-Length` that surely fits, or in HTTP/1.1 one `Transfer-Encoding: chunked`; none in any
/// other case.
#[inline(always)]
pub(super) fn read(found: &Found<'_, '_>, is_11: bool) -> Option<(TransferEncoding, ContentLength)> {
    match (found.count(Name::TransferEncoding), found.count(Name::ContentLength)) {
        (0, 0) => Some((TransferEncoding::Absent, ContentLength::Absent)),
        (0, 1) => {
            let octets = short_number(found.first(Name::ContentLength)?.value)?;
            Some((TransferEncoding::Absent, ContentLength::Octets(octets)))
        }
        (1, 0) if is_11 && is(found.first(Name::TransferEncoding)?.value, b"chunked") => {
            Some((TransferEncoding::ChunkedFinal, ContentLength::Absent))
        }
        _ => None,
    }
}

/// The value of `1*DIGIT`, if there are so few that 64 bits hold it whichever they are.
#[inline(always)]
fn short_number(digits: &[u8]) -> Option<u64> {
    /// As many digits as [`u64::MAX`] has, less one.
    const LONGEST: usize = u64::MAX.ilog10() as usize;
    if digits.is_empty() || digits.len() > LONGEST {
        return None;
    }
    digits.iter().try_fold(0, |number, octet| {
        let digit = octet.wrapping_sub(b'0');
        (digit <= 9).then_some(number * 10 + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_up_to_nineteen_digits() {
        for (digits, number) in [
            ("0", Some(0)),
            ("10911", Some(10911)),
            ("0000000000000000007", Some(7)),
            ("9999999999999999999", Some(9_999_999_999_999_999_999)),
            // Left to the general reading, whatever they are.
            ("18446744073709551615", None),
            ("18446744073709551616", None),
            ("00000000000000000000", None),
            ("", None),
            ("5,5", None),
            ("+5", None),
            ("5 ", None),
            ("/5", None),
            ("5:", None),
        ] {
            assert_eq!(short_number(digits.as_bytes()), number, "{digits}");
        }
    }
}
