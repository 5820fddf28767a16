//! What says where a message ends, and the content that goes with it: right, or wrong in one way that has a plausible
//! misreading which the content fits.

use fastrand::Rng;

use super::chunked;
use super::draw::{one_in, pick, weighted};
use super::number;
use crate::fuzz::input::{Input, Kind};

const LENGTH: &[u8] = b"Content-Length";
pub(super) const CODING: &[u8] = b"Transfer-Encoding";

/// Field lines and content of a message.
#[derive(Debug, Default)]
pub(super) struct Framing {
    /// Names, as far as the colon, and values.
    pub(super) lines: Vec<(&'static [u8], Vec<u8>)>,
    pub(super) content: Input,
    /// Whether the message is of HTTP/1.0.
    pub(super) is_10: bool,
}

impl Framing {
    fn length(text: Vec<u8>, octets: usize, rng: &mut Rng) -> Self {
        Self { lines: vec![(LENGTH, text)], content: data(rng, octets), is_10: false }
    }

    fn coding(value: &[u8], content: Input) -> Self {
        Self { lines: vec![(CODING, value.to_vec())], content, is_10: false }
    }
}

/// A framing that is right.
pub(super) fn right(rng: &mut Rng, may_be_chunked: bool) -> Framing {
    match weighted(rng, &[10, 5, if may_be_chunked { 5 } else { 0 }]) {
        0 => Framing::default(),
        1 => {
            let octets = match rng.u8(..64) {
                0 => rng.usize(100..2000),
                1..=6 => 0,
                _ => rng.usize(1..40),
            };
            let zeros = if one_in(rng, 24) { "00" } else { "" };
            Framing::length(format!("{zeros}{octets}").into_bytes(), octets, rng)
        }
        _ => {
            let value = pick::<&[u8]>(
                rng,
                &[
                    b"chunked",
                    b"chunked",
                    b"chunked",
                    b"chunked",
                    b"chunked",
                    b"Chunked",
                    b"CHUNKED",
                    b", chunked ,,",
                    b"gzip, chunked",
                ],
            );
            // Content that is said to be compressed has to be so, or there must be none.
            let content = if value[0] == b'g' { chunked::none() } else { chunked::right(rng) };
            Framing::coding(value, content)
        }
    }
}

/// So many octets of content.
pub(super) fn data(rng: &mut Rng, octets: usize) -> Input {
    let mut content = Input::new();
    push_data(rng, octets, &mut content);
    content
}

pub(super) fn push_data(rng: &mut Rng, octets: usize, to: &mut Input) {
    const TEXT: &[u8; 64] = b"hello, this is the content of a message that somebody has made u";
    if one_in(rng, 8) {
        let random: Vec<u8> = (0..octets).map(|_| rng.u8(..)).collect();
        to.push(Kind::Data, &random);
    } else if octets <= TEXT.len() {
        to.push(Kind::Data, &TEXT[..octets]);
    } else {
        to.push(Kind::Data, &TEXT.repeat(octets / TEXT.len() + 1)[..octets]);
    }
}

/// Names that are not quite `Content-Length`.
const NEAR_LENGTH: &[&[u8]] = &[
    b"Content_Length",
    b"Content_Length",
    b"CONTENT_LENGTH",
    b"Content-Length ",
    b"Content-Length\t",
    b"Content-Length\0",
    b"Content Length",
    b"ContentLength",
    b"\x0bContent-Length",
    b"Content-Length:",
    b"Content-Length\x0b",
    b"Content-Lengt\xc4\xa7",
    b"\0Content-Length",
    b"X: y\nContent-Length",
    b"X: y\rContent-Length",
    b"X: y\rZContent-Length",
    b"Content-\0Length",
    b"\"Content-Length\"",
    b"Content-Length\r",
    b"Content\xe2\x80\x90Length",
];

/// Names that are not quite `Transfer-Encoding`.
const NEAR_CODING: &[&[u8]] = &[
    b"Transfer_Encoding",
    b"Transfer_Encoding",
    b"Transfer-Encoding ",
    b"Transfer-Encoding\t",
    b"Transfer-Encoding\0",
    b"Transfer Encoding",
    b"TransferEncoding",
    b"\x0bTransfer-Encoding",
    b"Transfer-Encoding:",
    b"X: y\nTransfer-Encoding",
    b"X: y\rTransfer-Encoding",
    b"X: y\rZTransfer-Encoding",
    b"X: y\r\n Transfer-Encoding",
    b"Transfer-Encoding\x0b",
    b"Trans\xc5\xbfer-Encoding",
];

/// A `Content-Length` that is wrong, or such that recipients differ about it.
pub(super) fn odd_length(rng: &mut Rng) -> Framing {
    let octets = rng.usize(1..=9);
    match weighted(rng, &[26, 5, 6, 6, 4, 5, 2]) {
        0 => {
            let number = number::odd_length(rng);
            let octets = if one_in(rng, 8) { rng.usize(..12) } else { number.octets };
            Framing::length(number.text, octets, rng)
        }
        1 => {
            let listed = format!("{octets}{}{octets}", pick(rng, &[",", ", ", " , ", ", ,"])).into_bytes();
            if one_in(rng, 3) { Framing::length(listed, octets, rng) } else { twice(rng, octets, octets, octets) }
        }
        2 => {
            let other = (octets + rng.usize(1..12)) * rng.usize(..2);
            let content = if rng.bool() { octets } else { other };
            let (first, second) = if rng.bool() { (octets, other) } else { (other, octets) };
            if one_in(rng, 3) {
                Framing::length(format!("{first},{second}").into_bytes(), content, rng)
            } else {
                twice(rng, first, second, content)
            }
        }
        3 => {
            let number = number::large_length(rng);
            Framing::length(number.text, number.octets, rng)
        }
        4 => {
            // As octal, 010 is 8.
            let octal = rng.usize(8..=20);
            let content =
                if rng.bool() { octal } else { usize::from_str_radix(&octal.to_string(), 8).unwrap_or(octal) };
            Framing::length(format!("0{octal}").into_bytes(), content, rng)
        }
        5 => {
            let name = pick(rng, NEAR_LENGTH);
            Framing { lines: vec![(name, octets.to_string().into_bytes())], content: data(rng, octets), is_10: false }
        }
        _ => {
            let sent = (octets + rng.usize(1..4)).saturating_sub(rng.usize(..5));
            Framing::length(octets.to_string().into_bytes(), sent, rng)
        }
    }
}

fn twice(rng: &mut Rng, first: usize, second: usize, octets: usize) -> Framing {
    let text = |number: usize| number.to_string().into_bytes();
    Framing { lines: vec![(LENGTH, text(first)), (LENGTH, text(second))], content: data(rng, octets), is_10: false }
}

/// Values of `Transfer-Encoding` that somebody may take for chunked.
pub(super) const CHUNKED_ALIKE: &[&[u8]] = &[
    b"chunked, chunked",
    b"chunked,chunked",
    b"chunked;a=b",
    b"chunked; a=\"b\"",
    b"chunked;",
    b"chunked;q=0.5",
    b"\"chunked\"",
    b"'chunked'",
    b"\x0bchunked",
    b"chunked\x0b",
    b"\x0cchunked",
    b"chunked\0",
    b"\0chunked",
    b"chunked\xc2\xa0",
    b"\xa0chunked",
    b"xchunked",
    b"chunkedx",
    b"x-chunked",
    b"chunked/1",
    b"chunked=true",
    b"chunked chunked",
    b"chunked identity",
    b"identity chunked",
    b"identity, chunked",
    b"chunked, identity",
    b"chunked, gzip",
    b"chunked, deflate",
    b"foo, chunked",
    b"chunked, foo",
    b"chunked, \"",
    b"\", chunked",
    b"(x), chunked",
    b"foo bar, chunked",
    b"chunked:",
    b":chunked",
    b";chunked",
    b"(chunked)",
    b"<chunked>",
    b"[chunked]",
    b"chunked\r",
    b"chun\tked",
    b"chunKed\x7f",
    b"chun\xe2\x84\xaaed",
    b"chunked;, chunked",
    b"gzip;q=, chunked",
    b"chunked, x=y",
    b"chunked\\",
    b"=chunked",
    b"trailers, chunked",
    b"xchunked, gzip",
    b"chunked,\0",
];

/// Values of `Transfer-Encoding` that somebody may pass over.
pub(super) const NOT_CHUNKED: &[&[u8]] = &[
    b"identity",
    b"gzip",
    b"deflate",
    b"x-gzip",
    b"foo",
    b"",
    b",",
    b"\"\"",
    b"chunke",
    b"cow",
    b"identity, identity",
    b"null",
    b"gzip, gzip",
];

/// Two lines of it.
const TWO_LINES: &[[&[u8]; 2]] = &[
    [b"chunked", b"identity"],
    [b"identity", b"chunked"],
    [b"chunked", b"gzip"],
    [b"chunked", b"foo"],
    [b"foo", b"chunked"],
    [b"chunked", b"chunked"],
    [b"\"chunked\"", b"chunked"],
    [b"", b"chunked"],
    [b"chunked", b""],
    [b"\"", b"chunked"],
    [b"chunked", b"deflate"],
    [b"x y", b"chunked"],
    [b"chunked", b"\"chunked\""],
];

/// A `Transfer-Encoding` that is wrong.
pub(super) fn odd_coding(rng: &mut Rng) -> Framing {
    match weighted(rng, &[14, 5, 6, 8, 4, 4]) {
        0 => Framing::coding(pick(rng, CHUNKED_ALIKE), chunked::plain(rng)),
        1 => {
            let mut framing = Framing::coding(pick(rng, NOT_CHUNKED), Input::new());
            if one_in(rng, 3) {
                let octets = rng.usize(..12);
                framing.lines.push((LENGTH, octets.to_string().into_bytes()));
                framing.content = data(rng, octets);
            } else if one_in(rng, 3) {
                framing.content = chunked::plain(rng);
            }
            framing
        }
        2 => {
            let lines = pick(rng, TWO_LINES).map(|value| (CODING, value.to_vec())).to_vec();
            Framing { lines, content: chunked::plain(rng), is_10: false }
        }
        3 => {
            let content = chunked::plain(rng);
            let all = content.octets().len();
            let length = match rng.u8(..4) {
                0 => 0,
                1 => rng.usize(1..=all),
                _ => all,
            };
            let mut lines = vec![(CODING, b"chunked".to_vec()), (LENGTH, length.to_string().into_bytes())];
            if rng.bool() {
                lines.reverse();
            }
            Framing { lines, content, is_10: false }
        }
        4 => {
            let mut lines = vec![(CODING, b"chunked".to_vec())];
            if rng.bool() {
                lines.push((b"Connection", b"keep-alive".to_vec()));
            }
            Framing { lines, content: chunked::plain(rng), is_10: true }
        }
        _ => {
            let lines = vec![(pick(rng, NEAR_CODING), b"chunked".to_vec())];
            Framing { lines, content: chunked::plain(rng), is_10: false }
        }
    }
}

/// A chunked coding with something wrong inside.
pub(super) fn odd_chunked(rng: &mut Rng) -> Framing {
    Framing::coding(b"chunked", chunked::odd(rng))
}
