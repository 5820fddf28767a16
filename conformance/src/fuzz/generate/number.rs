//! Numbers written as no sender should, each with the octets that a recipient would read who takes it for a number.

use fastrand::Rng;

use super::draw::{one_in, pick};

/// A number as text, and how many octets of content it may be taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) text: Vec<u8>,
    pub(super) octets: usize,
}

/// What a text may be taken for, where N stands for a digit in it.
#[derive(Clone, Copy)]
enum Taken {
    /// The digit.
    Digit,
    /// The digit and a zero.
    Tens,
    /// This number.
    For(usize),
}

use Taken::{Digit, For, Tens};

/// A text with N for a digit.
type Form = (&'static [u8], Taken);

/// Wrong in either notation.
const BOTH: &[Form] = &[
    (b"+N", Digit),
    (b"-N", Digit),
    (b"-N", For(0)),
    (b"0xN", Digit),
    (b"0XN", Digit),
    (b"N_0", Tens),
    (b"N_", Digit),
    (b"_N", Digit),
    (b"N x", Digit),
    (b"Nx", Digit),
    (b"xN", Digit),
    (b"1x0", Tens),
    (b"\x0bN", Digit),
    (b"N\x0b", Digit),
    (b"N\x0c", Digit),
    (b"\x0cN", Digit),
    (b"\xc2\xa0N", Digit),
    (b"N\xc2\xa0", Digit),
    (b"N\xa0", Digit),
    (b"\xa0N", Digit),
    (b"N\xe3\x80\x80", Digit),
    (b"N\xe2\x80\xa8", Digit),
    (b"\xe2\x80\x8bN", Digit),
    (b"N\xc2\x85", Digit),
    (b"\x1fN", Digit),
    (b"\"N\"", Digit),
    (b"'N'", Digit),
    (b"(N)", Digit),
    (b"<N>", Digit),
    (b"", For(0)),
    (b"\"N", Digit),
    (b"N N", Digit),
    (b"++N", Digit),
    (b"+-N", Digit),
    (b"--N", Digit),
    (b"+0", For(0)),
    (b"-0", For(0)),
    (b"0x", For(0)),
    (b"+", For(0)),
    (b"-", For(0)),
    (b"%3N", Digit),
    (b"N\0", Digit),
    (b"\0N", Digit),
    (b"N.0", Digit),
    (b"N/1", Digit),
    (b"xyz", For(0)),
    (b"N=", Digit),
    (b"$N", Digit),
    (b"N:", Digit),
    (b"\xb2", For(2)),
    (b"\xc2\xb2", For(2)),
    (b"\xc2\xb3", For(3)),
    (b"\xe2\x81\xb5", For(5)),
    (b"+0xN", Digit),
    (b"0x0N", Digit),
    (b"N\r", Digit),
    (b"N,", Digit),
    (b"NaN", For(0)),
];

/// Wrong as decimal digits alone.
const DECIMAL: &[Form] = &[
    (b"N.9", Digit),
    (b"Ne0", Digit),
    (b"Ne1", Tens),
    (b"1.25e1", For(12)),
    (b"0b101", For(5)),
    (b"0oN", Digit),
    (b"N;a", Digit),
    (b"Na", Digit),
    (b"N,x", Digit),
    (b"x, N", Digit),
    (b"N, x, N", Digit),
    (b"a", For(10)),
    (b"0xa", For(10)),
    (b"Nf", Digit),
    (b"NL", Digit),
    (b"N\t", Digit),
    (b",N", Digit),
    (b"N, ", Digit),
    (b"N;", Digit),
    (b"infinity", For(0)),
    (b"true", For(1)),
    (b"-18446744073709551611", For(5)),
    (b"0x10", For(16)),
    (b"0b11", For(3)),
    (b"0o7", For(7)),
    (b"5E0", For(5)),
];

/// Wrong as hexadecimal digits alone.
const HEXADECIMAL: &[Form] = &[
    (b" N", Digit),
    (b"N ", Digit),
    (b"\tN", Digit),
    (b"N\t", Digit),
    (b"  N  ", Digit),
    (b"Ng", Digit),
    (b"Nh", Digit),
    (b"N h", Digit),
    (b"\\xN", Digit),
    (b"#N", Digit),
    (b"NH", Digit),
    (b"N,N", Digit),
];

/// One form, at the least, for each way in which recipients are known to read a `Content-Length` that is none.
const LIKELY_LENGTHS: &[Form] = &[
    (b"+N", Digit),
    (b"-N", For(0)),
    (b"-N", Digit),
    (b"0xN", Digit),
    (b"N_0", Tens),
    (b"N;a", Digit),
    (b"Nx", Digit),
    (b"N.0", Digit),
    (b"Ne1", Tens),
    (b"0b101", For(5)),
    (b"0oN", Digit),
    (b"xN", Digit),
    (b"\x0bN", Digit),
    (b"N\xc2\xa0", Digit),
    (b"\"N\"", Digit),
    (b"x, N", Digit),
];

/// The same for chunk-sizes.
const LIKELY_CHUNK_SIZES: &[Form] = &[
    (b"+N", Digit),
    (b"-N", Digit),
    (b"0xN", Digit),
    (b"N_0", Tens),
    (b" N", Digit),
    (b"N ", Digit),
    (b"Nx", Digit),
    (b"", For(0)),
    (b"xyz", For(0)),
    (b"xN", Digit),
    (b"\x0bN", Digit),
    (b"N\x0c", Digit),
    (b"\"N\"", Digit),
];

/// Scripts whose digits, in UTF-8, follow on what stands here.
const SCRIPTS: [(&[u8], u8); 5] =
    [(b"\xd9", 0xa0), (b"\xdb", 0xb0), (b"\xe0\xa5", 0xa6), (b"\xef\xbc", 0x90), (b"\xf0\x9d\x9f", 0x8e)];

fn filled(rng: &mut Rng, form: &[u8], taken: Taken, radix: usize) -> Number {
    // With a zero behind it the number stays small.
    let digit = if matches!(taken, Tens) { 1 } else { rng.u8(1..=7) };
    let text = form.iter().map(|&octet| if octet == b'N' { b'0' + digit } else { octet }).collect();
    let octets = match taken {
        Digit => usize::from(digit),
        Tens => usize::from(digit) * radix,
        For(octets) => octets,
    };
    Number { text, octets }
}

fn of_other_script(rng: &mut Rng) -> Number {
    let (prefix, zero) = pick(rng, &SCRIPTS);
    let digit = rng.u8(1..=9);
    Number { text: [prefix, &[zero + digit]].concat(), octets: usize::from(digit) }
}

/// A form of those that some recipient is known to take half of the time, and otherwise any.
fn odd(rng: &mut Rng, likely: &[Form], more: &[Form], radix: usize) -> Number {
    let (form, taken) = if rng.bool() {
        match rng.usize(..=likely.len()) {
            0 => return of_other_script(rng),
            at => likely[at - 1],
        }
    } else {
        let at = rng.usize(..BOTH.len() + more.len());
        *BOTH.get(at).unwrap_or_else(|| &more[at - BOTH.len()])
    };
    filled(rng, form, taken, radix)
}

/// A `Content-Length` that is no number.
pub(super) fn odd_length(rng: &mut Rng) -> Number {
    odd(rng, LIKELY_LENGTHS, DECIMAL, 10)
}

/// A chunk-size that is no number.
pub(super) fn odd_chunk_size(rng: &mut Rng) -> Number {
    odd(rng, LIKELY_CHUNK_SIZES, HEXADECIMAL, 16)
}

/// A decimal number, and what is left of it in 32 or 64 bits, with or without a sign.
pub(super) fn large_length(rng: &mut Rng) -> Number {
    let octets = rng.u8(1..=9);
    let base: u128 = match rng.u8(..6) {
        0 | 1 => 1 << 64,
        2 => 1 << 32,
        3 => 1 << 31,
        4 => 1 << 63,
        _ => 3 << 64,
    };
    sized(rng, (base + u128::from(octets)).to_string().into_bytes(), octets)
}

/// The same in hexadecimal.
pub(super) fn large_chunk_size(rng: &mut Rng) -> Number {
    let octets = rng.u8(1..=9);
    let base: u128 = match rng.u8(..6) {
        0 | 1 => 1 << 64,
        2 => 1 << 32,
        3 => 1 << 31,
        4 => 1 << 63,
        _ => 0xf << 68,
    };
    sized(rng, format!("{:x}", base + u128::from(octets)).into_bytes(), octets)
}

fn sized(rng: &mut Rng, text: Vec<u8>, octets: u8) -> Number {
    // What is negative may count as none.
    Number { text, octets: if one_in(rng, 3) { 0 } else { usize::from(octets) } }
}
