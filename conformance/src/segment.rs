//! The segments in which what is sent goes out.
//!
//! TCP promises octets in order and nothing about the reads in which they arrive; a message means the same however it
//! was cut. Servers whose parsers lose their state between two reads, or take the end of a read for the end of a line,
//! are told by sending the same octets in other segments and comparing verdicts.
//!
//! Where to cut is taken from the reader's spans of what is sent, so that it is right for broken messages too. What a
//! cut costs is one tick (see [`crate::connection`]); all is bounded: [`OCTETS_MOST`], [`PIECES_MOST`], [`PAUSES_MOST`].

use std::collections::BTreeSet;
use std::time::Duration;

use startline_parser::reader::{Message, StartLine};

use crate::judge::requests;

/// So many octets of a message go out one at a time; what follows goes out in [`PIECES_MOST`] pieces at most.
pub const OCTETS_MOST: usize = 256;

/// More segments than this are not made of what lies behind the first [`OCTETS_MOST`] octets, nor at boundaries.
pub const PIECES_MOST: usize = 128;

/// More pauses than this are not made in one exchange.
pub const PAUSES_MOST: usize = 6;

/// A way to cut what is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Segmentation {
    /// What a step sends is one segment, as far as it fits.
    #[default]
    Whole,
    /// Each octet is a segment.
    Octets,
    /// A cut wherever one element of the grammar ends, and in the middle of each line end.
    Boundaries,
    /// Few cuts, and at each of them nothing is sent for a while.
    Pauses,
}

impl Segmentation {
    /// Every way, the plain one first.
    pub const ALL: [Self; 4] = [Self::Whole, Self::Octets, Self::Boundaries, Self::Pauses];

    /// The word used on the command line and in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Octets => "octets",
            Self::Boundaries => "boundaries",
            Self::Pauses => "pauses",
        }
    }

    /// The way with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }

    /// The offsets at which another segment begins; none of them is at an end.
    #[must_use]
    pub fn cuts(self, octets: &[u8]) -> Vec<usize> {
        let found: BTreeSet<usize> = match self {
            Self::Whole => BTreeSet::new(),
            Self::Octets => one_by_one(octets.len()),
            Self::Boundaries => boundaries(octets).into_iter().filter(|at| is_within(*at, octets)).collect(),
            Self::Pauses => pauses(octets).into_iter().filter(|at| is_within(*at, octets)).collect(),
        };
        let most = match self {
            Self::Octets => OCTETS_MOST + PIECES_MOST,
            Self::Pauses => PAUSES_MOST,
            _ => PIECES_MOST,
        };
        // The last octets matter as much as the first.
        let found: Vec<usize> = found.into_iter().collect();
        match found.len().checked_sub(most) {
            None | Some(0) => found,
            Some(over) => [&found[..most / 2], &found[most / 2 + over..]].concat(),
        }
    }

    /// How long nothing is sent at a cut, with a peer for which this is the quiet period: well below it, so that what
    /// arrives late was not given up on.
    #[must_use]
    pub fn pause(self, quiet: Duration) -> Option<Duration> {
        (self == Self::Pauses).then(|| (quiet / 3).clamp(Duration::from_millis(20), Duration::from_millis(200)))
    }
}

impl std::fmt::Display for Segmentation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

fn is_within(at: usize, octets: &[u8]) -> bool {
    0 < at && at < octets.len()
}

fn one_by_one(len: usize) -> BTreeSet<usize> {
    let mut cuts: BTreeSet<usize> = (1..len.min(OCTETS_MOST)).collect();
    if let Some(rest) = len.checked_sub(OCTETS_MOST).filter(|rest| *rest > 0) {
        cuts.extend((OCTETS_MOST..len).step_by(rest.div_ceil(PIECES_MOST - 1).max(1)));
        cuts.insert(len - 1);
    }
    cuts
}

/// Every boundary that has been seen to matter to some parser: between the elements of lines, inside the version, inside
/// each line end, around chunk-sizes and chunk-data, before the last octet.
fn boundaries(octets: &[u8]) -> Vec<usize> {
    let mut cuts = Vec::new();
    for (at, _) in octets.iter().enumerate().filter(|(_, octet)| **octet == b'\n') {
        cuts.extend([at, at + 1]);
        if at > 0 && octets[at - 1] == b'\r' {
            cuts.push(at - 1);
        }
    }
    for message in &requests(octets).messages {
        cuts.push(message.start);
        if let Some(StartLine::Request { method, target, .. }) = &message.start_line {
            let line_end = line_end(octets, target.end as usize);
            cuts.extend([method.end as usize, target.start as usize, target.end as usize]);
            // Inside the method, the request-target and the version.
            cuts.extend([middle(method.start as usize, method.end as usize)]);
            cuts.extend([middle(target.start as usize, target.end as usize), middle(target.end as usize, line_end)]);
        }
        for field in message.fields.iter().chain(&message.trailers) {
            let (name, value) = (field.name_span, field.value_span);
            cuts.extend([middle(name.start as usize, name.end as usize), name.end as usize, name.end as usize + 1]);
            cuts.extend([value.start as usize, middle(value.start as usize, value.end as usize), value.end as usize]);
        }
        cuts.extend(message.head_end);
        cuts.extend(around_content(message, octets));
    }
    cuts.push(octets.len().saturating_sub(1));
    cuts
}

