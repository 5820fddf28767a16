//! Octets by chance, and yet the same in every run: runs of the classes that something here branches on.

use alloc::vec::Vec;

/// A xorshift generator; nothing here needs a better one.
pub(super) struct Noise(u64);

impl Noise {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed ^ 0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`; zero if there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) as usize).checked_rem(end).unwrap_or_default()
    }

    fn one_of(&mut self, octets: &[u8]) -> u8 {
        octets[self.below(octets.len())]
    }

    /// So many octets in runs of one class each.
    pub(super) fn octets(&mut self, len: usize) -> Vec<u8> {
        let mut octets = Vec::with_capacity(len);
        // Some heads are nearly all of one class, others change it all the time.
        let longest = [3, 12, 40, 150][self.below(4)];
        while octets.len() < len {
            let class = self.below(12);
            for _ in 0..=self.below(longest) {
                match class {
                    0 => octets.push(self.one_of(b"\r\n\r\n\r\n\r\n\0\x1f\x7f")),
                    1 => octets.extend_from_slice(b"\r\n"),
                    2 => octets.push(self.one_of(b"\t \t a")),
                    3 => octets.push(0x80 | self.below(128) as u8),
                    4 => octets.push(self.below(256) as u8),
                    5 => octets.push(self.one_of(b"\x08\t\n\x0b\x1e\x1f !~\x7f\x80\x89\x8a\x9f\xa0\xff")),
                    6 => octets.push(self.one_of(b"%%%0aFg")),
                    7 => octets.extend_from_slice(b"%5a"),
                    8 => octets.push(self.one_of(b"a\n")),
                    9 => octets.push(self.one_of(b"/?&=;:@!$'()*+,-._~09azAZ")),
                    _ => octets.push(self.one_of(b"-._~!$&'*+^`|#09azAZ")),
                }
            }
            // Lines, now and then.
            match self.below(6) {
                0 => octets.extend_from_slice(b"\r\n"),
                1 => octets.push(self.one_of(b"\r\n\x7f: \t")),
                _ => {}
            }
        }
        octets.truncate(len);
        octets
    }
}
