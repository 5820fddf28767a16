//! Lanes of 16 octets with NEON, which every 64-bit ARM that runs an operating system has.
#![expect(unsafe_code, reason = "instructions that the compiler asks a promise for, and loads")]

use core::arch::aarch64::{
    uint8x16_t, vandq_u8, vbicq_u8, vceqq_u8, vcltq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vmaxvq_u8, vminq_u8,
    vorrq_u8, vpaddq_u8, vqtbl1q_u8, vreinterpretq_u64_u8, vshrq_n_u8,
};
use core::ops::Range;

use super::lanes::Lanes;
use super::nibbles::Nibbles;
use super::vectors::{are_path_and_query, bits};
use super::view::View;

/// NEON, a part of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Neon;

#[inline]
#[target_feature(enable = "neon")]
fn load(octets: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the array has the 16 octets that are read, and they need no alignment.
    unsafe { vld1q_u8(octets.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn is(octets: uint8x16_t, octet: u8) -> uint8x16_t {
    vceqq_u8(octets, vdupq_n_u8(octet))
}

/// Controls other than HTAB, all bits of an octet set or none.
#[inline]
#[target_feature(enable = "neon")]
fn controls(octets: uint8x16_t) -> uint8x16_t {
    let low = vcltq_u8(octets, vdupq_n_u8(0x20));
    vorrq_u8(vbicq_u8(low, is(octets, b'\t')), is(octets, 0x7F))
}

/// Octets outside of a class, all bits of an octet set or none.
#[inline]
#[target_feature(enable = "neon")]
fn outside(octets: &[u8; 16], class: &Nibbles) -> uint8x16_t {
    let octets = load(octets);
    // An index beyond the table looks nothing up; obs-text has upper halves whose bit is none.
    let uppers_of_lower = vqtbl1q_u8(load(&class.uppers_of_lower), vandq_u8(octets, vdupq_n_u8(0x0F)));
    let bit_of_upper = vqtbl1q_u8(load(&Nibbles::BIT_OF_UPPER), vshrq_n_u8::<4>(octets));
    is(vandq_u8(uppers_of_lower, bit_of_upper), 0)
}

/// One bit for each octet of four vectors: there is no instruction for it, but adding neighbours three times does it.
#[inline]
#[target_feature(enable = "neon")]
fn mask(a: uint8x16_t, b: uint8x16_t, c: uint8x16_t, d: uint8x16_t) -> u64 {
    let bits = load(&[1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
    let first = vpaddq_u8(vandq_u8(a, bits), vandq_u8(b, bits));
    let last = vpaddq_u8(vandq_u8(c, bits), vandq_u8(d, bits));
    let eighths = vpaddq_u8(first, last);
    vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(eighths, eighths)))
}

#[inline]
#[target_feature(enable = "neon")]
fn outside_of_window(block: &[u8; 32], class: &Nibbles) -> u32 {
    let [a, b] = block.as_chunks::<16>().0 else { return 0 };
    let none = vdupq_n_u8(0);
    mask(outside(a, class), outside(b, class), none, none) as u32
}

#[inline]
#[target_feature(enable = "neon")]
fn controls_of_half(block: &[u8; 32]) -> u32 {
    let [a, b] = block.as_chunks::<16>().0 else { return 0 };
    let none = vdupq_n_u8(0);
    mask(controls(load(a)), controls(load(b)), none, none) as u32
}

#[inline]
#[target_feature(enable = "neon")]
fn controls_of_block(block: &[u8; 64]) -> u64 {
    let [a, b, c, d] = block.as_chunks::<16>().0 else { return 0 };
    mask(controls(load(a)), controls(load(b)), controls(load(c)), controls(load(d)))
}

/// Four vectors at a time without any control or HTAB.
#[inline]
#[target_feature(enable = "neon")]
fn clear_len(octets: &[u8]) -> usize {
    let (blocks, _) = octets.as_chunks::<64>();
    for (count, block) in blocks.iter().enumerate() {
        let [a, b, c, d] = block.as_chunks::<16>().0 else { break };
        let (a, b, c, d) = (load(a), load(b), load(c), load(d));
        let low = vcltq_u8(vminq_u8(vminq_u8(a, b), vminq_u8(c, d)), vdupq_n_u8(0x20));
        let delete = vorrq_u8(vorrq_u8(is(a, 0x7F), is(b, 0x7F)), vorrq_u8(is(c, 0x7F), is(d, 0x7F)));
        if vmaxvq_u8(vorrq_u8(low, delete)) != 0 {
            return count * 64;
        }
    }
    blocks.len() * 64
}

// SAFETY: `count` counts every bit.
unsafe impl Lanes for Neon {
    #[inline(always)]
    fn controls(self, block: &[u8; 64]) -> u64 {
        // SAFETY: NEON is a part of the targets that this module is compiled for.
        unsafe { controls_of_block(block) }
    }

    #[inline(always)]
    fn controls_of_half(self, block: &[u8; 32]) -> u32 {
        // SAFETY: as above.
        unsafe { controls_of_half(block) }
    }

    #[inline(always)]
    fn clear_len(self, octets: &[u8]) -> usize {
        // SAFETY: as above.
        unsafe { clear_len(octets) }
    }

    #[inline(always)]
    fn count(self, bits: u64) -> usize {
        bits.count_ones() as usize
    }

    #[inline(always)]
    fn token_len(self, view: View<'_>, at: usize) -> usize {
        // SAFETY: as above.
        bits(view, at, |window| unsafe { outside_of_window(window, &Nibbles::TCHAR) }).trailing_zeros() as usize
    }

    #[inline(always)]
    fn is_path_and_query(self, view: View<'_>, range: Range<usize>) -> bool {
        // SAFETY: as above.
        are_path_and_query(view, range, |block| unsafe { outside_of_window(block, &Nibbles::QUERY) })
    }
}
