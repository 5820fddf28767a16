//! What is asked of an instruction set.
#![expect(unsafe_code, reason = "one of the answers says how much of a list has been written")]

use core::ops::Range;

use super::view::View;

/// Questions about octets that special instructions answer faster than a loop.
///
/// A value is proof that this CPU has the instructions. All methods are to be inlined into a function that was compiled
/// for them ([`Task`](super::Task)).
///
/// # Safety
/// [`count`](Self::count) is exact: it says how much of a list has been written.
pub(crate) unsafe trait Lanes: Copy {
    /// Bit `i` says whether octet `i` is a control other than HTAB.
    fn controls(self, block: &[u8; 64]) -> u64;

    /// As [`controls`](Self::controls), for half a block.
    fn controls_of_half(self, block: &[u8; 32]) -> u32;

    /// How many octets at the start of `octets` are certainly no controls, in steps of the implementation's own: the
    /// fast way through long values. It may stop anywhere, and an octet in doubt is for [`controls`](Self::controls).
    fn clear_len(self, octets: &[u8]) -> usize;

    /// How many bits are set, mostly two or fewer.
    fn count(self, bits: u64) -> usize;

    /// How many octets from `at` on are `tchar`, of the [`WINDOW`] there; [`WINDOW`] if it is all that are left.
    fn token_len(self, view: View<'_>, at: usize) -> usize;

    /// Whether the octets of that range may stand in a path and its query (RFC 3986 sections 3.3 and 3.4), each percent
    /// sign with its two hexadecimal digits.
    fn is_path_and_query(self, view: View<'_>, range: Range<usize>) -> bool;
}

/// [`Lanes::count`] where there is no instruction for it.
#[inline(always)]
pub(crate) fn few(bits: u64) -> usize {
    let without_first = bits & bits.wrapping_sub(1);
    let mut left = without_first & without_first.wrapping_sub(1);
    let mut count = usize::from(bits != 0) + usize::from(without_first != 0);
    while left != 0 {
        left &= left - 1;
        count += 1;
    }
    count
}
