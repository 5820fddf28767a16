//! `Content-Range` (RFC 9110 section 14.4) and how many ranges a `Range` asks for (section 14.2).

use super::list::members;
use super::text::{Cursor, is_token};

/// `Content-Range`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentRange {
    /// The range unit as sent.
    pub unit: Vec<u8>,
    /// First and last position; none in a value for 416.
    pub range: Option<(u128, u128)>,
    /// The complete length, if it is known.
    pub complete: Option<u128>,
}

impl ContentRange {
    /// Reads a whole value; none also if its numbers contradict each other, or are beyond all reason.
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(value);
        let unit = cursor.token()?.to_vec();
        if !cursor.eat(b' ') {
            return None;
        }
        let range = if cursor.eat(b'*') {
            None
        } else {
            let first = number(cursor.digits()?)?;
            if !cursor.eat(b'-') {
                return None;
            }
            Some((first, number(cursor.digits()?)?))
        };
        if !cursor.eat(b'/') {
            return None;
        }
        let complete = if range.is_some() && cursor.eat(b'*') { None } else { Some(number(cursor.digits()?)?) };
        let is_sound =
            range.is_none_or(|(first, last)| first <= last && complete.is_none_or(|complete| last < complete));
        (cursor.is_end() && is_sound).then_some(Self { unit, range, complete })
    }

    /// How many positions the range has.
    #[must_use]
    pub fn length(&self) -> Option<u128> {
        self.range.map(|(first, last)| last - first + 1)
    }

    /// Whether the unit is `bytes`.
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        self.unit.eq_ignore_ascii_case(b"bytes")
    }
}

fn number(digits: &[u8]) -> Option<u128> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The unit of a `Range`, and how many ranges it asks for.
#[must_use]
pub fn asked(value: &[u8]) -> Option<(&[u8], usize)> {
    let equals = value.iter().position(|&octet| octet == b'=')?;
    let (unit, set) = (&value[..equals], &value[equals + 1..]);
    is_token(unit).then(|| (unit, members(set).count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges() {
        let read = |value: &str| ContentRange::parse(value.as_bytes());
        let range = read("bytes 42-1233/1234").unwrap();
        assert_eq!((range.range, range.complete, range.length()), (Some((42, 1233)), Some(1234), Some(1192)));
        assert!(range.is_bytes());
        assert_eq!(read("bytes 0-0/*").unwrap().complete, None);
        assert_eq!(read("bytes */1234").unwrap().range, None);
        for bad in [
            "",
            "bytes",
            "bytes=0-0/1",
            "bytes 0-0",
            "bytes 0-/1",
            "bytes 1-0/5",
            "bytes 0-5/5",
            "bytes */*",
            "bytes  0-0/1",
            "bytes 0-0/1 ",
            "0-0/1",
            "bytes 0 - 0/1",
            "bytes +0-0/1",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges_asked_for() {
        assert_eq!(asked(b"bytes=0-0"), Some((&b"bytes"[..], 1)));
        assert_eq!(asked(b"Bytes=0-0, -5"), Some((&b"Bytes"[..], 2)));
        assert_eq!(asked(b"0-0"), None);
    }
}
