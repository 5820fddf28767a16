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
struct ReadHead<'b, 's, C, M> {
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    choice: C,
    message: PhantomData<M>,
}

/// Limits and instructions: those that everybody gets, which are known when the crate is compiled, or given ones.
trait Choice {
    fn limits(&self) -> &Limits;
    fn instructions(&self) -> Instructions;
}

/// The default limits and the best instructions, in a form that takes nothing to hand over and little to compare with.
struct Usual;

impl Choice for Usual {
    #[inline(always)]
    fn limits(&self) -> &Limits {
        &Limits::DEFAULT
    }

    fn instructions(&self) -> Instructions {
        Instructions::best()
    }
}

struct Given<'l> {
    limits: &'l Limits,
    instructions: Instructions,
}

impl Choice for Given<'_> {
    #[inline(always)]
    fn limits(&self) -> &Limits {
        self.limits
    }

    fn instructions(&self) -> Instructions {
        self.instructions
    }
}

/// Parses the head at the start of `buffer` with the default limits and the best instructions.
#[inline]
pub(crate) fn read<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
) -> Result<Parsed<M>, Error> {
    Instructions::run_best(ReadHead { buffer, storage, choice: Usual, message: PhantomData })
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
    let choice = Given { limits, instructions };
    instructions.run(ReadHead { buffer, storage: &mut storage[..room], choice, message: PhantomData })
}

impl<'b, 's, C: Choice, M: Message<'b, 's>> Task for ReadHead<'b, 's, C, M> {
    type Output = Result<Parsed<M>, Error>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Self::Output {
        let Self { buffer, storage, choice, .. } = self;
        let limits = choice.limits();
        let Some(view) = View::of(buffer.get(..limits.head).unwrap_or(buffer)) else {
            return read_on(buffer, storage, &choice, None);
        };
        let skimmed = skim::skim::<L, M::StartLine>(lanes, view, 0, false, storage, limits);
        if skimmed.is_complete
            && let Some(start_line) = skimmed.start_line
        {
            let head = Head { len: skimmed.at, start_line, fields: &storage[..skimmed.fields] };
            return Ok(Parsed::Complete(M::new(head, buffer)));
        }
        read_on(buffer, storage, &choice, Some(skimmed))
    }
}

/// Goes on where skimming has stopped.
#[cold]
#[inline(never)]
fn read_on<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    choice: &impl Choice,
    came_to: Option<Skimmed<M::StartLine>>,
) -> Result<Parsed<M>, Error> {
    let mut parser = HeadParser::new(storage, *choice.limits(), choice.instructions());
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
