//! What recipients have been seen to make of a number that is none, or not the plainest.
//!
//! Nothing here is of the grammar: each function is one way of reading that some recipient has, for a choice at a point
//! of the [policy](crate::policy).

use alloc::string::String;
use alloc::vec::Vec;

use crate::policy::{ChunkSize, ChunkValue, LengthNumber, LengthValue};

/// A `Content-Length` that is not a number; none where the choice makes nothing of it. `elements` are those of the list,
/// and there is at least one unless the value is empty.
pub(super) fn length(choice: LengthNumber, elements: &[&[u8]]) -> Option<u64> {
    let text = elements.first().copied().unwrap_or(b"");
    match choice {
        LengthNumber::Reject | LengthNumber::Ignore => None,
        LengthNumber::Plus => text.strip_prefix(b"+").and_then(decimal),
        LengthNumber::Minus => text.strip_prefix(b"-").and_then(decimal).map(|_| 0),
        LengthNumber::MinusWraps => text.strip_prefix(b"-").and_then(decimal).map(u64::wrapping_neg),
        LengthNumber::Hex => text.strip_prefix(b"0x").or(text.strip_prefix(b"0X")).and_then(|hex| radix(hex, 16)),
        LengthNumber::Radix => match text {
            [b'0', b'o' | b'O', rest @ ..] => radix(rest, 8),
            [b'0', b'b' | b'B', rest @ ..] => radix(rest, 2),
            _ => None,
        },
        LengthNumber::Underscore => without_underscores(text).and_then(|plain| decimal(&plain)),
        LengthNumber::Prefix => decimal(&text[..text.iter().take_while(|octet| octet.is_ascii_digit()).count()]),
        LengthNumber::Float => float(text),
        LengthNumber::Digits => decimal(&only(text, u8::is_ascii_digit)),
        LengthNumber::Whitespace => decimal(trimmed(text).as_bytes()),
        LengthNumber::UnicodeDigits => decimal(&ascii_digits(text)?),
        LengthNumber::Quoted => decimal(unquoted(text)),
        LengthNumber::LastNumber => elements.iter().rev().find_map(|element| decimal(element)),
    }
}

/// What a `Content-Length` that is a number is taken for.
pub(super) fn length_value(choice: LengthValue, digits: &[u8], value: u64) -> u64 {
    match choice {
        LengthValue::Decimal => value,
        LengthValue::Octal if digits.len() > 1 && digits[0] == b'0' => radix(digits, 8).unwrap_or(value),
        LengthValue::Octal => value,
        LengthValue::Wrap32 => value & u64::from(u32::MAX),
        LengthValue::Signed32 => signed(value, u64::from(u32::MAX >> 1)),
        LengthValue::Signed64 => signed(value, u64::MAX >> 1),
    }
}

/// A chunk-size that is not hexadecimal digits alone.
pub(super) fn chunk(choice: ChunkSize, word: &[u8]) -> Option<u64> {
    let digits = word.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
    match choice {
        ChunkSize::Reject | ChunkSize::EmptyLine => None,
        ChunkSize::Plus => word.strip_prefix(b"+").and_then(hexadecimal),
        ChunkSize::Minus => word.strip_prefix(b"-").and_then(hexadecimal),
        ChunkSize::Hex => word.strip_prefix(b"0x").or(word.strip_prefix(b"0X")).and_then(hexadecimal),
        ChunkSize::Underscore if word.first().is_some_and(u8::is_ascii_hexdigit) => {
            hexadecimal(&only(word, |octet| *octet != b'_'))
        }
        ChunkSize::Underscore => None,
        ChunkSize::Blanks => hexadecimal(word.trim_ascii()),
        ChunkSize::Prefix => hexadecimal(&word[..digits]),
        ChunkSize::Zero => Some(hexadecimal(&word[..digits]).unwrap_or(0)),
        ChunkSize::Digits => hexadecimal(&only(word, u8::is_ascii_hexdigit)),
        ChunkSize::Whitespace => hexadecimal(trimmed(word).as_bytes()),
        ChunkSize::UnicodeDigits => hexadecimal(&ascii_digits(word)?),
        ChunkSize::Quoted => hexadecimal(unquoted(word)),
    }
}

/// What a chunk-size of hexadecimal digits alone is taken for.
pub(super) fn chunk_value(choice: ChunkValue, digits: &[u8], value: u64) -> u64 {
    match choice {
        ChunkValue::Hexadecimal => value,
        ChunkValue::Decimal => decimal(digits).unwrap_or(value),
        ChunkValue::Wrap32 => value & u64::from(u32::MAX),
        ChunkValue::Signed32 => signed(value, u64::from(u32::MAX >> 1)),
        ChunkValue::Signed64 => signed(value, u64::MAX >> 1),
    }
}

/// Hexadecimal digits as a number that wraps around.
pub(super) fn hex(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number: u64, &digit| {
        number.wrapping_mul(16).wrapping_add(u64::from(char::from(digit).to_digit(16).unwrap_or(0)))
    })
}

/// Decimal digits as a number; none if there is none or 64 bits do not hold it.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    radix(digits, 10)
}

fn hexadecimal(word: &[u8]) -> Option<u64> {
    (!word.is_empty() && word.iter().all(u8::is_ascii_hexdigit)).then(|| hex(word))
}

fn radix(digits: &[u8], radix: u32) -> Option<u64> {
    let text = core::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    u64::from_str_radix(text, radix).ok()
}

fn signed(value: u64, most: u64) -> u64 {
    if value > most { 0 } else { value }
}

fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    text.first().is_some_and(u8::is_ascii_digit).then(|| only(text, |octet| *octet != b'_'))
}

