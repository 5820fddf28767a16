//! The chunked coding (RFC 9112 section 7.1): right, or wrong at one place.

use fastrand::Rng;

use super::draw::{one_in, pick, weighted};
use super::framing::push_data;
use super::number;
use crate::fuzz::input::{Input, Kind};

const CRLF: &[u8] = b"\r\n";

/// Chunk extensions that match the grammar.
const EXTENSIONS: &[&[u8]] = &[
    b";a",
    b";a=b",
    b";a=\"b\"",
    b";a=\"\"",
    b";a=\"b;c\\\"\\\\\"",
    b"; a = b",
    b" ;a",
    b";a\t=\t\"b\"",
    b";a;b=c;d",
    b";!#$%&'*+-.^_`|~=0",
    b";a=\"\x80\xff\"",
    b";name=value ;other",
];

/// Extensions that do not.
pub(super) const ODD_EXTENSIONS: &[&[u8]] = &[
    b";",
    b";a=",
    b";=b",
    b";a=\"b",
    b";a=b c",
    b"; ;",
    b";a\0",
    b";a=b;",
    b";\x7f",
    b";a=\"\x01\"",
    b";a,b",
    b";a@b",
    b";\x80",
    b";a=\xc3\xa9",
    b";a==b",
    b";a=\"b\"c",
    b";a=\"\\",
    b";a=(b)",
    b";a/b",
    b";a ",
    b";a=b\t",
    b";;a",
    b";a:b",
    b";\x0b",
    b";a=\"b\\\0\"",
    b";[",
    b";a=b;=",
    b";a;,",
];

fn line(out: &mut Input, size: &[u8], extensions: &[u8], end: &[u8]) {
    out.push(Kind::ChunkSize, size);
    out.push_extensions(extensions);
    out.push(Kind::LineEnd, end);
}

fn hex(rng: &mut Rng, octets: usize) -> Vec<u8> {
    let zeros = if one_in(rng, 12) { rng.usize(1..20) } else { 0 };
    let digits = if rng.bool() { format!("{octets:x}") } else { format!("{octets:X}") };
    format!("{:0<zeros$}{digits}", "").into_bytes()
}

fn chunk(rng: &mut Rng, out: &mut Input) {
    let octets = if one_in(rng, 60) { rng.usize(100..1000) } else { rng.usize(1..32) };
    let size = hex(rng, octets);
    let extensions = if one_in(rng, 8) { pick(rng, EXTENSIONS) } else { b"" };
    line(out, &size, extensions, CRLF);
    push_data(rng, octets, out);
    out.push(Kind::LineEnd, CRLF);
}

fn field(out: &mut Input, name: &[u8], value: &[u8]) {
    out.push(Kind::Name, name);
    out.push(Kind::Colon, b":");
    out.push(Kind::Blank, b" ");
    out.push_value(value);
    out.push(Kind::LineEnd, CRLF);
}

/// No content: the last chunk alone.
pub(super) fn none() -> Input {
    let mut out = Input::new();
    last(&mut out);
    out
}

fn last(out: &mut Input) {
    line(out, b"0", b"", CRLF);
    out.push(Kind::LineEnd, CRLF);
}

/// A body that is right, with whatever may be in it.
pub(super) fn right(rng: &mut Rng) -> Input {
    let mut out = Input::new();
    for _ in 0..weighted(rng, &[1, 6, 3, 1]) {
        chunk(rng, &mut out);
    }
    let zeros: &[u8] = if one_in(rng, 10) { b"000" } else { b"0" };
    let extensions = if one_in(rng, 16) { pick(rng, EXTENSIONS) } else { b"" };
    line(&mut out, zeros, extensions, CRLF);
    if one_in(rng, 8) {
        for _ in 0..=rng.usize(..2) {
            let value = pick::<&[u8]>(rng, &[b"a", b"", b"a, b;c=\"d\"", b"\xc3\xa9"]);
            field(&mut out, pick(rng, &[&b"X-Trailer"[..], b"Server-Timing", b"Expires", b"x"]), value);
        }
    }
    out.push(Kind::LineEnd, CRLF);
    out
}

/// A body that is right and has nothing to stumble over.
pub(super) fn plain(rng: &mut Rng) -> Input {
    let mut out = Input::new();
    if !one_in(rng, 4) {
        plain_chunk(rng, &mut out);
    }
    last(&mut out);
    out
}

fn plain_chunk(rng: &mut Rng, out: &mut Input) {
    let octets = rng.usize(1..10);
    line(out, octets.to_string().as_bytes(), b"", CRLF);
    push_data(rng, octets, out);
    out.push(Kind::LineEnd, CRLF);
}

/// What may stand behind the data of a chunk.
pub(super) const DATA_ENDS: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"XX",
    b"X",
    b"",
    b"rubbish\r\n",
    b"\r\r\n",
    b"\n\n",
    b"\r\n\r\n",
    b"\rX",
    b"X\n",
    b" \r\n",
    b"\0\0",
    b"\n\r",
    b"XXX",
];

