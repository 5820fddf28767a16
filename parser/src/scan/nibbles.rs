//! Classes of octets for instructions that look up many octets at once, by four bits each.

use crate::bytes::{QUERY, TCHAR};

/// A class of ASCII octets: for each lower half of an octet the upper halves with which it is in the class, as bits.
#[derive(Debug)]
pub(crate) struct Nibbles {
    pub(crate) uppers_of_lower: [u8; 16],
}

impl Nibbles {
    /// The bit of each upper half; those of obs-text have none.
    pub(crate) const BIT_OF_UPPER: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];
    pub(crate) const QUERY: Self = Self::of(&QUERY);
    pub(crate) const TCHAR: Self = Self::of(&TCHAR);

    const fn of(class: &[bool; 256]) -> Self {
        let mut uppers_of_lower = [0; 16];
        let mut octet = 0;
        while octet < 0x80 {
            if class[octet] {
                uppers_of_lower[octet & 0x0F] |= Self::BIT_OF_UPPER[octet >> 4];
            }
            octet += 1;
        }
        Self { uppers_of_lower }
    }
}