fn only(text: &[u8], keep: impl Fn(&u8) -> bool) -> Vec<u8> {
    text.iter().filter(|octet| keep(octet)).copied().collect()
}

/// `5.9` is 5, `5e1` is 50.
fn float(text: &[u8]) -> Option<u64> {
    let text = core::str::from_utf8(text).ok()?.to_ascii_lowercase();
    let (number, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let exponent: usize = exponent.parse().ok().filter(|exponent| *exponent < 20)?;
    if !fraction.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let digits: Vec<u8> =
        whole.bytes().chain(fraction.bytes().chain(core::iter::repeat(b'0')).take(exponent)).collect();
    decimal(&digits)
}

/// Without white space of any sort around it, in UTF-8 or in ISO-8859-1.
fn trimmed(text: &[u8]) -> String {
    let is_space = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{200b}';
    String::from(letters(text).trim_matches(is_space))
}

/// The text in UTF-8, or in ISO-8859-1 where it is not UTF-8.
fn letters(text: &[u8]) -> String {
    match core::str::from_utf8(text) {
        Ok(text) => String::from(text),
        Err(_) => text.iter().map(|&octet| char::from(octet)).collect(),
    }
}

/// With digits of other scripts put into ASCII; none if there are none.
fn ascii_digits(text: &[u8]) -> Option<Vec<u8>> {
    // The zero of each script that is likely to be met.
    const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}', '\u{1d7ce}'];
    let text = Some(letters(text)).filter(|text| !text.is_ascii())?;
    let digit = |letter: char| {
        let found = ZEROS.iter().find_map(|&zero| (letter as u32).checked_sub(zero as u32).filter(|digit| *digit < 10));
        let superscript = match letter {
            '\u{b9}' => Some(1),
            '\u{b2}' => Some(2),
            '\u{b3}' => Some(3),
            '\u{2074}'..='\u{2079}' => Some(letter as u32 - 0x2070),
            _ => None,
        };
        found.or(superscript).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter)
    };
    Some(text.chars().map(digit).collect::<String>().into_bytes())
}

/// Without quotation marks or brackets around it.
fn unquoted(text: &[u8]) -> &[u8] {
    match text {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] | [b'(', inner @ .., b')'] | [b'<', inner @ .., b'>'] => {
            inner
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        use LengthNumber::*;
        for (choice, text, expected) in [
            (Plus, &b"+5"[..], Some(5)),
            (Plus, b"++5", None),
            (Minus, b"-5", Some(0)),
            (MinusWraps, b"-5", Some(u64::MAX - 4)),
            (Hex, b"0x10", Some(16)),
            (Radix, b"0o10", Some(8)),
            (Radix, b"0b101", Some(5)),
            (Radix, b"010", None),
            (Underscore, b"1_0", Some(10)),
            (Underscore, b"_10", None),
            (Prefix, b"5;a", Some(5)),
            (Prefix, b"a", None),
            (Float, b"5.9", Some(5)),
            (Float, b"5e1", Some(50)),
            (Float, b"1.25e1", Some(12)),
            (Float, b"5.x", None),
            (Digits, b"1x0", Some(10)),
            (Whitespace, b"\x0b5", Some(5)),
            (Whitespace, "5\u{a0}".as_bytes(), Some(5)),
            (Whitespace, b"5\xa0", Some(5)),
            (Whitespace, "\u{3000}5".as_bytes(), Some(5)),
            (UnicodeDigits, "\u{661}\u{660}".as_bytes(), Some(10)),
            (UnicodeDigits, "\u{ff15}".as_bytes(), Some(5)),
            (UnicodeDigits, "\u{b2}".as_bytes(), Some(2)),
            (UnicodeDigits, b"\xb2", Some(2)),
            (UnicodeDigits, b"5x", None),
            (Quoted, b"\"5\"", Some(5)),
            (Quoted, b"(5)", Some(5)),
        ] {
            assert_eq!(length(choice, &[text]), expected, "{choice:?} {text:?}");
        }
        assert_eq!(length(LastNumber, &[b"7", b"5", b"x"]), Some(5));
        assert_eq!(length(Prefix, &[]), None);
    }

    #[test]
    fn values() {
        assert_eq!(length_value(LengthValue::Octal, b"010", 10), 8);
        assert_eq!(length_value(LengthValue::Octal, b"09", 9), 9);
        assert_eq!(length_value(LengthValue::Octal, b"10", 10), 10);
        assert_eq!(length_value(LengthValue::Wrap32, b"", 4_294_967_301), 5);
        assert_eq!(length_value(LengthValue::Signed32, b"", 1 << 31), 0);
        assert_eq!(length_value(LengthValue::Signed64, b"", 1 << 63), 0);
        assert_eq!(chunk_value(ChunkValue::Decimal, b"10", 16), 10);
        assert_eq!(chunk_value(ChunkValue::Decimal, b"1a", 26), 26);
        assert_eq!(chunk_value(ChunkValue::Wrap32, b"", 0x1_0000_0005), 5);
    }

    #[test]
    fn chunk_sizes() {
        use ChunkSize::*;
        for (choice, text, expected) in [
            (Minus, &b"-5"[..], Some(5)),
            (Zero, b"xyz", Some(0)),
            (Zero, b"5x", Some(5)),
            (Zero, b"", Some(0)),
            (Digits, b"0x5", Some(5)),
            (Quoted, b"\"5\"", Some(5)),
            (UnicodeDigits, "\u{ff15}".as_bytes(), Some(5)),
            (Whitespace, b"5\x0b", Some(5)),
            (Prefix, b"xyz", None),
        ] {
            assert_eq!(chunk(choice, text), expected, "{choice:?} {text:?}");
        }
    }
}
