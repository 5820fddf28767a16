//! Whole chunk-size lines and whole chunks, each at one go.
//!
//! Only what is plain and all there is taken: digits, CRLF, and for a chunk its data and their CRLF. Of anything else
//! nothing is taken and nothing is said; the machine in `octets` judges it, and would have come to the same for what is
//! taken here. Where a chunk starts hangs on the size of the one before it, so the way from the digits to the size has
//! to be short: how many there are is left to the branch predictor, and their values are computed instead of looked up.

use crate::bytes::is_hexdig;

/// A size of that many digits fits everywhere; longer ones are rare.
const DIGITS: usize = 8;

/// The longest line. So many octets have to be there, so that one look at the length of the input is enough.
const LINE: usize = DIGITS + 2;

/// The chunk-size line at the start of `input`: the size, which is not zero, and the length with the line end.
#[inline]
pub(super) fn line(input: &[u8], limit: usize) -> Option<(u64, usize)> {
    let start: &[u8; LINE] = input.first_chunk()?;
    let (mut size, mut digits) = (0, 0);
    while is_hexdig(start[digits]) {
        if digits == DIGITS {
            return None;
        }
        // Of the digits only letters have the bit 0x40, and `A` is 0x41.
        let octet = start[digits];
        size = size << 4 | (u64::from(octet & 0xF) + 9 * u64::from(octet >> 6));
        digits += 1;
    }
    let len = digits + 2;
    (size != 0 && len <= limit && start[digits..len] == *b"\r\n").then_some((size, len))
}

/// The chunk at the start of `input`: its data, and the length with the line before them and the CRLF after them.
#[inline]
pub(super) fn chunk(input: &[u8], limit: usize) -> Option<(&[u8], usize)> {
    let (size, line) = line(input, limit)?;
    let (data, rest) = input[line..].split_at_checked(usize::try_from(size).ok()?)?;
    rest.starts_with(b"\r\n").then_some((data, line + data.len() + 2))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::chunked::{ChunkedDecoder, ChunkedEvent};
    use crate::limits::Limits;

    /// Holds a line against the machine: what is taken is right, and what is plain is taken once enough follows.
    fn compare(input: &[u8], limit: usize) {
        let mut input = input.to_vec();
        for padding in [0, LINE] {
            input.resize(input.len() + padding, b'x');
            let mut machine = ChunkedDecoder::with_limits(Limits::DEFAULT.with_chunk_line(limit));
            let plain = match machine.octets(&input) {
                Ok((ChunkedEvent::Chunk { size, extensions: 0 }, len)) if size != 0 && len <= LINE => Some((size, len)),
                _ => None,
            };
            let plain = plain.filter(|_| input.len() >= LINE);
            assert_eq!(line(&input, limit), plain, "{input:?} within {limit} octets");
        }
    }

    #[test]
    fn a_short_line_is_what_the_machine_makes_of_it() {
        const OCTETS: &[u8; 10] = b"019aF/g; \t";
        for number in 0..10_000_usize {
            let digits = [1000, 100, 10, 1].map(|place| OCTETS[number / place % 10]);
            for len in 0..=4 {
                let mut input = Vec::from(&digits[..len]);
                for end in [&b"\r\n"[..], b"\r", b"\n", b"\rx", b"\r\n5"] {
                    input.truncate(len);
                    input.extend_from_slice(end);
                    compare(&input, 8192);
                    compare(&input, len + 1);
                    compare(&input, len + 2);
                }
            }
        }
    }

    #[test]
    fn every_octet_is_what_the_machine_makes_of_it() {
        for octet in 0..=255 {
            compare(&[octet, b'\r', b'\n'], 3);
            compare(&[b'1', octet, b'\r', b'\n'], 4);
            compare(&[b'1', b'\r', octet], 3);
            compare(&[b'1', octet, b'\n'], 3);
        }
    }

    #[test]
    fn a_long_line_is_left_to_the_machine() {
        for digits in 0..20 {
            for digit in [b'0', b'7', b'f'] {
                let mut input = Vec::new();
                input.resize(digits, digit);
                input.extend_from_slice(b"\r\n");
                compare(&input, 8192);
                if digits > 0 {
                    input[digits - 1] = b'E';
                    compare(&input, 8192);
                }
            }
        }
    }

    #[test]
    fn a_chunk_is_taken_when_it_is_whole() {
        let input = b"5\r\nhello\r\n0\r\n\r\n";
        for len in 0..10 {
            assert_eq!(chunk(&input[..len], 3), None);
        }
        for len in 10..=input.len() {
            assert_eq!(chunk(&input[..len], 3), Some((&b"hello"[..], 10)));
        }
        assert_eq!(chunk(input, 2), None);
        assert_eq!(chunk(b"5\r\nhello\n\r\n", 3), None);
        assert_eq!(chunk(b"5\r\nhello!\r\n", 3), None);
        assert_eq!(chunk(b"FFFFFFFF\r\nhello\r\n", LINE), None);
    }
}
