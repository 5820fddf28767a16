//! Lanes of 16 octets with SSE2, which every x86-64 has.
#![expect(unsafe_code, reason = "instructions that the compiler asks a promise for, and loads")]

use core::arch::x86_64::{
    __m128i, _mm_andnot_si128, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
    _mm_set1_epi8, _mm_sub_epi8,
};
use core::ops::Range;

use super::lanes::{Lanes, few};
use super::vectors::{are_path_and_query, bits};
use super::view::View;

/// SSE2, a part of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sse2;

#[inline]
#[target_feature(enable = "sse2")]
fn load(octets: &[u8; 16]) -> __m128i {
    // SAFETY: the array has the 16 octets that are read, and they need no alignment.
    unsafe { _mm_loadu_si128(octets.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
fn mask(octets: __m128i) -> u32 {
    _mm_movemask_epi8(octets).cast_unsigned()
}

#[inline]
#[target_feature(enable = "sse2")]
fn any<const N: usize>(vectors: [__m128i; N]) -> __m128i {
    let [first, rest @ ..] = &vectors[..] else { return _mm_set1_epi8(0) };
    rest.iter().fold(*first, |all, &vector| _mm_or_si128(all, vector))
}

#[inline]
#[target_feature(enable = "sse2")]
fn is(octets: __m128i, octet: u8) -> __m128i {
    _mm_cmpeq_epi8(octets, _mm_set1_epi8(octet.cast_signed()))
}

/// Octets of an inclusive range.
#[inline]
#[target_feature(enable = "sse2")]
fn within(octets: __m128i, from: u8, to: u8) -> __m128i {
    let distance = _mm_sub_epi8(octets, _mm_set1_epi8(from.cast_signed()));
    _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8((to - from).cast_signed())), distance)
}

/// Controls other than HTAB.
#[inline]
#[target_feature(enable = "sse2")]
fn controls(octets: __m128i) -> u32 {
    mask(_mm_or_si128(_mm_andnot_si128(is(octets, b'\t'), within(octets, 0, 0x1F)), is(octets, 0x7F)))
}

/// Octets that are not `tchar`.
#[inline]
#[target_feature(enable = "sse2")]
fn not_tchar(octets: &[u8; 16]) -> u32 {
    let octets = load(octets);
    !mask(any([
        within(octets, b'^', b'z'),
        within(octets, b'A', b'Z'),
        within(octets, b'0', b'9'),
        within(octets, b'-', b'.'),
        within(octets, b'*', b'+'),
        within(octets, b'#', b'\''),
        is(octets, b'!'),
        is(octets, b'|'),
        is(octets, b'~'),
    ])) & 0xFFFF
}

/// Octets that are not of a path with its query, among them the percent sign.
#[inline]
#[target_feature(enable = "sse2")]
fn not_query(octets: &[u8; 16]) -> u32 {
    let octets = load(octets);
    !mask(any([
        within(octets, b'a', b'z'),
        within(octets, b'?', b'Z'),
        within(octets, b'&', b';'),
        is(octets, b'='),
        is(octets, b'_'),
        is(octets, b'~'),
        is(octets, b'!'),
        is(octets, b'$'),
    ])) & 0xFFFF
}

#[inline]
#[target_feature(enable = "sse2")]
fn not_tchar_of_window(block: &[u8; 32]) -> u32 {
    let [first, last] = block.as_chunks::<16>().0 else { return 0 };
    not_tchar(first) | not_tchar(last) << 16
}

#[inline]
#[target_feature(enable = "sse2")]
fn not_query_of_window(block: &[u8; 32]) -> u32 {
    let [first, last] = block.as_chunks::<16>().0 else { return 0 };
    not_query(first) | not_query(last) << 16
}

#[inline]
#[target_feature(enable = "sse2")]
fn controls_of_half(block: &[u8; 32]) -> u32 {
    let [first, last] = block.as_chunks::<16>().0 else { return 0 };
    controls(load(first)) | controls(load(last)) << 16
}

/// Four vectors at a time without any control or HTAB.
#[inline]
#[target_feature(enable = "sse2")]
fn clear_len(octets: &[u8]) -> usize {
    let (blocks, _) = octets.as_chunks::<64>();
    for (count, block) in blocks.iter().enumerate() {
        let [a, b, c, d] = block.as_chunks::<16>().0 else { break };
        let (a, b, c, d) = (load(a), load(b), load(c), load(d));
        let least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
        let found = any([within(least, 0, 0x1F), is(a, 0x7F), is(b, 0x7F), is(c, 0x7F), is(d, 0x7F)]);
        if mask(found) != 0 {
            return count * 64;
        }
    }
    blocks.len() * 64
}

// SAFETY: `count` counts every bit.
unsafe impl Lanes for Sse2 {
    #[inline(always)]
    fn controls(self, block: &[u8; 64]) -> u64 {
        let [first, last] = block.as_chunks::<32>().0 else { return 0 };
        u64::from(self.controls_of_half(first)) | u64::from(self.controls_of_half(last)) << 32
    }

    #[inline(always)]
    fn controls_of_half(self, block: &[u8; 32]) -> u32 {
        // SAFETY: SSE2 is a part of the baseline.
        unsafe { controls_of_half(block) }
    }

    #[inline(always)]
    fn clear_len(self, octets: &[u8]) -> usize {
        // SAFETY: as above.
        unsafe { clear_len(octets) }
    }

    #[inline(always)]
    fn count(self, bits: u64) -> usize {
        few(bits)
    }

    #[inline(always)]
    fn token_len(self, view: View<'_>, at: usize) -> usize {
        // SAFETY: as above.
        bits(view, at, |window| unsafe { not_tchar_of_window(window) }).trailing_zeros() as usize
    }

    #[inline(always)]
    fn is_path_and_query(self, view: View<'_>, range: Range<usize>) -> bool {
        // SAFETY: as above.
        are_path_and_query(view, range, |block| unsafe { not_query_of_window(block) })
    }
}
