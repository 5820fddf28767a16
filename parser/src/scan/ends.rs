//! Where the lines of a head end: one pass over its octets, before any of them is read as anything.
#![expect(unsafe_code, reason = "a list that is not written before it is filled")]

use core::mem::MaybeUninit;

use super::lanes::Lanes;
use super::view::{View, WINDOW};

/// Octets of a block that the next one looks at again, to see whether a control at its start is the first of its row.
const OVERLAP: usize = 1;
/// Rows of controls that can begin in one block.
const MOST_OF_BLOCK: usize = 32;
/// With more ends than these there may be no room for those of another block.
const ENOUGH: usize = 128;

/// Room for the ends of lines.
pub(crate) struct Room([MaybeUninit<u32>; ENOUGH + MOST_OF_BLOCK]);

/// The ends of the next lines of a head.
#[derive(Debug)]
pub(crate) struct Ends<'r> {
    /// Offsets of the controls that end lines.
    pub(crate) offsets: &'r [u32],
    /// Whether there may be more lines than there was room for.
    pub(crate) is_cut: bool,
}

impl Room {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; ENOUGH + MOST_OF_BLOCK])
    }

    /// Finds the ends of the lines of `view` from `from` on up to the first empty line, or of a good many.
    ///
    /// The first of several controls in a row (HTAB is none) is taken for the end of a line, and four in a row for an
    /// empty line behind that, which they are in a head that is right; three may be. Whether they are CRLF is for the
    /// caller to see, and that the first octet is no control.
    #[inline(always)]
    pub(crate) fn find<L: Lanes>(&mut self, lanes: L, view: View<'_>, from: usize) -> Ends<'_> {
        let (mut at, mut count, mut before) = (from, 0, 1);
        let mut is_cut = false;
        loop {
            let Some(block) = view.block(at) else {
                if at < view.len() {
                    (count, _) = self.take(lanes, count, tail(lanes, view, at), at);
                }
                break;
            };
            let mask = lanes.controls(block);
            let has_empty_line;
            (count, has_empty_line) = self.take(lanes, count, mask, at);
            if has_empty_line {
                break;
            }
            if count > ENOUGH {
                is_cut = true;
                break;
            }
            // Two blocks without a control: a long value. After one it would not be worth it.
            if mask | before == 0 {
                at += lanes.clear_len(&view[at + 64..]);
            }
            before = mask;
            at += 64 - OVERLAP;
        }
        // SAFETY: `take` has written as many as it has counted (`Lanes::count` is exact), one after the other from the first
        // on, and writes beyond the end would have panicked; MaybeUninit has the layout of what it holds.
        let offsets = unsafe { core::slice::from_raw_parts(self.0.as_ptr().cast::<u32>(), count) };
        Ends { offsets, is_cut }
    }

    /// Takes the controls of the block at `at`, after `count` ends that are there. How many there are then, and whether
    /// an empty line comes after them.
    #[inline(always)]
    fn take<L: Lanes>(&mut self, lanes: L, count: usize, mask: u64, at: usize) -> (usize, bool) {
        // Bit 0 belongs to the block before.
        let behind = mask.wrapping_add(mask) + 1;
        let left = mask & !behind;
        let added = lanes.count(left);
        let third = mask & mask << 2 & behind;
        if third != 0 {
            // Nothing after the empty line counts.
            let before = left & (third ^ (third - 1));
            self.store(count, left, at);
            return (count + lanes.count(before), true);
        }
        self.store(count, left, at);
        (count + added, false)
    }

    /// Stores the offset of each bit, the first one at that place.
    #[inline(always)]
    fn store(&mut self, place: usize, mut bits: u64, at: usize) {
        let mut next = || {
            // Where there is no bit left, the offset means nothing, and may be past the last one of 32 bits.
            let offset = (at as u32).wrapping_add(bits.trailing_zeros());
            bits &= bits.wrapping_sub(1);
            (MaybeUninit::new(offset), bits)
        };
        // Two are stored whether they are there or not, which costs less than to ask.
        let (first, _) = next();
        let (second, mut left) = next();
        self.0[place] = first;
        self.0[place + 1] = second;
        let mut place = place + 2;
        while left != 0 {
            (self.0[place], left) = next();
            place += 1;
        }
    }
}

/// The controls of the fewer than 64 octets from `at` on.
#[inline(always)]
fn tail<L: Lanes>(lanes: L, view: View<'_>, at: usize) -> u64 {
    let len = view.len();
    // The last octets of the view, shifted so that the first bit is that of the octet at `at`.
    let (mask, from) = match view.last_chunk() {
        Some(block) => (lanes.controls(block), len - 64),
        None => {
            let first = view.block(0).map_or(0, |window| lanes.controls_of_half(window));
            let last = lanes.controls_of_half(view.last_window());
            (u64::from(first) | u64::from(last) << (len - WINDOW), 0)
        }
    };
    mask >> ((at - from) & 63)
}
