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
