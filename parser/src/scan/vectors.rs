//! What the implementations with vectors share: looking at a window where one is left, and at the last one where not.

use core::ops::Range;

use super::view::{View, WINDOW};
use crate::host::is_percent_encoded;

/// A bit for each of the [`WINDOW`] octets from `at` on, or for those that are left, where `of` answers for all octets of a
/// window. Nothing is read past the end of the view: near it the last window is looked at, and shifted.
#[inline(always)]
pub(crate) fn bits(view: View<'_>, at: usize, of: impl Fn(&[u8; WINDOW]) -> u32) -> u32 {
    match view.block(at) {
        Some(window) => of(window),
        None => {
            let before = at + WINDOW - view.len();
            of(view.last_window()).checked_shr(before as u32).unwrap_or_default()
        }
    }
}

/// [`Lanes::is_path_and_query`] for those that can tell which octets of a window are not in `is_query`, of which a percent
/// sign is one.
#[inline(always)]
pub(crate) fn are_path_and_query(view: View<'_>, range: Range<usize>, others: impl Fn(&[u8; WINDOW]) -> u32) -> bool {
    let is_fine = |mut bad: u32, at: usize| {
        while bad != 0 {
            if !is_percent_encoded(&view[at + bad.trailing_zeros() as usize..range.end]) {
                return false;
            }
            bad &= bad - 1;
        }
        true
    };
    let len = range.len();
    if len < WINDOW {
        return is_fine(bits(view, range.start, &others) & ((1 << len) - 1), range.start);
    }
    // Whole windows, the last of which ends where the range does.
    let last = range.end - WINDOW;
    let mut at = range.start;
    loop {
        if !view.block(at).is_some_and(|window| is_fine(others(window), at)) {
            return false;
        }
        if at == last {
            return true;
        }
        at = last.min(at + WINDOW);
    }
}
