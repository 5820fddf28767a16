//! The loops that touch every octet of a head, for each instruction set that there is a use for.
//!
//! This is the only module with `unsafe` in it, for four things: the call of a function that was compiled for
//! instructions which have been found on this CPU; loads from arrays, whose length the type states; blocks of a [`View`]
//! that are known to be inside; and the list of offsets that is not written before it is filled. What the rest of the
//! crate sees is safe.
//!
//! - [`Lanes`] is the contract: the few questions about octets that are worth special instructions. Each implementation
//!   answers all of them exactly alike, [`portable`] in plain code; tests hold them to it at every alignment and at the
//!   end of a page.
//! - [`Task`] is code that is written once over [`Lanes`] and compiled for each; [`Instructions::run`] picks one. That is
//!   done once a call, not once a line.
//! - [`ends`] finds the ends of lines in one pass, before anything else looks at them. Most values are short, so the
//!   start-up of a loop over each of them would cost more than the loop.
//!
//! The grammar is not here: what a line has to look like is said where it always was, and an octet that is out of place
//! is found again there, by plain code.

pub(crate) mod ends;
mod instructions;
mod lanes;
mod portable;
mod view;

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod avx2;
#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
mod neon;
#[cfg(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
))]
mod nibbles;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod sse2;
#[cfg(test)]
mod tests;
#[cfg(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
))]
mod vectors;

pub use instructions::Instructions;
pub(crate) use instructions::Task;
pub(crate) use lanes::Lanes;
pub(crate) use view::{View, WINDOW};

/// Offset of the first LF in `buffer`, if there is one.
#[inline]
pub(crate) fn line_feed(buffer: &[u8]) -> Option<usize> {
    const LANES: usize = 16;
    let mut chunks = buffer.chunks_exact(LANES);
    let mut at = 0;
    for chunk in &mut chunks {
        // Whole lanes are tested at once; the compiler makes vector code of it.
        if chunk.iter().fold(false, |found, &octet| found | (octet == b'\n')) {
            break;
        }
        at += LANES;
    }
    buffer[at..].iter().position(|&octet| octet == b'\n').map(|found| at + found)
}
