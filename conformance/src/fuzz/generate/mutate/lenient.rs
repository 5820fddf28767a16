//! What recipients have leave to repair, and do: the connection goes on after it.

use fastrand::Rng;

use super::super::draw::pick;
use super::super::outline::{Outline, lines};
use crate::fuzz::input::{Input, Kind};

pub(super) fn mutate(rng: &mut Rng, outline: &Outline, input: &mut Input) {
    let line = outline.line.clone();
    let spaces: Vec<usize> = line.clone().filter(|&at| input.token(at).0 == Kind::Space).collect();
    // The first two nearly everybody serves; after the others many close, and a connection that is closed is not kept.
    match rng.u8(..48) {
        0..=31 => {
            // A bare LF ends a line, or all lines of the head.
            let ends: Vec<usize> =
                (line.end..outline.content.start).filter(|&at| input.token(at).0 == Kind::LineEnd).collect();
            let all = rng.bool();
            let chosen = rng.usize(..ends.len().max(1));
            for (number, &at) in ends.iter().enumerate() {
                if all || number == chosen {
                    input.splice(at..at + 1, &[(Kind::LineEnd, b"\n")]);
                }
            }
        }
        32..=44 => {
            let empty = pick::<&[u8]>(rng, &[b"\r\n\r\n", b"\r\n\r\n\r\n", b"\n", b"\n\n"]);
            input.splice(line.start..line.start, &[(Kind::LineEnd, empty)]);
        }
        45 if !spaces.is_empty() => {
            let at = pick(rng, &spaces);
            input.splice(at..at + 1, &[(Kind::Space, pick(rng, &[&b"  "[..], b"\t", b" \t", b"   "]))]);
        }
        46 => input.splice(line.end..line.end, &[(Kind::Space, pick(rng, &[&b" "[..], b"\t"]))]),
        _ => {
            let at = outline.head_end();
            let folded = pick::<&[u8]>(rng, &[b"X-A: b\r\n c\r\n", b"X-A:\r\n\tb\r\n", b"X-A: b\r\n  c, d\r\n"]);
            input.splice(at..at, &lines(folded));
        }
    }
}
