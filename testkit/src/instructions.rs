//! The result does not depend on the instructions that a head is read with.
//!
//! With all that this CPU has, a head comes to what the portable ones make of it: progress after each piece, and the same
//! parts or the same error at the same octet, wherever in memory the octets stand. And what the portable ones make of it
//! is what the reader does, which goes over it line by line and has no fast path at all.

use startline_parser::rule::On;
use startline_parser::{
    Error, FieldSpan, Instructions, Parsed, Progress, Request, RequestParser, Response, ResponseParser,
};

use crate::generate::Case;
use crate::outcome::{self, FIELDS, Head, Verdict};

/// Each rest of an address that can matter to an instruction set.
const ALIGNMENTS: usize = 64;
/// How far apart the alignments are at which one stream is read.
const STEP: usize = 13;
/// Streams up to this length are handed over octet by octet as well.
const SHORT: usize = 256;

/// How a head came in: what was answered after each piece, up to the head or the error.
#[derive(Debug, PartialEq, Eq)]
struct Course {
    answers: Vec<Result<Progress, Error>>,
    head: Option<Head>,
}

impl Course {
    /// What reading in one call has to come to.
    fn head(&self) -> Result<Option<Head>, Error> {
        match self.answers.last() {
            Some(Err(error)) => Err(*error),
            _ => Ok(self.head.clone()),
        }
    }
}

/// The head of the first message, with all instructions.
///
/// # Errors
/// The instructions, the cuts, and what they came to.
pub fn holds(case: &Case) -> Result<(), String> {
    let len = case.stream.len();
    let mut given: Vec<usize> = case.cuts.iter().map(|&cut| cut.min(len)).collect();
    given.sort_unstable();
    let whole = course(case, &[], Instructions::PORTABLE, 0);
    as_the_reader(case, &whole)?;
    let by_octets: Vec<usize> = (0..len).collect();
    // Copying grows with the square of the length.
    let plain = (len <= SHORT).then(|| course(case, &by_octets, Instructions::PORTABLE, 0));
    let cut = course(case, &given, Instructions::PORTABLE, 0);
    for instructions in Instructions::available() {
        let compare = |cuts: &[usize], alignment: usize, wanted: &Course| {
            let got = course(case, cuts, instructions, alignment);
            if got == *wanted {
                return Ok(());
            }
            Err(format!(
                "{instructions:?} at {alignment} of {ALIGNMENTS}, cut at {cuts:?}, comes to {got:?}, the portable ones to \
                 {wanted:?}"
            ))
        };
        // Some alignments, other ones for each length: together they are all.
        for alignment in (len % STEP..ALIGNMENTS).step_by(STEP) {
            compare(&[], alignment, &whole)?;
            let at_once = at_once(case, instructions, alignment);
            if at_once != whole.head() {
                return Err(format!(
                    "{instructions:?} in one call come to {at_once:?}, the portable ones to {whole:?}"
                ));
            }
        }
        compare(&given, len % ALIGNMENTS, &cut)?;
        if let Some(plain) = &plain {
            compare(&by_octets, 0, plain)?;
        }
    }
    Ok(())
}

/// Whether the reader comes to the same head, or to the same error in it.
fn as_the_reader(case: &Case, whole: &Course) -> Result<(), String> {
    let (reader, _) = outcome::by_reader(&case.stream, case.on, &case.methods(), &case.limits);
    let is_same = match whole.answers.last() {
        Some(Ok(Progress::Complete(_))) => reader.head == whole.head,
        Some(Err(error)) => reader.verdict == Verdict::Error(*error),
        _ => reader.verdict == Verdict::Partial,
    };
    if is_same { Ok(()) } else { Err(format!("the parser comes to {whole:?}, the reader to {reader:?}")) }
}

/// Hands the stream over up to each cut, and then all of it, each time in memory of its own.
fn course(case: &Case, cuts: &[usize], instructions: Instructions, alignment: usize) -> Course {
    let mut storage = vec![FieldSpan::EMPTY; case.limits.fields.min(FIELDS)];
    let pieces = cuts.iter().copied().chain([case.stream.len()]).map(|end| Piece::new(&case.stream[..end], alignment));
    match case.on {
        On::Request => {
            let mut parser = RequestParser::with_limits(&mut storage, case.limits).with_instructions(instructions);
            fed(pieces, &mut parser, RequestParser::advance, |parser, buffer| {
                parser.head(buffer).as_ref().map(Head::of_request)
            })
        }
        On::Response => {
            let mut parser = ResponseParser::with_limits(&mut storage, case.limits).with_instructions(instructions);
            fed(pieces, &mut parser, ResponseParser::advance, |parser, buffer| {
                parser.head(buffer).as_ref().map(Head::of_response)
            })
        }
    }
}

/// Reads the stream in one call.
fn at_once(case: &Case, instructions: Instructions, alignment: usize) -> Result<Option<Head>, Error> {
    let mut storage = [FieldSpan::EMPTY; FIELDS];
    let piece = Piece::new(&case.stream, alignment);
    let buffer = piece.octets();
    Ok(match case.on {
        On::Request => match Request::parse_head_with(buffer, &mut storage, &case.limits, instructions)? {
            Parsed::Complete(head) => Some(Head::of_request(&head)),
            Parsed::Partial => None,
        },
        On::Response => match Response::parse_head_with(buffer, &mut storage, &case.limits, instructions)? {
            Parsed::Complete(head) => Some(Head::of_response(&head)),
            Parsed::Partial => None,
        },
    })
}

fn fed<P>(
    pieces: impl Iterator<Item = Piece>,
    parser: &mut P,
    advance: impl Fn(&mut P, &[u8]) -> Result<Progress, Error>,
    head: impl Fn(&P, &[u8]) -> Option<Head>,
) -> Course {
    let mut answers = Vec::new();
    for piece in pieces {
        let answer = advance(parser, piece.octets());
        answers.push(answer);
        if answer != Ok(Progress::Partial) {
            return Course { answers, head: head(parser, piece.octets()) };
        }
    }
    Course { answers, head: None }
}

/// Octets at the end of memory that is no longer than it has to be, so that reading past them shows under a sanitizer.
struct Piece {
    room: Vec<u8>,
    start: usize,
}

impl Piece {
    /// A copy at an address that has this rest when it is divided by [`ALIGNMENTS`].
    fn new(octets: &[u8], alignment: usize) -> Self {
        let mut room: Vec<u8> = Vec::with_capacity(octets.len() + ALIGNMENTS);
        let aligned = room.as_ptr().addr().wrapping_neg() % ALIGNMENTS;
        let start = (aligned + alignment) % ALIGNMENTS;
        room.resize(start, b'\n');
        room.extend_from_slice(octets);
        Self { room, start }
    }

    fn octets(&self) -> &[u8] {
        &self.room[self.start..]
    }
}
