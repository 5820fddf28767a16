//! `Content-Length = 1*DIGIT`, and what repeated values come to (RFC 9112 section 6.3 arm 5, RFC 9110 section 8.6).

use super::found::{Found, Name};
use crate::bytes::trim_ows;
use crate::error::First;
use crate::framing::{ContentLength, TransferEncoding};
use crate::rule::framing::{
    CONTENT_LENGTH_CONFLICT, CONTENT_LENGTH_INVALID, CONTENT_LENGTH_OVERFLOW, CONTENT_LENGTH_REPEATED,
};

/// Reads all `Content-Length` lines as one list; empty list elements are passed over. Beside a `Transfer-Encoding` only
/// their presence counts.
pub(super) fn check(found: &Found<'_, '_>, coding: TransferEncoding, first: &mut First) -> ContentLength {
    if found.count(Name::ContentLength) == 0 {
        return ContentLength::Absent;
    }
    if coding != TransferEncoding::Absent {
        return ContentLength::Invalid;
    }
    let mut value: Option<&[u8]> = None;
    let mut value_at = 0;
    let mut invalid = None;
    let mut conflict = None;
    let mut repeated = None;
    let mut empty = None;
    for line in found.lines(Name::ContentLength) {
        let at = line.span.value.start as usize;
        let mut elements = 0;
        for element in line.value.split(|&b| b == b',') {
            let element = &element[trim_ows(element)];
            if element.is_empty() {
                continue;
            }
            elements += 1;
            if !element.iter().all(u8::is_ascii_digit) {
                invalid = invalid.or(Some(at));
                continue;
            }
            let digits = without_leading_zeros(element);
            match value {
                None => (value, value_at) = (Some(digits), at),
                Some(seen) if seen == digits => repeated = repeated.or(Some(at)),
                Some(_) => conflict = conflict.or(Some(at)),
            }
        }
        // A list of one value is no number either, and may be taken for it like a repeated one.
        if line.value.contains(&b',') {
            repeated = repeated.or(Some(at));
        }
        // The lines are one list (RFC 9110 section 5.3), and one without elements is an empty element of it.
        if elements == 0 {
            empty = empty.or(Some(at));
        } else if let Some(empty) = empty {
            repeated = Some(repeated.map_or(empty, |repeated: usize| repeated.min(empty)));
        }
        if elements == 0 && value.is_some() {
            repeated = repeated.or(Some(at));
        }
    }
    if value.is_none() {
        invalid = invalid.or(empty);
    }
    if let Some(at) = invalid {
        first.offer(&CONTENT_LENGTH_INVALID, at);
        return ContentLength::Invalid;
    }
    if let Some(at) = conflict {
        first.offer(&CONTENT_LENGTH_CONFLICT, at);
        return ContentLength::Invalid;
    }
    if let Some(at) = repeated {
        first.offer(&CONTENT_LENGTH_REPEATED, at);
    }
    match value.and_then(to_number) {
        Some(octets) => ContentLength::Octets(octets),
        None => {
            first.offer(&CONTENT_LENGTH_OVERFLOW, value_at);
            ContentLength::TooLarge
        }
    }
}

fn without_leading_zeros(digits: &[u8]) -> &[u8] {
    &digits[digits.iter().take_while(|&&b| b == b'0').count()..]
}

/// The value of decimal digits; none if 64 bits do not hold it.
fn to_number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}
