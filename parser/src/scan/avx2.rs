//! Lanes of 32 octets with AVX2.
#![expect(unsafe_code, reason = "instructions that not every CPU has, and loads")]

use core::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi16,
};
use core::ops::Range;

use super::instructions::Task;
use super::lanes::Lanes;
use super::nibbles::Nibbles;
use super::vectors::{are_path_and_query, bits};
use super::view::View;

/// AVX2 with the bit instructions that its CPUs have. A value exists only where they were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// Whether the CPU, or without `std` the target, has them.
    #[inline]
    pub(crate) fn detected() -> Option<Self> {
        #[cfg(not(feature = "std"))]
        let found = cfg!(all(
            target_feature = "avx2",
            target_feature = "bmi1",
            target_feature = "bmi2",
            target_feature = "lzcnt",
            target_feature = "popcnt"
        ));
        #[cfg(feature = "std")]
        let found = detection::found();
        found.then_some(Self(()))
    }

    /// As [`detected`](Self::detected), without looking for them: none if that was not done yet.
    #[inline]
    pub(crate) fn known() -> Option<Self> {
        #[cfg(not(feature = "std"))]
        return Self::detected();
        #[cfg(feature = "std")]
        detection::known().then_some(Self(()))
    }

    /// Runs the task in a version of its own.
    #[inline(always)]
    pub(crate) fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn version<T: Task>(lanes: Avx2, task: T) -> T::Output {
            task.run(lanes)
        }
        // SAFETY: the CPU has the features, of which `self` is proof.
        unsafe { version(self, task) }
    }
}

#[cfg(feature = "std")]
mod detection {
    use core::sync::atomic::{AtomicU8, Ordering};

    const UNKNOWN: u8 = 0;
    const MISSING: u8 = 1;
    const THERE: u8 = 2;

    /// One octet to look at, instead of a feature at a time as the standard library has it.
    static FOUND: AtomicU8 = AtomicU8::new(UNKNOWN);

    #[inline]
    pub(super) fn known() -> bool {
        FOUND.load(Ordering::Relaxed) == THERE
    }

    #[inline]
    pub(super) fn found() -> bool {
        match FOUND.load(Ordering::Relaxed) {
            UNKNOWN => detect(),
            state => state == THERE,
        }
    }

    #[cold]
    fn detect() -> bool {
        let found = std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
            && std::arch::is_x86_feature_detected!("lzcnt")
            && std::arch::is_x86_feature_detected!("popcnt");
        FOUND.store(if found { THERE } else { MISSING }, Ordering::Relaxed);
        found
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(octets: &[u8; 32]) -> __m256i {
    // SAFETY: the array has the 32 octets that are read, and they need no alignment.
    unsafe { _mm256_loadu_si256(octets.as_ptr().cast()) }
}

/// The table for both halves of a vector.
#[inline]
#[target_feature(enable = "avx2")]
fn table(octets: &[u8; 16]) -> __m256i {
    // SAFETY: the array has the 16 octets that are read, and they need no alignment.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(octets.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx2")]
fn mask(octets: __m256i) -> u32 {
    _mm256_movemask_epi8(octets).cast_unsigned()
}

/// Controls other than HTAB.
#[inline]
#[target_feature(enable = "avx2")]
fn controls(octets: __m256i) -> u32 {
    let low = _mm256_cmpeq_epi8(_mm256_min_epu8(octets, _mm256_set1_epi8(0x1F)), octets);
    let tab = _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(0x09));
    let delete = _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(0x7F));
    mask(_mm256_or_si256(_mm256_andnot_si256(tab, low), delete))
}

#[inline]
#[target_feature(enable = "avx2")]
fn controls_of_block(block: &[u8; 64]) -> u64 {
    let [first, last] = block.as_chunks::<32>().0 else { return 0 };
    u64::from(controls(load(first))) | u64::from(controls(load(last))) << 32
}

/// Octets outside of a class: the class has a bit for every upper half of an octet, and lists them by the lower half.
#[inline]
#[target_feature(enable = "avx2")]
fn outside(octets: &[u8; 32], class: &Nibbles) -> u32 {
    let octets = load(octets);
    // An index with its most significant bit set looks nothing up, so obs-text is in no class.
    let uppers_of_lower = _mm256_shuffle_epi8(table(&class.uppers_of_lower), octets);
    let upper = _mm256_and_si256(_mm256_srli_epi16(octets, 4), _mm256_set1_epi8(0x0F));
    let bit_of_upper = _mm256_shuffle_epi8(table(&Nibbles::BIT_OF_UPPER), upper);
    let both = _mm256_and_si256(uppers_of_lower, bit_of_upper);
    mask(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()))
}

/// Four vectors at a time without any control or HTAB.
#[inline]
#[target_feature(enable = "avx2")]
fn clear_len(octets: &[u8]) -> usize {
    let (blocks, _) = octets.as_chunks::<128>();
    for (count, block) in blocks.iter().enumerate() {
        let [a, b, c, d] = block.as_chunks::<32>().0 else { break };
        let (a, b, c, d) = (load(a), load(b), load(c), load(d));
        let least = _mm256_min_epu8(_mm256_min_epu8(a, b), _mm256_min_epu8(c, d));
        let low = _mm256_cmpeq_epi8(_mm256_min_epu8(least, _mm256_set1_epi8(0x1F)), least);
        let delete = _mm256_set1_epi8(0x7F);
        let in_first = _mm256_or_si256(_mm256_cmpeq_epi8(a, delete), _mm256_cmpeq_epi8(b, delete));
        let in_last = _mm256_or_si256(_mm256_cmpeq_epi8(c, delete), _mm256_cmpeq_epi8(d, delete));
        if mask(_mm256_or_si256(low, _mm256_or_si256(in_first, in_last))) != 0 {
            return count * 128;
        }
    }
    blocks.len() * 128
}

// SAFETY: `count` counts every bit.
unsafe impl Lanes for Avx2 {
    #[inline(always)]
    fn controls(self, block: &[u8; 64]) -> u64 {
        // SAFETY: the CPU has AVX2, of which `self` is proof.
        unsafe { controls_of_block(block) }
    }

    #[inline(always)]
    fn controls_of_half(self, block: &[u8; 32]) -> u32 {
        // SAFETY: as above.
        unsafe { controls(load(block)) }
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
        bits(view, at, |window| unsafe { outside(window, &Nibbles::TCHAR) }).trailing_zeros() as usize
    }

    #[inline(always)]
    fn is_path_and_query(self, view: View<'_>, range: Range<usize>) -> bool {
        // SAFETY: as above.
        are_path_and_query(view, range, |block| unsafe { outside(block, &Nibbles::QUERY) })
    }
}
