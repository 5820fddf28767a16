//! Lanes of eight octets in a 64-bit word, without instructions of any particular CPU.

use core::ops::Range;

use super::lanes::Lanes;
use super::view::{View, WINDOW};
use crate::bytes::{is_query, is_tchar};
use crate::host::is_percent_encoded;

/// Plain code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable;

/// Every octet of a word the same.
const fn splat(octet: u8) -> u64 {
    u64::from_ne_bytes([octet; 8])
}

/// The most significant bit of each octet that is a control other than HTAB.
#[inline(always)]
const fn controls(word: u64) -> u64 {
    const HIGH: u64 = splat(0x80);
    // No addition carries into the next octet, because none has its most significant bit set.
    let low = word & !HIGH;
    let from_space = low + splat(0x80 - 0x20);
    let not_tab = (low ^ splat(b'\t')) + splat(0x7F);
    let delete = low + splat(1);
    ((!from_space & not_tab) | delete) & !word & HIGH
}

/// The most significant bits of the octets side by side, the first octet's lowest.
#[inline(always)]
const fn gather(word: u64) -> u64 {
    (word >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[inline(always)]
fn words(octets: &[u8]) -> impl Iterator<Item = u64> {
    octets.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default()))
}

impl Lanes for Portable {
    #[inline(always)]
    fn controls(self, block: &[u8; 64]) -> u64 {
        words(block).enumerate().fold(0, |mask, (at, word)| mask | gather(controls(word)) << (8 * at))
    }

    #[inline(always)]
    fn controls_of_half(self, block: &[u8; 32]) -> u32 {
        words(block).enumerate().fold(0, |mask, (at, word)| mask | (gather(controls(word)) as u32) << (8 * at))
    }

    #[inline(always)]
    fn clear_len(self, octets: &[u8]) -> usize {
        let is_clear = |block: &&[u8]| words(block).fold(0, |found, word| found | controls(word)) == 0;
        octets.chunks_exact(32).take_while(is_clear).count() * 32
    }

    #[inline(always)]
    fn token_len(self, view: View<'_>, at: usize) -> usize {
        let octets = &view[at..view.len().min(at + WINDOW)];
        octets.iter().position(|&octet| !is_tchar(octet)).unwrap_or(WINDOW)
    }

    #[inline(always)]
    fn is_path_and_query(self, view: View<'_>, range: Range<usize>) -> bool {
        let text = &view[range];
        let is_fine = |(at, &octet): (usize, &u8)| is_query(octet) || is_percent_encoded(&text[at..]);
        text.iter().enumerate().all(is_fine)
    }
}
