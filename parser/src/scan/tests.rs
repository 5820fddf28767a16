//! All instructions that this CPU has, against one octet after the other.
//!
//! [`assert_answers`] asks everything about given octets; the tests bring octets of every value and length, at every
//! alignment, and ([`page`]) next to memory that must not be read. Under Miri, which is a thousand times slower and sees
//! every octet that is read out of turn, the same tests take samples.

#[cfg(all(unix, not(miri)))]
mod guard;
mod naive;
mod noise;
#[cfg(all(unix, not(miri)))]
mod page;

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::Range;

use super::ends::Room;
use super::view::WINDOW;
use super::{Instructions, Lanes, Task, View, line_feed};
use noise::Noise;

/// With no more ends than these nothing is cut.
const A_GOOD_MANY: usize = 128;
/// The longest steps in which any implementation passes over octets.
const LONGEST_STEP: usize = 128;

/// Declares a task for each question.
macro_rules! questions {
    ($($name:ident($($part:ident: $type:ty),+) -> $output:ty, $lanes:ident: $answer:expr;)+) => {$(
        struct $name<'b>($($type),+);

        impl Task for $name<'_> {
            type Output = $output;

            #[inline(always)]
            fn run<L: Lanes>(self, $lanes: L) -> $output {
                let Self($($part),+) = self;
                $answer
            }
        }
    )+};
}

