//! Any token: mostly what befits its kind, and now and then what befits none.

use fastrand::Rng;

use super::super::chunked::{DATA_ENDS, ODD_EXTENSIONS};
use super::super::dictionary::{COLONS, LINE_ENDS, SPACES, VERSIONS, octet, word};
use super::super::draw::{one_in, pick};
use super::super::framing::{CHUNKED_ALIKE, NOT_CHUNKED};
use super::super::number;
use super::super::outline::Outline;
use crate::fuzz::input::{Input, Kind};

pub(super) fn mutate(rng: &mut Rng, outline: &Outline, input: &mut Input) {
    if outline.whole.is_empty() {
        return;
    }
    let at = rng.usize(outline.whole.clone());
    if one_in(rng, 3) { plain(rng, at, outline, input) } else { fitting(rng, at, outline, input) }
}

/// The name of the field line that the token stands in.
fn name_of<'i>(at: usize, outline: &Outline, input: &'i Input) -> Option<&'i [u8]> {
    outline.fields.iter().find(|line| line.contains(&at)).map(|line| input.token(line.start).1)
}

fn fitting(rng: &mut Rng, at: usize, outline: &Outline, input: &mut Input) {
    let (kind, octets) = input.token(at);
    let is_in_content = outline.content.contains(&at);
    let name = name_of(at, outline, input);
    let is_named = |known: &[u8]| name.is_some_and(|name| name.eq_ignore_ascii_case(known));
    let text = octets.to_vec();
    let other: Vec<u8> = match kind {
        Kind::LineEnd if is_in_content && rng.bool() => pick(rng, DATA_ENDS).to_vec(),
        Kind::LineEnd => pick(rng, LINE_ENDS).to_vec(),
        Kind::Space => pick(rng, SPACES).to_vec(),
        Kind::Version => pick(rng, VERSIONS).to_vec(),
        Kind::Colon => pick(rng, COLONS).to_vec(),
        Kind::ChunkSize if one_in(rng, 4) => number::large_chunk_size(rng).text,
        Kind::ChunkSize => number::odd_chunk_size(rng).text,
        Kind::Extension => pick(rng, ODD_EXTENSIONS).to_vec(),
        Kind::Value if is_named(b"content-length") => number::odd_length(rng).text,
        Kind::Value if is_named(b"transfer-encoding") => {
            let values = if one_in(rng, 3) { NOT_CHUNKED } else { CHUNKED_ALIKE };
            pick(rng, values).to_vec()
        }
        Kind::Blank => pick(rng, &[&b""[..], b"\t", b"   ", b"\x0b", b"\xa0", b"\r\n ", b"\0"]).to_vec(),
        Kind::Data if rng.bool() => text[..text.len() - 1].to_vec(),
        Kind::Data => [&text[..], b"x"].concat(),
        _ => {
            let inside = rng.usize(..=text.len());
            [&text[..inside], &[octet(rng)], &text[inside..]].concat()
        }
    };
    input.splice(at..at + 1, &[(kind, &other)]);
}

fn plain(rng: &mut Rng, at: usize, outline: &Outline, input: &mut Input) {
    let (kind, octets) = input.token(at);
    let text = octets.to_vec();
    match rng.u8(..9) {
        0 => input.splice(at..at + 1, &[]),
        1 => input.splice(at..at, &[(kind, &text)]),
        2 => {
            let other = rng.usize(outline.whole.clone());
            let (other_kind, octets) = input.token(other);
            let octets = octets.to_vec();
            // Neither is empty, so that places stay what they are.
            input.splice(at..at + 1, &[(other_kind, &octets)]);
            input.splice(other..other + 1, &[(kind, &text)]);
        }
        3 => input.splice(at..at, &[(Kind::Noise, word(rng))]),
        4 => input.splice(at..at + 1, &[(kind, word(rng))]),
        5 => {
            let changed: Vec<u8> = text
                .iter()
                .map(|octet| if octet.is_ascii_alphabetic() && rng.bool() { octet ^ 0x20 } else { *octet })
                .collect();
            input.splice(at..at + 1, &[(kind, &changed)]);
        }
        6 => {
            let pad = pick::<&[u8]>(rng, &[b" ", b"0", b"\t", b"00000000", b"  ", b"\0", b"\r\n"]);
            let both = if rng.bool() { [pad, &text].concat() } else { [&text, pad].concat() };
            input.splice(at..at + 1, &[(kind, &both)]);
        }
        7 if text.len() > 1 => {
            let cut = rng.usize(1..text.len());
            let (head, tail) = text.split_at(cut);
            input.splice(at..at + 1, &[(kind, head), (Kind::Noise, word(rng)), (kind, tail)]);
        }
        _ => input.splice(at..at + 1, &[(kind, &text.repeat(2))]),
    }
}
