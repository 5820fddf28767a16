//! Heads of more lines than are skimmed at a time, and storage for fewer, for as many and for more.

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::error::Limit;
use crate::request_line::RequestLine;

const REQUEST_LINE: &[u8] = b"GET / HTTP/1.1\r\n";
const FIELD_LINE: &[u8] = b"a: b\r\n";

/// A request head with so many field lines.
fn head_of(fields: usize) -> Vec<u8> {
    [REQUEST_LINE, &FIELD_LINE.repeat(fields), b"\r\n"].concat()
}

/// Skims as [`HeadParser::skim`] does, and sees that there is an end to it: otherwise a fault would be a test without one.
fn assert_skimming_ends(octets: &[u8], room: usize, instructions: Instructions) {
    let mut storage = vec![FieldSpan::EMPTY; room];
    let mut parser = HeadParser::<RequestLine>::new(&mut storage, Limits::DEFAULT, instructions);
    loop {
        let before = parser.lines.at;
        if !instructions.run(Advance { parser: &mut parser, buffer: octets }) {
            return;
        }
        assert!(parser.lines.at > before, "room for {room}, {instructions:?}: there is more to come, and it stays");
    }
}

#[test]
fn every_number_of_field_lines_is_taken_for_which_there_is_storage() {
    let numbers: &[usize] = if cfg!(miri) {
        &[140]
    } else {
        &[0, 1, 2, 3, 125, 126, 127, 128, 129, 130, 131, 155, 160, 161, 255, 256, 257, 258, 259, 260, 400, 600]
    };
    for &fields in numbers {
        let octets = head_of(fields);
        let rooms = [10, fields, fields - fields.min(1), fields + 1, 0, 1, 127, 128, 129];
        for &room in &rooms[..if cfg!(miri) { 2 } else { rooms.len() }] {
            let wanted = if fields <= room {
                Ok(Progress::Complete(octets.len()))
            } else {
                Err(Error::limit(Limit::FieldCount, REQUEST_LINE.len() + room * FIELD_LINE.len()))
            };
            for instructions in Instructions::available() {
                assert_skimming_ends(&octets, room, instructions);
                let mut storage = vec![FieldSpan::EMPTY; room];
                let mut parser = HeadParser::<RequestLine>::new(&mut storage, Limits::DEFAULT, instructions);
                assert_eq!(parser.advance(&octets), wanted, "{fields} with room for {room}, {instructions:?}");
                assert_eq!(parser.lines.count, fields.min(room), "{instructions:?}");
            }
            let mut storage = vec![FieldSpan::EMPTY; room];
            let at_once = crate::Request::parse_head(&octets, &mut storage).map(|parsed| match parsed {
                Parsed::Complete(request) => Progress::Complete(request.head_len()),
                Parsed::Partial => Progress::Partial,
            });
            assert_eq!(at_once, wanted, "{fields} with room for {room}, in one call");
        }
    }
}

/// Where a limit is first exceeded, line by line.
fn exceeded(octets: &[u8], limits: &Limits) -> Result<Progress, Error> {
    let mut at = 0;
    for line in octets.split_inclusive(|&octet| octet == b'\n') {
        let (of_line, limit) =
            if at == 0 { (limits.start_line, Limit::StartLine) } else { (limits.field_line, Limit::FieldLine) };
        let (max, limit) = if limits.head < at + of_line { (limits.head, Limit::Head) } else { (at + of_line, limit) };
        at += line.len();
        if at > max {
            return Err(Error::limit(limit, max));
        }
    }
    Ok(Progress::Complete(at))
}

#[test]
fn limits_are_kept_to_the_octet() {
    let many = b"GET /some/where HTTP/1.1\r\nHost: a\r\nAccept: text/plain, text/html\r\nX:\r\n\
        A-name-that-is-longer-than-a-window: yes\r\nY: z\r\n\r\n";
    let one = b"GET / HTTP/1.1\r\nA: longer than the start-line\r\n\r\n";
    let mut storage = [FieldSpan::EMPTY; 8];
    let step = if cfg!(miri) { 13 } else { 1 };
    for (octets, most) in
        [&many[..], one].into_iter().flat_map(|octets| (0..octets.len() + 2).map(move |most| (octets, most)))
    {
        if most % step != 0 {
            continue;
        }
        for change in [Limits::with_head, Limits::with_start_line, Limits::with_field_line] {
            let limits = change(Limits::DEFAULT, most);
            let wanted = exceeded(octets, &limits);
            for instructions in Instructions::available() {
                let mut parser = HeadParser::<RequestLine>::new(&mut storage, limits, instructions);
                assert_eq!(parser.advance(octets), wanted, "{instructions:?} under {limits:?}");
                let at_once = crate::Request::parse_head_with(octets, &mut storage, &limits, instructions);
                let at_once = at_once.map(|parsed| match parsed {
                    Parsed::Complete(request) => Progress::Complete(request.head_len()),
                    Parsed::Partial => Progress::Partial,
                });
                assert_eq!(at_once, wanted, "{instructions:?} under {limits:?}, in one call");
            }
        }
    }
}

#[test]
fn there_is_no_head_in_a_buffer_that_is_shorter() {
    let octets = head_of(2);
    let mut storage = [FieldSpan::EMPTY; 4];
    let mut parser = crate::RequestParser::new(&mut storage);
    assert_eq!(parser.advance(&octets), Ok(Progress::Complete(octets.len())));
    assert!(parser.head(&octets[..octets.len() - 1]).is_none());
    assert!(parser.head(&octets).is_some());
}
