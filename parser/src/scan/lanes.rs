//! What is asked of an instruction set.

use core::ops::Range;

use crate::host::is_percent_encoded;

/// Octets that a view must have at least to be looked at in lanes.
pub(crate) const WINDOW: usize = 32;

/// Questions about octets that special instructions answer faster than a loop.
///
/// A value is proof that this CPU has the instructions. All methods are to be inlined into a function that was compiled
/// for them ([`Task`](super::Task)).
pub(crate) trait Lanes: Copy {
    /// Bit `i` says whether octet `i` is a control other than HTAB.
    fn controls(self, block: &[u8; 64]) -> u64;

    /// As [`controls`](Self::controls), for half a block.
    fn controls_of_half(self, block: &[u8; 32]) -> u32;

    /// How many octets at the start of `octets` are certainly no controls, in steps of the implementation's own: the
    /// fast way through long values. It may stop anywhere, and an octet in doubt is for [`controls`](Self::controls).
    fn clear_len(self, octets: &[u8]) -> usize;

    /// How many octets from `at` on are `tchar`; a number from what is left of the [`WINDOW`] on means all of those. The
    /// view has at least [`WINDOW`] octets.
    fn token_len(self, view: &[u8], at: usize) -> usize;

    /// Whether the octets of that range may stand in a path and its query (RFC 3986 sections 3.3 and 3.4), each percent
    /// sign with its two hexadecimal digits. The view has at least [`WINDOW`] octets.
    fn is_path_and_query(self, view: &[u8], range: Range<usize>) -> bool;
}

/// The [`WINDOW`] octets from `at` on. Where fewer are left it is the last ones of the view, so that nothing is read
/// past its end; the number says how many octets before `at` it begins.
#[inline(always)]
pub(crate) fn window(view: &[u8], at: usize) -> (&[u8; WINDOW], u32) {
    let from = at.min(view.len() - WINDOW);
    let block = view[from..].first_chunk().expect("there are as many octets left");
    (block, (at - from) as u32)
}

/// [`Lanes::is_path_and_query`] for those that can tell which octets of a window are not in `is_query`, of which a percent
/// sign is one.
#[inline(always)]
pub(crate) fn are_path_and_query(view: &[u8], range: Range<usize>, others: impl Fn(&[u8; WINDOW]) -> u32) -> bool {
    let mut at = range.start;
    while at < range.end {
        let (block, before) = window(view, at);
        let left = range.end - at;
        let mut bad = others(block) >> before;
        if left < WINDOW {
            bad &= (1 << left) - 1;
        }
        while bad != 0 {
            if !is_percent_encoded(&view[at + bad.trailing_zeros() as usize..range.end]) {
                return false;
            }
            bad &= bad - 1;
        }
        at += WINDOW;
    }
    true
}
