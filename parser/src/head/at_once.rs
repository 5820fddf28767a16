//! Reading a head in one call.

use core::marker::PhantomData;

use super::skim::{self, Skimmed};
use super::{Head, HeadParser, Parsed, StartLine};
use crate::error::Error;
use crate::fields::FieldSpan;
use crate::limits::Limits;
use crate::scan::{Instructions, Lanes, Task, View};

/// A message that its head can be made into.
pub(crate) trait Message<'b, 's> {
    type StartLine: StartLine;

    /// The message whose head is at the start of `buffer`.
    fn new(head: Head<'s, Self::StartLine>, buffer: &'b [u8]) -> Self;
}

/// Reads a head in one call: skims it, and only if that does not come to its end goes on with a parser.
///
/// All of it is one task, so that the parts of the message are written where the caller wants them and nowhere else
/// before.
struct ReadHead<'b, 's, B, M> {
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    bounds: B,
    message: PhantomData<M>,
}

/// Limits that are known when the crate is compiled, or not.
trait Bounds {
    fn limits(&self) -> &Limits;
}

/// The default limits, in a form that takes no instructions to hand over and few to compare with.
struct DefaultBounds;

impl Bounds for DefaultBounds {
    #[inline(always)]
    fn limits(&self) -> &Limits {
        &Limits::DEFAULT
    }
}

impl Bounds for &Limits {
    #[inline(always)]
    fn limits(&self) -> &Limits {
        self
    }
}

/// Parses the head at the start of `buffer` with the default limits and the best instructions.
#[inline]
pub(crate) fn read<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
) -> Result<Parsed<M>, Error> {
    Instructions::run_best(ReadHead { buffer, storage, bounds: DefaultBounds, message: PhantomData })
}

/// Parses the head at the start of `buffer`.
#[inline]
pub(crate) fn read_with<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    limits: &Limits,
    instructions: Instructions,
) -> Result<Parsed<M>, Error> {
    let room = storage.len().min(limits.fields);
    instructions.run(ReadHead { buffer, storage: &mut storage[..room], bounds: limits, message: PhantomData })
}

impl<'b, 's, B: Bounds, M: Message<'b, 's>> Task for ReadHead<'b, 's, B, M> {
    type Output = Result<Parsed<M>, Error>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Self::Output {
        let Self { buffer, storage, bounds, .. } = self;
        let limits = bounds.limits();
        let Some(view) = View::of(buffer.get(..limits.head).unwrap_or(buffer)) else {
            return read_on(buffer, storage, limits, None);
        };
        let skimmed = skim::skim::<L, M::StartLine>(lanes, view, 0, false, storage, limits);
        if skimmed.is_complete
            && let Some(start_line) = skimmed.start_line
        {
            let head = Head { len: skimmed.at, start_line, fields: &storage[..skimmed.fields] };
            return Ok(Parsed::Complete(M::new(head, buffer)));
        }
        read_on(buffer, storage, limits, Some(skimmed))
    }
}

/// Goes on where skimming has stopped.
#[cold]
#[inline(never)]
fn read_on<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    limits: &Limits,
    came_to: Option<Skimmed<M::StartLine>>,
) -> Result<Parsed<M>, Error> {
    let mut parser = HeadParser::new(storage, *limits, Instructions::best());
    match came_to {
        Some(came_to) if !came_to.is_cut => {
            parser.skimmed(came_to);
            parser.plod(buffer)?;
        }
        came_to => {
            came_to.into_iter().for_each(|came_to| parser.skimmed(came_to));
            parser.advance(buffer)?;
        }
    }
    Ok(parser.into_head().map_or(Parsed::Partial, |head| Parsed::Complete(M::new(head, buffer))))
}
