//! Octets with memory right before and behind them that nobody may touch.
#![expect(unsafe_code, reason = "memory from the operating system")]

use core::ffi::c_void;
use core::{ptr, slice};

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};

/// A multiple of the size of a page, whatever that is: 4, 16 or 64 KiB.
const PAGES: usize = 64 * 1024;

/// Three times [`PAGES`], of which the first and the last are out of reach.
pub(super) struct Guarded {
    base: *mut c_void,
}

impl Guarded {
    pub(super) fn new() -> Self {
        // SAFETY: new memory where the system likes, of which nobody else knows.
        let base = unsafe { mmap_anonymous(ptr::null_mut(), 3 * PAGES, ProtFlags::empty(), MapFlags::PRIVATE) }
            .expect("memory for a test");
        let guarded = Self { base };
        // SAFETY: the middle of what was just mapped; nobody refers to it yet.
        unsafe { mprotect(guarded.middle().cast(), PAGES, MprotectFlags::READ | MprotectFlags::WRITE) }
            .expect("the middle may be used");
        guarded
    }

    fn middle(&self) -> *mut u8 {
        // SAFETY: the mapping is three times as long.
        unsafe { self.base.cast::<u8>().add(PAGES) }
    }

    /// A copy of `octets` whose end is the end of a page.
    pub(super) fn at_end(&mut self, octets: &[u8]) -> &[u8] {
        let start = PAGES - octets.len();
        let middle = self.octets();
        middle[start..].copy_from_slice(octets);
        &middle[start..]
    }

    /// A copy of `octets` whose start is the start of a page.
    pub(super) fn at_start(&mut self, octets: &[u8]) -> &[u8] {
        let middle = &mut self.octets()[..octets.len()];
        middle.copy_from_slice(octets);
        middle
    }

    fn octets(&mut self) -> &mut [u8] {
        // SAFETY: the middle is mapped for as long as `self` lives, may be read and written, was zeroed by the system, and
        // is borrowed from `self` alone.
        unsafe { slice::from_raw_parts_mut(self.middle(), PAGES) }
    }

    /// Reads the octet right behind the middle, which ends the process.
    pub(super) fn read_behind(&self) -> u8 {
        // SAFETY: the mapping goes on there. It cannot be read, which is what the caller wants to see: the read is
        // volatile, so it is done, and a CPU's fault ends the process before anything comes of it.
        unsafe { self.middle().add(PAGES).read_volatile() }
    }

    /// Reads the octet right before the middle, which ends the process.
    pub(super) fn read_before(&self) -> u8 {
        // SAFETY: as above, for the pages before.
        unsafe { self.middle().sub(1).read_volatile() }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: what was mapped, to which nothing refers any more: all borrows were of `self`.
        let unmapped = unsafe { munmap(self.base, 3 * PAGES) };
        unmapped.expect("what was mapped can be unmapped");
    }
}
