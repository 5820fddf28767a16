//! Field lines: names, colons, values, folds, line ends, whole lines, and `Host`.

use std::ops::Range;

use fastrand::Rng;

use super::super::dictionary::{COLONS, LINE_ENDS, octet};
use super::super::draw::{one_in, pick, weighted};
use super::super::outline::{Outline, lines};
use super::super::target::ODD_HOSTS;
use crate::fuzz::input::{Input, Kind};
use crate::fuzz::site::Site;

pub(super) fn mutate(rng: &mut Rng, site: &Site, outline: &Outline, input: &mut Input) {
    let Some(line) = some_line(rng, outline) else { return };
    match weighted(rng, &[12, 8, 14, 8, 10, 7, 7, 16]) {
        0 => name(rng, line, input),
        1 => colon(rng, line, input),
        2 => value(rng, line, input),
        3 => input.splice(line.end - 1..line.end, &[(Kind::LineEnd, pick(rng, LINE_ENDS))]),
        4 => fold(rng, line, input),
        5 => leading(rng, outline, input),
        6 => whole_line(rng, outline, line, input),
        _ => host(rng, site, outline, input),
    }
}

fn some_line(rng: &mut Rng, outline: &Outline) -> Option<Range<usize>> {
    if outline.fields.is_empty() {
        return None;
    }
    Some(outline.fields[rng.usize(..outline.fields.len())].clone())
}

/// Lines that nobody misses, for damage that may not hit framing or `Host`.
fn own_line(rng: &mut Rng, input: &mut Input, at: usize) -> Range<usize> {
    let value = pick::<&[u8]>(rng, &[b"abc", b"a, b", b"a b", b"\"a\""]);
    let before = input.len();
    let mut line = Input::new();
    line.push(Kind::Name, b"X-A");
    line.push(Kind::Colon, b":");
    line.push(Kind::Blank, b" ");
    line.push_value(value);
    line.push(Kind::LineEnd, b"\r\n");
    let tokens: Vec<(Kind, &[u8])> = line.tokens().collect();
    input.splice(at..at, &tokens);
    at..at + input.len() - before
}

fn name(rng: &mut Rng, line: Range<usize>, input: &mut Input) {
    // Half of the time a line is made for it, so that what is left out is not missed.
    let line = if rng.bool() { own_line(rng, input, line.start) } else { line };
    let at = line.start;
    if input.token(at).0 != Kind::Name {
        return;
    }
    let name = input.token(at).1.to_vec();
    let odd = octet(rng);
    let inside = rng.usize(..=name.len());
    let other = match rng.u8(..8) {
        0 => Vec::new(),
        1 => [&name[..], &[odd]].concat(),
        2 => [&[odd], &name[..]].concat(),
        3 => name.iter().map(|&octet| if octet == b'-' { b'_' } else { octet }).collect(),
        4 => [
            &name[..inside],
            pick(rng, &[&b" "[..], b"\t", b"\0", b"\x80", b"\xc3\xa9", b"\r", b"\x0b"]),
            &name[inside..],
        ]
        .concat(),
        5 => [pick(rng, &[&b"("[..], b"\"", b"<", b"[", b"{", b"@", b"/", b"=", b";", b",", b"?", b"\\"]), &name[..]]
            .concat(),
        _ => [&name[..inside], &[odd], &name[inside..]].concat(),
    };
    input.splice(at..at + 1, &[(Kind::Name, &other)]);
}

fn colon(rng: &mut Rng, line: Range<usize>, input: &mut Input) {
    let line = if rng.bool() { own_line(rng, input, line.start) } else { line };
    if let Some(at) = line.clone().find(|&at| input.token(at).0 == Kind::Colon) {
        input.splice(at..at + 1, &[(Kind::Colon, pick(rng, COLONS))]);
    }
}

fn value(rng: &mut Rng, line: Range<usize>, input: &mut Input) {
    let line = if one_in(rng, 4) { line } else { own_line(rng, input, line.start) };
    let text = pick::<&[u8]>(
        rng,
        &[
            b"\0",
            b"\0",
            b"\x01",
            b"\x7f",
            b"\x0b",
            b"\x0c",
            b"\x1f",
            b"\x08",
            b"\x1b[0m",
            b"\r",
            b"\r",
            b"\rX-B: c",
            b"\rZX-B: c",
            b"\nX-B: c",
            b"\n",
            b"\x80",
            b"\xff",
            b"\xc3\xa9",
            b"\xc0\x80",
            b"\0X-B: c",
            b"\r\r",
            b"\xe2\x80\xa8",
            b"\x85",
        ],
    );
    let first = line.clone().find(|&at| input.token(at).0 == Kind::Colon).map_or(line.start, |colon| colon + 1);
    let at = rng.usize(first..line.end.max(first + 1));
    input.splice(at..at, &lines(text));
}

