//! Which numbers are worth trying first: what the reader makes of the octets under each choice of its policy, and what
//! the digits come to.

use startline_parser::policy::{Point, Policy};
use startline_parser::reader;

use super::{MOST, Subject};
use crate::judge::LIMITS;
use crate::rule::On;

/// More are not tried.
const NUMBER_MOST: usize = 24;

/// Each number once, the likeliest first.
pub(super) fn of(subject: &Subject) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut add = |number: Option<u64>| {
        let number = number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number <= MOST);
        if let Some(number) = number.filter(|number| !found.contains(number)) {
            found.push(number);
        }
    };
    add(Some(0));
    for &point in Point::ALL {
        for choice in 1..point.choices().len() {
            add(Policy::STRICT.with(point, choice).and_then(|policy| read(subject, &policy)));
        }
    }
    let base = if subject.is_chunk { [16, 10, 8] } else { [10, 16, 8] };
    let runs = subject.raw.split(|octet| !octet.is_ascii_hexdigit()).filter(|run| !run.is_empty());
    let all: Vec<u8> = subject.raw.iter().filter(|octet| octet.is_ascii_digit()).copied().collect();
    for run in runs.chain([&all[..]]).filter_map(|run| std::str::from_utf8(run).ok()) {
        base.into_iter().for_each(|base| add(u64::from_str_radix(run, base).ok()));
    }
    found.truncate(NUMBER_MOST);
    found
}

/// How many octets a recipient with this policy takes for the length; none if it refuses, or takes all there are.
fn read(subject: &Subject, policy: &Policy) -> Option<u64> {
    let stream = subject.content(MOST + 1);
    let reading = reader::read(&stream, On::Request, &[], policy, &LIMITS);
    let message = reading.messages.first().filter(|message| message.refused_for().is_none())?;
    message.head_end?;
    let from = subject.prefix.len();
    let taken =
        message.content.iter().find(|span| span.start as usize >= from).map_or(0, |span| span.of(&stream).len());
    u64::try_from(taken).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use startline_parser::rule::{chunked, framing};

    fn length(value: &str) -> Vec<usize> {
        let sent = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {value}\r\n\r\n");
        of(&Subject::of(&[&framing::CONTENT_LENGTH_INVALID], sent.as_bytes()).unwrap())
    }

    #[test]
    fn every_reading_of_a_length_is_tried() {
        for (value, readings) in
            [("0x10", &[0, 16, 10][..]), ("1_0", &[10, 1]), ("5.9e1", &[5, 59]), ("\u{665}", &[5, 0]), ("5, x", &[5])]
        {
            let tried = length(value);
            assert!(readings.iter().all(|reading| tried.contains(reading)), "{value}: {tried:?}");
        }
    }

    #[test]
    fn and_of_a_chunk_size() {
        let sent =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1_0\r\n0123456789abcdef\r\n0\r\n\r\n";
        let tried = of(&Subject::of(&[&chunked::CHUNK_SIZE_INVALID], sent.as_bytes()).unwrap());
        assert!([0, 1, 16].iter().all(|reading| tried.contains(reading)), "{tried:?}");
    }
}
