//! What the choices of a policy that no sentence permits make of octets: the readings of recipients that are wrong.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Reading, read};
use crate::limits::Limits;
use crate::policy::{
    BareCr, ChunkDataEnd, ChunkLineEnd, ChunkSize, ChunkValue, CodingFinal, CodingSyntax, CodingUnknown, LengthValue,
    NameUnderscore, Policy,
};
use crate::rule::On;

fn under(change: impl FnOnce(&mut Policy), stream: &str) -> (Reading, Vec<u8>) {
    let mut policy = Policy::STRICT;
    change(&mut policy);
    let reading = read(stream.as_bytes(), On::Request, &[], &policy, &Limits::DEFAULT);
    let content = reading.messages.first().map(|message| message.content(stream.as_bytes())).unwrap_or_default();
    (reading, content)
}

/// The first message is taken, with this content, and the next one begins behind so many octets from the end.
fn taken(change: impl FnOnce(&mut Policy), stream: &str, content: &str, left: usize) {
    let (reading, found) = under(change, stream);
    let first = &reading.messages[0];
    assert!(first.is_accepted(), "{stream:?}: {:?} {:?}", first.refused_for(), first.end);
    assert_eq!(found, content.as_bytes(), "{stream:?}");
    assert_eq!(first.end, super::End::Complete(stream.len() - left), "{stream:?}");
}

fn post(fields: &str, body: &str) -> String {
    format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n{body}")
}

fn chunks(body: &str) -> String {
    post("Transfer-Encoding: chunked", body)
}

#[test]
fn a_cr_alone_ends_a_chunk_size_line() {
    let line_end = |policy: &mut Policy| policy.bare_cr = BareCr::LineEnd;
    let with_any = |policy: &mut Policy| policy.bare_cr = BareCr::LineEndAny;
    taken(line_end, &chunks("5\rhello\r\n0\r\n\r\n"), "hello", 0);
    taken(line_end, &chunks("5;a\rhello\r\n0\r\n\r\n"), "hello", 0);
    taken(with_any, &chunks("5\rXhello\r\n0\r\n\r\n"), "hello", 0);
    taken(with_any, &chunks("5;a\rXhello\r\n0\rX\r\n"), "hello", 0);
    // CRLF is CRLF for these as well.
    taken(with_any, &chunks("5\r\nhello\r\n0\r\n\r\n"), "hello", 0);
    taken(with_any, "POST / HTTP/1.1\r\nHost: a\rXContent-Length: 1\r\n\r\na", "a", 0);
    // More has to come before it is known what follows the CR.
    let (reading, _) = under(with_any, &chunks("5\r"));
    assert_eq!(reading.messages[0].end, super::End::Partial);
}

#[test]
fn an_lf_inside_an_extension_ends_nothing() {
    let inside = |policy: &mut Policy| policy.chunk_line_end = ChunkLineEnd::InExtension;
    taken(inside, &chunks("2;a\nxx\r\nab\r\n0\r\n\r\n"), "ab", 0);
    let lf_too = |policy: &mut Policy| policy.chunk_line_end = ChunkLineEnd::LfToo;
    taken(lf_too, &chunks("2;a\nxx\r\n0\r\n\r\n"), "xx", 0);
    taken(inside, &chunks("2\nxx\r\n0\r\n\r\n"), "xx", 0);
}

#[test]
fn octets_behind_the_data_of_a_chunk() {
    for (choice, behind) in [
        (ChunkDataEnd::LfToo, "\n"),
        (ChunkDataEnd::CrToo, "\r"),
        (ChunkDataEnd::One, "X"),
        (ChunkDataEnd::Any, "XX"),
        (ChunkDataEnd::Missing, ""),
        (ChunkDataEnd::ToLineEnd, " and more\r\n"),
    ] {
        taken(|policy| policy.chunk_data_end = choice, &chunks(&format!("5\r\nhello{behind}0\r\n\r\n")), "hello", 0);
    }
}

#[test]
fn chunk_sizes() {
    let with = |choice| move |policy: &mut Policy| policy.chunk_size = choice;
    taken(with(ChunkSize::Zero), &chunks("\r\n\r\n"), "", 0);
    taken(with(ChunkSize::Zero), &chunks(";a\r\n\r\n"), "", 0);
    taken(with(ChunkSize::EmptyLine), &chunks("5\r\nhello\r\n\r\n\r\n0\r\n\r\n"), "hello", 0);
    taken(with(ChunkSize::Quoted), &chunks("\"5\";a\r\nhello\r\n0\r\n\r\n"), "hello", 0);
    let value = |choice| move |policy: &mut Policy| policy.chunk_value = choice;
    taken(value(ChunkValue::Decimal), &chunks("10\r\n0123456789\r\n0\r\n\r\n"), "0123456789", 0);
    taken(value(ChunkValue::Wrap32), &chunks("100000005\r\nhello\r\n0\r\n\r\n"), "hello", 0);
    taken(value(ChunkValue::Signed64), &chunks("8000000000000005\r\n\r\n"), "", 0);
}

#[test]
fn lengths_that_are_numbers() {
    let value = |choice| move |policy: &mut Policy| policy.length_value = choice;
    taken(value(LengthValue::Octal), &post("Content-Length: 010", "0123456789"), "01234567", 2);
    taken(value(LengthValue::Wrap32), &post("Content-Length: 4294967301", "hello"), "hello", 0);
    taken(value(LengthValue::Signed32), &post("Content-Length: 2147483653", "hello"), "", 5);
}

#[test]
fn an_underscore_may_be_a_hyphen() {
    let hyphen = |policy: &mut Policy| policy.name_underscore = NameUnderscore::Hyphen;
    taken(hyphen, &post("Content_Length: 5", "hello"), "hello", 0);
    taken(|_| {}, &post("Content_Length: 5", "hello"), "", 5);
}

#[test]
fn codings_that_look_like_chunked() {
    let body = "1\r\na\r\n0\r\n\r\n";
    let syntax = |choice| {
        move |policy: &mut Policy| {
            policy.coding_syntax = choice;
            policy.coding_final = CodingFinal::Anywhere;
            policy.value_control = crate::policy::ValueControl::Keep;
        }
    };
    taken(syntax(CodingSyntax::Trim), &post("Transfer-Encoding: \x0b\"Chunked\"", body), "a", 0);
    taken(syntax(CodingSyntax::Words), &post("Transfer-Encoding: chunked=true", body), "a", 0);
    let final_ = |choice| {
        move |policy: &mut Policy| {
            policy.coding_final = choice;
            policy.coding_unknown = CodingUnknown::Ignore;
        }
    };
    taken(final_(CodingFinal::Contains), &post("Transfer-Encoding: xchunked", body), "a", 0);
    let lines = post("Transfer-Encoding: chunked\r\nTransfer-Encoding: frob", body);
    taken(final_(CodingFinal::FirstLine), &lines, "a", 0);
}
