//! One request, as the grammar of RFC 9112 has it.

use fastrand::Rng;

use super::draw::{one_in, pick};
use super::framing::{self, Framing};
use super::{fields, target};
use crate::fuzz::input::{Input, Kind};
use crate::fuzz::site::Site;

/// What requests are made for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grammar<'s> {
    pub(super) site: &'s Site,
    /// Whether the connection is to be kept after each.
    pub(super) is_kept: bool,
}

impl Grammar<'_> {
    /// A request that is right.
    pub(super) fn right(self, rng: &mut Rng, out: &mut Input) {
        let mut framing = framing::right(rng, true);
        if !self.is_kept && one_in(rng, 24) {
            framing = framing::right(rng, false);
            framing.is_10 = true;
        }
        self.with(rng, out, &framing);
    }

    /// A request with this framing and content, and otherwise right.
    pub(super) fn with(self, rng: &mut Rng, out: &mut Input, framing: &Framing) {
        if one_in(rng, 40) {
            out.push(Kind::LineEnd, b"\r\n");
        }
        let method = self.method(rng, framing);
        out.push(Kind::Method, &method);
        out.push(Kind::Space, b" ");
        out.push(Kind::Target, &target::right(rng, &method, self.site));
        out.push(Kind::Space, b" ");
        let version: &[u8] = match rng.u8(..) {
            _ if framing.is_10 => b"HTTP/1.0",
            0..=2 => b"HTTP/1.2",
            3 => b"HTTP/1.9",
            _ => b"HTTP/1.1",
        };
        out.push(Kind::Version, version);
        out.push(Kind::LineEnd, b"\r\n");
        self.fields(rng, out, framing);
        out.push(Kind::LineEnd, b"\r\n");
        out.append(&framing.content);
    }

    fn method(self, rng: &mut Rng, framing: &Framing) -> Vec<u8> {
        let lot = rng.u8(..);
        let known: &[u8] = match (framing.lines.is_empty(), self.is_kept, lot) {
            (true, _, 0..=149) | (false, _, 0..=11) => b"GET",
            (true, _, 150..=189) => b"HEAD",
            (true, _, 190..=219) | (false, _, 12..=19) => b"OPTIONS",
            (false, _, 20..=229) | (_, true, _) => b"POST",
            (_, _, 230..=235) => pick(rng, &[&b"PUT"[..], b"DELETE", b"PATCH"]),
            (true, _, 220..=223) => b"TRACE",
            (true, _, 224..=225) => b"CONNECT",
            (_, _, 226..=245) => pick(rng, &[&b"get"[..], b"FOO", b"QUERY", b"GETX", b"M-SEARCH", b"PROPFIND"]),
            (_, _, 246) => return vec![b'A'; rng.usize(20..300)],
            (_, _, 247..=250) => return fields::token(rng, 8),
            _ => b"GET",
        };
        known.to_vec()
    }

    fn fields(self, rng: &mut Rng, out: &mut Input, framing: &Framing) {
        let others = match rng.u8(..) {
            0 => rng.usize(20..60),
            1..=90 => 0,
            91..=180 => 1,
            _ => rng.usize(2..=5),
        };
        // The lines of the framing stand together or apart, before and behind any other.
        let host_at = if one_in(rng, 6) { rng.usize(..=others) } else { 0 };
        let mut framing_at = [rng.usize(..=others), rng.usize(..=others)];
        framing_at.sort_unstable();
        let has_host = !(framing.is_10 && one_in(rng, 3));
        for at in 0..=others {
            if at == host_at && has_host {
                let host = target::host(rng, self.site);
                self.line(rng, out, b"Host", &host);
            }
            for (number, (name, value)) in framing.lines.iter().enumerate() {
                if framing_at[number.min(1)] == at {
                    // What has codings besides chunked many answer with 501 and a close.
                    let is_coding = self.is_kept && *name == framing::CODING;
                    self.line(rng, out, name, if is_coding { b"chunked" } else { value });
                }
            }
            if at < others {
                fields::any(rng, out, self.is_kept);
            }
        }
    }

    /// A field line of the framing; where the connection is to be kept, without blanks over which many stumble.
    fn line(self, rng: &mut Rng, out: &mut Input, name: &[u8], value: &[u8]) {
        if !self.is_kept {
            return fields::push(rng, out, name, value);
        }
        out.push(Kind::Name, name);
        out.push(Kind::Colon, b":");
        out.push(Kind::Blank, b" ");
        out.push_value(value);
        out.push(Kind::LineEnd, b"\r\n");
    }
}