fn fold(rng: &mut Rng, line: Range<usize>, input: &mut Input) {
    let line = if one_in(rng, 4) { line } else { own_line(rng, input, line.start) };
    let more = pick::<&[u8]>(
        rng,
        &[
            b"\r\n b",
            b"\r\n\tb",
            b"\r\n X-B: c",
            b"\r\n\tX-B: c",
            b"\r\n ",
            b"\r\n \t ",
            b"\n b",
            b"\r\n  X-B: c",
            b"\r\n b\r\n c",
            b"\r b",
            b"\r\n \r\n",
            b"\r\n\t: c",
            b"\r\n Content-Length: 5",
            b"\r\n Transfer-Encoding: chunked",
            b"\r\n Host: other",
            b"\r\n \xa0b",
        ],
    );
    let at = if one_in(rng, 3) { rng.usize(line.clone()).max(line.start + 1) } else { line.end - 1 };
    input.splice(at..at, &lines(more));
}

/// Whitespace between the request-line and the first field line.
fn leading(rng: &mut Rng, outline: &Outline, input: &mut Input) {
    let at = outline.fields.first().map_or(outline.line.end, |first| first.start);
    let before = pick::<&[u8]>(
        rng,
        &[
            b" X-A: b\r\n",
            b"\tX-A: b\r\n",
            b" \r\n",
            b"  a\r\n",
            b" ",
            b"\t",
            b"\x0b",
            b" Host: other\r\n",
            b" Content-Length: 5\r\n",
            b"\0",
            b"\r",
            b"\xa0",
        ],
    );
    input.splice(at..at, &lines(before));
}

fn whole_line(rng: &mut Rng, outline: &Outline, line: Range<usize>, input: &mut Input) {
    let copy = {
        let mut copy = Input::new();
        for at in line.clone() {
            let (kind, octets) = input.token(at);
            copy.push(kind, octets);
        }
        copy
    };
    let tokens: Vec<(Kind, &[u8])> = copy.tokens().collect();
    let end = outline.head_end();
    match rng.u8(..6) {
        0 | 1 => {
            let text = pick::<&[u8]>(
                rng,
                &[
                    b"X-A\r\n",
                    b"garbage here\r\n",
                    b"GET / HTTP/1.1\r\n",
                    b":\r\n",
                    b": a\r\n",
                    b"\0\r\n",
                    b"X-A b\r\n",
                    b"=\r\n",
                    b"\"\r\n",
                    b"\x80\r\n",
                    b"Host\r\n",
                ],
            );
            input.splice(end..end, &lines(text));
        }
        2 => input.splice(end..end, &tokens),
        3 => input.splice(line.start..line.start, &tokens),
        4 => input.splice(line, &[]),
        _ => {
            input.splice(end..end, &tokens);
            input.splice(line, &[]);
        }
    }
}

fn host(rng: &mut Rng, site: &Site, outline: &Outline, input: &mut Input) {
    let is_host = |line: &&Range<usize>| input.token(line.start).1.eq_ignore_ascii_case(b"host");
    let Some(line) = outline.fields.iter().find(is_host).cloned() else { return };
    let start = outline.fields[0].start;
    let end = outline.head_end();
    let same = [b"Host: ", site.host.as_bytes(), b"\r\n"].concat();
    match rng.u8(..8) {
        0 | 1 => input.splice(line, &[]),
        2 => input.splice(end..end, &lines(&same)),
        3 => input.splice(end..end, &lines(b"Host: other.example\r\n")),
        4 => input.splice(start..start, &lines(b"Host: other.example\r\n")),
        _ => {
            let value = pick(rng, ODD_HOSTS);
            let tokens = [
                (Kind::Name, &b"Host"[..]),
                (Kind::Colon, b":"),
                (Kind::Blank, b" "),
                (Kind::Value, value),
                (Kind::LineEnd, b"\r\n"),
            ];
            input.splice(line, &tokens);
        }
    }
}