/// What may stand behind a chunk-size instead of CRLF.
const SIZE_ENDS: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\rX",
    b"\r\r\n",
    b"\n\r",
    b";a\n",
    b";a\r",
    b";a\rX",
    b";a=\"\n",
    b"\0\r\n",
    b"",
    b"\x0b\r\n",
    b" \n",
];

/// What may stand where the trailer section should, up to its end.
const SECTIONS: &[&[u8]] = &[
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"A : b\r\n\r\n",
    b"A\r\n\r\n",
    b" A: b\r\n\r\n",
    b"A: b\r\n c\r\n\r\n",
    b"A: b\n\r\n",
    b"A: \0\r\n\r\n",
    b": b\r\n\r\n",
    b"A: b\r\nContent-Length: 5\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n",
    b"Host: other\r\n\r\n",
    b"\n",
    b"\r",
    b"",
    b"\r\n\r\n",
    b"X",
    b"A: b\rC: d\r\n\r\n",
    b"A\0: b\r\n\r\n",
    b"A: \x01\r\n\r\n",
    b"A: b",
    b"0\r\n\r\n",
];

/// A body with something wrong at one place, and data that fits one way to take it.
pub(super) fn odd(rng: &mut Rng) -> Input {
    let mut out = Input::new();
    if one_in(rng, 4) {
        plain_chunk(rng, &mut out);
    }
    let octets = rng.usize(1..10);
    let size = octets.to_string().into_bytes();
    match weighted(rng, &[26, 3, 9, 8, 10, 7, 3, 7, 3, 2]) {
        0 => {
            let number = number::odd_chunk_size(rng);
            if number.octets == 0 {
                // Taken for the last chunk.
                line(&mut out, &number.text, if one_in(rng, 3) { b";a" } else { b"" }, CRLF);
                out.push(Kind::LineEnd, CRLF);
                return out;
            }
            line(&mut out, &number.text, if one_in(rng, 8) { b";a" } else { b"" }, CRLF);
            push_data(rng, number.octets, &mut out);
            out.push(Kind::LineEnd, CRLF);
        }
        1 => {
            let text = pick::<&[u8]>(
                rng,
                &[b"+0", b"-0", b"0x0", b"0_0", b" 0", b"0 ", b"\"0\"", b"0x", b"0;", b"0.0", b"\xd9\xa0", b"0,0"],
            );
            line(&mut out, text, b"", CRLF);
            out.push(Kind::LineEnd, CRLF);
            return out;
        }
        2 => {
            let number = number::large_chunk_size(rng);
            line(&mut out, &number.text, b"", CRLF);
            if number.octets == 0 {
                out.push(Kind::LineEnd, CRLF);
                return out;
            }
            push_data(rng, number.octets, &mut out);
            out.push(Kind::LineEnd, CRLF);
        }
        3 => {
            if one_in(rng, 3) {
                // Up to the CRLF it is all extension for those who do not see the LF.
                line(&mut out, b"2", b";a", b"\n");
                out.push(Kind::Data, b"xx");
                out.push(Kind::LineEnd, CRLF);
                if rng.bool() {
                    out.push(Kind::Data, b"ab");
                    out.push(Kind::LineEnd, CRLF);
                }
            } else {
                line(&mut out, &size, b"", pick(rng, SIZE_ENDS));
                push_data(rng, octets, &mut out);
                out.push(Kind::LineEnd, CRLF);
            }
        }
        4 => {
            line(&mut out, &size, b"", CRLF);
            push_data(rng, octets, &mut out);
            out.push(Kind::LineEnd, pick(rng, DATA_ENDS));
        }
        5 => {
            line(&mut out, &size, pick(rng, ODD_EXTENSIONS), CRLF);
            push_data(rng, octets, &mut out);
            out.push(Kind::LineEnd, CRLF);
        }
        6 => {
            // Digits that are right, and another number in decimal.
            let octets = rng.usize(10..=20);
            line(&mut out, octets.to_string().as_bytes(), b"", CRLF);
            push_data(rng, octets, &mut out);
            out.push(Kind::LineEnd, CRLF);
        }
        7 => {
            line(&mut out, b"0", b"", CRLF);
            out.push_value(pick(rng, SECTIONS));
            return out;
        }
        8 => {
            // An empty line before a size, which may be the last one.
            out.push(Kind::LineEnd, CRLF);
            plain_chunk(rng, &mut out);
        }
        _ => {
            // More or less data than is said.
            line(&mut out, &size, b"", CRLF);
            let sent = (octets + 2).saturating_sub(rng.usize(..4));
            push_data(rng, sent, &mut out);
            out.push(Kind::LineEnd, CRLF);
        }
    }
    if !one_in(rng, 24) {
        last(&mut out);
    }
    out
}
