//! The request-line, and what stands before it.

use fastrand::Rng;

use super::super::dictionary::{LINE_ENDS, SPACES, VERSIONS, octet};
use super::super::draw::pick;
use super::super::outline::Outline;
use super::super::target;
use crate::fuzz::input::{Input, Kind};
use crate::fuzz::site::Site;

fn find(outline: &Outline, input: &Input, wanted: Kind) -> Option<usize> {
    outline.line.clone().find(|&at| input.token(at).0 == wanted)
}

pub(super) fn mutate(rng: &mut Rng, outline: &Outline, input: &mut Input) {
    let line = outline.line.clone();
    match rng.u8(..20) {
        0..=3 => method(rng, line.start, input),
        4..=8 => whitespace(rng, outline, input),
        9..=12 => {
            if let Some(at) = find(outline, input, Kind::Version) {
                input.splice(at..at + 1, &[(Kind::Version, pick(rng, VERSIONS))]);
            }
        }
        13 | 14 => {
            // Without a version, with or without anything behind the line.
            if let Some(at) = find(outline, input, Kind::Version) {
                let from = if at > line.start { at - 1 } else { at };
                input.splice(from..line.end, &[]);
            }
        }
        15 | 16 => {
            let lines = pick::<&[u8]>(
                rng,
                &[
                    b"\r\n\r\n",
                    b"\r\n\r\n\r\n",
                    b"\n",
                    b"\r",
                    b"\n\n",
                    b"\r\n\n",
                    b" \r\n",
                    b"\0",
                    b"\xef\xbb\xbf",
                    b"\t\r\n",
                    b"X\r\n",
                    b"\r\r\n",
                ],
            );
            input.splice(line.start..line.start, &[(Kind::LineEnd, lines)]);
        }
        17 | 18 if line.end < outline.whole.end => {
            input.splice(line.end..line.end + 1, &[(Kind::LineEnd, pick(rng, LINE_ENDS))]);
        }
        _ => {
            // Words too few or too many.
            let at = rng.usize(line.clone());
            let words = pick::<&[u8]>(rng, &[b"", b"GET", b"/", b"HTTP/1.1", b"x"]);
            input.splice(at..at + 1, &[(Kind::Noise, words)]);
        }
    }
}

fn method(rng: &mut Rng, at: usize, input: &mut Input) {
    let method = input.token(at).1.to_vec();
    let odd = octet(rng);
    let other = match rng.u8(..6) {
        0 => Vec::new(),
        1 => [&[odd], &method[..]].concat(),
        2 => [&method[..], &[odd]].concat(),
        3 => pick::<&[u8]>(
            rng,
            &[
                b"G\xc3\x8bT",
                b"\"GET\"",
                b"GET/",
                b"(GET)",
                b"G@T",
                b"GE:T",
                b"G[T",
                b"G=T",
                b"G,T",
                b"G\\T",
                b"\xef\xbc\xa7ET",
                b"G\0T",
                b"{}",
            ],
        )
        .to_vec(),
        _ => {
            let inside = rng.usize(..=method.len());
            [&method[..inside], &[odd], &method[inside..]].concat()
        }
    };
    input.splice(at..at + 1, &[(Kind::Method, &other)]);
}

fn whitespace(rng: &mut Rng, outline: &Outline, input: &mut Input) {
    let line = outline.line.clone();
    let other = pick(rng, SPACES);
    match rng.u8(..6) {
        0 => input.splice(line.start..line.start, &[(Kind::Space, other)]),
        1 => input.splice(line.end..line.end, &[(Kind::Space, other)]),
        _ => {
            let spaces: Vec<usize> = line.filter(|&at| input.token(at).0 == Kind::Space).collect();
            if !spaces.is_empty() {
                let at = pick(rng, &spaces);
                input.splice(at..at + 1, &[(Kind::Space, other)]);
            }
        }
    }
}

pub(super) fn mutate_target(rng: &mut Rng, site: &Site, outline: &Outline, input: &mut Input) {
    let Some(first) = find(outline, input, Kind::Target) else { return };
    let last = outline.line.clone().rev().find(|&at| input.token(at).0 == Kind::Target).unwrap_or(first);
    let (target, is_tunnel) = target::odd(rng, site);
    input.splice(first..last + 1, &[(Kind::Target, &target)]);
    let method = outline.line.start;
    if is_tunnel {
        input.splice(method..method + 1, &[(Kind::Method, b"CONNECT")]);
    } else if input.token(method).1 == b"CONNECT" {
        input.splice(method..method + 1, &[(Kind::Method, b"GET")]);
    }
}
