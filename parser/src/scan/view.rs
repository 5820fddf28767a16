//! Octets that may be looked at in lanes.
#![expect(unsafe_code, reason = "blocks that are known to be inside, without asking again")]

use core::ops::Deref;

/// Octets that are looked at together.
pub(crate) const WINDOW: usize = 32;

/// A slice of at least [`WINDOW`] octets whose offsets have no more than 32 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'b>(&'b [u8]);

impl<'b> View<'b> {
    /// The view of `octets`, or only of the first 4 GiB; none if they are too few.
    #[inline(always)]
    pub(crate) fn of(octets: &'b [u8]) -> Option<Self> {
        let octets = &octets[..octets.len().min(u32::MAX as usize)];
        if octets.len() < WINDOW {
            return None;
        }
        Some(Self(octets))
    }

    /// The view of just as many octets as there have to be.
    #[inline(always)]
    pub(crate) const fn of_window(octets: &'b [u8; WINDOW]) -> Self {
        Self(octets)
    }

    /// The `N` octets from `at` on, if there are so many.
    #[inline(always)]
    pub(crate) fn block<const N: usize>(self, at: usize) -> Option<&'b [u8; N]> {
        let is_inside = self.0.len() >= N && at <= self.0.len() - N;
        // SAFETY: there are as many octets left, and arrays of octets need no alignment.
        is_inside.then(|| unsafe { &*self.0.as_ptr().add(at).cast() })
    }

    /// The last [`WINDOW`] octets.
    #[inline(always)]
    pub(crate) fn last_window(self) -> &'b [u8; WINDOW] {
        // SAFETY: the view has at least so many octets.
        unsafe { self.0.last_chunk().unwrap_unchecked() }
    }
}

impl Deref for View<'_> {
    type Target = [u8];

    #[inline(always)]
    fn deref(&self) -> &[u8] {
        self.0
    }
}
