//! Where the lines of a head end: one pass over its octets, before any of them is read as anything.

use super::lanes::{Lanes, WINDOW};
use crate::fields::FieldSpan;

/// The ends of lines that were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    /// How many there are.
    pub(crate) count: usize,
    /// Offset of the empty line that ends the head, if it is there.
    pub(crate) empty_line: Option<usize>,
}

/// Finds the ends of the lines of `view` from `from` on, as many as there are slots for: the offset of the control that
/// ends line `i` is left in the end of the value of slot `i`.
///
/// The first of several controls in a row (HTAB is none) is taken for the end of a line and the third for an empty line,
/// which they are in a head that is right; whether they are CRLF is for the caller to see. The view has at least
/// [`WINDOW`] octets.
#[inline(always)]
pub(crate) fn ends<L: Lanes>(lanes: L, view: &[u8], from: usize, slots: &mut [FieldSpan]) -> Ends {
    let mut found = Found { slots, count: 0, last: 0, last_two: 0 };
    let mut at = from;
    let mut clear_blocks = 0;
    while let Some(block) = view.get(at..).and_then(<[u8]>::first_chunk) {
        let mask = lanes.controls(block);
        if mask != 0 {
            clear_blocks = 0;
            if let Some(ends) = found.take(mask, at) {
                return ends;
            }
        } else {
            (found.last, found.last_two) = (0, 0);
            clear_blocks += 1;
            // Not after the first one: most values that fill a block end in the next.
            if clear_blocks == 2 {
                clear_blocks = 0;
                at += lanes.clear_len(&view[at + 64..]);
            }
        }
        at += 64;
    }
    if at < view.len() {
        // The last octets of the view, shifted so that the first bit is that of the octet at `at`.
        let mask = match view.last_chunk() {
            Some(block) => lanes.controls(block) >> (at + 64 - view.len()),
            None => {
                let halves = view.first_chunk::<WINDOW>().zip(view.last_chunk());
                let (first, last) = halves.expect("the view has at least so many octets");
                let first = u64::from(lanes.controls_of_half(first));
                let last = u64::from(lanes.controls_of_half(last));
                (first | last << (view.len() - WINDOW)) >> at
            }
        };
        if let Some(ends) = found.take(mask, at) {
            return ends;
        }
    }
    Ends { count: found.count, empty_line: None }
}

struct Found<'s> {
    slots: &'s mut [FieldSpan],
    count: usize,
    /// Whether the octet before the block is a control, as a bit.
    last: u64,
    /// The same of the two octets before the block, the first one lower.
    last_two: u64,
}

impl Found<'_> {
    /// Takes the controls of the block at `at`; answers when there is no more to be found.
    #[inline(always)]
    fn take(&mut self, mask: u64, at: usize) -> Option<Ends> {
        /// Ends that are stored whether they are there or not, which costs less than to ask.
        const AT_ONCE: usize = 2;
        let second = mask << 1 | self.last;
        let third = mask & second & (mask << 2 | self.last_two);
        // Nothing after the third of a row is looked at.
        let mut starts = mask & !second & (third ^ third.wrapping_sub(1));
        // Shifted here and not above, or else the compiler finds an instruction for both shifts that is slow.
        (self.last, self.last_two) = (mask >> 63, mask >> 62);
        let mut left = starts.count_ones() as usize;
        let mut next = || {
            let end = at as u32 + starts.trailing_zeros();
            starts &= starts.wrapping_sub(1);
            end
        };
        let full = Some(Ends { count: self.slots.len(), empty_line: None });
        let mut place = self.count;
        if let Some(slots) = self.slots.get_mut(place..place + AT_ONCE) {
            for slot in slots {
                slot.value.end = next();
            }
            place += AT_ONCE.min(left);
            left -= AT_ONCE.min(left);
        }
        while left > 0 {
            let Some(slot) = self.slots.get_mut(place) else { return full };
            slot.value.end = next();
            place += 1;
            left -= 1;
        }
        self.count = place;
        (third != 0).then(|| Ends { count: place, empty_line: Some(at + third.trailing_zeros() as usize) })
    }
}