/// Inside and around content, and inside what the chunked coding puts between.
fn around_content(message: &Message, octets: &[u8]) -> Vec<usize> {
    let mut cuts = Vec::new();
    let Some(mut from) = message.head_end else { return cuts };
    for span in &message.content {
        let (start, end) = (span.start as usize, span.end as usize);
        cuts.extend([start, middle(start, end), end]);
        // A chunk-size line, where there is one: inside its digits, and behind them.
        let line_end = line_end(octets, from);
        let digits = octets[from..line_end].iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
        if line_end <= start {
            cuts.extend([from + 1, from + digits]);
        }
        from = end;
    }
    cuts
}

/// The cuts at which it is worth to wait: inside the request-line, before the first field line, before the last octet of
/// the head, between head and content, inside the content, before the last octet.
fn pauses(octets: &[u8]) -> Vec<usize> {
    let mut cuts = Vec::new();
    for message in requests(octets).messages.iter().take(1) {
        if let Some(StartLine::Request { target, .. }) = &message.start_line {
            cuts.push(target.end as usize);
        }
        cuts.extend(message.fields.first().map(|field| field.name_span.start as usize));
        cuts.extend(message.head_end.iter().flat_map(|end| [end.saturating_sub(1), *end]));
        cuts.extend(message.content.first().map(|span| middle(span.start as usize, span.end as usize)));
    }
    cuts.push(octets.len().saturating_sub(1));
    cuts
}

fn middle(start: usize, end: usize) -> usize {
    start + end.saturating_sub(start) / 2
}

/// Where the line ends that goes through `from`, without its line end.
fn line_end(octets: &[u8], from: usize) -> usize {
    let rest = octets.get(from..).unwrap_or_default();
    let end = rest.iter().position(|octet| *octet == b'\n').map_or(octets.len(), |at| from + at);
    if end > from && octets[end - 1] == b'\r' { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &[u8] =
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1f;a=b\r\n0123456789012345678901234567890\r\n0\r\n\r\n";

    fn has(cuts: &[usize], octets: &[u8], before: &[u8], after: &[u8]) {
        let at = octets.windows(before.len() + after.len()).position(|window| window == [before, after].concat());
        let at = at.expect("the octets are there") + before.len();
        assert!(cuts.contains(&at), "no cut between {before:?} and {after:?}: {cuts:?}");
    }

    #[test]
    fn every_boundary_that_matters_is_cut() {
        let cuts = Segmentation::Boundaries.cuts(CHUNKED);
        for (before, after) in [
            ("POST", " / "),
            ("POST /", " HTTP"),
            ("HTT", "P/1.1"),
            ("HTTP/1.1\r", "\n"),
            ("HTTP/1.1\r\n", "Host"),
            ("Host", ": a"),
            ("chunked\r\n\r\n", "1f"),
            ("chunked\r\n\r", "\n1f"),
            ("1", "f;a=b"),
            ("1f", ";a=b"),
            ("a=b\r", "\n0123"),
            ("67890\r", "\n0"),
            ("0\r\n\r", "\n"),
        ] {
            has(&cuts, CHUNKED, before.as_bytes(), after.as_bytes());
        }
        assert!(cuts.is_sorted() && cuts.len() < 48, "{cuts:?}");
    }

    #[test]
    fn every_octet_is_a_segment_up_to_a_length() {
        assert_eq!(Segmentation::Octets.cuts(b"GET /"), [1, 2, 3, 4]);
        let long = Segmentation::Octets.cuts(&[b'a'; 100_000]);
        assert_eq!(long[..OCTETS_MOST - 1], (1..OCTETS_MOST).collect::<Vec<_>>()[..]);
        assert!(long.len() <= OCTETS_MOST + PIECES_MOST && long.last() == Some(&99_999));
        assert!(Segmentation::Octets.cuts(b"").is_empty() && Segmentation::Octets.cuts(b"a").is_empty());
    }

    #[test]
    fn pauses_are_few() {
        let cuts = Segmentation::Pauses.cuts(CHUNKED);
        has(&cuts, CHUNKED, b"POST /", b" HTTP");
        has(&cuts, CHUNKED, b"chunked\r\n\r\n", b"1f");
        assert!(cuts.len() <= PAUSES_MOST);
        assert!(Segmentation::Pauses.pause(Duration::from_millis(150)).unwrap() < Duration::from_millis(75));
        assert_eq!(Segmentation::Octets.pause(Duration::from_millis(150)), None);
    }

    #[test]
    fn what_is_no_message_is_cut_as_well() {
        for octets in [&b"\r\n"[..], b"\n\n\n", b" ", b"GET", b"\xff\r\n\0", b"GET /\r\n\r\nA\r", b"1\r\n1\r\n"] {
            for way in Segmentation::ALL {
                assert!(way.cuts(octets).iter().all(|at| is_within(*at, octets)), "{way} of {octets:?}");
            }
        }
        assert!(Segmentation::Whole.cuts(CHUNKED).is_empty());
    }
}