questions! {
    Controls(block: &'b [u8; 64]) -> u64, lanes: lanes.controls(block);
    ControlsOfHalf(block: &'b [u8; 32]) -> u32, lanes: lanes.controls_of_half(block);
    ClearLen(octets: &'b [u8]) -> usize, lanes: lanes.clear_len(octets);
    Count(bits: u64, of: PhantomData<&'b ()>) -> usize, lanes: {
        let PhantomData = of;
        lanes.count(bits)
    };
    TokenLen(view: View<'b>, at: usize) -> usize, lanes: lanes.token_len(view, at);
    IsPathAndQuery(view: View<'b>, range: Range<usize>) -> bool, lanes: lanes.is_path_and_query(view, range);
    Find(view: View<'b>, from: usize) -> (Vec<usize>, bool), lanes: {
        let mut room = Room::new();
        let ends = room.find(lanes, view, from);
        (ends.offsets.iter().map(|&offset| offset as usize).collect(), ends.is_cut)
    };
}

/// The view of octets that are enough for one.
fn view_of(octets: &[u8]) -> View<'_> {
    View::of(octets).expect("as many octets as a window has")
}

/// Asks everything about these octets, at their ends and at places by chance.
fn assert_answers(octets: &[u8], instructions: Instructions, noise: &mut Noise) {
    let len = octets.len();
    for at in [0, noise.below(len), len.saturating_sub(64)] {
        if let Some(block) = octets[at..].first_chunk() {
            let (got, wanted) = (instructions.run(Controls(block)), naive::controls(block));
            assert_eq!(got, wanted, "{instructions:?}: controls of {block:02X?}");
        }
    }
    for at in [0, noise.below(len), len.saturating_sub(32)] {
        if let Some(block) = octets[at..].first_chunk::<32>() {
            let (got, wanted) = (instructions.run(ControlsOfHalf(block)), naive::controls(block));
            assert_eq!(u64::from(got), wanted, "{instructions:?}: controls of {block:02X?}");
        }
    }
    for at in [0, noise.below(len), len] {
        let (got, most) = (instructions.run(ClearLen(&octets[at..])), naive::clear_len(&octets[at..]));
        assert!(got <= most, "{instructions:?}: {got} octets are clear from {at} of {octets:02X?}");
    }
    let Some(view) = View::of(octets) else {
        assert!(len < WINDOW, "no view of {len} octets");
        return;
    };
    for at in [0, noise.below(len), len - 1 - noise.below(WINDOW), len - 1, len] {
        assert_token_len(view, at, instructions);
    }
    for _ in 0..4 {
        let start = noise.below(len + 1);
        let end = start + noise.below(len + 1 - start);
        assert_is_path_and_query(view, start..end, instructions);
        assert_is_path_and_query(view, start..len, instructions);
        assert_is_path_and_query(view, 0..end, instructions);
    }
    for from in [0, noise.below(len), len - 1 - noise.below(WINDOW), len - 1, len] {
        assert_ends(view, from, instructions);
    }
}

fn assert_token_len(view: View<'_>, at: usize, instructions: Instructions) {
    let (got, wanted) = (instructions.run(TokenLen(view, at)), naive::token_len(&view, at));
    assert_eq!(got, wanted, "{instructions:?}: token at {at} of {:02X?}", &view[..]);
}

fn assert_is_path_and_query(view: View<'_>, range: Range<usize>, instructions: Instructions) {
    let got = instructions.run(IsPathAndQuery(view, range.clone()));
    let wanted = naive::is_path_and_query(&view, range.clone());
    assert_eq!(got, wanted, "{instructions:?}: path and query at {range:?} of {:02X?}", &view[..]);
}

/// Ends of lines are the first octets of the rows of controls, up to the first row that has an empty line in it.
///
/// A right head has four controls there. With three it is left open whether they are seen for one, because the parser
/// does not take them for one in any case.
fn assert_ends(view: View<'_>, from: usize, instructions: Instructions) {
    let (got, is_cut) = instructions.run(Find(view, from));
    let rows = naive::rows(&view, from);
    // The octet that a line begins with is not one that ends it.
    let ends: Vec<usize> = rows.iter().map(|row| row.start).filter(|&start| start > from).collect();
    let fail = |what: &str| -> ! {
        panic!("{instructions:?}: from {from} {what}: {got:?}, cut {is_cut}, rows {rows:?} of {:02X?}", &view[..])
    };
    if !ends.starts_with(&got) {
        fail("other ends");
    }
    let last = got.last().copied().unwrap_or(from);
    if rows.iter().any(|row| row.len() > 3 && row.start < last) {
        fail("ends behind an empty line");
    }
    if is_cut {
        if got.len() <= A_GOOD_MANY {
            fail("cut for no reason");
        }
    } else if got.len() < ends.len() && !rows.iter().any(|row| row.len() > 2 && row.start == last) {
        fail("an end is missing");
    }
}

/// These octets where the address has the given rest when it is divided by 64.
struct Aligned {
    room: Vec<u8>,
    start: usize,
    len: usize,
}

impl Aligned {
    fn new(octets: &[u8], rest: usize) -> Self {
        let mut room = vec![b'\n'; octets.len() + 128];
        let start = (64 - room.as_ptr().addr() % 64) % 64 + rest;
        room[start..start + octets.len()].copy_from_slice(octets);
        Self { room, start, len: octets.len() }
    }

    fn octets(&self) -> &[u8] {
        &self.room[self.start..self.start + self.len]
    }
}

#[test]
fn the_portable_ones_come_first_and_the_best_last() {
    let all: Vec<_> = Instructions::available().collect();
    assert_eq!(all.first(), Some(&Instructions::PORTABLE));
    assert_eq!(all.last(), Some(&Instructions::best()));
    let mut names: Vec<_> = all.iter().map(|instructions| instructions.name()).collect();
    names.dedup();
    assert_eq!(names.len(), all.len(), "{names:?}");
}

#[test]
fn every_octet_is_of_its_classes_at_every_place() {
    for octet in (0..=255_u8).step_by(if cfg!(miri) { 15 } else { 1 }) {
        // Miri is not there for the values: each octet at one place will do.
        let (places, all_around) = match usize::from(octet) % 64 {
            place if cfg!(miri) => (place..place + 1, &b"a"[..]),
            _ => (0..64, &b"a\n\t\xFF"[..]),
        };
        for (place, &around) in places.flat_map(|place| all_around.iter().map(move |around| (place, around))) {
            let mut octets = [around; 64];
            octets[place] = octet;
            let view = view_of(&octets);
            for instructions in Instructions::available() {
                assert_eq!(instructions.run(Controls(&octets)), naive::controls(&octets), "{octet:02X} at {place}");
                if place < 32
                    && let Some(half) = octets.first_chunk::<32>()
                {
                    let got = instructions.run(ControlsOfHalf(half));
                    assert_eq!(u64::from(got), naive::controls(half), "{octet:02X} at {place}");
                }
                if around == b'a' {
                    assert_token_len(view, place.saturating_sub(WINDOW - 1), instructions);
                    assert_token_len(view, place, instructions);
                    assert_is_path_and_query(view, place / 2..64, instructions);
                    assert_is_path_and_query(view, 0..place + 1, instructions);
                }
            }
        }
    }
}

#[test]
fn bits_are_counted() {
    let mut noise = Noise::new(64);
    let few = (0..64).map(|bit| 1 << bit).chain([0, u64::MAX]);
    // Of numbers by chance some have few bits, and some have many.
    let by_chance = (0..40).map(|_| noise.below(usize::MAX) as u64 & noise.below(usize::MAX) as u64);
    for bits in few.chain(by_chance) {
        let wanted = (0..64).filter(|bit| bits >> bit & 1 == 1).count();
        for instructions in Instructions::available() {
            for (bits, wanted) in [(bits, wanted), (!bits, 64 - wanted)] {
                assert_eq!(instructions.run(Count(bits, PhantomData)), wanted, "{instructions:?}: {bits:064b}");
            }
        }
    }
}

/// One control in what is clear otherwise is never passed, and what is clear is passed but for less than a step.
#[test]
fn clear_octets_end_at_the_first_control() {
    let mut octets: Vec<u8> = (0..300).map(|at| [b'a', b' ', 0x80, 0xFF, b'~', b'!'][at % 6]).collect();
    let step = if cfg!(miri) { 37 } else { 1 };
    for instructions in Instructions::available() {
        for len in (0..octets.len()).step_by(step) {
            let clear = instructions.run(ClearLen(&octets[..len]));
            assert!(clear <= len && len - clear < LONGEST_STEP, "{instructions:?}: {clear} of {len}");
        }
        for place in (0..octets.len()).step_by(step) {
            let was = octets[place];
            for control in (0..=255).filter(|&octet| naive::is_control(octet)) {
                if cfg!(miri) && !matches!(control, 0x00 | 0x0D | 0x1F | 0x7F) {
                    continue;
                }
                octets[place] = control;
                let clear = instructions.run(ClearLen(&octets));
                assert!(clear <= place, "{instructions:?}: {control:02X} at {place} is passed");
                assert!(place - clear < LONGEST_STEP, "{instructions:?}: {clear} of {place}");
            }
            octets[place] = was;
        }
    }
}

/// Percent signs at each place of a path, right and cut short, across the borders of windows.
#[test]
fn percent_escapes_are_held_at_every_place() {
    let lengths: &[usize] = if cfg!(miri) { &[3, 34] } else { &[1, 2, 3, 4, 31, 32, 33, 34, 63, 64, 65, 66, 97, 130] };
    let step = if cfg!(miri) { 6 } else { 1 };
    for &len in lengths {
        let places = (0..len).step_by(step);
        for (place, what) in
            places.flat_map(|place| [&b"%4F"[..], b"%f", b"%", b"%g0", b"%0%"].map(|what| (place, what)))
        {
            // The escape may stick out of the path: what follows the path is no part of it.
            let mut octets = vec![b'a'; len + WINDOW];
            octets[place..place + what.len()].copy_from_slice(what);
            let view = view_of(&octets);
            for instructions in Instructions::available() {
                assert_is_path_and_query(view, 0..len, instructions);
                let Some(to_the_end) = View::of(&octets[..len]) else { continue };
                if place + what.len() <= len {
                    assert_is_path_and_query(to_the_end, 0..len, instructions);
                }
            }
        }
    }
}

/// Rows of each length and at each distance, so that as many as possible begin in a block, and rows lie on every border.
#[test]
fn ends_are_found_in_rows_of_every_length() {
    let (most, step) = if cfg!(miri) { (300, 131) } else { (800, 1) };
    for (row, gap) in
        [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 5), (3, 1), (3, 40), (4, 30), (2, 61), (2, 64), (2, 300)]
    {
        let pattern: Vec<u8> = [vec![b'a'; gap], b"\r\n\r\n"[..row].to_vec()].concat();
        let octets: Vec<u8> = pattern.iter().copied().cycle().take(most).collect();
        for instructions in Instructions::available() {
            for from in (0..80).step_by(step) {
                let view = view_of(&octets);
                assert_ends(view, from, instructions);
            }
            for len in (WINDOW..most).step_by(step.max(5)) {
                let view = view_of(&octets[..len]);
                assert_ends(view, 0, instructions);
            }
        }
    }
}

/// Before a block in which as many rows begin as can, there is every number of ends: also the most with which it is still
/// looked at.
#[test]
fn there_is_room_for_the_ends_of_one_more_block() {
    let befores = if cfg!(miri) { 30..31 } else { 0..66 };
    for (before, gap) in befores.flat_map(|before| [3, 4].map(|gap| (before, gap))) {
        let sparse = [&vec![b'a'; gap][..], b"\n"].concat().repeat(before);
        let octets = [&sparse, &b"a\n".repeat(200)[..]].concat();
        for instructions in Instructions::available() {
            assert_ends(view_of(&octets), 0, instructions);
            assert_ends(view_of(&octets), 1, instructions);
        }
    }
}

#[test]
fn octets_by_chance_are_answered_at_every_length() {
    let mut noise = Noise::new(9112);
    let lengths = if cfg!(miri) { (0..140).step_by(9) } else { (0..420).step_by(1) };
    for len in lengths {
        for _ in 0..if cfg!(miri) { 1 } else { 20 } {
            let octets = Aligned::new(&noise.octets(len), noise.below(64));
            Instructions::available()
                .for_each(|instructions| assert_answers(octets.octets(), instructions, &mut noise));
        }
    }
}

#[test]
fn octets_by_chance_are_answered_at_every_alignment() {
    let mut noise = Noise::new(9110);
    let (step, times) = if cfg!(miri) { (13, 1) } else { (1, 50) };
    for rest in (0..64).step_by(step) {
        for _ in 0..times {
            let len = WINDOW + noise.below(if cfg!(miri) { 200 } else { 700 });
            let octets = Aligned::new(&noise.octets(len), rest);
            assert_eq!(octets.octets().as_ptr().addr() % 64, rest);
            Instructions::available()
                .for_each(|instructions| assert_answers(octets.octets(), instructions, &mut noise));
        }
    }
}

/// Every place and every range of a few texts.
#[test]
fn every_place_of_a_text_is_answered() {
    let mut noise = Noise::new(3986);
    let (times, longest) = if cfg!(miri) { (1, 40) } else { (6, 110) };
    for _ in 0..times {
        let len = WINDOW + noise.below(longest - WINDOW);
        let octets = noise.octets(len);
        let view = view_of(&octets);
        for instructions in Instructions::available() {
            for start in 0..=len {
                assert_token_len(view, start, instructions);
                assert_ends(view, start, instructions);
                for end in (start..=len).step_by(if cfg!(miri) { 7 } else { 1 }) {
                    assert_is_path_and_query(view, start..end, instructions);
                }
            }
        }
    }
}

#[test]
fn a_line_feed_is_found_at_every_place() {
    for len in (0..100).step_by(if cfg!(miri) { 19 } else { 1 }) {
        let mut octets = vec![b'\r'; len];
        assert_eq!(line_feed(&octets), None);
        for place in (0..len).rev() {
            octets[place] = b'\n';
            assert_eq!(line_feed(&octets), Some(place), "of {len}");
        }
    }
}
