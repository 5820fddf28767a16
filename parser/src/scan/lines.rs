//! Where the lines of a head end: one pass over its octets, before any of them is read as anything.
#![expect(unsafe_code, reason = "a list that is not written before it is filled")]

use core::mem::MaybeUninit;

use super::lanes::Lanes;
use super::view::{View, WINDOW};

/// Octets of a block that the next one looks at again, to see whether a control at its start is the first of its row.
const OVERLAP: usize = 1;
/// Rows of controls that can begin in one block.
const MOST_OF_BLOCK: usize = 32;
/// With so many ends there may be no room for those of another block.
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
    /// The first of several controls in a row (HTAB is none) is taken for the end of a line, and three in a row for an
    /// empty line behind that, which they are in a head that is right. Whether they are CRLF is for the caller to see,
    /// and that the first octet is no control.
    #[inline(always)]
    pub(crate) fn find<L: Lanes>(&mut self, lanes: L, view: View<'_>, from: usize) -> Ends<'_> {
        let (mut at, mut count, mut before) = (from, 0, 1);
        let mut is_cut = false;
        loop {
            let Some(block) = view.block(at) else {
                if at < view.len() {
                    (count, _) = self.take(count, tail(lanes, view, at), at);
                }
                break;
            };
            let mask = lanes.controls(block);
            let has_empty_line;
            (count, has_empty_line) = self.take(count, mask, at);
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
        let written = &self.0[..count.min(self.0.len())];
        // SAFETY: so many have been written, and MaybeUninit has the layout of what it holds.
        let offsets = unsafe { &*(core::ptr::from_ref(written) as *const [u32]) };
        Ends { offsets, is_cut }
    }

    /// Takes the controls of the block at `at`, after `count` ends that are there. How many there are then, and whether
    /// an empty line comes after them.
    #[inline(always)]
    fn take(&mut self, count: usize, mask: u64, at: usize) -> (usize, bool) {
        // Bit 0 belongs to the block before.
        let behind = mask << 1 | 1;
        let starts = mask & !behind;
        let third = mask & mask << 2 & behind;
        let mut left = starts;
        let mut next = || {
            let end = at as u32 + left.trailing_zeros();
            left &= left.wrapping_sub(1);
            MaybeUninit::new(end)
        };
        // Two are stored whether they are there or not, which costs less than to ask.
        self.0[count] = next();
        self.0[count + 1] = next();
        let added = starts.count_ones() as usize;
        if added > 2 {
            for place in &mut self.0[count + 2..count + added] {
                *place = next();
            }
        }
        if third != 0 {
            // Nothing after the empty line counts.
            let before = starts & (third ^ (third - 1));
            return (count + before.count_ones() as usize, true);
        }
        (count + added, false)
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
