//! Lanes of eight octets in a 64-bit word, without instructions of any particular CPU.
#![expect(unsafe_code, reason = "a promise about an answer, as `Lanes` asks for")]

use core::ops::Range;

use super::lanes::{Lanes, few};
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

/// The most significant bits of the octets of eight words side by side, the first octet's lowest.
#[inline(always)]
fn gather(words: [u64; 8]) -> u64 {
    // Octet `j` gets bit `k` from word `k`: a matrix of eight rows of eight bits, turned around below. A multiplication a
    // word would do the same, but where compilers make vector code of it that is slow.
    let mut bits = 0;
    for (at, word) in words.into_iter().enumerate() {
        bits |= word >> (7 - at);
    }
    let swap = |bits: u64, apart: u32, which: u64| {
        let differ = (bits ^ bits >> apart) & which;
        bits ^ differ ^ differ << apart
    };
    let bits = swap(bits, 7, 0x00AA_00AA_00AA_00AA);
    let bits = swap(bits, 14, 0x0000_CCCC_0000_CCCC);
    swap(bits, 28, 0x0000_0000_F0F0_F0F0)
}

/// The words of the octets; behind their end, words of NUL.
#[inline(always)]
fn words<const N: usize>(octets: &[u8; N]) -> [u64; 8] {
    let mut words = [0; 8];
    for (word, octets) in words.iter_mut().zip(octets.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*octets);
    }
    words
}

// SAFETY: `count` counts every bit.
unsafe impl Lanes for Portable {
    #[inline(always)]
    fn controls(self, block: &[u8; 64]) -> u64 {
        gather(words(block).map(controls))
    }

    #[inline(always)]
    fn controls_of_half(self, block: &[u8; 32]) -> u32 {
        gather(words(block).map(controls)) as u32
    }

    #[inline(always)]
    fn clear_len(self, octets: &[u8]) -> usize {
        let (blocks, _) = octets.as_chunks::<64>();
        let is_clear = |block: &&[u8; 64]| words(block).map(controls).iter().fold(0, |found, word| found | word) == 0;
        blocks.iter().take_while(is_clear).count() * 64
    }

    #[inline(always)]
    fn count(self, bits: u64) -> usize {
        few(bits)
    }

    #[inline(always)]
    fn token_len(self, view: View<'_>, at: usize) -> usize {
        let Some(window) = view.block::<WINDOW>(at) else {
            return view[at..].iter().position(|&octet| !is_tchar(octet)).unwrap_or(WINDOW);
        };
        // Four at a time, so that the end is asked for once in four.
        for (place, four) in window.as_chunks::<4>().0.iter().enumerate() {
            for (offset, &octet) in four.iter().enumerate() {
                if !is_tchar(octet) {
                    return 4 * place + offset;
                }
            }
        }
        WINDOW
    }

    #[inline(always)]
    fn is_path_and_query(self, view: View<'_>, range: Range<usize>) -> bool {
        let text = &view[range];
        // All octets without a question at each; a percent sign is worth a second look.
        let is_plain = text.iter().fold(true, |is_plain, &octet| is_plain & is_query(octet));
        let is_fine = |(at, &octet): (usize, &u8)| is_query(octet) || is_percent_encoded(&text[at..]);
        is_plain || text.iter().enumerate().all(is_fine)
    }
}
