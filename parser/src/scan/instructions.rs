//! Which instructions to use, and running code that was compiled for them.

use core::fmt;

use super::lanes::Lanes;
use super::portable::Portable;

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
use super::{avx2::Avx2, sse2::Sse2};

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
use super::neon::Neon;

/// The instructions that the fast path over a head uses; `check` and the chunked coding need none in particular.
///
/// Parsers take the [best](Self::best) ones by themselves, and the result is the same with all of them; naming others is
/// for tests and measurements. A value exists only for instructions that this CPU has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Instructions(Set);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Portable,
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    Sse2(Sse2),
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    Avx2(Avx2),
    #[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
    Neon(Neon),
}

impl Instructions {
    /// None in particular: plain code, the same on every CPU.
    pub const PORTABLE: Self = Self(Set::Portable);

    /// The widest that this CPU has. What goes beyond the target's baseline is found at run time, for which the feature
    /// `std` is needed; without it, what the compiler was told counts.
    #[inline]
    #[must_use]
    pub fn best() -> Self {
        cfg_select! {
            all(target_arch = "x86_64", target_feature = "sse2") => {
                Self(Avx2::detected().map_or(Set::Sse2(Sse2), Set::Avx2))
            }
            all(target_arch = "aarch64", target_endian = "little", target_feature = "neon") => Self(Set::Neon(Neon)),
            _ => Self::PORTABLE,
        }
    }

    /// All that this CPU has, the portable ones first and the best last.
    pub fn available() -> impl Iterator<Item = Self> {
        let special = cfg_select! {
            all(target_arch = "x86_64", target_feature = "sse2") => {
                [Some(Set::Sse2(Sse2)), Avx2::detected().map(Set::Avx2)]
            }
            all(target_arch = "aarch64", target_endian = "little", target_feature = "neon") => [Some(Set::Neon(Neon))],
            _ => [None],
        };
        [Some(Set::Portable)].into_iter().chain(special).flatten().map(Self)
    }

    /// `portable`, `sse2`, `avx2` or `neon`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            Set::Portable => "portable",
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Set::Sse2(_) => "sse2",
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Set::Avx2(_) => "avx2",
            #[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
            Set::Neon(_) => "neon",
        }
    }

    /// Runs the task in the version that was compiled for these instructions.
    #[inline]
    pub(crate) fn run<T: Task>(self, task: T) -> T::Output {
        match self.0 {
            Set::Portable => run(task, Portable),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Set::Sse2(sse2) => run(task, sse2),
            #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
            Set::Avx2(avx2) => avx2.run(task),
            #[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
            Set::Neon(neon) => run(task, neon),
        }
    }

    /// Runs the task with the [best](Self::best) instructions; if they are AVX2, and that has been found out before, without
    /// a call in between.
    #[inline(always)]
    pub(crate) fn run_best<T: Task>(task: T) -> T::Output {
        #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(avx2) = Avx2::known() {
            return avx2.run(task);
        }
        Self::run_found(task)
    }

    #[inline(never)]
    fn run_found<T: Task>(task: T) -> T::Output {
        Self::best().run(task)
    }
}

/// Keeps the versions apart from each other and from the choice between them.
#[inline(never)]
fn run<T: Task, L: Lanes>(task: T, lanes: L) -> T::Output {
    task.run(lanes)
}

impl fmt::Debug for Instructions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Code that is written once and compiled for each instruction set.
pub(crate) trait Task {
    /// What it comes to.
    type Output;

    /// Does it. To be inlined, with all that it calls on the way to [`Lanes`], so that it takes on the features of the
    /// function that it is called from.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}
