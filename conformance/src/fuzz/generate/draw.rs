//! Drawing lots.

use fastrand::Rng;

/// The generator for input number `index`: neighbours have nothing to do with each other.
pub(super) fn rng(seed: u64, index: u64) -> Rng {
    // The finaliser of SplitMix64 over both.
    let mut state = seed ^ index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    Rng::with_seed(state ^ (state >> 31))
}

/// One of them.
pub(super) fn pick<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

/// True once in so many.
pub(super) fn one_in(rng: &mut Rng, of: u32) -> bool {
    rng.u32(..of) == 0
}

/// An index, as often as its weight says.
pub(super) fn weighted(rng: &mut Rng, weights: &[u8]) -> usize {
    let sum: u32 = weights.iter().map(|&weight| u32::from(weight)).sum();
    let mut lot = rng.u32(..sum.max(1));
    for (at, &weight) in weights.iter().enumerate() {
        match lot.checked_sub(u32::from(weight)) {
            Some(left) => lot = left,
            None => return at,
        }
    }
    0
}
